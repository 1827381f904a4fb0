#pragma once

#include <QString>

namespace rocker::gui {

// The registry and the path of what was typed ("debian:12" is "docker.io/library/debian:12"); empty for a name that says
// its registry itself. By the rule that everybody has; the helper's configuration may have another.
QString fullName(const QString& typed);
// "docker.io", "localhost:5000".
QString registryOf(const QString& reference);

// A name up to where its tag begins, and what is typed of that; without a colon there is no tag.
struct TypedName {
    QString repository;
    QString tag;
    bool tagged = false;
};
TypedName splitName(const QString& typed);

} // namespace rocker::gui
