#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/statistics.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

// How the files of the controllers are written, for both versions' readers. Files that a kernel does not have, or a
// cgroup that has just gone, read as nothing.
namespace rocker::cgroup {

Result<std::optional<std::string>> readIfThere(BorrowedFd group, const std::string& file);
// One number; "max" is 2^64-1, a missing file 0.
Result<std::uint64_t> readNumber(BorrowedFd group, const std::string& file);
// Takes the next word, separated by any of `separators`, from the front of `rest`.
std::string_view nextWord(std::string_view& rest, std::string_view separators = " \n");
std::uint64_t numberIn(std::string_view word);
// Calls `line` with each line.
void forEachLine(std::string_view text, const std::function<void(std::string_view)>& line);
// "anon 4096" on each line.
std::map<std::string, std::uint64_t> keyedNumbers(std::string_view text);
// "0-2,7"
std::vector<std::uint64_t> numbersOfList(std::string_view text);
// "some avg10=0.00 avg60=0.00 avg300=0.00 total=0"; nothing where the kernel does not measure pressure.
Result<std::optional<Pressure>> readPressure(BorrowedFd group, const char* file);
// The huge pages that this machine has, as the files are named: "2MB".
std::vector<std::string> hugepageSizes();

} // namespace rocker::cgroup
