#pragma once

#include "engine/terminal/line_view.h"
#include "engine/terminal/style_extras.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rocker::terminal
{

// One row of the scrollback as bytes: a header, runs of equal style, then the cells' text. A row of plain ASCII takes
// its length and two to three bytes; nothing of a row is lost.
struct PackedHeader {
    bool wrapped = false;
    std::uint8_t marks = 0;
    int cellCount = 0;
};

// Appends the row; every use of a style extra is counted in `extras` until releasePacked().
void packLine(std::string& out, std::span<const Cell> cells, bool wrapped, std::uint8_t marks,
    const ClusterTable& clusters, StyleExtras& extras);
PackedHeader packedHeader(std::string_view packed);
PackedHeader unpackLine(std::string_view packed, std::vector<Cell>& cells, ClusterTable& clusters);
void releasePacked(std::string_view packed, StyleExtras& extras);

} // namespace rocker::terminal
