#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::fetch {

// How a server wants to be convinced (RFC 9110, 11.6.1): "Bearer realm=…,service=…,scope=…".
struct Challenge {
    std::string scheme;                            // lower case
    std::map<std::string, std::string> parameters; // names in lower case
};

// The challenges in a WWW-Authenticate field, or in several joined by commas. What cannot be read ends the list.
std::vector<Challenge> parseChallenges(std::string_view field);

} // namespace rocker::fetch
