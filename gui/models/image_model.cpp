#include "gui/models/image_model.h"

#include "gui/models/text.h"

#include <QDateTime>

namespace rocker::gui {

namespace {

std::vector<ImageRow> rowsOf(const protocol::Image& image)
{
    std::vector<ImageRow> rows;
    for (const std::string& reference : image.references)
        rows.push_back({reference, image});
    if (rows.empty())
        rows.push_back({{}, image});
    return rows;
}

} // namespace

void ImageModel::apply(const protocol::Watch::Reply& change)
{
    if (change.reset) {
        std::vector<ImageRow> rows;
        for (const protocol::Image& image : change.images)
            for (ImageRow& row : rowsOf(image))
                rows.push_back(std::move(row));
        synchronize(std::move(rows));
        return;
    }
    for (const std::string& id : change.removedImages)
        removeIf([&](const ImageRow& row) { return row.image.id == id; });
    for (const protocol::Image& image : change.images) {
        const std::vector<ImageRow> fresh = rowsOf(image);
        removeIf([&](const ImageRow& row) {
            return row.image.id == image.id
                && std::ranges::none_of(fresh, [&](const ImageRow& other) { return other.reference == row.reference; });
        });
        for (const ImageRow& row : fresh)
            upsert(row);
    }
}

QStringList ImageModel::references() const
{
    QStringList names;
    for (const ImageRow& row : rows())
        if (!row.reference.empty())
            names << text(row.reference);
    names.sort();
    return names;
}

QString ImageModel::display(const ImageRow& row, int column) const
{
    switch (column) {
    case Reference:
        return row.reference.empty() ? tr("without a name") : text(row.reference);
    case Id:
        return shortId(row.image.id);
    case Size:
        return sizeText(row.image.size);
    case Layers:
        return QString::number(row.image.layerCount);
    case Created:
        return ageText(timeOf(row.image.createdAt), QDateTime::currentDateTime());
    default:
        return {};
    }
}

QVariant ImageModel::data(const QModelIndex& index, int role) const
{
    const ImageRow* row = rowAt(index.row());
    if (!index.isValid() || !row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(*row, index.column());
    case Qt::ToolTipRole:
        return index.column() == Id ? text(row->image.id)
            : index.column() == Created ? timeOf(row->image.createdAt).toString(Qt::TextDate)
                                        : display(*row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Size || index.column() == Layers ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                                  : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case SortRole:
        return index.column() == Created ? QVariant(timeOf(row->image.createdAt))
            : index.column() == Size     ? QVariant(qlonglong(row->image.size))
            : index.column() == Layers   ? QVariant(qlonglong(row->image.layerCount))
                                         : QVariant(display(*row, index.column()));
    case FilterRole:
        return text(row->reference) + u'\n' + text(row->image.id);
    case KeyRole:
        return text(row->key());
    case StaleRole:
        return isStale();
    default:
        return {};
    }
}

QVariant ImageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Size || section == Layers))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Reference:
        return tr("Image");
    case Id:
        return tr("ID");
    case Size:
        return tr("Size");
    case Layers:
        return tr("Layers");
    case Created:
        return tr("Created");
    default:
        return {};
    }
}

} // namespace rocker::gui
