#pragma once

#include "engine/terminal/parser.h"

namespace rocker::terminal
{

struct Emulator;

// The control functions of rectangular areas: DECFRA, DECERA, DECSERA, DECCRA, DECCARA, DECRARA and DECSACE. An area
// that is none (its end before its begin) changes nothing. The read-back of an area (DECRQCRA) is left out on purpose:
// it would tell a program what others have printed.
void fillArea(Emulator& emulator, const Sequence& sequence);
void eraseArea(Emulator& emulator, const Sequence& sequence); // selective with '{'
void copyArea(Emulator& emulator, const Sequence& sequence);
void changeArea(Emulator& emulator, const Sequence& sequence); // sets with 'r', reverses with 't'
void setAreaExtent(Emulator& emulator, const Sequence& sequence);

} // namespace rocker::terminal
