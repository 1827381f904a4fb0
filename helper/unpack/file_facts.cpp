#include "helper/unpack/file_facts.h"

#include "engine/layout/attributes.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <array>
#include <climits>
#include <sys/xattr.h>
#include <unistd.h>

namespace rocker::unpack {

Result<std::vector<std::pair<std::string, std::string>>> xattrsOf(const std::string& name)
{
    std::array<char, 64 * 1024> buffer; // XATTR_LIST_MAX, XATTR_SIZE_MAX
    const ssize_t size = ::llistxattr(name.c_str(), buffer.data(), buffer.size());
    if (size < 0 && errno == EOPNOTSUPP)
        return {};
    std::vector<std::pair<std::string, std::string>> found;
    std::string_view rest(buffer.data(), std::size_t(TRY(os::check(size), "list the attributes")));
    for (; !rest.empty(); rest.remove_prefix(rest.find('\0') + 1))
        if (const std::string key(rest.data()); layout::keepXattr(key))
            found.emplace_back(key, "");
    std::ranges::sort(found);
    for (auto& [key, value] : found) {
        const ssize_t length = TRY(os::check(::lgetxattr(name.c_str(), key.c_str(), buffer.data(), buffer.size())), "read {}", key);
        value.assign(buffer.data(), std::size_t(length));
    }
    return found;
}

Result<std::string> linkTarget(BorrowedFd directory, const std::string& name)
{
    std::array<char, PATH_MAX> target;
    const ssize_t size
        = TRY(os::check(::readlinkat(directory.value(), name.c_str(), target.data(), target.size())), "read the link");
    return std::string(target.data(), std::size_t(size));
}

} // namespace rocker::unpack
