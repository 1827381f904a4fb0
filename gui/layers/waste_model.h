#pragma once

#include "engine/layers/waste.h"

#include <QAbstractTableModel>

#include <memory>

namespace rocker::gui {

using SharedWaste = std::shared_ptr<const layers::Waste>;

// Files that an image carries and nobody sees, as `Waste` has them.
class WastedFilesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Path, Wasted, Copies, Fate, ColumnCount };

    explicit WastedFilesModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }
    void setWaste(SharedWaste waste);
    // Sources' rows.
    const layers::WastedFile& file(int row) const { return m_waste->files[std::size_t(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString display(const layers::WastedFile& file, int column) const;
    SharedWaste m_waste;
};

// The same content under several paths.
class DuplicatesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Paths, Wasted, Size, Count, ColumnCount };

    explicit DuplicatesModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }
    void setWaste(SharedWaste waste);
    const layers::Duplicates& duplicates(int row) const { return m_waste->duplicates[std::size_t(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString display(const layers::Duplicates& duplicates, int column) const;
    SharedWaste m_waste;
};

} // namespace rocker::gui
