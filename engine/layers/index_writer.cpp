#include "engine/layers/index_writer.h"

#include <algorithm>

namespace rocker::layers {

namespace {

constexpr std::size_t blockNodes = 1024;
constexpr std::uint32_t none = 0xffffffff;
constexpr std::uint16_t impliedMode = 0755;

} // namespace

IndexWriter::IndexWriter()
{
    make(0, "", Kind::Directory);
}

std::uint32_t IndexWriter::find(std::uint32_t parent, std::string_view name) const
{
    const auto found = m_children.find({parent, name});
    return found == m_children.end() ? none : found->second;
}

std::uint32_t IndexWriter::make(std::uint32_t parent, const std::string& name, Kind kind)
{
    const auto number = std::uint32_t(m_nodes.size());
    if (number % blockNodes == 0)
        m_blocks.push_back(std::make_unique<Node[]>(blockNodes));
    Node* const node = &m_blocks.back()[number % blockNodes];
    node->name = name;
    node->parent = parent;
    node->record.kind = kind;
    if (kind == Kind::Directory) {
        node->record.flags = Record::implied;
        node->record.mode = impliedMode;
    }
    m_nodes.push_back(node);
    if (number != 0)
        m_children.emplace(Key{parent, node->name}, number);
    return number;
}

// The directory at `path`, and those on the way to it: what is none becomes one, as it does on disk.
std::uint32_t IndexWriter::directory(Path path)
{
    std::uint32_t place = 0;
    for (const std::string& name : path) {
        std::uint32_t next = find(place, name);
        const bool wasWhiteout = next != none && m_nodes[next]->record.kind == Kind::Whiteout;
        if (next != none && m_nodes[next]->record.kind != Kind::Directory) {
            drop(next);
            next = none;
        }
        if (next == none)
            next = make(place, name, Kind::Directory);
        if (wasWhiteout)
            m_nodes[next]->record.flags |= Record::opaque;
        place = next;
    }
    return place;
}

// Its name is free afterwards; what is below it goes with it when the index is written.
void IndexWriter::drop(std::uint32_t node)
{
    m_children.erase({m_nodes[node]->parent, m_nodes[node]->name});
    m_nodes[node]->gone = true;
}

void IndexWriter::add(Path path, const Record& record, std::string_view link)
{
    std::uint32_t node = 0;
    if (record.kind == Kind::Directory) {
        node = directory(path);
    } else if (!path.empty()) {
        const std::uint32_t parent = directory(path.first(path.size() - 1));
        if (const std::uint32_t before = find(parent, path.back()); before != none)
            drop(before);
        node = make(parent, path.back(), record.kind);
    } else {
        return; // nothing but a directory can be a layer's root
    }
    Record& kept = m_nodes[node]->record;
    const std::uint8_t flags = (kept.flags & Record::opaque) | (record.flags & ~Record::implied);
    kept = record;
    kept.flags = flags;
    m_nodes[node]->link = link;
}

void IndexWriter::whiteout(Path path)
{
    if (path.empty())
        return;
    const std::uint32_t parent = directory(path.first(path.size() - 1));
    const std::uint32_t node = find(parent, path.back());
    if (node == none)
        make(parent, path.back(), Kind::Whiteout);
    else if (m_nodes[node]->record.kind == Kind::Directory)
        m_nodes[node]->record.flags |= Record::opaque;
}

void IndexWriter::makeOpaque(Path path)
{
    m_nodes[directory(path)]->record.flags |= Record::opaque;
}

Result<std::string> IndexWriter::finish()
{
    // Parents come before their children already: what is below a dropped node is dropped in one pass.
    std::vector<std::uint32_t> order;
    order.reserve(m_nodes.size());
    for (std::uint32_t i = 0; i < m_nodes.size(); ++i) {
        Node& node = *m_nodes[i];
        node.gone |= i != 0 && m_nodes[node.parent]->gone;
        if (!node.gone && i != 0)
            order.push_back(i);
    }
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        const Node& first = *m_nodes[a];
        const Node& second = *m_nodes[b];
        return first.parent != second.parent ? first.parent < second.parent : first.name < second.name;
    });
    std::vector<std::uint32_t> firstChild(m_nodes.size() + 1, 0);
    for (const std::uint32_t i : order)
        ++firstChild[m_nodes[i]->parent + 1];
    for (std::size_t i = 1; i < firstChild.size(); ++i)
        firstChild[i] += firstChild[i - 1];

    Header header{.magic = magic, .count = std::uint32_t(order.size() + 1)};
    std::string heap;
    std::vector<Record> records;
    records.reserve(order.size() + 1);
    const auto append = [&](std::uint32_t number, std::uint32_t parent) {
        const Node& node = *m_nodes[number];
        Record record = node.record;
        record.parent = parent;
        record.name = std::uint32_t(heap.size());
        record.nameLength = std::uint16_t(node.name.size());
        heap += node.name;
        record.link = std::uint32_t(heap.size());
        record.linkLength = std::uint16_t(node.link.size());
        heap += node.link;
        records.push_back(record);
    };
    struct Open {
        std::uint32_t node;
        std::uint32_t record;
        std::uint32_t next; // into `order`
    };
    append(0, 0);
    std::vector<Open> open{{0, 0, firstChild[0]}};
    while (!open.empty()) {
        Open& top = open.back();
        if (top.next == firstChild[top.node + 1]) {
            records[top.record].end = std::uint32_t(records.size());
            open.pop_back();
            continue;
        }
        const std::uint32_t child = order[top.next++];
        const auto record = std::uint32_t(records.size());
        append(child, top.record);
        if (heap.size() > heapLimit || records.size() > recordLimit)
            return fail(ErrorCode::ResourceExhausted, "the layer has more entries than an index can hold");
        open.push_back({child, record, firstChild[child]});
    }
    header.heapSize = std::uint32_t(heap.size());
    std::string bytes;
    bytes.reserve(sizeof header + records.size() * sizeof(Record) + heap.size());
    bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
    bytes.append(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record));
    return bytes += heap;
}

} // namespace rocker::layers
