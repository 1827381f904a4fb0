#include "helper/services/container_creation.h"

#include "engine/capability/capability.h"
#include "engine/mount/plan.h"
#include "helper/services/caller_file.h"
#include "helper/services/container_view.h"

#include <array>
#include <fcntl.h>
#include <random>

namespace rocker {

namespace {

std::string freeName(const container::Store& store)
{
    constexpr std::array adjectives{"amber", "brave", "calm", "clear", "eager", "gentle", "golden", "happy", "keen", "lively",
                                    "merry", "noble", "quick", "quiet", "silver", "steady", "sunny", "swift", "warm", "wise"};
    constexpr std::array nouns{"badger", "birch", "cedar", "comet", "crane", "delta", "falcon", "fjord", "heron", "island",
                               "lark", "maple", "meadow", "otter", "pine", "raven", "river", "sparrow", "summit", "willow"};
    std::random_device random;
    for (;;) {
        std::string name = std::string(adjectives[random() % adjectives.size()]) + "-" + nouns[random() % nouns.size()];
        if (store.nameTaken(name))
            name += std::format("-{}", random() % 10000);
        if (!store.nameTaken(name))
            return name;
    }
}

Result<> checkEnvironment(const std::vector<std::string>& environment)
{
    for (const std::string& entry : environment)
        if (entry.find('=') == 0 || entry.find('=') == std::string::npos || entry.contains('\0'))
            return fail(ErrorCode::InvalidArgument, "the environment entry '{}' is not of the form NAME=value", entry);
    return {};
}

Result<> checkBinds(const std::vector<protocol::Bind>& binds, const Caller& caller)
{
    for (const protocol::Bind& bind : binds) {
        TRY(mount::validateBind(bind.source, bind.target));
        if (bind.source.contains(':') || bind.target.contains(':'))
            return fail(ErrorCode::InvalidArgument, "a bind's path cannot contain a colon: '{}:{}'", bind.source, bind.target);
        TRY(openAsCaller(caller, bind.source, O_PATH), "the bind's source '{}'", bind.source);
    }
    return {};
}

std::string volumeOf(const protocol::Bind& bind)
{
    return bind.source + ":" + bind.target + (bind.readOnly ? ":ro" : "");
}

} // namespace

Result<container::ContainerInfo> planContainer(const protocol::Create::Parameters& parameters, const Caller& caller,
                                               const image::ResolvedImage& image, const container::Store& store)
{
    if (!parameters.name.empty() && !container::isValidName(parameters.name))
        return fail(ErrorCode::InvalidArgument, "'{}' is no name for a container: 1 to 64 letters, digits, '_', '.', '-', beginning with a letter or digit",
                    parameters.name);
    if (store.nameTaken(parameters.name))
        return fail(ErrorCode::AlreadyExists, "a container is called '{}' already", parameters.name);
    TRY(checkEnvironment(parameters.environment));
    TRY(checkBinds(parameters.binds, caller));
    TRY(cgroup::validate(limitsOf(parameters.limits)));
    if (!parameters.workingDirectory.empty() && !parameters.workingDirectory.starts_with('/'))
        return fail(ErrorCode::InvalidArgument, "the working directory '{}' is not absolute", parameters.workingDirectory);
    if (parameters.hostname.size() > 64)
        return fail(ErrorCode::InvalidArgument, "the host name is longer than 64 characters");

    container::ContainerInfo info;
    info.id = container::newId();
    info.name = parameters.name.empty() ? freeName(store) : parameters.name;
    info.created = container::timestamp();

    // The image's command belongs to the image's entrypoint: another entrypoint comes without it.
    info.args = parameters.entrypoint.value_or(image.record.entrypoint);
    const bool useImageCommand = parameters.command.empty() && !parameters.entrypoint;
    const std::vector<std::string>& command = useImageCommand ? image.record.command : parameters.command;
    info.args.insert(info.args.end(), command.begin(), command.end());
    if (info.args.empty() || info.args.front().empty())
        return fail(ErrorCode::InvalidArgument, "the image '{}' names no command: give one", parameters.image);

    info.config.cmd = parameters.command;
    info.config.image = image.reference;
    for (const protocol::Bind& bind : parameters.binds)
        info.config.volumes.push_back(volumeOf(bind));
    info.setLimits(limitsOf(parameters.limits));

    container::Settings& settings = info.settings;
    settings.imageId = image.id;
    for (const auto& layer : image.layers)
        settings.chainIds.push_back(layer.chainId);
    settings.environment = image.record.environment;
    settings.environment.insert(settings.environment.end(), parameters.environment.begin(), parameters.environment.end());
    settings.workingDirectory = !parameters.workingDirectory.empty() ? parameters.workingDirectory
        : !image.record.workingDirectory.empty()                     ? image.record.workingDirectory
                                                                     : "/";
    settings.user = parameters.user.empty() ? image.record.user : parameters.user;
    settings.hostname = parameters.hostname.empty() ? info.id.substr(0, 12) : parameters.hostname;
    if (!image.record.stopSignal.empty())
        settings.stopSignal = image.record.stopSignal;
    settings.capabilities = capability::namesOf(TRY(capability::combine(parameters.capabilitiesAdd, parameters.capabilitiesDrop)));
    settings.tty = parameters.tty;
    settings.interactive = parameters.interactive;
    settings.removeOnExit = parameters.removeOnExit;
    settings.owner = caller.uid;
    settings.ownerGroup = caller.gid;
    settings.firstHostId = TRY(store.freeHostIds());
    return info;
}

} // namespace rocker
