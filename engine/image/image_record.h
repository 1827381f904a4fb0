#pragma once

#include "engine/json/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rocker::image {

// One step of an image's making.
struct HistoryEntry {
    std::string created; // RFC 3339, empty when unknown
    std::string createdBy;
    std::string comment;
    bool emptyLayer = false; // it has no layer; the others belong to the layers in their order
    bool operator==(const HistoryEntry&) const = default;
    static constexpr auto fields()
    {
        using H = HistoryEntry;
        return std::tuple(json::required("created", &H::created), json::required("createdBy", &H::createdBy),
                          json::required("comment", &H::comment), json::required("emptyLayer", &H::emptyLayer));
    }
};

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
    // Missing in records of older versions.
    std::vector<std::string> exposedPorts; // "80/tcp"
    std::vector<std::string> volumes;
    std::map<std::string, std::string> labels;
    std::vector<HistoryEntry> history;
    bool operator==(const ImageRecord&) const = default;
    static constexpr auto fields()
    {
        using json::defaulted;
        using json::required;
        using R = ImageRecord;
        return std::tuple(required("created", &R::created), required("architecture", &R::architecture),
                          required("os", &R::os), required("entrypoint", &R::entrypoint), required("command", &R::command),
                          required("environment", &R::environment), required("workingDirectory", &R::workingDirectory),
                          required("user", &R::user), required("stopSignal", &R::stopSignal),
                          defaulted("exposedPorts", &R::exposedPorts), defaulted("volumes", &R::volumes),
                          defaulted("labels", &R::labels), defaulted("history", &R::history));
    }
};

} // namespace rocker::image
