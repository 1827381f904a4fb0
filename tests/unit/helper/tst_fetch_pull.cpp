#include "tests/unit/helper/fake_shop.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;

namespace {

using Spoiled = std::optional<FakeAnswer>;

} // namespace

class TestFetchPull : public QObject
{
    Q_OBJECT

    // What another tar finds in the file.
    static QMap<QString, QByteArray> unpacked(Shop& shop)
    {
        QTemporaryDir directory;
        QProcess::execute("tar", {"-xf", shop.file.fileName(), "-C", directory.path()});
        QMap<QString, QByteArray> files;
        for (const QString& folder : {QString("/"), QString("/blobs/sha256/")})
            for (const QString& name : QDir(directory.path() + folder).entryList(QDir::Files)) {
                QFile file(directory.path() + folder + name);
                if (file.open(QIODevice::ReadOnly))
                    files[name] = file.readAll();
            }
        return files;
    }
    static void verify(Shop& shop)
    {
        const auto files = unpacked(shop);
        QCOMPARE(files["oci-layout"], QByteArray(R"({"imageLayoutVersion":"1.0.0"})"));
        QVERIFY(files["index.json"].contains(QByteArray::fromStdString(Shop::digest(shop.manifest))));
        for (const QByteArray& blob : shop.layers + QList<QByteArray>{shop.configuration, shop.manifest})
            QCOMPARE(files[QString::fromStdString(Shop::digest(blob)).mid(7)], blob);
    }

private slots:
    void anImageBecomesALayoutInAnArchive()
    {
        Shop shop;
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(pulled->fullName, shop.server.host() + "/shop/thing:1");
        QCOMPARE(pulled->reference, shop.server.host() + "/shop/thing:1");
        QCOMPARE(pulled->digest, Shop::digest(shop.manifest));
        verify(shop);
        QCOMPARE(shop.progress, std::int64_t(2'410'011));
        QCOMPARE(shop.server.requests().front().fields["accept-encoding"], QByteArray("identity"));
        QVERIFY(shop.server.requests().front().fields["accept"].contains("manifest.list.v2+json"));
    }

    void aLayerThatStandsTwiceIsFetchedOnce()
    {
        Shop shop;
        shop.layers += shop.layers[0];
        shop.build();
        QVERIFY(shop.pull());
        QCOMPARE(shop.server.count(shop.layerPath(0)), 1);
        verify(shop);
    }

    void thePlatformsImageIsChosenOutOfAnIndex()
    {
        Shop shop;
        shop.index = shop.indexOf(R"({"os":"linux","architecture":"amd64"})");
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(pulled->digest, Shop::digest(shop.index));
        verify(shop);
    }

