#pragma once

#include "engine/base/result.h"
#include "engine/packages/package.h"

namespace rocker::packages {

// One package's header as it stands in rpm's database (rpm's "Header format": an index of 16-byte entries and a store,
// big-endian, without the lead). Every offset and count is checked; Corrupt for what does not fit.
Result<Package> parseRpmHeader(std::string_view blob, PathBudget& budget);

// A key that was imported to check signatures stands in the database beside the packages.
inline bool isKey(const Package& package)
{
    return package.name == "gpg-pubkey";
}

} // namespace rocker::packages
