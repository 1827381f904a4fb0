#pragma once

#include "helper/protocol/system.h"
#include "helper/services/request.h"

#include <functional>
#include <memory>
#include <vector>

namespace rocker {

// Everything that happens to containers and images, for the subscribers of System.Watch. The services publish what
// has changed; each subscriber sees only what its user may see.
class EventHub
{
public:
    // Everything a caller may see now: the snapshot that a subscriber starts from.
    struct Sources {
        std::function<std::vector<protocol::Container>(const Caller&)> containers;
        std::function<std::vector<protocol::Image>(const Caller&)> images;
    };

    EventHub();
    ~EventHub();
    void setSources(Sources sources);

    void containerChanged(const protocol::Container& container);
    void containerRemoved(const std::string& id, uid_t owner);
    void imageChanged(const protocol::Image& image);
    void imageRemoved(const std::string& id);

    void subscribe(Request<protocol::Watch> request);

private:
    struct Subscriber;
    void publish(const std::function<bool(const Caller&, protocol::Watch::Reply&)>& fill);
    Sources m_sources;
    std::vector<std::shared_ptr<Subscriber>> m_subscribers;
};

} // namespace rocker
