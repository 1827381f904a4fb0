#pragma once

#include "engine/base/frame.h"
#include "engine/base/unique_fd.h"

#include <optional>
#include <string>
#include <vector>

namespace rocker::container {

// What is executed inside: the container's own command, or one more beside it.
struct ProcessSpec {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
    std::string workingDirectory = "/";
    std::string user;
    std::vector<std::string> capabilities; // CAP_… names
    bool tty = false;
    std::optional<TerminalDimensions> size;
};

// The container's ends of its standard streams when it has no terminal.
struct StandardStreams {
    UniqueFd input;
    UniqueFd output;
    UniqueFd errorOutput;
};

} // namespace rocker::container
