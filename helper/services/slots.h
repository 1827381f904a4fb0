#pragma once

#include "helper/event/event_loop.h"

#include <functional>
#include <list>
#include <memory>

namespace rocker {

// Places for work of which only so much may be done at once. Who asks waits in a queue, first come, first served.
class Slots
{
    struct State;

public:
    Slots(EventLoop& loop, std::size_t count);

    // A place; dropped, it is the next one's.
    class Slot
    {
    public:
        Slot() = default;

    private:
        friend class Slots;
        explicit Slot(std::shared_ptr<void> state) : m_state(std::move(state)) {}
        std::shared_ptr<void> m_state;
    };
    // A wait for one; dropped, it is over.
    using Wait = std::shared_ptr<void>;

    // `begin` is called once, from the loop, never from in here.
    [[nodiscard]] Wait ask(std::function<void(Slot)> begin);
    // How many wait, and whether one more would.
    std::size_t waiting() const;
    bool busy() const;

private:
    std::shared_ptr<State> m_state;
};

} // namespace rocker
