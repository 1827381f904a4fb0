#include "engine/cgroup/statistics.h"
#include "engine/cgroup/statistics_text.h"
#include "engine/json/json.h"
#include "tests/unit/engine/fake_group.h"

#include <QTest>

using namespace rocker;
using namespace rocker::cgroup;

namespace {

constexpr std::uint64_t unlimited = UINT64_MAX;

} // namespace

class TestCgroupStatistics : public QObject
{
    Q_OBJECT

private slots:
    void theFirstVersionsFilesAreRead()
    {
        const FakeGroup group;
        group.add("cpu.stat", "nr_periods 10\nnr_throttled 3\nthrottled_time 4000\n");
        group.add("cpuacct.usage", "1234567\n");
        group.add("cpuacct.usage_percpu", "1000000 234567 \n");
        group.add("cpuacct.usage_all", "cpu user system\n0 5 6\n1 7 8\n");
        group.add("cpuacct.stat", "user 12\nsystem 3\n");
        group.add("cpuset.cpus", "0-2,5\n");
        group.add("cpuset.sched_relax_domain_level", "-1\n");
        group.add("cpuset.sched_load_balance", "1\n");
        group.add("memory.usage_in_bytes", "4096\n");
        group.add("memory.limit_in_bytes", "9223372036854771712\n");
        group.add("memory.max_usage_in_bytes", "8192\n");
        group.add("memory.failcnt", "2\n");
        group.add("memory.memsw.usage_in_bytes", "5000\n");
        group.add("memory.stat", "cache 100\nrss 200\n");
        group.add("pids.current", "4\n");
        group.add("pids.max", "max\n");
        group.add("blkio.bfq.io_serviced_recursive", "Total 0\n");
        group.add("blkio.throttle.io_serviced_recursive", "8:0 Read 7\n8:0 Write 8\nTotal 15\n");
        group.add("blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\nTotal 4096\n");
        Statistics all;
        const UniqueFd directory = group.open();
        for (const char* controller : {"cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "freezer"})
            QVERIFY(readV1(all, controller, directory));
        QCOMPARE(all.cpu.throttling.throttledTime, 4000U);
        QCOMPARE(all.cpu.usage.total, 1234567U);
        QCOMPARE(all.cpu.usage.perCpu, (std::vector<std::uint64_t>{1000000, 234567}));
        QCOMPARE(all.cpu.usage.perCpuUser, (std::vector<std::uint64_t>{5, 7}));
        QCOMPARE(all.cpu.usage.perCpuKernel, (std::vector<std::uint64_t>{6, 8}));
        QCOMPARE(all.cpu.usage.user, 120'000'000U);
        QCOMPARE(all.cpu.usage.kernel, 30'000'000U);
        QCOMPARE(all.cpuset.cpus, (std::vector<std::uint64_t>{0, 1, 2, 5}));
        QCOMPARE(all.cpuset.schedRelaxDomainLevel, -1);
        QCOMPARE(all.cpuset.schedLoadBalance, 1U);
        QCOMPARE(all.memory.usage.usage, 4096U);
        QCOMPARE(all.memory.usage.limit, 9223372036854771712U);
        QCOMPARE(all.memory.usage.max, 8192U);
        QCOMPARE(all.memory.usage.failcnt, 2U);
        QCOMPARE(all.memory.swap.usage, 5000U);
        QCOMPARE(all.memory.cache, 100U);
        QCOMPARE(all.memory.raw.at("rss"), 200U);
        QCOMPARE(all.pids.current, 4U);
        QCOMPARE(all.pids.limit, 0U);
        QVERIFY(all.blockIo.serviced == (std::vector<BlockIoEntry>{{8, 0, "Read", 7}, {8, 0, "Write", 8}}));
        QVERIFY(all.blockIo.serviceBytes == (std::vector<BlockIoEntry>{{8, 0, "Read", 4096}}));
    }

    void theSecondVersionsFilesSayTheSame()
    {
        const FakeGroup group;
        group.add("cpu.stat",
                  "usage_usec 12\nuser_usec 7\nsystem_usec 5\nnr_periods 10\nnr_throttled 3\nthrottled_usec 4\n");
        group.add("cpu.pressure",
                  "some avg10=1.50 avg60=0.25 avg300=0.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.50 total=7\n");
        group.add("memory.current", "4096\n");
        group.add("memory.max", "10000\n");
        group.add("memory.peak", "8192\n");
        group.add("memory.swap.current", "100\n");
        group.add("memory.swap.max", "max\n");
        group.add("memory.events", "low 0\nhigh 0\nmax 6\noom 1\noom_kill 1\n");
        group.add("memory.stat", "anon 1\nfile 300\n");
        group.add("io.stat", "8:0 rbytes=4096 wbytes=1 rios=2 wios=3 dbytes=0 dios=0\n8:16\n");
        group.add("cgroup.procs", "1\n2\n");
        Statistics all;
        QVERIFY(readV2(all, group.open()));
        QCOMPARE(all.cpu.usage.total, 12000U);
        QCOMPARE(all.cpu.usage.user, 7000U);
        QCOMPARE(all.cpu.usage.kernel, 5000U);
        QCOMPARE(all.cpu.throttling.throttledTime, 4000U);
        QCOMPARE(all.cpu.pressure.value().some.avg10, 1.5);
        QCOMPARE(all.cpu.pressure.value().some.total, 77U);
        QCOMPARE(all.cpu.pressure.value().full.avg300, 0.5);
        QVERIFY(!all.memory.pressure);
        QCOMPARE(all.memory.usage.limit, 10000U);
        QCOMPARE(all.memory.usage.max, 8192U);
        QCOMPARE(all.memory.usage.failcnt, 6U);
        QCOMPARE(all.memory.swap.usage, 4196U);
        QCOMPARE(all.memory.swap.limit, unlimited);
        QCOMPARE(all.memory.cache, 300U);
        QVERIFY(all.blockIo.serviceBytes == (std::vector<BlockIoEntry>{{8, 0, "Read", 4096}, {8, 0, "Write", 1}}));
        QVERIFY(all.blockIo.serviced == (std::vector<BlockIoEntry>{{8, 0, "Read", 2}, {8, 0, "Write", 3}}));
        QCOMPARE(all.pids.current, 2U); // counted: the controller is not enabled
    }

    void anEmptyGroupHasNothing()
    {
        const FakeGroup group;
        Statistics all;
        const UniqueFd directory = group.open();
        for (const char* controller : {"cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "hugetlb"})
            QVERIFY(readV1(all, controller, directory));
        QVERIFY(readV2(all, directory));
        QCOMPARE(all.memory.usage.usage, 0U);
        QVERIFY(all.blockIo.serviced.empty());
    }

    void theKeysAreThoseOfRunc()
    {
        const auto value = json::write(Statistics{.cpu = {.pressure = Pressure{}}, .hugetlb = {{"2MB", {}}}});
        for (const char* path :
             {"/cpu/usage/total", "/cpu/usage/percpu", "/cpu/usage/percpu_kernel", "/cpu/throttling/throttledPeriods",
              "/cpu/psi/some/avg300", "/cpuset/cpu_exclusive", "/cpuset/sched_relax_domain_level",
              "/memory/usage/failcnt", "/memory/swap/limit", "/memory/kernelTCP/max", "/memory/raw", "/pids/current",
              "/blkio/ioServiceBytesRecursive", "/blkio/ioQueueRecursive", "/blkio/sectorsRecursive",
              "/hugetlb/2MB/failcnt"})
            QVERIFY2(value.contains(json::Value::json_pointer(path)), path);
        QVERIFY(!value["memory"].contains("psi"));
    }

    void listsOfNumbersAreRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::vector<std::uint64_t>>("numbers");
        QTest::newRow("none") << QByteArray("\n") << std::vector<std::uint64_t>{};
        QTest::newRow("one") << QByteArray("3\n") << std::vector<std::uint64_t>{3};
        QTest::newRow("ranges") << QByteArray("0-1,3,7-8\n") << std::vector<std::uint64_t>{0, 1, 3, 7, 8};
        QTest::newRow("a range without an end") << QByteArray("5-") << std::vector<std::uint64_t>{5};
    }
    void listsOfNumbersAreRead()
    {
        QFETCH(QByteArray, text);
        QTEST(numbersOfList(text.constData()), "numbers");
    }
};

QTEST_GUILESS_MAIN(TestCgroupStatistics)
#include "tst_cgroup_statistics.moc"
