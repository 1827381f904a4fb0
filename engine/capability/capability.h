#pragma once

#include "engine/base/result.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::capability {

// Numbers of capabilities(7).
using Set = std::set<int>;

// What a container has unless told otherwise, 14 of them.
const Set& defaultCapabilities();

// "NET_ADMIN", "cap_net_admin" or "CAP_NET_ADMIN"; an unknown name is an error.
Result<int> fromName(std::string_view name);
// "CAP_NET_ADMIN"
std::string nameOf(int capability);
std::vector<std::string> namesOf(const Set& set);

// The default set with names added and dropped; "ALL" stands for every one that the kernel knows.
Result<Set> combine(const std::vector<std::string>& add, const std::vector<std::string>& drop);

// Takes everything outside the set away from the calling process for good: the bounding set first (it needs
// CAP_SETPCAP), then, by limitTo() after any change of ids, inheritable, permitted and effective; ambient is emptied.
Result<> limitBoundingTo(const Set& set);
Result<> limitTo(const Set& set);

} // namespace rocker::capability
