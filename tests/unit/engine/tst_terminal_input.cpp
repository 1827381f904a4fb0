#include "engine/terminal/terminal.h"

#include "tests/unit/engine/terminal_snapshot.h"

#include <QTest>

using namespace rocker::terminal;

Q_DECLARE_METATYPE(rocker::terminal::KeyEvent)

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

    void keysAreEncodedAsKittyDoes_data()
    {
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<QByteArray>("press");
        QTest::addColumn<QByteArray>("repeat");
        QTest::addColumn<QByteArray>("release");
        QTest::addColumn<KeyEvent>("event");
        const auto row = [](const char* name, const char* flags, KeyEvent event, const char* press, const char* repeat,
                             const char* release) {
            QTest::newRow(name) << QByteArray(flags) << QByteArray(press) << QByteArray(repeat) << QByteArray(release)
                                << event;
        };
        using enum Modifiers;
        const KeyEvent letter{.codePoint = 'a', .base = 'a', .text = "a"};
        const KeyEvent capital{.codePoint = 'a', .shifted = 'A', .base = 'a', .text = "A", .modifiers = Shift};
        const KeyEvent control{.codePoint = 'i', .base = 'i', .text = "\t", .modifiers = Control};
        const KeyEvent cyrillic{.codePoint = U'ф', .base = 'a', .text = "", .modifiers = Control};
        row("without flags", "", letter, "a", "a", "");
        row("without flags, Control", "", control, "\t", "\t", "");
        row("text stays text", "\x1b[>1u", letter, "a", "a", "");
        row("capitals too", "\x1b[>1u", capital, "A", "A", "");
        row("Ctrl+I is no tab", "\x1b[>1u", control, "\x1b[105;5u", "\x1b[105;5u", "");
        row("Escape", "\x1b[>1u", {.key = Key::Escape}, "\x1b[27u", "\x1b[27u", "");
        row("Return stays", "\x1b[>1u", {.key = Key::Return, .text = "\r"}, "\r", "\r", "");
        row("Shift+Return", "\x1b[>1u", {.key = Key::Return, .modifiers = Shift}, "\x1b[13;2u", "\x1b[13;2u", "");
        row("up", "\x1b[?1h\x1b[>1u", {.key = Key::Up}, "\x1b[A", "\x1b[A", "");
        row("F3", "\x1b[>1u", {.key = Key::F3, .modifiers = Alt}, "\x1b[13;3~", "\x1b[13;3~", "");
        row("actions", "\x1b[>3u", control, "\x1b[105;5u", "\x1b[105;5:2u", "\x1b[105;5:3u");
        row("releases of text", "\x1b[>2u", letter, "a", "a", "\x1b[97;1:3u");
        row("Return is not released", "\x1b[>3u", {.key = Key::Return}, "\r", "\r", "");
        row("actions of a key", "\x1b[>3u", {.key = Key::Left}, "\x1b[D", "\x1b[1;1:2D", "\x1b[1;1:3D");
        row("alternates", "\x1b[>5u", cyrillic, "\x1b[1092::97;5u", "\x1b[1092::97;5u", "");
        row("everything", "\x1b[>8u", letter, "\x1b[97u", "\x1b[97u", "");
        row("everything with text", "\x1b[>24u", capital, "\x1b[97;2;65u", "\x1b[97;2;65u", "");
        row("text without modifiers", "\x1b[>24u", letter, "\x1b[97;;97u", "\x1b[97;;97u", "");
        row("alternates of everything", "\x1b[>12u", capital, "\x1b[97:65;2u", "\x1b[97:65;2u", "");
        row("modifiers alone", "\x1b[>10u", {.key = Key::LeftShift}, "\x1b[57441u", "\x1b[57441;1:2u", "\x1b[57441;1:3u");
        row("modifiers are not asked for", "\x1b[>3u", {.key = Key::LeftShift}, "", "", "");
        row("the keypad types", "\x1b[>1u", {.key = Key::Keypad5, .text = "5"}, "5", "5", "");
        row("Control with the keypad", "\x1b[>1u", {.key = Key::Keypad5, .modifiers = Control}, "\x1b[57404;5u",
            "\x1b[57404;5u", "");
        row("an input method", "\x1b[>8u", {.text = "漢"}, "漢", "漢", "");
        row("popped", "\x1b[>1u\x1b[>8u\x1b[<2u", letter, "a", "a", "");
        row("popped once", "\x1b[>8u\x1b[>1u\x1b[<u", letter, "\x1b[97u", "\x1b[97u", "");
        row("set", "\x1b[=8u\x1b[=1;2u\x1b[=8;3u", control, "\x1b[105;5u", "\x1b[105;5u", "");
        row("the other screen's are its own", "\x1b[>8u\x1b[?1049h", letter, "a", "a", "");
        row("reset", "\x1b[>8u\x1b" "c", letter, "a", "a", "");
    }
    void keysAreEncodedAsKittyDoes()
    {
        QFETCH(QByteArray, flags);
        QFETCH(KeyEvent, event);
        const Terminal terminal = written(flags.toStdString());
        QTEST(QByteArray::fromStdString(terminal.encode(event)), "press");
        event.action = KeyAction::Repeat;
        QTEST(QByteArray::fromStdString(terminal.encode(event)), "repeat");
        event.action = KeyAction::Release;
        QTEST(QByteArray::fromStdString(terminal.encode(event)), "release");
    }

    void theFlagsOfTheKeyboardAreTold()
    {
        Terminal terminal = written("\x1b[?u\x1b[>5u\x1b[?u\x1b[>255u\x1b[?u\x1b[<99u\x1b[?u");
        QCOMPARE(terminal.takeAnswers(), std::string("\x1b[?0u\x1b[?5u\x1b[?31u\x1b[?0u"));
        for (int i = 0; i < 1000; ++i)
            terminal.write("\x1b[>1u");
        terminal.write("\x1b[<16u\x1b[?u");
        QCOMPARE(terminal.takeAnswers(), std::string("\x1b[?0u"));
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

    void thePointerIsReportedInPixelsWhereWanted()
    {
        Terminal terminal = written("\x1b[?1003h\x1b[?1016h");
        MouseEvent event{MouseAction::Move, MouseButton::None, 2, 3, Modifiers::None, 20, 50};
        QCOMPARE(terminal.encodeMouse(event), std::string("\x1b[<35;21;51M"));
        event.x = 21; // still the same cell
        QCOMPARE(terminal.encodeMouse(event), std::string("\x1b[<35;22;51M"));
        QCOMPARE(terminal.encodeMouse(event), std::string());
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
