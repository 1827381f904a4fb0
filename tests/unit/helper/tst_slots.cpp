#include "helper/services/slots.h"

#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

using namespace rocker;

class TestSlots : public QObject
{
    Q_OBJECT

    std::optional<EventLoop> m_loop;
    std::vector<int> m_begun;
    std::vector<Slots::Slot> m_held;

    Slots::Wait ask(Slots& places, int number)
    {
        return places.ask([this, number](Slots::Slot slot) {
            m_begun.push_back(number);
            m_held.push_back(std::move(slot));
        });
    }
    // Each step in a turn of its own, when everything that was posted before is done.
    void run(std::vector<std::function<void()>> steps)
    {
        std::vector<EventLoop::Source> sources;
        steps.emplace_back([this] { m_loop->quit(); });
        for (std::size_t i = 0; i < steps.size(); ++i)
            sources.push_back(m_loop->after(std::chrono::milliseconds(30 * (i + 1)), steps[i]));
        QVERIFY(m_loop->run());
    }

private slots:
    void init()
    {
        m_loop = EventLoop::create().value();
        m_begun.clear();
        m_held.clear();
    }
    void cleanup() { m_held.clear(); }

    void onlySoManyAreBegunTheOthersInTheirOrder()
    {
        Slots places(*m_loop, 2);
        std::vector<Slots::Wait> waits;
        for (int i = 0; i < 5; ++i)
            waits.push_back(ask(places, i));
        QVERIFY(m_begun.empty()); // not from in there
        run({[&] {
                 QCOMPARE(m_begun, (std::vector{0, 1}));
                 QCOMPARE(places.waiting(), std::size_t(3));
                 QVERIFY(places.busy());
                 m_held.erase(m_held.begin());
             },
             [&] {
                 QCOMPARE(m_begun, (std::vector{0, 1, 2}));
                 m_held.clear();
             }});
        QCOMPARE(m_begun, (std::vector{0, 1, 2, 3, 4}));
        QCOMPARE(places.waiting(), std::size_t(0));
    }

    void whoGivesUpIsPassedOver()
    {
        Slots places(*m_loop, 1);
        std::vector<Slots::Wait> waits;
        for (int i = 0; i < 3; ++i)
            waits.push_back(ask(places, i));
        run({[&] {
                 waits[1].reset();
                 QCOMPARE(places.waiting(), std::size_t(1));
                 m_held.clear();
             }});
        QCOMPARE(m_begun, (std::vector{0, 2}));
    }

    void aSlotThatNobodyKeepsIsTheNextOnes()
    {
        Slots places(*m_loop, 1);
        int begun = 0;
        std::vector<Slots::Wait> waits;
        for (int i = 0; i < 3; ++i)
            waits.push_back(places.ask([&begun](const Slots::Slot&) { ++begun; }));
        QVERIFY(places.busy());
        run({});
        QCOMPARE(begun, 3);
        QVERIFY(!places.busy());
    }

    void placesMayBeGoneBeforeWhoHoldsOne()
    {
        auto places = std::make_unique<Slots>(*m_loop, 1);
        const Slots::Wait wait = ask(*places, 0);
        run({[&] { places.reset(); }, [&] { m_held.clear(); }});
        QCOMPARE(m_begun, (std::vector{0}));
    }
};

QTEST_GUILESS_MAIN(TestSlots)
#include "tst_slots.moc"
