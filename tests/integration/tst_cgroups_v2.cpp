#include "tests/integration/cgroup_fixture.h"

using namespace rocker;
using namespace rocker::cgroup;

class TestCgroupsV2 : public CgroupFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { open(); }
    void cleanupTestCase() { close(); }

    void theSecondVersionDoesItAsWell()
    {
        if (m_unified.hierarchies.empty())
            QSKIP("no v2 hierarchy is mounted");
        auto cgroup = Cgroup::create(m_unified, {.place = place("v2"), .resources = {}, .devices = containerDevices()});
        QVERIFY2(cgroup, what(cgroup));
        QVERIFY(cgroup->version() == Version::V2);
        os::Child child = childIn(*cgroup);
        QCOMPARE(cgroup->processes().value(), std::vector<pid_t>{child.pid});
        const auto second = Cgroup::create(m_unified, {.place = place("v2"), .resources = {}});
        QVERIFY2(what(second).contains("container's cgroup is not empty"), what(second));
        QVERIFY(cgroup->freeze());
        QVERIFY(cgroup->isFrozen().value());
        QVERIFY(cgroup->thaw());
        // Where the container's first process has gone to, for who cannot be born above.
        const std::string path = cgroup->paths().at("");
        QCOMPARE(::mkdir((path + "/own").c_str(), 0755), 0);
        QVERIFY(os::writeControlFile(os::currentDirectory, path + "/own/cgroup.procs", std::to_string(child.pid)));
        const auto beside = cgroup->birthplaceBeside(child.pid);
        QVERIFY2(beside, what(beside));
        QCOMPARE(os::status(*beside)->st_ino, os::status(os::currentDirectory, path + "/own")->st_ino);
        QVERIFY(!cgroup->birthplaceBeside(::getpid()));
        QVERIFY(cgroup->delegateTo(1234, 1234));
        QCOMPARE(os::status(os::currentDirectory, path + "/cgroup.procs")->st_uid, 1234U);
        QCOMPARE(os::status(os::currentDirectory, path + "/cgroup.freeze")->st_uid, 0U);
        QVERIFY(cgroup->freeze());
        const auto gone = cgroup->destroy();
        QVERIFY2(gone, what(gone));
        QVERIFY(waitFor(child.pidfd));
        (void)os::reap(child.pidfd);
    }

    void aDeviceProgramReplacesTheOneBefore()
    {
        if (m_unified.hierarchies.empty())
            QSKIP("no v2 hierarchy is mounted");
        auto cgroup = Cgroup::create(m_unified, {.place = place("bpf"), .resources = {}, .devices = withDefaults({})});
        QVERIFY2(cgroup, what(cgroup));
        const auto mayReadNull = [&](const DeviceRules& rules) {
            const UniqueFd directory(::open(cgroup->paths().at("").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
            if (auto attached = attachDeviceProgram(directory, rules); !attached)
                qFatal("%s", attached.error().what.c_str());
            const UniqueFd birthplace = *cgroup->birthplace();
            os::Child child = *os::cloneProcess(0, birthplace);
            if (child.pid == 0)
                ::_exit(::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 1);
            return os::reap(child.pidfd)->code == 0;
        };
        QVERIFY(mayReadNull(containerDevices()));
        QVERIFY(!mayReadNull(
            {{.allow = true, .type = "a"}, {.allow = false, .type = "c", .major = 1, .minor = 3, .access = "r"}}));
        QVERIFY(mayReadNull(
            {{.allow = true, .type = "a"}, {.allow = false, .type = "c", .major = 1, .minor = 3, .access = "w"}}));
        QVERIFY(!mayReadNull({}));
        QVERIFY(cgroup->destroy());
    }

    void aControllerThatIsNotThereIsNamed()
    {
        if (m_unified.hierarchies.empty())
            QSKIP("no v2 hierarchy is mounted");
        const auto refused = Cgroup::create(
            m_unified, {.place = place("foo"), .resources = resources(R"({"unified":{"foo.bar":"x"}})")});
        QCOMPARE(what(refused),
                 "linux.resources.unified[\"foo.bar\"]: the requested cgroup controller `foo` is not available");
    }

    void theSecondVersionsFilesAreSet()
    {
        if (!m_layout.pureUnified() || !hasController("memory") || !hasController("cpu") || !hasController("pids"))
            QSKIP("memory, cpu and pids are not controllers of v2 here");
        auto cgroup = Cgroup::create(
            m_layout, {.place = place("set"),
                       .resources = resources(R"({"memory":{"limit":67108864,"swap":100663296,"reservation":33554432},
                                                    "cpu":{"shares":1024,"quota":50000,"period":100000},"pids":{"limit":20},
                                                    "unified":{"memory.high":"50331648"}})")});
        QVERIFY2(cgroup, what(cgroup));
        const bool swaps = os::exists(os::currentDirectory, cgroup->paths().at("") + "/memory.swap.max");
        QCOMPARE(read(*cgroup, "", "memory.max"), "67108864");
        if (swaps)
            QCOMPARE(read(*cgroup, "", "memory.swap.max"), "33554432");
        QCOMPARE(read(*cgroup, "", "memory.low"), "33554432");
        QCOMPARE(read(*cgroup, "", "memory.high"), "50331648");
        QCOMPARE(read(*cgroup, "", "cpu.weight"), "100");
        QCOMPARE(read(*cgroup, "", "cpu.max"), "50000 100000");
        QCOMPARE(read(*cgroup, "", "pids.max"), "20");
        // What an update leaves out stays, although one file holds both.
        QVERIFY(cgroup->update(resources(R"({"cpu":{"period":200000}})")));
        QCOMPARE(read(*cgroup, "", "cpu.max"), "50000 200000");
        QVERIFY(cgroup->update(resources(R"({"cpu":{"quota":60000}})")));
        QCOMPARE(read(*cgroup, "", "cpu.max"), "60000 200000");
        if (swaps) {
            QVERIFY(cgroup->update(resources(R"({"memory":{"swap":83886080}})")));
            QCOMPARE(read(*cgroup, "", "memory.swap.max"), "16777216");
        }
        os::Child child = childIn(*cgroup, [] {
            char* const some = static_cast<char*>(
                ::mmap(nullptr, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
            some[0] = 1;
        });
        QTRY_VERIFY(read(*cgroup, "", "memory.current").toULongLong() > 4 << 20);
        const auto refused = cgroup->update(resources(R"({"memory":{"limit":1048576,"checkBeforeUpdate":true}})"));
        QVERIFY2(what(refused).contains("linux.resources.memory.limit: rejecting memory limit 1048576 <= usage "),
                 what(refused));
        QCOMPARE(read(*cgroup, "", "memory.max"), "67108864");
        const auto statistics = cgroup->statistics();
        QVERIFY(statistics && statistics->memory.usage.usage > 4 << 20 && statistics->pids.current == 1 &&
                statistics->pids.limit == 20);
        end(child);
        QVERIFY(cgroup->destroy());
    }

    void whoCannotBeBornAboveIsBornBesideInit()
    {
        if (!m_layout.pureUnified() || !hasController("memory"))
            QSKIP("memory is no controller of v2 here");
        auto cgroup = Cgroup::create(m_layout, {.place = place("beside"), .resources = {}});
        QVERIFY2(cgroup, what(cgroup));
        os::Child child = childIn(*cgroup);
        const std::string path = cgroup->paths().at("");
        QCOMPARE(::mkdir((path + "/own").c_str(), 0755), 0);
        QVERIFY(os::writeControlFile(os::currentDirectory, path + "/own/cgroup.procs", std::to_string(child.pid)));
        QVERIFY(os::writeControlFile(os::currentDirectory, path + "/cgroup.subtree_control", "+memory"));
        const UniqueFd birthplace = *cgroup->birthplace();
        const auto refused = os::cloneProcess(0, birthplace);
        if (refused && refused->pid == 0)
            ::_exit(0);
        QVERIFY(!refused);
        QCOMPARE(refused.error().errnum, EBUSY);
        const UniqueFd beside = *cgroup->birthplaceBeside(child.pid);
        os::Child second = *os::cloneProcess(0, beside);
        if (second.pid == 0)
            ::_exit(0);
        QCOMPARE(os::reap(second.pidfd)->code, 0);
        end(child);
        QVERIFY(cgroup->destroy());
    }

    void aControllerThatCannotComeDownIsAnErrorForWhoNeedsIt()
    {
        if (!m_layout.pureUnified() || !hasController("memory"))
            QSKIP("memory is no controller of v2 here");
        auto above = Cgroup::create(m_layout, {.place = place("above"), .resources = {}});
        QVERIFY2(above, what(above));
        os::Child child = childIn(*above);
        const auto refused = Cgroup::create(
            m_layout, {.place = place("above/below"), .resources = resources(R"({"memory":{"limit":67108864}})")});
        // The controllers of threads have come down, which makes the one above the top of threaded ones.
        QVERIFY2(what(refused).contains("linux.resources.memory.limit: cannot enter cgroupv2 \"" +
                                        QByteArray::fromStdString(place("above/below")) +
                                        "\" with domain controllers -- it is in an invalid state"),
                 what(refused));
        const auto modest = Cgroup::create(m_layout, {.place = place("above/below"), .resources = {}});
        QVERIFY2(modest, what(modest));
        QCOMPARE(read(*modest, "", "cgroup.type"), "threaded");
        end(child);
        QVERIFY(above->destroy());
    }

    void everyControllerGoesDownToTheContainer()
    {
        if (m_unified.hierarchies.empty())
            QSKIP("no v2 hierarchy is mounted");
        const std::string all =
            os::readFile(m_unified.hierarchies[0].mountPoint + "/cgroup.controllers").value_or("\n");
        if (all == "\n")
            QSKIP("the v2 hierarchy has no controllers");
        auto cgroup = Cgroup::create(m_unified, {.place = place("a/b/c"), .resources = {}});
        QVERIFY2(cgroup, what(cgroup));
        QCOMPARE(read(*cgroup, "", "cgroup.controllers"), QByteArray::fromStdString(all).trimmed());
        QVERIFY(cgroup->destroy());
        for (const char* above : {"a/b", "a"})
            QCOMPARE(::rmdir((m_unified.hierarchies[0].mountPoint + "/" + place(above)).c_str()), 0);
    }
};

QTEST_GUILESS_MAIN(TestCgroupsV2)
#include "tst_cgroups_v2.moc"
