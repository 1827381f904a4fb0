#include "tests/unit/helper/fake_shop.h"

#include <QTest>

using namespace rocker;

namespace {

QByteArray page(const QByteArray& tags)
{
    return R"({"name":"shop/thing","tags":[)" + tags + "]}";
}

Result<image::TagsOutcome> tagsFrom(FakeRegistry& server)
{
    image::RegistrySettings settings{.insecure = {server.host()}};
    fetch::CredentialFinder finder{fetch::Person{}};
    fetch::Network network(settings, {.firstPause = std::chrono::milliseconds(5)});
    const auto sites = *fetch::sitesOf(server.host() + "/shop/thing", settings, finder);
    std::optional<Result<image::TagsOutcome>> outcome;
    QEventLoop loop;
    fetch::TagList list(network, sites.front(), [&](Result<image::TagsOutcome> listed) {
        outcome = std::move(listed);
        loop.quit();
    });
    list.start();
    QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
    loop.exec();
    return outcome ? std::move(*outcome) : fail(ErrorCode::Internal, "the list does not end");
}

} // namespace

class TestFetchTags : public QObject
{
    Q_OBJECT

private slots:
    void allPagesAreRead()
    {
        FakeRegistry server([](const FakeRequest& request) -> FakeAnswer {
            if (request.path == "/v2/shop/thing/tags/list?n=1000")
                return {.body = page(R"("b","2")"),
                        .fields = {{"Link", R"(</v2/other>; rel="prev", </v2/shop/thing/tags/list?n=1000&last=b>; rel="next")"}}};
            if (request.path == "/v2/shop/thing/tags/list?n=1000&last=b")
                return {.body = page(R"("a","b")"), .fields = {{"Link", "<list?last=a>; rel=next"}}};
            return {.body = R"({"name":"shop/thing","tags":null})"};
        });
        const auto tags = tagsFrom(server);
        QVERIFY2(tags, tags ? "" : tags.error().what.c_str());
        QCOMPARE(tags->tags, (std::vector<std::string>{"2", "a", "b"}));
        QCOMPARE(tags->repository, server.host() + "/shop/thing");
        QCOMPARE(server.requests().size(), 3);
    }

    void whatIsNoListOfTagsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("link");
        QTest::addColumn<QString>("says");
        QTest::newRow("a page") << QByteArray("<html>") << QByteArray() << "not a list of tags";
        QTest::newRow("numbers") << page("1") << QByteArray() << "not a list of tags";
        QTest::newRow("a path") << page("\"../x\"") << QByteArray() << "'../x' is not a tag";
        QTest::newRow("control characters") << page("\"a\\u001b\"") << QByteArray() << "'a?' is not a tag";
        QTest::newRow("to another server") << page("\"a\"") << QByteArray("<http://127.0.0.2/x>; rel=\"next\"") << "leads elsewhere";
        QTest::newRow("to another list") << page("\"a\"") << QByteArray("</v2/x/tags/list>; rel=\"next\"") << "leads elsewhere";
        QTest::newRow("without end") << page("\"a\"") << QByteArray("</v2/shop/thing/tags/list>; rel=\"next\"") << "does not end";
    }
    void whatIsNoListOfTagsIsRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, link);
        QFETCH(QString, says);
        FakeRegistry server([&](const FakeRequest&) -> FakeAnswer { return {.body = body, .fields = {{"Link", link}}}; });
        const auto tags = tagsFrom(server);
        QVERIFY(!tags);
        QVERIFY2(tags.error().what.contains(says.toStdString()), tags.error().what.c_str());
        QCOMPARE(int(tags.error().code), int(ErrorCode::Corrupt));
    }
};

QTEST_GUILESS_MAIN(TestFetchTags)
#include "tst_fetch_tags.moc"
