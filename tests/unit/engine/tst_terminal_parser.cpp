#include "engine/terminal/parser.h"
#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

#include <array>

using namespace rocker::terminal;

namespace
{

// Streams as programs send them: a shell with colours, an editor, a pager, a status line over regions, emoji.
const std::array<std::string, 7> corpus = {
    "\x1b]0;user@host: "
    "~\x07\x1b]7;file://host/home/user\x1b\\\x1b]133;A\x07\x1b[01;32muser@host\x1b[00m:\x1b[01;34m~\x1b[00m$ "
    "\x1b]133;B\x07ls\r\n\x1b]133;C\x07\x1b[0m\x1b[01;34mbin\x1b[0m  \x1b[38;5;208mfile.txt\x1b[0m\r\n\x1b]133;D;1\x07",
    "\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[?2004h\x1b[1;24r\x1b[?12h\x1b[?25l\x1b[27m\x1b[m\x1b[H\x1b[2J\x1b[2;"
    "1H\x1b[94m~\x1b[3;1H~"
    "\x1b[m\x1b[24;63H0,0-1\x1b[9CAll\x1b[1;1H\x1b[?25h\x1b[4:3m\x1b[58:2::255:0:0mwrong\x1b[59m\x1b[4:0m "
    "text\x1b[1P\x1b[4@\x1b[2L\x1b[M",
    "\x1b[?1049h\x1b[H\x1b[2Jtop of the file\x1b[K\r\n\x1b[7m(END)\x1b[27m\x1b[K\r\x1b[K\x1b[?1049lback again\r\n",
    "\x1b[2;5r\x1b[5;1Hone\ntwo\nthree\nfour\x1bM\x1bM\x1bM\x1bM\x1b[r\x1b[1;3Hstatus\x1b[s\x1b[9;9Hfar\x1b[u!",
    "plain \xc3\xa4\xc3\xb6\xc3\xbc \xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x98\x80 e\xcc\x81 "
    "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa "
    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9 \xe2\x9d\xa4\xef\xb8\x8f \xff\xfe \xe2\x82 \xc0\x80 end of a line "
    "that wraps "
    "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5"
    "\xad\x97",
    "\x1b(0lqqk\x1b(B\r\n\x1b)0\x0ex  x\x0f\r\n\x1b]8;id=a;https://example.org/\x1b\\link\x1b]8;;\x1b\\ "
    "\x1bPtmux;junk\x1b\\\x1b_apc\x1b\\ok"
    "\x1b[c\x1b[>c\x1b[6n\x1b[?2026$p\x1bP$qm\x1b\\\x1b]11;?\x07",
    "\x1b[?69h\x1b[3;9s\x1b[2;4r\x1b[?6h\x1b[1;1Hmargins here\r\nand "
    "there\x1b[2S\x1b[T\x1b[?6l\x1b[?69l\x1b[r\x1b[7bx\x1b[40b\x1b#8\x1b[3g\t\x1bH\r\t!",
};

class Recorder : public ParserHandler
{
public:
    std::string log;
    void printAscii(std::string_view run) override { log += run; }
    void print(char32_t c) override { log += std::format("U+{:04X}", std::uint32_t(c)); }
    void control(std::uint8_t byte) override { log += std::format("^{:02x}", byte); }
    void escape(const Sequence& s) override { log += std::format("ESC{}{}", parts(s), s.final); }
    void csi(const Sequence& s) override { log += std::format("CSI{}{}", parts(s), s.final); }
    void osc(std::string_view text) override { log += std::format("OSC({})", text); }
    void dcs(const Sequence& s, std::string_view text) override
    {
        log += std::format("DCS{}{}({})", parts(s), s.final, text);
    }

private:
    static std::string parts(const Sequence& s)
    {
        std::string out = s.prefix ? std::format("[{}]", s.prefix) : "";
        for (int i = 0; i < s.parameters.count(); ++i) {
            out += s.parameters.isSub(i) ? ":" : i ? ";" : "";
            out += s.parameters.omitted(i) ? "-" : std::to_string(s.parameters.at(i));
        }
        for (int i = 0; i < s.intermediateCount; ++i)
            out += std::format("'{}'", s.intermediates[std::size_t(i)]);
        return out;
    }
};

std::string parsed(std::string_view bytes)
{
    Recorder recorder;
    Parser parser(recorder);
    parser.write(bytes);
    return recorder.log;
}

} // namespace

