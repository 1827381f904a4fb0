#pragma once

#include "engine/image/configuration_edits.h"
#include "engine/image/worker_messages.h"

// What the helper and the worker that makes a layer of a container's changes (mode "commit") tell each other.
namespace rocker::image {

inline constexpr std::size_t commitDocumentLimit = 16 << 20;

// What the worker reads from BaseFd: too large for a command line.
struct CommitDocument {
    std::string configuration;         // of the image that the container was made of, as it came
    std::vector<ArchivedLayer> layers; // of that image: diff ID, blob digest, size and media type
    std::vector<std::string> paths;    // that alone are taken; empty for every change
    ConfigurationEdits edits;
    std::string created; // RFC 3339, now
    std::string createdBy;
    std::string author;
    std::string comment;
    static constexpr auto fields()
    {
        using json::required;
        using D = CommitDocument;
        return std::tuple(required("configuration", &D::configuration), required("layers", &D::layers), required("paths", &D::paths),
                          required("edits", &D::edits), required("created", &D::created), required("createdBy", &D::createdBy),
                          required("author", &D::author), required("comment", &D::comment));
    }
};

// commit: the changes in the directory InputFd become a layer's blob in OutputFd, and with what BaseFd says an image:
// IndexOutcome, whose last layer, if there are changes, is that blob.
struct CommitRequest {
    std::int64_t contentLimit = 0; // bytes of all files
    std::int64_t blobLimit = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::required("contentLimit", &CommitRequest::contentLimit),
                          json::required("blobLimit", &CommitRequest::blobLimit));
    }
};

// survey: the index (engine/layers) of the changes in the directory InputFd to OutputFd.
struct SurveyRequest {
    static constexpr auto fields() { return std::tuple(); }
};

} // namespace rocker::image
