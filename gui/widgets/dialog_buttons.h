#pragma once

#include <QWidget>

class QDialog;
class QHBoxLayout;
class QPushButton;

namespace rocker::gui {

// The row at the foot of a small dialog: Cancel, and the button with what the dialog is for, which Enter presses unless it
// takes something away for good.
class DialogButtons : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Primary, Danger };
    // `name` is the object name of the second; Cancel rejects the dialog. To be added to the dialog's layout after its
    // fields, which then have the focus before it.
    DialogButtons(const QString& name, const QString& text, QDialog* dialog, Kind kind = Kind::Primary);
    QPushButton* accepting() const { return m_accept; }
    // At the left end, in the room that is there.
    void lead(QWidget* widget);

private:
    QHBoxLayout* m_row;
    QPushButton* m_accept;
};

} // namespace rocker::gui
