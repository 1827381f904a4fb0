#include "engine/hook/hook.h"
#include "engine/os/file.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/stat.h>

using namespace rocker;

namespace {

spec::Hook shell(const std::string& script)
{
    return {.path = "/bin/sh", .args = {"sh", "-c", script}, .env = {"PATH=/usr/bin:/bin"}, .timeout = {}};
}

std::string whatOf(const Result<>& result)
{
    return result ? "" : result.error().what;
}

} // namespace

class TestHook : public QObject
{
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_directory.isValid()); }

    void theStateIsItsStandardInput()
    {
        const std::string state = R"({"id":"web"})" + std::string(200'000, ' '); // more than a pipe holds
        QCOMPARE(whatOf(hook::run(shell("cat > " + file("state")), {.state = state})), "");
        QCOMPARE(os::readFile(file("state")).value(), state);
        QCOMPARE(whatOf(hook::run(shell("cat /dev/stdin > " + file("again")), {.state = state})), "");
        QCOMPARE(os::readFile(file("again")).value(), state);
    }

    void whoDoesNotReadTheStateIsFine()
    {
        QCOMPARE(whatOf(hook::run({.path = "/bin/true", .args = {}, .env = {}, .timeout = {}}, {.state = std::string(1 << 20, 'x')})), "");
    }

    void argumentsAndEnvironmentAreExactlyTheGivenOnes()
    {
        const spec::Hook hook{.path = "/bin/sh",
                              .args = {"another name", "-c", "tr '\\0' ' ' < /proc/$$/cmdline; tr '\\0' ' ' < /proc/$$/environ; exit 3"},
                              .env = {"ONE=two", "ONE=three", "PATH=/usr/bin:/bin"},
                              .timeout = {}};
        const std::string said = whatOf(hook::run(hook, {}));
        QVERIFY2(said.contains("stdout: another name -c "), said.c_str());
        QVERIFY2(said.contains("ONE=two ONE=three PATH=/usr/bin:/bin "), said.c_str());
    }

    void withoutArgumentsThePathIsTheFirst()
    {
        QFile script(QString::fromStdString(file("script")));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\necho $0 $#; exit 1\n");
        script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        script.close();
        const std::string said = whatOf(hook::run({.path = file("script"), .args = {}, .env = {}, .timeout = {}}, {}));
        QVERIFY2(said.contains("stdout: " + file("script") + " 0"), said.c_str());
    }

    void withoutAnEnvironmentTheCallersOrTheGivenOneIsTaken()
    {
        qputenv("ROCKER_TEST_HOOK", "inherited");
        spec::Hook hook = shell("echo $ROCKER_TEST_HOOK; exit 1");
        hook.env.clear();
        QVERIFY(whatOf(hook::run(hook, {})).contains("inherited"));
        const std::vector<std::string> environment{"ROCKER_TEST_HOOK=of the process"};
        QVERIFY(whatOf(hook::run(hook, {.environment = &environment})).contains("of the process"));
    }

    void itRunsInTheGivenDirectory()
    {
        const UniqueFd directory = os::open(file(""), O_RDONLY | O_DIRECTORY).value();
        QCOMPARE(whatOf(hook::run(shell("pwd > here"), {.directory = directory})), "");
        QVERIFY(os::readFile(file("here")).value().contains(QFileInfo(m_directory.path()).canonicalFilePath().toStdString()));
    }

    void itConfinesItselfOrDoesNotRun()
    {
        const mode_t before = ::umask(0022);
        const std::function<Result<>()> mask = [] { return ::umask(0147), Result<>{}; };
        QVERIFY(whatOf(hook::run(shell("umask; exit 1"), {.confine = &mask})).contains("stdout: 0147"));
        QCOMPARE(::umask(before), mode_t(0022));
        const std::function<Result<>()> refusal = [] { return Result<>(fail(Error::fromErrno(EPERM))); };
        QVERIFY(whatOf(hook::run(shell("exit 0"), {.confine = &refusal})).ends_with("operation not permitted"));
    }

    void noDescriptorAndNoIgnoredSignalReachesIt()
    {
        const int leaked = ::open("/", O_RDONLY | O_DIRECTORY); // not close-on-exec
        QVERIFY(leaked > 2);
        ::signal(SIGINT, SIG_IGN);
        const std::string said = whatOf(hook::run(shell("ls /proc/$$/fd; grep SigIgn /proc/self/status; exit 1"), {}));
        ::signal(SIGINT, SIG_DFL);
        ::close(leaked);
        QVERIFY2(said.contains("stdout: 0\n1\n2\nSigIgn:\t0000000000000000"), said.c_str());
    }

    void aFailureTellsItsCodeAndWhatWasPrinted()
    {
        QCOMPARE(whatOf(hook::run(shell("echo out; echo bad >&2; exit 7"), {})), "hook failed with exit code 7, stdout: out\n, stderr: bad\n");
        const std::string much = whatOf(hook::run(shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1"), {}));
        QVERIFY(much.size() > 4096 && much.size() < 4200);
    }

    void aDeathBySignalTellsItsName()
    {
        QVERIFY(whatOf(hook::run(shell("kill -SYS $$"), {})).contains("hook killed by signal: bad system call"));
    }

    void whatCannotBeExecutedIsAnError()
    {
        QCOMPARE(whatOf(hook::run({.path = "/nosuch", .args = {}, .env = {}, .timeout = {}}, {})), "hook /nosuch: no such file or directory");
        QCOMPARE(whatOf(hook::run({.path = "/etc/passwd", .args = {}, .env = {}, .timeout = {}}, {})), "hook /etc/passwd: permission denied");
        QCOMPARE(whatOf(hook::run({.path = "bin/true", .args = {}, .env = {}, .timeout = {}}, {})), "hook path 'bin/true' is not absolute");
    }

    void whoOutlivesTheTimeoutIsKilled()
    {
        spec::Hook hook = shell("echo $$ > " + file("pid") + "; exec sleep 60");
        hook.timeout = 1;
        QElapsedTimer timer;
        timer.start();
        const auto done = hook::run(hook, {});
        QVERIFY(whatOf(done).contains("hook ran past specified timeout of 1s"));
        QVERIFY(timer.elapsed() >= 1000 && timer.elapsed() < 10'000);
        const pid_t pid = std::stoi(os::readFile(file("pid")).value());
        QCOMPARE(::kill(pid, 0), -1);
    }

    void whatStaysInTheBackgroundIsNotWaitedFor()
    {
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(whatOf(hook::run(shell("sleep 20 & echo $! > " + file("background")), {})), "");
        QVERIFY(timer.elapsed() < 10'000);
        ::kill(std::stoi(os::readFile(file("background")).value()), SIGKILL);
    }

    void itsStreamsMayGoToFiles()
    {
        const UniqueFd out = os::open(file("out"), O_WRONLY | O_CREAT, 0600).value();
        QCOMPARE(whatOf(hook::run(shell("echo out; echo bad >&2; exit 1"), {.output = out})), "hook failed with exit code 1, stderr: bad\n");
        QCOMPARE(os::readFile(file("out")).value(), "out\n");
    }

    void aListStopsAtTheFirstThatFails()
    {
        const std::vector<spec::Hook> hooks{shell("true"), shell("false"), shell("touch " + file("third"))};
        QCOMPARE(whatOf(hook::runAll("createRuntime", hooks, {})),
                 "error running createRuntime hook #1: createRuntime hook failed with exit code 1");
        QVERIFY(!QFile::exists(QString::fromStdString(file("third"))));
    }

    void afterTheContainerEveryOneRuns()
    {
        const std::vector<spec::Hook> hooks{shell("exit 4"), shell("touch " + file("second")), shell("exit 5")};
        const auto failures = hook::runEvery("poststop", hooks, {});
        QCOMPARE(failures.size(), 2);
        QCOMPARE(failures[0].what, "error running poststop hook #0: poststop hook failed with exit code 4");
        QCOMPARE(failures[1].what, "error running poststop hook #2: poststop hook failed with exit code 5");
        QVERIFY(QFile::exists(QString::fromStdString(file("second"))));
    }

private:
    std::string file(const std::string& name) const { return m_directory.path().toStdString() + "/" + name; }
    QTemporaryDir m_directory;
};

QTEST_GUILESS_MAIN(TestHook)
#include "tst_hook.moc"
