#pragma once

#include <string>
#include <string_view>

namespace rocker::packages {

// What os-release(5) says of the distribution; empty fields where it does not.
struct Distribution {
    std::string id;         // "debian"
    std::string versionId;  // "12"
    std::string name;       // "Debian GNU/Linux 12 (bookworm)"
    std::string like;       // ID_LIKE
    bool operator==(const Distribution&) const = default;
};

Distribution parseOsRelease(std::string_view text);

} // namespace rocker::packages
