#pragma once

#include "gui/layers/layer_source.h"

#include <QAbstractListModel>

namespace rocker::gui {

// The layers of an image as a stack: the top one first.
class LayerListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum LayerRole {
        StepRole = Qt::UserRole + 200, // what built it, in words
        FactsRole, // size, files and age on one line
        ShareRole, // of the image's bytes, 0 to 1
        NumberRole, // 1 is the lowest
        DigestRole,
    };

    explicit LayerListModel(QObject* parent = nullptr)
        : QAbstractListModel(parent)
    {
    }
    void setImage(SharedImage image);
    std::size_t layerOf(const QModelIndex& index) const;
    QModelIndex indexOf(std::size_t layer) const;
    // The highest layer that does something to files; the highest where none does.
    std::size_t topmostWithFiles() const;
    // Of all layers, hidden files included.
    std::uint64_t totalSize() const { return m_total; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Sums {
        std::uint64_t bytes = 0;
        std::uint64_t files = 0;
        std::uint64_t removals = 0;
    };
    QString facts(std::size_t layer) const;
    QString step(std::size_t layer) const;

    SharedImage m_image;
    std::vector<Sums> m_sums;
    std::uint64_t m_total = 0;
};

} // namespace rocker::gui
