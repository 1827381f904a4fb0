#include "gui/registry/login_dialog.h"

#include "gui/models/text.h"
#include "gui/widgets/banner.h"
#include "gui/widgets/dialog_buttons.h"
#include "gui/widgets/form_field.h"
#include "gui/widgets/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTimer>
#include <QVBoxLayout>

namespace rocker::gui {

namespace {

// The desktop's keyring, as docker and podman reach it.
constexpr const char* keyringHelper = "secretservice";

} // namespace

LoginDialog::LoginDialog(HelperClient& client, const QString& registry, QWidget* parent)
    : QDialog(parent)
    , m_client(client)
    , m_registry(registry)
    , m_error(new Banner(Banner::Dismissal::ByUser, this))
    , m_user(new QLineEdit)
    , m_password(new QLineEdit)
    , m_keyring(new QCheckBox(tr("Keep it in the desktop's &keyring")))
{
    setObjectName(QStringLiteral("loginDialog"));
    setWindowTitle(tr("Log in to %1").arg(registry));
    m_user->setObjectName(QStringLiteral("loginUser"));
    m_password->setObjectName(QStringLiteral("loginPassword"));
    m_password->setEchoMode(QLineEdit::Password);
    m_keyring->setObjectName(QStringLiteral("loginKeyring"));
    const bool hasKeyring
        = !QStandardPaths::findExecutable(QStringLiteral("docker-credential-") + QLatin1String(keyringHelper))
               .isEmpty();
    m_keyring->setVisible(hasKeyring);
    m_keyring->setChecked(hasKeyring);
    auto* userField = new FormField(tr("&User name"), m_user);
    auto* passwordField = new FormField(tr("&Password or token"), m_password);
    passwordField->setHint(tr("The registry checks it; it is kept as podman keeps its logins."));
    userField->setMinimumWidth(48 * Theme::unit);
    auto* buttons = new DialogButtons(QStringLiteral("loginAccept"), tr("Log in"), this);
    m_accept = buttons->accepting();
    connect(m_accept, &QPushButton::clicked, this, &LoginDialog::submit);
    connect(m_user, &QLineEdit::textChanged, this, &LoginDialog::check);
    connect(m_password, &QLineEdit::textChanged, this, &LoginDialog::check);

    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins({});
    whole->setSpacing(0);
    whole->addWidget(m_error);
    auto* column = new QVBoxLayout;
    column->setContentsMargins(3 * Theme::unit, 3 * Theme::unit, 3 * Theme::unit, 2 * Theme::unit);
    column->setSpacing(2 * Theme::unit);
    column->addWidget(userField);
    column->addWidget(passwordField);
    column->addWidget(m_keyring);
    column->addWidget(buttons);
    whole->addLayout(column);
    check();
}

void LoginDialog::check()
{
    m_accept->setEnabled(!m_busy && !m_user->text().trimmed().isEmpty() && !m_password->text().isEmpty());
}

void LoginDialog::submit()
{
    if (m_busy)
        return;
    m_error->hide();
    setBusy(true);
    m_stream = m_client.attach<protocol::Images, protocol::LoginToRegistry>(
        {.registry = m_registry.toStdString(),
         .user = m_user->text().trimmed().toStdString(),
         .helper = m_keyring->isChecked() ? keyringHelper : ""});
    connect(m_stream.get(), &AttachedStream::frameReceived, this, &LoginDialog::receive);
    connect(m_stream.get(), &AttachedStream::closed, this,
            [this](const Error& reason) { refuse(text(reason.what)); }, Qt::QueuedConnection);
    m_stream->open();
    m_stream->send(FrameType::Input, m_password->text().toStdString());
    m_stream->send(FrameType::InputEnd);
}

void LoginDialog::receive(FrameType type, const std::string& payload)
{
    if (type == FrameType::Failed)
        return refuse(text(payload));
    if (type != FrameType::End)
        return;
    disconnect(m_stream.get(), nullptr, this, nullptr);
    Q_EMIT loggedIn(m_registry);
    accept();
}

void LoginDialog::refuse(const QString& why)
{
    if (!m_busy)
        return; // said already
    setBusy(false);
    m_error->showMessage(Tone::Bad, tr("You are not logged in to %1").arg(m_registry), sentence(why));
    m_password->setFocus();
    m_password->selectAll();
    // Room for what has come; nothing typed is pushed out of sight.
    QTimer::singleShot(
        0, this, [this] { resize(width(), std::max(height(), layout()->totalHeightForWidth(width()))); });
}

void LoginDialog::setBusy(bool busy)
{
    m_busy = busy;
    for (QWidget* widget :
        {static_cast<QWidget*>(m_user), static_cast<QWidget*>(m_password), static_cast<QWidget*>(m_keyring)})
        widget->setEnabled(!busy);
    m_accept->setText(busy ? tr("Logging in…") : tr("Log in"));
    check();
}

} // namespace rocker::gui
