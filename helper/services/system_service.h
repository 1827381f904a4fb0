#pragma once

#include "engine/image/image_store.h"
#include "helper/services/container_service.h"
#include "helper/services/event_hub.h"
#include "helper/services/jobs.h"

#include <filesystem>

namespace rocker {

// org.rockerworkstation.System: what the helper is, and the stream of everything that happens.
class SystemService
{
public:
    SystemService(EventLoop& loop, std::filesystem::path stateDirectory, EventHub& events);

    // What takes space.
    struct Sources {
        std::function<Result<std::vector<image::StoredImage>>()> images;
        std::function<std::vector<ContainerService::Place>(const Caller&)> containers;
    };
    void setSources(Sources sources) { m_sources = std::move(sources); }

    void handle(Request<protocol::Info> request);
    void handle(Request<protocol::Watch> request);
    void handle(Request<protocol::DiskUsage> request); // disk_usage.cpp

private:
    Jobs m_jobs;
    Sources m_sources;
    std::filesystem::path m_stateDirectory;
    EventHub& m_events;
};

} // namespace rocker
