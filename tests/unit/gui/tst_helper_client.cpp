#include "gui/client/helper_client.h"
#include "tests/unit/gui/fake_helper.h"

#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;
using enum protocol::ContainerState;

class TestHelperClient : public QObject
{
    Q_OBJECT

private:
    static protocol::Call listCall() { return protocol::callOf<protocol::Containers, protocol::List>({}); }

private Q_SLOTS:
    void aCallEndsWithItsReply()
    {
        FakeHelper helper;
        helper.containers = {makeContainer("web", Running)};
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto reply = client.call<protocol::Containers, protocol::Inspect>({helper.containers[0].id});
        QTRY_VERIFY(reply.isFinished());
        QVERIFY(reply.result().has_value());
        QCOMPARE(reply.result()->container, helper.containers[0]);
    }

    void anErrorKeepsItsCodeAndItsText()
    {
        FakeHelper helper;
        helper.on("Containers.Start", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::CommandNotFound, "start web: exec '/bin/nothing': No such file or directory");
        });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto reply = client.call<protocol::Containers, protocol::Start>({.container = "web"});
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().code, ErrorCode::CommandNotFound);
        QCOMPARE(reply.result().error().what, "start web: exec '/bin/nothing': No such file or directory");
    }

    void answersBelongToCallsInTheirOrder()
    {
        FakeHelper helper;
        std::vector<FakeHelper::Call> waiting;
        helper.on("Containers.Inspect", [&](const FakeHelper::Call& call) { waiting.push_back(call); });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        std::vector<Reply<protocol::Inspect::Reply>> replies;
        for (const char* name : {"one", "two", "three"})
            replies.push_back(client.call<protocol::Containers, protocol::Inspect>({name}));
        QTRY_COMPARE(waiting.size(), 3u);
        for (const auto& call : waiting)
            call.reply(protocol::Inspect::Reply{makeContainer(call.parameters<protocol::ContainerParameter>().container, Running), {}});
        QTRY_VERIFY(replies[2].isFinished());
        QCOMPARE(replies[0].result()->container.name, "one");
        QCOMPARE(replies[1].result()->container.name, "two");
        QCOMPARE(replies[2].result()->container.name, "three");
        QCOMPARE(helper.connections(), 1);
    }

    void aLongCallDoesNotHoldUpShortOnes()
    {
        FakeHelper helper;
        helper.containers = {makeContainer("web", Running)};
        helper.on("Containers.Wait", [](const FakeHelper::Call&) {});
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto wait = client.call<protocol::Containers, protocol::Wait>({"web"});
        QTRY_VERIFY(helper.calls().contains(QStringLiteral("Containers.Wait")));
        auto reply = client.call<protocol::Containers, protocol::Inspect>({helper.containers[0].id});
        QTRY_VERIFY(reply.isFinished());
        QVERIFY(!wait.isFinished());
    }

    void aDroppedConnectionResolvesEveryPendingCall()
    {
        FakeHelper helper;
        for (const char* method : {"Containers.Wait", "Containers.Inspect", "Containers.Rename"})
            helper.on(method, [](const FakeHelper::Call&) {});
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto a = client.call<protocol::Containers, protocol::Wait>({"web"});
        auto b = client.call<protocol::Containers, protocol::Inspect>({"web"});
        auto c = client.call<protocol::Containers, protocol::Rename>({"web", "other"});
        QTRY_COMPARE(helper.calls().size(), 3);
        helper.stop();
        QTRY_VERIFY(a.isFinished() && b.isFinished() && c.isFinished());
        QCOMPARE(a.result().error().code, ErrorCode::Unavailable);
        QCOMPARE(b.result().error().code, ErrorCode::Unavailable);
        QCOMPARE(c.result().error().code, ErrorCode::Unavailable);
    }

    void aCallWithoutAHelperSaysWhy()
    {
        HelperClient client(QStringLiteral("/nowhere/helper.sock"));
        auto reply = client.call<protocol::Containers, protocol::Inspect>({"web"});
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(reply.result().error().code, ErrorCode::Unavailable);
        QVERIFY(reply.result().error().what.contains("/nowhere/helper.sock"));
    }

    void aCallPastItsDeadlineIsGivenUpAndKeepsItsPlace()
    {
        FakeHelper helper;
        std::vector<FakeHelper::Call> waiting;
        helper.on("Containers.List", [&](const FakeHelper::Call& call) { waiting.push_back(call); });
        QVERIFY(helper.listen());
        Connection connection(helper.path());
        std::optional<Error> first;
        std::optional<std::size_t> second;
        connection.call(listCall(), {std::chrono::milliseconds(20), {}}, [&](Result<protocol::Answer> answer) { first = answer.error(); });
        connection.call(listCall(), {std::chrono::seconds(20), {}}, [&](Result<protocol::Answer> answer) {
            second = protocol::replyOf<protocol::List>(*answer)->containers.size();
        });
        QTRY_VERIFY(first);
        QCOMPARE(first->code, ErrorCode::Unavailable);
        QTRY_COMPARE(waiting.size(), 2u);
        waiting[0].reply(protocol::List::Reply{}); // too late, and not the second's
        waiting[1].reply(protocol::List::Reply{{makeContainer("web", Running)}});
        QTRY_VERIFY(second);
        QCOMPARE(*second, 1u);
    }

    void garbageFromTheHelper_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no JSON") << QByteArray("{\"parameters\": nonsense}\0", 25);
        QTest::newRow("no object") << QByteArray("[1, 2]\0", 7);
        QTest::newRow("wrong type") << QByteArray("{\"parameters\": {\"container\": 4}}\0", 33);
        QTest::newRow("wrong field") << QByteArray("{\"continues\": \"perhaps\"}\0", 25);
    }
    void garbageFromTheHelper()
    {
        QFETCH(QByteArray, bytes);
        FakeHelper helper;
        helper.on("Containers.Inspect", [&](const FakeHelper::Call& call) { call.socket->write(bytes); });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto reply = client.call<protocol::Containers, protocol::Inspect>({"web"});
        QTRY_VERIFY(reply.isFinished());
        QVERIFY(!reply.result().has_value());
    }

    void aStreamTellsItsProgressBeforeItsEnd()
    {
        FakeHelper helper;
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        QStringList steps;
        auto reply = client.stream<protocol::Images, protocol::ImportImage>(
            {.path = "/tmp/image.tar"}, [&](const auto& progress) { steps << QString::fromStdString(progress.progress->step); });
        QTRY_VERIFY(reply.isFinished());
        QCOMPARE(steps, QStringList{QStringLiteral("unpacking layer 1 of 2")});
        QCOMPARE(reply.result()->images.front().references.front(), "imported:latest");
    }

    void watchingBeginsWithASnapshot()
    {
        FakeHelper helper;
        helper.containers = {makeContainer("web", Running)};
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        std::vector<protocol::Watch::Reply> changes;
        connect(&client, &HelperClient::changed, this, [&](const auto& change) { changes.push_back(change); });
        client.watch();
        QTRY_COMPARE(changes.size(), 1u);
        QVERIFY(changes[0].reset);
        QCOMPARE(client.state(), HelperClient::State::Connected);
        helper.changed(makeContainer("db", Running));
        QTRY_COMPARE(changes.size(), 2u);
        QVERIFY(!changes[1].reset);
    }

    void aHelperThatComesBackIsFoundAgain()
    {
        FakeHelper helper;
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        QSignalSpy states(&client, &HelperClient::stateChanged);
        client.watch();
        QTRY_COMPARE(client.state(), HelperClient::State::Connected);
        helper.stop();
        QTRY_COMPARE(client.state(), HelperClient::State::Disconnected);
        QVERIFY(!client.reason().empty());
        QVERIFY(helper.listen());
        QTRY_COMPARE(client.state(), HelperClient::State::Connected);
        QVERIFY(client.reason().empty());
    }

    void aGapInTheEventsLeadsToANewSnapshot()
    {
        FakeHelper helper;
        std::optional<FakeHelper::Call> watcher;
        int subscriptions = 0;
        helper.on("System.Watch", [&](const FakeHelper::Call& call) {
            ++subscriptions;
            watcher = call;
            call.reply(protocol::Watch::Reply{.sequence = 7, .reset = true}, true);
        });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        QSignalSpy changes(&client, &HelperClient::changed);
        client.watch();
        QTRY_COMPARE(subscriptions, 1);
        watcher->reply(protocol::Watch::Reply{.sequence = 9, .removedContainers = {"never to be believed"}}, true);
        QTRY_COMPARE(subscriptions, 2);
        QTRY_COMPARE(changes.size(), 2);
    }

    void aStreamIsUpgradedAndCarriesFramesBothWays()
    {
        FakeHelper helper;
        helper.containers = {makeContainer("web", Running)};
        helper.terminalOutput = "/ # ";
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto stream = client.attach<protocol::Containers, protocol::Attach>({.container = "web"});
        std::string output;
        bool replayed = false;
        connect(stream.get(), &AttachedStream::frameReceived, this, [&](FrameType type, const std::string& payload) {
            if (type == FrameType::Output)
                output += payload;
            replayed = replayed || type == FrameType::Replayed;
        });
        stream->open();
        QVERIFY(stream->send(FrameType::Input, "ls\n")); // waits for the reply
        QTRY_VERIFY(replayed);
        QCOMPARE(output, "/ # ");
        QTRY_COMPARE(helper.upgraded().begin()->second.input, "ls\n");
        QCOMPARE(helper.calls(), QStringList{QStringLiteral("Containers.Attach")});
    }

    void aLongInputIsCutIntoFramesAndArrivesWhole()
    {
        FakeHelper helper;
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto stream = client.attach<protocol::Containers, protocol::Attach>({.container = "web"});
        stream->open();
        std::string paste;
        for (int i = 0; paste.size() < 1'000'000; ++i)
            paste += std::to_string(i) + "\n";
        QVERIFY(stream->send(FrameType::Input, paste));
        QTRY_VERIFY(!helper.upgraded().empty() && helper.upgraded().begin()->second.input.size() == paste.size());
        QVERIFY(helper.upgraded().begin()->second.input == paste);
    }

    void aRefusedAttachSaysWhy()
    {
        FakeHelper helper;
        helper.on("Containers.Attach", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::FailedPrecondition, "web is not running");
        });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto stream = client.attach<protocol::Containers, protocol::Attach>({.container = "web"});
        std::optional<Error> why;
        connect(stream.get(), &AttachedStream::closed, this, [&](const Error& error) { why = error; });
        stream->open();
        QTRY_VERIFY(why);
        QCOMPARE(why->code, ErrorCode::FailedPrecondition);
        QCOMPARE(why->what, "web is not running");
    }

    void aFrameThatIsTooLongBreaksTheStream()
    {
        FakeHelper helper;
        helper.on("Containers.Attach", [](const FakeHelper::Call& call) {
            call.reply(protocol::Empty{});
            call.socket->write(QByteArray("\x01\xff\xff\xff\x7f", 5));
        });
        QVERIFY(helper.listen());
        HelperClient client(helper.path());
        auto stream = client.attach<protocol::Containers, protocol::Attach>({.container = "web"});
        std::optional<Error> why;
        connect(stream.get(), &AttachedStream::closed, this, [&](const Error& error) { why = error; });
        stream->open();
        QTRY_VERIFY(why);
        QCOMPARE(why->code, ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestHelperClient)
#include "tst_helper_client.moc"
