#include "gui/layers/files_view.h"

#include "gui/layers/background.h"
#include "gui/layers/drag_out.h"
#include "gui/layers/file_pane.h"
#include "gui/layers/file_tree.h"
#include "gui/layers/filter_bar.h"
#include "gui/layers/tree_model.h"
#include "gui/layers/treemap.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

namespace rocker::gui {

using layers::ImageTree;

FilesView::FilesView(LayerSource& source, QWidget* parent)
    : QWidget(parent), m_model(new TreeModel(this)), m_tree(new FileTree(m_model)), m_map(new Treemap),
      m_filter(new FilterBar), m_pane(new FilePane(source)), m_dragOut(new DragOut(source, m_tree)), m_scopeBar(new QWidget(this)),
      m_scopes(new QButtonGroup(this)), m_mapButton(new QToolButton), m_across(new QSplitter(Qt::Horizontal)),
      m_down(new QSplitter(Qt::Vertical)), m_stack(new QStackedWidget),
      m_empty(new EmptyState(QStringLiteral("folder")))
{
    m_across->addWidget(m_tree);
    m_across->addWidget(m_map);
    m_across->setSizes({600, 360});
    m_stack->addWidget(m_across);
    m_stack->addWidget(m_empty);
    m_down->addWidget(m_stack);
    m_down->addWidget(m_pane);
    m_down->setStretchFactor(0, 1);
    m_down->setSizes({360, 240});
    for (QSplitter* splitter : {m_across, m_down}) {
        splitter->setHandleWidth(1);
        splitter->setChildrenCollapsible(false);
    }
    m_map->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(buildBar());
    buildScopes();
    column->addWidget(m_down, 1);

    connect(m_scopes, &QButtonGroup::idClicked, this, [this](int scope) { setScope(Scope(scope)); });
    connect(m_filter, &FilterBar::changed, this, &FilesView::refilter);
    connect(m_filter, &FilterBar::leftDownwards, this, &FilesView::focusTree);
    connect(m_tree, &FileTree::nodeSelected, this, &FilesView::select);
    connect(m_tree, &FileTree::dragWanted, this,
        [this](std::uint32_t node) { m_dragOut->start(m_model->tree(), node); });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &FilesView::openMenu);
    connect(m_map, &Treemap::nodeClicked, this, [this](std::uint32_t node) { m_tree->select(node); });
    connect(m_mapButton, &QToolButton::toggled, this, [this](bool shown) {
        m_map->setVisible(shown);
        if (shown)
            fillMap();
    });
    connect(m_empty, &EmptyState::activated, m_filter, &FilterBar::clear);
    connect(m_pane, &FilePane::layerWanted, this, &FilesView::layerWanted);
    refreshState();
}

QWidget* FilesView::buildBar()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(2 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit);
    row->addWidget(m_filter, 1);
    return bar;
}

void FilesView::buildScopes()
{
    auto* row = new QHBoxLayout(m_scopeBar);
    row->setContentsMargins(0, 2, 2 * Theme::unit, 2);
    row->setSpacing(Theme::unit / 2);
    const auto prepare = [&](QToolButton* button) {
        button->setCheckable(true);
        button->setProperty("role", QStringLiteral("action"));
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    };
    const auto add = [&](Scope scope, const char* name, const QString& text, const QString& tip) {
        auto* button = new QToolButton;
        button->setObjectName(QLatin1String(name));
        button->setText(text);
        button->setToolTip(tip);
        prepare(button);
        button->setChecked(scope == m_scope);
        m_scopes->addButton(button, int(scope));
    };
    add(Scope::Layer, "scopeLayer", tr("This &layer"), tr("Only what this layer adds, changes and removes"));
    add(Scope::UpTo, "scopeUpTo", tr("&Up to here"),
        tr("Everything there is up to this layer, marked with what it does"));
    add(Scope::Image, "scopeImage", tr("Whole ima&ge"), tr("What a container sees: all layers together"));
    row->addSpacing(Theme::unit);
    m_mapButton->setObjectName(QStringLiteral("toggleMap"));
    m_mapButton->setIcon(gui::icon(QStringLiteral("map")));
    m_mapButton->setText(tr("&Map"));
    m_mapButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_mapButton->setToolTip(tr("Sizes as areas (Alt+M)"));
    m_mapButton->setAccessibleName(tr("Map of sizes"));
    prepare(m_mapButton);
}

