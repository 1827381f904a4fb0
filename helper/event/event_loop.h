#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

struct sd_event;
struct sd_event_source;

namespace rocker {

// The helper's one thread: sd-event(3) with callbacks as std::function. Everything the daemon and its services wait
// for is a Source here; none of them may block.
class EventLoop
{
public:
    // Something waited for. Dropping it ends the wait; a callback may drop its own source.
    class Source
    {
    public:
        Source() = default;
        bool active() const { return m_source != nullptr; }
        void reset() { m_source.reset(); }

    private:
        friend class EventLoop;
        struct Callback;
        explicit Source(std::shared_ptr<Callback> source) : m_source(std::move(source)) {}
        std::shared_ptr<Callback> m_source;
    };

    static Result<EventLoop> create();
    EventLoop(EventLoop&&) noexcept;
    EventLoop& operator=(EventLoop&&) noexcept;
    ~EventLoop();

    // `events` as in epoll_ctl(2): EPOLLIN, EPOLLOUT. The descriptor must stay open as long as the source.
    [[nodiscard]] Source onReady(BorrowedFd fd, std::uint32_t events, std::function<void(std::uint32_t revents)> callback);
    // Blocks the signal in this thread and delivers it here.
    [[nodiscard]] Source onSignal(int signal, std::function<void()> callback);
    // Once, after `delay`.
    [[nodiscard]] Source after(std::chrono::microseconds delay, std::function<void()> callback);
    // Once, at the next turn of the loop; cannot be taken back.
    void post(std::function<void()> callback);

    Result<> run();
    void quit();

private:
    struct Deleter {
        void operator()(sd_event* event) const;
    };
    explicit EventLoop(std::unique_ptr<sd_event, Deleter> event);
    std::unique_ptr<sd_event, Deleter> m_event;
};

} // namespace rocker
