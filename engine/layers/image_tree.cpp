#include "engine/layers/image_tree.h"

#include "engine/layers/merge.h"

#include <algorithm>

namespace rocker::layers {

class TreeBuilder
{
public:
    TreeBuilder(ImageTree& tree, std::uint16_t layer, ImageTree::Scope scope)
        : m_tree(tree), m_layers(tree.m_layers), m_layer(layer), m_scope(scope)
    {
    }

    void build()
    {
        Directory root;
        for (std::uint16_t i = 0; i < m_layer; ++i)
            applyOne(m_layers, {i, 0}, root.below);
        root.top = Seen{m_layer, 0};
        root.hidden = recordOf(*root.top).is(Record::opaque);
        m_tree.m_nodes.push_back({.layer = m_layer});
        m_open.push_back(std::move(root));
        while (!m_open.empty()) {
            const Directory directory = std::move(m_open.back());
            m_open.pop_back();
            fill(directory);
        }
        addUp();
    }

private:
    // A directory whose content is still to be found.
    struct Directory {
        std::uint32_t node = ImageTree::root;
        std::vector<Seen> below;  // what is merged of the layers below
        std::optional<Seen> top;  // what the layer itself has
        bool hidden = false;      // the layer lets nothing from below show through
    };

    const Record& recordOf(Seen seen) const { return m_layers[seen.layer].at(seen.record); }
    bool isDirectory(const std::vector<Seen>& seen) const { return !seen.empty() && recordOf(seen.back()).kind == Kind::Directory; }

    void fill(const Directory& directory)
    {
        std::vector<Seen> all = directory.below;
        if (directory.top)
            all.push_back(*directory.top);
        DirectoryMerge names(m_layers, all);
        const auto firstChild = std::uint32_t(m_tree.m_nodes.size());
        while (names.next(m_records))
            add(directory);
        ImageTree::Node& node = m_tree.m_nodes[directory.node];
        node.firstChild = firstChild;
        node.childCount = std::uint32_t(m_tree.m_nodes.size()) - firstChild;
    }

    void add(const Directory& parent)
    {
        std::optional<Seen> top;
        if (m_records.back().layer == m_layer && parent.top) {
            top = m_records.back();
            m_records.pop_back();
        }
        if (m_scope == ImageTree::Scope::Layer && !top && !parent.hidden)
            return;
        applyInOrder(m_layers, m_records, m_below);
        m_now = parent.hidden ? std::vector<Seen>() : m_below;
        if (top)
            applyOne(m_layers, *top, m_now);
        if (m_below.empty() && m_now.empty())
            return; // a whiteout of what has never been there

        const Seen shown = m_now.empty() ? m_below.back() : m_now.back();
        const auto number = std::uint32_t(m_tree.m_nodes.size());
        m_tree.m_nodes.push_back(
            {.parent = parent.node, .record = shown.record, .layer = shown.layer, .change = changeOf(top)});
        if (isDirectory(m_below) || isDirectory(m_now)) {
            const bool joined = isDirectory(m_now) && (!top || (!parent.hidden && !recordOf(*top).is(Record::opaque)));
            const bool topIsDirectory = top && recordOf(*top).kind == Kind::Directory;
            m_open.push_back({number, isDirectory(m_below) ? m_below : std::vector<Seen>(),
                              topIsDirectory ? top : std::nullopt, parent.hidden || !joined});
        }
    }

    Change changeOf(std::optional<Seen> top) const
    {
        if (m_now.empty())
            return Change::Removed;
        if (m_below.empty())
            return Change::Added;
        if (!top)
            return Change::None;
        const Record& before = recordOf(m_below.back());
        const Record& after = recordOf(*top);
        if (after.kind != Kind::Directory || before.kind != Kind::Directory)
            return Change::Changed;
        const bool same = after.is(Record::implied)
            || (before.mode == after.mode && before.uid == after.uid && before.gid == after.gid && before.xattrs == after.xattrs);
        return same ? Change::None : Change::Changed;
    }

    // Children come after their parents.
    void addUp()
    {
        for (std::uint32_t i = m_tree.size(); i-- > 0;) {
            ImageTree::Node& node = m_tree.m_nodes[i];
            const Record& record = m_tree.record(i);
            if (node.change == Change::Removed) {
                node.removed += record.stored();
            } else if (record.kind != Kind::Directory) {
                node.size += record.stored();
                ++node.files;
            }
            if (i == ImageTree::root)
                break;
            ImageTree::Node& parent = m_tree.m_nodes[node.parent];
            parent.size += node.size;
            parent.removed += node.removed;
            parent.files += node.files;
            parent.below |= node.below || node.change != Change::None;
        }
    }

    ImageTree& m_tree;
    const std::vector<LayerIndex>& m_layers;
    std::uint16_t m_layer;
    ImageTree::Scope m_scope;
    std::vector<Directory> m_open;
    std::vector<Seen> m_records; // of one name; used again for the next
    std::vector<Seen> m_below;
    std::vector<Seen> m_now;
};

ImageTree::ImageTree(std::vector<LayerIndex> layers, std::size_t layer, Scope scope) : m_layers(std::move(layers))
{
    TreeBuilder(*this, std::uint16_t(layer), scope).build();
}

const Record& ImageTree::record(std::uint32_t node) const
{
    return m_layers[at(node).layer].at(at(node).record);
}

std::string_view ImageTree::name(std::uint32_t node) const
{
    return m_layers[at(node).layer].name(at(node).record);
}

std::string_view ImageTree::link(std::uint32_t node) const
{
    return m_layers[at(node).layer].link(at(node).record);
}

std::string ImageTree::path(std::uint32_t node) const
{
    return m_layers[at(node).layer].path(at(node).record);
}

std::uint32_t ImageTree::find(std::string_view path) const
{
    std::uint32_t place = root;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), wanted.size() + 1));
        if (wanted.empty())
            continue;
        const Node& directory = at(place);
        std::uint32_t low = directory.firstChild;
        std::uint32_t high = directory.childCount == 0 ? low : low + directory.childCount;
        while (low < high) {
            const std::uint32_t middle = low + (high - low) / 2;
            if (name(middle) < wanted)
                low = middle + 1;
            else
                high = middle;
        }
        if (directory.childCount == 0 || low >= directory.firstChild + directory.childCount || name(low) != wanted)
            return none;
        place = low;
    }
    return place;
}

} // namespace rocker::layers
