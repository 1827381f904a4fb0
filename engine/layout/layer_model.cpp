#include "engine/layout/layer_model.h"

#include "engine/archive/layer_path.h"
#include "engine/layers/index_writer.h"
#include "engine/layout/attributes.h"
#include "engine/layout/content_hash.h"

#include <cerrno>
#include <unordered_map>

namespace rocker::layout {

namespace {

using archive::EntryType;
using archive::TarEntry;
using layers::Kind;
using layers::Record;

constexpr std::uint32_t root = 0;
constexpr int linksLimit = 40;           // MAXSYMLINKS
constexpr std::size_t targetLimit = 4095; // bytes of a symbolic link's text

bool hasDevice(Kind kind)
{
    return kind == Kind::CharDevice || kind == Kind::BlockDevice;
}

Kind kindOf(EntryType type)
{
    switch (type) {
    case EntryType::Directory:
        return Kind::Directory;
    case EntryType::Symlink:
        return Kind::Symlink;
    case EntryType::CharDevice:
        return Kind::CharDevice;
    case EntryType::BlockDevice:
        return Kind::BlockDevice;
    case EntryType::Fifo:
        return Kind::Fifo;
    case EntryType::Regular:
    case EntryType::HardLink:
        break;
    }
    return Kind::File;
}

} // namespace

LayerModel::LayerModel() : LayerModel(Limits()) {}

LayerModel::LayerModel(Limits limits) : m_limits(limits)
{
    makeDirectory();
    m_nodes[root].names = 1;
}

Result<> LayerModel::add(const TarEntry& entry, archive::TarReader& reader, std::uint64_t place)
{
    if (++m_entries > m_limits.entries)
        return fail(ErrorCode::ResourceExhausted, "the layer has more than {} entries", m_limits.entries);
    const archive::LayerName name = TRY(archive::layerName(entry.name), "entry '{}'", entry.name);
    if (name.meaning == archive::Meaning::Content)
        TRY(content(entry, name.path, reader, place), "entry '{}'", entry.name);
    else if (name.meaning == archive::Meaning::Whiteout)
        whiteout(name.path);
    else if (name.meaning == archive::Meaning::Opaque)
        makeOpaque(name.path);
    while (TRY(reader.nextPiece(), "entry '{}'", entry.name)) { } // what nobody wanted
    return {};
}

LayerModel::Number LayerModel::makeDirectory()
{
    m_nodes.emplace_back().record = {.kind = Kind::Directory, .mode = 0755};
    return Number(m_nodes.size() - 1);
}

LayerModel::Number LayerModel::make(const TarEntry& entry)
{
    Node& node = m_nodes.emplace_back();
    node.record.kind = kindOf(entry.type);
    if (hasDevice(node.record.kind))
        node.record.size = std::uint64_t(entry.deviceMajor) << 32 | entry.deviceMinor;
    if (node.record.kind == Kind::Symlink)
        node.link = entry.linkTarget;
    return Number(m_nodes.size() - 1);
}

void LayerModel::attach(Number parent, const std::string& name, Number node)
{
    m_nodes[parent].children.emplace(name, node);
    ++m_nodes[node].names;
    if (m_nodes[node].record.kind == Kind::Directory)
        m_nodes[node].parent = parent;
}

std::optional<LayerModel::Number> LayerModel::find(Number parent, std::string_view name) const
{
    const auto found = m_nodes[parent].children.find(name);
    return found == m_nodes[parent].children.end() ? std::nullopt : std::optional(found->second);
}

// Where a path leads, as openat2(2) finds it in a process whose root is the layer: links are followed, the last one too.
std::optional<LayerModel::Number> LayerModel::directoryAt(Number from, std::string_view path) const
{
    std::string rest(path);
    Number place = from;
    for (int links = 0; !rest.empty();) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string step = rest.substr(0, end);
        rest.erase(0, std::min(end + 1, rest.size()));
        if (step.empty() || step == ".")
            continue;
        if (step == "..") {
            place = m_nodes[place].parent;
            continue;
        }
        const auto next = find(place, step);
        if (!next)
            return std::nullopt;
        const Node& node = m_nodes[*next];
        if (node.record.kind == Kind::Directory) {
            place = *next;
        } else if (node.record.kind == Kind::Symlink && ++links <= linksLimit) {
            place = node.link.starts_with('/') ? root : place;
            rest = rest.empty() ? node.link : node.link + "/" + rest;
        } else {
            return std::nullopt;
        }
    }
    return place;
}

