#pragma once

#include "gui/models/roles.h"

#include <QColor>
#include <QObject>

class QApplication;

namespace rocker::gui {

// The colours of one appearance, by what they are for.
struct Colors {
    QColor window, base, sidebar, border, text, muted, accent, onAccent, accentHover, hover, selection, good, warning, bad, badHover,
        warningSurface, badSurface, goodSurface, field;
};

enum class ThemeChoice { System, Light, Dark };

// The window's look: palette, style sheet and icons' colours. Follows the desktop unless told otherwise, and says when
// it changes.
class Theme : public QObject
{
    Q_OBJECT

public:
    static Theme& instance();

    void apply(QApplication& application, ThemeChoice choice);
    bool isDark() const { return m_dark; }
    const Colors& colors() const;
    QColor color(Tone tone) const;

    // Everything is laid out on a grid of 8 logical pixels.
    static constexpr int unit = 8;

Q_SIGNALS:
    void changed();

private:
    void refresh(QApplication& application);
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_dark = false;
};

} // namespace rocker::gui
