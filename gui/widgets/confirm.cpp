#include "gui/widgets/confirm.h"

#include "gui/widgets/theme.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace rocker::gui {

void confirm(QWidget* window, const QString& question, const QString& consequence, const QString& yes,
             std::function<void()> agreed)
{
    auto* dialog = new QDialog(window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("confirmDialog"));
    dialog->setWindowTitle(QObject::tr("Please confirm"));
    dialog->setAccessibleName(question);
    auto* title = new QLabel(question, dialog);
    title->setProperty("role", QStringLiteral("title"));
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    auto* text = new QLabel(consequence, dialog);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setMinimumWidth(46 * Theme::unit);
    auto* cancel = new QPushButton(QObject::tr("Cancel"), dialog);
    cancel->setObjectName(QStringLiteral("confirmNo"));
    auto* accept = new QPushButton(yes, dialog);
    accept->setObjectName(QStringLiteral("confirmYes"));
    accept->setProperty("kind", QStringLiteral("danger"));
    accept->setDefault(true);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    QObject::connect(accept, &QPushButton::clicked, dialog, &QDialog::accept);
    QObject::connect(dialog, &QDialog::accepted, dialog, std::move(agreed));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Theme::unit);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(Theme::unit);
    column->addWidget(title);
    column->addWidget(text);
    column->addSpacing(2 * Theme::unit);
    column->addLayout(buttons);
    dialog->open();
    accept->setFocus();
}

} // namespace rocker::gui
