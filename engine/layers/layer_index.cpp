#include "engine/layers/layer_index.h"

#include <cstring>

namespace rocker::layers {

namespace {

std::unexpected<Error> corrupt(std::string_view what)
{
    return fail(ErrorCode::Corrupt, "the layer's index is damaged ({}): import the image again", what);
}

bool isName(std::string_view name)
{
    return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos && name.find('\0') == name.npos;
}

} // namespace

Result<LayerIndex> LayerIndex::parse(std::string bytes)
{
    Header header;
    if (bytes.size() < sizeof header)
        return corrupt("too short");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != magic)
        return corrupt("not an index of this version");
    if (header.count == 0 || header.count > recordLimit || header.heapSize > heapLimit
        || bytes.size() != sizeof header + header.count * sizeof(Record) + header.heapSize)
        return corrupt("wrong size");

    LayerIndex index;
    index.m_bytes = std::make_shared<const std::string>(std::move(bytes));
    // A string's heap memory is aligned for anything, and the header's size keeps it so.
    index.m_records = {reinterpret_cast<const Record*>(index.m_bytes->data() + sizeof header), header.count};
    index.m_heap = std::string_view(*index.m_bytes).substr(sizeof header + header.count * sizeof(Record));

    const auto inHeap = [&](std::uint32_t start, std::uint16_t length) {
        return start <= index.m_heap.size() && length <= index.m_heap.size() - start;
    };
    const Record& root = index.at(0);
    if (root.parent != 0 || root.end != header.count || root.kind != Kind::Directory || root.nameLength != 0)
        return corrupt("no root");
    // Pre-order: each record is the first one of its parent, or follows its sibling.
    std::vector<std::uint32_t> open{0};
    for (std::uint32_t i = 0; i < header.count; ++i) {
        const Record& record = index.at(i);
        if (!inHeap(record.name, record.nameLength) || !inHeap(record.link, record.linkLength) || record.kind > Kind::Whiteout)
            return corrupt("a record points outside");
        if (i == 0)
            continue;
        std::uint32_t sibling = 0;
        while (index.at(open.back()).end <= i || index.at(open.back()).kind != Kind::Directory) {
            sibling = open.back();
            open.pop_back();
            if (open.empty())
                return corrupt("no tree");
        }
        const std::uint32_t parent = open.back();
        if (record.parent != parent || record.end <= i || record.end > index.at(parent).end
            || (record.kind != Kind::Directory && record.end != i + 1) || !isName(index.name(i)))
            return corrupt("no tree");
        const bool isFirst = i == parent + 1;
        if (!isFirst && (index.at(sibling).parent != parent || index.at(sibling).end != i || index.name(sibling) >= index.name(i)))
            return corrupt("out of order");
        open.push_back(i);
    }
    return index;
}

std::string_view LayerIndex::name(std::uint32_t record) const
{
    return m_heap.substr(at(record).name, at(record).nameLength);
}

std::string_view LayerIndex::link(std::uint32_t record) const
{
    return m_heap.substr(at(record).link, at(record).linkLength);
}

std::string LayerIndex::path(std::uint32_t record) const
{
    std::vector<std::string_view> names;
    for (; record != 0; record = at(record).parent)
        names.push_back(name(record));
    std::string path;
    for (auto it = names.rbegin(); it != names.rend(); ++it)
        path.append(path.empty() ? "" : "/").append(*it);
    return path;
}

std::uint32_t LayerIndex::find(std::string_view path) const
{
    std::uint32_t place = 0;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), wanted.size() + 1));
        if (wanted.empty())
            continue;
        std::uint32_t child = first(place);
        while (child < at(place).end && name(child) != wanted)
            child = next(child);
        if (child >= at(place).end)
            return size();
        place = child;
    }
    return place;
}

} // namespace rocker::layers
