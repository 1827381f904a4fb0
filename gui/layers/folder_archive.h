#pragma once

#include "gui/layers/tree_copy.h"

namespace rocker::gui {

// Writes the archive of copyToArchive() from contents that lie at `place`, one file each; at first as `temporary`, in the
// target's file system. Blocks.
Result<LeftOut> writeFolder(const TreeCopy& copy, const std::function<QString(std::size_t file)>& place,
    const QString& temporary, const QString& target, FolderForm form);

} // namespace rocker::gui
