#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

class TstTerminalInput : public QObject
{
    Q_OBJECT

private slots:
    void keysAreEncodedAsXtermDoes_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::addColumn<QByteArray>("modes");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, Key key, Modifiers modifiers, const char* modes, const char* bytes) {
            QTest::newRow(name) << int(key) << int(modifiers) << QByteArray(modes) << QByteArray(bytes);
        };
        using enum Modifiers;
        row("up", Key::Up, None, "", "\x1b[A");
        row("application up", Key::Up, None, "\x1b[?1h", "\x1bOA");
        row("control left", Key::Left, Control, "\x1b[?1h", "\x1b[1;5D");
        row("shift alt end", Key::End, Shift | Alt, "", "\x1b[1;4F");
        row("home", Key::Home, None, "", "\x1b[H");
        row("page up", Key::PageUp, None, "", "\x1b[5~");
        row("control delete", Key::Delete, Control, "", "\x1b[3;5~");
        row("F1", Key::F1, None, "", "\x1bOP");
        row("shift F1", Key::F1, Shift, "", "\x1b[1;2P");
        row("F5", Key::F5, None, "", "\x1b[15~");
        row("F12", Key::F12, None, "", "\x1b[24~");
        row("F20", Key::F20, None, "", "\x1b[34~");
        row("return", Key::Return, None, "", "\r");
        row("return in new line mode", Key::Return, None, "\x1b[20h", "\r\n");
        row("alt return", Key::Return, Alt, "", "\x1b\r");
        row("tab", Key::Tab, None, "", "\t");
        row("shift tab", Key::Tab, Shift, "", "\x1b[Z");
        row("backspace", Key::Backspace, None, "", "\x7f");
        row("control backspace", Key::Backspace, Control, "", "\x08");
        row("alt backspace", Key::Backspace, Alt, "", "\x1b\x7f");
        row("backspace as BS", Key::Backspace, None, "\x1b[?67h", "\x08");
        row("escape", Key::Escape, None, "", "\x1b");
        row("keypad 5", Key::Keypad5, None, "", "5");
        row("keypad enter", Key::KeypadEnter, None, "", "\r");
        row("application keypad 5", Key::Keypad5, None, "\x1b=", "\x1bOu");
        row("application keypad enter", Key::KeypadEnter, None, "\x1b=", "\x1bOM");
        row("application keypad minus", Key::KeypadSubtract, None, "\x1b=", "\x1bOm");
        row("application keypad divide", Key::KeypadDivide, None, "\x1b=", "\x1bOo");
        row("keypad 9", Key::Keypad9, None, "\x1b=\x1b>", "9");
    }
    void keysAreEncodedAsXtermDoes()
    {
        QFETCH(int, key);
        QFETCH(int, modifiers);
        QFETCH(QByteArray, modes);
        const Terminal terminal = written(modes.toStdString());
        QTEST(QByteArray::fromStdString(terminal.encodeKey(Key(key), Modifiers(modifiers))), "bytes");
    }

    void controlMakesControlBytesOfText()
    {
        const Terminal terminal;
        for (char c = 'a'; c <= 'z'; ++c)
            QCOMPARE(terminal.encodeText(std::string(1, c), Modifiers::Control), std::string(1, char(c - 'a' + 1)));
        QCOMPARE(terminal.encodeText(" ", Modifiers::Control), std::string(1, '\0'));
        QCOMPARE(terminal.encodeText("[", Modifiers::Control), std::string("\x1b"));
        QCOMPARE(terminal.encodeText("?", Modifiers::Control), std::string("\x7f"));
        QCOMPARE(terminal.encodeText("p", Modifiers::Control | Modifiers::Alt), std::string("\x1b\x10"));
        QCOMPARE(terminal.encodeText("x", Modifiers::Alt), std::string("\x1bx"));
        QCOMPARE(terminal.encodeText("ä", Modifiers::None), std::string("ä"));
    }

    void aPasteCannotLeaveItsBrackets_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sent");
        QTest::newRow("plain") << QByteArray("echo") << QByteArray("echo");
        QTest::newRow("lines") << QByteArray("a\nb\r\nc\rd") << QByteArray("a\rb\rc\rd");
        QTest::newRow("tab stays") << QByteArray("a\tb") << QByteArray("a\tb");
        QTest::newRow("end marker") << QByteArray("a\x1b[201~rm -rf /\n") << QByteArray("a[201~rm -rf /\r");
        QTest::newRow("end marker in pieces") << QByteArray("\x1b\x1b[201~[201~") << QByteArray("[201~[201~");
        QTest::newRow("C1 end marker") << QByteArray("\xc2\x9b"
                                                     "201~")
                                       << QByteArray("201~");
        QTest::newRow("controls") << QByteArray("a\x03\x04\x15\x7f"
                                                "b")
                                  << QByteArray("ab");
        QTest::newRow("unicode") << QByteArray("ä漢😀") << QByteArray("ä漢😀");
        QTest::newRow("invalid") << QByteArray("a\xff"
                                               "b")
                                 << QByteArray("a\xef\xbf\xbd"
                                               "b");
    }
    void aPasteCannotLeaveItsBrackets()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sent);
        const std::string bare = sent.toStdString();
        QCOMPARE(Terminal().encodePaste(text.toStdString()), bare);
        QCOMPARE(written("\x1b[?2004h").encodePaste(text.toStdString()), "\x1b[200~" + bare + "\x1b[201~");
    }

    void theMouseIsReportedAsItsModeWants_data()
    {
        QTest::addColumn<QByteArray>("modes");
        QTest::addColumn<QByteArray>("press");
        QTest::addColumn<QByteArray>("drag");
        QTest::addColumn<QByteArray>("release");
        QTest::addColumn<QByteArray>("hover");
        const QByteArray none;
        QTest::newRow("off") << none << none << none << none << none;
        QTest::newRow("X10") << QByteArray("\x1b[?9h") << QByteArray("\x1b[M #$") << none << none << none;
        QTest::newRow("normal") << QByteArray("\x1b[?1000h") << QByteArray("\x1b[M0#$") << none
                                << QByteArray("\x1b[M#%$") << none;
        QTest::newRow("button motion") << QByteArray("\x1b[?1002h\x1b[?1006h") << QByteArray("\x1b[<16;3;4M")
                                       << QByteArray("\x1b[<32;4;4M") << QByteArray("\x1b[<0;5;4m") << none;
        QTest::newRow("any motion") << QByteArray("\x1b[?1003h\x1b[?1006h") << QByteArray("\x1b[<16;3;4M")
                                    << QByteArray("\x1b[<32;4;4M") << QByteArray("\x1b[<0;5;4m")
                                    << QByteArray("\x1b[<35;9;4M");
        QTest::newRow("off again") << QByteArray("\x1b[?1003h\x1b[?1003l") << none << none << none << none;
    }
    void theMouseIsReportedAsItsModeWants()
    {
        QFETCH(QByteArray, modes);
        Terminal terminal = written(modes.toStdString());
        const auto report = [&](MouseAction action, MouseButton button, int column, Modifiers modifiers) {
            return QByteArray::fromStdString(terminal.encodeMouse({action, button, column, 3, modifiers}));
        };
        QTEST(report(MouseAction::Press, MouseButton::Left, 2, Modifiers::Control), "press");
        QTEST(report(MouseAction::Move, MouseButton::Left, 3, Modifiers::None), "drag");
        QCOMPARE(report(MouseAction::Move, MouseButton::Left, 3, Modifiers::None), QByteArray());
        QTEST(report(MouseAction::Release, MouseButton::Left, 4, Modifiers::None), "release");
        QTEST(report(MouseAction::Move, MouseButton::None, 8, Modifiers::None), "hover");
    }

    void theWheelHasButtonsOfItsOwn()
    {
        Terminal terminal = written("\x1b[?1000h\x1b[?1006h");
        QCOMPARE(terminal.encodeMouse({MouseAction::Press, MouseButton::WheelUp, 0, 0}), std::string("\x1b[<64;1;1M"));
        QCOMPARE(
            terminal.encodeMouse({MouseAction::Press, MouseButton::WheelDown, 500, 0}), std::string("\x1b[<65;501;1M"));
        terminal.write("\x1b[?1006l");
        QCOMPARE(terminal.encodeMouse({MouseAction::Press, MouseButton::WheelDown, 500, 0}), std::string());
    }

    void focusIsToldWhoAsksForIt()
    {
        QCOMPARE(Terminal().encodeFocus(true), std::string());
        QCOMPARE(written("\x1b[?1004h").encodeFocus(true), std::string("\x1b[I"));
        QCOMPARE(written("\x1b[?1004h").encodeFocus(false), std::string("\x1b[O"));
    }
};

QTEST_GUILESS_MAIN(TstTerminalInput)
#include "tst_terminal_input.moc"
