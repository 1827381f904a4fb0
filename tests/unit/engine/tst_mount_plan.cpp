#include "engine/mount/plan.h"

#include <QTest>

#include <sys/mount.h>

using namespace rocker;
using mount::Facts;
using mount::Plan;
using mount::Step;

static Result<Plan> planned(const std::string& mounts, const Facts& facts = {}, const std::string& more = "")
{
    auto spec = spec::parse(R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "mounts": [)" + mounts + "]" + more + "}");
    if (!spec)
        qFatal("%s", spec.error().what.c_str());
    return mount::plan(*spec, facts);
}

static std::string attributeNames(std::uint64_t attributes)
{
    std::string text;
    for (const auto& [bit, name] : {std::pair(MOUNT_ATTR_RDONLY, "ro"), {MOUNT_ATTR_NOSUID, "nosuid"}, {MOUNT_ATTR_NODEV, "nodev"},
                                    {MOUNT_ATTR_NOEXEC, "noexec"}, {MOUNT_ATTR_NODIRATIME, "nodiratime"},
                                    {MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"}})
        if (attributes & std::uint64_t(bit))
            text += (text.empty() ? "" : ",") + std::string(name);
    if ((attributes & MOUNT_ATTR__ATIME) == MOUNT_ATTR__ATIME)
        text += "+atime";
    else if (attributes & MOUNT_ATTR_NOATIME)
        text += "+noatime";
    else if (attributes & MOUNT_ATTR_STRICTATIME)
        text += "+strictatime";
    return text;
}

// A step on one line, so that a plan can be compared as text.
static std::string line(const Step& step)
{
    constexpr const char* kinds[]{"new", "bind", "remount", "link"};
    std::string text = std::format("{} {} {} -> {}", kinds[int(step.kind)], step.type, step.source, step.target);
    for (const auto& [key, value] : step.options)
        text += " " + key + (value.empty() ? "" : "=" + value);
    if (step.set)
        text += " set:" + attributeNames(step.set);
    if (step.cleared)
        text += " clear:" + attributeNames(step.cleared);
    if (step.recursiveSet)
        text += " rset:" + attributeNames(step.recursiveSet);
    if (step.recursiveCleared)
        text += " rclear:" + attributeNames(step.recursiveCleared);
    for (const unsigned long propagation : step.propagation)
        text += std::format(" propagation:{:x}", propagation);
    for (const auto& [flag, name] : {std::pair(step.recursive, " recursive"), {step.optional, " optional"}, {step.plainDirectory, " plain"},
                                     {step.lateReadOnly, " late-ro"}, {step.copyUp, " copy-up"}, {step.modeFromTarget, " covered-mode"},
                                     {step.byMount2, " mount2"}, {step.keepLocked, " locked"}, {!step.insideRoot.empty(), " inside"},
                                     {step.idMap != mount::Options::IdMap::No, " idmap"}})
        if (flag)
            text += name;
    if (!step.fallback.empty())
        text += " else:" + step.fallback;
    return text;
}

static QString text(const Result<Plan>& plan)
{
    if (!plan)
        return QString::fromStdString("error: " + plan.error().what);
    QString all;
    for (const Step& step : plan->steps)
        all += QString::fromStdString(line(step)) + '\n';
    return all;
}

// The mounts that docker and podman write.
static const char* const usual = R"(
    {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro", "nosuid", "noexec", "nodev"]},
    {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]},
    {"destination": "/etc/hosts", "type": "bind", "source": "/var/hosts", "options": ["rbind", "rprivate", "ro"]})";

static Facts machine(bool unified, bool ownNamespace)
{
    Facts facts;
    facts.cgroups.unified = unified;
    facts.cgroups.ownNamespace = ownNamespace;
    if (unified)
        facts.cgroups.hierarchies = {{"", "", "/sys/fs/cgroup/a", {}}};
    else
        facts.cgroups.hierarchies = {{"cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/a", {"cpu", "cpuacct"}},
                                     {"systemd", "name=systemd", "/sys/fs/cgroup/systemd/a", {}},
                                     {"unified", "", "/sys/fs/cgroup/unified/a", {}}};
    return facts;
}

class TestMountPlan : public QObject
{
    Q_OBJECT

private slots:
    void theUsualMounts()
    {
        QCOMPARE(text(planned(usual, machine(true, true))),
                 "new proc proc -> /proc set:nosuid,nodev,noexec clear:ro,nosymfollow plain\n"
                 "new tmpfs tmpfs -> /dev mode=755 size=65536k set:nosuid+strictatime clear:ro,nodev,noexec,nodiratime,nosymfollow+atime\n"
                 "new devpts devpts -> /dev/pts newinstance ptmxmode=0666 mode=0620 gid=5 set:nosuid,noexec clear:ro,nodev,nosymfollow\n"
                 "new sysfs sysfs -> /sys set:ro,nosuid,nodev,noexec clear:nosymfollow plain\n"
                 "new cgroup2 cgroup -> /sys/fs/cgroup set:ro,nosuid,nodev,noexec clear:nosymfollow else:/sys/fs/cgroup/a\n"
                 "new mqueue mqueue -> /dev/mqueue set:nosuid,nodev,noexec clear:ro,nosymfollow\n"
                 "bind bind /var/hosts -> /etc/hosts set:ro clear:nosuid,nodev,noexec,nosymfollow propagation:44000 recursive\n");
    }

    void cgroupsOfTheFirstVersionAreDirectoriesOfATmpfs()
    {
        const char* const entry = R"({"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]})";
        QCOMPARE(text(planned(entry, machine(false, true))),
                 "new tmpfs tmpfs -> /sys/fs/cgroup mode=755 set:nosuid,nodev,noexec clear:nosuid,nodev,noexec,nosymfollow late-ro\n"
                 "new cgroup cgroup -> /sys/fs/cgroup/cpu,cpuacct cpu cpuacct set:ro,nosuid,nodev,noexec clear:nosuid,nodev,noexec,nosymfollow else:/sys/fs/cgroup/cpu,cpuacct/a\n"
                 "link  cpu,cpuacct -> /sys/fs/cgroup/cpu\n"
                 "link  cpu,cpuacct -> /sys/fs/cgroup/cpuacct\n"
                 "new cgroup cgroup -> /sys/fs/cgroup/systemd name=systemd set:ro,nosuid,nodev,noexec clear:nosuid,nodev,noexec,nosymfollow else:/sys/fs/cgroup/systemd/a\n"
                 "new cgroup2 cgroup -> /sys/fs/cgroup/unified set:ro,nosuid,nodev,noexec clear:nosuid,nodev,noexec,nosymfollow else:/sys/fs/cgroup/unified/a\n");
        QCOMPARE(text(planned(entry, machine(false, false))),
                 "new tmpfs tmpfs -> /sys/fs/cgroup mode=755 set:nosuid,nodev,noexec clear:nosuid,nodev,noexec,nosymfollow late-ro\n"
                 "bind bind /sys/fs/cgroup/cpu,cpuacct/a -> /sys/fs/cgroup/cpu,cpuacct set:ro,nosuid,nodev,noexec clear:nosymfollow\n"
                 "link  cpu,cpuacct -> /sys/fs/cgroup/cpu\n"
                 "link  cpu,cpuacct -> /sys/fs/cgroup/cpuacct\n"
                 "bind bind /sys/fs/cgroup/systemd/a -> /sys/fs/cgroup/systemd set:ro,nosuid,nodev,noexec clear:nosymfollow\n"
                 "bind bind /sys/fs/cgroup/unified/a -> /sys/fs/cgroup/unified set:ro,nosuid,nodev,noexec clear:nosymfollow\n");
        QCOMPARE(text(planned(entry, machine(true, false))),
                 "bind bind /sys/fs/cgroup -> /sys/fs/cgroup set:ro clear:nosuid,nodev,noexec,nosymfollow recursive\n");
    }

    void oneMount_data()
    {
        QTest::addColumn<QString>("mount");
        QTest::addColumn<bool>("userNamespace");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* name, const char* mount, bool userNamespace, const char* wanted) {
            QTest::newRow(name) << QString(mount) << userNamespace << QString(wanted);
        };
        row("a bind without flags keeps its source's", R"({"destination": "/a", "source": "/b", "options": ["bind"]})", false, "bind bind /b -> /a\n");
        row("in a user namespace locked flags stay", R"({"destination": "/a", "source": "/b", "options": ["bind", "ro"]})", true,
            "bind bind /b -> /a set:ro clear:nosuid,nodev,noexec,nosymfollow locked\n");
        row("recursive flags", R"({"destination": "/a", "source": "/b", "options": ["rbind", "rro", "rnoatime"]})", false,
            "bind bind /b -> /a rset:ro+noatime rclear:+atime recursive\n");
        row("a tmpfs becomes read-only late, and takes its place's mode", R"({"destination": "/a", "type": "tmpfs", "options": ["ro"]})", false,
            "new tmpfs tmpfs -> /a clear:nosuid,nodev,noexec,nosymfollow late-ro covered-mode\n");
        row("tmpcopyup", R"({"destination": "/a", "type": "tmpfs", "options": ["tmpcopyup", "mode=700"]})", false, "new tmpfs tmpfs -> /a mode=700 copy-up\n");
        row("a real file system is read-only itself", R"({"destination": "/a", "type": "ext4", "source": "/dev/x", "options": ["ro", "sync"]})", false,
            "new ext4 /dev/x -> /a sync ro set:ro clear:nosuid,nodev,noexec,nosymfollow\n");
        row("i_version needs mount(2)", R"({"destination": "/a", "type": "ext4", "source": "/dev/x", "options": ["iversion"]})", false,
            "new ext4 /dev/x -> /a mount2\n");
        row("a relative destination", R"({"destination": "a/b", "type": "ramfs"})", false, "new ramfs ramfs -> /a/b\n");
        row("the root's path in front", R"({"destination": "/srv/rootfs/a", "type": "ramfs"})", false, "new ramfs ramfs -> /a\n");
        row("not the root's path in front", R"({"destination": "/srv/rootfs2/a", "type": "ramfs"})", false, "new ramfs ramfs -> /srv/rootfs2/a\n");
        row("a source inside the root", R"({"destination": "/x", "type": "ramfs"}, {"destination": "/a", "source": "/srv/rootfs/x", "options": ["rbind"]})", false,
            "new ramfs ramfs -> /x\nbind bind /srv/rootfs/x -> /a recursive inside\n");
        row("a remounted bind", R"({"destination": "/a", "options": ["remount", "bind", "ro"]})", false,
            "remount   -> /a set:ro clear:nosuid,nodev,noexec,nosymfollow\n");
        row("a remounted file system", R"({"destination": "/a", "type": "tmpfs", "options": ["remount", "size=1m"]})", false, "remount tmpfs  -> /a size=1m\n");
        row("sysfs where it cannot be new", R"({"destination": "/sys", "type": "sysfs", "source": "sysfs"})", true, "new sysfs sysfs -> /sys plain locked else:/sys\n");
        row("a mapped bind", R"({"destination": "/a", "source": "/b", "options": ["rbind", "ridmap"], "uidMappings": [{"containerID": 0, "hostID": 5, "size": 9}], "gidMappings": [{"containerID": 0, "hostID": 5, "size": 9}]})", false,
            "bind bind /b -> /a recursive idmap\n");
        row("mappings without the word", R"({"destination": "/a", "source": "/b", "options": ["bind"], "uidMappings": [{"containerID": 0, "hostID": 5, "size": 9}], "gidMappings": [{"containerID": 0, "hostID": 5, "size": 9}]})", false,
            "bind bind /b -> /a idmap\n");
        row("the container's own map", R"({"destination": "/a", "source": "/b", "options": ["bind", "idmap"]})", true, "bind bind /b -> /a locked idmap\n");

        row("no type", R"({"destination": "/a", "source": "/b"})", false, "error: mounts[0].type: missing, and the mount is no bind");
        row("no source", R"({"destination": "/a", "options": ["bind"]})", false, "error: mounts[0].source: missing, and the mount is a bind");
        row("the root", R"({"destination": "/./", "type": "tmpfs"})", false, "error: mounts[0].destination: '/./' is the container's root, which cannot be covered");
        row("the root by its path", R"({"destination": "/srv/rootfs", "type": "tmpfs"})", false,
            "error: mounts[0].destination: '/srv/rootfs' is the container's root, which cannot be covered");
        row("data on a bind, which the kernel would not look at", R"({"destination": "/a", "source": "/b", "options": ["bind", "size=5"]})", false,
            "bind bind /b -> /a\n");
        row("a copy into no tmpfs", R"({"destination": "/a", "type": "ramfs", "options": ["tmpcopyup"]})", false, "error: mounts[0].options: tmpcopyup is for a tmpfs");
        row("a map for no bind", R"({"destination": "/a", "type": "tmpfs", "options": ["idmap"]})", true, "error: mounts[0]: id-mapped mounts are only supported for bind-mounts");
        row("half a map", R"({"destination": "/a", "source": "/b", "options": ["bind"], "uidMappings": [{"containerID": 0, "hostID": 5, "size": 9}]})", false,
            "error: mounts[0]: id-mapped mounts must have both uid and gid mappings specified");
        row("no map at all", R"({"destination": "/a", "source": "/b", "options": ["bind", "idmap"]})", false,
            "error: mounts[0].options: an idmap without mappings needs a container with a user namespace");
        row("a null byte", "{\"destination\": \"/a\\u0000b\", \"type\": \"tmpfs\"}", false, "error: mounts[0].destination: contains a null byte");
        row("the second is wrong", R"({"destination": "/a", "type": "tmpfs"}, {"destination": "/a", "type": "tmpfs", "options": ["rsync"]})", false,
            "error: mounts[1].options: 'rsync' cannot be: 'sync' belongs to a file system, not to its mounts");
    }
    void oneMount()
    {
        QFETCH(QString, mount);
        QFETCH(bool, userNamespace);
        Facts facts;
        facts.rootfs = "/srv/rootfs";
        facts.userNamespace = userNamespace;
        QTEST(text(planned(mount.toStdString(), facts)), "wanted");
    }

    void aGroupThatIsNotMappedIsDropped()
    {
        const char* const pts = R"({"destination": "/dev/pts", "type": "devpts", "options": ["newinstance", "gid=5"]})";
        Facts facts;
        facts.userNamespace = true;
        const auto with = [&](int size) {
            return text(planned(pts, facts, std::format(R"(, "linux": {{"gidMappings": [{{"containerID": 0, "hostID": 1000, "size": {}}}]}})", size)));
        };
        QCOMPARE(with(1), "new devpts devpts -> /dev/pts newinstance locked\n");
        QCOMPARE(with(6), "new devpts devpts -> /dev/pts newinstance gid=5 locked\n");
    }

    void aMapMayBeInTheContainersIds()
    {
        Facts facts;
        facts.userNamespace = true;
        const std::string maps = R"([{"containerID": 0, "hostID": 1000, "size": 5}, {"containerID": 5, "hostID": 7000, "size": 10}])";
        const std::string container = R"(, "linux": {"uidMappings": )" + maps + R"(, "gidMappings": )" + maps + "}";
        const auto with = [&](const char* option) {
            return planned(std::format(R"({{"destination": "/a", "source": "/b", "options": ["bind", "{}"]}})", option), facts, container);
        };
        const auto plan = with("idmap=uids=@0-6-2;gids=0-6-2");
        QVERIFY(plan);
        QVERIFY((plan->steps[0].uidMappings == std::vector<spec::IdMapping>{{0, 7001, 2}}));
        QVERIFY((plan->steps[0].gidMappings == std::vector<spec::IdMapping>{{0, 6, 2}}));
        QCOMPARE(text(with("idmap=uids=@0-15-2;gids=0-6-2")), "error: mounts[0].options: the container has no id 15");
    }

    void theRestOfThePlan()
    {
        const auto plan = planned(R"({"destination": "/dev/", "source": "/dev", "options": ["rbind"]})", {},
                                  R"(, "linux": {"rootfsPropagation": "rshared", "maskedPaths": ["/a"], "readonlyPaths": ["/b"]})");
        QVERIFY(plan);
        QCOMPARE(plan->rootPropagation, (unsigned long)(MS_SHARED | MS_REC));
        QCOMPARE(plan->maskedPaths, std::vector<std::string>{"/a"});
        QCOMPARE(plan->readOnlyPaths, std::vector<std::string>{"/b"});
        QVERIFY(plan->bringsDev);
        QVERIFY(!plan->readOnlyRoot);
        QVERIFY(!planned(usual)->bringsDev);
        QCOMPARE(text(planned("", {}, R"(, "linux": {"rootfsPropagation": "sharde"})")), "error: linux.rootfsPropagation: 'sharde' is no mount propagation");
    }

    void aValueThatIsTooLongForFsconfigGoesThroughMount2()
    {
        const std::string lower(256, 'x');
        const auto plan = planned(R"({"destination": "/a", "type": "overlay", "options": ["lowerdir=)" + lower + R"("]})");
        QVERIFY(plan);
        QVERIFY(plan->steps.front().byMount2);
    }

    void theHelpersMountsArePlansToo()
    {
        const std::vector<Step> steps = mount::standardFilesystems();
        QCOMPARE(steps.size(), 5U);
        QCOMPARE(QString::fromStdString(line(steps[1])), "new sysfs sysfs -> /sys set:ro,nosuid,nodev,noexec plain");
        QCOMPARE(QString::fromStdString(line(mount::givenMount(3, "/data"))), "bind bind  -> /data");
    }
};

QTEST_GUILESS_MAIN(TestMountPlan)
#include "tst_mount_plan.moc"
