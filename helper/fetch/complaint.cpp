#include "helper/fetch/complaint.h"

#include "engine/json/json.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

constexpr qsizetype quoteLimit = 200;

struct RegistryError {
    std::string code;
    std::string message;
    static constexpr auto fields()
    {
        return std::tuple(
            json::defaulted("code", &RegistryError::code), json::defaulted("message", &RegistryError::message));
    }
};

struct RegistryErrors {
    std::vector<RegistryError> errors;
    std::string details; // token servers: {"details": "incorrect username or password"}
    static constexpr auto fields()
    {
        return std::tuple(
            json::defaulted("errors", &RegistryErrors::errors), json::defaulted("details", &RegistryErrors::details));
    }
};

// What the registry calls it says more than the status.
std::string_view meaningOf(int status, std::string_view code)
{
    if (code == "MANIFEST_UNKNOWN")
        return "there is no such tag or digest; rocker tags lists the tags of a repository";
    if (code == "NAME_UNKNOWN")
        return "there is no such repository; rocker search looks for others";
    if (status == 429 || code == "TOOMANYREQUESTS")
        return "too many requests: wait a while, or log in, for which registries often allow more";
    switch (status) {
    case 401: return "access is denied: it does not exist, or it needs a login";
    case 403: return "access is forbidden: this login may not do it";
    case 404: return "there is no such thing";
    case 413: return "it is too large for this registry";
    default: return status >= 500 ? "the server has failed" : "the server refuses";
    }
}

} // namespace

std::string quoted(const QByteArray& text)
{
    std::string line = text.left(quoteLimit).toStdString();
    std::ranges::replace_if(line, [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return line + (text.size() > quoteLimit ? "..." : "");
}

std::string complaintOf(int status, const QByteArray& body)
{
    const auto read
        = json::readText<RegistryErrors>({body.constData(), std::size_t(body.size())}, json::UnknownKeys::Ignore);
    const auto first = read ? std::ranges::find_if(read->errors, [](const RegistryError& error) {
        return !error.code.empty() || !error.message.empty();
    }) : decltype(read->errors.begin()){};
    const bool named = read && first != read->errors.end();
    const std::string text = std::format("{} (status {})", meaningOf(status, named ? first->code : ""), status);
    if (named)
        return std::format("{}: {} {}", text, quoted(QByteArray::fromStdString(first->code)),
                           quoted(QByteArray::fromStdString(first->message)));
    return read && !read->details.empty() ? text + ": " + quoted(QByteArray::fromStdString(read->details)) : text;
}

std::string adviceOn(QSslError::SslError trouble, const std::string& host)
{
    switch (trouble) {
    case QSslError::HostNameMismatch:
        return "its certificate is for another name: reach it by that name, or give it a certificate for this one";
    case QSslError::CertificateExpired:
    case QSslError::CertificateNotYetValid:
        return "is the clock of this machine right? Otherwise its certificate must be renewed";
    case QSslError::NoError:
        return "a registry without TLS must be listed as insecure in registries.json";
    default:
        return std::format("a CA of your own belongs into /etc/containers/certs.d/{}/ca.crt", host);
    }
}

} // namespace rocker::fetch
