#include "server_fixture.h"

#include <QFileInfo>

#include <sys/stat.h>
#include <sys/syscall.h>

using namespace rocker;
using namespace rocker::test;
using namespace std::chrono_literals;
using protocol::Answer;
using protocol::callOf;
using protocol::encode;

class TestServer : public QObject
{
    Q_OBJECT

private slots:
    void aCallIsAnswered()
    {
        ServerFixture server;
        auto client = server.connect();
        client.call<Say>({"hello"});
        QCOMPARE(textOf(client.answer()), "hello");
        struct stat status;
        QCOMPARE(::stat(server.path().c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0666U);
    }

    void aCallSplitAtEveryByteIsStillOneCall()
    {
        ServerFixture server;
        auto client = server.connect();
        for (const char byte : say("split"))
            QVERIFY(client.send({&byte, 1}));
        QCOMPARE(textOf(client.answer()), "split");
    }

    void aHundredCallsInOneWriteAreAnsweredInOrder()
    {
        ServerFixture server;
        auto client = server.connect();
        std::string calls;
        for (int i = 0; i < 100; ++i)
            calls += say(std::to_string(i));
        QVERIFY(client.send(calls));
        for (int i = 0; i < 100; ++i)
            QCOMPARE(textOf(client.answer()), std::to_string(i));
    }

    void aSecondCallWaitsForTheFirstAnswer()
    {
        ServerFixture server;
        auto client = server.connect();
        auto other = server.connect();
        QVERIFY(client.send(encode(callOf<Echo, Hold>({"first"})) + say("second")));
        other.call<Say>({"x"}); // answered after the server has read what came before it
        QCOMPARE(textOf(other.answer()), "x");
        other.call<Release>({});
        QCOMPARE(other.answer().error, "");
        QCOMPARE(textOf(client.answer()), "released first");
        QCOMPARE(textOf(client.answer()), "second");
    }

    void aHangUpDuringACallIsNoticed()
    {
        ServerFixture server;
        auto client = server.connect();
        auto other = server.connect();
        client.call<Hold>({"never read"});
        client.disconnect();
        const auto gone = [&] {
            other.call<Gone>({});
            return other.answer().parameters["count"].get<int>();
        };
        QTRY_COMPARE_WITH_TIMEOUT(gone(), 1, 5000);
    }

    void aClientThatEndsItsInputStillGetsItsAnswers()
    {
        ServerFixture server;
        auto client = server.connect();
        QVERIFY(client.send(say("a") + say("b")));
        client.endInput();
        QCOMPARE(textOf(client.answer()), "a");
        QCOMPARE(textOf(client.answer()), "b");
        QVERIFY(client.closedByServer());
    }

    void aOnewayCallGetsNoAnswer()
    {
        ServerFixture server;
        auto client = server.connect();
        auto oneway = callOf<Echo, Say>({"quiet"});
        oneway.oneway = true;
        QVERIFY(client.send(encode(oneway) + say("loud")));
        QCOMPARE(textOf(client.answer()), "loud");
    }

    void anErrorCarriesTheCalledInterfaceAndComesBackWhole()
    {
        ServerFixture server;
        auto client = server.connect();
        client.call<Refuse>({"the name is taken"});
        const Answer answer = client.answer();
        QCOMPARE(answer.error, "org.example.Echo.AlreadyExists");
        QVERIFY((protocol::errorOf(answer) == Error{ErrorCode::AlreadyExists, 17, "the name is taken"}));
    }

    void aThrownExceptionIsAnInternalErrorAndTheConnectionGoesOn()
    {
        ServerFixture server;
        auto client = server.connect();
        client.call<Throw>({});
        QCOMPARE(client.answer().error, "org.example.Echo.Internal");
        client.call<Say>({"still here"});
        QCOMPARE(textOf(client.answer()), "still here");
    }

    void wrongCallsGetTheStandardErrors_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<QString>("error");
        const QString parameter = "org.varlink.service.InvalidParameter";
        QTest::newRow("unknown method") << R"({"method":"org.example.Echo.Nope"})" << "org.varlink.service.MethodNotFound";
        QTest::newRow("unknown interface") << R"({"method":"org.nope.Say"})" << "org.varlink.service.InterfaceNotFound";
        QTest::newRow("no dot") << R"({"method":"Say"})" << "org.varlink.service.InterfaceNotFound";
        QTest::newRow("empty") << R"({"method":""})" << "org.varlink.service.InterfaceNotFound";
        QTest::newRow("standard's unknown method")
            << R"({"method":"org.varlink.service.Nope"})" << "org.varlink.service.MethodNotFound";
        QTest::newRow("missing parameter") << R"({"method":"org.example.Echo.Say"})" << parameter;
        QTest::newRow("unknown parameter")
            << R"({"method":"org.example.Echo.Say","parameters":{"text":"x","more":1}})" << parameter;
        QTest::newRow("wrong type") << R"({"method":"org.example.Echo.Say","parameters":{"text":[1]}})" << parameter;
        QTest::newRow("parameters are no object") << R"({"method":"org.example.Echo.Say","parameters":7})" << parameter;
        QTest::newRow("stream without more")
            << R"({"method":"org.example.Echo.Repeat","parameters":{"count":1}})" << "org.varlink.service.ExpectedMore";
        QTest::newRow("upgrade missing") << R"({"method":"org.example.Echo.Take"})" << "org.example.Echo.InvalidArgument";
        QTest::newRow("upgrade where there is none")
            << R"({"method":"org.example.Echo.Say","upgrade":true,"parameters":{"text":"x"}})"
            << "org.example.Echo.InvalidArgument";
    }
    void wrongCallsGetTheStandardErrors()
    {
        QFETCH(QString, call);
        QFETCH(QString, error);
        ServerFixture server;
        auto client = server.connect();
        QVERIFY(client.send(call.toStdString() + '\0'));
        QCOMPARE(QString::fromStdString(client.answer().error), error);
        client.call<Say>({"and goes on"});
        QCOMPARE(textOf(client.answer()), "and goes on");
    }