void FilesView::setImage(SharedImage image)
{
    m_image = std::move(image);
    m_layer = m_image ? m_image->indexes.size() - 1 : 0;
    m_pane->setImage(m_image);
    m_dragOut->setImage(m_image);
    if (!m_image) {
        ++m_wish;
        m_busy = false;
        m_model->setTree({}, TreeModel::Marks::Shown);
        m_map->setTree({}, {}, Treemap::Coloring::ByLayer);
        m_pane->setNode({}, ImageTree::root);
    }
    refreshState();
}

void FilesView::setLayer(std::size_t layer)
{
    m_layer = layer;
    // The whole image is that of the top layer: who asks for another one wants to see it.
    if (m_scope == Scope::Image && m_image && layer + 1 != m_image->indexes.size())
        setScope(Scope::UpTo);
    else
        build();
}

void FilesView::setScope(Scope scope)
{
    m_scope = scope;
    m_scopes->button(int(scope))->setChecked(true);
    build();
}

void FilesView::build()
{
    if (!m_image || m_image->indexes.empty())
        return;
    const quint64 wish = ++m_wish;
    m_busy = true;
    const std::size_t layer = m_scope == Scope::Image ? m_image->indexes.size() - 1 : m_layer;
    const auto scope = m_scope == Scope::Layer ? ImageTree::Scope::Layer : ImageTree::Scope::UpTo;
    inBackground([image = m_image, layer, scope]() -> SharedTree {
        return std::make_shared<const SearchableTree>(image->indexes, layer, scope);
    }).then(this, [this, wish, layer, shown = m_scope](const SharedTree& tree) {
        if (wish == m_wish)
            showTree(tree, layer, shown);
    });
}

void FilesView::showTree(SharedTree tree, std::size_t layer, Scope scope)
{
    m_busy = false;
    m_pane->setPlace(layer);
    m_model->setTree(std::move(tree), scope == Scope::Image ? TreeModel::Marks::Hidden : TreeModel::Marks::Shown);
    m_tree->setColumnWanted(TreeModel::Change, scope != Scope::Image);
    m_tree->setColumnWanted(TreeModel::Layer, scope != Scope::Layer);
    refreshState();
}

void FilesView::refilter(const QString& line)
{
    m_model->setFilter(TreeFilter::parse(line));
    refreshState();
}

void FilesView::refreshState()
{
    const bool filled = m_model->tree() && m_model->rowCount() > 0;
    const bool filtered = m_model->tree() && !m_model->filter().isEmpty();
    if (!filled && filtered) {
        m_empty->setTexts(tr("No file matches"), tr("Nothing at this layer is what the filter asks for."));
        m_empty->setAction(tr("Clear the filter"));
    } else if (!filled) {
        m_empty->setTexts(m_model->tree() ? tr("This layer changes no files") : tr("Reading the layer…"),
            m_model->tree() ? tr("It only sets something in the image's configuration. Look at another layer, or at "
                                 "everything up to here.")
                            : QString());
        m_empty->setAction({});
    }
    m_stack->setCurrentWidget(filled ? static_cast<QWidget*>(m_across) : m_empty);
    m_pane->setVisible(filled);
    m_filter->showResult(m_model->filter(), m_model->result());
    if (!m_map->isHidden())
        fillMap();
}

void FilesView::fillMap()
{
    m_map->setTree(m_model->tree(), m_model->result(),
        m_scope == Scope::Layer ? Treemap::Coloring::ByChange : Treemap::Coloring::ByLayer);
}

void FilesView::select(std::uint32_t node)
{
    m_map->setSelected(node);
    m_pane->setNode(m_model->tree(), node);
}

void FilesView::showPath(const std::string& path, std::size_t layer)
{
    m_filter->clear();
    m_tree->select(path);
    Q_EMIT layerWanted(layer);
}

void FilesView::openMenu(QPoint position)
{
    if (!m_tree->indexAt(position).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_pane->fileActions());
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

void FilesView::focusFilter()
{
    m_filter->takeFocus();
}

void FilesView::focusTree()
{
    m_tree->setFocus(Qt::ShortcutFocusReason);
}

void FilesView::saveState(QSettings& settings) const
{
    settings.setValue(QStringLiteral("layers/across"), m_across->saveState());
    settings.setValue(QStringLiteral("layers/down"), m_down->saveState());
    settings.setValue(QStringLiteral("layers/map"), m_mapButton->isChecked());
}

void FilesView::restoreState(QSettings& settings)
{
    m_mapButton->setChecked(settings.value(QStringLiteral("layers/map"), false).toBool());
    m_across->restoreState(settings.value(QStringLiteral("layers/across")).toByteArray());
    m_down->restoreState(settings.value(QStringLiteral("layers/down")).toByteArray());
    m_across->setHandleWidth(1);
    m_down->setHandleWidth(1);
}

} // namespace rocker::gui
