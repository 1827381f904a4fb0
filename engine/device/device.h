#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/json/fields.h"

#include <array>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::device {

// In a rule: any major or any minor number.
inline constexpr std::int64_t Wildcard = -1;

enum class Type { All, Block, Character, Fifo };

constexpr auto enumNames(Type)
{
    using namespace std::string_view_literals;
    // "u" is mknod(1)'s other name of "c": read, never written.
    return std::array{std::pair{Type::All, "a"sv}, std::pair{Type::Block, "b"sv}, std::pair{Type::Character, "c"sv},
                      std::pair{Type::Fifo, "p"sv}, std::pair{Type::Character, "u"sv}};
}

// One line of the devices controller: which nodes may be read, written and made.
struct Rule {
    Type type = Type::Character;
    std::int64_t major = Wildcard;
    std::int64_t minor = Wildcard;
    std::string permissions = "rwm";
    bool allow = true;

    // The device number; an error for a rule with a wildcard, which names no single node.
    Result<dev_t> mkdev() const;

    bool operator==(const Rule&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        return std::tuple(required("type", &Rule::type), required("major", &Rule::major),
                          required("minor", &Rule::minor), required("permissions", &Rule::permissions),
                          required("allow", &Rule::allow));
    }
};

// A node in the container's /dev; owner and group are the container's ids.
struct Device {
    Rule rule;
    std::string path;
    std::uint32_t fileMode = 0666;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;

    bool operator==(const Device&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        return std::tuple(required("Rule", &Device::rule), required("path", &Device::path),
                          required("file_mode", &Device::fileMode), required("uid", &Device::uid),
                          required("gid", &Device::gid));
    }
};

// What every container has: null, random, full, tty, zero, urandom.
const std::vector<Device>& allowedDevices();

// A detached tmpfs for the container's /dev: the devices' nodes, the links fd, stdin, stdout, stderr, core and ptmx,
// and places for pts, shm, mqueue and console. Made outside the container's user namespace, where its nodes work;
// owned by `firstHostId`, the container's root. Only paths of the form /dev/<name> are taken.
Result<UniqueFd> makeDeviceTree(const std::vector<Device>& devices, uid_t firstHostId);

} // namespace rocker::device
