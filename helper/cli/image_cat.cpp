#include "engine/layers/path_walk.h"
#include "helper/cli/download.h"
#include "helper/cli/image_contents.h"

namespace rocker::cli {

namespace {

struct ImageFile {
    std::string image;
    std::size_t layer = 0;
    std::string path;
};

// The file that a container would read, in the layer that has it; --layer takes that layer's own.
Result<ImageFile> findFile(const Context& context, const Arguments& arguments)
{
    const std::string& name = arguments.operands()[0];
    const std::string& path = arguments.operands()[1];
    if (const auto number = arguments.value("layer")) {
        const auto image = TRY(TRY(context.connect()).call<protocol::InspectImage>({name}));
        return ImageFile{image.image.id, TRY(parseLayer(*number, image.details.layers.size())), path};
    }
    const ImageContents contents = TRY(readContents(context, name));
    const layers::ImageTree tree = TRY(contents.whole());
    const std::uint32_t node = TRY(layers::walkPath(tree, path));
    if (const layers::Kind kind = tree.record(node).kind; kind != layers::Kind::File)
        return fail(ErrorCode::InvalidArgument, "'{}' is no regular file but a {}", path, kindName(kind));
    return ImageFile{contents.image.image.id, tree.at(node).layer, tree.path(node)};
}

Result<int> imageCat(const Context& context, const Arguments& arguments)
{
    const ImageFile file = TRY(findFile(context, arguments));
    const protocol::ReadFile::Parameters parameters{file.image, std::int64_t(file.layer), file.path};
    TRY(download<protocol::ReadFile>(context, parameters, [](std::string_view piece) -> Result<> {
        if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size())
            return fail(Error::fromErrno(errno).in("write"));
        return {};
    }));
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
                       .options = {{0, "layer", "N", "this layer's own, whatever layers above say; the lowest is 0"}},
                       .fewest = 2,
                       .most = 2},
            .run = imageCat};
}

} // namespace rocker::cli
