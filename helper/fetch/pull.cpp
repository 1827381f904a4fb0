#include "helper/fetch/pull.h"

#include "engine/image/reference.h"

namespace rocker::fetch {

Pull::Pull(Network& network, Order order, Progress progress, Done done)
    : m_network(network), m_order(std::move(order)), m_progress(std::move(progress)), m_done(std::move(done))
{
}

void Pull::next()
{
    const Site& site = m_order.sites[m_site];
    const std::string step
        = "Pulling " + site.reference.fullName() + (site.endpoint.mirror ? " from " + site.endpoint.host : "");
    m_progress(step, 0, 0);
    m_pull = std::make_unique<ImagePull>(
        m_network,
        ImagePull::Order{site, m_order.platform, m_order.limit, m_order.file, m_order.documentsReady, m_order.blobReady},
        [this, step](std::int64_t done, std::int64_t total) { m_progress(step, done, total); },
        [this](Result<std::string> digest) { ended(std::move(digest)); });
    m_pull->start();
}

void Pull::ended(Result<std::string> digest)
{
    const Site& site = m_order.sites[m_site];
    const RemoteReference& reference = site.reference;
    if (!digest && m_site + 1 < m_order.sites.size() && isWorthAnother(digest.error(), site)) {
        m_failures += digest.error().what + "; ";
        ++m_site;
        if (m_order.anew) // before the file is written to again
            m_order.anew();
        return next();
    }
    const Done done = std::exchange(m_done, {});
    if (!digest) {
        Error error = std::move(digest).error();
        error.what = m_failures + error.what;
        return done(fail(std::move(error).in(std::format("pull {}", reference.fullName()))));
    }
    image::PullOutcome outcome{.reference = {}, .fullName = reference.fullName(), .digest = std::move(*digest)};
    if (!reference.tag.empty()) {
        auto stored = image::normalizedReference(
            std::format("{}/{}:{}", reference.registry, reference.repository, reference.tag));
        if (!stored)
            return done(fail(std::move(stored).error()));
        outcome.reference = std::move(*stored);
    }
    done(std::move(outcome));
}

} // namespace rocker::fetch
