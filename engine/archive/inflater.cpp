#include "engine/archive/inflater.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace rocker::archive {

namespace {

template<typename Length>
Length bounded(std::size_t size)
{
    return Length(std::min<std::size_t>(size, 1 << 30));
}

} // namespace

} // namespace rocker::archive

#ifdef ROCKER_ISAL

#include <isa-l/igzip_lib.h>

namespace rocker::archive {

struct Inflater::State {
    inflate_state stream;
};

Inflater::Inflater() : m_state(new State)
{
    isal_inflate_init(&m_state->stream);
    m_state->stream.crc_flag = ISAL_GZIP;
}

Inflater::~Inflater() = default;

void Inflater::beginMember()
{
    isal_inflate_reset(&m_state->stream);
}

// The state holds its history and the bits it has not used yet, and no pointer but those that run() sets (igzip_lib.h).
std::string Inflater::save() const
{
    inflate_state copy = m_state->stream;
    copy.next_in = nullptr;
    copy.next_out = nullptr;
    return {reinterpret_cast<const char*>(&copy), sizeof copy};
}

bool Inflater::restore(std::string_view state)
{
    if (state.size() != sizeof(inflate_state))
        return false;
    std::memcpy(&m_state->stream, state.data(), state.size());
    return true;
}

Inflater::Status Inflater::run(std::span<const char>& input, std::span<char>& output)
{
    inflate_state& stream = m_state->stream;
    stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(input.data()));
    stream.avail_in = bounded<std::uint32_t>(input.size());
    stream.next_out = reinterpret_cast<std::uint8_t*>(output.data());
    stream.avail_out = bounded<std::uint32_t>(output.size());
    const int status = isal_inflate(&stream);
    input = input.last(input.size() - std::size_t(reinterpret_cast<const char*>(stream.next_in) - input.data()));
    output = output.last(output.size() - std::size_t(reinterpret_cast<char*>(stream.next_out) - output.data()));
    if (status < 0 || status == ISAL_NEED_DICT)
        return Status::Damaged;
    return stream.block_state == ISAL_BLOCK_FINISH ? Status::End : Status::More;
}

} // namespace rocker::archive

#else

#include <zlib.h>

namespace rocker::archive {

struct Inflater::State {
    z_stream stream{};
    ~State() { inflateEnd(&stream); }
};

Inflater::Inflater() : m_state(new State)
{
    constexpr int gzipOnly = 15 + 16; // window bits, and the gzip wrapper alone (zlib.h, inflateInit2)
    if (inflateInit2(&m_state->stream, gzipOnly) != Z_OK)
        throw std::bad_alloc();
}

Inflater::~Inflater() = default;

void Inflater::beginMember()
{
    inflateReset(&m_state->stream);
}

std::string Inflater::save() const
{
    return {};
}

bool Inflater::restore(std::string_view)
{
    return false;
}

Inflater::Status Inflater::run(std::span<const char>& input, std::span<char>& output)
{
    z_stream& stream = m_state->stream;
    const auto given = bounded<uInt>(input.size());
    const auto room = bounded<uInt>(output.size());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = room;
    const int status = inflate(&stream, Z_NO_FLUSH);
    input = input.subspan(given - stream.avail_in);
    output = output.subspan(room - stream.avail_out);
    if (status == Z_STREAM_END)
        return Status::End;
    return status == Z_OK || status == Z_BUF_ERROR ? Status::More : Status::Damaged;
}

} // namespace rocker::archive

#endif
