#include "engine/layers/path_walk.h"
#include "helper/cli/download.h"
#include "helper/cli/image_contents.h"

#include <limits>

namespace rocker::cli {

namespace {

struct ImageFile {
    ImageContents contents; // empty where only the helper has to know
    std::string image;
    std::size_t layer = 0;
    std::string path;
};

// The file that a container would read, in the layer that has it; --layer takes that layer's own.
Result<ImageFile> findFile(const Context& context, const Arguments& arguments)
{
    const std::string& name = arguments.operands()[0];
    const std::string& path = arguments.operands()[1];
    const auto number = arguments.value("layer");
    if (number && isPath(name)) {
        ImageContents contents = TRY(readContents(context, name));
        const std::size_t layer = TRY(parseLayer(*number, contents.layers.size()));
        return ImageFile{std::move(contents), {}, layer, path.substr(std::min(path.find_first_not_of('/'), path.size()))};
    }
    if (number) {
        const auto image = TRY(TRY(context.connect()).call<protocol::InspectImage>({name}));
        return ImageFile{{}, image.image.id, TRY(parseLayer(*number, image.details.layers.size())), path};
    }
    ImageContents contents = TRY(readContents(context, name));
    const layers::ImageTree tree = TRY(contents.whole());
    const std::uint32_t node = TRY(layers::walkPath(tree, path));
    if (const layers::Kind kind = tree.record(node).kind; kind != layers::Kind::File)
        return fail(ErrorCode::InvalidArgument, "'{}' is no regular file but a {}", path, kindName(kind));
    const std::string id = contents.image.image.id;
    return ImageFile{std::move(contents), id, tree.at(node).layer, tree.path(node)};
}

Result<> write(std::string_view piece)
{
    if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size())
        return fail(Error::fromErrno(errno).in("write"));
    return {};
}

Result<> catArchived(const ImageFile& file)
{
    const std::uint32_t record = file.contents.layers[file.layer].find(file.path);
    if (record == file.contents.layers[file.layer].size())
        return fail(ErrorCode::NotFound, "layer {} has no '{}'", file.layer + 1, file.path);
    std::uint64_t written = 0;
    const auto sink = [&](const layout::OpenedArchive::Piece& piece) -> Result<> {
        for (static const std::string zeros(64 * 1024, '\0'); written < piece.offset;) { // a hole
            const std::size_t count = std::size_t(std::min<std::uint64_t>(zeros.size(), piece.offset - written));
            TRY(write({zeros.data(), count}));
            written += count;
        }
        written += piece.bytes.size();
        return write(piece.bytes);
    };
    return TRY(takeArchived(file.contents, file.layer, {record}, std::numeric_limits<std::int64_t>::max(), sink), "'{}'", file.path), Result<>{};
}

Result<int> imageCat(const Context& context, const Arguments& arguments)
{
    const ImageFile file = TRY(findFile(context, arguments));
    const auto parameters = file.contents.layers.empty() ? protocol::ReadFile::Parameters{file.image, std::int64_t(file.layer), file.path, {}}
                                                         : fileParameters(file.contents, file.layer, file.path);
    TRY(file.contents.archive ? catArchived(file) : download<protocol::ReadFile>(context, parameters, write));
    if (std::fflush(stdout) != 0)
        return fail(Error::fromErrno(errno).in("write"));
    return 0;
}

} // namespace

Command imageCatCommand()
{
    return {.syntax = {.names = {"image cat"},
                       .operands = "IMAGE PATH",
                       .summary = "Print a file of an image.",
                       .options = {{0, "layer", "N", "this layer's own, whatever layers above say; the lowest is 1"}},
                       .fewest = 2,
                       .most = 2},
            .run = imageCat};
}

} // namespace rocker::cli
