#include "tests/fuzz/targets.h"

#include "engine/archive/decompressor.h"
#include "engine/archive/layer_path.h"
#include "engine/archive/pax.h"
#include "engine/archive/tar_reader.h"
#include "engine/image/worker_messages.h"
#include "engine/layers/comparison.h"
#include "engine/layers/index_writer.h"
#include "engine/layers/path_walk.h"
#include "engine/layers/waste.h"
#include "engine/layout/archive_files.h"
#include "engine/layout/images.h"
#include "engine/layout/layer_model.h"

#include <algorithm>
#include <array>
#include <sys/mman.h>
#include <unistd.h>

namespace rocker::fuzz {

namespace {

constexpr std::size_t entriesLimit = 10'000;
constexpr std::size_t bytesLimit = 8 << 20; // a bomb's first bytes are enough

void readTar(std::string_view bytes)
{
    archive::MemorySource source(bytes);
    archive::TarReader reader(source);
    for (std::size_t i = 0; i < entriesLimit; ++i) {
        const auto entry = reader.next();
        if (!entry || !*entry)
            return;
        (void)archive::layerName((*entry)->name);
        std::uint64_t end = 0;
        for (std::size_t pieces = 0; i % 2 == 0; ++pieces) {
            const auto piece = reader.nextPiece();
            if (!piece || !*piece)
                break;
            require((*piece)->offset >= end, "pieces of a file are in order");
            end = (*piece)->offset + (*piece)->bytes.size();
            require(end <= (*entry)->size, "no piece lies beyond the file");
        }
    }
}

void readPax(std::string_view bytes)
{
    const auto records = archive::parsePax(bytes);
    if (!records)
        return;
    for (const auto& [keyword, value] : *records) {
        (void)archive::paxNumber(keyword, value);
        (void)archive::paxTime(value);
    }
}

void inflate(std::string_view bytes)
{
    archive::MemorySource source(bytes);
    const auto plain = archive::decompress(source);
    if (!plain)
        return;
    std::array<char, 64 << 10> buffer;
    for (std::size_t total = 0; total < bytesLimit;) {
        const auto count = (*plain)->read(buffer);
        if (!count || *count == 0)
            return;
        require(*count <= buffer.size(), "no more is read than there is room for");
        total += *count;
    }
}

void readPath(std::string_view bytes)
{
    const auto name = archive::layerName(bytes);
    if (!name)
        return;
    for (const std::string& part : name->path)
        require(!part.empty() && part != "." && part != ".." && !part.contains('/') && !part.contains('\0'),
                "a layer's path has only plain components");
}

void readIndex(std::string_view bytes)
{
    const auto index = layers::LayerIndex::parse(std::string(bytes));
    if (!index)
        return;
    const std::vector<layers::LayerIndex> twice{*index, *index};
    const layers::ImageTree tree(twice, 1, layers::ImageTree::Scope::UpTo);
    require(tree.size() <= 2 * index->size() + 1, "a tree has no more nodes than records");
    for (std::uint32_t node = 0; node < std::min<std::uint32_t>(tree.size(), 1000); ++node) {
        require(node == 0 || tree.at(node).parent < node, "a node stands behind its parent");
        (void)layers::walkPath(tree, tree.path(node));
        (void)layers::walkPath(tree, tree.link(node));
    }
    (void)layers::wasteOf(twice, 1);
    (void)layers::compare(tree, layers::ImageTree(twice, 0, layers::ImageTree::Scope::Layer));
}

std::vector<std::string> indexSeeds()
{
    const std::vector<std::string> a{"a"};
    const std::vector<std::string> file{"a", "b"};
    const std::vector<std::string> link{"a", "link"};
    const std::vector<std::string> gone{"gone"};
    layers::IndexWriter writer;
    writer.add(a, {.kind = layers::Kind::Directory, .mode = 0755});
    writer.add(file, {.mode = 0644, .size = 5000});
    writer.add(link, {.kind = layers::Kind::Symlink}, "../a/b");
    writer.add(std::vector<std::string>{"hard"}, {.flags = layers::Record::hardLink}, "a/b");
    writer.whiteout(gone);
    writer.makeOpaque(a);
    return {*layers::IndexWriter().finish(), *writer.finish()};
}

// A layer that is only looked at: whatever its tar says, its index is one.
void modelLayer(std::string_view bytes)
{
    archive::MemorySource source(bytes);
    archive::TarReader reader(source);
    layout::LayerModel model({.file = 1 << 20, .entries = 2000});
    std::uint64_t place = 0;
    for (;;) {
        const auto entry = reader.next();
        if (!entry || !*entry)
            break;
        if (!model.add(**entry, reader, ++place))
            return;
    }
    const auto outcome = model.finish();
    if (!outcome)
        return;
    const auto index = layers::LayerIndex::parse(outcome->index);
    require(index.has_value(), "what is made of a layer can be read");
    require(outcome->places.size() == index->size(), "every record has a place");
}

// A whole archive, as the reader of an import sees it.
void readArchive(std::string_view bytes)
{
    const UniqueFd file(::memfd_create("archive", MFD_CLOEXEC));
    require(file.valid() && ::write(file.value(), bytes.data(), bytes.size()) == ssize_t(bytes.size()), "a file in memory");
    const auto files = layout::ArchiveFiles::read(file, bytes.size());
    if (!files)
        return;
    const auto images = layout::readImages(*files, "");
    if (images)
        (void)image::checkIndexOutcome({false, *images});
}

constexpr std::array targets{
    Target{"tar", readTar},         Target{"pax", readPax},         Target{"decompress", inflate},
    Target{"layer-path", readPath}, Target{"layer-model", modelLayer}, Target{"archive", readArchive},
    Target{"index", readIndex, indexSeeds},
};

} // namespace

std::span<const Target> archiveTargets()
{
    return targets;
}

} // namespace rocker::fuzz
