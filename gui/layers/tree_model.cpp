#include "gui/layers/tree_model.h"

#include "gui/layers/layer_text.h"
#include "gui/models/roles.h"
#include "gui/models/text.h"

#include <QLocale>

#include <algorithm>

namespace rocker::gui {

namespace {

using layers::ImageTree;
using layers::Kind;

int sign(auto a, auto b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

bool isNumber(int column)
{
    return column == TreeModel::Size || column == TreeModel::Files || column == TreeModel::Layer;
}

} // namespace

TreeModel::TreeModel(QObject* parent)
    : QAbstractItemModel(parent)
{
}

void TreeModel::setTree(SharedTree tree, Marks marks)
{
    beginResetModel();
    m_tree = std::move(tree);
    m_marks = marks;
    refilter();
    endResetModel();
}

void TreeModel::setFilter(const TreeFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    refilter();
    endResetModel();
}

void TreeModel::refilter()
{
    const std::size_t size = m_tree ? m_tree->tree().size() : 0;
    m_result = m_tree ? filtered(*m_tree, m_filter, m_marks == Marks::Shown ? Removed::Shown : Removed::Hidden)
                      : FilteredTree();
    m_sorted.resize(size);
    m_row.resize(size);
    m_prepared.assign(size, 0);
}

layers::Change TreeModel::changeOf(std::uint32_t node) const
{
    return m_marks == Marks::Shown ? m_tree->tree().at(node).change : layers::Change::None;
}

std::uint32_t TreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? std::uint32_t(index.internalId()) : ImageTree::root;
}

QModelIndex TreeModel::indexOf(std::uint32_t node, int column) const
{
    if (!m_tree || node == ImageTree::root || node >= m_tree->tree().size() || !isShown(node))
        return {};
    prepare(m_tree->tree().at(node).parent);
    return createIndex(int(m_row[node]), column, quintptr(node));
}

QModelIndex TreeModel::nearestIndexOf(const std::string& path) const
{
    if (!m_tree)
        return {};
    for (std::string rest = path; !rest.empty();) {
        const std::uint32_t node = m_tree->tree().find(rest);
        if (node != ImageTree::none && isShown(node))
            return indexOf(node);
        const std::size_t slash = rest.rfind('/');
        rest.resize(slash == rest.npos ? 0 : slash);
    }
    return {};
}

bool TreeModel::countsRemoved(std::uint32_t node) const
{
    const ImageTree::Node& at = m_tree->tree().at(node);
    return m_marks == Marks::Shown && at.removed > 0 && (at.change == layers::Change::Removed || at.size == 0);
}

std::uint64_t TreeModel::bytesOf(std::uint32_t node) const
{
    const ImageTree::Node& at = m_tree->tree().at(node);
    return countsRemoved(node) ? at.removed : at.size;
}

int TreeModel::compare(std::uint32_t a, std::uint32_t b) const
{
    const ImageTree& tree = m_tree->tree();
    const ImageTree::Node& first = tree.at(a);
    const ImageTree::Node& second = tree.at(b);
    const layers::Record& one = tree.record(a);
    const layers::Record& other = tree.record(b);
    switch (m_column) {
    case Size:
        return sign(bytesOf(a), bytesOf(b));
    case Files:
        return sign(first.files, second.files);
    case Change:
        return sign(changeOf(a), changeOf(b));
    case Mode:
        return one.kind != other.kind ? sign(one.kind, other.kind) : sign(one.mode, other.mode);
    case Owner:
        return one.uid != other.uid ? sign(one.uid, other.uid) : sign(one.gid, other.gid);
    case Modified:
        return one.seconds != other.seconds ? sign(one.seconds, other.seconds)
                                            : sign(one.nanoseconds, other.nanoseconds);
    case Layer:
        return sign(first.layer, second.layer);
    default:
        return m_tree->name(a).compare(m_tree->name(b));
    }
}

bool TreeModel::less(std::uint32_t a, std::uint32_t b) const
{
    const int order = compare(a, b);
    if (order != 0)
        return m_order == Qt::AscendingOrder ? order < 0 : order > 0;
    return a < b; // as the tree has them: by name
}

void TreeModel::prepare(std::uint32_t directory) const
{
    if (m_prepared[directory])
        return;
    m_prepared[directory] = 1;
    const ImageTree::Node& node = m_tree->tree().at(directory);
    if (node.childCount == 0)
        return;
    auto end = m_sorted.begin() + node.firstChild;
    for (std::uint32_t child = node.firstChild; child < node.firstChild + node.childCount; ++child)
        if (isShown(child))
            *end++ = child;
    const auto begin = m_sorted.begin() + node.firstChild;
    std::sort(begin, end, [this](std::uint32_t a, std::uint32_t b) { return less(a, b); });
    for (auto child = begin; child != end; ++child)
        m_row[*child] = std::uint32_t(child - begin);
}

QModelIndex TreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    const std::uint32_t directory = nodeOf(parent);
    prepare(directory);
    return createIndex(row, column, quintptr(m_sorted[m_tree->tree().at(directory).firstChild + std::uint32_t(row)]));
}

