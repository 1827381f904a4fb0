#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rocker::bench {

double Samples::quantile(double part) const
{
    if (m_milliseconds.empty())
        return std::nan("");
    std::vector<double> sorted = m_milliseconds;
    std::ranges::sort(sorted);
    const auto rank = std::size_t(std::ceil(part * double(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

void printHead(std::string_view title)
{
    std::printf("%-52.*s %9s %9s %9s %6s\n", int(title.size()), title.data(), "min", "median", "p95", "N");
}

void printRow(std::string_view name, const Samples& samples)
{
    std::printf("  %-50.*s %6.2f ms %6.2f ms %6.2f ms %6zu\n", int(name.size()), name.data(), samples.quantile(0),
                samples.quantile(0.5), samples.quantile(0.95), samples.count());
}

void printPeer(std::string_view name, const Samples& peer, const Samples& ours)
{
    printRow(name, peer);
    std::printf("  %-50s %19.2f times\n", "    the peer's median by ours", peer.quantile(0.5) / ours.quantile(0.5));
}

} // namespace rocker::bench
