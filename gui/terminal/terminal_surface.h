#pragma once

#include "engine/base/frame.h"
#include "engine/terminal/terminal.h"
#include "gui/client/attached_stream.h"

#include <QByteArray>
#include <QObject>

#include <deque>
#include <memory>
#include <optional>

namespace rocker::gui {

// A terminal without a picture: the engine, and the stream that feeds it. Lives on while nobody looks. What a program
// asks during the replay of old output is not answered: it was answered then.
class TerminalSurface : public QObject
{
    Q_OBJECT

public:
    // A container without a terminal prints plain lines and hears nothing.
    enum class Kind { Terminal, PlainOutput };
    enum class Phase { Detached, Opening, Live, Ended };
    // How a session ended: with an exit code, or because the stream broke.
    struct End {
        std::optional<ExitReport> exit;
        Error error;
    };

    explicit TerminalSurface(Kind kind, QObject* parent = nullptr);
    ~TerminalSurface() override;

    // Begins a session with an unopened stream; a replay of what was printed before comes first. The screen is cleared.
    void attach(std::unique_ptr<AttachedStream> stream, terminal::Size size, bool replays);
    // One frame from the other side; what the stream calls.
    void receive(FrameType type, const std::string& payload);

    const terminal::Terminal& terminal() const { return m_terminal; }
    terminal::Terminal& terminal() { return m_terminal; }
    Kind kind() const { return m_kind; }
    Phase phase() const { return m_phase; }
    const End& end() const { return m_end; }
    bool isReplaying() const { return m_replaying; }
    bool takesInput() const { return m_kind == Kind::Terminal && m_phase == Phase::Live; }

    void send(std::string_view bytes);
    // The size the view has room for; told to the program once it rests.
    void resize(terminal::Size size);
    void setTheme(const terminal::Theme& theme) { m_terminal.setTheme(theme); }

Q_SIGNALS:
    void updated();
    void phaseChanged();
    void titleChanged();
    void bell();
    void clipboardWritten(const QString& text);
    void inputSent(const QByteArray& bytes);
    void sizeSent(int columns, int rows);

private:
    void write(const std::string& bytes);
    void takeResults();
    void finish(const Error& reason);
    void enter(Phase phase);
    void sendSize();

    Kind m_kind;
    terminal::Terminal m_terminal;
    std::unique_ptr<AttachedStream> m_stream;
    terminal::Size m_wanted;
    std::deque<terminal::Size> m_sentSizes; // told, and not yet come back as Resized
    QTimer m_sizeRest;
    Phase m_phase = Phase::Detached;
    End m_end;
    bool m_replaying = false;
};

} // namespace rocker::gui
