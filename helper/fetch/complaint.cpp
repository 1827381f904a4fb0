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

std::string_view meaningOf(int status)
{
    switch (status) {
    case 401: return "access is denied: it does not exist, or it needs a login (podman login, docker login)";
    case 403: return "access is forbidden";
    case 404: return "there is no such thing";
    case 429: return "too many requests";
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
    std::string text = std::format("{} (status {})", meaningOf(status), status);
    const auto read
        = json::readText<RegistryErrors>({body.constData(), std::size_t(body.size())}, json::UnknownKeys::Ignore);
    if (!read)
        return text;
    for (const RegistryError& error : read->errors)
        if (!error.code.empty() || !error.message.empty())
            return std::format("{}: {} {}", text, quoted(QByteArray::fromStdString(error.code)),
                quoted(QByteArray::fromStdString(error.message)));
    return read->details.empty() ? text : text + ": " + quoted(QByteArray::fromStdString(read->details));
}

} // namespace rocker::fetch
