#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

namespace
{

// The character under the cursor, or the one before it where the line ends.
std::string underCursor(const Terminal& terminal)
{
    std::string out;
    terminal.row(terminal.cursor().row).appendText(std::size_t(terminal.cursor().column), out);
    return out;
}

QString screenOf(const Terminal& terminal)
{
    return QString::fromStdString(terminal.screenText());
}

} // namespace

class TstTerminalReflow : public QObject
{
    Q_OBJECT

private slots:
    void aNarrowerScreenWrapsAndAWiderOneJoinsAgain()
    {
        Terminal terminal = written("abcdefghijklmno\r\nxyz", {20, 4});
        terminal.resize({10, 4});
        QCOMPARE(screenOf(terminal), "abcdefghij\nklmno\nxyz");
        QVERIFY(terminal.row(0).wrapped());
        QVERIFY(!terminal.row(1).wrapped());
        terminal.resize({5, 5});
        QCOMPARE(screenOf(terminal), "abcde\nfghij\nklmno\nxyz");
        terminal.resize({20, 4});
        QCOMPARE(screenOf(terminal), "abcdefghijklmno\nxyz");
        QCOMPARE(terminal.reflowCount(), 3u);
    }

    void theCursorStaysOnItsCharacter()
    {
        Terminal terminal
            = written("first line of some length\r\nthe second one with an X in it\r\nthird\x1b[2;24H", {40, 6});
        QCOMPARE(underCursor(terminal), std::string("X"));
        for (const int columns : {39, 31, 24, 23, 17, 10, 8, 9, 24, 25, 60, 40}) {
            terminal.resize({columns, 12});
            QCOMPARE(underCursor(terminal), std::string("X"));
        }
    }

    void aCursorBehindTheTextStaysBehindIt()
    {
        Terminal terminal = written("$ command", {20, 4});
        terminal.resize({5, 4});
        QCOMPARE(terminal.cursor().row, 1);
        QCOMPARE(terminal.cursor().column, 4);
        terminal.write("!");
        terminal.resize({20, 4});
        QCOMPARE(screenOf(terminal), "$ command!");
        QCOMPARE(terminal.cursor().column, 10);
    }

    void aCursorThatWaitsInTheLastColumnGoesOnBehindItsText()
    {
        Terminal terminal = written("0123456789", {10, 4});
        terminal.resize({20, 4});
        terminal.write("a");
        QCOMPARE(screenOf(terminal), "0123456789a");
        Terminal narrow = written("0123456789", {20, 4});
        narrow.resize({10, 4});
        narrow.write("a");
        QCOMPARE(screenOf(narrow), "0123456789\na");
    }

    void whatDoesNotFitGoesToTheScrollbackAndComesBack()
    {
        Terminal terminal = written("one\r\ntwo\r\nthree\r\nfour", {10, 4});
        terminal.resize({10, 2});
        QCOMPARE(screenOf(terminal), "three\nfour");
        QCOMPARE(terminal.screenLine() - terminal.firstLine(), 2);
        terminal.resize({10, 4});
        QCOMPARE(screenOf(terminal), "one\ntwo\nthree\nfour");
        QCOMPARE(terminal.firstLine(), terminal.screenLine());
        QCOMPARE(terminal.reflowCount(), 0u);
    }

    void lineNumbersSurviveAChangeOfHeight()
    {
        Terminal terminal({20, 5});
        for (int i = 0; i < 300; ++i)
            terminal.write(std::format("line {}\r\n", i));
        const LineNumber number = terminal.screenLine() + 1;
        LineBuffer buffer;
        const std::string text = terminal.line(number, buffer).text();
        for (const int rows : {3, 10, 1, 50, 5}) {
            terminal.resize({20, rows});
            QCOMPARE(terminal.line(number, buffer).text(), text);
        }
    }

    void aScreenThatWasClearedDoesNotPullOldLinesBack()
    {
        Terminal terminal = written("1\r\n2\r\n3\r\n4\r\n5\r\n6\x1b[H\x1b[2J$ ", {10, 4});
        terminal.resize({12, 4});
        QCOMPARE(screenOf(terminal), "$");
        terminal.resize({12, 6});
        QCOMPARE(screenOf(terminal), "$");
        QCOMPARE(terminal.cursor().row, 0);
    }

