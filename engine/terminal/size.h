#pragma once

namespace rocker::terminal
{

struct Size {
    int columns = 80;
    int rows = 24;
    bool operator==(const Size&) const = default;
};

} // namespace rocker::terminal
