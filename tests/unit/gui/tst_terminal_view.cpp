#include "gui/terminal/terminal_pane.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace rocker;
using namespace rocker::gui;

class TestTerminalView : public QObject
{
    Q_OBJECT

private:
    // A live terminal without a stream: what it would send comes as a signal.
    struct Fixture {
        TerminalSurface surface{TerminalSurface::Kind::Terminal};
        TerminalPane pane;
        QByteArray sent;

        explicit Fixture(bool replays = false)
        {
            QObject::connect(&surface, &TerminalSurface::inputSent, &pane, [this](const QByteArray& bytes) { sent += bytes; });
            pane.resize(800, 400);
            pane.show();
            pane.view()->setSurface(&surface);
            surface.attach(nullptr, pane.view()->room(), replays);
            pane.view()->setFocus();
        }
        void print(const std::string& bytes) { surface.receive(FrameType::Output, bytes); }
        QPoint at(int column, int row) const { return pane.view()->cellRect(column, row).center(); }
    };

private Q_SLOTS:
    void keysBecomeBytes_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("letter") << int(Qt::Key_A) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("a");
        QTest::newRow("return") << int(Qt::Key_Return) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\r");
        QTest::newRow("backspace") << int(Qt::Key_Backspace) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\x7f");
        QTest::newRow("tab") << int(Qt::Key_Tab) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\t");
        QTest::newRow("back tab") << int(Qt::Key_Backtab) << Qt::KeyboardModifiers(Qt::ShiftModifier) << QByteArray("\x1b[Z");
        QTest::newRow("up") << int(Qt::Key_Up) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\x1b[A");
        QTest::newRow("control right") << int(Qt::Key_Right) << Qt::KeyboardModifiers(Qt::ControlModifier) << QByteArray("\x1b[1;5C");
        QTest::newRow("control C") << int(Qt::Key_C) << Qt::KeyboardModifiers(Qt::ControlModifier) << QByteArray("\x03");
        QTest::newRow("control V") << int(Qt::Key_V) << Qt::KeyboardModifiers(Qt::ControlModifier) << QByteArray("\x16");
        QTest::newRow("control P") << int(Qt::Key_P) << Qt::KeyboardModifiers(Qt::ControlModifier) << QByteArray("\x10");
        QTest::newRow("escape") << int(Qt::Key_Escape) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\x1b");
        QTest::newRow("F5") << int(Qt::Key_F5) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\x1b[15~");
        QTest::newRow("delete") << int(Qt::Key_Delete) << Qt::KeyboardModifiers(Qt::NoModifier) << QByteArray("\x1b[3~");
    }
    void keysBecomeBytes()
    {
        QFETCH(int, key);
        QFETCH(Qt::KeyboardModifiers, modifiers);
        Fixture fixture;
        QTest::keyClick(fixture.pane.view(), Qt::Key(key), modifiers);
        QTEST(fixture.sent, "bytes");
    }

    void aContainerWithoutATerminalHearsNothing()
    {
        TerminalSurface surface(TerminalSurface::Kind::PlainOutput);
        QSignalSpy sent(&surface, &TerminalSurface::inputSent);
        TerminalPane pane;
        pane.show();
        pane.view()->setSurface(&surface);
        surface.attach(nullptr, {80, 24}, false);
        surface.receive(FrameType::Output, "one\ntwo\n");
        QTest::keyClicks(pane.view(), QStringLiteral("ls"));
        QCOMPARE(sent.size(), 0);
        QCOMPARE(pane.view()->screenText().trimmed(), QStringLiteral("one\ntwo"));
    }

    void theSizeIsToldOnceTheWindowRests()
    {
        Fixture fixture;
        QSignalSpy sizes(&fixture.surface, &TerminalSurface::sizeSent);
        for (int width = 810; width <= 1000; width += 10)
            fixture.pane.resize(width, 500);
        QTRY_COMPARE(sizes.size(), 1);
        QCOMPARE(sizes[0][0].toInt(), fixture.pane.view()->room().columns);
        QCOMPARE(fixture.surface.terminal().size().rows, fixture.pane.view()->room().rows);
    }

    void theReplayRebuildsTheScreenAndAnswersNothing()
    {
        Fixture fixture(true);
        QSignalSpy sizes(&fixture.surface, &TerminalSurface::sizeSent);
        fixture.surface.receive(FrameType::Resized, resizePayload(20, 5));
        fixture.print("0123456789012345678901234\x1b[c\x1b[6n");
        QCOMPARE(fixture.surface.terminal().size(), (terminal::Size{20, 5}));
        QCOMPARE(fixture.sent, QByteArray());
        fixture.surface.receive(FrameType::Replayed, {});
        QCOMPARE(fixture.sent, QByteArray());
        QCOMPARE(sizes.size(), 1);
        QCOMPARE(fixture.surface.terminal().size(), fixture.pane.view()->room());
        QVERIFY(fixture.pane.view()->screenText().startsWith(QStringLiteral("0123456789012345678901234")));
        fixture.print("\x1b[6n");
        QVERIFY(fixture.sent.endsWith('R'));
    }

    void draggingSelectsAndCtrlShiftCCopies()
    {
        Fixture fixture;
        fixture.print("hello world\r\nsecond line");
        QTest::mousePress(fixture.pane.view(), Qt::LeftButton, {}, fixture.pane.view()->cellRect(0, 0).topLeft() + QPoint(1, 4));
        QTest::mouseMove(fixture.pane.view(), fixture.pane.view()->cellRect(5, 0).topLeft() + QPoint(1, 4));
        QTest::mouseRelease(fixture.pane.view(), Qt::LeftButton, {}, fixture.pane.view()->cellRect(5, 0).topLeft() + QPoint(1, 4));
        QCOMPARE(fixture.pane.view()->selectedText(), QStringLiteral("hello"));
        QTest::keyClick(fixture.pane.view(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("hello"));
        QCOMPARE(fixture.sent, QByteArray());
    }

    void aDoubleClickSelectsTheWordAndAThirdTheLine()
    {
        Fixture fixture;
        fixture.print("cat /etc/os-release now");
        QTest::mouseDClick(fixture.pane.view(), Qt::LeftButton, {}, fixture.at(8, 0));
        QCOMPARE(fixture.pane.view()->selectedText(), QStringLiteral("/etc/os-release"));
        QTest::mousePress(fixture.pane.view(), Qt::LeftButton, {}, fixture.at(8, 0));
        QCOMPARE(fixture.pane.view()->selectedText().trimmed(), QStringLiteral("cat /etc/os-release now"));
    }

    void pastingIsBracketedWhenTheProgramWantsIt()
    {
        Fixture fixture;
        QGuiApplication::clipboard()->setText(QStringLiteral("a\nb"));
        QTest::keyClick(fixture.pane.view(), Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(fixture.sent, QByteArray("a\rb"));
        fixture.sent.clear();
        fixture.print("\x1b[?2004h");
        fixture.pane.view()->paste();
        QVERIFY(fixture.sent.startsWith("\x1b[200~a"));
        QVERIFY(fixture.sent.endsWith("b\x1b[201~"));
    }

    void theMouseIsReportedToAProgramThatAsks()
    {
        Fixture fixture;
        fixture.print("\x1b[?1000h\x1b[?1006h");
        QTest::mouseClick(fixture.pane.view(), Qt::LeftButton, {}, fixture.at(4, 2));
        QCOMPARE(fixture.sent, QByteArray("\x1b[<0;5;3M\x1b[<0;5;3m"));
        QVERIFY(!fixture.pane.view()->hasSelection());
    }

    void theScrollbackIsReachedByShiftPageUpAndLeftByTyping()
    {
        Fixture fixture;
        for (int i = 0; i < 200; ++i)
            fixture.print(std::to_string(i) + "\r\n");
        const auto bottom = fixture.pane.view()->topLine();
        QTest::keyClick(fixture.pane.view(), Qt::Key_PageUp, Qt::ShiftModifier);
        QVERIFY(fixture.pane.view()->topLine() < bottom);
        fixture.print("more\r\n");
        QVERIFY(fixture.pane.view()->topLine() < bottom);
        QTest::keyClick(fixture.pane.view(), Qt::Key_X);
        QCOMPARE(fixture.pane.view()->topLine(), fixture.surface.terminal().screenLine());
        auto* bar = fixture.pane.findChild<QScrollBar*>();
        QTRY_COMPARE(bar->value(), bar->maximum());
        QVERIFY(bar->maximum() > 100);
    }

    void screenReadersReadTheScreen()
    {
        Fixture fixture;
        fixture.print("root@web:/# cat /etc/os-release\r\nNAME=\"Starter\"\r\n");
        QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(fixture.pane.view());
        QVERIFY(interface);
        QCOMPARE(interface->role(), QAccessible::Terminal);
        QAccessibleTextInterface* text = interface->textInterface();
        QVERIFY(text);
        const QString all = text->text(0, text->characterCount());
        QVERIFY(all.contains(QStringLiteral("NAME=\"Starter\"")));
        QVERIFY(all.startsWith(QStringLiteral("root@web:/# cat")));
    }

    void anEndIsKeptWithItsReason()
    {
        Fixture fixture;
        QSignalSpy phases(&fixture.surface, &TerminalSurface::phaseChanged);
        fixture.surface.receive(FrameType::Exited, exitPayload(137, true));
        QCOMPARE(fixture.surface.phase(), TerminalSurface::Phase::Ended);
        QCOMPARE(fixture.surface.end().exit->exitCode, 137u);
        QVERIFY(fixture.surface.end().exit->oomKilled);
        QCOMPARE(phases.size(), 1);
        QTest::keyClicks(fixture.pane.view(), QStringLiteral("ls"));
        QCOMPARE(fixture.sent, QByteArray());
    }

    void paintingShowsWhatWasPrinted()
    {
        Fixture fixture;
        const QImage before = fixture.pane.view()->grab().toImage();
        fixture.print("\x1b[41m   \x1b[0m");
        QTRY_VERIFY(fixture.pane.view()->grab().toImage() != before);
        const QImage after = fixture.pane.view()->grab().toImage();
        const QColor red = after.pixelColor(fixture.at(1, 0));
        QVERIFY(red.red() > 150 && red.green() < 140);
    }
};

QTEST_MAIN(TestTerminalView)
#include "tst_terminal_view.moc"
