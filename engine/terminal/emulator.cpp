#include "engine/terminal/emulator.h"

#include <algorithm>
#include <utility>

namespace rocker::terminal
{

Emulator::Emulator(Size size, Options&& wanted)
    : options(std::move(wanted))
    , cellPixels(options.cellPixels)
    , screen(size, options.scrollbackLines, options.scrollbackBytes)
    , parser(*this)
{
}

void Emulator::control(std::uint8_t byte)
{
    switch (byte) {
    case 0x07:
        ++events.bells;
        break;
    case 0x08:
        screen.backspace();
        break;
    case 0x09:
        screen.tab(1);
        break;
    case 0x0a:
    case 0x0b:
    case 0x0c:
        lineFeed();
        break;
    case 0x0d:
        screen.carriageReturn();
        break;
    case 0x0e:
        screen.cursor().charsets.left = 1;
        break;
    case 0x0f:
        screen.cursor().charsets.left = 0;
        break;
    default:
        break;
    }
}

void Emulator::lineFeed()
{
    screen.lineFeed();
    if (newLine)
        screen.carriageReturn();
}

void Emulator::answer(std::string_view bytes)
{
    if (answers.size() + bytes.size() <= maximumAnswers)
        answers += bytes;
}

void Emulator::reset()
{
    const ModeState old = modes;
    screen.reset();
    modes = {};
    newLine = false;
    setCursorStyle(0);
    cursorVisible = true;
    titleStack.clear();
    palette = {};
    primaryKeyboard = alternateKeyboard = {};
    savedModes.clear();
    events.palette = true;
    events.modes |= modes != old;
    everythingDamaged = true;
}

void Emulator::softReset()
{
    screen.softReset();
    modes.applicationCursorKeys = false;
    modes.applicationKeypad = false;
    newLine = false;
    cursorVisible = true;
    setCursorStyle(0);
    events.modes = true;
}

void Emulator::setCursorStyle(int style)
{
    if (style > 6)
        return;
    cursorBlinking = style == 0 || style % 2 == 1;
    cursorShape = style <= 2 ? CursorShape::Block : style <= 4 ? CursorShape::Underline : CursorShape::Bar;
}

void Emulator::pushTitle(int which)
{
    if (titleStack.size() == maximumTitleStack)
        titleStack.erase(titleStack.begin());
    Titles& pushed = titleStack.emplace_back();
    if (which != 1)
        pushed.window = title;
    if (which != 2)
        pushed.icon = iconName;
}

// Drops the newest entry; what is wanted and not in it comes from the newest below that has it.
void Emulator::popTitle(int which)
{
    if (titleStack.empty())
        return;
    const auto restore = [&](std::optional<std::string> Titles::*part, std::string& text, bool& event) {
        for (auto entry = titleStack.rbegin(); entry != titleStack.rend(); ++entry) {
            if ((*entry).*part) {
                text = std::move(*std::exchange((*entry).*part, std::nullopt));
                event = true;
                return;
            }
        }
    };
    if (which != 1)
        restore(&Titles::window, title, events.title);
    if (which != 2)
        restore(&Titles::icon, iconName, events.iconName);
    titleStack.pop_back();
}

Cursor Emulator::cursor() const
{
    return {screen.cursor().x, screen.cursor().y, cursorShape, cursorVisible, cursorBlinking};
}

} // namespace rocker::terminal
