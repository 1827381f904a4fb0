#pragma once

#include "gui/layers/package_reading.h"

#include <QAbstractTableModel>

namespace rocker::gui {

// The packages of an image, as `ImagePackages` has them.
class PackagesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Version, Type, Architecture, License, Layer, Size, ColumnCount };

    explicit PackagesModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }
    void setPackages(SharedPackages packages);
    const packages::Package& package(int row) const { return m_packages->inventory.packages[std::size_t(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString display(const packages::Package& package, int column) const;
    SharedPackages m_packages;
};

} // namespace rocker::gui
