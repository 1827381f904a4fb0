#include "engine/packages/inventory.h"

#include "engine/layers/path_walk.h"
#include "engine/packages/apk.h"
#include "engine/packages/dpkg.h"
#include "engine/packages/language.h"
#include "engine/packages/rpm_database.h"
#include "engine/packages/sources.h"

#include <algorithm>
#include <unordered_set>

namespace rocker::packages {

using layers::ImageTree;
using layers::Kind;

namespace {

std::string directoryOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return std::string(slash == path.npos ? std::string_view() : path.substr(0, slash));
}

std::vector<Package> oneOrNone(Result<Package> package)
{
    std::vector<Package> packages;
    if (package)
        packages.push_back(std::move(*package));
    return packages;
}

Result<std::vector<Package>> packagesOf(Role role, std::string bytes)
{
    switch (role) {
    case Role::DpkgStatus:
        return parseDpkgStatus(bytes);
    case Role::ApkInstalled:
        return parseApkInstalled(bytes);
    case Role::RpmSqlite:
        return parseRpmSqlite(std::move(bytes));
    case Role::RpmNdb:
        return parseRpmNdb(bytes);
    case Role::Python:
        return oneOrNone(parsePythonMetadata(bytes));
    case Role::Npm:
        return oneOrNone(parseNpmPackage(bytes)); // many a package.json is no package: a module's, a test's
    default:
        return std::vector<Package>();
    }
}

// What makes a package the same one in two copies of a data base.
std::string keyOf(const Package& package)
{
    std::string key(1, char(package.type));
    // Languages may have the same package in many places.
    const bool byPlace = package.type == Type::Python || package.type == Type::Npm;
    for (const std::string& part : {package.name, package.version, package.architecture, byPlace ? package.database : std::string()})
        key.append(1, '\0').append(part);
    return key;
}

} // namespace

class InventoryReader::State
{
public:
    explicit State(std::shared_ptr<const ImageTree> tree) : m_tree(std::move(tree))
    {
        for (Source& source : findSources(*m_tree, m_inventory.notes))
            ask(std::move(source));
    }

    std::vector<WantedFile> wanted()
    {
        if (m_waiting.empty() && !std::exchange(m_detailed, true))
            askForDetails();
        std::vector<WantedFile> files;
        std::uint64_t bytes = 0;
        m_asked.clear();
        while (!m_waiting.empty() && files.size() < filesAtOnce && (files.empty() || bytes + m_waiting.front().file.size <= bytesAtOnce)) {
            bytes += m_waiting.front().file.size;
            files.push_back(m_waiting.front().file);
            m_asked.push_back(std::move(m_waiting.front()));
            m_waiting.pop_front();
        }
        return files;
    }

    void take(std::vector<Result<std::string>> contents)
    {
        for (std::size_t i = 0; i < m_asked.size() && i < contents.size(); ++i) {
            if (contents[i])
                read(m_asked[i], std::move(*contents[i]));
            else
                note(m_asked[i], contents[i].error().what);
        }
        m_asked.clear();
    }

    Inventory finish()
    {
        for (Package& package : m_inventory.packages)
            package.layer = m_first.at(keyOf(package));
        std::ranges::sort(m_inventory.packages, {}, [](const Package& package) {
            return std::tie(package.type, package.name, package.version, package.architecture, package.database);
        });
        return std::move(m_inventory);
    }

private:
    void note(const Source& source, std::string_view why)
    {
        constexpr std::size_t notesLimit = 100;
        if (m_inventory.notes.size() < notesLimit)
            m_inventory.notes.push_back(std::format("/{} in layer {} is not read: {}", source.file.path, source.file.layer + 1, why));
    }

    void ask(Source source)
    {
        const bool isDatabase = source.role < Role::Python;
        const std::uint64_t limit = isDatabase ? databaseLimit : fileLimit;
        if (source.file.size > limit)
            return note(source, std::format("it has {} bytes, more than the {} that are read", source.file.size, limit));
        m_waiting.push_back(std::move(source));
    }

    void read(const Source& source, std::string bytes)
    {
        // A file that another one may have become meanwhile, or that its reader did not limit.
        if (bytes.size() > databaseLimit)
            return note(source, "it is larger than the image's index says");
        switch (source.role) {
        case Role::OsRelease:
            if (source.seen && m_inventory.distribution == Distribution())
                m_inventory.distribution = parseOsRelease(bytes);
            return;
        case Role::DpkgList:
            return takeFiles(source.package, parseDpkgList(bytes));
        case Role::Md5sums:
            return takeFiles(source.package, parseMd5sums(bytes));
        case Role::PythonRecord:
            return takeFiles(source.package, parsePythonRecord(bytes, directoryOf(directoryOf(source.file.path))));
        case Role::Copyright:
            m_inventory.packages[source.package].license = licensesOfCopyright(bytes);
            return;
        default:
            return takePackages(source, packagesOf(source.role, std::move(bytes)));
        }
    }

