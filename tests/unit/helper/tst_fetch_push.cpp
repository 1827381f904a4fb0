#include "tests/unit/helper/fake_warehouse.h"

#include <QTest>

using namespace rocker;

namespace {

using Spoiled = std::optional<FakeAnswer>;

struct Hostile {
    const char* name;
    std::function<void(Warehouse&)> arrange;
    ErrorCode code;
    const char* says;
};

std::function<void(Warehouse&)> on(const QByteArray& method, const QByteArray& part, const FakeAnswer& answer)
{
    return [=](Warehouse& house) {
        house.spoil = [=](const FakeRequest& request) -> Spoiled {
            return request.method == method && request.path.contains(part) ? Spoiled(answer) : Spoiled();
        };
    };
}

FakeAnswer to(int status, const QByteArray& location)
{
    return {.status = status, .fields = {{"Location", location}}};
}

const std::vector<Hostile>& hostile()
{
    static const std::vector<Hostile> rows{
        {"no address for what is to be sent", on("POST", "/uploads/", {.status = 202}), ErrorCode::Corrupt,
            "does not say where"},
        {"a file's address", on("POST", "/uploads/", to(202, "file:///etc/passwd")), ErrorCode::PermissionDenied,
            "which is not reached"},
        {"plain HTTP to another", on("POST", "/uploads/", to(202, "http://127.0.0.9:1/x")), ErrorCode::PermissionDenied,
            "which is not reached"},
        {"a password in the address", on("POST", "/uploads/", to(202, "https://a:b@example.invalid/")),
            ErrorCode::PermissionDenied, "which is not reached"},
        {"complete before anything was sent", on("POST", "/uploads/", {.status = 201}), ErrorCode::Corrupt,
            "before it has been sent"},
        {"a redirect that drops what is sent", on("POST", "/uploads/", to(303, "/elsewhere")), ErrorCode::Corrupt,
            "redirects what is sent"},
        {"redirects without end", on("POST", "/uploads/", to(307, "/v2/shop/thing/blobs/uploads/")), ErrorCode::Corrupt,
            "redirects more than"},
        {"more bytes than were sent", on("PATCH", "/uploads/", {.status = 202, .fields = {{"Range", "0-99999999"}}}),
            ErrorCode::Corrupt, "claims to have"},
        {"fewer bytes than before",
            [](Warehouse& house) {
                auto sent = std::make_shared<int>(0);
                house.spoil = [&house, sent](const FakeRequest& request) -> Spoiled {
                    if (request.method != "PATCH" || (*sent)++ < 4)
                        return {};
                    FakeAnswer answer = house.honest(request);
                    answer.fields.last().second = "0-5";
                    return answer;
                };
            },
            ErrorCode::Corrupt, "claims to have"},
        {"another digest of a blob",
            [](Warehouse& house) {
                house.spoil = [&house](const FakeRequest& request) -> Spoiled {
                    if (request.method != "PUT" || !request.path.contains("/uploads/"))
                        return {};
                    return FakeAnswer{
                        .status = 201, .fields = {{"Docker-Content-Digest", "sha256:" + QByteArray(64, '0')}}};
                };
            },
            ErrorCode::Corrupt, "under the digest sha256:000"},
        {"another digest of the manifest",
            on("PUT", "/manifests/",
                {.status = 201, .fields = {{"Docker-Content-Digest", "sha256:" + QByteArray(64, '0')}}}),
            ErrorCode::Corrupt, "the manifest under the digest"},
        {"nonsense for the manifest's digest",
            on("PUT", "/manifests/", {.status = 201, .fields = {{"Docker-Content-Digest", "sha256:../../x"}}}),
            ErrorCode::Corrupt, "the manifest under the digest"},
        {"a manifest that is another one afterwards",
            [](Warehouse& house) {
                house.spoil = [](const FakeRequest& request) -> Spoiled {
                    if (!request.path.contains("/manifests/"))
                        return {};
                    return request.method == "PUT" ? FakeAnswer{.status = 201} : FakeAnswer{.body = "{}"};
                };
            },
            ErrorCode::Corrupt, "the manifest under the digest"},
        {"a manifest that is refused",
            on("PUT", "/manifests/",
                {.status = 400, .body = R"({"errors":[{"code":"MANIFEST_INVALID","message":"no\u001b"}]})"}),
            ErrorCode::Unavailable, "MANIFEST_INVALID no?"},
        {"no right to push", on("POST", "/uploads/", {.status = 403}), ErrorCode::PermissionDenied, "forbidden"},
        {"no right in the middle", on("PATCH", "/uploads/", {.status = 403}), ErrorCode::PermissionDenied, "forbidden"},
        {"a login in the middle that nobody has",
            on("PATCH", "/uploads/", {.status = 401, .fields = {{"WWW-Authenticate", "Basic realm=x"}}}),
            ErrorCode::PermissionDenied, "needs a login"},
        {"a quota", on("PUT", "/uploads/", {.status = 413}), ErrorCode::Unavailable, "status 413"},
        {"a server that fails for good", on("PATCH", "/uploads/", {.status = 500}), ErrorCode::Unavailable,
            "given up after 5"},
        {"a server that is too busy for long",
            on("PUT", "/uploads/", {.status = 429, .fields = {{"Retry-After", "3600"}}}), ErrorCode::Unavailable,
            "come back in 3600 s"},
        {"an upload that is always forgotten", on("PATCH", "/uploads/", {.status = 404}), ErrorCode::Unavailable,
            "forgotten the upload"},
        {"a server that never takes the range", on("PATCH", "/uploads/", {.status = 416}), ErrorCode::Unavailable,
            "other bytes"},
        {"nothing is ever taken", on("PATCH", "/uploads/", {.status = 202, .fields = {{"Range", "0-0"}}}),
            ErrorCode::Unavailable, "takes nothing"},
        {"a server that is silent",
            [](Warehouse& house) {
                house.timing.idle = std::chrono::milliseconds(60);
                on("PATCH", "/uploads/", {.silent = true})(house);
            },
            ErrorCode::Unavailable, "given up after 5"},
        {"a blob that has changed in the store",
            [](Warehouse& house) { house.damaged = Warehouse::digest(house.layers[2]); }, ErrorCode::Unavailable,
            "DIGEST_INVALID"},
        {"a blob that the store does not have",
            [](Warehouse& house) {
                house.manifest.replace(Warehouse::digest(house.layers[1]), "sha256:" + QByteArray(64, '0'));
            },
            ErrorCode::FailedPrecondition, "which the store does not have"},
        {"a manifest that is an index", [](Warehouse& house) { house.manifest.replace("\"layers\"", "\"manifests\""); },
            ErrorCode::Corrupt, "a manifest and an index at once"},
        {"nobody there", [](Warehouse& house) { house.server.close(); }, ErrorCode::Unavailable, "cannot be reached"},
    };
    return rows;
}

} // namespace

