#include "engine/terminal/palette.h"
#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

namespace
{

std::string answerTo(std::string_view bytes)
{
    Terminal terminal({80, 24});
    terminal.write(bytes);
    return terminal.takeAnswers();
}

Style styleAfter(std::string_view bytes)
{
    Terminal terminal({80, 24});
    terminal.write(bytes);
    terminal.write("x");
    return terminal.row(0).cells()[0].style;
}

} // namespace

class TstTerminalReports : public QObject
{
    Q_OBJECT

private slots:
    void questionsAreAnswered_data()
    {
        QTest::addColumn<QByteArray>("question");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("DA1") << QByteArray("\x1b[c") << QByteArray("\x1b[?64;6;21;22;28c");
        QTest::newRow("DECID") << QByteArray("\x1bZ") << QByteArray("\x1b[?64;6;21;22;28c");
        QTest::newRow("DA2") << QByteArray("\x1b[>c") << QByteArray("\x1b[>41;400;0c");
        QTest::newRow("DA3") << QByteArray("\x1b[=c") << QByteArray("\x1bP!|00000000\x1b\\");
        QTest::newRow("status") << QByteArray("\x1b[5n") << QByteArray("\x1b[0n");
        QTest::newRow("cursor") << QByteArray("\x1b[3;7H\x1b[6n") << QByteArray("\x1b[3;7R");
        QTest::newRow("cursor in origin mode")
            << QByteArray("\x1b[5;9r\x1b[?6h\x1b[2;3H\x1b[6n") << QByteArray("\x1b[2;3R");
        QTest::newRow("extended cursor") << QByteArray("\x1b[?6n") << QByteArray("\x1b[?1;1;1R");
        QTest::newRow("version") << QByteArray("\x1b[>q") << QByteArray("\x1bP>|Rocker(0.1.0)\x1b\\");
        QTest::newRow("mode set") << QByteArray("\x1b[?2004h\x1b[?2004$p") << QByteArray("\x1b[?2004;1$y");
        QTest::newRow("mode reset") << QByteArray("\x1b[?2026$p") << QByteArray("\x1b[?2026;2$y");
        QTest::newRow("mode unknown") << QByteArray("\x1b[?31337$p") << QByteArray("\x1b[?31337;0$y");
        QTest::newRow("ANSI mode") << QByteArray("\x1b[4h\x1b[4$p") << QByteArray("\x1b[4;1$y");
        QTest::newRow("style") << QByteArray("\x1b[1;4:3;38;2;1;2;3;48;5;200;58;5;9;91m\x1bP$qm\x1b\\")
                               << QByteArray("\x1bP1$r0;1;4:3;91;48:5:200;58:5:9m\x1b\\");
        QTest::newRow("margins") << QByteArray("\x1b[3;9r\x1bP$qr\x1b\\") << QByteArray("\x1bP1$r3;9r\x1b\\");
        QTest::newRow("cursor style") << QByteArray("\x1b[4 q\x1bP$q q\x1b\\") << QByteArray("\x1bP1$r4 q\x1b\\");
        QTest::newRow("unknown setting") << QByteArray("\x1bP$qz\x1b\\") << QByteArray("\x1bP0$r\x1b\\");
        QTest::newRow("pixels") << QByteArray("\x1b[14t") << QByteArray("\x1b[4;384;640t");
        QTest::newRow("cell pixels") << QByteArray("\x1b[16t") << QByteArray("\x1b[6;16;8t");
        QTest::newRow("size") << QByteArray("\x1b[18t") << QByteArray("\x1b[8;24;80t");
        QTest::newRow("palette") << QByteArray("\x1b]4;1;?\x07") << QByteArray("\x1b]4;1;rgb:cdcd/0000/0000\x1b\\");
        QTest::newRow("palette set") << QByteArray("\x1b]4;1;rgb:12/34/56\x07\x1b]4;1;?\x07")
                                     << QByteArray("\x1b]4;1;rgb:1212/3434/5656\x1b\\");
        QTest::newRow("palette reset") << QByteArray("\x1b]4;1;#fff\x07\x1b]104;1\x07\x1b]4;1;?\x07")
                                       << QByteArray("\x1b]4;1;rgb:cdcd/0000/0000\x1b\\");
        QTest::newRow("several colours") << QByteArray("\x1b]10;#ffffff;#000000\x07\x1b]10;?;?\x07")
                                         << QByteArray(
                                                "\x1b]10;rgb:ffff/ffff/ffff\x1b\\\x1b]11;rgb:0000/0000/0000\x1b\\");
        QTest::newRow("saved modes") << QByteArray("\x1b[?1h\x1b[?1s\x1b[?1l\x1b[?1r\x1b[?1$p")
                                     << QByteArray("\x1b[?1;1$y");
        QTest::newRow("hash colours are the highest digits")
            << QByteArray("\x1b]4;1;#fff\x07\x1b]4;1;?\x07") << QByteArray("\x1b]4;1;rgb:f0f0/f0f0/f0f0\x1b\\");
        QTest::newRow("colours by light") << QByteArray("\x1b]4;1;rgbi:1/0.5/0\x07\x1b]4;1;?\x07")
                                          << QByteArray("\x1b]4;1;rgb:ffff/bcbc/0000\x1b\\");
        QTest::newRow("a special colour") << QByteArray("\x1b]5;0;rgb:12/34/56\x07\x1b]4;256;?\x07")
                                          << QByteArray("\x1b]4;256;rgb:1212/3434/5656\x1b\\");
        QTest::newRow("a special colour, taken back")
            << QByteArray("\x1b]5;0;rgb:12/34/56\x07\x1b]105\x07\x1b]5;0;?\x07")
            << QByteArray("\x1b]5;0;rgb:d0d0/d0d0/d0d0\x1b\\");
        QTest::newRow("no such colour") << QByteArray("\x1b]5;7;?\x07\x1b]4;999;?\x07") << QByteArray();
        QTest::newRow("capabilities") << QByteArray("\x1bP+q436f;6162\x1b\\")
                                      << QByteArray("\x1bP1+r436F=323536\x1b\\\x1bP0+r\x1b\\");
        QTest::newRow("a mode of block terminals") << QByteArray("\x1b[18$p") << QByteArray("\x1b[18;4$y");
        QTest::newRow("extent of areas") << QByteArray("\x1b[2*x\x1bP$q*x\x1b\\") << QByteArray("\x1bP1$r2*x\x1b\\");
        QTest::newRow("no locator") << QByteArray("\x1b[?55n") << QByteArray("\x1b[?50n");
        QTest::newRow("macros") << QByteArray("\x1b[?63;7n") << QByteArray("\x1bP7!~0000\x1b\\");
        QTest::newRow("an area is never told") << QByteArray("secret\x1b[1;0;1;1;1;6*y") << QByteArray();
        QTest::newRow("title is never told") << QByteArray("\x1b]0;rm -rf /\x07\x1b[21t\x1b[20t") << QByteArray();
        QTest::newRow("clipboard is never told") << QByteArray("\x1b]52;c;?\x07") << QByteArray();
    }
    void questionsAreAnswered()
    {
        QFETCH(QByteArray, question);
        QFETCH(QByteArray, answer);
        QCOMPARE(QByteArray::fromStdString(answerTo(question.toStdString())), answer);
    }

