#pragma once

#include "engine/json/fields.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// `linux.resources` of a config.json, key for key (runtime-spec 1.3, config-linux.md "Control groups"). Absent means
// untouched.
namespace rocker::spec {

// A line of the devices controller; rules apply in their order, the last that fits decides.
struct DeviceRule {
    bool allow = false;
    std::string type;                   // "a" (also ""), "b" or "c"
    std::optional<std::int64_t> major;  // absent or -1: any
    std::optional<std::int64_t> minor;
    std::string access;                 // of "r", "w", "m"; "" means all
    static constexpr auto fields()
    {
        using json::defaulted;
        using D = DeviceRule;
        return std::tuple(json::required("allow", &D::allow), defaulted("type", &D::type), defaulted("major", &D::major),
                          defaulted("minor", &D::minor), defaulted("access", &D::access));
    }
};

struct MemoryResources {
    std::optional<std::int64_t> limit;       // bytes, -1 unlimited
    std::optional<std::int64_t> reservation;
    std::optional<std::int64_t> swap;        // memory and swap together
    std::optional<std::int64_t> kernel;      // obsolete: refused by newer kernels, not written
    std::optional<std::int64_t> kernelTcp;
    std::optional<std::uint64_t> swappiness; // 0 to 100
    std::optional<bool> disableOomKiller;
    std::optional<bool> useHierarchy;
    std::optional<bool> checkBeforeUpdate;
    static constexpr auto fields()
    {
        using json::defaulted;
        using M = MemoryResources;
        return std::tuple(defaulted("limit", &M::limit), defaulted("reservation", &M::reservation), defaulted("swap", &M::swap),
                          defaulted("kernel", &M::kernel), defaulted("kernelTCP", &M::kernelTcp),
                          defaulted("swappiness", &M::swappiness), defaulted("disableOOMKiller", &M::disableOomKiller),
                          defaulted("useHierarchy", &M::useHierarchy), defaulted("checkBeforeUpdate", &M::checkBeforeUpdate));
    }
};

struct CpuResources {
    std::optional<std::uint64_t> shares;
    std::optional<std::int64_t> quota;   // microseconds in each period, -1 unlimited
    std::optional<std::uint64_t> burst;
    std::optional<std::uint64_t> period; // microseconds
    std::optional<std::int64_t> realtimeRuntime;
    std::optional<std::uint64_t> realtimePeriod;
    std::optional<std::string> cpus; // "0-2,4"
    std::optional<std::string> mems;
    std::optional<std::int64_t> idle; // 1: SCHED_IDLE for the whole group
    static constexpr auto fields()
    {
        using json::defaulted;
        using C = CpuResources;
        return std::tuple(defaulted("shares", &C::shares), defaulted("quota", &C::quota), defaulted("burst", &C::burst),
                          defaulted("period", &C::period), defaulted("realtimeRuntime", &C::realtimeRuntime),
                          defaulted("realtimePeriod", &C::realtimePeriod), defaulted("cpus", &C::cpus),
                          defaulted("mems", &C::mems), defaulted("idle", &C::idle));
    }
};

struct PidsResources {
    std::optional<std::int64_t> limit; // -1 unlimited
    static constexpr auto fields() { return std::tuple(json::defaulted("limit", &PidsResources::limit)); }
};

struct WeightDevice {
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::optional<std::uint16_t> weight; // 10 to 1000
    std::optional<std::uint16_t> leafWeight;
    static constexpr auto fields()
    {
        using W = WeightDevice;
        return std::tuple(json::required("major", &W::major), json::required("minor", &W::minor),
                          json::defaulted("weight", &W::weight), json::defaulted("leafWeight", &W::leafWeight));
    }
};

struct ThrottleDevice {
    std::int64_t major = 0;
    std::int64_t minor = 0;
    std::uint64_t rate = 0; // bytes or operations a second
    static constexpr auto fields()
    {
        using T = ThrottleDevice;
        return std::tuple(json::required("major", &T::major), json::required("minor", &T::minor), json::required("rate", &T::rate));
    }
};

struct BlockIoResources {
    std::optional<std::uint16_t> weight; // 10 to 1000
    std::optional<std::uint16_t> leafWeight;
    std::vector<WeightDevice> weightDevice;
    std::vector<ThrottleDevice> throttleReadBps;
    std::vector<ThrottleDevice> throttleWriteBps;
    std::vector<ThrottleDevice> throttleReadIops;
    std::vector<ThrottleDevice> throttleWriteIops;
    static constexpr auto fields()
    {
        using json::defaulted;
        using B = BlockIoResources;
        return std::tuple(defaulted("weight", &B::weight), defaulted("leafWeight", &B::leafWeight),
                          defaulted("weightDevice", &B::weightDevice), defaulted("throttleReadBpsDevice", &B::throttleReadBps),
                          defaulted("throttleWriteBpsDevice", &B::throttleWriteBps),
                          defaulted("throttleReadIOPSDevice", &B::throttleReadIops),
                          defaulted("throttleWriteIOPSDevice", &B::throttleWriteIops));
    }
};

struct HugepageLimit {
    std::string pageSize; // "2MB"
    std::uint64_t limit = 0;
    static constexpr auto fields()
    {
        using H = HugepageLimit;
        return std::tuple(json::required("pageSize", &H::pageSize), json::required("limit", &H::limit));
    }
};

struct InterfacePriority {
    std::string name;
    std::uint32_t priority = 0;
    static constexpr auto fields()
    {
        using I = InterfacePriority;
        return std::tuple(json::required("name", &I::name), json::required("priority", &I::priority));
    }
};

struct NetworkResources {
    std::optional<std::uint32_t> classId;
    std::vector<InterfacePriority> priorities;
    static constexpr auto fields()
    {
        using N = NetworkResources;
        return std::tuple(json::defaulted("classID", &N::classId), json::defaulted("priorities", &N::priorities));
    }
};

struct RdmaLimit {
    std::optional<std::uint32_t> hcaHandles;
    std::optional<std::uint32_t> hcaObjects;
    static constexpr auto fields()
    {
        using R = RdmaLimit;
        return std::tuple(json::defaulted("hcaHandles", &R::hcaHandles), json::defaulted("hcaObjects", &R::hcaObjects));
    }
};

struct Resources {
    std::vector<DeviceRule> devices;
    std::optional<MemoryResources> memory;
    std::optional<CpuResources> cpu;
    std::optional<PidsResources> pids;
    std::optional<BlockIoResources> blockIo;
    std::vector<HugepageLimit> hugepageLimits;
    std::optional<NetworkResources> network;
    std::map<std::string, RdmaLimit> rdma;          // by device
    std::map<std::string, std::string> unified;     // cgroup v2 file and what is written to it
    static constexpr auto fields()
    {
        using json::defaulted;
        using R = Resources;
        return std::tuple(defaulted("devices", &R::devices), defaulted("memory", &R::memory), defaulted("cpu", &R::cpu),
                          defaulted("pids", &R::pids), defaulted("blockIO", &R::blockIo),
                          defaulted("hugepageLimits", &R::hugepageLimits), defaulted("network", &R::network),
                          defaulted("rdma", &R::rdma), defaulted("unified", &R::unified));
    }
};

} // namespace rocker::spec
