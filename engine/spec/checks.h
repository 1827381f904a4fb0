#pragma once

#include "engine/base/result.h"
#include "engine/spec/spec.h"

#include <span>

// What the parts of validate() share. `path` is the JSON path of the value, and the error begins with it.
namespace rocker::spec {

// fail(path, "what is wrong with {}", value), as an InvalidArgument.
template<typename... Args>
std::unexpected<Error> wrong(std::string_view path, std::format_string<Args...> format, Args&&... args)
{
    return rocker::fail(ErrorCode::InvalidArgument, "{}: {}", path, std::format(format, std::forward<Args>(args)...));
}

bool isOneOf(std::string_view text, std::span<const std::string_view> names);
Result<> checkAbsolute(std::string_view path, std::string_view value);
// No NUL byte in it: the kernel would read less than was checked.
Result<> checkText(std::string_view path, std::string_view value);
// "NAME=value", the name not empty.
Result<> checkEnvironment(std::string_view path, const std::vector<std::string>& entries);
// "0-3,7" of numbers below `limit`; how many there are. Empty is none.
Result<std::size_t> checkNumberList(std::string_view path, std::string_view list, std::uint64_t limit);
// Ranges of ids that are not empty, do not overlap and stay below 2^32 - 1 (user_namespaces(7)).
Result<> checkMappings(std::string_view path, const std::vector<IdMapping>& mappings);

// A namespace of this type is made or joined.
bool hasNamespace(const Linux& platform, std::string_view type);

Result<> validateLinux(std::string_view path, const Linux& platform);

} // namespace rocker::spec
