#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

// Which image to fetch from a registry. It says what a short name stands for before anything is fetched.
class PullDialog : public QDialog
{
    Q_OBJECT

public:
    explicit PullDialog(QWidget* parent = nullptr);

    // The registry and the path of what was typed ("debian:12" is "docker.io/library/debian:12"); empty for a name that
    // says its registry itself. By the rule that everybody has; the helper's configuration may have another.
    static QString fullName(const QString& typed);

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
};

} // namespace rocker::gui
