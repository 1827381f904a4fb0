#include "gui/pages/images/pull_dialog.h"

#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

// As a registry would take it: no blanks, no capitals in the path.
QString problemOf(const QString& reference)
{
    static const QRegularExpression shape(
        QStringLiteral("^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$"));
    return reference.isEmpty() || shape.match(reference).hasMatch()
        ? QString()
        : PullDialog::tr("A name reads registry/path:tag, in small letters, as in “debian:12” or “quay.io/podman/hello”.");
}

} // namespace

PullDialog::PullDialog(QWidget* parent)
    : QDialog(parent), m_reference(new QLineEdit), m_platform(new QLineEdit), m_referenceField(new FormField(tr("&Image"), m_reference)),
      m_platformField(new FormField(tr("&Platform"), m_platform)), m_accept(new QPushButton(tr("Pull")))
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
    m_accept->setObjectName(QStringLiteral("pullAccept"));
    m_accept->setProperty("kind", QStringLiteral("primary"));
    m_accept->setDefault(true);
    auto* cancel = new QPushButton(tr("Cancel"));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, &PullDialog::submit);
    connect(m_reference, &QLineEdit::textChanged, this, &PullDialog::check);
    connect(m_platform, &QLineEdit::textChanged, this, &PullDialog::check);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(Theme::unit);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_accept);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    m_referenceField->setMinimumWidth(56 * Theme::unit);
    column->addWidget(m_referenceField);
    column->addWidget(m_platformField);
    column->addLayout(buttons);
    check();
}

QString PullDialog::fullName(const QString& typed)
{
    const QString first = typed.section(u'/', 0, 0);
    if (typed.isEmpty() || (typed.contains(u'/') && (first.contains(u'.') || first.contains(u':') || first == QLatin1String("localhost"))))
        return {};
    return typed.contains(u'/') ? QStringLiteral("docker.io/") + typed : QStringLiteral("docker.io/library/") + typed;
}

void PullDialog::check()
{
    const QString reference = m_reference->text().trimmed();
    const QString platform = m_platform->text().trimmed();
    const QString full = fullName(reference);
    m_referenceField->setHint(full.isEmpty() ? tr("Credentials are taken from your containers or docker login.")
                                             : tr("That is %1.").arg(full));
    m_referenceField->setProblem(problemOf(reference));
    static const QRegularExpression shape(QStringLiteral("^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"));
    m_platformField->setProblem(platform.isEmpty() || shape.match(platform).hasMatch() ? QString() : tr("A platform reads as linux/arm64."));
    m_accept->setEnabled(!reference.isEmpty() && m_referenceField->problem().isEmpty() && m_platformField->problem().isEmpty());
}

void PullDialog::submit()
{
    Q_EMIT pullRequested(m_reference->text().trimmed(), m_platform->text().trimmed());
    accept();
}

} // namespace rocker::gui
