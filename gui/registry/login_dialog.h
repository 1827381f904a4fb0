#pragma once

#include "gui/client/helper_client.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace rocker::gui {

class Banner;
class FormField;

// A login at a registry that wants one: checked there, and kept for the next time. The password goes to the registry
// client, which is this user, past the helper. Says loggedIn() and closes, or what was wrong.
class LoginDialog : public QDialog
{
    Q_OBJECT

public:
    LoginDialog(HelperClient& client, const QString& registry, QWidget* parent = nullptr);

Q_SIGNALS:
    void loggedIn(const QString& registry);

private:
    void check();
    void submit();
    void receive(FrameType type, const std::string& payload);
    void refuse(const QString& why);
    void setBusy(bool busy);

    HelperClient& m_client;
    QString m_registry;
    Banner* m_error;
    QLineEdit* m_user;
    QLineEdit* m_password;
    QCheckBox* m_keyring;
    QPushButton* m_accept;
    std::unique_ptr<AttachedStream> m_stream;
    bool m_busy = false;
};

} // namespace rocker::gui
