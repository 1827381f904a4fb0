#include "helper/services/event_hub.h"

#include <QTest>

using namespace rocker;
using protocol::Watch;

namespace {

// A subscriber's connection whose readiness the test decides.
class FakeSink : public ReplySink
{
public:
    void send(const protocol::Answer& answer) override
    {
        if (answer.error.empty())
            replies.push_back(json::read<Watch::Reply>(answer.parameters, json::UnknownKeys::Refuse).value());
    }
    bool ready(std::function<void()> whenDrained) override
    {
        if (!open)
            drained = std::move(whenDrained);
        return open;
    }
    void upgrade(const protocol::Answer&, std::function<void(UniqueFd, std::string)>) override {}
    void onGone(std::function<void()> callback) override { gone = std::move(callback); }

    bool open = true;
    std::vector<Watch::Reply> replies;
    std::function<void()> drained;
    std::function<void()> gone;
};

protocol::Container container(const std::string& id, uid_t owner)
{
    protocol::Container row;
    row.id = id;
    row.owner = owner;
    return row;
}

std::shared_ptr<FakeSink> subscribe(EventHub& hub, uid_t uid)
{
    auto sink = std::make_shared<FakeSink>();
    hub.subscribe(Request<Watch>(Caller{.uid = uid, .gid = uid}, {}, sink));
    return sink;
}

QString idsOf(const FakeSink& sink)
{
    QStringList parts;
    for (const auto& reply : sink.replies) {
        parts << (reply.reset ? "reset" : "news");
        for (const auto& row : reply.containers)
            parts << QString::fromStdString("+" + row.id);
        for (const auto& id : reply.removedContainers)
            parts << QString::fromStdString("-" + id);
        for (const auto& image : reply.images)
            parts << QString::fromStdString("+image:" + image.id);
        for (const auto& id : reply.removedImages)
            parts << QString::fromStdString("-image:" + id);
    }
    return parts.join(' ');
}

} // namespace

class TestEventHub : public QObject
{
    Q_OBJECT

    std::vector<protocol::Container> m_containers;
    EventHub::Sources sources()
    {
        return {.containers =
                    [this](const Caller& caller) {
                        std::vector<protocol::Container> mine;
                        for (const auto& row : m_containers)
                            if (caller.mayUse(uid_t(row.owner)))
                                mine.push_back(row);
                        return mine;
                    },
                .images = [](const Caller&) { return std::vector<protocol::Image>{}; }};
    }

private slots:
    void init() { m_containers = {container("a", 1000), container("b", 2000)}; }

    void aSubscriberGetsASnapshotAndThenChangesInSequence()
    {
        EventHub hub;
        hub.setSources(sources());
        const auto sink = subscribe(hub, 1000);
        hub.containerChanged(container("c", 1000));
        hub.containerRemoved("a", 1000);
        protocol::Image image;
        image.id = "i";
        hub.imageChanged(image);
        hub.imageRemoved("i");
        QCOMPARE(idsOf(*sink), "reset +a news +c news -a news +image:i news -image:i");
        for (std::size_t i = 0; i < sink->replies.size(); ++i)
            QCOMPARE(sink->replies[i].sequence, std::int64_t(i + 1));
    }

    void nobodySeesWhatBelongsToAnotherUserButRootSeesAll()
    {
        EventHub hub;
        hub.setSources(sources());
        const auto one = subscribe(hub, 1000);
        const auto two = subscribe(hub, 2000);
        const auto root = subscribe(hub, 0);
        hub.containerChanged(container("c", 2000));
        hub.containerRemoved("a", 1000);
        QCOMPARE(idsOf(*one), "reset +a news -a");
        QCOMPARE(idsOf(*two), "reset +b news +c");
        QCOMPARE(idsOf(*root), "reset +a +b news +c news -a");
        QCOMPARE(one->replies.back().sequence, 2); // no gap where another's event was
    }

    void aSlowReaderMissesEventsAndGetsASnapshotOnceItReads()
    {
        EventHub hub;
        hub.setSources(sources());
        const auto sink = subscribe(hub, 1000);
        sink->open = false;
        for (int i = 0; i < 1000; ++i)
            hub.containerChanged(container("a", 1000));
        QCOMPARE(sink->replies.size(), 1U);
        m_containers = {container("new", 1000)};
        sink->open = true;
        QVERIFY(sink->drained);
        sink->drained();
        hub.containerChanged(container("d", 1000));
        QCOMPARE(idsOf(*sink), "reset +a reset +new news +d");
        QCOMPARE(sink->replies.back().sequence, 3);
    }

    void anotherUsersEventsDoNotMakeASlowReaderStale()
    {
        EventHub hub;
        hub.setSources(sources());
        const auto sink = subscribe(hub, 1000);
        sink->open = false;
        hub.containerChanged(container("b", 2000));
        QVERIFY(!sink->drained);
    }

    void aGoneSubscriberIsForgotten()
    {
        EventHub hub;
        hub.setSources(sources());
        std::weak_ptr<FakeSink> weak;
        {
            const auto sink = subscribe(hub, 1000);
            weak = sink;
            const auto gone = std::exchange(sink->gone, nullptr);
            gone();
        }
        QVERIFY(weak.expired());
        hub.containerChanged(container("a", 1000));
    }

    void aDrainAfterTheHubsEndIsHarmless()
    {
        auto hub = std::make_unique<EventHub>();
        hub->setSources(sources());
        const auto sink = subscribe(*hub, 1000);
        sink->open = false;
        hub->containerChanged(container("a", 1000));
        const auto drained = sink->drained;
        hub.reset();
        drained();
        QCOMPARE(sink->replies.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestEventHub)
#include "tst_event_hub.moc"
