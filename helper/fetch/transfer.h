#pragma once

#include "engine/base/result.h"
#include "helper/fetch/challenge.h"
#include "helper/fetch/network.h"

#include <QNetworkReply>
#include <QSslError>
#include <QTimer>

#include <functional>
#include <optional>

namespace rocker::fetch {

// Who answers a server's challenges.
class Authorization
{
public:
    virtual ~Authorization() = default;
    // The Authorization field for requests now; empty for none.
    virtual QByteArray header() const = 0;
    // The server was not content with a request that carried `sent`. When done without an error, header() is worth
    // another try.
    virtual void answer(
        const std::vector<Challenge>& challenges, const QByteArray& sent, std::function<void(Result<>)> done)
        = 0;
};

struct Question {
    QUrl url;
    std::string what; // in messages: "the manifest"
    QByteArray accept;
    QByteArray method = "GET";
    Body body;
    QByteArray contentType;   // of the body
    QByteArray contentRange;  // of the body, "0-99"
    QByteArray authorization; // fixed; else `authorizer` is asked
    Authorization* authorizer = nullptr;
    std::int64_t limit = 0;   // bytes, refused beyond
    std::int64_t size = -1;   // of the whole answer, where it is known: then it can be resumed
    std::function<Result<>(std::string_view)> sink; // takes every byte once and in order; else Answer::body has them
    std::vector<int> successes{200, 206};           // what is an answer, and no reason to give up or to ask again
    bool redirectable = true;                       // false: it holds a secret for this server alone
    bool begun = false;                             // the server was there a moment ago: it is waited for
    // Instead of further attempts: the connection broke off, or the server asks to come back after `pause`.
    std::function<void(const std::string& why, std::chrono::milliseconds pause)> interrupted;
    std::function<void(std::int64_t)> sent;         // bytes of the body, so far, of this attempt
};

struct Answer {
    QByteArray body;
    QByteArray contentType; // without parameters, lower case
    QByteArray contentDigest; // Docker-Content-Digest
    QByteArray link;
    int status = 0;
    QUrl location; // absolute; not valid when none is named
    QByteArray range;
    QByteArray smallestChunk; // OCI-Chunk-Min-Length
};

// One question to a server until its answer is there or cannot be had: redirects, challenges, pauses, further attempts
// and the rest of an answer that broke off. Authorization goes to the question's own origin alone. Dropped at any
// moment.
class Transfer
{
public:
    using Done = std::function<void(Result<Answer>)>;
    Transfer(Network& network, Question question, Done done);
    ~Transfer();
    void start() { attempt(m_question.url); }

private:
    void attempt(const QUrl& url);
    QNetworkRequest request(const QUrl& url);
    void connectReply();
    void takeHead();
    Result<> checkHead();
    Result<> checkRange();
    void takeBytes();
    Result<> take(std::string_view bytes);
    void finished();
    void complete();
    void broken(const std::string& why);
    void redirect();
    void challenged();
    void retry(const std::string& why, std::chrono::milliseconds pause);
    std::optional<std::chrono::milliseconds> askedPause() const;
    void connectionFailed();
    void refused(int status);
    void settle(Result<Answer> outcome);
    void dropReply();
    int status() const;
    bool isSuccess(int status) const;
    QByteArray field(const char* name) const;

    Network& m_network;
    Question m_question;
    Done m_done;
    QObject m_context; // of all connections: they end with it
    QTimer m_idle;
    QNetworkReply* m_reply = nullptr;
    QByteArray m_sent; // Authorization of this attempt
    QByteArray m_complaint; // the body of an answer that is no success
    QSslError m_tlsTrouble;
    Answer m_answer;
    std::int64_t m_received = 0;
    std::int64_t m_skip = 0;   // bytes of this answer that are here already
    std::int64_t m_before = 0; // m_received when the attempts were last counted from anew
    int m_attempts = 0;
    int m_redirects = 0;
    int m_challenges = 0;
    bool m_headSeen = false;
    bool m_taking = false; // this answer's body is what was asked for
    bool m_idled = false;
};

} // namespace rocker::fetch
