#include "helper/daemon/configuration.h"
#include "helper/daemon/server.h"
#include "helper/event/log.h"
#include "helper/services/container_service.h"
#include "helper/services/image_service.h"
#include "helper/services/system_service.h"

#include <systemd/sd-daemon.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>

namespace rocker {

namespace {

void prepareProcess()
{
    // Whoever starts a program from here restores its signals (signal(7)): an ignored one stays ignored in it.
    ::signal(SIGPIPE, SIG_IGN);
    ::umask(022);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

Result<> openSocket(Server& server, const Configuration& configuration)
{
    if (const int count = ::sd_listen_fds(1); count > 0) {
        UniqueFd listener(SD_LISTEN_FDS_START);
        if (count > 1 || ::sd_is_socket_unix(listener.value(), SOCK_STREAM, 1, nullptr, 0) <= 0)
            return fail(ErrorCode::InvalidArgument, "socket activation must hand over one listening Unix stream socket");
        return server.adopt(std::move(listener));
    }
    std::error_code error;
    std::filesystem::create_directories(configuration.runDirectory, error);
    if (error)
        return fail(Error::fromErrno(error.value()).in(std::format("create '{}'", configuration.runDirectory)));
    return server.listen(configuration.socketPath);
}

// The composition root: everything there is, joined here and nowhere else.
Result<> serve(const Configuration& configuration)
{
    EventLoop loop = TRY(EventLoop::create());
    const auto terminate = loop.onSignal(SIGTERM, [&] { loop.quit(); });
    const auto interrupt = loop.onSignal(SIGINT, [&] { loop.quit(); });

    EventHub events;
    const container::EngineConfig engine{configuration.stateDirectory, configuration.runDirectory, configuration.cgroupParent,
                                         configuration.monitorPath};
    ImageService images(loop, TRY(image::ImageStore::open(configuration.stateDirectory)), configuration.unpackPath, events);
    images.setRegistryClient({configuration.fetchPath, configuration.registriesPath});
    const auto containers = TRY(ContainerService::open(
        loop, engine, [&](const std::string& reference) { return images.resolve(reference); }, events));
    images.setUsers([&](const std::string& imageId) {
        std::vector<ImageService::User> users;
        for (ContainerService::User& user : containers->usersOf(imageId))
            users.push_back({std::move(user.name), user.owner});
        return users;
    });
    images.setChangesOf([&](const Caller& caller, const std::string& container, bool pause) -> Result<ImageService::ContainerChanges> {
        auto changes = TRY(containers->changesOf(caller, container, pause));
        return ImageService::ContainerChanges{changes.name, changes.imageId, std::move(changes.directory), std::move(changes.thaw)};
    });
    events.setSources({[&](const Caller& caller) { return containers->visibleTo(caller); },
                       [&](const Caller&) { return images.all(); }});
    SystemService system(loop, configuration.stateDirectory, events);
    system.setSources({[&] { return images.stored(); }, [&](const Caller& caller) { return containers->placesOf(caller); }});

    const Authority authority(configuration.group);
    Dispatcher dispatcher(authority);
    dispatcher.bind<protocol::Containers>(*containers);
    dispatcher.bind<protocol::Images>(images);
    dispatcher.bind<protocol::System>(system);

    Server server(loop, dispatcher);
    TRY(openSocket(server, configuration));
    ::sd_notify(0, "READY=1");
    log::info("serving {}", configuration.socketPath);
    TRY(loop.run());
    images.stop();
    ::sd_notify(0, "STOPPING=1");
    return {};
}

int run(const std::vector<std::string>& arguments)
{
    const auto configuration = readConfiguration(arguments);
    if (!configuration) {
        log::error("{}", configuration.error().what);
        return 2;
    }
    if (configuration->showHelp || configuration->showVersion) {
        std::fputs(configuration->showHelp ? configurationHelp().c_str() : "rocker-helper " ROCKER_VERSION "\n", stdout);
        return 0;
    }
    prepareProcess();
    const auto served = serve(*configuration);
    if (!served)
        log::error("{}", served.error().what);
    return served ? 0 : 1;
}

} // namespace

} // namespace rocker

int main(int argc, char** argv)
{
    return rocker::run({argv + 1, argv + argc});
}
