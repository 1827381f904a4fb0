#pragma once

#include "gui/models/keyed_rows.h"
#include "helper/protocol/system.h"

namespace rocker::gui {

// One reference of an image; an image without any has one row with an empty reference.
struct ImageRow {
    std::string reference;
    protocol::Image image;

    std::string key() const { return image.id + ' ' + reference; }
    // What the helper takes as `image`.
    const std::string& name() const { return reference.empty() ? image.id : reference; }
    bool operator==(const ImageRow&) const = default;
};

class ImageModel : public KeyedRows<ImageRow>
{
    Q_OBJECT

public:
    enum Column { Reference, Id, Size, Layers, Created, ColumnCount };

    explicit ImageModel(QObject* parent = nullptr) : KeyedRows(parent) {}

    void apply(const protocol::Watch::Reply& change);
    void refreshAges() { touchColumns(Created, Created); }
    // Every reference that a container can be created from, sorted.
    QStringList references() const;

    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString display(const ImageRow& row, int column) const;
};

} // namespace rocker::gui
