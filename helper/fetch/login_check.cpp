#include "helper/fetch/login_check.h"

namespace rocker::fetch {

namespace {

constexpr std::int64_t doorLimit = 1 << 20;

} // namespace

LoginCheck::LoginCheck(Network& network, Entry entry, Done done)
    : m_network(network)
    , m_entry(std::move(entry))
    , m_done(std::move(done))
    , m_authorizer(network,
          {m_entry.endpoint.host, m_entry.endpoint.authority, m_entry.endpoint.plain, {}, m_entry.credentials, {}})
{
}

void LoginCheck::start()
{
    m_door = std::make_unique<Transfer>(
        m_network,
        Question{.url = QUrl(QString::fromStdString(m_entry.endpoint.base() + "/v2/"), QUrl::StrictMode),
                 .what = "the login",
                 .accept = "application/json",
                 .authorizer = &m_authorizer,
                 .limit = doorLimit,
                 .successes = {200, 404}},
        [this](const Result<Answer>& answer) {
            const Done done = std::exchange(m_done, {});
            if (answer && answer->status == 404)
                return done(fail(ErrorCode::NotFound, "{} is not a registry: it has no /v2/", m_entry.endpoint.host));
            done(answer ? Result<>() : fail(answer.error()));
        });
    m_door->start();
}

} // namespace rocker::fetch
