#include "gui/layers/image_comparison.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"

#include <QCoreApplication>

namespace rocker::gui {

namespace {

using layers::Change;
using layers::Difference;
using layers::ImageTree;
using layers::Kind;

QString reportTr(const char* source)
{
    return QCoreApplication::translate("rocker::gui", source);
}

std::optional<std::uint64_t> sizeIn(const ImageTree& tree, std::uint32_t node)
{
    if (node == ImageTree::none || tree.record(node).kind != Kind::File)
        return std::nullopt;
    return tree.record(node).size;
}

ImageTree wholeOf(std::vector<layers::LayerIndex> layers)
{
    const std::size_t top = layers.size() - 1;
    return ImageTree(std::move(layers), top, ImageTree::Scope::UpTo);
}

} // namespace

ImageComparison::ImageComparison(QString one, std::vector<layers::LayerIndex> firstLayers, QString other,
    std::vector<layers::LayerIndex> secondLayers, layout::Settings ones, layout::Settings others)
    : first(std::move(one)), second(std::move(other)), firstTree(wholeOf(std::move(firstLayers))),
      secondTree(wholeOf(std::move(secondLayers))), differences(layers::compare(firstTree, secondTree)),
      firstSettings(std::move(ones)), secondSettings(std::move(others))
{
    for (const Difference& difference : differences) {
        added += difference.change == Change::Added;
        changed += difference.change == Change::Changed;
        removed += difference.change == Change::Removed;
    }
}

std::vector<layout::SettingDifference> ImageComparison::settings() const
{
    return layout::compareSettings(firstSettings, secondSettings);
}

std::optional<std::uint64_t> ImageComparison::sizeBefore(const Difference& difference) const
{
    return sizeIn(firstTree, difference.first);
}

std::optional<std::uint64_t> ImageComparison::sizeAfter(const Difference& difference) const
{
    return sizeIn(secondTree, difference.second);
}

QString whatChanged(const ImageComparison& comparison, const Difference& difference)
{
    if (difference.change != Change::Changed)
        return kindText(difference.second != ImageTree::none ? comparison.secondTree.record(difference.second)
                                                             : comparison.firstTree.record(difference.first))
            .toLower();
    QStringList parts;
    if (difference.kind)
        parts << reportTr("%1, now %2")
                     .arg(kindText(comparison.firstTree.record(difference.first)).toLower(),
                         kindText(comparison.secondTree.record(difference.second)).toLower());
    if (difference.content)
        parts << reportTr("content");
    if (difference.mode)
        parts << reportTr("mode %1 → %2")
                     .arg(comparison.firstTree.record(difference.first).mode, 4, 8, QLatin1Char('0'))
                     .arg(comparison.secondTree.record(difference.second).mode, 4, 8, QLatin1Char('0'));
    if (difference.owner)
        parts << reportTr("owner %1 → %2")
                     .arg(ownerText(comparison.firstTree.record(difference.first)),
                         ownerText(comparison.secondTree.record(difference.second)));
    if (difference.link)
        parts << reportTr("target");
    if (difference.xattrs)
        parts << reportTr("extended attributes");
    if (difference.time)
        parts << reportTr("time");
    return parts.join(QStringLiteral(", "));
}

QByteArray comparisonReport(const ImageComparison& comparison, ReportForm form)
{
    const std::string first = comparison.first.toStdString();
    const std::string second = comparison.second.toStdString();
    return QByteArray::fromStdString(layout::writeReport({first, comparison.firstTree, comparison.firstSettings},
        {second, comparison.secondTree, comparison.secondSettings}, comparison.differences, form));
}

} // namespace rocker::gui
