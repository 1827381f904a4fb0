#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// Figures of one kind, and their place in the table.
namespace rocker::bench {

using Clock = std::chrono::steady_clock;

class Samples
{
public:
    void add(Clock::duration took) { m_milliseconds.push_back(std::chrono::duration<double, std::milli>(took).count()); }
    // The smallest value that the given part of all does not exceed: 0.5 is the median.
    double quantile(double part) const;
    std::size_t count() const { return m_milliseconds.size(); }

private:
    std::vector<double> m_milliseconds;
};

void printHead(std::string_view title);
void printRow(std::string_view name, const Samples& samples);
// The peer's row, and below it how the medians compare.
void printPeer(std::string_view name, const Samples& peer, const Samples& ours);

} // namespace rocker::bench
