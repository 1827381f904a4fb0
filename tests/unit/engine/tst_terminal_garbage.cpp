#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>

using namespace rocker::terminal;

namespace
{

// Bytes that look like a terminal's language often enough to get deep into it.
class Garbage
{
public:
    explicit Garbage(unsigned seed)
        : m_random(seed)
    {
    }

    std::string next()
    {
        switch (m_random() % 12) {
        case 0:
        case 1:
        case 2:
            return sequence();
        case 3:
            return pick({"漢", "字", "😀", "🇩🇪", "\u0301", "\u200d", "\ufe0f", "👍🏽", "ä"});
        case 4:
            return pick({"\n", "\r\n", "\t", "\b", "\x0e", "\x0f", "\a", "\x18", "\x1a", "\r"});
        case 5:
            return std::string("\x1b") + char(0x20 + m_random() % 0x5f);
        case 6:
            return pick({"\x1b]0;", "\x1b]8;id=a;http://h/1", "\x1b]8;;", "\x1b]4;1;?", "\x1b]133;A", "\x1b]52;c;YQ=="})
                + pick({"\x07", "\x1b\\", ""});
        case 7:
            return std::string(1 + m_random() % 4, char(m_random()));
        case 8:
            return pick({"\x1b[?1049h", "\x1b[?1049l", "\x1b[?69h", "\x1b[?6h", "\x1b[?7l", "\x1b[?7h", "\x1b[?2027h",
                "\x1b[4h", "\x1b[4l", "\x1b[?45h"});
        default:
            return std::string(m_random() % 60, char('a' + m_random() % 26));
        }
    }
    std::mt19937& random() { return m_random; }

private:
    std::string pick(std::initializer_list<const char*> choices)
    {
        return choices.begin()[m_random() % choices.size()];
    }
    std::string sequence()
    {
        std::string out = "\x1b[" + pick({"", "", "", "?", ">"});
        for (unsigned n = m_random() % 4; n > 0; --n)
            out += std::to_string(m_random() % 3 ? m_random() % 30 : m_random() % 100'000) + pick({";", ";", ":"});
        return out + std::to_string(m_random() % 12) + pick({"", "", "", " ", "$", "'", "\""})
            + char(0x40 + m_random() % 0x3f);
    }
    std::mt19937 m_random;
};

// What must hold whatever was written; empty when it does.
std::string broken(const Terminal& terminal)
{
    const Size size = terminal.size();
    const Cursor cursor = terminal.cursor();
    if (cursor.column < 0 || cursor.column >= size.columns || cursor.row < 0 || cursor.row >= size.rows)
        return std::format("cursor at {},{}", cursor.column, cursor.row);
    if (terminal.endLine() - terminal.screenLine() != size.rows || terminal.firstLine() > terminal.screenLine())
        return "line numbers";
    for (int y = 0; y < size.rows; ++y) {
        const auto cells = terminal.row(y).cells();
        if (int(cells.size()) != size.columns)
            return std::format("row {} has {} cells", y, cells.size());
        for (int x = 0; x < size.columns; ++x) {
            const Cell& cell = cells[std::size_t(x)];
            if (cell.wide() && (x + 1 == size.columns || !cells[std::size_t(x + 1)].spacer()))
                return std::format("half a wide character at {},{}", x, y);
            if (cell.spacer() && (x == 0 || !cells[std::size_t(x - 1)].wide()))
                return std::format("a right half alone at {},{}", x, y);
            if (cell.cluster() && terminal.row(y).cluster(cell).size() > ClusterTable::maximumLength)
                return "a cluster too long";
        }
    }
    return {};
}

} // namespace

class TstTerminalGarbage : public QObject
{
    Q_OBJECT

private slots:
    void garbageNeverBreaksTheScreen_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void garbageNeverBreaksTheScreen()
    {
        QFETCH(unsigned, seed);
        Garbage garbage(seed);
        Terminal terminal({int(1 + seed * 7), int(1 + seed * 3)}, {.scrollbackLines = 200});
        std::string all;
        for (int i = 0; i < 6000; ++i) {
            const std::string bytes = garbage.next();
            all += bytes;
            terminal.write(bytes);
            if (i % 8 == 0) {
                const std::string fault = broken(terminal);
                QVERIFY2(fault.empty(),
                    (fault + " after " + all.substr(all.size() - std::min<std::size_t>(200, all.size()))).c_str());
            }
            if (i % 97 == 0) {
                terminal.resize({1 + int(garbage.random()() % 90), 1 + int(garbage.random()() % 40)});
                const std::string fault = broken(terminal);
                QVERIFY2(fault.empty(), ("resized: " + fault).c_str());
            }
            if (i % 501 == 0) {
                snapshot(terminal);
                terminal.takeDamage();
                terminal.takeEvents();
                terminal.takeAnswers();
                terminal.text(terminal.wordAt({terminal.screenLine(), 0}));
            }
        }
        QVERIFY(terminal.memoryUsed() < 8u << 20);
    }

