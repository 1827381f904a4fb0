#include "engine/layers/index_writer.h"
#include "gui/layers/helper_layer_source.h"
#include "tests/unit/gui/fake_helper.h"

#include <QFile>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestLayerSource : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        FakeHelper helper;
        HelperClient client;
        HelperLayerSource source;
        std::string sent; // what LayerIndex hands out
        QByteArray file = "hello";

        Fixture()
            : client(helper.path()), source(client)
        {
            helper.images = {makeImage("starter:latest", 100)};
            layers::IndexWriter writer;
            const std::vector<std::string> path{"etc", "motd"};
            writer.add(path, {.size = 5});
            sent = *writer.finish();
            helper.on("Images.LayerIndex", [this](const FakeHelper::Call& call) { handOut(call, sent); });
            helper.on("Images.ReadFile", [this](const FakeHelper::Call& call) { handOut(call, file.toStdString()); });
            helper.listen();
        }
        static void handOut(const FakeHelper::Call& call, const std::string& bytes)
        {
            call.reply(protocol::FileSize{std::int64_t(bytes.size())});
            for (std::size_t at = 0; at < bytes.size(); at += framePayloadLimit)
                call.frame(FrameType::Output, std::string_view(bytes).substr(at, framePayloadLimit));
            call.frame(FrameType::End);
            call.socket->disconnectFromServer();
        }
    };
    template <typename T> static T ended(const QFuture<T>& future)
    {
        [&] { QTRY_VERIFY(future.isFinished()); }();
        return future.result();
    }

