#include "helper/services/signal_name.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <cstring>

namespace rocker {

Result<int> signalFromName(const std::string& name)
{
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return char(std::toupper(c)); });
    if (upper.starts_with("SIG"))
        upper.erase(0, 3);
    const bool realTime = upper.starts_with("RTMIN+");
    const std::string digits = realTime ? upper.substr(6) : upper;
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc{} && end == digits.data() + digits.size()) {
        number += realTime ? SIGRTMIN : 0;
        if (number >= 1 && number <= SIGRTMAX)
            return number;
    }
    for (int signal = 1; signal < SIGRTMIN; ++signal)
        if (const char* abbreviation = ::sigabbrev_np(signal); abbreviation && upper == abbreviation)
            return signal;
    return fail(ErrorCode::InvalidArgument, "'{}' is no signal", name);
}

} // namespace rocker
