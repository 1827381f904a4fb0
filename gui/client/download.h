#pragma once

#include "gui/client/attached_stream.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>

namespace rocker::gui {

// A file that the helper hands out over an upgraded connection (LayerIndex, ReadFile): Output frames, then End or
// Failed. Deletes itself at its end; the future always has one.
class Download : public QObject
{
    Q_OBJECT

public:
    // Gets piece after piece; an error of its own ends the download with it.
    using Take = std::function<Result<>(std::string_view)>;
    enum class Extent { Whole, Beginning };

    Download(std::unique_ptr<AttachedStream> stream, Take take, QObject* parent);
    ~Download() override;
    // Beginning when it was left off after `limit` bytes, though more would have come.
    QFuture<Result<Extent>> start(qint64 limit);

    // Without a frame for so long it is given up.
    static constexpr std::chrono::milliseconds patience{30'000};
    // Another time, before start().
    void setPatience(std::chrono::milliseconds time) { m_silence.setInterval(time); }

private:
    void receive(FrameType type, const std::string& payload);
    void finish(Result<Extent> result);

    std::unique_ptr<AttachedStream> m_stream;
    Take m_take;
    QPromise<Result<Extent>> m_promise;
    QTimer m_silence;
    qint64 m_rest = 0;
    bool m_opened = false;
    bool m_over = false;
};

} // namespace rocker::gui
