#include "helper/event/event_loop.h"

#include <systemd/sd-event.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

namespace rocker {

struct EventLoop::Source::Callback : std::enable_shared_from_this<Callback> {
    explicit Callback(std::function<void(std::uint32_t)> callback) : function(std::move(callback)) {}
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

    // Called the moment the Source is dropped, even inside the call that `run` keeps this alive for: the descriptor may
    // be closed next, and its number belong to another source. Closed already, it is another source's that falls silent.
    void disable()
    {
        assert(!descriptor || ::fcntl(sd_event_source_get_io_fd(source), F_GETFD) >= 0);
        source = sd_event_source_disable_unref(source);
    }

    // What the Source holds.
    static std::shared_ptr<Callback> own(const std::shared_ptr<Callback>& entry)
    {
        return {entry.get(), [entry](Callback* callback) { callback->disable(); }};
    }

    // Held for the length of the call: the function may drop the Source that owns it.
    static int run(void* userdata, std::uint32_t revents)
    {
        const std::shared_ptr<Callback> self = static_cast<Callback*>(userdata)->shared_from_this();
        self->function(revents);
        return 0;
    }

    sd_event_source* source = nullptr;
    bool descriptor = false;
    std::function<void(std::uint32_t)> function;
};

struct EventLoop::State {
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State()
    {
        sd_event_source_disable_unref(wakeSource);
        sd_event_unref(event);
    }

    // What the callbacks post waits for the next turn, and so does what is left when the others' turn has come.
    static int runPosted(sd_event_source*, int, std::uint32_t, void* userdata)
    {
        State& self = *static_cast<State*>(userdata);
        const auto end = std::chrono::steady_clock::now() + postedTime;
        for (std::size_t count = self.posted.size(); count > 0 && std::chrono::steady_clock::now() < end; --count) {
            const auto callback = std::move(self.posted.front());
            self.posted.pop_front();
            callback();
        }
        eventfd_t ignored;
        if (self.posted.empty())
            ::eventfd_read(self.wake.value(), &ignored);
        return 0;
    }

    static constexpr std::chrono::milliseconds postedTime{5};
    sd_event* event = nullptr;
    // Not a deferred source of sd-event: one that is posted anew in every turn would always go before the descriptors.
    UniqueFd wake;
    sd_event_source* wakeSource = nullptr;
    std::deque<std::function<void()>> posted;
};

void EventLoop::Source::setEvents(std::uint32_t events)
{
    if (m_callback)
        sd_event_source_set_io_events(m_callback->source, events);
}

Result<EventLoop> EventLoop::create()
{
    auto state = std::make_unique<State>();
    if (const int r = sd_event_new(&state->event); r < 0)
        return fail(Error::fromErrno(-r).in("create the event loop"));
    state->wake = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!state->wake.valid())
        return fail(Error::fromErrno(errno).in("create the event loop"));
    if (const int r = sd_event_add_io(state->event, &state->wakeSource, state->wake.value(), EPOLLIN, &State::runPosted,
                                      state.get());
        r < 0)
        return fail(Error::fromErrno(-r).in("create the event loop"));
    return EventLoop(std::move(state));
}

EventLoop::EventLoop(std::unique_ptr<State> state) : m_state(std::move(state)) {}
EventLoop::EventLoop(EventLoop&&) noexcept = default;
EventLoop& EventLoop::operator=(EventLoop&&) noexcept = default;
EventLoop::~EventLoop() = default;

EventLoop::Source EventLoop::onReady(BorrowedFd fd, std::uint32_t events, std::function<void(std::uint32_t)> callback)
{
    auto entry = std::make_shared<Source::Callback>(std::move(callback));
    const auto handler = [](sd_event_source*, int, std::uint32_t revents, void* userdata) {
        return Source::Callback::run(userdata, revents);
    };
    if (sd_event_add_io(m_state->event, &entry->source, fd.value(), events, handler, entry.get()) < 0)
        return {};
    entry->descriptor = true;
    return Source(Source::Callback::own(entry));
}

EventLoop::Source EventLoop::onSignal(int signal, std::function<void()> callback)
{
    auto entry = std::make_shared<Source::Callback>([callback = std::move(callback)](std::uint32_t) { callback(); });
    const auto handler = [](sd_event_source*, const signalfd_siginfo*, void* userdata) {
        return Source::Callback::run(userdata, 0);
    };
    if (sd_event_add_signal(m_state->event, &entry->source, signal | SD_EVENT_SIGNAL_PROCMASK, handler, entry.get()) < 0)
        return {};
    return Source(Source::Callback::own(entry));
}

EventLoop::Source EventLoop::after(std::chrono::microseconds delay, std::function<void()> callback)
{
    auto entry = std::make_shared<Source::Callback>([callback = std::move(callback)](std::uint32_t) { callback(); });
    const auto handler = [](sd_event_source*, std::uint64_t, void* userdata) {
        return Source::Callback::run(userdata, 0);
    };
    const auto microseconds = std::uint64_t(std::max<std::chrono::microseconds::rep>(delay.count(), 0));
    // A tenth of the delay as leeway lets the kernel wake up once for several timers.
    const std::uint64_t accuracy = std::clamp<std::uint64_t>(microseconds / 10, 1, 250'000);
    if (sd_event_add_time_relative(m_state->event, &entry->source, CLOCK_BOOTTIME, microseconds, accuracy, handler,
                                   entry.get())
        < 0)
        return {};
    return Source(Source::Callback::own(entry));
}

void EventLoop::post(std::function<void()> callback)
{
    m_state->posted.push_back(std::move(callback));
    if (m_state->posted.size() == 1)
        ::eventfd_write(m_state->wake.value(), 1);
}

Result<> EventLoop::run()
{
    if (const int r = sd_event_loop(m_state->event); r < 0)
        return fail(Error::fromErrno(-r).in("wait for events"));
    return {};
}

void EventLoop::quit()
{
    sd_event_exit(m_state->event, 0);
}

} // namespace rocker
