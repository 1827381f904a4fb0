#include "sandbox.h"

#include <QTest>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace rocker;
using namespace rocker::test;

static const std::string proc = R"({"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]})";

static const std::string usual = proc + R"(,
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=64m"]},
    {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "ro"]})";

static const std::string paths = R"(, "linux": {
    "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/acpi", "/proc/scsi", "/sys/firmware", "/proc/kcore", "/not/there", "/file", "/directory"],
    "readonlyPaths": ["/proc/bus", "/proc/sys", "/proc/sysrq-trigger", "/not/there", "/open"]})";

class TestMounts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("mounts need root");
        m_before = read("/proc/self/mountinfo");
    }

    void theUsualContainer_data()
    {
        QTest::addColumn<bool>("userNamespace");
        QTest::addColumn<bool>("cgroupNamespace");
        QTest::newRow("as the host's root") << false << true;
        QTest::newRow("without a cgroup namespace") << false << false;
        QTest::newRow("in a user namespace") << true << true;
    }
    void theUsualContainer()
    {
        QFETCH(bool, userNamespace);
        QFETCH(bool, cgroupNamespace);
        Sandbox sandbox{.mounts = usual, .more = paths, .userNamespace = userNamespace, .devices = true, .cgroupNamespace = cgroupNamespace};
        sandbox.host = [] {
            write("rootfs/file", "secret");
            write("rootfs/directory/file", "secret");
            write("rootfs/open/file", "text");
            for (const char* path : {"rootfs/open", "rootfs/file", "rootfs/directory"})
                (void)!::chown(path, 100000, 100000);
        };
        ALL_IS_WELL(sandbox.run([=] {
            auto lines = mountLines();
            for (const auto& [target, type] : {std::pair("/proc", "proc"), {"/dev", "tmpfs"}, {"/dev/pts", "devpts"}, {"/dev/shm", "tmpfs"},
                                               {"/dev/mqueue", "mqueue"}, {"/sys", "sysfs"}})
                expectEqual(lines[target].type, type, target);
            for (const char* flag : {"ro", "nosuid", "nodev", "noexec", "relatime"})
                expect(lines["/sys"].has(flag), std::format("/sys lacks {}", flag));
            expect(!lines["/dev"].has("relatime") && !lines["/dev"].has("noatime"), "/dev has no strictatime");
            expect(lines["/sys/fs/cgroup"].has("ro"), "/sys/fs/cgroup is writable");
            if (lines["/sys/fs/cgroup"].type == "tmpfs") {
                expectEqual(lines["/sys/fs/cgroup/pids"].type, "cgroup", "pids");
                expect(lines["/sys/fs/cgroup/pids"].has("ro"), "pids is writable");
                expect(::access("/sys/fs/cgroup/processes/cgroup.procs", F_OK) == 0, "no alias of a hierarchy");
            }

            for (const char* path : {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/file"})
                if (::access(path, F_OK) == 0) {
                    expectEqual(read(path), "", path);
                    expectEqual(errorOf(::chmod(path, 0777)), EROFS, std::format("chmod {}", path));
                    expect(lines[path].has("ro"), std::format("the cover of {} is writable", path));
                }
            for (const char* path : {"/directory/file", "/sys/firmware/acpi", "/proc/scsi/scsi"})
                expectEqual(errorOf(::access(path, F_OK)), ENOENT, path);
            expectEqual(errorOf(::mkdir("/directory/new", 0755)), EROFS, "mkdir in a masked directory");
            expectEqual(errorOf(::unlink("/open/file")), EROFS, "unlink below a read-only path");
            expect(::access("/proc/sys/kernel/hostname", W_OK) != 0, "/proc/sys is writable");
            expect(lines["/proc/sys"].has("ro") && lines["/proc/sys"].has("nosuid") && lines["/proc/sys"].has("noexec"), "/proc/sys has lost flags");

            for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
                struct stat status;
                expect(::stat((std::string("/dev/") + name).c_str(), &status) == 0 && S_ISCHR(status.st_mode), std::format("/dev/{}", name));
            }
            expect(::access("/dev/null", R_OK | W_OK) == 0, "/dev/null cannot be used");
            write("/dev/null", "gone");
            char link[64]{};
            expect(::readlink("/dev/ptmx", link, 63) > 0 && link == std::string("pts/ptmx"), "/dev/ptmx");
            expect(::access("/dev/fd/0", F_OK) == 0 || errno == ENOENT, "/dev/fd");
            expectEqual(lines.contains("/old"), false, "an old root");
            expectEqual(lines["/"].type, "tmpfs", "the root");
        }));
        struct stat null;
        QVERIFY(::stat("/dev/null", &null) == 0 && null.st_uid == 0 && (null.st_mode & 0777) == 0666);
    }

    void aBindHasTheFlagsThatWereAskedFor_data()
    {
        QTest::addColumn<QString>("source"); // flags of the host's mount
        QTest::addColumn<QString>("options");
        QTest::addColumn<bool>("userNamespace");
        QTest::addColumn<QString>("wanted"); // the mount's flags as mountinfo has them; an error when it has a blank
        const auto row = [](const char* source, const char* options, bool userNamespace, const char* wanted) {
            QTest::newRow(qPrintable(QString("%1 of %2%3").arg(options, source, userNamespace ? " in a user namespace" : "")))
                << source << options << userNamespace << wanted;
        };
        row("", "bind", false, "rw,relatime");
        row("", "bind,ro", false, "ro,relatime");
        row("", "bind,ro,rw", false, "rw,relatime");
        row("", "bind,nosuid,nodev,noexec", false, "rw,nosuid,nodev,noexec,relatime");
        row("", "bind,noatime", false, "rw,noatime");
        row("", "bind,strictatime", false, "rw");
        row("", "bind,nodiratime", false, "rw,nodiratime,relatime");
        row("", "bind,nosymfollow", false, "rw,relatime,nosymfollow");
        row("ro,nosuid,nodev,noexec", "bind", false, "ro,nosuid,nodev,noexec,relatime");
        row("ro,nosuid,nodev,noexec", "bind,rw", false, "rw,relatime");
        row("nosuid,nodev,noexec,noatime", "bind,ro", false, "ro,noatime");
        row("nosuid,nodev,noexec,noatime", "bind,dev,suid,exec,atime", false, "rw,noatime");
        row("noatime", "bind,relatime", false, "rw,relatime");
        row("nodiratime", "bind,strictatime", false, "rw");
        row("", "bind,ro", true, "ro,relatime");
        row("nosuid,nodev,noexec", "bind,ro", true, "ro,nosuid,nodev,noexec,relatime");
        row("nodev,nosymfollow", "bind,ro,symfollow", true, "ro,nodev,relatime");
        row("noatime", "bind,norelatime", true, "rw,noatime");
        row("ro", "bind,rw", true, "mounts[1].source: 'src': set the mount's flags: cannot clear locked flags ro: operation not permitted");
        row("noatime", "bind,relatime", true, "cannot change locked atime flags: operation not permitted");
        row("nosuid,nodev", "bind,suid", true, "cannot clear locked flags nosuid: operation not permitted");
    }
    void aBindHasTheFlagsThatWereAskedFor()
    {
        QFETCH(QString, source);
        QFETCH(QString, options);
        QFETCH(bool, userNamespace);
        QFETCH(QString, wanted);
        std::string words;
        for (const QString& word : options.split(','))
            words += (words.empty() ? "\"" : ", \"") + word.toStdString() + "\"";
        Sandbox sandbox{.mounts = proc + "," + bindEntry("src", "/mnt", words), .userNamespace = userNamespace};
        sandbox.host = [source] {
            (void)::mkdir("src", 0755);
            unsigned long flags = 0;
            for (const auto& [name, flag] : {std::pair("ro", MS_RDONLY), {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV}, {"noexec", MS_NOEXEC},
                                             {"noatime", MS_NOATIME}, {"nodiratime", MS_NODIRATIME}, {"nosymfollow", MS_NOSYMFOLLOW}})
                if (source.split(',').contains(name))
                    flags |= (unsigned long)flag;
            if (::mount("tmpfs", "src", "tmpfs", flags, "") != 0)
                complain("no mount to bind");
        };
        const std::string said = sandbox.run([=] { expectEqual(mountLines()["/mnt"].options, wanted.toStdString(), "the flags"); });
        if (wanted.contains(' '))
            QVERIFY2(said.find(wanted.toStdString()) != std::string::npos, said.c_str());
        else
            QVERIFY2(said.empty(), said.c_str());
    }

    void aRecursiveFlagReachesEveryMount_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("flag"); // that mountinfo has, or with "!" has not
        for (const char* both : {"rro ro", "rnosuid nosuid", "rnodev nodev", "rnoexec noexec", "rnoatime noatime", "rnodiratime nodiratime",
                                 "rnosymfollow nosymfollow", "rrw !ro", "rsuid !nosuid", "rdev !nodev", "rexec !noexec", "rdiratime !nodiratime",
                                 "rrelatime relatime", "rstrictatime !relatime", "rsymfollow !nosymfollow", "ratime relatime"})
            QTest::newRow(both) << QString(both).section(' ', 0, 0) << QString(both).section(' ', 1);
    }
    void aRecursiveFlagReachesEveryMount()
    {
        QFETCH(QString, option);
        QFETCH(QString, flag);
        Sandbox sandbox{.mounts = proc + "," + bindEntry("src", "/mnt", "\"rbind\", \"" + option.toStdString() + "\"")};
        sandbox.host = [clears = flag.startsWith('!')] {
            (void)::mkdir("src", 0755);
            const unsigned long flags = clears ? MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NODIRATIME | MS_NOSYMFOLLOW : 0;
            (void)::mount("tmpfs", "src", "tmpfs", 0, "");
            (void)::mkdir("src/below", 0755);
            (void)::mount("tmpfs", "src/below", "tmpfs", flags | (clears ? MS_RDONLY : 0), "");
            (void)::mount("", "src", nullptr, MS_REMOUNT | MS_BIND | flags | (clears ? MS_RDONLY : 0), "");
        };
        ALL_IS_WELL(sandbox.run([=] {
            auto lines = mountLines();
            const std::string name = flag.startsWith('!') ? flag.mid(1).toStdString() : flag.toStdString();
            for (const char* target : {"/mnt", "/mnt/below"})
                expectEqual(lines[target].has(name), !flag.startsWith('!'), std::format("{} on {} ({})", name, target, lines[target].options));
        }));
    }

    void aMappedBindShiftsItsOwners_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("maps");
        QTest::addColumn<bool>("userNamespace");
        QTest::addColumn<uint>("top");
        QTest::addColumn<uint>("below");
        const char* const maps = R"(, "uidMappings": [{"containerID": 1000, "hostID": 2000, "size": 10}], "gidMappings": [{"containerID": 1000, "hostID": 2000, "size": 10}])";
        QTest::newRow("maps of its own") << R"("rbind", "idmap")" << maps << false << 2000U << 1000U;
        QTest::newRow("for all below") << R"("rbind", "ridmap")" << maps << false << 2000U << 2000U;
        QTest::newRow("without the word") << R"("rbind")" << maps << false << 2000U << 1000U;
        QTest::newRow("in the option") << R"("rbind", "idmap=uids=1000-2000-10;gids=1000-2000-10")" << "" << false << 2000U << 1000U;
        QTest::newRow("the container's") << R"("rbind", "ridmap")" << "" << true << 1000U << 1000U;
        QTest::newRow("none") << R"("rbind")" << "" << false << 1000U << 1000U;
        QTest::newRow("none in a user namespace") << R"("rbind")" << "" << true << 65534U << 65534U;
    }
    void aMappedBindShiftsItsOwners()
    {
        QFETCH(QString, options);
        QFETCH(QString, maps);
        QFETCH(bool, userNamespace);
        QFETCH(uint, top);
        QFETCH(uint, below);
        Sandbox sandbox{.mounts = std::format(R"({{"destination": "/mnt", "source": "src", "options": [{}]{}}})", options.toStdString(), maps.toStdString()),
                        .userNamespace = userNamespace};
        sandbox.host = [] {
            write("src/file", "");
            (void)!::chown("src/file", 1000, 1000);
            (void)::mkdir("src/below", 0755);
            (void)::mount("tmpfs", "src/below", "tmpfs", 0, "");
            write("src/below/file", "");
            (void)!::chown("src/below/file", 1000, 1000);
        };
        ALL_IS_WELL(sandbox.run([=] {
            struct stat status;
            expect(::stat("/mnt/file", &status) == 0, "no file");
            expectEqual(status.st_uid, top, "its owner");
            expectEqual(status.st_gid, top, "its group");
            expect(::stat("/mnt/below/file", &status) == 0, "no file below");
            expectEqual(status.st_uid, below, "the owner below");
        }));
    }

    void aTmpfsMayBeginWithWhatItCovers()
    {
        Sandbox sandbox{.mounts = R"({"destination": "/dir", "type": "tmpfs", "options": ["tmpcopyup", "ro"]})"};
        sandbox.host = [] {
            write("rootfs/dir/sub/file", std::string(100000, 'x'));
            (void)!::chown("rootfs/dir/sub/file", 3, 4);
            (void)::chmod("rootfs/dir/sub/file", 04751);
            (void)::chmod("rootfs/dir/sub", 0777);
            (void)::chmod("rootfs/dir", 0710);
            (void)!::chown("rootfs/dir", 5, 6);
            (void)!::symlink("/etc/passwd", "rootfs/dir/link");
            (void)!::lchown("rootfs/dir/link", 7, 8);
            (void)::mkfifo("rootfs/dir/fifo", 0640);
            (void)::setxattr("rootfs/dir/sub/file", "trusted.note", "kept", 4, 0);
            (void)::mkdir("rootfs/dir/mounted", 0700);
            (void)::mount("tmpfs", "rootfs/dir/mounted", "tmpfs", 0, "");
            write("rootfs/dir/mounted/other", "");
        };
        ALL_IS_WELL(sandbox.run([] {
            struct stat status;
            expectEqual(read("/dir/sub/file"), std::string(100000, 'x'), "the content");
            expect(::stat("/dir/sub/file", &status) == 0 && status.st_uid == 3 && status.st_gid == 4 && (status.st_mode & 07777) == 04751, "the file");
            expect(::stat("/dir/sub", &status) == 0 && (status.st_mode & 07777) == 0777, "the directory");
            expect(::stat("/dir", &status) == 0 && (status.st_mode & 07777) == 0710 && status.st_uid == 5 && status.st_gid == 6, "the top");
            expect(::lstat("/dir/link", &status) == 0 && S_ISLNK(status.st_mode) && status.st_uid == 7, "the link");
            expect(::lstat("/dir/fifo", &status) == 0 && S_ISFIFO(status.st_mode) && (status.st_mode & 07777) == 0640, "the FIFO");
            char value[8]{};
            expect(::getxattr("/dir/sub/file", "trusted.note", value, sizeof value) == 4 && value == std::string("kept"), "the attribute");
            expectEqual(errorOf(::access("/dir/mounted", F_OK)), ENOENT, "another mount");
            expectEqual(errorOf(::unlink("/dir/link")), EROFS, "unlink");
        }));
    }

    void aTmpfsHasTheModeOfItsPlace_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<bool>("exists");
        QTest::addColumn<uint>("mode");
        QTest::newRow("of the covered directory") << R"("nosuid")" << true << 0710U;
        QTest::newRow("as asked for") << R"("mode=1500")" << true << 01500U;
        QTest::newRow("the file system's own") << R"("nosuid")" << false << 01777U;
    }
    void aTmpfsHasTheModeOfItsPlace()
    {
        QFETCH(QString, option);
        QFETCH(bool, exists);
        QFETCH(uint, mode);
        Sandbox sandbox{.mounts = R"({"destination": "/a/b", "type": "tmpfs", "options": [)" + option.toStdString() + "]}"};
        sandbox.host = [exists] {
            if (exists) {
                write("rootfs/a/b/file", "");
                (void)::chmod("rootfs/a/b", 0710);
            }
        };
        sandbox.hostAfter = [exists] {
            struct stat status;
            expect(::stat("rootfs/a/b", &status) == 0 && (status.st_mode & 07777) == (exists ? 0710 : 0755), "the place has been changed");
        };
        ALL_IS_WELL(sandbox.run([mode] {
            struct stat status;
            expect(::stat("/a/b", &status) == 0, "nothing there");
            expectEqual(status.st_mode & 07777, mode, "the mode");
        }));
    }

    void whatIsMountedAlreadyCanBeRemounted()
    {
        ALL_IS_WELL(Sandbox{.mounts = proc + R"(, {"destination": "/a", "type": "tmpfs", "options": ["size=1m"]},
            {"destination": "/a", "type": "tmpfs", "options": ["remount", "size=2m", "nosuid"]},
            {"destination": "/b", "type": "tmpfs", "options": ["nodev"]}, {"destination": "/b", "options": ["remount", "bind", "ro"]})"}
                        .run([] {
                            auto lines = mountLines();
                            expect(lines["/a"].superOptions.contains("size=2048k"), "the size is " + lines["/a"].superOptions);
                            expect(lines["/a"].has("nosuid") && lines["/a"].has("rw"), "/a is " + lines["/a"].options);
                            expectEqual(lines["/b"].options, "ro,relatime", "/b");
                        }));
        IS_REFUSED("(mounts[0]): nothing is mounted there", Sandbox{.mounts = R"({"destination": "/a", "options": ["remount", "bind", "ro"]})",
                                               .host = [] { (void)::mkdir("rootfs/a", 0755); }}
                                           .run([] {}));
    }

    void aValueOfAnyLengthIsPassedOn()
    {
        std::string lower;
        for (int i = 0; i < 40; ++i)
            lower += (i ? ":@HOST@/" : "@HOST@/") + std::to_string(i);
        Sandbox sandbox;
        sandbox.mounts = proc + std::format(R"(, {{"destination": "/o", "type": "overlay", "options": [{}, "ro", "nosuid"]}})", "\"lowerdir=" + lower + '"');
        sandbox.host = [] {
            for (int i = 0; i < 40; ++i)
                write(std::to_string(i) + "/" + std::to_string(i), "");
        };
        ALL_IS_WELL(sandbox.run([] {
            expect(::access("/o/39", F_OK) == 0, "the last layer is not there");
            expect(mountLines()["/o"].has("nosuid") && mountLines()["/o"].superOptions.starts_with("ro"), "its flags");
        }));
    }

    void sysfsOfAnotherNetworkIsTheHosts()
    {
        ALL_IS_WELL(Sandbox{.mounts = proc + R"(, {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "ro"]})",
                            .userNamespace = true, .network = false}
                        .run([] {
                            auto lines = mountLines();
                            expectEqual(lines["/sys"].type, "sysfs", "/sys");
                            for (const auto& [target, line] : lines)
                                expect(!target.starts_with("/sys") || (line.has("ro") && line.has("nosuid")), target + " is " + line.options);
                        }));
    }

    void nothingIsLeftBehind()
    {
        QCOMPARE(read("/proc/self/mountinfo"), m_before);
    }

private:
    std::string m_before;
};

QTEST_GUILESS_MAIN(TestMounts)
#include "tst_mounts.moc"
