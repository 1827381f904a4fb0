#pragma once

#include "gui/layers/layer_source.h"
#include "gui/layers/searchable_tree.h"

#include <QObject>

class QTemporaryDir;
class QWidget;

namespace rocker::gui {

// Files and folders out of an image by dragging: copied to a temporary place when the drag begins, and dragged as soon as
// they are there. Most are before the pointer has left the row; of what takes longer, the copy waits for the next drag.
// Copies live as long as this.
class DragOut : public QObject
{
    Q_OBJECT

public:
    DragOut(LayerSource& source, QWidget* from);
    ~DragOut() override;
    void setImage(SharedImage image);
    void start(const SharedTree& tree, std::uint32_t node);
    static constexpr std::uint64_t sizeLimit = 1ULL << 30;

Q_SIGNALS:
    void busy(const QString& what);
    void done(const QString& what);
    void failed(const QString& what, const rocker::Error& why);

private:
    void drag(const QString& path);

    LayerSource& m_source;
    QWidget* m_from;
    SharedImage m_image;
    std::unique_ptr<QTemporaryDir> m_place;
    std::map<std::pair<std::size_t, std::string>, QString> m_copies; // by layer and path
    bool m_copying = false;
};

} // namespace rocker::gui
