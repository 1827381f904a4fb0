#pragma once

#include "engine/runtime/command.h"
#include "engine/runtime/log.h"
#include "engine/runtime/state_directory.h"

#include <functional>

namespace rocker::runtime {

// A call: what was asked, and by which global options.
struct Context {
    std::string program; // what it was called as: "runc", "rocker-runtime"
    std::string root;    // absolute
    bool rootGiven = false;
    enum class Manager { Cgroupfs, Systemd, Disabled };
    Manager cgroupManager = Manager::Cgroupfs;
    std::optional<bool> rootless; // absent: find out
    Log log;
    const Command* command = nullptr;
    Arguments arguments;

    // Where runc and crun contradict each other, whose manners: callers know them by the program's name.
    bool calledAs(std::string_view peer) const { return program == peer; }
    std::string id() const { return arguments.at(0); }
    // Of the container that the first argument names.
    Result<StateDirectory> open() const { return StateDirectory::open(root, id()); }
    std::function<void(const std::string&)> warner() const
    {
        return [this](const std::string& text) { log.warning(text); };
    }
    // Empty when nobody wants to know.
    std::function<void(const std::string&)> debugger() const
    {
        if (!log.writes(Level::Debug))
            return {};
        return [this](const std::string& text) { log.debug(text); };
    }
};

// Whether missing rights for cgroups are no error: as --rootless says; else for who is not root, or root of a user
// namespace only.
bool isRootless(const Context& context);

} // namespace rocker::runtime
