#include "engine/archive/gzip_source.h"

#include <zlib.h>

namespace rocker::archive {

namespace {

constexpr std::size_t inputSize = 64 * 1024;
constexpr int gzipOnly = 15 + 16; // window bits, and the gzip wrapper alone (zlib.h, inflateInit2)

} // namespace

GzipSource::GzipSource(ByteSource& input) : m_input(input), m_buffer(inputSize), m_stream(new z_stream{})
{
    if (inflateInit2(m_stream.get(), gzipOnly) != Z_OK)
        throw std::bad_alloc();
}

GzipSource::~GzipSource()
{
    inflateEnd(m_stream.get());
}

// False at the end of the input.
Result<bool> GzipSource::refill()
{
    if (m_stream->avail_in > 0)
        return true;
    const std::size_t count = TRY(m_input.read(m_buffer));
    m_stream->next_in = reinterpret_cast<Bytef*>(m_buffer.data());
    m_stream->avail_in = uInt(count);
    return count > 0;
}

Result<bool> GzipSource::nextMember()
{
    if (!TRY(refill()))
        return false;
    inflateReset(m_stream.get());
    return true;
}

Result<std::size_t> GzipSource::read(std::span<char> buffer)
{
    if (m_ended)
        return 0;
    m_stream->next_out = reinterpret_cast<Bytef*>(buffer.data());
    m_stream->avail_out = uInt(std::min<std::size_t>(buffer.size(), 1 << 30));
    const uInt room = m_stream->avail_out;
    while (m_stream->avail_out == room) {
        if (!TRY(refill()))
            return fail(ErrorCode::Corrupt, "the gzip stream is truncated");
        const int status = inflate(m_stream.get(), Z_NO_FLUSH);
        if (status == Z_STREAM_END) {
            if (!TRY(nextMember())) {
                m_ended = true;
                break;
            }
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            return fail(ErrorCode::Corrupt, "the gzip stream is damaged: {}",
                        m_stream->msg ? m_stream->msg : "inflate failed");
        }
    }
    return room - m_stream->avail_out;
}

} // namespace rocker::archive
