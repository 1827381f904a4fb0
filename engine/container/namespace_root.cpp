#include "engine/container/namespace_root.h"

#include "engine/os/syscall.h"

#include <grp.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// EINVAL: 0 is not mapped there.
Result<> unlessUnmapped(Result<> outcome)
{
    return !outcome && outcome.error().errnum == EINVAL ? Result<>{} : outcome;
}

} // namespace

Result<> becomeNamespaceRoot(Groups groups)
{
    if (groups == Groups::Drop)
        if (auto dropped = os::checkDone(::setgroups(0, nullptr)); !dropped && dropped.error().errnum != EPERM)
            return fail(std::move(dropped).error().in("drop the groups"));
    TRY(unlessUnmapped(os::checkDone(::setresgid(0, 0, 0))), "become group 0");
    TRY(unlessUnmapped(os::checkDone(::setresuid(0, 0, 0))), "become user 0");
    return {};
}

} // namespace rocker::container
