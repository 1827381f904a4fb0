#include "gui/models/filter_model.h"

#include "gui/models/roles.h"

#include <QCollator>
#include <QLocale>

#include <algorithm>

namespace rocker::gui {

namespace {

const QCollator& collator()
{
    static const QCollator instance = [] {
        // The locale "C" knows no such order.
        const QLocale locale;
        QCollator made(locale.language() == QLocale::C ? QLocale(QLocale::English) : locale);
        made.setCaseSensitivity(Qt::CaseInsensitive);
        made.setNumericMode(true);
        return made;
    }();
    return instance;
}

} // namespace

FilterModel::FilterModel(QAbstractItemModel* source, QObject* parent) : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    setDynamicSortFilter(true);
    setSourceModel(source);
}

void FilterModel::setFilterText(const QString& text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateRowsFilter();
}

bool FilterModel::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const
{
    if (m_words.isEmpty())
        return true;
    const QString all = sourceModel()->index(sourceRow, 0, sourceParent).data(FilterRole).toString();
    return std::ranges::all_of(m_words, [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

bool FilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.typeId() == QMetaType::QString)
        return collator().compare(a.toString(), b.toString()) < 0;
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace rocker::gui
