#include "gui/pages/images/pull_dialog.h"

#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/registry/registry_name.h"
#include "gui/registry/suggestions.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace rocker::gui {

PullDialog::PullDialog(HelperClient& client, QWidget* parent)
    : QDialog(parent), m_reference(new QLineEdit), m_platform(new QLineEdit), m_referenceField(new FormField(tr("&Image"), m_reference)),
      m_platformField(new FormField(tr("&Platform"), m_platform))
{
    setObjectName(QStringLiteral("pullDialog"));
    setWindowTitle(tr("Pull an image"));
    m_reference->setObjectName(QStringLiteral("pullReference"));
    m_reference->setAccessibleName(tr("Image to pull"));
    m_reference->setPlaceholderText(QStringLiteral("debian:12"));
    m_platform->setObjectName(QStringLiteral("pullPlatform"));
    m_platform->setAccessibleName(tr("Platform"));
    m_platform->setPlaceholderText(tr("this machine's"));
    m_platformField->setHint(tr("Another one reads as linux/arm64."));
    auto* buttons = new DialogButtons(QStringLiteral("pullAccept"), tr("Pull"), this);
    m_accept = buttons->accepting();
    connect(new Suggestions(client, m_reference), &Suggestions::noted, this, [this](const QString& note) {
        m_note = note;
        check();
    });
    connect(m_accept, &QPushButton::clicked, this, &PullDialog::submit);
    connect(m_reference, &QLineEdit::textChanged, this, &PullDialog::check);
    connect(m_platform, &QLineEdit::textChanged, this, &PullDialog::check);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    m_referenceField->setMinimumWidth(56 * Theme::unit);
    column->addWidget(m_referenceField);
    column->addWidget(m_platformField);
    column->addWidget(buttons);
    check();
}

void PullDialog::check()
{
    const QString reference = m_reference->text().trimmed();
    const QString platform = m_platform->text().trimmed();
    const QString full = fullName(reference);
    const QString meant = full.isEmpty() ? tr("Type a name; after a colon its tags are shown.") : tr("That is %1.").arg(full);
    m_referenceField->setHint(m_note.isEmpty() ? meant : full.isEmpty() ? m_note : meant + u' ' + m_note);
    const auto valid = checkReference(reference, DigestIn::Allowed);
    const bool unfinished = reference.isEmpty() || reference.endsWith(u':') || reference.endsWith(u'/');
    m_referenceField->setProblem(unfinished || valid ? QString() : text(valid.error().what));
    static const QRegularExpression shape(QStringLiteral("^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"));
    m_platformField->setProblem(platform.isEmpty() || shape.match(platform).hasMatch() ? QString() : tr("A platform reads as linux/arm64."));
    m_accept->setEnabled(valid && m_referenceField->problem().isEmpty() && m_platformField->problem().isEmpty());
}

void PullDialog::submit()
{
    Q_EMIT pullRequested(m_reference->text().trimmed(), m_platform->text().trimmed());
    accept();
}

} // namespace rocker::gui
