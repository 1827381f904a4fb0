#pragma once

#include "helper/protocol/image.h"

#include <optional>

// The verbs that keep the store in order, and the one that reads many files at once.
namespace rocker::protocol {

struct FilePlace {
    std::int64_t layer = 0;
    std::string path;
    static constexpr auto fields()
    {
        return std::tuple(json::required("layer", &FilePlace::layer, "its number, the lowest is 0"),
                          json::required("path", &FilePlace::path, "from the layer's root; no link is followed"));
    }
};

struct ReadFiles {
    static constexpr std::string_view name = "ReadFiles";
    static constexpr std::string_view comment
        = "The contents of several regular files of an image, one after the other.";
    static constexpr Flow flow = Flow::Upgrade;
    static constexpr std::size_t filesLimit = 256;
    struct Parameters {
        std::string image;
        std::vector<FilePlace> files;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Parameters::image),
                              json::required("files", &Parameters::files, "at most 256"));
        }
    };
    struct Reply {
        std::vector<std::int64_t> sizes;
        static constexpr auto fields()
        {
            return std::tuple(json::required("sizes", &Reply::sizes,
                                             "bytes of each, -1 for one that cannot be read; all bytes follow as after ReadFile"));
        }
    };
};

struct TagImage {
    static constexpr std::string_view name = "Tag";
    static constexpr std::string_view comment
        = "Gives an image one more name; another image of the caller's that has it loses it.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string image;
        std::string reference;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Parameters::image),
                              json::required("reference", &Parameters::reference, "name or name:tag"));
        }
    };
    struct Reply {
        Image image;
        std::string reference;
        static constexpr auto fields()
        {
            return std::tuple(json::required("image", &Reply::image),
                              json::required("reference", &Reply::reference, "as it is stored"));
        }
    };
};

struct UntagImage {
    static constexpr std::string_view name = "Untag";
    static constexpr std::string_view comment = "Takes a name from an image, which stays, be it without any.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string reference;
        static constexpr auto fields() { return std::tuple(json::required("reference", &Parameters::reference)); }
    };
    struct Reply {
        Image image;
        static constexpr auto fields() { return std::tuple(json::required("image", &Reply::image)); }
    };
};

// An image that was looked at for its removal.
struct PruneRow {
    Image image;
    std::int64_t freed = 0;
    std::string kept;
    static constexpr auto fields()
    {
        return std::tuple(json::required("image", &PruneRow::image),
                          json::required("freed", &PruneRow::freed,
                                         "bytes on disk that go with it and those above it in this list"),
                          json::required("kept", &PruneRow::kept, "why it stays, in words; empty for one that goes"));
    }
};

struct PruneImages {
    static constexpr std::string_view name = "Prune";
    static constexpr std::string_view comment
        = "Removes the caller's images that have no name and that no container uses.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        bool all = false;
        bool dryRun = false;
        std::optional<std::int64_t> until;
        std::vector<std::string> labels;
        static constexpr auto fields()
        {
            using json::defaulted;
            using P = Parameters;
            return std::tuple(defaulted("all", &P::all, "those that have names as well"),
                              defaulted("dryRun", &P::dryRun, "only tell what would go"),
                              defaulted("until", &P::until, "only those made before it: seconds since 1970"),
                              defaulted("labels", &P::labels, "only those with all of them: key, key=value; key!=value and !key for without"));
        }
    };
    struct Reply {
        std::vector<PruneRow> images;
        std::int64_t freed = 0;
        static constexpr auto fields()
        {
            return std::tuple(json::required("images", &Reply::images, "every image of the store, those that go first"),
                              json::required("freed", &Reply::freed, "bytes on disk, all together"));
        }
    };
};

} // namespace rocker::protocol
