#include "tests/integration/cgroup_fixture.h"

using namespace rocker;
using namespace rocker::cgroup;

class TestCgroups : public CgroupFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { open(); }
    void cleanupTestCase() { close(); }

    void everythingIsSetAndNothingIsLeft()
    {
        if (!m_layout.find("memory") || !m_layout.find("cpu") || !m_layout.find("pids") || !m_layout.find("cpuset"))
            QSKIP("memory, cpu, cpuset and pids are not controllers of v1 here");
        auto cgroup = Cgroup::create(
            m_layout,
            {.place = place("all"),
             .resources = resources(R"({"memory":{"limit":67108864,"reservation":33554432,"swappiness":10},
                                                    "cpu":{"shares":512,"quota":50000,"period":100000},"pids":{"limit":20}})"),
             .devices = withDefaults({{.allow = true, .type = "c", .major = 10, .minor = 229, .access = "rw"}}),
             .named = Named::Join});
        QVERIFY2(cgroup, what(cgroup));
        QCOMPARE(read(*cgroup, "memory", "memory.limit_in_bytes"), "67108864");
        QCOMPARE(read(*cgroup, "memory", "memory.soft_limit_in_bytes"), "33554432");
        QCOMPARE(read(*cgroup, "memory", "memory.swappiness"), "10");
        QCOMPARE(read(*cgroup, "cpu", "cpu.shares"), "512");
        QCOMPARE(read(*cgroup, "cpu", "cpu.cfs_quota_us"), "50000");
        QCOMPARE(read(*cgroup, "pids", "pids.max"), "20");
        QVERIFY(!read(*cgroup, "cpuset", "cpuset.cpus").isEmpty());
        QVERIFY(!read(*cgroup, "cpuset", "cpuset.mems").isEmpty());
        const QByteArray devices = read(*cgroup, "devices", "devices.list");
        QVERIFY2(devices.contains("c 10:229 rw") && devices.contains("c 1:3 rwm") && !devices.contains("a *:*"),
                 devices);
        QVERIFY(
            cgroup->update({}, withDefaults({{.allow = true, .type = "c", .major = 10, .minor = 57, .access = "r"}})));
        const QByteArray changed = read(*cgroup, "devices", "devices.list");
        QVERIFY2(!changed.contains("c 10:229") && changed.contains("c 1:3 rwm") && changed.contains("c 10:57 r"),
                 changed);
        QVERIFY(cgroup->exists());
        const auto paths = cgroup->paths();
        QVERIFY2(cgroup->destroy(), "destroy");
        for (const auto& [controller, path] : paths)
            QVERIFY2(!os::exists(os::currentDirectory, path), path.c_str());
        QVERIFY(!cgroup->exists());
        QVERIFY2(cgroup->destroy(), "destroy again");
    }

    void limitsOnMemoryMoveInAnyOrder()
    {
        if (!m_layout.find("memory") ||
            !os::exists(os::currentDirectory, m_layout.find("memory")->mountPoint + "/memory.memsw.limit_in_bytes"))
            QSKIP("swap is not accounted by v1 here");
        auto cgroup =
            Cgroup::create(m_layout, {.place = place("memory"),
                                      .resources = resources(R"({"memory":{"limit":31457280,"swap":52428800}})")});
        QVERIFY2(cgroup, what(cgroup));
        for (const auto& [limit, swap] :
             {std::pair(60 << 20, 80 << 20), std::pair(20 << 20, 25 << 20), std::pair(100 << 20, 100 << 20)}) {
            const auto updated =
                cgroup->update(resources(std::format(R"({{"memory":{{"limit":{},"swap":{}}}}})", limit, swap).c_str()));
            QVERIFY2(updated, what(updated));
            QCOMPARE(read(*cgroup, "memory", "memory.limit_in_bytes"), QByteArray::number(limit));
            QCOMPARE(read(*cgroup, "memory", "memory.memsw.limit_in_bytes"), QByteArray::number(swap));
        }
        QVERIFY(cgroup->update(resources(R"({"memory":{"limit":-1}})")));
        QVERIFY(read(*cgroup, "memory", "memory.memsw.limit_in_bytes").toULongLong() > 1ULL << 60);
        QVERIFY(cgroup->destroy());
    }

    void whatTheKernelRefusesLeavesNothing()
    {
        if (!m_layout.find("cpuset"))
            QSKIP("cpuset is no controller of v1 here");
        const auto refused = Cgroup::create(
            m_layout, {.place = place("new/refused"), .resources = resources(R"({"cpu":{"cpus":"4000"}})")});
        QVERIFY(!refused);
        QVERIFY2(what(refused).contains("linux.resources.cpu.cpus: write '4000' to cpuset.cpus: "), what(refused));
        for (const Hierarchy& hierarchy : m_layout.hierarchies)
            QVERIFY2(!os::exists(os::currentDirectory, hierarchy.mountPoint + "/" + place("new")),
                     hierarchy.mountPoint.c_str());
    }

    void aMissingControllerIsAnErrorOnlyForWhoNeedsIt()
    {
        if (m_layout.pureUnified() || m_layout.find("net_cls"))
            QSKIP("net_cls is a controller here, or none is of v1");
        const auto refused = Cgroup::create(
            m_layout, {.place = place("missing"), .resources = resources(R"({"network":{"classID":5}})")});
        QCOMPARE(what(refused),
                 "linux.resources.network.classID: the requested cgroup controller `net_cls` is not available");
    }

    void whoIsInsideIsFoundStoppedAndEnded()
    {
        auto cgroup = Cgroup::create(m_layout, {.place = place("inside"), .resources = {}});
        QVERIFY2(cgroup, what(cgroup));
        os::Child child = childIn(*cgroup);
        QCOMPARE(cgroup->processes().value(), std::vector<pid_t>{child.pid});
        const Cgroup again = Cgroup::fromPaths(cgroup->paths());
        QCOMPARE(again.processes().value(), std::vector<pid_t>{child.pid});

        const auto second = Cgroup::create(m_layout, {.place = place("inside"), .resources = {}});
        QVERIFY2(what(second).contains("container's cgroup is not empty: 1 process(es) found"), what(second));

        QVERIFY(!again.isFrozen().value());
        const auto frozen = again.freeze();
        QVERIFY2(frozen, what(frozen));
        QVERIFY(again.isFrozen().value());
        QVERIFY(again.thaw());
        QVERIFY(!again.isFrozen().value());

        QVERIFY(again.signalAll(SIGTERM));
        QVERIFY(waitFor(child.pidfd));
        QCOMPARE(os::reap(child.pidfd)->signal, SIGTERM);
        QVERIFY(cgroup->statistics());
        QVERIFY(cgroup->destroy());
    }

    void aFrozenOneIsNotUsedAgain()
    {
        auto cgroup = Cgroup::create(m_layout, {.place = place("frozen"), .resources = {}});
        QVERIFY2(cgroup, what(cgroup));
        QVERIFY(Cgroup::create(m_layout, {.place = place("frozen"), .resources = {}})); // empty, as after a crash
        QVERIFY(cgroup->freeze());
        const auto second = Cgroup::create(m_layout, {.place = place("frozen"), .resources = {}});
        QVERIFY2(what(second).contains("container's cgroup unexpectedly frozen"), what(second));
        QVERIFY(cgroup->destroy());
    }

    void theFrozenDieWhenAllAreKilled()
    {
        auto cgroup = Cgroup::create(m_layout, {.place = place("killed"), .resources = {}});
        os::Child child = childIn(*cgroup);
        QVERIFY(cgroup->freeze());
        QVERIFY(cgroup->signalAll(SIGKILL));
        QVERIFY(waitFor(child.pidfd));
        (void)os::reap(child.pidfd);
        QVERIFY(cgroup->destroy());
    }

    void whatAContainerMadeBelowGoesWithIt()
    {
        auto cgroup = Cgroup::create(m_layout, {.place = place("deep"), .resources = {}});
        for (const auto& [controller, path] : cgroup->paths())
            for (const char* below : {"/a", "/a/b", "/a/b/c", "/x"})
                QVERIFY(::mkdir((path + below).c_str(), 0755) == 0 || errno == EEXIST);
        os::Child child = childIn(*cgroup);
        const std::string main =
            cgroup->paths().contains("devices") ? cgroup->paths().at("devices") : cgroup->paths().at("");
        QVERIFY(os::writeControlFile(os::currentDirectory, main + "/a/b/c/cgroup.procs", std::to_string(child.pid)));
        QCOMPARE(cgroup->processes().value(), std::vector<pid_t>{child.pid});
        QVERIFY(cgroup->freeze());
        const auto gone = cgroup->destroy();
        QVERIFY2(gone, what(gone));
        QVERIFY(waitFor(child.pidfd));
        (void)os::reap(child.pidfd);
    }

    void aDeathForWantOfMemoryIsTold()
    {
        if (!hasController("memory"))
            QSKIP("this machine has no memory controller");
        auto cgroup =
            Cgroup::create(m_layout, {.place = place("oom"),
                                      .resources = resources(R"({"memory":{"limit":8388608,"swap":8388608}})")});
        QVERIFY2(cgroup, what(cgroup));
        auto watch = cgroup->watchOom();
        QVERIFY2(watch, what(watch));
        QVERIFY(watch->next().value() == OomWatch::News::Nothing);
        os::Child child = childIn(*cgroup, [] {
            char* const all = static_cast<char*>(
                ::mmap(nullptr, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
            for (int i = 0; i < 64 << 20; i += 4096)
                all[i] = 1;
        });
        // In any order, and between other news: on v2 a group tells of its first process and of every limit that was met.
        bool killed = false;
        bool ended = false;
        const auto await = [&](const bool& told) {
            while (!told && waitFor(watch->descriptor())) {
                const auto news = watch->next();
                killed |= news && *news == OomWatch::News::Killed;
                ended |= !news || *news == OomWatch::News::Gone;
            }
            return told;
        };
        QVERIFY(await(killed));
        QVERIFY(waitFor(child.pidfd));
        QCOMPARE(os::reap(child.pidfd)->signal, SIGKILL);
        QCOMPARE(oomKills(contentsOf(cgroup->oomFile())), 1);
        // v2 tells that nobody is left, v1 that the group is; a removal that comes first may hide the former (Linux 6.1).
        if (cgroup->version() == Version::V2)
            QVERIFY(await(ended));
        QVERIFY(cgroup->destroy());
        QVERIFY(await(ended));
    }

    void whoMayNotMakeCgroupsHasContainersWithoutWhenToldSo()
    {
        if (!hasController("pids"))
            QSKIP("this machine has no pids controller");
        const auto asNobody = [&](Tolerance tolerance, const char* wanted) {
            os::Pipe answer = *os::makePipe();
            const os::Child child = *os::cloneProcess(0);
            if (child.pid == 0) {
                if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)
                    ::_exit(1);
                const auto made = Cgroup::create(m_layout, {.place = place("nobody"),
                                                            .resources = resources(wanted),
                                                            .devices = withDefaults({}),
                                                            .tolerance = tolerance});
                (void)os::writeAll(answer.writeEnd, made ? std::to_string(made->paths().size()) : made.error().what);
                ::_exit(0);
            }
            answer.writeEnd.reset();
            char text[1024];
            const ssize_t size = ::read(answer.readEnd.value(), text, sizeof text);
            (void)os::reap(child.pidfd);
            return QByteArray(text, std::max<qsizetype>(size, 0));
        };
        QVERIFY(asNobody(Tolerance::None, "{}").contains("Permission denied"));
        QCOMPARE(asNobody(Tolerance::Rootless, "{}"), "0");
        QCOMPARE(asNobody(Tolerance::Rootless, R"({"pids":{"limit":5}})"),
                 "linux.resources.pids.limit: cannot set pids limit: container could not join or create cgroup");
    }
};

QTEST_GUILESS_MAIN(TestCgroups)
#include "tst_cgroups.moc"
