#include "engine/terminal/utf8.h"

namespace rocker::terminal
{

Utf8Decoder::Step Utf8Decoder::feed(std::uint8_t byte)
{
    if (m_missing) {
        if (byte < m_lower || byte > m_upper) {
            m_missing = 0;
            return Step::InvalidBefore;
        }
        m_lower = 0x80;
        m_upper = 0xbf;
        m_codePoint = m_codePoint << 6 | (byte & 0x3f);
        return --m_missing ? Step::Incomplete : Step::Complete;
    }
    m_lower = 0x80;
    m_upper = 0xbf;
    if (byte < 0x80) {
        m_codePoint = byte;
        return Step::Complete;
    }
    if (byte < 0xc2 || byte > 0xf4)
        return Step::Invalid;
    if (byte < 0xe0) {
        m_codePoint = byte & 0x1f;
        m_missing = 1;
    } else if (byte < 0xf0) {
        m_codePoint = byte & 0x0f;
        m_missing = 2;
        if (byte == 0xe0)
            m_lower = 0xa0;
        else if (byte == 0xed)
            m_upper = 0x9f;
    } else {
        m_codePoint = byte & 0x07;
        m_missing = 3;
        if (byte == 0xf0)
            m_lower = 0x90;
        else if (byte == 0xf4)
            m_upper = 0x8f;
    }
    return Step::Incomplete;
}

void appendUtf8(std::string& out, char32_t c)
{
    if (c < 0x80) {
        out += char(c);
    } else if (c < 0x800) {
        out += char(0xc0 | c >> 6);
        out += char(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        out += char(0xe0 | c >> 12);
        out += char(0x80 | (c >> 6 & 0x3f));
        out += char(0x80 | (c & 0x3f));
    } else {
        out += char(0xf0 | c >> 18);
        out += char(0x80 | (c >> 12 & 0x3f));
        out += char(0x80 | (c >> 6 & 0x3f));
        out += char(0x80 | (c & 0x3f));
    }
}

std::u32string decodeUtf8(std::string_view bytes)
{
    std::u32string out;
    Utf8Decoder decoder;
    for (const char byte : bytes) {
        auto step = decoder.feed(std::uint8_t(byte));
        if (step == Utf8Decoder::Step::InvalidBefore) {
            out += replacementCharacter;
            step = decoder.feed(std::uint8_t(byte));
        }
        if (step == Utf8Decoder::Step::Complete)
            out += decoder.codePoint();
        else if (step == Utf8Decoder::Step::Invalid)
            out += replacementCharacter;
    }
    if (decoder.pending())
        out += replacementCharacter;
    return out;
}

std::string sanitizedText(std::string_view bytes, std::size_t limit)
{
    std::string out;
    for (const char32_t c : decodeUtf8(bytes.substr(0, limit))) {
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            continue;
        std::string one;
        appendUtf8(one, c);
        if (out.size() + one.size() > limit)
            break;
        out += one;
    }
    return out;
}

} // namespace rocker::terminal
