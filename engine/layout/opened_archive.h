#pragma once

#include "engine/base/unique_fd.h"
#include "engine/layers/layer_index.h"
#include "engine/layout/layer_look.h"
#include "engine/layout/look_messages.h"

#include <functional>
#include <memory>
#include <mutex>

namespace rocker::layout {

// An archive on this machine's disk that somebody looks into without the helper: a docker-archive, an OCI layout as tar or
// directory, one layer, a root file system. This process reads nothing of it: secluded workers (helper/unpack/seclude.h)
// do, each killed when its work is given up. Functions block; any thread may call them, several at once.
class OpenedArchive
{
public:
    struct Options {
        std::string program;    // rocker-unpack
        std::string scratch;    // a directory for files without a name
        std::function<void(const image::WorkerProgress&)> progress; // from the calling thread; may be empty
        std::function<bool()> cancelled;                            // asked several times a second; may be empty
    };
    // Cancelled when `options` say so; the errors of opening a file; Corrupt for what is no archive.
    static Result<std::shared_ptr<OpenedArchive>> open(const std::string& path, const Options& options);
    // Only whether it is a file system or a layer, which is known before the rest is read.
    static Result<bool> isFileSystem(const std::string& path, const Options& options);
    OpenedArchive(const OpenedArchive&) = delete;

    const std::vector<image::ArchivedImage>& images() const { return m_images; }
    // One layer or a root file system, with no configuration.
    bool isFileSystem() const { return m_fileSystem; }

    // The indexes of an image's layers, lowest first; each layer of the archive is looked at once, several side by side.
    Result<std::vector<layers::LayerIndex>> indexes(std::size_t image, const Options& options);

    // Files of a layer that indexes() has looked at, by their records in its index. Pieces come in the order of the wishes'
    // places in the tar; the last of a file has no bytes, and its offset is the file's size. No more than `limit` bytes of
    // each. InvalidArgument for a record that is no file.
    struct Piece {
        std::size_t wish;
        std::uint64_t offset;
        std::string_view bytes;
    };
    using Sink = std::function<Result<>(const Piece& piece)>;
    Result<> take(std::size_t image, std::size_t layer, const std::vector<std::uint32_t>& records, std::int64_t limit,
                  const Sink& sink, const Options& options);

private:
    struct Looked {
        UniqueFd notes; // LayerLook, as LookOutcome says
        LookOutcome extent;
        layers::LayerIndex index;
    };
    using Key = std::pair<std::int64_t, std::int64_t>; // offset and size in the archive

    OpenedArchive(UniqueFd archive, std::vector<image::ArchivedImage> images, bool fileSystem)
        : m_archive(std::move(archive)), m_images(std::move(images)), m_fileSystem(fileSystem)
    {
    }
    Result<std::shared_ptr<const Looked>> look(Key key, const Options& options) const;
    struct Wish {
        std::uint64_t place = 0;
        std::size_t number = 0; // in the caller's order
        std::uint64_t size = 0; // as the index has it
    };
    Result<> takeSome(const image::ArchivedLayer& layer, const Looked& looked, std::span<const Wish> wishes, std::int64_t limit,
                      const Sink& sink, const Options& options) const;

    UniqueFd m_archive;
    std::vector<image::ArchivedImage> m_images;
    bool m_fileSystem;
    std::mutex m_mutex;
    std::map<Key, std::shared_ptr<const Looked>> m_looked;
};

// The rocker-unpack beside this program, or the installed one.
std::string viewerProgram();

} // namespace rocker::layout