    void answersNobodyTakesDoNotPileUp()
    {
        Terminal terminal;
        for (int i = 0; i < 100'000; ++i)
            terminal.write("\x1b[c\x1b]4;1;?\x07");
        const std::string answers = terminal.takeAnswers();
        QVERIFY(answers.size() <= 64 * 1024);
        QVERIFY(answers.size() > 60 * 1024);
        terminal.write("\x1b[5n");
        QCOMPARE(terminal.takeAnswers(), std::string("\x1b[0n"));
    }

    void everyRenditionIsSetAndReset_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("reset");
        QTest::addColumn<int>("flags");
        QTest::newRow("bold") << QByteArray("1") << QByteArray("22") << int(Style::Bold);
        QTest::newRow("faint") << QByteArray("2") << QByteArray("22") << int(Style::Faint);
        QTest::newRow("italic") << QByteArray("3") << QByteArray("23") << int(Style::Italic);
        QTest::newRow("blink") << QByteArray("5") << QByteArray("25") << int(Style::Blink);
        QTest::newRow("inverse") << QByteArray("7") << QByteArray("27") << int(Style::Inverse);
        QTest::newRow("invisible") << QByteArray("8") << QByteArray("28") << int(Style::Invisible);
        QTest::newRow("strikethrough") << QByteArray("9") << QByteArray("29") << int(Style::Strikethrough);
        QTest::newRow("overline") << QByteArray("53") << QByteArray("55") << int(Style::Overline);
        const auto underline = [](Underline kind) { return int(kind) << Style::underlineShift; };
        QTest::newRow("underline") << QByteArray("4") << QByteArray("24") << underline(Underline::Single);
        QTest::newRow("double underline") << QByteArray("21") << QByteArray("24") << underline(Underline::Double);
        QTest::newRow("curly underline") << QByteArray("4:3") << QByteArray("4:0") << underline(Underline::Curly);
        QTest::newRow("dotted underline") << QByteArray("4:4") << QByteArray("24") << underline(Underline::Dotted);
        QTest::newRow("dashed underline") << QByteArray("4:5") << QByteArray("0") << underline(Underline::Dashed);
    }
    void everyRenditionIsSetAndReset()
    {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, reset);
        QTEST(int(styleAfter("\x1b[" + set.toStdString() + "m").flags), "flags");
        QCOMPARE(int(styleAfter("\x1b[" + set.toStdString() + ";" + reset.toStdString() + "m").flags), 0);
    }

    void colorsHaveManyForms_data()
    {
        QTest::addColumn<QByteArray>("sgr");
        QTest::addColumn<uint>("foreground");
        QTest::addColumn<uint>("background");
        const auto indexed = [](int index) { return uint(Color::indexed(std::uint8_t(index)).value()); };
        const uint rgb = Color::rgb(1, 2, 3).value();
        QTest::newRow("eight") << QByteArray("31;42") << indexed(1) << indexed(2);
        QTest::newRow("bright") << QByteArray("97;100") << indexed(15) << indexed(8);
        QTest::newRow("256") << QByteArray("38;5;208;48;5;17") << indexed(208) << indexed(17);
        QTest::newRow("256 with colons") << QByteArray("38:5:208;48:5:17") << indexed(208) << indexed(17);
        QTest::newRow("rgb") << QByteArray("38;2;1;2;3;44") << rgb << indexed(4);
        QTest::newRow("rgb with colons") << QByteArray("38:2:1:2:3;48:2::1:2:3") << rgb << rgb;
        QTest::newRow("back to default") << QByteArray("31;41;39;49") << 0u << 0u;
        QTest::newRow("out of range") << QByteArray("38;5;256;48;2;1;2;256;31") << indexed(1) << 0u;
        QTest::newRow("cut off") << QByteArray("31;38;5") << indexed(0) << 0u;
        QTest::newRow("nothing is reset") << QByteArray("31;42;") << 0u << 0u;
    }
    void colorsHaveManyForms()
    {
        QFETCH(QByteArray, sgr);
        const Style style = styleAfter("\x1b[" + sgr.toStdString() + "m");
        QTEST(uint(style.foreground.value()), "foreground");
        QTEST(uint(style.background.value()), "background");
    }

    void erasedCellsTakeTheBackground()
    {
        const Terminal terminal = written("\x1b[44;1mab\x1b[2J");
        QCOMPARE(terminal.row(3).cells()[7].style, (Style{.background = Color::indexed(4)}));
        QVERIFY(terminal.row(3).cells()[7].blank());
    }

    void underlineColorAndLinkGoTogether()
    {
        Terminal terminal = written(
            "\x1b]8;id=1;https://a/\x07\x1b[4;58;2;1;2;3mx\x1b[59my\x1b[0mz\x1b]8;;\x07w\x1b]8;id=1;https://a/\x07v");
        const auto extra = [&](std::size_t x) { return terminal.extraOf(terminal.row(0).cells()[x].style); };
        QCOMPARE(extra(0).underlineColor, Color::rgb(1, 2, 3));
        QCOMPARE(terminal.hyperlinkUri(extra(0).hyperlink), std::string_view("https://a/"));
        QVERIFY(extra(1).underlineColor.isDefault());
        QCOMPARE(extra(1).hyperlink, extra(0).hyperlink);
        QCOMPARE(extra(2).hyperlink, extra(0).hyperlink);
        QCOMPARE(extra(3).hyperlink, 0u);
        QCOMPARE(extra(4).hyperlink, extra(0).hyperlink);
    }

    void linksAndUnderlineColorsAreReusedForever()
    {
        Terminal terminal({40, 10}, {.scrollbackLines = 100});
        for (int i = 0; i < 50'000; ++i)
            terminal.write(std::format("\x1b]8;;https://host/{}\x07\x1b[58:2::{}:{}:{}ml\x1b]8;;\x07\x1b[0m{}", i,
                i & 255, i >> 8 & 255, i >> 16, i % 16 ? "" : "\r\n"));
        QVERIFY(terminal.memoryUsed() < 8u << 20);
        terminal.write("\x1b[H\x1b]8;;https://last/\x07x");
        const StyleExtra extra = terminal.extraOf(terminal.row(0).cells()[0].style);
        QCOMPARE(terminal.hyperlinkUri(extra.hyperlink), std::string_view("https://last/"));
    }

    void colorSpecificationsAreRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("color");
        QTest::newRow("rgb 2") << QByteArray("rgb:12/34/56") << 0x123456;
        QTest::newRow("rgb 1") << QByteArray("rgb:f/0/8") << 0xff0088;
        QTest::newRow("rgb 4") << QByteArray("rgb:ffff/8080/0000") << 0xff8000;
        QTest::newRow("hash 3") << QByteArray("#f08") << 0xf00080;
        QTest::newRow("hash 6") << QByteArray("#123456") << 0x123456;
        QTest::newRow("hash 12") << QByteArray("#ffff80800000") << 0xff8000;
        QTest::newRow("too few") << QByteArray("rgb:12/34") << -1;
        QTest::newRow("no digits") << QByteArray("rgb:xx/34/12") << -1;
        QTest::newRow("sign") << QByteArray("#-12345") << -1;
        QTest::newRow("too many") << QByteArray("rgb:1/2/3/4") << -1;
        QTest::newRow("empty") << QByteArray("") << -1;
    }
    void colorSpecificationsAreRead()
    {
        QFETCH(QByteArray, text);
        const auto color = parseColor(text.toStdString());
        QTEST(color ? int(*color) : -1, "color");
    }
};

QTEST_GUILESS_MAIN(TstTerminalReports)
#include "tst_terminal_reports.moc"
