#include "engine/terminal/terminal.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <format>
#include <random>
#include <string>
#include <vector>

using namespace rocker::terminal;

// Prints how many megabytes the terminal engine takes in one second of processor time, by kind of output.
// usage: bench_terminal [megabytes per case]

namespace
{

constexpr Size screenSize = {120, 40};

std::string asciiText(std::size_t size)
{
    std::mt19937 random(1);
    std::string out;
    while (out.size() < size) {
        for (unsigned n = 20 + random() % 90; n > 0; --n)
            out += char('!' + random() % 90);
        out += "\r\n";
    }
    return out;
}

// What a build or a log prints: words, numbers, some colour, now and then a character outside of ASCII.
std::string mixedText(std::size_t size)
{
    std::mt19937 random(2);
    std::string out;
    for (int line = 0; out.size() < size; ++line) {
        out += std::format("\x1b[32m2026-01-{:02} 12:{:02}:07\x1b[0m [{:5}] ", line % 28 + 1, line % 60, line);
        for (unsigned n = random() % 10; n > 0; --n)
            out += std::format("{}word{} ", random() % 8 == 0 ? "\x1b[1;33m" : "", random() % 1000);
        out += random() % 4 ? "\x1b[m\r\n" : "\x1b[m naïve → 漢字\r\n";
    }
    return out;
}

std::string denseColors(std::size_t size)
{
    std::string out;
    for (unsigned i = 0; out.size() < size; ++i)
        out += std::format(
            "\x1b[38;2;{};{};{};48;5;{}m{}", i & 255, i >> 3 & 255, i >> 7 & 255, i % 256, char('A' + i % 26));
    return out;
}

std::string scrollRegion(std::size_t size)
{
    std::string out = "\x1b[2;39r\x1b[39;1H";
    for (unsigned i = 0; out.size() < size; ++i)
        out += std::format("line {}\r\n", i);
    return out + "\x1b[r";
}

std::string shortLines(std::size_t size)
{
    std::string out;
    while (out.size() < size)
        out += "y\r\n";
    return out;
}

std::string unicodeText(std::size_t size)
{
    std::string out;
    while (out.size() < size)
        out += "Größenänderung Приве́т 漢字かな交じり文 ☺ e\u0301 😀 Ελληνικά\r\n";
    return out;
}

std::string cursorMotion(std::size_t size)
{
    std::mt19937 random(5);
    std::string out = "\x1b[?1049h";
    while (out.size() < size)
        out += std::format("\x1b[{};{}H{}", 1 + random() % 40, 1 + random() % 120, char('a' + random() % 26));
    return out + "\x1b[?1049l";
}

double processorSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

void run(const char* name, const std::string& bytes)
{
    std::vector<double> rates;
    for (int round = 0; round < 5; ++round) {
        Terminal terminal(screenSize);
        const double start = processorSeconds();
        for (std::size_t at = 0; at < bytes.size(); at += 65'536)
            terminal.write(std::string_view(bytes).substr(at, 65'536));
        rates.push_back(double(bytes.size()) / 1e6 / (processorSeconds() - start));
    }
    std::ranges::sort(rates);
    std::printf("%-16s %7.0f MB/s   (%.0f to %.0f)\n", name, rates[2], rates.front(), rates.back());
}

void scrollbackMemory()
{
    Terminal terminal(screenSize, {.scrollbackLines = 1'000'000, .scrollbackBytes = std::size_t(1) << 30});
    const std::string text = mixedText(std::size_t(12) << 20);
    while (terminal.screenLine() - terminal.firstLine() < 1'000'000)
        terminal.write(text);
    std::printf("1,000,000 lines of mixed text: %.1f MB\n", double(terminal.memoryUsed()) / 1e6);
    const double start = processorSeconds();
    terminal.resize({100, 40});
    std::printf("their reflow from 120 to 100 columns: %.0f ms\n", (processorSeconds() - start) * 1e3);
}

} // namespace

int main(int argc, char** argv)
{
    const std::size_t size = std::size_t(argc > 1 ? std::max(1, std::atoi(argv[1])) : 20) << 20;
    run("mixed", mixedText(size));
    run("ascii", asciiText(size));
    run("dense colours", denseColors(size));
    run("scroll region", scrollRegion(size));
    run("short lines", shortLines(size));
    run("unicode", unicodeText(size));
    run("cursor motion", cursorMotion(size));
    scrollbackMemory();
    return 0;
}
