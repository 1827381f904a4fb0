#include "gui/layers/waste_model.h"

#include "gui/layers/layer_text.h"
#include "gui/models/roles.h"
#include "gui/models/text.h"

#include <QLocale>

#include <algorithm>

namespace rocker::gui {

namespace {

QVariant alignmentOf(bool number)
{
    return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

// "2, 3 and 5"
QString layerNumbers(const std::vector<std::uint16_t>& numbers)
{
    QStringList words;
    for (std::size_t i = 0; i < numbers.size() && i < 8; ++i)
        words << QString::number(numbers[i] + 1);
    if (numbers.size() > 8)
        words << QStringLiteral("…");
    return words.join(QStringLiteral(", "));
}

} // namespace

void WastedFilesModel::setWaste(SharedWaste waste)
{
    beginResetModel();
    m_waste = std::move(waste);
    endResetModel();
}

int WastedFilesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_waste ? 0 : int(m_waste->files.size());
}

QString WastedFilesModel::display(const layers::WastedFile& file, int column) const
{
    switch (column) {
    case Path:
        return u'/' + shownName(file.path);
    case Wasted:
        return sizeText(std::int64_t(file.wasted));
    case Copies:
        return layerNumbers(file.copies);
    case Fate:
        return file.removed ? tr("Removed by layer %1").arg(file.hiddenBy + 1)
                            : tr("Replaced by layer %1").arg(file.hiddenBy + 1);
    default:
        return {};
    }
}

QVariant WastedFilesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_waste || index.row() >= rowCount())
        return {};
    const layers::WastedFile& at = file(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(at, index.column());
    case Qt::ToolTipRole:
        return index.column() == Path ? plainToolTip(display(at, Path)) : QString();
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column() == Wasted);
    case FilterRole:
    case KeyRole:
        return display(at, Path);
    case SortRole:
        return index.column() == Wasted ? QVariant(qulonglong(at.wasted))
            : index.column() == Copies  ? QVariant(qulonglong(at.copies.size()))
                                        : QVariant(display(at, index.column()));
    default:
        return {};
    }
}

QVariant WastedFilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section == Wasted);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("File"), tr("Wasted"), tr("Hidden in layers"), tr("What hides it")};
    return section < ColumnCount ? names[section] : QString();
}

void DuplicatesModel::setWaste(SharedWaste waste)
{
    beginResetModel();
    m_waste = std::move(waste);
    endResetModel();
}

int DuplicatesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_waste ? 0 : int(m_waste->duplicates.size());
}

QString DuplicatesModel::display(const layers::Duplicates& duplicates, int column) const
{
    switch (column) {
    case Paths:
        return u'/' + shownName(duplicates.paths.front())
            + tr(" and %1").arg(countText(duplicates.paths.size() - 1, "1 other", "%1 others"));
    case Wasted:
        return sizeText(std::int64_t(duplicates.wasted()));
    case Size:
        return sizeText(std::int64_t(duplicates.size));
    case Count:
        return QLocale().toString(qulonglong(duplicates.paths.size()));
    default:
        return {};
    }
}

QVariant DuplicatesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_waste || index.row() >= rowCount())
        return {};
    const layers::Duplicates& at = duplicates(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(at, index.column());
    case Qt::ToolTipRole: {
        constexpr std::size_t told = 30;
        QStringList lines;
        for (std::size_t i = 0; i < at.paths.size() && i < told; ++i)
            lines << u'/' + shownName(at.paths[i]);
        if (at.paths.size() > told)
            lines << QStringLiteral("…");
        return plainToolTip(lines.join(u'\n'));
    }
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column() != Paths);
    case FilterRole:
        return display(at, Paths);
    case KeyRole:
        return text(at.paths.front());
    case SortRole:
        return index.column() == Wasted ? QVariant(qulonglong(at.wasted()))
            : index.column() == Size    ? QVariant(qulonglong(at.size))
            : index.column() == Count   ? QVariant(qulonglong(at.paths.size()))
                                        : QVariant(display(at, Paths));
    default:
        return {};
    }
}

QVariant DuplicatesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section != Paths);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Same content"), tr("Could be saved"), tr("Size of one"), tr("Copies")};
    return section < ColumnCount ? names[section] : QString();
}

} // namespace rocker::gui
