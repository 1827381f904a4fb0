#include "helper/protocol/varlink.h"

#include <utility>

namespace rocker::protocol {

namespace {

constexpr std::string_view errorPrefix = "org.rockerworkstation.";

struct ErrorParameters {
    std::string message;
    int errnum = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("message", &ErrorParameters::message),
                          json::defaulted("errno", &ErrorParameters::errnum));
    }
};

Error standardError(const Answer& answer)
{
    const std::string_view name = std::string_view(answer.error).substr(answer.error.rfind('.') + 1);
    const std::string details = answer.parameters.empty() ? "" : " " + json::dump(answer.parameters);
    const ErrorCode code = name == "PermissionDenied" ? ErrorCode::PermissionDenied
        : name.ends_with("NotFound") || name.ends_with("NotImplemented") ? ErrorCode::NotFound
        : name == "InvalidParameter" || name == "ExpectedMore" ? ErrorCode::InvalidArgument
                                                                : ErrorCode::Internal;
    return {code, 0, answer.error + details};
}

} // namespace

std::string encode(const Call& call)
{
    json::Value message{{"method", call.method}, {"parameters", call.parameters}};
    if (call.oneway)
        message["oneway"] = true;
    if (call.more)
        message["more"] = true;
    if (call.upgrade)
        message["upgrade"] = true;
    std::string text = json::dump(message);
    text.push_back('\0');
    return text;
}

std::string encode(const Answer& answer)
{
    json::Value message{{"parameters", answer.parameters}};
    if (answer.continues)
        message["continues"] = true;
    if (!answer.error.empty())
        message["error"] = answer.error;
    std::string text = json::dump(message);
    text.push_back('\0');
    return text;
}

Result<Call> decodeCall(std::string_view message)
{
    return json::readText<Call>(message, json::UnknownKeys::Ignore);
}

Result<Answer> decodeAnswer(std::string_view message)
{
    return json::readText<Answer>(message, json::UnknownKeys::Ignore);
}

Answer errorAnswer(const Error& error)
{
    return {.parameters = json::write(ErrorParameters{error.what, error.errnum}),
            .error = std::string(errorPrefix) + std::string(errorCodeName(error.code))};
}

Error errorOf(const Answer& answer)
{
    if (!answer.error.starts_with(errorPrefix))
        return standardError(answer);
    const auto parameters = json::read<ErrorParameters>(answer.parameters, json::UnknownKeys::Ignore);
    Error error{errorCodeFromName(std::string_view(answer.error).substr(errorPrefix.size())), 0, answer.error};
    if (parameters) {
        error.errnum = parameters->errnum;
        error.what = parameters->message;
    }
    return error;
}

std::optional<std::string> MessageBuffer::next()
{
    if (m_broken)
        return std::nullopt;
    const std::size_t end = m_buffer.find('\0', m_scanned);
    if (end == std::string::npos) {
        m_scanned = m_buffer.size();
        m_broken = m_scanned > m_limit;
        if (m_broken)
            m_buffer.clear();
        return std::nullopt;
    }
    m_scanned = 0;
    if (end > m_limit) {
        m_broken = true;
        m_buffer.clear();
        return std::nullopt;
    }
    std::string message = m_buffer.substr(0, end);
    m_buffer.erase(0, end + 1);
    return message;
}

std::string MessageBuffer::takeRest()
{
    m_scanned = 0;
    return std::exchange(m_buffer, {});
}

} // namespace rocker::protocol
