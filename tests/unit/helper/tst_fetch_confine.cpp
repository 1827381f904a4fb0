#include "helper/fetch/confine.h"
#include "tests/unit/engine/forked.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <linux/landlock.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>

using namespace rocker;

namespace {

std::string outcome(long value)
{
    return value >= 0 ? "done" : strerrorname_np(errno);
}

image::FetchCaller self()
{
    return ::geteuid() == 0 ? image::FetchCaller{65534, 65534, {65534}, ""}
                            : image::FetchCaller{::geteuid(), ::getegid(), {}, ""};
}

// What `attempt` comes to in a client that has closed everything behind it.
QString confined(const std::function<std::string()>& attempt)
{
    return QString::fromStdString(forked([&]() -> std::string {
        if (const auto became = fetch::becomeCaller(self()); !became)
            return became.error().what;
        if (const auto closed = fetch::closeBehind(); !closed)
            return closed.error().what;
        return attempt();
    }));
}

bool hasLandlock()
{
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

} // namespace

class TestFetchConfine : public QObject
{
    Q_OBJECT

private slots:
    void noFileOfAnybodysIsOpened_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("flags");
        QTest::addColumn<QString>("outcome");
        QTest::newRow("a file to read") << "mine" << O_RDONLY << "EACCES";
        QTest::newRow("a file to write") << "mine" << O_WRONLY << "EACCES";
        QTest::newRow("a new file") << "new" << (O_WRONLY | O_CREAT) << "EACCES";
        QTest::newRow("a directory") << "." << (O_RDONLY | O_DIRECTORY) << "EACCES";
        QTest::newRow("the users' shadow") << "/etc/shadow" << O_RDONLY << "EACCES";
        QTest::newRow("a program, to write") << "/usr/bin/env" << O_WRONLY << "EACCES";
        QTest::newRow("where names are resolved") << "/etc/nsswitch.conf" << O_RDONLY << "done";
        QTest::newRow("a library") << "/usr/lib" << O_RDONLY << "done";
    }
    void noFileOfAnybodysIsOpened()
    {
        if (!hasLandlock())
            QSKIP("this kernel has no landlock");
        QFETCH(QString, path);
        QFETCH(int, flags);
        QTemporaryDir directory;
        QFile file(directory.filePath("mine"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setPermissions(QFile::Permissions(0x6666)));
        QVERIFY(QFile::setPermissions(directory.path(), QFile::Permissions(0x7777)));
        const std::string whole = path.startsWith('/') ? path.toStdString() : directory.filePath(path).toStdString();
        const auto attempt = [&] { return outcome(::open(whole.c_str(), flags | O_CLOEXEC, 0600)); };
        QTEST(confined(attempt), "outcome");
    }

    void whatIsOpenStaysUsable()
    {
        QTemporaryDir directory;
        QFile file(directory.filePath("spool"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QCOMPARE(confined([&] {
            return outcome(::ftruncate(file.handle(), 100)) + outcome(::pwrite(file.handle(), "x", 1, 50));
        }),
            "donedone");
        QCOMPARE(file.size(), 100);
    }

    void nothingIsExecutedOrJoined()
    {
        QCOMPARE(confined([] { return outcome(::execl("/bin/true", "true", nullptr)); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::fork()); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::unshare(CLONE_NEWUSER)); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::syscall(SYS_ptrace, 0, 0, 0, 0)); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::kill(::getppid(), 0)); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::syscall(SYS_io_uring_setup, 1, nullptr)); }), "EPERM");
        QCOMPARE(confined([] { return outcome(::setuid(0)); }), "EPERM");
    }

    void threadsAndConnectionsWork()
    {
        QCOMPARE(confined([] {
            std::string said;
            std::thread([&] { said = "from a thread"; }).join();
            return said;
        }), "from a thread");
        const UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        socklen_t length = sizeof address;
        QCOMPARE(::bind(server.value(), reinterpret_cast<sockaddr*>(&address), length), 0);
        QCOMPARE(::listen(server.value(), 1), 0);
        ::getsockname(server.value(), reinterpret_cast<sockaddr*>(&address), &length);
        QCOMPARE(confined([&] {
            const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            return outcome(::connect(client.value(), reinterpret_cast<sockaddr*>(&address), length));
        }), "done");
        QCOMPARE(confined([] {
            addrinfo* found = nullptr;
            return std::to_string(::getaddrinfo("localhost", "80", nullptr, &found));
        }), "0");
    }

    void theCallerIsWhoItSays()
    {
        if (::geteuid() != 0)
            QSKIP("becoming somebody else needs root");
        const auto said = [](const image::FetchCaller& caller) {
            return QString::fromStdString(forked([&]() -> std::string {
                if (const auto became = fetch::becomeCaller(caller); !became)
                    return became.error().what;
                gid_t groups[8];
                const int count = ::getgroups(8, groups);
                std::string text = std::format("{} {}", ::geteuid(), ::getegid());
                for (int i = 0; i < count; ++i)
                    text += std::format(" {}", groups[i]);
                return text + (::prctl(PR_CAPBSET_READ, 0, 0, 0, 0) == 0 && ::setuid(0) != 0 ? " bound" : " free");
            }));
        };
        QCOMPARE(said({1234, 1235, {7, 9}, ""}), "1234 1235 7 9 bound");
        // root stays root, and may nothing that its user id alone does not give.
        QVERIFY(QString::fromStdString(forked([] {
            (void)fetch::becomeCaller({0, 0, {}, ""});
            return outcome(::chown("/proc/self/nowhere", 1, 1)) + outcome(::sethostname("x", 1));
        })).endsWith("EPERM"));
    }
};

QTEST_GUILESS_MAIN(TestFetchConfine)
#include "tst_fetch_confine.moc"
