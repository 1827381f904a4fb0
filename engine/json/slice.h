#pragma once

#include <initializer_list>
#include <string_view>

namespace rocker::json {

// The text of a member as it stands in a document that parse() has accepted, by its keys from the top; empty when it is
// not there. Of a key that stands twice the last counts, as in parse().
std::string_view slice(std::string_view document, std::initializer_list<std::string_view> keys);

} // namespace rocker::json
