#pragma once

#include "engine/terminal/charset.h"
#include "engine/terminal/cluster_table.h"
#include "engine/terminal/grid.h"
#include "engine/terminal/history.h"
#include "engine/terminal/line_view.h"
#include "engine/terminal/style_extras.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace rocker::terminal
{

// What DECSC saves.
struct ScreenCursor {
    int x = 0;
    int y = 0;
    bool pendingWrap = false; // a character went into the last column: the next one wraps first
    bool origin = false;
    Style style;
    Charsets charsets;
};

struct ScreenModes {
    bool autowrap = true;
    bool reverseWrap = false; // 45: back over the lines that were wrapped
    bool extendedReverseWrap = false; // 1045: back over any line, and from the top to the bottom
    bool insert = false;
    bool leftRightMargins = false;
    bool graphemeClusters = false;
    bool isoProtection = false; // the last protection was set by SPA: every erasing spares what is protected
    bool operator==(const ScreenModes&) const = default;
};

enum class Erase : std::uint8_t { ToEnd, ToStart, All };

// Both screens, the scrollback and the cursor: everything that control functions do to cells. Coordinates count from 0;
// every argument is clamped.
class Screen
{
public:
    Screen(Size size, int scrollbackLines, std::size_t scrollbackBytes);

    Size size() const { return m_grid->size(); }
    int columns() const { return m_grid->size().columns; }
    int rows() const { return m_grid->size().rows; }
    void resize(Size size);
    void reset(); // RIS, scrollback and tables included
    void softReset(); // DECSTR

    // screen_print.cpp
    void printAscii(std::string_view run);
    void print(char32_t codePoint);
    void repeat(int count);

    // screen_motion.cpp; `y` of moveTo counts from the top margin in origin mode
    void moveTo(int x, int y);
    void moveToColumn(int x);
    void moveToRow(int y);
    void moveBy(int dx, int dy); // stops at the margins when it starts inside them
    void carriageReturn();
    void lineFeed(); // IND: scrolls at the bottom margin
    void reverseLineFeed();
    void backspace();
    void cursorBack(int count); // CUB: as many backspaces where lines wrap backwards
    void tab(int count);
    void backTab(int count);
    void setTab(bool set);
    void clearTabs() { m_tabs.assign(m_tabs.size(), false); }
    void resetTabs();
    std::vector<int> tabStops() const;
    void columnForward(); // DECFI
    void columnBack(); // DECBI

    // screen_edit.cpp
    void eraseDisplay(Erase part, bool selective);
    void eraseLine(Erase part, bool selective);
    void eraseCharacters(int count);
    void insertCharacters(int count);
    void deleteCharacters(int count);
    void insertLines(int count);
    void deleteLines(int count);
    void insertColumns(int count);
    void deleteColumns(int count);
    void scrollUp(int count);
    void scrollDown(int count);
    void fillWithE(); // DECALN
    void clearHistory();

    // screen_rectangles.cpp. Rows and columns from 0, the last ones included.
    struct Area {
        int top = 0;
        int left = 0;
        int bottom = 0;
        int right = 0;
    };
    // As a program names it: within the margins in origin mode; an end below 0 is the last row or column. Nothing when
    // there is no such area.
    std::optional<Area> areaOf(int top, int left, int bottom, int right) const;
    void eraseArea(const Area& area, bool selective);
    void fillArea(const Area& area, char32_t character);
    void copyArea(const Area& from, int x, int y);
    void changeStyles(const Area& area, void (*change)(Style&, std::uint16_t flags), std::uint16_t flags);
    // DECSACE: whether changeStyles() goes from the area's first to its last position like text does.
    void setStreamAreas(bool stream) { m_streamAreas = stream; }
    bool streamAreas() const { return m_streamAreas; }

    void setVerticalMargins(int top, int bottom);
    void setHorizontalMargins(int left, int right);
    void setLeftRightMarginMode(bool on);
    void setOrigin(bool on);
    void resetMargins();

    void saveCursor() { savedCursor() = m_cursor; }
    void restoreCursor();
    bool onAlternate() const { return m_grid == m_alternate.get(); }
    void switchTo(bool alternate);

    ScreenCursor& cursor() { return m_cursor; }
    const ScreenCursor& cursor() const { return m_cursor; }
    ScreenModes& modes() { return m_modes; }
    const ScreenModes& modes() const { return m_modes; }
    int topMargin() const { return m_top; }
    int bottomMargin() const { return m_bottom; }
    int leftMargin() const { return m_left; }
    int rightMargin() const { return m_right; }
    void markRow(std::uint8_t mark);
    void setUnderlineColor(Color color);
    void setLink(std::uint32_t link);
    void startLink(std::string_view id, std::string_view uri);
    StyleExtras& extras() { return m_extras; }
    const StyleExtras& extras() const { return m_extras; }
    const ClusterTable& clusters() const { return m_clusters; }

    const Grid& grid() const { return *m_grid; }
    const History& history() const { return m_history; }
    std::int64_t screenLine() const { return m_screenLine; }
    std::int64_t firstLine() const { return onAlternate() ? m_screenLine : m_screenLine - m_history.size(); }
    LineView row(int y) const;
    LineView line(std::int64_t number, LineBuffer& buffer) const;
    unsigned reflowCount() const { return m_reflowCount; }
    std::size_t memoryUsed() const;

    struct ScrollHint {
        int top = 0, bottom = 0, lines = 0;
        bool mixed = false; // several regions scrolled: their rows are dirty instead
    };
    // Hands over what scrolled and the dirty rows, and forgets them.
    ScrollHint takeDamage(std::vector<int>& rows);
    void touchAll();

private:
    Row& currentRow() { return m_grid->row(m_cursor.y); }
    Style blankStyle() const { return {.background = m_cursor.style.background}; }
    ScreenCursor& savedCursor() { return onAlternate() ? m_savedAlternate : m_savedPrimary; }
    bool inHorizontalMargins() const { return m_cursor.x >= m_left && m_cursor.x <= m_right; }
    bool inMargins() const { return inHorizontalMargins() && m_cursor.y >= m_top && m_cursor.y <= m_bottom; }
    bool fullWidth() const { return m_left == 0 && m_right == columns() - 1; }
    // The column past the last one that the cursor's text may fill.
    int lineEnd() const { return m_cursor.x <= m_right ? m_right + 1 : columns(); }

    void wrap();
    bool wrapBack();
    void put(char32_t codePoint, int width);
    bool join(char32_t codePoint);
    void joinCell(Row& row, int x, std::u32string_view text);
    void widenCell(Row& row, int x);
    // What leaves at the top of the primary screen goes to the scrollback; deleted lines do not.
    enum class Scrolled : std::uint8_t { Keep, Discard };
    void scrollRegionUp(int top, int bottom, int count, Scrolled out);
    void scrollRegionDown(int top, int bottom, int count);
    void noteScroll(int top, int bottom, int lines);
    void shiftColumns(int from, int count);
    void eraseCells(int y, int from, int to, bool selective);
    void pushToHistory(int y);
    void reflow(Size size);
    void resizeAlternate(Size size);
    void clampCursor(ScreenCursor& cursor);
    void collectClusters();
    void collectExtras();

    StyleExtras m_extras;
    ClusterTable m_clusters;
    History m_history;
    std::unique_ptr<Grid> m_primary;
    std::unique_ptr<Grid> m_alternate; // made when it is first used
    Grid* m_grid;
    ScreenCursor m_cursor;
    ScreenCursor m_savedPrimary;
    ScreenCursor m_savedAlternate;
    ScreenModes m_modes;
    int m_top = 0;
    int m_bottom;
    int m_left = 0;
    int m_right;
    std::vector<bool> m_tabs;
    char32_t m_lastPrinted = 0; // for REP
    bool m_streamAreas = true;
    std::int64_t m_screenLine = 0;
    unsigned m_reflowCount = 0;
    ScrollHint m_scroll;
};

} // namespace rocker::terminal
