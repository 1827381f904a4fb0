#include "engine/terminal/history.h"

namespace rocker::terminal
{

std::string_view History::packed(std::int64_t index) const
{
    const std::int64_t line = m_begin + index;
    const Block& block = m_blocks[std::size_t(line / blockLines)];
    const auto within = std::size_t(line % blockLines);
    const std::uint32_t start = within ? block.ends[within - 1] : 0;
    return std::string_view(block.bytes).substr(start, block.ends[within] - start);
}

void History::append(std::span<const Cell> cells, bool wrapped, std::uint8_t marks, const ClusterTable& clusters)
{
    if (m_maximumLines == 0)
        return;
    packLine(openBlock(), cells, wrapped, marks, clusters, *m_extras);
    closeLine();
}

void History::appendPacked(std::string_view packed)
{
    if (m_maximumLines == 0) {
        releasePacked(packed, *m_extras);
        return;
    }
    openBlock().append(packed);
    closeLine();
}

std::string& History::openBlock()
{
    if (m_end % blockLines == 0) {
        if (!m_blocks.empty()) {
            m_blocks.back().bytes.shrink_to_fit();
            m_closedBytes += m_blocks.back().bytes.size();
        }
        m_blocks.emplace_back();
    }
    return m_blocks.back().bytes;
}

void History::closeLine()
{
    m_blocks.back().ends[std::size_t(m_end % blockLines)] = std::uint32_t(m_blocks.back().bytes.size());
    ++m_end;
    dropExcess();
}

void History::dropExcess()
{
    while (size() > m_maximumLines || (size() > 0 && m_closedBytes + m_blocks.back().bytes.size() > m_maximumBytes))
        dropFirst();
}

void History::dropFirst()
{
    releasePacked(packed(0), *m_extras);
    if (++m_begin < blockLines)
        return;
    if (m_blocks.size() > 1)
        m_closedBytes -= m_blocks.front().bytes.size();
    m_blocks.pop_front();
    m_begin -= blockLines;
    m_end -= blockLines;
    if (m_blocks.empty())
        forget();
}

void History::clear()
{
    for (std::int64_t i = 0; i < size(); ++i)
        releasePacked(packed(i), *m_extras);
    forget();
}

void History::forget()
{
    m_blocks.clear();
    m_begin = m_end = 0;
    m_closedBytes = 0;
}

void History::truncate(std::int64_t size)
{
    if (size <= 0) {
        forget();
        return;
    }
    m_end = m_begin + size;
    const auto blocks = std::size_t((m_end + blockLines - 1) / blockLines);
    while (m_blocks.size() > blocks) {
        m_blocks.pop_back();
        m_closedBytes -= m_blocks.back().bytes.size();
    }
    m_blocks.back().bytes.resize(m_blocks.back().ends[std::size_t((m_end - 1) % blockLines)]);
}

void History::takeFrom(History&& other)
{
    m_blocks = std::move(other.m_blocks);
    m_begin = other.m_begin;
    m_end = other.m_end;
    m_closedBytes = other.m_closedBytes;
    other.forget();
    dropExcess();
}

std::size_t History::memoryUsed() const
{
    std::size_t bytes = m_closedBytes + m_blocks.size() * sizeof(Block);
    if (!m_blocks.empty())
        bytes += m_blocks.back().bytes.capacity();
    return bytes;
}

} // namespace rocker::terminal
