#include "gui/layers/line_diff.h"

#include <QCoreApplication>

#include <algorithm>

namespace rocker::gui {

namespace {

// Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: the shortest way from one text to the other, with
// the furthest point of every diagonal kept for each number of changes.
std::optional<std::vector<DiffLine>> shortestEdit(const QStringList& before, const QStringList& after)
{
    const int rows = int(before.size());
    const int columns = int(after.size());
    const int most = std::min(rows + columns, diffChangeLimit);
    std::vector<std::vector<int>> kept;
    const auto at = [&](std::vector<int>& line, int changes, int diagonal) -> int& {
        return line[std::size_t(diagonal + changes + 1)];
    };
    int changes = 0;
    for (bool reached = false; !reached; ++changes) {
        if (changes > most)
            return std::nullopt;
        std::vector<int> line(std::size_t(2 * changes + 3), 0);
        for (int diagonal = -changes; diagonal <= changes; diagonal += 2) {
            int row = 0;
            if (changes > 0) {
                std::vector<int>& last = kept.back();
                const bool down = diagonal == -changes
                    || (diagonal != changes
                        && at(last, changes - 1, diagonal - 1) < at(last, changes - 1, diagonal + 1));
                row = down ? at(last, changes - 1, diagonal + 1) : at(last, changes - 1, diagonal - 1) + 1;
            }
            while (row < rows && row - diagonal < columns && before[row] == after[row - diagonal])
                ++row;
            at(line, changes, diagonal) = row;
            reached = reached || (row >= rows && row - diagonal >= columns);
        }
        kept.push_back(std::move(line));
    }
    std::vector<DiffLine> lines;
    int row = rows;
    int column = columns;
    for (int step = changes - 1; step > 0; --step) {
        std::vector<int>& last = kept[std::size_t(step - 1)];
        const int diagonal = row - column;
        const bool down = diagonal == -step
            || (diagonal != step && at(last, step - 1, diagonal - 1) < at(last, step - 1, diagonal + 1));
        const int fromRow = down ? at(last, step - 1, diagonal + 1) : at(last, step - 1, diagonal - 1);
        const int fromColumn = fromRow - (down ? diagonal + 1 : diagonal - 1);
        while (row > fromRow + (down ? 0 : 1) && column > fromColumn + (down ? 1 : 0)) {
            lines.push_back({DiffLine::Kind::Same, before[--row]});
            --column;
        }
        if (down)
            lines.push_back({DiffLine::Kind::Added, after[--column]});
        else
            lines.push_back({DiffLine::Kind::Removed, before[--row]});
    }
    while (row > 0)
        lines.push_back({DiffLine::Kind::Same, before[--row]});
    std::ranges::reverse(lines);
    return lines;
}

std::vector<DiffLine> withoutFarLines(const std::vector<DiffLine>& all, int context)
{
    std::vector<bool> near(all.size(), false);
    int since = context + 1;
    for (std::size_t i = 0; i < all.size(); ++i)
        near[i] = (since = all[i].kind == DiffLine::Kind::Same ? since + 1 : 0) <= context;
    since = context + 1;
    for (std::size_t i = all.size(); i-- > 0;)
        if ((since = all[i].kind == DiffLine::Kind::Same ? since + 1 : 0) <= context)
            near[i] = true;
    std::vector<DiffLine> shown;
    for (std::size_t i = 0; i < all.size();) {
        if (near[i]) {
            shown.push_back(all[i++]);
            continue;
        }
        std::size_t end = i;
        while (end < all.size() && !near[end])
            ++end;
        shown.push_back({DiffLine::Kind::Gap,
            QCoreApplication::translate("rocker::gui", end - i == 1 ? "%1 equal line" : "%1 equal lines")
                .arg(end - i)});
        i = end;
    }
    return shown;
}

} // namespace

std::optional<std::vector<DiffLine>> lineDiff(const QStringList& before, const QStringList& after, int context)
{
    if (before.size() > diffLineLimit || after.size() > diffLineLimit)
        return std::nullopt;
    const auto all = shortestEdit(before, after);
    return all ? std::optional(withoutFarLines(*all, context)) : std::nullopt;
}

} // namespace rocker::gui
