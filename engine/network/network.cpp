#include "engine/network/network.h"

#include "engine/os/syscall.h"

#include <algorithm>
#include <cctype>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace rocker::network {

Result<> bringUpLoopback()
{
    const UniqueFd socket(TRY(os::check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))));
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = IFF_UP;
    return os::checkDone(::ioctl(socket.value(), SIOCSIFFLAGS, &request));
}

bool isDeviceName(std::string_view name)
{
    const auto refused = [](unsigned char c) { return c == '/' || c == ':' || std::isspace(c) || c == '\0'; };
    return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." && std::ranges::none_of(name, refused);
}

} // namespace rocker::network
