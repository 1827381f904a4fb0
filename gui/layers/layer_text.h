#pragma once

#include "engine/layers/image_tree.h"
#include "gui/models/roles.h"

#include <QString>

#include <string>
#include <string_view>

// What is in layers, in words. Names come from strangers: what would not show, or would show something else, is made
// visible.
namespace rocker::gui {

// A name or path as it can be shown on one line: control and direction characters become U+FFFD.
QString shownName(std::string_view bytes);
// "RUN apt-get install curl": a layer's "created by" without the shell and the builder's marks around it.
QString buildStep(const std::string& createdBy);
// "-rwxr-xr-x".
QString modeText(const layers::Record& record);
// "0:0".
QString ownerText(const layers::Record& record);
// Local, to the second; short to the minute.
enum class TimeStyle { Short, Long };
QString modifiedText(const layers::Record& record, TimeStyle style);
QString kindText(const layers::Record& record);
// "Added"; empty for None.
QString changeText(layers::Change change);
// "+", "~", "−": for those who do not see the colour.
QChar changeLetter(layers::Change change);
Tone changeTone(layers::Change change);
// "3 files", "1 file".
QString countText(std::uint64_t number, const char* one, const char* many);

} // namespace rocker::gui
