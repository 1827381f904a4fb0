#pragma once

#include "engine/layers/layer_index.h"

#include <optional>
#include <vector>

namespace rocker::layers {

// A record of one of several layers.
struct Seen {
    std::uint16_t layer = 0;
    std::uint32_t record = 0;
};

// Goes through the entries of several directories at once, name by name in their order: the records of each name, in
// the order in which the directories were given.
class DirectoryMerge
{
public:
    DirectoryMerge(const std::vector<LayerIndex>& layers, const std::vector<Seen>& directories);
    // The records of the next name; false at the end.
    bool next(std::vector<Seen>& records);

private:
    struct Cursor {
        Seen at;
        std::uint32_t end;
        std::string_view name;
    };
    void settle(Cursor& cursor) const;

    const std::vector<LayerIndex>& m_layers;
    std::vector<Cursor> m_cursors;
};

// What the records of one path, lowest layer first, amount to (OCI image-spec, layer.md "Applying Changesets"): one record
// that is no directory, or directories whose contents are merged, lowest first; nothing where the last one is a whiteout.
void applyInOrder(const std::vector<LayerIndex>& layers, const std::vector<Seen>& records, std::vector<Seen>& seen);
// The same for one more record on top of what is seen.
void applyOne(const std::vector<LayerIndex>& layers, Seen record, std::vector<Seen>& seen);

} // namespace rocker::layers
