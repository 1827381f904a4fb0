#pragma once

#include <unistd.h>
#include <utility>

namespace rocker {

// A descriptor lent for the length of a call: never closed by who receives it. Negative means none; AT_FDCWD passes.
class BorrowedFd
{
public:
    constexpr explicit BorrowedFd(int fd) : m_fd(fd) {}
    constexpr int value() const { return m_fd; }

private:
    int m_fd;
};

// The owner of one descriptor; closes it, silently. Lending is explicit in the type, never a raw int by accident.
class UniqueFd
{
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : m_fd(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept
    {
        if (this != &other)
            reset(std::exchange(other.m_fd, -1));
        return *this;
    }
    ~UniqueFd() { reset(); }

    bool valid() const { return m_fd >= 0; }
    int value() const { return m_fd; }
    BorrowedFd borrow() const { return BorrowedFd(m_fd); }
    operator BorrowedFd() const { return borrow(); }

    [[nodiscard]] int release() { return std::exchange(m_fd, -1); }
    void reset(int fd = -1)
    {
        if (const int old = std::exchange(m_fd, fd); old >= 0)
            ::close(old);
    }

private:
    int m_fd = -1;
};

} // namespace rocker
