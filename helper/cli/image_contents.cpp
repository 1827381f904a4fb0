#include "helper/cli/image_contents.h"

#include "helper/cli/download.h"
#include "helper/cli/values.h"

#include <array>

namespace rocker::cli {

Result<layers::ImageTree> ImageContents::whole() const
{
    if (layers.empty())
        return fail(ErrorCode::FailedPrecondition, "the image {} has no layers", image.image.id);
    return layers::ImageTree(layers, layers.size() - 1, layers::ImageTree::Scope::UpTo);
}

Result<ImageContents> readContents(const Context& context, const std::string& image)
{
    ImageContents contents{TRY(TRY(context.connect()).call<protocol::InspectImage>({image})), {}};
    // By its ID: the reference may be given to another image meanwhile.
    const std::string& id = contents.image.image.id;
    for (std::size_t i = 0; i < contents.image.details.layers.size(); ++i) {
        auto bytes = TRY(downloadText<protocol::LayerIndex>(context, {id, std::int64_t(i)}, layers::indexLimit),
                         "layer {} of '{}'", i, image);
        contents.layers.push_back(TRY(layers::LayerIndex::parse(std::move(bytes)), "layer {} of '{}'", i, image));
    }
    return contents;
}

Result<ImageContents> readChanges(const Context& context, const std::string& container)
{
    protocol::ChangesIndex::Reply reply;
    Upgraded connection = TRY(TRY(context.connect()).upgrade<protocol::ChangesIndex>({container}, &reply));
    if (reply.size < 0 || std::uint64_t(reply.size) > layers::indexLimit)
        return fail(ErrorCode::ResourceExhausted, "the changes of '{}' are more than an index can hold", container);
    std::string bytes;
    TRY(receiveFile(std::move(connection), reply.size, [&](std::string_view piece) { return bytes += piece, Result<>{}; }),
        "the changes of '{}'", container);
    ImageContents contents = TRY(readContents(context, reply.image));
    contents.layers.push_back(TRY(layers::LayerIndex::parse(std::move(bytes)), "the changes of '{}'", container));
    return contents;
}

Result<std::size_t> parseLayer(const std::string& text, std::size_t layers)
{
    if (layers == 0)
        return fail(ErrorCode::FailedPrecondition, "the image has no layers");
    return std::size_t(TRY(parseInteger(text, 0, std::int64_t(layers) - 1), "the layer's number, from 0"));
}

std::string_view kindName(layers::Kind kind)
{
    constexpr std::array<std::string_view, 7> names{"file", "directory", "symlink", "char", "block", "fifo", "whiteout"};
    return names[std::size_t(kind)];
}

std::string modeText(const layers::Record& record)
{
    std::string text(1, "-dlcbp-"[std::size_t(record.kind)]);
    for (int bit = 8; bit >= 0; --bit)
        text.push_back(record.mode >> bit & 1 ? "xwr"[bit % 3] : '-');
    const auto special = [&](int bit, std::size_t place, char letter) {
        if (record.mode & bit)
            text[place] = text[place] == 'x' ? letter : char(letter - 'a' + 'A');
    };
    special(04000, 3, 's');
    special(02000, 6, 's');
    special(01000, 9, 't');
    return text;
}

std::string_view changeName(layers::Change change)
{
    constexpr std::array<std::string_view, 4> names{"", "added", "changed", "removed"};
    return names[std::size_t(change)];
}

std::string_view changeMark(layers::Change change)
{
    constexpr std::array<std::string_view, 4> marks{" ", "+", "~", "-"};
    return marks[std::size_t(change)];
}

} // namespace rocker::cli
