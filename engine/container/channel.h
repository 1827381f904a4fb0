#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <functional>
#include <string>
#include <vector>

// Between who starts a container and the process that becomes it: two ends of different types, so that the wrong
// direction does not compile.
namespace rocker::container {

// How far the child says it is.
enum class Progress : char {
    Made = 'P',     // an intermediate has made the process; its pid comes as text, its pidfd with it
    Mapping = 'I',  // a tree, that comes with it, is to be ID-mapped from outside; its source's index is the text
    Mounted = 'M',  // the file systems are assembled, the old root is still there
    Ready = 'R',    // only the command is missing; the terminal's master comes with it, if there is one
    Warned = 'W',   // what could not be had without being an error, one on each line
    Filtered = 'F', // the seccomp filter comes next; its listener is then offered (seccomp/listener.h)
};

struct Word {
    std::string text;
    std::vector<UniqueFd> fds;
    UniqueFd fd() { return fds.empty() ? UniqueFd() : std::move(fds.front()); }
};

// The starter's end.
class ParentEnd
{
public:
    explicit ParentEnd(UniqueFd socket) : m_socket(std::move(socket)) {}

    // At most 250 descriptors (unix(7), SCM_RIGHTS) and 64 KiB of text.
    Result<> sendGo(const std::vector<BorrowedFd>& fds = {}, std::string_view text = {});
    // Waits for that word. The child's error, or its silent death, is an error here.
    // Mapping may come before it as often as it likes: that is what `map` is for; a go-ahead follows.
    Result<Word> await(Progress progress, const std::function<Result<>(Word)>& map = {});
    // Waits until the child has become the command (its end closes), or reports why it cannot.
    Result<> awaitExec();
    // What it has warned of since the last word that was waited for.
    std::string takeWarnings() { return std::exchange(m_warnings, {}); }
    BorrowedFd socket() const { return m_socket; }

private:
    // The next message that is no warning.
    Result<Word> receive();
    UniqueFd m_socket;
    std::string m_warnings;
};

// The child's end. It closes by itself on exec.
class ChildEnd
{
public:
    explicit ChildEnd(UniqueFd socket) : m_socket(std::move(socket)) {}

    Result<Word> awaitGo();
    Result<> send(Progress progress, BorrowedFd fd = BorrowedFd(-1), std::string_view text = {});
    // The last thing a child does that cannot go on.
    void sendError(const Error& error);
    BorrowedFd socket() const { return m_socket; }
    void close() { m_socket.reset(); }

private:
    UniqueFd m_socket;
};

Result<std::pair<ParentEnd, ChildEnd>> makeChannel();

// An Error as one message, and back.
std::string encodeError(const Error& error);
Error decodeError(std::string_view text);

} // namespace rocker::container
