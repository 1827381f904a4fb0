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

namespace {

std::string textOf(const Answer& answer)
{
    return answer.error.empty() && answer.parameters.contains("text") ? answer.parameters["text"].get<std::string>()
                                                                      : answer.error;
}

std::string say(const std::string& text)
{
    return encode(callOf<Echo, Say>({text}));
}

} // namespace

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

    void garbageEndsTheConnectionAndNothingElse_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no JSON") << QByteArray("hello\0", 6);
        QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\n\r\n\0", 19);
        QTest::newRow("empty message") << QByteArray("\0", 1);
        QTest::newRow("a thousand NULs") << QByteArray(1000, '\0');
        QTest::newRow("an array") << QByteArray("[]\0", 3);
        QTest::newRow("no method") << QByteArray("{}\0", 3);
        QTest::newRow("method is a number") << QByteArray("{\"method\":1}\0", 13);
        QTest::newRow("invalid UTF-8") << QByteArray("{\"method\":\"\xff\xfe\"}\0", 16);
        QTest::newRow("deep array") << QByteArray(400000, '[') + QByteArray(400000, ']') + '\0';
        QTest::newRow("deep in parameters") << QByteArray(R"({"method":"org.example.Echo.Say","parameters":{"text":)")
                + QByteArray(100000, '[') + QByteArray(100000, ']') + QByteArray("}}\0", 3);
        QTest::newRow("a NUL in a string")
            << QByteArray(R"({"method":"org.example.Echo.Say","parameters":{"text":"a\u0000b"}})") + '\0';
        QTest::newRow("a huge number") << QByteArray("{\"method\":\"a.b\",\"parameters\":{\"x\":1e999}}\0", 42);
        QTest::newRow("oneway and more")
            << QByteArray(R"({"method":"org.example.Echo.Repeat","oneway":true,"more":true})") + '\0';
    }
    void garbageEndsTheConnectionAndNothingElse()
    {
        QFETCH(QByteArray, bytes);
        ServerFixture server;
        auto client = server.connect();
        auto other = server.connect();
        client.send({bytes.data(), std::size_t(bytes.size())});
        QVERIFY(client.closedByServer());
        other.call<Say>({"unharmed"});
        QCOMPARE(textOf(other.answer()), "unharmed");
    }

    void aMessageLongerThanAllowedEndsTheConnection()
    {
        ServerFixture server;
        auto client = server.connect();
        const std::string chunk(1 << 16, 'x');
        bool accepted = client.send("{\"method\":\"");
        std::size_t sent = 0;
        for (; accepted && sent < (8 << 20); sent += chunk.size())
            accepted = client.send(chunk);
        QVERIFY(!accepted);
        QVERIFY2(sent < (2 << 20), "the server took in much more than one message may hold");
    }

    void aSilentClientIsDroppedAndSoIsOneThatStopsInTheMiddle()
    {
        ServerLimits limits;
        limits.connection.messageTime = 1s;
        ServerFixture server(limits);
        auto silent = server.connect();
        auto halfway = server.connect();
        auto idle = server.connect();
        idle.call<Say>({"hello"});
        QCOMPARE(textOf(idle.answer()), "hello");
        QVERIFY(halfway.send(say("done") + "{\"method\""));
        QCOMPARE(textOf(halfway.answer()), "done");
        QVERIFY(silent.closedByServer());
        QVERIFY(halfway.closedByServer());
        idle.call<Say>({"an idle one stays"});
        QCOMPARE(textOf(idle.answer()), "an idle one stays");
    }

    void silentClientsMakeRoomForNewOnesOfTheirUser()
    {
        ServerLimits limits;
        limits.perUser = limits.forRoot = 3;
        ServerFixture server(limits);
        auto first = server.connect();
        auto second = server.connect();
        auto speaking = server.connect();
        speaking.call<Say>({"a"});
        QCOMPARE(textOf(speaking.answer()), "a");
        auto fourth = server.connect();
        fourth.call<Say>({"b"});
        QCOMPARE(textOf(fourth.answer()), "b");
        QVERIFY(first.closedByServer());
        second.call<Say>({"c"});
        QCOMPARE(textOf(second.answer()), "c");
        auto refused = server.connect(); // all three have spoken
        QVERIFY(refused.closedByServer());
        speaking.call<Say>({"d"});
        QCOMPARE(textOf(speaking.answer()), "d");
    }

    void aThousandSilentClientsDoNotKeepOneOut()
    {
        ServerLimits limits;
        limits.perUser = limits.forRoot = 64;
        ServerFixture server(limits);
        std::vector<RawClient> silent;
        for (int i = 0; i < 900; ++i)
            silent.push_back(server.connect());
        auto client = server.connect();
        client.call<Say>({"served"});
        QCOMPARE(textOf(client.answer()), "served");
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

    void aClientThatNeverReadsIsCutOffAtItsBudget()
    {
        ServerLimits limits;
        limits.connection.budget = 1 << 20;
        ServerFixture server(limits);
        auto greedy = server.connect();
        auto other = server.connect();
        greedy.call<Repeat>({100'000});
        other.call<Say>({"served"});
        QCOMPARE(textOf(other.answer()), "served");
        std::size_t received = 0;
        for (std::string bytes = greedy.receive(); !bytes.empty(); bytes = greedy.receive())
            received += bytes.size();
        QVERIFY(greedy.closedByServer());
        QVERIFY2(received < (4 << 20), "more was kept for it than its budget");
    }

    void callsOfAClientThatReadsNothingWaitInsteadOfPilingUp()
    {
        ServerLimits limits;
        limits.connection.streamBytes = 64 << 10;
        limits.connection.budget = 512 << 10;
        ServerFixture server(limits);
        auto client = server.connect();
        std::thread sender([&] {
            for (int i = 0; i < 100; ++i)
                client.call<Say>({std::string(100'000, 'z')});
        });
        int answers = 0;
        while (answers < 100 && textOf(client.answer()).size() == 100'000)
            ++answers;
        sender.join();
        QCOMPARE(answers, 100);
    }

    void oneThatHasMuchToReadAndDoesNotIsDropped()
    {
        ServerLimits limits;
        limits.connection.streamBytes = 64 << 10;
        limits.connection.stallTime = 1s;
        ServerFixture server(limits);
        auto client = server.connect();
        client.call<Repeat>({2000});
        QVERIFY(client.hungUp());
        // What the kernel has taken already still arrives; the rest was given up.
        std::size_t received = 0;
        for (std::string bytes = client.receive(); !bytes.empty(); bytes = client.receive())
            received += bytes.size();
        QVERIFY(client.closedByServer());
        QVERIFY(received < 2000 * 1024);
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
