#include "helper/protocol/varlink.h"

#include <utility>

namespace rocker::protocol {

namespace {

constexpr std::string_view standardPrefix = "org.varlink.service.";
constexpr int nestingLimit = 32;
constexpr std::size_t keptCapacity = 64 << 10;

// The standard's errors name what is wrong in one parameter; "message" is our helper's addition.
Error standardError(const Answer& answer)
{
    const std::string_view name = std::string_view(answer.error).substr(standardPrefix.size());
    const ErrorCode code = name == "PermissionDenied" ? ErrorCode::PermissionDenied
        : name.ends_with("NotFound") || name.ends_with("NotImplemented") ? ErrorCode::NotFound
        : name == "InvalidParameter" || name == "ExpectedMore"           ? ErrorCode::InvalidArgument
                                                                         : ErrorCode::Internal;
    const auto message = answer.parameters.find("message");
    if (message != answer.parameters.end() && message->is_string())
        return {code, 0, message->get<std::string>()};
    return {code, 0, answer.error + (answer.parameters.empty() ? "" : " " + json::dump(answer.parameters))};
}

// A stranger's text is looked over before it is parsed: the JSON library copies and writes values recursively, so that
// deep nesting would exhaust the stack, and a NUL inside a string would end it early in a system call.
Result<> checkShape(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\') {
            if (text.substr(i).starts_with("\\u0000"))
                return fail(ErrorCode::InvalidArgument, "a string contains a NUL");
            ++i;
        } else if (c == '"') {
            inString = !inString;
        } else if (!inString && (c == '[' || c == '{') && ++depth > nestingLimit) {
            return fail(ErrorCode::InvalidArgument, "it is nested more than {} levels deep", nestingLimit);
        } else if (!inString && (c == ']' || c == '}')) {
            --depth;
        }
    }
    return {};
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
    TRY(checkShape(message));
    return json::readText<Call>(message, json::UnknownKeys::Ignore);
}

Result<Answer> decodeAnswer(std::string_view message)
{
    TRY(checkShape(message));
    return json::readText<Answer>(message, json::UnknownKeys::Ignore);
}

Answer errorAnswer(const Error& error)
{
    return {.parameters = json::write(ErrorParameters{error.what, error.errnum}),
            .error = std::string(errorCodeName(error.code))};
}

Answer invalidParameter(const Error& error)
{
    const std::size_t end = error.what.find(": ");
    return {.parameters = {{"parameter", end == std::string::npos ? "parameters" : error.what.substr(0, end)},
                           {"message", error.what}},
            .error = "org.varlink.service.InvalidParameter"};
}

Error errorOf(const Answer& answer)
{
    if (answer.error.starts_with(standardPrefix))
        return standardError(answer);
    // npos + 1 is 0: a name without an interface is the code itself.
    const std::string_view name = std::string_view(answer.error).substr(answer.error.rfind('.') + 1);
    const auto parameters = json::read<ErrorParameters>(answer.parameters, json::UnknownKeys::Ignore);
    if (!parameters)
        return {errorCodeFromName(name), 0, answer.error};
    return {errorCodeFromName(name), parameters->errnum, parameters->message};
}

std::optional<std::string> MessageBuffer::next()
{
    if (m_broken)
        return std::nullopt;
    const std::size_t end = m_buffer.find('\0', m_scanned);
    if (end == std::string::npos) {
        m_scanned = m_buffer.size();
        if (m_scanned > m_limit)
            breakOff();
        return std::nullopt;
    }
    m_scanned = 0;
    if (end > m_limit) {
        breakOff();
        return std::nullopt;
    }
    std::string message = m_buffer.substr(0, end);
    m_buffer.erase(0, end + 1);
    if (m_buffer.empty() && m_buffer.capacity() > keptCapacity)
        m_buffer.shrink_to_fit();
    return message;
}

void MessageBuffer::breakOff()
{
    m_broken = true;
    m_buffer = {};
    m_scanned = 0;
}

std::string MessageBuffer::takeRest()
{
    m_scanned = 0;
    return std::exchange(m_buffer, {});
}

} // namespace rocker::protocol
