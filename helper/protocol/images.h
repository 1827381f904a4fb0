#pragma once

#include "helper/protocol/image_upkeep.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// org.rockerworkstation.Images. An `image` parameter is a reference ("starter:latest"; ":latest" may be left out),
// an image ID or a unique prefix of one. Digests read "sha256:" and 64 hexadecimal digits. An error with the errno ENOKEY is
// a registry that wants a login.
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

struct ImportProgress {
    std::string step;
    std::int64_t done = 0;
    std::int64_t total = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::required("step", &ImportProgress::step, "in words, for people"),
                          json::required("done", &ImportProgress::done, "bytes"),
                          json::required("total", &ImportProgress::total, "bytes, 0 when unknown"));
    }
};

struct ImportImage {
    static constexpr std::string_view name = "Import";
    static constexpr std::string_view comment = "Takes a docker-archive, an OCI layout (file or directory) or the tar of a root file system into the store.";
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

struct PullImage {
    static constexpr std::string_view name = "Pull";
    static constexpr std::string_view comment = "Fetches an image from a registry into the store, with the caller's credentials.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string reference;
        std::string platform;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("reference", &P::reference, "name, name:tag or name@digest, with or without registry"),
                              json::defaulted("platform", &P::platform, "linux/arm64, linux/arm/v7; else this machine's"),
                              json::defaulted("authFile", &P::authFile, "absolute; read as the caller, instead of the usual places"));
        }
    };
    struct Reply {
        std::optional<ImportProgress> progress;
        std::vector<Image> images;
        std::string name;
        std::string digest;
        static constexpr auto fields()
        {
            using R = Reply;
            return std::tuple(json::defaulted("progress", &R::progress, "in all replies but the last"),
                              json::defaulted("images", &R::images, "in the last reply: what was pulled"),
                              json::defaulted("name", &R::name, "in the last reply: the reference with its registry"),
                              json::defaulted("digest", &R::digest, "in the last reply: of the manifest, or of the index it is from"));
        }
    };
};

struct PushImage {
    static constexpr std::string_view name = "Push";
    static constexpr std::string_view comment = "Sends an image of the store to a registry as it is, with the caller's credentials.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string image;
        std::string reference;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("image", &P::image),
                              json::defaulted("reference", &P::reference, "where to: name or name:tag, with or without registry; else the image's own"),
                              json::defaulted("authFile", &P::authFile, "as in Pull"));
        }
    };
    struct Reply {
        std::optional<ImportProgress> progress;
        std::string name;
        std::string digest;
        std::int64_t uploaded = 0;
        std::int64_t mounted = 0;
        std::int64_t present = 0;
        static constexpr auto fields()
        {
            using R = Reply;
            return std::tuple(json::defaulted("progress", &R::progress, "in all replies but the last"),
                              json::defaulted("name", &R::name, "in the last reply: where to, with its registry"),
                              json::defaulted("digest", &R::digest, "in the last reply: of the manifest, as the registry has it"),
                              json::defaulted("uploaded", &R::uploaded, "blobs that were sent"),
                              json::defaulted("mounted", &R::mounted, "blobs that the registry took from another repository"),
                              json::defaulted("present", &R::present, "blobs that were there"));
        }
    };
};

struct ListTags {
    static constexpr std::string_view name = "ListTags";
    static constexpr std::string_view comment = "The tags of a repository, as its registry tells them.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string repository;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("repository", &P::repository, "name, with or without registry"),
                              json::defaulted("authFile", &P::authFile, "as in Pull"));
        }
    };
    struct Reply {
        std::string repository;
        std::vector<std::string> tags;
        static constexpr auto fields()
        {
            return std::tuple(json::required("repository", &Reply::repository, "with its registry"),
                              json::required("tags", &Reply::tags, "sorted"));
        }
    };
};

struct SearchImages {
    static constexpr std::string_view name = "Search";
    static constexpr std::string_view comment = "What registries have, by a part of its name.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string term;
        std::int64_t limit = 25;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("term", &P::term, "one word; with a registry before it and '/', there"),
                              json::defaulted("limit", &P::limit, "1 to 100"),
                              json::defaulted("authFile", &P::authFile, "as in Pull"));
        }
    };
    struct Found {
        std::string name;
        std::string description;
        std::int64_t stars = 0;
        bool official = false;
        bool operator==(const Found&) const = default;
        static constexpr auto fields()
        {
            using json::required;
            return std::tuple(required("name", &Found::name, "to be pulled by"), required("description", &Found::description, "perhaps empty"),
                              required("stars", &Found::stars), required("official", &Found::official));
        }
    };
    struct Reply {
        std::vector<Found> images;
        static constexpr auto fields() { return std::tuple(json::required("images", &Reply::images)); }
    };
};

struct LoginToRegistry {
    static constexpr std::string_view name = "Login";
    static constexpr std::string_view comment
        = "Checks a login and keeps it where podman keeps its own. After the reply the client sends the password in Input frames, then "
          "InputEnd; then come an Output frame with the place and End, or Failed. The password passes the helper by.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string registry;
        std::string user;
        std::string authFile;
        std::string helper;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("registry", &P::registry, "host or host:port"), json::required("user", &P::user),
                              json::defaulted("authFile", &P::authFile, "as in Pull"),
                              json::defaulted("helper", &P::helper, "a credential helper to keep it in from now on: secretservice"));
        }
    };
    using Reply = Empty;
};

struct LogoutFromRegistry {
    static constexpr std::string_view name = "Logout";
    static constexpr std::string_view comment = "Takes the caller's login at a registry away.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string registry;
        std::string authFile;
        static constexpr auto fields()
        {
            return std::tuple(json::required("registry", &Parameters::registry, "host or host:port"),
                              json::defaulted("authFile", &Parameters::authFile, "as in Pull"));
        }
    };
    struct Reply {
        std::string place;
        static constexpr auto fields() { return std::tuple(json::required("place", &Reply::place, "where it was kept, in words")); }
    };
};

struct CommitContainer {
    static constexpr std::string_view name = "Commit";
    static constexpr std::string_view comment = "What a container has changed of its image, or a part of it, as a new image with one layer more.";
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
    static constexpr std::string_view comment = "Removes a reference, and the image with its last one; refused while a container uses it.";
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
    static constexpr std::string_view comment = "What a container has changed of its image, as an index file like a layer's, without the ids of contents.";
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
                              json::defaulted("container", &Parameters::container, "whose changes are read, instead of a layer"));
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
