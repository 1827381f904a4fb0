#include "gui/pages/containers/rename_dialog.h"

#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace rocker::gui {

RenameDialog::RenameDialog(HelperClient& client, const ContainerModel& containers, const protocol::Container& container,
                           QWidget* parent)
    : QDialog(parent), m_client(client), m_containers(containers), m_container(container),
      m_name(new QLineEdit(text(container.name)))
{
    setObjectName(QStringLiteral("renameDialog"));
    setWindowTitle(tr("Rename %1").arg(text(container.name)));
    m_name->setObjectName(QStringLiteral("renameName"));
    m_name->setAccessibleName(tr("New name"));
    m_name->selectAll();
    m_field = new FormField(tr("New &name"), m_name);
    m_field->setMinimumWidth(44 * Theme::unit);
    auto* buttons = new DialogButtons(QStringLiteral("renameAccept"), tr("Rename"), this);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &RenameDialog::submit);
    connect(m_name, &QLineEdit::textChanged, this, &RenameDialog::check);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    column->addWidget(m_field);
    column->addWidget(buttons);
    check();
}

void RenameDialog::check()
{
    const std::string name = m_name->text().toStdString();
    const auto valid = checkName(m_name->text());
    const protocol::Container* other = m_containers.byName(name);
    m_field->setProblem(!valid ? text(valid.error().what)
                        : other && other->id != m_container.id ? tr("A container is called '%1' already.").arg(m_name->text())
                                                               : QString());
    m_accept->setEnabled(m_field->problem().isEmpty() && !name.empty() && name != m_container.name);
}

void RenameDialog::submit()
{
    m_accept->setEnabled(false);
    m_client.call<protocol::Containers, protocol::Rename>({m_container.id, m_name->text().toStdString()})
        .then(this, [this](const Result<protocol::ContainerReply>& reply) {
            if (!reply) {
                m_field->setProblem(text(reply.error().what));
                m_accept->setEnabled(true);
                return;
            }
            Q_EMIT renamed(reply->container);
            accept();
        });
}

} // namespace rocker::gui
