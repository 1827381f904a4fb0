#include "engine/container/labels.h"

#include "engine/os/file.h"
#include "engine/os/procfs.h"

namespace rocker::container {

Result<> applyAppArmor(const spec::Process& process)
{
    if (process.apparmorProfile.empty())
        return {};
    const UniqueFd procfs = TRY(os::openProcfs());
    // AppArmor's own file came with Linux 5.8; the one that it shared before may belong to another module.
    auto file = os::openInProcfs(procfs, "thread-self/attr/apparmor/exec", O_WRONLY);
    if (!file && file.error().errnum == ENOENT)
        return fail(ErrorCode::FailedPrecondition, "process.apparmorProfile: this kernel has no AppArmor");
    TRY(os::writeAll(TRY(std::move(file)), "exec " + process.apparmorProfile), "apply the AppArmor profile '{}'", process.apparmorProfile);
    return {};
}

Result<> applySelinux(const spec::Process& process)
{
    if (process.selinuxLabel.empty())
        return {};
    const UniqueFd procfs = TRY(os::openProcfs());
    if (!TRY(os::readInProcfs(procfs, "filesystems")).contains("selinuxfs"))
        return fail(ErrorCode::FailedPrecondition, "process.selinuxLabel: this kernel has no SELinux");
    TRY(os::writeInProcfs(procfs, "thread-self/attr/exec", process.selinuxLabel), "apply the SELinux label '{}'", process.selinuxLabel);
    return {};
}

} // namespace rocker::container
