#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/image/documents.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace rocker::fetch {

// An OCI image layout as a plain tar in a file (image-spec, image-layout.md). What blobs there will be and how large
// they are is known from the manifest, so each has its place from the beginning and they may arrive in any order.
class LayoutWriter
{
public:
    // Whatever stood in the file is gone. `manifest` describes the document that `image` was read from. Refused when
    // the archive would be larger than `limit` or than what is free.
    static Result<LayoutWriter> create(BorrowedFd file, const image::Descriptor& manifest, const image::Manifest& image,
                                       std::int64_t limit);

    // Bytes of a blob, at its place.
    Result<> write(const std::string& digest, std::int64_t position, std::string_view bytes) const;

private:
    explicit LayoutWriter(BorrowedFd file) : m_file(file) {}
    std::int64_t place(std::string_view name, std::int64_t size);
    void placeBlob(const std::string& digest, std::int64_t size);
    Result<> writeHeaders() const;

    BorrowedFd m_file;
    std::int64_t m_end = 0;
    std::map<std::string, std::int64_t> m_offsets;  // of a blob's first byte, by its digest
    std::map<std::int64_t, std::string> m_headers;  // by where they stand
};

} // namespace rocker::fetch
