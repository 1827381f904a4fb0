#pragma once

#include <QStackedWidget>

namespace rocker::gui {

class EmptyState;
class Table;

// A page's list, or in its place what is to be said when it shows nothing. Whichever is shown has the focus that the
// other one had.
class ListStack : public QStackedWidget
{
    Q_OBJECT

public:
    ListStack(Table* table, EmptyState* empty, QWidget* parent = nullptr);
    void showTable(bool shown);
    // The table, the button in its place, or neither: then this waits for one of them.
    void takeFocus();

private:
    Table* m_table;
    EmptyState* m_empty;
};

} // namespace rocker::gui
