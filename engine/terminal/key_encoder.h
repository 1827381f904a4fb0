#pragma once

#include "engine/terminal/keys.h"

#include <string>
#include <string_view>

namespace rocker::terminal
{

struct KeyModes {
    bool applicationCursorKeys = false;
    bool applicationKeypad = false;
    bool newLine = false; // LNM: Return sends CR LF
    bool bracketedPaste = false;
    bool backarrowSendsBackspace = false; // DECBKM
};

// As xterm encodes keys (ctlseqs, "PC-Style Function Keys").
std::string encodeKey(Key key, Modifiers modifiers, const KeyModes& modes);
std::string encodeText(std::string_view text, Modifiers modifiers);
std::string encodePaste(std::string_view text, const KeyModes& modes);

} // namespace rocker::terminal
