#include "gui/models/container_model.h"

#include "gui/models/text.h"

#include <QDateTime>

namespace rocker::gui {

void ContainerModel::apply(const protocol::Watch::Reply& change)
{
    if (change.reset) {
        std::vector<ContainerRow> rows;
        for (const protocol::Container& container : change.containers)
            rows.push_back({container});
        synchronize(std::move(rows));
        return;
    }
    for (const std::string& id : change.removedContainers)
        removeIf([&](const ContainerRow& row) { return row.id == id; });
    for (const protocol::Container& container : change.containers)
        upsert(container);
}

const protocol::Container* ContainerModel::byName(const std::string& name) const
{
    for (const ContainerRow& row : rows())
        if (row.name == name)
            return &row;
    return nullptr;
}

QString ContainerModel::display(const protocol::Container& container, int column) const
{
    switch (column) {
    case Name:
        return text(container.name);
    case State:
        return stateText(container);
    case Image:
        return text(container.image);
    case Command:
        return commandText(container.command);
    case Created:
        return ageText(timeOf(container.createdAt), QDateTime::currentDateTime());
    default:
        return {};
    }
}

QVariant ContainerModel::data(const QModelIndex& index, int role) const
{
    const ContainerRow* row = rowAt(index.row());
    if (!index.isValid() || !row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(*row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Created)
            return timeOf(row->createdAt).toString(Qt::TextDate);
        if (index.column() == State && !row->error.empty())
            return text(row->error);
        if (index.column() == State && row->state == protocol::ContainerState::Exited)
            return endText(row->exitCode, row->oomKilled);
        return display(*row, index.column());
    case SortRole:
        return index.column() == Created ? QVariant(timeOf(row->createdAt)) : QVariant(display(*row, index.column()));
    case FilterRole:
        return QStringList{text(row->name), text(row->image), stateText(*row), commandText(row->command), text(row->id)}
            .join(u'\n');
    case KeyRole:
        return text(row->id);
    case ToneRole:
        return int(stateTone(*row));
    case StaleRole:
        return isStale();
    default:
        return {};
    }
}

QVariant ContainerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case State:
        return tr("State");
    case Image:
        return tr("Image");
    case Command:
        return tr("Command");
    case Created:
        return tr("Created");
    default:
        return {};
    }
}

} // namespace rocker::gui
