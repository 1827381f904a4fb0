#pragma once

#include "gui/layers/image_comparison.h"

#include <QAbstractTableModel>

namespace rocker::gui {

// The differences between two images, those that are asked for.
class DifferenceModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Change, Path, What, Before, After, ColumnCount };

    explicit DifferenceModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }
    void setComparison(SharedComparison comparison);
    // Paths that contain `text`; bits 1 << Change, 0 for all.
    void setFilter(const QString& text, unsigned changes);
    const layers::Difference& at(int row) const { return m_comparison->differences[m_rows[std::size_t(row)]]; }

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void choose();
    void order();
    std::uint64_t sortValue(std::uint32_t difference) const;
    QString display(const layers::Difference& difference, int column) const;

    SharedComparison m_comparison;
    std::vector<std::uint32_t> m_rows;
    QByteArray m_text;
    unsigned m_changes = 0;
    int m_column = Path;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace rocker::gui
