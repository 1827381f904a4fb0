#include "engine/layers/index_writer.h"
#include "gui/app/main_window.h"
#include "gui/terminal/terminal_view.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/table.h"
#include "tests/unit/gui/fake_helper.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace rocker;
using namespace rocker::gui;
using enum protocol::ContainerState;

class TestMainWindow : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        QTemporaryDir directory;
        FakeHelper helper;
        std::unique_ptr<MainWindow> window;

        explicit Fixture(std::vector<protocol::Container> containers = {makeContainer("web", Running), makeContainer("old", Exited)})
        {
            helper.containers = std::move(containers);
            helper.images = {makeImage("starter:latest", 100)};
            helper.listen();
            open();
        }
        void open()
        {
            window = std::make_unique<MainWindow>(
                helper.path(), std::make_unique<QSettings>(directory.filePath(QStringLiteral("window.ini")), QSettings::IniFormat));
            window->show();
            window->connectToHelper();
            [this] { QTRY_COMPARE(child<QLabel>("connectionState")->text(), QStringLiteral("Connected")); }();
        }
        template<typename T>
        T* child(const char* name) const { return window->findChild<T*>(QLatin1String(name)); }
        QAction* action(const char* name) const { return child<QAction>(name); }
        Table* table() const { return child<Table>("containerTable"); }
        void select(const QString& name) const
        {
            for (int row = 0; row < table()->model()->rowCount(); ++row)
                if (table()->model()->index(row, 0).data().toString() == name)
                    table()->setCurrentIndex(table()->model()->index(row, 0));
        }
        QString status() const { return child<QLabel>("statusText")->text(); }
        TerminalView* terminal() const
        {
            for (auto* view : window->findChildren<TerminalView*>())
                if (view->isVisible())
                    return view;
            return nullptr;
        }
    };

