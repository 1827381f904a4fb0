#include "gui/client/helper_client.h"

#include <algorithm>
#include <utility>

namespace rocker::gui {

namespace {

constexpr std::chrono::milliseconds firstBackoff{100};
constexpr std::chrono::milliseconds longestBackoff{2000};

} // namespace

HelperClient::HelperClient(const QString& socketPath, QObject* parent) : QObject(parent), m_path(socketPath)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &HelperClient::subscribe);
}

HelperClient::~HelperClient()
{
    delete std::exchange(m_watch, nullptr); // its handler ends here, while there still is something to end in
}

Connection& HelperClient::connection(bool own)
{
    if (!own && m_shared && !m_shared->isClosed())
        return *m_shared;
    auto* fresh = new Connection(m_path, this);
    connect(fresh, &Connection::closed, this, [this, fresh] {
        if (m_shared == fresh)
            m_shared = nullptr;
        fresh->deleteLater();
    });
    if (own)
        connect(fresh, &Connection::idle, fresh, &QObject::deleteLater);
    else
        m_shared = fresh;
    return *fresh;
}

void HelperClient::watch()
{
    m_backoff = firstBackoff;
    subscribe();
}

void HelperClient::subscribe()
{
    if (m_watch)
        return;
    m_sequence.reset();
    m_watch = new Connection(m_path, this);
    connect(m_watch, &Connection::closed, this, &HelperClient::lose);
    m_watch->call(protocol::callOf<protocol::System, protocol::Watch>({}), {std::chrono::seconds(10), {}},
                  [this](const Result<protocol::Answer>& answer) { receive(answer); });
}

void HelperClient::receive(const Result<protocol::Answer>& answer)
{
    const auto change = answer ? protocol::replyOf<protocol::Watch>(*answer)
                               : Result<protocol::Watch::Reply>(fail(answer.error()));
    if (!change) {
        lose(change.error());
        return;
    }
    // After a gap the picture would be wrong: ask for a new snapshot.
    if (!change->reset && m_sequence != change->sequence - 1) {
        lose(Error{ErrorCode::Unavailable, 0, "events were lost on the way from the helper"});
        return;
    }
    m_sequence = change->sequence;
    m_backoff = firstBackoff;
    enter(State::Connected);
    Q_EMIT changed(*change);
    if (!answer->continues)
        lose(Error{ErrorCode::Unavailable, 0, "the helper ended the stream of events"});
}

void HelperClient::lose(const Error& reason)
{
    Connection* lost = std::exchange(m_watch, nullptr);
    if (!lost)
        return;
    disconnect(lost, nullptr, this, nullptr);
    lost->deleteLater();
    m_retry.start(m_backoff);
    m_backoff = std::min(m_backoff * 2, longestBackoff);
    enter(State::Disconnected, reason.what);
}

void HelperClient::enter(State state, const std::string& reason)
{
    if (m_state == state && m_reason == reason)
        return;
    m_state = state;
    m_reason = reason;
    Q_EMIT stateChanged();
}

} // namespace rocker::gui
