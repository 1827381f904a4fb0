#pragma once

#include "helper/fetch/authorizer.h"

namespace rocker::fetch {

// One blob into a repository (distribution-spec, "Pushing blobs"): nothing is sent of one that is there, it is mounted
// from another repository of the registry where that is possible, and else uploaded, small ones at once and others in
// chunks. Where a connection breaks off the registry is asked how far it has got, and the rest is sent. Dropped at any
// moment.
class BlobUpload
{
public:
    static constexpr std::int64_t usualChunk = 32 << 20;

    struct Order {
        const Site& site;
        Authorization& authorizer;
        std::string digest;
        std::int64_t size = 0;
        std::string from; // a repository of this registry that has it, perhaps; may be empty
        BorrowedFd file{-1};
        std::int64_t chunk = usualChunk; // bytes
    };
    enum class Way { Present, Mounted, Uploaded };
    using Progress = std::function<void(std::int64_t)>; // bytes of it that have been sent; may go back
    using Done = std::function<void(Result<Way>)>;

    BlobUpload(Network& network, Order order, Progress progress, Done done);
    void start();

private:
    using Next = Result<> (BlobUpload::*)(const Answer&);
    Question question(const QByteArray& method, const QUrl& url, std::vector<int> successes) const;
    void ask(Question question, Next next);
    void begin(bool mounting);
    Result<> looked(const Answer& answer);
    Result<> begun(const Answer& answer);
    Result<> takeLocation(const Answer& answer);
    void send();
    Result<> chunkSent(const Answer& answer);
    Result<> allSent(const Answer& answer);
    Result<> takeStatus(const Answer& answer);
    void askStatus();
    Result<> again(const std::string& why, std::chrono::milliseconds pause, void (BlobUpload::*next)());
    void finish(Result<Way> outcome);
    std::string shortName() const;

    Network& m_network;
    Order m_order;
    Progress m_progress;
    Done m_done;
    QObject m_context; // of pauses: they end with it
    std::unique_ptr<Transfer> m_transfer;
    QUrl m_location;
    std::int64_t m_offset = 0;  // bytes that the registry has
    std::int64_t m_sending = 0; // bytes of the request under way
    std::int64_t m_best = 0;    // m_offset when the attempts were last counted from anew
    int m_attempts = 0;
    bool m_mounting = false;
    bool m_whole = false; // this registry takes no chunks
};

} // namespace rocker::fetch
