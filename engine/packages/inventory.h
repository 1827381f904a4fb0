#pragma once

#include "engine/layers/image_tree.h"
#include "engine/packages/distribution.h"
#include "engine/packages/package.h"

#include <deque>
#include <memory>
#include <unordered_map>

namespace rocker::packages {

// What is installed in an image, as its own data tells it.
struct Inventory {
    Distribution distribution;
    std::vector<Package> packages;  // by type, name, version
    std::vector<std::string> notes; // what could not be read, and why, in words
};

// One file to be read: in which layer, and where from that layer's root.
struct WantedFile {
    std::uint16_t layer = 0;
    std::string path;
    std::uint64_t size = 0; // as the index says
};

// Finds out what is installed in an image, from the indexes of its layers and from the files that it asks for:
//   while (!(batch = reader.wanted()).empty()) reader.take(the bytes of each, in that order);
// Pure: whoever can read files of layers can use it. Data bases are asked for in every layer that has a copy, which tells
// where each version came from; lists of files and licences only of those that are seen in the end.
class InventoryReader
{
public:
    static constexpr std::size_t filesAtOnce = 256;
    static constexpr std::uint64_t bytesAtOnce = 32 << 20;
    static constexpr std::size_t filesLimit = 200'000; // that are asked for at all
    static constexpr std::uint64_t databaseLimit = 128 << 20;
    static constexpr std::uint64_t fileLimit = 16 << 20;

    // `tree`: all of the image, up to its last layer.
    explicit InventoryReader(std::shared_ptr<const layers::ImageTree> tree);
    ~InventoryReader();
    InventoryReader(InventoryReader&&) noexcept;

    // What is to be read next, at most filesAtOnce; none when all is known.
    std::vector<WantedFile> wanted();
    void take(std::vector<Result<std::string>> contents);
    // After the last batch.
    Inventory finish();

private:
    class State;
    std::unique_ptr<State> m_state;
};

// Which package a node of the image belongs to.
class Owners
{
public:
    Owners(const layers::ImageTree& tree, const std::vector<Package>& packages);
    static constexpr std::uint32_t nobody = 0xffffffff;
    // The package's place in `packages`, or nobody.
    std::uint32_t ownerOf(const layers::ImageTree& tree, std::uint32_t node) const;

private:
    std::unordered_map<std::uint32_t, std::uint32_t> m_files;
    std::unordered_map<std::uint32_t, std::uint32_t> m_directories;
};

} // namespace rocker::packages
