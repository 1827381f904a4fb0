#pragma once

#include "engine/base/error.h"

#include <expected>
#include <format>
#include <utility>

namespace rocker {

// Every fallible function returns one; an Error crosses fork, clone and sockets, which an exception cannot.
template<typename T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error)
{
    return std::unexpected(std::move(error));
}

// fail(ErrorCode::NotFound, "no image is called '{}'", name)
template<typename... Args>
std::unexpected<Error> fail(ErrorCode code, std::format_string<Args...> format, Args&&... args)
{
    return std::unexpected(Error{code, 0, std::format(format, std::forward<Args>(args)...)});
}

namespace detail {

inline Error withContext(Error&& error)
{
    return std::move(error);
}

template<typename... Args>
Error withContext(Error&& error, std::format_string<Args...> format, Args&&... args)
{
    return std::move(error).in(std::format(format, std::forward<Args>(args)...));
}

} // namespace detail

} // namespace rocker

// TRY(expression) is the value of a Result, or returns its error from the calling function.
// TRY(expression, "format", args…) puts "format: " in front of the error's text on the way.
#define TRY(expression, ...)                                                                                           \
    ({                                                                                                                 \
        auto&& tryResult_ = (expression);                                                                              \
        if (!tryResult_) [[unlikely]]                                                                                  \
            return std::unexpected(                                                                                    \
                ::rocker::detail::withContext(std::move(tryResult_).error() __VA_OPT__(, ) __VA_ARGS__));             \
        *std::move(tryResult_);                                                                                        \
    })
