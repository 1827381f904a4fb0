#include "engine/layers/comparison.h"

namespace rocker::layers {

namespace {

class Comparison
{
public:
    Comparison(const ImageTree& first, const ImageTree& second, bool times) : m_first(first), m_second(second), m_times(times) {}

    std::vector<Difference> run()
    {
        // Pre-order by a stack: what comes later in a directory waits below what is inside its first entries.
        m_open.push_back({ImageTree::root, ImageTree::root});
        while (!m_open.empty()) {
            const Pair pair = m_open.back();
            m_open.pop_back();
            if (pair.first != ImageTree::root || pair.second != ImageTree::root)
                judge(pair);
            descend(pair);
        }
        return std::move(m_found);
    }

private:
    struct Pair {
        std::uint32_t first;
        std::uint32_t second;
    };

    static std::vector<std::uint32_t> seenIn(const ImageTree& tree, std::uint32_t node)
    {
        std::vector<std::uint32_t> children;
        if (node == ImageTree::none || tree.record(node).kind != Kind::Directory)
            return children;
        const ImageTree::Node& directory = tree.at(node);
        for (std::uint32_t i = 0; i < directory.childCount; ++i)
            if (tree.at(directory.firstChild + i).change != Change::Removed)
                children.push_back(directory.firstChild + i);
        return children;
    }

    void descend(Pair pair)
    {
        const auto first = seenIn(m_first, pair.first);
        const auto second = seenIn(m_second, pair.second);
        std::vector<Pair> pairs;
        pairs.reserve(std::max(first.size(), second.size()));
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < first.size() || j < second.size()) {
            const int order = i == first.size() ? 1
                : j == second.size()            ? -1
                                                : m_first.name(first[i]).compare(m_second.name(second[j]));
            pairs.push_back({order <= 0 ? first[i] : ImageTree::none, order >= 0 ? second[j] : ImageTree::none});
            i += order <= 0;
            j += order >= 0;
        }
        m_open.insert(m_open.end(), pairs.rbegin(), pairs.rend());
    }

    void judge(Pair pair)
    {
        Difference difference{.first = pair.first, .second = pair.second};
        if (pair.first == ImageTree::none) {
            difference.change = Change::Added;
        } else if (pair.second == ImageTree::none) {
            difference.change = Change::Removed;
        } else {
            const Record& a = m_first.record(pair.first);
            const Record& b = m_second.record(pair.second);
            difference.kind = a.kind != b.kind;
            const bool device = a.kind == Kind::CharDevice || a.kind == Kind::BlockDevice;
            difference.content = a.kind == b.kind
                && ((a.kind == Kind::File && (a.size != b.size || a.content != b.content)) || (device && a.size != b.size));
            difference.mode = a.mode != b.mode;
            difference.owner = a.uid != b.uid || a.gid != b.gid;
            difference.link = a.kind == Kind::Symlink && b.kind == Kind::Symlink && m_first.link(pair.first) != m_second.link(pair.second);
            difference.xattrs = a.xattrs != b.xattrs;
            difference.time = m_times && a.kind != Kind::Directory && (a.seconds != b.seconds || a.nanoseconds != b.nanoseconds);
            if (!difference.kind && !difference.content && !difference.mode && !difference.owner && !difference.link
                && !difference.xattrs && !difference.time)
                return;
        }
        difference.path = pair.second == ImageTree::none ? m_first.path(pair.first) : m_second.path(pair.second);
        m_found.push_back(std::move(difference));
    }

    const ImageTree& m_first;
    const ImageTree& m_second;
    bool m_times;
    std::vector<Pair> m_open;
    std::vector<Difference> m_found;
};

} // namespace

std::vector<Difference> compare(const ImageTree& first, const ImageTree& second, bool times)
{
    return Comparison(first, second, times).run();
}

} // namespace rocker::layers
