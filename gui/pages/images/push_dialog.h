#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

// Where to send an image: the registry, the repository and the tag, and what a short name stands for.
class PushDialog : public QDialog
{
    Q_OBJECT

public:
    // `shown` is the image to people, `reference` what its own name is, perhaps empty.
    PushDialog(const QString& shown, const QString& reference, QWidget* parent = nullptr);

Q_SIGNALS:
    void pushRequested(const QString& destination);

private:
    void check();

    QLineEdit* m_destination;
    FormField* m_field;
    QPushButton* m_accept;
};

} // namespace rocker::gui
