#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace rocker {

// The helper's one thread: sd-event(3) with callbacks as std::function. Everything the daemon and its services wait
// for is a Source here; none of them may block.
class EventLoop
{
public:
    // Something waited for. Dropping it ends the wait; a callback may drop its own source, and every other one.
    class Source
    {
    public:
        Source() = default;
        bool active() const { return m_callback != nullptr; }
        void reset() { m_callback.reset(); }
        // Of a source made by onReady(): waits for these events from now on.
        void setEvents(std::uint32_t events);

    private:
        friend class EventLoop;
        struct Callback;
        explicit Source(std::shared_ptr<Callback> callback) : m_callback(std::move(callback)) {}
        std::shared_ptr<Callback> m_callback;
    };

    static Result<EventLoop> create();
    EventLoop(EventLoop&&) noexcept;
    EventLoop& operator=(EventLoop&&) noexcept;
    ~EventLoop();

    // `events` as in epoll_ctl(2): EPOLLIN, EPOLLOUT; EPOLLHUP and EPOLLERR are always reported. The descriptor must
    // stay open as long as the source. One that cannot be waited for (a regular file) gives an inactive source.
    [[nodiscard]] Source onReady(BorrowedFd fd, std::uint32_t events, std::function<void(std::uint32_t revents)> callback);
    // Blocks the signal in this thread and delivers it here. A child inherits the mask: reset it before exec.
    [[nodiscard]] Source onSignal(int signal, std::function<void()> callback);
    // Once, after `delay`.
    [[nodiscard]] Source after(std::chrono::microseconds delay, std::function<void()> callback);
    // Once, at the next turn of the loop, in the order posted; cannot be taken back.
    void post(std::function<void()> callback);

    // Until quit(), which may come from a callback or before the run.
    Result<> run();
    void quit();

private:
    struct State;
    explicit EventLoop(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace rocker
