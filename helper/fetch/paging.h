#pragma once

#include <QByteArray>
#include <QUrl>

namespace rocker::fetch {

// Where the rest of a list is (distribution-spec, "Listing Tags"): the target of a Link field with rel="next" (RFC 8288),
// not valid without one.
QUrl nextPage(const QUrl& page, const QByteArray& link);

} // namespace rocker::fetch
