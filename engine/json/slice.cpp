#include "engine/json/slice.h"

#include "engine/json/json.h"

namespace rocker::json {

// Walks over valid JSON without building anything.
class Walker
{
public:
    explicit Walker(std::string_view text) : m_text(text) {}

    std::string_view value()
    {
        space();
        const std::size_t start = m_at;
        if (peek() == '"') {
            string();
        } else if (peek() == '{' || peek() == '[') {
            int depth = 0;
            do {
                const char c = peek();
                if (c == '"') {
                    string();
                    continue;
                }
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                ++m_at;
            } while (depth > 0 && m_at < m_text.size());
        } else {
            while (m_at < m_text.size() && !std::string_view(",]} \t\r\n").contains(m_text[m_at]))
                ++m_at;
        }
        return m_text.substr(start, m_at - start);
    }

    std::string_view member(std::string_view wanted)
    {
        std::string_view found;
        space();
        if (peek() != '{')
            return found;
        ++m_at;
        for (space(); peek() == '"'; space()) {
            const std::string_view name = string();
            space();
            ++m_at; // the colon
            const std::string_view text = value();
            if (name.contains('\\') ? Value::parse(name, nullptr, false) == wanted
                                    : name.substr(1, name.size() - 2) == wanted)
                found = text;
            space();
            if (peek() == ',')
                ++m_at;
        }
        return found;
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void space()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }
    std::string_view string()
    {
        const std::size_t start = m_at++;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        m_at = std::min(m_at + 1, m_text.size());
        return m_text.substr(start, m_at - start);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::string_view slice(std::string_view document, std::initializer_list<std::string_view> keys)
{
    std::string_view text = document;
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    for (const std::string_view key : keys)
        text = Walker(text).member(key);
    return text;
}

} // namespace rocker::json
