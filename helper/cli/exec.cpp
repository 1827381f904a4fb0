#include "helper/cli/command.h"
#include "helper/cli/session.h"
#include "helper/cli/tty.h"
#include "helper/cli/values.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> exec(const Context& context, const Arguments& arguments)
{
    Exec::Parameters parameters{.container = arguments.operands()[0],
                                .command = arguments.operandsFrom(1),
                                .environment = {},
                                .workingDirectory = arguments.valueOr("workdir", ""),
                                .user = arguments.valueOr("user", ""),
                                .tty = arguments.has("tty"),
                                .interactive = arguments.has("interactive"),
                                .size = terminalSize()};
    for (const std::string& text : arguments.values("env"))
        parameters.environment.push_back(TRY(parseEnvironment(text), "--env"));

    SignalQueue signals({SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT});
    Upgraded connection = TRY(TRY(context.connect()).upgrade<Exec>(parameters));
    const SessionEnd end = Session(std::move(connection), &signals,
                                   {.input = parameters.interactive, .terminal = parameters.tty, .forward = {}})
                               .run();
    if (end.how == SessionEnd::How::Disconnected)
        return fail(ErrorCode::Unavailable, "the connection to the command in '{}' was lost", parameters.container);
    return end.code;
}

} // namespace

Command execCommand()
{
    return {.syntax = {.names = {"exec"},
                       .operands = "CONTAINER COMMAND [ARGUMENT…]",
                       .summary = "Run one more command in a running container.",
                       .options = {{'i', "interactive", "", "pass standard input on"},
                                   {'t', "tty", "", "give it a terminal"},
                                   {'e', "env", "NAME[=VALUE]", "set a variable"},
                                   {'w', "workdir", "DIR", "where it starts"},
                                   {'u', "user", "USER[:GROUP]", "as whom it runs"}},
                       .fewest = 2,
                       .most = Syntax::anyNumber,
                       .stopAtOperand = true},
            .run = exec,
            .runsContainer = true};
}

} // namespace rocker::cli
