#pragma once

#include "engine/terminal/kitty_keys.h"
#include "engine/terminal/parser.h"
#include "engine/terminal/screen.h"
#include "engine/terminal/terminal.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rocker::terminal
{

// What a terminal is made of behind its facade: the parser's sequences arrive here and are looked up in the tables of
// csi.cpp, escape.cpp, osc.cpp and modes.cpp, which work on these members.
struct Emulator final : ParserHandler {
    explicit Emulator(Size size, Options&& wanted);

    static constexpr std::size_t maximumAnswers = 64 * 1024;
    static constexpr std::size_t maximumTitle = 1024;
    static constexpr std::size_t maximumTitleStack = 10;

    Options options;
    Size cellPixels;
    Screen screen;
    Parser parser;
    ModeState modes;
    bool newLine = false; // LNM
    bool cursorVisible = true;
    bool cursorBlinking = true;
    CursorShape cursorShape = CursorShape::Block;
    std::string title;
    std::string iconName;
    struct Titles {
        std::optional<std::string> window;
        std::optional<std::string> icon;
    };
    std::vector<Titles> titleStack;
    std::string workingDirectory;
    PaletteOverrides palette;
    KeyboardFlags primaryKeyboard;
    KeyboardFlags alternateKeyboard;
    std::map<int, bool> savedModes;
    std::string answers;
    Events events;
    bool everythingDamaged = true;
    Cursor reportedCursor; // as of the last damage taken
    unsigned reportedReflows = 0;
    int mouseColumn = -1; // of the last motion reported
    int mouseRow = -1;

    void printAscii(std::string_view run) override { screen.printAscii(run); }
    void print(char32_t codePoint) override { screen.print(codePoint); }
    void control(std::uint8_t byte) override;
    void escape(const Sequence& sequence) override;
    void csi(const Sequence& sequence) override;
    void osc(std::string_view text) override;
    void dcs(const Sequence& sequence, std::string_view text) override;

    // Dropped when too many answers wait already: who asks without reading gets nothing.
    void answer(std::string_view bytes);
    void lineFeed();
    KeyboardFlags& keyboardFlags() { return screen.onAlternate() ? alternateKeyboard : primaryKeyboard; }
    void reset(); // RIS
    void softReset(); // DECSTR
    void setCursorStyle(int style);
    void pushTitle(int which);
    void popTitle(int which);
    Cursor cursor() const;
};

// modes.cpp. Of a query: 0 unknown, 1 set, 2 reset, 3 always set, 4 always reset (DECRPM).
void setPrivateMode(Emulator& emulator, int mode, bool on);
void setAnsiMode(Emulator& emulator, int mode, bool on);
int privateModeState(Emulator& emulator, int mode);
int ansiModeState(Emulator& emulator, int mode);
// reports.cpp
void reportDeviceStatus(Emulator& emulator, const Sequence& sequence);
void reportSetting(Emulator& emulator, std::string_view setting); // DECRQSS
void windowOperation(Emulator& emulator, const Parameters& parameters);

} // namespace rocker::terminal
