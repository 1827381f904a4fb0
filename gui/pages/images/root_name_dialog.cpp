#include "gui/pages/images/root_name_dialog.h"

#include "gui/models/input_checks.h"
#include "gui/models/text.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace rocker::gui {

RootNameDialog::RootNameDialog(const QString& path, QWidget* parent)
    : QDialog(parent), m_path(path), m_name(new QLineEdit(suggestion(path))), m_field(new FormField(tr("&Name of the image"), m_name))
{
    setObjectName(QStringLiteral("rootNameDialog"));
    setWindowTitle(tr("Import a root file system"));
    m_name->setObjectName(QStringLiteral("rootName"));
    m_name->setAccessibleName(tr("Name of the image"));
    auto* words = new QLabel(tr("%1 is a root file system. It becomes an image of one layer, and an image has a name.").arg(QFileInfo(path).fileName()));
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    auto* buttons = new DialogButtons(QStringLiteral("rootNameAccept"), tr("Import"), this);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &RootNameDialog::submit);
    connect(m_name, &QLineEdit::textChanged, this, &RootNameDialog::check);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    m_field->setMinimumWidth(56 * Theme::unit);
    column->addWidget(words);
    column->addWidget(m_field);
    column->addWidget(buttons);
    m_name->selectAll();
    check();
}

QString RootNameDialog::suggestion(const QString& path)
{
    QString name = QFileInfo(path).fileName().toLower();
    static const QRegularExpression ending(QStringLiteral("(\\.tar)?\\.[a-z0-9]+$"));
    static const QRegularExpression other(QStringLiteral("[^a-z0-9]+"));
    name.remove(ending).replace(other, QStringLiteral("-"));
    while (name.startsWith(u'-'))
        name.remove(0, 1);
    while (name.endsWith(u'-'))
        name.chop(1);
    return name;
}

void RootNameDialog::check()
{
    const QString name = m_name->text().trimmed();
    const auto valid = checkReference(name, DigestIn::No);
    m_field->setProblem(name.isEmpty() || valid ? QString() : text(valid.error().what));
    m_accept->setEnabled(!name.isEmpty() && valid);
}

void RootNameDialog::submit()
{
    Q_EMIT named(m_path, m_name->text().trimmed());
    accept();
}

} // namespace rocker::gui