    void wideCharactersAreNeverCut()
    {
        const std::string text = "漢字漢字漢字a漢字漢字漢字";
        Terminal terminal = written(text, {40, 4});
        for (const int columns : {13, 7, 6, 5, 4, 3, 2, 9, 40}) {
            terminal.resize({columns, 4});
            for (LineNumber n = terminal.firstLine(); n < terminal.endLine(); ++n) {
                LineBuffer buffer;
                const auto cells = terminal.line(n, buffer).cells();
                for (std::size_t x = 0; x < cells.size(); ++x)
                    QCOMPARE(cells[x].wide(), x + 1 < cells.size() && cells[x + 1].spacer());
            }
            QCOMPARE(allText(terminal), text);
        }
    }

    void noTextIsLostAtAnyWidth()
    {
        Terminal terminal({60, 10});
        std::mt19937 random(11);
        const std::array<std::string, 7> words
            = {"word ", "漢字", "e\u0301", "\x1b[1;32mgreen\x1b[m ", "🇩🇪", "longer_word_here", "a"};
        for (int line = 0; line < 200; ++line) {
            for (unsigned n = random() % 30; n > 0; --n)
                terminal.write(words[random() % words.size()]);
            terminal.write("|\r\n");
        }
        const std::string text = allText(terminal);
        const std::string before = snapshot(terminal);
        for (const int columns : {59, 33, 12, 80, 7, 150, 2, 61}) {
            terminal.resize({columns, 4 + columns % 9});
            QCOMPARE(allText(terminal), text);
        }
        terminal.resize({60, 10});
        QCOMPARE(snapshot(terminal), before);
    }

    void theAlternateScreenIsCutAndThePrimaryOneBehindItReflows()
    {
        Terminal terminal = written("abcdefghij\r\nxyz\x1b[?1049h\x1b[Halternate!", {10, 4});
        terminal.resize({5, 4});
        QCOMPARE(screenOf(terminal), "alter");
        terminal.resize({10, 4});
        QCOMPARE(screenOf(terminal), "alter");
        terminal.resize({5, 4});
        terminal.write("\x1b[?1049l");
        QCOMPARE(screenOf(terminal), "abcde\nfghij\nxyz");
        QCOMPARE(terminal.cursor().row, 2);
        QCOMPARE(terminal.cursor().column, 3);
    }

    void marksOfPromptsMoveWithTheirLines()
    {
        Terminal terminal = written("output that is long\r\n\x1b]133;A\x07$ \x1b]133;B\x07", {20, 5});
        terminal.resize({8, 5});
        QCOMPARE(int(terminal.row(3).marks()), PromptStart | InputStart);
        terminal.resize({20, 5});
        QCOMPARE(int(terminal.row(1).marks()), PromptStart | InputStart);
    }

    void aHugeLogicalLineReflowsWithinTheLimit()
    {
        Terminal terminal({100, 10}, {.scrollbackLines = 2000});
        for (int i = 0; i < 1000; ++i)
            terminal.write(std::string(1000, char('a' + i % 26)));
        for (const int columns : {1, 2000, 37, 100}) {
            terminal.resize({columns, 10});
            QVERIFY(terminal.screenLine() - terminal.firstLine() <= 2000);
            QVERIFY(terminal.cursor().row < 10);
        }
    }

    void sizesAreClamped()
    {
        Terminal terminal({0, -5});
        QVERIFY(terminal.size() == (Size{1, 1}));
        terminal.write("漢ab\r\n\t\x1b[5;5Hx\x1b[?1049h漢\x1b[L\x1b[M\x1b[P\x1b[@");
        terminal.resize({1'000'000, 1'000'000});
        QVERIFY(terminal.size() == Terminal::maximumSize);
    }
};

QTEST_GUILESS_MAIN(TstTerminalReflow)
#include "tst_terminal_reflow.moc"
