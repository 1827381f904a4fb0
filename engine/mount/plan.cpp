#include "engine/mount/plan.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/mount.h>

namespace rocker::mount {

namespace {

constexpr std::uint64_t quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
constexpr std::uint64_t plain = quiet | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSYMFOLLOW;

// One instance serves many mounts, or nothing is on disk: "ro" is the mount's alone. Any other file system must know it
// itself, and a device may allow nothing else.
constexpr std::string_view virtualFilesystems[]{"proc", "sysfs", "tmpfs", "ramfs", "devpts", "mqueue", "cgroup",
    "cgroup2", "bpf", "debugfs", "tracefs", "securityfs", "configfs", "hugetlbfs"};

class Planner
{
public:
    Planner(const spec::Spec& spec, const Facts& facts) : m_spec(spec), m_facts(facts) {}

    Result<Plan> run()
    {
        m_plan.readOnlyRoot = m_spec.root && m_spec.root->readonly;
        if (m_spec.platform) {
            m_plan.maskedPaths = m_spec.platform->maskedPaths;
            m_plan.readOnlyPaths = m_spec.platform->readonlyPaths;
            if (const std::string& word = m_spec.platform->rootfsPropagation; !word.empty())
                m_plan.rootPropagation = TRY(parsePropagation(word), "linux.rootfsPropagation");
        }
        for (std::size_t i = 0; i < m_spec.mounts.size(); ++i)
            TRY(add(m_spec.mounts[i], std::format("mounts[{}]", i)));
        return std::move(m_plan);
    }

private:
    Result<> add(const spec::Mount& mount, std::string where)
    {
        for (const auto& [key, value] :
            {std::pair("destination", &mount.destination), {"source", &mount.source}, {"type", &mount.type}})
            if (value->contains('\0'))
                return fail(ErrorCode::InvalidArgument, "{}.{}: contains a null byte", where, key);
        Options options = TRY(parseOptions(mount.options), "{}.options", where);
        Step step;
        step.where = std::move(where);
        step.type = mount.type;
        step.source = mount.source;
        step.target = TRY(targetOf(mount.destination), "{}.destination", step.where);
        step.set = options.set;
        step.recursiveSet = options.recursiveSet;
        step.recursiveCleared = options.recursiveCleared;
        step.propagation = std::move(options.propagation);
        step.targetNoFollow = options.targetNoFollow;
        step.keepLocked = m_facts.userNamespace;
        if (options.flagsGiven)
            step.cleared = plain & ~step.set;
        if (options.accessTime)
            step.cleared |= MOUNT_ATTR__ATIME | (MOUNT_ATTR_NODIRATIME & ~step.set);
        step.named = options.cleared;

        const bool bind = options.bind != Options::Bind::No || (mount.type == "bind" && !options.remount);
        if (options.copyUp && (bind || options.remount || mount.type != "tmpfs"))
            return fail(ErrorCode::InvalidArgument, "{}.options: tmpcopyup is for a tmpfs", step.where);
        if (options.remount)
            return addRemount(std::move(step), std::move(options));
        if (bind)
            return addBind(std::move(step), mount, std::move(options));
        if (options.idMap != Options::IdMap::No || !mount.uidMappings.empty() || !mount.gidMappings.empty())
            return fail(
                ErrorCode::InvalidArgument, "{}: id-mapped mounts are only supported for bind-mounts", step.where);
        if (mount.type.empty())
            return fail(ErrorCode::InvalidArgument, "{}.type: missing, and the mount is no bind", step.where);
        if (mount.type == "cgroup")
            return addCgroups(std::move(step));
        return addFilesystem(std::move(step), std::move(options));
    }

    // Whatever runc's users have written there: the path of the root file system in front is taken off.
    Result<std::string> targetOf(const std::string& destination) const
    {
        std::string target = insideRoot(destination);
        if (target.empty())
            target = destination.starts_with('/') ? destination : "/" + destination;
        if (target.find_first_not_of("/.") == target.npos && m_facts.coverRoot)
            return std::string("/");
        if (target.find_first_not_of("/.") == target.npos)
            return fail(
                ErrorCode::InvalidArgument, "'{}' is the container's root, which cannot be covered", destination);
        return target;
    }

    // The path below the root file system of a host's path, "" for one that is not there.
    std::string insideRoot(const std::string& path) const
    {
        const std::string& root = m_facts.rootfs;
        if (root.size() <= 1 || !path.starts_with(root) || (path.size() > root.size() && path[root.size()] != '/'))
            return {};
        return path.size() == root.size() ? "/" : path.substr(root.size());
    }

