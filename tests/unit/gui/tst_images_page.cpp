#include "gui/models/container_model.h"
#include "gui/pages/images/images_page.h"
#include "gui/widgets/table.h"
#include "tests/unit/gui/fake_helper.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestImagesPage : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        FakeHelper helper;
        HelperClient client;
        ImageModel images;
        ContainerModel containers;
        Reporter reporter;
        std::unique_ptr<ImagesPage> page;
        protocol::Image nameless = makeImage("old:1", 200);

        Fixture() : client(helper.path())
        {
            nameless.id = "sha256:" + std::string(64, 'b');
            nameless.references.clear();
            helper.images = {makeImage("starter:latest", 100), nameless};
            helper.listen();
            QObject::connect(&client, &HelperClient::changed, &images, &ImageModel::apply);
            page = std::make_unique<ImagesPage>(ImagesPage::Context{client, images, containers, reporter});
            page->resize(1000, 700);
            page->show();
            client.watch();
            [this] { QTRY_COMPARE(table()->model()->rowCount(), 2); }();
        }
        template<typename T>
        T* child(const char* name) const { return page->findChild<T*>(QLatin1String(name)); }
        Table* table() const { return child<Table>("imageTable"); }
        void select(const QString& name) const
        {
            for (int row = 0; row < table()->model()->rowCount(); ++row)
                if (table()->model()->index(row, 0).data().toString() == name)
                    table()->setCurrentIndex(table()->model()->index(row, 0));
        }
    };

