#pragma once

#include "engine/base/error.h"

#include <QLocalSocket>

namespace rocker::gui {

// Why the helper cannot be talked to, in words that name the socket. The code is Unavailable, or PermissionDenied.
Error socketError(QLocalSocket::LocalSocketError error, const QString& path, const QString& systemText);

} // namespace rocker::gui
