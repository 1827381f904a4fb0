#pragma once

#include "helper/fetch/authorizer.h"

namespace rocker::fetch {

// Where to search, and for what: "localhost:5000/thing", or "thing" where short names are looked for.
struct SearchPlace {
    Endpoint endpoint;
    std::string registry;
    std::string term;
    Credentials credentials;
    std::string trouble;
};
Result<std::vector<SearchPlace>> searchPlaces(
    const std::string& text, const image::RegistrySettings& settings, CredentialFinder& finder);

// What one registry has: by its search, as Docker Hub has one (/v1/search), else by its list of repositories
// (/v2/_catalog), gone through here.
class Search
{
public:
    using Done = std::function<void(Result<image::SearchOutcome>)>;
    Search(Network& network, SearchPlace place, std::size_t limit, Done done);
    void start();

private:
    void ask(Question question, void (Search::*next)(const Answer&));
    void searched(const Answer& answer);
    void askCatalog(const QUrl& url);
    void catalogued(const Answer& answer);
    void add(const std::string& path, std::string description, std::int64_t stars, bool official);
    void finish(Result<image::SearchOutcome> outcome);

    Network& m_network;
    SearchPlace m_place;
    std::size_t m_limit;
    Done m_done;
    Authorizer m_authorizer;
    std::unique_ptr<Transfer> m_transfer;
    QUrl m_page;
    int m_pages = 0;
    image::SearchOutcome m_found;
};

} // namespace rocker::fetch
