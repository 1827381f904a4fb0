#include "gui/widgets/form_field.h"

#include "gui/widgets/theme.h"

#include <QStyle>
#include <QVBoxLayout>

namespace rocker::gui {

FormField::FormField(const QString& label, QWidget* field, QWidget* parent)
    : QWidget(parent), m_field(field), m_message(new QLabel(this))
{
    auto* name = new QLabel(label, this);
    name->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setObjectName(field->objectName() + QStringLiteral("Message"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(Theme::unit / 2);
    column->addWidget(name);
    column->addWidget(field);
    column->addWidget(m_message);
    column->addStretch(1);
    showMessage();
}

void FormField::setHint(const QString& hint)
{
    m_hint = hint;
    showMessage();
}

void FormField::setProblem(const QString& problem)
{
    if (m_problem == problem)
        return;
    m_problem = problem;
    m_field->setProperty("wrong", !problem.isEmpty());
    m_field->style()->unpolish(m_field);
    m_field->style()->polish(m_field);
    showMessage();
}

void FormField::showMessage()
{
    const bool wrong = !m_problem.isEmpty();
    m_message->setProperty("role", wrong ? QStringLiteral("problem") : QStringLiteral("muted"));
    m_message->style()->unpolish(m_message);
    m_message->style()->polish(m_message);
    m_message->setText(wrong ? m_problem : m_hint);
    m_message->setVisible(!m_message->text().isEmpty());
    m_field->setAccessibleDescription(m_message->text());
}

} // namespace rocker::gui