private Q_SLOTS:
    void anImageComesWithTheIndexOfEachLayer()
    {
        Fixture fixture;
        const auto image = ended(fixture.source.image("starter:latest"));
        QVERIFY2(image, image ? "" : image.error().what.c_str());
        QCOMPARE((*image)->indexes.size(), 2U);
        QCOMPARE((*image)->layers[1].createdBy, std::string("COPY etc /etc"));
        QVERIFY((*image)->indexes[0].find("etc/motd") < (*image)->indexes[0].size());
    }

    void whatIsMissingIsTold_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("says");
        QTest::newRow("no image") << "Images.Inspect"
                                  << "no such thing";
        QTest::newRow("no index") << "Images.LayerIndex"
                                  << "layer 1: no such thing";
    }
    void whatIsMissingIsTold()
    {
        QFETCH(QString, method);
        QFETCH(QString, says);
        Fixture fixture;
        fixture.helper.on(method.toStdString(),
            [](const FakeHelper::Call& call) { call.fail(ErrorCode::NotFound, "no such thing"); });
        const auto image = ended(fixture.source.image("starter:latest"));
        QVERIFY(!image);
        QCOMPARE(QString::fromStdString(image.error().what), says);
    }

    void aDamagedIndexIsRefused()
    {
        Fixture fixture;
        fixture.sent.resize(fixture.sent.size() - 1);
        const auto image = ended(fixture.source.image("starter:latest"));
        QVERIFY(!image);
        QCOMPARE(image.error().code, ErrorCode::Corrupt);
        QVERIFY(image.error().what.contains("import the image again"));
    }

    void aHelperThatGoesAwayIsAnError()
    {
        Fixture fixture;
        fixture.helper.on("Images.LayerIndex", [](const FakeHelper::Call& call) {
            call.reply(protocol::FileSize{100});
            call.frame(FrameType::Output, "half of it");
            call.socket->disconnectFromServer();
        });
        const auto image = ended(fixture.source.image("starter:latest"));
        QVERIFY(!image);
        QVERIFY(image.error().what.contains("broken off"));
        fixture.helper.on("Images.LayerIndex", [](const FakeHelper::Call& call) {
            call.reply(protocol::FileSize{100});
            call.frame(FrameType::Failed, "input/output error");
        });
        QVERIFY(ended(fixture.source.image("starter:latest")).error().what.contains("input/output error"));
    }

    void manyFilesComeAtOnce()
    {
        Fixture fixture;
        const std::string large(200'000, 'x');
        fixture.helper.on("Images.ReadFiles", [&](const FakeHelper::Call& call) {
            const auto parameters = call.parameters<protocol::ReadFiles::Parameters>();
            QCOMPARE(parameters.files.size(), 4U);
            call.reply(protocol::ReadFiles::Reply{{5, -1, 0, std::int64_t(large.size())}});
            call.frame(FrameType::Output, "hel");
            call.frame(FrameType::Output, "lo" + large);
            call.frame(FrameType::End);
            call.socket->disconnectFromServer();
        });
        const auto files = ended(fixture.source.files("starter", {{0, "a"}, {0, "gone"}, {1, "empty"}, {1, "large"}}, 1 << 20));
        QVERIFY2(files, files ? "" : files.error().what.c_str());
        QCOMPARE(*(*files)[0], "hello");
        QVERIFY(!(*files)[1]);
        QCOMPARE(*(*files)[2], "");
        QVERIFY(*(*files)[3] == large);
        const auto small = ended(fixture.source.files("starter", {{0, "a"}, {0, "gone"}, {1, "empty"}, {1, "large"}}, 100'000));
        QVERIFY(small && (*small)[0] && !(*small)[3]);
    }

    void otherFilesThanWereAskedForAreRefused()
    {
        Fixture fixture;
        fixture.helper.on("Images.ReadFiles", [](const FakeHelper::Call& call) {
            call.reply(protocol::ReadFiles::Reply{{1}});
            call.frame(FrameType::End);
        });
        QVERIFY(!ended(fixture.source.files("starter", {{0, "a"}, {0, "b"}}, 100)));
        fixture.helper.on("Images.ReadFiles", [](const FakeHelper::Call& call) {
            call.reply(protocol::ReadFiles::Reply{{1, 2}});
            call.frame(FrameType::Output, "abcd");
            call.frame(FrameType::End);
        });
        QVERIFY(!ended(fixture.source.files("starter", {{0, "a"}, {0, "b"}}, 100)));
    }

    void aFileIsReadToItsEndOrToTheLimit()
    {
        Fixture fixture;
        fixture.file = QByteArray(200'000, 'x');
        const auto whole = ended(fixture.source.file("starter", 0, "etc/motd", 1 << 20));
        QVERIFY(whole && whole->whole);
        QCOMPARE(whole->bytes, fixture.file);
        const auto start = ended(fixture.source.file("starter", 0, "etc/motd", 70'000));
        QVERIFY(start && !start->whole);
        QCOMPARE(start->bytes.size(), 70'000);
        fixture.file.clear();
        QVERIFY(ended(fixture.source.file("starter", 0, "etc/motd", 10))->whole);
    }

    void aFileIsSavedWholeOrNotAtAll()
    {
        Fixture fixture;
        QTemporaryDir directory;
        const QString target = directory.filePath(QStringLiteral("motd"));
        QVERIFY(ended(fixture.source.save("starter", 0, "etc/motd", target)));
        QFile saved(target);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), QByteArray("hello"));
        fixture.helper.on("Images.ReadFile", [](const FakeHelper::Call& call) {
            call.reply(protocol::FileSize{100});
            call.frame(FrameType::Output, "half of it");
            call.frame(FrameType::Failed, "input/output error");
        });
        QVERIFY(!ended(fixture.source.save("starter", 0, "etc/motd", directory.filePath(QStringLiteral("half")))));
        QVERIFY(!QFile::exists(directory.filePath(QStringLiteral("half"))));
        QVERIFY(!ended(fixture.source.save("starter", 0, "etc/motd", directory.filePath(QStringLiteral("no/where")))));
        fixture.file.clear();
        fixture.helper.on("Images.ReadFile", [&](const FakeHelper::Call& call) { Fixture::handOut(call, {}); });
        QVERIFY(ended(fixture.source.save("starter", 0, "etc/motd", directory.filePath(QStringLiteral("empty")))));
        QVERIFY(QFile::exists(directory.filePath(QStringLiteral("empty"))));
    }
};

QTEST_GUILESS_MAIN(TestLayerSource)
#include "tst_layer_source.moc"
