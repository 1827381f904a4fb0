#include "engine/layers/waste.h"

#include "engine/layers/merge.h"

#include <algorithm>
#include <map>

namespace rocker::layers {

namespace {

constexpr std::uint16_t nobody = 0xffff;

class Search
{
public:
    Search(const std::vector<LayerIndex>& layers, std::uint64_t duplicateSize) : m_layers(layers), m_duplicateSize(duplicateSize) {}

    Waste run()
    {
        Directory root;
        root.records.reserve(m_layers.size());
        for (std::uint16_t i = 0; i < m_layers.size(); ++i)
            root.records.push_back({{i, 0}, nobody});
        hideBelowOpaque(root.records);
        m_open.push_back(std::move(root));
        while (!m_open.empty()) {
            const Directory directory = std::move(m_open.back());
            m_open.pop_back();
            look(directory);
        }
        for (auto& [key, paths] : m_contents)
            if (std::ranges::sort(paths); paths.size() > 1)
                m_waste.duplicates.push_back({key.second, std::move(paths)});
        std::ranges::sort(m_waste.files, [](const WastedFile& a, const WastedFile& b) {
            return a.wasted != b.wasted ? a.wasted > b.wasted : a.path < b.path;
        });
        std::ranges::sort(m_waste.duplicates, [](const Duplicates& a, const Duplicates& b) {
            return a.wasted() != b.wasted() ? a.wasted() > b.wasted() : a.paths < b.paths;
        });
        return std::move(m_waste);
    }

private:
    // A record and the layer above it that hides it, if any: the lowest of them.
    struct Fate {
        Seen seen;
        std::uint16_t hiddenBy = nobody;
    };
    // Every layer's directory of one path, those included that nobody sees any more.
    struct Directory {
        std::vector<Fate> records;
    };

    const Record& recordOf(Seen seen) const { return m_layers[seen.layer].at(seen.record); }

    // Of records of one path, lowest first: what hides whom.
    void hideBelowOpaque(std::vector<Fate>& fates) const
    {
        for (std::size_t above = 1; above < fates.size(); ++above) {
            const Record& record = recordOf(fates[above].seen);
            for (std::size_t i = 0; i < above; ++i) {
                const bool joined = record.kind == Kind::Directory && !record.is(Record::opaque)
                    && recordOf(fates[i].seen).kind == Kind::Directory;
                if (!joined)
                    fates[i].hiddenBy = std::min(fates[i].hiddenBy, fates[above].seen.layer);
            }
        }
    }

    void look(const Directory& directory)
    {
        std::vector<Seen> directories;
        for (const Fate& fate : directory.records)
            directories.push_back(fate.seen);
        DirectoryMerge names(m_layers, directories);
        while (names.next(m_records)) {
            m_fates.clear();
            for (const Seen& seen : m_records) {
                const auto parent = std::ranges::find(directory.records, seen.layer, [](const Fate& fate) { return fate.seen.layer; });
                m_fates.push_back({seen, parent->hiddenBy});
            }
            hideBelowOpaque(m_fates);
            judge();
        }
    }

    void judge()
    {
        WastedFile wasted;
        Directory below;
        for (const Fate& fate : m_fates) {
            const Record& record = recordOf(fate.seen);
            if (record.kind == Kind::Directory)
                below.records.push_back(fate);
            m_waste.total += record.stored();
            if (record.stored() == 0)
                continue;
            if (fate.hiddenBy == nobody) {
                if (record.size >= m_duplicateSize)
                    m_contents[{record.content, record.size}].push_back(pathOf(fate.seen));
                continue;
            }
            wasted.wasted += record.stored();
            wasted.copies.push_back(fate.seen.layer);
            wasted.hiddenBy = fate.hiddenBy;
        }
        if (!below.records.empty())
            m_open.push_back(std::move(below));
        if (wasted.copies.empty())
            return;
        const Fate& last = m_fates.back();
        wasted.path = pathOf(last.seen);
        wasted.removed = last.hiddenBy != nobody || recordOf(last.seen).kind == Kind::Whiteout;
        m_waste.wasted += wasted.wasted;
        m_waste.files.push_back(std::move(wasted));
    }

    std::string pathOf(Seen seen) const { return m_layers[seen.layer].path(seen.record); }

    const std::vector<LayerIndex>& m_layers;
    std::uint64_t m_duplicateSize;
    Waste m_waste;
    std::map<std::pair<ContentId, std::uint64_t>, std::vector<std::string>> m_contents;
    std::vector<Directory> m_open;
    std::vector<Seen> m_records;
    std::vector<Fate> m_fates;
};

} // namespace

Waste wasteOf(const std::vector<LayerIndex>& layers, std::uint64_t duplicateSize)
{
    return Search(layers, duplicateSize).run();
}

} // namespace rocker::layers