std::optional<LayerModel::Number> LayerModel::nodeAt(const Path& path) const
{
    if (path.empty())
        return root;
    const Path above(path.begin(), path.end() - 1);
    const auto parent = directoryAt(root, archive::joined(above));
    return parent ? find(*parent, path.back()) : std::nullopt;
}

LayerModel::Number LayerModel::makeStep(Number parent, const std::string& name)
{
    if (const auto existing = directoryAt(parent, name))
        return *existing;
    const bool hides = makeRoom(parent, name, true);
    const Number made = makeDirectory();
    attach(parent, name, made);
    m_nodes[made].opaque = hides;
    return made;
}

LayerModel::Number LayerModel::parentOf(const Path& path)
{
    Number directory = root;
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        directory = makeStep(directory, path[i]);
    return directory;
}

void LayerModel::whiteout(const Path& path)
{
    if (path.empty())
        return;
    const Number parent = parentOf(path);
    if (const auto node = find(parent, path.back())) {
        if (m_nodes[*node].record.kind == Kind::Directory)
            m_nodes[*node].opaque = true;
        return;
    }
    if (m_nodes[parent].opaque)
        return;
    m_nodes.emplace_back().record.kind = Kind::Whiteout;
    attach(parent, path.back(), Number(m_nodes.size() - 1));
}

void LayerModel::makeOpaque(const Path& path)
{
    const Number directory = path.empty() ? root : makeStep(parentOf(path), path.back());
    m_nodes[directory].opaque = true;
}

void LayerModel::drop(Number node)
{
    std::vector<Number> dropped{node};
    while (!dropped.empty()) {
        Node& gone = m_nodes[dropped.back()];
        dropped.pop_back();
        --gone.names;
        if (gone.record.kind != Kind::Directory)
            continue;
        gone.gone = true;
        for (const auto& [name, child] : gone.children)
            dropped.push_back(child);
        gone.children.clear();
    }
}

bool LayerModel::makeRoom(Number parent, const std::string& name, bool forDirectory)
{
    const auto there = find(parent, name);
    if (!there || (forDirectory && m_nodes[*there].record.kind == Kind::Directory))
        return false;
    m_nodes[parent].children.erase(name);
    drop(*there);
    return true;
}

Result<> LayerModel::content(const TarEntry& entry, const Path& path, archive::TarReader& reader, std::uint64_t place)
{
    if (path.empty()) {
        if (entry.type != EntryType::Directory)
            return fail(ErrorCode::Corrupt, "the layer's root is not a directory");
        m_directories.emplace_back(path, root);
        return dress(root, entry), Result<>{};
    }
    const Number parent = parentOf(path);
    const std::string& name = path.back();
    if (entry.type == EntryType::HardLink)
        return link(parent, name, entry);
    const bool directory = entry.type == EntryType::Directory;
    const bool hides = makeRoom(parent, name, directory);
    if (entry.type == EntryType::CharDevice && entry.deviceMajor == 0 && entry.deviceMinor == 0)
        return fail(ErrorCode::Corrupt, "a character device 0:0 is overlayfs's own whiteout");
    if (entry.type == EntryType::Symlink && (entry.linkTarget.empty() || entry.linkTarget.size() > targetLimit))
        return fail(Error::fromErrno(entry.linkTarget.empty() ? ENOENT : ENAMETOOLONG));
    const auto existing = directory ? find(parent, name) : std::nullopt;
    const Number node = existing ? *existing : directory ? makeDirectory() : make(entry);
    if (!existing)
        attach(parent, name, node);
    m_nodes[node].place = place;
    if (directory) {
        m_nodes[node].opaque |= hides;
        m_directories.emplace_back(path, node);
    } else if (entry.type == EntryType::Regular) {
        TRY(fill(node, entry, reader));
    }
    dress(node, entry);
    return {};
}

Result<> LayerModel::fill(Number node, const TarEntry& entry, archive::TarReader& reader)
{
    if (entry.size > m_limits.file)
        return fail(Error::fromErrno(EFBIG));
    ContentHash hash(m_zeros);
    while (const auto piece = TRY(reader.nextPiece()))
        hash.add(piece->offset, piece->bytes);
    m_nodes[node].record.size = entry.size;
    m_nodes[node].record.content = hash.finish(entry.size);
    return {};
}

