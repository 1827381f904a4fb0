#include "helper/fetch/pull.h"

#include "engine/image/reference.h"
#include "helper/fetch/complaint.h"
#include "helper/fetch/paging.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

constexpr std::int64_t pageLimit = 4 << 20;
constexpr int pagesLimit = 400;
constexpr std::size_t tagsLimit = 20'000;

struct TagPage {
    std::vector<std::string> tags;
    static constexpr auto fields() { return std::tuple(json::defaulted("tags", &TagPage::tags)); }
};

} // namespace

TagList::TagList(Network& network, Site site, Done done)
    : m_network(network)
    , m_site(std::move(site))
    , m_done(std::move(done))
    , m_authorizer(network, Authorizer::accessTo(m_site, {m_site.scope("pull")}))
{
}

void TagList::start()
{
    ask(QUrl(QString::fromStdString(m_site.url("tags", "list?n=1000")), QUrl::StrictMode));
}

void TagList::ask(const QUrl& url)
{
    Question question{
        .url = url, .what = "the tags", .accept = "application/json", .authorizer = &m_authorizer, .limit = pageLimit};
    m_page = std::make_unique<Transfer>(
        m_network, std::move(question), [this, url](Result<Answer> answer) { pageArrived(url, std::move(answer)); });
    m_page->start();
}

void TagList::pageArrived(const QUrl& url, Result<Answer> answer)
{
    const auto transfer = std::move(m_page);
    if (!answer)
        return finish(fail(std::move(answer).error()));
    auto next = takePage(url, *answer);
    if (!next)
        return finish(fail(std::move(next).error().in("the tags from " + m_site.endpoint.host)));
    if (*next)
        return ask(**next);
    std::ranges::sort(m_tags);
    m_tags.erase(std::ranges::unique(m_tags).begin(), m_tags.end());
    finish(image::TagsOutcome{m_site.reference.registry + "/" + m_site.reference.repository, std::move(m_tags)});
}

Result<std::optional<QUrl>> TagList::takePage(const QUrl& url, const Answer& answer)
{
    const auto page = json::readText<TagPage>(
        {answer.body.constData(), std::size_t(answer.body.size())}, json::UnknownKeys::Ignore);
    if (!page)
        return fail(ErrorCode::Corrupt, "what came is not a list of tags");
    for (const std::string& tag : page->tags)
        if (!image::isBareTag(tag))
            return fail(ErrorCode::Corrupt, "'{}' is not a tag", quoted(QByteArray::fromStdString(tag)));
    m_tags.insert(m_tags.end(), page->tags.begin(), page->tags.end());
    const QUrl next = nextPage(url, answer.link);
    if (!next.isValid())
        return std::optional<QUrl>();
    if (!sameOrigin(url, next) || next.path() != url.path() || ++m_pages >= pagesLimit || m_tags.size() > tagsLimit)
        return fail(ErrorCode::Corrupt, "the list leads elsewhere or does not end");
    return next;
}

void TagList::finish(Result<image::TagsOutcome> outcome)
{
    m_page.reset();
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker::fetch
