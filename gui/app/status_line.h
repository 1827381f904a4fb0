#pragma once

#include <QFrame>

class QLabel;

namespace rocker::gui {

class ElidedLabel;
class HelperClient;

// The line at the bottom: what the last action did or why it could not, and the connection to the helper.
class StatusLine : public QFrame
{
    Q_OBJECT

public:
    explicit StatusLine(const HelperClient& client, QWidget* parent = nullptr);

public Q_SLOTS:
    void showBusy(const QString& text);
    void showDone(const QString& text);
    void showFailed(const QString& text);

private:
    void showConnection();
    void say(const QString& icon, const QColor& color, const QString& text);
    const HelperClient& m_client;
    QLabel* m_icon;
    ElidedLabel* m_text;
    QLabel* m_dot;
    QLabel* m_connection;
};

} // namespace rocker::gui
