#include "tests/unit/helper/fake_shop.h"

#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

using namespace rocker;

namespace {

using Spoiled = std::optional<FakeAnswer>;

FakeAnswer challenge(const QByteArray& text)
{
    return {.status = 401, .body = R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})",
            .fields = {{"WWW-Authenticate", text}}};
}

} // namespace

class TestFetchAuth : public QObject
{
    Q_OBJECT

    // A shop whose /token gives tokens to who is `welcome`, and that lets nobody in without the newest one.
    struct TokenShop : Shop {
        TokenShop()
        {
            spoil = [this](const FakeRequest& request) -> Spoiled {
                if (request.path.startsWith("/token"))
                    return token(request);
                if (request.fields.value("authorization") == "Bearer " + current && !current.isEmpty())
                    return beyond ? beyond(request) : Spoiled();
                return challenge("Bearer realm=\"http://" + QByteArray::fromStdString(server.host())
                    + "/token?own=1\",service=\"the \\\"shop\\\"\",scope=\"" + scope + "\"");
            };
        }
        FakeAnswer token(const FakeRequest& request)
        {
            asked += request;
            if (!welcome.isEmpty() && request.fields.value("authorization") != welcome
                && !request.body.contains(welcome))
                return {.status = 401, .body = R"({"details":"incorrect username or password"})"};
            current = "token" + QByteArray::number(asked.size());
            return {.body = answer.isEmpty() ? "{\"" + member + "\":\"" + current + "\"}" : answer};
        }
        QByteArray scope = "repository:shop/thing:pull";
        QByteArray welcome;
        QByteArray current;
        QByteArray member = "token";
        QByteArray answer;
        QList<FakeRequest> asked;
        std::function<Spoiled(const FakeRequest&)> beyond;
    };

    static void says(const Result<image::PullOutcome>& pulled, const char* text, ErrorCode code)
    {
        QVERIFY(!pulled);
        QVERIFY2(pulled.error().what.contains(text), pulled.error().what.c_str());
        QVERIFY2(!pulled.error().what.contains("sesame"), pulled.error().what.c_str());
        QCOMPARE(int(pulled.error().code), int(code));
    }
    static void works(const Result<image::PullOutcome>& pulled)
    {
        QVERIFY2(pulled, pulled ? "" : pulled.error().what.c_str());
    }

private slots:
    void aTokenIsFetchedOnceForAll()
    {
        TokenShop shop;
        works(shop.pull());
        QCOMPARE(shop.asked.size(), 1);
        const QUrlQuery query(QUrl(QString::fromLatin1(shop.asked[0].path)));
        QCOMPARE(query.queryItemValue("own"), "1");
        QCOMPARE(query.queryItemValue("service", QUrl::FullyDecoded), "the \"shop\"");
        QCOMPARE(query.queryItemValue("scope", QUrl::FullyDecoded), "repository:shop/thing:pull");
        QVERIFY(!shop.asked[0].fields.contains("authorization"));
        QVERIFY(!query.hasQueryItem("account"));
        QCOMPARE(shop.server.count("/manifests/"), 2); // one to hear of it
    }

    void aTokenMayBeCalledAccessToken()
    {
        TokenShop shop;
        shop.member = "access_token";
        works(shop.pull());
    }

    void moreThanPullingIsNeverAskedFor()
    {
        TokenShop shop;
        shop.scope = "repository:shop/thing:pull,push repository:other:*";
        works(shop.pull());
        QCOMPARE(QUrlQuery(QUrl(QString::fromLatin1(shop.asked[0].path))).queryItemValue("scope", QUrl::FullyDecoded),
            "repository:shop/thing:pull");
    }

    void aPasswordIsShownToTheTokenServerOnly()
    {
        TokenShop shop;
        shop.credentials = {"ali", "open sesame", {}};
        shop.welcome = "Basic " + QByteArray("ali:open sesame").toBase64();
        works(shop.pull());
        for (const FakeRequest& request : shop.server.requests())
            QVERIFY(request.path.startsWith("/token") || !request.fields.value("authorization").startsWith("Basic"));
        QCOMPARE(QUrlQuery(QUrl(QString::fromLatin1(shop.asked[0].path))).queryItemValue("account"), "ali");
    }

    void aWrongPasswordIsSaidAndNotTriedAgain()
    {
        TokenShop shop;
        shop.credentials = {"ali", "sesame", {}};
        shop.welcome = "Basic something else";
        says(shop.pull(), "incorrect username or password", ErrorCode::PermissionDenied);
        QCOMPARE(shop.asked.size(), 1);
    }

    void anIdentityTokenIsExchangedByPost()
    {
        TokenShop shop;
        shop.credentials = {{}, {}, "sesame+&="};
        shop.welcome = "refresh_token=sesame%2B%26%3D";
        works(shop.pull());
        QCOMPARE(shop.asked[0].method, QByteArray("POST"));
        QVERIFY(shop.asked[0].body.contains("grant_type=refresh_token"));
        QVERIFY(!shop.asked[0].path.contains("sesame"));
    }

    void aTokenThatEndsMeanwhileIsRenewedOnce()
    {
        TokenShop shop;
        bool ended = false;
        shop.beyond = [&](const FakeRequest& request) -> Spoiled {
            if (request.path.contains("/blobs/") && !std::exchange(ended, true)) {
                shop.current = "none any more";
                return challenge("Bearer realm=\"http://" + QByteArray::fromStdString(shop.server.host()) + "/token\"");
            }
            return {};
        };
        works(shop.pull());
        QCOMPARE(shop.asked.size(), 2);
    }

