#pragma once

#include "gui/models/keyed_rows.h"
#include "helper/protocol/system.h"

namespace rocker::gui {

struct ContainerRow : protocol::Container {
    const std::string& key() const { return id; }
};

// The containers, as the helper's events tell them.
class ContainerModel : public KeyedRows<ContainerRow>
{
    Q_OBJECT

public:
    enum Column { Name, State, Image, Command, Created, ColumnCount };

    explicit ContainerModel(QObject* parent = nullptr) : KeyedRows(parent) {}

    void apply(const protocol::Watch::Reply& change);
    // What a reply told before the event about it arrived.
    void upsert(const protocol::Container& container) { KeyedRows::upsert(ContainerRow{container}); }
    // The ages in the table are of now.
    void refreshAges() { touchColumns(Created, Created); }
    const protocol::Container* byName(const std::string& name) const;

    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString display(const protocol::Container& container, int column) const;
};

} // namespace rocker::gui
