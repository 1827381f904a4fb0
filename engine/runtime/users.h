#pragma once

#include <string>
#include <sys/types.h>

namespace rocker::runtime {

// The name in /etc/passwd (passwd(5)), or "#uid". Read directly: a static program has no other sources of names.
std::string userName(uid_t uid);

} // namespace rocker::runtime
