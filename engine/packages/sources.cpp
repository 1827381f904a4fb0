#include "engine/packages/sources.h"

#include "engine/layers/path_walk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace rocker::packages {

using layers::ImageTree;
using layers::Kind;

namespace {

struct Place {
    std::string_view path;
    Role role;
};

constexpr std::array places{
    Place{"etc/os-release", Role::OsRelease},
    Place{"usr/lib/os-release", Role::OsRelease},
    Place{"var/lib/dpkg/status", Role::DpkgStatus},
    Place{"lib/apk/db/installed", Role::ApkInstalled},
    Place{"usr/lib/apk/db/installed", Role::ApkInstalled},
    Place{"var/lib/rpm/rpmdb.sqlite", Role::RpmSqlite},
    Place{"usr/lib/sysimage/rpm/rpmdb.sqlite", Role::RpmSqlite},
    Place{"usr/share/rpm/rpmdb.sqlite", Role::RpmSqlite},
    Place{"var/lib/rpm/Packages.db", Role::RpmNdb},
    Place{"usr/lib/sysimage/rpm/Packages.db", Role::RpmNdb},
    Place{"var/lib/rpm/Packages", Role::RpmBerkeley},
    Place{"usr/lib/sysimage/rpm/Packages", Role::RpmBerkeley},
};
constexpr std::string_view statusDirectory = "var/lib/dpkg/status.d";

class Finder
{
public:
    Finder(const ImageTree& tree, std::vector<std::string>& notes) : m_tree(tree), m_notes(notes) {}

    std::vector<Source> find()
    {
        for (const Place& place : places)
            addPlace(place);
        if (const auto directory = layers::walkPath(m_tree, statusDirectory))
            eachFile(*directory, [&](std::uint32_t node) {
                if (!m_tree.name(node).ends_with(".md5sums") && m_tree.name(node) != ".")
                    addCopies(Role::DpkgStatus, node);
            });
        for (std::uint32_t node = 1; node < m_tree.size(); ++node)
            if (m_tree.record(node).kind == Kind::File && m_tree.at(node).change != layers::Change::Removed)
                if (const auto role = languageRole(node))
                    addCopies(*role, node);
        return std::move(m_sources);
    }

private:
    template<typename Each>
    void eachFile(std::uint32_t directory, Each each)
    {
        const ImageTree::Node& node = m_tree.at(directory);
        for (std::uint32_t child = node.firstChild; child < node.firstChild + node.childCount; ++child)
            if (m_tree.record(child).kind == Kind::File && m_tree.at(child).change != layers::Change::Removed)
                each(child);
    }

    // Through links: /var/lib/rpm may lead to /usr/lib/sysimage/rpm, and both are looked at.
    void addPlace(const Place& place)
    {
        const auto node = layers::walkPath(m_tree, place.path);
        if (!node || m_tree.record(*node).kind != Kind::File || std::ranges::contains(m_nodes, *node))
            return;
        m_nodes.push_back(*node);
        if (place.role == Role::RpmBerkeley) {
            m_notes.push_back(std::format("/{} is a Berkeley DB, of rpm before 4.16: it is not read, and its packages are missing here",
                                          m_tree.path(*node)));
            return;
        }
        addCopies(place.role, *node);
        if (place.role == Role::RpmSqlite)
            noteUnwritten(m_tree.path(*node));
    }

    void noteUnwritten(const std::string& database)
    {
        const std::uint32_t log = m_tree.find(database + "-wal");
        if (log != ImageTree::none && m_tree.record(log).size > 0)
            m_notes.push_back(std::format("/{}-wal is not empty: what rpm has not yet written back to its data base is not seen", database));
    }

    // What the name and the directory of a file make of it.
    std::optional<Role> languageRole(std::uint32_t node) const
    {
        const std::string_view name = m_tree.name(node);
        const std::uint32_t parent = m_tree.at(node).parent;
        if (name == "METADATA" || name == "PKG-INFO") {
            const std::string_view directory = m_tree.name(parent);
            return directory.ends_with(name == "METADATA" ? ".dist-info" : ".egg-info") ? std::optional(Role::Python)
                                                                                        : std::nullopt;
        }
        if (name.ends_with(".egg-info"))
            return Role::Python;
        if (name != "package.json" || parent == ImageTree::root)
            return std::nullopt;
        std::uint32_t above = m_tree.at(parent).parent;
        if (above != ImageTree::none && m_tree.name(above).starts_with('@'))
            above = m_tree.at(above).parent;
        return above != ImageTree::none && m_tree.name(above) == "node_modules" ? std::optional(Role::Npm) : std::nullopt;
    }

    void addCopies(Role role, std::uint32_t node)
    {
        const std::string path = m_tree.path(node);
        const std::uint16_t seen = m_tree.at(node).layer;
        for (std::uint16_t layer = 0; layer < seen && m_sources.size() < InventoryReader::filesLimit; ++layer) {
            const layers::LayerIndex& index = m_tree.layers()[layer];
            const std::uint32_t record = index.find(path);
            if (record < index.size() && index.at(record).kind == Kind::File)
                m_sources.push_back({role, {layer, path, index.at(record).size}, false, 0});
        }
        if (m_sources.size() >= InventoryReader::filesLimit) {
            if (!std::exchange(m_full, true))
                m_notes.push_back(std::format("the image has more than {} files that tell of packages: the rest was not read",
                                              InventoryReader::filesLimit));
            return;
        }
        m_sources.push_back({role, {seen, path, m_tree.record(node).size}, true, 0});
    }

    const ImageTree& m_tree;
    std::vector<std::string>& m_notes;
    std::vector<Source> m_sources;
    std::vector<std::uint32_t> m_nodes;
    bool m_full = false;
};

} // namespace

std::vector<Source> findSources(const ImageTree& tree, std::vector<std::string>& notes)
{
    return Finder(tree, notes).find();
}

} // namespace rocker::packages
