#pragma once

#include "engine/base/result.h"

#include <cerrno>

namespace rocker::os {

// The value of a system call that returns -1 and errno, as a Result.
template<typename T>
Result<T> check(T value)
{
    if (value == T(-1))
        return fail(Error::fromErrno(errno));
    return value;
}

template<typename T>
Result<> checkDone(T value)
{
    if (value == T(-1))
        return fail(Error::fromErrno(errno));
    return {};
}

} // namespace rocker::os
