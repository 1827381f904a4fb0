#include "helper/fetch/transfer.h"

#include "helper/fetch/complaint.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>
#include <cerrno>

namespace rocker::fetch {

using namespace std::chrono_literals;

namespace {

constexpr qint64 bufferSize = 1 << 20; // a disk slower than the network must not fill the memory
constexpr qsizetype complaintLimit = 64 << 10;
constexpr int redirectLimit = 10;
constexpr int challengeLimit = 2;
constexpr std::int64_t progressWorthAttempts = 1 << 20;
constexpr int digestingTimes = 5; // as long as without a byte may what has been sent be digested

} // namespace

Transfer::Transfer(Network& network, Question question, Done done)
    : m_network(network), m_question(std::move(question)), m_done(std::move(done))
{
    m_idle.setSingleShot(true);
    QObject::connect(&m_idle, &QTimer::timeout, &m_context, [this] {
        m_idled = true;
        if (m_reply)
            m_reply->abort();
    });
}

Transfer::~Transfer()
{
    dropReply();
}

void Transfer::dropReply()
{
    m_idle.stop();
    if (QNetworkReply* reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect();
        reply->abort();
        reply->deleteLater();
    }
}

int Transfer::status() const
{
    return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

bool Transfer::isSuccess(int status) const
{
    return std::ranges::contains(m_question.successes, status);
}

QByteArray Transfer::field(const char* name) const
{
    return m_reply->rawHeader(name).trimmed();
}

QNetworkRequest Transfer::request(const QUrl& url)
{
    QNetworkRequest request(url);
    request.setRawHeader("User-Agent", "rocker");
    // Bytes as they are: what is compared is their digest, and nothing may unfold in memory.
    request.setRawHeader("Accept-Encoding", "identity");
    if (!m_question.accept.isEmpty())
        request.setRawHeader("Accept", m_question.accept);
    if (!m_question.contentType.isEmpty())
        request.setRawHeader("Content-Type", m_question.contentType);
    if (!m_question.contentRange.isEmpty())
        request.setRawHeader("Content-Range", m_question.contentRange);
    m_sent.clear();
    if (sameOrigin(url, m_question.url))
        m_sent = m_question.authorizer ? m_question.authorizer->header() : m_question.authorization;
    if (!m_sent.isEmpty())
        request.setRawHeader("Authorization", m_sent);
    if (m_received > 0)
        request.setRawHeader("Range", "bytes=" + QByteArray::number(qint64(m_received)) + "-");
    return request;
}

void Transfer::attempt(const QUrl& url)
{
    dropReply();
    if (!m_network.allows(url))
        return settle(fail(ErrorCode::PermissionDenied,
            "it is at '{}', which is not reached: only HTTPS is, and plain HTTP at "
            "registries that registries.json lists as insecure",
            quoted(url.toEncoded(QUrl::RemoveUserInfo | QUrl::RemoveQuery))));
    m_headSeen = m_taking = m_idled = false;
    m_skip = 0;
    m_complaint.clear();
    m_tlsTrouble = {};
    if (!m_question.sink && m_question.size < 0)
        m_received = 0;
    if (m_received == 0)
        m_answer.body.clear();
    m_reply = m_network.send(request(url), m_question.method, m_question.body);
    m_reply->setReadBufferSize(bufferSize);
    connectReply();
    m_idle.start(m_network.timing().idle);
}

void Transfer::connectReply()
{
    QObject::connect(m_reply, &QNetworkReply::metaDataChanged, &m_context, [this] { takeHead(); });
    QObject::connect(m_reply, &QNetworkReply::readyRead, &m_context, [this] { takeBytes(); });
    QObject::connect(m_reply, &QNetworkReply::finished, &m_context, [this] { finished(); });
    QObject::connect(m_reply, &QNetworkReply::sslErrors, &m_context, [this](const QList<QSslError>& errors) {
        m_tlsTrouble = errors.isEmpty() ? QSslError() : errors.front();
    });
    QObject::connect(m_reply, &QNetworkReply::uploadProgress, &m_context, [this](qint64 sent, qint64 total) {
        if (!m_reply || total <= 0)
            return;
        m_idle.start(m_network.timing().idle * (sent == total ? digestingTimes : 1));
        if (m_question.sent)
            m_question.sent(sent);
    });
}

void Transfer::takeHead()
{
    if (!m_reply || m_headSeen || status() == 0)
        return;
    m_headSeen = true;
    m_idle.start(m_network.timing().idle);
    if (!isSuccess(status()))
        return;
    if (auto checked = checkHead(); !checked)
        return settle(fail(std::move(checked).error()));
    m_taking = true;
    m_answer.contentType = field("Content-Type").split(';').front().trimmed().toLower();
    m_answer.contentDigest = field("Docker-Content-Digest");
    m_answer.link = field("Link");
    m_answer.status = status();
    m_answer.location.clear();
    if (const QByteArray location = field("Location"); !location.isEmpty())
        m_answer.location = m_reply->url().resolved(QUrl::fromEncoded(location, QUrl::StrictMode));
    m_answer.range = field("Range");
    m_answer.smallestChunk = field("OCI-Chunk-Min-Length");
}

Result<> Transfer::checkHead()
{
    const QByteArray encoding = field("Content-Encoding").toLower();
    if (!encoding.isEmpty() && encoding != "identity")
        return fail(ErrorCode::Corrupt, "it is sent in the encoding '{}', which nobody asked for", quoted(encoding));
    if (m_question.method == "HEAD")
        return {}; // what it announces does not come
    std::int64_t expected = m_question.size;
    if (status() == 206) {
        TRY(checkRange());
        expected -= m_received;
    } else {
        m_skip = m_received; // the server knows no ranges: it begins again
    }
    bool isNumber = false;
    const std::int64_t length = field("Content-Length").toLongLong(&isNumber);
    if (!isNumber)
        return {};
    if (m_question.size >= 0 && length != expected)
        return fail(ErrorCode::Corrupt, "the server announces {} bytes instead of {}", length, expected);
    if (length > m_question.limit)
        return fail(ErrorCode::Corrupt, "the server announces {} bytes: more than {} are not accepted", length,
            m_question.limit);
    return {};
}

// "bytes 100-199/200" (RFC 9110, 14.4)
Result<> Transfer::checkRange()
{
    const QByteArray range = field("Content-Range");
    const QByteArray wanted = "bytes " + QByteArray::number(qint64(m_received)) + "-"
        + QByteArray::number(qint64(m_question.size - 1)) + "/";
    const bool fits = range.startsWith(wanted)
        && (range.mid(wanted.size()) == "*" || range.mid(wanted.size()) == QByteArray::number(qint64(m_question.size)));
    if (m_received == 0 || !fits)
        return fail(ErrorCode::Corrupt, "the server sends the range '{}' when asked for '{}{}'", quoted(range),
            wanted.toStdString(), m_question.size);
    return {};
}

void Transfer::takeBytes()
{
    takeHead();
    if (!m_reply)
        return;
    const QByteArray bytes = m_reply->readAll();
    if (!m_taking) {
        m_complaint += bytes.left(complaintLimit - m_complaint.size());
        if (m_complaint.size() >= complaintLimit)
            m_reply->abort();
        return;
    }
    if (auto taken = take({bytes.constData(), std::size_t(bytes.size())}); !taken)
        return settle(fail(std::move(taken).error()));
    m_idle.start(m_network.timing().idle);
}

Result<> Transfer::take(std::string_view bytes)
{
    const std::size_t known = std::min<std::size_t>(bytes.size(), std::size_t(m_skip));
    m_skip -= std::int64_t(known);
    bytes.remove_prefix(known);
    const std::int64_t most = m_question.size >= 0 ? m_question.size : m_question.limit;
    if (std::int64_t(bytes.size()) > most - m_received)
        return fail(ErrorCode::Corrupt, "more bytes come than the {} that {}", most,
                    m_question.size >= 0 ? "it should have" : "are accepted");
    m_received += std::int64_t(bytes.size());
    if (m_question.sink)
        return m_question.sink(bytes);
    m_answer.body.append(bytes.data(), qsizetype(bytes.size()));
    return {};
}

void Transfer::finished()
{
    m_idle.stop();
    if (m_reply && m_reply->isOpen())
        takeBytes();
    m_idle.stop();
    if (!m_reply)
        return; // settled by its last bytes
    if (m_idled)
        return broken(std::format("nothing has come for {} s", double(m_network.timing().idle.count()) / 1000));
    if (isSuccess(status()))
        return complete();
    switch (status()) {
    case 0:
        return connectionFailed();
    case 301: case 302: case 303: case 307: case 308:
        return redirect();
    case 401:
        return challenged();
    case 408: case 429: case 500: case 502: case 503: case 504:
        return retry(complaintOf(status(), m_complaint), askedPause().value_or(0ms));
    default:
        return refused(status());
    }
}

void Transfer::complete()
{
    const bool whole = m_question.size >= 0 ? m_received == m_question.size
                                            : m_reply->error() == QNetworkReply::NoError || status() >= 400;
    if (whole)
        return settle(std::move(m_answer));
    broken(m_question.size >= 0
            ? std::format("the connection broke off after {} of {} bytes", m_received, m_question.size)
            : "the connection broke off");
}

void Transfer::broken(const std::string& why)
{
    retry(why, 0ms);
}

void Transfer::connectionFailed()
{
    const auto error = m_reply->error();
    const std::string reason = quoted(m_reply->errorString().toUtf8());
    const std::string host = hostOf(m_reply->url());
    if (error == QNetworkReply::SslHandshakeFailedError)
        return settle(fail(ErrorCode::Unavailable, "no trusted connection to {}: {} ({})", host,
                           m_tlsTrouble.errorString().isEmpty() || m_tlsTrouble.error() == QSslError::NoError
                               ? reason : quoted(m_tlsTrouble.errorString().toUtf8()),
                           adviceOn(m_tlsTrouble.error(), host)));
    // Nobody there, and nothing begun: it will hardly be there in a second.
    const bool unknown = error == QNetworkReply::HostNotFoundError;
    if ((unknown || error == QNetworkReply::ConnectionRefusedError) && m_received == 0 && !m_question.begun)
        return settle(fail(ErrorCode::Unavailable, "{} cannot be reached: {} ({})", host, reason,
                           unknown ? "is the name right, and does this machine have a network and a name server?"
                                   : "is the registry running, and is this its port?"));
    broken(std::format("the connection to {} failed: {}", host, reason));
}

void Transfer::redirect()
{
    const QUrl from = m_reply->url();
    const QUrl target = from.resolved(QUrl::fromEncoded(field("Location"), QUrl::StrictMode));
    if (++m_redirects > redirectLimit)
        return settle(fail(ErrorCode::Corrupt, "the server redirects more than {} times", redirectLimit));
    // Only these two keep what is sent (RFC 9110, 15.4).
    const bool kept = m_question.method == "GET" || m_question.method == "HEAD" || status() == 307 || status() == 308;
    if (!m_question.redirectable || !kept)
        return settle(fail(ErrorCode::Corrupt, "the server redirects what is sent to it alone"));
    if (field("Location").isEmpty() || !target.isValid())
        return settle(fail(ErrorCode::Corrupt, "the server redirects to nowhere"));
    if (from.scheme() == "https" && target.scheme() != "https")
        return settle(fail(
            ErrorCode::PermissionDenied, "the server redirects from HTTPS to '{}'", quoted(target.scheme().toUtf8())));
    attempt(target);
}

void Transfer::challenged()
{
    const bool elsewhere = !sameOrigin(m_reply->url(), m_question.url);
    if (elsewhere || !m_question.authorizer || ++m_challenges > challengeLimit)
        return refused(401);
    const auto challenges = parseChallenges(field("WWW-Authenticate").toStdString());
    const QByteArray sent = m_sent;
    const QByteArray complaint = m_complaint;
    dropReply();
    // What comes back after this transfer has gone finds its context gone.
    const QPointer<QObject> alive(&m_context);
    m_question.authorizer->answer(challenges, sent, [this, alive, complaint](Result<> answered) {
        if (!alive)
            return;
        if (!answered)
            return settle(fail(std::move(answered).error()));
        attempt(m_question.url);
    });
}

// Seconds, or a date (RFC 9110, 10.2.3).
std::optional<std::chrono::milliseconds> Transfer::askedPause() const
{
    const QByteArray asked = field("Retry-After");
    if (asked.isEmpty())
        return {};
    bool isNumber = false;
    const qlonglong seconds = asked.toLongLong(&isNumber);
    if (isNumber)
        return std::chrono::milliseconds(std::clamp<qlonglong>(seconds, 0, 1'000'000) * 1000);
    const QByteArray numeric = asked.endsWith("GMT") ? asked.chopped(3) + "+0000" : asked; // as Qt reads it
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(numeric), Qt::RFC2822Date);
    if (!date.isValid())
        return {};
    return std::chrono::milliseconds(std::max<qint64>(0, QDateTime::currentDateTimeUtc().msecsTo(date)));
}

void Transfer::retry(const std::string& why, std::chrono::milliseconds pause)
{
    const Timing& timing = m_network.timing();
    if (m_question.interrupted && pause <= timing.longestPause) {
        dropReply();
        m_done = {};
        QMetaObject::invokeMethod(
            &m_context, [call = m_question.interrupted, why, pause] { call(why, pause); }, Qt::QueuedConnection);
        return;
    }
    if (m_received - m_before >= progressWorthAttempts) {
        m_before = m_received;
        m_attempts = 0;
    }
    if (++m_attempts >= timing.attempts)
        return settle(fail(ErrorCode::Unavailable, "{}; given up after {} attempts", why, m_attempts));
    if (pause > timing.longestPause)
        return settle(
            fail(ErrorCode::Unavailable, "{}; the server asks to come back in {} s", why, pause.count() / 1000));
    dropReply();
    m_redirects = 0; // from the beginning: addresses that were redirected to expire
    m_challenges = 0;
    const auto own = std::min(timing.firstPause * (1 << (m_attempts - 1)), timing.longestPause);
    QTimer::singleShot(std::max(pause, own), &m_context, [this] { attempt(m_question.url); });
}

void Transfer::refused(int status)
{
    const bool elsewhere = !sameOrigin(m_reply->url(), m_question.url);
    const std::string where
        = elsewhere ? std::format("{}, to which the registry redirects, answers: ", hostOf(m_reply->url())) : "";
    const ErrorCode code = status == 404 ? ErrorCode::NotFound
        : status == 401 || status == 403 ? ErrorCode::PermissionDenied : ErrorCode::Unavailable;
    settle(fail(Error{code, status == 401 && !elsewhere ? ENOKEY : 0, where + complaintOf(status, m_complaint)}));
}

void Transfer::settle(Result<Answer> outcome)
{
    dropReply();
    if (!m_done)
        return;
    const bool asking = m_question.method == "GET" || m_question.method == "HEAD";
    if (!outcome)
        outcome = fail(std::move(outcome).error().in(
            std::format("{} {} {}", m_question.what, asking ? "from" : "to", hostOf(m_question.url))));
    // From the event loop: whoever hears it may drop this transfer.
    QMetaObject::invokeMethod(&m_context, [done = std::exchange(m_done, {}), outcome = std::move(outcome)]() mutable {
        done(std::move(outcome));
    }, Qt::QueuedConnection);
}

} // namespace rocker::fetch
