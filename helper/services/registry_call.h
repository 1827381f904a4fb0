#pragma once

#include "engine/image/registry_messages.h"
#include "engine/image/worker_process.h"
#include "helper/event/event_loop.h"
#include "helper/services/request.h"

#include <functional>
#include <optional>
#include <string>

namespace rocker {

// The program that talks to registries, and the administrator's settings for it.
struct RegistryClient {
    std::string program;      // rocker-fetch
    std::string settingsFile; // registries.json; one that is not there says nothing
};

Result<image::RegistrySettings> readRegistrySettings(const std::string& path);
// As whom it works. A named file of credentials must be an absolute path; it is opened as the caller, by the client.
Result<image::FetchCaller> fetchCaller(const Caller& caller, const std::string& authFile);

// One run of the registry client; dropped, it is killed.
class RegistryCall
{
public:
    using Progress = std::function<void(const image::WorkerProgress&)>;
    using Done = std::function<void(Result<json::Value>)>;

    explicit RegistryCall(EventLoop& loop) : m_loop(loop) {}
    RegistryCall(const RegistryCall&) = delete;
    // `done` is called from the loop, once, unless this fails.
    Result<> start(const image::WorkerProcess::Launch& launch, Progress progress, Done done);

private:
    EventLoop& m_loop;
    std::optional<image::WorkerProcess> m_process;
    EventLoop::Source m_source;
};

} // namespace rocker
