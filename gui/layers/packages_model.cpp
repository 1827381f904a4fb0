#include "gui/layers/packages_model.h"

#include "gui/layers/layer_text.h"
#include "gui/models/roles.h"
#include "gui/models/text.h"

namespace rocker::gui {

void PackagesModel::setPackages(SharedPackages packages)
{
    beginResetModel();
    m_packages = std::move(packages);
    endResetModel();
}

int PackagesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_packages ? 0 : int(m_packages->inventory.packages.size());
}

QString PackagesModel::display(const packages::Package& package, int column) const
{
    switch (column) {
    case Name:
        return shownName(package.name);
    case Version:
        return shownName(package.version);
    case Type:
        return QString::fromLatin1(packages::typeName(package.type));
    case Architecture:
        return shownName(package.architecture);
    case License:
        return shownName(package.license);
    case Layer:
        return QString::number(package.layer + 1);
    case Size:
        return package.installedSize == 0 ? QString() : sizeText(std::int64_t(package.installedSize));
    default:
        return {};
    }
}

QVariant PackagesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_packages || index.row() >= rowCount())
        return {};
    const packages::Package& at = package(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(at, index.column());
    case Qt::ToolTipRole:
        return plainToolTip(index.column() == Name && !at.summary.empty() ? shownName(at.summary)
                                                                          : display(at, index.column()));
    case Qt::TextAlignmentRole:
        return QVariant((index.column() == Size || index.column() == Layer ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    case FilterRole: {
        QStringList all;
        for (const int column : {Name, Version, Type, Architecture, License})
            all << display(at, column);
        return all.join(u'\n') + u'\n' + shownName(at.source);
    }
    case KeyRole:
        return QString::number(index.row());
    case SortRole:
        return index.column() == Size ? QVariant(qulonglong(at.installedSize))
            : index.column() == Layer ? QVariant(int(at.layer))
                                      : QVariant(display(at, index.column()));
    default:
        return {};
    }
}

QVariant PackagesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Size || section == Layer ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Package"), tr("Version"), tr("Type"), tr("Architecture"), tr("Licence"), tr("Layer"), tr("Size")};
    return section < ColumnCount ? names[section] : QString();
}

} // namespace rocker::gui
