#pragma once

#include "engine/runtime/options.h"

namespace rocker::runtime {

// One command as it stands on the command line; what it does is in its own file, found by its name (dispatch.h).
struct Command {
    std::string_view name;
    std::string_view summary;
    std::string_view arguments;   // "CONTAINER [SIGNAL]"
    std::string_view description;
    std::span<const Option> options;
    std::size_t minimum = 0; // of positional arguments
    std::size_t maximum = 0;
    std::size_t optionsEnd = std::string_view::npos; // as Arguments::parse() has it
    int failure = 1;                                 // exit code of an error; exec has another
};

std::span<const Command> commands();
const Command* findCommand(std::string_view name);
// Those before the command.
std::span<const Option> globalOptions();

// What --help prints; `program` is what the program was called as.
std::string helpOf(std::string_view program, const Command& command);
std::string generalHelp(std::string_view program);
// A completion script for bash.
std::string completionFor(std::string_view program);

} // namespace rocker::runtime
