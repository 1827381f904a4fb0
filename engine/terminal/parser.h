#pragma once

#include "engine/terminal/utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rocker::terminal
{

// Numbers of a control sequence: at most 32, each at most 65535; more are read and forgotten.
class Parameters
{
public:
    static constexpr int maximumCount = 32;
    static constexpr int maximumValue = 65535;

    int count() const { return m_count; }
    // The number at `index`, or `fallback` when it was left out.
    int at(int index, int fallback = 0) const
    {
        return index < m_count && m_values[index] >= 0 ? m_values[index] : fallback;
    }
    // As cursor motions count: left out or 0 is 1.
    int amount(int index = 0) const { return std::max(1, at(index, 1)); }
    bool omitted(int index) const { return index >= m_count || m_values[index] < 0; }
    // Whether a ':' (not a ';') stands in front of the number: it belongs to the one before.
    bool isSub(int index) const { return index < m_count && m_sub >> index & 1; }

    void clear()
    {
        m_count = 0;
        m_sub = 0;
        m_overflow = false;
    }
    void digit(int value)
    {
        if (m_count == 0)
            start(false);
        if (m_overflow)
            return;
        int& last = m_values[m_count - 1];
        last = std::min(maximumValue, std::max(0, last) * 10 + value);
    }
    void separator(bool sub)
    {
        if (m_count == 0)
            start(false);
        start(sub);
    }

private:
    void start(bool sub)
    {
        if (m_count == maximumCount) {
            m_overflow = true;
            return;
        }
        m_values[m_count] = -1;
        m_sub |= std::uint32_t(sub) << m_count;
        ++m_count;
    }

    std::array<int, maximumCount> m_values;
    int m_count = 0;
    std::uint32_t m_sub = 0;
    bool m_overflow = false;
};

// ESC, CSI or DCS with what stood between it and its final byte.
struct Sequence {
    char prefix = 0; // one of < = > ?
    std::array<char, 2> intermediates{};
    std::uint8_t intermediateCount = 0;
    char final = 0;
    Parameters parameters;

    char intermediate() const { return intermediateCount == 1 ? intermediates[0] : char(0); }
};

class ParserHandler
{
public:
    virtual ~ParserHandler() = default;
    virtual void printAscii(std::string_view run) = 0; // bytes 0x20 … 0x7e, never empty
    virtual void print(char32_t codePoint) = 0; // any other printable character
    virtual void control(std::uint8_t byte) = 0; // C0
    virtual void escape(const Sequence& sequence) = 0;
    virtual void csi(const Sequence& sequence) = 0;
    virtual void osc(std::string_view text) = 0;
    virtual void dcs(const Sequence& sequence, std::string_view text) = 0;
};

// The state machine of DEC's terminals after Paul Williams' diagram (vt100.net/emu/dec_ansi_parser), with UTF-8 in
// front of it. Keeps its state between writes; a sequence may be cut anywhere. OSC and DCS strings past the limit are
// dropped whole.
class Parser
{
public:
    static constexpr std::size_t maximumString = 64 * 1024;

    explicit Parser(ParserHandler& handler)
        : m_handler(&handler)
    {
    }

    void write(std::string_view bytes);
    void reset();
    std::size_t memoryUsed() const { return m_string.capacity(); }

private:
    enum class State : std::uint8_t {
        Ground,
        Escape,
        EscapeIntermediate,
        CsiEntry,
        CsiParameter,
        CsiIntermediate,
        CsiIgnore,
        DcsEntry,
        DcsParameter,
        DcsIntermediate,
        DcsPassthrough,
        DcsIgnore,
        OscString,
        IgnoredString,
        StringEscape, // ESC inside a string: a backslash ends it
    };

    const char* ground(const char* at, const char* end);
    const char* csi(const char* at, const char* end);
    const char* string(const char* at, const char* end);
    void character(char32_t codePoint);
    void escapeByte(std::uint8_t byte);
    void csiByte(std::uint8_t byte);
    void dcsByte(std::uint8_t byte);
    bool everywhere(std::uint8_t byte);
    void startSequence(State state);
    void collect(std::uint8_t byte);
    void finishString();

    ParserHandler* m_handler;
    State m_state = State::Ground;
    State m_stringState = State::Ground; // which string a StringEscape is in
    bool m_stringTooLong = false;
    Sequence m_sequence;
    Utf8Decoder m_utf8;
    std::string m_string;
};

} // namespace rocker::terminal
