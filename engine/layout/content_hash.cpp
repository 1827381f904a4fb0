#include "engine/layout/content_hash.h"

#include <algorithm>
#include <array>

namespace rocker::layout {

void ContentHash::skipTo(std::uint64_t offset)
{
    static constexpr std::array<char, 64 * 1024> zeros{};
    std::uint64_t left = offset - m_position;
    m_position = offset;
    if (left > m_zeros) {
        m_hash.add(std::format("a hole of {} bytes", left));
        return;
    }
    m_zeros -= left;
    while (left > 0) {
        const std::size_t count = std::min<std::uint64_t>(left, zeros.size());
        m_hash.add({zeros.data(), count});
        left -= count;
    }
}

void ContentHash::add(std::uint64_t offset, std::span<const char> bytes)
{
    skipTo(offset);
    m_hash.add(bytes);
    m_position += bytes.size();
}

layers::ContentId ContentHash::finish(std::uint64_t size)
{
    skipTo(size);
    const auto digest = m_hash.bytes();
    layers::ContentId id;
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

} // namespace rocker::layout
