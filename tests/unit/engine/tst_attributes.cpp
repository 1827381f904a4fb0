#include "engine/container/attributes.h"
#include "engine/container/keyring.h"
#include "engine/container/memory_policy.h"
#include "engine/container/sysctl.h"
#include "engine/container/time_namespace.h"
#include "engine/os/file.h"
#include "engine/os/host_name.h"
#include "engine/os/procfs.h"
#include "engine/spec/names.h"
#include "forked.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

using namespace rocker;
using namespace rocker::container;

namespace {

std::string whatOf(const Result<>& result)
{
    return result ? "" : result.error().what;
}

spec::Spec withSysctl(const std::string& name, const std::vector<std::string>& namespaces, const std::string& value = "1")
{
    spec::Spec spec;
    spec.platform.emplace();
    for (const std::string& type : namespaces)
        spec.platform->namespaces.push_back({.type = type, .path = {}});
    spec.platform->sysctl[name] = value;
    return spec;
}

} // namespace

class TestAttributes : public QObject
{
    Q_OBJECT

private slots:
    void listsOfNumbersBecomeMasks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("mask"); // words in hexadecimal, lowest first, or "bad"
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("one") << "3" << "8";
        QTest::newRow("ranges") << "0-3,7" << "8f";
        QTest::newRow("beyond a word") << "1,64-65" << "2 3";
        for (const char* bad : {"a", "1,", ",1", "3-1", "1-", "-1", "1-2-3", " 1", "1 ", "8192", "0-99999999999", "+1"})
            QTest::newRow(bad) << bad << "bad";
    }
    void listsOfNumbersBecomeMasks()
    {
        QFETCH(QString, text);
        QStringList words;
        const auto mask = spec::numberList(text.toStdString());
        for (const std::uint64_t word : mask.value_or(std::vector<std::uint64_t>{}))
            words << QString::number(word, 16);
        QTEST(mask ? words.join(' ') : QStringLiteral("bad"), "mask");
    }

    void everyLimitHasItsNumber()
    {
        // getrlimit(2), in the kernel's order.
        const char* const names[]{"CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING",
                                  "MSGQUEUE", "NICE", "RTPRIO", "RTTIME"};
        QCOMPARE(std::size(names), std::size_t(RLIM_NLIMITS));
        for (int i = 0; i < int(std::size(names)); ++i)
            QCOMPARE(spec::rlimitNumber(std::string("RLIMIT_") + names[i]), i);
        QVERIFY(!spec::rlimitNumber("RLIMIT_TEST"));
        QVERIFY(!spec::rlimitNumber("NOFILE"));
    }

    void limitsAndScoreReachAnotherProcess()
    {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            char byte;
            ::close(ends[1]);
            (void)!::read(ends[0], &byte, 1);
            ::_exit(0);
        }
        spec::Process process;
        process.oomScoreAdj = 321;
        process.rlimits = {{.type = "RLIMIT_NOFILE", .hard = 200, .soft = 100}, {.type = "RLIMIT_CORE", .hard = 0, .soft = 0}};
        process.ioPriority = {.priorityClass = "IOPRIO_CLASS_IDLE", .priority = 0};
        process.scheduler = {.policy = "SCHED_BATCH", .nice = 19, .priority = 0, .flags = {}, .runtime = 0, .deadline = 0, .period = 0};
        const std::string done = whatOf(applyFromOutside(process, child));
        const std::string proc = "/proc/" + std::to_string(child);
        const std::string score = os::readFile(proc + "/oom_score_adj").value_or("");
        const std::string limits = os::readFile(proc + "/limits").value_or("");
        const int policy = ::sched_getscheduler(child);
        const int nice = ::getpriority(PRIO_PROCESS, id_t(child));
        const long ioPriority = ::syscall(SYS_ioprio_get, 1, child);
        ::close(ends[0]);
        ::close(ends[1]);
        ::waitpid(child, nullptr, 0);
        QCOMPARE(done, "");
        QCOMPARE(score, "321\n");
        QVERIFY2(QString::fromStdString(limits).simplified().contains("Max open files 100 200 files"), limits.c_str());
        QCOMPARE(policy, SCHED_BATCH);
        QCOMPARE(nice, 19);
        QCOMPARE(ioPriority >> 13, 3);
    }

    void whatTheKernelOrTheDocumentForbidsIsToldByName()
    {
        const auto limits = [](std::vector<spec::Rlimit> wanted) {
            spec::Process process;
            process.rlimits = std::move(wanted);
            return forked([&] { return whatOf(applyFromOutside(process, 0)); });
        };
        QCOMPARE(limits({{.type = "RLIMIT_TEST", .hard = 1, .soft = 1}}), "invalid rlimit 'RLIMIT_TEST'");
        QCOMPARE(limits({{.type = "RLIMIT_CORE", .hard = 1, .soft = 1}, {.type = "RLIMIT_CORE", .hard = 1, .soft = 1}}),
                 "the rlimit 'RLIMIT_CORE' is given twice");
        QCOMPARE(limits({{.type = "RLIMIT_CORE", .hard = 1, .soft = 2}}), "set RLIMIT_CORE to 2 (hard: 1): Invalid argument");
        spec::Process process;
        process.rlimits = {{.type = "RLIMIT_CORE", .hard = 100, .soft = 100}};
        const std::string raised = forked([&]() -> std::string {
            const rlimit none{0, 0};
            // Without CAP_SYS_RESOURCE in the initial user namespace.
            if (::unshare(CLONE_NEWUSER) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
                return "no user namespace";
            return whatOf(applyFromOutside(process, 0));
        });
        QCOMPARE(raised, "set RLIMIT_CORE to 100 (hard: 100): Operation not permitted");
        process = {};
        process.scheduler = {.policy = "SCHED_WRONG", .nice = 0, .priority = 0, .flags = {}, .runtime = 0, .deadline = 0, .period = 0};
        QCOMPARE(whatOf(applyFromOutside(process, 0)), "invalid scheduler policy 'SCHED_WRONG'");
        process.scheduler->policy = "SCHED_OTHER";
        process.scheduler->flags = {"WRONG"};
        QCOMPARE(whatOf(applyFromOutside(process, 0)), "invalid scheduler flag 'WRONG'");
        process = {};
        process.ioPriority = {.priorityClass = "IOPRIO_CLASS_BE", .priority = 8};
        QCOMPARE(whatOf(applyFromOutside(process, 0)), "invalid io priority 'IOPRIO_CLASS_BE' 8");
    }

    void aProcessRunsOnTheProcessorsThatItIsGiven()
    {
        const std::string said = forked([]() -> std::string {
            const std::string before = std::to_string(::sched_getcpu());
            if (auto set = setAffinity("0", 0); !set)
                return set.error().what;
            cpu_set_t one;
            ::sched_getaffinity(0, sizeof one, &one);
            resetAffinity(0);
            cpu_set_t all;
            ::sched_getaffinity(0, sizeof all, &all);
            return std::format("{} {}", CPU_COUNT(&one), CPU_COUNT(&all) >= CPU_COUNT(&one) && CPU_ISSET(0, &all));
        });
        QCOMPARE(said, "1 true");
        QCOMPARE(whatOf(setAffinity("", 0)), "invalid list of processors ''");
        QCOMPARE(whatOf(setAffinity("x", 0)), "invalid list of processors 'x'");
        QVERIFY(whatOf(setAffinity("8191", 0)).starts_with("run on the processors 8191: "));
    }

    void theMemoryPolicyIsInItsMaps_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("nodes");
        QTest::addColumn<QString>("flag");
        QTest::addColumn<QString>("shown");
        QTest::newRow("interleave") << "MPOL_INTERLEAVE" << "0" << "" << "interleave:0";
        QTest::newRow("bind") << "MPOL_BIND" << "0" << "MPOL_F_STATIC_NODES" << "bind=static:0";
        QTest::newRow("preferred") << "MPOL_PREFERRED" << "0" << "MPOL_F_RELATIVE_NODES" << "prefer (many)?=relative:0";
        QTest::newRow("default") << "MPOL_DEFAULT" << "" << "" << "default";
        QTest::newRow("local") << "MPOL_LOCAL" << "" << "" << "local";
        QTest::newRow("unknown") << "MPOL_WRONG" << "" << "" << "invalid memory policy mode 'MPOL_WRONG'";
        QTest::newRow("unknown flag") << "MPOL_BIND" << "0" << "MPOL_F_WRONG" << "invalid memory policy flag 'MPOL_F_WRONG'";
        QTest::newRow("no list") << "MPOL_BIND" << "x" << "" << "invalid memory policy nodes 'x'";
        QTest::newRow("no such node") << "MPOL_BIND" << "1000" << "" << "set the memory policy MPOL_BIND on nodes '1000': Invalid argument";
    }
    void theMemoryPolicyIsInItsMaps()
    {
        if (!QFile::exists("/proc/self/numa_maps"))
            QSKIP("this kernel has no memory policies");
        QFETCH(QString, mode);
        QFETCH(QString, nodes);
        QFETCH(QString, flag);
        QFETCH(QString, shown);
        spec::MemoryPolicy policy{.mode = mode.toStdString(), .nodes = nodes.toStdString(), .flags = {}};
        if (!flag.isEmpty())
            policy.flags = {flag.toStdString()};
        const QString said = QString::fromStdString(forked([&]() -> std::string {
            if (auto set = setMemoryPolicy(policy); !set)
                return set.error().what;
            const std::string maps = os::readFile("/proc/self/numa_maps").value_or("");
            return QString::fromStdString(maps).section('\n', 0, 0).section(' ', 1, 1).toStdString();
        }));
        QVERIFY2(said == shown || QRegularExpression(QRegularExpression::anchoredPattern(QString(shown).remove(' '))).match(said).hasMatch(), qPrintable(said));
    }

    void aPersonalityChangesTheMachinesName()
    {
        const std::string said = forked([]() -> std::string {
            if (auto set = setPersonality({.domain = "LINUX32", .flags = {}}); !set)
                return set.error().what;
            utsname name;
            ::uname(&name);
            return name.machine;
        });
        utsname name;
        ::uname(&name);
        QCOMPARE(said, std::string(name.machine) == "x86_64" ? "i686" : said);
        QCOMPARE(whatOf(setPersonality({.domain = "BSD", .flags = {}})), "invalid personality domain 'BSD'");
        QCOMPARE(whatOf(setPersonality({.domain = "LINUX", .flags = {"ADDR_NO_RANDOMIZE"}})), "invalid personality flag 'ADDR_NO_RANDOMIZE'");
    }

    void aSessionKeyringIsJoinedByName()
    {
        if (::syscall(SYS_keyctl, 0, -3, 0) < 0 && errno == ENOSYS)
            QSKIP("this kernel has no keys");
        const std::string said = forked([]() -> std::string {
            if (auto joined = joinSessionKeyring({.name = "_ses.rocker-test", .addedRights = searchByOwner}); !joined)
                return joined.error().what;
            char description[256]{};
            ::syscall(SYS_keyctl, 6 /* KEYCTL_DESCRIBE */, -3, description, sizeof description - 1);
            return description;
        });
        QVERIFY2(said.starts_with("keyring;") && said.ends_with(";_ses.rocker-test") && said.contains(";3f1"), said.c_str());
    }

    void offsetsAreThoseOfTheNewTimeNamespace()
    {
        const std::string said = forked([]() -> std::string {
            timespec before;
            ::clock_gettime(CLOCK_MONOTONIC, &before);
            if (!enterUserNamespace(0))
                return "no user namespace";
            if (auto entered = enterTimeNamespace({{"monotonic", {.secs = 7881, .nanosecs = 2718281}}, {"boottime", {.secs = 100, .nanosecs = 0}}}); !entered)
                return entered.error().what;
            // The clock itself without the vDSO, whose page an old process keeps.
            timespec after;
            ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &after);
            const long passed = after.tv_sec - before.tv_sec;
            return passed >= 7881 && passed < 7891 ? "shifted" : std::to_string(passed);
        });
        QCOMPARE(said, "shifted");
        QVERIFY(forked([] { return enterUserNamespace(0) ? whatOf(enterTimeNamespace({{"wrong", {}}})) : ""; }).starts_with("set the time offsets: "));
    }

    void namesAreThoseOfTheNamespace()
    {
        const std::string said = forked([]() -> std::string {
            if (!enterUserNamespace(CLONE_NEWUTS) || !os::setHostName("here") || !os::setDomainName("example.test"))
                return "failed";
            utsname name;
            ::uname(&name);
            return std::string(name.nodename) + "." + name.domainname;
        });
        QCOMPARE(said, "here.example.test");
    }

    void aSysctlBelongsToANamespaceOfTheContainers_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("namespaces");
        QTest::addColumn<bool>("fine");
        const auto row = [](const char* name, QStringList namespaces, bool fine) {
            QTest::newRow(qPrintable(QString("%1 with %2").arg(name, namespaces.join(',')))) << name << namespaces << fine;
        };
        for (const char* name : {"kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
                                 "kernel.shmmni", "kernel.shm_rmid_forced", "fs.mqueue.msg_max", "kernel/shmmax"}) {
            row(name, {"ipc"}, true);
            row(name, {"network", "uts"}, false);
        }
        row("net.ipv4.ip_forward", {"network"}, true);
        row("net/ipv4/ip_forward", {"network"}, true);
        row("net.ipv4.ip_forward", {"ipc"}, false);
        row("kernel.domainname", {"uts"}, true);
        row("kernel.domainname", {}, false);
        row("kernel.hostname", {"uts"}, false);
        row("user.max_user_namespaces", {"user"}, true);
        row("user.max_user_namespaces", {"ipc"}, false);
        row("kernel.panic", {"ipc", "network", "uts", "user"}, false);
        row("vm.swappiness", {"ipc", "network", "uts", "user"}, false);
        row("net.../../kernel/panic", {"network"}, false);
        row("net/../kernel/panic", {"network"}, false);
        row("kernel.shm", {"ipc"}, false);
        row("", {"ipc"}, false);
    }
    void aSysctlBelongsToANamespaceOfTheContainers()
    {
        QFETCH(QString, name);
        QFETCH(QStringList, namespaces);
        std::vector<std::string> types;
        for (const QString& type : namespaces)
            types.push_back(type.toStdString());
        const std::string said = whatOf(checkSysctls(withSysctl(name.toStdString(), types)));
        QTEST(said.empty(), "fine");
        if (!said.empty())
            QVERIFY2(said.starts_with("linux.sysctl: sysctl \"" + name.toStdString() + "\": "), said.c_str());
    }

    void theHostsOwnNetworkByPathIsTheHosts()
    {
        spec::Spec spec = withSysctl("net.ipv4.ip_forward", {"network"});
        spec.platform->namespaces[0].path = "/proc/self/ns/net";
        QVERIFY(whatOf(checkSysctls(spec)).contains("host's network namespace"));
        spec.platform->namespaces[0].path = "/nosuch";
        QVERIFY(whatOf(checkSysctls(spec)).contains("'/nosuch'"));
        spec::Spec domain = withSysctl("kernel.domainname", {"uts"}, "one");
        domain.domainname = "two";
        QVERIFY(whatOf(checkSysctls(domain)).contains("conflicts"));
        domain.domainname = "one";
        QCOMPARE(whatOf(checkSysctls(domain)), "");
    }

    void theFirstSeparatorDecidesTheNotation()
    {
        QCOMPARE(sysctlPath("net.ipv4.conf.eth0/1.forwarding").value(), "net/ipv4/conf/eth0.1/forwarding");
        QCOMPARE(sysctlPath("net/ipv4/conf/eth0.1/forwarding").value(), "net/ipv4/conf/eth0.1/forwarding");
        QCOMPARE(sysctlPath("kernel.shmmax").value(), "kernel/shmmax");
        for (const char* bad : {"", ".", "..", "/kernel/x", "kernel//x", "kernel/../x", "kernel..x", "kernel.x."})
            QVERIFY2(!sysctlPath(bad), bad);
    }

    void sysctlsAreWrittenThroughAProvenProcfs()
    {
        const std::string said = forked([]() -> std::string {
            if (!enterUserNamespace(CLONE_NEWNET | CLONE_NEWNS))
                return "no namespaces";
            const auto procfs = os::openProcfs();
            if (!procfs)
                return procfs.error().what;
            if (auto written = writeSysctls(*procfs, {{"net.ipv4.ip_forward", "1"}}); !written)
                return written.error().what;
            return os::readFile("/proc/sys/net/ipv4/ip_forward").value_or("") + whatOf(writeSysctls(*procfs, {{"net.ipv4.nosuch", "1"}}));
        });
        QCOMPARE(said, "1\nset the sysctl 'net.ipv4.nosuch': open '/proc/sys/net/ipv4/nosuch': No such file or directory");
    }

    // CVE-2019-16884, CVE-2025-52881: something else where the kernel's file should be.
    void whatLooksLikeProcIsNotWrittenTo()
    {
        QTemporaryDir directory;
        QVERIFY(os::openProcfs(directory.path().toStdString()).error().what.contains("is not on a procfs"));
        QVERIFY(os::openProcfs("/proc/self").error().what.contains("Not a directory")); // a link
        QVERIFY(os::openProcfs("/proc/sys").error().what.contains("is not the root of a procfs"));
        const std::string said = forked([&]() -> std::string {
            const std::string fake = directory.path().toStdString() + "/fake";
            const auto file = os::open(fake, O_WRONLY | O_CREAT, 0666);
            if (!enterUserNamespace(CLONE_NEWNS) || ::mount(fake.c_str(), "/proc/self/attr/exec", "", MS_BIND, "") != 0)
                return "no namespaces";
            const auto procfs = os::openProcfs();
            return whatOf(os::writeInProcfs(*procfs, "thread-self/attr/current", "x")).substr(0, 5) + "|" // the kernel's own
                + whatOf(os::writeInProcfs(*procfs, "self/attr/exec", "x"));
        });
        QVERIFY2(said == "write|open '/proc/self/attr/exec': Invalid cross-device link", said.c_str());
        const auto procfs = os::openProcfs();
        QVERIFY(os::openInProcfs(*procfs, "self/root/etc/passwd", O_RDONLY).error().what.contains("Too many levels"));
        QVERIFY(!os::openInProcfs(*procfs, "../etc/passwd", O_RDONLY));
    }
};

QTEST_GUILESS_MAIN(TestAttributes)
#include "tst_attributes.moc"
