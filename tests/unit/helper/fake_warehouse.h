#pragma once

#include "engine/image/digest.h"
#include "helper/fetch/image_push.h"
#include "tests/unit/helper/fake_registry.h"

#include <QEventLoop>
#include <QTemporaryFile>
#include <QUrlQuery>

#include <format>
#include <map>
#include <memory>
#include <optional>

// A registry that takes what is pushed, as the distribution-spec says it, until a test spoils something; and an image to
// push.
class Warehouse
{
public:
    static constexpr const char* manifestType = "application/vnd.oci.image.manifest.v1+json";

    Warehouse() : server([this](const FakeRequest& request) { return answer(request); })
    {
        for (const int size : {300'000, 10, 70'000, 500'000, 1, 0, 40'000}) {
            QByteArray blob(size, Qt::Uninitialized);
            for (int i = 0; i < size; ++i)
                blob[i] = char((i * 2654435761U + unsigned(size)) >> 24);
            layers += blob;
        }
        configuration = R"({"architecture":"amd64","os":"linux"})";
        build();
        settings.insecure = {server.host()};
    }

    static QByteArray digest(const QByteArray& bytes)
    {
        return QByteArray::fromStdString(rocker::image::digestOf({bytes.constData(), std::size_t(bytes.size())}));
    }

