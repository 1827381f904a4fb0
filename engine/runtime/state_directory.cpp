#include "engine/runtime/state_directory.h"

#include "engine/bundle/bundle.h"
#include "engine/cgroup/cgroup.h"
#include "engine/json/json.h"
#include "engine/json/text.h"
#include "engine/os/file.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/users.h"

#include <algorithm>
#include <cerrno>
#include <sys/file.h>
#include <thread>

namespace rocker::runtime {

static constexpr const char* recordName = "state.json";
static constexpr const char* configurationName = "config.json";

Result<> StateDirectory::checkId(std::string_view id)
{
    if (id.empty())
        return fail(ErrorCode::InvalidArgument, "container id cannot be empty");
    const bool valid = id[0] != '.' && id.size() <= 255 && std::ranges::all_of(id, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("_+.-").contains(c);
    });
    if (!valid)
        return fail(ErrorCode::InvalidArgument, "invalid container ID format: '{}' has an invalid character or is too long", id);
    return {};
}

Result<StateDirectory> StateDirectory::create(const std::string& root, const std::string& id)
{
    TRY(checkId(id));
    TRY(os::makeDirectories(root, 0700));
    UniqueFd parent = TRY(os::open(root, O_PATH | O_DIRECTORY), "open '{}'", root);
    if (::mkdirat(parent.value(), id.c_str(), 0700) != 0) {
        if (errno == EEXIST)
            return fail(ErrorCode::AlreadyExists, "container with given ID already exists: {}", id);
        return fail(Error::fromErrno(errno).in(std::format("make '{}/{}'", root, id)));
    }
    UniqueFd directory = TRY(os::open(parent, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), "open '{}/{}'", root, id);
    StateDirectory made(std::move(parent), std::move(directory), id);
    TRY(made.lock(std::chrono::milliseconds(0)));
    return made;
}

Result<StateDirectory> StateDirectory::open(const std::string& root, const std::string& id)
{
    TRY(checkId(id));
    auto parent = os::open(root, O_PATH | O_DIRECTORY);
    auto directory = parent ? os::open(*parent, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) : std::move(parent);
    if (directory)
        return StateDirectory(std::move(*parent), std::move(*directory), id);
    if (directory.error().errnum == ENOENT || directory.error().errnum == ENOTDIR)
        return fail(ErrorCode::NotFound, "container does not exist");
    return fail(std::move(directory).error().in(std::format("open '{}/{}'", root, id)));
}

Result<std::vector<std::string>> StateDirectory::list(const std::string& root)
{
    std::vector<std::string> names = TRY(os::listDirectory(os::currentDirectory, root), "open '{}'", root);
    std::erase_if(names, [](const std::string& name) { return !checkId(name); });
    std::ranges::sort(names);
    return names;
}

Result<std::string> StateDirectory::owner() const
{
    return userName(TRY(os::status(m_directory)).st_uid);
}

Result<Record> StateDirectory::record() const
{
    auto text = os::readFile(m_directory, recordName);
    auto record = text ? json::readText<Record>(*text, json::UnknownKeys::Ignore) : Result<Record>(fail(text.error()));
    if (record && record->id == m_id && (record->pid != 0 || !isLockedByOther()))
        return record;
    if (!text && text.error().errnum != ENOENT)
        return fail(std::move(text).error().in(std::format("read the state of '{}'", m_id)));
    return fail(ErrorCode::NotFound, "container does not exist");
}

Result<> StateDirectory::write(const Record& record) const
{
    return write(recordName, json::text(record));
}

Result<> StateDirectory::write(const std::string& name, std::string_view text) const
{
    // Without fsync: after a crash of the machine there is no container, whatever the file says.
    const std::string temporary = name + ".new";
    const UniqueFd file = TRY(os::open(m_directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600), "write the state");
    TRY(os::writeAll(file, text), "write the state");
    TRY(os::rename(m_directory, temporary, m_directory, name), "write the state");
    return {};
}

Result<std::string> StateDirectory::configuration() const
{
    return os::readFile(m_directory, configurationName);
}

Result<> StateDirectory::keepConfiguration(std::string_view text) const
{
    const UniqueFd file = TRY(os::open(m_directory, configurationName, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600), "keep the configuration");
    TRY(os::writeAll(file, text), "keep the configuration");
    return {};
}

bool StateDirectory::isLockedByOther() const
{
    if (m_locked)
        return false;
    const auto again = os::open(m_directory, ".", O_RDONLY | O_DIRECTORY);
    return again && ::flock(again->value(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

Status StateDirectory::status(const Record& record) const
{
    if (!isAlive(record))
        return Status::Stopped;
    if (record.creating)
        return Status::Creating;
    if (!record.cgroupPaths.empty())
        if (const auto frozen = cgroup::Cgroup::fromPaths(record.cgroupPaths).isFrozen(); frozen && *frozen)
            return Status::Paused;
    return os::exists(m_directory, bundle::startSocketName) ? Status::Created : Status::Running;
}

Result<Shown> StateDirectory::show(const Record& record) const
{
    const Status now = status(record);
    return Shown{.ociVersion = record.ociVersion,
                 .id = record.id,
                 .pid = now == Status::Stopped ? 0 : record.pid,
                 .status = now,
                 .bundle = record.bundle,
                 .rootfs = record.rootfs,
                 .created = record.created,
                 .annotations = record.annotations,
                 .owner = TRY(owner())};
}

Result<> StateDirectory::lock(std::chrono::milliseconds patience)
{
    constexpr std::chrono::milliseconds step(5);
    for (;; patience -= step) {
        if (::flock(m_directory.value(), LOCK_EX | LOCK_NB) == 0) {
            m_locked = true;
            return {};
        }
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail(Error::fromErrno(errno).in(std::format("lock the state of '{}'", m_id)));
        if (patience <= std::chrono::milliseconds(0))
            return fail(ErrorCode::FailedPrecondition, "container {} is being created or deleted by another process", m_id);
        std::this_thread::sleep_for(step);
    }
}

void StateDirectory::unlock()
{
    if (std::exchange(m_locked, false))
        (void)::flock(m_directory.value(), LOCK_UN);
}

Result<> StateDirectory::remove()
{
    return os::removeTree(m_parent, m_id);
}

} // namespace rocker::runtime
