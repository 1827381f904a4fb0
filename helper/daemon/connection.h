#pragma once

#include "helper/daemon/dispatcher.h"
#include "helper/event/event_loop.h"
#include "helper/services/request.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace rocker {

struct ConnectionLimits {
    std::chrono::seconds messageTime{30}; // for the first message, and for the rest of one that has begun
    std::chrono::seconds stallTime{60};   // for a client that has much to read and reads nothing
    std::size_t streamBytes = 256 << 10;  // unsent bytes beyond which streams and further calls wait
    std::size_t budget = 8 << 20;         // unsent bytes beyond which whoever sends more loses the client
};

// One client of the socket: its calls one at a time and in order, its answers buffered within a budget. While a call
// is being answered nothing more is read, only the hang-up noticed.
class Connection final : public ReplySink, public std::enable_shared_from_this<Connection>
{
public:
    struct Surroundings {
        EventLoop& loop;
        const Dispatcher& dispatcher;
        ConnectionLimits limits;
        std::function<void(Connection&)> ended; // it has closed, or given its socket away
    };
    Connection(const Surroundings& surroundings, UniqueFd socket, Caller caller);

    void start();
    void close();
    const Caller& caller() const { return m_caller; }
    // It has sent at least one whole message.
    bool hasSpoken() const { return m_spoken; }

    void send(const protocol::Answer& answer) override;
    bool ready(std::function<void()> whenDrained) override;
    void upgrade(const protocol::Answer& answer, std::function<void(UniqueFd, std::string)> taken) override;
    void onGone(std::function<void()> callback) override;

private:
    enum class Phase { Reading, Answering, Upgrading, Over };

    void onEvents(std::uint32_t revents);
    void readSome();
    void takeNextMessage();
    void takeNextMessageLater();
    void callReceived(const std::string& message);
    void queue(protocol::Answer answer);
    void flush();
    void outputMoved();
    void finishCall();
    void handOver();
    void drop(std::string_view why);
    void closeLater();
    void updateEvents();
    void updateDeadline();
    std::size_t unsent() const { return m_output.size() - m_sent; }
    void later(void (Connection::*function)());

    const Surroundings& m_surroundings;
    UniqueFd m_socket;
    Caller m_caller;
    EventLoop::Source m_source;
    EventLoop::Source m_deadline;
    EventLoop::Source m_stall;
    Phase m_phase = Phase::Reading;
    bool m_spoken = false;
    bool m_ended = false;      // the client has sent all it will send
    bool m_broken = false;     // closing is on its way
    bool m_oneway = false;     // the current call wants no answer
    bool m_takePosted = false; // takeNextMessage() is on its way
    protocol::MessageBuffer m_input{protocol::requestLimit};
    std::string m_interface; // of the current call
    std::string m_output;
    std::size_t m_sent = 0; // bytes of m_output
    std::function<void()> m_gone;
    std::function<void()> m_drained;
    std::function<void(UniqueFd, std::string)> m_taken;
};

} // namespace rocker
