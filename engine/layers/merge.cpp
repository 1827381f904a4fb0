#include "engine/layers/merge.h"

namespace rocker::layers {

DirectoryMerge::DirectoryMerge(const std::vector<LayerIndex>& layers, const std::vector<Seen>& directories) : m_layers(layers)
{
    m_cursors.reserve(directories.size());
    for (const Seen& directory : directories) {
        const LayerIndex& index = layers[directory.layer];
        Cursor cursor{{directory.layer, index.first(directory.record)}, index.at(directory.record).end, {}};
        settle(cursor);
        m_cursors.push_back(cursor);
    }
}

void DirectoryMerge::settle(Cursor& cursor) const
{
    if (cursor.at.record < cursor.end)
        cursor.name = m_layers[cursor.at.layer].name(cursor.at.record);
}

bool DirectoryMerge::next(std::vector<Seen>& records)
{
    records.clear();
    const Cursor* least = nullptr;
    for (const Cursor& cursor : m_cursors)
        if (cursor.at.record < cursor.end && (!least || cursor.name < least->name))
            least = &cursor;
    if (!least)
        return false;
    const std::string_view name = least->name;
    for (Cursor& cursor : m_cursors)
        if (cursor.at.record < cursor.end && cursor.name == name) {
            records.push_back(cursor.at);
            cursor.at.record = m_layers[cursor.at.layer].next(cursor.at.record);
            settle(cursor);
        }
    return true;
}

void applyOne(const std::vector<LayerIndex>& layers, Seen record, std::vector<Seen>& seen)
{
    const Record& added = layers[record.layer].at(record.record);
    const bool joins = added.kind == Kind::Directory && !added.is(Record::opaque) && !seen.empty()
        && layers[seen.back().layer].at(seen.back().record).kind == Kind::Directory;
    if (!joins)
        seen.clear();
    if (added.kind != Kind::Whiteout)
        seen.push_back(record);
}

void applyInOrder(const std::vector<LayerIndex>& layers, const std::vector<Seen>& records, std::vector<Seen>& seen)
{
    seen.clear();
    for (const Seen& record : records)
        applyOne(layers, record, seen);
}

} // namespace rocker::layers
