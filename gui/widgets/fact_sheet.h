#pragma once

#include <QScrollArea>

class QVBoxLayout;
class QGridLayout;

namespace rocker::gui {

// Keys and values in sections, for reading and copying.
class FactSheet : public QScrollArea
{
    Q_OBJECT

public:
    explicit FactSheet(QWidget* parent = nullptr);
    void clear();
    void addSection(const QString& title);
    enum class Face { Text, Fixed };
    // An empty value shows as a dash.
    void addFact(const QString& key, const QString& value, Face face = Face::Text);
    // A widget of its own below the facts so far.
    void addWidget(QWidget* widget);

private:
    QWidget* m_page = nullptr;
    QVBoxLayout* m_column = nullptr;
    QGridLayout* m_grid = nullptr;
};

} // namespace rocker::gui
