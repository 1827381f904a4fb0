#pragma once

#include <QLabel>
#include <QWidget>

namespace rocker::gui {

// A form's field with its label above, and below it either a hint or what is wrong with it.
class FormField : public QWidget
{
    Q_OBJECT

public:
    FormField(const QString& label, QWidget* field, QWidget* parent = nullptr);
    void setHint(const QString& hint);
    // An empty text means that nothing is wrong.
    void setProblem(const QString& problem);
    const QString& problem() const { return m_problem; }
    QLabel* messageLabel() const { return m_message; }

private:
    void showMessage();
    QWidget* m_field;
    QLabel* m_message;
    QString m_hint;
    QString m_problem;
};

} // namespace rocker::gui
