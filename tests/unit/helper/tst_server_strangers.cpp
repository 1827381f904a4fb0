#include "server_fixture.h"

using namespace rocker;
using namespace rocker::test;
using namespace std::chrono_literals;
using protocol::callOf;
using protocol::encode;

// Clients that send garbage, say nothing, stop half-way or do not read: none keeps the others waiting.
class TestServerStrangers : public QObject
{
    Q_OBJECT

private slots:
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
};

QTEST_GUILESS_MAIN(TestServerStrangers)
#include "tst_server_strangers.moc"
