#include "helper/cli/image_contents.h"

#include "engine/base/scope_exit.h"
#include "engine/image/digest.h"
#include "helper/cli/download.h"
#include "helper/cli/progress.h"
#include "helper/cli/values.h"

#include <array>
#include <cstdlib>
#include <filesystem>

namespace rocker::cli {

namespace {

// "PATH@2", unless there is such a file.
Result<std::pair<std::string, std::size_t>> archivePlace(const std::string& subject)
{
    const std::size_t at = subject.rfind('@');
    std::error_code ignored;
    if (at == subject.npos || std::filesystem::exists(subject, ignored))
        return std::pair(subject, std::size_t(0));
    const auto number = parseInteger(std::string_view(subject).substr(at + 1), 1, 1'000'000);
    if (!number)
        return std::pair(subject, std::size_t(0));
    return std::pair(subject.substr(0, at), std::size_t(*number - 1));
}

layout::OpenedArchive::Options viewing()
{
    const char* const named = std::getenv("TMPDIR");
    return {.program = layout::viewerProgram(), .scratch = named && *named ? named : "/var/tmp",
            .progress = [](const image::WorkerProgress& progress) {
                showProgress(protocol::ImportProgress{progress.step, progress.done, progress.total});
            }, .cancelled = {}};
}

protocol::InspectImage::Reply describe(const image::ArchivedImage& archived, const std::vector<layers::LayerIndex>& indexes,
                                       const std::string& path)
{
    protocol::InspectImage::Reply reply;
    const image::ImageRecord& record = archived.record;
    reply.image = {.id = archived.configuration.empty() ? path : image::digestOf(archived.configuration),
                   .references = archived.references, .createdAt = record.created, .architecture = record.architecture,
                   .layerCount = std::int64_t(archived.layers.size())};
    reply.details = {.entrypoint = record.entrypoint, .command = record.command, .environment = record.environment,
                     .workingDirectory = record.workingDirectory, .user = record.user, .stopSignal = record.stopSignal,
                     .exposedPorts = record.exposedPorts, .volumes = record.volumes, .labels = record.labels};
    for (const image::HistoryEntry& step : record.history)
        reply.details.history.push_back({step.created, step.createdBy, step.comment, step.emptyLayer});
    for (std::size_t i = 0; i < archived.layers.size(); ++i) {
        const image::ArchivedLayer& layer = archived.layers[i];
        protocol::ImageLayer& told = reply.details.layers.emplace_back();
        told = {.diffId = layer.diffId, .createdBy = layer.createdBy, .blobDigest = layer.blobDigest, .blobSize = layer.size,
                .mediaType = layer.mediaType};
        for (std::uint32_t record = 0; record < indexes[i].size(); ++record) {
            const layers::Record& entry = indexes[i].at(record);
            told.size += std::int64_t(entry.stored());
            told.files += entry.kind != layers::Kind::Whiteout && !entry.is(layers::Record::implied);
        }
        reply.image.size += told.size;
    }
    return reply;
}

Result<ImageContents> readArchive(const std::string& subject)
{
    const auto [path, number] = TRY(archivePlace(subject));
    const auto options = viewing();
    const ScopeExit clear([] { clearProgress(); });
    ImageContents contents;
    contents.archive = TRY(layout::OpenedArchive::open(path, options));
    contents.number = number;
    const auto& images = contents.archive->images();
    if (number >= images.size())
        return fail(ErrorCode::NotFound, "'{}' holds {} images", path, images.size());
    contents.layers = TRY(contents.archive->indexes(number, options), "'{}'", path);
    contents.image = describe(images[number], contents.layers, path);
    return contents;
}

} // namespace

Result<layers::ImageTree> ImageContents::whole() const
{
    if (layers.empty())
        return fail(ErrorCode::FailedPrecondition, "the image {} has no layers", image.image.id);
    return layers::ImageTree(layers, layers.size() - 1, layers::ImageTree::Scope::UpTo);
}

layout::Settings ImageContents::settings() const
{
    return layout::settingsOf(image.details, image.image.architecture);
}

bool isPath(const std::string& subject)
{
    return subject.starts_with('/') || subject.starts_with("./") || subject.starts_with("../");
}

Result<ImageContents> readContents(const Context& context, const std::string& image)
{
    if (isPath(image))
        return readArchive(image);
    if (constexpr std::string_view container = "container:"; image.starts_with(container))
        return readChanges(context, image.substr(container.size()));
    ImageContents contents{.image = TRY(TRY(context.connect()).call<protocol::InspectImage>({image}))};
    // By its ID: the reference may be given to another image meanwhile.
    const std::string& id = contents.image.image.id;
    for (std::size_t i = 0; i < contents.image.details.layers.size(); ++i) {
        auto bytes = TRY(downloadText<protocol::LayerIndex>(context, {id, std::int64_t(i)}, std::size_t(layers::indexSizeLimit)),
                         "layer {} of '{}'", i + 1, image);
        contents.layers.push_back(TRY(layers::LayerIndex::parse(std::move(bytes)), "layer {} of '{}'", i + 1, image));
    }
    return contents;
}

Result<ImageContents> readChanges(const Context& context, const std::string& container)
{
    protocol::ChangesIndex::Reply reply;
    Upgraded connection = TRY(TRY(context.connect()).upgrade<protocol::ChangesIndex>({container}, &reply));
    if (reply.size < 0 || reply.size > layers::indexSizeLimit)
        return fail(ErrorCode::ResourceExhausted, "the changes of '{}' are more than an index can hold", container);
    std::string bytes;
    TRY(receiveFile(std::move(connection), reply.size, [&](std::string_view piece) { return bytes += piece, Result<>{}; }),
        "the changes of '{}'", container);
    ImageContents contents = TRY(readContents(context, reply.image));
    contents.layers.push_back(TRY(layers::LayerIndex::parse(std::move(bytes)), "the changes of '{}'", container));
    contents.container = container;
    return contents;
}

Result<> takeArchived(const ImageContents& contents, std::size_t layer, const std::vector<std::uint32_t>& records,
                      std::int64_t limit, const layout::OpenedArchive::Sink& sink)
{
    auto options = viewing();
    options.progress = {};
    return contents.archive->take(contents.number, layer, records, limit, sink, options);
}

protocol::ReadFile::Parameters fileParameters(const ImageContents& contents, std::size_t layer, const std::string& path)
{
    const bool own = !contents.container.empty() && layer == contents.image.details.layers.size();
    return {contents.image.image.id, std::int64_t(layer), path, own ? contents.container : ""};
}

Result<std::size_t> parseLayer(const std::string& text, std::size_t layers)
{
    if (layers == 0)
        return fail(ErrorCode::FailedPrecondition, "the image has no layers");
    return std::size_t(TRY(parseInteger(text, 1, std::int64_t(layers)), "the layer's number, from 1") - 1);
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
