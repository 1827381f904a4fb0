#include "gui/terminal/box_drawing.h"

#include <array>
#include <cstdint>

namespace rocker::gui {

namespace {

// Arms of a line character, each 0 (none), 1 (light) or 2 (heavy): left, right, up, down.
struct Arms {
    std::uint8_t left, right, up, down;
};

struct LineCharacter {
    char32_t character;
    Arms arms;
};

constexpr std::array lines{
    LineCharacter{0x2500, {1, 1, 0, 0}}, LineCharacter{0x2501, {2, 2, 0, 0}}, LineCharacter{0x2502, {0, 0, 1, 1}},
    LineCharacter{0x2503, {0, 0, 2, 2}}, LineCharacter{0x250c, {0, 1, 0, 1}}, LineCharacter{0x250f, {0, 2, 0, 2}},
    LineCharacter{0x2510, {1, 0, 0, 1}}, LineCharacter{0x2513, {2, 0, 0, 2}}, LineCharacter{0x2514, {0, 1, 1, 0}},
    LineCharacter{0x2517, {0, 2, 2, 0}}, LineCharacter{0x2518, {1, 0, 1, 0}}, LineCharacter{0x251b, {2, 0, 2, 0}},
    LineCharacter{0x251c, {0, 1, 1, 1}}, LineCharacter{0x2523, {0, 2, 2, 2}}, LineCharacter{0x2524, {1, 0, 1, 1}},
    LineCharacter{0x252b, {2, 0, 2, 2}}, LineCharacter{0x252c, {1, 1, 0, 1}}, LineCharacter{0x2533, {2, 2, 0, 2}},
    LineCharacter{0x2534, {1, 1, 1, 0}}, LineCharacter{0x253b, {2, 2, 2, 0}}, LineCharacter{0x253c, {1, 1, 1, 1}},
    LineCharacter{0x254b, {2, 2, 2, 2}}, LineCharacter{0x2574, {1, 0, 0, 0}}, LineCharacter{0x2575, {0, 0, 1, 0}},
    LineCharacter{0x2576, {0, 1, 0, 0}}, LineCharacter{0x2577, {0, 0, 0, 1}}, LineCharacter{0x2578, {2, 0, 0, 0}},
    LineCharacter{0x2579, {0, 0, 2, 0}}, LineCharacter{0x257a, {0, 2, 0, 0}}, LineCharacter{0x257b, {0, 0, 0, 2}},
};

void paintArms(QPainter& painter, const Arms& arms, const QRect& place, const QColor& color, int lineWidth)
{
    const auto thickness = [&](std::uint8_t weight) { return lineWidth * weight; };
    const int x = place.left() + place.width() / 2;
    const int y = place.top() + place.height() / 2;
    const int across = thickness(std::max(arms.up, arms.down));
    const int along = thickness(std::max(arms.left, arms.right));
    const auto horizontal = [&](std::uint8_t weight, int from, int to) {
        if (weight)
            painter.fillRect(from, y - thickness(weight) / 2, to - from, thickness(weight), color);
    };
    const auto vertical = [&](std::uint8_t weight, int from, int to) {
        if (weight)
            painter.fillRect(x - thickness(weight) / 2, from, thickness(weight), to - from, color);
    };
    horizontal(arms.left, place.left(), x - across / 2 + across);
    horizontal(arms.right, x - across / 2, place.right() + 1);
    vertical(arms.up, place.top(), y - along / 2 + along);
    vertical(arms.down, y - along / 2, place.bottom() + 1);
}

bool paintBlock(QPainter& painter, char32_t character, const QRect& place, const QColor& color)
{
    const int width = place.width();
    const int height = place.height();
    const auto fill = [&](int x, int y, int w, int h) { painter.fillRect(place.left() + x, place.top() + y, w, h, color); };
    if (character == 0x2580) {
        fill(0, 0, width, height / 2);
    } else if (character <= 0x2588) { // lower eighths
        const int part = qRound(height * int(character - 0x2580) / 8.0);
        fill(0, height - part, width, part);
    } else if (character <= 0x258f) { // left eighths, seven down to one
        fill(0, 0, qRound(width * int(0x2590 - character) / 8.0), height);
    } else if (character == 0x2590) {
        fill(width / 2, 0, width - width / 2, height);
    } else if (character <= 0x2593) { // shades
        QColor shade = color;
        shade.setAlphaF(0.25f * float(character - 0x2590));
        painter.fillRect(place, shade);
    } else if (character == 0x2594) {
        fill(0, 0, width, std::max(1, height / 8));
    } else if (character == 0x2595) {
        const int part = std::max(1, width / 8);
        fill(width - part, 0, part, height);
    } else { // quadrants: upper left 1, upper right 2, lower left 4, lower right 8
        constexpr std::array<std::uint8_t, 10> quadrants{4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
        const std::uint8_t set = quadrants[character - 0x2596];
        const int left = width / 2;
        const int top = height / 2;
        if (set & 1)
            fill(0, 0, left, top);
        if (set & 2)
            fill(left, 0, width - left, top);
        if (set & 4)
            fill(0, top, left, height - top);
        if (set & 8)
            fill(left, top, width - left, height - top);
    }
    return true;
}

} // namespace

bool paintBoxDrawing(QPainter& painter, char32_t character, const QRect& place, const QColor& color, int lineWidth)
{
    if (character < 0x2500 || character > 0x259f)
        return false;
    if (character >= 0x2580)
        return paintBlock(painter, character, place, color);
    for (const auto& [candidate, arms] : lines)
        if (candidate == character) {
            paintArms(painter, arms, place, color, lineWidth);
            return true;
        }
    return false;
}

} // namespace rocker::gui
