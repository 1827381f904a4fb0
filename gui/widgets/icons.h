#pragma once

#include <QIcon>
#include <QString>

namespace rocker::gui {

// An icon of our own set (":/icons/<name>.svg", drawn in currentColor), in the theme's text colour, greyed when disabled;
// stays right when the theme changes and on screens of any scale.
QIcon icon(const QString& name);
// In a colour of its own, for a picture rather than a button.
QPixmap pixmap(const QString& name, int size, const QColor& color, qreal scale);

} // namespace rocker::gui
