#include "engine/runtime/users.h"

#include "engine/os/file.h"

namespace rocker::runtime {

std::string userName(uid_t uid)
{
    const auto file = os::readFile("/etc/passwd");
    const std::string number = std::to_string(uid);
    for (std::string_view rest = file ? *file : std::string_view(); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t password = line.find(':');
        const std::size_t id = password == std::string_view::npos ? password : line.find(':', password + 1);
        if (id != std::string_view::npos && line.substr(id + 1).starts_with(number + ":"))
            return std::string(line.substr(0, password));
    }
    return "#" + number;
}

} // namespace rocker::runtime
