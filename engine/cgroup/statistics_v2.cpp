#include "engine/cgroup/directory.h"
#include "engine/cgroup/statistics_text.h"

#include <array>

namespace rocker::cgroup {

namespace {

Result<> readCpu(CpuStatistics& cpu, BorrowedFd group)
{
    const auto numbers = keyedNumbers(TRY(readIfThere(group, "cpu.stat")).value_or(""));
    const auto value = [&](const char* key) { return numbers.contains(key) ? numbers.at(key) : 0; };
    cpu.usage.total = value("usage_usec") * 1000;
    cpu.usage.user = value("user_usec") * 1000;
    cpu.usage.kernel = value("system_usec") * 1000;
    cpu.throttling = {value("nr_periods"), value("nr_throttled"), value("throttled_usec") * 1000};
    cpu.pressure = TRY(readPressure(group, "cpu.pressure"));
    return {};
}

Result<> readMemory(MemoryStatistics& memory, BorrowedFd group)
{
    memory.raw = keyedNumbers(TRY(readIfThere(group, "memory.stat")).value_or(""));
    if (const auto file = memory.raw.find("file"); file != memory.raw.end())
        memory.cache = file->second;
    memory.usage.usage = TRY(readNumber(group, "memory.current"));
    memory.usage.limit = TRY(readNumber(group, "memory.max"));
    memory.usage.max = TRY(readNumber(group, "memory.peak"));
    memory.usage.failcnt = valueOf(TRY(readIfThere(group, "memory.events")).value_or(""), "max");
    // Both together, as v1 has it; the peaks of both were not at one time.
    memory.swap.usage = TRY(readNumber(group, "memory.swap.current")) + memory.usage.usage;
    const std::uint64_t swapLimit = TRY(readNumber(group, "memory.swap.max"));
    memory.swap.limit =
        swapLimit == UINT64_MAX || memory.usage.limit == UINT64_MAX ? UINT64_MAX : swapLimit + memory.usage.limit;
    memory.pressure = TRY(readPressure(group, "memory.pressure"));
    return {};
}

Result<> readPids(PidsStatistics& pids, BorrowedFd group)
{
    if (const auto current = TRY(readIfThere(group, "pids.current"))) {
        const std::uint64_t limit = TRY(readNumber(group, "pids.max"));
        pids = {numberIn(*current), limit == UINT64_MAX ? 0 : limit};
        return {};
    }
    pids.current = TRY(processesBelow(group)).size(); // the controller is not enabled here
    return {};
}

// "8:0 rbytes=4096 wbytes=0 rios=1 …", which becomes v1's tables.
Result<> readBlockIo(BlockIoStatistics& io, BorrowedFd group)
{
    struct Column {
        std::string_view key;
        const char* operation;
        std::vector<BlockIoEntry> BlockIoStatistics::*table;
    };
    using B = BlockIoStatistics;
    static constexpr std::array columns{Column{"rbytes", "Read", &B::serviceBytes},
                                        Column{"wbytes", "Write", &B::serviceBytes},
                                        Column{"rios", "Read", &B::serviced}, Column{"wios", "Write", &B::serviced}};
    forEachLine(TRY(readIfThere(group, "io.stat")).value_or(""), [&](std::string_view line) {
        std::string_view device = nextWord(line);
        const std::uint64_t major = numberIn(nextWord(device, ":"));
        const std::uint64_t minor = numberIn(nextWord(device, ":"));
        while (!line.empty()) {
            std::string_view pair = nextWord(line);
            const std::string_view key = nextWord(pair, "=");
            for (const Column& column : columns)
                if (column.key == key)
                    (io.*column.table).push_back({major, minor, column.operation, numberIn(nextWord(pair, "="))});
        }
    });
    io.pressure = TRY(readPressure(group, "io.pressure"));
    return {};
}

Result<> readHugetlb(std::map<std::string, HugetlbStatistics>& hugetlb, BorrowedFd group)
{
    for (const std::string& size : hugepageSizes()) {
        const std::string prefix = "hugetlb." + size;
        auto usage = TRY(readIfThere(group, prefix + ".rsvd.current"));
        if (!usage)
            usage = TRY(readIfThere(group, prefix + ".current"));
        if (!usage)
            continue;
        hugetlb[size] = {.usage = numberIn(*usage),
                         .failcnt = valueOf(TRY(readIfThere(group, prefix + ".events")).value_or(""), "max")};
    }
    return {};
}

} // namespace

Result<> readV2(Statistics& statistics, BorrowedFd group)
{
    TRY(readCpu(statistics.cpu, group));
    TRY(readMemory(statistics.memory, group));
    TRY(readPids(statistics.pids, group));
    TRY(readBlockIo(statistics.blockIo, group));
    TRY(readHugetlb(statistics.hugetlb, group));
    statistics.cpuset.cpus = numbersOfList(TRY(readIfThere(group, "cpuset.cpus")).value_or(""));
    statistics.cpuset.mems = numbersOfList(TRY(readIfThere(group, "cpuset.mems")).value_or(""));
    return {};
}

} // namespace rocker::cgroup
