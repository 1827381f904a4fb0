#include "engine/json/text.h"

#include "engine/json/json.h"

namespace rocker::json {

std::string quote(std::string_view text)
{
    for (const unsigned char c : text)
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
            return dump(Value(std::string(text)));
    std::string plain;
    plain.reserve(text.size() + 2);
    plain += '"';
    plain += text;
    plain += '"';
    return plain;
}

void TextWriter::open(char bracket)
{
    m_text += bracket;
    ++m_depth;
    m_first = true;
}

void TextWriter::close(char bracket)
{
    --m_depth;
    if (!m_first)
        newLine();
    m_text += bracket;
    m_first = false;
}

void TextWriter::next()
{
    if (!m_first)
        m_text += ',';
    m_first = false;
    newLine();
}

void TextWriter::key(std::string_view name)
{
    next();
    m_text += quote(name);
    m_text += m_indent.empty() ? ":" : ": ";
}

void TextWriter::newLine()
{
    if (m_indent.empty())
        return;
    m_text += '\n';
    for (int i = 0; i < m_depth; ++i)
        m_text += m_indent;
}

} // namespace rocker::json
