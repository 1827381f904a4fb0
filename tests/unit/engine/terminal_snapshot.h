#pragma once

#include "engine/terminal/terminal.h"

#include <format>
#include <random>
#include <string>
#include <string_view>

namespace rocker::terminal
{

inline void appendLine(std::string& out, const Terminal& terminal, const LineView& line)
{
    for (std::size_t x = 0; x < line.cells().size(); ++x) {
        const Cell& cell = line.cells()[x];
        if (cell.blank() && cell.style == Style{}) {
            out += '.';
            continue;
        }
        line.appendText(x, out);
        if (cell.style != Style{}) {
            const StyleExtra extra = terminal.extraOf(cell.style);
            out += std::format("<{:x},{:x},{:x},{:x},{}>", cell.style.foreground.value(), cell.style.background.value(),
                cell.style.flags, extra.underlineColor.value(), terminal.hyperlinkUri(extra.hyperlink));
        }
    }
    out += std::format("|{}{}\n", line.wrapped() ? "+" : "", line.marks());
}

// Everything a window could ask for, as text: two terminals with equal snapshots cannot be told apart.
inline std::string snapshot(const Terminal& terminal)
{
    const Cursor at = terminal.cursor();
    std::string out = std::format("{}x{} at {},{} {}{} '{}' '{}' '{}'\n", terminal.size().columns, terminal.size().rows,
        at.column, at.row, int(at.shape), at.visible ? "" : " hidden", terminal.title(), terminal.iconName(),
        terminal.workingDirectory());
    LineBuffer buffer;
    for (LineNumber n = terminal.firstLine(); n < terminal.endLine(); ++n) {
        if (n == terminal.screenLine())
            out += "----\n";
        appendLine(out, terminal, terminal.line(n, buffer));
    }
    return out;
}

// The text of all lines, wrapped ones joined, trailing empty lines left out.
inline std::string allText(const Terminal& terminal)
{
    std::string text = terminal.text({{terminal.firstLine(), 0}, {terminal.endLine() - 1, terminal.size().columns}});
    text.resize(text.find_last_not_of('\n') + 1);
    return text;
}

inline Terminal written(std::string_view bytes, Size size = {20, 5}, Options options = {})
{
    Terminal terminal(size, std::move(options));
    terminal.write(bytes);
    return terminal;
}

inline void writeInChunks(Terminal& terminal, std::string_view bytes, std::mt19937& random, std::size_t largest)
{
    while (!bytes.empty()) {
        const std::size_t n = std::min(bytes.size(), 1 + random() % largest);
        terminal.write(bytes.substr(0, n));
        bytes.remove_prefix(n);
    }
}

} // namespace rocker::terminal
