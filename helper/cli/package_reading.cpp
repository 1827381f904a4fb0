#include "helper/cli/package_reading.h"

#include "helper/cli/download.h"

namespace rocker::cli {

namespace {

// The files of one batch, over one connection; one that cannot be read is an error of its own.
Result<std::vector<Result<std::string>>> readBatch(const Context& context, const std::string& image,
                                                   const std::vector<packages::WantedFile>& files)
{
    protocol::ReadFiles::Parameters parameters{image, {}};
    for (const packages::WantedFile& file : files)
        parameters.files.push_back({file.layer, file.path});
    protocol::ReadFiles::Reply reply;
    Upgraded connection = TRY(TRY(context.connect()).upgrade<protocol::ReadFiles>(parameters, &reply));
    if (reply.sizes.size() != files.size())
        return fail(ErrorCode::Corrupt, "the helper answers with other files than were asked for");
    std::vector<Result<std::string>> contents;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::int64_t size = reply.sizes[i];
        if (size > std::int64_t(packages::InventoryReader::databaseLimit))
            return fail(ErrorCode::ResourceExhausted, "'{}' is larger than the image's index says", files[i].path);
        contents.push_back(size < 0 ? Result<std::string>(fail(ErrorCode::NotFound, "it is no file there")) : std::string());
        total += std::max<std::int64_t>(size, 0);
    }
    std::size_t at = 0;
    const auto take = [&](std::string_view piece) -> Result<> {
        while (!piece.empty()) {
            while (at < contents.size() && (!contents[at] || std::int64_t(contents[at]->size()) == reply.sizes[at]))
                ++at;
            if (at == contents.size())
                return fail(ErrorCode::Corrupt, "the helper sends more than it spoke of");
            const std::size_t some = std::min(piece.size(), std::size_t(reply.sizes[at]) - contents[at]->size());
            contents[at]->append(piece.substr(0, some));
            piece.remove_prefix(some);
        }
        return {};
    };
    TRY(receiveFile(std::move(connection), total, take));
    return contents;
}

// The same from an archive, or one by one where a container's own files are among them.
Result<std::vector<Result<std::string>>> readEach(const Context& context, const ImageContents& contents,
                                                  const std::vector<packages::WantedFile>& files)
{
    constexpr auto limit = std::size_t(packages::InventoryReader::databaseLimit);
    std::vector<Result<std::string>> found;
    for (const packages::WantedFile& file : files) {
        std::string text;
        const auto add = [&](std::string_view piece) -> Result<> {
            if (text.size() + piece.size() > limit)
                return fail(ErrorCode::ResourceExhausted, "'{}' has more than {} bytes", file.path, limit);
            return text += piece, Result<>{};
        };
        const std::size_t layer = std::size_t(file.layer);
        const auto read = contents.archive
            ? takeArchived(contents, layer, {contents.layers[layer].find(file.path)}, std::int64_t(limit),
                           [&](const layout::OpenedArchive::Piece& piece) -> Result<> {
                               text.resize(std::max(text.size(), std::size_t(std::min<std::uint64_t>(piece.offset, limit))), '\0');
                               return add(piece.bytes);
                           })
            : download<protocol::ReadFile>(context, fileParameters(contents, layer, file.path), add);
        found.push_back(read ? Result<std::string>(std::move(text)) : fail(read.error()));
    }
    return found;
}

} // namespace

Result<ImagePackages> readPackages(const Context& context, const std::string& image)
{
    const ImageContents contents = TRY(readContents(context, image));
    ImagePackages found{contents.image, std::make_shared<const layers::ImageTree>(TRY(contents.whole())), {}};
    packages::InventoryReader reader(found.tree);
    for (auto files = reader.wanted(); !files.empty(); files = reader.wanted())
        reader.take(TRY(contents.archive || !contents.container.empty() ? readEach(context, contents, files)
                                                                         : readBatch(context, contents.image.image.id, files),
                        "read the packages of '{}'", image));
    found.inventory = reader.finish();
    return found;
}

} // namespace rocker::cli
