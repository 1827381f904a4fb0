#include "engine/json/json.h"

#include <set>

template class nlohmann::basic_json<>;

namespace rocker::json {

namespace {

// What the parser itself would not say: too deep, or a NUL, which it takes for the end.
Result<> checkShape(std::string_view text)
{
    if (text.contains('\0'))
        return fail(ErrorCode::InvalidArgument, "this is not JSON: there is a NUL in it");
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            i += c == '\\';
        else if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}')
            --depth;
        if (depth > maximumDepth)
            return fail(ErrorCode::InvalidArgument, "JSON is nested deeper than {} levels", maximumDepth);
    }
    return {};
}

} // namespace

Result<Value> parse(std::string_view text)
{
    TRY(checkShape(text));
    Value value = Value::parse(text, nullptr, false);
    if (value.is_discarded())
        return fail(ErrorCode::InvalidArgument, "this is not JSON");
    return value;
}

Result<Value> parseUnambiguous(std::string_view text)
{
    TRY(checkShape(text));
    std::vector<std::set<std::string>> keys; // of the objects around the place that is read
    std::optional<std::string> repeated;
    const Value::parser_callback_t watch = [&](int, Value::parse_event_t event, Value& value) {
        if (event == Value::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == Value::parse_event_t::object_end)
            keys.pop_back();
        else if (event == Value::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            repeated = value.get<std::string>();
        return true;
    };
    Value value = Value::parse(text, watch, false);
    if (value.is_discarded())
        return fail(ErrorCode::InvalidArgument, "this is not JSON");
    if (repeated)
        return fail(ErrorCode::InvalidArgument, "an object has the key '{}' twice", *repeated);
    return value;
}

std::string dump(const Value& value)
{
    return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

std::string dumpPretty(const Value& value)
{
    return value.dump(2, ' ', false, Value::error_handler_t::replace) + "\n";
}

namespace detail {

std::unexpected<Error> expected(std::string_view what, const Value& found)
{
    std::string text = dump(found);
    if (text.size() > 60)
        text = std::string(found.type_name());
    return fail(ErrorCode::InvalidArgument, "expected {}, not {}", what, text);
}

// A path grows at its front; only the innermost error's text has a space after its colon.
static Error joined(std::string prefix, Error&& error)
{
    const bool hasPath = error.what.starts_with('[')
        || (error.what.find(": ") != std::string::npos && error.what.find(' ') > error.what.find(": "));
    if (hasPath)
        prefix += error.what.starts_with('[') ? "" : ".";
    else
        prefix += ": ";
    error.what.insert(0, prefix);
    return std::move(error);
}

Error below(std::string_view key, Error&& error)
{
    return joined(std::string(key), std::move(error));
}

Error below(std::size_t index, Error&& error)
{
    return joined(std::format("[{}]", index), std::move(error));
}

} // namespace detail

} // namespace rocker::json
