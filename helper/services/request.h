#pragma once

#include "engine/base/unique_fd.h"
#include "helper/protocol/varlink.h"

#include <functional>
#include <memory>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace rocker {

// Who calls, as the kernel told at accept (SO_PEERCRED, SO_PEERGROUPS, SO_PEERPIDFD, unix(7)); nothing of it comes
// from a message. The pid may have been given to another process since: `process` cannot.
struct Caller {
    uid_t uid = static_cast<uid_t>(-1);
    gid_t gid = static_cast<gid_t>(-1);
    pid_t pid = 0;
    std::vector<gid_t> groups;               // supplementary
    std::shared_ptr<const UniqueFd> process; // a pidfd; null on kernels before 6.5

    bool isRoot() const { return uid == 0; }
    // What belongs to another user does not exist for the caller.
    bool mayUse(uid_t owner) const { return isRoot() || uid == owner; }
};

// The way back to a caller. The connection may be gone: sending then does nothing.
class ReplySink
{
public:
    virtual ~ReplySink() = default;
    virtual void send(const protocol::Answer& answer) = 0;
    // True when the client can take more stream replies now; when false, `whenDrained` runs once it can. One that goes
    // on sending regardless is cut off at the connection's byte budget.
    virtual bool ready(std::function<void()> whenDrained) = 0;
    // Sends `answer`, and when it has left, takes the connection off Varlink and gives its socket away, together with
    // the bytes that the client had sent already. The socket is non-blocking. Dropped uncalled when the client goes
    // away first.
    virtual void upgrade(const protocol::Answer& answer, std::function<void(UniqueFd socket, std::string rest)> taken) = 0;
    // Runs once if the client disconnects before the last reply.
    virtual void onGone(std::function<void()> callback) = 0;
};

// One call, to be answered exactly once: by reply(), fail() or upgrade(), now or later. Dropped unanswered, it answers
// with an Internal error.
template<protocol::Method M>
class Request
{
public:
    Request(Caller caller, typename M::Parameters parameters, std::shared_ptr<ReplySink> sink)
        : m_caller(std::move(caller)), m_parameters(std::move(parameters)), m_sink(std::move(sink))
    {
    }
    Request(Request&&) noexcept = default;
    Request& operator=(Request&&) = delete;
    ~Request()
    {
        if (m_sink)
            fail(Error{ErrorCode::Internal, 0, std::string(M::name) + ": the helper dropped the request"});
    }

    const Caller& caller() const { return m_caller; }
    const typename M::Parameters& parameters() const { return m_parameters; }

    void reply(const typename M::Reply& reply) { take()->send({.parameters = json::write(reply)}); }
    void fail(const Error& error) { take()->send(protocol::errorAnswer(error)); }
    void finish(const Result<typename M::Reply>& result) { result ? reply(*result) : fail(result.error()); }

    void progress(const typename M::Reply& reply)
        requires(M::flow == protocol::Flow::Stream)
    {
        m_sink->send({.parameters = json::write(reply), .continues = true});
    }
    bool ready(std::function<void()> whenDrained) { return m_sink->ready(std::move(whenDrained)); }
    void onGone(std::function<void()> callback) { m_sink->onGone(std::move(callback)); }

    void upgrade(const typename M::Reply& reply, std::function<void(UniqueFd, std::string)> taken)
        requires(M::flow == protocol::Flow::Upgrade)
    {
        take()->upgrade({.parameters = json::write(reply)}, std::move(taken));
    }

private:
    std::shared_ptr<ReplySink> take() { return std::exchange(m_sink, nullptr); }

    Caller m_caller;
    typename M::Parameters m_parameters;
    std::shared_ptr<ReplySink> m_sink;
};

} // namespace rocker
