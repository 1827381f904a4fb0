#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <vector>

// Between who starts a container and the process that becomes it: two ends of different types, so that the wrong
// direction does not compile.
namespace rocker::container {

// The starter's end.
class ParentEnd
{
public:
    explicit ParentEnd(UniqueFd socket) : m_socket(std::move(socket)) {}

    Result<> sendGo(const std::vector<BorrowedFd>& fds);
    // Waits for the child's word and the descriptor that may come with it (a terminal's master, a pidfd). Its error, or
    // its silent death, is an error here.
    Result<UniqueFd> awaitReady();
    // Waits until the child has become the command (its end closes), or reports why it cannot.
    Result<> awaitExec();
    BorrowedFd socket() const { return m_socket; }

private:
    UniqueFd m_socket;
};

// The child's end. It closes by itself on exec.
class ChildEnd
{
public:
    explicit ChildEnd(UniqueFd socket) : m_socket(std::move(socket)) {}

    Result<std::vector<UniqueFd>> awaitGo();
    Result<> sendReady(BorrowedFd fd);
    // The last thing a child does that cannot go on.
    void sendError(const Error& error);
    BorrowedFd socket() const { return m_socket; }

private:
    UniqueFd m_socket;
};

Result<std::pair<ParentEnd, ChildEnd>> makeChannel();

// An Error as one message, and back.
std::string encodeError(const Error& error);
Error decodeError(std::string_view text);

} // namespace rocker::container
