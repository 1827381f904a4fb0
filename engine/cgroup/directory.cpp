#include "engine/cgroup/directory.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <charconv>
#include <dirent.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <memory>
#include <sys/vfs.h>

namespace rocker::cgroup {

namespace {

constexpr std::uint64_t beneath = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;

// The cgroups directly below; control files are told from them without a look at each.
Result<std::vector<std::string>> groupsIn(BorrowedFd group)
{
    UniqueFd fd = TRY(os::open(group, ".", O_RDONLY | O_DIRECTORY));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.value()), ::closedir);
    if (!stream)
        return fail(Error::fromErrno(errno));
    (void)fd.release();
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (entry->d_type == DT_DIR && name != "." && name != "..")
            names.emplace_back(name);
    }
    if (errno != 0 && errno != ENOENT && errno != ENODEV)
        return fail(Error::fromErrno(errno));
    return names;
}

bool isGone(const Error& error)
{
    return error.errnum == ENOENT || error.errnum == ENODEV;
}

// Goes through the cgroups below a directory, however deep a container has made them, with one descriptor: down by
// name, up by "..", which in a cgroup file system is always the parent.
class Walk
{
public:
    explicit Walk(UniqueFd top) : m_at(std::move(top)) {}

    // `enter` gets each cgroup before those below it, the top first; `leave` its parent and its name after them.
    template<typename Enter, typename Leave>
    Result<> run(Enter enter, Leave leave)
    {
        TRY(enter(m_at.borrow()));
        auto first = groupsIn(m_at);
        if (!first && isGone(first.error()))
            return {};
        m_open.push_back({{}, TRY(std::move(first))});
        for (;;) {
            if (m_open.back().below.empty()) {
                const std::string name = std::move(m_open.back().name);
                m_open.pop_back();
                if (m_open.empty())
                    return {};
                m_at = TRY(os::open(m_at, "..", O_PATH | O_DIRECTORY));
                TRY(leave(m_at.borrow(), name));
                continue;
            }
            std::string name = std::move(m_open.back().below.back());
            m_open.back().below.pop_back();
            auto next = os::openResolved(m_at, name, O_PATH | O_DIRECTORY, beneath);
            if (!next && isGone(next.error()))
                continue;
            UniqueFd inside = TRY(std::move(next), "open '{}'", name);
            TRY(enter(inside.borrow()));
            auto below = groupsIn(inside);
            if (!below && isGone(below.error()))
                continue;
            m_open.push_back({std::move(name), TRY(std::move(below))});
            m_at = std::move(inside);
        }
    }

private:
    struct Level {
        std::string name;
        std::vector<std::string> below; // still to be seen
    };
    UniqueFd m_at;
    std::vector<Level> m_open;
};

void appendPids(std::vector<pid_t>& pids, std::string_view text)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        pid_t pid = 0;
        const auto [next, error] = std::from_chars(at, end, pid);
        if (error != std::errc{})
            return;
        // 0 is a process of a pid namespace that the reader does not see.
        if (pid != 0)
            pids.push_back(pid);
        at = next + 1;
    }
}

} // namespace

Result<UniqueFd> openHierarchy(const std::string& mountPoint)
{
    UniqueFd directory = TRY(os::open(mountPoint, O_PATH | O_DIRECTORY), "open '{}'", mountPoint);
    struct statfs status;
    TRY(os::checkDone(::fstatfs(directory.value(), &status)), "ask for the file system of '{}'", mountPoint);
    if (status.f_type != CGROUP_SUPER_MAGIC && status.f_type != CGROUP2_SUPER_MAGIC)
        return fail(ErrorCode::Unavailable, "no cgroup file system is at '{}'", mountPoint);
    return directory;
}

Result<UniqueFd> openGroup(BorrowedFd directory, const std::string& path)
{
    return os::openResolved(directory, path.empty() ? "." : path, O_PATH | O_DIRECTORY, beneath);
}

Result<std::vector<pid_t>> processesBelow(BorrowedFd group)
{
    std::vector<pid_t> pids;
    const auto collect = [&](BorrowedFd each) -> Result<> {
        auto text = os::readFile(each, "cgroup.procs");
        // A threaded cgroup has no processes of its own to list: its threads belong to processes above.
        if (!text && (isGone(text.error()) || text.error().errnum == EOPNOTSUPP))
            return {};
        appendPids(pids, TRY(std::move(text), "read cgroup.procs"));
        return {};
    };
    TRY(Walk(TRY(openGroup(group, ""))).run(collect, [](BorrowedFd, const std::string&) { return Result<>{}; }));
    std::ranges::sort(pids);
    const auto twice = std::ranges::unique(pids);
    pids.erase(twice.begin(), twice.end());
    return pids;
}

Result<> removeGroup(BorrowedFd parent, const std::string& name)
{
    const auto removeOne = [](BorrowedFd directory, const std::string& group) -> Result<> {
        auto removed = os::removeDirectory(directory, group);
        return removed || isGone(removed.error()) ? Result<>{} : removed;
    };
    // Most containers have made no cgroups of their own.
    auto removed = removeOne(parent, name);
    if (removed || (removed.error().errnum != EBUSY && removed.error().errnum != ENOTEMPTY))
        return removed;
    auto group = openGroup(parent, name);
    if (!group)
        return isGone(group.error()) ? Result<>{} : Result<>(fail(std::move(group).error()));
    TRY(Walk(std::move(*group)).run([](BorrowedFd) { return Result<>{}; }, removeOne));
    return removeOne(parent, name);
}

std::uint64_t valueOf(std::string_view contents, std::string_view key)
{
    for (std::size_t at = contents.find(key); at != std::string_view::npos; at = contents.find(key, at + 1)) {
        const std::size_t end = at + key.size();
        if ((at != 0 && contents[at - 1] != '\n') || end >= contents.size() || contents[end] != ' ')
            continue;
        std::uint64_t value = 0;
        std::from_chars(contents.data() + end + 1, contents.data() + contents.size(), value);
        return value;
    }
    return 0;
}

} // namespace rocker::cgroup
