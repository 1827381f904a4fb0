#pragma once

#include "helper/protocol/system.h"
#include "helper/services/request.h"

#include <functional>
#include <memory>
#include <vector>

namespace rocker {

// Everything that happens to containers and images, for the subscribers of System.Watch. The services publish what
// has changed; each subscriber sees only what its user may see, numbered without gaps. One that does not read misses
// events and gets a snapshot once it reads again.
class EventHub
{
public:
    // Everything a caller may see now: the snapshot that a subscriber starts from.
    struct Sources {
        std::function<std::vector<protocol::Container>(const Caller&)> containers;
        std::function<std::vector<protocol::Image>(const Caller&)> images;
    };

    EventHub();
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    ~EventHub();
    void setSources(Sources sources);

    void containerChanged(const protocol::Container& container);
    void containerRemoved(const std::string& id, uid_t owner);
    void imageChanged(const protocol::Image& image);
    void imageRemoved(const std::string& id);

    void subscribe(Request<protocol::Watch> request);

private:
    struct Subscriber;
    using Subscribers = std::vector<std::shared_ptr<Subscriber>>;

    protocol::Watch::Reply snapshot(const Caller& caller) const;
    // `fill` adds the news to the reply, or says that this caller has none of it.
    void publish(const std::function<bool(const Caller&, protocol::Watch::Reply&)>& fill);
    void resync(Subscriber& subscriber);
    bool markUnlessReady(const std::shared_ptr<Subscriber>& subscriber);

    Sources m_sources;
    std::shared_ptr<Subscribers> m_subscribers;
};

} // namespace rocker
