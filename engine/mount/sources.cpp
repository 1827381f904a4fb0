#include "engine/mount/sources.h"

#include "engine/mount/bind.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <climits>
#include <csignal>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace rocker::mount {

namespace {

std::string mapText(const std::vector<spec::IdMapping>& maps)
{
    std::string text;
    for (const spec::IdMapping& map : maps)
        text += std::format("{} {} {}\n", map.containerId, map.hostId, map.size);
    return text;
}

os::Subtree subtreeOf(Options::IdMap idMap)
{
    return idMap == Options::IdMap::Recursive ? os::Subtree::Recursive : os::Subtree::One;
}

Result<std::string> readLink(BorrowedFd directory, const std::string& path)
{
    char target[PATH_MAX];
    const ssize_t size = TRY(os::check(::readlinkat(directory.value(), path.c_str(), target, sizeof target)));
    return std::string(target, std::size_t(size));
}

// The user namespaces of one plan's mounts: the same maps are made once.
class MappedNamespaces
{
public:
    Result<BorrowedFd> find(const Step& step)
    {
        for (const auto& [known, fd] : m_made)
            if (known->uidMappings == step.uidMappings && known->gidMappings == step.gidMappings)
                return fd.borrow();
        m_made.emplace_back(&step, TRY(makeUserNamespace(step.uidMappings, step.gidMappings)));
        return m_made.back().second.borrow();
    }

private:
    std::vector<std::pair<const Step*, UniqueFd>> m_made;
};

Result<Sources::Source> openOne(
    const Step& step, BorrowedFd bundle, unsigned long rootPropagation, MappedNamespaces& namespaces)
{
    Sources::Source source;
    if (!step.insideRoot.empty()) {
        if (!step.uidMappings.empty())
            source.idMap = TRY(os::duplicate(TRY(namespaces.find(step))));
        return source;
    }
    if (step.copySymlink)
        if (auto link = readLink(bundle, step.source)) {
            source.type = S_IFLNK;
            source.link = *std::move(link);
            return source;
        }
    source.tree = TRY(os::cloneTree(bundle, step.source, step.recursive ? os::Subtree::Recursive : os::Subtree::One,
                                    step.sourceNoFollow ? os::LastLink::NoFollow : os::LastLink::Follow),
                      "'{}'", step.source);
    source.type = TRY(os::status(source.tree), "'{}'", step.source).st_mode & S_IFMT;
    TRY(applyAttributes(source.tree, step, inheritedPropagation(rootPropagation)), "'{}'", step.source);
    if (!step.uidMappings.empty())
        TRY(os::setIdMap(source.tree, TRY(namespaces.find(step)), subtreeOf(step.idMap)), "map the ids of '{}'",
            step.source);
    return source;
}

} // namespace

Result<Sources> Sources::open(Plan& plan, BorrowedFd bundle)
{
    Sources sources;
    MappedNamespaces namespaces;
    for (Step& step : plan.steps) {
        if (step.kind != Step::Kind::Bind)
            continue;
        step.sourceIndex = sources.m_sources.size();
        sources.m_sources.push_back(
            TRY(openOne(step, bundle, plan.rootPropagation, namespaces), "{}.source", step.where));
        sources.m_needsContainerIds |= step.idMap != Options::IdMap::No && step.uidMappings.empty();
    }
    return sources;
}

std::size_t Sources::add(UniqueFd tree)
{
    const auto status = os::status(tree);
    m_sources.push_back({std::move(tree), status ? status->st_mode & S_IFMT : mode_t(S_IFDIR), {}});
    return m_sources.size() - 1;
}

Result<> Sources::mapIds(const Plan& plan, BorrowedFd userNamespace)
{
    for (const Step& step : plan.steps)
        if (step.idMap != Options::IdMap::No && step.uidMappings.empty() && step.insideRoot.empty()
            && step.sourceIndex < m_sources.size())
            TRY(os::setIdMap(m_sources[step.sourceIndex].tree, userNamespace, subtreeOf(step.idMap)),
                "{}.options: map the ids of '{}'", step.where, step.source);
    return {};
}

Result<> Sources::mapInside(const Plan& plan, std::size_t source, BorrowedFd tree, BorrowedFd userNamespace) const
{
    const auto step = std::ranges::find_if(plan.steps, [&](const Step& candidate) {
        return candidate.kind == Step::Kind::Bind && candidate.sourceIndex == source;
    });
    if (source >= m_sources.size() || step == plan.steps.end() || step->insideRoot.empty() || step->idMap == Options::IdMap::No)
        return fail(ErrorCode::InvalidArgument, "the container asks for an ID map that nothing says");
    const Source& known = m_sources[source];
    return TRY(os::setIdMap(tree, known.idMap.valid() ? known.idMap.borrow() : userNamespace, subtreeOf(step->idMap)),
               "{}.options: map the ids of '{}'", step->where, step->source), Result<>{};
}

Result<UniqueFd> cloneBind(BorrowedFd source, bool readOnly, BorrowedFd idMap)
{
    UniqueFd tree = TRY(os::cloneTree(source, "", os::Subtree::Recursive), "clone the mount");
    const std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (readOnly ? MOUNT_ATTR_RDONLY : 0);
    TRY(os::setAttributes(tree, attributes, 0, os::Subtree::Recursive), "set nosuid and nodev");
    if (idMap.value() >= 0)
        if (auto mapped = os::setIdMap(tree, idMap); !mapped && mapped.error().errnum != EINVAL)
            return fail(std::move(mapped).error().in("map the ids"));
    return tree;
}

Result<UniqueFd> makeUserNamespace(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids)
{
    const os::Child child = TRY(os::cloneProcess(CLONE_NEWUSER), "make a user namespace");
    if (child.pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            ::pause();
    }
    const auto finish = [&]() -> Result<UniqueFd> {
        const UniqueFd proc = TRY(os::open(std::format("/proc/{}", child.pid), O_PATH | O_DIRECTORY));
        TRY(os::writeControlFile(proc, "uid_map", mapText(uids)), "write uid_map");
        TRY(os::writeControlFile(proc, "gid_map", mapText(gids)), "write gid_map");
        return TRY(os::open(proc, "ns/user", O_RDONLY), "open the user namespace");
    };
    auto made = finish();
    (void)os::sendSignal(child.pidfd, SIGKILL);
    (void)os::reap(child.pidfd);
    return made;
}

} // namespace rocker::mount
