#include "engine/base/error.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rocker {

namespace {

constexpr std::array names{
    std::pair{ErrorCode::Internal, std::string_view("Internal")},
    std::pair{ErrorCode::InvalidArgument, std::string_view("InvalidArgument")},
    std::pair{ErrorCode::NotFound, std::string_view("NotFound")},
    std::pair{ErrorCode::AlreadyExists, std::string_view("AlreadyExists")},
    std::pair{ErrorCode::Ambiguous, std::string_view("Ambiguous")},
    std::pair{ErrorCode::PermissionDenied, std::string_view("PermissionDenied")},
    std::pair{ErrorCode::FailedPrecondition, std::string_view("FailedPrecondition")},
    std::pair{ErrorCode::ResourceExhausted, std::string_view("ResourceExhausted")},
    std::pair{ErrorCode::Corrupt, std::string_view("Corrupt")},
    std::pair{ErrorCode::CommandNotFound, std::string_view("CommandNotFound")},
    std::pair{ErrorCode::CommandNotExecutable, std::string_view("CommandNotExecutable")},
    std::pair{ErrorCode::Unavailable, std::string_view("Unavailable")},
    std::pair{ErrorCode::Cancelled, std::string_view("Cancelled")},
};

} // namespace

std::string_view errorCodeName(ErrorCode code)
{
    for (const auto& [value, name] : names)
        if (value == code)
            return name;
    return "Internal";
}

ErrorCode errorCodeFromName(std::string_view name)
{
    for (const auto& [value, text] : names)
        if (text == name)
            return value;
    return ErrorCode::Internal;
}

ErrorCode errorCodeFromErrno(int errnum)
{
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
    case ENXIO:
        return ErrorCode::NotFound;
    case EEXIST:
        return ErrorCode::AlreadyExists;
    case EACCES:
    case EPERM:
    case EROFS:
        return ErrorCode::PermissionDenied;
    case EINVAL:
    case ENAMETOOLONG:
    case EISDIR:
    case ELOOP:
        return ErrorCode::InvalidArgument;
    case ENOSPC:
    case ENOMEM:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
        return ErrorCode::ResourceExhausted;
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
    case ETIMEDOUT:
        return ErrorCode::Unavailable;
    case ECANCELED:
        return ErrorCode::Cancelled;
    default:
        return ErrorCode::Internal;
    }
}

Error Error::fromErrno(int errnum)
{
    char buffer[128];
    return {errorCodeFromErrno(errnum), errnum, strerror_r(errnum, buffer, sizeof buffer)};
}

Error Error::in(std::string_view context) &&
{
    what.insert(0, ": ").insert(0, context);
    return std::move(*this);
}

Error Error::as(ErrorCode kind) &&
{
    code = kind;
    return std::move(*this);
}

} // namespace rocker
