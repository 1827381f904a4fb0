#pragma once

#include "gui/layers/tree_filter.h"

#include <QAbstractItemModel>

namespace rocker::gui {

// An image's tree for views. An index is a node's number; the nodes of a directory are put in order when it is first
// looked into. Holds nothing per row but two numbers.
class TreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Size, Files, Change, Mode, Owner, Modified, Layer, ColumnCount };
    // Beside the roles of all models.
    enum TreeRole { ChangeRole = Qt::UserRole + 100, BelowRole }; // int(layers::Change); bool: something below has one

    explicit TreeModel(QObject* parent = nullptr);

    // Marks are what the tree's layer did; without them what it removed does not show either.
    enum class Marks { Shown, Hidden };
    void setTree(SharedTree tree, Marks marks);
    void setFilter(const TreeFilter& filter);
    const SharedTree& tree() const { return m_tree; }
    const TreeFilter& filter() const { return m_filter; }
    const FilteredTree& result() const { return m_result; }
    bool isShown(std::uint32_t node) const
    {
        return node < m_result.bits.size() && m_result.is(node, FilteredTree::Shown);
    }

    // Of what is no node's: the root.
    std::uint32_t nodeOf(const QModelIndex& index) const;
    // Invalid for the root, and for what the filter hides.
    QModelIndex indexOf(std::uint32_t node, int column = Name) const;
    // Of the node, or of the nearest directory above it that shows.
    QModelIndex nearestIndexOf(const std::string& path) const;
    layers::Change changeOf(std::uint32_t node) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    void refilter();
    void prepare(std::uint32_t directory) const;
    bool less(std::uint32_t a, std::uint32_t b) const;
    int compare(std::uint32_t a, std::uint32_t b) const;
    // What is removed counts where nothing is left.
    bool countsRemoved(std::uint32_t node) const;
    std::uint64_t bytesOf(std::uint32_t node) const;
    QString display(std::uint32_t node, int column) const;
    QString toolTip(std::uint32_t node, int column) const;

    SharedTree m_tree;
    Marks m_marks = Marks::Shown;
    TreeFilter m_filter;
    FilteredTree m_result;
    int m_column = Size;
    Qt::SortOrder m_order = Qt::DescendingOrder;
    mutable std::vector<std::uint32_t>
        m_sorted; // children of one directory are neighbours here as they are in the tree
    mutable std::vector<std::uint32_t> m_row;
    mutable std::vector<std::uint8_t> m_prepared;
};

} // namespace rocker::gui
