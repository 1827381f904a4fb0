#include "engine/terminal/parser.h"

#include <cstring>

namespace rocker::terminal
{

namespace
{

constexpr bool printable(char byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

// The first byte that is not printable ASCII, eight at a time.
const char* skipPrintable(const char* at, const char* end)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    while (end - at >= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        const std::uint64_t low = (word - ones * 0x20) & ~word; // below 0x20
        const std::uint64_t deletes = ((word ^ ones * 0x7f) - ones); // borrows at 0x7f
        if ((low | deletes | word) & ones * 0x80)
            break;
        at += 8;
    }
    while (at != end && printable(*at))
        ++at;
    return at;
}

} // namespace

void Parser::write(std::string_view bytes)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        switch (m_state) {
        case State::Ground:
            at = ground(at, end);
            break;
        case State::CsiEntry:
        case State::CsiParameter:
            at = csi(at, end);
            break;
        case State::DcsPassthrough:
        case State::OscString:
        case State::IgnoredString:
        case State::DcsIgnore:
            at = string(at, end);
            break;
        case State::CsiIntermediate:
        case State::CsiIgnore:
            csiByte(std::uint8_t(*at++));
            break;
        case State::DcsEntry:
        case State::DcsParameter:
        case State::DcsIntermediate:
            dcsByte(std::uint8_t(*at++));
            break;
        case State::Escape:
        case State::EscapeIntermediate:
            escapeByte(std::uint8_t(*at++));
            break;
        case State::StringEscape:
            if (*at == '\\') {
                ++at;
                finishString();
                m_state = State::Ground;
            } else {
                startSequence(State::Escape);
            }
            break;
        }
    }
}

void Parser::reset()
{
    m_state = State::Ground;
    m_utf8.reset();
    m_string = {};
}

const char* Parser::ground(const char* at, const char* end)
{
    while (at != end) {
        if (m_utf8.pending() || std::uint8_t(*at) >= 0x80) {
            switch (m_utf8.feed(std::uint8_t(*at))) {
            case Utf8Decoder::Step::InvalidBefore:
                m_handler->print(replacementCharacter);
                break;
            case Utf8Decoder::Step::Invalid:
                m_handler->print(replacementCharacter);
                ++at;
                break;
            case Utf8Decoder::Step::Incomplete:
                ++at;
                break;
            case Utf8Decoder::Step::Complete:
                ++at;
                character(m_utf8.codePoint());
                if (m_state != State::Ground)
                    return at;
                break;
            }
        } else if (printable(*at)) {
            const char* const stop = skipPrintable(at, end);
            m_handler->printAscii({at, stop});
            at = stop;
        } else if (*at == 0x1b) {
            startSequence(State::Escape);
            return at + 1;
        } else {
            if (*at != 0x7f)
                m_handler->control(std::uint8_t(*at));
            ++at;
        }
    }
    return at;
}

// A decoded character past ASCII: C1 controls act as their two-byte forms.
void Parser::character(char32_t codePoint)
{
    if (codePoint >= 0xa0) {
        m_handler->print(codePoint);
        return;
    }
    startSequence(State::Escape);
    escapeByte(std::uint8_t(codePoint - 0x40));
}

// C0 controls and ESC, which mean the same inside every sequence.
bool Parser::everywhere(std::uint8_t byte)
{
    if (byte >= 0x20)
        return false;
    if (byte == 0x1b) {
        startSequence(State::Escape);
    } else if (byte == 0x18 || byte == 0x1a) {
        m_state = State::Ground;
        if (byte == 0x1a)
            m_handler->print(replacementCharacter);
    } else {
        m_handler->control(byte);
    }
    return true;
}

void Parser::startSequence(State state)
{
    m_state = state;
    m_sequence.prefix = 0;
    m_sequence.intermediateCount = 0;
    m_sequence.parameters.clear();
}

void Parser::collect(std::uint8_t byte)
{
    if (m_sequence.intermediateCount < m_sequence.intermediates.size())
        m_sequence.intermediates[m_sequence.intermediateCount] = char(byte);
    if (m_sequence.intermediateCount < 3)
        ++m_sequence.intermediateCount;
}

