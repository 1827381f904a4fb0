#include "gui/layers/image_comparison.h"

#include "gui/layers/layer_text.h"
#include "gui/models/text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

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

QString sizeWords(std::optional<std::uint64_t> size)
{
    return size ? sizeText(std::int64_t(*size)) : QStringLiteral("–");
}

QByteArray textReport(const ImageComparison& comparison)
{
    QString report = reportTr("From %1\nto   %2\n\n%3 added, %4 changed, %5 removed\n\n")
                         .arg(comparison.first, comparison.second)
                         .arg(comparison.added)
                         .arg(comparison.changed)
                         .arg(comparison.removed);
    for (const Difference& difference : comparison.differences)
        report += QStringLiteral("%1 /%2  (%3)  %4 → %5\n")
                      .arg(changeLetter(difference.change))
                      .arg(shownName(difference.path), whatChanged(comparison, difference),
                          sizeWords(comparison.sizeBefore(difference)), sizeWords(comparison.sizeAfter(difference)));
    return report.toUtf8();
}

QByteArray jsonReport(const ImageComparison& comparison)
{
    constexpr const char* changes[]{"", "added", "changed", "removed"};
    QJsonArray rows;
    for (const Difference& difference : comparison.differences) {
        QJsonObject row{{QStringLiteral("path"), u'/' + text(difference.path)},
            {QStringLiteral("change"), QLatin1String(changes[int(difference.change)])}};
        if (difference.change == Change::Changed) {
            QJsonArray of;
            const std::pair<bool, const char*> parts[]{{difference.kind, "kind"}, {difference.content, "content"},
                {difference.mode, "mode"}, {difference.owner, "owner"}, {difference.link, "link"},
                {difference.xattrs, "xattrs"}, {difference.time, "time"}};
            for (const auto& [differs, name] : parts)
                if (differs)
                    of << QLatin1String(name);
            row.insert(QStringLiteral("of"), of);
        }
        if (const auto size = comparison.sizeBefore(difference))
            row.insert(QStringLiteral("sizeBefore"), qint64(*size));
        if (const auto size = comparison.sizeAfter(difference))
            row.insert(QStringLiteral("sizeAfter"), qint64(*size));
        rows << row;
    }
    return QJsonDocument(
        QJsonObject{{QStringLiteral("first"), comparison.first}, {QStringLiteral("second"), comparison.second},
            {QStringLiteral("added"), qint64(comparison.added)},
            {QStringLiteral("changed"), qint64(comparison.changed)},
            {QStringLiteral("removed"), qint64(comparison.removed)}, {QStringLiteral("differences"), rows}})
        .toJson();
}

QByteArray htmlReport(const ImageComparison& comparison)
{
    QString report = QStringLiteral("<!doctype html>\n<meta charset=\"utf-8\">\n<title>%1</title>\n<style>\nbody { "
                                    "font: 15px/1.5 sans-serif; margin: 2em; color-scheme: light dark }\n"
                                    "td, th { text-align: left; padding: 2px 16px 2px 0 } td:nth-child(2) { "
                                    "font-family: monospace } td:nth-child(n+4) { text-align: right }\n"
                                    ".added { color: #1a8f50 } .changed { color: #b06a00 } .removed { color: #c4302b "
                                    "}\n</style>\n<h1>%1</h1>\n<p>%2</p>\n<table>\n"
                                    "<tr><th>%3</th><th>%4</th><th>%5</th><th>%6</th><th>%7</th></tr>\n")
                         .arg(reportTr("%1 and %2").arg(comparison.first, comparison.second).toHtmlEscaped(),
                             reportTr("%1 added, %2 changed, %3 removed")
                                 .arg(comparison.added)
                                 .arg(comparison.changed)
                                 .arg(comparison.removed)
                                 .toHtmlEscaped(),
                             reportTr("Change").toHtmlEscaped(), reportTr("Path").toHtmlEscaped(),
                             reportTr("What").toHtmlEscaped(), reportTr("Size before").toHtmlEscaped(),
                             reportTr("Size after").toHtmlEscaped());
    constexpr const char* classes[]{"", "added", "changed", "removed"};
    for (const Difference& difference : comparison.differences)
        report += QStringLiteral("<tr class=\"") + QLatin1String(classes[int(difference.change)])
            + QStringLiteral("\"><td>") + changeText(difference.change).toHtmlEscaped() + QStringLiteral("</td><td>/")
            + shownName(difference.path).toHtmlEscaped() + QStringLiteral("</td><td>")
            + whatChanged(comparison, difference).toHtmlEscaped() + QStringLiteral("</td><td>")
            + sizeWords(comparison.sizeBefore(difference)) + QStringLiteral("</td><td>")
            + sizeWords(comparison.sizeAfter(difference)) + QStringLiteral("</td></tr>\n");
    return (report + QStringLiteral("</table>\n")).toUtf8();
}

ImageTree wholeOf(std::vector<layers::LayerIndex> layers)
{
    const std::size_t top = layers.size() - 1;
    return ImageTree(std::move(layers), top, ImageTree::Scope::UpTo);
}

} // namespace

ImageComparison::ImageComparison(QString one, std::vector<layers::LayerIndex> firstLayers, QString other,
    std::vector<layers::LayerIndex> secondLayers)
    : first(std::move(one)), second(std::move(other)), firstTree(wholeOf(std::move(firstLayers))),
      secondTree(wholeOf(std::move(secondLayers))), differences(layers::compare(firstTree, secondTree))
{
    for (const Difference& difference : differences) {
        added += difference.change == Change::Added;
        changed += difference.change == Change::Changed;
        removed += difference.change == Change::Removed;
    }
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
    switch (form) {
    case ReportForm::Json:
        return jsonReport(comparison);
    case ReportForm::Html:
        return htmlReport(comparison);
    case ReportForm::Text:
        break;
    }
    return textReport(comparison);
}

} // namespace rocker::gui
