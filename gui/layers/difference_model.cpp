#include "gui/layers/difference_model.h"

#include "gui/layers/layer_text.h"
#include "gui/models/roles.h"
#include "gui/models/text.h"

#include <algorithm>

namespace rocker::gui {

void DifferenceModel::setComparison(SharedComparison comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    choose();
    endResetModel();
}

void DifferenceModel::setFilter(const QString& text, unsigned changes)
{
    beginResetModel();
    m_text = text.trimmed().toUtf8().toLower();
    while (m_text.startsWith('/'))
        m_text.remove(0, 1);
    m_changes = changes;
    choose();
    endResetModel();
}

void DifferenceModel::choose()
{
    m_rows.clear();
    const std::size_t count = m_comparison ? m_comparison->differences.size() : 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const layers::Difference& difference = m_comparison->differences[i];
        if (m_changes != 0 && !(m_changes & (1U << int(difference.change))))
            continue;
        if (m_text.isEmpty()
            || QByteArray::fromRawData(difference.path.data(), qsizetype(difference.path.size()))
                   .toLower()
                   .contains(m_text))
            m_rows.push_back(i);
    }
    order();
}

std::uint64_t DifferenceModel::sortValue(std::uint32_t row) const
{
    const layers::Difference& difference = m_comparison->differences[row];
    switch (m_column) {
    case Change:
        return std::uint64_t(difference.change);
    case What:
        return difference.kind * 32U + difference.content * 16U + difference.mode * 8U + difference.owner * 4U
            + difference.link * 2U + difference.xattrs;
    case Before:
        return m_comparison->sizeBefore(difference).value_or(0);
    case After:
        return m_comparison->sizeAfter(difference).value_or(0);
    default:
        return row; // differences come by path
    }
}

void DifferenceModel::order()
{
    std::ranges::sort(m_rows, [this](std::uint32_t a, std::uint32_t b) {
        const std::uint64_t one = sortValue(a);
        const std::uint64_t other = sortValue(b);
        if (one == other)
            return a < b;
        return m_order == Qt::AscendingOrder ? one < other : one > other;
    });
}

void DifferenceModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0)
        return;
    beginResetModel();
    m_column = column;
    m_order = order;
    this->order();
    endResetModel();
}

QString DifferenceModel::display(const layers::Difference& difference, int column) const
{
    const auto size
        = [](std::optional<std::uint64_t> bytes) { return bytes ? sizeText(std::int64_t(*bytes)) : QString(); };
    switch (column) {
    case Change:
        return changeLetter(difference.change) + QStringLiteral(" ") + changeText(difference.change);
    case Path:
        return u'/' + shownName(difference.path);
    case What:
        return whatChanged(*m_comparison, difference);
    case Before:
        return size(m_comparison->sizeBefore(difference));
    case After:
        return size(m_comparison->sizeAfter(difference));
    default:
        return {};
    }
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const layers::Difference& difference = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return display(difference, index.column());
    case Qt::ToolTipRole:
        return index.column() == Path || index.column() == What ? plainToolTip(display(difference, index.column()))
                                                                : QString();
    case Qt::TextAlignmentRole:
        return QVariant((index.column() >= Before ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case ToneRole:
        return int(changeTone(difference.change));
    case KeyRole:
        return text(difference.path);
    default:
        return {};
    }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section >= Before ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Change"), tr("Path"), tr("What"), tr("Before"), tr("After")};
    return section < ColumnCount ? names[section] : QString();
}

} // namespace rocker::gui