    void build()
    {
        const auto descriptor = [](const char* type, const QByteArray& blob) {
            return std::format(
                R"({{"mediaType":"{}","digest":"{}","size":{}}})", type, digest(blob).toStdString(), blob.size());
        };
        std::string list;
        for (const QByteArray& layer : layers)
            list += (list.empty() ? "" : ",") + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer);
        manifest = QByteArray::fromStdString(
            std::format(R"({{"schemaVersion":2,"mediaType":"{}","config":{},"layers":[{}]}})", manifestType,
                        descriptor("application/vnd.oci.image.config.v1+json", configuration), list));
    }

    FakeAnswer answer(const FakeRequest& request)
    {
        if (spoil)
            if (auto spoiled = spoil(request))
                return *spoiled;
        return honest(request);
    }

    FakeAnswer honest(const FakeRequest& request)
    {
        const QUrl url(QString::fromLatin1(request.path));
        const QByteArray path = url.path().toLatin1();
        const QUrlQuery query(url);
        const auto item = [&](const char* name) {
            return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toLatin1();
        };
        const QByteArray base = "/v2/shop/thing/";
        if (!path.startsWith(base))
            return {.status = 404};
        const QByteArray rest = path.mid(base.size());
        if (rest.startsWith("blobs/sha256:"))
            return {.status = blobs.contains(rest.mid(6)) ? 200 : 404, .body = blobs.value(rest.mid(6))};
        if (rest == "blobs/uploads/" && request.method == "POST") {
            if (mountable.value(item("from")).contains(item("mount"))) {
                blobs[item("mount")] = "mounted";
                return {.status = 201};
            }
            const QByteArray id = "u" + QByteArray::number(++count);
            uploads[id] = "";
            return progressed(id, 202);
        }
        if (rest.startsWith("blobs/uploads/"))
            return upload(request, rest.mid(14), item("digest"));
        if (rest.startsWith("manifests/") && request.method == "PUT") {
            manifests[rest.mid(10)] = request.body;
            types[rest.mid(10)] = request.fields.value("content-type");
            return {.status = 201, .fields = {{"Docker-Content-Digest", digest(request.body)}}};
        }
        if (rest.startsWith("manifests/"))
            return {.body = manifests.value(rest.mid(10)), .fields = {{"Content-Type", types.value(rest.mid(10))}}};
        return {.status = 404};
    }

    FakeAnswer progressed(const QByteArray& id, int status)
    {
        FakeAnswer answer{
            .status = status, .fields = {{"Location", location + id + "?state=" + QByteArray::number(++states)}}};
        answer.fields += std::pair{
            QByteArray("Range"), "0-" + QByteArray::number(std::max<qsizetype>(uploads[id].size() - 1, 0))};
        return answer;
    }

    // What came of a request that broke off is kept, as registries do.
    FakeAnswer upload(const FakeRequest& request, const QByteArray& id, const QByteArray& wanted)
    {
        if (!uploads.contains(id))
            return {.status = 404};
        if (request.method == "GET")
            return progressed(id, 204);
        const QByteArray range = request.fields.value("content-range");
        if (!range.isEmpty() && range.split('-').front().toLongLong() != uploads[id].size())
            return {.status = 416};
        uploads[id] += request.body;
        if (request.method == "PATCH")
            return progressed(id, 202);
        const QByteArray whole = uploads.take(id);
        if (digest(whole) != wanted)
            return {.status = 400, .body = R"({"errors":[{"code":"DIGEST_INVALID","message":"no"}]})"};
        blobs[wanted] = whole;
        return {.status = 201, .fields = {{"Docker-Content-Digest", wanted}}};
    }

    rocker::Result<rocker::image::PushOutcome> push()
    {
        using namespace rocker;
        using namespace std::chrono_literals;
        fetch::Network network(settings, timing);
        fetch::CredentialFinder finder{fetch::Person{}};
        auto sites = fetch::sitesOf(server.host() + "/shop/thing:1", settings, finder);
        if (!sites)
            return fail(sites.error());
        sites->front().credentials = credentials;
        fetch::ImagePush::Order order{
            .site = sites->front(), .manifest = manifest.toStdString(), .manifestType = manifestType, .chunk = chunk};
        std::vector<std::unique_ptr<QTemporaryFile>> files;
        for (const QByteArray& blob : layers + QList<QByteArray>{configuration}) {
            files.push_back(std::make_unique<QTemporaryFile>());
            files.back()->open();
            files.back()->write(damaged == digest(blob) ? QByteArray(blob).fill('x') : blob);
            files.back()->flush();
            order.blobs.push_back({digest(blob).toStdString(), blob.size(), from.value(digest(blob)).toStdString(),
                                   BorrowedFd(files.back()->handle())});
        }
        std::optional<Result<image::PushOutcome>> outcome;
        QEventLoop loop;
        fetch::ImagePush push(
            network, std::move(order),
            [this](std::int64_t done, std::int64_t total) { progress = done, this->total = total; },
            [&](Result<image::PushOutcome> pushed) {
                outcome = std::move(pushed);
                loop.quit();
            });
        QTimer::singleShot(0, &loop, [&] { push.start(); });
        QTimer::singleShot(60s, &loop, &QEventLoop::quit);
        loop.exec();
        return outcome ? std::move(*outcome) : fail(ErrorCode::Internal, "the push does not end");
    }

    QList<QByteArray> layers;
    QByteArray configuration;
    QByteArray manifest;
    QMap<QByteArray, QByteArray> from;                  // a blob's digest: repository
    QMap<QByteArray, QList<QByteArray>> mountable;      // repository: digests
    QByteArray damaged;                                 // what of them is not what the store thinks: its digest
    std::int64_t chunk = 100'000;
    QByteArray location = "/v2/shop/thing/blobs/uploads/"; // what uploads are said to be at
    QMap<QByteArray, QByteArray> blobs;
    QMap<QByteArray, QByteArray> uploads;
    QMap<QByteArray, QByteArray> manifests;
    QMap<QByteArray, QByteArray> types;
    int count = 0;
    int states = 0;
    std::function<std::optional<FakeAnswer>(const FakeRequest&)> spoil;
    rocker::image::RegistrySettings settings;
    rocker::fetch::Timing timing{
        std::chrono::milliseconds(5'000), std::chrono::milliseconds(5), std::chrono::milliseconds(2500), 5};
    rocker::fetch::Credentials credentials;
    std::int64_t progress = 0;
    std::int64_t total = 0;
    FakeRegistry server;
};
