#include "helper/cli/auth_file.h"

#include <cstdlib>
#include <filesystem>

namespace rocker::cli {

Result<std::string> authFileOf(const Arguments& arguments)
{
    const char* const fromEnvironment = std::getenv("REGISTRY_AUTH_FILE");
    const std::string named = arguments.valueOr("authfile", fromEnvironment ? fromEnvironment : "");
    if (named.empty())
        return std::string();
    std::error_code error;
    const auto path = std::filesystem::absolute(named, error);
    if (error)
        return fail(Error::fromErrno(error.value()).in(named));
    return path.string();
}

} // namespace rocker::cli
