#include "helper/fetch/blob_upload.h"

#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"
#include "helper/fetch/complaint.h"

#include <algorithm>

namespace rocker::fetch {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t progressWorthAttempts = 1 << 20;
constexpr std::int64_t largestChunk = 1LL << 30; // that a registry may ask for

// "0-99" or "bytes=0-99": how many bytes that is. Of "0-0" nobody knows whether it is one byte or none.
std::optional<std::int64_t> bytesOf(QByteArray range)
{
    if (range.startsWith("bytes="))
        range.remove(0, 6);
    bool isNumber = false;
    const qint64 last = range.mid(2).toLongLong(&isNumber);
    if (!range.startsWith("0-") || !isNumber || last <= 0 || last >= std::numeric_limits<qint64>::max())
        return {};
    return last + 1;
}

QUrl withDigest(QUrl url, const std::string& digest)
{
    const QString own = url.query(QUrl::FullyEncoded);
    const QString added = QStringLiteral("digest=") + QString::fromStdString(digest);
    url.setQuery(own.isEmpty() ? added : own + u'&' + added, QUrl::StrictMode);
    return url;
}

} // namespace

BlobUpload::BlobUpload(Network& network, Order order, Progress progress, Done done)
    : m_network(network), m_order(std::move(order)), m_progress(std::move(progress)), m_done(std::move(done))
{
}

std::string BlobUpload::shortName() const
{
    return std::string(image::hexOf(m_order.digest).substr(0, 12));
}

// The registry's login goes to the registry alone, wherever it keeps its uploads.
Question BlobUpload::question(const QByteArray& method, const QUrl& url, std::vector<int> successes) const
{
    const QUrl registry(QString::fromStdString(m_order.site.endpoint.base()));
    Question question{.url = url,
                      .what = std::format("the blob {}", shortName()),
                      .method = method,
                      .authorizer = sameOrigin(url, registry) ? &m_order.authorizer : nullptr,
                      .limit = image::documentLimit,
                      .successes = std::move(successes)};
    if (method != "GET" && method != "HEAD")
        question.contentType = "application/octet-stream";
    return question;
}

void BlobUpload::ask(Question question, Next next)
{
    m_transfer = std::make_unique<Transfer>(m_network, std::move(question), [this, next](Result<Answer> answer) {
        const auto transfer = std::move(m_transfer); // `next` may ask again
        if (!answer)
            return finish(fail(std::move(answer).error()));
        if (auto gone = (this->*next)(*answer); !gone)
            finish(fail(std::move(gone).error().in(std::format("the blob {}", shortName()))));
    });
    m_transfer->start();
}

void BlobUpload::start()
{
    m_offset = 0;
    ask(question("HEAD", QUrl(QString::fromStdString(m_order.site.url("blobs", m_order.digest)), QUrl::StrictMode),
                 {200, 404}),
        &BlobUpload::looked);
}

Result<> BlobUpload::looked(const Answer& answer)
{
    if (answer.status == 200)
        return finish(Way::Present), Result<>{};
    begin(!m_order.from.empty());
    return {};
}

// What cannot be mounted is uploaded, whatever the registry says why: it may be hidden from this user.
void BlobUpload::begin(bool mounting)
{
    m_mounting = mounting;
    m_progress(0);
    std::string url = m_order.site.url("blobs", "uploads/");
    if (mounting)
        url += std::format("?mount={}&from={}", m_order.digest,
                           QUrl::toPercentEncoding(QString::fromStdString(m_order.from)).toStdString());
    Question first = question("POST", QUrl(QString::fromStdString(url), QUrl::StrictMode), {201, 202});
    if (mounting)
        first.successes.insert(first.successes.end(), {400, 403, 404, 405});
    first.begun = true;
    ask(std::move(first), &BlobUpload::begun);
}

Result<> BlobUpload::begun(const Answer& answer)
{
    if (answer.status == 201 && m_mounting)
        return finish(Way::Mounted), Result<>{};
    if (answer.status == 201)
        return fail(ErrorCode::Corrupt, "the registry calls it complete before it has been sent");
    if (answer.status != 202)
        return begin(false), Result<>{};
    m_location.clear();
    TRY(takeLocation(answer));
    if (!m_location.isValid())
        return fail(ErrorCode::Corrupt, "the registry does not say where it is to be sent to");
    bool isNumber = false;
    if (const qint64 least = answer.smallestChunk.toLongLong(&isNumber); isNumber && least > m_order.chunk) {
        m_order.chunk = std::min<std::int64_t>(least, largestChunk);
        m_whole = m_whole || least > largestChunk;
    }
    send();
    return {};
}

