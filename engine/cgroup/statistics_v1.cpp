#include "engine/cgroup/statistics_text.h"

#include <array>
#include <initializer_list>

namespace rocker::cgroup {

namespace {

constexpr std::uint64_t nanosecondsOfTick = 10'000'000; // USER_HZ is 100 on every architecture

Result<> readCpu(Statistics& statistics, BorrowedFd group)
{
    const auto numbers = keyedNumbers(TRY(readIfThere(group, "cpu.stat")).value_or(""));
    const auto value = [&](const char* key) { return numbers.contains(key) ? numbers.at(key) : 0; };
    statistics.cpu.throttling = {value("nr_periods"), value("nr_throttled"), value("throttled_time")};
    return {};
}

Result<> readCpuAccount(Statistics& statistics, BorrowedFd group)
{
    CpuUsage& usage = statistics.cpu.usage;
    const auto ticks = keyedNumbers(TRY(readIfThere(group, "cpuacct.stat")).value_or(""));
    for (const auto& [mode, time] : {std::pair("user", &usage.user), std::pair("system", &usage.kernel)})
        if (const auto found = ticks.find(mode); found != ticks.end())
            *time = found->second * nanosecondsOfTick;
    usage.total = TRY(readNumber(group, "cpuacct.usage"));
    const std::string each = TRY(readIfThere(group, "cpuacct.usage_percpu")).value_or("");
    for (std::string_view rest = each; !rest.empty();)
        if (const std::string_view word = nextWord(rest); !word.empty())
            usage.perCpu.push_back(numberIn(word));
    forEachLine(TRY(readIfThere(group, "cpuacct.usage_all")).value_or(""),
                [&](std::string_view line) { // "cpu user system"
                    if (nextWord(line) == "cpu")
                        return;
                    usage.perCpuUser.push_back(numberIn(nextWord(line)));
                    usage.perCpuKernel.push_back(numberIn(nextWord(line)));
                });
    return {};
}

Result<> readCpuset(Statistics& statistics, BorrowedFd group)
{
    CpusetStatistics& cpuset = statistics.cpuset;
    cpuset.cpus = numbersOfList(TRY(readIfThere(group, "cpuset.cpus")).value_or(""));
    cpuset.mems = numbersOfList(TRY(readIfThere(group, "cpuset.mems")).value_or(""));
    for (const auto& [file, value] :
         {std::pair("cpu_exclusive", &cpuset.cpuExclusive), std::pair("mem_hardwall", &cpuset.memHardwall),
          std::pair("mem_exclusive", &cpuset.memExclusive), std::pair("memory_migrate", &cpuset.memoryMigrate),
          std::pair("memory_spread_page", &cpuset.memorySpreadPage),
          std::pair("memory_spread_slab", &cpuset.memorySpreadSlab),
          std::pair("memory_pressure", &cpuset.memoryPressure),
          std::pair("sched_load_balance", &cpuset.schedLoadBalance)})
        *value = TRY(readNumber(group, std::string("cpuset.") + file));
    const std::string level = TRY(readIfThere(group, "cpuset.sched_relax_domain_level")).value_or("");
    cpuset.schedRelaxDomainLevel = level.starts_with('-') ? -std::int64_t(numberIn(std::string_view(level).substr(1)))
                                                          : std::int64_t(numberIn(level));
    return {};
}

Result<> readMemoryEntry(MemoryEntry& entry, BorrowedFd group, const std::string& prefix)
{
    entry.usage = TRY(readNumber(group, prefix + ".usage_in_bytes"));
    entry.max = TRY(readNumber(group, prefix + ".max_usage_in_bytes"));
    entry.failcnt = TRY(readNumber(group, prefix + ".failcnt"));
    entry.limit = TRY(readNumber(group, prefix + ".limit_in_bytes"));
    return {};
}

Result<> readMemory(Statistics& statistics, BorrowedFd group)
{
    MemoryStatistics& memory = statistics.memory;
    memory.raw = keyedNumbers(TRY(readIfThere(group, "memory.stat")).value_or(""));
    if (const auto cache = memory.raw.find("cache"); cache != memory.raw.end())
        memory.cache = cache->second;
    TRY(readMemoryEntry(memory.usage, group, "memory"));
    TRY(readMemoryEntry(memory.swap, group, "memory.memsw"));
    TRY(readMemoryEntry(memory.kernel, group, "memory.kmem"));
    TRY(readMemoryEntry(memory.kernelTcp, group, "memory.kmem.tcp"));
    return {};
}

Result<> readPids(Statistics& statistics, BorrowedFd group)
{
    const std::uint64_t limit = TRY(readNumber(group, "pids.max"));
    statistics.pids = {TRY(readNumber(group, "pids.current")), limit == UINT64_MAX ? 0 : limit};
    return {};
}

// "8:0 Read 4096", "8:0 12"; "Total 4096" is left out.
std::vector<BlockIoEntry> blockIoEntries(std::string_view text)
{
    std::vector<BlockIoEntry> entries;
    forEachLine(text, [&](std::string_view line) {
        std::string_view device = nextWord(line);
        if (device.find(':') == std::string_view::npos)
            return;
        BlockIoEntry& entry = entries.emplace_back();
        entry.major = numberIn(nextWord(device, ":"));
        entry.minor = numberIn(nextWord(device, ":"));
        const std::string_view word = nextWord(line);
        const std::string_view value = nextWord(line);
        entry.operation = value.empty() ? std::string_view() : word;
        entry.value = numberIn(value.empty() ? word : value);
    });
    return entries;
}

// Which files there are depends on the input-output scheduler: the first family that is there has them all.
Result<> readBlockIo(Statistics& statistics, BorrowedFd group)
{
    struct Source {
        const char* file;
        std::vector<BlockIoEntry> BlockIoStatistics::*member;
    };
    using B = BlockIoStatistics;
    static constexpr std::array names{
        Source{"io_serviced_recursive", &B::serviced},  Source{"io_service_bytes_recursive", &B::serviceBytes},
        Source{"sectors_recursive", &B::sectors},       Source{"io_service_time_recursive", &B::serviceTime},
        Source{"io_wait_time_recursive", &B::waitTime}, Source{"io_merged_recursive", &B::merged},
        Source{"io_queued_recursive", &B::queued},      Source{"time_recursive", &B::time}};
    for (const char* prefix : {"blkio.bfq.", "blkio.", "blkio.throttle."}) {
        if (!TRY(readIfThere(group, std::string(prefix) + names[0].file)))
            continue;
        bool any = false;
        for (const Source& source : names) {
            auto& entries = statistics.blockIo.*source.member;
            entries = blockIoEntries(TRY(readIfThere(group, std::string(prefix) + source.file)).value_or(""));
            any = any || !entries.empty();
        }
        // BFQ built in but not used has its files all the same, without a line.
        if (any)
            return {};
    }
    if (statistics.blockIo.serviced.empty()) {
        statistics.blockIo.serviced =
            blockIoEntries(TRY(readIfThere(group, "blkio.throttle.io_serviced")).value_or(""));
        statistics.blockIo.serviceBytes =
            blockIoEntries(TRY(readIfThere(group, "blkio.throttle.io_service_bytes")).value_or(""));
    }
    return {};
}

Result<> readHugetlb(Statistics& statistics, BorrowedFd group)
{
    for (const std::string& size : hugepageSizes()) {
        std::string prefix = "hugetlb." + size + ".rsvd";
        if (!TRY(readIfThere(group, prefix + ".usage_in_bytes")))
            prefix = "hugetlb." + size;
        statistics.hugetlb[size] = {TRY(readNumber(group, prefix + ".usage_in_bytes")),
                                    TRY(readNumber(group, prefix + ".max_usage_in_bytes")),
                                    TRY(readNumber(group, prefix + ".failcnt"))};
    }
    return {};
}

struct Reader {
    std::string_view controller;
    Result<> (*read)(Statistics&, BorrowedFd);
};
constexpr std::array readers{Reader{"cpu", readCpu},        Reader{"cpuacct", readCpuAccount},
                             Reader{"cpuset", readCpuset},  Reader{"memory", readMemory},
                             Reader{"pids", readPids},      Reader{"blkio", readBlockIo},
                             Reader{"hugetlb", readHugetlb}};

} // namespace

Result<> readV1(Statistics& statistics, std::string_view controller, BorrowedFd group)
{
    for (const Reader& reader : readers)
        if (reader.controller == controller)
            TRY(reader.read(statistics, group));
    return {};
}

} // namespace rocker::cgroup
