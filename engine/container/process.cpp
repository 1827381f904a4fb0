#include "engine/container/process.h"

#include "engine/base/text.h"
#include "engine/capability/capability.h"
#include "engine/container/environment.h"
#include "engine/container/executable.h"
#include "engine/container/labels.h"
#include "engine/container/memory_policy.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"
#include "engine/rootfs/rootfs.h"

#include <climits>
#include <linux/capability.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::container {

namespace {

constexpr std::size_t userFileLimit = 1 << 20;

// A file of an image, which could be anything: only a plain one is read, and one without end is as good as none.
std::string readUserFile(const char* path)
{
    const auto fd = os::openResolved(os::currentDirectory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, RESOLVE_NO_MAGICLINKS);
    if (!fd)
        return {};
    const auto status = os::status(*fd);
    return status && S_ISREG(status->st_mode) ? os::readAll(*fd, userFileLimit).value_or("") : "";
}

// Standard streams come from outside and belong to somebody there; the command must be able to open them by name
// (/dev/stdout). Everybody's /dev/null keeps its owner, a terminal its group (tty's, which devpts gives it), and who may
// not give a file away leaves it.
Result<> giveStreamsTo(uid_t uid, gid_t gid)
{
    for (int fd = 0; fd < 3; ++fd) {
        struct stat status;
        if (::fstat(fd, &status) != 0 || (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)))
            continue;
        const gid_t group = S_ISCHR(status.st_mode) ? status.st_gid : gid;
        if (status.st_uid == uid && status.st_gid == group)
            continue;
        if (::fchown(fd, uid, group) != 0 && errno != EPERM && errno != EROFS && errno != EINVAL)
            return fail(Error::fromErrno(errno).in(std::format("give standard stream {} to user {}", fd, uid)));
    }
    return {};
}

// getcwd(2) says "(unreachable)" of what is not below the root: a descriptor of the host's that was left open would be
// such a way out.
Result<> checkWorkingDirectory()
{
    char path[PATH_MAX];
    const long length = TRY(os::check(::syscall(SYS_getcwd, path, sizeof path)), "verify the working directory");
    if (length < 1 || path[0] != '/')
        return fail(ErrorCode::PermissionDenied, "the working directory is outside of the container's root: possible breakout");
    return {};
}

} // namespace

