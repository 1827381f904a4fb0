#include "helper/event/event_loop.h"

#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

using namespace rocker;
using namespace std::chrono_literals;

namespace {

struct Pipe {
    Pipe()
    {
        int fds[2];
        if (::pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0) {
            reader = UniqueFd(fds[0]);
            writer = UniqueFd(fds[1]);
        }
    }
    void write(char byte) { QCOMPARE(::write(writer.value(), &byte, 1), 1); }
    UniqueFd reader;
    UniqueFd writer;
};

} // namespace

class TestEventLoop : public QObject
{
    Q_OBJECT

private slots:
    void aReadableDescriptorRunsItsCallback()
    {
        auto loop = EventLoop::create().value();
        Pipe pipe;
        pipe.write('x');
        char byte = 0;
        auto source = loop.onReady(pipe.reader, EPOLLIN, [&](std::uint32_t revents) {
            QVERIFY(revents & EPOLLIN);
            QCOMPARE(::read(pipe.reader.value(), &byte, 1), 1);
            loop.quit();
        });
        QVERIFY(source.active());
        QVERIFY(loop.run());
        QCOMPARE(byte, 'x');
    }

    void aCallbackMayDropItsOwnSource()
    {
        auto loop = EventLoop::create().value();
        Pipe pipe;
        pipe.write('x');
        int runs = 0;
        const auto token = std::make_shared<int>(0);
        EventLoop::Source source = loop.onReady(pipe.reader, EPOLLIN, [&, token](std::uint32_t) {
            source.reset();
            runs += 1 + *token; // the function's captures outlive the drop
            loop.post([&] { loop.quit(); });
        });
        QVERIFY(loop.run());
        QCOMPARE(runs, 1);
        QCOMPARE(token.use_count(), 1);
    }

    void aCallbackMayDropAnotherSourceThatIsAlsoReady()
    {
        auto loop = EventLoop::create().value();
        Pipe one;
        Pipe two;
        one.write('x');
        two.write('x');
        int runs = 0;
        EventLoop::Source first;
        EventLoop::Source second;
        first = loop.onReady(one.reader, EPOLLIN, [&](std::uint32_t) {
            ++runs;
            first.reset();
            second.reset();
            loop.post([&] { loop.post([&] { loop.quit(); }); });
        });
        second = loop.onReady(two.reader, EPOLLIN, [&](std::uint32_t) {
            ++runs;
            first.reset();
            second.reset();
            loop.post([&] { loop.post([&] { loop.quit(); }); });
        });
        QVERIFY(loop.run());
        QCOMPARE(runs, 1);
    }

    void aDescriptorsNumberMayComeBackInsideTheCallbackThatClosedIt()
    {
        auto loop = EventLoop::create().value();
        Pipe old;
        old.write('x');
        const int number = old.reader.value();
        UniqueFd next;
        Pipe feed;
        bool seen = false;
        EventLoop::Source source;
        source = loop.onReady(old.reader, EPOLLIN, [&](std::uint32_t) {
            source.reset();
            old.reader.reset();
            next = UniqueFd(::fcntl(feed.reader.value(), F_DUPFD_CLOEXEC, number));
            QCOMPARE(next.value(), number);
            source = loop.onReady(next, EPOLLIN, [&](std::uint32_t) {
                seen = true;
                loop.quit();
            });
            feed.write('y');
        });
        const auto patience = loop.after(5s, [&] { loop.quit(); });
        QVERIFY(loop.run());
        QVERIFY(seen);
    }

    void postedFunctionsRunInOrderAndInTheNextTurn()
    {
        auto loop = EventLoop::create().value();
        std::string order;
        loop.post([&] {
            order += 'a';
            loop.post([&] {
                order += 'd';
                loop.quit();
            });
        });
        loop.post([&] { order += 'b'; });
        loop.post([&] { order += 'c'; });
        QVERIFY(loop.run());
        QCOMPARE(order, "abcd");
    }

    void whatPostsItselfForEverDoesNotKeepDescriptorsWaiting()
    {
        auto loop = EventLoop::create().value();
        Pipe pipe;
        int turns = 0;
        std::function<void()> again = [&] {
            if (++turns == 10)
                pipe.write('x');
            if (turns < 100'000)
                loop.post(again);
            else
                loop.quit();
        };
        loop.post(again);
        auto source = loop.onReady(pipe.reader, EPOLLIN, [&](std::uint32_t) { loop.quit(); });
        QVERIFY(loop.run());
        QVERIFY2(turns < 20, qPrintable(QString::number(turns)));
    }

    void timersRunOnceAndInOrderOfTheirTime()
    {
        auto loop = EventLoop::create().value();
        std::string order;
        auto late = loop.after(20ms, [&] {
            order += 'l';
            loop.quit();
        });
        auto early = loop.after(1ms, [&] { order += 'e'; });
        auto dropped = loop.after(2ms, [&] { order += 'x'; });
        dropped.reset();
        QVERIFY(loop.run());
        QCOMPARE(order, "el");
    }

    void aSignalArrivesAsACallback()
    {
        auto loop = EventLoop::create().value();
        auto source = loop.onSignal(SIGUSR1, [&] { loop.quit(); });
        QVERIFY(source.active());
        ::raise(SIGUSR1);
        QVERIFY(loop.run());
    }

    void setEventsSwitchesWhatIsWaitedFor()
    {
        auto loop = EventLoop::create().value();
        Pipe pipe;
        std::uint32_t seen = 0;
        auto source = loop.onReady(pipe.writer, 0, [&](std::uint32_t revents) {
            seen = revents;
            loop.quit();
        });
        loop.post([&] { source.setEvents(EPOLLOUT); });
        QVERIFY(loop.run());
        QCOMPARE(seen, std::uint32_t(EPOLLOUT));
    }

    void aRegularFileGivesAnInactiveSource()
    {
        auto loop = EventLoop::create().value();
        const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
        QVERIFY(file.valid());
        QVERIFY(!loop.onReady(file, EPOLLIN, [](std::uint32_t) {}).active());
    }

    void aSourceMayOutliveTheLoop()
    {
        Pipe pipe;
        EventLoop::Source source;
        {
            auto loop = EventLoop::create().value();
            source = loop.onReady(pipe.reader, EPOLLIN, [](std::uint32_t) {});
        }
        QVERIFY(source.active());
        source.reset();
        QVERIFY(!source.active());
    }
};

QTEST_GUILESS_MAIN(TestEventLoop)
#include "tst_event_loop.moc"
