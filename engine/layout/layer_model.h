#pragma once

#include "engine/archive/tar_reader.h"
#include "engine/layers/record.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rocker::layout {

// What a layer's entries make of it, in memory and without a disk: step by step what the unpacker (helper/unpack,
// LayerWriter) does with files, so that a layer that is only looked at has the index it would have in the store.
// tests/unit/helper/tst_layer_survey.cpp holds the two together.
class LayerModel
{
public:
    struct Limits {
        std::uint64_t file = 64ULL << 30; // bytes of one file, holes included
        std::uint64_t entries = 3'000'000;
    };
    LayerModel();
    explicit LayerModel(Limits limits);

    // Reads the entry's data through `reader`, all of it; `place` is where its first header stands in the tar.
    Result<> add(const archive::TarEntry& entry, archive::TarReader& reader, std::uint64_t place);

    struct Outcome {
        std::string index;                 // engine/layers/record.h
        std::vector<std::uint64_t> places; // by record: of a file the place of the entry with its content
    };
    // Once, after the last entry.
    Result<Outcome> finish();

private:
    using Path = std::vector<std::string>;
    using Number = std::uint32_t;
    using Names = std::map<std::string, Number, std::less<>>;
    struct Node {
        layers::Record record;
        std::string link;  // a symbolic link's target
        std::uint32_t names = 0;
        Number parent = 0; // of a directory
        bool gone = false; // a directory that was removed: nothing is in it any more
        bool opaque = false;
        bool named = false;
        std::uint64_t place = 0;
        Names children;
        std::map<std::string, std::string> xattrs;
    };

    Number make(const archive::TarEntry& entry);
    Number makeDirectory();
    void attach(Number parent, const std::string& name, Number node);
    std::optional<Number> find(Number parent, std::string_view name) const;
    std::optional<Number> directoryAt(Number from, std::string_view path) const;
    std::optional<Number> nodeAt(const Path& path) const;
    Number makeStep(Number parent, const std::string& name);
    Number parentOf(const Path& path);
    bool makeRoom(Number parent, const std::string& name, bool forDirectory);
    void drop(Number node);
    void whiteout(const Path& path);
    void makeOpaque(const Path& path);
    Result<> content(const archive::TarEntry& entry, const Path& path, archive::TarReader& reader, std::uint64_t place);
    Result<> fill(Number node, const archive::TarEntry& entry, archive::TarReader& reader);
    Result<> link(Number parent, const std::string& name, const archive::TarEntry& entry);
    void dress(Number node, const archive::TarEntry& entry);
    Result<std::string> writeIndex();
    std::vector<std::uint64_t> placesInOrder() const;

    Limits m_limits;
    std::uint64_t m_entries = 0;
    std::uint64_t m_zeros = 8ULL << 30; // of holes to be hashed: some seconds
    std::deque<Node> m_nodes;
    std::vector<std::pair<Path, Number>> m_directories; // that had an entry
};

} // namespace rocker::layout
