#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace rocker::gui {

// What a page shows instead of nothing: a picture, what this is, and what to do next.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(const QString& icon, QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& explanation);
    // An empty text hides the button.
    void setAction(const QString& text);
    QPushButton* button() const { return m_button; }
    QString title() const;

Q_SIGNALS:
    void activated();

private:
    void refreshPicture();
    QString m_iconName;
    QLabel* m_picture;
    QLabel* m_title;
    QLabel* m_explanation;
    QPushButton* m_button;
};

} // namespace rocker::gui
