#include "helper/fetch/network.h"

#include "engine/os/file.h"

#include <QNetworkProxyFactory>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslKey>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace rocker::fetch {

namespace {

constexpr std::size_t certificateLimit = 1 << 20;

// One proxy for all but the named hosts and domains.
class ProxyFactory : public QNetworkProxyFactory
{
public:
    ProxyFactory(const QUrl& proxy, std::vector<std::string> except)
        : m_proxy(QNetworkProxy::HttpProxy, proxy.host(), quint16(proxy.port(3128)), proxy.userName(), proxy.password())
        , m_except(std::move(except))
    {
    }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override
    {
        const std::string host = query.peerHostName().toStdString();
        const bool direct = std::ranges::any_of(m_except, [&](const std::string& name) {
            return host == name || (name.starts_with('.') && host.ends_with(name));
        });
        return {direct ? QNetworkProxy(QNetworkProxy::NoProxy) : m_proxy};
    }

private:
    QNetworkProxy m_proxy;
    std::vector<std::string> m_except;
};

// A part of a file as a device that can be rewound, for an attempt that must begin again.
class FilePart : public QIODevice
{
public:
    explicit FilePart(const Body& body) : m_body(body) { open(ReadOnly | Unbuffered); }
    qint64 size() const override { return m_body.size; }

protected:
    qint64 readData(char* data, qint64 most) override
    {
        const qint64 wanted = std::min<qint64>(most, m_body.size - pos());
        ssize_t count = 0;
        do
            count = ::pread(m_body.file.value(), data, std::size_t(wanted), m_body.offset + pos());
        while (count < 0 && errno == EINTR);
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    Body m_body;
};

// A client certificate and its key, from files whose names differ only in their ends.
Result<> addIdentity(QSslConfiguration& configuration, BorrowedFd directory, const std::string& name)
{
    const std::string keyName = name.substr(0, name.size() - 5) + ".key";
    const auto text = TRY(os::readFile(directory, name, certificateLimit), "'{}'", name);
    const auto keyText = TRY(os::readFile(directory, keyName, certificateLimit), "'{}'", keyName);
    const QSslCertificate certificate(QByteArray::fromStdString(text));
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec})
        if (const QSslKey key(QByteArray::fromStdString(keyText), algorithm); !key.isNull() && !certificate.isNull()) {
            configuration.setLocalCertificate(certificate);
            configuration.setPrivateKey(key);
            return {};
        }
    return fail(ErrorCode::Corrupt, "'{}' and '{}' are not a certificate and its key in PEM form", name, keyName);
}

Result<> addFrom(QSslConfiguration& configuration, BorrowedFd directory)
{
    for (const std::string& name : TRY(os::listDirectory(directory, "."))) {
        if (name.ends_with(".cert"))
            TRY(addIdentity(configuration, directory, name));
        if (!name.ends_with(".crt"))
            continue;
        const auto text = TRY(os::readFile(directory, name, certificateLimit), "'{}'", name);
        const QList<QSslCertificate> certificates = QSslCertificate::fromData(QByteArray::fromStdString(text));
        if (certificates.isEmpty())
            return fail(ErrorCode::Corrupt, "'{}' holds no certificate in PEM form", name);
        configuration.addCaCertificates(certificates);
    }
    return {};
}

} // namespace

Network::Network(const image::RegistrySettings& settings, Timing timing)
    : m_timing(timing)
    , m_insecure(settings.insecure)
{
    if (!settings.proxy.empty())
        m_manager.setProxyFactory(new ProxyFactory(QUrl(QString::fromStdString(settings.proxy)), settings.noProxy));
    m_manager.setAutoDeleteReplies(false);
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

Result<> Network::loadCertificates(const std::string& host, const std::vector<std::string>& directories)
{
    for (const std::string& directory : directories) {
        const std::string path = directory + "/" + host;
        auto opened = os::open(path, O_RDONLY | O_DIRECTORY);
        if (!opened
            && (opened.error().errnum == ENOENT || opened.error().errnum == ENOTDIR || opened.error().errnum == EACCES))
            continue;
        const std::string key = hostOf(QUrl(QString::fromStdString("https://" + host)));
        auto& configuration = m_certificates.try_emplace(key, QSslConfiguration::defaultConfiguration()).first->second;
        const UniqueFd place = TRY(std::move(opened), "'{}'", path);
        TRY(addFrom(configuration, place), "'{}'", path);
    }
    return {};
}

bool Network::allows(const QUrl& url) const
{
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return false;
    if (url.scheme() == "https")
        return true;
    const std::string whole = url.host().toStdString() + ":" + std::to_string(url.port(80));
    return url.scheme() == "http"
        && (std::ranges::contains(m_insecure, hostOf(url)) || std::ranges::contains(m_insecure, whole));
}

QNetworkReply* Network::send(const QNetworkRequest& request, const QByteArray& method, const Body& body)
{
    QNetworkRequest prepared = request;
    if (const auto found = m_certificates.find(hostOf(request.url())); found != m_certificates.end())
        prepared.setSslConfiguration(found->second);
    using Request = QNetworkRequest;
    prepared.setAttribute(Request::RedirectPolicyAttribute, Request::ManualRedirectPolicy);
    prepared.setAttribute(Request::CacheLoadControlAttribute, Request::AlwaysNetwork);
    prepared.setAttribute(Request::CacheSaveControlAttribute, false);
    prepared.setAttribute(Request::CookieLoadControlAttribute, Request::Manual);
    prepared.setAttribute(Request::CookieSaveControlAttribute, Request::Manual);
    prepared.setAttribute(Request::AuthenticationReuseAttribute, Request::Manual);
    prepared.setAttribute(
        Request::Http2AllowedAttribute, false); // each layer its own connection, and its own flow control
    if (method == "GET")
        return m_manager.get(prepared);
    if (method == "HEAD")
        return m_manager.head(prepared);
    if (body.file.value() < 0)
        return m_manager.sendCustomRequest(prepared, method, body.bytes);
    auto* part = new FilePart(body);
    QNetworkReply* reply = m_manager.sendCustomRequest(prepared, method, part);
    part->setParent(reply);
    return reply;
}

std::string hostOf(const QUrl& url)
{
    const int usual = url.scheme() == "https" ? 443 : 80;
    const int port = url.port(usual);
    const std::string host = url.host().toStdString();
    return port == usual ? host : host + ":" + std::to_string(port);
}

bool sameOrigin(const QUrl& left, const QUrl& right)
{
    return left.scheme() == right.scheme() && hostOf(left) == hostOf(right);
}

} // namespace rocker::fetch