    void aTokenThatIsNeverGoodEnoughEndsIt()
    {
        TokenShop shop;
        shop.beyond = [&](const FakeRequest&) -> Spoiled {
            return challenge("Bearer realm=\"http://" + QByteArray::fromStdString(shop.server.host())
                + "/token\",error=\"insufficient_scope\"");
        };
        says(shop.pull(), "needs a login", ErrorCode::PermissionDenied);
        QVERIFY(shop.asked.size() <= 3);
    }

    void whatIsNoTokenIsRefused_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("a page") << QByteArray("<html>");
        QTest::newRow("nothing in it") << QByteArray("{}");
        QTest::newRow("a number") << QByteArray("{\"token\":1}");
        QTest::newRow("one that ends the field") << QByteArray("{\"token\":\"a\\r\\nHost: evil\"}");
        QTest::newRow("too much") << QByteArray("{\"token\":\"" + QByteArray(2 << 20, 'a') + "\"}");
    }
    void whatIsNoTokenIsRefused()
    {
        QFETCH(QByteArray, answer);
        TokenShop shop;
        shop.answer = answer;
        const auto pulled = shop.pull();
        QVERIFY(!pulled);
        QCOMPARE(int(pulled.error().code), int(ErrorCode::Corrupt));
        QVERIFY2(pulled.error().what.contains("token"), pulled.error().what.c_str());
    }

    void aRealmThatIsNotToBeReachedIsRefused_data()
    {
        QTest::addColumn<QByteArray>("realm");
        QTest::newRow("a file") << QByteArray("file:///etc/passwd");
        QTest::newRow("plain HTTP elsewhere") << QByteArray("http://127.0.0.2:1/token");
        QTest::newRow("none") << QByteArray("");
        QTest::newRow("no address") << QByteArray("token");
        QTest::newRow("with a password in it") << QByteArray("https://a:b@example.invalid/");
    }
    void aRealmThatIsNotToBeReachedIsRefused()
    {
        QFETCH(QByteArray, realm);
        Shop shop;
        shop.credentials = {"ali", "sesame", {}};
        shop.spoil = [&](const FakeRequest&) -> Spoiled { return challenge("Bearer realm=\"" + realm + "\""); };
        says(shop.pull(), "which is not reached", ErrorCode::PermissionDenied);
    }

    void basicIsSpokenWhereItIsAskedFor()
    {
        Shop shop;
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.fields.value("authorization") == "Basic " + QByteArray("ali:open:sesame").toBase64())
                return {};
            return challenge("Basic realm=\"shop, of all\"");
        };
        says(shop.pull(), "needs a login", ErrorCode::PermissionDenied);
        shop.credentials = {"ali", "sesame", {}};
        says(shop.pull(), "does not accept the user name or password of 'ali'", ErrorCode::PermissionDenied);
        shop.credentials.password = "open:sesame";
        works(shop.pull());
    }

    void credentialsAreNotShownUnasked()
    {
        Shop shop;
        shop.credentials = {"ali", "sesame", {}};
        works(shop.pull());
        for (const FakeRequest& request : shop.server.requests())
            QVERIFY(!request.fields.contains("authorization"));
    }

    // A blob's storage is somebody else's server: it has its own signature in the address, and gets nothing of ours.
    void aRedirectElsewhereCarriesNoAuthorization()
    {
        for (const bool basic : {false, true}) {
            TokenShop tokens;
            Shop plain;
            Shop& shop = basic ? plain : tokens;
            FakeRegistry storage([&](const FakeRequest& request) {
                FakeRequest asked = request;
                asked.path = "/v2/shop/thing/blobs/" + request.path.mid(9).split('?').front();
                return shop.honest(asked);
            });
            shop.settings.insecure.push_back(storage.host());
            const auto redirected = [&](const FakeRequest& request) -> Spoiled {
                if (!request.path.contains("/blobs/"))
                    return {};
                return FakeAnswer{.status = 307,
                    .fields = {{"Location",
                        QByteArray::fromStdString("http://" + storage.host()) + "/storage/"
                            + request.path.split('/').back() + "?signature=1"}}};
            };
            tokens.beyond = redirected;
            plain.credentials = {"ali", "sesame", {}};
            plain.spoil = [&](const FakeRequest& request) -> Spoiled {
                return request.fields.contains("authorization") ? redirected(request)
                                                                : Spoiled(challenge("Basic realm=shop"));
            };
            works(shop.pull());
            QCOMPARE(storage.requests().size(), 7);
            for (const FakeRequest& request : storage.requests())
                QVERIFY(!request.fields.contains("authorization"));
        }
    }

    void aChallengeElsewhereIsNotAnswered()
    {
        Shop shop;
        shop.credentials = {"ali", "sesame", {}};
        FakeRegistry stranger([](const FakeRequest&) { return challenge("Basic realm=give"); });
        shop.settings.insecure.push_back(stranger.host());
        shop.spoil = [&](const FakeRequest&) -> Spoiled {
            return FakeAnswer{
                .status = 302, .fields = {{"Location", QByteArray::fromStdString("http://" + stranger.host() + "/")}}};
        };
        says(shop.pull(), "to which the registry redirects", ErrorCode::PermissionDenied);
        QCOMPARE(stranger.requests().size(), 1);
        QVERIFY(!stranger.requests()[0].fields.contains("authorization"));
    }

    void aTokenServerThatRedirectsWhatIsPostedIsRefused()
    {
        Shop shop;
        shop.credentials = {{}, {}, "sesame"};
        shop.spoil = [&](const FakeRequest& request) -> Spoiled {
            if (request.method == "POST")
                return FakeAnswer{.status = 307, .fields = {{"Location", "/elsewhere"}}};
            return challenge("Bearer realm=\"http://" + QByteArray::fromStdString(shop.server.host()) + "/token\"");
        };
        says(shop.pull(), "redirects what is sent to it alone", ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestFetchAuth)
#include "tst_fetch_auth.moc"
