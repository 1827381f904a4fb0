#include "engine/runtime/selection.h"

#include "engine/base/scope_exit.h"

#include <regex.h>

namespace rocker::runtime {

static Result<std::vector<std::string>> matching(const Context& context)
{
    regex_t expression;
    if (::regcomp(&expression, context.id().c_str(), REG_EXTENDED | REG_NOSUB) != 0)
        return fail(ErrorCode::InvalidArgument, "invalid regular expression {}", context.id());
    const ScopeExit release([&] { ::regfree(&expression); });
    std::vector<std::string> names = TRY(StateDirectory::list(context.root));
    std::erase_if(names, [&](const std::string& name) { return ::regexec(&expression, name.c_str(), 0, nullptr, 0) != 0; });
    return names;
}

Result<> forEachSelected(const Context& context, const std::function<Result<>(const std::string&)>& act)
{
    if (!context.arguments.isOn("regex"))
        return act(context.id());
    for (const std::string& id : TRY(matching(context)))
        if (auto done = act(id); !done)
            context.log.warning(std::format("{}: {}", id, done.error().what));
    return {};
}

} // namespace rocker::runtime
