#pragma once

#include "gui/layers/layer_source.h"
#include "gui/layers/searchable_tree.h"

#include <QWidget>

class QButtonGroup;
class QSettings;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace rocker::gui {

class DragOut;
class EmptyState;
class FilePane;
class FileTree;
class FilterBar;
class TreeModel;
class Treemap;

// The files of an image at one of its layers: tree, map, filter and the selected file. The tree is made on another
// thread; a newer wish takes the place of an older one.
class FilesView : public QWidget
{
    Q_OBJECT

public:
    enum class Scope { Layer, UpTo, Image };

    explicit FilesView(LayerSource& source, QWidget* parent = nullptr);
    // Nothing for none.
    void setImage(SharedImage image);
    void setLayer(std::size_t layer);
    void setScope(Scope scope);
    std::size_t layer() const { return m_layer; }
    Scope scope() const { return m_scope; }
    TreeModel* model() const { return m_model; }
    FilePane* pane() const { return m_pane; }
    DragOut* dragOut() const { return m_dragOut; }
    // The choice of scope and of the map, to be placed by whoever has the room.
    QWidget* scopeBar() const { return m_scopeBar; }
    // At the layer whose tree has it.
    void showPath(const std::string& path, std::size_t layer);
    void focusFilter();
    void focusTree();
    void saveState(QSettings& settings) const;
    void restoreState(QSettings& settings);

Q_SIGNALS:
    void layerWanted(std::size_t layer); // a file of another layer was asked for

private:
    QWidget* buildBar();
    void buildScopes();
    void build();
    void showTree(SharedTree tree, std::size_t layer, Scope scope);
    void refilter(const QString& line);
    void select(std::uint32_t node);
    void refreshState();
    void fillMap();
    void openMenu(QPoint position);

    SharedImage m_image;
    std::size_t m_layer = 0;
    Scope m_scope = Scope::Layer;
    quint64 m_wish = 0; // the newest
    TreeModel* m_model;
    FileTree* m_tree;
    Treemap* m_map;
    FilterBar* m_filter;
    FilePane* m_pane;
    DragOut* m_dragOut;
    QWidget* m_scopeBar;
    QButtonGroup* m_scopes;
    QToolButton* m_mapButton;
    QSplitter* m_across;
    QSplitter* m_down;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    bool m_busy = false;
};

} // namespace rocker::gui
