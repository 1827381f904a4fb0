#pragma once

#include "engine/base/result.h"
#include "helper/protocol/containers.h"

#include <cstdint>
#include <string>
#include <string_view>

// What people write for a size, a number or a bind.
namespace rocker::cli {

// "256m", "1.5g", "64MiB": bytes; without a unit too. Units are powers of 1024.
Result<std::int64_t> parseSize(std::string_view text);
Result<std::int64_t> parseInteger(std::string_view text, std::int64_t least, std::int64_t most);
// Finite and not negative.
Result<double> parseDecimal(std::string_view text);
// "host:container[:ro|:rw]"; a relative host path is one below the current directory.
Result<protocol::Bind> parseBind(std::string_view text);
// "NAME=value", or "NAME" for the value it has here.
Result<std::string> parseEnvironment(std::string_view text);

} // namespace rocker::cli
