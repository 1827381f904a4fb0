#include "engine/container/birth.h"
#include "engine/container/init.h"
#include "engine/container/namespace_root.h"
#include "engine/json/json.h"
#include "engine/mount/apply.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/runtime/creation.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/manners.h"

#include <algorithm>
#include <sys/mount.h>
#include <unistd.h>

namespace rocker::runtime {

namespace {

// What one more process in the container's namespaces and root does there.
Result<> inside(const Record& record, const std::function<Result<>()>& work)
{
    const UniqueFd process = TRY(openFirstProcess(record));
    container::Newborn helper = TRY(container::bearInside(process, record.pid, {}, [&](container::ChildEnd channel) {
        const auto done = [&]() -> Result<> {
            TRY(channel.awaitGo());
            TRY(container::becomeNamespaceRoot(container::Groups::Drop));
            container::hideFromTracers();
            return work();
        }();
        if (done)
            (void)channel.send(container::Progress::Ready);
        else
            channel.sendError(done.error());
        ::_exit(0);
    }), "enter the container");
    auto outcome = helper.channel.sendGo();
    if (outcome)
        if (auto ready = helper.channel.await(container::Progress::Ready); !ready)
            outcome = fail(std::move(ready).error());
    (void)os::reap(helper.process.pidfd);
    return outcome;
}

Result<> add(const Record& record, spec::Spec spec)
{
    // Nothing but the mounts is to be done once more.
    const bool users = spec.platform && std::ranges::contains(spec.platform->namespaces, "user", &spec::Namespace::type);
    spec.platform = spec::Linux{.mountLabel = spec.platform ? spec.platform->mountLabel : std::string()};
    spec.root->readonly = false;
    mount::Plan plan = TRY(mount::plan(spec, {.rootfs = record.rootfs, .userNamespace = users}));
    const UniqueFd bundle = TRY(os::open(record.bundle, O_PATH | O_DIRECTORY), "open '{}'", record.bundle);
    mount::Sources sources = TRY(mount::Sources::open(plan, bundle));
    if (sources.needsContainerIds()) {
        const UniqueFd ids = TRY(os::open(std::format("/proc/{}/ns/user", record.pid), O_RDONLY), "open the user namespace");
        TRY(sources.mapIds(plan, ids));
    }
    return inside(record, [&]() -> Result<> {
        const UniqueFd root = TRY(os::open("/", O_PATH | O_DIRECTORY), "open the root");
        mount::Assembler assembler(plan, sources, root);
        TRY(assembler.mountAll());
        return assembler.protect();
    });
}

Result<> remove(const Record& record, const std::vector<spec::Mount>& mounts)
{
    return inside(record, [&]() -> Result<> {
        for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount)
            TRY(os::unmount(mount->destination, MNT_DETACH | UMOUNT_NOFOLLOW), "unmount '{}'", mount->destination);
        return {};
    });
}

} // namespace

Result<int> mounts(Context& context)
{
    const std::string verb = context.arguments.at(0);
    if (verb != "add" && verb != "remove")
        return fail(ErrorCode::InvalidArgument, "unknown command {}", verb);
    const std::string file = context.arguments.at(2);
    const auto listed = TRY(json::readText<std::vector<spec::Mount>>(TRY(os::readFile(file), "read '{}'", file), json::UnknownKeys::Ignore), "{}", file);
    const StateDirectory directory = TRY(StateDirectory::open(context.root, context.arguments.at(1)));
    const Record record = TRY(directory.record());
    Document document = TRY(parseDocument(TRY(directory.configuration())));
    document.spec.mounts = listed;
    TRY(addDefaultIdMaps(document.spec));
    TRY(spec::validate(document.spec));
    if (verb == "add")
        TRY(add(record, document.spec), "add mounts to {}", record.id);
    else
        TRY(remove(record, listed), "remove mounts from {}", record.id);
    return 0;
}

} // namespace rocker::runtime
