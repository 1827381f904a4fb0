#pragma once

#include "engine/archive/byte_source.h"

#include <memory>
#include <vector>

struct z_stream_s;

namespace rocker::archive {

// RFC 1952 by zlib, which checks CRC and length of every member (libarchive's filter does not).
class GzipSource : public ByteSource
{
public:
    explicit GzipSource(ByteSource& input);
    ~GzipSource() override;
    Result<std::size_t> read(std::span<char> buffer) override;

private:
    Result<bool> refill();
    Result<bool> nextMember();

    ByteSource& m_input;
    std::vector<char> m_buffer;
    std::unique_ptr<z_stream_s> m_stream;
    bool m_ended = false;
};

} // namespace rocker::archive
