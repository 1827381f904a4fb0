#include "gui/terminal/terminal_surface.h"

#include <algorithm>
#include <utility>

namespace rocker::gui {

namespace {

constexpr std::chrono::milliseconds sizeRest{40};
constexpr std::size_t sentSizesKept = 16;

} // namespace

TerminalSurface::TerminalSurface(Kind kind, QObject* parent) : QObject(parent), m_kind(kind)
{
    m_sizeRest.setSingleShot(true);
    m_sizeRest.setInterval(sizeRest);
    connect(&m_sizeRest, &QTimer::timeout, this, &TerminalSurface::sendSize);
}

TerminalSurface::~TerminalSurface()
{
    if (m_stream)
        disconnect(m_stream.get(), nullptr, this, nullptr);
}

void TerminalSurface::attach(std::unique_ptr<AttachedStream> stream, terminal::Size size, bool replays)
{
    if (m_stream)
        disconnect(m_stream.get(), nullptr, this, nullptr);
    m_terminal.reset();
    m_terminal.resize(size);
    m_wanted = size;
    m_sentSizes.clear();
    m_end = {};
    m_replaying = replays;
    m_stream = std::move(stream);
    if (m_stream) {
        connect(m_stream.get(), &AttachedStream::opened, this, [this] { enter(Phase::Live); });
        connect(m_stream.get(), &AttachedStream::frameReceived, this, &TerminalSurface::receive);
        connect(m_stream.get(), &AttachedStream::closed, this, &TerminalSurface::finish);
        enter(Phase::Opening);
        m_stream->open();
    } else {
        enter(Phase::Live);
    }
    Q_EMIT updated();
}

void TerminalSurface::receive(FrameType type, const std::string& payload)
{
    switch (type) {
    case FrameType::Output:
    case FrameType::ErrorOutput:
        write(payload);
        return;
    case FrameType::Resized: {
        const auto dimensions = readResize(payload);
        if (!dimensions)
            return;
        const terminal::Size size{dimensions->columns, dimensions->rows};
        // Our own size coming back, while a newer one is on its way already, is no news.
        const auto own = std::ranges::find(m_sentSizes, size);
        if (own != m_sentSizes.end()) {
            m_sentSizes.erase(m_sentSizes.begin(), own + 1);
            if (!m_sentSizes.empty())
                return;
        }
        if (size != m_terminal.size()) {
            m_terminal.resize(size);
            takeResults();
        }
        return;
    }
    case FrameType::Replayed:
        m_replaying = false;
        m_terminal.takeAnswers();
        m_terminal.takeEvents();
        sendSize();
        Q_EMIT titleChanged();
        Q_EMIT updated();
        return;
    case FrameType::Exited:
        m_end.exit = readExit(payload);
        finish({});
        return;
    default:
        return;
    }
}

void TerminalSurface::write(const std::string& bytes)
{
    if (m_kind == Kind::Terminal) {
        m_terminal.write(bytes);
    } else {
        // No line discipline stands between a pipe and us: a new line begins at the left here.
        std::string lines;
        lines.reserve(bytes.size() + bytes.size() / 32);
        for (const char c : bytes) {
            if (c == '\n')
                lines.push_back('\r');
            lines.push_back(c);
        }
        m_terminal.write(lines);
    }
    takeResults();
}

void TerminalSurface::takeResults()
{
    const std::string answers = m_terminal.takeAnswers();
    if (!m_replaying) {
        if (!answers.empty())
            send(answers);
        const terminal::Events events = m_terminal.takeEvents();
        if (events.bells)
            Q_EMIT bell();
        if (events.title || events.iconName)
            Q_EMIT titleChanged();
        if (events.clipboard)
            Q_EMIT clipboardWritten(QString::fromStdString(events.clipboard->text));
    }
    Q_EMIT updated();
}

void TerminalSurface::send(std::string_view bytes)
{
    if (!takesInput() || bytes.empty())
        return;
    if (m_stream && !m_stream->send(FrameType::Input, bytes)) {
        finish(Error{ErrorCode::ResourceExhausted, 0, "the program has stopped reading what is typed or pasted"});
        return;
    }
    Q_EMIT inputSent(QByteArray(bytes.data(), qsizetype(bytes.size())));
}

void TerminalSurface::resize(terminal::Size size)
{
    if (m_wanted == size)
        return;
    m_wanted = size;
    if (m_phase == Phase::Live && !m_replaying)
        m_sizeRest.start();
    else if (m_phase == Phase::Ended || m_phase == Phase::Detached) {
        m_terminal.resize(size);
        Q_EMIT updated();
    }
}

void TerminalSurface::sendSize()
{
    if (m_kind != Kind::Terminal || m_phase != Phase::Live || m_replaying) {
        m_terminal.resize(m_wanted);
        Q_EMIT updated();
        return;
    }
    m_terminal.resize(m_wanted);
    takeResults();
    m_sentSizes.push_back(m_wanted);
    if (m_sentSizes.size() > sentSizesKept)
        m_sentSizes.pop_front();
    if (m_stream)
        m_stream->send(FrameType::Resize, resizePayload(std::uint16_t(m_wanted.columns), std::uint16_t(m_wanted.rows)));
    Q_EMIT sizeSent(m_wanted.columns, m_wanted.rows);
}

void TerminalSurface::finish(const Error& reason)
{
    if (m_phase == Phase::Ended)
        return;
    m_end.error = reason;
    m_replaying = false;
    if (m_stream) {
        disconnect(m_stream.get(), nullptr, this, nullptr);
        m_stream.release()->deleteLater();
    }
    enter(Phase::Ended);
    Q_EMIT updated();
}

void TerminalSurface::enter(Phase phase)
{
    if (m_phase == phase)
        return;
    m_phase = phase;
    Q_EMIT phaseChanged();
}

} // namespace rocker::gui
