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

Result<int> startAndFollow(const Context& context, Client& client, const Container& container)
{
    SignalQueue signals(sessionSignals);
    TRY(client.call<Start>({container.id, terminalSize()}));
    return followContainer(context, container, true, signals);
}

void removeEnded(const Context& context, const Container& container)
{
    auto client = context.connect();
    if (!client)
        return complain(client.error().what);
    const auto state = client->call<Inspect>({container.id});
    if (state && (state->container.state == ContainerState::Running || state->container.state == ContainerState::Paused))
        return complain(std::format("'{}' goes on running, and stays when it ends", container.name));
    const auto removed = client->call<Remove>({container.id, false});
    if (!removed && removed.error().code != ErrorCode::NotFound)
        complain(removed.error().what);
}

Result<int> run(const Context& context, const Arguments& arguments)
{
    Create::Parameters parameters = TRY(creationParameters(arguments));
    const bool detached = arguments.has("detach");
    // In the foreground it is removed from here, after its last output and its exit code have been read.
    parameters.removeOnExit = detached && arguments.has("rm");
    Client client = TRY(context.connect());
    const Container container = TRY(client.call<Create>(parameters)).container;
    const auto code = detached ? startDetached(client, container) : startAndFollow(context, client, container);
    if (arguments.has("rm") && (!detached || !code))
        removeEnded(context, container);
    return code;
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
