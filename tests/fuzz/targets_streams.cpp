#include "tests/fuzz/targets.h"

#include "engine/terminal/terminal.h"

#include <array>

namespace rocker::fuzz {

namespace {

// The first two bytes are a size, each 0xff byte changes it.
void writeTerminal(std::string_view bytes)
{
    using terminal::Size;
    if (bytes.size() < 2)
        return;
    const auto sizeOf = [](char a, char b) { return Size{1 + static_cast<unsigned char>(a) % 90, 1 + static_cast<unsigned char>(b) % 40}; };
    terminal::Terminal screen(sizeOf(bytes[0], bytes[1]), {.scrollbackLines = 200, .scrollbackBytes = 1 << 20});
    bytes.remove_prefix(2);
    constexpr int resizesLimit = 20; // each lays all lines out anew
    for (int resizes = 0; !bytes.empty(); ++resizes) {
        const std::size_t end = resizes < resizesLimit ? std::min(bytes.find('\xff'), bytes.size()) : bytes.size();
        screen.write(bytes.substr(0, end));
        if (end + 2 < bytes.size())
            screen.resize(sizeOf(bytes[end + 1], bytes[end + 2]));
        bytes.remove_prefix(std::min(end + 3, bytes.size()));
        const Size size = screen.size();
        const terminal::Cursor cursor = screen.cursor();
        require(cursor.column >= 0 && cursor.column < size.columns && cursor.row >= 0 && cursor.row < size.rows,
                "the cursor is on the screen");
        require(screen.endLine() - screen.screenLine() == size.rows, "the screen has its rows");
        for (int row = 0; row < size.rows; ++row)
            require(int(screen.row(row).cells().size()) == size.columns, "a row has its cells");
    }
    require(screen.takeAnswers().size() <= 64 << 10, "answers are bounded");
    (void)screen.takeDamage();
    (void)screen.takeEvents();
    (void)screen.text(screen.wordAt({screen.screenLine(), 0}));
    (void)screen.screenText();
    require(screen.memoryUsed() < 16 << 20, "memory is bounded");
}

constexpr std::array targets{Target{"terminal", writeTerminal}};

} // namespace

std::span<const Target> streamTargets()
{
    return targets;
}

} // namespace rocker::fuzz
