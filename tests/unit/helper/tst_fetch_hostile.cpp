#include "tests/unit/helper/fake_shop.h"

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
        shop.spoil = [=](const FakeRequest& request) -> Spoiled {
            return request.path.contains(part) ? Spoiled(answer) : Spoiled();
        };
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

// With little patience for silence.
std::function<void(Shop&)> silently(std::function<void(Shop&)> arrange)
{
    return [arrange](Shop& shop) {
        shop.timing.idle = std::chrono::milliseconds(400);
        arrange(shop);
    };
}

QByteArray replaced(QByteArray text, const QByteArray& from, const QByteArray& to)
{
    return text.replace(from, to);
}

const std::vector<Hostile>& hostile()
{
    static const std::vector<Hostile> rows{
        {"no such image",
            onPath(
                "/manifests/", {.status = 404, .body = R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]})"}),
            ErrorCode::NotFound, "status 404): MANIFEST_UNKNOWN no"},
        {"control characters in the complaint",
            onPath("/manifests/", {.status = 404, .body = R"({"errors":[{"code":"A\u001b[31m","message":"\u202e"}]})"}),
            ErrorCode::NotFound, "A?[31m"},
        {"forbidden", onPath("/manifests/", {.status = 403}), ErrorCode::PermissionDenied, "forbidden"},
        {"a challenge of no known kind",
            onPath("/manifests/", {.status = 401, .fields = {{"WWW-Authenticate", "Negotiate"}}}),
            ErrorCode::PermissionDenied, "no way to log in"},
        {"no challenge at all", onPath("/manifests/", {.status = 401}), ErrorCode::PermissionDenied,
            "no way to log in"},
        {"a web page",
            onPath("/manifests/",
                {.body = "<html>Welcome</html>", .fields = {{"Content-Type", "text/html; charset=utf-8"}}}),
            ErrorCode::Corrupt, "a web page came"},
        {"a web page that is called a manifest", manifestIs("<html></html>"), ErrorCode::Corrupt, "no JSON object"},
        {"an array", manifestIs("[]"), ErrorCode::Corrupt, "no JSON object"},
        {"nothing", manifestIs(""), ErrorCode::Corrupt, "no JSON object"},
        {"an abyss of brackets", manifestIs(QByteArray(100'000, '[')), ErrorCode::Corrupt, "no JSON object"},
        {"a key twice",
            [](Shop& shop) {
                manifestIs(replaced(
                    shop.manifest, R"({"schemaVersion":2,)", R"({"schemaVersion":2,"schemaVersion":2,)"))(shop);
            },
            ErrorCode::Corrupt, "no JSON object"},
        {"an unknown type", manifestIs("{\"schemaVersion\":2}", "application/vnd.example+json"), ErrorCode::Corrupt,
            "'application/vnd.example+json'"},
        {"no type", manifestIs("{\"schemaVersion\":2}", ""), ErrorCode::Corrupt, "unknown type ''"},
        {"schema 1", manifestIs("{\"schemaVersion\":1}", "application/vnd.docker.distribution.manifest.v1+prettyjws"),
            ErrorCode::FailedPrecondition, "schema 1"},
        {"schema 1 under another type", manifestIs("{\"schemaVersion\":1}", "application/json"),
            ErrorCode::FailedPrecondition, "schema 1"},
        {"two types", [](Shop& shop) { manifestIs(shop.manifest, Shop::indexType)(shop); }, ErrorCode::Corrupt,
            "calls itself"},
        {"a manifest that is an index as well",
            [](Shop& shop) { manifestIs(replaced(shop.manifest, R"("layers")", R"("manifests":[],"layers")"))(shop); },
            ErrorCode::Corrupt, "a manifest and an index at once"},
        {"an index without our platform",
            [](Shop& shop) { shop.index = shop.indexOf(R"({"os":"linux","architecture":"s390x"})"); },
            ErrorCode::NotFound, "there is one for: linux/s390x"},
        {"an index that leads to another document",
            [](Shop& shop) {
                shop.index = shop.indexOf(R"({"os":"linux","architecture":"amd64"})");
                shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                    if (!request.path.contains("/manifests/sha256:"))
                        return {};
                    return FakeAnswer{.body = replaced(shop.manifest, "{\"schemaVersion\":2", "{\"schemaVersion\":3"),
                        .fields = {{"Content-Type", Shop::manifestType}}};
                };
            },
            ErrorCode::Corrupt, "instead of sha256:"},
        {"an index that leads to itself",
            [](Shop& shop) {
                const QByteArray inner = replaced(shop.indexOf(R"({"os":"linux","architecture":"amd64"})"),
                    "\"mediaType\":\"application/vnd.oci.image.manifest",
                    "\"mediaType\":\"application/vnd.oci.image.index");
                manifestIs(inner, Shop::indexType)(shop);
            },
            ErrorCode::Corrupt, "bytes instead of"},
        {"a digest said with it that is another one",
            [](Shop& shop) {
                onPath("/manifests/",
                    {.body = shop.manifest,
                        .fields = {{"Content-Type", Shop::manifestType},
                            {"Docker-Content-Digest", "sha256:" + QByteArray(64, '0')}}})(shop);
            },
            ErrorCode::Corrupt, "as is said with it"},
        {"a manifest that does not end", onPath("/manifests/", {.body = QByteArray(5 << 20, ' '), .announced = -2}),
            ErrorCode::Corrupt, "more bytes come than the 4194304"},
        {"a manifest that announces a flood", onPath("/manifests/", {.body = "{}", .announced = 1LL << 60}),
            ErrorCode::Corrupt, "announces 1152921504606846976 bytes"},
        {"a manifest in an encoding nobody asked for",
            onPath("/manifests/", {.body = "{}", .fields = {{"Content-Encoding", "br"}}}), ErrorCode::Corrupt,
            "in the encoding 'br'"},
        {"a layer of an unknown type", with([](Shop& shop) { shop.layerType = "application/vnd.example.chart"; }),
            ErrorCode::Corrupt, "vnd.example.chart"},
        {"a layer that lies elsewhere",
            with([](Shop& shop) { shop.layerType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"; }),
            ErrorCode::FailedPrecondition, "may not be distributed"},
        {"an artefact that is no image",
            with([](Shop& shop) { shop.configurationType = "application/vnd.cncf.helm.config.v1+json"; }),
            ErrorCode::Corrupt, "helm"},
        {"an image for another system", with([](Shop& shop) { shop.system = "windows"; }),
            ErrorCode::FailedPrecondition, "made for 'windows'"},
        {"an image for another machine", with([](Shop& shop) { shop.architecture = "arm64"; }),
            ErrorCode::FailedPrecondition, "linux/arm64, not for linux/amd64"},
        {"a layer of negative size",
            [](Shop& shop) { manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":-1"))(shop); },
            ErrorCode::Corrupt, "-1 bytes"},
        {"a layer of absurd size",
            [](Shop& shop) {
                manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":9000000000000000000"))(shop);
            },
            ErrorCode::Corrupt, "9000000000000000000 bytes"},
        {"layers larger than accepted", [](Shop& shop) { shop.limit = 1'000'000; }, ErrorCode::ResourceExhausted,
            "1000000 are accepted"},
        {"layers larger than the disk",
            [](Shop& shop) {
                shop.limit = std::int64_t(1) << 62;
                manifestIs(replaced(shop.manifest, "\"size\":300000", "\"size\":60000000000")
                               .replace("\"size\":10}", "\"size\":60000000001}")
                               .replace("\"size\":70000", "\"size\":60000000000")
                               .replace("\"size\":2000000", "\"size\":68000000000")
                               .replace("\"size\":40000", "\"size\":68000000000"))(shop);
            },
            ErrorCode::ResourceExhausted, "free"},
        {"a digest of another kind",
            [](Shop& shop) {
                manifestIs(replaced(shop.manifest, "\"digest\":\"sha256:", "\"digest\":\"sha512:"))(shop);
            },
            ErrorCode::Corrupt, "SHA-256, the only kind"},
        {"a digest that is a path",
            [](Shop& shop) {
                manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(shop.layers[0])),
                    "../../../etc/passwd"))(shop);
            },
            ErrorCode::Corrupt, "'../../../etc/passwd'"},
        {"one digest of two sizes",
            [](Shop& shop) {
                manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(shop.layers[1])),
                    QByteArray::fromStdString(Shop::digest(shop.layers[0]))))(shop);
            },
            ErrorCode::Corrupt, "two sizes"},
        {"more layers than accepted", with([](Shop& shop) { shop.layers = QList<QByteArray>(513, "x"); }),
            ErrorCode::Corrupt, "513 layers"},
        {"a configuration of other layers",
            [](Shop& shop) {
                shop.configuration = replaced(
                    shop.configuration, QByteArray::fromStdString(",\"" + Shop::digest(shop.layers[1]) + "\""), "");
                const QByteArray wrong = shop.configuration;
                Shop honest;
                manifestIs(replaced(shop.manifest, QByteArray::fromStdString(Shop::digest(honest.configuration)),
                    QByteArray::fromStdString(Shop::digest(wrong)))
                               .replace("\"size\":" + QByteArray::number(honest.configuration.size()),
                                   "\"size\":" + QByteArray::number(wrong.size())))(shop);
            },
            ErrorCode::Corrupt, "names 5 layers, its manifest 6"},
        {"another configuration",
            [](Shop& shop) {
                onPath(QByteArray::fromStdString(Shop::digest(shop.configuration)),
                    {.body = replaced(shop.configuration, "amd64", "amd65")})(shop);
            },
            ErrorCode::Corrupt, "the configuration has the digest"},
        {"one changed byte",
            firstLayer([](FakeAnswer& answer) { answer.body[200'000] = char(answer.body[200'000] + 1); }),
            ErrorCode::Corrupt, "a layer from"},
        {"a layer that announces less", firstLayer([](FakeAnswer& answer) { answer.body.chop(1); }), ErrorCode::Corrupt,
            "announces 299999 bytes instead of 300000"},
        {"a layer that announces more", firstLayer([](FakeAnswer& answer) { answer.body += 'x'; }), ErrorCode::Corrupt,
            "announces 300001 bytes instead of 300000"},
        {"a layer that is longer without saying so", firstLayer([](FakeAnswer& answer) {
             answer.body += 'x';
             answer.announced = -2;
         }),
            ErrorCode::Corrupt, "more bytes come"},
        {"a layer that is shorter without saying so",
            [](Shop& shop) {
                shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                    if (request.path != shop.layerPath(0))
                        return {};
                    if (request.fields.contains("range"))
                        return FakeAnswer{.status = 416};
                    return FakeAnswer{.body = shop.layers[0].chopped(1), .announced = -2};
                };
            },
            ErrorCode::Unavailable, "status 416"},
        {"a layer in an encoding", firstLayer([](FakeAnswer& answer) {
             answer.fields = {{"Content-Encoding", "gzip"}};
         }),
            ErrorCode::Corrupt, "encoding 'gzip'"},
        {"a part when the whole was asked for", firstLayer([](FakeAnswer& answer) {
             answer.status = 206;
             answer.fields = {{"Content-Range", "bytes 0-299999/300000"}};
         }),
            ErrorCode::Corrupt, "the server sends the range"},
        {"the wrong part of a broken layer",
            [](Shop& shop) {
                shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                    if (request.path != shop.layerPath(0))
                        return {};
                    if (!request.fields.contains("range"))
                        return FakeAnswer{.body = shop.layers[0], .cutAfter = 100'000};
                    return FakeAnswer{.status = 206,
                        .body = shop.layers[0].mid(100),
                        .fields = {{"Content-Range", "bytes 100-299999/300000"}}};
                };
            },
            ErrorCode::Corrupt, "'bytes 100-299999/300000'"},
        {"a layer that breaks off again and again",
            [](Shop& shop) {
                shop.spoil = [&shop](const FakeRequest& request) -> Spoiled {
                    if (request.path != shop.layerPath(0))
                        return {};
                    FakeAnswer answer = shop.honest(request);
                    answer.cutAfter = 10;
                    return answer;
                };
            },
            ErrorCode::Unavailable, "given up after 5 attempts"},
        {"a server that says nothing", silently(onPath("/blobs/", {.silent = true})), ErrorCode::Unavailable,
            "nothing has come for 0.4 s"},
        {"a server that stops in the middle", silently(firstLayer([](FakeAnswer& answer) {
             answer.cutAfter = 100;
             answer.stalls = true;
         })),
            ErrorCode::Unavailable, "nothing has come for 0.4 s"},
        {"a server that fails for good", onPath("/manifests/", {.status = 503}), ErrorCode::Unavailable,
            "(status 503); given up after 5 attempts"},
        {"too many requests, come back tomorrow",
            onPath("/manifests/", {.status = 429, .fields = {{"Retry-After", "86400"}}}), ErrorCode::Unavailable,
            "come back in 86400 s"},
        {"a flood of complaint", onPath("/manifests/", {.status = 500, .body = QByteArray(20 << 20, 'x')}),
            ErrorCode::Unavailable, "status 500"},
        {"a redirect to itself",
            onPath("/manifests/", {.status = 307, .fields = {{"Location", "/v2/shop/thing/manifests/1"}}}),
            ErrorCode::Corrupt, "more than 10 times"},
        {"a redirect to nowhere", onPath("/manifests/", {.status = 302}), ErrorCode::Corrupt, "to nowhere"},
        {"a redirect to a file", onPath("/manifests/", {.status = 302, .fields = {{"Location", "file:///etc/passwd"}}}),
            ErrorCode::PermissionDenied, "not reached"},
        {"a redirect to plain HTTP elsewhere",
            onPath("/manifests/", {.status = 302, .fields = {{"Location", "http://127.0.0.2:1/x"}}}),
            ErrorCode::PermissionDenied, "not reached"},
        {"a redirect with a password in it",
            [](Shop& shop) {
                onPath("/manifests/",
                    {.status = 302,
                        .fields = {{"Location",
                            QByteArray::fromStdString("http://me:secret@" + shop.server.host() + "/")}}})(shop);
            },
            ErrorCode::PermissionDenied, "not reached"},
        {"not HTTP at all", onPath("/manifests/", {.status = 99}), ErrorCode::Unavailable, ""},
    };
    return rows;
}

} // namespace

class TestFetchHostile : public QObject
{
    Q_OBJECT

private slots:
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
        QVERIFY2(what.startsWith(QByteArray::fromStdString("pull " + shop.server.host() + "/shop/thing:1: ")),
            what.constData());
        QVERIFY2(what.contains(given.says), what.constData());
        QVERIFY2(!what.contains("secret") && !what.contains('\x1b'), what.constData());
        QCOMPARE(int(pulled.error().code), int(given.code));
    }
};

QTEST_GUILESS_MAIN(TestFetchHostile)
#include "tst_fetch_hostile.moc"
