#pragma once

#include "gui/client/helper_client.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

// Which image to fetch from a registry. It says what a short name stands for before anything is fetched, and suggests what
// the registry has.
class PullDialog : public QDialog
{
    Q_OBJECT

public:
    explicit PullDialog(HelperClient& client, QWidget* parent = nullptr);

Q_SIGNALS:
    void pullRequested(const QString& reference, const QString& platform);

private:
    void check();
    void submit();

    QLineEdit* m_reference;
    QLineEdit* m_platform;
    FormField* m_referenceField;
    FormField* m_platformField;
    QPushButton* m_accept;
    QString m_note; // on suggestions
};

} // namespace rocker::gui
