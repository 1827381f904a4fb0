#include "helper/fetch/credentials.h"
#include "helper/fetch/login_check.h"
#include "helper/fetch/search.h"
#include "tests/unit/helper/fake_registry.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rocker;

namespace {

// Runs `start` until it has told.
template<typename T>
Result<T> told(const std::function<void(std::function<void(Result<T>)>)>& start)
{
    std::optional<Result<T>> outcome;
    QEventLoop loop;
    QTimer::singleShot(0, &loop, [&] {
        start([&](Result<T> result) {
            outcome = std::move(result);
            loop.quit();
        });
    });
    QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
    loop.exec();
    return outcome ? std::move(*outcome) : fail(ErrorCode::Internal, "it does not end");
}

Result<> logIn(FakeRegistry& server, const fetch::Credentials& credentials)
{
    image::RegistrySettings settings{.insecure = {server.host()}};
    fetch::Network network(settings, {.firstPause = std::chrono::milliseconds(5)});
    std::optional<fetch::LoginCheck> check;
    return told<void>([&](auto done) {
        check.emplace(
            network, fetch::LoginCheck::Entry{fetch::endpointsOf(server.host(), settings).back(), credentials}, done);
        check->start();
    });
}

Result<image::SearchOutcome> search(FakeRegistry& server, const std::string& term, std::size_t limit = 25)
{
    image::RegistrySettings settings{.insecure = {server.host()}};
    fetch::Network network(settings, {.firstPause = std::chrono::milliseconds(5)});
    fetch::CredentialFinder finder{fetch::Person{}};
    auto places = fetch::searchPlaces(server.host() + "/" + term, settings, finder);
    if (!places)
        return fail(places.error());
    std::optional<fetch::Search> search;
    return told<image::SearchOutcome>([&](auto done) {
        search.emplace(network, places->front(), limit, done);
        search->start();
    });
}

QByteArray content(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestFetchLogins : public QObject
{
    Q_OBJECT

    // Somebody with a session, and a home.
    struct Somebody {
        Somebody()
        {
            QDir(directory.path()).mkpath("run");
            QDir(directory.path()).mkpath("home");
        }
        fetch::Person person() const
        {
            return {.home = directory.filePath("home").toStdString(),
                .runtimeDirectory = directory.filePath("run").toStdString(),
                .authFile = {},
                .programs = directory.filePath("bin").toStdString()};
        }
        QString session() const { return directory.filePath("run/containers/auth.json"); }
        QString lasting() const { return directory.filePath("home/.config/containers/auth.json"); }
        QString docker() const { return directory.filePath("home/.docker/config.json"); }
        QTemporaryDir directory;
    };
    static void keep(const Somebody& somebody, const std::string& registry, const fetch::Credentials& credentials)
    {
        const auto place = fetch::placeFor(somebody.person(), registry, {});
        QVERIFY2(place, place ? "" : place.error().what.c_str());
        const auto kept = fetch::keepCredentials(somebody.person(), *place, registry, credentials);
        QVERIFY2(kept, kept ? "" : kept.error().what.c_str());
    }

private slots:
    void aLoginIsKeptAndFoundAgain()
    {
        Somebody somebody;
        keep(somebody, "localhost:5", {"ali", "open:sesame", {}});
        keep(somebody, "docker.io", {"baba", "other", {}});
        QCOMPARE(QFile::permissions(somebody.session()) & QFile::Permissions(0x77), QFile::Permissions(0));
        fetch::CredentialFinder finder(somebody.person());
        QCOMPARE(finder.find("localhost:5", "a").user, std::string("ali"));
        QCOMPARE(finder.find("localhost:5", "a").password, std::string("open:sesame"));
        QCOMPARE(finder.find("docker.io", "library/a").user, std::string("baba"));
        keep(somebody, "localhost:5", {"ali", "newer", {}});
        QCOMPARE(finder.find("localhost:5", "a").password, std::string("newer"));
        QCOMPARE(
            *fetch::removeCredentials(somebody.person(), "localhost:5"), "'" + somebody.session().toStdString() + "'");
        QVERIFY(finder.find("localhost:5", "a").isEmpty());
        QCOMPARE(finder.find("docker.io", "library/a").user, std::string("baba"));
        const auto again = fetch::removeCredentials(somebody.person(), "localhost:5");
        QVERIFY(!again);
        QCOMPARE(int(again.error().code), int(ErrorCode::NotFound));
    }

    void withoutASessionItIsKeptAtHome()
    {
        Somebody somebody;
        QDir(somebody.directory.filePath("run")).removeRecursively();
        keep(somebody, "localhost:5", {"ali", "sesame", {}});
        QVERIFY(QFile::exists(somebody.lasting()));
        QVERIFY(!QFile::exists(somebody.session()));
    }

    void whatElseStandsInTheFileStays()
    {
        Somebody somebody;
        write(somebody.session(),
            R"({"auths":{"https://localhost:5/v1/":{"auth":"eDp5"},"other":{"auth":"eDp5","more":[1]}},"HttpHeaders":{"A":"b"}})");
        keep(somebody, "localhost:5", {"ali", "sesame", {}});
        const QByteArray now = content(somebody.session());
        QVERIFY(now.contains("HttpHeaders") && now.contains("\"more\"") && !now.contains("https://localhost:5"));
        QVERIFY(fetch::removeCredentials(somebody.person(), "localhost:5"));
        QVERIFY(content(somebody.session()).contains("\"more\""));
    }

    void aFileThatIsNotUnderstoodStaysAsItIs_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("auths: secret");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("auths are a word") << QByteArray(R"({"auths":"secret"})");
        QTest::newRow("cut off") << QByteArray(R"({"auths":{"a":{"auth":"c2VjcmV0)");
    }
    void aFileThatIsNotUnderstoodStaysAsItIs()
    {
        QFETCH(QByteArray, text);
        Somebody somebody;
        write(somebody.session(), text);
        const auto place = fetch::placeFor(somebody.person(), "localhost:5", {});
        QVERIFY(!place);
        QVERIFY(!place.error().what.contains("secret"));
        const auto kept = fetch::keepCredentials(
            somebody.person(), {somebody.session().toStdString(), {}}, "localhost:5", {"a", "b", {}});
        QVERIFY(!kept);
        QVERIFY(!kept.error().what.contains("secret"));
        QCOMPARE(content(somebody.session()), text);
    }

    void dockersOwnLoginIsNotTaken()
    {
        Somebody somebody;
        write(somebody.docker(), R"({"auths":{"localhost:5":{"auth":"eDp5"}}})");
        const auto removed = fetch::removeCredentials(somebody.person(), "localhost:5");
        QVERIFY(!removed);
        QVERIFY2(removed.error().what.contains("docker logout localhost:5"), removed.error().what.c_str());
        QVERIFY(content(somebody.docker()).contains("eDp5"));
    }

    void aHelperKeepsWhatItIsNamedFor()
    {
        Somebody somebody;
        write(somebody.directory.filePath("bin/docker-credential-box"),
              "#!/bin/sh\nread -r said\necho \"$1 $said\" >> " + somebody.directory.filePath("log").toUtf8()
                  + "\n[ $1 = get ] && echo '{\"Username\":\"ali\",\"Secret\":\"boxed\"}'\nexit 0\n");
        QFile::setPermissions(somebody.directory.filePath("bin/docker-credential-box"), QFile::Permissions(0x7755));
        const auto place = fetch::placeFor(somebody.person(), "docker.io", "box");
        QVERIFY(place);
        QCOMPARE(place->file, somebody.lasting().toStdString()); // what the session forgets must not name it
        QVERIFY(fetch::keepCredentials(somebody.person(), *place, "docker.io", {"ali", "sesame", {}}));
        const QByteArray stored
            = R"(store {"Secret":"sesame","ServerURL":"https://index.docker.io/v1/","Username":"ali"})";
        QVERIFY2(content(somebody.directory.filePath("log")).contains(stored),
            content(somebody.directory.filePath("log")).constData());
        QVERIFY(!content(somebody.lasting()).contains("sesame"));
        fetch::CredentialFinder finder(somebody.person());
        QCOMPARE(finder.find("docker.io", "library/a").password, std::string("boxed"));
        QCOMPARE(*fetch::removeCredentials(somebody.person(), "docker.io"), std::string("the credential helper 'box'"));
        QVERIFY(content(somebody.directory.filePath("log")).contains("erase https://index.docker.io/v1/"));
        const auto none = fetch::placeFor(somebody.person(), "docker.io", "none");
        QVERIFY(none && !fetch::keepCredentials(somebody.person(), *none, "docker.io", {"ali", "sesame", {}}));
        const auto path = fetch::placeFor(somebody.person(), "docker.io", "../box");
        QVERIFY(path && !fetch::keepCredentials(somebody.person(), *path, "docker.io", {"ali", "sesame", {}}));
    }

    void theDoorSaysWhetherALoginIsGood()
    {
        FakeRegistry server([](const FakeRequest& request) -> FakeAnswer {
            if (request.path != "/v2/")
                return {.status = 404};
            if (request.fields.value("authorization") == "Basic " + QByteArray("ali:sesame").toBase64())
                return {.body = "{}"};
            return {.status = 401, .fields = {{"WWW-Authenticate", "Basic realm=x"}}};
        });
        QVERIFY(logIn(server, {"ali", "sesame", {}}));
        const auto refused = logIn(server, {"ali", "wrong", {}});
        QVERIFY(!refused);
        QVERIFY2(refused.error().what.contains("does not accept"), refused.error().what.c_str());
        QVERIFY(!refused.error().what.contains("wrong"));
        QCOMPARE(refused.error().errnum, ENOKEY);
        FakeRegistry other([](const FakeRequest&) -> FakeAnswer { return {.status = 404}; });
        const auto none = logIn(other, {"ali", "sesame", {}});
        QVERIFY(!none);
        QVERIFY2(none.error().what.contains("is not a registry"), none.error().what.c_str());
        for (const FakeRequest& request : other.requests())
            QVERIFY(!request.fields.contains("authorization"));
    }

    void aSearchIsAskedFirstAndThenTheList()
    {
        const QByteArray results
            = QByteArray("{'results':[{'name':'one','description':'a\\u0000b\\u001b[31m\\u202ec','star_count':3,"
                         "'is_official':true},{'name':'../x'},{'name':'two'},{'name':'three'}]}")
                  .replace('\'', '"');
        FakeRegistry hub([&](const FakeRequest& request) -> FakeAnswer {
            return request.path.startsWith("/v1/search?q=de%26b&n=2") ? FakeAnswer{.body = results}
                                                                      : FakeAnswer{.status = 404};
        });
        const auto found = search(hub, "de&b", 2);
        QVERIFY2(found, found ? "" : found.error().what.c_str());
        QCOMPARE(found->images.size(), std::size_t(2));
        QCOMPARE(found->images[0].name, hub.host() + "/one");
        QCOMPARE(found->images[0].description, std::string("a b [31m c"));
        QVERIFY(found->images[0].official);
        QVERIFY(image::checkSearchOutcome(*found));

        FakeRegistry list([](const FakeRequest& request) -> FakeAnswer {
            if (request.path == "/v2/_catalog?n=1000")
                return {.body = R"({"repositories":["a/deb","b"]})",
                    .fields = {{"Link", "</v2/_catalog?n=1000&last=b>; rel=\"next\""}}};
            if (request.path == "/v2/_catalog?n=1000&last=b")
                return {.body = R"({"repositories":["debian","DEB"]})"};
            return {.status = 404, .body = "<html>"};
        });
        const auto listed = search(list, "deb");
        QVERIFY2(listed, listed ? "" : listed.error().what.c_str());
        QCOMPARE(listed->images.size(), std::size_t(2));
        QCOMPARE(listed->images[1].name, list.host() + "/debian");
    }

    void whatIsNoSearchIsRefused_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("link");
        QTest::addColumn<QString>("says");
        QTest::newRow("neither") << 404 << QByteArray() << QByteArray() << "can neither be searched nor";
        QTest::newRow("a page for everything")
            << 200 << QByteArray("<html>") << QByteArray() << "can neither be searched nor";
        QTest::newRow("numbers") << 200 << QByteArray(R"({"repositories":[1]})") << QByteArray()
                                 << "can neither be searched nor";
        QTest::newRow("a list that leads elsewhere")
            << 200 << QByteArray(R"({"repositories":["deb"]})")
            << QByteArray("<http://127.0.0.2/v2/_catalog>; rel=next") << "leads elsewhere";
        QTest::newRow("a login") << 401 << QByteArray() << QByteArray() << "no way to log in";
    }
    void whatIsNoSearchIsRefused()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, link);
        QFETCH(QString, says);
        FakeRegistry server([&](const FakeRequest&) -> FakeAnswer {
            return {.status = status, .body = body, .fields = {{"Link", link}}};
        });
        const auto found = search(server, "deb");
        QVERIFY(!found);
        QVERIFY2(found.error().what.contains(says.toStdString()), found.error().what.c_str());
        QVERIFY2(found.error().what.starts_with("search " + server.host()), found.error().what.c_str());
    }

    // Root's own check of what the client says, which has read what strangers wrote.
    void whatTheClientSaysIsChecked()
    {
        const image::FoundImage good{"localhost:5/a", "a thing", 1, false};
        QVERIFY(image::checkSearchOutcome({{good}}));
        QVERIFY(!image::checkSearchOutcome({{{"../a", "", 0, false}}}));
        QVERIFY(!image::checkSearchOutcome({{{"a b", "", 0, false}}}));
        QVERIFY(!image::checkSearchOutcome({{{"a", "two\nlines", 0, false}}}));
        QVERIFY(!image::checkSearchOutcome({{{"a", "\x1b[31m", 0, false}}}));
        QVERIFY(!image::checkSearchOutcome({{{"a", std::string(2000, 'x'), 0, false}}}));
        QVERIFY(!image::checkSearchOutcome({std::vector<image::FoundImage>(1001, good)}));
        QVERIFY(image::checkLoginOutcome({"localhost:5", "'/run/auth.json'"}));
        QVERIFY(!image::checkLoginOutcome({"not a host", "x"}));
        QVERIFY(!image::checkLoginOutcome({"localhost:5", "a\x1b"}));
        const std::string digest = "sha256:" + std::string(64, '0');
        QVERIFY(image::checkPushOutcome({"localhost:5/a:1", digest, 1, 0, 0}, digest));
        QVERIFY(!image::checkPushOutcome({"localhost:5/a:1", "sha256:" + std::string(64, '1'), 1, 0, 0}, digest));
        QVERIFY(!image::checkPushOutcome({"a b", digest, 1, 0, 0}, digest));
        QVERIFY(!image::checkPushOutcome({"localhost:5/a:1", digest, -1, 0, 0}, digest));
    }

    void aListWithoutEndEnds()
    {
        FakeRegistry server([](const FakeRequest& request) -> FakeAnswer {
            if (request.path.startsWith("/v1"))
                return {.status = 404};
            return {.body = R"({"repositories":["x"]})", .fields = {{"Link", "</v2/_catalog?n=1000>; rel=next"}}};
        });
        QVERIFY(search(server, "deb"));
        QVERIFY(server.requests().size() < 200);
    }
};

QTEST_GUILESS_MAIN(TestFetchLogins)
#include "tst_fetch_logins.moc"
