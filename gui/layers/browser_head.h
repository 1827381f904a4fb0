#pragma once

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace rocker::gui {

class ElidedLabel;

// Above an opened image: the way back, its name, and how much of it is of use.
class BrowserHead : public QFrame
{
    Q_OBJECT

public:
    explicit BrowserHead(QWidget* parent = nullptr);
    void setImage(const QString& name);
    void setNumbers(std::size_t layers, std::uint64_t bytes);
    void setWaste(double efficiency, std::uint64_t wasted);
    void clearNumbers();

Q_SIGNALS:
    void backRequested();
    void wasteRequested();

private:
    QToolButton* m_back;
    ElidedLabel* m_name;
    QLabel* m_numbers;
    QLabel* m_efficiency;
    QPushButton* m_waste;
};

} // namespace rocker::gui
