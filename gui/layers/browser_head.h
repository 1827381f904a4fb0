#pragma once

#include <QFrame>

#include <string>
#include <vector>

class QComboBox;
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
    // The images of an opened archive, and which one is shown; hidden where there is only one.
    void setSiblings(const std::vector<std::string>& names, int shown);

Q_SIGNALS:
    void backRequested();
    void wasteRequested();
    void siblingWanted(int number);

private:
    QToolButton* m_back;
    ElidedLabel* m_name;
    QComboBox* m_siblings;
    QLabel* m_numbers;
    QLabel* m_efficiency;
    QPushButton* m_waste;
};

} // namespace rocker::gui