QModelIndex TreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || !m_tree)
        return {};
    return indexOf(m_tree->tree().at(nodeOf(child)).parent);
}

int TreeModel::rowCount(const QModelIndex& parent) const
{
    return m_tree && parent.column() <= 0 ? int(m_result.shownChildren[nodeOf(parent)]) : 0;
}

bool TreeModel::hasChildren(const QModelIndex& parent) const
{
    return rowCount(parent) > 0;
}

int TreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

void TreeModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || (column == m_column && order == m_order))
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    m_column = column;
    m_order = order;
    m_prepared.assign(m_prepared.size(), 0);
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex& index : before)
        after << indexOf(nodeOf(index), index.column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

QString TreeModel::display(std::uint32_t node, int column) const
{
    const ImageTree& tree = m_tree->tree();
    const ImageTree::Node& at = tree.at(node);
    const layers::Record& record = tree.record(node);
    const bool directory = record.kind == Kind::Directory;
    switch (column) {
    case Name:
        return record.kind == Kind::Symlink
            ? shownName(tree.name(node)) + QStringLiteral(" → ") + shownName(tree.link(node))
            : shownName(tree.name(node));
    case Size:
        if (record.kind == Kind::File && record.is(layers::Record::hardLink))
            return tr("link");
        if (!directory && record.kind != Kind::File)
            return {};
        return (countsRemoved(node) ? QStringLiteral("−") : QString()) + sizeText(std::int64_t(bytesOf(node)));
    case Files:
        return directory && at.files > 0 ? QLocale().toString(at.files) : QString();
    case Change:
        return changeText(changeOf(node));
    case Mode:
        return modeText(record);
    case Owner:
        return ownerText(record);
    case Modified:
        return record.is(layers::Record::implied) ? QString() : modifiedText(record, TimeStyle::Short);
    case Layer:
        return QString::number(at.layer + 1);
    default:
        return {};
    }
}

QString TreeModel::toolTip(std::uint32_t node, int column) const
{
    const ImageTree& tree = m_tree->tree();
    if (column == Name)
        return plainToolTip(u'/' + shownName(tree.path(node)));
    if (column == Modified)
        return modifiedText(tree.record(node), TimeStyle::Long);
    if (column == Size)
        return tree.at(node).removed > 0 && m_marks == Marks::Shown
            ? tr("%1 bytes; %2 bytes are removed")
                  .arg(QLocale().toString(qulonglong(tree.at(node).size)),
                      QLocale().toString(qulonglong(tree.at(node).removed)))
            : tr("%1 bytes").arg(QLocale().toString(qulonglong(tree.at(node).size)));
    if (column == Change && changeOf(node) == layers::Change::None && tree.at(node).below && m_marks == Marks::Shown)
        return tr("Something in it was changed");
    return {};
}

QVariant TreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_tree)
        return {};
    const std::uint32_t node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return display(node, index.column());
    case Qt::ToolTipRole:
        return toolTip(node, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == Name && changeOf(node) != layers::Change::None
            ? tr("%1, %2").arg(display(node, Name), changeText(changeOf(node)))
            : display(node, index.column());
    case Qt::TextAlignmentRole:
        return QVariant((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case KeyRole:
        return text(m_tree->tree().path(node));
    case ChangeRole:
        return int(changeOf(node));
    case BelowRole:
        return m_marks == Marks::Shown && m_tree->tree().at(node).below;
    default:
        return {};
    }
}

// What is removed at the layer is no longer there to be taken.
Qt::ItemFlags TreeModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    const bool there = index.isValid() && m_tree->tree().at(nodeOf(index)).change != layers::Change::Removed;
    return there ? flags | Qt::ItemIsDragEnabled : flags;
}

QVariant TreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Size:
        return tr("Size");
    case Files:
        return tr("Files");
    case Change:
        return tr("Change");
    case Mode:
        return tr("Mode");
    case Owner:
        return tr("Owner");
    case Modified:
        return tr("Modified");
    case Layer:
        return tr("Layer");
    default:
        return {};
    }
}

} // namespace rocker::gui
