#include "engine/os/syscall.h"
#include "engine/seccomp/seccomp.h"

#include <algorithm>
#include <cstring>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::seccomp {

bool Filter::notifies() const
{
    return flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

bool Filter::operator==(const Filter& other) const
{
    const auto same = [](const sock_filter& a, const sock_filter& b) { return std::memcmp(&a, &b, sizeof a) == 0; };
    return flags == other.flags && flagsAreImplied == other.flagsAreImplied
        && std::ranges::equal(program, other.program, same);
}

Result<UniqueFd> load(const Filter& filter)
{
    const sock_fprog program{
        static_cast<unsigned short>(filter.program.size()), const_cast<sock_filter*>(filter.program.data())};
    const auto apply = [&](unsigned flags) { return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program); };
    long outcome = apply(filter.flags);
    if (outcome < 0 && errno == EINVAL && filter.flagsAreImplied)
        outcome = apply(filter.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER);
    if (outcome < 0)
        return fail(Error::fromErrno(errno).in("load the seccomp filter"));
    return UniqueFd(filter.notifies() ? int(outcome) : -1);
}

} // namespace rocker::seccomp
