#include "gui/widgets/empty_state.h"

#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace rocker::gui {

static constexpr int progressSteps = 1000;

EmptyState::EmptyState(const QString& icon, QWidget* parent)
    : QWidget(parent), m_iconName(icon), m_picture(new QLabel(this)), m_title(new QLabel(this)),
      m_explanation(new QLabel(this)), m_progress(new QProgressBar(this)), m_button(new QPushButton(this))
{
    m_title->setProperty("role", QStringLiteral("emptyTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setProperty("role", QStringLiteral("muted"));
    m_explanation->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_explanation->setMinimumWidth(40 * Theme::unit);
    m_explanation->setMaximumWidth(60 * Theme::unit);
    m_explanation->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_button->setProperty("kind", QStringLiteral("primary"));
    m_button->hide();
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(40 * Theme::unit);
    m_progress->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
    connect(&Theme::instance(), &Theme::changed, this, &EmptyState::refreshPicture);
    refreshPicture();

    auto* column = new QVBoxLayout(this);
    column->setSpacing(Theme::unit);
    column->addStretch(2);
    column->addWidget(m_picture, 0, Qt::AlignHCenter);
    column->addSpacing(Theme::unit / 2);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    // Not by its alignment: an aligned label is given the height of one line, however many it wraps into.
    auto* centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addWidget(m_explanation, 1000);
    centred->addStretch(1);
    column->addLayout(centred);
    column->addWidget(m_progress, 0, Qt::AlignHCenter);
    column->addSpacing(Theme::unit);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
}

void EmptyState::setTexts(const QString& title, const QString& explanation)
{
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
}

void EmptyState::setAction(const QString& text)
{
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

void EmptyState::setProgress(std::optional<double> part)
{
    m_progress->setVisible(part.has_value());
    m_progress->setValue(int(part.value_or(0) * progressSteps));
    m_progress->setAccessibleName(m_title->text());
}

QString EmptyState::title() const
{
    return m_title->text();
}

void EmptyState::refreshPicture()
{
    QColor color = Theme::instance().colors().muted;
    color.setAlphaF(0.55f);
    m_picture->setPixmap(pixmap(m_iconName, 5 * Theme::unit, color, devicePixelRatioF()));
}

} // namespace rocker::gui
