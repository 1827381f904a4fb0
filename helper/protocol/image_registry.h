#pragma once

#include "helper/protocol/image.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The verbs of org.rockerworkstation.Images that talk to registries. An error with the errno ENOKEY is a registry that wants
// a login.
namespace rocker::protocol {

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

struct PullImage {
    static constexpr std::string_view name = "Pull";
    static constexpr std::string_view comment
        = "Fetches an image from a registry into the store, with the caller's credentials.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string reference;
        std::string platform;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("reference", &P::reference,
                                             "name, name:tag or name@digest, with or without registry"),
                              json::defaulted("platform", &P::platform,
                                              "linux/arm64, linux/arm/v7; else this machine's"),
                              json::defaulted("authFile", &P::authFile,
                                              "absolute; read as the caller, instead of the usual places"));
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
                              json::defaulted("digest", &R::digest,
                                              "in the last reply: of the manifest, or of the index it is from"));
        }
    };
};

struct PushImage {
    static constexpr std::string_view name = "Push";
    static constexpr std::string_view comment
        = "Sends an image of the store to a registry as it is, with the caller's credentials.";
    static constexpr Flow flow = Flow::Stream;
    struct Parameters {
        std::string image;
        std::string reference;
        std::string authFile;
        static constexpr auto fields()
        {
            using P = Parameters;
            return std::tuple(json::required("image", &P::image),
                              json::defaulted("reference", &P::reference,
                                              "where to: name or name:tag, with or without registry; else the image's own"),
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
                              json::defaulted("digest", &R::digest,
                                              "in the last reply: of the manifest, as the registry has it"),
                              json::defaulted("uploaded", &R::uploaded, "blobs that were sent"),
                              json::defaulted("mounted", &R::mounted,
                                              "blobs that the registry took from another repository"),
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
                              json::defaulted("helper", &P::helper,
                                              "a credential helper to keep it in from now on: secretservice"));
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

} // namespace rocker::protocol
