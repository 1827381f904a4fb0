#include "sandbox.h"

#include "engine/os/procfs.h"
#include "engine/os/file.h"

#include <QTest>

#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rocker;
using namespace rocker::test;

static const std::string proc = R"({"destination": "/proc", "type": "proc", "source": "proc"})";

static std::string tmpfs(const std::string& target, const std::string& options = "")
{
    return std::format(R"({{"destination": "{}", "type": "tmpfs", "source": "mark", "options": [{}]}})", target, options);
}

class TestMountTargets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("mounts need root");
        m_before = read("/proc/self/mountinfo");
    }

    // Where a target's links lead: always inside.
    void linksAreTheContainers_data()
    {
        QTest::addColumn<QString>("link");   // what rootfs/link points to
        QTest::addColumn<QString>("target"); // what is mounted on
        QTest::addColumn<QString>("real");   // where it must be
        const auto row = [](const char* name, const char* link, const char* target, const char* real) {
            QTest::newRow(name) << link << target << real;
        };
        row("absolute", "/real", "/link/stack", "/real/stack");
        row("the host's directory", "@HOST@/outside", "/link", "@HOST@/outside");
        row("above the root", "../../../../outside", "/link", "/outside");
        row("dangling", "missing/deep", "/link", "/missing/deep");
        row("dangling in the middle", "/missing", "/link/a/b", "/missing/a/b");
        row("dots in the destination", "/real", "/real/../../../x", "/x");
        row("through a second link", "second", "/link/a", "/real/a");
    }
    void linksAreTheContainers()
    {
        QFETCH(QString, link);
        QFETCH(QString, target);
        QFETCH(QString, real);
        for (const bool file : {false, true}) {
            Sandbox sandbox{.mounts = proc + "," + (file ? bindEntry("file", target.toStdString()) : tmpfs(target.toStdString()))};
            sandbox.host = [&] {
                char here[4096];
                const QString host = ::getcwd(here, sizeof here);
                (void)::mkdir("outside", 0755);
                (void)::mkdir("rootfs/real", 0755);
                write("file", "bound");
                (void)!::symlink("real", "rootfs/second");
                (void)!::symlink(QString(link).replace("@HOST@", host).toUtf8(), "rootfs/link");
            };
            sandbox.hostAfter = [] {
                struct stat status;
                expect(::stat("outside", &status) == 0 && S_ISDIR(status.st_mode), "the host's directory is gone");
                expectEqual(errorOf(::access("outside/deep", F_OK)), ENOENT, "something in the host's directory");
            };
            if (real.contains("@HOST@") && file)
                continue; // a directory stands there
            ALL_IS_WELL(sandbox.run([&] {
                const auto lines = mountLines();
                int found = 0;
                for (const auto& [where, line] : lines)
                    if (where != "/" && where != "/proc") {
                        ++found;
                        const bool right = real.contains("@HOST@") ? where.ends_with("/outside") : where == real.toStdString();
                        expect(right, "mounted on " + where);
                    }
                expectEqual(found, 1, "mounts");
            }));
        }
    }

    void whatBelongsToProcfsIsProcfs_data()
    {
        QTest::addColumn<QString>("mounts");
        QTest::addColumn<QString>("link"); // of rootfs/proc or rootfs/link
        QTest::addColumn<QString>("part"); // of the error; empty: fine
        const auto row = [](const char* name, const std::string& mounts, const char* link, const char* part) {
            QTest::newRow(name) << QString::fromStdString(mounts) << QString(link) << QString(part);
        };
        const std::string sys = R"({"destination": "/sys", "type": "sysfs", "source": "sysfs"})";
        row("proc through a link", proc, "proc:/elsewhere", "filesystem \"proc\" must be mounted on ordinary directory");
        row("proc on a file", proc, "proc:", "filesystem \"proc\" must be mounted on ordinary directory");
        row("sysfs through a link", sys, "sys:/elsewhere", "filesystem \"sysfs\" must be mounted on ordinary directory");
        row("a tmpfs on /proc", tmpfs("/proc"), "", "\"/proc\" cannot be mounted because it is not of type proc");
        row("a tmpfs on /proc by way of a link", tmpfs("/link"), "link:/proc", "\"/proc\" cannot be mounted because it is not of type proc");
        row("a bind on /proc", bindEntry("outside", "/proc"), "", "\"/proc\" cannot be mounted because it is not of type proc");
        row("the host's procfs on /proc", bindEntry("/proc", "/proc", R"("rbind")"), "", "");
        row("inside procfs", proc + "," + tmpfs("/proc/sys"), "", "\"/proc/sys\" cannot be mounted because it is inside /proc");
        row("inside procfs by dots", proc + "," + tmpfs("/x/../proc/self"), "", "cannot be mounted because it is inside /proc");
        row("an emulated file", proc + "," + bindEntry("file", "/proc/cpuinfo"), "", "");
        row("not an emulated file", proc + "," + bindEntry("file", "/proc/version"), "", "\"/proc/version\" cannot be mounted because it is inside /proc");
        row("the root by a link", tmpfs("/link"), "link:/", "which cannot be covered");
        row("a missing source", bindEntry("nowhere", "/a"), "", "mounts[0].source: 'nowhere': No such file or directory");
        row("a directory on a file", bindEntry("outside", "/plain"), "", "Not a directory");
        row("a type of nobody", R"({"destination": "/a", "type": "nosuchfs"})", "", "error mounting \"nosuchfs\" to rootfs at \"/a\" (mounts[0]): No such device");
        row("an option of nobody", tmpfs("/a", R"("colour=blue")"), "", "colour");
    }
    void whatBelongsToProcfsIsProcfs()
    {
        QFETCH(QString, mounts);
        QFETCH(QString, link);
        QFETCH(QString, part);
        Sandbox sandbox{.mounts = mounts.toStdString()};
        sandbox.host = [=] {
            (void)::mkdir("outside", 0755);
            (void)::mkdir("rootfs/elsewhere", 0755);
            (void)::mkdir("rootfs/x", 0755);
            write("rootfs/plain", "");
            write("file", "emulated");
            if (link == "proc:")
                write("rootfs/proc", "");
            else if (link.contains(':'))
                (void)!::symlink(link.section(':', 1).toUtf8(), ("rootfs/" + link.section(':', 0, 0)).toUtf8());
            if (!link.startsWith("proc"))
                (void)::mkdir("rootfs/proc", 0755);
        };
        const std::string said = sandbox.run([&] {
            if (mounts.contains("cpuinfo"))
                expectEqual(read("/proc/cpuinfo"), "emulated", "/proc/cpuinfo");
        });
        if (part.isEmpty())
            QCOMPARE(QString::fromStdString(said), "");
        else
            QVERIFY2(said.find(part.toStdString()) != std::string::npos, ("said: " + said).c_str());
    }

    void aBindFromInsideTheRootSeesTheMountsBefore()
    {
        Sandbox sandbox;
        sandbox.mounts = bindEntry("a", "/mnt") + "," + bindEntry("b", "/mnt/x") + "," + bindEntry("c", "/mnt/x/y") + "," +
                         bindEntry("@HOST@/rootfs/mnt", "@HOST@/rootfs/final", R"("rbind", "ro")");
        sandbox.host = [] {
            (void)os::makeDirectories("a/x", 0755);
            (void)os::makeDirectories("b/y", 0755);
            write("c/file", "deep");
        };
        ALL_IS_WELL(sandbox.run([] { expectEqual(read("/final/x/y/file"), "deep", "the file"); }));
    }

    void crunsLinks()
    {
        Sandbox sandbox;
        sandbox.mounts = bindEntry("link", "/copied", R"("bind", "copy-symlink")") + "," + bindEntry("file", "/copied2", R"("bind", "copy-symlink")") + "," +
                         bindEntry("link", "/itself", R"("bind", "src-nofollow", "dest-nofollow")");
        sandbox.host = [] {
            write("file", "text");
            (void)!::symlink("file", "link");
            (void)!::symlink("/etc", "rootfs/itself");
        };
        ALL_IS_WELL(sandbox.run([] {
            char target[64]{};
            expect(::readlink("/copied", target, 63) == 4 && target == std::string("file"), "the copied link");
            expectEqual(read("/copied2"), "text", "the file");
            std::ranges::fill(target, '\0');
            expect(::readlink("/itself", target, 63) == 4 && target == std::string("file"), "the bound link");
        }));
    }

    void aMountHasThePropagationThatWasAskedFor_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("rootfsPropagation");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("root");
        const auto row = [](const char* options, const char* root, const char* wanted, const char* ofRoot) {
            QTest::newRow(qPrintable(QString("%1, root %2").arg(options, root))) << options << root << wanted << ofRoot;
        };
        row("rbind", "", "master", "master");
        row("rbind,rprivate", "", "", "master");
        row("rbind,private", "", "", "master");
        row("rbind,rslave", "", "master", "master");
        row("rbind,rshared", "", "shared master", "master");
        row("rbind,unbindable", "", "unbindable", "master");
        row("rbind,rslave,shared", "", "shared master", "master");
        row("rbind", "private", "", "");
        row("rbind", "rslave", "master", "master");
        row("rbind", "rshared", "shared", "shared");
        row("rbind,rslave", "shared", "master", "shared");
        row("rbind,rprivate", "unbindable", "", "unbindable");
    }
    void aMountHasThePropagationThatWasAskedFor()
    {
        QFETCH(QString, options);
        QFETCH(QString, rootfsPropagation);
        QFETCH(QString, wanted);
        QFETCH(QString, root);
        const std::string words = "\"" + QString(options).replace(",", "\", \"").toStdString() + "\"";
        Sandbox sandbox{.mounts = proc + "," + bindEntry("src", "/mnt", words), .shared = true};
        if (!rootfsPropagation.isEmpty())
            sandbox.more = std::format(R"(, "linux": {{"rootfsPropagation": "{}"}})", rootfsPropagation.toStdString());
        sandbox.host = [] {
            (void)::mkdir("src", 0755);
            (void)::mount("tmpfs", "src", "tmpfs", 0, "");
            (void)::mkdir("src/below", 0755);
        };
        const bool reaches = wanted == "shared";
        sandbox.hostAfter = [=] {
            std::string seen;
            for (const auto& [target, line] : mountLines())
                if (line.superOptions.contains("size=12k"))
                    seen += target + " ";
            expectEqual(!seen.empty(), reaches, "what the container mounts arrives on the host: " + seen);
            for (const auto& [target, line] : mountLines())
                expect(!target.ends_with("/rootfs/proc"), "the container's procfs has reached the host");
        };
        ALL_IS_WELL(sandbox.run([=] {
            auto lines = mountLines();
            expectEqual(lines["/mnt"].propagation, wanted.toStdString(), "the mount");
            expectEqual(lines["/"].propagation, root.toStdString(), "the root");
            (void)::mount("tmpfs", "/mnt/below", "tmpfs", 0, "size=12k");
        }));
    }

    void theRootCanBeChangedInThreeWays_data()
    {
        QTest::addColumn<int>("change");
        QTest::newRow("pivot_root") << int(mount::RootChange::Pivot);
        QTest::newRow("move") << int(mount::RootChange::Move);
        QTest::newRow("chroot") << int(mount::RootChange::Chroot);
    }
    void theRootCanBeChangedInThreeWays()
    {
        QFETCH(int, change);
        Sandbox sandbox{.mounts = proc, .change = mount::RootChange(change)};
        sandbox.host = [] { write("rootfs/inside", "here"); };
        ALL_IS_WELL(sandbox.run([] {
            expectEqual(read("/inside"), "here", "the root");
            expectEqual(read("inside"), "here", "the current directory");
            expectEqual(read("../../../inside"), "here", "above the root");
            struct stat top, root;
            expect(::stat("/proc/1/root", &top) == 0 && ::stat("/", &root) == 0 && top.st_ino == root.st_ino && top.st_dev == root.st_dev, "another root");
        }));
    }

    void aReadOnlyRootLeavesTheMountsWritable()
    {
        Sandbox sandbox{.mounts = proc + "," + tmpfs("/tmp") + "," + tmpfs("/quiet", R"("ro")"), .more = R"(, "root": {"path": "rootfs", "readonly": true})"};
        ALL_IS_WELL(sandbox.run([] {
            expectEqual(errorOf(::mkdir("/new", 0755)), EROFS, "the root");
            expectEqual(errorOf(::mkdir("/tmp/new", 0755)), 0, "a tmpfs");
            expectEqual(errorOf(::mkdir("/quiet/new", 0755)), EROFS, "a read-only tmpfs");
        }));
    }

    void onlyProcfsIsTakenForProcfs()
    {
        ALL_IS_WELL(Sandbox{.mounts = proc + "," + tmpfs("/fake/proc")}.run([] {
            const auto procfs = os::openProcfs();
            expect(procfs.has_value(), "no procfs");
            if (!procfs)
                return;
            expect(os::writeInProcfs(*procfs, "self/oom_score_adj", "5").has_value(), "no write");
            expectEqual(read("/proc/self/oom_score_adj"), "5\n", "what was written");
            expect(!os::openInProcfs(*procfs, "self/root/fake", O_RDONLY), "a magic link was followed");
            expect(!os::openInProcfs(*procfs, "../fake", O_RDONLY), "procfs was left");
            write("/note", "");
            expectEqual(errorOf(::mount("/note", "/proc/self/attr", nullptr, MS_BIND, nullptr)) != 0, true, "a file on a directory");
            if (::mount("/note", "/proc/uptime", nullptr, MS_BIND, nullptr) == 0)
                expect(!os::openInProcfs(*procfs, "uptime", O_RDONLY), "what covers a file of procfs was opened");
            expect(!os::openProcfs("/fake/proc"), "a tmpfs was taken for procfs");
        }));
    }

    // CVE-2021-30465 and its kin: while containers are made, another process exchanges a directory on the way to the target
    // with a link to the host's.
    void exchangedDirectoriesLose_data()
    {
        QTest::addColumn<QString>("mounts");
        QTest::addColumn<QString>("more");
        QTest::newRow("mounts") << QString::fromStdString(tmpfs("/a/b/c") + "," + bindEntry("src", "/a/b/d") + "," + bindEntry("file", "/a/b/e")) << "";
        QTest::newRow("masks") << QString::fromStdString(tmpfs("/other")) << R"(, "linux": {"maskedPaths": ["/a/b/file", "/a/b"], "readonlyPaths": ["/a/b/file"]})";
        QTest::newRow("nodes") << QString::fromStdString(tmpfs("/other"))
                               << R"(, "linux": {"devices": [{"type": "c", "path": "/a/b/n", "major": 1, "minor": 3, "uid": 5, "gid": 5}]})";
    }
    void exchangedDirectoriesLose()
    {
        QFETCH(QString, mounts);
        QFETCH(QString, more);
        Sandbox sandbox{.mounts = mounts.toStdString(), .more = more.toStdString(), .devices = more.contains("devices")};
        sandbox.host = [] {
            write("file", "");
            (void)::mkdir("src", 0755);
            write("outside/file", "host");
            (void)::mkdir("rootfs/a", 0755);
            write("rootfs/a/b/file", "");
            (void)!::symlink("../../../../../outside", "rootfs/a/link");
        };
        sandbox.meanwhile = [] {
            char here[4096];
            (void)!::getcwd(here, sizeof here);
            (void)::unlink("rootfs/a/link");
            (void)!::symlink((std::string(here) + "/outside").c_str(), "rootfs/a/link");
            for (;;)
                (void)::syscall(SYS_renameat2, AT_FDCWD, "rootfs/a/b", AT_FDCWD, "rootfs/a/link", 2 /* RENAME_EXCHANGE */);
        };
        sandbox.hostAfter = [] {
            struct stat status;
            expectEqual(read("outside/file"), "host", "the host's file");
            expect(::stat("outside/file", &status) == 0 && status.st_uid == 0 && S_ISREG(status.st_mode), "the host's file is another");
            for (const char* name : {"outside/c", "outside/d", "outside/e", "outside/n"})
                expectEqual(errorOf(::access(name, F_OK)), ENOENT, name);
        };
        int made = 0, refused = 0;
        QElapsedTimer timer;
        for (timer.start(); timer.elapsed() < 3000;) {
            const std::string said = sandbox.run([] {});
            for (const char* wrong : {"the host's file", "outside/", "ended badly", "something is left"})
                QVERIFY2(said.find(wrong) == std::string::npos, said.c_str());
            ++(said.empty() ? made : refused);
        }
        qInfo("%d containers made, %d refused", made, refused);
        QVERIFY(made + refused > 20);
    }

    void nothingIsLeftBehind()
    {
        QCOMPARE(read("/proc/self/mountinfo"), m_before);
    }

private:
    std::string m_before;
};

QTEST_GUILESS_MAIN(TestMountTargets)
#include "tst_mount_targets.moc"