private Q_SLOTS:
    void whatWouldGoIsShownFirst()
    {
        Fixture fixture;
        std::vector<protocol::PruneImages::Parameters> asked;
        fixture.helper.on("Images.Prune", [&](const FakeHelper::Call& call) {
            asked.push_back(call.parameters<protocol::PruneImages::Parameters>());
            const protocol::Image named = fixture.helper.images[0];
            if (asked.back().all)
                call.reply(protocol::PruneImages::Reply{{{fixture.nameless, 1024, {}}, {named, 2048, {}}}, 3072});
            else
                call.reply(protocol::PruneImages::Reply{{{fixture.nameless, 1024, {}}, {named, 0, "used by the container 'web'"}}, 1024});
        });
        QSignalSpy done(&fixture.reporter, &Reporter::succeeded);
        fixture.child<QPushButton>("pruneImages")->click();
        auto* accept = fixture.child<QPushButton>("pruneAccept");
        QTRY_VERIFY(accept->isEnabled());
        QCOMPARE(accept->text(), QStringLiteral("Remove 1 image"));
        QVERIFY(asked[0].dryRun && !asked[0].all && !asked[0].until);
        const QAbstractItemModel* rows = fixture.child<Table>("pruneTable")->model();
        QCOMPARE(rows->index(1, 2).data().toString(), QStringLiteral("stays: is used by the container 'web'"));
        fixture.child<QCheckBox>("pruneAll")->click();
        QTRY_COMPARE(accept->text(), QStringLiteral("Remove 2 images"));
        fixture.child<QComboBox>("pruneAge")->setCurrentIndex(2);
        QTRY_COMPARE(asked.size(), 3U);
        QVERIFY(asked[2].dryRun && asked[2].all);
        QVERIFY(*asked[2].until <= QDateTime::currentSecsSinceEpoch() - 7 * 24 * 3600);
        QTRY_VERIFY(accept->isEnabled());
        accept->click();
        QTRY_COMPARE(done.size(), 1);
        QVERIFY(!asked.back().dryRun && asked.back().all && asked.back().until);
        QCOMPARE(done[0][0].toString(), QStringLiteral("2 images were removed, 3.0 KiB freed."));
    }

    void nothingToCleanUpAndAFailureAreSaid()
    {
        Fixture fixture;
        fixture.helper.on("Images.Prune", [](const FakeHelper::Call& call) { call.reply(protocol::PruneImages::Reply{}); });
        fixture.child<QPushButton>("pruneImages")->click();
        QTRY_COMPARE(fixture.child<QLabel>("pruneSummary")->text(), QStringLiteral("There is nothing to clean up"));
        QVERIFY(!fixture.child<QPushButton>("pruneAccept")->isEnabled());
        fixture.helper.on("Images.Prune", [](const FakeHelper::Call& call) { call.fail(ErrorCode::PermissionDenied, "you may not"); });
        fixture.child<QCheckBox>("pruneAll")->click();
        QTRY_COMPARE(fixture.child<QLabel>("pruneSummary")->text(), QStringLiteral("You may not."));
        QVERIFY(!fixture.child<QPushButton>("pruneAccept")->isEnabled());
    }

    void anImageGetsOneMoreName()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("starter:latest"));
        fixture.helper.on("Images.Tag", [&](const FakeHelper::Call& call) {
            const auto parameters = call.parameters<protocol::TagImage::Parameters>();
            if (parameters.reference == "BAD")
                return call.fail(ErrorCode::InvalidArgument, "not a name");
            protocol::Image image = fixture.helper.images[0];
            image.references.push_back(parameters.reference + ":latest");
            call.reply(protocol::TagImage::Reply{image, parameters.reference + ":latest"});
            fixture.helper.publish({.images = {image}});
        });
        fixture.child<QAction>("tagImage")->trigger();
        auto* name = fixture.child<QLineEdit>("tagName");
        auto* accept = fixture.child<QPushButton>("tagAccept");
        QVERIFY(!accept->isEnabled()); // its own name
        name->setText(QStringLiteral("BAD"));
        accept->click();
        QTRY_VERIFY(accept->isEnabled());
        QVERIFY(fixture.child<QDialog>("tagDialog")->isVisible());
        name->setText(QStringLiteral("mine"));
        accept->click();
        QTRY_COMPARE(fixture.table()->model()->rowCount(), 3);
        QTRY_VERIFY(!fixture.child<QDialog>("tagDialog") || !fixture.child<QDialog>("tagDialog")->isVisible());
    }

    void aNameIsTakenAwayAndOnlyWhereThereIsOne()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("without a name"));
        QVERIFY(!fixture.child<QAction>("untagImage")->isEnabled());
        QVERIFY(fixture.child<QAction>("tagImage")->isEnabled());
        fixture.select(QStringLiteral("starter:latest"));
        fixture.helper.on("Images.Untag", [&](const FakeHelper::Call& call) {
            protocol::Image image = fixture.helper.images[0];
            image.references.clear();
            call.reply(protocol::UntagImage::Reply{image});
            fixture.helper.publish({.images = {image}});
        });
        QSignalSpy done(&fixture.reporter, &Reporter::succeeded);
        fixture.child<QAction>("untagImage")->trigger();
        QTRY_COMPARE(done.size(), 1);
        QVERIFY(done[0][0].toString().contains(QStringLiteral("no name now")));
        for (int row = 0; row < 2; ++row)
            QCOMPARE(fixture.table()->model()->index(row, 0).data().toString(), QStringLiteral("without a name"));
    }

    void theDetailsTellSharingUseAndHistory()
    {
        Fixture fixture;
        fixture.helper.on("Images.Inspect", [&](const FakeHelper::Call& call) {
            protocol::ImageDetails details;
            details.ownSize = 1024;
            details.sharedSize = 2048;
            details.usedBy = {"web", "db"};
            details.history = {{"2024-05-01T10:00:00Z", "ADD lowest /", "by hand", false}, {"2024-05-02T10:00:00Z", "ENV A=b", "", true}};
            call.reply(protocol::InspectImage::Reply{fixture.helper.images[0], details});
        });
        fixture.select(QStringLiteral("starter:latest"));
        QTRY_VERIFY(fixture.child<Table>("historyTable"));
        const QAbstractItemModel* steps = fixture.child<Table>("historyTable")->model();
        QCOMPARE(steps->rowCount(), 2);
        QVERIFY(steps->index(0, 0).data().toString().contains(QStringLiteral("by hand")));
        QCOMPARE(steps->index(0, 1).data().toString(), QStringLiteral("layer 1"));
        QCOMPARE(steps->index(1, 1).data().toString(), QStringLiteral("only settings"));
        QStringList facts;
        for (const QLabel* label : fixture.child<QWidget>("imageDetails")->findChildren<QLabel*>())
            facts << label->text();
        QVERIFY(facts.contains(QStringLiteral("1.0 KiB of its own, 2.0 KiB shared with other images")));
        QVERIFY(facts.contains(QStringLiteral("web\ndb")));
    }
};

QTEST_MAIN(TestImagesPage)
#include "tst_images_page.moc"
