#pragma once

#include "helper/protocol/image_registry.h"
#include "helper/protocol/image_upkeep.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// org.rockerworkstation.Images. An `image` parameter is a reference ("starter:latest"; ":latest" may be left out),
// an image ID or a unique prefix of one. Digests read "sha256:" and 64 hexadecimal digits.
namespace rocker::protocol {

struct ListImages {
    static constexpr std::string_view name = "List";
    static constexpr std::string_view comment = "Every image in the store, newest first.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = Empty;
    struct Reply {
        std::vector<Image> images;
        static constexpr auto fields() { return std::tuple(json::required("images", &Reply::images)); }
    };
};

struct InspectImage {
    static constexpr std::string_view name = "Inspect";
    static constexpr std::string_view comment = "An image's configuration and layers.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ImageParameter;
    struct Reply {
        Image image;
        ImageDetails details;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Reply::image), json::required("details", &Reply::details));
        }
    };
};

struct ImportImage {
    static constexpr std::string_view name = "Import";
    static constexpr std::string_view comment
        = "Takes a docker-archive, an OCI layout (file or directory) or the tar of a root file system into the store.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string path;
        std::string reference;
        std::optional<std::vector<std::string>> entrypoint;
        std::optional<std::vector<std::string>> command;
        std::vector<std::string> environment;
        std::map<std::string, std::string> labels;
        std::vector<std::string> exposedPorts;
        std::vector<std::string> volumes;
        std::optional<std::string> workingDirectory;
        std::optional<std::string> user;
        std::optional<std::string> stopSignal;
        static constexpr auto fields()
        {
            using json::defaulted;
            using P = Parameters;
            return std::tuple(json::required("path", &P::path, "absolute; opened as the caller"),
                              defaulted("reference", &P::reference, "instead of the archive's own"),
                              defaulted("entrypoint", &P::entrypoint, "these are the configuration of a root file system, which has none"),
                              defaulted("command", &P::command), defaulted("environment", &P::environment, "NAME=value"),
                              defaulted("labels", &P::labels), defaulted("exposedPorts", &P::exposedPorts, "80/tcp"),
                              defaulted("volumes", &P::volumes), defaulted("workingDirectory", &P::workingDirectory),
                              defaulted("user", &P::user), defaulted("stopSignal", &P::stopSignal));
        }
    };
    struct Reply {
        std::optional<ImportProgress> progress;
        std::vector<Image> images;
        static constexpr auto fields()
        {
            return std::tuple(json::defaulted("progress", &Reply::progress, "in all replies but the last"),
                              json::defaulted("images", &Reply::images, "in the last reply: what was imported"));
        }
    };
};

struct CommitContainer {
    static constexpr std::string_view name = "Commit";
    static constexpr std::string_view comment
        = "What a container has changed of its image, or a part of it, as a new image with one layer more.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string container;
        std::string reference;
        std::vector<std::string> paths;
        bool pause = true;
        std::string comment;
        std::string author;
        std::optional<std::vector<std::string>> entrypoint;
        std::optional<std::vector<std::string>> command;
        std::vector<std::string> environment;
        std::map<std::string, std::string> labels;
        std::vector<std::string> exposedPorts;
        std::vector<std::string> volumes;
        std::optional<std::string> workingDirectory;
        std::optional<std::string> user;
        std::optional<std::string> stopSignal;
        static constexpr auto fields()
        {
            using json::defaulted;
            using P = Parameters;
            return std::tuple(json::required("container", &P::container),
                              defaulted("reference", &P::reference, "empty: the image has only its ID"),
                              defaulted("paths", &P::paths, "in the container: only these and what is below them"),
                              defaulted("pause", &P::pause, "while its files are read"), defaulted("comment", &P::comment),
                              defaulted("author", &P::author),
                              defaulted("entrypoint", &P::entrypoint, "these replace what the image has; the command goes with the entrypoint"),
                              defaulted("command", &P::command), defaulted("environment", &P::environment, "NAME=value; these are added"),
                              defaulted("labels", &P::labels), defaulted("exposedPorts", &P::exposedPorts, "80/tcp"),
                              defaulted("volumes", &P::volumes), defaulted("workingDirectory", &P::workingDirectory),
                              defaulted("user", &P::user), defaulted("stopSignal", &P::stopSignal));
        }
    };
    using Reply = ImportImage::Reply;
};

struct RemoveImage {
    static constexpr std::string_view name = "Remove";
    static constexpr std::string_view comment
        = "Removes a reference, and the image with its last one; refused while a container uses it.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ImageParameter;
    using Reply = Empty;
};

// What a connection carries after a reply of FileSize: `size` bytes in Output frames, then End, or Failed with the reason.
struct FileSize {
    std::int64_t size = 0;
    static constexpr auto fields() { return std::tuple(json::required("size", &FileSize::size, "bytes that follow")); }
};

struct LayerIndex {
    static constexpr std::string_view name = "LayerIndex";
    static constexpr std::string_view comment
        = "What is in one layer of an image, as an index file (engine/layers/record.h).";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string image;
        std::int64_t layer = 0;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Parameters::image),
                              json::required("layer", &Parameters::layer, "its number, the lowest is 0"));
        }
    };
    using Reply = FileSize;
};

struct ChangesIndex {
    static constexpr std::string_view name = "ChangesIndex";
    static constexpr std::string_view comment
        = "What a container has changed of its image, as an index file like a layer's, without the ids of contents.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string container;
        static constexpr auto fields() { return std::tuple(json::required("container", &Parameters::container)); }
    };
    struct Reply {
        std::string image;
        std::int64_t size = 0;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Reply::image, "the ID of the image that it was made of"),
                              json::required("size", &Reply::size, "bytes that follow, as after LayerIndex"));
        }
    };
};

struct ReadFile {
    static constexpr std::string_view name = "ReadFile";
    static constexpr std::string_view comment
        = "The content of a regular file in one layer of an image, whatever layers above say of it, or in a container's changes.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string image;
        std::int64_t layer = 0;
        std::string path;
        std::string container;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Parameters::image),
                              json::required("layer", &Parameters::layer, "its number, the lowest is 0"),
                              json::required("path", &Parameters::path, "from the layer's root; no link is followed"),
                              json::defaulted("container", &Parameters::container,
                                              "whose changes are read, instead of a layer"));
        }
    };
    using Reply = FileSize;
};

struct ExportContainer {
    static constexpr std::string_view name = "Export";
    static constexpr std::string_view comment
        = "What a container sees in its file system as a tar, without what is mounted there; the same files give the same bytes.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string container;
        bool pause = true;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("pause", &Parameters::pause, "while its files are read"));
        }
    };
    using Reply = FileSize;
};

struct SaveImages {
    static constexpr std::string_view name = "Save";
    static constexpr std::string_view comment
        = "Images as one tar that is an OCI layout and a docker-archive; the same images give the same bytes.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::vector<std::string> images;
        static constexpr auto fields()
        {
            return std::tuple(json::required("images", &Parameters::images,
                                             "by reference, which is kept, or by ID, without a name"));
        }
    };
    using Reply = FileSize;
};

struct Images {
    static constexpr std::string_view name = "org.rockerworkstation.Images";
    static constexpr std::string_view comment = "The image store.";
    using Methods = MethodList<ListImages, InspectImage, ImportImage, CommitContainer, PullImage, PushImage, ListTags, SearchImages,
                               LoginToRegistry, LogoutFromRegistry, RemoveImage, LayerIndex, ChangesIndex, ReadFile, SaveImages,
                               ReadFiles, ExportContainer, TagImage, UntagImage, PruneImages>;
};

} // namespace rocker::protocol
