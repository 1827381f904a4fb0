#pragma once

#include <utility>

namespace rocker {

// Runs a function when the scope ends, unless dismissed: the undo of a step that a later step may need.
template<typename F>
class ScopeExit
{
public:
    explicit ScopeExit(F function) : m_function(std::move(function)) {}
    ScopeExit(const ScopeExit&) = delete;
    ScopeExit& operator=(const ScopeExit&) = delete;
    ~ScopeExit()
    {
        if (m_armed)
            m_function();
    }
    void dismiss() { m_armed = false; }

private:
    F m_function;
    bool m_armed = true;
};

} // namespace rocker
