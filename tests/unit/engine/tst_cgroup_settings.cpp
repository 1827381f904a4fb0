#include "engine/cgroup/limits.h"
#include "engine/cgroup/settings.h"
#include "engine/json/json.h"
#include "tests/unit/engine/fake_group.h"

#include <QTest>

using namespace rocker;
using namespace rocker::cgroup;

namespace {

spec::Resources resources(const char* text)
{
    auto parsed = json::readText<spec::Resources>(text, json::UnknownKeys::Refuse);
    if (!parsed)
        qFatal("%s", parsed.error().what.c_str());
    return *parsed;
}

// "file=value" for each, "|other=value" for what is written where the file is missing, "?" and "!" for optional and
// again.
QByteArray lines(const std::vector<Setting>& settings)
{
    std::string text;
    for (const Setting& setting : settings)
        text += std::format("{}:{}={}{}{}{}\n", setting.controller, setting.file, setting.value,
                            setting.otherFile.empty() ? "" : "|" + setting.otherFile + "=" + setting.otherValue,
                            setting.optional ? "?" : "", setting.again ? "!" : "");
    return bytes(text);
}

} // namespace

class TestCgroupSettings : public QObject
{
    Q_OBJECT

private slots:
    void resourcesBecomeSettings_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("v1");
        QTest::addColumn<QByteArray>("v2");
        const auto row = [](const char* name, const char* json, const char* v1, const char* v2) {
            QTest::newRow(name) << QByteArray(json) << QByteArray(v1) << QByteArray(v2);
        };
        row("nothing", "{}", "", "");
        row("memory", R"({"memory":{"limit":1000,"reservation":500,"swap":1500}})",
            "memory:memory.limit_in_bytes=1000!\nmemory:memory.memsw.limit_in_bytes=1500\nmemory:memory.soft_limit_in_"
            "bytes=500\n",
            "memory:memory.swap.max=500\nmemory:memory.max=1000\nmemory:memory.low=500\n");
        row("memory without swap", R"({"memory":{"limit":1000,"swap":1000}})",
            "memory:memory.limit_in_bytes=1000!\nmemory:memory.memsw.limit_in_bytes=1000?\n",
            "memory:memory.swap.max=0?\nmemory:memory.max=1000\n");
        row("memory without limit", R"({"memory":{"limit":-1,"reservation":-1}})",
            "memory:memory.limit_in_bytes=-1!\nmemory:memory.memsw.limit_in_bytes=-1?\nmemory:memory.soft_limit_in_"
            "bytes=-1\n",
            "memory:memory.swap.max=max?\nmemory:memory.max=max\nmemory:memory.low=max\n");
        row("swap without limit", R"({"memory":{"limit":1000,"swap":-1}})",
            "memory:memory.limit_in_bytes=1000!\nmemory:memory.memsw.limit_in_bytes=-1?\n",
            "memory:memory.swap.max=max?\nmemory:memory.max=1000\n");
        row("obsolete, and zeros",
            R"({"memory":{"kernel":5,"kernelTCP":5,"limit":0,"useHierarchy":true,"checkBeforeUpdate":true},"cpu":{"shares":0,"quota":0,"period":0,"cpus":""}})",
            "", "");
        row("processor time", R"({"cpu":{"shares":1024,"quota":50000,"period":100000,"burst":10}})",
            "cpu:cpu.shares=1024\ncpu:cpu.cfs_period_us=100000!\ncpu:cpu.cfs_burst_us=10!\ncpu:cpu.cfs_quota_us="
            "50000\n",
            "cpu:cpu.weight=100\ncpu:cpu.max.burst=10!\ncpu:cpu.max=50000 100000\n");
        row("no quota", R"({"cpu":{"quota":-1}})", "cpu:cpu.cfs_quota_us=-1\n", "cpu:cpu.max=max\n");
        row("a period alone", R"({"cpu":{"period":5000}})", "cpu:cpu.cfs_period_us=5000\n", "cpu:cpu.max=max 5000\n");
        row("idle", R"({"cpu":{"idle":1,"shares":2}})", "cpu:cpu.shares=2\ncpu:cpu.idle=1\n",
            "cpu:cpu.weight=1\ncpu:cpu.idle=1\n");
        row("idle no more", R"({"cpu":{"idle":0,"shares":2}})", "cpu:cpu.idle=0\ncpu:cpu.shares=2\n",
            "cpu:cpu.idle=0\ncpu:cpu.weight=1\n");
        row("processors", R"({"cpu":{"cpus":"0-2,4","mems":"0"}})",
            "cpuset:cpuset.cpus=0-2,4|cpus=0-2,4\ncpuset:cpuset.mems=0|mems=0\n",
            "cpuset:cpuset.cpus=0-2,4\ncpuset:cpuset.mems=0\n");
        row("processes", R"({"pids":{"limit":20}})", "pids:pids.max=20\n", "pids:pids.max=20\n");
        row("no process", R"({"pids":{"limit":0}})", "pids:pids.max=1\n", "pids:pids.max=1\n");
        row("any number of processes", R"({"pids":{"limit":-1}})", "pids:pids.max=max\n", "pids:pids.max=max\n");
        row("input and output",
            R"({"blockIO":{"weight":500,"weightDevice":[{"major":8,"minor":0,"weight":10}],"throttleReadBpsDevice":[{"major":8,"minor":16,"rate":600}],
                "throttleWriteBpsDevice":[{"major":8,"minor":16,"rate":0}],"throttleReadIOPSDevice":[{"major":8,"minor":0,"rate":3}],
                "throttleWriteIOPSDevice":[{"major":8,"minor":0,"rate":4}]}})",
            "blkio:blkio.weight=500|blkio.bfq.weight=500\nblkio:blkio.weight_device=8:0 10|blkio.bfq.weight_device=8:0 "
            "10\n"
            "blkio:blkio.throttle.read_bps_device=8:16 600\nblkio:blkio.throttle.write_bps_device=8:16 0\n"
            "blkio:blkio.throttle.read_iops_device=8:0 3\nblkio:blkio.throttle.write_iops_device=8:0 4\n",
            "io:io.bfq.weight=500|io.weight=4950\nio:io.bfq.weight=8:0 10|io.weight=8:0 1\nio:io.max=8:16 "
            "rbps=600\nio:io.max=8:16 wbps=max\n"
            "io:io.max=8:0 riops=3\nio:io.max=8:0 wiops=4\n");
        row("huge pages", R"({"hugepageLimits":[{"pageSize":"2MB","limit":9}]})",
            "hugetlb:hugetlb.2MB.limit_in_bytes=9\nhugetlb:hugetlb.2MB.rsvd.limit_in_bytes=9?\n",
            "hugetlb:hugetlb.2MB.max=9\nhugetlb:hugetlb.2MB.rsvd.max=9?\n");
        row("rdma", R"({"rdma":{"mlx5_1":{"hcaHandles":3,"hcaObjects":4},"rxe3":{"hcaObjects":5}}})",
            "rdma:rdma.max=mlx5_1 hca_handle=3 hca_object=4\nrdma:rdma.max=rxe3 hca_object=5\n",
            "rdma:rdma.max=mlx5_1 hca_handle=3 hca_object=4\nrdma:rdma.max=rxe3 hca_object=5\n");
    }
    void resourcesBecomeSettings()
    {
        QFETCH(QByteArray, json);
        const spec::Resources wanted = resources(json.constData());
        QVERIFY(validate(wanted, Version::V1));
        QVERIFY(validate(wanted, Version::V2));
        QTEST(lines(settingsV1(wanted)), "v1");
        QTEST(lines(settingsV2(wanted)), "v2");
    }

    void someSettingsAreOfOneVersionOnly()
    {
        const auto old = resources(
            R"({"memory":{"swappiness":0,"disableOOMKiller":true},"cpu":{"realtimeRuntime":950,"realtimePeriod":1000},
            "blockIO":{"leafWeight":20},"network":{"classID":1048577,"priorities":[{"name":"eth0","priority":5}]}})");
        QVERIFY(validate(old, Version::V1));
        QCOMPARE(lines(settingsV1(old)),
                 "memory:memory.oom_control=1\nmemory:memory.swappiness=0\ncpu:cpu.rt_period_us=1000!\ncpu:cpu.rt_"
                 "runtime_us=950\n"
                 "blkio:blkio.leaf_weight=20\nnet_cls:net_cls.classid=1048577\nnet_prio:net_prio.ifpriomap=eth0 5\n");
        const auto unified = resources(
            R"({"cpu":{"shares":2},"unified":{"io.max":"8:0 rbps=1\n8:16 wbps=2\n","cpu.weight":"42","memory.high":""}})");
        QVERIFY(validate(unified, Version::V2));
        QCOMPARE(lines(settingsV2(unified)),
                 "cpu:cpu.weight=1\ncpu:cpu.weight=42\nio:io.max=8:0 rbps=1\nio:io.max=8:16 wbps=2\n");
        QCOMPARE(lines(settingsV2(resources(R"({"memory":{"swap":0}})"))), "memory:memory.swap.max=0?\n");
    }

    void everySettingKnowsWhereItWasAskedFor()
    {
        const auto all = settingsV2(resources(
            R"({"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":16,"rate":600}]},"unified":{"a.b":"1"}})"));
        QCOMPARE(all[0].origin, "linux.resources.blockIO.throttleReadBpsDevice[0]");
        QCOMPARE(all[1].origin, "linux.resources.unified[\"a.b\"]");
    }

    void theImpossibleIsRefusedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("v1"); // empty: accepted
        QTest::addColumn<QByteArray>("v2");
        const auto row = [](const char* name, const char* json, const char* v1, const char* v2) {
            QTest::newRow(name) << QByteArray(json) << QByteArray(v1) << QByteArray(v2);
        };
        row("swap below memory", R"({"memory":{"limit":10,"swap":5}})",
            "memory.swap: memory+swap limit should be >= memory limit",
            "memory.swap: memory+swap limit should be >= memory limit");
        row("swap alone", R"({"memory":{"swap":5}})", "", "memory.swap: unable to set swap limit without memory limit");
        row("less than nothing", R"({"memory":{"limit":-5}})",
            "memory.limit: -5 is neither a number of bytes nor -1 for no limit",
            "memory.limit: -5 is neither a number of bytes nor -1 for no limit");
        row("swappiness", R"({"memory":{"swappiness":101}})",
            "memory.swappiness: invalid memory swappiness value: 101 (valid range is 0-100)",
            "memory.swappiness: invalid memory swappiness value: 101 (valid range is 0-100)");
        row("swappiness of v1", R"({"memory":{"swappiness":60}})", "",
            "memory.swappiness: cannot set memory swappiness with cgroupv2");
        row("the killer", R"({"memory":{"disableOOMKiller":true}})", "",
            "memory.disableOOMKiller: cannot disable OOM killer with cgroupv2");
        row("few shares", R"({"cpu":{"shares":1}})", "cpu.shares: the minimum allowed cpu-shares is 2", "");
        row("many shares", R"({"cpu":{"shares":262145}})", "cpu.shares: the maximum allowed cpu-shares is 262144", "");
        row("quota", R"({"cpu":{"quota":999}})",
            "cpu.quota: 999 is neither 1000 microseconds or more nor -1 for no limit",
            "cpu.quota: 999 is neither 1000 microseconds or more nor -1 for no limit");
        row("period", R"({"cpu":{"period":1000001}})",
            "cpu.period: 1000001 is not between 1000 and 1000000 microseconds",
            "cpu.period: 1000001 is not between 1000 and 1000000 microseconds");
        row("burst", R"({"cpu":{"quota":2000,"burst":2001}})", "cpu.burst: 2001 is larger than the quota, 2000",
            "cpu.burst: 2001 is larger than the quota, 2000");
        row("real time", R"({"cpu":{"realtimePeriod":1000,"realtimeRuntime":1001}})",
            "cpu.realtimeRuntime: 1001 is larger than the period, 1000",
            "cpu.realtimePeriod: realtime period not supported on cgroupv2");
        row("a bit idle", R"({"cpu":{"idle":2}})", "cpu.idle: 2 is neither 0 nor 1", "cpu.idle: 2 is neither 0 nor 1");
        row("processors", R"({"cpu":{"cpus":"all of them"}})",
            "cpu.cpus: 'all of them' is no list of processors like 0-2,4",
            "cpu.cpus: 'all of them' is no list of processors like 0-2,4");
        row("processes", R"({"pids":{"limit":-2}})",
            "pids.limit: -2 is neither a number of processes nor -1 for no limit",
            "pids.limit: -2 is neither a number of processes nor -1 for no limit");
        row("weight", R"({"blockIO":{"weight":1001}})", "blockIO.weight: the weight 1001 is above 1000",
            "blockIO.weight: the weight 1001 is above 1000");
        row("a device without a weight", R"({"blockIO":{"weightDevice":[{"major":8,"minor":0}]}})",
            "blockIO.weightDevice[0]: has neither weight nor leafWeight",
            "blockIO.weightDevice[0]: has neither weight nor leafWeight");
        row("leaves", R"({"blockIO":{"leafWeight":50}})", "",
            "blockIO.leafWeight: cannot set leaf_weight with cgroupv2");
        row("no device", R"({"blockIO":{"throttleWriteIOPSDevice":[{"major":8,"minor":-1,"rate":5}]}})",
            "blockIO.throttleWriteIOPSDevice[0]: 8:-1 are no device's numbers",
            "blockIO.throttleWriteIOPSDevice[0]: 8:-1 are no device's numbers");
        row("a page that leads elsewhere", R"({"hugepageLimits":[{"pageSize":"../2MB","limit":1}]})",
            "hugepageLimits[0].pageSize: '../2MB' is no size like 64KB, 2MB or 1GB",
            "hugepageLimits[0].pageSize: '../2MB' is no size like 64KB, 2MB or 1GB");
        row("the network", R"({"network":{"classID":5}})", "", "network: network limits not supported on cgroupv2");
        row("an interface of two words", R"({"network":{"priorities":[{"name":"a b","priority":1}]}})",
            "network.priorities[0].name: 'a b' is no interface's name",
            "network: network limits not supported on cgroupv2");
        row("rdma", R"({"rdma":{"x":{}}})", "rdma.x: has neither hcaHandles nor hcaObjects",
            "rdma.x: has neither hcaHandles nor hcaObjects");
        row("unified", R"({"unified":{"memory.max":"5"}})",
            "unified: invalid configuration: cannot use unified on cgroup v1", "");
        row("a file elsewhere", R"({"unified":{"../memory.max":"5"}})",
            "unified: invalid configuration: cannot use unified on cgroup v1",
            "unified[\"../memory.max\"]: must be a file name (no slashes)");
        row("no controller", R"({"unified":{"memory":"5"}})",
            "unified: invalid configuration: cannot use unified on cgroup v1",
            "unified[\"memory\"]: the specified key has not the form CONTROLLER.VALUE `memory`");
    }
    void theImpossibleIsRefusedWithItsPlace()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, v1);
        QFETCH(QByteArray, v2);
        const spec::Resources wanted = resources(json.constData());
        for (const auto& [version, message] : {std::pair(Version::V1, v1), std::pair(Version::V2, v2)}) {
            const auto valid = validate(wanted, version);
            QCOMPARE(valid ? QByteArray() : bytes(valid.error().what),
                     message.isEmpty() ? message : "linux.resources." + message);
        }
    }

    void weightsMeetAtTheirDefaults()
    {
        // As runc's and crun's tables of their conversion have them.
        for (const auto& [shares, weight] :
             {std::pair(0U, 1U), std::pair(2U, 1U), std::pair(3U, 2U), std::pair(100U, 17U), std::pair(1024U, 100U),
              std::pair(3333U, 256U), std::pair(262144U, 10000U), std::pair(300000U, 10000U)})
            QCOMPARE(weightOfShares(shares), weight);
        QCOMPARE(ioWeightOfBlkio(10), 1U);
        QCOMPARE(ioWeightOfBlkio(750), 7475U);
        QCOMPARE(ioWeightOfBlkio(1000), 10000U);
    }

    void settingsAreWritten()
    {
        const FakeGroup group;
        group.add("pids.max");
        group.add("io.weight");
        group.add("io.max");
        QVERIFY(write(group.open(),
                      settingsV2(resources(
                          R"({"pids":{"limit":7},"memory":{"limit":-1,"swap":-1},"blockIO":{"weight":750}})")))
                    .error()
                    .what == "linux.resources.memory.limit: write 'max' to memory.max: No such file or directory");
        group.add("memory.max");
        QVERIFY(write(group.open(), settingsV2(resources(R"({"pids":{"limit":7},"memory":{"limit":-1,"swap":-1},
            "blockIO":{"weight":750,"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1},{"major":9,"minor":0,"rate":2}]}})"))));
        QCOMPARE(group.read("pids.max"), "7");
        QCOMPARE(group.read("memory.max"), "max");
        QCOMPARE(group.read("io.weight"), "7475");
        QCOMPARE(group.read("io.max"), "8:0 rbps=19:0 rbps=2"); // two writes
    }

    void aSettingDoesNotFollowALink()
    {
        const FakeGroup group;
        group.add("elsewhere", "kept");
        std::filesystem::create_symlink("elsewhere", group.root() / "pids.max");
        QVERIFY(!write(group.open(), settingsV1(resources(R"({"pids":{"limit":7}})"))));
        QCOMPARE(group.read("elsewhere"), "kept");
    }

    void theHelpersLimitsAreResources()
    {
        const spec::Resources all =
            resourcesOf({.memory = 64 << 20, .cpus = 1.5, .cpuShares = 512, .cpuset = "0", .pids = 9});
        QCOMPARE(lines(settingsV1(all)),
                 "cpuset:cpuset.cpus=0|cpus=0\nmemory:memory.limit_in_bytes=67108864!\nmemory:memory.memsw.limit_in_"
                 "bytes=67108864?\n"
                 "cpu:cpu.shares=512\ncpu:cpu.cfs_period_us=100000!\ncpu:cpu.cfs_quota_us=150000\npids:pids.max=9\n");
        QVERIFY(lines(settingsV1(resourcesOf({}))).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCgroupSettings)
#include "tst_cgroup_settings.moc"
