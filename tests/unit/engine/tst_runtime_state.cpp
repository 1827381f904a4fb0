#include "engine/bundle/bundle.h"
#include "engine/json/json.h"
#include "engine/json/text.h"
#include "engine/os/file.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/log.h"
#include "engine/runtime/pid_file.h"
#include "engine/runtime/state_directory.h"
#include "engine/runtime/users.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace rocker;
using namespace rocker::runtime;
using namespace std::chrono_literals;

class TestRuntimeState : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void namesAreThoseOfRunc_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<bool>("good");
        for (const auto& [id, good] : {std::pair("a", true), {"A-b_c+d.e9", true}, {"-x", true}, {"+", true}, {"", false}, {".", false},
                                       {"..", false}, {".seccomp", false}, {"a/b", false}, {"a b", false}, {"a\n", false}, {"\xc3\xa4", false},
                                       {"a:b", false}, {"/", false}})
            QTest::addRow("'%s'", id) << QByteArray(id) << good;
        QTest::newRow("255") << QByteArray(255, 'a') << true;
        QTest::newRow("256") << QByteArray(256, 'a') << false;
    }
    void namesAreThoseOfRunc()
    {
        QFETCH(QByteArray, id);
        QFETCH(bool, good);
        QCOMPARE(bool(StateDirectory::checkId(id.constData())), good);
        QCOMPARE(bool(StateDirectory::create(root(), id.constData())), good);
    }

    void aNameCanBeTakenOnce()
    {
        const auto first = StateDirectory::create(root(), "web");
        QVERIFY(first);
        QCOMPARE(os::status(first->descriptor())->st_mode & 0777, 0700u);
        const auto second = StateDirectory::create(root(), "web");
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(second.error().what, "container with given ID already exists: web");
    }

    void whatIsNotThereDoesNotExist()
    {
        for (const std::string& path : {root(), root() + "/none"}) {
            const auto opened = StateDirectory::open(path, "web");
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, ErrorCode::NotFound);
            QCOMPARE(opened.error().what, "container does not exist");
        }
        // A link is nobody's state.
        QVERIFY(StateDirectory::create(root(), "web"));
        QCOMPARE(::symlink("web", (root() + "/alias").c_str()), 0);
        QVERIFY(!StateDirectory::open(root(), "alias"));
    }

    void aRecordIsReadAsItWasWritten()
    {
        const auto state = StateDirectory::create(root(), "web");
        QVERIFY(!state->record());
        Record record = running();
        record.annotations = {{"a\n\"b", "c"}};
        record.cgroupPaths = {{"", "/sys/fs/cgroup/web"}, {"memory", "/sys/fs/cgroup/memory/web"}};
        QVERIFY(state->write(record));
        const auto read = StateDirectory::open(root(), "web")->record();
        QVERIFY(read);
        QCOMPARE(json::text(*read), json::text(record));
    }

    void rubbishIsNoRecord_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("torn") << QByteArray("{\"ociVersion\":\"1.0.0\",\"id\":\"we");
        QTest::newRow("another's") << QByteArray::fromStdString(json::text([] { Record r; r.id = "other"; return r; }()));
        QTest::newRow("runc's") << QByteArray(R"({"id":"web","init_process_pid":1})");
    }
    void rubbishIsNoRecord()
    {
        QFETCH(QByteArray, text);
        const auto state = StateDirectory::create(root(), "web");
        QFile file(QString::fromStdString(root()) + "/web/state.json");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto record = state->record();
        QVERIFY(!record);
        QCOMPARE(record.error().code, ErrorCode::NotFound);
    }

    void theStatusIsThatOfTheProcess()
    {
        const auto state = StateDirectory::create(root(), "web");
        Record record = running();
        QCOMPARE(state->status(record), Status::Running);
        QVERIFY(os::open(state->descriptor(), bundle::startSocketName, O_CREAT | O_WRONLY, 0600));
        QCOMPARE(state->status(record), Status::Created);
        record.creating = true;
        QCOMPARE(state->status(record), Status::Creating);
        // Another process of the same number.
        ++record.startTime;
        QCOMPARE(state->status(record), Status::Stopped);
        QVERIFY(!openFirstProcess(record));
        QCOMPARE(openFirstProcess(record).error().what, "container not running");
    }

    void theDeadAndTheirZombiesHaveStopped()
    {
        const auto state = StateDirectory::create(root(), "web");
        const pid_t child = ::fork();
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
        Record record = running();
        record.pid = child;
        record.startTime = processTimes(child)->startTime;
        QCOMPARE(state->status(record), Status::Running);
        QVERIFY(openFirstProcess(record));
        ::kill(child, SIGKILL);
        siginfo_t info{};
        QCOMPARE(::waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT), 0);
        QCOMPARE(state->status(record), Status::Stopped);
        ::waitpid(child, nullptr, 0);
        QCOMPARE(state->status(record), Status::Stopped);
    }

    void whatIsBeingMadeIsNotThereYetAndWhatACrashLeftHasStopped()
    {
        auto state = StateDirectory::create(root(), "web");
        const Record record{.ociVersion = "1.3.0", .id = "web", .created = timestamp()};
        QVERIFY(state->write(record));
        const auto other = StateDirectory::open(root(), "web");
        QCOMPARE(other->record().error().what, "container does not exist");
        state->unlock();
        QVERIFY(other->record());
        QCOMPARE(other->status(record), Status::Stopped);
    }

    void theLockIsForOneAtATime()
    {
        auto first = StateDirectory::create(root(), "web");
        auto second = StateDirectory::open(root(), "web");
        QVERIFY(!second->lock(20ms));
        // A process that was forked meanwhile does not keep it.
        const pid_t child = ::fork();
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
        first->unlock();
        QVERIFY(second->lock(0ms));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }

    void theShownStateIsTheSpecifications()
    {
        const auto state = StateDirectory::create(root(), "web");
        Record record = running();
        record.annotations = {{"b", "2"}, {"a", "1"}};
        const auto shown = state->show(record);
        QVERIFY(shown);
        QCOMPARE(json::text(*shown),
                 std::format(R"({{"ociVersion":"1.3.0","id":"web","pid":{},"status":"running","bundle":"/b","rootfs":"/b/rootfs",)"
                             R"("created":"2026-11-25T16:40:01.5Z","annotations":{{"a":"1","b":"2"}},"owner":"{}"}})",
                             ::getpid(), userName(::getuid())));
        ++record.startTime;
        QCOMPARE(state->show(record)->pid, 0);
        QCOMPARE(json::text(HookState{.ociVersion = "1.3.0", .id = "web", .status = "stopped", .bundle = "/b"}),
                 R"({"ociVersion":"1.3.0","id":"web","status":"stopped","bundle":"/b"})");
    }

    void foreignRubbishBelowTheRootIsPassedOver()
    {
        QVERIFY(StateDirectory::create(root(), "b"));
        QVERIFY(StateDirectory::create(root(), "a"));
        QVERIFY(os::makeDirectory(os::currentDirectory, root() + "/.seccomp", 0700));
        QVERIFY(os::makeDirectory(os::currentDirectory, root() + "/with space", 0700));
        QCOMPARE(*StateDirectory::list(root()), (std::vector<std::string>{"a", "b"}));
        QCOMPARE(StateDirectory::list(root() + "/none").error().errnum, ENOENT);
    }

    void removingTakesEverything()
    {
        auto state = StateDirectory::create(root(), "web");
        QVERIFY(state->keepConfiguration("{}"));
        QCOMPARE(*state->configuration(), "{}");
        QVERIFY(state->remove());
        QVERIFY(!StateDirectory::open(root(), "web"));
        QVERIFY(StateDirectory::create(root(), "web"));
    }

    void processNamesMayContainAnything_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"sh", "a b", ") R 1 (", "(((", "))", "\n"})
            QTest::newRow(name) << QByteArray(name);
    }
    void processNamesMayContainAnything()
    {
        QFETCH(QByteArray, name);
        const std::string text = std::format("12 ({}) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 2 3\n", name.constData());
        const auto times = parseProcessStat(text);
        QVERIFY(times);
        QCOMPARE(times->startTime, std::uint64_t(98765));
        QCOMPARE(times->state, 'S');
    }

    void aCutStatSaysNothing()
    {
        for (const char* text : {"", "12", "12 (sh)", "12 (sh) ", "12 (sh) S 1 2 3", "12 (sh) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "})
            QVERIFY2(!parseProcessStat(text), text);
    }

    void aPidFileIsThereWholeOrNotAtAll()
    {
        const std::string path = root() + "/pid";
        QVERIFY(writePidFile(path, 1234));
        QCOMPARE(*os::readFile(path), "1234");
        QVERIFY(writePidFile(path, 5));
        QCOMPARE(*os::readFile(path), "5");
        QVERIFY(!os::exists(os::currentDirectory, root() + "/.pid"));
        QVERIFY(!writePidFile(root() + "/none/pid", 5));
        QCOMPARE(*absolutePath("/x"), "/x");
        QCOMPARE(*absolutePath("x"), QDir::currentPath().toStdString() + "/x");
    }

    void logsAreLogfmtOrJson()
    {
        const std::string path = root() + "/log";
        Log::open(path, "text", Level::Warning)->error("a \"b\"\nc");
        Log::open("file:" + path, "json", Level::Warning)->warning("a \"b\"");
        Log::open(path, {}, Level::Warning)->debug("not this");
        const QStringList lines = QString::fromStdString(*os::readFile(path)).split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY2(QRegularExpression(R"(^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level=error msg="a \\"b\\"\\nc"$)").match(lines[0]).hasMatch(), qPrintable(lines[0]));
        const auto object = json::parse(lines[1].toStdString());
        QVERIFY(object);
        QCOMPARE(object->at("level"), "warning");
        QCOMPARE(object->at("msg"), "a \"b\"");
        QVERIFY(object->contains("time"));
        QVERIFY(!Log::open(path, "xml", Level::Error));
        QVERIFY(!Log::open("smoke:/signals", "text", Level::Error));
        QVERIFY(!Log::open(root() + "/none/log", "text", Level::Error));
    }

private:
    std::string root() const { return m_folder->path().toStdString(); }
    // As if this very process were a container's first.
    static Record running()
    {
        return {.ociVersion = "1.3.0",
                .id = "web",
                .pid = ::getpid(),
                .startTime = processTimes(::getpid())->startTime,
                .bundle = "/b",
                .rootfs = "/b/rootfs",
                .created = "2026-11-25T16:40:01.5Z"};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRuntimeState)
#include "tst_runtime_state.moc"
