#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

namespace
{

QString screenOf(const Terminal& terminal)
{
    return QString::fromStdString(terminal.screenText());
}

QPoint cursorOf(const Terminal& terminal)
{
    return {terminal.cursor().column, terminal.cursor().row};
}

} // namespace

class TstTerminalScreen : public QObject
{
    Q_OBJECT

private slots:
    void attributesOfAnAreaAreChangedAndReversed()
    {
        Terminal terminal({10, 3});
        terminal.write("abcd\r\nefgh\x1b[2*x\x1b[1;2;2;3;1;4$r\x1b[1;2;1;2;21$r\x1b[1;3;1;3;22$r\x1b[2;2;2;2;1;7$t");
        const auto style = [&](int row, int column) { return terminal.row(row).cells()[std::size_t(column)].style; };
        QCOMPARE(style(0, 0), Style());
        QVERIFY(style(0, 1).has(Style::Bold)); // 21 is none of them
        QVERIFY(!style(0, 2).has(Style::Bold));
        QCOMPARE(style(0, 2).underline(), Underline::Single);
        QVERIFY(!style(1, 1).has(Style::Bold) && style(1, 1).has(Style::Inverse));
        QVERIFY(style(1, 2).has(Style::Bold));
        QCOMPARE(style(1, 3), Style());
        terminal.write("\x1b[1;1;2;4;0$r");
        QCOMPARE(style(0, 1), Style());
    }

