#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace rocker::gui {

// A table that owns value rows, each with a key() of its own. Changes come as row-level signals, a snapshot as the
// difference to what is there, so that selection and scroll position survive both.
template<typename Row>
class KeyedRows : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }

    const std::vector<Row>& rows() const { return m_rows; }
    const Row* rowAt(int row) const { return row >= 0 && row < int(m_rows.size()) ? &m_rows[std::size_t(row)] : nullptr; }
    const Row* find(const std::string& key) const { return rowAt(rowOf(key)); }
    int rowOf(const std::string& key) const
    {
        const auto found = m_index.find(key);
        return found == m_index.end() ? -1 : found->second;
    }

    // Makes the table hold exactly `rows`.
    void synchronize(std::vector<Row> rows)
    {
        if (m_rows.empty()) {
            beginResetModel();
            m_rows = std::move(rows);
            reindex();
            endResetModel();
            return;
        }
        std::unordered_set<std::string> wanted;
        for (const Row& row : rows)
            wanted.insert(row.key());
        removeIf([&](const Row& row) { return !wanted.contains(row.key()); });
        for (Row& row : rows)
            upsert(std::move(row));
    }

    void upsert(Row row)
    {
        const int at = rowOf(row.key());
        if (at < 0) {
            const int end = int(m_rows.size());
            beginInsertRows({}, end, end);
            m_index.emplace(row.key(), end);
            m_rows.push_back(std::move(row));
            endInsertRows();
        } else if (!(m_rows[std::size_t(at)] == row)) {
            m_rows[std::size_t(at)] = std::move(row);
            Q_EMIT dataChanged(index(at, 0), index(at, columnCount({}) - 1));
        }
    }

    template<typename Predicate>
    void removeIf(Predicate matches)
    {
        for (int last = int(m_rows.size()) - 1; last >= 0; --last) {
            if (!matches(m_rows[std::size_t(last)]))
                continue;
            int first = last;
            while (first > 0 && matches(m_rows[std::size_t(first - 1)]))
                --first;
            beginRemoveRows({}, first, last);
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
            reindex();
            endRemoveRows();
            last = first;
        }
    }

    // Rows that may be out of date, because their source is gone for now.
    bool isStale() const { return m_stale; }
    void setStale(bool stale)
    {
        if (m_stale == stale)
            return;
        m_stale = stale;
        touchColumns(0, columnCount({}) - 1);
    }

protected:
    void touchColumns(int first, int last)
    {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, first), index(int(m_rows.size()) - 1, last));
    }

private:
    void reindex()
    {
        m_index.clear();
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_index.emplace(m_rows[i].key(), int(i));
    }

    std::vector<Row> m_rows;
    std::unordered_map<std::string, int> m_index;
    bool m_stale = false;
};

} // namespace rocker::gui
