#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace rocker::container {

struct UserIdentity {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups; // supplementary
    std::string home = "/";
};

// "", "name", "uid", "name:group", "uid:gid" against the container's own /etc/passwd and /etc/group (passwd(5),
// group(5)). Numbers are strict: digits only, below 2^32 - 1. A name that is not there is an error.
Result<UserIdentity> resolveUser(const std::string& user, std::string_view passwd, std::string_view group);

} // namespace rocker::container
