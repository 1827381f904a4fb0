#include "helper/services/slots.h"

#include <utility>

namespace rocker {

struct Slots::State : std::enable_shared_from_this<State> {
    EventLoop& loop;
    std::size_t free;
    std::list<std::weak_ptr<std::function<void(Slot)>>> queue{};
    bool posted = false;

    State(EventLoop& events, std::size_t count) : loop(events), free(count) {}

    void serveSoon()
    {
        if (!std::exchange(posted, true))
            loop.post([self = weak_from_this()] {
                if (const auto state = self.lock())
                    state->serve();
            });
    }

    void serve()
    {
        posted = false;
        while (free > 0 && !queue.empty()) {
            const auto wait = queue.front().lock();
            queue.pop_front();
            if (!wait)
                continue;
            --free;
            // Closed by whoever gets it, at the latest when that function is gone.
            const auto begin = std::exchange(*wait, nullptr);
            begin(Slot(std::shared_ptr<void>(nullptr, [self = weak_from_this()](void*) {
                if (const auto state = self.lock()) {
                    ++state->free;
                    state->serveSoon();
                }
            })));
        }
    }
};

Slots::Slots(EventLoop& loop, std::size_t count) : m_state(std::make_shared<State>(loop, count)) {}

Slots::Wait Slots::ask(std::function<void(Slot)> begin)
{
    auto wait = std::make_shared<std::function<void(Slot)>>(std::move(begin));
    m_state->queue.push_back(wait);
    m_state->serveSoon();
    return wait;
}

std::size_t Slots::waiting() const
{
    std::size_t count = 0;
    for (const auto& wait : m_state->queue)
        count += wait.expired() ? 0 : 1;
    return count;
}

bool Slots::busy() const
{
    return waiting() >= m_state->free;
}

} // namespace rocker
