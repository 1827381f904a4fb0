#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/cgroup.h"
#include "engine/spec/spec.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// The operations of the runtime specification (runtime.md, "Operations") on a container that an OCI bundle describes.
// What they keep in the state directory besides: `start`, the socket on which a created container waits.
// Single-threaded callers only: they fork. All of it blocks.
namespace rocker::bundle {

inline constexpr const char* startSocketName = "start";

// Where a container of this process runs, for state.json.
struct Created {
    pid_t pid = 0;     // as the caller sees it
    UniqueFd process;  // pidfd; the caller is the parent
    UniqueFd terminal; // the master, when a terminal was asked for and no console socket was named
};

// Who lets the command of a new container run.
enum class StartedBy {
    Creator, // Container::start(), in the creating process
    Anybody, // startCreated(): the container waits on the socket `start` of its state directory
};

struct CreateRequest {
    std::string id;
    std::string bundlePath; // absolute
    spec::Spec spec;        // validated, with a root
    std::string_view seccompText; // the JSON text of linux.seccomp, or empty: its compiled form is kept under it
    StartedBy startedBy = StartedBy::Anybody;

    std::string agentVersion; // of the specification, that a seccomp agent is told; empty: the configuration's
    UniqueFd stateDirectory; // private to the runtime
    UniqueFd cacheDirectory; // of compiled filters (seccomp/cache.h); invalid: none is kept
    std::string cgroupPlace; // cgroup/path.h; empty: the container stays in its creator's cgroups
    cgroup::Tolerance cgroupTolerance = cgroup::Tolerance::None;

    std::string consoleSocket;  // path; gets the terminal's master
    unsigned preservedFds = 0;  // from 3 up are handed on
    bool pivotRoot = true;      // else the root is moved over and entered by chroot(2)
    bool newKeyring = true;

    // Called when the process exists and before the first hook: writes the record that others find the container by.
    std::function<Result<>(const Created&, const cgroup::Cgroup*)> record;
    // The state as hooks get it, with the status given ("creating", "created", "running", "stopped").
    std::function<std::string(pid_t pid, std::string_view status)> stateJson;
    // What went wrong without stopping anything (a capability that the kernel lacks, a poststop hook).
    std::function<void(const std::string&)> warn;
    // How far it is; may be empty.
    std::function<void(const std::string&)> debug;
};

// A container that has been made and waits before its command.
class Container
{
public:
    // On failure nothing remains of it, and the poststop hooks have run if others had been about to. Undoing it is not
    // the record's: that is the caller's.
    static Result<Container> create(CreateRequest request);

    Created& created();
    // Runs the command, then the poststart hooks. On failure nothing remains of it.
    Result<> start();
    // It may go on without this process.
    void leave();
    // Kills it, and removes its cgroup.
    void destroy();

    Container(Container&&) noexcept;
    ~Container(); // of one that neither runs nor was left: destroys it

private:
    struct Parts;
    explicit Container(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

struct StartRequest {
    const spec::Spec* spec = nullptr; // for its seccomp listener
    BorrowedFd stateDirectory{-1};
    pid_t pid = 0;
    std::function<std::string(pid_t pid, std::string_view status)> stateJson;
    std::function<void(const std::string&)> warn;
};
// Runs the command of a container that another process has created. FailedPrecondition when it does not wait (any more).
// The poststart hooks are the caller's (life_hooks.h).
Result<> startCreated(const StartRequest& request);

struct ExecRequest {
    std::string id; // the container's
    spec::Process process; // validated
    const spec::Spec* spec = nullptr; // the container's own: namespaces, seccomp, personality
    std::string_view seccompText;
    UniqueFd container; // pidfd of the container's first process
    pid_t containerPid = 0;
    UniqueFd cacheDirectory;
    const cgroup::Cgroup* cgroup = nullptr; // the container's
    cgroup::Cgroup::Below cgroupBelow;      // `exec --cgroup`
    std::string userName;   // "name[:group]", looked up in the container; empty: process.user counts
    std::string consoleSocket;
    unsigned preservedFds = 0;
    bool newKeyring = false;
    std::function<std::string(pid_t pid, std::string_view status)> stateJson; // for a seccomp listener
    std::function<void(const std::string&)> warn;
    std::function<void(const std::string&)> debug; // may be empty
};
// One more process in a running container; it has become its command when this returns.
Result<Created> exec(ExecRequest request);

} // namespace rocker::bundle
