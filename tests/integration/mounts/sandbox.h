#pragma once

#include "engine/base/result.h"
#include "engine/mount/root.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

// A container that is only its mounts and nodes, for tests against the real kernel: a process in a mount namespace of its
// own (the "host", whose current directory is a tmpfs with a directory "rootfs"), and its child, the container. Both are
// gone when run() returns, and with them everything that was mounted.
namespace rocker::test {

struct Sandbox {
    std::string mounts;       // the entries of config.json's "mounts"; @HOST@ is the host's current directory
    std::string more;         // further members of config.json, each with a comma in front
    bool userNamespace = false; // ids 0 to 65535 are 100000 to 165535 outside
    bool network = true;      // a network namespace of its own
    bool devices = false;     // nodes and links in /dev
    bool cgroupNamespace = true;
    bool shared = false;      // the host's mounts are shared, as where systemd runs
    mount::RootChange change = mount::RootChange::Pivot;
    std::function<void()> host = [] {};   // on the host, before anything is opened
    std::function<void()> hostAfter = [] {}; // on the host, when the container has been checked
    std::function<void()> meanwhile;      // in a further process of the host, killed when the container has been checked

    // What is wrong: the error of the set-up, or what check() (in the container, after the change of root) and the other
    // functions have complained about; "" when all is well.
    std::string run(const std::function<void()>& check) const;
};

// In any of the functions above.
void complain(const std::string& text);
void expect(bool condition, const std::string& what);
template<typename A, typename B>
void expectEqual(const A& found, const B& wanted, const std::string& what)
{
    if (!(found == wanted))
        complain(std::format("{}: '{}' instead of '{}'", what, found, wanted));
}
void write(const std::string& path, const std::string& text); // with its directories
std::string read(const std::string& path);                    // or "error: …"
int errorOf(int outcome);                                      // errno when negative, else 0

// One line of /proc/self/mountinfo (proc_pid_mountinfo(5)), the last one for each mount point.
struct MountLine {
    std::string options;    // "ro,nosuid,relatime"
    std::string propagation; // "shared master", without numbers
    std::string type;
    std::string superOptions;
    bool has(const std::string& option) const;
};
std::map<std::string, MountLine> mountLines();

// An entry of `mounts` that binds.
std::string bindEntry(const std::string& source, const std::string& target, const std::string& options = R"("bind")");

} // namespace rocker::test

// Of a QtTest slot: nothing is wrong; or something is, and says so.
#define ALL_IS_WELL(...) \
    do { \
        const std::string said_ = (__VA_ARGS__); \
        QVERIFY2(said_.empty(), said_.c_str()); \
    } while (false)
#define IS_REFUSED(part, ...) \
    do { \
        const std::string said_ = (__VA_ARGS__); \
        QVERIFY2(said_.find(part) != std::string::npos, ("said: " + said_).c_str()); \
    } while (false)