class TestFetchPush : public QObject
{
    Q_OBJECT

    static void verify(const Warehouse& house)
    {
        for (const QByteArray& blob : house.layers + QList<QByteArray>{house.configuration})
            QCOMPARE(house.blobs.value(Warehouse::digest(blob)), blob);
        QCOMPARE(house.manifests.value("1"), house.manifest);
        QCOMPARE(house.types.value("1"), QByteArray(Warehouse::manifestType));
        QCOMPARE(house.progress, house.total);
    }
    static void works(const Result<image::PushOutcome>& pushed)
    {
        QVERIFY2(pushed, pushed ? "" : pushed.error().what.c_str());
    }

private slots:
    void anImageArrivesByteForByte()
    {
        Warehouse house;
        const auto pushed = house.push();
        works(pushed);
        QCOMPARE(pushed->name, house.server.host() + "/shop/thing:1");
        QCOMPARE(pushed->digest, Warehouse::digest(house.manifest).toStdString());
        QCOMPARE(pushed->uploaded, 8);
        verify(house);
        const FakeRequest last = house.server.requests().back();
        QVERIFY(last.method == "PUT" && last.path == "/v2/shop/thing/manifests/1");
    }

    void whatIsThereIsNotSentAgain()
    {
        Warehouse house;
        works(house.push());
        const auto before = house.server.requests().size();
        const auto pushed = house.push();
        works(pushed);
        QCOMPARE(pushed->present, 8);
        QCOMPARE(pushed->uploaded, 0);
        for (const FakeRequest& request : house.server.requests().mid(before))
            QVERIFY(request.method == "HEAD" || request.path.contains("/manifests/"));
    }

