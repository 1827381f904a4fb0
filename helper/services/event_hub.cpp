#include "helper/services/event_hub.h"

#include <algorithm>

namespace rocker {

struct EventHub::Subscriber {
    explicit Subscriber(Request<protocol::Watch> request) : request(std::move(request)) {}

    void send(protocol::Watch::Reply&& news)
    {
        news.sequence = ++sequence;
        request.progress(news);
    }

    Request<protocol::Watch> request;
    std::int64_t sequence = 0;
    bool stale = false; // has missed something, and will get a snapshot
};

EventHub::EventHub() : m_subscribers(std::make_shared<Subscribers>()) {}
EventHub::~EventHub() = default;

void EventHub::setSources(Sources sources)
{
    m_sources = std::move(sources);
}

void EventHub::containerChanged(const protocol::Container& container)
{
    publish([&](const Caller& caller, protocol::Watch::Reply& news) {
        news.containers = {container};
        return caller.mayUse(uid_t(container.owner));
    });
}

void EventHub::containerRemoved(const std::string& id, uid_t owner)
{
    publish([&](const Caller& caller, protocol::Watch::Reply& news) {
        news.removedContainers = {id};
        return caller.mayUse(owner);
    });
}

void EventHub::imageChanged(const protocol::Image& image)
{
    publish([&](const Caller&, protocol::Watch::Reply& news) {
        news.images = {image};
        return true;
    });
}

void EventHub::imageRemoved(const std::string& id)
{
    publish([&](const Caller&, protocol::Watch::Reply& news) {
        news.removedImages = {id};
        return true;
    });
}

void EventHub::subscribe(Request<protocol::Watch> request)
{
    auto subscriber = std::make_shared<Subscriber>(std::move(request));
    m_subscribers->push_back(subscriber);
    // Weak both: the connection keeps this function, and may outlive the hub.
    subscriber->request.onGone([list = std::weak_ptr(m_subscribers), gone = std::weak_ptr(subscriber)] {
        if (const auto subscribers = list.lock())
            std::erase(*subscribers, gone.lock());
    });
    resync(*subscriber);
}

protocol::Watch::Reply EventHub::snapshot(const Caller& caller) const
{
    protocol::Watch::Reply all;
    all.reset = true;
    if (m_sources.containers)
        all.containers = m_sources.containers(caller);
    if (m_sources.images)
        all.images = m_sources.images(caller);
    return all;
}

void EventHub::publish(const std::function<bool(const Caller&, protocol::Watch::Reply&)>& fill)
{
    // A copy: sending may find out that a client is gone.
    for (const auto& subscriber : Subscribers(*m_subscribers)) {
        protocol::Watch::Reply news;
        if (!fill(subscriber->request.caller(), news) || subscriber->stale || markUnlessReady(subscriber))
            continue;
        subscriber->send(std::move(news));
    }
}

void EventHub::resync(Subscriber& subscriber)
{
    subscriber.stale = false;
    subscriber.send(snapshot(subscriber.request.caller()));
}

bool EventHub::markUnlessReady(const std::shared_ptr<Subscriber>& subscriber)
{
    const auto drained = [this, list = std::weak_ptr(m_subscribers), weak = std::weak_ptr(subscriber)] {
        const auto waiting = weak.lock();
        if (list.lock() && waiting && waiting->stale)
            resync(*waiting);
    };
    subscriber->stale = !subscriber->request.ready(drained);
    return subscriber->stale;
}

} // namespace rocker
