#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rocker::terminal
{

// The texts of cells that hold more than one code point, each stored once. Its owner renumbers it when it has grown
// past full(), so that it stays within a small multiple of what the screen shows.
class ClusterTable
{
public:
    static constexpr std::size_t maximumLength = 16; // code points in one cell; more are dropped

    std::uint32_t intern(std::u32string_view text);
    std::u32string_view text(std::uint32_t id) const { return m_texts[id]; }

    std::size_t size() const { return m_texts.size(); }
    bool full() const { return m_texts.size() >= m_limit; }
    void clear();
    // To be called after everything still in use was interned anew.
    void settle() { m_limit = 2 * m_texts.size() + minimumLimit; }

private:
    static constexpr std::size_t minimumLimit = 1024;

    std::vector<std::u32string> m_texts;
    std::unordered_map<std::u32string, std::uint32_t> m_ids;
    std::size_t m_limit = minimumLimit;
};

} // namespace rocker::terminal
