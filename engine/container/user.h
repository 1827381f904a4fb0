#pragma once

#include "engine/base/result.h"
#include "engine/spec/process.h"

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

// The home directory of the first entry with that id, "/" when there is none.
std::string homeOf(uid_t uid, std::string_view passwd);

// "uid" or "uid:gid" of `exec --user`, put in place of the ids in `user`; digits only, below 2^32 - 1: whoever is handed
// a number that wraps around must not run as root (CVE-2026-30892).
Result<> readUserOption(std::string_view text, spec::User& user);

} // namespace rocker::container