    void aPinnedDigestHoldsWhateverTheTagSays()
    {
        Shop shop;
        shop.reference = shop.server.host() + "/shop/thing@" + Shop::digest(shop.manifest);
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(pulled->reference, std::string());
        shop.reference = shop.server.host() + "/shop/thing:1@sha256:" + std::string(64, '0');
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (!request.path.contains("/manifests/"))
                return {};
            return FakeAnswer{.body = shop.manifest, .fields = {{"Content-Type", Shop::manifestType}}};
        };
        const auto other = shop.pull();
        QVERIFY(!other);
        QVERIFY2(QByteArray::fromStdString(other.error().what).contains("instead of sha256:000"),
            other.error().what.c_str());
    }

    void aLayerThatBreaksOffIsContinued()
    {
        Shop shop;
        int breaks = 3;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.path != shop.layerPath(3) || breaks-- <= 0)
                return {};
            FakeAnswer answer = shop.honest(request);
            answer.cutAfter = 400'000;
            return answer;
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        verify(shop);
        QCOMPARE(shop.server.requests().back().fields.value("range"), QByteArray("bytes=1200000-"));
        QCOMPARE(shop.progress, std::int64_t(2'410'011));
    }

    void aServerWithoutRangesBeginsAgain()
    {
        Shop shop;
        bool broken = false;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.path != shop.layerPath(0))
                return {};
            return FakeAnswer{.body = shop.layers[0], .cutAfter = std::exchange(broken, true) ? -1 : 123'456};
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        verify(shop);
        QCOMPARE(shop.server.count(shop.layerPath(0)), 2);
    }

    void aServerThatIsBusyIsAskedAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("retryAfter");
        QTest::addColumn<int>("longerThan");
        QTest::newRow("503") << 503 << QByteArray() << 0;
        QTest::newRow("502") << 502 << QByteArray() << 0;
        QTest::newRow("429 in a second") << 429 << QByteArray("1") << 990;
        QTest::newRow("503 at a time") << 503 << QByteArray("at") << 400;
        QTest::newRow("429 with nonsense") << 429 << QByteArray("soon") << 0;
    }
    void aServerThatIsBusyIsAskedAgain()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, retryAfter);
        QFETCH(int, longerThan);
        Shop shop;
        int busy = 1;
        shop.spoil = [&](const FakeRequest&) -> Spoiled {
            if (busy-- <= 0)
                return {};
            if (retryAfter == "at")
                retryAfter
                    = QLocale::c()
                          .toString(QDateTime::currentDateTimeUtc().addMSecs(2000), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'")
                          .toLatin1();
            return FakeAnswer{.status = status,
                .fields = retryAfter.isEmpty() ? QList<std::pair<QByteArray, QByteArray>>{}
                                               : QList<std::pair<QByteArray, QByteArray>>{{"Retry-After", retryAfter}}};
        };
        QElapsedTimer timer;
        timer.start();
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QVERIFY(timer.elapsed() >= longerThan);
        verify(shop);
    }

    void lengthsNeedNotBeAnnounced()
    {
        Shop shop;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            FakeAnswer answer = shop.honest(request);
            answer.chunked = true;
            if (request.path == shop.layerPath(1))
                answer.announced = -2, answer.chunked = false;
            return answer;
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        verify(shop);
    }

    // Qt's HTTP may take the end of the connection for the end of what is chunked: lengths and digests tell.
    void whatIsChunkedAndBreaksOffIsNotTakenForWhole()
    {
        Shop shop;
        QByteArray cut = shop.layerPath(0);
        int breaks = 1;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            FakeAnswer answer = shop.honest(request);
            answer.chunked = true;
            if (request.path == cut && breaks-- > 0)
                answer.cutAfter = 100;
            return answer;
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(shop.server.count(cut), 2);
        verify(shop);
        cut = "/v2/shop/thing/manifests/1";
        breaks = 5;
        QVERIFY(!shop.pull());
    }

    // Addresses that are redirected to are good for a moment only.
    void whatBreaksOffElsewhereIsContinuedByWayOfTheRegistry()
    {
        Shop shop;
        bool broken = false;
        FakeRegistry storage([&](const FakeRequest& request) {
            FakeAnswer answer = Shop::ranged(request, shop.layers[0]);
            if (!std::exchange(broken, true))
                answer.cutAfter = 1000;
            return answer;
        });
        shop.settings.insecure.push_back(storage.host());
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.path != shop.layerPath(0))
                return {};
            return FakeAnswer{
                .status = 307, .fields = {{"Location", QByteArray::fromStdString("http://" + storage.host() + "/x")}}};
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(shop.server.count(shop.layerPath(0)), 2);
        QCOMPARE(storage.requests().back().fields.value("range"), QByteArray("bytes=1000-"));
        verify(shop);
    }

    // Each attempt brings more than a mebibyte: that is a bad line, no reason to give up.
    void aLongDownloadMayBreakOffOften()
    {
        Shop shop;
        shop.layers[3] = QByteArray(12 << 20, 'x');
        shop.build();
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.path != shop.layerPath(3))
                return {};
            FakeAnswer answer = shop.honest(request);
            answer.cutAfter = 1'200'000;
            return answer;
        };
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QVERIFY(shop.server.count(shop.layerPath(3)) > 5);
        verify(shop);
    }

    void fourLayersComeAtOnce()
    {
        Shop shop;
        shop.timing.idle = std::chrono::milliseconds(400);
        QList<QByteArray> asked;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            for (qsizetype i = 0; i < shop.layers.size(); ++i)
                if (request.path == shop.layerPath(i)) {
                    if (!asked.contains(request.path))
                        asked += request.path;
                    return FakeAnswer{.silent = true};
                }
            return {};
        };
        QVERIFY(!shop.pull());
        QCOMPARE(asked.size(), 4);
    }

    void nobodyThereIsSaidAtOnce()
    {
        Shop shop;
        shop.server.close();
        QElapsedTimer timer;
        timer.start();
        const auto pulled = shop.pull();
        QVERIFY(!pulled);
        QVERIFY2(pulled.error().what.contains("cannot be reached: Connection refused"), pulled.error().what.c_str());
        QVERIFY(timer.elapsed() < 3000);
    }

    void aMirrorIsAskedFirstAndTheRegistryAfterIt()
    {
        Shop shop;
        Shop mirror;
        mirror.spoil = [](const FakeRequest&) -> Spoiled { return FakeAnswer{.status = 404}; };
        shop.settings.mirrors = {{shop.server.host(), {mirror.server.host()}}};
        shop.settings.insecure.push_back(mirror.server.host());
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(mirror.server.requests().size(), 1);
        verify(shop);
        mirror.spoil = {};
        const auto requests = shop.server.requests().size();
        QVERIFY(shop.pull());
        QCOMPARE(shop.server.requests().size(), requests);
        QVERIFY(shop.steps.back().endsWith(QString::fromStdString(" from " + mirror.server.host())));
        verify(shop);
    }

    void aProxyStandsBetweenButForWhomItIsNotMeant()
    {
        Shop shop;
        FakeRegistry proxy([&](FakeRequest request) {
            if (!request.path.startsWith("http://shop.invalid/"))
                return FakeAnswer{.status = 400};
            request.path = request.path.mid(19);
            return shop.honest(request);
        });
        shop.settings.proxy = "http://" + proxy.host();
        shop.settings.insecure.push_back("shop.invalid");
        shop.reference = "shop.invalid/shop/thing:1";
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(shop.server.requests().size(), 0);
        verify(shop);
        shop.settings.noProxy = {"127.0.0.1"};
        shop.reference.clear();
        QVERIFY(shop.pull());
        QCOMPARE(shop.server.requests().size(), 8);
    }

    void aShortNameIsLookedForInEachRegistry()
    {
        Shop empty;
        Shop shop;
        empty.spoil = [](const FakeRequest&) -> Spoiled { return FakeAnswer{.status = 404}; };
        shop.settings.shortNames = {empty.server.host(), shop.server.host()};
        shop.settings.insecure.push_back(empty.server.host());
        shop.reference = "shop/thing:1";
        const auto pulled = shop.pull();
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
        QCOMPARE(pulled->reference, shop.server.host() + "/shop/thing:1");
    }
};

QTEST_GUILESS_MAIN(TestFetchPull)
#include "tst_fetch_pull.moc"
