#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <QSocketNotifier>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace rocker::fetch {

// Which blobs of an image are wanted: a line with a JSON array of digests on a pipe from the helper, one for every time
// that it is told of the documents.
class Wishes
{
public:
    using Blobs = std::set<std::string>;
    using Heard = std::function<void(Result<Blobs>)>;

    // `pipe` is lent.
    explicit Wishes(BorrowedFd pipe) : m_pipe(pipe) {}
    // `heard` is called from the event loop, once; who asks again is not told of what was asked before.
    void ask(Heard heard);

private:
    void read();
    Result<std::optional<Blobs>> next();

    BorrowedFd m_pipe;
    std::string m_text;
    Heard m_heard;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace rocker::fetch
