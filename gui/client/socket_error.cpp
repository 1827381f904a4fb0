#include "gui/client/socket_error.h"

#include <format>

namespace rocker::gui {

Error socketError(QLocalSocket::LocalSocketError error, const QString& path, const QString& systemText)
{
    const std::string where = path.toStdString();
    switch (error) {
    case QLocalSocket::ServerNotFoundError:
        return {ErrorCode::Unavailable, 0, std::format("the helper is not running: there is no socket at '{}'", where)};
    case QLocalSocket::ConnectionRefusedError:
        return {ErrorCode::Unavailable, 0, std::format("the helper is not running: nobody listens at '{}'", where)};
    case QLocalSocket::PeerClosedError:
        return {ErrorCode::Unavailable, 0, "the helper closed the connection"};
    case QLocalSocket::SocketAccessError:
        return {ErrorCode::PermissionDenied, 0, std::format("you may not open the helper's socket at '{}'", where)};
    default:
        return {ErrorCode::Unavailable, 0,
                std::format("the connection to the helper at '{}' failed: {}", where, systemText.toStdString())};
    }
}

} // namespace rocker::gui
