#include "engine/os/host_name.h"

#include "engine/os/syscall.h"

#include <unistd.h>

namespace rocker::os {

Result<> setHostName(std::string_view name)
{
    return checkDone(::sethostname(name.data(), name.size()));
}

Result<> setDomainName(std::string_view name)
{
    return checkDone(::setdomainname(name.data(), name.size()));
}

} // namespace rocker::os
