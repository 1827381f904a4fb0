#include "helper/fetch/image_push.h"

#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"

#include <algorithm>
#include <set>

namespace rocker::fetch {

namespace {

constexpr std::size_t blobsAtOnce = 4;
constexpr std::size_t sourcesLimit = 8; // repositories that a token is asked for at once

// The repository itself, and those that blobs may be mounted from.
std::vector<std::string> scopesOf(const ImagePush::Order& order)
{
    std::vector<std::string> scopes{order.site.scope("pull,push")};
    for (const ImagePush::Blob& blob : order.blobs)
        if (const std::string scope = std::format("repository:{}:pull", blob.from);
            !blob.from.empty() && !std::ranges::contains(scopes, scope) && scopes.size() <= sourcesLimit)
            scopes.push_back(scope);
    return scopes;
}

} // namespace

ImagePush::ImagePush(Network& network, Order order, Progress progress, Done done)
    : m_network(network)
    , m_order(std::move(order))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_authorizer(network, Authorizer::accessTo(m_order.site, scopesOf(m_order)))
    , m_digest(image::digestOf(m_order.manifest))
{
}

void ImagePush::start()
{
    if (auto planned = plan(); !planned)
        return finish(fail(std::move(planned).error()));
    nextBlobs();
}

// What the manifest names, each blob once, the configuration last of all: it is the least to repeat.
Result<> ImagePush::plan()
{
    const auto read = TRY(readManifest(m_order.manifestType, m_order.manifest), "the image's manifest");
    const auto* manifest = std::get_if<ReadManifest>(&read);
    if (!manifest)
        return fail(ErrorCode::Corrupt, "the image's manifest is an index");
    std::vector<image::Descriptor> named = manifest->manifest.layers;
    named.push_back(manifest->manifest.config);
    std::set<std::string> seen;
    for (const image::Descriptor& descriptor : named) {
        if (!seen.insert(descriptor.digest).second)
            continue;
        const auto blob = std::ranges::find(m_order.blobs, descriptor.digest, &Blob::digest);
        if (blob == m_order.blobs.end() || blob->size != descriptor.size)
            return fail(ErrorCode::FailedPrecondition,
                        "the image's manifest names the blob {}, which the store does not have in that form: pull or "
                        "import the image again",
                        descriptor.digest);
        m_waiting.push_back(&*blob);
        m_totalBytes += blob->size;
    }
    std::ranges::reverse(m_waiting);
    return {};
}

void ImagePush::nextBlobs()
{
    while (!m_waiting.empty() && m_uploads.size() < blobsAtOnce) {
        const Blob& blob = *m_waiting.back();
        m_waiting.pop_back();
        const auto upload = m_uploads.insert(m_uploads.end(), Upload{blob, 0, {}});
        upload->upload = std::make_unique<BlobUpload>(
            m_network,
            BlobUpload::Order{m_order.site, m_authorizer, blob.digest, blob.size,
                blob.from == m_order.site.reference.repository ? "" : blob.from, blob.file, m_order.chunk},
            [this, upload](std::int64_t sent) {
                upload->sent = sent;
                showProgress();
            },
            [this, upload](Result<BlobUpload::Way> way) {
                // From the event loop: it is still on the stack of its own callbacks.
                QMetaObject::invokeMethod(
                    &m_context, [this, upload, way = std::move(way)]() mutable { blobDone(upload, std::move(way)); },
                    Qt::QueuedConnection);
            });
        upload->upload->start();
    }
    if (m_uploads.empty())
        sendManifest();
}

void ImagePush::showProgress()
{
    std::int64_t sent = m_doneBytes;
    for (const Upload& upload : m_uploads)
        sent += upload.sent;
    m_progress(sent, m_totalBytes);
}

void ImagePush::blobDone(std::list<Upload>::iterator upload, Result<BlobUpload::Way> way)
{
    if (!m_done)
        return;
    if (!way)
        return finish(fail(std::move(way).error()));
    ++(*way == BlobUpload::Way::Present       ? m_outcome.present
            : *way == BlobUpload::Way::Mounted ? m_outcome.mounted
                                               : m_outcome.uploaded);
    m_doneBytes += upload->blob.size;
    m_uploads.erase(upload);
    showProgress();
    nextBlobs();
}

void ImagePush::sendManifest()
{
    const std::string& tag = m_order.site.reference.tag;
    Question question{.url = QUrl(QString::fromStdString(m_order.site.url("manifests", tag)), QUrl::StrictMode),
                      .what = "the manifest",
                      .method = "PUT",
                      .body = {.bytes = QByteArray::fromStdString(m_order.manifest)},
                      .contentType = QByteArray::fromStdString(m_order.manifestType),
                      .authorizer = &m_authorizer,
                      .limit = image::documentLimit,
                      .successes = {200, 201, 202},
                      .begun = true};
    m_document = std::make_unique<Transfer>(
        m_network, std::move(question), [this](Result<Answer> answer) { manifestSent(std::move(answer), false); });
    m_document->start();
}

// A registry that does not say what it has made of the manifest is asked.
void ImagePush::manifestSent(Result<Answer> answer, bool asked)
{
    const auto transfer = std::move(m_document);
    if (!answer)
        return finish(fail(std::move(answer).error()));
    const std::string said = answer->contentDigest.toStdString();
    if (said.empty() && !asked) {
        const std::string& tag = m_order.site.reference.tag;
        m_document = std::make_unique<Transfer>(
            m_network,
            Question{.url = QUrl(QString::fromStdString(m_order.site.url("manifests", tag)), QUrl::StrictMode),
                     .what = "the manifest",
                     .accept = QByteArray::fromStdString(m_order.manifestType),
                     .authorizer = &m_authorizer,
                     .limit = image::documentLimit,
                     .begun = true},
            [this](Result<Answer> found) { manifestSent(std::move(found), true); });
        return m_document->start();
    }
    const std::string found
        = asked ? image::digestOf({answer->body.constData(), std::size_t(answer->body.size())}) : said;
    if (found != m_digest)
        return finish(fail(ErrorCode::Corrupt, "the registry has the manifest under the digest '{}' instead of {}",
                           found.substr(0, 80), m_digest));
    m_outcome.name = m_order.site.reference.fullName();
    m_outcome.digest = m_digest;
    finish(m_outcome);
}

// Nothing is at work any more when it is heard.
void ImagePush::finish(Result<image::PushOutcome> outcome)
{
    m_document.reset();
    m_uploads.clear();
    m_waiting.clear();
    if (const Done done = std::exchange(m_done, {}))
        done(outcome ? std::move(outcome)
                     : fail(std::move(outcome).error().in("push " + m_order.site.reference.fullName())));
}

} // namespace rocker::fetch