    Result<> addRemount(Step step, Options options)
    {
        step.kind = Step::Kind::Remount;
        if (options.bind == Options::Bind::No)
            step.options = filesystemOptions(step, std::move(options));
        m_plan.steps.push_back(std::move(step));
        return {};
    }

    Result<> addBind(Step step, const spec::Mount& mount, Options options)
    {
        if (mount.source.empty())
            return fail(ErrorCode::InvalidArgument, "{}.source: missing, and the mount is a bind", step.where);
        step.kind = Step::Kind::Bind;
        step.type = "bind";
        step.recursive = options.bind == Options::Bind::Recursive;
        step.sourceNoFollow = options.sourceNoFollow;
        step.copySymlink = options.copySymlink;
        TRY(takeIdMap(step, mount, std::move(options)));
        const bool mapped = step.idMap != Options::IdMap::No;
        // An ID map needs the powers of the host's user namespace: where nobody outside lends them, such a bind shows the
        // root as it was before the mounts.
        const bool refused = mapped && m_facts.userNamespace && !m_facts.mapsFromOutside;
        if (!m_plan.steps.empty() && !refused && !step.copySymlink)
            step.insideRoot = insideRoot(mount.source);
        m_plan.bringsDev |= isDev(step.target);
        m_plan.steps.push_back(std::move(step));
        return {};
    }

    // config.md "Mounts": mappings come in pairs; without them the container's own are meant, and it must have some.
    Result<> takeIdMap(Step& step, const spec::Mount& mount, Options options) const
    {
        step.idMap = options.idMap;
        const bool own = !mount.uidMappings.empty() || !mount.gidMappings.empty();
        const std::vector<spec::IdMapping> none;
        const auto& platform = m_spec.platform;
        step.uidMappings = own
            ? mount.uidMappings
            : TRY(onHost(options.uidMappings, platform ? platform->uidMappings : none), "{}.options", step.where);
        step.gidMappings = own
            ? mount.gidMappings
            : TRY(onHost(options.gidMappings, platform ? platform->gidMappings : none), "{}.options", step.where);
        if (step.uidMappings.empty() != step.gidMappings.empty())
            return fail(ErrorCode::InvalidArgument,
                "{}: id-mapped mounts must have both uid and gid mappings specified", step.where);
        if (own && step.idMap == Options::IdMap::No)
            step.idMap = Options::IdMap::One;
        if (step.idMap != Options::IdMap::No && step.uidMappings.empty() && !m_facts.userNamespace)
            return fail(ErrorCode::InvalidArgument,
                "{}.options: an idmap without mappings needs a container with a user namespace", step.where);
        return {};
    }

    static Result<std::vector<spec::IdMapping>> onHost(
        const std::vector<Options::Mapping>& mappings, const std::vector<spec::IdMapping>& container)
    {
        std::vector<spec::IdMapping> all;
        for (auto [ids, ofContainer] : mappings) {
            if (ofContainer) {
                const auto range = std::ranges::find_if(container, [&](const spec::IdMapping& map) {
                    return ids.hostId >= map.containerId && ids.hostId - map.containerId < map.size;
                });
                if (range == container.end())
                    return fail(ErrorCode::InvalidArgument, "the container has no id {}", ids.hostId);
                ids.hostId = range->hostId + (ids.hostId - range->containerId);
            }
            all.push_back(ids);
        }
        return all;
    }

    Result<> addFilesystem(Step step, Options options)
    {
        step.plainDirectory = step.type == "proc" || step.type == "sysfs";
        step.copyUp = options.copyUp;
        step.iversion = step.byMount2 = options.iversion;
        if (step.source.empty())
            step.source = step.type;
        // /dev gets its nodes, a tmpfs its copy, before either becomes read-only.
        if ((step.set & MOUNT_ATTR_RDONLY) && (step.type == "tmpfs" || isDev(step.target))) {
            step.lateReadOnly = true;
            step.set &= ~std::uint64_t(MOUNT_ATTR_RDONLY);
        }
        step.options = filesystemOptions(step, std::move(options));
        // fsconfig(2) takes strings of at most 255 bytes.
        step.byMount2 |= std::ranges::any_of(
            step.options, [](const auto& o) { return o.key.size() > 255 || o.value.size() > 255; });
        step.modeFromTarget = step.type == "tmpfs"
            && std::ranges::find(step.options, "mode", &os::FilesystemOption::key) == step.options.end();
        if (m_facts.userNamespace)
            step.fallback = fallbackOf(step.type);
        m_plan.steps.push_back(std::move(step));
        return {};
    }

