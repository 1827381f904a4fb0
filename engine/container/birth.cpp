#include "engine/container/birth.h"

#include "engine/base/scope_exit.h"
#include "engine/container/process.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <tuple>
#include <unistd.h>

namespace rocker::container {

namespace {

// The way of a process into its cgroup, prepared by who may open it.
struct Way {
    UniqueFd birthplace;
    cgroup::Entrance entrance;
};

Result<Way> wayInto(const Place& place)
{
    if (!place.cgroup)
        return Way{};
    const auto find = [&]() -> Result<Way> {
        return Way{TRY(place.cgroup->birthplace(place.below)), TRY(place.cgroup->entrance(place.below))};
    };
    return TRY(find(), "error adding pid of a new process to cgroups");
}

[[noreturn]] void live(ChildEnd channel, cgroup::Entrance& entrance, const std::function<void(ChildEnd)>& life)
{
    if (auto entered = entrance.enter(); !entered)
        channel.sendError(std::move(entered).error().in("enter the cgroup"));
    else
        life(std::move(channel));
    ::_exit(127);
}

// In a process of its own, between us and the container's: joins by `join`, then makes the container's process as our
// child, and says who it is.
Result<os::Child> throughIntermediate(Way& way, ParentEnd& parent, ChildEnd& child, const std::function<Result<>()>& join,
                                      std::uint64_t fresh, const std::function<void(ChildEnd)>& life)
{
    os::Child intermediate = TRY(os::cloneProcess(0, way.birthplace), "clone3");
    if (intermediate.pid == 0) {
        hideFromTracers(); // its child inherits that
        parent = ParentEnd(UniqueFd());
        const auto work = [&]() -> Result<> {
            TRY(join());
            os::Child process = TRY(os::cloneProcess(CLONE_PARENT | fresh), "clone3");
            if (process.pid == 0)
                live(std::move(child), way.entrance, life);
            return child.send(Progress::Made, process.pidfd, std::to_string(process.pid));
        };
        if (auto done = work(); !done)
            child.sendError(done.error());
        ::_exit(0);
    }
    child.close();
    auto made = parent.await(Progress::Made);
    (void)os::sendSignal(intermediate.pidfd, SIGKILL);
    (void)os::reap(intermediate.pidfd);
    Word word = TRY(std::move(made));
    os::Child process;
    std::from_chars(word.text.data(), word.text.data() + word.text.size(), process.pid);
    process.pidfd = word.fd();
    return process;
}

} // namespace

Result<Newborn> bear(const Namespaces& namespaces, const Place& place, const std::function<void(ChildEnd)>& life)
{
    auto [parent, child] = TRY(makeChannel());
    Way way = TRY(wayInto(place));
    const std::uint64_t fresh = namespaces.fresh & ~lateNamespaces;
    os::Child process;
    if (namespaces.needIntermediate()) {
        process = TRY(throughIntermediate(way, parent, child, [&] { return joinNamespaces(namespaces); }, fresh, life));
    } else {
        process = TRY(os::cloneProcess(fresh, way.birthplace), "clone3");
        if (process.pid == 0) {
            parent = ParentEnd(UniqueFd());
            live(std::move(child), way.entrance, life);
        }
    }
    ScopeExit end([&] {
        (void)os::sendSignal(process.pidfd, SIGKILL);
        (void)os::reap(process.pidfd);
    });
    if (namespaces.isFresh(CLONE_NEWUSER))
        TRY(writeIdMaps(namespaces, process.pid));
    end.dismiss();
    return Newborn{std::move(process), std::move(parent)};
}

Result<Newborn> bearInside(BorrowedFd target, pid_t pid, const Place& place, const std::function<void(ChildEnd)>& life)
{
    auto [parent, child] = TRY(makeChannel());
    Way way = TRY(wayInto(place));
    const int types = TRY(foreignNamespaces(pid));
    UniqueFd root;
    if (!(types & CLONE_NEWNS))
        root = TRY(os::open(std::format("/proc/{}/root", pid), O_PATH | O_DIRECTORY), "open the container's root");
    const auto join = [&]() -> Result<> {
        TRY(os::enterNamespaces(target, types), "join the namespaces");
        // Who shares the mount namespace has only its root directory to itself.
        if (root.valid()) {
            TRY(os::checkDone(::fchdir(root.value())), "enter the container's root");
            TRY(os::checkDone(::chroot(".")), "enter the container's root");
        }
        return {};
    };
    auto process = throughIntermediate(way, parent, child, join, 0, life);
    if (!process && (process.error().errnum == EBUSY || process.error().errnum == EOPNOTSUPP) && place.cgroup && place.below.empty()) {
        way.birthplace = TRY(place.cgroup->birthplaceBeside(pid));
        std::tie(parent, child) = TRY(makeChannel());
        process = throughIntermediate(way, parent, child, join, 0, life);
    }
    return Newborn{TRY(std::move(process)), std::move(parent)};
}

} // namespace rocker::container
