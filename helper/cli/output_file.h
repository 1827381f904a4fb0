#pragma once

#include "engine/base/result.h"

#include <functional>
#include <string>

namespace rocker::cli {

// Lets `write` write into an open file that becomes `path` when all of it is on disk; a device or a pipe is written into,
// and "-" is standard output.
Result<> writeOutput(const std::string& path, const std::function<Result<>(int descriptor)>& write);
Result<> writeFully(int descriptor, std::string_view bytes);

} // namespace rocker::cli
