#pragma once

#include <QByteArray>
#include <QSslError>

#include <string>

namespace rocker::fetch {

// An answer that is no success, in words: the status, what it means, and what the registry itself says of it
// (distribution-spec, "Error Codes": {"errors": [{"code", "message"}]}).
std::string complaintOf(int status, const QByteArray& body);

// What strangers wrote, for people: one line of printable ASCII, shortened.
std::string quoted(const QByteArray& text);

// What to do about a connection that TLS refuses.
std::string adviceOn(QSslError::SslError trouble, const std::string& host);

} // namespace rocker::fetch
