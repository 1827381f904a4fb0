#pragma once

#include "engine/layers/comparison.h"
#include "engine/layout/report.h"

#include <QByteArray>
#include <QString>

#include <memory>

namespace rocker::gui {

// Two images as containers see them, and what they do not agree about. Immutable.
struct ImageComparison {
    QString first; // what people call them
    QString second;
    layers::ImageTree firstTree;
    layers::ImageTree secondTree;
    std::vector<layers::Difference> differences; // by path
    std::uint32_t added = 0;
    std::uint32_t changed = 0;
    std::uint32_t removed = 0;

    layout::Settings firstSettings;
    layout::Settings secondSettings;

    ImageComparison(QString first, std::vector<layers::LayerIndex> firstLayers, QString second,
        std::vector<layers::LayerIndex> secondLayers, layout::Settings firstSettings = {},
        layout::Settings secondSettings = {});
    std::vector<layout::SettingDifference> settings() const;
    // Bytes of what is at a difference's path; nothing where there is no file.
    std::optional<std::uint64_t> sizeBefore(const layers::Difference& difference) const;
    std::optional<std::uint64_t> sizeAfter(const layers::Difference& difference) const;
};
using SharedComparison = std::shared_ptr<const ImageComparison>;

// "content, mode": what of a path has changed; for what is only on one side its kind.
QString whatChanged(const ImageComparison& comparison, const layers::Difference& difference);

using layout::ReportForm;
QByteArray comparisonReport(const ImageComparison& comparison, ReportForm form);

} // namespace rocker::gui
