#pragma once

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QPushButton;

namespace rocker::gui {

// A page's title, with its filter and its main buttons at the right.
class PageHead : public QWidget
{
    Q_OBJECT

public:
    explicit PageHead(const QString& title, QWidget* parent = nullptr);
    QLineEdit* addFilter(const QString& name, const QString& placeholder);
    QPushButton* addButton(const QString& name, const QString& text);
    QPushButton* addPrimary(const QString& name, const QString& text);

private:
    QHBoxLayout* m_row;
};

} // namespace rocker::gui
