#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace rocker::gui {

// Asks before something is lost for good; returns at once, `agreed` runs when the person says yes.
void confirm(QWidget* window, const QString& question, const QString& consequence, const QString& yes,
             std::function<void()> agreed);

} // namespace rocker::gui
