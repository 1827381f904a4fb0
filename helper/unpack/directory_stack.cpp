#include "helper/unpack/directory_stack.h"

namespace rocker::unpack {

static constexpr std::size_t keptOpen = 64; // a process may have 1024 descriptors, a path 2000 components

Result<BorrowedFd> DirectoryStack::enter(std::span<const std::string> path)
{
    std::size_t common = 0;
    while (!m_stale && common < std::min(m_open.size(), path.size()) && m_open[common].name == path[common])
        ++common;
    m_stale = false;
    m_open.erase(m_open.begin() + std::ptrdiff_t(common), m_open.end());
    BorrowedFd at = common > 0 ? m_open.back().directory.borrow() : m_root;
    for (const std::string& name : path.subspan(common)) {
        UniqueFd next = TRY(m_step(at, name), "make '{}'", name);
        if (m_open.size() < keptOpen) {
            m_open.push_back({name, std::move(next)});
            at = m_open.back().directory;
        } else {
            m_deep = std::move(next);
            at = m_deep;
        }
    }
    return at;
}

} // namespace rocker::unpack
