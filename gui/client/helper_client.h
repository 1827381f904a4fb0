#pragma once

#include "gui/client/attached_stream.h"
#include "gui/client/call_policy.h"
#include "gui/client/connection.h"

#include <QFuture>
#include <QPromise>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace rocker::gui {

template<typename T>
using Reply = QFuture<Result<T>>;

// The helper, as the window sees it: one typed call per verb, and everything that happens as events. Nothing blocks;
// each future ends with a reply or an error within the verb's deadline.
class HelperClient : public QObject
{
    Q_OBJECT

public:
    enum class State { Connecting, Connected, Disconnected };

    explicit HelperClient(const QString& socketPath, QObject* parent = nullptr);
    ~HelperClient() override;

    // call<protocol::Containers, protocol::Create>(parameters)
    template<protocol::Interface I, protocol::Method M>
        requires(M::flow == protocol::Flow::Once)
    Reply<typename M::Reply> call(const typename M::Parameters& parameters)
    {
        return send<I, M>(parameters, policyOf<M>(parameters), {});
    }

    // `progress` gets every reply but the last.
    template<protocol::Interface I, protocol::Method M>
        requires(M::flow == protocol::Flow::Stream)
    Reply<typename M::Reply> stream(const typename M::Parameters& parameters,
                                    std::function<void(const typename M::Reply&)> progress)
    {
        return send<I, M>(parameters, policyOf<M>(parameters), std::move(progress));
    }

    // Not opened yet: connect to its signals, then open().
    template<protocol::Interface I, protocol::Method M>
        requires(M::flow == protocol::Flow::Upgrade)
    std::unique_ptr<AttachedStream> attach(const typename M::Parameters& parameters)
    {
        return std::make_unique<AttachedStream>(m_path, protocol::callOf<I, M>(parameters));
    }

    // Subscribes to System.Watch, and again whenever the connection was lost.
    void watch();
    State state() const { return m_state; }
    // Why there is no connection; empty in the other states.
    const std::string& reason() const { return m_reason; }
    const QString& socketPath() const { return m_path; }

Q_SIGNALS:
    void stateChanged();
    void changed(const rocker::protocol::Watch::Reply& change);

private:
    template<protocol::Interface I, protocol::Method M>
    Reply<typename M::Reply> send(const typename M::Parameters& parameters, CallPolicy policy,
                                  std::function<void(const typename M::Reply&)> progress)
    {
        auto promise = std::make_shared<QPromise<Result<typename M::Reply>>>();
        promise->start();
        auto future = promise->future();
        connection(policy.ownConnection)
            .call(protocol::callOf<I, M>(parameters), policy.deadlines,
                  [promise, progress = std::move(progress)](Result<protocol::Answer> answer) {
                      auto reply = answer ? protocol::replyOf<M>(*answer)
                                          : Result<typename M::Reply>(fail(std::move(answer).error()));
                      if (reply && answer->continues) {
                          if (progress)
                              progress(*reply);
                          return;
                      }
                      if (promise->future().isFinished())
                          return;
                      promise->addResult(std::move(reply));
                      promise->finish();
                  });
        return future;
    }
    Connection& connection(bool own);
    void subscribe();
    void receive(const Result<protocol::Answer>& answer);
    void lose(const Error& reason);
    void enter(State state, const std::string& reason = {});

    QString m_path;
    Connection* m_shared = nullptr;
    Connection* m_watch = nullptr;
    QTimer m_retry;
    std::chrono::milliseconds m_backoff{0};
    std::optional<std::int64_t> m_sequence;
    State m_state = State::Connecting;
    std::string m_reason;
};

} // namespace rocker::gui
