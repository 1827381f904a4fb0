#include "tests/unit/helper/fake_shop.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;

namespace {

using Spoiled = std::optional<FakeAnswer>;

struct Hostile {
    const char* name;
    std::function<void(Shop&)> arrange;
    ErrorCode code;
    const char* says;
};

// Answers `answer` to what has `part` in its path.
std::function<void(Shop&)> onPath(const QByteArray& part, const FakeAnswer& answer)
{
    return [=](Shop& shop) {
        shop.spoil = [=](const FakeRequest& request) -> Spoiled { return request.path.contains(part) ? Spoiled(answer) : Spoiled(); };
    };
}

std::function<void(Shop&)> manifestIs(const QByteArray& text, const QByteArray& type = Shop::manifestType)
{
    return onPath("/manifests/", {.body = text, .fields = {{"Content-Type", type}}});
}

// The honest answer for the first layer, changed.
std::function<void(Shop&)> firstLayer(std::function<void(FakeAnswer&)> change)
{
    return [change](Shop& shop) {
        shop.spoil = [&shop, change](const FakeRequest& request) -> Spoiled {
            if (request.path != shop.layerPath(0))
                return {};
            FakeAnswer answer = shop.honest(request);
            change(answer);
            return answer;
        };
    };
}

// Documents built with something of the shop's set otherwise.
std::function<void(Shop&)> with(std::function<void(Shop&)> set)
{
    return [set](Shop& shop) {
        set(shop);
        shop.build();
    };
}

QByteArray replaced(QByteArray text, const QByteArray& from, const QByteArray& to)
{
    return text.replace(from, to);
}

const std::vector<Hostile>& hostile()
{
    static const std::vector<Hostile> rows{
        {"no such image", onPath("/manifests/", {.status = 404, .body = R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]})"}),
         ErrorCode::NotFound, "status 404): MANIFEST_UNKNOWN no"},
        {"control characters in the complaint", onPath("/manifests/", {.status = 404, .body = R"({"errors":[{"code":"A\u001b[31m","message":"\u202e"}]})"}),
         ErrorCode::NotFound, "A?[31m"},
        {"forbidden", onPath("/manifests/", {.status = 403}), ErrorCode::PermissionDenied, "forbidden"},
        {"a challenge of no known kind", onPath("/manifests/", {.status = 401, .fields = {{"WWW-Authenticate", "Negotiate"}}}),
         ErrorCode::PermissionDenied, "no way to log in"},
        {"no challenge at all", onPath("/manifests/", {.status = 401}), ErrorCode::PermissionDenied, "no way to log in"},
        {"a web page", onPath("/manifests/", {.body = "<html>Welcome</html>", .fields = {{"Content-Type", "text/html; charset=utf-8"}}}),
         ErrorCode::Corrupt, "a web page came"},
        {"a web page that is called a manifest", manifestIs("<html></html>"), ErrorCode::Corrupt, "no JSON object"},
        {"an array", manifestIs("[]"), ErrorCode::Corrupt, "no JSON object"},
        {"nothing", manifestIs(""), ErrorCode::Corrupt, "no JSON object"},
        {"an abyss of brackets", manifestIs(QByteArray(100'000, '[')), ErrorCode::Corrupt, "no JSON object"},
        {"a key twice", [](Shop& shop) { manifestIs(replaced(shop.manifest, R"({"schemaVersion":2,)", R"({"schemaVersion":2,"schemaVersion":2,)"))(shop); },
         ErrorCode::Corrupt, "no JSON object"},
        {"an unknown type", manifestIs("{\"schemaVersion\":2}", "application/vnd.example+json"), ErrorCode::Corrupt, "'application/vnd.example+json'"},
        {"no type", manifestIs("{\"schemaVersion\":2}", ""), ErrorCode::Corrupt, "unknown type ''"},
        {"schema 1", manifestIs("{\"schemaVersion\":1}", "application/vnd.docker.distribution.manifest.v1+prettyjws"),
         ErrorCode::FailedPrecondition, "schema 1"},
        {"schema 1 under another type", manifestIs("{\"schemaVersion\":1}", "application/json"), ErrorCode::FailedPrecondition, "schema 1"},
        {"two types", [](Shop& shop) { manifestIs(shop.manifest, Shop::indexType)(shop); }, ErrorCode::Corrupt, "calls itself"},
        {"a manifest that is an index as well", [](Shop& shop) { manifestIs(replaced(shop.manifest, R"("layers")", R"("manifests":[],"layers")"))(shop); },
         ErrorCode::Corrupt, "a manifest and an index at once"},
        {"an index without our platform", [](Shop& shop) { shop.index = shop.indexOf(R"({"os":"linux","architecture":"s390x"})"); },
         ErrorCode::NotFound, "there is one for: linux/s390x"},
        {"an index that leads to another document", [](Shop& shop) {
             shop.index = shop.indexOf(R"({"os":"linux","architecture":"amd64"})");
             shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                 if (!request.path.contains("/manifests/sha256:"))
                     return {};
                 return FakeAnswer{.body = replaced(shop.manifest, "{\"schemaVersion\":2", "{\"schemaVersion\":3"), .fields = {{"Content-Type", Shop::manifestType}}};
             };
         }, ErrorCode::Corrupt, "instead of sha256:"},
        {"an index that leads to itself", [](Shop& shop) {
             const QByteArray inner = replaced(shop.indexOf(R"({"os":"linux","architecture":"amd64"})"), "\"mediaType\":\"application/vnd.oci.image.manifest",
                                               "\"mediaType\":\"application/vnd.oci.image.index");
             manifestIs(inner, Shop::indexType)(shop);
         }, ErrorCode::Corrupt, "bytes instead of"},
        {"a digest said with it that is another one", [](Shop& shop) {
             onPath("/manifests/", {.body = shop.manifest, .fields = {{"Content-Type", Shop::manifestType},
                                                                      {"Docker-Content-Digest", "sha256:" + QByteArray(64, '0')}}})(shop);
         }, ErrorCode::Corrupt, "as is said with it"},
        {"a manifest that does not end", onPath("/manifests/", {.body = QByteArray(5 << 20, ' '), .announced = -2}), ErrorCode::Corrupt,
         "more bytes come than the 4194304"},
        {"a manifest that announces a flood", onPath("/manifests/", {.body = "{}", .announced = 1LL << 60}), ErrorCode::Corrupt, "announces 1152921504606846976 bytes"},
        {"a manifest in an encoding nobody asked for", onPath("/manifests/", {.body = "{}", .fields = {{"Content-Encoding", "br"}}}),
         ErrorCode::Corrupt, "in the encoding 'br'"},
        {"a layer of an unknown type", with([](Shop& shop) { shop.layerType = "application/vnd.example.chart"; }), ErrorCode::Corrupt, "vnd.example.chart"},
        {"a layer that lies elsewhere", with([](Shop& shop) { shop.layerType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"; }),
         ErrorCode::FailedPrecondition, "may not be distributed"},
        {"an artefact that is no image", with([](Shop& shop) { shop.configurationType = "application/vnd.cncf.helm.config.v1+json"; }),
         ErrorCode::Corrupt, "helm"},
        {"an image for another system", with([](Shop& shop) { shop.system = "windows"; }), ErrorCode::FailedPrecondition, "made for 'windows'"},
        {"an image for another machine", with([](Shop& shop) { shop.architecture = "arm64"; }), ErrorCode::FailedPrecondition, "linux/arm64, not for linux/amd64"},
        {"a layer of negative size", [](Shop& shop) { manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":-1"))(shop); }, ErrorCode::Corrupt, "-1 bytes"},
        {"a layer of absurd size", [](Shop& shop) { manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":9000000000000000000"))(shop); },
         ErrorCode::Corrupt, "9000000000000000000 bytes"},
        {"layers larger than accepted", [](Shop& shop) { shop.limit = 1'000'000; }, ErrorCode::ResourceExhausted, "1000000 are accepted"},
        {"layers larger than the disk", [](Shop& shop) {
             shop.limit = std::int64_t(1) << 62;
             manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":60000000000").replace("\"size\":10}", "\"size\":60000000001}")
                            .replace("\"size\":70000", "\"size\":60000000000").replace("\"size\":2000000", "\"size\":68000000000")
                            .replace("\"size\":40000", "\"size\":68000000000"))(shop);
         }, ErrorCode::ResourceExhausted, "free"},
        {"a digest of another kind", [](Shop& shop) { manifestIs(replaced(shop.manifest, "\"digest\":\"sha256:", "\"digest\":\"sha512:"))(shop); },
         ErrorCode::Corrupt, "SHA-256, the only kind"},
        {"a digest that is a path", [](Shop& shop) {
             manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(shop.layers[0])), "../../../etc/passwd"))(shop);
         }, ErrorCode::Corrupt, "'../../../etc/passwd'"},
        {"one digest of two sizes", [](Shop& shop) {
             manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(shop.layers[1])), QByteArray::fromStdString(Shop::digest(shop.layers[0]))))(shop);
         }, ErrorCode::Corrupt, "two sizes"},
        {"more layers than accepted", with([](Shop& shop) { shop.layers = QList<QByteArray>(513, "x"); }), ErrorCode::Corrupt, "513 layers"},
        {"a configuration of other layers", [](Shop& shop) {
             shop.configuration = replaced(shop.configuration, QByteArray::fromStdString(",\"" + Shop::digest(shop.layers[1]) + "\""), "");
             const QByteArray wrong = shop.configuration;
             Shop honest;
             manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(honest.configuration)), QByteArray::fromStdString(Shop::digest(wrong)))
                            .replace("\"size\":" + QByteArray::number(honest.configuration.size()), "\"size\":" + QByteArray::number(wrong.size())))(shop);
         }, ErrorCode::Corrupt, "names 5 layers, its manifest 6"},
        {"another configuration", [](Shop& shop) { onPath(QByteArray::fromStdString(Shop::digest(shop.configuration)), {.body = replaced(shop.configuration, "amd64", "amd65")})(shop); },
         ErrorCode::Corrupt, "the configuration has the digest"},
        {"one changed byte", firstLayer([](FakeAnswer& answer) { answer.body[200'000] = char(answer.body[200'000] + 1); }), ErrorCode::Corrupt, "a layer from"},
        {"a layer that announces less", firstLayer([](FakeAnswer& answer) { answer.body.chop(1); }), ErrorCode::Corrupt, "announces 299999 bytes instead of 300000"},
        {"a layer that announces more", firstLayer([](FakeAnswer& answer) { answer.body += 'x'; }), ErrorCode::Corrupt, "announces 300001 bytes instead of 300000"},
        {"a layer that is longer without saying so", firstLayer([](FakeAnswer& answer) { answer.body += 'x'; answer.announced = -2; }), ErrorCode::Corrupt, "more bytes come"},
        {"a layer that is shorter without saying so", [](Shop& shop) {
             shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                 if (request.path != shop.layerPath(0))
                     return {};
                 if (request.fields.contains("range"))
                     return FakeAnswer{.status = 416};
                 return FakeAnswer{.body = shop.layers[0].chopped(1), .announced = -2};
             };
         }, ErrorCode::Unavailable, "status 416"},
        {"a layer in an encoding", firstLayer([](FakeAnswer& answer) { answer.fields = {{"Content-Encoding", "gzip"}}; }), ErrorCode::Corrupt, "encoding 'gzip'"},
        {"a part when the whole was asked for", firstLayer([](FakeAnswer& answer) { answer.status = 206; answer.fields = {{"Content-Range", "bytes 0-299999/300000"}}; }),
         ErrorCode::Corrupt, "the server sends the range"},
        {"the wrong part of a broken layer", [](Shop& shop) {
             shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                 if (request.path != shop.layerPath(0))
                     return {};
                 if (!request.fields.contains("range"))
                     return FakeAnswer{.body = shop.layers[0], .cutAfter = 100'000};
                 return FakeAnswer{.status = 206, .body = shop.layers[0].mid(100), .fields = {{"Content-Range", "bytes 100-299999/300000"}}};
             };
         }, ErrorCode::Corrupt, "'bytes 100-299999/300000'"},
        {"a layer that breaks off again and again", [](Shop& shop) {
             shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                 if (request.path != shop.layerPath(0))
                     return {};
                 FakeAnswer answer = shop.honest(request);
                 answer.cutAfter = 10;
                 return answer;
             };
         }, ErrorCode::Unavailable, "given up after 5 attempts"},
        {"a server that says nothing", onPath("/blobs/", {.silent = true}), ErrorCode::Unavailable, "nothing has come for 0.4 s"},
        {"a server that stops in the middle", firstLayer([](FakeAnswer& answer) { answer.cutAfter = 100; answer.stalls = true; }), ErrorCode::Unavailable,
         "nothing has come for 0.4 s"},
        {"a server that fails for good", onPath("/manifests/", {.status = 503}), ErrorCode::Unavailable, "(status 503); given up after 5 attempts"},
        {"too many requests, come back tomorrow", onPath("/manifests/", {.status = 429, .fields = {{"Retry-After", "86400"}}}), ErrorCode::Unavailable,
         "come back in 86400 s"},
        {"a flood of complaint", onPath("/manifests/", {.status = 500, .body = QByteArray(20 << 20, 'x')}), ErrorCode::Unavailable, "status 500"},
        {"a redirect to itself", onPath("/manifests/", {.status = 307, .fields = {{"Location", "/v2/shop/thing/manifests/1"}}}), ErrorCode::Corrupt, "more than 10 times"},
        {"a redirect to nowhere", onPath("/manifests/", {.status = 302}), ErrorCode::Corrupt, "to nowhere"},
        {"a redirect to a file", onPath("/manifests/", {.status = 302, .fields = {{"Location", "file:///etc/passwd"}}}), ErrorCode::PermissionDenied, "not reached"},
        {"a redirect to plain HTTP elsewhere", onPath("/manifests/", {.status = 302, .fields = {{"Location", "http://127.0.0.2:1/x"}}}), ErrorCode::PermissionDenied, "not reached"},
        {"a redirect with a password in it", [](Shop& shop) {
             onPath("/manifests/", {.status = 302, .fields = {{"Location", QByteArray::fromStdString("http://me:secret@" + shop.server.host() + "/")}}})(shop);
         }, ErrorCode::PermissionDenied, "not reached"},
        {"a flood of fields", onPath("/manifests/", {.fields = QList<std::pair<QByteArray, QByteArray>>(2'000, {"X-Field", QByteArray(100, 'x')})}),
         ErrorCode::Unavailable, "127.0.0.1"},
        {"not HTTP at all", onPath("/manifests/", {.status = 99}), ErrorCode::Unavailable, ""},
    };
    return rows;
}

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
        QVERIFY2(QByteArray::fromStdString(other.error().what).contains("instead of sha256:000"), other.error().what.c_str());
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
                retryAfter = QLocale::c().toString(QDateTime::currentDateTimeUtc().addMSecs(2000), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'").toLatin1();
            return FakeAnswer{.status = status, .fields = retryAfter.isEmpty() ? QList<std::pair<QByteArray, QByteArray>>{}
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

    // Qt's HTTP takes the end of the connection for the end of what is chunked: lengths and digests tell.
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
        breaks = 1;
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
            return FakeAnswer{.status = 307, .fields = {{"Location", QByteArray::fromStdString("http://" + storage.host() + "/x")}}};
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

    void whatIsNotAsItWasSaidIsRefused_data()
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < hostile().size(); ++i)
            QTest::newRow(hostile()[i].name) << int(i);
    }
    void whatIsNotAsItWasSaidIsRefused()
    {
        QFETCH(int, row);
        const Hostile& given = hostile()[std::size_t(row)];
        Shop shop;
        given.arrange(shop);
        const auto pulled = shop.pull();
        QVERIFY(!pulled);
        const QByteArray what = QByteArray::fromStdString(pulled.error().what);
        QVERIFY2(what.startsWith(QByteArray::fromStdString("pull " + shop.server.host() + "/shop/thing:1: ")), what.constData());
        QVERIFY2(what.contains(given.says), what.constData());
        QVERIFY2(!what.contains("secret") && !what.contains('\x1b'), what.constData());
        QCOMPARE(int(pulled.error().code), int(given.code));
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
