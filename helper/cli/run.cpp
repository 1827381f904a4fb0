#include "helper/cli/container_session.h"
#include "helper/cli/creation.h"
#include "helper/cli/tty.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> startDetached(Client& client, const Container& container)
{
    TRY(client.call<Start>({container.id, std::nullopt}));
    print(container.id + "\n");
    return 0;
}

Result<Followed> startAndFollow(const Context& context, Client& client, const Container& container)
{
    SignalQueue signals(sessionSignals);
    TRY(client.call<Start>({container.id, terminalSize()}));
    return followContainer(context, container, true, signals);
}

void removeContainer(Client& client, const Container& container, bool force = false)
{
    const auto removed = client.call<Remove>({container.id, force});
    if (!removed && removed.error().code != ErrorCode::NotFound)
        complain(removed.error().what);
}

Result<int> runDetached(const Context& context, const Create::Parameters& parameters, const Arguments& arguments)
{
    Client client = TRY(context.connect());
    const Container container = TRY(makeContainer(client, parameters, arguments));
    const auto code = startDetached(client, container);
    if (!code && parameters.removeOnExit)
        removeContainer(client, container);
    return code;
}

// With --rm it is removed from here, after its last output and its exit code have been read.
Result<int> runAttached(const Context& context, Create::Parameters parameters, const Arguments& arguments)
{
    const bool removing = std::exchange(parameters.removeOnExit, false);
    Client client = TRY(context.connect());
    const Container container = TRY(makeContainer(client, parameters, arguments));
    auto followed = startAndFollow(context, client, container);
    if (removing && (!followed || followed->ended)) {
        removeContainer(client, container);
    } else if (removing && followed->exitCode == 128 + SIGPIPE) {
        removeContainer(client, container, true); // nobody reads what it prints
    } else if (removing) {
        complain(std::format("'{}' goes on running, and stays when it ends", container.name));
    }
    return TRY(followed).exitCode;
}

Result<int> run(const Context& context, const Arguments& arguments)
{
    Create::Parameters parameters = TRY(creationParameters(arguments));
    return arguments.has("detach") ? runDetached(context, parameters, arguments)
                                   : runAttached(context, std::move(parameters), arguments);
}

std::vector<Option> options()
{
    std::vector<Option> all = creationOptions();
    all.push_back({'d', "detach", "", "leave it running and print its ID"});
    return all;
}

} // namespace

Command runCommand()
{
    return {.syntax = {.names = {"run"},
                       .operands = "IMAGE [COMMAND [ARGUMENT…]]",
                       .summary = "Make a container from an image and run it.",
                       .options = options(),
                       .fewest = 1,
                       .most = Syntax::anyNumber,
                       .stopAtOperand = true},
            .run = run,
            .runsContainer = true};
}

} // namespace rocker::cli
