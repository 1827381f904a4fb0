#include "engine/rootfs/rootfs.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <climits>
#include <deque>
#include <linux/openat2.h>

namespace rocker {

namespace {

constexpr std::uint64_t inRoot = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
constexpr int maximumLinks = 40; // path_resolution(7)

std::deque<std::string> stepsOf(std::string_view path)
{
    std::deque<std::string> steps;
    for (std::size_t start = 0; start < path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (const std::string_view step = path.substr(start, end - start); !step.empty() && step != ".")
            steps.emplace_back(step);
        start = end + 1;
    }
    return steps;
}

template<typename T>
bool isMissing(const Result<T>& result)
{
    return !result && result.error().errnum == ENOENT;
}

Result<std::string> readLink(BorrowedFd link)
{
    char target[PATH_MAX];
    const ssize_t size = TRY(os::check(::readlinkat(link.value(), "", target, sizeof target)));
    return std::string(target, std::size_t(size));
}

// Walks a path whose end does not exist, one name at a time, and makes what is missing. No name is followed blindly: a
// link is read, and its target walked the same way from the root or from where it stands.
class Walk
{
public:
    Walk(BorrowedFd root, std::string_view path) : m_root(root), m_ahead(stepsOf(path)) {}

    Result<UniqueFd> run(bool file, Rootfs::Links links)
    {
        UniqueFd at = TRY(openWalked());
        for (int followed = 0; !m_ahead.empty();) {
            const std::string name = std::move(m_ahead.front());
            m_ahead.pop_front();
            if (name == "..") {
                if (!m_walked.empty())
                    m_walked.pop_back();
                at = TRY(openWalked());
                continue;
            }
            m_walked.push_back(name);
            const bool last = m_ahead.empty();
            UniqueFd next = TRY(openOrMake(at, name, last && file));
            const bool link = S_ISLNK(TRY(os::status(next)).st_mode);
            if (!link || (last && links == Rootfs::Links::KeepLast)) {
                at = std::move(next);
                continue;
            }
            if (links == Rootfs::Links::Refuse || ++followed > maximumLinks)
                return fail(Error::fromErrno(ELOOP).in(walked()));
            const std::string target = TRY(readLink(next), "read the link '{}'", walked());
            m_walked.pop_back();
            if (target.starts_with('/'))
                m_walked.clear();
            const auto steps = stepsOf(target);
            m_ahead.insert(m_ahead.begin(), steps.begin(), steps.end());
            at = TRY(openWalked());
        }
        return at;
    }

private:
    std::string walked() const
    {
        std::string path;
        for (const std::string& name : m_walked)
            path += "/" + name;
        return path.empty() ? "/" : path;
    }

    // What has been walked contains no link; one that appears there meanwhile is an error.
    Result<UniqueFd> openWalked() const
    {
        return os::openResolved(m_root, walked(), O_PATH | O_DIRECTORY, inRoot | RESOLVE_NO_SYMLINKS);
    }

    Result<UniqueFd> openOrMake(BorrowedFd directory, const std::string& name, bool file) const
    {
        auto found = os::open(directory, name, O_PATH | O_NOFOLLOW);
        if (!isMissing(found))
            return TRY(std::move(found), "open '{}'", walked());
        if (file) // O_EXCL: whatever has appeared there since is not ours
            TRY(os::open(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644), "make '{}'", walked());
        else
            TRY(os::makeDirectory(directory, name, 0755), "make '{}'", walked());
        return TRY(os::open(directory, name, O_PATH | O_NOFOLLOW), "open '{}'", walked());
    }

    BorrowedFd m_root;
    std::deque<std::string> m_ahead;
    std::deque<std::string> m_walked;
};

} // namespace

Result<UniqueFd> Rootfs::open(const std::string& path, Links links) const
{
    const int flags = O_PATH | (links == Links::KeepLast ? O_NOFOLLOW : 0);
    return os::openResolved(
        m_root, path, std::uint64_t(flags), inRoot | (links == Links::Refuse ? RESOLVE_NO_SYMLINKS : 0));
}

Result<UniqueFd> Rootfs::openForReading(const std::string& path) const
{
    return os::openResolved(m_root, path, O_RDONLY | O_NONBLOCK, inRoot);
}

Result<Rootfs::Place> Rootfs::place(const std::string& path, Links links, Kind kind) const
{
    auto found = open(path, links);
    if (!isMissing(found))
        return Place{TRY(std::move(found)), false};
    if (const auto steps = stepsOf(path); kind == Kind::File && (steps.empty() || steps.back() == ".."))
        return fail(ErrorCode::InvalidArgument, "'{}' is no path of a file", path);
    return Place{TRY(Walk(m_root, path).run(kind == Kind::File, links)), true};
}

Result<Rootfs::Place> Rootfs::placeForDirectory(const std::string& path, Links links) const
{
    return place(path, links, Kind::Directory);
}

Result<Rootfs::Place> Rootfs::placeForFile(const std::string& path, Links links) const
{
    return place(path, links, Kind::File);
}

Result<UniqueFd> Rootfs::makeDirectory(const std::string& path) const
{
    auto [fd, made] = TRY(placeForDirectory(path));
    if (!made && !S_ISDIR(TRY(os::status(fd)).st_mode))
        return fail(Error::fromErrno(ENOTDIR).in(path));
    return std::move(fd);
}

Result<UniqueFd> Rootfs::makeFile(const std::string& path) const
{
    return std::move(TRY(placeForFile(path)).fd);
}

Result<Rootfs::Entry> Rootfs::entry(const std::string& path) const
{
    const std::string trimmed = path.substr(0, path.find_last_not_of('/') + 1);
    const std::size_t slash = trimmed.rfind('/');
    std::string name = trimmed.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
        return fail(ErrorCode::InvalidArgument, "'{}' is no path of a file", path);
    return Entry{TRY(makeDirectory("/" + trimmed.substr(0, slash == trimmed.npos ? 0 : slash))), std::move(name)};
}

} // namespace rocker
