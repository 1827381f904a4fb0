#pragma once

#include "engine/terminal/cell.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::terminal
{

// Underline colours and hyperlinks: rare, so that a style names a pair of them by number. At most 65,535 pairs and a
// few MiB of addresses. What neither the screen nor the scrollback shows any more is reused once the table is full.
class StyleExtras
{
public:
    struct Entry {
        Color underlineColor;
        std::uint32_t link = 0;
        std::uint32_t uses = 0; // by packed lines
        bool free = false;
    };
    static constexpr std::size_t maximumUri = 2048;

    StyleExtras() { clear(); }
    void clear();

    const Entry& entry(std::uint16_t id) const { return m_entries[id]; }
    // The number of the pair, 0 when both are nothing or no room is left.
    std::uint16_t intern(Color underlineColor, std::uint32_t link);
    // The number of a link: the same for equal (id, uri) with an id, a new one each time without. 0 when there is no
    // room.
    std::uint32_t internLink(std::string_view id, std::string_view uri);
    std::string_view uri(std::uint32_t link) const;

    void use(std::uint16_t id) { ++m_entries[id].uses; }
    void release(std::uint16_t id) { --m_entries[id].uses; }

    // True when a collect() is worth its time: the table filled up since the last one.
    bool wantsCollection() const
    {
        return m_entries.size() - m_free.size() >= m_limit || m_links.size() >= m_linkLimit
            || m_refused >= minimumLimit;
    }
    // Frees what no packed line uses and `marked` (one flag per entry) does not name.
    void collect(const std::vector<bool>& marked);
    std::size_t size() const { return m_entries.size(); }
    std::size_t memoryUsed() const { return m_entries.capacity() * sizeof(Entry) + m_linkBytes; }

private:
    struct Link {
        std::string id;
        std::string uri;
    };
    static constexpr std::size_t maximumEntries = 65'535;
    static constexpr std::size_t maximumLinks = 32'768;
    static constexpr std::size_t maximumLinkBytes = std::size_t(4) << 20;
    static constexpr std::size_t minimumLimit = 4096;

    std::vector<Entry> m_entries;
    std::vector<std::uint16_t> m_free;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint16_t> m_ids; // (colour, link)
    std::map<std::uint32_t, Link> m_links;
    std::map<std::pair<std::string, std::string>, std::uint32_t> m_namedLinks;
    std::uint32_t m_lastLink = 0;
    std::size_t m_linkBytes = 0;
    std::size_t m_refused = 0; // since the last collection, for want of room
    std::size_t m_limit = minimumLimit;
    std::size_t m_linkLimit = minimumLimit;
};

} // namespace rocker::terminal
