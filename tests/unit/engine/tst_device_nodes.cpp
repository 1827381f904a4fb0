#include "engine/device/device.h"
#include "engine/device/nodes.h"
#include "engine/json/json.h"

#include <QTest>

#include <sys/stat.h>
#include <sys/sysmacros.h>

using namespace rocker;

static Result<std::vector<device::Node>> planned(const std::string& devices)
{
    auto platform = json::readText<spec::Linux>(R"({"devices": [)" + devices + "]}", json::UnknownKeys::Ignore);
    if (!platform)
        qFatal("%s", platform.error().what.c_str());
    return device::planNodes(platform->devices);
}

class TestDeviceNodes : public QObject
{
    Q_OBJECT

private slots:
    void theDefaultDevicesAreAlwaysThere()
    {
        const auto nodes = planned("");
        QVERIFY(nodes);
        QCOMPARE(nodes->size(), 6U);
        for (const device::Device& allowed : device::allowedDevices()) {
            const auto found = std::ranges::find(*nodes, allowed.path, &device::Node::path);
            QVERIFY2(found != nodes->end(), allowed.path.c_str());
            QCOMPARE(found->number, allowed.rule.mkdev().value());
            QCOMPARE(found->mode, mode_t(S_IFCHR | 0666));
        }
    }

    void aNamedDefaultIsTheNamedOne()
    {
        const auto nodes = planned(R"({"type": "c", "path": "/dev/null", "major": 1, "minor": 3, "fileMode": 384, "uid": 7, "gid": 8})");
        QVERIFY(nodes);
        QCOMPARE(nodes->size(), 6U);
        QCOMPARE(nodes->front().mode, mode_t(S_IFCHR | 0600));
        QCOMPARE(nodes->front().uid, 7U);
        QCOMPARE(nodes->front().gid, 8U);
    }

    void theMultiplexerIsNeverANode()
    {
        const auto nodes = planned(R"({"type": "c", "path": "/dev/ptmx", "major": 5, "minor": 2})");
        QVERIFY(nodes);
        QCOMPARE(nodes->size(), 6U);
    }

    void typesAreThoseOfMknod_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<uint>("mode");
        QTest::newRow("c") << "c" << uint(S_IFCHR | 0666);
        QTest::newRow("u") << "u" << uint(S_IFCHR | 0666);
        QTest::newRow("b") << "b" << uint(S_IFBLK | 0666);
        QTest::newRow("p") << "p" << uint(S_IFIFO | 0666);
    }
    void typesAreThoseOfMknod()
    {
        QFETCH(QString, type);
        const auto nodes = planned(R"({"type": ")" + type.toStdString() + R"(", "path": "/srv/x", "major": 10, "minor": 229})");
        QVERIFY(nodes);
        QTEST(uint(nodes->front().mode), "mode");
        QCOMPARE(nodes->front().number, type == "p" ? 0 : makedev(10, 229));
    }

    void whatIsNoDeviceIsRefused_data()
    {
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("error");
        QTest::newRow("relative") << R"({"type": "c", "path": "dev/x", "major": 1, "minor": 1})" << "linux.devices[0]: path: 'dev/x' is not absolute";
        QTest::newRow("type") << R"({"type": "a", "path": "/dev/x", "major": 1, "minor": 1})" << "linux.devices[0]: type: 'a' is none of c, u, b and p";
        QTest::newRow("no number") << R"({"type": "c", "path": "/dev/x"})" << "linux.devices[0]: major is missing";
        QTest::newRow("a wildcard") << R"({"type": "c", "path": "/dev/x", "major": 1, "minor": -1})" << "linux.devices[0]: minor -1 is out of range";
        QTest::newRow("too big") << R"({"type": "c", "path": "/dev/x", "major": 4096, "minor": 1})" << "linux.devices[0]: major 4096 is out of range";
    }
    void whatIsNoDeviceIsRefused()
    {
        QFETCH(QString, device);
        const auto nodes = planned(device.toStdString());
        QVERIFY(!nodes);
        QTEST(QString::fromStdString(nodes.error().what), "error");
    }
};

QTEST_GUILESS_MAIN(TestDeviceNodes)
#include "tst_device_nodes.moc"
