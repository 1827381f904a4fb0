#pragma once

#include "engine/archive/byte_source.h"

#include <memory>
#include <optional>
#include <vector>

struct archive;

namespace rocker::archive {

// zstd, xz and bzip2 by libarchive's filters (its "raw" format, archive_read_format(3)).
class FilterSource : public ByteSource
{
public:
    explicit FilterSource(ByteSource& input) : m_input(input), m_buffer(64 * 1024) {}
    ~FilterSource() override;
    Result<std::size_t> read(std::span<char> buffer) override;

private:
    static ssize_t pull(struct ::archive*, void* self, const void** block);
    Result<> open();
    Error failure();

    ByteSource& m_input;
    std::vector<char> m_buffer;
    struct ::archive* m_archive = nullptr;
    std::optional<Error> m_inputError;
    bool m_empty = false;
};

} // namespace rocker::archive
