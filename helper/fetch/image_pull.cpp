#include "helper/fetch/image_pull.h"

#include "engine/image/worker_messages.h"

#include <algorithm>
#include <set>

namespace rocker::fetch {

namespace {

constexpr std::size_t layersAtOnce = 4;
constexpr int indexLimit = 2;

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QUrl urlOf(const std::string& text)
{
    return QUrl(QString::fromStdString(text), QUrl::StrictMode);
}

Result<> checkDigestOf(std::string_view text, const std::string& wanted, std::string_view what)
{
    const std::string found = image::digestOf(text);
    if (found != wanted)
        return fail(ErrorCode::Corrupt, "{} has the digest {} instead of {}", what, found, wanted);
    return {};
}

} // namespace

ImagePull::ImagePull(Network& network, Order order, Progress progress, Done done)
    : m_network(network)
    , m_order(std::move(order))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_authorizer(network, Authorizer::accessTo(m_order.site, {m_order.site.scope("pull")}))
{
}

void ImagePull::start()
{
    askManifest(m_order.site.reference.wanted(), {});
}

void ImagePull::ask(Question question, std::function<Result<>(Answer)> next)
{
    question.authorizer = &m_authorizer;
    question.limit = image::documentLimit;
    m_document = std::make_unique<Transfer>(
        m_network, std::move(question), [this, next = std::move(next)](Result<Answer> answer) {
            const auto transfer = std::move(m_document); // `next` may ask again
            if (!answer)
                return finish(fail(std::move(answer).error()));
            if (auto gone = next(std::move(*answer)); !gone)
                finish(std::move(gone));
        });
    m_document->start();
}

void ImagePull::askManifest(const std::string& name, const std::optional<image::Descriptor>& descriptor)
{
    Question question{.url = urlOf(m_order.site.url("manifests", name)), .what = "the manifest",
                      .accept = QByteArray(acceptedManifests.data(), qsizetype(acceptedManifests.size()))};
    if (descriptor)
        question.size = descriptor->size;
    ask(std::move(question), [this, descriptor](const Answer& answer) { return manifestArrived(answer, descriptor); });
}

Result<> ImagePull::manifestArrived(const Answer& answer, const std::optional<image::Descriptor>& descriptor)
{
    const std::string_view text = viewOf(answer.body);
    auto read = TRY(readManifest(viewOf(answer.contentType), text), "the manifest from {}", m_order.site.endpoint.host);
    const std::string digest = image::digestOf(text);
    const std::string wanted = descriptor ? descriptor->digest : m_order.site.reference.digest;
    if (!wanted.empty() && digest != wanted)
        return fail(ErrorCode::Corrupt, "the manifest from {} has the digest {} instead of {}",
            m_order.site.endpoint.host, digest, wanted);
    if (const std::string said = answer.contentDigest.toStdString(); image::isDigest(said) && said != digest)
        return fail(ErrorCode::Corrupt, "the manifest from {} has the digest {}, not {} as is said with it",
            m_order.site.endpoint.host, digest, said);
    if (m_digest.empty())
        m_digest = digest;
    if (auto* manifest = std::get_if<ReadManifest>(&read)) {
        if (descriptor && descriptor->mediaType != manifest->mediaType)
            return fail(
                ErrorCode::Corrupt, "the manifest {} is named as a '{}' in the index", digest, descriptor->mediaType);
        return manifestRead(std::move(*manifest), digest, text);
    }
    if (++m_indexes > indexLimit)
        return fail(ErrorCode::Corrupt, "indexes of images lead to further indexes more than {} times", indexLimit);
    const image::Descriptor chosen = TRY(choose(std::get<ReadIndex>(read).index, m_order.platform));
    TRY(checkDocument(chosen), "the index of images");
    askManifest(chosen.digest, chosen);
    return {};
}

Result<> ImagePull::manifestRead(ReadManifest read, const std::string& digest, std::string_view text)
{
    m_manifest = std::move(read.manifest);
    const image::Descriptor self{.mediaType = read.mediaType, .digest = digest, .size = std::int64_t(text.size())};
    m_layout = TRY(LayoutWriter::create(m_order.file, self, m_manifest, m_order.limit));
    TRY(m_layout->write(digest, 0, text));
    const image::Descriptor& configuration = m_manifest.config;
    ask({.url = urlOf(m_order.site.url("blobs", configuration.digest)),
            .what = "the configuration",
            .size = configuration.size},
        [this](const Answer& answer) { return configurationArrived(answer); });
    return {};
}

Result<> ImagePull::configurationArrived(const Answer& answer)
{
    const std::string_view text = viewOf(answer.body);
    TRY(checkDigestOf(text, m_manifest.config.digest, "the configuration"));
    TRY(checkConfiguration(text, m_manifest, m_order.platform));
    TRY(m_layout->write(m_manifest.config.digest, 0, text));
    Wishes::Blobs all;
    for (const image::Descriptor& layer : m_manifest.layers)
        all.insert(layer.digest);
    if (!m_order.documentsReady)
        return wantLayers(all), Result<>{};
    m_order.documentsReady([this](Result<Wishes::Blobs> wanted) {
        wanted ? wantLayers(*wanted) : finish(fail(std::move(wanted).error()));
    });
    return {};
}

void ImagePull::wantLayers(const Wishes::Blobs& wanted)
{
    std::set<std::string> seen{m_manifest.config.digest};
    for (const image::Descriptor& layer : m_manifest.layers)
        if (wanted.contains(layer.digest) && seen.insert(layer.digest).second) {
            m_waiting.push_back(layer);
            m_totalBytes += layer.size;
        }
    std::ranges::reverse(m_waiting);
    m_progress(0, m_totalBytes);
    nextLayers();
}

void ImagePull::nextLayers()
{
    while (!m_waiting.empty() && m_layers.size() < layersAtOnce) {
        image::Descriptor next = std::move(m_waiting.back());
        m_waiting.pop_back();
        startLayer(std::move(next));
    }
    if (m_layers.empty())
        finish({});
}

void ImagePull::startLayer(image::Descriptor descriptor)
{
    const auto layer = m_layers.insert(m_layers.end(), Layer{std::move(descriptor), {}, 0, {}});
    const std::string& digest = layer->descriptor.digest;
    Question question{.url = urlOf(m_order.site.url("blobs", digest)),
                      .what = std::format("the layer {}", image::hexOf(digest).substr(0, 12)),
                      .authorizer = &m_authorizer,
                      .limit = layer->descriptor.size,
                      .size = layer->descriptor.size,
                      .sink = [this, layer](std::string_view bytes) { return layerBytes(*layer, bytes); }};
    layer->transfer = std::make_unique<Transfer>(
        m_network, std::move(question), [this, layer](Result<Answer> answer) { layerDone(layer, std::move(answer)); });
    layer->transfer->start();
}

Result<> ImagePull::layerBytes(Layer& layer, std::string_view bytes)
{
    layer.hash.add(bytes);
    TRY(m_layout->write(layer.descriptor.digest, layer.position, bytes));
    layer.position += std::int64_t(bytes.size());
    m_doneBytes += std::int64_t(bytes.size());
    m_progress(m_doneBytes, m_totalBytes);
    return {};
}

void ImagePull::layerDone(std::list<Layer>::iterator layer, Result<Answer> answer)
{
    if (!answer)
        return finish(fail(std::move(answer).error()));
    const std::string found = layer->hash.digest();
    if (found != layer->descriptor.digest)
        return finish(fail(ErrorCode::Corrupt, "a layer from {} has the digest {} instead of {}",
            m_order.site.endpoint.host, found, layer->descriptor.digest));
    m_layers.erase(layer);
    if (m_order.blobReady)
        m_order.blobReady(found);
    nextLayers();
}

// Nothing is at work any more when it is heard.
void ImagePull::finish(Result<> outcome)
{
    m_document.reset();
    m_layers.clear();
    m_waiting.clear();
    if (const Done done = std::exchange(m_done, {}))
        done(outcome ? Result<std::string>(m_digest) : fail(std::move(outcome).error()));
}

} // namespace rocker::fetch