    void controlFunctionsDoWhatTheManualsSay_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("screen");
        QTest::addColumn<QPoint>("cursor");
        QTest::newRow("text and line ends") << QByteArray("ab\r\ncd") << "ab\ncd" << QPoint(2, 1);
        QTest::newRow("wraps at the margin") << QByteArray("0123456789ab") << "0123456789\nab" << QPoint(2, 1);
        QTest::newRow("waits in the last column") << QByteArray("0123456789") << "0123456789" << QPoint(9, 0);
        QTest::newRow("no autowrap") << QByteArray("\x1b[?7l0123456789abc") << "012345678c" << QPoint(9, 0);
        QTest::newRow("cursor addressing") << QByteArray("\x1b[2;3Hx\x1b[4Gy\x1b[1dz") << "    z\n  xy" << QPoint(5, 0);
        QTest::newRow("stops at the edges")
            << QByteArray("\x1b[99A\x1b[99Dx\x1b[99B\x1b[99Cy") << "x\n\n\n         y" << QPoint(9, 3);
        QTest::newRow("next and previous line") << QByteArray("ab\x1b[2Ec\x1b[Fd") << "ab\nd\nc" << QPoint(1, 1);
        QTest::newRow("tabs") << QByteArray("\x1b[3g\x1b[1;4H\x1bH\ra\tb") << "a  b" << QPoint(4, 0);
        QTest::newRow("back tab") << QByteArray("\x1b[1;10H\x1b[Zx") << "        x" << QPoint(9, 0);
        QTest::newRow("backspace stops") << QByteArray("a\b\b\bb") << "b" << QPoint(1, 0);
        QTest::newRow("erase to the end") << QByteArray("abcdef\x1b[1;3H\x1b[K") << "ab" << QPoint(2, 0);
        QTest::newRow("erase to the start") << QByteArray("abcdef\x1b[1;3H\x1b[1K") << "   def" << QPoint(2, 0);
        QTest::newRow("erase below") << QByteArray("a\r\nb\r\nc\x1b[2;1H\x1b[J") << "a" << QPoint(0, 1);
        QTest::newRow("erase above") << QByteArray("a\r\nb\r\nc\x1b[2;1H\x1b[1J") << "\n\nc" << QPoint(0, 1);
        QTest::newRow("erase characters") << QByteArray("abcdef\x1b[1;2H\x1b[3X") << "a   ef" << QPoint(1, 0);
        QTest::newRow("insert characters") << QByteArray("abcdefghij\x1b[1;2H\x1b[2@") << "a  bcdefgh" << QPoint(1, 0);
        QTest::newRow("delete characters") << QByteArray("abcdefghij\x1b[1;2H\x1b[2P") << "adefghij" << QPoint(1, 0);
        QTest::newRow("insert mode") << QByteArray("abc\r\x1b[4hXY\x1b[4lZ") << "XYZbc" << QPoint(3, 0);
        QTest::newRow("insert lines") << QByteArray("a\r\nb\r\nc\x1b[2;5H\x1b[L") << "a\n\nb\nc" << QPoint(0, 1);
        QTest::newRow("delete lines") << QByteArray("a\r\nb\r\nc\x1b[1;5H\x1b[M") << "b\nc" << QPoint(0, 0);
        QTest::newRow("repeat") << QByteArray("ab\x1b[3b") << "abbbb" << QPoint(5, 0);
        QTest::newRow("save and restore") << QByteArray("ab\x1b"
                                                        "7\x1b[3;3Hx\x1b"
                                                        "8c")
                                          << "abc\n\n  x" << QPoint(3, 0);
        QTest::newRow("back over a wrapped line") << QByteArray("\x1b[?45h0123456789ab\b\b\bX") << "012345678X\nab"
                                                  << QPoint(9, 0);
        QTest::newRow("not over another one") << QByteArray("\x1b[?45hab\r\n\b\bX") << "ab\nX" << QPoint(1, 1);
        QTest::newRow("back over any line") << QByteArray("\x1b[?1045hab\r\n\bX") << "ab       X" << QPoint(9, 0);
        QTest::newRow("cursor back over lines") << QByteArray("\x1b[?45h0123456789abcdefghijkl\x1b[13DX")
                                                << "012345678X\nabcdefghij\nkl" << QPoint(9, 0);
        QTest::newRow("fill an area") << QByteArray("\x1b[35;1;2;2;4$x") << " ###\n ###" << QPoint(0, 0);
        QTest::newRow("an area of nothing") << QByteArray("ab\x1b[35;2;2;1;1$x") << "ab" << QPoint(2, 0);
        QTest::newRow("erase an area") << QByteArray("abcd\r\nefgh\x1b[1;2;2;3$z") << "a  d\ne  h" << QPoint(4, 1);
        QTest::newRow("erase an area, selectively")
            << QByteArray("a\x1b[1\"qb\x1b[0\"qcd\x1b[1;1;1;4${") << " b" << QPoint(4, 0);
        QTest::newRow("copy an area onto itself")
            << QByteArray("abc\r\ndef\x1b[1;1;2;2;1;2;2;1$v") << "abc\ndab\n de" << QPoint(3, 1);
        QTest::newRow("copy half a wide character") << QByteArray("a\xe4\xb8\xad" "b\x1b[1;1;1;2;1;2;1;1$v")
                                                    << "a\xe4\xb8\xad" "b\na" << QPoint(4, 0);
        QTest::newRow("protected from every erasing") << QByteArray("a\x1bVb\x1bWc\x1b[2J") << " b" << QPoint(3, 0);
        QTest::newRow("DECALN") << QByteArray("\x1b#8\x1b[2J\x1b[Hx") << "x" << QPoint(1, 0);
        QTest::newRow("line drawing") << QByteArray("\x1b(0lqk\x1b(Bq") << QString::fromUtf8("┌─┐q") << QPoint(4, 0);
        QTest::newRow("shift out and in") << QByteArray("\x1b)0\x0eq\x0fq") << QString::fromUtf8("─q") << QPoint(2, 0);
        QTest::newRow("single shift") << QByteArray("\x1b*0\x1bNqq") << QString::fromUtf8("─q") << QPoint(2, 0);
        QTest::newRow("origin mode") << QByteArray("\x1b[2;3r\x1b[?6h\x1b[1;1Ha\x1b[9;1Hb") << "\na\nb" << QPoint(1, 2);
        QTest::newRow("selective erase") << QByteArray("a\x1b[1\"qb\x1b[0\"qc\x1b[?2K") << " b" << QPoint(3, 0);
        QTest::newRow("new line mode") << QByteArray("\x1b[20hab\ncd") << "ab\ncd" << QPoint(2, 1);
        QTest::newRow("margins left and right")
            << QByteArray("\x1b[?69h\x1b[3;6s\x1b[1;3Habcdefgh") << "  abcd\n  efgh" << QPoint(5, 1);
        QTest::newRow("delete inside the margins")
            << QByteArray("0123456789\x1b[?69h\x1b[3;6s\x1b[1;3H\x1b[P") << "01345 6789" << QPoint(2, 0);
        QTest::newRow("scroll inside the margins")
            << QByteArray("aaaaaaaa\r\nbbbbbbbb\r\ncccccccc\x1b[?69h\x1b[3;6s\x1b[S") << "aabbbbaa\nbbccccbb\ncc    cc"
            << QPoint(0, 0);
        QTest::newRow("insert columns") << QByteArray("abc\r\nabc\x1b[1;2H\x1b['}") << "a bc\na bc" << QPoint(1, 0);
    }
    void controlFunctionsDoWhatTheManualsSay()
    {
        QFETCH(QByteArray, bytes);
        const Terminal terminal = written(bytes.toStdString(), {10, 4});
        QTEST(screenOf(terminal), "screen");
        QTEST(cursorOf(terminal), "cursor");
    }

    void aRegionScrollsAndTheRestStays()
    {
        Terminal terminal = written("1\r\n2\r\n3\r\n4\r\n5", {10, 5});
        terminal.write("\x1b[2;4r\x1b[4;1H\nx");
        QCOMPARE(screenOf(terminal), "1\n3\n4\nx\n5");
        terminal.write("\x1b[2;1H\x1bM");
        QCOMPARE(screenOf(terminal), "1\n\n3\n4\n5");
        terminal.write("\x1b[2S");
        QCOMPARE(screenOf(terminal), "1\n4\n\n\n5");
        terminal.write("\x1b[T");
        QCOMPARE(screenOf(terminal), "1\n\n4\n\n5");
        QCOMPARE(terminal.firstLine(), terminal.screenLine());
    }

    void aWideCharacterThatDoesNotFitWrapsWhole()
    {
        const Terminal terminal = written("123456789漢字", {10, 4});
        QCOMPARE(screenOf(terminal), QString::fromUtf8("123456789\n漢字"));
        QVERIFY(terminal.row(0).cells()[9].filler());
        QVERIFY(terminal.row(0).wrapped());
        QVERIFY(terminal.row(1).cells()[0].wide());
        QVERIFY(terminal.row(1).cells()[1].spacer());
        QCOMPARE(allText(terminal), std::string("123456789漢字"));
    }

    void halfOfAWideCharacterOverwrittenTakesTheOtherHalfAlong()
    {
        QCOMPARE(screenOf(written("漢字\x1b[1;2Hx", {10, 2})), QString::fromUtf8(" x字"));
        QCOMPARE(screenOf(written("漢字\x1b[1;3Hx", {10, 2})), QString::fromUtf8("漢x"));
        QCOMPARE(screenOf(written("漢字x\x1b[1;2H\x1b[P", {10, 2})), QString::fromUtf8(" 字x"));
        QCOMPARE(screenOf(written("漢字x\x1b[1;2H\x1b[@", {10, 2})), QString::fromUtf8("   字x"));
        QCOMPARE(screenOf(written("漢字x\x1b[1;2H\x1b[2X", {10, 2})), QString::fromUtf8("    x"));
    }

    void combiningCharactersJoinTheCellBefore()
    {
        const Terminal terminal = written("e\u0301x\u0308\u0304", {10, 2});
        QCOMPARE(cursorOf(terminal), QPoint(2, 0));
        QCOMPARE(terminal.row(0).cluster(terminal.row(0).cells()[0]).size(), 2u);
        QCOMPARE(terminal.row(0).text(), std::string("e\u0301x\u0308\u0304"));
    }

    void aClusterHasABound()
    {
        std::string zalgo = "e";
        for (int i = 0; i < 10'000; ++i)
            zalgo += "\u0301";
        const Terminal terminal = written(zalgo);
        QCOMPARE(terminal.row(0).cluster(terminal.row(0).cells()[0]).size(), ClusterTable::maximumLength);
    }

    void aFlagIsOneWideCell()
    {
        const Terminal terminal = written("🇩🇪🇫🇷x", {10, 2});
        QCOMPARE(cursorOf(terminal), QPoint(5, 0));
        QVERIFY(terminal.row(0).cells()[0].wide());
        QVERIFY(terminal.row(0).cells()[2].wide());
    }

    void emojiJoinWithinModeTwentyTwentySevenOnly()
    {
        QCOMPARE(cursorOf(written("👨\u200d👩", {10, 2})), QPoint(4, 0));
        QCOMPARE(cursorOf(written("\x1b[?2027h👨\u200d👩", {10, 2})), QPoint(2, 0));
        QCOMPARE(cursorOf(written("\x1b[?2027h❤\ufe0f", {10, 2})), QPoint(2, 0));
        QCOMPARE(cursorOf(written("\x1b[?2027h👍🏽", {10, 2})), QPoint(2, 0));
    }

    void theAlternateScreenComesAndGoesWithoutATrace()
    {
        Terminal terminal = written("one\r\ntwo\x1b[31m", {10, 3});
        const std::string before = snapshot(terminal);
        terminal.write("\x1b[?1049h");
        QVERIFY(terminal.modes().alternateScreen);
        QCOMPARE(screenOf(terminal), "");
        terminal.write("\x1b[Heditor\n\n\n\n\n\n\x1b[m");
        QCOMPARE(terminal.firstLine(), terminal.screenLine());
        terminal.write("\x1b[?1049l");
        QCOMPARE(snapshot(terminal), before);
        terminal.write("x");
        QCOMPARE(terminal.row(1).cells()[3].style.foreground, Color::indexed(1));
    }

    void linesThatLeaveTheTopAreKeptUpToTheLimit()
    {
        Terminal terminal({20, 4}, {.scrollbackLines = 1000});
        for (int i = 0; i < 5000; ++i)
            terminal.write(std::format("line {}\r\n", i));
        QCOMPARE(terminal.screenLine() - terminal.firstLine(), 1000);
        LineBuffer buffer;
        QCOMPARE(terminal.line(terminal.firstLine(), buffer).text(), std::string("line 3997"));
        QCOMPARE(terminal.line(terminal.screenLine(), buffer).text(), std::string("line 4997"));
        QVERIFY(terminal.line(terminal.firstLine() - 1, buffer).cells().empty());
        terminal.write("\x1b[3J");
        QCOMPARE(terminal.firstLine(), terminal.screenLine());
        QCOMPARE(terminal.line(terminal.screenLine(), buffer).text(), std::string("line 4997"));
    }

    void aLineKeepsItsNumberWhileTheScreenScrolls()
    {
        Terminal terminal({20, 3});
        terminal.write("first\r\n");
        const LineNumber first = terminal.screenLine();
        for (int i = 0; i < 500; ++i)
            terminal.write("more\r\n");
        LineBuffer buffer;
        QCOMPARE(terminal.line(first, buffer).text(), std::string("first"));
    }

    void scrollbackGivesBackWhatTheScreenShowed()
    {
        Terminal terminal({30, 2});
        terminal.write(
            "\x1b[1;31mred\x1b[0m 漢 e\u0301 🇩🇪 \x1b[4:3;58;5;3mcurly\x1b[0m\x1b]8;;http://a/\x07link\x1b]8;;\x07");
        std::string before;
        appendLine(before, terminal, terminal.row(0));
        const LineNumber number = terminal.screenLine();
        terminal.write("\r\n\r\n\r\n");
        QVERIFY(terminal.screenLine() > number);
        LineBuffer buffer;
        std::string after;
        appendLine(after, terminal, terminal.line(number, buffer));
        QCOMPARE(after.substr(0, after.find('|')), before.substr(0, before.find_last_not_of(".|\n0") + 1));
    }

    void damageNamesTheRowsThatChanged()
    {
        Terminal terminal({10, 4});
        QVERIFY(terminal.takeDamage().everything);
        QVERIFY(terminal.takeDamage().empty());
        terminal.write("\x1b[2;1Hx");
        Damage damage = terminal.takeDamage();
        QCOMPARE(damage.rows, std::vector<int>{1});
        QVERIFY(damage.cursor);
        terminal.write("\x1b[4;1H\n\n");
        damage = terminal.takeDamage();
        QCOMPARE(damage.scrolledBy, 2);
        QCOMPARE(damage.scrollTop, 0);
        QCOMPARE(damage.scrollBottom, 3);
        QCOMPARE(damage.rows, (std::vector<int>{2, 3}));
        terminal.write("\x1b[2;3r\x1b[3;1H\n\x1b[r\x1b[4;1H\n");
        damage = terminal.takeDamage();
        QCOMPARE(damage.scrolledBy, 0);
        QCOMPARE(damage.rows, (std::vector<int>{0, 1, 2, 3}));
    }

    void theScreenMovedByDamageAloneIsTheScreen()
    {
        Terminal terminal({12, 6});
        std::vector<std::string> picture(6);
        std::mt19937 random(3);
        const std::array<std::string, 8> parts
            = {"\n", "text", "\x1b[2;5r", "\x1b[r", "\x1bM", "\x1b[2S", "\x1b[5;3H\n", "\x1b[L"};
        for (int round = 0; round < 4000; ++round) {
            for (unsigned n = random() % 5; n > 0; --n)
                terminal.write(parts[random() % parts.size()]);
            const Damage damage = terminal.takeDamage();
            const auto top = picture.begin() + damage.scrollTop;
            const auto end = picture.begin() + damage.scrollBottom + 1;
            if (damage.scrolledBy > 0)
                std::rotate(top, top + damage.scrolledBy, end);
            else if (damage.scrolledBy < 0)
                std::rotate(top, end + damage.scrolledBy, end);
            for (const int y : damage.rows)
                picture[std::size_t(y)] = terminal.row(y).text();
            for (int y = 0; y < 6; ++y)
                QCOMPARE(picture[std::size_t(y)], terminal.row(y).text());
        }
    }

    void eventsTellWhatAWindowMustKnow()
    {
        Terminal terminal({10, 3}, {.allowClipboardWrite = true});
        terminal.write("\a\a\x1b]0;title\x07\x1b]7;file:///"
                       "tmp\x07\x1b]52;c;aGVsbG8=\x07\x1b]133;D;3\x07\x1b]4;1;#ff0000\x07\x1b[?2004h");
        const Events events = terminal.takeEvents();
        QCOMPARE(events.bells, 2u);
        QVERIFY(events.title && events.iconName && events.workingDirectory && events.palette && events.modes);
        QCOMPARE(events.clipboard->text, std::string("hello"));
        QCOMPARE(events.commandExitCode, std::optional(3));
        QCOMPARE(terminal.title(), std::string("title"));
        QCOMPARE(*terminal.palette().colors[1], 0xff0000u);
        QCOMPARE(int(terminal.row(0).marks()), CommandEnd | CommandFailed);
        QCOMPARE(terminal.takeEvents().bells, 0u);
    }

    void theClipboardIsClosedUnlessOpened()
    {
        Terminal terminal = written("\x1b]52;c;aGVsbG8=\x07\x1b]52;c;?\x07");
        QVERIFY(!terminal.takeEvents().clipboard);
        QCOMPARE(terminal.takeAnswers(), std::string());
    }

    void resetForgetsEverything()
    {
        Terminal terminal = written("a\r\nb\r\nc\r\nd\x1b[31m\x1b[?1h\x1b[2;3r\x1b(0\x1b[3g\x1b[?1049h", {10, 3});
        terminal.write("\x1b"
                       "c");
        const Terminal fresh({10, 3});
        QCOMPARE(snapshot(terminal), snapshot(fresh));
        QVERIFY(terminal.modes() == fresh.modes());
        terminal.write("q\tx");
        QCOMPARE(screenOf(terminal), "q       x");
    }

    void theTitleStackIsBounded()
    {
        Terminal terminal({10, 3});
        for (int i = 0; i < 1000; ++i)
            terminal.write(std::format("\x1b]2;{}\x07\x1b[22;0t", i));
        for (int i = 0; i < 1000; ++i)
            terminal.write("\x1b[23;0t");
        QCOMPARE(terminal.title(), std::string("990"));
    }
};

QTEST_GUILESS_MAIN(TstTerminalScreen)
#include "tst_terminal_screen.moc"
