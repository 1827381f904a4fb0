#pragma once

#include "engine/base/result.h"
#include "helper/protocol/varlink.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QLocalSocket>
#include <QTimer>

#include <chrono>
#include <deque>
#include <functional>

namespace rocker::gui {

// How long an answer may take. Zero means: as long as it likes.
struct Deadlines {
    std::chrono::milliseconds first{15'000};
    std::chrono::milliseconds next{0}; // between the answers of a stream
};

// One Varlink connection. Varlink has no call numbers: answers come in the order of the calls. Opens itself with the
// first call; every call ends with an answer or an error, whatever happens to the socket. Once closed it stays closed.
class Connection : public QObject
{
    Q_OBJECT

public:
    // Runs for each answer; after an error, and after an answer without `continues`, no more.
    using Handler = std::function<void(Result<protocol::Answer>)>;

    explicit Connection(const QString& socketPath, QObject* parent = nullptr);
    ~Connection() override;

    void call(const protocol::Call& call, Deadlines deadlines, Handler handler);
    bool isClosed() const { return m_closed; }
    std::size_t pendingCalls() const { return m_pending.size(); }

Q_SIGNALS:
    void opened();
    void closed(const rocker::Error& reason);
    void idle(); // nothing is pending any more

private:
    struct Pending {
        std::string method;
        Deadlines deadlines;
        QDeadlineTimer deadline;
        Handler handler; // empty when it was given up: its answers are passed over
    };
    void open();
    void readAnswers();
    void dispatch(const std::string& message);
    void expire();
    void armTimer();
    void close(const Error& reason);

    QString m_path;
    QLocalSocket m_socket;
    protocol::MessageBuffer m_incoming{protocol::replyLimit};
    QByteArray m_outgoing; // written before the socket was open
    std::deque<Pending> m_pending;
    QTimer m_timer;
    bool m_closed = false;
};

} // namespace rocker::gui
