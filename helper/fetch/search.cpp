#include "helper/fetch/search.h"

#include "engine/image/reference.h"
#include "helper/fetch/paging.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

constexpr std::int64_t pageLimit = 4 << 20;
constexpr int pagesLimit = 100;
constexpr std::size_t termLimit = 200;
constexpr std::size_t descriptionLimit = 300;
constexpr const char* hubSearch = "index.docker.io"; // Docker Hub's search is not where its images are

struct Hit {
    std::string name;
    std::string description;
    std::int64_t stars = 0;
    bool official = false;
    static constexpr auto fields()
    {
        using json::defaulted;
        return std::tuple(json::required("name", &Hit::name), defaulted("description", &Hit::description),
                          defaulted("star_count", &Hit::stars), defaulted("is_official", &Hit::official));
    }
};

struct Hits {
    std::vector<Hit> results;
    static constexpr auto fields() { return std::tuple(json::required("results", &Hits::results)); }
};

struct Catalog {
    std::vector<std::string> repositories;
    static constexpr auto fields() { return std::tuple(json::required("repositories", &Catalog::repositories)); }
};

template<typename T>
Result<T> readAnswer(const Answer& answer)
{
    return json::readText<T>({answer.body.constData(), std::size_t(answer.body.size())}, json::UnknownKeys::Ignore);
}

// What strangers wrote in their language: one line of it, without what is not to be seen.
std::string line(const std::string& text)
{
    QString shown;
    for (const QChar c : QString::fromStdString(text))
        shown += c.isPrint() || c.isSurrogate() ? c : QChar(u' ');
    QByteArray bytes = shown.simplified().toUtf8();
    if (bytes.size() > qsizetype(descriptionLimit)) {
        bytes.truncate(descriptionLimit);
        while (!bytes.isEmpty() && (std::uint8_t(bytes.back()) & 0xc0) == 0x80)
            bytes.chop(1);
        bytes.chop(1);
        bytes += "…";
    }
    return bytes.toStdString();
}

} // namespace

Result<std::vector<SearchPlace>> searchPlaces(
    const std::string& text, const image::RegistrySettings& settings, CredentialFinder& finder)
{
    const auto fits = [](char c) { return c > 0x20 && c != 0x7f; };
    if (text.empty() || text.size() > termLimit || !std::ranges::all_of(text, fits))
        return fail(ErrorCode::InvalidArgument, "a search is for one word of at most {} bytes", termLimit);
    const std::size_t slash = text.find('/');
    const std::string first = text.substr(0, slash);
    const bool named = slash != std::string::npos && image::namesRegistry(first);
    if (named && !image::isRegistryHost(first))
        return fail(ErrorCode::InvalidArgument, "'{}' is not a registry", first);
    std::vector<SearchPlace> places;
    for (const std::string& registry : named ? std::vector{first} : settings.shortNames) {
        Endpoint endpoint = endpointsOf(registry, settings).back();
        if (endpoint.authority == "docker.io")
            endpoint.host = hubSearch;
        Credentials credentials = finder.find(endpoint.authority, "");
        places.push_back({endpoint, endpoint.authority, named ? text.substr(slash + 1) : text, std::move(credentials),
            finder.trouble()});
    }
    if (places.empty())
        return fail(ErrorCode::InvalidArgument, "no registry is set for short names: write registry/{}", text);
    return places;
}

Search::Search(Network& network, SearchPlace place, std::size_t limit, Done done)
    : m_network(network)
    , m_place(std::move(place))
    , m_limit(limit)
    , m_done(std::move(done))
    , m_authorizer(network,
          {m_place.endpoint.host, m_place.registry, m_place.endpoint.plain, {"registry:catalog:*"}, m_place.credentials,
              m_place.trouble})
{
}

void Search::start()
{
    const QByteArray term = QUrl::toPercentEncoding(QString::fromStdString(m_place.term));
    const QUrl url = QUrl::fromEncoded(QByteArray::fromStdString(m_place.endpoint.base()) + "/v1/search?q=" + term
                                           + "&n=" + QByteArray::number(qsizetype(m_limit)),
                                       QUrl::StrictMode);
    // Without a login: what is searched is public, and the search has no way to ask for one.
    ask({.url = url, .what = "the search", .accept = "application/json", .limit = pageLimit,
         .successes = {200, 400, 401, 403, 404, 405, 406, 410}},
        &Search::searched);
}

void Search::ask(Question question, void (Search::*next)(const Answer&))
{
    m_transfer = std::make_unique<Transfer>(m_network, std::move(question), [this, next](Result<Answer> answer) {
        const auto transfer = std::move(m_transfer);
        if (!answer)
            return finish(fail(std::move(answer).error()));
        (this->*next)(*answer);
    });
    m_transfer->start();
}

void Search::searched(const Answer& answer)
{
    const auto hits = answer.status == 200 ? readAnswer<Hits>(answer) : fail(ErrorCode::NotFound, "no search");
    if (!hits)
        return askCatalog(
            QUrl(QString::fromStdString(m_place.endpoint.base() + "/v2/_catalog?n=1000"), QUrl::StrictMode));
    for (const Hit& hit : hits->results)
        add(hit.name, line(hit.description), hit.stars, hit.official);
    finish(std::move(m_found));
}

void Search::askCatalog(const QUrl& url)
{
    m_page = url;
    ask({.url = url, .what = "the list of repositories", .accept = "application/json", .authorizer = &m_authorizer,
         .limit = pageLimit, .successes = {200, 404, 405}},
        &Search::catalogued);
}

void Search::catalogued(const Answer& answer)
{
    const auto catalog = answer.status == 200 ? readAnswer<Catalog>(answer) : fail(ErrorCode::NotFound, "no list");
    if (!catalog)
        return finish(fail(ErrorCode::FailedPrecondition,
            "{} can neither be searched nor does it list its repositories: give the image's name in full",
            m_place.registry));
    for (const std::string& path : catalog->repositories)
        if (path.contains(m_place.term))
            add(path, "", 0, false);
    const QUrl next = nextPage(m_page, answer.link);
    if (!next.isValid() || m_found.images.size() >= m_limit || ++m_pages >= pagesLimit)
        return finish(std::move(m_found));
    if (!sameOrigin(m_page, next) || next.path() != m_page.path())
        return finish(fail(ErrorCode::Corrupt, "the list of repositories from {} leads elsewhere", m_place.registry));
    askCatalog(next);
}

// What has no name that it could be pulled by is left out.
void Search::add(const std::string& path, std::string description, std::int64_t stars, bool official)
{
    const std::string whole = path.starts_with(m_place.registry + "/") ? path : m_place.registry + "/" + path;
    const auto reference = image::normalizedReference(whole);
    if (!reference || path.contains(':') || m_found.images.size() >= m_limit)
        return;
    m_found.images.push_back({reference->substr(0, reference->rfind(':')), std::move(description),
        std::max<std::int64_t>(stars, 0), official});
}

void Search::finish(Result<image::SearchOutcome> outcome)
{
    m_transfer.reset();
    if (const Done done = std::exchange(m_done, {}))
        done(outcome ? std::move(outcome) : fail(std::move(outcome).error().in("search " + m_place.registry)));
}

} // namespace rocker::fetch
