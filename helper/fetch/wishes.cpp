#include "helper/fetch/wishes.h"

#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"

#include <unistd.h>
#include <utility>

namespace rocker::fetch {

void Wishes::ask(Heard heard)
{
    m_heard = std::move(heard);
    m_notifier = std::make_unique<QSocketNotifier>(m_pipe.value(), QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, [this] { read(); });
}

void Wishes::read()
{
    auto blobs = next();
    if (blobs && !*blobs)
        return;
    m_notifier->setEnabled(false);
    if (const Heard heard = std::exchange(m_heard, {}))
        heard(blobs ? Result<Blobs>(std::move(**blobs)) : fail(std::move(blobs).error()));
}

Result<std::optional<Wishes::Blobs>> Wishes::next()
{
    char buffer[16 * 1024];
    const ssize_t count = ::read(m_pipe.value(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
        return std::nullopt;
    if (count <= 0)
        return fail(ErrorCode::Unavailable, "the helper does not say what is to be fetched");
    m_text.append(buffer, std::size_t(count));
    const std::size_t end = m_text.find('\n');
    if (end == std::string::npos && m_text.size() > image::layersLimit * 100)
        return fail(ErrorCode::Internal, "the helper wants more than an image has");
    if (end == std::string::npos)
        return std::nullopt;
    const auto list = TRY(json::parse(std::string_view(m_text).substr(0, end)), "what the helper wants");
    m_text.erase(0, end + 1);
    Blobs blobs;
    for (const json::Value& digest : list)
        if (digest.is_string() && image::isDigest(digest.get_ref<const std::string&>()))
            blobs.insert(digest.get<std::string>());
    return blobs;
}

} // namespace rocker::fetch
