#pragma once

#include "engine/base/unique_fd.h"
#include "engine/image/registry_messages.h"

#include <QNetworkAccessManager>
#include <QSslConfiguration>
#include <QUrl>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace rocker::fetch {

// How patient transfers are.
struct Timing {
    std::chrono::milliseconds idle{60'000};        // without a byte
    std::chrono::milliseconds firstPause{1'000};   // before the second attempt; doubled for each further one
    std::chrono::milliseconds longestPause{60'000}; // that a server's Retry-After is followed
    int attempts = 5;                              // in a row that bring nothing
};

// What is sent with a request: bytes, or a part of a file, which stays open meanwhile.
struct Body {
    QByteArray bytes;
    BorrowedFd file{-1};
    std::int64_t offset = 0;
    std::int64_t size = 0; // of the part
};

// What all transfers of this process share.
class Network
{
public:
    explicit Network(const image::RegistrySettings& settings, Timing timing = {});

    // Certificates of administrators and of this machine for a registry: <directory>/<host>/*.crt are trusted beside
    // the system's, *.cert with *.key is who we are (docker's and podman's certs.d). To be read before it is talked to.
    Result<> loadCertificates(const std::string& host, const std::vector<std::string>& directories);

    // Whether a transfer may go there: HTTP without TLS only where the settings allow it.
    bool allows(const QUrl& url) const;
    QNetworkReply* send(const QNetworkRequest& request, const QByteArray& method, const Body& body);
    const Timing& timing() const { return m_timing; }

private:
    QNetworkAccessManager m_manager;
    Timing m_timing;
    std::vector<std::string> m_insecure;
    std::map<std::string, QSslConfiguration> m_certificates; // by "host" or "host:port", as in references
};

// "host", or "host:port" unless the port is the scheme's own.
std::string hostOf(const QUrl& url);
bool sameOrigin(const QUrl& left, const QUrl& right);

inline const std::vector<std::string> certificateDirectories{"/etc/containers/certs.d", "/etc/docker/certs.d"};

} // namespace rocker::fetch
