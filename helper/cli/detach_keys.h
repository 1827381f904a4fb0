#pragma once

#include <string>
#include <string_view>

namespace rocker::cli {

// Watches typed bytes for ctrl-p ctrl-q. A ctrl-p is held back until the next byte tells what it was.
class DetachKeys
{
public:
    // What is to be passed on of `typed`; detached() afterwards tells whether the keys were among it.
    std::string filter(std::string_view typed)
    {
        std::string passed;
        for (const char c : typed) {
            if (m_held && c == '\x11') {
                m_detached = true;
                return passed;
            }
            if (m_held)
                passed += '\x10';
            m_held = c == '\x10';
            if (!m_held)
                passed += c;
        }
        return passed;
    }
    bool detached() const { return m_detached; }

private:
    bool m_held = false;
    bool m_detached = false;
};

} // namespace rocker::cli
