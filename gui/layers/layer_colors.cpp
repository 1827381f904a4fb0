#include "gui/layers/layer_colors.h"

#include "gui/widgets/theme.h"

namespace rocker::gui {

QColor layerColor(std::size_t layer)
{
    // Neighbours are told apart by a step that no small number of layers closes the circle with.
    constexpr double first = 0.60;
    constexpr double step = 0.381966;
    const double hue = first + step * double(layer);
    const bool dark = Theme::instance().isDark();
    return QColor::fromHslF(float(hue - int(hue)), dark ? 0.36f : 0.48f, dark ? 0.50f : 0.68f);
}

} // namespace rocker::gui