class TstTerminalParser : public QObject
{
    Q_OBJECT

private slots:
    void sequencesAreTakenApart_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("log");
        QTest::newRow("text") << QByteArray("hello") << "hello";
        QTest::newRow("delete is nothing") << QByteArray("a\x7f"
                                                         "b")
                                           << "ab";
        QTest::newRow("csi") << QByteArray("\x1b[1;22H") << "CSI1;22H";
        QTest::newRow("omitted parameter") << QByteArray("\x1b[;5H") << "CSI-;5H";
        QTest::newRow("subparameters") << QByteArray("\x1b[4:3;38:2::1:2:3m") << "CSI4:3;38:2:-:1:2:3m";
        QTest::newRow("private prefix") << QByteArray("\x1b[?25l") << "CSI[?]25l";
        QTest::newRow("intermediate") << QByteArray("\x1b[?2026$p") << "CSI[?]2026'$'p";
        QTest::newRow("control inside a sequence") << QByteArray("\x1b[1\n2H") << "^0aCSI12H";
        QTest::newRow("cancelled") << QByteArray("\x1b[12\x18"
                                                 "A")
                                   << "A";
        QTest::newRow("substituted") << QByteArray("\x1b[12\x1a"
                                                   "A")
                                     << "U+FFFDA";
        QTest::newRow("escape starts anew") << QByteArray("\x1b[12\x1b[3m") << "CSI3m";
        QTest::newRow("prefix too late") << QByteArray("\x1b[1?2mA") << "A";
        QTest::newRow("huge number") << QByteArray("\x1b[99999999999999999999A") << "CSI65535A";
        QTest::newRow("osc with BEL") << QByteArray("\x1b]0;t\x07x") << "OSC(0;t)x";
        QTest::newRow("osc with ST") << QByteArray("\x1b]0;t\x1b\\x") << "OSC(0;t)x";
        QTest::newRow("osc broken off by a sequence") << QByteArray("\x1b]0;t\x1b[1mx") << "CSI1mx";
        QTest::newRow("dcs") << QByteArray("\x1bP1$qm\x1b\\x") << "DCS1'$'q(m)x";
        QTest::newRow("apc is swallowed") << QByteArray("\x1b_Gf=1\x1b\\x") << "x";
        QTest::newRow("C1 as UTF-8") << QByteArray("\xc2\x9b"
                                                   "5A")
                                     << "CSI5A";
        QTest::newRow("charset") << QByteArray("\x1b(0") << "ESC'('0";
        QTest::newRow("umlaut") << QByteArray("\xc3\xa4") << "U+00E4";
        QTest::newRow("overlong") << QByteArray("\xc0\x80") << "U+FFFDU+FFFD";
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << "U+FFFDU+FFFDU+FFFD";
        QTest::newRow("cut character") << QByteArray("\xe2\x82"
                                                     "A")
                                       << "U+FFFDA";
        QTest::newRow("cut by another") << QByteArray("\xf0\x9f\x98\xc3\xa4") << "U+FFFDU+00E4";
        QTest::newRow("past the last plane") << QByteArray("\xf4\x90\x80\x80") << "U+FFFDU+FFFDU+FFFDU+FFFD";
        QTest::newRow("escape cuts a character") << QByteArray("\xe2\x1b[A") << "U+FFFDCSIA";
    }
    void sequencesAreTakenApart()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, log);
        QCOMPARE(QString::fromStdString(parsed(bytes.toStdString())), log);
    }

    void noMoreThanThirtyTwoParametersAreKept()
    {
        std::string bytes = "\x1b[1";
        for (int i = 2; i <= 100; ++i)
            bytes += std::format(";{}", i);
        const std::string log = parsed(bytes + "m");
        QVERIFY(log.ends_with(";32m"));
    }

    void aStringPastItsLimitIsDroppedWhole()
    {
        const std::string fits(Parser::maximumString - 2, 'x');
        QVERIFY(parsed("\x1b]0;" + fits + "\x07").starts_with("OSC("));
        QCOMPARE(parsed("\x1b]0;" + fits + "x\x07" + "after"), std::string("after"));
        QCOMPARE(parsed("\x1bPq" + fits + "xxx\x1b\\" + "after"), std::string("after"));
    }

    void everyLengthOfAsciiRunIsFoundWhole()
    {
        for (std::size_t n = 0; n < 40; ++n) {
            for (const char stop : {'\n', '\x1f', '\x7f', '\0'}) {
                const std::string text(n, '~');
                Recorder recorder;
                Parser parser(recorder);
                parser.write(text + stop + "z");
                QVERIFY(recorder.log.starts_with(text));
                QVERIFY(recorder.log.ends_with('z'));
                QCOMPARE(recorder.log.size(), n + 1 + (stop == '\x7f' ? 0u : 3u));
            }
        }
    }

    void aStreamCutAtAnyByteGivesTheSameScreen_data()
    {
        QTest::addColumn<int>("stream");
        for (std::size_t i = 0; i < corpus.size(); ++i)
            QTest::addRow("stream %zu", i) << int(i);
    }
    void aStreamCutAtAnyByteGivesTheSameScreen()
    {
        QFETCH(int, stream);
        const std::string& bytes = corpus[std::size_t(stream)];
        Terminal whole({30, 8});
        whole.write(bytes);
        const std::string expected = snapshot(whole);
        const std::string answers = whole.takeAnswers();
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            Terminal parts({30, 8});
            parts.write(std::string_view(bytes).substr(0, cut));
            parts.write(std::string_view(bytes).substr(cut));
            QCOMPARE(snapshot(parts), expected);
            QCOMPARE(parts.takeAnswers(), answers);
        }
    }

    void streamsInRandomPiecesGiveTheSameScreen()
    {
        std::string all;
        for (int round = 0; round < 5; ++round) {
            for (const std::string& stream : corpus)
                all += stream;
        }
        Terminal whole({40, 10});
        whole.write(all);
        std::mt19937 random(7);
        for (const std::size_t largest : {1, 3, 17, 200}) {
            Terminal parts({40, 10});
            writeInChunks(parts, all, random, largest);
            QCOMPARE(snapshot(parts), snapshot(whole));
            QCOMPARE(parts.takeAnswers().size(), whole.takeAnswers().size());
            whole = Terminal({40, 10});
            whole.write(all);
        }
    }
};

QTEST_GUILESS_MAIN(TstTerminalParser)
#include "tst_terminal_parser.moc"
