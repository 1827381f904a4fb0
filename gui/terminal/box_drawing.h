#pragma once

#include <QColor>
#include <QPainter>
#include <QRect>

namespace rocker::gui {

// Draws block elements and the straight lines of U+2500…259F so that they join exactly from cell to cell, whatever the
// font thinks. False for every other character: the font draws it.
bool paintBoxDrawing(QPainter& painter, char32_t character, const QRect& place, const QColor& color, int lineWidth);

} // namespace rocker::gui
