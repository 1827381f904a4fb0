#include "engine/runtime/selection.h"

#include "engine/base/scope_exit.h"

#include <regex.h>

namespace rocker::runtime {

Result<std::vector<std::string>> selectContainers(const Context& context)
{
    if (!context.arguments.isOn("regex"))
        return std::vector{context.id()};
    regex_t expression;
    if (::regcomp(&expression, context.id().c_str(), REG_EXTENDED | REG_NOSUB) != 0)
        return fail(ErrorCode::InvalidArgument, "invalid regular expression {}", context.id());
    const ScopeExit release([&] { ::regfree(&expression); });
    std::vector<std::string> names = TRY(StateDirectory::list(context.root));
    std::erase_if(names, [&](const std::string& name) { return ::regexec(&expression, name.c_str(), 0, nullptr, 0) != 0; });
    return names;
}

} // namespace rocker::runtime
