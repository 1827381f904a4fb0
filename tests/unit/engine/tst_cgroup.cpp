#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/directory.h"
#include "engine/cgroup/freezer.h"
#include "engine/cgroup/path.h"
#include "tests/unit/engine/fake_group.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace rocker;
using namespace rocker::cgroup;

namespace {

constexpr const char* hybridMounts =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
    "50 23 0:32 /pod/x /srv/web\\040site rw,relatime - cgroup cgroup rw,memory\n";

} // namespace

class TestCgroup : public QObject
{
    Q_OBJECT

private slots:
    void theLayoutIsReadFromTheMounts()
    {
        const Layout layout = Layout::parse(hybridMounts);
        QCOMPARE(layout.kind(), "hybrid");
        QCOMPARE(layout.hierarchies.size(), 4U);
        QVERIFY(layout.hierarchies[0] == (Hierarchy{"/sys/fs/cgroup/cpu,cpuacct", {"cpu", "cpuacct"}, "", false}));
        QVERIFY(layout.hierarchies[2] == (Hierarchy{"/sys/fs/cgroup/systemd", {}, "systemd", false}));
        QVERIFY(layout.hierarchies[3] == (Hierarchy{"/sys/fs/cgroup/unified", {}, "", true}));
        QCOMPARE(layout.find("cpuacct"), &layout.hierarchies[0]);
        QCOMPARE(layout.find("pids"), nullptr);
        QVERIFY(layout.version() == Version::V1);
    }

    void aMountThatIsCoveredDoesNotCount()
    {
        const Layout layout =
            Layout::parse(std::string(hybridMounts) + "60 31 0:50 / /sys/fs/cgroup rw - tmpfs none rw\n"
                                                      "61 60 0:32 / /sys/fs/cgroup/mem rw - cgroup none rw,memory\n");
        QCOMPARE(layout.hierarchies.size(), 1U);
        QCOMPARE(layout.hierarchies[0].mountPoint, "/sys/fs/cgroup/mem"); // not the part of it that /srv shows
    }

    void aPartOfAHierarchyIsBetterThanNothing()
    {
        const Layout layout = Layout::parse("50 23 0:32 /pod/x /srv/web\\040site rw,relatime - cgroup2 cgroup rw\n");
        QCOMPARE(layout.hierarchies.size(), 1U);
        QCOMPARE(layout.hierarchies[0].mountPoint, "/srv/web site");
        QCOMPARE(layout.kind(), "v2");
        QVERIFY(Layout::parse("1 2 3").hierarchies.empty());
    }

