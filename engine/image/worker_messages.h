#pragma once

#include "engine/image/configuration_edits.h"
#include "engine/image/image_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the helper and its import workers (helper/unpack) tell each other: a request as JSON on the command line, and
// lines of JSON back on a pipe, the last of them an outcome. The helper reads them with every key and range checked.
namespace rocker::image {

inline constexpr std::size_t workerLineLimit = 16 << 20;
inline constexpr std::size_t layersLimit = 512;   // per image
inline constexpr std::size_t imagesLimit = 256;   // per archive
inline constexpr const char* layerMediaType = "application/vnd.oci.image.layer.v1.tar"; // "+gzip", "+zstd"
inline constexpr std::size_t documentLimit = 4 << 20; // bytes of one JSON document of an image

// The descriptors a worker starts with.
enum WorkerFd : int {
    MessagesFd = 3, // a pipe to the helper
    InputFd = 4,    // the archive, or the pipe with a layer's tar
    OutputFd = 5,   // the spool file, the pipe to the unpacker, or the directory to work in
    IndexFd = 6,    // unpack: the file for the layer's index (engine/layers)
    BlobFd = 6,     // stream: the file for the layer's bytes as they came
    BaseFd = 6,     // commit: what it starts from (commit_messages.h)
};

// index: what is in the archive on InputFd. A compressed or unseekable archive is first spooled to OutputFd. A root file
// system becomes an image of one layer.
struct IndexRequest {
    std::string architecture; // to choose from an index of several platforms
    std::int64_t spoolLimit = 0;
    std::optional<ConfigurationEdits> edits; // of a root file system's; for anything else there must be none
    static constexpr auto fields()
    {
        return std::tuple(json::required("architecture", &IndexRequest::architecture),
                          json::required("spoolLimit", &IndexRequest::spoolLimit),
                          json::defaulted("edits", &IndexRequest::edits));
    }
};

struct ArchivedLayer {
    std::string diffId;
    std::string blobDigest; // empty when the archive names none
    std::string mediaType;  // empty when the archive names none
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::string createdBy;
    static constexpr auto fields()
    {
        using json::required;
        using L = ArchivedLayer;
        return std::tuple(required("diffId", &L::diffId), required("blobDigest", &L::blobDigest),
                          required("mediaType", &L::mediaType),
                          required("offset", &L::offset), required("size", &L::size), required("createdBy", &L::createdBy));
    }
};

struct ArchivedImage {
    std::vector<std::string> references; // normalized; "" + tag for one that has a tag only: ":12"
    std::string configuration;           // the document itself; its digest is the image's ID
    std::string manifest;                // the document itself, empty for a docker-archive
    std::string manifestType;            // its media type
    ImageRecord record;
    std::vector<ArchivedLayer> layers;
    static constexpr auto fields()
    {
        using json::required;
        using I = ArchivedImage;
        return std::tuple(required("references", &I::references), required("configuration", &I::configuration),
                          required("manifest", &I::manifest),
                          required("manifestType", &I::manifestType), required("record", &I::record), required("layers", &I::layers));
    }
};

struct IndexOutcome {
    bool spooled = false;
    std::vector<ArchivedImage> images;
    static constexpr auto fields()
    {
        return std::tuple(json::required("spooled", &IndexOutcome::spooled), json::required("images", &IndexOutcome::images));
    }
};

// stream: one layer from InputFd to OutputFd, uncompressed; every byte goes through both digests. With `keep` the blob
// goes to BlobFd as well. A blob that no image may have in that form (xz, bzip2)
// is kept uncompressed.
struct StreamRequest {
    ArchivedLayer layer;
    bool keep = false;
    std::int64_t blobLimit = 0; // bytes of what is kept
    static constexpr auto fields()
    {
        using S = StreamRequest;
        return std::tuple(json::required("layer", &S::layer), json::required("keep", &S::keep),
                          json::required("blobLimit", &S::blobLimit));
    }
};

struct StreamOutcome {
    std::string diffId;
    std::string blobDigest;
    std::int64_t blobSize = 0;
    std::string mediaType;
    static constexpr auto fields()
    {
        using json::required;
        using S = StreamOutcome;
        return std::tuple(required("diffId", &S::diffId), required("blobDigest", &S::blobDigest),
                          required("blobSize", &S::blobSize), required("mediaType", &S::mediaType));
    }
};

// unpack: the tar on InputFd into the directory OutputFd.
struct UnpackRequest {
    std::int64_t compressedSize = 0;
    std::int64_t fileLimit = 0;    // logical bytes of one file
    std::int64_t storedLimit = 0;  // bytes that take space, all files together
    std::int64_t entryLimit = 0;
    static constexpr auto fields()
    {
        using json::required;
        using U = UnpackRequest;
        return std::tuple(required("compressedSize", &U::compressedSize), required("fileLimit", &U::fileLimit),
                          required("storedLimit", &U::storedLimit), required("entryLimit", &U::entryLimit));
    }
};

struct UnpackOutcome {
    std::int64_t size = 0;   // bytes of its files
    std::int64_t files = 0;  // files, directories and links it made
    bool opaqueRoot = false; // nothing below this layer shows through
    bool namedRoot = false;  // it says owner and mode of its root; else that is as the layer's below
    static constexpr auto fields()
    {
        using json::required;
        using U = UnpackOutcome;
        return std::tuple(required("size", &U::size), required("files", &U::files), required("opaqueRoot", &U::opaqueRoot),
                          required("namedRoot", &U::namedRoot));
    }
};

// pack: the OCI layout in the directory InputFd, read as the caller, becomes a tar in OutputFd.
struct PackRequest {
    std::int64_t uid = 0;
    std::int64_t gid = 0;
    std::vector<std::int64_t> groups; // supplementary
    std::int64_t spoolLimit = 0;
    static constexpr auto fields()
    {
        using json::required;
        using P = PackRequest;
        return std::tuple(required("uid", &P::uid), required("gid", &P::gid), required("groups", &P::groups),
                          required("spoolLimit", &P::spoolLimit));
    }
};

// export: a container's file system as a tar into OutputFd, the same bytes for the same files. InputFd is its upper
// directory.
struct ExportRequest {
    std::vector<std::string> layers; // absolute directories, lowest first
    std::int64_t contentLimit = 0;   // bytes of all files
    static constexpr auto fields()
    {
        return std::tuple(json::required("layers", &ExportRequest::layers),
                          json::required("contentLimit", &ExportRequest::contentLimit));
    }
};

struct WorkerProgress {
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::string step; // in words, where the worker knows them better than who started it
    std::string ready; // a part of its work that is whole: see who says so
    static constexpr auto fields()
    {
        using P = WorkerProgress;
        return std::tuple(json::required("done", &P::done), json::required("total", &P::total), json::defaulted("step", &P::step),
                          json::defaulted("ready", &P::ready));
    }
};

struct WorkerFailure {
    std::string code;
    std::int64_t errnum = 0;
    std::string what;
    static constexpr auto fields()
    {
        using F = WorkerFailure;
        return std::tuple(json::required("code", &F::code), json::required("errnum", &F::errnum),
                          json::required("what", &F::what));
    }
};

// One line: exactly one member is there.
struct WorkerLine {
    std::optional<WorkerProgress> progress;
    std::optional<WorkerFailure> failure;
    std::optional<json::Value> outcome;
    static constexpr auto fields()
    {
        using L = WorkerLine;
        return std::tuple(json::defaulted("progress", &L::progress), json::defaulted("failure", &L::failure),
                          json::defaulted("outcome", &L::outcome));
    }
};

// Root's own check of what a worker said of an archive: counts, sizes, digests, characters.
Result<> checkIndexOutcome(const IndexOutcome& outcome);
Result<> checkStreamOutcome(const StreamOutcome& outcome, const ArchivedLayer& asked);
Result<> checkUnpackOutcome(const UnpackOutcome& outcome);

} // namespace rocker::image
