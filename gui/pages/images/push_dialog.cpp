#include "gui/pages/images/push_dialog.h"

#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/registry/registry_name.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace rocker::gui {

PushDialog::PushDialog(const QString& shown, const QString& reference, QWidget* parent)
    : QDialog(parent)
    , m_destination(new QLineEdit(reference))
    , m_field(new FormField(tr("&Destination"), m_destination))
{
    setObjectName(QStringLiteral("pushDialog"));
    setWindowTitle(tr("Push %1").arg(shown));
    m_destination->setObjectName(QStringLiteral("pushDestination"));
    m_destination->setAccessibleName(tr("Where to push it"));
    m_destination->setPlaceholderText(QStringLiteral("registry.example/team/app:1"));
    m_field->setMinimumWidth(56 * Theme::unit);
    auto* buttons = new DialogButtons(QStringLiteral("pushAccept"), tr("Push"), this);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, [this] {
        Q_EMIT pushRequested(m_destination->text().trimmed());
        accept();
    });
    connect(m_destination, &QLineEdit::textChanged, this, &PushDialog::check);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    column->addWidget(m_field);
    column->addWidget(buttons);
    m_destination->selectAll();
    check();
}

void PushDialog::check()
{
    const QString destination = m_destination->text().trimmed();
    const QString full = fullName(destination);
    m_field->setHint(full.isEmpty() ? tr("What the registry has already is not sent again.")
                                    : tr("That is %1.").arg(full));
    const auto valid = checkReference(destination, DigestIn::No);
    m_field->setProblem(destination.isEmpty() || valid ? QString() : text(valid.error().what));
    m_accept->setEnabled(!destination.isEmpty() && valid);
}

} // namespace rocker::gui
