#pragma once

#include "engine/base/frame.h"
#include "engine/base/result.h"
#include "helper/protocol/varlink.h"

#include <QLocalSocket>
#include <QTimer>

namespace rocker::gui {

// The connection of one Attach, Exec or Logs call: a Varlink call that is upgraded, then frames both ways. What is sent
// before the helper's reply waits for it. Ends with exactly one closed(); after an Exited frame that is no fault.
class AttachedStream : public QObject
{
    Q_OBJECT

public:
    AttachedStream(const QString& socketPath, protocol::Call call, QObject* parent = nullptr);
    ~AttachedStream() override;

    void open();
    // Cut into frames of the wire's size. False when the other side has not read for so long that too much waits
    // (writeBudget); nothing of `payload` is sent then.
    bool send(FrameType type, std::string_view payload = {});
    bool isOpen() const { return m_phase == Phase::Frames; }
    // What the helper's reply said, once opened() has been emitted.
    const json::Value& reply() const { return m_said; }

    static constexpr qint64 writeBudget = 64 << 20;
    static constexpr std::chrono::milliseconds replyDeadline{30'000};

Q_SIGNALS:
    void opened();
    void frameReceived(rocker::FrameType type, const std::string& payload);
    void closed(const rocker::Error& reason);

private:
    enum class Phase { Idle, Reply, Frames, Closed };
    void read();
    bool readReply();
    void close(const Error& reason);

    QString m_path;
    protocol::Call m_call;
    QLocalSocket m_socket;
    QTimer m_deadline;
    Phase m_phase = Phase::Idle;
    protocol::MessageBuffer m_reply{protocol::replyLimit};
    FrameReader m_frames;
    json::Value m_said;
    std::string m_waiting;
    bool m_turnScheduled = false;
};

} // namespace rocker::gui
