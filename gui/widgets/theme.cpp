#include "gui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QGuiApplication>
#include <QPalette>
#include <QStyleFactory>
#include <QStyleHints>

namespace rocker::gui {

namespace {

const Colors light{.window = 0xf6f7f9, .base = 0xffffff, .sidebar = 0xeceff3, .border = 0xd8dce4, .text = 0x1c2430,
                   .muted = 0x5f6b7c, .accent = 0x2460d8, .onAccent = 0xffffff, .accentHover = 0x1d4fb4, .hover = 0xe6eaf0,
                   .selection = 0xdbe6fd, .good = 0x1a8f50, .warning = 0xb06a00, .bad = 0xc4302b, .badHover = 0xa52622,
                   .warningSurface = 0xfdf3dc, .badSurface = 0xfde8e6, .goodSurface = 0xe2f5ea, .field = 0xffffff};

const Colors dark{.window = 0x1b1f26, .base = 0x15181e, .sidebar = 0x171a20, .border = 0x323944, .text = 0xe3e7ed,
                  .muted = 0x99a3b3, .accent = 0x5b96ff, .onAccent = 0x0d1626, .accentHover = 0x7cabff, .hover = 0x272d37,
                  .selection = 0x243a5e, .good = 0x4cc38a, .warning = 0xe5ac45, .bad = 0xff7b72, .badHover = 0xff958d,
                  .warningSurface = 0x352b17, .badSurface = 0x3a2022, .goodSurface = 0x173024, .field = 0x20252d};

QPalette paletteOf(const Colors& c)
{
    QPalette palette(c.window);
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.base);
    palette.setColor(QPalette::AlternateBase, c.window);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.window);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.bad);
    palette.setColor(QPalette::ToolTipBase, c.base);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::PlaceholderText, c.muted);
    palette.setColor(QPalette::Highlight, c.selection);
    palette.setColor(QPalette::HighlightedText, c.text);
    palette.setColor(QPalette::Accent, c.accent);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, c.muted);
    return palette;
}

QString styleSheetOf(const Colors& c, bool dark)
{
    QFile file(QStringLiteral(":/styles/window.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> tokens[] = {
        {"@window", c.window}, {"@base", c.base}, {"@sidebar", c.sidebar}, {"@border", c.border}, {"@text", c.text},
        {"@muted", c.muted}, {"@onAccent", c.onAccent}, {"@accentHover", c.accentHover}, {"@accent", c.accent}, {"@hover", c.hover},
        {"@selection", c.selection}, {"@goodSurface", c.goodSurface}, {"@good", c.good}, {"@warningSurface", c.warningSurface}, {"@warning", c.warning},
        {"@badSurface", c.badSurface}, {"@badHover", c.badHover}, {"@bad", c.bad}, {"@field", c.field}};
    // Longer names stand before names they begin with.
    for (const auto& [name, color] : tokens)
        sheet.replace(QLatin1String(name), color.name());
    return sheet.replace(QStringLiteral("@appearance"), dark ? QStringLiteral("dark") : QStringLiteral("light"));
}

} // namespace

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

void Theme::apply(QApplication& application, ThemeChoice choice)
{
    m_choice = choice;
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    if (choice == ThemeChoice::System)
        connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this,
                [this, &application] { refresh(application); });
    refresh(application);
}

void Theme::refresh(QApplication& application)
{
    m_dark = m_choice == ThemeChoice::Dark
        || (m_choice == ThemeChoice::System
            && QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark);
    application.setPalette(paletteOf(colors()));
    application.setStyleSheet(styleSheetOf(colors(), m_dark));
    Q_EMIT changed();
}

const Colors& Theme::colors() const
{
    return m_dark ? dark : light;
}

QColor Theme::color(Tone tone) const
{
    const Colors& c = colors();
    switch (tone) {
    case Tone::Good:
        return c.good;
    case Tone::Warning:
        return c.warning;
    case Tone::Bad:
        return c.bad;
    case Tone::Accent:
        return c.accent;
    case Tone::Neutral:
        break;
    }
    return c.muted;
}

} // namespace rocker::gui
