#pragma once

#include "engine/terminal/cell.h"
#include "engine/terminal/keys.h"
#include "engine/terminal/line_view.h"
#include "engine/terminal/palette.h"
#include "engine/terminal/size.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::terminal
{

struct Emulator;

// Numbers a line for as long as it exists: it stays the same while the screen scrolls. Only a resize that reflows gives
// new numbers; Terminal::reflowCount() changes then.
using LineNumber = std::int64_t;

struct Position {
    LineNumber line = 0;
    int column = 0;
    auto operator<=>(const Position&) const = default;
};

// From begin up to, not with, end. A block takes the columns [begin.column, end.column) of every line up to end.line.
struct Range {
    Position begin;
    Position end;
    enum class Shape : std::uint8_t { Lines, Block } shape = Shape::Lines;
};

struct Options {
    int scrollbackLines = 10'000;
    std::size_t scrollbackBytes = std::size_t(64) << 20; // the oldest lines go when either limit is reached
    bool allowClipboardWrite = false; // OSC 52; reading is never possible
    Size cellPixels = {8, 16}; // of one cell, for the reports in pixels
    Theme theme;
};

enum class CursorShape : std::uint8_t { Block, Underline, Bar };

struct Cursor {
    int column = 0;
    int row = 0; // of the screen, from 0
    CursorShape shape = CursorShape::Block;
    bool visible = true;
    bool blinking = true;
    bool operator==(const Cursor&) const = default;
};

enum class MouseMode : std::uint8_t { Off, X10, Normal, ButtonMotion, AnyMotion };

// The modes a window must know to paint and to route input.
struct ModeState {
    bool alternateScreen = false;
    bool applicationCursorKeys = false;
    bool applicationKeypad = false;
    bool bracketedPaste = false;
    bool focusEvents = false;
    bool reverseVideo = false;
    bool synchronizedOutput = false; // hold painting back (for a bounded time) until it is reset
    bool alternateScroll = false; // 1007: the wheel sends cursor keys on the alternate screen
    bool sgrMouse = false;
    bool sgrPixels = false; // 1016: as sgrMouse, in pixels
    bool backarrowSendsBackspace = false; // 67: Backspace sends 0x08, not 0x7f
    MouseMode mouse = MouseMode::Off;
    bool operator==(const ModeState&) const = default;
};

// What changed on the screen since the last takeDamage(). First move the old picture's rows [scrollTop, scrollBottom]
// up by `scrolledBy` (down when negative), then paint `rows` anew. Rows that scrolled in are among them.
struct Damage {
    bool everything = false; // size, screen or colours changed; `rows` is complete too
    int scrollTop = 0;
    int scrollBottom = 0;
    int scrolledBy = 0;
    std::vector<int> rows; // ascending screen rows
    bool cursor = false; // position, shape or visibility changed
    bool empty() const { return !everything && !scrolledBy && rows.empty() && !cursor; }
};

struct ClipboardWrite {
    std::string selections; // "c", "p", … as the program named them
    std::string text; // decoded, at most 48 KiB
};

// What happened since the last takeEvents(); the new values themselves are asked from the terminal.
struct Events {
    unsigned bells = 0;
    bool title = false;
    bool iconName = false;
    bool workingDirectory = false;
    bool palette = false;
    bool modes = false;
    bool reflowed = false;
    std::optional<ClipboardWrite> clipboard; // the last one
    std::optional<int> commandExitCode; // of the last OSC 133;D
};

// Underline colour and hyperlink of a Style::extra.
struct StyleExtra {
    Color underlineColor;
    std::uint32_t hyperlink = 0; // equal for the cells of one link, 0 for none
};

// A VT terminal without a window: bytes in; grid, events and answers out. No I/O, no threads, no clock. Whatever the
// bytes are, memory stays within the limits of Options and time stays linear in their number.
class Terminal
{
public:
    static constexpr Size maximumSize = {2000, 1000};

    explicit Terminal(Size size = {}, Options options = {});
    ~Terminal();
    Terminal(Terminal&&) noexcept;
    Terminal& operator=(Terminal&&) noexcept;

    void write(std::string_view bytes);
    // Clamped to 1x1 … maximumSize. The primary screen reflows, the alternate one is cut or padded.
    void resize(Size size);
    Size size() const;
    void setCellPixels(Size pixels);
    void setTheme(const Theme& theme);
    // Reset as RIS does; the scrollback goes too.
    void reset();
    void clearScrollback();

    // Bytes the program asked for. They never hold text that a program chose. At most 64 KiB wait to be taken.
    std::string takeAnswers();
    Damage takeDamage();
    Events takeEvents();

    // Lines exist from firstLine() up to, not with, endLine(); the screen begins at screenLine(). The alternate screen
    // has no scrollback: there firstLine() is screenLine().
    LineNumber firstLine() const;
    LineNumber screenLine() const;
    LineNumber endLine() const;
    // A row of the screen, as wide as the screen.
    LineView row(int screenRow) const;
    // Any line; one of the scrollback is unpacked into `buffer`. Empty for a line that does not exist (any more).
    LineView line(LineNumber number, LineBuffer& buffer) const;

    Cursor cursor() const;
    const ModeState& modes() const;
    const std::string& title() const;
    const std::string& iconName() const;
    const std::string& workingDirectory() const; // the OSC 7 URI as sent: a claim of the program
    const PaletteOverrides& palette() const;
    StyleExtra extraOf(const Style& style) const;
    // The target of StyleExtra::hyperlink; empty when unknown.
    std::string_view hyperlinkUri(std::uint32_t hyperlink) const;
    unsigned reflowCount() const;
    // Bytes held by screens, scrollback and tables, for tests and for the status page.
    std::size_t memoryUsed() const;

    // What to send to the program. Empty means nothing is to be sent.
    std::string encode(const KeyEvent& event) const;
    // A press of the key in the older encoding, which a program gets that has not asked for another one.
    std::string encodeKey(Key key, Modifiers modifiers = Modifiers::None) const;
    // Typed text (UTF-8) with Control (Ctrl+C -> 0x03) and Alt (ESC in front) applied, likewise.
    std::string encodeText(std::string_view text, Modifiers modifiers = Modifiers::None) const;
    // Newlines become CR; control characters except tab go; the end marker cannot be smuggled in.
    std::string encodePaste(std::string_view text) const;
    std::string encodeMouse(const MouseEvent& event);
    std::string encodeFocus(bool focused) const;

    // Joins wrapped lines, leaves trailing blanks out, ends lines with \n.
    std::string text(const Range& range) const;
    // The word around a position; it may go on over wrapped rows. Signs in `wordSigns` count as part of words.
    Range wordAt(Position position, std::string_view wordSigns = "-_./~+@:%?&=#") const;
    // The whole logical line (all its wrapped rows) around a position.
    Range logicalLineAt(LineNumber line) const;
    // The screen as text: one line per row, trailing blanks and trailing empty rows left out.
    std::string screenText() const;

private:
    std::unique_ptr<Emulator> m_emulator;
};

} // namespace rocker::terminal
