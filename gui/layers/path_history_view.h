#pragma once

#include "gui/layers/layer_source.h"
#include "gui/layers/line_diff.h"
#include "gui/layers/path_history.h"

#include <QWidget>

class QTableWidget;

namespace rocker::gui {

class TextDifferenceView;

// What each layer did to a path, and beside it what the chosen version changed in the text.
class PathHistoryView : public QWidget
{
    Q_OBJECT

public:
    explicit PathHistoryView(LayerSource& source, QWidget* parent = nullptr);
    // `layer` is the version that is chosen at first.
    void setPath(const SharedImage& image, const std::string& path, std::size_t layer);

Q_SIGNALS:
    void layerWanted(std::size_t layer);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fill();
    void compare();

    SharedImage m_image;
    std::string m_path;
    std::size_t m_layer = 0;
    std::vector<PathVersion> m_versions;
    bool m_stale = false;
    QTableWidget* m_table;
    TextDifferenceView* m_difference;
};

} // namespace rocker::gui
