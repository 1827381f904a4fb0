#include "gui/client/download.h"

#include <utility>

namespace rocker::gui {

Download::Download(std::unique_ptr<AttachedStream> stream, Take take, QObject* parent)
    : QObject(parent), m_stream(std::move(stream)), m_take(std::move(take))
{
    m_promise.start();
    m_silence.setSingleShot(true);
    m_silence.setInterval(patience);
    connect(&m_silence, &QTimer::timeout, this,
        [this] { finish(fail(ErrorCode::Unavailable, "the helper has sent nothing for too long")); });
    connect(m_stream.get(), &AttachedStream::frameReceived, this, &Download::receive);
    connect(m_stream.get(), &AttachedStream::opened, this, [this] { m_opened = true; });
    connect(m_stream.get(), &AttachedStream::closed, this, [this](const Error& why) {
        finish(m_opened ? fail(ErrorCode::Unavailable, "the helper has broken off in the middle") : fail(why));
    });
}

Download::~Download()
{
    if (!m_over)
        finish(fail(ErrorCode::Cancelled, "given up"));
}

QFuture<Result<Download::Extent>> Download::start(qint64 limit)
{
    m_rest = limit;
    m_silence.start();
    m_stream->open();
    return m_promise.future();
}

void Download::receive(FrameType type, const std::string& payload)
{
    if (m_over)
        return;
    m_silence.start();
    if (type == FrameType::End) {
        finish(Extent::Whole);
    } else if (type == FrameType::Failed) {
        finish(fail(ErrorCode::Unavailable, "the helper could not read on: {}", payload));
    } else if (type == FrameType::Output) {
        const auto part
            = std::string_view(payload).substr(0, std::size_t(std::min<qint64>(m_rest, qint64(payload.size()))));
        m_rest -= qint64(part.size());
        if (auto taken = m_take(part); !taken)
            finish(fail(std::move(taken).error()));
        else if (part.size() < payload.size())
            finish(Extent::Beginning);
    }
}

void Download::finish(Result<Extent> result)
{
    if (std::exchange(m_over, true))
        return;
    m_silence.stop();
    m_promise.addResult(std::move(result));
    m_promise.finish();
    deleteLater();
}

} // namespace rocker::gui
