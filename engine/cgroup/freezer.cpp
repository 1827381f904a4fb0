#include "engine/cgroup/freezer.h"

#include "engine/base/scope_exit.h"
#include "engine/cgroup/directory.h"
#include "engine/os/file.h"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <thread>

namespace rocker::cgroup {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(10);

Result<std::string> readWord(BorrowedFd group, const char* file)
{
    std::string text = TRY(os::readFile(group, file), "read {}", file);
    return text.substr(0, text.find('\n'));
}

Result<> setState(BorrowedFd group, const char* state)
{
    return TRY(os::writeControlFile(group, "freezer.state", state), "write '{}' to freezer.state", state), Result<>{};
}

// What processes are born or come in while the kernel goes through them stays unfrozen, and the state FREEZING: then it
// must be told again, and a moment of thaw lets the newcomers settle.
Result<> freezeV1(BorrowedFd group)
{
    ScopeExit undo([&] { (void)setState(group, "THAWED"); });
    const auto deadline = steady_clock::now() + patience;
    microseconds pause(0);
    for (int attempt = 1; steady_clock::now() < deadline; ++attempt) {
        TRY(setState(group, "FROZEN"));
        const std::string state = TRY(readWord(group, "freezer.state"));
        if (state == "FROZEN") {
            undo.dismiss();
            return {};
        }
        if (state != "FREEZING")
            return fail(ErrorCode::Internal, "the state is {} while it should freeze", state);
        if (attempt % 50 == 0)
            TRY(setState(group, "THAWED"));
        if (attempt > 3)
            std::this_thread::sleep_for(pause = std::min(pause * 2 + microseconds(10), microseconds(1000)));
    }
    return fail(ErrorCode::Internal, "unable to freeze");
}

// The kernel tells of every change of cgroup.events (cgroup-v2.rst).
Result<> freezeV2(BorrowedFd group)
{
    TRY(os::writeControlFile(group, "cgroup.freeze", "1"), "write '1' to cgroup.freeze");
    ScopeExit undo([&] { (void)os::writeControlFile(group, "cgroup.freeze", "0"); });
    const auto deadline = steady_clock::now() + patience;
    const UniqueFd events = TRY(os::open(group, "cgroup.events", O_RDONLY), "open cgroup.events");
    for (;;) {
        char text[256];
        const ssize_t size = ::pread(events.value(), text, sizeof text, 0);
        if (size < 0)
            return fail(Error::fromErrno(errno).in("read cgroup.events"));
        if (valueOf({text, std::size_t(size)}, "frozen") == 1)
            break;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
        pollfd wait{events.value(), POLLPRI, 0};
        if (left.count() <= 0 || ::poll(&wait, 1, int(left.count())) == 0)
            return fail(ErrorCode::Internal, "unable to freeze");
    }
    undo.dismiss();
    return {};
}

} // namespace

Result<> freeze(BorrowedFd group, Version version)
{
    return version == Version::V2 ? freezeV2(group) : freezeV1(group);
}

Result<> thaw(BorrowedFd group, Version version)
{
    if (version == Version::V1)
        return setState(group, "THAWED");
    auto written = os::writeControlFile(group, "cgroup.freeze", "0");
    if (!written && written.error().errnum == ENOENT)
        return {}; // a kernel that cannot freeze has nothing frozen
    return TRY(std::move(written), "write '0' to cgroup.freeze"), Result<>{};
}

Result<bool> isFrozen(BorrowedFd group, Version version)
{
    auto own = readWord(group, version == Version::V2 ? "cgroup.freeze" : "freezer.self_freezing");
    if (!own && (own.error().errnum == ENOENT || own.error().errnum == ENODEV))
        return false;
    return TRY(std::move(own)) == "1";
}

} // namespace rocker::cgroup