    std::string fallbackOf(std::string_view type) const
    {
        if (type == "sysfs")
            return "/sys";
        if (type == "proc")
            return "/proc";
        if (type == "mqueue")
            return "/dev/mqueue";
        if (type == "cgroup2")
            return hostCgroup();
        return {};
    }

    std::string hostCgroup() const
    {
        const CgroupView& view = m_facts.cgroups;
        return view.ownNamespace && !view.hierarchies.empty() ? view.hierarchies.front().hostDirectory
                                                              : "/sys/fs/cgroup";
    }

    std::vector<os::FilesystemOption> filesystemOptions(const Step& step, Options options) const
    {
        std::vector<os::FilesystemOption> all = std::move(options.superblock);
        if ((options.set & MOUNT_ATTR_RDONLY) && !std::ranges::contains(virtualFilesystems, step.type)
            && !isDev(step.target))
            all.push_back({"ro", ""});
        for (os::FilesystemOption& option : options.data)
            if (!(step.type == "devpts" && option.key == "gid" && isUnmapped(option.value)))
                all.push_back(std::move(option));
        if (m_facts.labels && m_spec.platform && !m_spec.platform->mountLabel.empty() && !step.plainDirectory && step.type != "mqueue")
            all.push_back({"context", m_spec.platform->mountLabel});
        return all;
    }

    // devpts refuses a group that its user namespace does not have.
    bool isUnmapped(const std::string& gid) const
    {
        if (!m_facts.userNamespace || !m_spec.platform || m_spec.platform->gidMappings.empty())
            return false;
        const unsigned long id = std::strtoul(gid.c_str(), nullptr, 10);
        return std::ranges::none_of(m_spec.platform->gidMappings, [&](const spec::IdMapping& map) {
            return id >= map.containerId && id - map.containerId < map.size;
        });
    }

    Result<> addCgroups(Step step)
    {
        const CgroupView& view = m_facts.cgroups;
        if (view.unified)
            return addUnifiedCgroup(std::move(step));
        Step top = step;
        top.type = top.source = "tmpfs";
        top.options = {{"mode", "755"}};
        top.set = quiet;
        top.lateReadOnly = (step.set & MOUNT_ATTR_RDONLY) != 0;
        m_plan.steps.push_back(top);
        for (const CgroupView::Hierarchy& hierarchy : view.hierarchies) {
            Step part = step;
            part.target = step.target + "/" + hierarchy.name;
            part.set |= quiet;
            if (view.ownNamespace) {
                part.type = hierarchy.options.empty() ? "cgroup2" : "cgroup";
                part.source = "cgroup";
                if (!hierarchy.options.empty())
                    part.options = TRY(parseOptions({hierarchy.options})).data;
                part.fallback = hierarchy.hostDirectory;
            } else {
                part.kind = Step::Kind::Bind;
                part.type = "bind";
                part.source = hierarchy.hostDirectory;
                part.cleared = plain & ~part.set;
            }
            m_plan.steps.push_back(std::move(part));
            for (const std::string& alias : hierarchy.aliases)
                addLink(step, hierarchy.name, step.target + "/" + alias);
        }
        return {};
    }

    // Without a namespace of its own the container sees the host's tree either way; a new mount of it from there would
    // reset the options (nsdelegate) that all mounts of the tree share.
    Result<> addUnifiedCgroup(Step step)
    {
        step.type = "cgroup2";
        step.source = "cgroup";
        step.fallback = hostCgroup();
        if (!m_facts.cgroups.ownNamespace) {
            step.kind = Step::Kind::Bind;
            step.type = "bind";
            step.source = step.fallback;
            step.recursive = true;
            step.fallback.clear();
        }
        m_plan.steps.push_back(std::move(step));
        return {};
    }

    void addLink(const Step& of, const std::string& to, std::string at)
    {
        Step link;
        link.kind = Step::Kind::Symlink;
        link.where = of.where;
        link.source = to;
        link.target = std::move(at);
        m_plan.steps.push_back(std::move(link));
    }

    static bool isDev(std::string_view target)
    {
        while (target.ends_with('/'))
            target.remove_suffix(1);
        return target.substr(std::min(target.find_first_not_of('/'), target.size())) == "dev";
    }

    const spec::Spec& m_spec;
    const Facts& m_facts;
    Plan m_plan;
};

} // namespace

Result<Plan> plan(const spec::Spec& spec, const Facts& facts)
{
    return Planner(spec, facts).run();
}

} // namespace rocker::mount
