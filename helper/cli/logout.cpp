#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> logout(const Context& context, const Arguments& arguments)
{
    const std::string registry = arguments.operands().empty() ? "docker.io" : arguments.operands()[0];
    const auto reply = TRY(TRY(context.connect()).call<LogoutFromRegistry>({registry, TRY(authFileOf(arguments))}));
    print(std::format("The login at {} was taken out of {}.\n", registry, reply.place));
    return 0;
}

} // namespace

Command logoutCommand()
{
    return {.syntax = {.names = {"logout"},
                       .operands = "[REGISTRY]",
                       .summary = "Forget the login at a registry, docker.io when none is named.",
                       .options = {authFileOption},
                       .fewest = 0,
                       .most = 1},
            .run = logout};
}

} // namespace rocker::cli
