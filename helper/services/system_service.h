#pragma once

#include "helper/services/event_hub.h"

#include <filesystem>

namespace rocker {

// org.rockerworkstation.System: what the helper is, and the stream of everything that happens.
class SystemService
{
public:
    SystemService(std::filesystem::path stateDirectory, EventHub& events);

    void handle(Request<protocol::Info> request);
    void handle(Request<protocol::Watch> request);

private:
    std::filesystem::path m_stateDirectory;
    EventHub& m_events;
};

} // namespace rocker
