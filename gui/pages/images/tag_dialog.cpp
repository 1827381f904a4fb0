#include "gui/pages/images/tag_dialog.h"

#include "gui/models/text.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace rocker::gui {

TagDialog::TagDialog(HelperClient& client, const ImageModel& images, const ImageRow& row, QWidget* parent)
    : QDialog(parent), m_client(client), m_images(images), m_id(row.image.id), m_name(new QLineEdit(text(row.reference)))
{
    setObjectName(QStringLiteral("tagDialog"));
    setWindowTitle(tr("Name %1").arg(row.reference.empty() ? shortId(row.image.id) : text(row.reference)));
    m_name->setObjectName(QStringLiteral("tagName"));
    m_name->setAccessibleName(tr("One more name"));
    m_name->setPlaceholderText(tr("name or name:tag"));
    m_name->selectAll();
    m_field = new FormField(tr("One more &name"), m_name);
    m_field->setMinimumWidth(44 * Theme::unit);
    auto* buttons = new DialogButtons(QStringLiteral("tagAccept"), tr("Add name"), this);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &TagDialog::submit);
    connect(m_name, &QLineEdit::textChanged, this, &TagDialog::check);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    column->addWidget(m_field);
    column->addWidget(buttons);
    check();
}

// The helper judges the name; here is only said what would happen to another image.
void TagDialog::check()
{
    const QString typed = m_name->text().trimmed();
    const std::string name = typed.toStdString();
    const std::string tagged = name.find(':', name.rfind('/') == name.npos ? 0 : name.rfind('/')) == name.npos ? name + ":latest" : name;
    bool own = false;
    bool other = false;
    for (const ImageRow& row : m_images.rows())
        if (!name.empty() && row.reference == tagged)
            (row.image.id == m_id ? own : other) = true;
    m_field->setProblem({});
    m_field->setHint(other     ? tr("Another image has this name now and will lose it.")
                         : own ? tr("The image has this name already.")
                               : QString());
    m_accept->setEnabled(!typed.isEmpty() && !own);
}

void TagDialog::submit()
{
    m_accept->setEnabled(false);
    m_client.call<protocol::Images, protocol::TagImage>({m_id, m_name->text().trimmed().toStdString()})
        .then(this, [this](const Result<protocol::TagImage::Reply>& reply) {
            if (!reply) {
                m_field->setProblem(text(reply.error().what));
                m_accept->setEnabled(true);
                return;
            }
            Q_EMIT tagged(text(reply->reference));
            accept();
        });
}

} // namespace rocker::gui
