#include "helper/cli/tail.h"

namespace rocker::cli {

void Tail::add(FrameType type, std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view line = bytes.substr(0, end == bytes.npos ? end : end + 1);
        bytes.remove_prefix(line.size());
        const bool continues = !m_lines.empty() && m_lines.back().type == type && !m_lines.back().text.ends_with('\n');
        if (continues)
            m_lines.back().text += line;
        else
            m_lines.push_back({type, std::string(line)});
        if (m_lines.size() > m_limit)
            m_lines.pop_front();
    }
}

} // namespace rocker::cli
