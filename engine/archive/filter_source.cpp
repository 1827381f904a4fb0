#include "engine/archive/filter_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>

namespace rocker::archive {

FilterSource::~FilterSource()
{
    if (m_archive)
        archive_read_free(m_archive);
}

ssize_t FilterSource::pull(struct ::archive* archive, void* self, const void** block)
{
    auto& source = *static_cast<FilterSource*>(self);
    auto count = source.m_input.read(source.m_buffer);
    if (!count) {
        source.m_inputError = std::move(count).error();
        archive_set_error(archive, EIO, "input");
        return ARCHIVE_FATAL;
    }
    *block = source.m_buffer.data();
    return ssize_t(*count);
}

Error FilterSource::failure()
{
    if (m_inputError)
        return *m_inputError;
    const char* text = archive_error_string(m_archive);
    return {ErrorCode::Corrupt, 0, std::string("the compressed stream is damaged: ") + (text ? text : "unknown reason")};
}

Result<> FilterSource::open()
{
    m_archive = archive_read_new();
    if (!m_archive)
        return fail(Error::fromErrno(ENOMEM));
    archive_read_support_filter_zstd(m_archive);
    archive_read_support_filter_xz(m_archive);
    archive_read_support_filter_bzip2(m_archive);
    archive_read_support_format_raw(m_archive);
    archive_read_support_format_empty(m_archive);
    if (archive_read_open(m_archive, this, nullptr, &FilterSource::pull, nullptr) != ARCHIVE_OK)
        return fail(failure());
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(m_archive, &entry);
    if (status == ARCHIVE_EOF)
        m_empty = true;
    else if (status != ARCHIVE_OK)
        return fail(failure());
    return {};
}

Result<std::size_t> FilterSource::read(std::span<char> buffer)
{
    if (!m_archive)
        TRY(open());
    if (m_empty)
        return 0;
    const ssize_t count = archive_read_data(m_archive, buffer.data(), buffer.size());
    if (count < 0)
        return fail(failure());
    return std::size_t(count);
}

} // namespace rocker::archive
