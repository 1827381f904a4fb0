#pragma once

#include "engine/json/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The JSON documents of images as others write them, as far as we read them (OCI image-spec 1.1; Docker's image
// specification 1.2 for docker-archive). Read with UnknownKeys::Ignore, in the unprivileged reader only.
namespace rocker::image {

struct Platform {
    std::string architecture;
    std::string os;
    std::string variant;
    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("architecture", &Platform::architecture), json::defaulted("os", &Platform::os),
                          json::defaulted("variant", &Platform::variant));
    }
};

struct Descriptor {
    std::string mediaType;
    std::string digest;
    std::int64_t size = 0;
    std::map<std::string, std::string> annotations;
    std::optional<Platform> platform;
    static constexpr auto fields()
    {
        using D = Descriptor;
        return std::tuple(json::required("mediaType", &D::mediaType), json::required("digest", &D::digest),
                          json::required("size", &D::size), json::defaulted("annotations", &D::annotations),
                          json::defaulted("platform", &D::platform));
    }
};

struct Index {
    std::int64_t schemaVersion = 0;
    std::string mediaType;
    std::vector<Descriptor> manifests;
    static constexpr auto fields()
    {
        return std::tuple(json::required("schemaVersion", &Index::schemaVersion),
                          json::defaulted("mediaType", &Index::mediaType), json::required("manifests", &Index::manifests));
    }
};

struct Manifest {
    std::int64_t schemaVersion = 0;
    std::string mediaType;
    Descriptor config;
    std::vector<Descriptor> layers;
    static constexpr auto fields()
    {
        using M = Manifest;
        return std::tuple(json::required("schemaVersion", &M::schemaVersion), json::defaulted("mediaType", &M::mediaType),
                          json::required("config", &M::config), json::required("layers", &M::layers));
    }
};

struct Layout {
    std::string version;
    static constexpr auto fields() { return std::tuple(json::required("imageLayoutVersion", &Layout::version)); }
};

struct History {
    std::string created;
    std::string createdBy;
    std::string comment;
    bool emptyLayer = false;
    static constexpr auto fields()
    {
        using H = History;
        return std::tuple(json::defaulted("created", &H::created), json::defaulted("created_by", &H::createdBy),
                          json::defaulted("comment", &H::comment), json::defaulted("empty_layer", &H::emptyLayer));
    }
};

struct RootFs {
    std::string type;
    std::vector<std::string> diffIds;
    static constexpr auto fields()
    {
        return std::tuple(json::required("type", &RootFs::type), json::required("diff_ids", &RootFs::diffIds));
    }
};

struct Execution {
    std::vector<std::string> entrypoint;
    std::vector<std::string> command;
    std::vector<std::string> environment;
    std::string workingDirectory;
    std::string user;
    std::string stopSignal;
    std::map<std::string, json::Value> exposedPorts; // the values say nothing
    std::map<std::string, json::Value> volumes;
    std::map<std::string, json::Value> labels; // strings
    static constexpr auto fields()
    {
        using E = Execution;
        return std::tuple(json::defaulted("Entrypoint", &E::entrypoint), json::defaulted("Cmd", &E::command),
                          json::defaulted("Env", &E::environment), json::defaulted("WorkingDir", &E::workingDirectory),
                          json::defaulted("User", &E::user), json::defaulted("StopSignal", &E::stopSignal),
                          json::defaulted("ExposedPorts", &E::exposedPorts), json::defaulted("Volumes", &E::volumes),
                          json::defaulted("Labels", &E::labels));
    }
};

struct Configuration {
    std::string created;
    std::string architecture;
    std::string os;
    Execution config;
    RootFs rootfs;
    std::vector<History> history;
    static constexpr auto fields()
    {
        using C = Configuration;
        return std::tuple(json::defaulted("created", &C::created), json::required("architecture", &C::architecture),
                          json::required("os", &C::os), json::defaulted("config", &C::config),
                          json::required("rootfs", &C::rootfs), json::defaulted("history", &C::history));
    }
};

// One element of a docker-archive's manifest.json; layers are paths in the archive, lowest first.
struct ArchiveManifest {
    std::string config;
    std::vector<std::string> repoTags;
    std::vector<std::string> layers;
    static constexpr auto fields()
    {
        using A = ArchiveManifest;
        return std::tuple(json::required("Config", &A::config), json::defaulted("RepoTags", &A::repoTags),
                          json::required("Layers", &A::layers));
    }
};

} // namespace rocker::image
