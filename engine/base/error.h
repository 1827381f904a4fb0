#pragma once

#include <string>
#include <string_view>

namespace rocker {

// What kind of thing went wrong: closed, small, and the same from a system call to a button in the window.
enum class ErrorCode {
    Internal,             // a fault of ours or of the system, not of the request
    InvalidArgument,      // the request itself is wrong, whatever the state
    NotFound,             // the named object does not exist (or is not the caller's)
    AlreadyExists,        // the name is taken
    Ambiguous,            // an abbreviation fits more than one object
    PermissionDenied,     // the caller may not do this
    FailedPrecondition,   // the object's state forbids it now (start a running container)
    ResourceExhausted,    // no space, memory, ids or processes left
    Corrupt,              // data from outside does not say what it claims (archive, digest, record)
    CommandNotFound,      // the container's command is not in its file system: exit code 127
    CommandNotExecutable, // it is there but cannot be executed: exit code 126
    Unavailable,          // the other side cannot be reached or went away
    Cancelled,            // given up on request
};

std::string_view errorCodeName(ErrorCode code);
// The code of a name as errorCodeName() writes it; Internal for a name from a newer peer.
ErrorCode errorCodeFromName(std::string_view name);
// The nearest kind for an errno value.
ErrorCode errorCodeFromErrno(int errnum);

struct Error {
    ErrorCode code = ErrorCode::Internal;
    int errnum = 0;   // errno of the system call that failed, 0 when none did
    std::string what; // "start web: mount overlay on '/…/merged': No space left on device"

    static Error fromErrno(int errnum);

    // The same error with "context: " in front of its text.
    [[nodiscard]] Error in(std::string_view context) &&;
    [[nodiscard]] Error as(ErrorCode kind) &&;

    bool operator==(const Error&) const = default;
};

} // namespace rocker
