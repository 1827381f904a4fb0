#include "engine/device/nodes.h"

#include "engine/base/scope_exit.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"
#include "engine/rootfs/rootfs.h"

#include <algorithm>
#include <optional>
#include <sched.h>
#include <string_view>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::device {

namespace {

constexpr std::string_view multiplexer = "/dev/ptmx"; // always the link into devpts

struct Default {
    const char* path;
    unsigned major;
    unsigned minor;
};
constexpr Default defaults[]{{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
                             {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};

constexpr std::pair<const char*, const char*> links[]{{"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"},
    {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"}};

Result<mode_t> typeBits(const std::string& type)
{
    if (type == "c" || type == "u")
        return S_IFCHR;
    if (type == "b")
        return S_IFBLK;
    if (type == "p")
        return S_IFIFO;
    return fail(ErrorCode::InvalidArgument, "'{}' is none of c, u, b and p", type);
}

// The kernel has 12 bits for major numbers and 20 for minor ones (makedev(3)).
Result<dev_t> numberOf(const spec::Device& device)
{
    if (!device.major || *device.major < 0 || *device.major >= 1 << 12)
        return fail(ErrorCode::InvalidArgument, "{}",
            device.major ? std::format("major {} is out of range", *device.major) : "major is missing");
    if (!device.minor || *device.minor < 0 || *device.minor >= 1 << 20)
        return fail(ErrorCode::InvalidArgument, "{}",
            device.minor ? std::format("minor {} is out of range", *device.minor) : "minor is missing");
    return makedev(unsigned(*device.major), unsigned(*device.minor));
}

Result<Node> nodeOf(const spec::Device& device)
{
    if (!device.path.starts_with('/') || device.path.contains('\0'))
        return fail(ErrorCode::InvalidArgument, "path: '{}' is not absolute", device.path);
    const mode_t type = TRY(typeBits(device.type), "type");
    return Node{.path = device.path,
                .mode = type | (device.fileMode.value_or(0666) & 07777),
                .number = type == S_IFIFO ? 0 : TRY(numberOf(device)),
                .uid = device.uid,
                .gid = device.gid};
}

std::string describe(const Node& node)
{
    const char* type = S_ISBLK(node.mode) ? "block device" : S_ISFIFO(node.mode) ? "FIFO" : "character device";
    return S_ISFIFO(node.mode) ? type : std::format("{} {}:{}", type, major(node.number), minor(node.number));
}

bool isWanted(const Node& node, const struct stat& found)
{
    return (found.st_mode & S_IFMT) == (node.mode & S_IFMT) && (S_ISFIFO(node.mode) || found.st_rdev == node.number);
}

Result<> checkWanted(const Node& node, const struct stat& found)
{
    if (isWanted(node, found))
        return {};
    return fail(ErrorCode::AlreadyExists, "it exists and is not the {}", describe(node));
}

// Everything goes through a handle on what has been made, which cannot become something else.
Result<> makeOne(const Rootfs::Entry& at, const Node& node)
{
    if (auto made = os::makeNode(at.directory, at.name, node.mode, node.number); !made) {
        if (made.error().errnum != EEXIST)
            return made;
        return checkWanted(node, TRY(os::status(at.directory, at.name)));
    }
    if (node.uid == 0 && node.gid == 0)
        return {};
    const UniqueFd handle = TRY(os::open(at.directory, at.name, O_PATH | O_NOFOLLOW));
    TRY(checkWanted(node, TRY(os::status(handle))));
    TRY(os::checkDone(::fchownat(handle.value(), "", node.uid, node.gid, AT_EMPTY_PATH)), "set the owner");
    // A change of owner takes set-id bits away (chown(2)).
    if (node.mode & (S_ISUID | S_ISGID))
        TRY(os::changeMode(at.directory, at.name, node.mode & 07777), "set the mode");
    return {};
}

Result<> bindOne(const Rootfs::Entry& at, const Node& node, BorrowedFd hostNode)
{
    auto made = os::open(at.directory, at.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0);
    if (!made && made.error().errnum != EEXIST)
        return fail(std::move(made).error());
    const UniqueFd place = TRY(os::open(at.directory, at.name, O_PATH | O_NOFOLLOW));
    const struct stat status = TRY(os::status(place));
    if (isWanted(node, status))
        return {};
    if (!S_ISREG(status.st_mode))
        return checkWanted(node, status);
    TRY(os::attach(hostNode, place, ""), "bind the host's");
    return checkWanted(node, TRY(os::status(at.directory, at.name)));
}

Result<std::uint32_t> onHost(std::uint32_t id, const std::vector<spec::IdMapping>& map)
{
    for (const spec::IdMapping& range : map)
        if (id >= range.containerId && id - range.containerId < range.size)
            return range.hostId + (id - range.containerId);
    return fail(ErrorCode::InvalidArgument, "the user namespace does not map the id {}", id);
}

// A tmpfs in a mount namespace that only we are in, and only for so long: a mount can be cloned where it is attached only.
class Workshop
{
public:
    // Not valid: we may not have one.
    static Result<std::optional<Workshop>> open()
    {
        Workshop workshop;
        workshop.m_home = TRY(os::open("/proc/self/ns/mnt", O_RDONLY));
        workshop.m_current = TRY(os::open(".", O_PATH | O_DIRECTORY));
        if (auto away = os::unshare(CLONE_NEWNS); !away)
            return away.error().errnum == EPERM ? Result<std::optional<Workshop>>(std::nullopt) : fail(std::move(away).error());
        workshop.m_away = true;
        TRY(os::mountLegacy("", "/", "", MS_SLAVE | MS_REC, ""), "separate the mounts from the host's");
        workshop.m_directory = TRY(os::makeMount("tmpfs", "tmpfs", {{"mode", "0700"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
        TRY(os::attach(workshop.m_directory, os::currentDirectory, "/"));
        return std::optional(std::move(workshop));
    }

    Workshop(Workshop&& other) noexcept
        : m_home(std::move(other.m_home)), m_current(std::move(other.m_current)), m_directory(std::move(other.m_directory)),
          m_away(std::exchange(other.m_away, false))
    {
    }

    ~Workshop()
    {
        if (m_away)
            (void)leave();
    }

    Result<> leave()
    {
        m_away = false;
        TRY(os::enterNamespaces(m_home, CLONE_NEWNS), "return to the host's mounts");
        return os::checkDone(::fchdir(m_current.value()));
    }

    // Not valid: we may not make nodes.
    Result<UniqueFd> make(Node node, const IdMaps& ids)
    {
        node.uid = TRY(onHost(node.uid, ids.uids), "uid");
        node.gid = TRY(onHost(node.gid, ids.gids), "gid");
        const Rootfs::Entry at{TRY(os::duplicate(m_directory)), std::to_string(m_made++)};
        if (auto done = makeOne(at, node); !done)
            return done.error().errnum == EPERM ? Result<UniqueFd>(UniqueFd()) : fail(std::move(done).error());
        return os::cloneTree(at.directory, at.name, os::Subtree::One);
    }

private:
    Workshop() = default;

    UniqueFd m_home;
    UniqueFd m_current;
    UniqueFd m_directory;
    bool m_away = false;
    unsigned m_made = 0;
};

// Of linux.devices, made anew; those that are not are left invalid.
Result<> makeAway(std::vector<UniqueFd>& mounts, const std::vector<Node>& nodes, const IdMaps& ids)
{
    const auto isOwn = [](const Node& node) { return !node.where.empty() && !S_ISFIFO(node.mode); };
    if (ids.uids.empty() || ids.gids.empty() || std::ranges::none_of(nodes, isOwn))
        return {};
    auto workshop = TRY(Workshop::open(), "make room for devices");
    if (!workshop)
        return {};
    const ScopeExit restore([mask = ::umask(0)] { ::umask(mask); });
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (isOwn(nodes[i]))
            mounts[i] = TRY(workshop->make(nodes[i], ids), "{}", nodes[i].where);
    return workshop->leave();
}

Result<> makeLink(const char* target, BorrowedFd directory, const char* name)
{
    auto made = os::makeSymlink(target, directory, name);
    return made || made.error().errnum == EEXIST ? Result<>() : made;
}

// Most nodes share one directory: it is looked up once.
class Directories
{
public:
    explicit Directories(BorrowedFd root) : m_root(root) {}

    Result<Rootfs::Entry*> entry(const std::string& path)
    {
        const std::size_t slash = path.rfind('/');
        if (!m_entry.directory.valid() || path.compare(0, slash, m_path) != 0 || slash + 1 == path.size()
            || path.ends_with("/..") || path.ends_with("/.")) {
            m_entry = TRY(Rootfs(m_root).entry(path));
            m_path = path.substr(0, slash);
        } else
            m_entry.name = path.substr(slash + 1);
        return &m_entry;
    }

private:
    BorrowedFd m_root;
    std::string m_path;
    Rootfs::Entry m_entry;
};

} // namespace

Result<std::vector<Node>> planNodes(const std::vector<spec::Device>& devices)
{
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        std::string where = std::format("linux.devices[{}]", i);
        Node node = TRY(nodeOf(devices[i]), "{}", where);
        node.where = std::move(where);
        if (node.path != multiplexer)
            nodes.push_back(std::move(node));
    }
    for (const auto& [path, major, minor] : defaults)
        if (std::ranges::find(nodes, path, &Node::path) == nodes.end())
            nodes.push_back({.path = path, .mode = S_IFCHR | 0666, .number = makedev(major, minor)});
    return nodes;
}

Result<std::vector<UniqueFd>> openHostNodes(const std::vector<Node>& nodes, const IdMaps& ids)
{
    std::vector<UniqueFd> mounts(nodes.size());
    TRY(makeAway(mounts, nodes, ids));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = nodes[i];
        if (mounts[i].valid() || S_ISFIFO(node.mode))
            continue;
        mounts[i] = TRY(os::cloneTree(os::currentDirectory, node.path, os::Subtree::One, os::LastLink::Follow),
            "the host's device '{}'", node.path);
        if (!isWanted(node, TRY(os::status(mounts[i]), "the host's device '{}'", node.path)))
            return fail(ErrorCode::FailedPrecondition, "the host's '{}' is not the {}", node.path, describe(node));
    }
    return mounts;
}

Result<> makeNodes(BorrowedFd root, const std::vector<Node>& nodes, const std::vector<UniqueFd>& hostNodes)
{
    if (auto dev = os::status(root, "dev"); dev && S_ISLNK(dev->st_mode)) // CVE-2026-47766
        return fail(ErrorCode::InvalidArgument, "'/dev' of the root file system is a link");
    const ScopeExit restore([mask = ::umask(0)] { ::umask(mask); });
    Directories directories(root);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = nodes[i];
        const Rootfs::Entry* at = TRY(directories.entry(node.path), "make '{}'", node.path);
        const bool bound = i < hostNodes.size() && hostNodes[i].valid();
        TRY(bound ? bindOne(*at, node, hostNodes[i]) : makeOne(*at, node), "make '{}'", node.path);
    }
    return {};
}

Result<> makeLinks(BorrowedFd root)
{
    const UniqueFd dev = TRY(Rootfs(root).makeDirectory("/dev"));
    for (const auto& [target, name] : links)
        TRY(makeLink(target, dev, name), "make '/dev/{}'", name);
    if (os::exists(os::currentDirectory, "/proc/kcore")) // not every kernel has it
        TRY(makeLink("/proc/kcore", dev, "core"), "make '/dev/core'");
    // An image's node would be the host's multiplexer.
    if (auto made = os::makeSymlink("pts/ptmx", dev, "ptmx"); !made) {
        if (made.error().errnum != EEXIST)
            return fail(std::move(made).error().in("make '/dev/ptmx'"));
        TRY(os::remove(dev, "ptmx"), "remove the old '/dev/ptmx'");
        TRY(os::makeSymlink("pts/ptmx", dev, "ptmx"), "make '/dev/ptmx'");
    }
    return {};
}

} // namespace rocker::device