    void thePlaceIsWhereTheConfigurationSays_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("place"); // empty: refused
        QTest::newRow("none") << QByteArray() << QByteArray("web");
        QTest::newRow("absolute") << QByteArray("/pods/x") << QByteArray("pods/x");
        QTest::newRow("relative") << QByteArray("pods/x") << QByteArray("pods/x");
        QTest::newRow("untidy") << QByteArray("//pods/./a/..//x/") << QByteArray("pods/x");
        QTest::newRow("above the root") << QByteArray("/../../../etc/x") << QByteArray("etc/x");
        QTest::newRow("relative above the root") << QByteArray("../../x") << QByteArray("x");
        QTest::newRow("dots in a name") << QByteArray("..a/b..") << QByteArray("..a/b..");
        QTest::newRow("the root") << QByteArray("/") << QByteArray();
        QTest::newRow("the root again") << QByteArray("a/..") << QByteArray();
        QTest::newRow("a line feed") << QByteArray("a\nb") << QByteArray();
    }
    void thePlaceIsWhereTheConfigurationSays()
    {
        QFETCH(QByteArray, path);
        QTEST(bytes(placeOf(path.toStdString(), "web").value_or("")), "place");
    }

    void whoOwnsOnlyItsOwnCgroupHasContainersBesideIt()
    {
        const char* const text = "12:memory:/x\n0::/user.slice/user-1.slice/session-1.scope\n";
        QCOMPARE(placeBesideCaller(text, "web").value(), "user.slice/user-1.slice/web");
        QCOMPARE(placeBesideCaller("0::/\n", "web").value(), "web");
        QVERIFY(!placeBesideCaller("12:memory:/x\n", "web"));
    }

    void systemdsNamesBecomePlaces_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<QByteArray>("place"); // empty: refused
        QTest::newRow("none") << QByteArray() << QByteArray("rocker-web.scope")
                              << QByteArray("system.slice/rocker-web.scope");
        QTest::newRow("docker") << QByteArray("system.slice:docker:1234") << QByteArray("docker-1234.scope")
                                << QByteArray("system.slice/docker-1234.scope");
        QTest::newRow("nested slices") << QByteArray("a-b-c.slice:p:n") << QByteArray("p-n.scope")
                                       << QByteArray("a.slice/a-b.slice/a-b-c.slice/p-n.scope");
        QTest::newRow("the root slice") << QByteArray("-.slice:p:n") << QByteArray("p-n.scope")
                                        << QByteArray("p-n.scope");
        QTest::newRow("no prefix") << QByteArray("system.slice::n") << QByteArray("n.scope")
                                   << QByteArray("system.slice/n.scope");
        QTest::newRow("a slice") << QByteArray("a.slice::a-b.slice") << QByteArray("a-b.slice")
                                 << QByteArray("a.slice/a-b.slice");
        QTest::newRow("two parts") << QByteArray("system.slice:n") << QByteArray() << QByteArray();
        QTest::newRow("four parts") << QByteArray("a.slice:b:c:d") << QByteArray() << QByteArray();
        QTest::newRow("no slice") << QByteArray("system:p:n") << QByteArray() << QByteArray();
        QTest::newRow("a path") << QByteArray("../x.slice:p:n") << QByteArray() << QByteArray();
        QTest::newRow("a path for a name") << QByteArray("x.slice:p:../n") << QByteArray() << QByteArray();
        QTest::newRow("two dashes") << QByteArray("a--b.slice:p:n") << QByteArray() << QByteArray();
    }
    void systemdsNamesBecomePlaces()
    {
        QFETCH(QByteArray, path);
        const SystemdUnit unit = systemdUnitOf(path.toStdString(), "web", Manager::System).value_or(SystemdUnit{});
        QTEST(bytes(unit.name), "unit");
        QTEST(bytes(unit.place), "place");
    }

    void onlyACgroupFileSystemIsAHierarchy()
    {
        const auto opened = openHierarchy(FakeGroup().root().string());
        QVERIFY(!opened);
    }

    void aGroupIsNeverAboveOrBesideItsHierarchy()
    {
        const FakeGroup group;
        group.add("a/b/cgroup.procs");
        std::filesystem::create_directory_symlink("/etc", group.root() / "link");
        const UniqueFd top = group.open();
        QVERIFY(openGroup(top, "a/b"));
        QVERIFY(!openGroup(top, ".."));
        QVERIFY(!openGroup(top, "a/../../x"));
        QVERIFY(!openGroup(top, "link"));
        QVERIFY(!openGroup(top, "/etc"));
    }

    void processesOfAllCgroupsBelowAreFound()
    {
        const FakeGroup group;
        group.add("cgroup.procs", "30\n5\n");
        group.add("a/cgroup.procs", "7\n0\n");
        group.add("a/b/c/cgroup.procs", "5\n900\n");
        QCOMPARE(processesBelow(group.open()).value(), (std::vector<pid_t>{5, 7, 30, 900}));
    }

    void aTreeOfGroupsIsRemovedHoweverDeep()
    {
        const FakeGroup group;
        const UniqueFd top = group.open();
        UniqueFd at = group.open();
        ::mkdirat(at.value(), "web", 0755);
        ::mkdirat(at.value(), "other", 0755);
        at = UniqueFd(::openat(at.value(), "web", O_PATH | O_CLOEXEC));
        for (int depth = 0; depth < 300; ++depth) {
            ::mkdirat(at.value(), "beside", 0755);
            ::mkdirat(at.value(), "deep", 0755);
            at = UniqueFd(::openat(at.value(), "deep", O_PATH | O_CLOEXEC));
        }
        rlimit before;
        ::getrlimit(RLIMIT_NOFILE, &before);
        const rlimit few{64, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
        // A file system of files says ENOTEMPTY where that of cgroups says EBUSY: both mean the same here.
        const auto removed = removeGroup(top, "web");
        ::setrlimit(RLIMIT_NOFILE, &before);
        QVERIFY2(removed, removed ? "" : removed.error().what.c_str());
        QVERIFY(!std::filesystem::exists(group.root() / "web"));
        QVERIFY(std::filesystem::exists(group.root() / "other"));
        QVERIFY(removeGroup(top, "web"));
    }

    void pathsAreEnoughToFindItAgain()
    {
        const Layout layout = Layout::parse(hybridMounts);
        const Cgroup cgroup = Cgroup::open(layout, "pods/web", Named::Join);
        const std::map<std::string, std::string> paths{{"cpu", "/sys/fs/cgroup/cpu,cpuacct/pods/web"},
                                                       {"cpuacct", "/sys/fs/cgroup/cpu,cpuacct/pods/web"},
                                                       {"memory", "/sys/fs/cgroup/memory/pods/web"},
                                                       {"name=systemd", "/sys/fs/cgroup/systemd/pods/web"},
                                                       {"", "/sys/fs/cgroup/unified/pods/web"}};
        QCOMPARE(cgroup.paths(), paths);
        QCOMPARE(Cgroup::fromPaths(paths).paths(), paths);
        QVERIFY(Cgroup::fromPaths(paths).version() == Version::V1);
        QVERIFY(Cgroup::fromPaths({{"", "/sys/fs/cgroup/x"}}).version() == Version::V2);
        QVERIFY(!Cgroup::open(layout, "pods/web").paths().contains("name=systemd"));
    }

    void itIsShownInsideAsOutside()
    {
        const auto views = Cgroup::open(Layout::parse(hybridMounts), "web", Named::Join).views();
        QCOMPARE(views.size(), 4U);
        QCOMPARE(views[0].name, "cpu,cpuacct");
        QCOMPARE(views[0].aliases, (std::vector<std::string>{"cpu", "cpuacct"}));
        QCOMPARE(views[0].options, "cpu,cpuacct");
        QCOMPARE(views[1].name, "memory");
        QVERIFY(views[1].aliases.empty());
        QCOMPARE(views[1].path, "/sys/fs/cgroup/memory/web");
        QCOMPARE(views[2].name, "systemd");
        QCOMPARE(views[2].options, "none,name=systemd");
        QCOMPARE(views[3].name, "unified");
        QVERIFY(views[3].unified);
    }

    void frozenIsWhoIsFrozenItself()
    {
        const FakeGroup group;
        QVERIFY(!isFrozen(group.open(), Version::V1).value()); // a kernel without
        group.add("freezer.self_freezing", "1\n");
        group.add("cgroup.freeze", "0\n");
        QVERIFY(isFrozen(group.open(), Version::V1).value());
        QVERIFY(!isFrozen(group.open(), Version::V2).value());
    }

    void theKernelsWordIsEnoughForFrozen()
    {
        const FakeGroup group;
        group.add("cgroup.freeze");
        group.add("cgroup.events", "populated 1\nfrozen 1\n");
        QVERIFY(freeze(group.open(), Version::V2));
        QCOMPARE(group.read("cgroup.freeze"), "1");
    }

    void killsAreCounted()
    {
        QCOMPARE(oomKills("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"), 3);
        QCOMPARE(oomKills("low 0\noom 5\noom_kill 2\noom_group_kill 0\n"), 2);
        QCOMPARE(oomKills("under_oom 0\n"), 0);
    }
};

QTEST_GUILESS_MAIN(TestCgroup)
#include "tst_cgroup.moc"
