#pragma once

#include "engine/spec/resources.h"
#include "engine/spec/seccomp.h"

// `linux` of a config.json, key for key (runtime-spec 1.3, config-linux.md).
namespace rocker::spec {

struct Namespace {
    std::string type; // "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"
    std::string path; // to join; empty for a new one
    static constexpr auto fields()
    {
        return std::tuple(json::required("type", &Namespace::type), json::defaulted("path", &Namespace::path));
    }
};

struct IdMapping {
    std::uint32_t containerId = 0;
    std::uint32_t hostId = 0;
    std::uint32_t size = 0;
    bool operator==(const IdMapping&) const = default;
    static constexpr auto fields()
    {
        using I = IdMapping;
        return std::tuple(json::required("containerID", &I::containerId), json::required("hostID", &I::hostId),
                          json::required("size", &I::size));
    }
};

struct TimeOffset {
    std::int64_t secs = 0;
    std::uint32_t nanosecs = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("secs", &TimeOffset::secs), json::defaulted("nanosecs", &TimeOffset::nanosecs));
    }
};

struct Device {
    std::string type; // "c", "u", "b" or "p"
    std::string path;
    std::optional<std::int64_t> major;
    std::optional<std::int64_t> minor;
    std::optional<std::uint32_t> fileMode; // absent: 0666
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    static constexpr auto fields()
    {
        using json::defaulted;
        using D = Device;
        return std::tuple(json::required("type", &D::type), json::required("path", &D::path), defaulted("major", &D::major),
                          defaulted("minor", &D::minor), defaulted("fileMode", &D::fileMode), defaulted("uid", &D::uid),
                          defaulted("gid", &D::gid));
    }
};

struct NetDevice {
    std::string name; // inside; empty: as outside
    static constexpr auto fields() { return std::tuple(json::defaulted("name", &NetDevice::name)); }
};

struct Personality {
    std::string domain; // "LINUX" or "LINUX32"
    std::vector<std::string> flags;
    static constexpr auto fields()
    {
        return std::tuple(json::required("domain", &Personality::domain), json::defaulted("flags", &Personality::flags));
    }
};

struct MemoryPolicy {
    std::string mode; // "MPOL_BIND"
    std::string nodes;
    std::vector<std::string> flags;
    static constexpr auto fields()
    {
        using M = MemoryPolicy;
        return std::tuple(json::defaulted("mode", &M::mode), json::defaulted("nodes", &M::nodes), json::defaulted("flags", &M::flags));
    }
};

struct IntelRdt {
    std::string closId;
    std::vector<std::string> schemata;
    std::string l3CacheSchema;
    std::string memBwSchema;
    bool enableMonitoring = false;
    static constexpr auto fields()
    {
        using json::defaulted;
        using I = IntelRdt;
        return std::tuple(defaulted("closID", &I::closId), defaulted("schemata", &I::schemata),
                          defaulted("l3CacheSchema", &I::l3CacheSchema), defaulted("memBwSchema", &I::memBwSchema),
                          defaulted("enableMonitoring", &I::enableMonitoring));
    }
};

struct Linux {
    std::vector<Namespace> namespaces;
    std::vector<IdMapping> uidMappings;
    std::vector<IdMapping> gidMappings;
    std::map<std::string, TimeOffset> timeOffsets; // "monotonic", "boottime"
    std::vector<Device> devices;
    std::map<std::string, NetDevice> netDevices;   // by name outside
    std::string cgroupsPath;
    std::optional<Resources> resources;
    std::optional<IntelRdt> intelRdt;
    std::map<std::string, std::string> sysctl;
    std::optional<Seccomp> seccomp;
    std::string rootfsPropagation; // "private", "rslave", …
    std::vector<std::string> maskedPaths;
    std::vector<std::string> readonlyPaths;
    std::string mountLabel;
    std::optional<Personality> personality;
    std::optional<MemoryPolicy> memoryPolicy;
    static constexpr auto fields()
    {
        using json::defaulted;
        using L = Linux;
        return std::tuple(defaulted("namespaces", &L::namespaces), defaulted("uidMappings", &L::uidMappings),
                          defaulted("gidMappings", &L::gidMappings), defaulted("timeOffsets", &L::timeOffsets),
                          defaulted("devices", &L::devices), defaulted("netDevices", &L::netDevices),
                          defaulted("cgroupsPath", &L::cgroupsPath), defaulted("resources", &L::resources),
                          defaulted("intelRdt", &L::intelRdt), defaulted("sysctl", &L::sysctl), defaulted("seccomp", &L::seccomp),
                          defaulted("rootfsPropagation", &L::rootfsPropagation), defaulted("maskedPaths", &L::maskedPaths),
                          defaulted("readonlyPaths", &L::readonlyPaths), defaulted("mountLabel", &L::mountLabel),
                          defaulted("personality", &L::personality), defaulted("memoryPolicy", &L::memoryPolicy));
    }
};

} // namespace rocker::spec
