#include "gui/layers/file_tree.h"
#include "gui/layers/tree_model.h"
#include "gui/layers/treemap.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;
using layers::ImageTree;

namespace {

SharedTree treeOf(const QStringList& notations, ImageTree::Scope scope = ImageTree::Scope::UpTo)
{
    return std::make_shared<const SearchableTree>(layersOf(notations), std::size_t(notations.size() - 1), scope);
}

// "a(b c)" as a view would walk it.
QString shown(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        QString line = index.data().toString();
        if (const QString inside = shown(model, index); !inside.isEmpty())
            line += u'(' + inside + u')';
        rows << line;
    }
    return rows.join(u' ');
}

// What a view of it shows: only what is open.
QString opened(const QTreeView& view, const QModelIndex& parent = {})
{
    QStringList rows;
    for (int row = 0; row < view.model()->rowCount(parent); ++row) {
        const QModelIndex index = view.model()->index(row, 0, parent);
        QString line = index.data().toString();
        if (view.isExpanded(index))
            line += u'(' + opened(view, index) + u')';
        rows << line;
    }
    return rows.join(u' ');
}

const QStringList sample{
    QStringLiteral("f usr/lib/a 500 a,f usr/lib/b 50 b,f usr/bin/c 70 c,f etc/hosts 9 h,l bin usr/bin"),
    QStringLiteral("f usr/lib/b 60 d,w etc/hosts,f srv/new 5 e")};

// The same in company, so that it is not opened altogether.
QStringList large()
{
    QStringList notations = sample;
    for (std::uint32_t i = 0; i < FileTree::smallTree; ++i)
        notations[0] += QStringLiteral(",f zz/%1 0 z").arg(i);
    return notations;
}

} // namespace

class TestTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theModelKeepsItsPromises()
    {
        TreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        QVERIFY(model.rowCount() > 0);
        for (int column = 0; column < TreeModel::ColumnCount; ++column) {
            model.sort(column, Qt::AscendingOrder);
            model.sort(column, Qt::DescendingOrder);
        }
        model.setFilter(TreeFilter::parse(QStringLiteral("lib")));
        model.setFilter(TreeFilter::parse(QStringLiteral("nothing")));
        model.setFilter({});
        model.setTree({}, TreeModel::Marks::Shown);
        QCOMPARE(model.rowCount(), 0);
    }

    void theLargestComesFirst()
    {
        TreeModel model;
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        QCOMPARE(shown(model), QStringLiteral("usr(lib(a b) bin(c)) etc(hosts) srv(new) bin → usr/bin"));
    }

    void everyColumnSorts_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<Qt::SortOrder>("order");
        QTest::addColumn<QString>("expected");
        QTest::newRow("name") << int(TreeModel::Name) << Qt::AscendingOrder
                              << "bin → usr/bin etc(hosts) srv(new) usr(bin(c) lib(a b))";
        QTest::newRow("name, backwards") << int(TreeModel::Name) << Qt::DescendingOrder
                                         << "usr(lib(b a) bin(c)) srv(new) etc(hosts) bin → usr/bin";
        QTest::newRow("size, smallest first")
            << int(TreeModel::Size) << Qt::AscendingOrder << "bin → usr/bin srv(new) etc(hosts) usr(bin(c) lib(b a))";
        QTest::newRow("files") << int(TreeModel::Files) << Qt::DescendingOrder
                               << "usr(lib(a b) bin(c)) bin → usr/bin srv(new) etc(hosts)";
        QTest::newRow("layer") << int(TreeModel::Layer) << Qt::DescendingOrder
                               << "etc(hosts) srv(new) usr(lib(b a) bin(c)) bin → usr/bin";
    }
    void everyColumnSorts()
    {
        QFETCH(int, column);
        QFETCH(Qt::SortOrder, order);
        TreeModel model;
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        model.sort(column, order);
        QTEST(shown(model), "expected");
    }

    void whatTheLayerDidIsMarked()
    {
        TreeModel model;
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        const auto change = [&](const char* path) {
            return model.indexOf(model.tree()->tree().find(path), TreeModel::Change).data().toString();
        };
        QCOMPARE(change("srv/new"), QStringLiteral("Added"));
        QCOMPARE(change("usr/lib/b"), QStringLiteral("Changed"));
        QCOMPARE(change("etc/hosts"), QStringLiteral("Removed"));
        QCOMPARE(change("usr/lib/a"), QString());
        QVERIFY(model.indexOf(model.tree()->tree().find("usr")).data(TreeModel::BelowRole).toBool());
        QCOMPARE(model.indexOf(model.tree()->tree().find("etc"), TreeModel::Size).data().toString(),
            QStringLiteral("−9 bytes"));
        model.setTree(model.tree(), TreeModel::Marks::Hidden);
        QCOMPARE(change("srv/new"), QString());
        QCOMPARE(model.indexOf(model.tree()->tree().find("srv/new"), TreeModel::Size).data().toString(),
            QStringLiteral("5 bytes"));
        QCOMPARE(shown(model), QStringLiteral("usr(lib(a b) bin(c)) srv(new) bin → usr/bin etc"));
    }

    void selectionOutlivesSorting()
    {
        TreeModel model;
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        const QPersistentModelIndex kept = model.indexOf(model.tree()->tree().find("usr/lib/b"), TreeModel::Mode);
        model.sort(TreeModel::Name, Qt::DescendingOrder);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.row(), 0);
        QCOMPARE(QModelIndex(kept).siblingAtColumn(0).data().toString(), QStringLiteral("b"));
    }

    void whatIsOpenAndSelectedOutlivesAnotherTree()
    {
        TreeModel model;
        FileTree view(&model);
        view.resize(600, 400);
        view.show();
        model.setTree(treeOf(large()), TreeModel::Marks::Shown);
        view.expand(model.nearestIndexOf("usr"));
        view.expand(model.nearestIndexOf("usr/lib"));
        view.select("usr/lib/b");
        QCOMPARE(opened(view), QStringLiteral("usr(lib(a b) bin) etc srv bin → usr/bin zz"));
        // A layer without it, and back again.
        model.setTree(treeOf({QStringLiteral("f usr/bin/x 1 x")}), TreeModel::Marks::Shown);
        QCOMPARE(opened(view), QStringLiteral("usr(bin(x))"));
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("usr"));
        QSignalSpy selected(&view, &FileTree::nodeSelected);
        model.setTree(treeOf(large()), TreeModel::Marks::Shown);
        QCOMPARE(opened(view), QStringLiteral("usr(lib(a b) bin) etc srv bin → usr/bin zz"));
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("b"));
        QCOMPARE(selected.back().front().toUInt(), model.tree()->tree().find("usr/lib/b"));
    }

    void aFilterOpensWhatItFindsAndPutsBackWhatWasOpen()
    {
        TreeModel model;
        FileTree view(&model);
        view.show();
        model.setTree(treeOf(large()), TreeModel::Marks::Shown);
        view.expand(model.nearestIndexOf("etc"));
        model.setFilter(TreeFilter::parse(QStringLiteral("hosts")));
        QCOMPARE(opened(view), QStringLiteral("etc(hosts)"));
        model.setFilter(TreeFilter::parse(QStringLiteral("lib")));
        QCOMPARE(opened(view), QStringLiteral("usr(lib)")); // found itself: what is in it stays closed
        model.setFilter(TreeFilter::parse(QStringLiteral("usr/lib/b")));
        QCOMPARE(opened(view), QStringLiteral("usr(lib(b))"));
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("b"));
        model.setFilter({});
        QCOMPARE(opened(view), QStringLiteral("usr etc(hosts) srv bin → usr/bin zz"));
    }

    void aSmallTreeIsOpenButWhatThePersonCloses()
    {
        TreeModel model;
        FileTree view(&model);
        view.show();
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        QCOMPARE(opened(view), QStringLiteral("usr(lib(a b) bin(c)) etc(hosts) srv(new) bin → usr/bin"));
        view.collapse(model.nearestIndexOf("usr/lib"));
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        QCOMPARE(opened(view), QStringLiteral("usr(lib bin(c)) etc(hosts) srv(new) bin → usr/bin"));
    }

    void columnsMakeRoomForTheNames()
    {
        TreeModel model;
        FileTree view(&model);
        view.resize(1200, 400);
        view.show();
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        QVERIFY(!view.isColumnHidden(TreeModel::Owner));
        view.resize(420, 400);
        QTRY_VERIFY(view.isColumnHidden(TreeModel::Owner));
        QVERIFY(!view.isColumnHidden(TreeModel::Size));
        QVERIFY(view.columnWidth(TreeModel::Name) > 150);
        view.resize(1200, 400);
        QTRY_VERIFY(!view.isColumnHidden(TreeModel::Owner));
        view.setColumnWanted(TreeModel::Change, false);
        QVERIFY(view.isColumnHidden(TreeModel::Change));
    }

    void keysGoThroughTheTree()
    {
        TreeModel model;
        FileTree view(&model);
        view.show();
        model.setTree(treeOf(sample), TreeModel::Marks::Shown);
        view.select("usr/lib/a");
        QTest::keyClick(&view, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("lib"));
        QTest::keyClick(&view, Qt::Key_Return);
        QVERIFY(!view.isExpanded(view.currentIndex()));
        QTest::keyClick(&view, Qt::Key_Backspace);
        QCOMPARE(view.currentIndex().data().toString(), QStringLiteral("usr"));
    }

    void areasAreInProportion()
    {
        const SearchableTree tree(
            layersOf({QStringLiteral(
                "f a/1 600 a,f a/2 300 b,f a/3 100 c,f b 500 d,f c 250 e,f d 250 f,f e 0 g,f f/1 40 h")}),
            0, ImageTree::Scope::UpTo);
        const auto weights = treemapWeights(tree.tree(), filtered(tree, {}, Removed::Shown));
        const QRectF area(10, 20, 400, 300);
        const auto tiles = treemapTiles(tree.tree(), weights, ImageTree::root, area, {.least = 0.01, .margin = 0});
        QCOMPARE(tiles.size(), 9U); // all but the empty one
        const double scale = area.width() * area.height() / double(weights[ImageTree::root]);
        for (const TreemapTile& tile : tiles) {
            QVERIFY(area.adjusted(-0.01, -0.01, 0.01, 0.01).contains(tile.rect));
            QVERIFY(std::abs(tile.rect.width() * tile.rect.height() - double(weights[tile.node]) * scale) < 0.01);
            for (const TreemapTile& other : tiles)
                if (other.depth == tile.depth && other.node != tile.node) {
                    const QRectF shared = tile.rect & other.rect;
                    QVERIFY(shared.width() * shared.height() < 0.01);
                }
        }
        // What is in a directory lies in it.
        for (const TreemapTile& tile : tiles)
            for (const TreemapTile& other : tiles)
                if (tree.tree().at(other.node).parent == tile.node)
                    QVERIFY(tile.rect.adjusted(-0.01, -0.01, 0.01, 0.01).contains(other.rect));
    }

    void theMapHasNoMoreTilesThanRoom()
    {
        QStringList files;
        for (int i = 0; i < 5000; ++i)
            files << QStringLiteral("f d%1/f%2 %3 x").arg(i % 50).arg(i).arg(i + 1);
        const SearchableTree tree(layersOf({files.join(u',')}), 0, ImageTree::Scope::UpTo);
        const auto weights = treemapWeights(tree.tree(), filtered(tree, {}, Removed::Shown));
        for (const TreemapTile& tile : treemapTiles(tree.tree(), weights, ImageTree::root, {0, 0, 200, 100}, {}))
            QVERIFY(tile.rect.width() >= 4 && tile.rect.height() >= 4);
    }

    void theMapSelectsAndDescends()
    {
        const SharedTree tree = treeOf({QStringLiteral("f a/1 600 a,f a/2 300 b,f b 500 d")});
        Treemap map;
        map.resize(400, 300);
        map.setTree(tree, filtered(*tree, {}, Removed::Shown), Treemap::Coloring::ByLayer);
        map.show();
        map.grab();
        QVERIFY(!map.tiles().empty());
        const auto centre = [&](const char* path) {
            for (const TreemapTile& tile : map.tiles())
                if (tile.node == tree->tree().find(path))
                    return tile.rect.center().toPoint();
            return QPoint();
        };
        QSignalSpy clicked(&map, &Treemap::nodeClicked);
        QTest::mouseClick(&map, Qt::LeftButton, {}, centre("b"));
        QCOMPARE(clicked.back().front().toUInt(), tree->tree().find("b"));
        QTest::mouseDClick(&map, Qt::LeftButton, {}, centre("a/1"));
        map.grab();
        QCOMPARE(map.shownRoot(), tree->tree().find("a"));
        QCOMPARE(map.tiles().size(), 2U);
        QTest::keyClick(&map, Qt::Key_Backspace);
        QCOMPARE(map.shownRoot(), ImageTree::root);
    }
};

QTEST_MAIN(TestTreeModel)
#include "tst_tree_model.moc"
