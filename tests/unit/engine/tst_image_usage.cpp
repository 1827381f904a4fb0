#include "engine/base/time.h"
#include "engine/image/usage.h"

#include <QTest>

using namespace rocker;
using namespace rocker::image;

namespace {

StoredImage imageOf(const std::vector<StoredLayer>& layers)
{
    return {.id = "x", .layers = layers};
}

StoredLayer layerOf(const std::string& chain, std::int64_t size, const std::string& blob = {}, std::int64_t blobSize = 0)
{
    return {.chainId = chain, .size = size, .blobDigest = blob, .blobSize = blobSize};
}

} // namespace

class TestImageUsage : public QObject
{
    Q_OBJECT

private slots:
    void whatIsSharedIsCountedOnce()
    {
        const StoredImage first = imageOf({layerOf("a", 100, "A", 10), layerOf("b", 20, "B", 2)});
        const StoredImage second = imageOf({layerOf("a", 100, "A", 10), layerOf("c", 7, "C", 1)});
        const StoredImage lone = imageOf({layerOf("d", 1000)});
        Usage usage({first, second, lone});
        QCOMPARE(usage.total(), 100 + 10 + 22 + 8 + 1000);
        QCOMPARE(usage.of(first).own, 22);
        QCOMPARE(usage.of(first).shared, 110);
        QCOMPARE(usage.of(lone).own, 1000);
        QCOMPARE(usage.remove(first), 22);
        QCOMPARE(usage.of(second).own, 118); // it has them alone from then on
        QCOMPARE(usage.remove(second), 118);
        QCOMPARE(usage.total(), 1000);
    }

    void theSameLayerAsItCameInTwoForms()
    {
        // One unpacked layer, kept as gzip by one image and as zstd by the other.
        const StoredImage gzip = imageOf({layerOf("a", 100, "gz", 30)});
        const StoredImage zstd = imageOf({layerOf("a", 100, "zst", 25)});
        const Usage usage({gzip, zstd});
        QCOMPARE(usage.of(gzip).own, 30);
        QCOMPARE(usage.of(zstd).own, 25);
        QCOMPARE(usage.of(gzip).shared, 100);
    }

    void anImageWithALayerTwiceIsOneUser()
    {
        const StoredImage twice = imageOf({layerOf("a", 100, "A", 1), layerOf("b", 100, "A", 1)});
        QCOMPARE(Usage({twice}).of(twice).own, 201);
        QCOMPARE(Usage({twice}).of(twice).shared, 0);
    }

    void timesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("UTC") << "2024-05-01T10:00:00Z" << 1714557600LL;
        QTest::newRow("with a fraction and an offset") << "2024-05-01T12:00:00.123456789+02:00" << 1714557600LL;
        QTest::newRow("behind") << "2024-05-01T05:30:00-04:30" << 1714557600LL;
        QTest::newRow("before 1970") << "1969-12-31T23:59:59Z" << -1LL;
    }

    void timesAreRead()
    {
        QFETCH(QString, text);
        QTEST(qint64(secondsOf(text.toStdString()).value_or(-99)), "seconds");
    }

    void whatIsNoTimeIsNot()
    {
        for (const char* text : {"", "2024", "2024-02-30T10:00:00Z", "2024-05-01T24:00:00Z", "2024-05-01T10:00:00", "2024-05-01T10:00:00+2:00",
                                 "2024-05-01T10:00:00Zx", "0x24-05-01T10:00:00Z", "2024-13-01T10:00:00Z"})
            QVERIFY2(!secondsOf(text), text);
        QCOMPARE(timestampOf(1714557600), "2024-05-01T10:00:00Z");
    }

    void labelsAreFiltered()
    {
        const std::map<std::string, std::string> labels{{"a", "1"}, {"empty", ""}};
        QVERIFY(labelFits(labels, "a") && labelFits(labels, "a=1") && labelFits(labels, "empty=") && labelFits(labels, "!b") && labelFits(labels, "a!=2")
                && labelFits(labels, "b!=1"));
        QVERIFY(!labelFits(labels, "b") && !labelFits(labels, "a=2") && !labelFits(labels, "!a") && !labelFits(labels, "a!=1"));
    }
};

QTEST_GUILESS_MAIN(TestImageUsage)
#include "tst_image_usage.moc"
