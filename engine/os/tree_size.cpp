#include "engine/os/tree_size.h"

#include <fts.h>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace rocker::os {

std::int64_t treeSize(const std::string& directory)
{
    std::string path = directory;
    char* roots[]{path.data(), nullptr};
    // Not FTS_NOCHDIR: trees may be deeper than a path is long, and fts(3) checks that it enters what it has seen.
    FTS* const tree = ::fts_open(roots, FTS_PHYSICAL | FTS_XDEV, nullptr);
    if (!tree)
        return 0;
    std::int64_t size = 0;
    std::set<std::pair<dev_t, ino_t>> seen;
    while (const FTSENT* const entry = ::fts_read(tree)) {
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
            continue;
        const struct stat& status = *entry->fts_statp;
        if (entry->fts_info == FTS_D || status.st_nlink <= 1 || seen.emplace(status.st_dev, status.st_ino).second)
            size += std::int64_t(status.st_blocks) * 512;
    }
    ::fts_close(tree);
    return size;
}

} // namespace rocker::os
