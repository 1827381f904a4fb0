#include "helper/unpack/zstd_blob.h"

#include "engine/os/file.h"

#include <new>
#include <zstd.h>

namespace rocker::unpack {

static constexpr int level = 3;

ZstdBlob::ZstdBlob(BorrowedFd output, std::int64_t limit)
    : m_output(output), m_limit(limit), m_context(ZSTD_createCCtx()), m_buffer(ZSTD_CStreamOutSize())
{
    if (!m_context)
        throw std::bad_alloc();
    ZSTD_CCtx_setParameter(m_context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(m_context, ZSTD_c_checksumFlag, 1);
}

ZstdBlob::~ZstdBlob()
{
    ZSTD_freeCCtx(m_context);
}

Result<> ZstdBlob::compress(std::string_view bytes, bool last)
{
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    for (;;) {
        ZSTD_outBuffer output{m_buffer.data(), m_buffer.size(), 0};
        const std::size_t left = ZSTD_compressStream2(m_context, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return fail(ErrorCode::Internal, "compress the layer: {}", ZSTD_getErrorName(left));
        m_size += std::int64_t(output.pos);
        if (m_size > m_limit)
            return fail(ErrorCode::ResourceExhausted, "the layer is larger than {} bytes", m_limit);
        m_stored.add({m_buffer.data(), output.pos});
        TRY(os::writeAll(m_output, {m_buffer.data(), output.pos}), "write the layer");
        if (last ? left == 0 : input.pos == input.size)
            return {};
    }
}

Result<> ZstdBlob::add(std::string_view bytes)
{
    m_plain.add(bytes);
    return compress(bytes, false);
}

Result<> ZstdBlob::finish()
{
    return compress({}, true);
}

} // namespace rocker::unpack
