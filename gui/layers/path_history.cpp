#include "gui/layers/path_history.h"

namespace rocker::gui {

namespace {

using layers::Change;
using layers::Kind;
using layers::LayerIndex;
using layers::Record;

struct InLayer {
    std::uint32_t record = 0; // or the index's size
    bool itself = false; // what is at `record` is the path, not something above it
    bool hidesBelow = false; // what the layers below have there does not show through
    bool above = false; // for what happened to a directory above
};

InLayer look(const LayerIndex& index, std::string_view path)
{
    InLayer found{.record = index.size()};
    std::uint32_t place = 0;
    if (index.at(0).is(Record::opaque))
        found.hidesBelow = found.above = true;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), wanted.size() + 1));
        if (wanted.empty())
            continue;
        if (index.at(place).kind != Kind::Directory) {
            found.hidesBelow = found.above = true; // a file or a whiteout where a directory was
            return found;
        }
        std::uint32_t child = index.first(place);
        while (child < index.at(place).end && index.name(child) != wanted)
            child = index.next(child);
        if (child >= index.at(place).end)
            return found;
        place = child;
        if (!path.empty() && index.at(place).is(Record::opaque))
            found.hidesBelow = found.above = true;
    }
    found.record = place;
    found.itself = true;
    const Record& record = index.at(place);
    if (record.kind == Kind::Whiteout) {
        found.hidesBelow = true;
        found.above = false;
    }
    return found;
}

} // namespace

std::vector<PathVersion> historyOf(const std::vector<LayerIndex>& layers, const std::string& path)
{
    std::vector<PathVersion> versions;
    bool there = false;
    for (std::uint16_t layer = 0; layer < layers.size(); ++layer) {
        const InLayer found = look(layers[layer], path);
        const bool has = found.itself && layers[layer].at(found.record).kind != Kind::Whiteout;
        if (has) {
            const Record& record = layers[layer].at(found.record);
            const bool onTheWay
                = there && record.kind == Kind::Directory && record.is(Record::implied) && !found.hidesBelow;
            if (!onTheWay)
                versions.push_back({layer, there ? Change::Changed : Change::Added, found.record, false});
            there = true;
        } else if (there && found.hidesBelow) {
            versions.push_back({layer, Change::Removed, 0, found.above});
            there = false;
        }
    }
    return versions;
}

} // namespace rocker::gui