    void aBlobIsMountedFromAnotherRepositoryOrElseUploaded()
    {
        Warehouse house;
        const QByteArray first = Warehouse::digest(house.layers[0]);
        const QByteArray second = Warehouse::digest(house.layers[3]);
        house.from = {{first, "shop/other"}, {second, "shop/hidden"}};
        house.mountable = {{"shop/other", {first}}};
        auto pushed = house.push();
        works(pushed);
        QCOMPARE(pushed->mounted, 1);
        QCOMPARE(pushed->uploaded, 7);
        QCOMPARE(house.blobs.value(first), QByteArray("mounted"));
        QCOMPARE(house.blobs.value(second), house.layers[3]);
        QCOMPARE(house.server.count("from=shop%2Fhidden"), 1);

        Warehouse other; // refused, in whatever words
        other.from = {{first, "shop/other"}};
        other.spoil = [](const FakeRequest& request) -> Spoiled {
            return request.path.contains("mount=") ? Spoiled(FakeAnswer{.status = 403}) : Spoiled();
        };
        pushed = other.push();
        works(pushed);
        QCOMPARE(pushed->mounted, 0);
        verify(other);
    }

    void blobsGoInChunks()
    {
        Warehouse house;
        works(house.push());
        verify(house);
        int patches = 0;
        for (const FakeRequest& request : house.server.requests())
            if (request.method == "PATCH") {
                ++patches;
                QVERIFY(request.body.size() <= 100'000);
                QVERIFY(request.fields.contains("content-range"));
            }
        QCOMPARE(patches, 8); // of 300,000 and of 500,000 bytes
        Warehouse whole;
        whole.chunk = 1 << 20;
        works(whole.push());
        verify(whole);
        for (const FakeRequest& request : whole.server.requests())
            QVERIFY(request.method != "PATCH");
    }

    void aRegistryMayWantLargerChunks()
    {
        Warehouse house;
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.method != "POST")
                return {};
            FakeAnswer answer = house.honest(request);
            answer.fields += std::pair{QByteArray("OCI-Chunk-Min-Length"), QByteArray("250000")};
            return answer;
        };
        works(house.push());
        verify(house);
        QCOMPARE(std::ranges::count(house.server.requests(), QByteArray("PATCH"), &FakeRequest::method), 4);
    }

    void aRegistryMayTakeNoChunks()
    {
        Warehouse house;
        house.spoil = [](const FakeRequest& request) -> Spoiled {
            return request.method == "PATCH" ? Spoiled(FakeAnswer{.status = 405}) : Spoiled();
        };
        works(house.push());
        verify(house);
    }

    void aRegistryMayTakeLessThanIsSent()
    {
        Warehouse house;
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.method != "PATCH")
                return {};
            FakeRequest less = request;
            less.body.truncate(70'000);
            return house.honest(less);
        };
        works(house.push());
        verify(house);
    }

    // At every chunk of the largest blob, before, within and after what it sends.
    void whatBreaksOffIsContinued_data()
    {
        QTest::addColumn<int>("request");
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("kept");
        QTest::addColumn<int>("times"); // Qt's HTTP begins again by itself a few times
        for (int request = 0; request < 5; ++request)
            for (const int after : {0, 1, 33'333, 100'000}) {
                QTest::addRow("chunk %d after %d, kept", request, after) << request << after << true << 1;
                QTest::addRow("chunk %d after %d, lost", request, after) << request << after << false << 1;
                QTest::addRow("chunk %d after %d, lost often", request, after) << request << after << false << 6;
            }
    }
    void whatBreaksOffIsContinued()
    {
        QFETCH(int, request);
        QFETCH(int, after);
        QFETCH(bool, kept);
        QFETCH(int, times);
        Warehouse house;
        house.layers = {house.layers[3]};
        house.build();
        int cut = 0;
        house.server.cutRequest = [&](const FakeRequest& head) -> qsizetype {
            return cut < times && head.method == "PATCH"
                    && head.fields.value("content-range").startsWith(QByteArray::number(request * 100'000) + "-")
                ? after
                : -1;
        };
        house.server.broken = [&](const FakeRequest& part) {
            ++cut;
            if (kept)
                house.honest(part);
        };
        works(house.push());
        QCOMPARE(cut, times);
        verify(house);
        const auto posts = std::ranges::count_if(
            house.server.requests(), [](const FakeRequest& asked) { return asked.method == "POST"; });
        const int has = request * 100'000 + (kept ? after : 0);
        QVERIFY(posts == 2
            || (posts >= 3 && has <= 1)); // one for the configuration; where nothing was kept it begins again
    }

    void whatBreaksOffAtTheEndMayHaveArrived()
    {
        Warehouse house;
        house.layers = {house.layers[2]};
        house.build();
        bool cut = false;
        house.server.cutRequest = [&](const FakeRequest& head) -> qsizetype {
            return !cut && head.method == "PUT" && head.body.size() >= 70'000 ? 70'000 : -1;
        };
        house.server.broken = [&](const FakeRequest& part) {
            cut = true;
            house.honest(part);
        };
        works(house.push());
        QVERIFY(cut);
        verify(house);
        QCOMPARE(std::ranges::count(house.server.requests(), QByteArray("POST"), &FakeRequest::method), 2);
    }

    void aServerThatIsBusyIsAskedAgain_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("status");
        for (const char* method : {"HEAD", "POST", "PATCH", "PUT", "GET"})
            for (const int status : {429, 500, 502, 503})
                QTest::addRow("%s %d", method, status) << QByteArray(method) << status;
    }
    void aServerThatIsBusyIsAskedAgain()
    {
        QFETCH(QByteArray, method);
        QFETCH(int, status);
        Warehouse house;
        int busy = 2;
        bool broken = false;
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (method == "GET" && request.method == "PATCH" && !std::exchange(broken, true))
                return FakeAnswer{.status = 503};
            if (request.method != method || busy-- <= 0)
                return {};
            return FakeAnswer{.status = status, .fields = {{"Retry-After", "0"}}};
        };
        works(house.push());
        QVERIFY(busy <= 0);
        verify(house);
    }

    void uploadsMayLieElsewhereAndGetNoLogin()
    {
        Warehouse house;
        house.credentials = {"ali", "sesame", {}};
        FakeRegistry storage([&](const FakeRequest& request) { return house.honest(request); });
        house.settings.insecure.push_back(storage.host());
        house.location = QByteArray::fromStdString("http://" + storage.host()) + "/v2/shop/thing/blobs/uploads/";
        house.spoil = [](const FakeRequest& request) -> Spoiled {
            return request.fields.contains("authorization")
                ? Spoiled() : Spoiled(FakeAnswer{.status = 401, .fields = {{"WWW-Authenticate", "Basic realm=shop"}}});
        };
        works(house.push());
        verify(house);
        QVERIFY(!storage.requests().isEmpty());
        for (const FakeRequest& request : storage.requests())
            QVERIFY(!request.fields.contains("authorization"));
        for (const FakeRequest& request : house.server.requests())
            QVERIFY(request.method != "PATCH");
    }

    void whatIsSentIsRedirectedWithoutTheLogin()
    {
        Warehouse house;
        house.credentials = {"ali", "sesame", {}};
        FakeRegistry storage([&](const FakeRequest& request) { return house.honest(request); });
        house.settings.insecure.push_back(storage.host());
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (!request.fields.contains("authorization"))
                return FakeAnswer{.status = 401, .fields = {{"WWW-Authenticate", "Basic realm=shop"}}};
            if (request.method == "PATCH" || (request.method == "PUT" && request.path.contains("/uploads/")))
                return to(307, QByteArray::fromStdString("http://" + storage.host()) + request.path);
            return {};
        };
        works(house.push());
        verify(house);
        QVERIFY(!storage.requests().isEmpty());
        for (const FakeRequest& request : storage.requests())
            QVERIFY(!request.fields.contains("authorization"));
    }

    void aTokenIsAskedForPushingAndForWhatIsMounted()
    {
        Warehouse house;
        house.credentials = {"ali", "sesame", {}};
        house.from = {{Warehouse::digest(house.layers[0]), "shop/other"}};
        QList<QByteArray> asked;
        int tokens = 0;
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.path.startsWith("/token")) {
                asked += request.path;
                return FakeAnswer{.body = "{\"token\":\"t" + QByteArray::number(++tokens) + "\"}"};
            }
            if (request.fields.value("authorization") == "Bearer t" + QByteArray::number(tokens) && tokens > 0) {
                // It ends in the middle of an upload.
                if (tokens == 1 && request.method == "PATCH" && ++tokens)
                    return FakeAnswer{.status = 401,
                        .fields = {{"WWW-Authenticate",
                            "Bearer realm=\"http://" + QByteArray::fromStdString(house.server.host())
                                + "/token\",service=s"}}};
                return {};
            }
            return FakeAnswer{.status = 401, .fields = {{"WWW-Authenticate",
                "Bearer realm=\"http://" + QByteArray::fromStdString(house.server.host())
                    + "/token\",service=s,scope=\"repository:shop/thing:pull\""}}};
        };
        works(house.push());
        verify(house);
        QCOMPARE(asked.size(), 2);
        const QUrlQuery query{QUrl(QString::fromLatin1(asked[0]))};
        QCOMPARE(query.allQueryItemValues("scope", QUrl::FullyDecoded),
                 (QStringList{"repository:shop/thing:pull,push", "repository:shop/other:pull"}));
    }

    void aRegistryThatDoesNotSayTheManifestsDigestIsAsked()
    {
        Warehouse house;
        house.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.method != "PUT" || !request.path.contains("/manifests/"))
                return {};
            house.honest(request);
            return FakeAnswer{.status = 201};
        };
        works(house.push());
        verify(house);
        QCOMPARE(house.server.requests().back().method, QByteArray("GET"));
    }

    void whatTheRegistryDoesIsNotBelieved_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < int(hostile().size()); ++row)
            QTest::newRow(hostile()[std::size_t(row)].name) << row;
    }
    void whatTheRegistryDoesIsNotBelieved()
    {
        QFETCH(int, row);
        const Hostile& wanted = hostile()[std::size_t(row)];
        Warehouse house;
        wanted.arrange(house);
        const auto pushed = house.push();
        QVERIFY(!pushed);
        QVERIFY2(pushed.error().what.contains(wanted.says), pushed.error().what.c_str());
        QVERIFY2(pushed.error().what.starts_with("push " + house.server.host()), pushed.error().what.c_str());
        QCOMPARE(int(pushed.error().code), int(wanted.code));
        QVERIFY(house.manifests.isEmpty() || std::string_view(wanted.name).contains("manifest"));
    }
};

QTEST_GUILESS_MAIN(TestFetchPush)
#include "tst_fetch_push.moc"
