#include "engine/bundle/blueprint.h"

#include "engine/bundle/life_hooks.h"
#include "engine/container/sysctl.h"
#include "engine/os/file.h"

#include <sched.h>

namespace rocker::bundle {

namespace {

mount::CgroupView viewOf(const cgroup::Cgroup* cgroup, const container::Namespaces& namespaces)
{
    mount::CgroupView view{.ownNamespace = namespaces.isFresh(CLONE_NEWCGROUP)};
    if (!cgroup)
        return view;
    view.unified = cgroup->version() == cgroup::Version::V2;
    for (cgroup::View& part : cgroup->views())
        view.hierarchies.push_back({std::move(part.name), std::move(part.options), std::move(part.path), std::move(part.aliases)});
    return view;
}

// The root as the kernel names it, so that a link in the bundle's path is followed once, now.
Result<std::string> resolvedRoot(const CreateRequest& request)
{
    const std::string& path = request.spec.root->path;
    const std::string joined = path.starts_with('/') ? path : request.bundlePath + "/" + path;
    const UniqueFd root = TRY(os::open(joined, O_PATH | O_DIRECTORY), "root.path: open '{}'", joined);
    return TRY(os::pathOf(root), "root.path");
}

} // namespace

container::ProcessSpec processOf(const spec::Spec& spec, const spec::Process& process)
{
    container::ProcessSpec made{.process = process, .needsModules = false};
    if (spec.platform) {
        made.personality = spec.platform->personality;
        made.memoryPolicy = spec.platform->memoryPolicy;
    }
    const auto keep = spec.annotations.find("run.oci.keep_original_groups");
    made.keepGroups = keep != spec.annotations.end() && keep->second == "1";
    return made;
}

Result<container::Blueprint> draw(const CreateRequest& request, const cgroup::Cgroup* cgroup)
{
    const spec::Spec& spec = request.spec;
    static const spec::Linux nothing;
    const spec::Linux& platform = spec.platform ? *spec.platform : nothing;

    container::Blueprint blueprint;
    // Without one there is nothing to start, but much to create (config.md, "Process").
    blueprint.hasCommand = spec.process.has_value();
    blueprint.process = processOf(spec, spec.process ? *spec.process : spec::Process{.cwd = "/"});
    blueprint.process.makeWorkingDirectory = true;
    blueprint.process.preservedFds = request.preservedFds;
    blueprint.namespaces = TRY(container::openNamespaces(platform));
    const bool inUserNamespace = blueprint.namespaces.has(CLONE_NEWUSER);
    if (request.newKeyring)
        blueprint.process.keyring = container::SessionKeyring{
            "_ses." + request.id, inUserNamespace ? container::searchByOthers : container::searchByOwner};
    blueprint.hostname = spec.hostname;
    blueprint.domainname = spec.domainname;
    TRY(container::checkSysctls(spec));
    blueprint.sysctl = platform.sysctl;

    blueprint.rootPath = TRY(resolvedRoot(request));
    blueprint.rootChange = !blueprint.namespaces.has(CLONE_NEWNS) ? mount::RootChange::Chroot
        : request.pivotRoot                                       ? mount::RootChange::Pivot
                                                                  : mount::RootChange::Move;
    blueprint.mounts = TRY(mount::plan(spec, {.rootfs = blueprint.rootPath,
                                              .labels = os::exists(os::currentDirectory, "/sys/fs/selinux/enforce"),
                                              .userNamespace = inUserNamespace,
                                              .mapsFromOutside = true,
                                              .coverRoot = true,
                                              .ownsNetwork = blueprint.namespaces.isFresh(CLONE_NEWNET),
                                              .cgroups = viewOf(cgroup, blueprint.namespaces)}));
    const UniqueFd bundle = TRY(os::open(request.bundlePath, O_PATH | O_DIRECTORY), "open '{}'", request.bundlePath);
    blueprint.sources = TRY(mount::Sources::open(blueprint.mounts, bundle), "{}: error mounting", initFailed);
    if (blueprint.rootChange != mount::RootChange::Chroot)
        blueprint.root = TRY(mount::cloneRoot(blueprint.rootPath, blueprint.mounts.rootPropagation), "root.path");
    if (!blueprint.mounts.bringsDev) {
        blueprint.nodes = TRY(device::planNodes(platform.devices));
        if (inUserNamespace)
            blueprint.hostNodes = TRY(device::openHostNodes(blueprint.nodes, {platform.uidMappings, platform.gidMappings}));
        blueprint.makeDevLinks = true;
    }
    if (spec.hooks) {
        blueprint.createContainer = spec.hooks->createContainer;
        blueprint.startContainer = spec.hooks->startContainer;
        if (!blueprint.createContainer.empty() || !blueprint.startContainer.empty()) {
            HookStreams streams = TRY(HookStreams::open(spec, bundle));
            blueprint.hookOutput = std::move(streams.output);
            blueprint.hookErrorOutput = std::move(streams.errorOutput);
        }
        blueprint.hooksBeforePivot = !spec.hooks->prestart.empty() || !spec.hooks->createRuntime.empty();
    }
    return blueprint;
}

} // namespace rocker::bundle
