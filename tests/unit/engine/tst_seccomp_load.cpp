#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"
#include "engine/seccomp/listener.h"
#include "seccomp_support.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <poll.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace rocker;
using namespace seccomptest;

namespace {

// Runs `work` in a child under the filter; its exit status, or 128 + the signal that ended it.
template<typename F>
int underFilter(const seccomp::Filter& filter, F work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp::load(filter))
            ::_exit(99);
        ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

seccomp::Filter compiled(const std::string& json)
{
    auto filter = seccomp::compile(profileOf(json));
    if (!filter)
        qFatal("%s", filter.error().what.c_str());
    return *filter;
}

std::string notifying(const std::string& names)
{
    return R"({"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/a","syscalls":[{"names":[)" + names
        + R"(],"action":"SCMP_ACT_NOTIFY"}]})";
}

// Answers every call that waits at the listener until the process is gone: mkdir with ENOMEDIUM, others go on.
int serve(BorrowedFd listener)
{
    int answered = 0;
    while (true) {
        pollfd waited{listener.value(), POLLIN, 0};
        if (::poll(&waited, 1, 10000) <= 0 || !(waited.revents & POLLIN))
            return answered;
        seccomp_notif request{};
        if (::ioctl(listener.value(), SECCOMP_IOCTL_NOTIF_RECV, &request) != 0)
            continue;
        seccomp_notif_resp answer{.id = request.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        if (request.data.nr == SYS_mkdir)
            answer = {.id = request.id, .error = -ENOMEDIUM};
        ::ioctl(listener.value(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
        ++answered;
    }
}

// The whole way of a listener for the calls `names` between this process and a child that then calls mkdir(2): the
// error that it got. With `pidfdToUse` valid, that is what the parent takes for the child's pidfd.
int handOver(const std::string& names, BorrowedFd pidfdToUse = BorrowedFd(-1))
{
    const seccomp::Filter filter = compiled(notifying(names));
    auto [parent, process] = *os::makeSocketPair(SOCK_SEQPACKET);
    const pid_t child = ::fork();
    if (child == 0) {
        parent.reset();
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        auto listener = seccomp::load(filter);
        if (!listener || !seccomp::offerListener(process, std::move(*listener)))
            ::_exit(99);
        ::_exit(::mkdir("/nonexistent/x", 0700) == 0 ? 0 : errno);
    }
    process.reset();
    const UniqueFd pidfd = *os::openPidfd(child);
    auto listener = seccomp::takeListener(parent, pidfdToUse.value() >= 0 ? pidfdToUse : pidfd.borrow());
    if (!listener) {
        ::kill(child, SIGKILL);
        qWarning("%s", listener.error().what.c_str());
    } else {
        serve(*listener);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

class TestSeccompLoad : public QObject
{
    Q_OBJECT

private slots:
    void theKernelDoesWhatTheProfileSays()
    {
        const seccomp::Filter filter = compiled(dockerLikeProfile(seccomp_syscall_resolve_num_arch));
        QCOMPARE(underFilter(filter,
                     [] {
                         const auto errorOf = [](long outcome) { return outcome < 0 ? errno : 0; };
                         if (::syscall(SYS_getpid) <= 0)
                             return 1;
                         if (errorOf(::syscall(SYS_mount, "", "", "", 0, "")) != EPERM)
                             return 2;
                         if (errorOf(::syscall(SYS_clone3, nullptr, 0)) != ENOSYS)
                             return 3;
                         if (errorOf(::syscall(SYS_personality, 0xffffffff)) != 0)
                             return 4;
                         if (errorOf(::syscall(SYS_personality, 0x40000)) != EPERM)
                             return 5;
                         if (errorOf(::socket(40, SOCK_STREAM, 0)) != EPERM)
                             return 6;
                         if (errorOf(::syscall(455)) != ENOSYS)
                             return 7;
                         if (const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0); fd < 0)
                             return 8;
                         return 42;
                     }),
            42);
    }

    void theActionsThatEndAProcessEndIt()
    {
        const auto with = [](const char* action) {
            return underFilter(
                compiled(std::string(R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":")")
                    + action + "\"}]}"),
                [] { return ::mkdir("/nonexistent/x", 0700) == 0 ? 0 : errno; });
        };
        QCOMPARE(with("SCMP_ACT_KILL"), 128 + SIGSYS);
        QCOMPARE(with("SCMP_ACT_KILL_PROCESS"), 128 + SIGSYS);
        QCOMPARE(with("SCMP_ACT_TRAP"), 128 + SIGSYS);
        QCOMPARE(with("SCMP_ACT_TRACE"), ENOSYS); // without a tracer (seccomp(2))
        QCOMPARE(with("SCMP_ACT_LOG"), ENOENT);
        QCOMPARE(with("SCMP_ACT_ERRNO"), EPERM);
    }

    void aFilterOutlivesExec()
    {
        const seccomp::Filter filter = compiled(
            R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_KILL_PROCESS"}]})");
        QCOMPARE(underFilter(filter,
                     [] {
                         ::execl("/bin/sh", "sh", "-c", "mkdir /nonexistent/x 2>/dev/null; exit $(($? > 128 ? 42 : 1))",
                             nullptr);
                         return 98;
                     }),
            42);
    }

    void onlyImpliedFlagsMayBeMissing()
    {
        seccomp::Filter filter = compiled(R"({"defaultAction":"SCMP_ACT_ALLOW"})");
        filter.flags |= 1U << 30; // no kernel knows it
        QCOMPARE(underFilter(filter, [] { return 42; }), 42);
        filter.flagsAreImplied = false;
        QCOMPARE(underFilter(filter, [] { return 42; }), 99);
    }

    void aProgramThatTheKernelRefusesIsAnError()
    {
        seccomp::Filter filter;
        const auto loaded = seccomp::load(filter);
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().errnum, EINVAL);
        QVERIFY(loaded.error().what.starts_with("load the seccomp filter: "));
    }

    void theListenerReachesTheParent()
    {
        QCOMPARE(handOver(R"("mkdir","read","close","fcntl","sendmsg","exit_group")"), ENOMEDIUM);
    }

    void theListenerIsSentWhereItCannotBeFetched()
    {
        const UniqueFd noPidfd = *os::open("/dev/null", O_RDONLY); // as pidfd_getfd(2) that is refused
        QCOMPARE(handOver(R"("mkdir","close")", noPidfd), ENOMEDIUM);
    }

    void aProcessThatDiesOrSleepsIsAnError()
    {
        auto [parent, process] = *os::makeSocketPair(SOCK_SEQPACKET);
        const UniqueFd self = *os::openPidfd(::getpid());
        const auto late = seccomp::takeListener(parent, self, std::chrono::milliseconds(20));
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::Unavailable);
        process.reset();
        const auto gone = seccomp::takeListener(parent, self);
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::Unavailable);
    }

    void theAgentGetsOneStateAndTheDescriptor_data()
    {
        QTest::addColumn<int>("padding");
        QTest::addColumn<bool>("abstract");
        QTest::addRow("small") << 0 << false;
        QTest::addRow("abstract") << 0 << true;
        QTest::addRow("larger than a socket's buffer") << 1'000'000 << false;
    }
    void theAgentGetsOneStateAndTheDescriptor()
    {
        QFETCH(int, padding);
        QFETCH(bool, abstract);
        QTemporaryDir root;
        // Longer than sun_path has room for.
        std::string path = root.path().toStdString() + "/" + std::string(120, 'd');
        QCOMPARE(::mkdir(path.c_str(), 0700), 0);
        path += "/agent.sock";
        UniqueFd server;
        if (abstract) {
            path = "@rocker-test-" + std::to_string(::getpid());
            sockaddr_un address{.sun_family = AF_UNIX};
            std::memcpy(address.sun_path + 1, path.data() + 1, path.size() - 1);
            server.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
            QCOMPARE(::bind(server.value(), reinterpret_cast<sockaddr*>(&address),
                         socklen_t(offsetof(sockaddr_un, sun_path) + path.size())),
                0);
            QCOMPARE(::listen(server.value(), 1), 0);
        } else {
            const UniqueFd directory = *os::open(path.substr(0, path.rfind('/')), O_RDONLY | O_DIRECTORY);
            server = *os::listenAt(directory, "agent.sock", SOCK_STREAM, 0600);
        }
        const std::string state
            = seccomp::containerProcessState("1.0.2", 4422, "a\"b\n", R"({"id":"c","status":"creating"})")
            + std::string(std::size_t(padding), ' ');
        auto connection = seccomp::connectListener(path);
        QVERIFY2(connection, connection ? "" : connection.error().what.c_str());
        const pid_t child = ::fork();
        if (child == 0) {
            const UniqueFd null = *os::open("/dev/null", O_RDONLY);
            ::_exit(seccomp::sendListener(std::move(*connection), null, state) ? 0 : 1);
        }
        connection->reset();
        const UniqueFd agent(::accept(server.value(), nullptr, nullptr));
        QVERIFY(agent.valid());
        os::Message first = *os::receiveMessage(agent, 65536, 1);
        QCOMPARE(first.fds.size(), 1U);
        if (padding == 0)
            QCOMPARE(first.bytes, state);
        std::string all = first.bytes;
        while (true) {
            const os::Message more = *os::receiveMessage(agent, 65536, 0);
            if (more.bytes.empty())
                break;
            all += more.bytes;
        }
        QCOMPARE(all, state);
        int status = -1;
        ::waitpid(child, &status, 0);
        QCOMPARE(status, 0);
        const auto read = json::parse(all);
        QVERIFY(read);
        QCOMPARE((*read)["ociVersion"].get<std::string>(), std::string("1.0.2"));
        QCOMPARE((*read)["fds"].dump(), std::string(R"(["seccompFd"])"));
        QCOMPARE((*read)["pid"].get<int>(), 4422);
        QCOMPARE((*read)["metadata"].get<std::string>(), std::string("a\"b\n"));
        QCOMPARE((*read)["state"]["id"].get<std::string>(), std::string("c"));
        QVERIFY(!json::parse(seccomp::containerProcessState("1.0.2", 1, "", "{}"))->contains("metadata"));
    }

    void noAgentIsAClearError_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addRow("missing") << std::string("/nonexistent/agent.sock");
        QTest::addRow("no socket") << std::string("/etc/passwd");
        QTest::addRow("abstract") << std::string("@rocker-test-nobody-listens");
        QTest::addRow("too long") << "@" + std::string(200, 'x');
    }
    void noAgentIsAClearError()
    {
        QFETCH(std::string, path);
        const auto connected = seccomp::connectListener(path);
        QVERIFY(!connected);
        QCOMPARE(connected.error().code, ErrorCode::Unavailable);
        QVERIFY(connected.error().what.starts_with(
            "linux.seccomp.listenerPath: failed to connect with seccomp agent at '" + path));
    }

    // Figures, nothing asserted.
    void howLongLoadingTakes()
    {
        const seccomp::Filter filter = compiled(dockerLikeProfile(seccomp_syscall_resolve_num_arch));
        std::vector<int> samples;
        for (int i = 0; i < 41; ++i) {
            int ends[2];
            QCOMPARE(::pipe(ends), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
                QElapsedTimer timer;
                timer.start();
                const bool loaded = bool(seccomp::load(filter));
                const int microseconds = loaded ? int(timer.nsecsElapsed() / 1000) : -1;
                ::_exit(::write(ends[1], &microseconds, sizeof microseconds) < 0);
            }
            int microseconds = -1;
            QCOMPARE(::read(ends[0], &microseconds, sizeof microseconds), ssize_t(sizeof microseconds));
            ::close(ends[0]);
            ::close(ends[1]);
            ::waitpid(child, nullptr, 0);
            samples.push_back(microseconds);
        }
        std::ranges::sort(samples);
        QVERIFY(samples.front() >= 0);
        qInfo("%zu instructions loaded in %d us (median of %zu)", filter.program.size(), samples[samples.size() / 2],
            samples.size());
    }
};

QTEST_GUILESS_MAIN(TestSeccompLoad)
#include "tst_seccomp_load.moc"
