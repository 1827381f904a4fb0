#include "helper/cli/creation.h"

#include "helper/cli/auth_file.h"
#include "helper/cli/progress.h"
#include "helper/cli/values.h"

namespace rocker::cli {

namespace {

Result<> refuseNetworks(const Arguments& arguments)
{
    if (arguments.has("publish"))
        return fail(ErrorCode::InvalidArgument, "-p: publishing ports is not available in this version");
    if (const auto network = arguments.value("net"); network && *network != "none")
        return fail(ErrorCode::InvalidArgument,
                    "--net {}: networks are not available in this version: only 'none' is, which is the default",
                    *network);
    return {};
}

Result<protocol::Limits> limitsOf(const Arguments& arguments)
{
    protocol::Limits limits;
    if (const auto text = arguments.value("memory"))
        limits.memory = TRY(parseSize(*text), "--memory");
    if (const auto text = arguments.value("memory-swap"))
        limits.memorySwap = *text == "-1" ? -1 : TRY(parseSize(*text), "--memory-swap");
    if (const auto text = arguments.value("cpus"))
        limits.cpus = TRY(parseDecimal(*text), "--cpus");
    if (const auto text = arguments.value("cpushare"))
        limits.cpuShares = TRY(parseInteger(*text, 2, 262144), "--cpushare");
    if (const auto text = arguments.value("pids-limit"))
        limits.pids = TRY(parseInteger(*text, 1, INT64_C(1) << 22), "--pids-limit");
    limits.cpuset = arguments.value("cpuset");
    return limits;
}

enum class Pulling { Always, Missing, Never };

Result<Pulling> pullingOf(const Arguments& arguments)
{
    const std::string text = arguments.valueOr("pull", "missing");
    for (const auto& [name, pulling] :
        {std::pair("always", Pulling::Always), {"missing", Pulling::Missing}, {"never", Pulling::Never}})
        if (text == name)
            return pulling;
    return fail(ErrorCode::InvalidArgument, "--pull: '{}' is none of always, missing, never", text);
}

Result<> pullFor(Client& client, const std::string& image, const Arguments& arguments)
{
    const auto pulled = client.stream<protocol::PullImage>({.reference = image, .authFile = TRY(authFileOf(arguments))},
                                                           [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    return pulled ? Result<>() : fail(pulled.error());
}

bool isMissing(Client& client, const std::string& image)
{
    const auto found = client.call<protocol::InspectImage>({image});
    return !found && found.error().code == ErrorCode::NotFound;
}

} // namespace

std::vector<Option> creationOptions()
{
    return {
        {'i', "interactive", "", "keep its standard input open"},
        {'t', "tty", "", "give it a terminal"},
        {0, "name", "NAME", "what to call it"},
        {'v', "volume", "HOST:CONTAINER[:ro]", "show a file or directory of this machine inside"},
        {'e', "env", "NAME[=VALUE]", "set a variable"},
        {'w', "workdir", "DIR", "where its command starts"},
        {'u', "user", "USER[:GROUP]", "as whom its command runs"},
        {0, "hostname", "NAME", "its host name"},
        {0, "entrypoint", "COMMAND", "instead of the image's"},
        {'m', "memory", "SIZE", "at most so much memory: 256m, 1.5g"},
        {0, "memory-swap", "SIZE", "at most so much memory and swap together; -1 for no limit"},
        {0, "cpus", "NUMBER", "at most so many processors' time: 0.5"},
        {0, "cpuset", "LIST", "only on these processors: 0-2,4"},
        {0, "cpushare", "NUMBER", "its weight where processors are short: 1024 is normal"},
        {0, "pids-limit", "NUMBER", "at most so many processes"},
        {0, "cap-add", "NAME", "one more capability"},
        {0, "cap-drop", "NAME", "one less"},
        {0, "rm", "", "remove it when it ends"},
        {0, "pull", "WHEN", "fetch the image: always, missing (when it is not here, by itself) or never"},
        authFileOption,
        {0, "net", "none", "its network: 'none' is the only one in this version"},
        {'p', "publish", "PORT", "not available in this version"},
    };
}

Result<protocol::Create::Parameters> creationParameters(const Arguments& arguments)
{
    TRY(refuseNetworks(arguments));
    protocol::Create::Parameters parameters;
    parameters.image = arguments.operands()[0];
    parameters.command = arguments.operandsFrom(1);
    parameters.name = arguments.valueOr("name", "");
    parameters.workingDirectory = arguments.valueOr("workdir", "");
    parameters.user = arguments.valueOr("user", "");
    parameters.hostname = arguments.valueOr("hostname", "");
    if (const auto entrypoint = arguments.value("entrypoint"))
        parameters.entrypoint = entrypoint->empty() ? std::vector<std::string>() : std::vector{*entrypoint};
    for (const std::string& text : arguments.values("env"))
        parameters.environment.push_back(TRY(parseEnvironment(text), "--env"));
    for (const std::string& text : arguments.values("volume"))
        parameters.binds.push_back(TRY(parseBind(text), "--volume"));
    parameters.limits = TRY(limitsOf(arguments));
    parameters.capabilitiesAdd = arguments.values("cap-add");
    parameters.capabilitiesDrop = arguments.values("cap-drop");
    parameters.tty = arguments.has("tty");
    parameters.interactive = arguments.has("interactive");
    parameters.removeOnExit = arguments.has("rm");
    return parameters;
}

Result<protocol::Container> makeContainer(
    Client& client, const protocol::Create::Parameters& parameters, const Arguments& arguments)
{
    const Pulling pulling = TRY(pullingOf(arguments));
    if (pulling == Pulling::Always)
        TRY(pullFor(client, parameters.image, arguments));
    auto created = client.call<protocol::Create>(parameters);
    // Other things may not be there either.
    if (!created && created.error().code == ErrorCode::NotFound && pulling == Pulling::Missing
        && isMissing(client, parameters.image)) {
        TRY(pullFor(client, parameters.image, arguments), "'{}' is not here", parameters.image);
        created = client.call<protocol::Create>(parameters);
    }
    return TRY(std::move(created)).container;
}

} // namespace rocker::cli