    void anInvalidParameterIsNamed()
    {
        ServerFixture server;
        auto client = server.connect();
        QVERIFY(client.send(std::string(R"({"method":"org.example.Echo.Say","parameters":{"text":5}})") + '\0'));
        const Answer answer = client.answer();
        QCOMPARE(answer.parameters["parameter"].get<std::string>(), "text");
        const Error error = protocol::errorOf(answer);
        QVERIFY(error.code == ErrorCode::InvalidArgument);
        QCOMPARE(error.what, "text: expected a string, not 5");
    }

    void aStreamEndsWithTheReplyThatDoesNotContinue()
    {
        ServerFixture server;
        auto client = server.connect();
        client.call<Repeat>({3});
        for (int i = 0; i < 3; ++i)
            QVERIFY(client.answer().continues);
        const Answer last = client.answer();
        QVERIFY(!last.continues);
        QCOMPARE(textOf(last), "end");
    }

    void anUpgradeHandsTheSocketOverWithWhatFollowedTheCall()
    {
        ServerFixture server;
        auto client = server.connect();
        QVERIFY(client.send(encode(callOf<Echo, Take>({})) + std::string("raw\0bytes", 9)));
        QCOMPARE(textOf(client.answer()), "yours");
        std::string rest = client.rest();
        while (rest.size() < 14) {
            const std::string more = client.receive();
            QVERIFY(!more.empty());
            rest += more;
        }
        QCOMPARE(rest, std::string("rest:raw\0bytes", 14));
    }

    void whoIsNotInTheGroupIsToldWhatToDo()
    {
        if (::getuid() != 0)
            QSKIP("becoming another user needs root");
        ServerFixture server;
        // The credentials are those of connect(): a thread of its own has its own (setresuid(2), raw).
        Answer answer;
        QVERIFY(::chmod(QFileInfo(QString::fromStdString(server.path())).path().toUtf8().constData(), 0755) == 0);
        std::thread stranger([&] {
            ::syscall(SYS_setgroups, 0, nullptr);
            ::syscall(SYS_setresgid, 4321, 4321, 4321);
            ::syscall(SYS_setresuid, 4321, 4321, 4321);
            auto client = server.connect();
            client.call<Say>({"let me in"});
            answer = client.answer();
        });
        stranger.join();
        QCOMPARE(answer.error, "org.example.Echo.PermissionDenied");
        QVERIFY(protocol::errorOf(answer).what.contains("usermod -aG"));
    }

    void aLivingHelpersSocketIsNotTakenAway()
    {
        ServerFixture server;
        EventLoop loop = EventLoop::create().value();
        const Authority authority(ServerFixture::ownGroup());
        const Dispatcher dispatcher(authority);
        Server second(loop, dispatcher);
        const auto result = second.listen(server.path());
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::AlreadyExists);
        auto client = server.connect();
        client.call<Say>({"mine"});
        QCOMPARE(textOf(client.answer()), "mine");
    }

    void aDeadHelpersSocketIsReplaced()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("s").toStdString();
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        {
            const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
            QCOMPARE(::bind(dead.value(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        }
        EventLoop loop = EventLoop::create().value();
        const Authority authority(ServerFixture::ownGroup());
        const Dispatcher dispatcher(authority);
        Server server(loop, dispatcher);
        QVERIFY(server.listen(path));
    }
};

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
