#include "engine/terminal/terminal.h"

#include "engine/terminal/emulator.h"
#include "engine/terminal/key_encoder.h"
#include "engine/terminal/mouse_encoder.h"
#include "engine/terminal/selection.h"

#include <algorithm>
#include <utility>

namespace rocker::terminal
{

namespace
{

Size clamped(Size size)
{
    return {std::clamp(size.columns, 1, Terminal::maximumSize.columns),
        std::clamp(size.rows, 1, Terminal::maximumSize.rows)};
}

KeyModes keyModes(const Emulator& e)
{
    return {e.modes.applicationCursorKeys, e.modes.applicationKeypad, e.newLine, e.modes.bracketedPaste,
        e.modes.backarrowSendsBackspace};
}

} // namespace

Terminal::Terminal(Size size, Options options)
    : m_emulator(std::make_unique<Emulator>(clamped(size), std::move(options)))
{
}

Terminal::~Terminal() = default;
Terminal::Terminal(Terminal&&) noexcept = default;
Terminal& Terminal::operator=(Terminal&&) noexcept = default;

void Terminal::write(std::string_view bytes)
{
    m_emulator->parser.write(bytes);
}

void Terminal::resize(Size size)
{
    if (clamped(size) == this->size())
        return;
    m_emulator->screen.resize(clamped(size));
    m_emulator->everythingDamaged = true;
}

Size Terminal::size() const
{
    return m_emulator->screen.size();
}

void Terminal::setCellPixels(Size pixels)
{
    m_emulator->cellPixels = pixels;
}

void Terminal::setTheme(const Theme& theme)
{
    m_emulator->options.theme = theme;
    m_emulator->everythingDamaged = true;
}

void Terminal::reset()
{
    m_emulator->parser.reset();
    m_emulator->reset();
}

void Terminal::clearScrollback()
{
    m_emulator->screen.clearHistory();
}

std::string Terminal::takeAnswers()
{
    return std::exchange(m_emulator->answers, {});
}

Damage Terminal::takeDamage()
{
    Emulator& e = *m_emulator;
    Damage damage;
    if (std::exchange(e.everythingDamaged, false)) {
        damage.everything = true;
        e.screen.touchAll();
    }
    const Screen::ScrollHint hint = e.screen.takeDamage(damage.rows);
    if (!damage.everything) {
        damage.scrollTop = hint.top;
        damage.scrollBottom = hint.bottom;
        damage.scrolledBy = hint.lines;
    }
    damage.cursor = damage.everything || e.cursor() != e.reportedCursor;
    e.reportedCursor = e.cursor();
    return damage;
}

Events Terminal::takeEvents()
{
    Emulator& e = *m_emulator;
    Events events = std::exchange(e.events, {});
    events.reflowed = std::exchange(e.reportedReflows, e.screen.reflowCount()) != e.screen.reflowCount();
    return events;
}

LineNumber Terminal::firstLine() const
{
    return m_emulator->screen.firstLine();
}

LineNumber Terminal::screenLine() const
{
    return m_emulator->screen.screenLine();
}

LineNumber Terminal::endLine() const
{
    return screenLine() + size().rows;
}

LineView Terminal::row(int screenRow) const
{
    if (screenRow < 0 || screenRow >= size().rows)
        return {};
    return m_emulator->screen.row(screenRow);
}

LineView Terminal::line(LineNumber number, LineBuffer& buffer) const
{
    return m_emulator->screen.line(number, buffer);
}

Cursor Terminal::cursor() const
{
    return m_emulator->cursor();
}

const ModeState& Terminal::modes() const
{
    return m_emulator->modes;
}

const std::string& Terminal::title() const
{
    return m_emulator->title;
}

const std::string& Terminal::iconName() const
{
    return m_emulator->iconName;
}

const std::string& Terminal::workingDirectory() const
{
    return m_emulator->workingDirectory;
}

const PaletteOverrides& Terminal::palette() const
{
    return m_emulator->palette;
}

StyleExtra Terminal::extraOf(const Style& style) const
{
    const StyleExtras::Entry& entry = m_emulator->screen.extras().entry(style.extra);
    return {entry.underlineColor, entry.link};
}

std::string_view Terminal::hyperlinkUri(std::uint32_t hyperlink) const
{
    return m_emulator->screen.extras().uri(hyperlink);
}

unsigned Terminal::reflowCount() const
{
    return m_emulator->screen.reflowCount();
}

std::size_t Terminal::memoryUsed() const
{
    const Emulator& e = *m_emulator;
    return sizeof e + e.screen.memoryUsed() + e.parser.memoryUsed() + e.answers.capacity();
}

std::string Terminal::encode(const KeyEvent& event) const
{
    if (const std::uint8_t flags = m_emulator->keyboardFlags().current())
        return encodeKittyKey(event, flags);
    if (event.action == KeyAction::Release)
        return {};
    if (event.key)
        return encodeKey(*event.key, event.modifiers);
    // With Control held the text is a control character already, or nothing: the key's own character is wanted.
    const char32_t character = event.shifted ? event.shifted : event.codePoint;
    if (has(event.modifiers, Modifiers::Control) && character >= 0x20 && character < 0x7f)
        return encodeText(std::string(1, char(character)), event.modifiers);
    return encodeText(event.text, event.modifiers);
}

std::string Terminal::encodeKey(Key key, Modifiers modifiers) const
{
    return terminal::encodeKey(key, modifiers, keyModes(*m_emulator));
}

std::string Terminal::encodeText(std::string_view text, Modifiers modifiers) const
{
    return terminal::encodeText(text, modifiers);
}

std::string Terminal::encodePaste(std::string_view text) const
{
    return terminal::encodePaste(text, keyModes(*m_emulator));
}

std::string Terminal::encodeMouse(const MouseEvent& event)
{
    Emulator& e = *m_emulator;
    MouseEvent place = event;
    if (e.modes.sgrPixels) {
        place.column = event.x;
        place.row = event.y;
    }
    if (event.action == MouseAction::Move && place.column == e.mouseColumn && place.row == e.mouseRow)
        return {};
    e.mouseColumn = place.column;
    e.mouseRow = place.row;
    return terminal::encodeMouse(place, e.modes.mouse, e.modes.sgrMouse || e.modes.sgrPixels);
}

std::string Terminal::encodeFocus(bool focused) const
{
    if (!m_emulator->modes.focusEvents)
        return {};
    return focused ? "\x1b[I" : "\x1b[O";
}

std::string Terminal::text(const Range& range) const
{
    return selectedText(m_emulator->screen, range);
}

Range Terminal::wordAt(Position position, std::string_view wordSigns) const
{
    return terminal::wordAt(m_emulator->screen, position, wordSigns);
}

Range Terminal::logicalLineAt(LineNumber line) const
{
    return terminal::logicalLineAt(m_emulator->screen, line);
}

std::string Terminal::screenText() const
{
    return terminal::screenText(m_emulator->screen);
}

} // namespace rocker::terminal
