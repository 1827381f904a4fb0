#pragma once

#include "engine/json/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rocker::image {

// What the rest of the helper wants to know of an image's configuration, in our own form: written by the unprivileged
// reader, checked by recordFault() before root believes it, kept in the store.
struct ImageRecord {
    std::string created; // RFC 3339, empty when unknown
    std::string architecture;
    std::string os;
    std::vector<std::string> entrypoint;
    std::vector<std::string> command;
    std::vector<std::string> environment; // NAME=value
    std::string workingDirectory;
    std::string user;
    std::string stopSignal;
    bool operator==(const ImageRecord&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using R = ImageRecord;
        return std::tuple(required("created", &R::created), required("architecture", &R::architecture),
                          required("os", &R::os), required("entrypoint", &R::entrypoint), required("command", &R::command),
                          required("environment", &R::environment), required("workingDirectory", &R::workingDirectory),
                          required("user", &R::user), required("stopSignal", &R::stopSignal));
    }
};

} // namespace rocker::image
