#include "engine/container/environment.h"
#include "engine/container/process.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "forked.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace rocker;
using namespace rocker::container;

namespace {

ProcessSpec shell(const std::string& script)
{
    ProcessSpec spec;
    spec.process.args = {"sh", "-c", script};
    spec.process.env = {"PATH=/usr/bin:/bin", "HOME=/"};
    spec.process.cwd = "/";
    return spec;
}

// What a process of `spec` prints, or the error that kept it from running. `before` sees it in the child.
std::string outputOf(const ProcessSpec& spec, const std::function<void()>& before = {})
{
    return forked([&]() -> std::string {
        if (::geteuid() != 0 && !enterUserNamespace())
            return "no user namespace";
        if (before)
            before();
        Command command(spec);
        if (auto done = command.prepare(); !done)
            return "not prepared: " + done.error().what;
        if (auto done = command.renounce(); !done)
            return "not renounced: " + done.error().what;
        for (const std::string& warning : command.takeWarnings()) {
            const std::string line = "warning: " + warning + "\n";
            (void)!::write(1, line.data(), line.size());
        }
        return "not executed: " + command.execute({}).what;
    });
}

// A mount namespace of one's own in which `contents` is /etc/passwd.
std::function<void()> withPasswd(const QTemporaryDir& directory, const std::string& contents)
{
    const std::string path = directory.path().toStdString() + "/passwd";
    const UniqueFd file = os::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644).value();
    (void)os::writeAll(file, contents);
    return [path] {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", "", MS_REC | MS_PRIVATE, "") != 0
            || ::mount(path.c_str(), "/etc/passwd", "", MS_BIND, "") != 0)
            ::_exit(9);
    };
}

spec::Capabilities allSets(const std::vector<std::string>& names)
{
    return {.bounding = names, .effective = names, .inheritable = names, .permitted = names, .ambient = names};
}

} // namespace

#define NEEDS_ROOT()                                                                                                                       \
    if (::geteuid() != 0)                                                                                                                  \
        QSKIP("needs root: it changes ids, or what is mounted for real")

class TestProcess : public QObject
{
    Q_OBJECT

private slots:
    // The seed's NewInitProcess: each failure names its step.
    void newInitProcessTellsWhatItCouldNot()
    {
        ProcessSpec missing = shell("true");
        missing.process.args = {"nosuch"};
        QCOMPARE(outputOf(missing), "not prepared: exec: \"nosuch\": executable file not found in $PATH");
        ProcessSpec nowhere = shell("true");
        nowhere.process.cwd = "/nosuch";
        QCOMPARE(outputOf(nowhere), "not prepared: chdir to cwd ('/nosuch'): No such file or directory");
        ProcessSpec empty = shell("true");
        empty.process.args.clear();
        QCOMPARE(outputOf(empty), "not prepared: process.args: is empty");
    }

    void aScriptWhoseInterpreterIsMissingSaysSo()
    {
        QTemporaryDir directory;
        const QString path = directory.filePath("run.sh");
        QFile script(path);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/mmnnttbb foo bar\n");
        script.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
        script.close();
        ProcessSpec spec = shell("");
        spec.process.args = {path.toStdString()};
        QCOMPARE(outputOf(spec), "not executed: exec " + path.toStdString() + ": no such file or directory");
    }

    void aMissingHomeIsTheUsersInTheContainersPasswd_data()
    {
        QTest::addColumn<uint>("uid");
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("home");
        QTest::newRow("root") << 0U << "" << "/the/root";
        QTest::newRow("empty") << 0U << "HOME=" << "/the/root";
        QTest::newRow("given") << 0U << "HOME=/override" << "/override";
        QTest::newRow("a user") << 1000U << "" << "/home/one";
        QTest::newRow("nobody there") << 4242U << "" << "/";
    }
    void aMissingHomeIsTheUsersInTheContainersPasswd()
    {
        NEEDS_ROOT();
        QFETCH(uint, uid);
        QFETCH(QString, given);
        QTemporaryDir directory;
        ProcessSpec spec = shell("env");
        spec.process.user.uid = uid;
        spec.process.env = {"PATH=/usr/bin:/bin"};
        if (!given.isEmpty())
            spec.process.env.push_back(given.toStdString());
        const QString said = QString::fromStdString(outputOf(spec, withPasswd(directory, "root:x:0:0::/the/root:\none:x:1000:1000::/home/one:\n")));
        QTEST(said.mid(said.indexOf("HOME=") + 5).section('\n', 0, 0), "home");
        QCOMPARE(said.count("HOME="), 1);
    }

