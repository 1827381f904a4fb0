#include "helper/fetch/paging.h"

namespace rocker::fetch {

QUrl nextPage(const QUrl& page, const QByteArray& link)
{
    for (const QByteArray& part : link.split(',')) {
        const qsizetype end = part.indexOf('>');
        if (part.trimmed().startsWith('<') && end > 0 && part.mid(end).replace('"', "").contains("rel=next"))
            return page.resolved(
                QUrl::fromEncoded(part.trimmed().mid(1, part.trimmed().indexOf('>') - 1), QUrl::StrictMode));
    }
    return {};
}

} // namespace rocker::fetch
