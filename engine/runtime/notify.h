#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/runtime/state_directory.h"
#include "engine/spec/spec.h"

#include <optional>

// A service manager's NOTIFY_SOCKET (sd_notify(3)) for a container: it gets a socket of its own, below /run/notify, and
// what it says of being ready is told to the manager, whose socket it never sees.
namespace rocker::runtime {

// Where in the container: directory and name.
struct NotifyPlace {
    std::string directory;
    std::string name;
};
// crun takes the manager's path for the directory.
NotifyPlace crunNotifyPlace(const std::string& manager);
NotifyPlace runcNotifyPlace();

// The mount and the variable by which the container finds it; the directory is made in the state directory, at `path`.
Result<> offerNotifySocket(spec::Spec& spec, const StateDirectory& state, const std::string& path, const NotifyPlace& place);

class NotifyProxy
{
public:
    // Nothing when nobody asked for it: `manager` is the value of NOTIFY_SOCKET, empty for none.
    static Result<std::optional<NotifyProxy>> open(const StateDirectory& state, std::string manager, const NotifyPlace& place);

    BorrowedFd descriptor() const { return m_socket; } // readable when the container has said something
    // True once it has said READY=1 and the manager knows, together with the pid of its first process.
    Result<bool> forward(pid_t mainProcess);
    // Until then, or until the process ends.
    Result<> forwardUntilReady(BorrowedFd process, pid_t mainProcess);

private:
    NotifyProxy(UniqueFd socket, std::string manager) : m_socket(std::move(socket)), m_manager(std::move(manager)) {}
    UniqueFd m_socket;
    std::string m_manager;
};

} // namespace rocker::runtime
