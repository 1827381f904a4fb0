#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/device_program.h"
#include "engine/cgroup/directory.h"
#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace rocker;
using namespace rocker::cgroup;

// cgroups of the running kernel, all below a parent of this test's own. On a machine with v1 the v2 hierarchy beside
// it, which has few controllers, is used as a machine of v2 as well.
class TestCgroups : public QObject
{
    Q_OBJECT

    Layout m_layout;
    Layout m_unified;
    std::string m_switched; // the v2 hierarchy's cgroup.subtree_control before
    std::string m_parent = "rocker-test-" + std::to_string(::getpid());

    static spec::Resources resources(const char* text)
    {
        return *json::readText<spec::Resources>(text, json::UnknownKeys::Refuse);
    }

    std::string place(const char* name) const { return m_parent + "/" + name; }

    static QByteArray read(const Cgroup& cgroup, const char* controller, const char* file)
    {
        const auto text = os::readFile(cgroup.paths().at(controller) + "/" + file);
        return text ? QByteArray::fromStdString(*text).trimmed() : QByteArray::fromStdString(text.error().what);
    }

    bool hasController(const char* name) const
    {
        if (!m_layout.pureUnified())
            return m_layout.find(name) != nullptr;
        return QByteArray::fromStdString(
                   os::readFile(m_layout.hierarchies[0].mountPoint + "/cgroup.controllers").value_or(""))
            .simplified()
            .split(' ')
            .contains(name);
    }

    static std::string contentsOf(const UniqueFd& file)
    {
        char text[4096];
        const ssize_t size = ::pread(file.value(), text, sizeof text, 0);
        return {text, std::size_t(std::max<ssize_t>(size, 0))};
    }

    static QByteArray what(const auto& result)
    {
        return result ? QByteArray("no error") : QByteArray::fromStdString(result.error().what);
    }

    static bool waitFor(BorrowedFd process)
    {
        pollfd wait{process.value(), POLLIN, 0};
        return ::poll(&wait, 1, 10'000) == 1;
    }

    // A child that goes into the cgroup, works there, and then sleeps until it is ended.
    static os::Child childIn(const Cgroup& cgroup, void (*work)() = [] {})
    {
        const UniqueFd birthplace = *cgroup.birthplace();
        Entrance entrance = *cgroup.entrance();
        os::Pipe ready = *os::makePipe();
        os::Child child = *os::cloneProcess(0, birthplace);
        if (child.pid == 0) {
            os::resetSignals(); // QtTest catches them
            const bool entered = bool(entrance.enter());
            (void)os::writeAll(ready.writeEnd, entered ? "y" : "n");
            work();
            for (;;)
                ::pause();
        }
        ready.writeEnd.reset();
        char answer = 0;
        if (::read(ready.readEnd.value(), &answer, 1) != 1 || answer != 'y')
            qFatal("the child could not enter");
        return child;
    }

    static void end(os::Child& child)
    {
        (void)os::sendSignal(child.pidfd, SIGKILL);
        (void)os::reap(child.pidfd);
    }

private slots:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("cgroups need root");
        auto layout = Layout::detect();
        if (!layout)
            QSKIP("no cgroup hierarchy is mounted");
        m_layout = *layout;
        for (const Hierarchy& hierarchy : m_layout.hierarchies)
            if (hierarchy.unified) {
                m_unified.hierarchies.push_back(hierarchy);
                m_switched = os::readFile(hierarchy.mountPoint + "/cgroup.subtree_control").value_or("");
            }
    }

    void cleanupTestCase()
    {
        for (const Hierarchy& hierarchy : m_layout.hierarchies)
            ::rmdir((hierarchy.mountPoint + "/" + m_parent).c_str());
        if (m_layout.pureUnified() || m_unified.hierarchies.empty())
            return;
        // Controllers that nobody had switched on below the v2 hierarchy's top are switched off again.
        const std::string top = m_unified.hierarchies[0].mountPoint;
        for (const QByteArray& controller :
             QByteArray::fromStdString(os::readFile(top + "/cgroup.subtree_control").value_or("")).split(' '))
            if (!m_switched.contains(controller.trimmed().toStdString()))
                (void)os::writeControlFile(os::currentDirectory, top + "/cgroup.subtree_control",
                                           "-" + controller.trimmed().toStdString());
    }

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
        // Other news may come first: on v2 a group tells of its first process and of every limit that was met.
        const auto await = [&](OomWatch::News wanted) {
            while (waitFor(watch->descriptor()))
                if (const auto news = watch->next(); !news || *news == wanted)
                    return bool(news);
            return false;
        };
        QVERIFY(await(OomWatch::News::Killed));
        QVERIFY(waitFor(child.pidfd));
        QCOMPARE(os::reap(child.pidfd)->signal, SIGKILL);
        QCOMPARE(oomKills(contentsOf(cgroup->oomFile())), 1);
        QVERIFY(cgroup->destroy());
        QVERIFY(await(OomWatch::News::Gone));
    }

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
        QVERIFY2(what(refused).contains("linux.resources.memory.limit: controller `memory` is not available under "),
                 what(refused));
        const auto modest = Cgroup::create(m_layout, {.place = place("above/below"), .resources = {}});
        QVERIFY2(modest, what(modest));
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

QTEST_GUILESS_MAIN(TestCgroups)
#include "tst_cgroups.moc"
