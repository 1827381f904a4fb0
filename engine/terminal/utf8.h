#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rocker::terminal
{

constexpr char32_t replacementCharacter = 0xfffd;

// Decodes UTF-8 byte by byte, so that a character may be cut anywhere between two writes. Each maximal wrong part gives
// one U+FFFD, as Unicode recommends (chapter 3, table 3-8).
class Utf8Decoder
{
public:
    enum class Step : std::uint8_t {
        Incomplete, // more bytes are needed
        Complete, // codePoint() is the character
        Invalid, // this byte ends in U+FFFD
        InvalidBefore, // U+FFFD for what came before; this byte has to be given again
    };

    Step feed(std::uint8_t byte);
    char32_t codePoint() const { return m_codePoint; }
    bool pending() const { return m_missing; }
    void reset() { m_missing = 0; }

private:
    char32_t m_codePoint = 0;
    std::uint8_t m_missing = 0;
    std::uint8_t m_lower = 0x80; // bounds of the next byte: no overlong forms, no surrogates, nothing past U+10FFFF
    std::uint8_t m_upper = 0xbf;
};

void appendUtf8(std::string& out, char32_t codePoint);
std::u32string decodeUtf8(std::string_view bytes);
// `bytes` as valid UTF-8 without control characters, at most `limit` bytes and never cut inside a character.
std::string sanitizedText(std::string_view bytes, std::size_t limit);

} // namespace rocker::terminal
