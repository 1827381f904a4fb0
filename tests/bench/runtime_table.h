#pragma once

#include "tests/bench/figures.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace rocker::bench
{

// One run of a command, with the children that it waited for.
struct Measure {
    Clock::duration wall{};
    Clock::duration processor{};
    double peakMiB = 0;
};

inline Measure operator+(const Measure& a, const Measure& b)
{
    return {a.wall + b.wall, a.processor + b.processor, std::max(a.peakMiB, b.peakMiB)};
}

// What ended before still occupies the kernel for a moment.
void settle();

// For each operation a block with a row for each who did it, in the order of `actors`.
class Table
{
public:
    explicit Table(std::vector<std::string> actors)
        : m_actors(std::move(actors))
    {
    }
    void add(const std::string& operation, const std::string& actor, const Measure& taken);
    // With ratios for each row, of what `ours` took by what the row's took; without when `ours` is not in the block.
    void print(const std::string& operation, const std::string& title, const std::string& ours) const;

private:
    struct Row {
        Samples wall;
        Samples processor;
        double peakMiB = 0;
    };
    using Block = std::map<std::string, Row>;
    static void printRow(const std::string& actor, const Row& row);

    std::vector<std::string> m_actors;
    std::map<std::string, Block> m_blocks;
};

} // namespace rocker::bench
