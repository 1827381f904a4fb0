#include "gui/layers/browser_head.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/widgets/elided_label.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>

namespace rocker::gui {

BrowserHead::BrowserHead(QWidget* parent)
    : QFrame(parent), m_back(new QToolButton), m_name(new ElidedLabel), m_siblings(new QComboBox), m_numbers(new QLabel),
      m_efficiency(new QLabel), m_waste(new QPushButton)
{
    setProperty("role", QStringLiteral("bar"));
    m_back->setObjectName(QStringLiteral("layersBack"));
    m_back->setIcon(gui::icon(QStringLiteral("back")));
    m_back->setText(tr("Images"));
    m_back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_back->setProperty("role", QStringLiteral("action"));
    m_back->setToolTip(tr("Back to the images (Esc, Alt+Left)"));
    m_back->setAccessibleName(tr("Back to the images"));
    m_back->setFocusPolicy(Qt::TabFocus);
    m_back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    m_name->setObjectName(QStringLiteral("layersImage"));
    m_name->setProperty("role", QStringLiteral("pageTitle"));
    for (QLabel* label : {m_numbers, m_efficiency}) {
        label->setProperty("role", QStringLiteral("muted"));
        label->setTextFormat(Qt::PlainText);
    }
    m_siblings->setObjectName(QStringLiteral("archiveImages"));
    m_siblings->setAccessibleName(tr("Images in the archive"));
    m_siblings->setToolTip(tr("The archive holds several images"));
    connect(m_siblings, &QComboBox::activated, this, &BrowserHead::siblingWanted);
    m_numbers->setObjectName(QStringLiteral("layersNumbers"));
    m_efficiency->setObjectName(QStringLiteral("layersEfficiency"));
    m_waste->setObjectName(QStringLiteral("layersWaste"));
    m_waste->setToolTip(tr("Files that a later layer hides, and copies of the same content"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * Theme::unit, 2 * Theme::unit, 2 * Theme::unit, Theme::unit + Theme::unit / 2);
    row->setSpacing(2 * Theme::unit);
    row->addWidget(m_back);
    row->addWidget(m_name, 1);
    row->addWidget(m_siblings);
    row->addWidget(m_numbers);
    row->addWidget(m_efficiency);
    row->addWidget(m_waste);
    connect(m_back, &QToolButton::clicked, this, &BrowserHead::backRequested);
    connect(m_waste, &QPushButton::clicked, this, &BrowserHead::wasteRequested);
    clearNumbers();
}

void BrowserHead::setImage(const QString& name)
{
    m_name->setFullText(name);
    m_name->setToolTip(plainToolTip(name));
}

void BrowserHead::clearNumbers()
{
    m_siblings->hide();
    for (QWidget* widget :
        {static_cast<QWidget*>(m_numbers), static_cast<QWidget*>(m_efficiency), static_cast<QWidget*>(m_waste)})
        widget->hide();
}

void BrowserHead::setSiblings(const std::vector<std::string>& names, int shown)
{
    const QSignalBlocker quiet(m_siblings);
    m_siblings->clear();
    for (const std::string& name : names)
        m_siblings->addItem(shownName(name));
    m_siblings->setCurrentIndex(shown);
    m_siblings->setVisible(names.size() > 1);
}

void BrowserHead::setNumbers(std::size_t layers, std::uint64_t bytes)
{
    m_numbers->setText(tr("%1, %2").arg(sizeText(std::int64_t(bytes)), countText(layers, "1 layer", "%1 layers")));
    m_numbers->show();
}

void BrowserHead::setWaste(double efficiency, std::uint64_t wasted)
{
    m_efficiency->setText(
        tr("Efficiency %1 %").arg(QLocale().toString(efficiency * 100, 'f', efficiency >= 1 ? 0 : 1)));
    m_waste->setText(wasted == 0 ? tr("Nothing was&ted") : tr("%1 was&ted").arg(sizeText(std::int64_t(wasted))));
    m_efficiency->show();
    m_waste->show();
}

} // namespace rocker::gui
