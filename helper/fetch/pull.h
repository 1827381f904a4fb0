#pragma once

#include "helper/fetch/image_pull.h"

namespace rocker::fetch {

// An image from the first site that has it. What one has left in the file is gone when the next one is asked.
class Pull
{
public:
    struct Order {
        std::vector<Site> sites;
        Platform platform;
        std::int64_t limit = 0;
        BorrowedFd file{-1};
        // As ImagePull's; and what was ready is not any more.
        std::function<void(Wishes::Heard)> documentsReady = {};
        std::function<void(const std::string& digest)> blobReady = {};
        std::function<void()> anew = {};
    };
    using Progress = std::function<void(const std::string& step, std::int64_t done, std::int64_t total)>;
    using Done = std::function<void(Result<image::PullOutcome>)>;

    Pull(Network& network, Order order, Progress progress, Done done);
    void start() { next(); }

private:
    void next();
    void ended(Result<std::string> digest);

    Network& m_network;
    Order m_order;
    Progress m_progress;
    Done m_done;
    std::size_t m_site = 0;
    std::string m_failures; // of the sites before
    std::unique_ptr<ImagePull> m_pull;
};

// The tags of a repository, page after page (distribution-spec, "Listing Tags").
class TagList
{
public:
    using Done = std::function<void(Result<image::TagsOutcome>)>;
    TagList(Network& network, Site site, Done done);
    void start();

private:
    void ask(const QUrl& url);
    void pageArrived(const QUrl& url, Result<Answer> answer);
    Result<std::optional<QUrl>> takePage(const QUrl& url, const Answer& answer);
    void finish(Result<image::TagsOutcome> outcome);

    Network& m_network;
    Site m_site;
    Done m_done;
    Authorizer m_authorizer;
    std::unique_ptr<Transfer> m_page;
    int m_pages = 0;
    std::vector<std::string> m_tags;
};

} // namespace rocker::fetch
