#include "gui/layers/tree_filter.h"
#include "tests/unit/gui/fake_layer_source.h"

#include <QTest>

using namespace rocker;
using namespace rocker::gui;
using layers::ImageTree;

class TestTreeFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPatternMatches_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* pattern, const char* text, bool expected) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(pattern), QLatin1String(text))))
                << QByteArray(pattern) << QByteArray(text) << expected;
        };
        row("*.so", "libc.so", true);
        row("*.so", "libc.so.6", false);
        row("*.so*", "libc.so.6", true);
        row("lib?.so", "libc.so", true);
        row("lib?.so", "lib.so", false);
        row("[a-c]*", "bin", true);
        row("[a-c]*", "dev", false);
        row("[!a-c]*", "dev", true);
        row("[", "[", true);
        row("[ab", "[ab", true);
        row("[]]", "]", true);
        row("*", "", true);
        row("", "", true);
        row("", "a", false);
        row("a*b*c", "a-b-b-c", true);
        row("usr/*/x", "usr/lib/deep/x", true);
        row("**a", "a", true);
    }
    void aPatternMatches()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QTEST(matchesPattern(pattern.toStdString(), text.toStdString()), "expected");
    }

    void aPatternOfManyStarsEndsSoon()
    {
        const std::string text(4000, 'a');
        QVERIFY(!matchesPattern("a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
    }

    void aLineIsRead()
    {
        const TreeFilter filter = TreeFilter::parse(
            QStringLiteral(" Usr/LIB  *.so kind:links change:added change:removed size:>1.5M layer:3"));
        QCOMPARE(filter.words.size(), 2U);
        QCOMPARE(filter.words[0], (TreeFilter::Word{"usr/lib", false, true}));
        QCOMPARE(filter.words[1], (TreeFilter::Word{"*.so", true, false}));
        QCOMPARE(filter.kinds, unsigned(TreeFilter::Links));
        QCOMPARE(filter.changes, (1U << int(layers::Change::Added)) | (1U << int(layers::Change::Removed)));
        QCOMPARE(*filter.atLeast, 1'572'864U);
        QVERIFY(!filter.atMost);
        QCOMPARE(*filter.layer, 2);
        QVERIFY(filter.problem.isEmpty());
        QCOMPARE(*TreeFilter::parse(QStringLiteral("size:<4k")).atMost, 4096U);
        QCOMPARE(*TreeFilter::parse(QStringLiteral("size:>=10MiB")).atLeast, 10U << 20);
        QVERIFY(TreeFilter::parse(QStringLiteral("  ")).isEmpty());
        QVERIFY(TreeFilter::parse(QStringLiteral("/")).isEmpty());
        QVERIFY(TreeFilter::parse(QStringLiteral("a:b")).words[0].text == "a:b"); // a name may have a colon
    }

    void whatMeansNothingIsToldAndAsksForNothing_data()
    {
        QTest::addColumn<QString>("line");
        for (const char* line :
            {"size:big", "size:>1e40", "size:-1", "kind:thing", "change:moved", "layer:0", "layer:x", "layer:70000"})
            QTest::newRow(line) << QString::fromLatin1(line);
    }
    void whatMeansNothingIsToldAndAsksForNothing()
    {
        QFETCH(QString, line);
        const TreeFilter filter = TreeFilter::parse(line);
        QVERIFY(filter.isEmpty());
        QVERIFY(filter.problem.endsWith(u'.'));
        QVERIFY(TreeFilter::parse(line.section(u':', 0, 0) + u':').problem.isEmpty()); // still being typed
    }

    void choicesWriteIntoTheLine()
    {
        QCOMPARE(withToken(QStringLiteral("lib size:>1m"), QStringLiteral("size"), QStringLiteral(">10m")),
            QStringLiteral("lib size:>10m"));
        QCOMPARE(withToken(QStringLiteral("lib SIZE:>1m"), QStringLiteral("size"), {}), QStringLiteral("lib"));
        QCOMPARE(withToken({}, QStringLiteral("kind"), QStringLiteral("links")), QStringLiteral("kind:links"));
        QCOMPARE(tokenOf(QStringLiteral("a kind:files kind:Links"), QStringLiteral("kind")), QStringLiteral("links"));
        QCOMPARE(tokenOf(QStringLiteral("a"), QStringLiteral("kind")), QString());
    }

    void theTreeIsFiltered_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("matches");
        QTest::addColumn<QString>("shown");
        QTest::newRow("nothing asked")
            << ""
            << "etc etc/hosts old usr usr/lib usr/lib/a.so usr/lib/b.so.1 usr/lib/c usr/lib/link"
            << "etc etc/hosts old usr usr/lib usr/lib/a.so usr/lib/b.so.1 usr/lib/c usr/lib/link";
        QTest::newRow("a word in a name") << "hosts"
                                          << "etc/hosts"
                                          << "etc etc/hosts";
        QTest::newRow("a word in a directory's name shows what is in it")
            << "lib"
            << "usr/lib usr/lib/a.so usr/lib/b.so.1 usr/lib/c usr/lib/link"
            << "usr usr/lib usr/lib/a.so usr/lib/b.so.1 usr/lib/c usr/lib/link";
        QTest::newRow("case does not count") << "HOSTS"
                                             << "etc/hosts"
                                             << "etc etc/hosts";
        QTest::newRow("a pattern") << "*.so"
                                   << "usr/lib/a.so"
                                   << "usr usr/lib usr/lib/a.so";
        QTest::newRow("a pattern with a slash") << "usr/*/b*"
                                                << "usr/lib/b.so.1"
                                                << "usr usr/lib usr/lib/b.so.1";
        QTest::newRow("several words") << "usr a.so"
                                       << "usr/lib/a.so"
                                       << "usr usr/lib usr/lib/a.so";
        QTest::newRow("a path") << "b/a."
                                << "usr/lib/a.so"
                                << "usr usr/lib usr/lib/a.so";
        QTest::newRow("large files") << "size:>100"
                                     << "usr/lib/a.so"
                                     << "usr usr/lib usr/lib/a.so";
        QTest::newRow("large directories") << "size:>100 kind:dir"
                                           << "usr usr/lib"
                                           << "usr usr/lib";
        QTest::newRow("links") << "kind:links"
                               << "usr/lib/link"
                               << "usr usr/lib usr/lib/link";
        QTest::newRow("added") << "change:added"
                               << "usr/lib/c"
                               << "usr usr/lib usr/lib/c";
        QTest::newRow("removed") << "change:rem"
                                 << "old"
                                 << "old";
        QTest::newRow("any change") << "change:any"
                                    << "etc/hosts old usr/lib/c"
                                    << "etc etc/hosts old usr usr/lib usr/lib/c";
        QTest::newRow("of a layer") << "layer:2 kind:files"
                                    << "etc/hosts usr/lib/c"
                                    << "etc etc/hosts usr usr/lib usr/lib/c";
        QTest::newRow("nothing found") << "nowhere"
                                       << ""
                                       << "";
    }
    void theTreeIsFiltered()
    {
        QFETCH(QString, line);
        const SearchableTree tree(
            layersOf({QStringLiteral(
                          "f usr/lib/a.so 500 a,f usr/lib/b.so.1 50 b,l usr/lib/link a.so,f etc/hosts 9 h,f old 1 o"),
                QStringLiteral("f usr/lib/c 7 c,f etc/hosts 8 i,w old")}),
            1, ImageTree::Scope::UpTo);
        const FilteredTree result = filtered(tree, TreeFilter::parse(line), Removed::Shown);
        const auto pathsWith = [&](FilteredTree::Bit bit) {
            QStringList paths;
            for (std::uint32_t node = 1; node < tree.tree().size(); ++node)
                if (result.is(node, bit))
                    paths << QString::fromStdString(tree.tree().path(node));
            paths.sort();
            return paths.join(u' ');
        };
        QTEST(pathsWith(FilteredTree::Match), "matches");
        QTEST(pathsWith(FilteredTree::Shown), "shown");
        QCOMPARE(qsizetype(result.matches), pathsWith(FilteredTree::Match).split(u' ', Qt::SkipEmptyParts).size());
    }

    void whatWasRemovedDoesNotShowInTheWholeImage()
    {
        const SearchableTree tree(
            layersOf({QStringLiteral("f a/b 1 x,f c 1 x"), QStringLiteral("w a")}), 1, ImageTree::Scope::UpTo);
        const FilteredTree result = filtered(tree, {}, Removed::Hidden);
        QCOMPARE(result.matches, 1U);
        QVERIFY(!result.is(tree.tree().find("a"), FilteredTree::Shown));
        QVERIFY(result.is(tree.tree().find("c"), FilteredTree::Shown));
    }

    void pathsAreSearchedInSmallLetters()
    {
        const SearchableTree tree(layersOf({QStringLiteral("f Usr/LIB/Name 1 x")}), 0, ImageTree::Scope::UpTo);
        const std::uint32_t node = tree.tree().find("Usr/LIB/Name");
        QCOMPARE(tree.path(node), std::string_view("usr/lib/name"));
        QCOMPARE(tree.name(node), std::string_view("name"));
        QCOMPARE(tree.path(0), std::string_view());
    }
};

QTEST_GUILESS_MAIN(TestTreeFilter)
#include "tst_tree_filter.moc"
