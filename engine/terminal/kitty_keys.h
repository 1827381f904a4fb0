#pragma once

#include "engine/terminal/keys.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rocker::terminal
{

// What a program has asked of the kitty keyboard protocol (sw.kovidgoyal.net/kitty/keyboard-protocol): a set of bits.
enum KeyboardFlag : std::uint8_t {
    DisambiguateKeys = 0x1,
    ReportKeyActions = 0x2, // repeats and releases
    ReportAlternateKeys = 0x4,
    ReportAllKeys = 0x8, // those that type text and the modifiers too
    ReportKeyText = 0x10,
};

// The flags of one screen, pushed and popped by programs. At most 16 are kept: the oldest goes.
class KeyboardFlags
{
public:
    static constexpr std::uint8_t all = 0x1f;

    std::uint8_t current() const { return m_stack.empty() ? std::uint8_t(0) : m_stack.back(); }
    void push(int flags);
    void pop(int count);
    void set(int flags, int mode); // 1 these, 2 these too, 3 all but these

private:
    std::vector<std::uint8_t> m_stack;
};

// A key event in the protocol's form; empty when it is not reported with these flags. Flags of 0 mean the older
// encodings (key_encoder.h), not this one.
std::string encodeKittyKey(const KeyEvent& event, std::uint8_t flags);

} // namespace rocker::terminal
