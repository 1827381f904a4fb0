#include "engine/terminal/cluster_table.h"

namespace rocker::terminal
{

std::uint32_t ClusterTable::intern(std::u32string_view text)
{
    std::u32string key(text.substr(0, maximumLength));
    const auto found = m_ids.find(key);
    if (found != m_ids.end())
        return found->second;
    const auto id = std::uint32_t(m_texts.size());
    m_texts.push_back(key);
    m_ids.emplace(std::move(key), id);
    return id;
}

void ClusterTable::clear()
{
    m_texts.clear();
    m_ids.clear();
}

} // namespace rocker::terminal
