#include "engine/runtime/creation.h"

#include "engine/cgroup/path.h"
#include "engine/container/namespaces.h"
#include "engine/json/text.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "engine/runtime/crun_status.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/inherited_fds.h"
#include "engine/runtime/manners.h"
#include "engine/runtime/pid_file.h"
#include "engine/seccomp/cache.h"

#include <cstdlib>
#include <unistd.h>

namespace rocker::runtime {

Result<> checkTerminal(const Context& context, bool terminal, bool detached)
{
    const bool socket = !context.arguments.text("console-socket").empty();
    if (detached && terminal && !socket)
        return fail(ErrorCode::InvalidArgument, "cannot allocate tty if {} will detach without setting console socket: use --console-socket",
                    context.program);
    if ((!detached || !terminal) && socket)
        return fail(ErrorCode::InvalidArgument, "cannot use console socket if {} will not detach or allocate tty", context.program);
    return {};
}

bool isRootless(const Context& context)
{
    if (context.rootless)
        return *context.rootless;
    if (::geteuid() != 0)
        return true;
    // The initial user namespace maps all ids, and no other can (user_namespaces(7)).
    const auto map = os::readFile("/proc/self/uid_map");
    return map && !map->contains("4294967295");
}

Result<std::string> cgroupPlace(const Context& context, const spec::Spec& spec)
{
    const std::string path = spec.platform ? spec.platform->cgroupsPath : std::string();
    if (context.cgroupManager == Context::Manager::Disabled || (path.empty() && ::geteuid() != 0))
        return std::string();
    if (context.cgroupManager == Context::Manager::Systemd) {
        const auto manager = ::geteuid() == 0 ? cgroup::Manager::System : cgroup::Manager::User;
        return TRY(cgroup::systemdUnitOf(path, context.id(), manager), "linux.cgroupsPath").place;
    }
    return TRY(cgroup::placeOf(path, context.id()), "linux.cgroupsPath");
}

NotifyPlace notifyPlace(const Context& context, const std::string& manager)
{
    return context.calledAs("crun") ? crunNotifyPlace(manager) : runcNotifyPlace();
}

std::string serviceManager()
{
    const char* value = std::getenv("NOTIFY_SOCKET");
    return value ? value : "";
}

std::string hookState(const Record& record, pid_t pid, std::string_view status)
{
    return json::text(HookState{.ociVersion = record.ociVersion,
                                .id = record.id,
                                .status = std::string(status),
                                .pid = status == "stopped" || pid == 0 ? std::nullopt : std::optional(pid),
                                .bundle = record.bundle,
                                .annotations = record.annotations});
}

UniqueFd openFilterCache(const Context& context, const spec::Spec& spec)
{
    if (!spec.platform || !spec.platform->seccomp)
        return UniqueFd();
    auto root = os::open(context.root, O_RDONLY | O_DIRECTORY);
    auto cache = root ? seccomp::openCache(*root) : std::move(root);
    if (cache)
        return std::move(*cache);
    context.log.debug(std::format("no cache of seccomp filters: {}", cache.error().what));
    return UniqueFd();
}

Result<> Creation::read()
{
    const Arguments& arguments = m_context.arguments;
    std::string config = arguments.text("config", "config.json");
    if (config != "config.json")
        config = TRY(absolutePath(config));
    if (arguments.has("pid-file"))
        m_pidFile = TRY(absolutePath(arguments.text("pid-file")));
    if (const std::string bundle = arguments.text("bundle"); !bundle.empty())
        TRY(os::checkDone(::chdir(bundle.c_str())), "go to the bundle '{}'", bundle);
    m_bundlePath = TRY(absolutePath("."));
    m_bundlePath.resize(std::max<std::size_t>(m_bundlePath.size() - 2, 1)); // "/." at its end

    auto text = os::readFile(config);
    if (!text && text.error().errnum == ENOENT)
        return fail(ErrorCode::NotFound, "JSON specification file {} not found", config);
    m_document = TRY(parseDocument(TRY(std::move(text), "read '{}'", config)), "{}", config);
    spec::Spec& spec = m_document.spec;
    if (!m_context.calledAs("runc")) {
        TRY(addDefaultIdMaps(spec));
        if (spec.process)
            dropImpossibleAmbient(*spec.process);
    }
    TRY(spec::validate(spec));
    // Only `start` needs one (config.md, "Process"): a process without a command is one that cannot be started.
    if (!spec.process)
        spec.process = spec::Process{.cwd = "/"};
    for (const spec::Mount& mount : spec.mounts)
        if (!mount.destination.starts_with('/'))
            m_context.log.warning(std::format("mount '{}': relative destination path is **deprecated**, using it as relative to /",
                                              mount.destination));
    return {};
}

Result<> Creation::recordProcess(const bundle::Created& created, const cgroup::Cgroup* cgroup)
{
    m_record.pid = created.pid;
    m_record.startTime = TRY(processTimes(created.pid)).startTime;
    if (cgroup)
        m_record.cgroupPaths = cgroup->paths();
    for (const container::NamespaceKind& kind : container::namespaceKinds())
        m_record.namespacePaths[std::string(kind.name)] = std::format("/proc/{}/ns/{}", created.pid, kind.file);
    // Before it is finished, only its hooks are told of it.
    const bool watched = m_document.spec.hooks && !(m_document.spec.hooks->prestart.empty() && m_document.spec.hooks->createRuntime.empty()
                                                    && m_document.spec.hooks->createContainer.empty());
    return watched ? m_state->write(m_record) : Result<>();
}

static bool makesPidNamespace(const spec::Spec& spec)
{
    if (spec.platform)
        for (const spec::Namespace& space : spec.platform->namespaces)
            if (space.type == "pid")
                return space.path.empty();
    return false;
}

static bool isSettled(const spec::Spec& spec)
{
    const bool hooked = spec.hooks && !(spec.hooks->poststart.empty() && spec.hooks->poststop.empty());
    const bool watched = spec.platform && spec.platform->seccomp && !spec.platform->seccomp->listenerPath.empty();
    return !hooked && !watched;
}

Result<> Creation::make(bundle::StartedBy startedBy)
{
    const Arguments& arguments = m_context.arguments;
    spec::Spec& spec = m_document.spec;
    const InheritedFds inherited = TRY(findInheritedFds(arguments));
    const bool detached = startedBy == bundle::StartedBy::Anybody || arguments.isOn("detach");
    TRY(checkTerminal(m_context, spec.process->terminal, detached));

    m_record = {.ociVersion = spec.ociVersion,
                .id = m_context.id(),
                .bundle = m_bundlePath,
                .rootfs = spec.root->path.starts_with('/') ? spec.root->path : m_bundlePath + "/" + spec.root->path,
                .created = timestamp(),
                .creating = true,
                .cgroupPlace = TRY(cgroupPlace(m_context, spec)),
                .annotations = spec.annotations,
                .sharesPids = !makesPidNamespace(spec),
                .isSettled = isSettled(spec)};
    m_state = TRY(StateDirectory::create(m_context.root, m_context.id()));
    // Before there is anything else that a crash could leave behind.
    TRY(m_state->write(m_record));
    TRY(m_state->keepConfiguration(*m_document.text));

    bundle::CreateRequest request;
    request.id = m_context.id();
    request.bundlePath = m_bundlePath;
    request.spec = spec;
    request.spec.process->env.insert(request.spec.process->env.end(), inherited.environment.begin(), inherited.environment.end());
    if (const std::string manager = serviceManager(); !manager.empty()) {
        const NotifyPlace place = notifyPlace(m_context, manager);
        TRY(offerNotifySocket(request.spec, *m_state, std::format("{}/{}", m_context.root, m_context.id()), place));
        if (startedBy == bundle::StartedBy::Creator)
            m_notifyProxy = TRY(NotifyProxy::open(*m_state, manager, place));
    }
    request.seccompText = m_document.seccompText;
    if (m_context.calledAs("crun"))
        request.agentVersion = "0.2.0"; // of the states of crun, whatever the configuration's
    request.startedBy = startedBy;
    request.stateDirectory = TRY(os::duplicate(m_state->descriptor()));
    request.cacheDirectory = openFilterCache(m_context, spec);
    request.cgroupPlace = m_record.cgroupPlace;
    request.cgroupTolerance = isRootless(m_context) ? cgroup::Tolerance::Rootless : cgroup::Tolerance::None;
    request.consoleSocket = arguments.text("console-socket");
    request.preservedFds = inherited.count;
    request.pivotRoot = !arguments.isOn("no-pivot");
    request.newKeyring = !arguments.isOn("no-new-keyring");
    request.record = [this](const bundle::Created& created, const cgroup::Cgroup* cgroup) { return recordProcess(created, cgroup); };
    request.stateJson = [this](pid_t pid, std::string_view status) { return hookState(m_record, pid, status); };
    request.warn = m_context.warner();
    request.debug = m_context.debugger();
    auto made = bundle::Container::create(std::move(request));
    if (!made) // callers of runc look for its words
        return fail(m_context.calledAs("crun") ? std::move(made).error()
                                               : std::move(made).error().in("unable to start container process"));
    m_container.emplace(std::move(*made));
    m_record.creating = false;
    if (m_context.calledAs("crun"))
        TRY(m_state->write("status", TRY(crunStatus(m_record))));
    return m_state->write(m_record);
}

Result<std::unique_ptr<Creation>> Creation::begin(const Context& context, bundle::StartedBy startedBy)
{
    TRY(StateDirectory::checkId(context.id()));
    auto creation = std::make_unique<Creation>(context);
    TRY(creation->read());
    context.log.debug(std::format("creating container {} of the bundle {}", context.id(), creation->m_bundlePath));
    TRY(creation->make(startedBy));
    return creation;
}

Result<> Creation::announce()
{
    const bundle::Created& created = m_container->created();
    if (const std::string socket = m_context.arguments.text("pidfd-socket"); !socket.empty())
        TRY(sendPidfd(socket, created.process.value()));
    if (!m_pidFile.empty())
        TRY(writePidFile(m_pidFile, created.pid));
    return {};
}

void Creation::leave()
{
    m_container->leave();
    m_container.reset();
    m_state->unlock();
    m_state.reset();
}

void Creation::destroy()
{
    // `delete --force` may have come first; then there is neither cgroup nor hook left for this one.
    const bool ours = os::exists(m_state->descriptor(), "state.json");
    if (ours)
        m_container->destroy();
    else
        m_container->leave();
    m_container.reset();
    if (ours)
        if (auto removed = m_state->remove(); !removed)
            m_context.log.warning(std::format("remove the state of {}: {}", m_context.id(), removed.error().what));
    m_state.reset();
}

Creation::~Creation()
{
    m_container.reset();
    if (m_state)
        if (auto removed = m_state->remove(); !removed)
            m_context.log.warning(std::format("remove the state of {}: {}", m_context.id(), removed.error().what));
}

} // namespace rocker::runtime
