#include "engine/mount/sources.h"

#include "engine/os/mount.h"

namespace rocker::mount {

Result<UniqueFd> cloneBind(BorrowedFd source, bool readOnly, BorrowedFd idMap)
{
    UniqueFd tree = TRY(os::cloneTree(source, "", os::Subtree::Recursive), "clone the mount");
    const std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (readOnly ? MOUNT_ATTR_RDONLY : 0);
    TRY(os::setAttributes(tree, attributes, 0, os::Subtree::Recursive), "set nosuid and nodev");
    if (idMap.value() >= 0)
        if (auto mapped = os::setIdMap(tree, idMap); !mapped && mapped.error().errnum != EINVAL)
            return fail(std::move(mapped).error().in("map the ids"));
    return tree;
}

} // namespace rocker::mount
