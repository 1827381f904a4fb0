#include "gui/layers/file_pane.h"
#include "gui/layers/file_tree.h"
#include "gui/layers/files_view.h"
#include "gui/layers/layer_browser.h"
#include "gui/layers/layer_list_model.h"
#include "gui/layers/tree_model.h"
#include "gui/models/roles.h"
#include "gui/widgets/empty_state.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace rocker;
using namespace rocker::gui;

class TestLayerBrowser : public QObject
{
    Q_OBJECT

private:
    struct Fixture {
        FakeLayerSource source;
        std::unique_ptr<LayerBrowser> browser;

        Fixture()
        {
            source.content
                = imageOf({QStringLiteral("f etc/app.conf 30 a,f usr/big 9000 b,f tmp/junk 5000 j,l usr/link big"),
                    QStringLiteral("f etc/app.conf 40 c,w tmp/junk,f usr/copy 9000 b"), {}});
            source.files[{0, "etc/app.conf"}] = "port = 80\nhost = a\n";
            source.files[{1, "etc/app.conf"}] = "port = 8080\nhost = a\n";
            browser = std::make_unique<LayerBrowser>(source);
            browser->resize(1100, 740);
            browser->show();
            browser->open("fake", QStringLiteral("fake:latest"));
        }
        template <typename T> T* child(const char* name) const { return browser->findChild<T*>(QLatin1String(name)); }
        TreeModel* model() const { return browser->files()->model(); }
        FileTree* tree() const { return child<FileTree>("fileTree"); }
        QListView* stack() const { return child<QListView>("layerStack"); }
        void choose(int layer) const
        {
            stack()->setCurrentIndex(stack()->model()->index(stack()->model()->rowCount() - layer, 0));
        }
        bool shows(const char* path) const
        {
            return model()->tree() && model()->tree()->tree().find(path) != layers::ImageTree::none;
        }
        QStringList top() const
        {
            QStringList rows;
            for (int row = 0; row < model()->rowCount(); ++row)
                rows << model()->index(row, 0).data().toString();
            rows.sort();
            return rows;
        }
    };

private Q_SLOTS:
    void theTopLayerIsShownFirst()
    {
        Fixture fixture;
        auto* model = qobject_cast<LayerListModel*>(fixture.stack()->model());
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), 3);
        // The one that does something to files; an empty one says so.
        QCOMPARE(fixture.stack()->currentIndex().data(LayerListModel::NumberRole).toInt(), 2);
        QCOMPARE(model->index(2).data().toString(), QStringLiteral("RUN step 1"));
        QVERIFY(model->index(1).data(LayerListModel::FactsRole).toString().contains(QStringLiteral("1 removal")));
        QVERIFY(model->index(1).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("Layer 2")));
        QTRY_COMPARE(fixture.model()->rowCount(), 3);
        fixture.choose(3);
        QTRY_COMPARE(fixture.model()->rowCount(), 0);
        bool told = false;
        for (const EmptyState* state : fixture.browser->findChildren<EmptyState*>())
            told = told || (state->isVisible() && state->title().contains(QStringLiteral("changes no files")));
        QVERIFY(told);
    }

    void thereIsRoomForItInASmallWindow()
    {
        Fixture fixture;
        QTRY_VERIFY(fixture.model()->tree());
        QVERIFY2(fixture.browser->minimumSizeHint().width() <= 824,
            qPrintable(QString::number(fixture.browser->minimumSizeHint().width())));
    }

    void layersAndScopesShowTheirTree()
    {
        Fixture fixture;
        fixture.choose(2);
        QTRY_COMPARE(fixture.top(), (QStringList{QStringLiteral("etc"), QStringLiteral("tmp"), QStringLiteral("usr")}));
        fixture.tree()->select("etc/app.conf");
        fixture.child<QToolButton>("scopeUpTo")->click();
        QTRY_VERIFY(fixture.model()->nearestIndexOf("usr/big").isValid()
            && fixture.model()->indexOf(fixture.model()->tree()->tree().find("usr/big")).isValid());
        QCOMPARE(fixture.tree()->currentIndex().data(KeyRole).toString(), QStringLiteral("etc/app.conf"));
        fixture.child<QToolButton>("scopeImage")->click();
        QTRY_VERIFY(fixture.tree()->isColumnHidden(TreeModel::Change));
        QVERIFY(!fixture.model()->isShown(fixture.model()->tree()->tree().find("tmp/junk")));
        fixture.choose(1); // who asks for a layer is not left with the whole
        QVERIFY(fixture.child<QToolButton>("scopeUpTo")->isChecked());
        QTRY_VERIFY(fixture.model()->tree()->tree().find("usr/copy") == layers::ImageTree::none);
    }

    void theNewestWishCounts()
    {
        Fixture fixture;
        for (int i = 0; i < 20; ++i)
            fixture.choose(1 + i % 2);
        fixture.choose(1);
        QTRY_VERIFY(
            fixture.model()->tree() && fixture.model()->tree()->tree().find("usr/link") != layers::ImageTree::none);
        QTest::qWait(50);
        QCOMPARE(fixture.model()->tree()->tree().find("usr/copy"), layers::ImageTree::none);
    }

    void theFilterIsOneWithItsChoices()
    {
        Fixture fixture;
        fixture.choose(1);
        QTRY_VERIFY(fixture.shows("usr/link")); // not the top layer's any more, which has as many rows
        auto* line = fixture.child<QLineEdit>("layerFilter");
        auto* kind = fixture.child<QComboBox>("layerFilter-kind");
        QCOMPARE(kind->currentIndex(), 0);
        kind->setCurrentIndex(kind->findData(QStringLiteral("links")));
        QCOMPARE(line->text(), QStringLiteral("kind:links"));
        QCOMPARE(fixture.top(), QStringList{QStringLiteral("usr")});
        QVERIFY(fixture.child<QLabel>("layerFilterResult")->text().startsWith(QStringLiteral("1 match")));
        line->setText(QStringLiteral("size:>4k"));
        QCOMPARE(kind->currentIndex(), 0);
        QCOMPARE(fixture.child<QComboBox>("layerFilter-size")->currentIndex(), -1); // what the choices do not have
        QVERIFY(fixture.child<QLabel>("layerFilterResult")->text().startsWith(QStringLiteral("2 matches")));
        line->setText(QStringLiteral("size:much"));
        QVERIFY(line->property("wrong").toBool());
        QVERIFY(fixture.child<QLabel>("layerFilterProblem")->isVisible());
        line->setText(QStringLiteral("nowhere"));
        QVERIFY(!fixture.tree()->isVisible());
        QTest::keyClick(line, Qt::Key_Escape);
        QCOMPARE(line->text(), QString());
        QVERIFY(fixture.tree()->isVisible());
        QTest::keyClick(line, Qt::Key_Down);
        QTRY_VERIFY(fixture.tree()->hasFocus());
    }

    void theSelectedFileIsShown()
    {
        Fixture fixture;
        fixture.choose(2);
        QTRY_COMPARE(fixture.model()->rowCount(), 3);
        fixture.tree()->select("etc/app.conf");
        QTRY_COMPARE(
            fixture.child<QPlainTextEdit>("previewText")->toPlainText(), QStringLiteral("port = 8080\nhost = a\n"));
        QVERIFY(fixture.child<QAction>("saveFile")->isEnabled());
        fixture.child<QAction>("copyPath")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("/etc/app.conf"));
        // Of what was removed, the layer below has the content.
        fixture.source.files[{0, "tmp/junk"}] = "junk";
        fixture.tree()->select("tmp/junk");
        QTRY_COMPARE(fixture.child<QPlainTextEdit>("previewText")->toPlainText(), QStringLiteral("junk"));
        // What cannot be read says why.
        fixture.tree()->select("usr/copy");
        QTRY_VERIFY(
            fixture.child<QLabel>("previewWords")->text().contains(QStringLiteral("Layer 1 has no file 'usr/copy'")));
    }

    void goingThroughAListAsksOnlyForTheLast()
    {
        Fixture fixture;
        fixture.choose(2);
        QTRY_COMPARE(fixture.model()->rowCount(), 3);
        QTest::qWait(200);
        fixture.source.asked.clear();
        fixture.tree()->select("usr/copy");
        fixture.tree()->select("tmp/junk");
        fixture.tree()->select("etc/app.conf");
        QTRY_COMPARE(fixture.source.asked.size(), 1U);
        QCOMPARE(fixture.source.asked.front(), std::string("etc/app.conf"));
    }

    void theHistoryShowsWhatChanged()
    {
        Fixture fixture;
        fixture.choose(2);
        QTRY_COMPARE(fixture.model()->rowCount(), 3);
        fixture.tree()->select("etc/app.conf");
        fixture.child<QTabWidget>("fileTabs")->setCurrentIndex(2);
        auto* table = fixture.child<QTableWidget>("pathHistory");
        QCOMPARE(table->rowCount(), 2);
        QCOMPARE(table->currentRow(), 1);
        QTRY_COMPARE(fixture.child<QPlainTextEdit>("pathDifference")->toPlainText(),
            QStringLiteral("- port = 80\n+ port = 8080\n  host = a\n  "));
        table->setCurrentCell(0, 0);
        QVERIFY(fixture.child<QPlainTextEdit>("pathDifference")
                    ->toPlainText()
                    .contains(QStringLiteral("Layer 1 brought it")));
    }

    void aFileIsSaved()
    {
        Fixture fixture;
        fixture.choose(2);
        QTRY_COMPARE(fixture.model()->rowCount(), 3);
        fixture.tree()->select("etc/app.conf");
        QSignalSpy done(fixture.browser.get(), &LayerBrowser::done);
        QTemporaryDir directory;
        const QString target = directory.filePath(QStringLiteral("saved.conf"));
        QTRY_VERIFY(fixture.child<QAction>("saveFile")->isEnabled());
        fixture.child<QAction>("saveFile")->trigger();
        auto* dialog = fixture.child<QObject>("saveFileDialog");
        QVERIFY(dialog);
        QMetaObject::invokeMethod(dialog, "fileSelected", Q_ARG(QString, target));
        QTRY_COMPARE(done.size(), 1);
        QFile saved(target);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), QByteArray("port = 8080\nhost = a\n"));
    }

    void whatIsWastedIsCountedAndShown()
    {
        Fixture fixture;
        auto* button = fixture.child<QPushButton>("layersWaste");
        QTRY_VERIFY(button->isVisible());
        QVERIFY(button->text().contains(QStringLiteral("4.9 KiB")));
        button->click();
        auto* files = fixture.child<QTableView>("wastedFiles");
        QTRY_VERIFY(files->isVisible());
        QCOMPARE(files->model()->index(0, 0).data().toString(), QStringLiteral("/tmp/junk"));
        QCOMPARE(files->model()->index(0, 3).data().toString(), QStringLiteral("Removed by layer 2"));
        auto* duplicates = fixture.child<QTableView>("duplicates");
        QCOMPARE(duplicates->model()->rowCount(), 1);
        Q_EMIT files->activated(files->model()->index(0, 0));
        QTRY_COMPARE(fixture.tree()->currentIndex().data(KeyRole).toString(), QStringLiteral("tmp/junk"));
        QVERIFY(fixture.tree()->isVisible());
    }

    void whatCannotBeReadSaysWhyAndIsTriedAgain()
    {
        Fixture fixture;
        const auto content = fixture.source.content;
        fixture.source.content = fail(ErrorCode::NotFound, "layer 2 has no index: import the image again");
        fixture.browser->open("fake", QStringLiteral("fake:latest"));
        QPushButton* again = nullptr;
        const auto visible = [&] {
            for (const EmptyState* state : fixture.browser->findChildren<EmptyState*>())
                if (state->isVisible() && state->title() == QStringLiteral("The layers cannot be shown"))
                    again = state->button();
            return again != nullptr;
        };
        QTRY_VERIFY(visible());
        fixture.source.content = content;
        again->click();
        QTRY_VERIFY(fixture.stack()->isVisible());
        fixture.browser->setGone();
        QVERIFY(!fixture.stack()->isVisible());
    }

    void escapeLeadsBack()
    {
        Fixture fixture;
        QSignalSpy back(fixture.browser.get(), &LayerBrowser::backRequested);
        fixture.choose(1);
        QTRY_VERIFY(fixture.shows("usr/link")); // not the top layer's any more, which has as many rows
        QTest::keyClick(fixture.tree(), Qt::Key_Escape);
        QCOMPARE(back.size(), 1);
        fixture.child<QToolButton>("layersBack")->click();
        QCOMPARE(back.size(), 2);
    }

    void packagesAreListedAndLeadToTheirFiles()
    {
        Fixture fixture;
        fixture.source.content = imageOf({QStringLiteral("f var/lib/dpkg/status 200 s,f var/lib/dpkg/info/tool.list 20 l,f usr/bin/tool 5 t,l bin usr/bin"),
            QStringLiteral("f var/lib/dpkg/status 300 t,f app/node_modules/part/package.json 40 j,f app/node_modules/part/index.js 1 i")});
        const QByteArray tool = "Package: tool\nStatus: install ok installed\nVersion: 1.0\nInstalled-Size: 3\n\n";
        fixture.source.files[{0, "var/lib/dpkg/status"}] = tool;
        fixture.source.files[{1, "var/lib/dpkg/status"}] = tool + "Package: late\nStatus: install ok installed\nVersion: 2\n\n";
        fixture.source.files[{0, "var/lib/dpkg/info/tool.list"}] = "/.\n/bin\n/bin/tool\n";
        fixture.source.files[{1, "app/node_modules/part/package.json"}] = R"({"name":"part","version":"3","license":"MIT"})";
        fixture.source.files[{0, "usr/bin/tool"}] = "#!/bin/sh\n";
        fixture.browser->open("fake", QStringLiteral("fake:latest"));
        auto* tabs = fixture.child<QTabWidget>("layerTabs");
        auto* table = fixture.child<QTableView>("packageTable");
        tabs->setCurrentWidget(fixture.child<QWidget>("packagesView"));
        QTRY_COMPARE(table->model()->rowCount(), 3);
        const auto cell = [&](int row, int column) { return table->model()->index(row, column).data().toString(); };
        QCOMPARE(QStringList({cell(0, 0), cell(1, 0), cell(2, 0)}), QStringList({"late", "part", "tool"}));
        QCOMPARE(QStringList({cell(0, 5), cell(1, 5), cell(2, 5)}), QStringList({"2", "2", "1"})); // the layer that brought it
        auto* filter = fixture.child<QLineEdit>("packageFilter");
        filter->setText(QStringLiteral("npm mit"));
        QCOMPARE(table->model()->rowCount(), 1);
        QVERIFY(fixture.child<QLabel>("packagesSummary")->text().startsWith(QStringLiteral("1 of 3")));
        filter->setText(QStringLiteral("tool"));
        table->selectRow(0);
        auto* files = fixture.child<QListWidget>("packageFiles");
        QCOMPARE(files->item(files->count() - 1)->text(), QStringLiteral("/bin/tool"));
        Q_EMIT table->activated(table->model()->index(0, 0));
        QCOMPARE(tabs->currentIndex(), 0);
        QTRY_VERIFY(fixture.child<QLabel>("previewHeadline")->text().endsWith(QStringLiteral("of tool")));
        QCOMPARE(fixture.child<QLabel>("filePath")->toolTip().contains(QStringLiteral("/usr/bin/tool")), true);
    }

    void anImageWithoutPackagesSaysSo()
    {
        Fixture fixture;
        fixture.child<QTabWidget>("layerTabs")->setCurrentWidget(fixture.child<QWidget>("packagesView"));
        auto* view = fixture.child<QWidget>("packagesView");
        QTRY_COMPARE(view->findChild<EmptyState*>()->title(), QStringLiteral("No packages"));
    }

    void aBrokenDatabaseIsToldAndTheRestIsShown()
    {
        Fixture fixture;
        fixture.source.content = imageOf({QStringLiteral("f usr/lib/sysimage/rpm/rpmdb.sqlite 20 r,f lib/apk/db/installed 10 a,f usr/share/x 1 x")});
        fixture.source.files[{0, "usr/lib/sysimage/rpm/rpmdb.sqlite"}] = "SQLite format 3 or so";
        fixture.source.files[{0, "lib/apk/db/installed"}] = "P:musl\nV:1\n";
        fixture.browser->open("fake", QStringLiteral("fake:latest"));
        fixture.child<QTabWidget>("layerTabs")->setCurrentWidget(fixture.child<QWidget>("packagesView"));
        QTRY_COMPARE(fixture.child<QTableView>("packageTable")->model()->rowCount(), 1);
        QVERIFY(fixture.child<QLabel>("packagesNotes")->text().contains(QStringLiteral("no SQLite")));
    }
};

QTEST_MAIN(TestLayerBrowser)
#include "tst_layer_browser.moc"
