#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <ctime>
#include <map>
#include <string>
#include <string_view>

namespace rocker::archive {

// The records of a pax extended header (pax(1), "pax Extended Header"): keyword to value, the last of equal ones.
// Corrupt when a record's length, its shape or a NUL inside a name says that the writer and the reader disagree.
using PaxRecords = std::map<std::string, std::string>;
Result<PaxRecords> parsePax(std::string_view text);

Result<std::int64_t> paxNumber(std::string_view keyword, std::string_view value);
// "1234567890.123456789", digits beyond the ninth dropped; absurd seconds are clamped to what a disk can hold.
Result<timespec> paxTime(std::string_view value);
timespec clampedTime(std::int64_t seconds, long nanoseconds);

} // namespace rocker::archive
