#include "gui/widgets/fact_sheet.h"

#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace rocker::gui {

FactSheet::FactSheet(QWidget* parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(NoFrame);
    clear();
}

void FactSheet::clear()
{
    m_page = new QWidget;
    m_page->setProperty("role", QStringLiteral("sheet"));
    m_column = new QVBoxLayout(m_page);
    m_column->setContentsMargins(3 * Theme::unit, 2 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit);
    m_column->setSpacing(Theme::unit);
    m_column->addStretch(1);
    m_grid = nullptr;
    setWidget(m_page);
}

void FactSheet::addSection(const QString& title)
{
    auto* label = new QLabel(title);
    label->setProperty("role", QStringLiteral("section"));
    if (m_grid)
        m_column->insertSpacing(m_column->count() - 1, Theme::unit);
    m_column->insertWidget(m_column->count() - 1, label);
    m_grid = new QGridLayout;
    m_grid->setHorizontalSpacing(3 * Theme::unit);
    m_grid->setVerticalSpacing(Theme::unit - 2);
    m_grid->setColumnMinimumWidth(0, 18 * Theme::unit);
    m_grid->setColumnStretch(1, 1);
    m_column->insertLayout(m_column->count() - 1, m_grid);
}

void FactSheet::addFact(const QString& key, const QString& value, Face face)
{
    auto* name = new QLabel(key);
    name->setTextFormat(Qt::PlainText);
    name->setProperty("role", QStringLiteral("muted"));
    auto* shown = new QLabel(value.isEmpty() ? QStringLiteral("–") : value);
    shown->setTextFormat(Qt::PlainText);
    shown->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    shown->setFocusPolicy(Qt::ClickFocus);
    shown->setWordWrap(true);
    shown->setMinimumWidth(1); // a digest is one long word: it is cut off before the sheet scrolls sideways
    shown->setToolTip(plainToolTip(value));
    shown->setAccessibleName(QStringLiteral("%1: %2").arg(key, value));
    if (face == Face::Fixed && !value.isEmpty())
        shown->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    const int row = m_grid->rowCount();
    m_grid->addWidget(name, row, 0, Qt::AlignTop);
    m_grid->addWidget(shown, row, 1);
}

void FactSheet::addWidget(QWidget* widget)
{
    m_column->insertWidget(m_column->count() - 1, widget);
}

} // namespace rocker::gui
