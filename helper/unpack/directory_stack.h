#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace rocker::unpack {

// The directories on the way to the entry at work, kept open: archives name what is in a directory one after the other.
class DirectoryStack
{
public:
    // How one step is made: the directory `name` below `parent`.
    using Step = std::function<Result<UniqueFd>(BorrowedFd parent, const std::string& name)>;
    // `root` is lent.
    DirectoryStack(BorrowedFd root, Step step) : m_root(root), m_step(std::move(step)) {}

    // Open until the next call.
    Result<BorrowedFd> enter(std::span<const std::string> path);
    // Something on the way may be another one from now on; what was entered last stays open.
    void forget() { m_stale = true; }

private:
    struct Open {
        std::string name;
        UniqueFd directory;
    };
    BorrowedFd m_root;
    Step m_step;
    std::vector<Open> m_open;
    UniqueFd m_deep; // below as many as are kept open
    bool m_stale = false;
};

} // namespace rocker::unpack
