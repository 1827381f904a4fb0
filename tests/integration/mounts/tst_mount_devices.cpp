#include "sandbox.h"

#include "engine/mount/apply.h"
#include "engine/os/file.h"

#include <QTest>

#include <fcntl.h>
#include <pty.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

using namespace rocker;
using namespace rocker::test;

static const std::string mounts = R"({"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666"]})";

static std::string devices(const std::string& list)
{
    return std::format(R"(, "linux": {{"devices": [{}]}})", list);
}

static struct stat statusOf(const char* path)
{
    struct stat found{};
    if (::lstat(path, &found) != 0)
        complain(std::string(path) + " is not there");
    return found;
}

class TestMountDevices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("device nodes need root");
    }

    void nodesAreWhatTheConfigSays()
    {
        Sandbox sandbox{.mounts = mounts, .devices = true};
        sandbox.more = devices(R"({"type": "c", "path": "/dev/fuse", "major": 10, "minor": 229, "fileMode": 416, "uid": 5, "gid": 6},
            {"type": "b", "path": "/dev/deep/er/disk", "major": 7, "minor": 1023, "fileMode": 384},
            {"type": "p", "path": "/srv/pipe", "fileMode": 2541, "uid": 1}, {"type": "u", "path": "/dev/null", "major": 1, "minor": 3, "fileMode": 438})");
        ALL_IS_WELL(sandbox.run([] {
            struct stat found = statusOf("/dev/fuse");
            expect(S_ISCHR(found.st_mode) && found.st_rdev == makedev(10, 229), "fuse is another device");
            expectEqual(found.st_mode & 07777, 0640U, "its mode");
            expect(found.st_uid == 5 && found.st_gid == 6, "its owner");
            found = statusOf("/dev/deep/er/disk");
            expect(S_ISBLK(found.st_mode) && found.st_rdev == makedev(7, 1023) && (found.st_mode & 07777) == 0600, "the disk");
            found = statusOf("/srv/pipe");
            expect(S_ISFIFO(found.st_mode) && found.st_uid == 1, "the FIFO");
            expectEqual(found.st_mode & 07777, 04755U, "its mode");
            found = statusOf("/dev/null");
            expect(S_ISCHR(found.st_mode) && (found.st_mode & 07777) == 0666, "null");
        }));
    }

    void whatIsThereAlreadyMustBeTheSame()
    {
        Sandbox sandbox{.devices = true, .host = [] {
            (void)::mkdir("rootfs/dev", 0755);
            (void)::mknod("rootfs/dev/null", S_IFCHR | 0600, makedev(1, 3));
            (void)!::symlink("/proc/self/fd", "rootfs/dev/fd");
            (void)::mknod("rootfs/dev/ptmx", S_IFCHR | 0666, makedev(5, 2));
        }};
        ALL_IS_WELL(sandbox.run([] {
            expect(S_ISLNK(statusOf("/dev/ptmx").st_mode), "/dev/ptmx is the host's");
            expectEqual(statusOf("/dev/null").st_mode & 07777, 0600U, "the mode of what was there");
        }));
        sandbox.host = [] {
            (void)::mkdir("rootfs/dev", 0755);
            (void)::mknod("rootfs/dev/null", S_IFCHR | 0666, makedev(1, 1));
        };
        IS_REFUSED("make '/dev/null': it exists and is not the character device 1:3", sandbox.run([] {}));
        sandbox.host = [] { write("rootfs/dev/zero", ""); };
        IS_REFUSED("make '/dev/zero': it exists and is not the character device 1:5", sandbox.run([] {}));
        sandbox.host = [] {
            (void)::mkdir("rootfs/dev", 0755);
            (void)!::symlink("/etc/passwd", "rootfs/dev/full");
        };
        IS_REFUSED("make '/dev/full': it exists and is not the character device 1:7", sandbox.run([] {}));
    }

    // CVE-2026-47766: a rootfs whose /dev is a link to a directory of the host.
    void aLinkedDevIsRefused()
    {
        Sandbox sandbox{.mounts = R"({"destination": "/proc", "type": "proc", "source": "proc"})", .devices = true};
        sandbox.host = [] {
            write("outside/ptmx", "the host's");
            char here[4096];
            (void)!::symlink((std::string(::getcwd(here, sizeof here)) + "/outside").c_str(), "rootfs/dev");
        };
        sandbox.hostAfter = [] {
            expectEqual(read("outside/ptmx"), "the host's", "the host's file");
            expectEqual(errorOf(::access("outside/null", F_OK)), ENOENT, "a node on the host");
        };
        IS_REFUSED("'/dev' of the root file system is a link", sandbox.run([] {}));
    }

    void inAUserNamespaceTheyAreTheHosts()
    {
        Sandbox sandbox{.mounts = mounts, .userNamespace = true, .devices = true};
        sandbox.more = devices(R"({"type": "p", "path": "/dev/pipe", "uid": 3})");
        ALL_IS_WELL(sandbox.run([] {
            for (const char* name : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}) {
                const auto fd = os::open(name, O_RDONLY | O_NONBLOCK);
                expect(fd.has_value(), std::format("{} cannot be opened", name));
                expectEqual(mountLines().contains(name), true, std::format("a mount on {}", name));
            }
            const auto null = os::open("/dev/null", O_WRONLY);
            expect(null && os::writeAll(*null, "gone"), "/dev/null takes nothing");
            expectEqual(statusOf("/dev/pipe").st_uid, 3U, "the FIFO's owner");
        }));
        sandbox.more = devices(R"({"type": "c", "path": "/dev/null", "major": 1, "minor": 5})");
        IS_REFUSED("the host's '/dev/null' is not the character device 1:5", sandbox.run([] {}));
        sandbox.more = devices(R"({"type": "c", "path": "/dev/nobody", "major": 1, "minor": 5})");
        IS_REFUSED("the host's device '/dev/nobody': No such file or directory", sandbox.run([] {}));
    }

    void theConsoleIsTheTerminal()
    {
        Sandbox sandbox{.mounts = mounts, .devices = true};
        ALL_IS_WELL(sandbox.run([] {
            const UniqueFd root = os::open("/", O_PATH | O_DIRECTORY).value();
            const UniqueFd master = os::open("/dev/ptmx", O_RDWR | O_NOCTTY).value();
            ::unlockpt(master.value());
            const UniqueFd terminal = os::open("/dev/pts/0", O_RDWR | O_NOCTTY).value();
            const auto attached = mount::attachConsole(root, terminal);
            expect(attached.has_value(), attached ? "" : attached.error().what);
            expectEqual(statusOf("/dev/console").st_rdev, statusOf("/dev/pts/0").st_rdev, "the console");
        }));
    }

    // CVE-2025-52565: what is bound to the console is the terminal, and the console is no link.
    void theConsoleIsNothingElse()
    {
        Sandbox sandbox{.mounts = mounts, .devices = true};
        ALL_IS_WELL(sandbox.run([] {
            const UniqueFd root = os::open("/", O_PATH | O_DIRECTORY).value();
            const UniqueFd null = os::open("/dev/null", O_RDWR).value();
            expect(!mount::attachConsole(root, null), "the null device became the console");
            (void)!::symlink("/etc", "/dev/console");
            const UniqueFd master = os::open("/dev/ptmx", O_RDWR | O_NOCTTY).value();
            ::unlockpt(master.value());
            const UniqueFd terminal = os::open("/dev/pts/0", O_RDWR | O_NOCTTY).value();
            const auto attached = mount::attachConsole(root, terminal);
            expect(!attached && attached.error().errnum == ELOOP, "a link became the console");
        }));
    }
};

QTEST_GUILESS_MAIN(TestMountDevices)
#include "tst_mount_devices.moc"