    void takePackages(const Source& source, Result<std::vector<Package>> packages)
    {
        if (!packages)
            return note(source, packages.error().what);
        for (Package& package : *packages) {
            package.database = source.file.path;
            const auto [first, added] = m_first.emplace(keyOf(package), source.file.layer);
            first->second = std::min(first->second, source.file.layer);
            if (!source.seen || m_inventory.packages.size() >= packagesLimit)
                continue;
            if (package.type == Type::Npm)
                package.directory = directoryOf(source.file.path);
            m_inventory.packages.push_back(std::move(package));
        }
    }

    void takeFiles(std::size_t package, std::vector<std::string> files)
    {
        for (const std::string& path : files)
            m_pathBytes += path.size() + sizeof(std::string);
        if (m_pathBytes > 4 * pathBytesLimit)
            return;
        // Directories belong to many packages. What has something below it in this package is one, though it may be a link
        // in the image: /bin, where a package of before has its programs.
        std::unordered_set<std::string> above;
        for (const std::string& path : files)
            above.insert(directoryOf(path));
        std::erase_if(files, [&](const std::string& path) {
            if (above.contains(path))
                return true;
            const auto node = layers::walkPath(*m_tree, path, layers::LastLink::Keep);
            return node && m_tree->record(*node).kind == Kind::Directory;
        });
        m_inventory.packages[package].files = std::move(files);
    }

    bool askFor(Role role, std::size_t package, const std::string& path)
    {
        const auto node = layers::walkPath(*m_tree, path);
        if (!node || m_tree->record(*node).kind != Kind::File)
            return false;
        ask({role, {m_tree->at(*node).layer, m_tree->path(*node), m_tree->record(*node).size}, true, package});
        return true;
    }

    void askForDetails()
    {
        for (std::size_t i = 0; i < m_inventory.packages.size(); ++i) {
            const Package& package = m_inventory.packages[i];
            // A name stands in a path here.
            if (package.name.contains('/') && package.type == Type::Deb)
                continue;
            if (package.type == Type::Deb) {
                const std::string base = "var/lib/dpkg/info/" + package.name;
                if (!askFor(Role::DpkgList, i, base + ".list") && !askFor(Role::DpkgList, i, base + ":" + package.architecture + ".list"))
                    askFor(Role::Md5sums, i, package.database + ".md5sums");
                askFor(Role::Copyright, i, "usr/share/doc/" + package.name + "/copyright");
            } else if (package.type == Type::Python && package.database.ends_with(".dist-info/METADATA")) {
                askFor(Role::PythonRecord, i, directoryOf(package.database) + "/RECORD");
            }
        }
    }

    std::shared_ptr<const ImageTree> m_tree;
    Inventory m_inventory;
    std::deque<Source> m_waiting;
    std::vector<Source> m_asked;
    std::unordered_map<std::string, std::uint16_t> m_first; // the lowest layer of each version
    std::uint64_t m_pathBytes = 0;
    bool m_detailed = false;
};

InventoryReader::InventoryReader(std::shared_ptr<const ImageTree> tree) : m_state(std::make_unique<State>(std::move(tree))) {}
InventoryReader::~InventoryReader() = default;
InventoryReader::InventoryReader(InventoryReader&&) noexcept = default;

std::vector<WantedFile> InventoryReader::wanted()
{
    return m_state->wanted();
}

void InventoryReader::take(std::vector<Result<std::string>> contents)
{
    m_state->take(std::move(contents));
}

Inventory InventoryReader::finish()
{
    return m_state->finish();
}

Owners::Owners(const ImageTree& tree, const std::vector<Package>& packages)
{
    for (std::uint32_t i = 0; i < packages.size(); ++i) {
        for (const std::string& path : packages[i].files)
            if (const auto node = layers::walkPath(tree, path, layers::LastLink::Keep); node && tree.record(*node).kind != Kind::Directory)
                m_files.emplace(*node, i);
        if (const std::string& directory = packages[i].directory; !directory.empty())
            if (const std::uint32_t node = tree.find(directory); node != ImageTree::none)
                m_directories.emplace(node, i);
    }
}

std::uint32_t Owners::ownerOf(const ImageTree& tree, std::uint32_t node) const
{
    if (const auto found = m_files.find(node); found != m_files.end())
        return found->second;
    for (std::uint32_t at = node; at != ImageTree::none && at != ImageTree::root && !m_directories.empty(); at = tree.at(at).parent)
        if (const auto found = m_directories.find(at); found != m_directories.end())
            return found->second;
    return nobody;
}

} // namespace rocker::packages
