#include "engine/monitor/protocol.h"

#include <array>
#include <charconv>
#include <cstring>
#include <type_traits>

namespace rocker::monitor {

namespace {

template<typename T>
std::string bytesOf(const T& record)
{
    static_assert(std::is_trivially_copyable_v<T>);
    return std::string(reinterpret_cast<const char*>(&record), sizeof record);
}

template<typename S>
auto numbersOf(S& setup)
{
    return std::array{&setup.process,     &setup.listener, &setup.log,       &setup.journal,
                      &setup.terminal,    &setup.input,    &setup.output,    &setup.errorOutput,
                      &setup.oomFile,     &setup.directory, &setup.ready,    &setup.pid};
}

} // namespace

std::string Setup::encode() const
{
    std::string text;
    for (const int* number : numbersOf(*this))
        text += std::to_string(*number) + ",";
    return text;
}

std::optional<Setup> Setup::decode(std::string_view text)
{
    Setup setup;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int* number : numbersOf(setup)) {
        const auto [next, error] = std::from_chars(at, end, *number);
        if (error != std::errc{} || next == end || *next != ',')
            return std::nullopt;
        at = next + 1;
    }
    return setup;
}

std::string Request::encode(std::string_view rest) const
{
    return bytesOf(*this).append(rest);
}

std::optional<Request> Request::decode(std::string_view bytes, std::string_view& rest)
{
    Request request;
    if (bytes.size() < sizeof request)
        return std::nullopt;
    std::memcpy(&request, bytes.data(), sizeof request);
    rest = bytes.substr(sizeof request);
    return request;
}

std::string Report::encode() const
{
    return bytesOf(*this);
}

std::optional<Report> Report::decode(std::string_view bytes)
{
    Report report;
    if (bytes.size() != sizeof report)
        return std::nullopt;
    std::memcpy(&report, bytes.data(), sizeof report);
    return report;
}

} // namespace rocker::monitor
