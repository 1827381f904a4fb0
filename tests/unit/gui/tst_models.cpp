#include "gui/models/container_model.h"
#include "gui/models/filter_model.h"
#include "gui/models/image_model.h"
#include "gui/models/text.h"
#include "tests/unit/gui/fake_helper.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;
using enum protocol::ContainerState;

class TestModels : public QObject
{
    Q_OBJECT

private:
    static protocol::Watch::Reply snapshot(std::vector<protocol::Container> containers)
    {
        return {.reset = true, .containers = std::move(containers)};
    }

private Q_SLOTS:
    void aSnapshotFillsAnEmptyTableWithOneReset()
    {
        ContainerModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply(snapshot({makeContainer("web", Running), makeContainer("db", Paused)}));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.index(1, ContainerModel::State).data().toString(), QStringLiteral("Paused"));
    }

    void oneEventChangesOneRow()
    {
        ContainerModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(snapshot({makeContainer("web", Running), makeContainer("db", Running)}));
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.apply({.containers = {makeContainer("db", Exited)}});
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 1);
        QCOMPARE(changes[0][1].toModelIndex().row(), 1);
        QCOMPARE(resets.size(), 0);
    }

    void anEventThatSaysNothingNewIsSilent()
    {
        ContainerModel model;
        const auto web = makeContainer("web", Running);
        model.apply(snapshot({web}));
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.apply({.containers = {web}});
        QCOMPARE(changes.size(), 0);
    }

    void theSelectionSurvivesAResync()
    {
        ContainerModel model;
        FilterModel sorted(&model);
        QAbstractItemModelTester tester(&sorted, QAbstractItemModelTester::FailureReportingMode::QtTest);
        sorted.sort(ContainerModel::Name);
        model.apply(snapshot({makeContainer("a", Running), makeContainer("b", Running), makeContainer("c", Running)}));
        QItemSelectionModel selection(&sorted);
        selection.setCurrentIndex(sorted.index(1, 0), QItemSelectionModel::SelectCurrent | QItemSelectionModel::Rows);
        model.apply(snapshot({makeContainer("0-new", Running), makeContainer("b", Exited), makeContainer("c", Running)}));
        QCOMPARE(sorted.rowCount(), 3);
        QCOMPARE(selection.selectedRows().size(), 1);
        QCOMPARE(selection.selectedRows().front().data().toString(), QStringLiteral("b"));
    }

    void aRemovedContainerLeavesTheTable()
    {
        ContainerModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(snapshot({makeContainer("a", Running), makeContainer("b", Running), makeContainer("c", Running)}));
        model.apply({.removedContainers = {makeContainer("a", Running).id, "unknown"}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowOf(makeContainer("c", Running).id), 1);
        QVERIFY(!model.byName("a"));
    }

    void everyWordOfTheFilterMustBeFound()
    {
        ContainerModel model;
        FilterModel filtered(&model);
        model.apply(snapshot({makeContainer("web", Running), makeContainer("web-old", Exited), makeContainer("db", Running)}));
        filtered.setFilterText(QStringLiteral("WEB running"));
        QCOMPARE(filtered.rowCount(), 1);
        filtered.setFilterText(QStringLiteral("web"));
        QCOMPARE(filtered.rowCount(), 2);
        filtered.setFilterText({});
        QCOMPARE(filtered.rowCount(), 3);
    }

    void namesSortAsPeopleCount()
    {
        ContainerModel model;
        FilterModel sorted(&model);
        sorted.sort(ContainerModel::Name);
        model.apply(snapshot({makeContainer("job-10", Running), makeContainer("Job-9", Running)}));
        QCOMPARE(sorted.index(0, 0).data().toString(), QStringLiteral("Job-9"));
    }

    void anImageHasARowForEachOfItsNames()
    {
        ImageModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        protocol::Image image = makeImage("starter:latest", 100);
        image.references = {"starter:1", "starter:latest"};
        model.apply({.reset = true, .images = {image, makeImage("debian:trixie", 5)}});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.references(), (QStringList{QStringLiteral("debian:trixie"), QStringLiteral("starter:1"), QStringLiteral("starter:latest")}));
        image.references = {"starter:latest"};
        model.apply({.images = {image}});
        QCOMPARE(model.rowCount(), 2);
        image.references.clear();
        model.apply({.images = {image}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.references(), QStringList{QStringLiteral("debian:trixie")});
        model.apply({.removedImages = {image.id}});
        QCOMPARE(model.rowCount(), 1);
    }

    void staleRowsAreMarkedAndStay()
    {
        ContainerModel model;
        model.apply(snapshot({makeContainer("web", Running)}));
        model.setStale(true);
        QVERIFY(model.index(0, 0).data(StaleRole).toBool());
        QCOMPARE(model.rowCount(), 1);
    }

    void statesInWords_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<bool>("oomKilled");
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("tone");
        const auto row = [](const char* name, auto state, int code, bool oom, const char* error, const char* words, Tone tone) {
            QTest::newRow(name) << int(state) << code << oom << QString::fromLatin1(error) << QString::fromLatin1(words) << int(tone);
        };
        row("running", Running, 0, false, "", "Running", Tone::Good);
        row("paused", Paused, 0, false, "", "Paused", Tone::Warning);
        row("never started", Created, 0, false, "", "Created", Tone::Accent);
        row("refused to start", Created, 0, false, "no such command", "Did not start", Tone::Bad);
        row("ended well", Exited, 0, false, "", "Exited (0)", Tone::Neutral);
        row("stopped", Exited, 143, false, "", "Exited (143)", Tone::Neutral);
        row("failed", Exited, 3, false, "", "Exited (3)", Tone::Bad);
        row("out of memory", Exited, 137, true, "", "Out of memory", Tone::Bad);
    }
    void statesInWords()
    {
        QFETCH(int, state);
        QFETCH(int, exitCode);
        QFETCH(bool, oomKilled);
        QFETCH(QString, error);
        protocol::Container container = makeContainer("web", protocol::ContainerState(state));
        container.exitCode = exitCode;
        container.oomKilled = oomKilled;
        container.error = error.toStdString();
        QTEST(stateText(container), "words");
        QTEST(int(stateTone(container)), "tone");
    }

    void endsInWords()
    {
        QVERIFY(endText(0, false).contains(QStringLiteral("without an error")));
        QVERIFY(endText(127, false).contains(QStringLiteral("not found")));
        QVERIFY(endText(126, false).contains(QStringLiteral("not be executed")));
        QVERIFY(endText(137, false).contains(QStringLiteral("KILL")));
        QVERIFY(endText(137, true).contains(QStringLiteral("memory limit")));
        QVERIFY(endText(3, false).contains(QStringLiteral("exit code 3")));
    }

    void agesInWords()
    {
        const QDateTime now = QDateTime::currentDateTime();
        QCOMPARE(ageText(now, now), QStringLiteral("just now"));
        QCOMPARE(ageText(now.addSecs(-60), now), QStringLiteral("1 minute ago"));
        QCOMPARE(ageText(now.addSecs(-7200), now), QStringLiteral("2 hours ago"));
        QCOMPARE(ageText(now.addDays(-3), now), QStringLiteral("3 days ago"));
        QCOMPARE(ageText(now.addSecs(30), now), QStringLiteral("just now")); // clocks differ
        QCOMPARE(ageText({}, now), QString());
    }

    void commandsAreQuotedAsAShellWouldReadThem()
    {
        QCOMPARE(commandText({"sh", "-c", "echo it's"}), QStringLiteral("sh -c 'echo it'\\''s'"));
        QCOMPARE(commandText({"run", ""}), QStringLiteral("run ''"));
    }
};

QTEST_GUILESS_MAIN(TestModels)
#include "tst_models.moc"