// Each answer may name another address for what comes next.
Result<> BlobUpload::takeLocation(const Answer& answer)
{
    if (answer.location.isEmpty())
        return {};
    const bool plain = m_order.site.endpoint.plain;
    if (!m_network.allows(answer.location) || (!plain && answer.location.scheme() != "https"))
        return fail(ErrorCode::PermissionDenied,
                    "it is to be sent to '{}', which is not reached: only HTTPS is, and plain HTTP at registries that "
                    "registries.json lists as insecure",
                    quoted(answer.location.toEncoded(QUrl::RemoveUserInfo | QUrl::RemoveQuery)));
    m_location = answer.location;
    m_location.setFragment({});
    return {};
}

void BlobUpload::send()
{
    const std::int64_t rest = m_order.size - m_offset;
    const bool last = m_whole || rest == 0 || (m_offset == 0 && rest <= m_order.chunk);
    m_sending = last ? rest : std::min(rest, m_order.chunk);
    Question part = last ? question("PUT", withDigest(m_location, m_order.digest), {201, 204, 404, 416})
                         : question("PATCH", m_location, {201, 202, 204, 404, 405, 416, 501});
    if (m_sending > 0)
        part.body = {.bytes = {}, .file = m_order.file, .offset = m_offset, .size = m_sending};
    if (m_sending > 0 && !(last && m_offset == 0))
        part.contentRange
            = QByteArray::number(qint64(m_offset)) + "-" + QByteArray::number(qint64(m_offset + m_sending - 1));
    part.begun = true;
    part.sent = [this](std::int64_t sent) { m_progress(m_offset + sent); };
    part.interrupted = [this](const std::string& why, std::chrono::milliseconds pause) {
        m_transfer.reset();
        if (auto gone = again(why, pause, &BlobUpload::askStatus); !gone)
            finish(fail(std::move(gone).error()));
    };
    ask(std::move(part), last ? &BlobUpload::allSent : &BlobUpload::chunkSent);
}

Result<> BlobUpload::chunkSent(const Answer& answer)
{
    if (answer.status == 405 || answer.status == 501) {
        m_whole = true;
        return again("the registry takes no chunks", 0ms, &BlobUpload::start);
    }
    if (answer.status == 404)
        return again("the registry has forgotten the upload", 0ms, &BlobUpload::start);
    if (answer.status == 416)
        return again("the registry has other bytes of it than were sent", 0ms, &BlobUpload::askStatus);
    TRY(takeLocation(answer));
    const std::int64_t sent = m_offset + m_sending;
    const auto taken = answer.range.isEmpty() ? sent : bytesOf(answer.range).value_or(0);
    if (taken > sent || taken < m_offset)
        return fail(ErrorCode::Corrupt, "the registry claims to have the bytes '{}' after {} were sent",
                    quoted(answer.range), sent);
    const bool nothing = taken == m_offset;
    m_offset = taken;
    if (nothing)
        return again("the registry takes nothing of what is sent", 0ms, &BlobUpload::askStatus);
    send();
    return {};
}

Result<> BlobUpload::allSent(const Answer& answer)
{
    if (answer.status == 404)
        return again("the registry has forgotten the upload", 0ms, &BlobUpload::start);
    if (answer.status == 416)
        return again("the registry has other bytes of it than were sent", 0ms, &BlobUpload::askStatus);
    if (const std::string said = answer.contentDigest.toStdString(); image::isDigest(said) && said != m_order.digest)
        return fail(ErrorCode::Corrupt, "the registry has it under the digest {} instead of {}", said, m_order.digest);
    m_progress(m_order.size);
    finish(Way::Uploaded);
    return {};
}

void BlobUpload::askStatus()
{
    Question status = question("GET", m_location, {200, 202, 204, 400, 404, 405});
    status.begun = true;
    ask(std::move(status), &BlobUpload::takeStatus);
}

// An upload that the registry knows nothing of any more may have come to its end meanwhile: that is looked for first.
Result<> BlobUpload::takeStatus(const Answer& answer)
{
    const auto has = answer.status < 300 ? bytesOf(answer.range) : std::nullopt;
    if (!has || *has > m_order.size)
        return start(), Result<>{};
    TRY(takeLocation(answer));
    m_offset = *has;
    if (m_offset - m_best >= progressWorthAttempts) {
        m_best = m_offset;
        m_attempts = 0;
    }
    send();
    return {};
}

Result<> BlobUpload::again(const std::string& why, std::chrono::milliseconds pause, void (BlobUpload::*next)())
{
    const Timing& timing = m_network.timing();
    if (m_offset - m_best >= progressWorthAttempts) {
        m_best = m_offset;
        m_attempts = 0;
    }
    if (++m_attempts >= timing.attempts)
        return fail(ErrorCode::Unavailable, "the blob {} to {}: {}; given up after {} attempts", shortName(),
                    m_order.site.endpoint.host, why, m_attempts);
    const auto own = std::min(timing.firstPause * (1 << (m_attempts - 1)), timing.longestPause);
    QTimer::singleShot(std::max(pause, own), &m_context, [this, next] { (this->*next)(); });
    return {};
}

void BlobUpload::finish(Result<Way> outcome)
{
    m_transfer.reset();
    // Whoever hears it may drop this.
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker::fetch
