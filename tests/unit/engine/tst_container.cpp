#include "engine/container/init_signals.h"
#include "engine/container/record.h"
#include "engine/container/store.h"
#include "engine/json/json.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace rocker;
using namespace rocker::container;

namespace {

// As the seed's encoding/json writes it.
constexpr const char* seedRecord = R"({"State":{"Running":false,"Paused":false,"Restarting":false,"OOMKilled":true,
"RemovalInProgress":false,"Dead":false,"Pid":0,"ExitCode":137,"StartedAt":"2020-05-01T10:00:00Z","FinishedAt":"2020-05-01T10:05:00Z"},
"ID":"0123456789","Created":"2020-05-01 10:00:00","Args":["top","-b"],"Name":"web",
"Config":{"Cmd":["top"],"Image":"busybox","Volumes":["/data:/data"],"CGroup":{"MemoryLimit":"64m","CpuShare":"512","CpuSet":"0"},
"portmapping":["8080:80"],"IP":"192.168.0.2"}})";

ContainerInfo record(const std::string& id, const std::string& name)
{
    ContainerInfo info;
    info.id = id;
    info.name = name;
    return info;
}

} // namespace

class TestContainer : public QObject
{
    Q_OBJECT

private slots:
    void aSignalIsHeardWhenItIsCaughtOrBlocked_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("heard");
        const auto row = [](const char* name, const char* blocked, const char* caught, bool heard) {
            QTest::newRow(name) << QByteArray("Name:\tsh\nSigQ:\t0/1\nSigBlk:\t") + blocked + "\nSigIgn:\tffffffffffffffff\nSigCgt:\t"
                    + caught + "\nCapInh:\t0\n" << heard;
        };
        row("default or ignored", "0000000000000000", "0000000000000002", false);
        row("caught", "0000000000000000", "0000000000004000", true);
        row("blocked, for a signalfd", "0000000000004000", "0000000000000000", true);
        QTest::newRow("no sets in it") << QByteArray("Name:\tsh\n") << true;
        QTest::newRow("no numbers in it") << QByteArray("\nSigBlk:\tx\nSigCgt:\ty\n") << true;
    }
    void aSignalIsHeardWhenItIsCaughtOrBlocked()
    {
        QFETCH(QByteArray, status);
        QTEST(hearsSignal(std::string_view(status.constData(), std::size_t(status.size())), SIGTERM), "heard");
    }

    void aProcessIsAskedWhatItHears()
    {
        const auto before = std::signal(SIGUSR1, SIG_DFL);
        QVERIFY(!hearsSignal(::getpid(), SIGUSR1));
        std::signal(SIGUSR1, [](int) {});
        QVERIFY(hearsSignal(::getpid(), SIGUSR1));
        std::signal(SIGUSR1, before);
        QVERIFY(hearsSignal(pid_t(0x7fffffff), SIGUSR1)); // who cannot be asked is given the time
    }

    void statesReadAsTheSeedWroteThem_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("words");
        QTest::newRow("paused before restarting") << R"({"Running":true,"Paused":true,"Restarting":true})" << "Paused";
        QTest::newRow("restarting") << R"({"Running":true,"Restarting":true})" << "Restarting";
        QTest::newRow("up") << R"({"Running":true})" << "Up";
        QTest::newRow("removal") << R"({"RemovalInProgress":true,"Dead":true})" << "Removal In Progress";
        QTest::newRow("dead") << R"({"Dead":true})" << "Dead";
        QTest::newRow("never started") << "{}" << "Created";
        QTest::newRow("no finish time") << R"({"StartedAt":"2020-05-01T10:00:00Z"})" << "";
        QTest::newRow("exited") << R"({"StartedAt":"2020-05-01T10:00:00Z","FinishedAt":"2020-05-01T10:05:00Z"})" << "Exited";
    }
    void statesReadAsTheSeedWroteThem()
    {
        QFETCH(QString, json);
        const auto state = json::readText<State>(json.toStdString(), json::UnknownKeys::Refuse);
        QVERIFY(state.has_value());
        QTEST(QString::fromStdString(state->toString()), "words");
    }

    void aRecordOfTheSeedIsReadWhole()
    {
        const auto info = json::readText<ContainerInfo>(seedRecord, json::UnknownKeys::Refuse);
        QVERIFY2(info.has_value(), info ? "" : info.error().what.c_str());
        QCOMPARE(info->name, "web");
        QCOMPARE(info->args, (std::vector<std::string>{"top", "-b"}));
        QCOMPARE(info->state.exitCode, 137);
        QVERIFY(info->state.oomKilled);
        QCOMPARE(info->config.portMapping, std::vector<std::string>{"8080:80"});
        QCOMPARE(info->config.ip, "192.168.0.2");
        QCOMPARE(info->limits().memory, 64 << 20);
        QCOMPARE(info->limits().cpuShares, 512);
    }

    void containersAreFoundByIdPrefixAndName()
    {
        QTemporaryDir directory;
        const EngineConfig config{directory.path().toStdString(), directory.path().toStdString(), "unused", "/unused"};
        auto store = Store::open(config);
        QVERIFY2(store.has_value(), store ? "" : store.error().what.c_str());
        const std::string one(64, 'a');
        const std::string two = std::string(63, 'a') + "b";
        QVERIFY(store->save(record(one, "web")).has_value());
        QVERIFY(store->save(record(two, "aaaa")).has_value());
        const auto anybody = [](const ContainerInfo&) { return true; };
        QCOMPARE(store->find("web", anybody).value(), one);
        QCOMPARE(store->find(two, anybody).value(), two);
        QCOMPARE(store->find("aaaa", anybody).value(), two); // a whole name before a prefix
        const auto ambiguous = store->find("aaaaa", anybody);
        const auto unknown = store->find("nosuch", anybody);
        QVERIFY(!ambiguous && !unknown);
        QVERIFY(ambiguous.error().code != unknown.error().code);
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        const auto hidden = store->find("web", [](const ContainerInfo&) { return false; });
        QCOMPARE(hidden.error().code, ErrorCode::NotFound);
        // What was saved is there again for the next one to open it.
        const auto again = Store::open(config);
        QCOMPARE(again->find("web", anybody).value(), one);
    }
};

QTEST_GUILESS_MAIN(TestContainer)
#include "tst_container.moc"
