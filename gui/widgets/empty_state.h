#pragma once

#include <QWidget>

#include <optional>

class QLabel;
class QProgressBar;
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
    // How much of something is done, 0 to 1; nothing hides the bar.
    void setProgress(std::optional<double> part);
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
    QProgressBar* m_progress;
    QPushButton* m_button;
};

} // namespace rocker::gui
