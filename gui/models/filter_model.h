#pragma once

#include <QSortFilterProxyModel>

namespace rocker::gui {

// Sorts by SortRole as people sort (case and digits), and keeps the rows that contain every word of the filter.
class FilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit FilterModel(QAbstractItemModel* source, QObject* parent = nullptr);
    void setFilterText(const QString& text);
    const QStringList& words() const { return m_words; }

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
};

} // namespace rocker::gui
