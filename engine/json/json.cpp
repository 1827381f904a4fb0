#include "engine/json/json.h"

namespace rocker::json {

Result<Value> parse(std::string_view text)
{
    Value value = Value::parse(text, nullptr, false);
    if (value.is_discarded())
        return fail(ErrorCode::InvalidArgument, "this is not JSON");
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
