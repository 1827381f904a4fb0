#include "gui/layers/file_tree.h"

#include "gui/layers/tree_delegate.h"
#include "gui/layers/tree_model.h"
#include "gui/widgets/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>

namespace rocker::gui {

using layers::ImageTree;

FileTree::FileTree(TreeModel* model, QWidget* parent)
    : QTreeView(parent), m_model(model)
{
    setObjectName(QStringLiteral("fileTree"));
    setAccessibleName(tr("Files of the layer"));
    setModel(model);
    setItemDelegate(new TreeDelegate(this));
    setUniformRowHeights(true);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setIndentation(2 * Theme::unit);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setSortingEnabled(true);
    sortByColumn(TreeModel::Size, Qt::DescendingOrder);
    setTabKeyNavigation(false);
    setDragEnabled(true);
    setDragDropMode(DragOnly);
    setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setHighlightSections(false);
    header()->setFixedHeight(4 * Theme::unit);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(5 * Theme::unit);
    fitColumns();
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex& index) { remember(index, true); });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex& index) { remember(index, false); });
    connect(model, &QAbstractItemModel::modelReset, this, &FileTree::restore);
}

void FileTree::fitColumns()
{
    header()->setSectionResizeMode(TreeModel::Name, QHeaderView::Stretch);
    const auto fit = [this](int column, const QString& widest) {
        header()->setSectionResizeMode(column, QHeaderView::Interactive);
        m_widths[column] = fontMetrics().horizontalAdvance(widest) + 3 * Theme::unit;
        header()->resizeSection(column, m_widths[column]);
    };
    fit(TreeModel::Size, QStringLiteral("999.9 MiB"));
    fit(TreeModel::Files, QStringLiteral("99,999"));
    fit(TreeModel::Change, QStringLiteral("+ Changed"));
    fit(TreeModel::Mode, QStringLiteral("drwxrwxrwx"));
    fit(TreeModel::Owner, QStringLiteral("1000:1000"));
    fit(TreeModel::Modified, QStringLiteral("2026-11-25 20:00"));
    fit(TreeModel::Layer, QStringLiteral("Layer 00"));
}

void FileTree::setColumnWanted(int column, bool wanted)
{
    if (wanted)
        m_unwanted.erase(column);
    else
        m_unwanted.insert(column);
    shareColumns();
}

void FileTree::shareColumns()
{
    constexpr int byImportance[]{TreeModel::Size, TreeModel::Change, TreeModel::Files, TreeModel::Layer,
        TreeModel::Modified, TreeModel::Mode, TreeModel::Owner};
    int rest = viewport()->width() - 26 * Theme::unit; // for the names
    bool room = true;
    for (const int column : byImportance) {
        const bool wanted = !m_unwanted.contains(column);
        if (wanted) {
            // A hidden section has no size; what it is given is kept aside.
            rest -= isColumnHidden(column) ? m_widths[column] : m_widths[column] = header()->sectionSize(column);
            room = room && rest >= 0;
        }
        setColumnHidden(column, !wanted || !room);
    }
}

void FileTree::startDrag(Qt::DropActions)
{
    if (currentIndex().isValid())
        Q_EMIT dragWanted(m_model->nodeOf(currentIndex()));
}

void FileTree::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    shareColumns();
}

void FileTree::remember(const QModelIndex& index, bool open)
{
    if (m_restoring || !m_model->filter().isEmpty())
        return;
    const std::string path = m_model->tree()->tree().path(m_model->nodeOf(index));
    if (open) {
        m_open.insert(path);
        m_closed.erase(path);
    } else {
        m_open.erase(path);
        m_closed.insert(path);
    }
}

void FileTree::openRemembered()
{
    const ImageTree& tree = m_model->tree()->tree();
    const auto open = [this](std::uint32_t node) {
        if (const QModelIndex index = m_model->indexOf(node); m_model->hasChildren(index))
            expand(index);
    };
    if (tree.size() <= smallTree) {
        for (std::uint32_t node = 1; node < tree.size(); ++node)
            if (m_model->isShown(node) && !m_closed.contains(tree.path(node)))
                open(node);
        return;
    }
    for (const std::string& path : m_open)
        if (const std::uint32_t node = tree.find(path); node != ImageTree::none && m_model->isShown(node))
            open(node);
}

void FileTree::restore()
{
    if (!m_model->tree())
        return;
    const QScopedValueRollback<bool> guard(m_restoring, true);
    m_model->filter().isEmpty() ? openRemembered() : openMatches();
    const std::string wanted = m_path;
    QModelIndex current = m_model->nearestIndexOf(wanted);
    if (!current.isValid())
        current = firstMatch();
    setCurrentIndex(current);
    if (current.isValid())
        scrollTo(current);
    if (!wanted.empty())
        m_path = wanted; // it may be there again in the next tree
    Q_EMIT nodeSelected(m_model->nodeOf(currentIndex()));
}

// Level by level, so that what is found is seen before what is in it; not below a directory that was found itself.
void FileTree::openMatches()
{
    int rows = 0;
    std::vector<QModelIndex> level{QModelIndex()};
    while (!level.empty() && rows < openedRows) {
        std::vector<QModelIndex> next;
        for (const QModelIndex& directory : level) {
            const int count = m_model->rowCount(directory);
            if (rows += count; rows > openedRows)
                break;
            if (directory.isValid())
                expand(directory);
            for (int row = 0; row < count; ++row) {
                const QModelIndex child = m_model->index(row, 0, directory);
                const bool found = m_model->result().is(m_model->nodeOf(child), FilteredTree::Named);
                if (!found && m_model->hasChildren(child))
                    next.push_back(child);
            }
        }
        level = std::move(next);
    }
}

// The first row of the view that is itself what is looked for.
QModelIndex FileTree::firstMatch() const
{
    QModelIndex index = m_model->index(0, 0);
    while (index.isValid() && !m_model->filter().isEmpty() && m_model->hasChildren(index)
        && !m_model->result().is(m_model->nodeOf(index), FilteredTree::Match))
        index = m_model->index(0, 0, index);
    return index;
}

void FileTree::select(const std::string& path)
{
    m_path = path;
    if (m_model->tree())
        if (const std::uint32_t node = m_model->tree()->tree().find(path); node != ImageTree::none)
            select(node);
}

void FileTree::select(std::uint32_t node)
{
    const QModelIndex index = m_model->indexOf(node);
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    scrollTo(index);
}

void FileTree::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_restoring || !m_model->tree())
        return;
    m_path = current.isValid() ? m_model->tree()->tree().path(m_model->nodeOf(current)) : std::string();
    Q_EMIT nodeSelected(m_model->nodeOf(current));
}

void FileTree::keyPressEvent(QKeyEvent* event)
{
    const bool up = event->key() == Qt::Key_Up && event->modifiers() == Qt::AltModifier;
    if (up || event->key() == Qt::Key_Backspace) {
        if (const QModelIndex parent = currentIndex().parent(); parent.isValid()) {
            setCurrentIndex(parent);
            scrollTo(parent);
        }
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        if (m_model->hasChildren(currentIndex()))
            setExpanded(currentIndex(), !isExpanded(currentIndex()));
        Q_EMIT activated(currentIndex());
        return;
    }
    QTreeView::keyPressEvent(event);
}

} // namespace rocker::gui
