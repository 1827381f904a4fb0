#pragma once

#include <QTableView>

namespace rocker::gui {

class FilterModel;

// The list of a page: whole rows, no grid, no vertical header; Return and double click activate, Delete asks for removal.
class Table : public QTableView
{
    Q_OBJECT

public:
    explicit Table(QWidget* parent = nullptr);
    // Columns share the width by weight; a weight of 0 keeps a fixed width (in grid units).
    struct ColumnWidth {
        int weight = 0;
        int units = 0;
    };
    void setColumns(const QList<ColumnWidth>& columns);

Q_SIGNALS:
    void removalRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void shareWidth();
    QList<ColumnWidth> m_columns;
};

} // namespace rocker::gui