    void aPasswdThatIsNoPlainFileIsNotWaitedFor()
    {
        NEEDS_ROOT();
        QTemporaryDir directory;
        const std::string fifo = directory.path().toStdString() + "/fifo";
        QCOMPARE(::mkfifo(fifo.c_str(), 0666), 0);
        ProcessSpec spec = shell("echo $HOME");
        spec.process.env = {"PATH=/usr/bin:/bin"};
        const auto before = [&] {
            if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", "", MS_REC | MS_PRIVATE, "") != 0
                || ::mount(fifo.c_str(), "/etc/passwd", "", MS_BIND, "") != 0)
                ::_exit(9);
            ::alarm(20);
        };
        QCOMPARE(outputOf(spec, before), "/\n");
    }

    void userGroupsAndUmaskAreTheDocuments()
    {
        NEEDS_ROOT();
        ProcessSpec spec = shell("id -u; id -g; id -G; umask; pwd");
        spec.process.user = {.uid = 1000, .gid = 1001, .umask = 027, .additionalGids = {5, 65534}, .username = {}};
        QCOMPARE(outputOf(spec), "1000\n1001\n1001 5 65534\n0027\n/\n");
    }

    void withoutAUmaskTheCallersStays()
    {
        QCOMPARE(outputOf(shell("umask"), [] { ::umask(0053); }), "0053\n");
    }

    void aNamedUserIsFoundInTheContainer()
    {
        NEEDS_ROOT();
        QTemporaryDir directory;
        ProcessSpec spec = shell("id -u; id -g");
        spec.userName = "one";
        QCOMPARE(outputOf(spec, withPasswd(directory, "one:x:1000:1007::/home/one:\n")), "1000\n1007\n");
        spec.userName = "4294967296";
        QCOMPARE(outputOf(spec), "not prepared: '4294967296' is no user id");
    }

    void capabilitiesSurviveTheChangeOfIdsOnlyAsAmbientOnes()
    {
        NEEDS_ROOT();
        ProcessSpec spec = shell("grep Cap /proc/self/status | tr -d '\\t' | tr '\\n' ' '");
        spec.process.user.uid = 1000;
        spec.process.capabilities = allSets({"CAP_KILL"});
        QCOMPARE(outputOf(spec), "CapInh:0000000000000020 CapPrm:0000000000000020 CapEff:0000000000000020 CapBnd:0000000000000020 "
                                 "CapAmb:0000000000000020 ");
        spec.process.capabilities->ambient.clear();
        QCOMPARE(outputOf(spec), "CapInh:0000000000000020 CapPrm:0000000000000000 CapEff:0000000000000000 CapBnd:0000000000000020 "
                                 "CapAmb:0000000000000000 ");
        spec.capabilitiesForRootOnly = true;
        QVERIFY(outputOf(spec).starts_with("CapInh:0000000000000000 "));
        spec.process.capabilities.reset();
        QVERIFY(outputOf(spec).contains("CapBnd:0000000000000000"));
    }

    void unknownCapabilitiesAreAWarning()
    {
        NEEDS_ROOT();
        ProcessSpec spec = shell("grep CapBnd /proc/self/status | tr -d '\\t'");
        spec.process.capabilities.emplace().bounding = {"CAP_KILL", "CAP_TEST", "OTHER"};
        QCOMPARE(outputOf(spec), "warning: ignoring unknown or unavailable capabilities: [CAP_TEST OTHER]\nCapBnd:0000000000000020\n");
    }

    void newPrivilegesAreGivenUpWhenAsked()
    {
        QCOMPARE(outputOf(shell("grep NoNewPrivs /proc/self/status")), "NoNewPrivs:\t0\n");
        ProcessSpec spec = shell("grep NoNewPrivs /proc/self/status");
        spec.process.noNewPrivileges = true;
        QCOMPARE(outputOf(spec), "NoNewPrivs:\t1\n");
    }

    // seccomp(2): with privileges as long as they are there, or last of all.
    void theFilterIsLoadedAsTheUserWithOrWithoutNewPrivileges()
    {
        NEEDS_ROOT();
        for (const bool givenUp : {false, true}) {
            ProcessSpec spec = shell("echo run");
            spec.process.user.uid = 1000;
            spec.process.noNewPrivileges = givenUp;
            spec.loadSeccomp = []() -> Result<> {
                const std::string line = std::format("as {} {}\n", ::getuid(), ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
                return os::writeAll(BorrowedFd(1), line);
            };
            QCOMPARE(outputOf(spec), givenUp ? "as 1000 1\nrun\n" : "as 1000 0\nrun\n");
            spec.loadSeccomp = []() -> Result<> { return fail(ErrorCode::Internal, "no"); };
            QVERIFY(outputOf(spec).ends_with("load the seccomp filter: no"));
        }
    }

    void onlyThePreservedDescriptorsArePassedOn()
    {
        ProcessSpec spec = shell("ls /proc/$$/fd; true");
        const auto open = [] {
            os::closeAllExcept({});
            for (int fd = 3; fd < 8; ++fd)
                if (::open("/", O_RDONLY | (fd == 3 ? O_CLOEXEC : 0)) != fd)
                    ::_exit(9);
        };
        QCOMPARE(outputOf(spec, open), "0\n1\n2\n");
        spec.preservedFds = 2;
        // 3 closes on exec: it was opened since, not handed on.
        QCOMPARE(outputOf(spec, open), "0\n1\n2\n4\n");
    }

    // CVE-2024-21626: neither the working directory nor the command may be reached through a descriptor of the host's.
    void aDescriptorOfTheHostIsNoWayOut()
    {
        NEEDS_ROOT();
        QTemporaryDir directory;
        const std::string root = directory.path().toStdString();
        for (const char* name : {"/proc", "/bin", "/lib", "/lib64", "/usr"})
            QVERIFY(os::makeDirectories(root + name, 0755).has_value());
        const auto enter = [root] {
            os::closeAllExcept({});
            bool fine = ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", "", MS_REC | MS_PRIVATE, "") == 0
                && ::mount(root.c_str(), root.c_str(), "", MS_BIND, "") == 0;
            for (const char* name : {"/bin", "/lib", "/lib64", "/usr", "/proc"})
                fine = fine && ::mount(name, (root + name).c_str(), "", MS_BIND | MS_REC, "") == 0;
            const int host = ::open("/", O_RDONLY | O_DIRECTORY); // 3
            fine = fine && host == 3 && ::chdir(root.c_str()) == 0 && ::syscall(SYS_pivot_root, ".", ".") == 0 && ::umount2(".", MNT_DETACH) == 0;
            if (!fine)
                ::_exit(9);
        };
        QCOMPARE(outputOf(shell("pwd"), enter), "/\n");
        ProcessSpec leaves = shell("pwd");
        leaves.process.cwd = "/proc/self/fd/3";
        const std::string said = outputOf(leaves, enter);
        QVERIFY2(said.starts_with("not renounced: ") && said.contains("outside of the container's root"), said.c_str());
        ProcessSpec made = shell("pwd");
        made.process.cwd = "/proc/self/fd/3" + root + "/made";
        made.makeWorkingDirectory = true;
        QVERIFY(outputOf(made, enter).starts_with("not prepared: "));
        QVERIFY(!QFile::exists(directory.filePath("made")));
        ProcessSpec runs = shell("pwd");
        runs.process.args = {"/proc/self/fd/3/bin/sh", "-c", "echo out"};
        QCOMPARE(outputOf(runs, enter), "not executed: exec /proc/self/fd/3/bin/sh: no such file or directory");
    }

    void rootEntersWhatTheUserMayNot()
    {
        NEEDS_ROOT();
        QTemporaryDir directory;
        ::chmod(directory.path().toStdString().c_str(), 0700);
        ProcessSpec spec = shell("echo here");
        spec.process.cwd = directory.path().toStdString();
        spec.process.user.uid = 1000;
        QCOMPARE(outputOf(spec), "here\n");
    }

    void aMissingWorkingDirectoryIsMadeWhenWanted()
    {
        QTemporaryDir directory;
        ProcessSpec spec = shell("pwd");
        spec.process.cwd = directory.path().toStdString() + "/a/b";
        spec.makeWorkingDirectory = true;
        QCOMPARE(outputOf(spec), spec.process.cwd + "\n");
    }

    void standardStreamsBecomeTheUsersButNotTheHostsNull()
    {
        NEEDS_ROOT();
        ProcessSpec spec = shell("stat -Lc %u /proc/self/fd/1");
        spec.process.user.uid = 1000;
        QCOMPARE(outputOf(spec, [] { ::dup2(::open("/dev/null", O_RDWR), 0); }), "1000\n");
        struct stat null;
        QCOMPARE(::stat("/dev/null", &null), 0);
        QCOMPARE(null.st_uid, 0U);
    }

    void ignoredSignalsAreNotInherited()
    {
        const auto ignore = [] {
            ::signal(SIGPIPE, SIG_IGN);
            sigset_t blocked;
            ::sigemptyset(&blocked);
            ::sigaddset(&blocked, SIGTERM);
            ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
        };
        QCOMPARE(outputOf(shell("grep -E 'SigIgn|SigBlk' /proc/self/status"), ignore), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    // CVE-2016-9962.
    void nobodyMayTraceWhoIsOnTheWay()
    {
        NEEDS_ROOT();
        ProcessSpec spec = shell("true");
        spec.process.user.uid = 1000;
        const std::string said = forked([&]() -> std::string {
            hideFromTracers();
            std::string dumpable = std::to_string(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
            Command command(spec);
            if (!command.prepare() || !command.renounce())
                return "failed";
            return dumpable + std::to_string(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
        });
        QCOMPARE(said, "00");
    }

    void aNamespaceThatDeniesGroupsIsToleratedWithAWarning()
    {
        ProcessSpec spec = shell("echo run");
        spec.process.user.additionalGids = {5};
        const auto enter = [] {
            if (!enterUserNamespace())
                ::_exit(9);
        };
        const std::string said = outputOf(spec, enter);
        QVERIFY2(said.starts_with("warning: the user namespace denies setgroups") && said.ends_with("run\n"), said.c_str());
        spec.process.user.uid = 7;
        QVERIFY(outputOf(spec, enter).contains("not renounced: become user 7: Invalid argument"));
    }

    void theEnvironmentIsFilledForWhoWantsIt()
    {
        ProcessSpec spec = shell("env");
        spec.process.args = {"/usr/bin/env"};
        spec.process.env = {"HOME=/x"};
        QCOMPARE(outputOf(spec), "HOME=/x\n");
        spec.fillEnvironment = true;
        QCOMPARE(outputOf(spec), std::string("HOME=/x\nPATH=") + defaultPath + "\n");
    }

    void labelsOfAModuleThatIsNotThereAreAnErrorOrAWarning()
    {
        if (QFile::exists("/proc/self/attr/apparmor"))
            QSKIP("this kernel has AppArmor");
        ProcessSpec spec = shell("echo run");
        spec.process.apparmorProfile = "confined";
        QCOMPARE(outputOf(spec), "not prepared: process.apparmorProfile: this kernel has no AppArmor");
        spec.needsModules = false;
        QCOMPARE(outputOf(spec), "warning: process.apparmorProfile: this kernel has no AppArmor\nrun\n");
    }
};

QTEST_GUILESS_MAIN(TestProcess)
#include "tst_process.moc"
