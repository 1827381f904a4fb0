#pragma once

#include "engine/base/result.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What people type into forms, checked in words that fit beside the field. Empty input means "not given" where a
// function returns an optional.
namespace rocker::gui {

// Words as a POSIX shell splits them: blanks, '…', "…" and \ only; nothing is expanded.
Result<std::vector<std::string>> splitCommand(const QString& line);
// "256M", "1.5 GiB", "6291456": bytes, K, M, G and T are powers of 1024. At least 6 MiB.
Result<std::optional<std::int64_t>> parseMemory(const QString& text);
// "1.5": from 0.01 to 1024.
Result<std::optional<double>> parseCpus(const QString& text);
Result<std::optional<std::int64_t>> parsePids(const QString& text);
// Letters, digits, '_', '.' and '-', the first one a letter or digit; 64 at most. Empty is fine: one is chosen.
Result<> checkName(const QString& name);
// Lines of NAME=value; blank lines are passed over.
Result<std::vector<std::string>> parseEnvironment(const QString& lines);
// An absolute path without "..", that is not the root itself.
Result<> checkTarget(const QString& path);
// An absolute path of something that exists.
Result<> checkSource(const QString& path);


// "registry/path:tag", as a registry would take it; with "@sha256:…" where one may be fetched by it.
enum class DigestIn { No, Allowed };
Result<> checkReference(const QString& reference, DigestIn digest);

} // namespace rocker::gui
