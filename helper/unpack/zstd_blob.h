#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/image/digest.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;

namespace rocker::unpack {

// A layer's blob as it is written: compressed by zstd (level 3, with a check sum; RFC 8878), both digests on the way.
class ZstdBlob
{
public:
    // `output` is lent; no more than `limit` bytes go there.
    ZstdBlob(BorrowedFd output, std::int64_t limit);
    ~ZstdBlob();
    Result<> add(std::string_view bytes);
    // Ends the frame. Nothing may be added afterwards.
    Result<> finish();

    std::string diffId() { return m_plain.digest(); }     // once
    std::string blobDigest() { return m_stored.digest(); } // once
    std::int64_t size() const { return m_size; }

private:
    Result<> compress(std::string_view bytes, bool last);

    BorrowedFd m_output;
    std::int64_t m_limit;
    std::int64_t m_size = 0;
    ZSTD_CCtx_s* m_context;
    std::vector<char> m_buffer;
    image::Sha256 m_plain;
    image::Sha256 m_stored;
};

} // namespace rocker::unpack
