#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::archive {

// Where bytes come from, once and in order.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    // Puts at least one byte into `buffer` (not empty) and says how many; 0 at the end.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

// Fills `buffer`; fewer bytes only when the source ends first.
Result<std::size_t> readFully(ByteSource& source, std::span<char> buffer);

// The rest of a pipe, socket or file; the descriptor is lent.
class FdSource : public ByteSource
{
public:
    explicit FdSource(BorrowedFd fd) : m_fd(fd) {}
    Result<std::size_t> read(std::span<char> buffer) override;

private:
    BorrowedFd m_fd;
};

// `size` bytes of a seekable file from `offset` on; the descriptor is lent and its position does not matter.
class RangeSource : public ByteSource
{
public:
    RangeSource(BorrowedFd fd, std::uint64_t offset, std::uint64_t size) : m_fd(fd), m_offset(offset), m_left(size) {}
    Result<std::size_t> read(std::span<char> buffer) override;
    Result<> skip(std::uint64_t count);
    std::uint64_t offset() const { return m_offset; }

private:
    BorrowedFd m_fd;
    std::uint64_t m_offset;
    std::uint64_t m_left;
};

// Another source, which is asked for much at a time: a pipe costs a system call for every question.
class BufferedSource : public ByteSource
{
public:
    explicit BufferedSource(ByteSource& input, std::size_t size = 256 * 1024) : m_input(input), m_buffer(size) {}
    Result<std::size_t> read(std::span<char> buffer) override;

private:
    ByteSource& m_input;
    std::vector<char> m_buffer;
    std::span<const char> m_rest; // of the buffer
};

class MemorySource : public ByteSource
{
public:
    explicit MemorySource(std::string_view bytes) : m_rest(bytes) {}
    Result<std::size_t> read(std::span<char> buffer) override;

private:
    std::string_view m_rest;
};

} // namespace rocker::archive
