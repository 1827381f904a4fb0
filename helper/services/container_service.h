#pragma once

#include "engine/container/store.h"
#include "engine/image/image_store.h"
#include "helper/services/container_runs.h"
#include "helper/services/event_hub.h"
#include "helper/services/request.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rocker {

// org.rockerworkstation.Containers: every verb, each checked against the container's owner and state.
class ContainerService
{
public:
    using ResolveImage = std::function<Result<image::ResolvedImage>(const std::string& reference)>;

    // Finds the containers of an earlier helper again, running ones with their monitors.
    static Result<std::unique_ptr<ContainerService>> open(EventLoop& loop, const container::EngineConfig& config,
                                                          ResolveImage resolveImage, EventHub& events);

    ~ContainerService();

    void handle(Request<protocol::Create> request);
    void handle(Request<protocol::Start> request);
    void handle(Request<protocol::Stop> request);
    void handle(Request<protocol::Kill> request);
    void handle(Request<protocol::Pause> request);
    void handle(Request<protocol::Resume> request);
    void handle(Request<protocol::Remove> request);
    void handle(Request<protocol::Rename> request);
    void handle(Request<protocol::List> request);
    void handle(Request<protocol::Inspect> request);
    void handle(Request<protocol::Wait> request);
    void handle(Request<protocol::Logs> request);
    void handle(Request<protocol::Attach> request);
    void handle(Request<protocol::Exec> request);

    // The directory with what a container has changed of its image. `pause`: it stands still until `thaw` goes.
    struct Changes {
        std::string name;
        std::string imageId;
        UniqueFd directory;
        std::shared_ptr<void> thaw;
    };
    Result<Changes> changesOf(const Caller& caller, const std::string& key, bool pause);

    // The caller's, newest first.
    std::vector<protocol::Container> visibleTo(const Caller& caller) const;
    // The containers made from an image, whoever owns them.
    struct User {
        std::string name;
        uid_t owner = 0;
    };
    std::vector<User> usersOf(const std::string& imageId) const;
    // The caller's, with the directories whose content is theirs alone.
    struct Place {
        protocol::ContainerUsage container;
        std::string imageId;
        std::vector<std::string> directories;
    };
    std::vector<Place> placesOf(const Caller& caller) const;

private:
    ContainerService(EventLoop& loop, const container::EngineConfig& config, cgroup::Layout cgroups, container::Store store,
                     ResolveImage resolveImage, EventHub& events);
    void reconcile();

    // The caller's container, or the error to answer with.
    Result<container::ContainerInfo> find(const Caller& caller, const std::string& key) const;
    Result<container::ContainerInfo> findRunning(const Caller& caller, const std::string& key) const;
    Result<> save(const container::ContainerInfo& info);
    void saveLater(const container::ContainerInfo& info);
    Result<container::ContainerInfo> create(const Request<protocol::Create>& request);
    Result<container::LaunchPlan> planLaunch(const container::ContainerInfo& info, const std::optional<protocol::TerminalSize>& size) const;
    void started(const std::string& id, Result<pid_t> outcome, Request<protocol::Start> request);
    void found(const std::string& id, pid_t pid);
    void ended(const std::string& id, const std::optional<container::ExitRecord>& exit);
    void stop(const std::string& id, int signal, std::chrono::seconds grace);
    Result<> setPaused(container::ContainerInfo& info, bool paused);
    void remove(const std::string& id, std::function<void(Result<>)> done);
    void serveTranscript(const std::string& id, UniqueFd socket, std::int64_t tailBytes, bool lastRunOnly);
    void serveEnded(const std::string& id, UniqueFd socket, std::int64_t tailBytes, bool lastRunOnly);
    protocol::ContainerReply replyFor(const std::string& id) const;

    EventLoop& m_loop;
    container::EngineConfig m_config;
    container::Store m_store;
    ResolveImage m_resolveImage;
    EventHub& m_events;
    Jobs m_jobs;
    ContainerRuns m_runs;
    std::map<std::string, EventLoop::Source> m_graceTimers;
    std::map<std::string, EventLoop::Source> m_unsaved; // in memory alone for a moment
};

} // namespace rocker