Result<> LayerModel::link(Number parent, const std::string& name, const TarEntry& entry)
{
    const Path target = TRY(archive::layerPath(entry.linkTarget), "the link's target '{}'", entry.linkTarget);
    if (target.empty())
        return fail(ErrorCode::Corrupt, "the link's target is the layer's root");
    std::optional<Number> directory = root;
    for (std::size_t i = 0; directory && i + 1 < target.size(); ++i)
        directory = directoryAt(*directory, target[i]);
    const auto node = directory ? find(*directory, target.back()) : std::nullopt;
    if (!node)
        return fail(Error::fromErrno(ENOENT).in(std::format("the link's target '{}'", entry.linkTarget)));
    if (find(parent, name) == node)
        return {};
    makeRoom(parent, name, false);
    if (m_nodes[parent].gone || find(*directory, target.back()) != node)
        return fail(Error::fromErrno(ENOENT));
    if (m_nodes[*node].record.kind == Kind::Directory)
        return fail(Error::fromErrno(EPERM));
    return attach(parent, name, *node), Result<>{};
}

void LayerModel::dress(Number number, const TarEntry& entry)
{
    Node& node = m_nodes[number];
    Record& record = node.record;
    record.mode = std::uint16_t(record.kind == Kind::Symlink ? 0777 : entry.mode);
    record.uid = entry.uid;
    record.gid = entry.gid;
    record.seconds = entry.modified.tv_sec;
    record.nanoseconds = std::uint32_t(entry.modified.tv_nsec);
    for (const auto& [key, value] : entry.xattrs) {
        // The user's own exist only on files and directories (xattr(7)).
        const bool possible = record.kind == Kind::File || record.kind == Kind::Directory || !key.starts_with("user.");
        if (keepXattr(key) && possible)
            node.xattrs.insert_or_assign(key, value);
    }
    record.xattrs = xattrsHash({node.xattrs.begin(), node.xattrs.end()});
}

Result<LayerModel::Outcome> LayerModel::finish()
{
    for (const auto& [path, node] : m_directories)
        if (const auto there = nodeAt(path); there == node)
            m_nodes[node].named = true;
    Outcome outcome{.index = TRY(writeIndex())};
    outcome.places = placesInOrder();
    return outcome;
}

// In the order in which the unpacker looks over a layer: of a file with several names it decides which is the first.
Result<std::string> LayerModel::writeIndex()
{
    layers::IndexWriter index;
    std::unordered_map<Number, std::string> firstNames;
    std::vector<std::pair<Path, Number>> pending{{{}, root}};
    while (!pending.empty()) {
        const auto [path, number] = std::move(pending.back());
        pending.pop_back();
        const Node& directory = m_nodes[number];
        if (directory.named || (!path.empty() && directory.children.empty() && !directory.opaque))
            index.add(path, directory.record);
        if (directory.opaque)
            index.makeOpaque(path);
        Path below = path;
        below.emplace_back();
        for (const auto& [name, child] : directory.children) {
            const Node& node = m_nodes[child];
            below.back() = name;
            if (node.record.kind == Kind::Directory) {
                pending.emplace_back(below, child);
            } else if (node.record.kind == Kind::Whiteout) {
                index.whiteout(below);
            } else if (node.record.kind == Kind::File && node.names > 1) {
                const auto [first, isFirst] = firstNames.try_emplace(child, archive::joined(below));
                Record record = node.record;
                record.flags |= isFirst ? 0 : Record::hardLink;
                index.add(below, record, isFirst ? std::string_view() : first->second);
            } else {
                index.add(below, node.record, node.link);
            }
        }
    }
    return index.finish();
}

// Pre-order, siblings by name: as the records are.
std::vector<std::uint64_t> LayerModel::placesInOrder() const
{
    std::vector<std::uint64_t> places;
    std::vector<Number> pending{root};
    while (!pending.empty()) {
        const Node& node = m_nodes[pending.back()];
        pending.pop_back();
        places.push_back(node.place);
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
            pending.push_back(child->second);
    }
    return places;
}

} // namespace rocker::layout