private Q_SLOTS:
    void actionsAreEnabledOnlyWhenTheyApply()
    {
        Fixture fixture;
        QVERIFY(!fixture.action("startContainer")->isEnabled());
        QVERIFY(!fixture.action("removeContainer")->isEnabled());
        fixture.select(QStringLiteral("web"));
        QVERIFY(!fixture.action("startContainer")->isEnabled());
        QVERIFY(fixture.action("stopContainer")->isEnabled());
        QVERIFY(fixture.action("pauseContainer")->isEnabled());
        fixture.select(QStringLiteral("old"));
        QVERIFY(fixture.action("startContainer")->isEnabled());
        QVERIFY(!fixture.action("stopContainer")->isEnabled());
        QVERIFY(!fixture.action("killContainer")->isEnabled());
    }

    void everyActionSaysWhatItDid_data()
    {
        QTest::addColumn<QString>("container");
        QTest::addColumn<QByteArray>("action");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("call");
        const auto row = [](const char* container, const char* action, const char* says, const char* call) {
            QTest::newRow(action) << QString::fromLatin1(container) << QByteArray(action) << QString::fromLatin1(says)
                                  << QString::fromLatin1(call);
        };
        row("old", "startContainer", "old is running.", "Containers.Start");
        row("web", "stopContainer", "web has stopped.", "Containers.Stop");
        row("web", "restartContainer", "web is running again.", "Containers.Start");
        row("web", "pauseContainer", "web is paused.", "Containers.Pause");
        row("web", "killContainer", "web was killed.", "Containers.Kill");
    }
    void everyActionSaysWhatItDid()
    {
        QFETCH(QString, container);
        QFETCH(QByteArray, action);
        QFETCH(QString, says);
        QFETCH(QString, call);
        Fixture fixture;
        fixture.select(container);
        fixture.action(action.constData())->trigger();
        QTRY_COMPARE(fixture.status(), says);
        QVERIFY(fixture.helper.calls().contains(call));
    }

    void anActionThatFailsSaysWhy()
    {
        Fixture fixture;
        fixture.helper.on("Containers.Stop", [](const FakeHelper::Call& call) {
            call.fail(ErrorCode::Internal, "stop web: write '/sys/fs/cgroup/x/cgroup.kill': Input/output error");
        });
        fixture.select(QStringLiteral("web"));
        fixture.action("stopContainer")->trigger();
        auto* banner = fixture.child<Banner>("errorBanner");
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->message().contains(QStringLiteral("web could not be stopped")));
        QVERIFY(banner->message().contains(QStringLiteral("Input/output error")));
        QVERIFY(fixture.status().contains(QStringLiteral("Input/output error")));
        QVERIFY(fixture.action("stopContainer")->isEnabled());
        QTest::mouseClick(banner->findChild<QToolButton*>(QStringLiteral("dismissBanner")), Qt::LeftButton);
        QVERIFY(banner->isHidden());
    }

    void removingAsksFirst()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        fixture.action("removeContainer")->trigger();
        auto* dialog = fixture.child<QDialog>("confirmDialog");
        QVERIFY(dialog);
        dialog->reject();
        QVERIFY(!fixture.helper.calls().contains(QStringLiteral("Containers.Remove")));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        fixture.action("removeContainer")->trigger();
        bool forced = false;
        fixture.helper.on("Containers.Remove", [&](const FakeHelper::Call& call) {
            const auto parameters = call.parameters<protocol::Remove::Parameters>();
            forced = parameters.force;
            call.reply(protocol::Empty{});
            fixture.helper.publish({.removedContainers = {parameters.container}});
        });
        fixture.child<QPushButton>("confirmYes")->click();
        QTRY_COMPARE(fixture.status(), QStringLiteral("web was removed."));
        QVERIFY(forced);
        QTRY_COMPARE(fixture.table()->model()->rowCount(), 1);
    }

    void renamingChecksTheName()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        fixture.action("renameContainer")->trigger();
        auto* name = fixture.child<QLineEdit>("renameName");
        name->setText(QStringLiteral("old"));
        QVERIFY(!fixture.child<QPushButton>("renameAccept")->isEnabled());
        name->setText(QStringLiteral("front"));
        fixture.child<QPushButton>("renameAccept")->click();
        QTRY_COMPARE(fixture.status(), QStringLiteral("web is now called front."));
    }

    void theTableFollowsEventsAndKeepsTheSelection()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("old"));
        fixture.helper.changed(makeContainer("another", Running));
        QTRY_COMPARE(fixture.table()->model()->rowCount(), 3);
        QCOMPARE(fixture.table()->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("old"));
    }

    void selectingARunningContainerShowsItsTerminal()
    {
        Fixture fixture;
        fixture.helper.terminalOutput = "/ # cat /etc/os-release\r\nNAME=Starter\r\n/ # ";
        fixture.helper.echo = true;
        fixture.select(QStringLiteral("web"));
        QTRY_VERIFY(fixture.terminal());
        QTRY_VERIFY(fixture.terminal()->screenText().contains(QStringLiteral("NAME=Starter")));
        QTest::keyClicks(fixture.terminal(), QStringLiteral("ls"));
        QTRY_VERIFY(fixture.terminal()->screenText().contains(QStringLiteral("/ # ls")));
        QVERIFY(!fixture.helper.upgraded().begin()->second.sizes.empty());
    }

    void aTerminalThatEndsSaysWhyAndOffersToStart()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        QTRY_VERIFY(fixture.terminal());
        QTRY_VERIFY(!fixture.helper.upgraded().empty());
        fixture.action("stopContainer")->trigger();
        QTRY_VERIFY(fixture.child<QLabel>("terminalNotice")->text().contains(QStringLiteral("TERM")));
        auto* again = fixture.child<QPushButton>("terminalNoticeAction");
        QTRY_COMPARE(again->text(), QStringLiteral("Start web"));
        again->click();
        QTRY_COMPARE(fixture.status(), QStringLiteral("web is running."));
        QTRY_COMPARE(fixture.helper.calls().count(QStringLiteral("Containers.Attach")), 2);
        QTRY_VERIFY(fixture.child<QLabel>("terminalNotice")->isHidden() || !fixture.child<QLabel>("terminalNotice")->isVisible());
    }

    void anotherShellIsRunBesideTheConsole()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        QTRY_VERIFY(fixture.terminal());
        fixture.child<QToolButton>("newShell")->click();
        QTRY_VERIFY(fixture.helper.calls().contains(QStringLiteral("Containers.Exec")));
        QTRY_VERIFY(fixture.terminal()->screenText().contains(QStringLiteral("/ #")));
        QCOMPARE(fixture.child<QTabBar>("terminalTabs")->count(), 2);
    }

    void aDroppedHelperIsAnnouncedAndTerminalsStay()
    {
        Fixture fixture;
        fixture.helper.echo = true;
        fixture.select(QStringLiteral("web"));
        QTRY_VERIFY(fixture.terminal() && fixture.terminal()->screenText().contains(QStringLiteral("/ #")));
        fixture.helper.stop();
        auto* banner = fixture.child<Banner>("connectionBanner");
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(!fixture.action("stopContainer")->isEnabled());
        QCOMPARE(fixture.table()->model()->rowCount(), 2);
        QTest::keyClicks(fixture.terminal(), QStringLiteral("still here"));
        QTRY_VERIFY(fixture.terminal()->screenText().contains(QStringLiteral("still here")));
        QVERIFY(fixture.helper.listen());
        QTRY_VERIFY(banner->isHidden());
        QVERIFY(fixture.action("stopContainer")->isEnabled());
        QCOMPARE(fixture.table()->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("web"));
    }

    void creatingEndsInTheNewContainersTerminal()
    {
        Fixture fixture({});
        auto* empty = fixture.child<QPushButton>("emptyCreate");
        QTRY_VERIFY(empty->isVisible());
        empty->click();
        fixture.child<QLineEdit>("createName")->setText(QStringLiteral("fresh"));
        fixture.child<QPushButton>("createAccept")->click();
        QTRY_COMPARE(fixture.status(), QStringLiteral("fresh was created and is running."));
        QCOMPARE(fixture.table()->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("fresh"));
        QTRY_VERIFY(fixture.terminal() && fixture.terminal()->screenText().contains(QStringLiteral("/ #")));
        QTRY_VERIFY(fixture.terminal()->hasFocus());
    }

    void theLogIsShownSearchedAndFollowed()
    {
        Fixture fixture;
        fixture.helper.log = "first \x1b[31mline\x1b[0m\nsecond line\n";
        fixture.select(QStringLiteral("web"));
        fixture.child<QTabWidget>("detailsTabs")->setCurrentIndex(1);
        auto* log = fixture.child<QPlainTextEdit>("logText");
        QTRY_COMPARE(log->toPlainText(), QStringLiteral("first line\nsecond line"));
        fixture.child<QLineEdit>("logSearch")->setText(QStringLiteral("line"));
        QCOMPARE(log->extraSelections().size(), 2);
    }

    void inspectShowsEverything()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        fixture.child<QTabWidget>("detailsTabs")->setCurrentIndex(2);
        auto* json = fixture.child<QPlainTextEdit>("inspectJson");
        QTRY_VERIFY(json->toPlainText().contains(QStringLiteral("\"firstHostId\": 589824")));
        bool found = false;
        for (const QLabel* label : fixture.window->findChildren<QLabel*>())
            found = found || label->text() == QStringLiteral("256.0 MiB");
        QVERIFY(found);
    }

    void anImageIsOpenedToItsLayersUntilItIsRemoved()
    {
        Fixture fixture;
        const protocol::Image image = fixture.helper.images[0];
        fixture.helper.on("Images.Inspect", [&](const FakeHelper::Call& call) {
            call.reply(protocol::InspectImage::Reply{image, {.layers = {{.diffId = "sha256:1", .createdBy = "COPY etc /etc"}}}});
        });
        layers::IndexWriter writer;
        const std::vector<std::string> path{"motd"};
        writer.add(path, {.size = 5});
        const std::string index = *writer.finish();
        fixture.helper.on("Images.LayerIndex", [&](const FakeHelper::Call& call) {
            call.reply(protocol::FileSize{std::int64_t(index.size())});
            call.frame(FrameType::Output, index);
            call.frame(FrameType::End);
        });
        fixture.child<QToolButton>("showImages")->click();
        auto* images = fixture.child<Table>("imageTable");
        images->setCurrentIndex(images->model()->index(0, 0));
        QTest::keyClick(images, Qt::Key_Return);
        auto* tree = fixture.child<QTreeView>("fileTree");
        QTRY_VERIFY(tree->isVisible());
        QCOMPARE(tree->model()->index(0, 0).data().toString(), QStringLiteral("motd"));
        QTest::keyClick(fixture.window.get(), Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(fixture.child<QLineEdit>("layerFilter")->hasFocus());
        QTest::keyClick(tree, Qt::Key_Escape);
        QTRY_VERIFY(images->isVisible());
        QVERIFY(images->hasFocus());
        fixture.child<QAction>("browseLayers")->trigger();
        QTRY_VERIFY(tree->isVisible());
        fixture.helper.publish({.removedImages = {image.id}});
        QTRY_VERIFY(!tree->isVisible());
        const auto states = fixture.child<QWidget>("layerBrowser")->findChildren<EmptyState*>();
        QVERIFY(std::ranges::any_of(states, [](const EmptyState* state) {
            return state->isVisible() && state->title() == QStringLiteral("The image was removed");
        }));
    }

    void theFilterThatFindsNothingSaysSo()
    {
        Fixture fixture;
        fixture.child<QLineEdit>("containerFilter")->setText(QStringLiteral("nothing like it"));
        auto* button = fixture.child<QPushButton>("emptyCreate");
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(fixture.child<QLineEdit>("containerFilter")->text(), QString());
        QVERIFY(fixture.table()->isVisible());
    }

    void whoComesBackFindsTheSameTerminalAndTypesIntoIt()
    {
        Fixture fixture;
        fixture.select(QStringLiteral("web"));
        fixture.window->close();
        fixture.open();
        QTRY_VERIFY(fixture.terminal());
        QTRY_VERIFY(fixture.terminal()->hasFocus());
        QVERIFY(fixture.terminal()->accessibleName().contains(QStringLiteral("web")));
    }

    void theWindowRemembersItsSize()
    {
        Fixture fixture;
        // A size that this screen has room for: a window is not brought back larger than that.
        fixture.window->resize(fixture.window->screen()->availableSize() * 0.9);
        const QSize wanted = fixture.window->size();
        fixture.window->close();
        fixture.open();
        QCOMPARE(fixture.window->size(), wanted);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
