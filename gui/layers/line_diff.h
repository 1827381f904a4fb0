#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace rocker::gui {

struct DiffLine {
    enum class Kind { Same, Removed, Added, Gap };
    Kind kind = Kind::Same;
    QString text; // of a Gap: how many lines are the same
};

// What has become of `before`, line by line, with `context` equal lines around each change. Nothing when the texts have
// more lines or more differences than can be compared while somebody waits.
std::optional<std::vector<DiffLine>> lineDiff(const QStringList& before, const QStringList& after, int context = 3);

inline constexpr qsizetype diffLineLimit = 50'000;
inline constexpr int diffChangeLimit = 2'000;

} // namespace rocker::gui
