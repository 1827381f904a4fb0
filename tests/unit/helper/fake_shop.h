#pragma once

#include "engine/image/digest.h"
#include "helper/fetch/pull.h"
#include "tests/unit/helper/fake_registry.h"

#include <QEventLoop>
#include <QTemporaryFile>

#include <format>
#include <map>
#include <optional>

// One image, shop/thing:1, in a registry that is well-behaved until a test spoils something.
class Shop
{
public:
    static constexpr const char* manifestType = "application/vnd.oci.image.manifest.v1+json";
    static constexpr const char* indexType = "application/vnd.oci.image.index.v1+json";

    Shop() : server([this](const FakeRequest& request) { return answer(request); })
    {
        for (const int size : {300'000, 10, 70'000, 2'000'000, 1, 40'000}) {
            QByteArray layer(size, Qt::Uninitialized);
            for (int i = 0; i < size; ++i)
                layer[i] = char((i * 2654435761U + unsigned(size)) >> 24);
            layers += layer;
        }
        settings.insecure = {server.host()};
        build();
    }

    static std::string digest(const QByteArray& bytes)
    {
        return rocker::image::digestOf({bytes.constData(), std::size_t(bytes.size())});
    }

    // From the layers and what is set, the documents.
    void build()
    {
        std::string diffIds;
        std::string list;
        for (const QByteArray& layer : layers) {
            diffIds += std::format("{}\"{}\"", diffIds.empty() ? "" : ",", digest(layer));
            list += std::format(R"({}{{"mediaType":"{}","digest":"{}","size":{}}})", list.empty() ? "" : ",", layerType,
                digest(layer), layer.size());
        }
        configuration = QByteArray::fromStdString(
            std::format(R"({{"architecture":"{}","os":"{}","rootfs":{{"type":"layers","diff_ids":[{}]}}}})",
                architecture, system, diffIds));
        manifest = QByteArray::fromStdString(std::format(
            R"({{"schemaVersion":2,"mediaType":"{}",)"
            R"("config":{{"mediaType":"{}","digest":"{}","size":{}}},"layers":[{}]}})",
            manifestType, configurationType, digest(configuration), configuration.size(), list));
    }
    QByteArray indexOf(const std::string& platform) const
    {
        return QByteArray::fromStdString(std::format(
            R"({{"schemaVersion":2,"mediaType":"{}",)"
            R"("manifests":[{{"mediaType":"{}","digest":"{}","size":{},"platform":{}}}]}})",
            indexType, manifestType, digest(manifest), manifest.size(), platform));
    }

    FakeAnswer answer(const FakeRequest& request)
    {
        if (spoil)
            if (auto spoiled = spoil(request))
                return *spoiled;
        return honest(request);
    }
    FakeAnswer honest(const FakeRequest& request) const
    {
        const QByteArray path = request.path;
        if (path == "/v2/shop/thing/manifests/1")
            return {.body = index.isEmpty() ? manifest : index,
                .fields = {{"Content-Type", index.isEmpty() ? manifestType : indexType}}};
        if (path.startsWith("/v2/shop/thing/manifests/") && path.endsWith(QByteArray::fromStdString(digest(manifest))))
            return {.body = manifest, .fields = {{"Content-Type", manifestType}}};
        for (const QByteArray& blob : layers + QList<QByteArray>{configuration})
            if (path == "/v2/shop/thing/blobs/" + QByteArray::fromStdString(digest(blob)))
                return ranged(request, blob);
        return {.status = 404, .body = R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]})"};
    }
    static FakeAnswer ranged(const FakeRequest& request, const QByteArray& blob)
    {
        const QByteArray range = request.fields.value("range");
        if (!range.startsWith("bytes="))
            return {.body = blob};
        const qsizetype from = range.mid(6).chopped(1).toLongLong();
        return {.status = 206,
            .body = blob.mid(from),
            .fields = {{"Content-Range",
                "bytes " + QByteArray::number(from) + "-" + QByteArray::number(blob.size() - 1) + "/"
                    + QByteArray::number(blob.size())}}};
    }
    QByteArray layerPath(qsizetype number) const
    {
        return "/v2/shop/thing/blobs/" + QByteArray::fromStdString(digest(layers[number]));
    }

    // Pulls it; the file is `file` afterwards.
    rocker::Result<rocker::image::PullOutcome> pull(const std::string& platform = "linux/amd64")
    {
        using namespace rocker;
        using namespace std::chrono_literals;
        fetch::Network network(settings, timing);
        auto sites = fetch::sitesOf(reference.empty() ? server.host() + "/shop/thing:1" : reference, settings, finder);
        if (!sites)
            return fail(sites.error());
        for (fetch::Site& site : *sites)
            if (!credentials.isEmpty())
                site.credentials = credentials;
        file.open();
        std::optional<Result<image::PullOutcome>> outcome;
        QEventLoop loop;
        fetch::Pull pull(
            network, {std::move(*sites), *fetch::parsePlatform(platform), limit, BorrowedFd(file.handle())},
            [this](const std::string& step, std::int64_t done, std::int64_t) {
                steps += QString::fromStdString(step);
                progress = done;
            },
            [&](Result<image::PullOutcome> pulled) {
                outcome = std::move(pulled);
                loop.quit();
            });
        pull.start();
        QTimer::singleShot(60s, &loop, &QEventLoop::quit);
        loop.exec();
        return outcome ? std::move(*outcome) : fail(ErrorCode::Internal, "the pull does not end");
    }

    QList<QByteArray> layers;
    QByteArray configuration;
    QByteArray manifest;
    QByteArray index; // when set, what the tag leads to
    std::string architecture = "amd64";
    std::string system = "linux";
    std::string layerType = "application/vnd.oci.image.layer.v1.tar";
    std::string configurationType = "application/vnd.oci.image.config.v1+json";
    std::string reference;
    std::function<std::optional<FakeAnswer>(const FakeRequest&)> spoil;
    rocker::image::RegistrySettings settings;
    rocker::fetch::Timing timing{
        std::chrono::milliseconds(15'000), std::chrono::milliseconds(5), std::chrono::milliseconds(2500), 5};
    rocker::fetch::Credentials credentials;
    rocker::fetch::CredentialFinder finder{rocker::fetch::Person{}};
    std::int64_t limit = 1 << 30;
    QTemporaryFile file;
    QStringList steps;
    std::int64_t progress = 0;
    FakeRegistry server;
};
