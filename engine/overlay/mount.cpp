#include "engine/overlay/overlay.h"

#include "engine/base/scope_exit.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::overlay {

namespace {

// Overlayfs works on its upper and work directories with the credentials of who mounted it. Through an ID-mapped mount
// only ids of the map can create files, so the mounter's file system ids must be the container's root, with all of its
// capabilities kept (setfsuid(2) takes the file system ones away, capabilities(7)).
class ContainerFsIds
{
public:
    explicit ContainerFsIds(uid_t id)
    {
        ::syscall(SYS_capget, &m_header, m_saved);
        ::setfsgid(id);
        ::setfsuid(id);
        ::syscall(SYS_capset, &m_header, m_saved);
    }
    ContainerFsIds(const ContainerFsIds&) = delete;
    ContainerFsIds& operator=(const ContainerFsIds&) = delete;
    ~ContainerFsIds()
    {
        ::setfsuid(0);
        ::setfsgid(0);
        ::syscall(SYS_capset, &m_header, m_saved);
    }

private:
    __user_cap_header_struct m_header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct m_saved[2]{};
};

// A detached copy of the mount at `path`, ID-mapped.
Result<UniqueFd> mappedCopy(const std::string& path, BorrowedFd userNamespace)
{
    UniqueFd copy = TRY(os::cloneTree(os::currentDirectory, path, os::Subtree::One), "clone the mount of '{}'", path);
    TRY(os::setIdMap(copy, userNamespace), "map the ids of '{}'", path);
    return copy;
}

// Attaches a mount at a fresh directory of the scratch file system: before Linux 6.15 overlayfs refuses a layer whose
// mount is attached nowhere.
Result<> attachLayer(BorrowedFd layer, BorrowedFd scratch, const std::string& name)
{
    TRY(os::makeDirectory(scratch, name, 0700));
    return os::attach(layer, scratch, name);
}

} // namespace

Result<UniqueFd> mount(const Layers& layers, BorrowedFd userNamespace, uid_t firstHostId)
{
    const UniqueFd home = TRY(os::open("/proc/self/ns/mnt", O_RDONLY), "open the mount namespace");
    TRY(os::unshare(CLONE_NEWNS), "make a mount namespace");
    const ScopeExit comeBack([&] { (void)os::enterNamespaces(home, CLONE_NEWNS); });
    TRY(os::mountLegacy("none", "/", "", MS_REC | MS_PRIVATE, ""), "make the mount namespace private");

    std::vector<UniqueFd> lower;
    for (const std::string& layer : layers.lower)
        lower.push_back(TRY(mappedCopy(layer, userNamespace)));
    const UniqueFd workspace = TRY(mappedCopy(layers.workspace, userNamespace));

    // "merged" is the container's own, so it can serve as the scratch directory and then as the mount point.
    const std::string merged = layers.workspace + "/merged";
    TRY(os::mountLegacy("rocker", merged, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700,size=1m"), "mount a scratch tmpfs");
    const UniqueFd scratch = TRY(os::open(merged, O_RDONLY | O_DIRECTORY), "open '{}'", merged);
    TRY(os::changeMode(scratch, ".", 0755), "open the scratch directory");
    // Option strings end at one page: layers are named by a digit or two, relative to the current directory.
    std::string options = "lowerdir=";
    for (std::size_t i = lower.size(); i-- > 0;) {
        TRY(attachLayer(lower[i], scratch, std::to_string(i)), "attach the layer '{}'", layers.lower[i]);
        options += std::to_string(i) + (i > 0 ? ":" : "");
    }
    TRY(attachLayer(workspace, scratch, "w"), "attach '{}'", layers.workspace);
    TRY(os::makeDirectory(scratch, "m", 0755));
    TRY(os::checkDone(::fchdir(scratch.value())));
    options += ",upperdir=w/diff,workdir=w/work,userxattr,metacopy=off";
    {
        const ContainerFsIds ids(firstHostId);
        TRY(os::mountLegacy("overlay", "m", "overlay", 0, options), "mount overlay on '{}'", merged);
    }
    return os::cloneTree(scratch, "m", os::Subtree::One);
}

} // namespace rocker::overlay
