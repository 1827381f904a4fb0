#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

namespace
{

Position at(const Terminal& terminal, int row, int column)
{
    return {terminal.screenLine() + row, column};
}

} // namespace

class TstTerminalSelection : public QObject
{
    Q_OBJECT

private slots:
    void wrappedLinesAreJoinedAndBlanksTrimmed()
    {
        const Terminal terminal = written("0123456789abc\r\nnext   \r\nlast", {10, 5});
        QCOMPARE(terminal.text({at(terminal, 0, 0), at(terminal, 3, 4)}), std::string("0123456789abc\nnext\nlast"));
        QCOMPARE(terminal.text({at(terminal, 0, 8), at(terminal, 1, 2)}), std::string("89ab"));
        QCOMPARE(terminal.text({at(terminal, 1, 2), at(terminal, 0, 8)}), std::string("89ab"));
        QCOMPARE(terminal.text({at(terminal, 2, 1), at(terminal, 2, 3)}), std::string("ex"));
    }

    void aBlockTakesItsColumnsOfEveryLine()
    {
        const Terminal terminal = written("abcdef\r\ngh\r\nijklmn", {10, 5});
        QCOMPARE(
            terminal.text({at(terminal, 0, 1), at(terminal, 2, 4), Range::Shape::Block}), std::string("bcd\nh\njkl"));
    }

    void wideAndCombinedCharactersComeWhole()
    {
        const Terminal terminal = written("漢e\u0301字🇩🇪x", {20, 2});
        QCOMPARE(terminal.text({at(terminal, 0, 0), at(terminal, 0, 20)}), std::string("漢e\u0301字🇩🇪x"));
        QCOMPARE(terminal.text({at(terminal, 0, 2), at(terminal, 0, 5)}), std::string("e\u0301字"));
    }

    void aSelectionHoldsWhileTheScreenScrolls()
    {
        Terminal terminal = written("keep this\r\n", {20, 3});
        const Range range{at(terminal, 0, 5), at(terminal, 0, 9)};
        for (int i = 0; i < 300; ++i)
            terminal.write("more\r\n");
        QCOMPARE(terminal.text(range), std::string("this"));
    }

    void aRangeOutsideOfAllLinesIsCut()
    {
        Terminal terminal({20, 2}, {.scrollbackLines = 0});
        terminal.write("a\r\nb\r\nc");
        QCOMPARE(terminal.text({{-100, -5}, {100, 5}}), std::string("b\nc"));
        QCOMPARE(terminal.text({{50, 0}, {60, 5}}), std::string());
    }

    void aWordEndsAtBlanksAndGoesOnOverWrappedRows_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("word");
        QTest::newRow("path") << 0 << 5 << "/usr/bin/env";
        QTest::newRow("over the margin") << 1 << 0 << "/usr/bin/env";
        QTest::newRow("blank") << 0 << 3 << "";
        QTest::newRow("first") << 0 << 0 << "run";
        QTest::newRow("wide") << 2 << 1 << "漢字";
        QTest::newRow("quoted") << 2 << 6 << "x";
    }
    void aWordEndsAtBlanksAndGoesOnOverWrappedRows()
    {
        QFETCH(int, row);
        QFETCH(int, column);
        const Terminal terminal = written("run /usr/bin/env\r\n漢字 'x'", {10, 4});
        QTEST(QString::fromStdString(terminal.text(terminal.wordAt(at(terminal, row, column)))), "word");
    }

    void theLogicalLineHasAllItsRows()
    {
        const Terminal terminal = written("one\r\n0123456789abcdefghij01234\r\nlast", {10, 6});
        QCOMPARE(
            terminal.text(terminal.logicalLineAt(terminal.screenLine() + 2)), std::string("0123456789abcdefghij01234"));
        QCOMPARE(terminal.text(terminal.logicalLineAt(terminal.screenLine())), std::string("one"));
    }

    void wordsFarOutsideDoNoHarm()
    {
        const Terminal terminal = written("x", {10, 3});
        QCOMPARE(terminal.text(terminal.wordAt({999, 999})), std::string());
        QCOMPARE(terminal.text(terminal.logicalLineAt(-999)), std::string());
    }
};

QTEST_GUILESS_MAIN(TstTerminalSelection)
#include "tst_terminal_selection.moc"
