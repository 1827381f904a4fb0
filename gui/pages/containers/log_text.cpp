#include "gui/pages/containers/log_text.h"

namespace rocker::gui {

namespace {

constexpr qsizetype longestLine = 64 * 1024;

} // namespace

QString LogText::add(std::string_view bytes)
{
    const QString decoded = m_decoder.decode(QByteArrayView(bytes.data(), qsizetype(bytes.size())));
    QString lines;
    for (const QChar c : decoded)
        take(c, lines);
    return lines;
}

void LogText::clear()
{
    m_decoder.resetState();
    m_state = State::Text;
    m_line.clear();
    m_returned = false;
}

void LogText::take(QChar c, QString& lines)
{
    const char16_t code = c.unicode();
    switch (m_state) {
    case State::Escape:
        m_state = code == u'[' ? State::Sequence
            : code == u']' || code == u'P' || code == u'_' || code == u'^' || code == u'X' ? State::String
            : code >= 0x20 && code <= 0x2f                                                 ? State::Escape
                                                                                           : State::Text;
        return;
    case State::Sequence:
        if (code >= 0x40 && code <= 0x7e)
            m_state = State::Text;
        return;
    case State::String:
        if (code == 0x07)
            m_state = State::Text;
        else if (code == 0x1b)
            m_state = State::StringEscape;
        return;
    case State::StringEscape:
        m_state = State::Text;
        return;
    case State::Text:
        break;
    }
    if (code == 0x1b) {
        m_state = State::Escape;
    } else if (code == u'\r') {
        m_returned = true;
    } else if (code == u'\n' || m_line.size() >= longestLine) {
        lines += m_line + u'\n';
        m_line.clear();
        m_returned = false;
        if (code != u'\n')
            m_line += c;
    } else if (code == u'\b') {
        m_line.chop(1);
    } else if (code >= 0x20 || code == u'\t') {
        if (m_returned)
            m_line.clear();
        m_returned = false;
        m_line += c;
    }
}

} // namespace rocker::gui
