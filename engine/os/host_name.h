#pragma once

#include "engine/base/result.h"

#include <string_view>

namespace rocker::os {

// sethostname(2) and setdomainname(2) of the calling process's UTS namespace; at most 64 bytes.
Result<> setHostName(std::string_view name);
Result<> setDomainName(std::string_view name);

} // namespace rocker::os
