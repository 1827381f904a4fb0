#pragma once

#include "gui/client/attached_stream.h"

#include <QFuture>

namespace rocker::gui {

// What the helper hands out, into a file of this machine, which appears when it is complete. No frame for `patience` gives
// it up, where some answers take longer to begin than others.
QFuture<Result<>> saveDownload(std::unique_ptr<AttachedStream> stream, const QString& target, QObject* parent,
                               std::chrono::milliseconds patience = std::chrono::minutes(10));

} // namespace rocker::gui
