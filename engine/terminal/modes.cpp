#include "engine/terminal/emulator.h"

namespace rocker::terminal
{

namespace
{

// The modes that are no more than a flag.
bool* flagOf(Emulator& e, int mode)
{
    switch (mode) {
    case 1:
        return &e.modes.applicationCursorKeys;
    case 5:
        return &e.modes.reverseVideo;
    case 7:
        return &e.screen.modes().autowrap;
    case 12:
        return &e.cursorBlinking;
    case 25:
        return &e.cursorVisible;
    case 45:
        return &e.screen.modes().reverseWrap;
    case 67:
        return &e.modes.backarrowSendsBackspace;
    case 66:
        return &e.modes.applicationKeypad;
    case 1045:
        return &e.screen.modes().extendedReverseWrap;
    case 1004:
        return &e.modes.focusEvents;
    case 1006:
        return &e.modes.sgrMouse;
    case 1016:
        return &e.modes.sgrPixels;
    case 1007:
        return &e.modes.alternateScroll;
    case 2004:
        return &e.modes.bracketedPaste;
    case 2026:
        return &e.modes.synchronizedOutput;
    case 2027:
        return &e.screen.modes().graphemeClusters;
    default:
        return nullptr;
    }
}

MouseMode mouseModeOf(int mode)
{
    switch (mode) {
    case 9:
        return MouseMode::X10;
    case 1000:
        return MouseMode::Normal;
    case 1002:
        return MouseMode::ButtonMotion;
    case 1003:
        return MouseMode::AnyMotion;
    default:
        return MouseMode::Off;
    }
}

// 47, 1047 and 1049 differ in when the alternate screen is cleared and whether the cursor is kept.
void setAlternateScreen(Emulator& e, int mode, bool on)
{
    if (on == e.screen.onAlternate()) {
        if (!on && mode == 1049)
            e.screen.restoreCursor();
        return;
    }
    if (on && mode == 1049)
        e.screen.saveCursor();
    if (!on && mode == 1047)
        e.screen.eraseDisplay(Erase::All, false);
    e.screen.switchTo(on);
    if (on && mode == 1049)
        e.screen.eraseDisplay(Erase::All, false);
    if (!on && mode == 1049)
        e.screen.restoreCursor();
    e.modes.alternateScreen = on;
    e.everythingDamaged = true;
}

} // namespace

void setPrivateMode(Emulator& e, int mode, bool on)
{
    const ModeState before = e.modes;
    if (bool* flag = flagOf(e, mode)) {
        *flag = on;
        if (mode == 7 && !on)
            e.screen.cursor().pendingWrap = false;
        if (mode == 5)
            e.everythingDamaged = true;
    } else if (const MouseMode mouse = mouseModeOf(mode); mouse != MouseMode::Off) {
        e.modes.mouse = on ? mouse : MouseMode::Off;
    } else if (mode == 47 || mode == 1047 || mode == 1049) {
        setAlternateScreen(e, mode, on);
    } else if (mode == 6) {
        e.screen.setOrigin(on);
    } else if (mode == 69) {
        e.screen.setLeftRightMarginMode(on);
    } else if (mode == 1048) {
        if (on)
            e.screen.saveCursor();
        else
            e.screen.restoreCursor();
    }
    e.events.modes |= e.modes != before;
}

int privateModeState(Emulator& e, int mode)
{
    if (const bool* flag = flagOf(e, mode))
        return *flag ? 1 : 2;
    if (const MouseMode mouse = mouseModeOf(mode); mouse != MouseMode::Off)
        return e.modes.mouse == mouse ? 1 : 2;
    switch (mode) {
    case 6:
        return e.screen.cursor().origin ? 1 : 2;
    case 69:
        return e.screen.modes().leftRightMargins ? 1 : 2;
    case 47:
    case 1047:
    case 1049:
        return e.modes.alternateScreen ? 1 : 2;
    case 8: // keys repeat
        return 3;
    case 3: // 132 columns
    case 4: // smooth scrolling
    case 18: // printer
    case 19:
    case 42: // national character sets
    case 60: // horizontal cursor coupling
    case 1005:
    case 1015:
        return 4;
    default:
        return 0;
    }
}

void setAnsiMode(Emulator& e, int mode, bool on)
{
    if (mode == 4)
        e.screen.modes().insert = on;
    else if (mode == 20)
        e.newLine = on;
}

int ansiModeState(Emulator& e, int mode)
{
    switch (mode) {
    case 4:
        return e.screen.modes().insert ? 1 : 2;
    case 20:
        return e.newLine ? 1 : 2;
    case 12: // local echo off
        return 3;
    case 2: // keyboard locked
        return 4;
    default:
        // ECMA-48's modes of block terminals, which no terminal emulator has set ever.
        return (mode == 1 || mode == 5 || mode == 7 || (mode >= 10 && mode <= 19)) ? 4 : 0;
    }
}

} // namespace rocker::terminal
