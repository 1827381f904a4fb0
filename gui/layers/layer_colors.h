#pragma once

#include <QColor>

namespace rocker::gui {

// Each layer's own colour in the current theme, the same in the stack and in the map.
QColor layerColor(std::size_t layer);

} // namespace rocker::gui
