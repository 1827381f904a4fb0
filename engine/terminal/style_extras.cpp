#include "engine/terminal/style_extras.h"

#include <algorithm>

namespace rocker::terminal
{

void StyleExtras::clear()
{
    m_entries.assign(1, Entry{});
    m_free.clear();
    m_ids.clear();
    m_links.clear();
    m_namedLinks.clear();
    m_linkBytes = 0;
    m_refused = 0;
    m_limit = m_linkLimit = minimumLimit;
}

std::uint16_t StyleExtras::intern(Color underlineColor, std::uint32_t link)
{
    if (underlineColor.isDefault() && !link)
        return 0;
    const std::pair key{underlineColor.value(), link};
    if (const auto found = m_ids.find(key); found != m_ids.end())
        return found->second;
    std::uint16_t id = 0;
    if (!m_free.empty()) {
        id = m_free.back();
        m_free.pop_back();
    } else if (m_entries.size() < maximumEntries) {
        id = std::uint16_t(m_entries.size());
        m_entries.emplace_back();
    } else {
        ++m_refused;
        return 0;
    }
    m_entries[id] = {underlineColor, link, 0, false};
    m_ids.emplace(key, id);
    return id;
}

std::uint32_t StyleExtras::internLink(std::string_view id, std::string_view uri)
{
    const std::pair<std::string, std::string> name(id, uri);
    if (!id.empty()) {
        if (const auto found = m_namedLinks.find(name); found != m_namedLinks.end())
            return found->second;
    }
    const std::size_t bytes = 128 + 2 * (id.size() + uri.size());
    if (m_links.size() >= maximumLinks || m_linkBytes + bytes > maximumLinkBytes) {
        ++m_refused;
        return 0;
    }
    do {
        ++m_lastLink;
    } while (m_lastLink == 0 || m_links.contains(m_lastLink));
    m_links.emplace(m_lastLink, Link{name.first, name.second});
    if (!id.empty())
        m_namedLinks.emplace(name, m_lastLink);
    m_linkBytes += bytes;
    return m_lastLink;
}

std::string_view StyleExtras::uri(std::uint32_t link) const
{
    const auto found = m_links.find(link);
    return found == m_links.end() ? std::string_view() : std::string_view(found->second.uri);
}

void StyleExtras::collect(const std::vector<bool>& marked)
{
    std::vector<std::uint32_t> usedLinks;
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        Entry& entry = m_entries[i];
        if (entry.free)
            continue;
        if (entry.uses || (i < marked.size() && marked[i])) {
            usedLinks.push_back(entry.link);
            continue;
        }
        m_ids.erase({entry.underlineColor.value(), entry.link});
        entry = {.free = true};
        m_free.push_back(std::uint16_t(i));
    }
    std::ranges::sort(usedLinks);
    std::erase_if(m_links, [&](const auto& item) {
        if (std::ranges::binary_search(usedLinks, item.first))
            return false;
        m_linkBytes -= 128 + 2 * (item.second.id.size() + item.second.uri.size());
        return true;
    });
    std::erase_if(m_namedLinks, [&](const auto& item) { return !m_links.contains(item.second); });
    m_refused = 0;
    m_limit = 2 * (m_entries.size() - m_free.size()) + minimumLimit;
    m_linkLimit = 2 * m_links.size() + minimumLimit;
}

} // namespace rocker::terminal
