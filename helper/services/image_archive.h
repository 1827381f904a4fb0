#pragma once

#include "engine/image/image_store.h"

#include <string>
#include <vector>

namespace rocker {

// An image and the names that it is saved under.
struct SavedImage {
    image::StoredImage image;
    std::vector<std::string> references;
    std::int64_t configurationSize = 0;
    std::int64_t manifestSize = 0;
};

// One file of an archive: a document, or a blob of the store.
struct ArchiveMember {
    std::string name;
    std::string document;
    std::string blob; // its digest; empty for a document
    std::uint64_t size = 0;
};

// A manifest for an image that came without one: the same image has the same.
inline constexpr const char* ownManifestType = "application/vnd.oci.image.manifest.v1+json";
std::string manifestFor(const SavedImage& saved);

// FailedPrecondition for an image of which an older version has not kept the layers as they came.
Result<> checkBlobsKept(const image::StoredImage& image);

// The files, in their order, of a tar that is an OCI layout (image-layout.md) and a docker-archive at once: the same
// images make the same files. An image without a manifest gets one.
Result<std::vector<ArchiveMember>> archiveOf(const std::vector<SavedImage>& images);

// Bytes of the whole tar.
std::uint64_t archiveSize(const std::vector<ArchiveMember>& members);

// The tar in Output frames; blobs are read from `store`, of which nothing but blobs() need be open.
Result<> sendArchive(BorrowedFd socket, const image::ImageStore& store, const std::vector<ArchiveMember>& members);

} // namespace rocker
