#pragma once

#include "helper/protocol/method.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// What is told of an image of the store.
namespace rocker::protocol {

struct Image {
    std::string id;
    std::vector<std::string> references;
    std::int64_t size = 0;
    std::string createdAt;
    std::string architecture;
    std::int64_t layerCount = 0;

    bool operator==(const Image&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using I = Image;
        return std::tuple(required("id", &I::id, "digest of its configuration"),
                          required("references", &I::references, "name:tag, sorted"),
                          required("size", &I::size, "bytes of its unpacked layers"),
                          required("createdAt", &I::createdAt), required("architecture", &I::architecture),
                          required("layerCount", &I::layerCount));
    }
};

struct ImageLayer {
    std::string diffId;
    std::string chainId;
    std::int64_t size = 0;
    std::int64_t files = 0;
    std::string createdBy;
    std::string blobDigest;
    std::int64_t blobSize = 0;
    std::string mediaType;

    bool operator==(const ImageLayer&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using L = ImageLayer;
        return std::tuple(required("diffId", &L::diffId, "digest of its uncompressed tar"),
                          required("chainId", &L::chainId, "digest of it and all below it"),
                          required("size", &L::size, "bytes of its files"), required("files", &L::files),
                          required("createdBy", &L::createdBy, "the build step, as the image's history tells it"),
                          required("blobDigest", &L::blobDigest,
                                   "digest of it as it came, perhaps compressed; empty when that was not kept"),
                          required("blobSize", &L::blobSize, "bytes of it as it came"),
                          required("mediaType", &L::mediaType, "of it as it came"));
    }
};

struct ImageStep {
    std::string createdAt;
    std::string createdBy;
    std::string comment;
    bool emptyLayer = false;

    bool operator==(const ImageStep&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using S = ImageStep;
        return std::tuple(required("createdAt", &S::createdAt, "RFC 3339, empty when unknown"),
                          required("createdBy", &S::createdBy), required("comment", &S::comment),
                          required("emptyLayer", &S::emptyLayer,
                                   "it made no layer; the others made the layers in their order"));
    }
};

struct ImageDetails {
    std::vector<std::string> entrypoint;
    std::vector<std::string> command;
    std::vector<std::string> environment;
    std::string workingDirectory;
    std::string user;
    std::string stopSignal;
    std::vector<std::string> exposedPorts;
    std::vector<std::string> volumes;
    std::map<std::string, std::string> labels;
    std::vector<ImageLayer> layers;
    std::vector<ImageStep> history;
    std::string manifestDigest;
    std::int64_t owner = 0;
    std::int64_t ownSize = 0;
    std::int64_t sharedSize = 0;
    std::vector<std::string> usedBy;

    bool operator==(const ImageDetails&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using D = ImageDetails;
        return std::tuple(required("entrypoint", &D::entrypoint), required("command", &D::command),
                          required("environment", &D::environment), required("workingDirectory", &D::workingDirectory),
                          required("user", &D::user), required("stopSignal", &D::stopSignal),
                          required("exposedPorts", &D::exposedPorts, "80/tcp"), required("volumes", &D::volumes, "paths"),
                          required("labels", &D::labels), required("layers", &D::layers, "lowest first"),
                          required("history", &D::history, "every step, first to last; may be empty"),
                          required("manifestDigest", &D::manifestDigest, "empty when it came without one"),
                          required("owner", &D::owner, "the user who brought it"),
                          required("ownSize", &D::ownSize, "bytes on disk that go with it: layers, and as they came"),
                          required("sharedSize", &D::sharedSize, "bytes on disk that other images need as well"),
                          required("usedBy", &D::usedBy, "names of the caller's containers that are made from it"));
    }
};

struct ImageParameter {
    std::string image;
    static constexpr auto fields() { return std::tuple(json::required("image", &ImageParameter::image)); }
};

} // namespace rocker::protocol
