#include "engine/device/device.h"

#include "engine/os/file.h"
#include "engine/os/mount.h"

#include <sys/sysmacros.h>

namespace rocker::device {

namespace {

Device characterDevice(std::string path, std::int64_t major, std::int64_t minor)
{
    return {.rule = {Type::Character, major, minor, "rwm", true}, .path = std::move(path)};
}

mode_t typeBits(Type type)
{
    return type == Type::Block ? S_IFBLK : type == Type::Fifo ? S_IFIFO : S_IFCHR;
}

Result<> makeNode(BorrowedFd directory, const Device& device, uid_t firstHostId)
{
    constexpr std::string_view prefix = "/dev/";
    const std::string name = device.path.starts_with(prefix) ? device.path.substr(prefix.size()) : "";
    if (name.empty() || name == "." || name == ".." || name.contains('/'))
        return fail(ErrorCode::InvalidArgument, "'{}' is no path of the form /dev/<name>", device.path);
    const dev_t number = device.rule.type == Type::Fifo ? 0 : TRY(device.rule.mkdev(), "'{}'", device.path);
    TRY(os::makeNode(directory, name, typeBits(device.rule.type) | 0600, number), "make '{}'", device.path);
    TRY(os::changeOwner(directory, name, firstHostId + device.uid, firstHostId + device.gid), "own '{}'", device.path);
    TRY(os::changeMode(directory, name, device.fileMode & 07777), "set the mode of '{}'", device.path);
    return {};
}

constexpr std::pair<const char*, const char*> links[]{
    {"/proc/self/fd", "fd"},         {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"},
    {"/proc/self/fd/2", "stderr"}, {"/proc/kcore", "core"},      {"pts/ptmx", "ptmx"}};

} // namespace

Result<dev_t> Rule::mkdev() const
{
    if (type == Type::All || major == Wildcard || minor == Wildcard)
        return fail(ErrorCode::InvalidArgument, "a device rule with a wildcard names no single device");
    // The kernel has 12 bits for major numbers and 20 for minor ones (makedev(3)).
    if (major < 0 || major >= 1 << 12 || minor < 0 || minor >= 1 << 20)
        return fail(ErrorCode::InvalidArgument, "the device number {}:{} is out of range", major, minor);
    return makedev(unsigned(major), unsigned(minor));
}

const std::vector<Device>& allowedDevices()
{
    static const std::vector<Device> devices{
        characterDevice("/dev/null", 1, 3),  characterDevice("/dev/random", 1, 8), characterDevice("/dev/full", 1, 7),
        characterDevice("/dev/tty", 5, 0),   characterDevice("/dev/zero", 1, 5),   characterDevice("/dev/urandom", 1, 9)};
    return devices;
}

Result<UniqueFd> makeDeviceTree(const std::vector<Device>& devices, uid_t firstHostId)
{
    const std::string owner = std::to_string(firstHostId);
    UniqueFd tree = TRY(os::makeMount("tmpfs", "tmpfs", {{"mode", "0755"}, {"size", "64k"}, {"uid", owner}, {"gid", owner}},
                                      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC),
                        "mount a tmpfs for /dev");
    for (const Device& device : devices)
        TRY(makeNode(tree, device, firstHostId));
    for (const auto& [target, name] : links) {
        TRY(os::makeSymlink(target, tree, name), "make '/dev/{}'", name);
        TRY(os::changeOwner(tree, name, firstHostId, firstHostId), "own '/dev/{}'", name);
    }
    for (const char* name : {"pts", "shm", "mqueue"}) {
        TRY(os::makeDirectory(tree, name, 0755), "make '/dev/{}'", name);
        TRY(os::changeOwner(tree, name, firstHostId, firstHostId), "own '/dev/{}'", name);
    }
    return tree;
}

} // namespace rocker::device
