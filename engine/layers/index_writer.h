#pragma once

#include "engine/base/result.h"
#include "engine/layers/record.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rocker::layers {

// Collects what a layer's archive says, in the archive's order, and makes the index of it. Paths are components, the root
// has none. Entries mean what they mean to the unpacker: the last one of a path counts, a directory keeps what is in it.
class IndexWriter
{
public:
    using Path = std::span<const std::string>;

    IndexWriter();
    // Kind, mode, owner, size, time, content and xattrs are `record`'s; `link` is a link's target or a hard link's file.
    void add(Path path, const Record& record, std::string_view link = {});
    // Of what the layers below have there; what this layer has at `path` stays.
    void whiteout(Path path);
    void makeOpaque(Path path);
    std::size_t size() const { return m_nodes.size(); }

    // The whole index; ResourceExhausted beyond the format's limits.
    Result<std::string> finish();

private:
    struct Node {
        Record record;
        std::string name;
        std::string link;
        std::uint32_t parent = 0;
        bool gone = false;
    };
    struct Key {
        std::uint32_t parent;
        std::string_view name; // of the node, which never moves its text
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const
        {
            return std::hash<std::string_view>()(key.name) * 31 + key.parent;
        }
    };

    std::uint32_t find(std::uint32_t parent, std::string_view name) const;
    std::uint32_t make(std::uint32_t parent, const std::string& name, Kind kind);
    std::uint32_t directory(Path path);
    void drop(std::uint32_t node);

    std::vector<Node*> m_nodes;
    std::vector<std::unique_ptr<Node[]>> m_blocks;
    std::unordered_map<Key, std::uint32_t, KeyHash> m_children;
};

} // namespace rocker::layers