void hideFromTracers()
{
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

std::string_view Command::path() const
{
    const std::string_view path = variable(m_environment, "PATH");
    return path.empty() ? defaultPath : path;
}

Result<> Command::findUser()
{
    m_environment = TRY(withoutDuplicates(m_spec.process.env), "process.env");
    const bool needsHome = variable(m_environment, "HOME").empty();
    const std::string passwd = needsHome || !m_spec.userName.empty() ? readUserFile("/etc/passwd") : "";
    if (!m_spec.userName.empty()) {
        m_user = TRY(resolveUser(m_spec.userName, passwd, readUserFile("/etc/group")));
    } else {
        const spec::User& user = m_spec.process.user;
        m_user = {.uid = user.uid, .gid = user.gid, .groups = {user.additionalGids.begin(), user.additionalGids.end()}};
        if (needsHome)
            m_user.home = homeOf(user.uid, passwd);
    }
    if (m_spec.fillEnvironment && variable(m_environment, "PATH").empty())
        m_environment.push_back(std::string("PATH=") + defaultPath);
    if (needsHome)
        m_environment.push_back("HOME=" + m_user.home);
    if (m_spec.fillEnvironment && m_spec.process.terminal && variable(m_environment, "TERM").empty())
        m_environment.emplace_back("TERM=xterm-256color");
    return {};
}

Result<> Command::label()
{
    for (const auto apply : {applyAppArmor, applySelinux}) {
        auto applied = apply(m_spec.process);
        if (!applied && (m_spec.needsModules || applied.error().code != ErrorCode::FailedPrecondition))
            return applied;
        if (!applied)
            m_warnings.push_back(std::move(applied).error().what);
    }
    return {};
}

Result<> Command::prepare()
{
    if (m_spec.process.args.empty())
        return fail(ErrorCode::InvalidArgument, "process.args: is empty");
    if (m_spec.keyring)
        TRY(joinSessionKeyring(*m_spec.keyring));
    if (m_spec.memoryPolicy)
        TRY(setMemoryPolicy(*m_spec.memoryPolicy));
    if (m_spec.personality)
        TRY(setPersonality(*m_spec.personality));
    TRY(findUser());
    TRY(enterWorkingDirectory());
    // Relative names are looked up from the working directory.
    m_executable = TRY(findExecutable(m_spec.process.args.front(), path()));
    return label();
}

// First as root, who reaches what the user may not (a directory of root's in which it shall only run); where even root
// may not go (a volume of the user's behind a user namespace), renounce() tries again as the user.
Result<> Command::enterWorkingDirectory()
{
    const std::string& path = m_spec.process.cwd.empty() ? "/" : m_spec.process.cwd;
    if (::chdir(path.c_str()) == 0) {
        m_inWorkingDirectory = true;
        return {};
    }
    const int error = errno;
    if (error == EACCES || error == EPERM)
        return {};
    if (error == ENOENT && m_spec.makeWorkingDirectory) {
        const UniqueFd root = TRY(os::open("/", O_PATH | O_DIRECTORY));
        const UniqueFd made = TRY(Rootfs(root).makeDirectory(path), "make the working directory '{}'", path);
        TRY(os::checkDone(::fchdir(made.value())), "chdir to cwd ('{}')", path);
        m_inWorkingDirectory = true;
        return {};
    }
    return fail(Error::fromErrno(error).in(std::format("chdir to cwd ('{}')", path)));
}

Result<> Command::setGroups()
{
    if (m_spec.keepGroups || ::setgroups(m_user.groups.size(), m_user.groups.data()) == 0)
        return {};
    const int error = errno;
    // user_namespaces(7): who made the namespace without privileges had to give this right away.
    if (error == EPERM && os::readFile("/proc/self/setgroups").value_or("").starts_with("deny")) {
        if (!m_user.groups.empty())
            m_warnings.emplace_back("the user namespace denies setgroups: the additional groups are not set");
        return {};
    }
    return fail(Error::fromErrno(error).in("set the supplementary groups"));
}

Result<> Command::becomeUser()
{
    TRY(giveStreamsTo(m_user.uid, m_user.gid));
    TRY(setGroups());
    // EINVAL is how the kernel says that the user namespace does not map the id.
    TRY(os::checkDone(::setresgid(m_user.gid, m_user.gid, m_user.gid)), "become group {}", m_user.gid);
    TRY(os::checkDone(::setresuid(m_user.uid, m_user.uid, m_user.uid)), "become user {}", m_user.uid);
    return {};
}

Result<> Command::renounce()
{
    const spec::Process& process = m_spec.process;
    if (process.noNewPrivileges)
        TRY(os::checkDone(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)), "give up new privileges");

    std::vector<std::string> unknown;
    capability::Sets sets = process.capabilities ? capability::fromSpec(*process.capabilities, unknown) : capability::Sets{};
    if (!unknown.empty()) {
        std::string list;
        for (const std::string& name : unknown)
            list += (list.empty() ? "" : " ") + name;
        m_warnings.push_back("ignoring unknown or unavailable capabilities: [" + list + "]");
    }
    if (m_spec.capabilitiesForRootOnly && m_user.uid != 0)
        sets = {.bounding = sets.bounding};

    // The bounding set while CAP_SETPCAP is there; then the ids, over which the permitted set is kept, because the
    // document may want capabilities for who is not root (and ambient ones come from it); execve(2) ends the keeping.
    TRY(capability::limitBoundingTo(sets.bounding));
    if (m_user.uid != 0)
        TRY(os::checkDone(::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)), "keep the capabilities over the change of ids");
    TRY(becomeUser());

    if (!m_inWorkingDirectory)
        TRY(os::checkDone(::chdir(process.cwd.c_str())), "chdir to cwd ('{}')", process.cwd);
    TRY(checkWorkingDirectory());
    // The user may be refused what root has found, unless a capability that is to come lifts that.
    if (m_user.uid != 0 && !(sets.effective & sets.permitted).contains(CAP_DAC_OVERRIDE))
        m_executable = TRY(findExecutable(process.args.front(), path()));
    if (process.user.umask)
        ::umask(mode_t(*process.user.umask) & 0777);
    // Without no_new_privs loading a filter is a privilege (seccomp(2)): now or never. As few calls as can be come after
    // it, since the filter may refuse them.
    if (!process.noNewPrivileges && m_spec.loadSeccomp) {
        TRY(capability::raise(CAP_SYS_ADMIN), "regain the right to load a seccomp filter");
        TRY(m_spec.loadSeccomp(), "load the seccomp filter");
    }
    TRY(capability::apply(sets, m_warnings));
    // A change of ids or capabilities has reset it to fs.suid_dumpable (proc_sys_fs(5)).
    hideFromTracers();
    return {};
}

Error Command::execute(std::vector<int> kept)
{
    std::vector<std::string> words = m_spec.process.args;
    const std::vector<char*> argv = os::pointersOf(words);
    const std::vector<char*> envp = os::pointersOf(m_environment);

    // Closed, not only marked: execve(2) still resolves a path like /proc/self/fd/7/… with what is open (CVE-2024-21626).
    // What the caller hands on has no close-on-exec flag, or it would not be here; what was opened since, in a gap
    // between, has.
    for (unsigned fd = 3; fd < 3 + m_spec.preservedFds; ++fd)
        if (const int flags = ::fcntl(int(fd), F_GETFD); flags >= 0 && !(flags & FD_CLOEXEC))
            kept.push_back(int(fd));
    os::closeAllExcept(std::move(kept));
    os::resetSignals();

    // As late as can be: the filter need allow nothing but execve(2).
    if (m_spec.process.noNewPrivileges && m_spec.loadSeccomp)
        if (auto loaded = m_spec.loadSeccomp(); !loaded)
            return std::move(loaded).error().in("load the seccomp filter");
    ::execve(m_executable.c_str(), argv.data(), envp.data());
    const int error = errno;
    const bool missing = error == ENOENT || error == ENOTDIR;
    return {missing ? ErrorCode::CommandNotFound : ErrorCode::CommandNotExecutable, error,
            std::format("exec {}: {}", m_executable, reasonOf(error))};
}

} // namespace rocker::container
