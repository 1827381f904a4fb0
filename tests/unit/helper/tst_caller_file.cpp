#include "helper/services/caller_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rocker;

namespace {

Caller myself()
{
    return {.uid = ::getuid(), .gid = ::getgid()};
}

std::string contents(const UniqueFd& fd)
{
    char buffer[100];
    const ssize_t size = ::read(fd.value(), buffer, sizeof buffer);
    return {buffer, std::size_t(std::max<ssize_t>(size, 0))};
}

std::size_t openDescriptors()
{
    std::size_t count = 0;
    DIR* directory = ::opendir("/proc/self/fd");
    while (::readdir(directory))
        ++count;
    ::closedir(directory);
    return count;
}

} // namespace

class TestCallerFile : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string make(const QString& name, mode_t mode)
    {
        const std::string path = m_folder.filePath(name).toStdString();
        const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (::write(fd.value(), "hello", 5) != 5 || ::fchmod(fd.value(), mode) != 0)
            return {};
        return path;
    }

private slots:
    void initTestCase() { QCOMPARE(::chmod(m_folder.path().toUtf8().constData(), 0755), 0); }

    void whatTheCallerMayOpenComesBack()
    {
        const auto fd = openAsCaller(myself(), make("mine", 0600), O_RDONLY);
        QVERIFY(fd);
        QCOMPARE(contents(*fd), "hello");
        QVERIFY(::fcntl(fd->value(), F_GETFD) & FD_CLOEXEC);
    }

    void whatOnlyRootMayOpenIsRefusedToAnotherCaller()
    {
        if (::getuid() != 0)
            QSKIP("becoming another user needs root");
        const Caller stranger{.uid = 4321, .gid = 4321};
        const auto secret = openAsCaller(stranger, make("secret", 0600), O_RDONLY);
        QVERIFY(!secret);
        QVERIFY(secret.error().code == ErrorCode::PermissionDenied);
        QCOMPARE(contents(openAsCaller(stranger, make("public", 0644), O_RDONLY).value()), "hello");
    }

    void groupsOfTheCallerCountAndThoseOfTheHelperDoNot()
    {
        if (::getuid() != 0)
            QSKIP("becoming another user needs root");
        const std::string path = make("grouped", 0640);
        QCOMPARE(::chown(path.c_str(), 0, 5555), 0);
        QVERIFY(openAsCaller({.uid = 4321, .gid = 4321, .groups = {5555}}, path, O_RDONLY));
        QVERIFY(!openAsCaller({.uid = 4321, .gid = 4321}, path, O_RDONLY));
    }

    void theHelpersOwnDescriptorsCannotBeNamed()
    {
        const std::string path = make("held", 0644);
        const UniqueFd held(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        for (const int fd : {held.value(), 3}) {
            const auto stolen = openAsCaller(myself(), std::format("/proc/self/fd/{}", fd), O_RDONLY);
            QVERIFY(!stolen);
        }
        QVERIFY(!openAsCaller(myself(), "/proc/self/root/etc/passwd", O_RDONLY));
    }

    void aFifoNobodyWritesToDoesNotHold()
    {
        const std::string path = m_folder.filePath("fifo").toStdString();
        QCOMPARE(::mkfifo(path.c_str(), 0644), 0);
        QVERIFY(openAsCaller(myself(), path, O_RDONLY));
    }

    void wrongPathsAreRefusedWithTheirName_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("code");
        QTest::newRow("relative") << QByteArray("etc/passwd") << int(ErrorCode::InvalidArgument);
        QTest::newRow("empty") << QByteArray() << int(ErrorCode::InvalidArgument);
        QTest::newRow("NUL inside") << QByteArray("/etc\0/passwd", 12) << int(ErrorCode::InvalidArgument);
        QTest::newRow("missing") << QByteArray("/no/such/file") << int(ErrorCode::NotFound);
        QTest::newRow("too long") << "/" + QByteArray(5000, 'x') << int(ErrorCode::InvalidArgument);
    }
    void wrongPathsAreRefusedWithTheirName()
    {
        QFETCH(QByteArray, path);
        QFETCH(int, code);
        const auto fd = openAsCaller(myself(), path.toStdString(), O_RDONLY);
        QVERIFY(!fd);
        QCOMPARE(int(fd.error().code), code);
        QVERIFY(fd.error().what.contains(path.toStdString()));
    }

    void nothingIsLeftOpen()
    {
        const std::string path = make("again", 0644);
        const std::size_t before = openDescriptors();
        for (int i = 0; i < 20; ++i)
            QVERIFY(openAsCaller(myself(), path, O_PATH));
        QCOMPARE(openDescriptors(), before);
    }
};

QTEST_GUILESS_MAIN(TestCallerFile)
#include "tst_caller_file.moc"
