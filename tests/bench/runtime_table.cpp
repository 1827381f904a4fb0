#include "tests/bench/runtime_table.h"

#include <cstdio>
#include <thread>

namespace rocker::bench
{

void settle()
{
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

void Table::add(const std::string& operation, const std::string& actor, const Measure& taken)
{
    Row& row = m_blocks[operation][actor];
    row.wall.add(taken.wall);
    row.processor.add(taken.processor);
    row.peakMiB = std::max(row.peakMiB, taken.peakMiB);
}

void Table::printRow(const std::string& actor, const Row& row)
{
    std::printf("  %-32s %8.2f %8.2f %8.2f", actor.c_str(), row.wall.quantile(0), row.wall.quantile(0.5),
        row.wall.quantile(0.95));
    // The helper's own process is not measured here.
    if (row.peakMiB > 0)
        std::printf(" %8.2f %9.1f", row.processor.quantile(0.5), row.peakMiB);
    else
        std::printf(" %8s %9s", "-", "-");
    std::printf(" %5zu", row.wall.count());
}

void Table::print(const std::string& operation, const std::string& title, const std::string& ours) const
{
    const auto found = m_blocks.find(operation);
    if (found == m_blocks.end())
        return;
    const Block& block = found->second;
    const auto mine = block.find(ours);
    std::printf("\n%-34s %8s %8s %8s %8s %9s %5s%s\n", title.c_str(), "min", "median", "p95", "cpu", "peak MiB", "N",
        mine == block.end() ? "" : "  ours by it: median, min");
    for (const std::string& actor : m_actors) {
        const auto row = block.find(actor);
        if (row == block.end())
            continue;
        printRow(actor, row->second);
        if (mine != block.end())
            std::printf(" %19.2f %6.2f", mine->second.wall.quantile(0.5) / row->second.wall.quantile(0.5),
                mine->second.wall.quantile(0) / row->second.wall.quantile(0));
        std::printf("\n");
    }
}

} // namespace rocker::bench