void Parser::escapeByte(std::uint8_t byte)
{
    if (everywhere(byte) || byte == 0x7f)
        return;
    if (byte >= 0x80) { // no escape sequence has such a byte: the text goes on with it
        m_state = State::Ground;
        const char text = char(byte);
        ground(&text, &text + 1);
        return;
    }
    if (byte < 0x30) {
        collect(byte);
        m_state = State::EscapeIntermediate;
        return;
    }
    if (m_state == State::Escape) {
        switch (byte) {
        case '[':
            startSequence(State::CsiEntry);
            return;
        case 'P':
            startSequence(State::DcsEntry);
            return;
        case ']':
            m_string.clear();
            m_stringTooLong = false;
            m_state = State::OscString;
            return;
        case 'X':
        case '^':
        case '_':
            m_state = State::IgnoredString;
            return;
        default:
            break;
        }
    }
    m_state = State::Ground;
    m_sequence.final = char(byte);
    if (m_sequence.intermediateCount <= m_sequence.intermediates.size())
        m_handler->escape(m_sequence);
}

// The common bytes of a control sequence: parameters and the final byte.
const char* Parser::csi(const char* at, const char* end)
{
    Parameters& parameters = m_sequence.parameters;
    while (at != end) {
        const auto byte = std::uint8_t(*at);
        if (byte >= '0' && byte <= '9') {
            parameters.digit(byte - '0');
        } else if (byte == ';' || byte == ':') {
            parameters.separator(byte == ':');
        } else if (byte >= 0x40 && byte < 0x7f) {
            m_state = State::Ground;
            m_sequence.final = char(byte);
            m_handler->csi(m_sequence);
            return at + 1;
        } else {
            csiByte(byte);
            return at + 1;
        }
        m_state = State::CsiParameter;
        ++at;
    }
    return at;
}

void Parser::csiByte(std::uint8_t byte)
{
    if (everywhere(byte) || byte == 0x7f)
        return;
    if (byte >= 0x80) {
        m_state = State::CsiIgnore;
    } else if (byte < 0x30) {
        collect(byte);
        if (m_state != State::CsiIgnore)
            m_state = State::CsiIntermediate;
    } else if (byte < 0x40) {
        if (m_state == State::CsiEntry && byte >= '<') {
            m_sequence.prefix = char(byte);
            m_state = State::CsiParameter;
        } else {
            m_state = State::CsiIgnore;
        }
    } else {
        const bool known = m_state == State::CsiIntermediate && m_sequence.intermediateCount <= 2;
        m_state = State::Ground;
        m_sequence.final = char(byte);
        if (known)
            m_handler->csi(m_sequence);
    }
}

void Parser::dcsByte(std::uint8_t byte)
{
    if (byte == 0x1b) {
        startSequence(State::Escape);
    } else if (byte == 0x18 || byte == 0x1a) {
        m_state = State::Ground;
    } else if (byte < 0x20 || byte == 0x7f) {
        return;
    } else if (byte >= 0x80) {
        m_state = State::DcsIgnore;
    } else if (byte < 0x30) {
        collect(byte);
        m_state = State::DcsIntermediate;
    } else if (byte < 0x40) {
        if (m_state == State::DcsIntermediate || (m_state == State::DcsParameter && byte >= '<')) {
            m_state = State::DcsIgnore;
            return;
        }
        if (byte >= '<')
            m_sequence.prefix = char(byte);
        else if (byte >= ':')
            m_sequence.parameters.separator(byte == ':');
        else
            m_sequence.parameters.digit(byte - '0');
        m_state = State::DcsParameter;
    } else {
        m_sequence.final = char(byte);
        m_string.clear();
        m_stringTooLong = false;
        m_state = m_sequence.intermediateCount <= 2 ? State::DcsPassthrough : State::DcsIgnore;
    }
}

// The body of OSC, DCS and the strings nobody listens to. BEL ends an OSC as ST does.
const char* Parser::string(const char* at, const char* end)
{
    const char* stop = at;
    while (stop != end && *stop != 0x1b && *stop != 0x18 && *stop != 0x1a && *stop != 0x07)
        ++stop;
    const bool kept = m_state == State::OscString || m_state == State::DcsPassthrough;
    if (kept && !m_stringTooLong) {
        m_stringTooLong = m_string.size() + std::size_t(stop - at) > maximumString;
        if (m_stringTooLong)
            m_string.clear();
        else
            m_string.append(at, stop);
    }
    if (stop == end)
        return stop;
    if (*stop == 0x1b) {
        m_stringState = m_state;
        m_state = State::StringEscape;
    } else if (*stop != 0x07) {
        m_state = State::Ground;
    } else if (m_state == State::OscString) {
        m_stringState = m_state;
        finishString();
        m_state = State::Ground;
    }
    return stop + 1;
}

void Parser::finishString()
{
    if (!m_stringTooLong) {
        if (m_stringState == State::OscString)
            m_handler->osc(m_string);
        else if (m_stringState == State::DcsPassthrough)
            m_handler->dcs(m_sequence, m_string);
    }
    m_string.clear();
    if (m_string.capacity() > 4096)
        m_string.shrink_to_fit();
}

} // namespace rocker::terminal
