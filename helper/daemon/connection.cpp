#include "helper/daemon/connection.h"

#include "helper/event/log.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace rocker {

Connection::Connection(const Surroundings& surroundings, UniqueFd socket, Caller caller)
    : m_surroundings(surroundings), m_socket(std::move(socket)), m_caller(std::move(caller))
{
}

void Connection::start()
{
    m_source = m_surroundings.loop.onReady(m_socket, EPOLLIN, [this](std::uint32_t revents) { onEvents(revents); });
    updateDeadline();
}

void Connection::onEvents(std::uint32_t revents)
{
    const auto self = shared_from_this();
    if (m_phase == Phase::Reading && !m_ended && (revents & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        readSome();
    else if (revents & (EPOLLHUP | EPOLLERR))
        return close();
    if (revents & EPOLLOUT)
        flush();
}

void Connection::readSome()
{
    std::array<char, 64 << 10> chunk;
    const ssize_t size = ::recv(m_socket.value(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size < 0) {
        if (errno != EAGAIN && errno != EINTR)
            close();
        return;
    }
    m_ended = size == 0;
    m_input.append({chunk.data(), std::size_t(size)});
    takeNextMessage();
}

// One message a turn: a client that sends many is served between the others.
void Connection::takeNextMessage()
{
    m_takePosted = false;
    if (m_phase != Phase::Reading)
        return;
    if (unsent() > m_surroundings.limits.streamBytes)
        return updateEvents(); // goes on when the client has read: outputMoved()
    if (const auto message = m_input.next()) {
        m_spoken = true;
        m_deadline.reset();
        callReceived(*message);
    } else if (m_input.broken()) {
        return drop("sent a message longer than allowed");
    } else if (m_ended && unsent() == 0) {
        return close();
    }
    updateEvents();
    updateDeadline();
}

void Connection::takeNextMessageLater()
{
    if (!std::exchange(m_takePosted, true))
        later(&Connection::takeNextMessage);
}

void Connection::callReceived(const std::string& message)
{
    auto call = protocol::decodeCall(message);
    if (!call)
        return drop(std::format("sent what is no Varlink call ({})", call.error().what));
    if (call->oneway && (call->more || call->upgrade))
        return drop("sent a call that wants both no answer and several");
    m_phase = Phase::Answering;
    m_oneway = call->oneway;
    m_interface = call->method.substr(0, call->method.rfind('.'));
    m_surroundings.dispatcher.dispatch(m_caller, *std::move(call), shared_from_this());
}

void Connection::send(const protocol::Answer& answer)
{
    if (m_phase != Phase::Answering || m_broken)
        return;
    if (!m_oneway)
        queue(answer);
    if (!answer.continues)
        finishCall();
    flush();
}

void Connection::queue(protocol::Answer answer)
{
    if (unsent() > m_surroundings.limits.budget) {
        log::warning("a client of uid {} does not read its answers: closing its connection", m_caller.uid);
        return closeLater();
    }
    if (!answer.error.empty() && !answer.error.contains('.'))
        answer.error = m_interface + "." + answer.error;
    std::string text = protocol::encode(answer);
    if (text.size() > protocol::replyLimit)
        text = protocol::encode({.parameters = {{"message", "the answer is too long to be sent"}, {"errno", 0}},
                                 .error = m_interface + ".ResourceExhausted"});
    m_output += text;
}

void Connection::finishCall()
{
    m_phase = Phase::Reading;
    m_oneway = false;
    // Taken out first: what these own may call back while it is destroyed.
    const auto gone = std::exchange(m_gone, nullptr);
    const auto drained = std::exchange(m_drained, nullptr);
    takeNextMessageLater();
}

void Connection::flush()
{
    while (m_phase != Phase::Over && !m_broken && unsent() > 0) {
        const ssize_t size =
            ::send(m_socket.value(), m_output.data() + m_sent, unsent(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno != EAGAIN)
            return closeLater();
        if (size < 0)
            break;
        m_sent += std::size_t(size);
        m_stall.reset();
    }
    outputMoved();
}

void Connection::outputMoved()
{
    if (m_phase == Phase::Over)
        return;
    const std::size_t enough = m_surroundings.limits.streamBytes;
    if (unsent() == 0) {
        m_output = {};
        m_sent = 0;
    } else if (m_sent > enough && m_sent > m_output.size() / 2) {
        m_output.erase(0, std::exchange(m_sent, 0));
    }
    if (unsent() > enough && !m_stall.active())
        m_stall = m_surroundings.loop.after(m_surroundings.limits.stallTime,
                                            [this] { drop("has not read its answers for too long"); });
    else if (unsent() <= enough)
        m_stall.reset();
    if (m_drained && unsent() <= enough / 4)
        m_surroundings.loop.post(std::exchange(m_drained, nullptr));
    if (m_phase == Phase::Upgrading && unsent() == 0)
        return later(&Connection::handOver);
    if (m_phase == Phase::Reading && unsent() <= enough)
        takeNextMessageLater();
    updateEvents();
}

bool Connection::ready(std::function<void()> whenDrained)
{
    if (m_phase != Phase::Answering || unsent() <= m_surroundings.limits.streamBytes)
        return true;
    m_drained = std::move(whenDrained);
    return false;
}

void Connection::upgrade(const protocol::Answer& answer, std::function<void(UniqueFd, std::string)> taken)
{
    if (m_phase != Phase::Answering || m_broken)
        return;
    queue(answer);
    m_phase = Phase::Upgrading;
    m_taken = std::move(taken);
    flush();
}

void Connection::onGone(std::function<void()> callback)
{
    if (m_phase == Phase::Over)
        m_surroundings.loop.post(std::move(callback));
    else
        m_gone = std::move(callback);
}

void Connection::handOver()
{
    if (m_phase != Phase::Upgrading)
        return;
    const auto taken = std::exchange(m_taken, nullptr);
    m_gone = nullptr;
    m_source.reset();
    UniqueFd socket = std::move(m_socket);
    std::string rest = m_input.takeRest();
    close();
    taken(std::move(socket), std::move(rest));
}

void Connection::drop(std::string_view why)
{
    log::info("closing a connection of uid {}: it {}", m_caller.uid, why);
    close();
}

void Connection::close()
{
    if (std::exchange(m_phase, Phase::Over) == Phase::Over)
        return;
    const auto self = shared_from_this();
    m_source.reset();
    m_deadline.reset();
    m_stall.reset();
    m_socket.reset();
    m_input = protocol::MessageBuffer(0);
    m_output = {};
    m_sent = 0;
    const auto gone = std::exchange(m_gone, nullptr);
    const auto drained = std::exchange(m_drained, nullptr);
    const auto taken = std::exchange(m_taken, nullptr);
    m_surroundings.ended(*this);
    if (gone)
        gone();
}

// For failures found while a service is in the middle of sending.
void Connection::closeLater()
{
    m_broken = true;
    later(&Connection::close);
}

void Connection::later(void (Connection::*function)())
{
    m_surroundings.loop.post([weak = weak_from_this(), function] {
        if (const auto self = weak.lock())
            ((*self).*function)();
    });
}

void Connection::updateEvents()
{
    if (m_phase == Phase::Over)
        return;
    const bool reading = m_phase == Phase::Reading && !m_ended && !m_takePosted
        && unsent() <= m_surroundings.limits.streamBytes;
    m_source.setEvents((reading ? EPOLLIN : 0U) | (unsent() > 0 ? EPOLLOUT : 0U));
}

void Connection::updateDeadline()
{
    const bool waiting = m_phase == Phase::Reading && (!m_spoken || m_input.size() > 0);
    if (!waiting || m_takePosted)
        m_deadline.reset();
    else if (!m_deadline.active())
        m_deadline = m_surroundings.loop.after(m_surroundings.limits.messageTime,
                                               [this] { drop("did not finish a message in time"); });
}

} // namespace rocker
