#pragma once

#include "engine/container/blueprint.h"
#include "engine/container/channel.h"
#include "engine/container/process.h"

#include <functional>

namespace rocker::container {

// How the process learns that its command is to run: by one more go-ahead on the channel, or (with a listening socket)
// by whoever connects there, who is then told of success by the connection's end and of failure by an Error.
struct Gate {
    UniqueFd listener;
};

// What hooks inside are told, as text of the go-ahead that brings the descriptors.
struct HookStates {
    std::string creating; // for createContainer
    std::string created;  // for startContainer
    std::string encode() const;
    static HookStates decode(std::string_view text);
};

// The first process of a new container, from its birth to its command: what it is born to do (birth.h). Its words on the
// channel: Mounted when the blueprint asks for it, and Ready. Never returns.
[[noreturn]] void runInit(Blueprint& blueprint, StandardStreams streams, Gate gate, ChildEnd& channel);

// From Ready on, for the first process and for later ones: waits at the gate, calls `beforeCommand`, becomes the command.
// Returns only an error, with `channel` leading to whoever is to hear it.
Error passGate(Command& command, Gate gate, ChildEnd& channel, const std::function<Result<>()>& beforeCommand);

} // namespace rocker::container
