#include "gui/registry/registry_name.h"

namespace rocker::gui {

QString fullName(const QString& typed)
{
    const QString first = typed.section(u'/', 0, 0);
    if (typed.isEmpty()
        || (typed.contains(u'/')
            && (first.contains(u'.') || first.contains(u':') || first == QLatin1String("localhost"))))
        return {};
    return typed.contains(u'/') ? QStringLiteral("docker.io/") + typed : QStringLiteral("docker.io/library/") + typed;
}

QString registryOf(const QString& reference)
{
    const QString full = fullName(reference);
    return (full.isEmpty() ? reference : full).section(u'/', 0, 0);
}

TypedName splitName(const QString& typed)
{
    const qsizetype colon = typed.lastIndexOf(u':');
    if (colon < 0 || typed.indexOf(u'/', colon) >= 0)
        return {typed, {}, false};
    return {typed.left(colon), typed.mid(colon + 1), true};
}

} // namespace rocker::gui
