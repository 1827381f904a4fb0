#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rocker::packages {

// A licence as packages tell it, as an SPDX expression (SPDX 2.3, annex D): identifiers where they are known (Debian's and
// Python's names for them as well), "LicenseRef-…" for other words.
struct LicenseExpression {
    struct Other {
        std::string id;   // "LicenseRef-BSD-like"
        std::string text; // the words
    };
    std::string expression; // empty for nothing
    std::vector<Other> others;
    bool isOneIdentifier = false;
};

LicenseExpression licenseExpression(std::string_view text);

} // namespace rocker::packages
