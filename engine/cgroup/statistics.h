#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/json/fields.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// What a cgroup uses, in the shape that `events --stats` of runc prints (its package types): keys and units are kept.
namespace rocker::cgroup {

struct PressureData {
    double avg10 = 0; // percent of time, of the last 10, 60 and 300 seconds
    double avg60 = 0;
    double avg300 = 0;
    std::uint64_t total = 0; // microseconds
    static constexpr auto fields()
    {
        using P = PressureData;
        using json::required;
        return std::tuple(required("avg10", &P::avg10), required("avg60", &P::avg60), required("avg300", &P::avg300),
                          required("total", &P::total));
    }
};

struct Pressure {
    PressureData some;
    PressureData full;
    static constexpr auto fields()
    {
        return std::tuple(json::required("some", &Pressure::some), json::required("full", &Pressure::full));
    }
};

struct CpuUsage {
    std::uint64_t total = 0; // nanoseconds, as all below
    std::vector<std::uint64_t> perCpu;
    std::vector<std::uint64_t> perCpuKernel;
    std::vector<std::uint64_t> perCpuUser;
    std::uint64_t kernel = 0;
    std::uint64_t user = 0;
    static constexpr auto fields()
    {
        using C = CpuUsage;
        using json::required;
        return std::tuple(required("total", &C::total), required("percpu", &C::perCpu),
                          required("percpu_kernel", &C::perCpuKernel), required("percpu_user", &C::perCpuUser),
                          required("kernel", &C::kernel), required("user", &C::user));
    }
};

struct CpuThrottling {
    std::uint64_t periods = 0;
    std::uint64_t throttledPeriods = 0;
    std::uint64_t throttledTime = 0; // nanoseconds
    static constexpr auto fields()
    {
        using T = CpuThrottling;
        using json::required;
        return std::tuple(required("periods", &T::periods), required("throttledPeriods", &T::throttledPeriods),
                          required("throttledTime", &T::throttledTime));
    }
};

struct CpuStatistics {
    CpuUsage usage;
    CpuThrottling throttling;
    std::optional<Pressure> pressure;
    static constexpr auto fields()
    {
        using C = CpuStatistics;
        return std::tuple(json::required("usage", &C::usage), json::required("throttling", &C::throttling),
                          json::defaulted("psi", &C::pressure));
    }
};

struct MemoryEntry {
    std::uint64_t limit = 0; // bytes; 2^64-1 for none
    std::uint64_t usage = 0;
    std::uint64_t max = 0;
    std::uint64_t failcnt = 0;
    static constexpr auto fields()
    {
        using M = MemoryEntry;
        using json::required;
        return std::tuple(required("limit", &M::limit), required("usage", &M::usage), required("max", &M::max),
                          required("failcnt", &M::failcnt));
    }
};

struct MemoryStatistics {
    std::uint64_t cache = 0;
    MemoryEntry usage;
    MemoryEntry swap; // memory and swap together, on v2 as well
    MemoryEntry kernel;
    MemoryEntry kernelTcp;
    std::map<std::string, std::uint64_t> raw; // memory.stat
    std::optional<Pressure> pressure;
    static constexpr auto fields()
    {
        using M = MemoryStatistics;
        using json::required;
        return std::tuple(required("cache", &M::cache), required("usage", &M::usage), required("swap", &M::swap),
                          required("kernel", &M::kernel), required("kernelTCP", &M::kernelTcp),
                          required("raw", &M::raw), json::defaulted("psi", &M::pressure));
    }
};

struct PidsStatistics {
    std::uint64_t current = 0;
    std::uint64_t limit = 0; // 0 for none
    static constexpr auto fields()
    {
        return std::tuple(json::required("current", &PidsStatistics::current),
                          json::required("limit", &PidsStatistics::limit));
    }
};

struct BlockIoEntry {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::string operation; // "Read", "Write", …
    std::uint64_t value = 0;
    bool operator==(const BlockIoEntry&) const = default;
    static constexpr auto fields()
    {
        using B = BlockIoEntry;
        using json::required;
        return std::tuple(required("major", &B::major), required("minor", &B::minor), required("op", &B::operation),
                          required("value", &B::value));
    }
};

struct BlockIoStatistics {
    std::vector<BlockIoEntry> serviceBytes;
    std::vector<BlockIoEntry> serviced;
    std::vector<BlockIoEntry> queued;
    std::vector<BlockIoEntry> serviceTime;
    std::vector<BlockIoEntry> waitTime;
    std::vector<BlockIoEntry> merged;
    std::vector<BlockIoEntry> time;
    std::vector<BlockIoEntry> sectors;
    std::optional<Pressure> pressure;
    static constexpr auto fields()
    {
        using B = BlockIoStatistics;
        using json::required;
        return std::tuple(required("ioServiceBytesRecursive", &B::serviceBytes),
                          required("ioServicedRecursive", &B::serviced), required("ioQueueRecursive", &B::queued),
                          required("ioServiceTimeRecursive", &B::serviceTime),
                          required("ioWaitTimeRecursive", &B::waitTime), required("ioMergedRecursive", &B::merged),
                          required("ioTimeRecursive", &B::time), required("sectorsRecursive", &B::sectors),
                          json::defaulted("psi", &B::pressure));
    }
};

struct HugetlbStatistics {
    std::uint64_t usage = 0;
    std::uint64_t max = 0;
    std::uint64_t failcnt = 0;
    static constexpr auto fields()
    {
        using H = HugetlbStatistics;
        using json::required;
        return std::tuple(required("usage", &H::usage), required("max", &H::max), required("failcnt", &H::failcnt));
    }
};

struct CpusetStatistics {
    std::vector<std::uint64_t> cpus;
    std::uint64_t cpuExclusive = 0;
    std::vector<std::uint64_t> mems;
    std::uint64_t memHardwall = 0;
    std::uint64_t memExclusive = 0;
    std::uint64_t memoryMigrate = 0;
    std::uint64_t memorySpreadPage = 0;
    std::uint64_t memorySpreadSlab = 0;
    std::uint64_t memoryPressure = 0;
    std::uint64_t schedLoadBalance = 0;
    std::int64_t schedRelaxDomainLevel = 0;
    static constexpr auto fields()
    {
        using C = CpusetStatistics;
        using json::required;
        return std::tuple(
            required("cpus", &C::cpus), required("cpu_exclusive", &C::cpuExclusive), required("mems", &C::mems),
            required("mem_hardwall", &C::memHardwall), required("mem_exclusive", &C::memExclusive),
            required("memory_migrate", &C::memoryMigrate), required("memory_spread_page", &C::memorySpreadPage),
            required("memory_spread_slab", &C::memorySpreadSlab), required("memory_pressure", &C::memoryPressure),
            required("sched_load_balance", &C::schedLoadBalance),
            required("sched_relax_domain_level", &C::schedRelaxDomainLevel));
    }
};

struct Statistics {
    CpuStatistics cpu;
    CpusetStatistics cpuset;
    MemoryStatistics memory;
    PidsStatistics pids;
    BlockIoStatistics blockIo;
    std::map<std::string, HugetlbStatistics> hugetlb; // by page size, "2MB"
    static constexpr auto fields()
    {
        using S = Statistics;
        using json::required;
        return std::tuple(required("cpu", &S::cpu), required("cpuset", &S::cpuset), required("memory", &S::memory),
                          required("pids", &S::pids), required("blkio", &S::blockIo), required("hugetlb", &S::hugetlb));
    }
};

// Adds what one v1 controller ("cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "hugetlb"; others have nothing)
// says of a cgroup. Files that a kernel lacks are passed over.
Result<> readV1(Statistics& statistics, std::string_view controller, BorrowedFd group);
// All that v2 says.
Result<> readV2(Statistics& statistics, BorrowedFd group);

} // namespace rocker::cgroup
