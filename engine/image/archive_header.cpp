#include "engine/image/archive_header.h"

#include <cstring>
#include <format>
#include <numeric>
#include <string_view>

namespace rocker::image {

std::array<char, 512> archiveHeader(const std::string& name, std::uint64_t size)
{
    std::array<char, 512> block{};
    const auto put = [&](std::size_t offset, std::string_view text) { std::memcpy(block.data() + offset, text.data(), text.size()); };
    put(0, std::string_view(name).substr(0, 100));
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    block[124] = char(0x80);
    for (int i = 0; i < 8; ++i)
        block[128 + i] = char(size >> 8 * (7 - i));
    put(136, "00000000000");
    put(148, "        ");
    block[156] = '0';
    put(257, std::string_view("ustar\00000", 8));
    put(329, "0000000");
    put(337, "0000000");
    const int sum = std::accumulate(block.begin(), block.end(), 0, [](int total, char c) { return total + std::uint8_t(c); });
    put(148, std::format("{:06o}", sum));
    block[154] = 0;
    return block;
}

} // namespace rocker::image