    void damageAloneFollowsGarbage()
    {
        Garbage garbage(99);
        Terminal terminal({25, 9});
        std::vector<std::string> picture(9);
        const auto rowText = [&](int y) {
            std::string out;
            appendLine(out, terminal, terminal.row(y));
            return out.substr(0, out.rfind('|'));
        };
        for (int i = 0; i < 6000; ++i) {
            terminal.write(garbage.next());
            if (i % 3)
                continue;
            const Damage damage = terminal.takeDamage();
            const auto top = picture.begin() + damage.scrollTop;
            const auto end = picture.begin() + damage.scrollBottom + 1;
            if (damage.scrolledBy > 0)
                std::rotate(top, top + damage.scrolledBy, end);
            else if (damage.scrolledBy < 0)
                std::rotate(top, end + damage.scrolledBy, end);
            for (const int y : damage.rows)
                picture[std::size_t(y)] = rowText(y);
            for (int y = 0; y < 9; ++y)
                QCOMPARE(picture[std::size_t(y)], rowText(y));
        }
    }

    void nothingGrowsWithoutLimit_data()
    {
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("never ending title") << QByteArray("\x1b]0;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        QTest::newRow("never ending device string") << QByteArray("\x1bP1$qaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        QTest::newRow("never ending parameters") << QByteArray("\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1");
        QTest::newRow("titles pushed") << QByteArray("\x1b]2;title title title\x07\x1b[22t");
        QTest::newRow("repeats") << QByteArray("x\x1b[99999b");
        QTest::newRow("scrolls") << QByteArray("\x1b[99999S\x1b[99999T\x1b[99999L\x1b[99999M");
        QTest::newRow("edits") << QByteArray("\x1b[99999@\x1b[99999P\x1b[99999X");
        QTest::newRow("tabs") << QByteArray("\x1b[99999I\x1b[99999Z");
        QTest::newRow("modes saved") << QByteArray("\x1b[?1;2;3;4;5;6;7;8;9;1000;1002;1003;1006s");
        QTest::newRow("questions") << QByteArray("\x1b[c\x1b[5n\x1b]4;0;?;1;?;2;?;3;?\x07");
        QTest::newRow("alternate screen") << QByteArray("\x1b[?1049h\x1b[?1049l");
        QTest::newRow("clusters") << QByteArray("e\u0301\u0302 a\u0303\u0304\r\n");
        QTest::newRow("underline colours") << QByteArray("\x1b[58:2::1:2:3mx\x1b[58:5:7my\r\n");
        QTest::newRow("DECALN") << QByteArray("\x1b#8");
    }
    void nothingGrowsWithoutLimit()
    {
        QFETCH(QByteArray, piece);
        Terminal terminal({80, 24}, {.scrollbackLines = 1000});
        QElapsedTimer timer;
        timer.start();
        const std::string bytes = piece.toStdString();
        for (int i = 0; i < 2000; ++i)
            terminal.write(bytes);
        QVERIFY(terminal.memoryUsed() < 4u << 20);
        QVERIFY(broken(terminal).empty());
        QVERIFY2(timer.elapsed() < 20'000, "two thousand short pieces took more than 20 s");
    }

    void theScrollbackKeepsToItsBytes()
    {
        Terminal terminal({500, 10}, {.scrollbackLines = 1'000'000, .scrollbackBytes = 2u << 20});
        std::string line;
        for (int x = 0; x < 250; ++x)
            line += std::format("\x1b[38;2;{};1;2mx\x1b[48;2;{};3;4my", x, x);
        for (int i = 0; i < 3000; ++i)
            terminal.write(line + "\r\n");
        QVERIFY(terminal.memoryUsed() < 5u << 20);
        QVERIFY(terminal.screenLine() - terminal.firstLine() > 100);
    }

    void everyClusterOnTheScreenKeepsItsTextWhileOthersComeAndGo()
    {
        Terminal terminal({40, 4}, {.scrollbackLines = 10});
        terminal.write("\x1b[1;1Hq\u0301\u0302\u0303\x1b[2;4r\x1b[2;1H");
        for (char32_t a = 0x300; a < 0x340; ++a) {
            for (char32_t b = 0x300; b < 0x36f; ++b) {
                const std::u32string text{U'z', a, b};
                terminal.write(QString::fromUcs4(text.data(), int(text.size())).toStdString() + "\r\n");
            }
        }
        QCOMPARE(terminal.row(0).text(), std::string("q\u0301\u0302\u0303"));
        QVERIFY(terminal.memoryUsed() < 1u << 20);
    }
};

QTEST_GUILESS_MAIN(TstTerminalGarbage)
#include "tst_terminal_garbage.moc"
