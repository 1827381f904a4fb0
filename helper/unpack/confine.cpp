#include "helper/unpack/confine.h"

#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"
#include "helper/unpack/file_facts.h"

#include <grp.h>
#include <memory>
#include <sched.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

constexpr uid_t nobody = 65534;

// A sanitizer's shadow takes terabytes of addresses: no limit on them can hold.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool shadowed = true;
#else
constexpr bool shadowed = false;
#endif

Result<> leaveTheMachine()
{
    TRY(os::unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS), "make namespaces");
    TRY(os::mountLegacy("none", "/", "", MS_REC | MS_PRIVATE, ""), "make the mounts private");
    const rlimit noCore{0, 0};
    TRY(os::checkDone(::setrlimit(RLIMIT_CORE, &noCore)));
    if (shadowed)
        return {};
    const rlimit memory{2UL << 30, 2UL << 30};
    return os::checkDone(::setrlimit(RLIMIT_AS, &memory));
}

Result<> keepOnly(std::initializer_list<cap_value_t> kept)
{
    for (int capability = 0; capability < int(cap_max_bits()); ++capability) {
        bool keep = false;
        for (const cap_value_t value : kept)
            keep = keep || value == capability;
        if (!keep && cap_get_bound(capability) == 1 && cap_drop_bound(capability) != 0)
            return fail(Error::fromErrno(errno).in("drop a capability"));
    }
    const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> state(cap_init(), cap_free);
    for (const cap_flag_t flag : {CAP_PERMITTED, CAP_EFFECTIVE})
        if (kept.size() > 0)
            cap_set_flag(state.get(), flag, int(kept.size()), kept.begin(), CAP_SET);
    TRY(os::checkDone(cap_set_proc(state.get())), "give up capabilities");
    return os::checkDone(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

Result<> enterEmptyRoot()
{
    TRY(leaveTheMachine());
    TRY(os::mountLegacy("empty", "/tmp", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555"), "mount an empty root");
    TRY(os::checkDone(::chdir("/tmp")));
    return TRY(os::checkDone(::chroot(".")), "enter the empty root"), Result<>{};
}

Result<> become(uid_t uid, gid_t gid, const std::vector<gid_t>& groups)
{
    TRY(os::checkDone(::setgroups(groups.size(), groups.data())), "set the groups");
    TRY(os::checkDone(::setresgid(gid, gid, gid)), "set the group");
    if (uid == 0)
        return keepOnly({CAP_DAC_READ_SEARCH});
    // The bounding set first: dropping from it takes CAP_SETPCAP; leaving uid 0 then takes the rest (capabilities(7)).
    TRY(keepOnly({CAP_SETUID}));
    return TRY(os::checkDone(::setresuid(uid, uid, uid)), "set the user"), Result<>{};
}

} // namespace

Result<> confineReader()
{
    TRY(enterEmptyRoot());
    return become(nobody, nobody, {});
}

Result<> confineAsCaller(const image::PackRequest& caller)
{
    TRY(enterEmptyRoot());
    return become(uid_t(caller.uid), gid_t(caller.gid), {caller.groups.begin(), caller.groups.end()});
}

Result<> confineCommitter()
{
    TRY(leaveTheMachine());
    TRY(os::checkDone(::fchdir(image::InputFd)), "enter the changes");
    TRY(os::checkDone(::chroot(".")), "make the changes the root");
    return keepOnly({CAP_DAC_READ_SEARCH});
}

// Overlayfs takes option strings of one page: layers are named by a number, in a directory of their own.
Result<> confineExporter(const image::ExportRequest& request)
{
    TRY(leaveTheMachine());
    // By its path: the descriptor is of the mount namespace that has been left.
    std::vector<std::string> sources{TRY(linkTarget(os::currentDirectory, std::format("/proc/self/fd/{}", int(image::InputFd))))};
    sources.insert(sources.end(), request.layers.rbegin(), request.layers.rend());
    std::vector<UniqueFd> layers; // before anything lies over them
    for (const std::string& source : sources)
        layers.push_back(TRY(os::cloneTree(os::currentDirectory, source, os::Subtree::One), "the layer '{}'", source));
    TRY(os::mountLegacy("rocker", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700,size=1m"), "mount a scratch tmpfs");
    TRY(os::checkDone(::chdir("/tmp")));
    std::string options = "lowerdir=";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string name = std::to_string(i);
        TRY(os::checkDone(::mkdir(name.c_str(), 0700)), "make a place for a layer");
        TRY(os::attach(layers[i], os::currentDirectory, name), "attach the layer '{}'", sources[i]);
        options += (i > 0 ? ":" : "") + name;
    }
    if (sources.size() > 1) { // of one there is nothing to be merged with
        TRY(os::checkDone(::mkdir("merged", 0700)), "make a place for the file system");
        TRY(os::mountLegacy("overlay", "merged", "overlay", MS_RDONLY, options + ",userxattr"), "mount the file system");
    }
    TRY(os::checkDone(::chdir(sources.size() > 1 ? "merged" : "0")));
    TRY(os::checkDone(::chroot(".")), "make the file system the root");
    return keepOnly({CAP_DAC_READ_SEARCH});
}

Result<> confineUnpacker()
{
    TRY(leaveTheMachine());
    ::umask(0);
    TRY(os::checkDone(::fchdir(image::OutputFd)), "enter the layer");
    TRY(os::checkDone(::chroot(".")), "make the layer the root");
    return keepOnly({CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_MKNOD, CAP_SETFCAP});
}

} // namespace rocker::unpack
