#pragma once

#include <qnamespace.h>

namespace rocker::gui {

// What the models offer besides the roles of Qt.
enum Role {
    SortRole = Qt::UserRole, // compares as its column should be ordered
    FilterRole,              // all text of the row in one string
    KeyRole,                 // QString that names the row for as long as it exists
    ToneRole,                // int(Tone) of a state
    StaleRole,               // bool
};

// What a colour says; which colour that is depends on the theme.
enum class Tone { Neutral, Good, Warning, Bad, Accent };

} // namespace rocker::gui
