#include "engine/json/json.h"
#include "engine/json/slice.h"
#include "engine/json/text.h"
#include "engine/spec/spec.h"

#include <QFile>
#include <QTest>

using namespace rocker;

// A valid document with one place of it replaced: `pointer` as in RFC 6901.
static std::string changed(const char* pointer, const char* value)
{
    json::Value document = json::Value::parse(spec::toJson(spec::example()));
    document[json::Value::json_pointer(pointer)] = json::Value::parse(value);
    return document.dump();
}

static Result<> check(const std::string& text)
{
    const spec::Spec spec = TRY(spec::parse(text));
    return spec::validate(spec);
}

class TestSpecValidate : public QObject
{
    Q_OBJECT

private slots:
    void examplesAreValid()
    {
        QVERIFY(check(spec::toJson(spec::example())));
        QVERIFY(check(spec::toJson(spec::rootlessExample(1000, 1000))));
    }

    void examplesAreTheGoldenFiles()
    {
        compare("spec/config.json", spec::toJson(spec::example()));
        compare("spec/config-rootless.json", spec::toJson(spec::rootlessExample(1000, 1001)));
    }

    void whatIsWrongIsNamedByItsPath_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("what"); // the error begins with it
        const auto row = [](const char* pointer, const char* value, const char* what) {
            QTest::addRow("%s = %s", pointer, value) << pointer << value << what;
        };
        row("/ociVersion", R"("")", "ociVersion: ");
        row("/ociVersion", R"("2.0.0")", "ociVersion: '2.0.0'");
        row("/ociVersion", R"("1.0")", "ociVersion: '1.0'");
        row("/ociVersion", R"("1.02.0")", "ociVersion: '1.02.0'");
        row("/ociVersion", R"("1.2.0 ")", "ociVersion: ");
        row("/ociVersion", "1", "ociVersion: expected a string");
        row("/process/args", "[]", "process.args: must not be empty");
        row("/process/args", R"(["sh", "a\u0000b"])", "process.args[1]: contains a null byte");
        row("/process/cwd", R"("")", "process.cwd: must not be empty");
        row("/process/cwd", R"("tmp")", "process.cwd: must be an absolute path, not 'tmp'");
        row("/process/env", R"(["A=1", "B"])", "process.env[1]: invalid environment variable: missing '='");
        row("/process/env", R"(["=1"])", "process.env[0]: invalid environment variable: name cannot be empty");
        row("/process/consoleSize", R"({"height": 65536, "width": 1})", "process.consoleSize: ");
        row("/process/user/uid", "4294967295", "process.user.uid: ");
        row("/process/user/gid", "4294967295", "process.user.gid: ");
        row("/process/user/uid", "-1", "process.user.uid: -1 is out of range");
        row("/process/user/umask", "512", "process.user.umask: 01000 ");
        row("/process/user/additionalGids", "[1, 4294967295]", "process.user.additionalGids[1]: ");
        row("/process/rlimits/0/type", R"("RLIMIT_FILES")", "process.rlimits[0].type: wrong rlimit value: RLIMIT_FILES");
        row("/process/rlimits/1", R"({"type": "RLIMIT_NOFILE", "hard": 1, "soft": 1})", "process.rlimits[1].type: 'RLIMIT_NOFILE' stands twice");
        row("/process/rlimits/0/soft", "1025", "process.rlimits[0]: the soft limit 1025 is above");
        row("/process/oomScoreAdj", "-1001", "process.oomScoreAdj: ");
        row("/process/scheduler", "{}", "process.scheduler.policy: is missing");
        row("/process/scheduler", R"({"policy": ""})", "process.scheduler.policy: scheduler policy is required");
        row("/process/scheduler", R"({"policy": "SCHED_LATER"})", "process.scheduler.policy: 'SCHED_LATER'");
        row("/process/scheduler", R"({"policy": "SCHED_BATCH", "nice": 20})", "process.scheduler.nice: 20");
        row("/process/scheduler", R"({"policy": "SCHED_OTHER", "priority": 1})", "process.scheduler.priority: can only");
        row("/process/scheduler", R"({"policy": "SCHED_FIFO", "priority": 100})", "process.scheduler.priority: 100");
        row("/process/scheduler", R"({"policy": "SCHED_RR", "priority": 1, "period": 1})", "process.scheduler: runtime");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "deadline": 2000})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` requires `runtime`");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 2000})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` requires `deadline`");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 0, "deadline": 1})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` runtime must be greater than 0");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 3000, "deadline": 2000})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` runtime (3000) must be <= deadline (2000)");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 3000, "period": 2000})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` deadline (3000) must be <= period (2000)");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 1023, "deadline": 3000})",
            "process.scheduler: sched_setattr: `SCHED_DEADLINE` runtime (1023) must be between 1024 and 9223372036854775807");
        row("/process/scheduler", R"({"policy": "SCHED_IDLE", "flags": ["X"]})", "process.scheduler.flags[0]: 'X'");
        row("/process/ioPriority", R"({"class": "IOPRIO_CLASS_NONE"})", "process.ioPriority.class: 'IOPRIO_CLASS_NONE'");
        row("/process/ioPriority", R"({"class": "IOPRIO_CLASS_BE", "priority": 8})", "process.ioPriority.priority: 8");
        row("/process/execCPUAffinity", R"({"initial": "0-"})", "process.execCPUAffinity.initial: '0-'");
        row("/process/execCPUAffinity", R"({"final": "3-1"})", "process.execCPUAffinity.final: '3-1'");
        row("/process/execCPUAffinity", R"({"final": "99999"})", "process.execCPUAffinity.final: 99999 is too large");
        row("/root", "null", "root: must be specified");
        row("/root/path", R"("")", "root.path: must not be empty");
        row("/domainname", R"("a\u0000b")", "domainname: contains a null byte");
        row("/hostname", R"("0123456789012345678901234567890123456789012345678901234567890123x")", "hostname: is longer");
        row("/linux/namespaces", R"([{"type": "mount"}])", "hostname: unable to set hostname without a private UTS namespace");
        row("/mounts/0/destination", R"("")", "mounts[0].destination: must not be empty");
        row("/mounts/1/options/1", R"("a\u0000b")", "mounts[1].options[1]: contains a null byte");
        row("/mounts/0/uidMappings", R"([{"containerID": 0, "hostID": 0, "size": 1}])", "mounts[0]: id-mapped mounts must have both");
        row("/hooks", R"({"prestart": [{"path": "true"}]})", "hooks.prestart[0].path: must be an absolute path");
        row("/hooks", R"({"poststop": [{"path": "/a"}, {"path": "/b", "timeout": 0}]})", "hooks.poststop[1].timeout: ");
        row("/annotations", R"({"": "x"})", "annotations: has an empty key");
        row("/linux/namespaces/0/type", R"("pids")", "linux.namespaces[0].type: namespace 'pids' does not exist");
        row("/linux/namespaces/0/type", R"("ipc")", "linux.namespaces[2].type: malformed spec file: duplicated ns 'ipc'");
        row("/linux/namespaces/0/path", R"("proc/1/ns/pid")", "linux.namespaces[0].path: must be an absolute path");
        row("/linux/uidMappings", R"([{"containerID": 0, "hostID": 0, "size": 1}])", "linux.uidMappings: user namespace mappings specified");
        row("/linux/namespaces/0", R"({"type": "user"})", "linux.uidMappings: user namespaces enabled, but no");
        row("/linux/timeOffsets", R"({"monotonic": {"secs": 1}})", "linux.timeOffsets: time namespace offsets specified");
        row("/linux/namespaces/0/type", R"("")", "linux.namespaces[0].type: namespace '' does not exist");
        row("/linux/devices", R"([{"type": "x", "path": "/dev/x"}])", "linux.devices[0].type: invalid device type 'x'");
        row("/linux/devices", R"([{"type": "c", "path": "dev/x"}])", "linux.devices[0].path: must be an absolute path");
        row("/linux/devices", R"([{"type": "c", "path": "/dev/x", "major": 1}])", "linux.devices[0].minor: is missing");
        row("/linux/devices", R"([{"type": "b", "path": "/dev/x", "major": -1, "minor": 1}])", "linux.devices[0].major: -1");
        row("/linux/devices", R"([{"type": "p", "path": "/dev/x", "fileMode": 131072}])", "linux.devices[0].fileMode: ");
        row("/linux/netDevices", R"({"eth0": {"name": "a/b"}})", "linux.netDevices.eth0.name: invalid network device name 'a/b'");
        row("/linux/netDevices", R"({"0123456789abcdef": {}})", "linux.netDevices: invalid network device name");
        row("/linux/netDevices", R"({"a": {"name": "x"}, "b": {"name": "x"}})", "linux.netDevices.b.name: ");
        row("/linux/cgroupsPath", R"("/a/../b")", "linux.cgroupsPath: ");
        row("/linux/rootfsPropagation", R"("public")", "linux.rootfsPropagation: rootfsPropagation=public is not supported");
        row("/linux/maskedPaths/0", R"("proc")", "linux.maskedPaths[0]: must be an absolute path");
        row("/linux/readonlyPaths/1", R"("proc")", "linux.readonlyPaths[1]: must be an absolute path");
        row("/linux/personality", R"({"domain": "BSD"})", "linux.personality.domain: invalid personality domain BSD");
        row("/linux/personality", R"({"domain": "LINUX", "flags": ["X"]})", "linux.personality.flags: ");
        row("/linux/memoryPolicy", "{}", "linux.memoryPolicy.mode: invalid memory policy mode");
        row("/linux/memoryPolicy", R"({"mode": "MPOL_DEFAULT", "nodes": "0-7"})", "linux.memoryPolicy.nodes: memory policy mode requires 0 nodes but got 8");
        row("/linux/memoryPolicy", R"({"mode": "MPOL_BIND"})", "linux.memoryPolicy.nodes: memory policy mode requires at least one node");
        row("/linux/memoryPolicy", R"({"mode": "MPOL_BIND", "nodes": "0-9876543210"})", "linux.memoryPolicy.nodes: invalid memory policy nodes");
        row("/linux/memoryPolicy", R"({"mode": "MPOL_BIND", "nodes": "0", "flags": ["X"]})", "linux.memoryPolicy.flags[0]: invalid memory policy flag 'X'");
        row("/linux/intelRdt", R"({"closID": ".."})", "linux.intelRdt.closID: ");
        row("/linux/intelRdt", R"({"closID": "a/b"})", "linux.intelRdt.closID: ");
    }
    void whatIsWrongIsNamedByItsPath()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, what);
        const auto checked = check(changed(pointer.toUtf8().constData(), value.toUtf8().constData()));
        QVERIFY2(!checked, "was not refused");
        QVERIFY2(QString::fromStdString(checked.error().what).startsWith(what), checked.error().what.c_str());
    }

    void whatTheSpecificationAllowsPasses_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* pointer, const char* value) {
            QTest::addRow("%s = %s", pointer, value) << pointer << value;
        };
        for (const char* version : {R"("1.0.0")", R"("1.0.2-dev")", R"("1.0.0-rc.2+git")", R"("1.10.0")", R"("1.3.0")"})
            row("/ociVersion", version);
        row("/process", "null"); // needed for `start` only
        row("/process/capabilities/bounding/0", R"("CAP_OF_THE_FUTURE")"); // a warning (config.md)
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 2000, "period": 3000})");
        row("/process/scheduler", R"({"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 1024})");
        row("/process/execCPUAffinity", R"({"initial": "0-1,3", "final": ""})");
        row("/mounts/0/destination", R"("proc")"); // deprecated, below /
        row("/linux/memoryPolicy", R"({"mode": "MPOL_PREFERRED"})");
        row("/linux/cgroupsPath", R"("system.slice:runc:a..b")");
        row("/linux/unknown", "{}");
        row("/windows", R"({"x": 1})");
    }
    void whatTheSpecificationAllowsPasses()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        const auto checked = check(changed(pointer.toUtf8().constData(), value.toUtf8().constData()));
        QVERIFY2(checked, checked ? "" : checked.error().what.c_str());
    }

    void mappingsMustFit_data()
    {
        QTest::addColumn<QString>("mappings");
        QTest::addColumn<QString>("what");
        QTest::newRow("none") << R"([{"containerID": 0, "hostID": 0, "size": 0}])" << "linux.uidMappings[0].size: must not be 0";
        QTest::newRow("end") << R"([{"containerID": 0, "hostID": 4294967294, "size": 2}])" << "linux.uidMappings[0]: goes beyond";
        QTest::newRow("inside twice") << R"([{"containerID": 0, "hostID": 0, "size": 10}, {"containerID": 9, "hostID": 100, "size": 1}])"
                                      << "linux.uidMappings[1]: overlaps with linux.uidMappings[0]";
        QTest::newRow("outside twice") << R"([{"containerID": 0, "hostID": 5, "size": 10}, {"containerID": 10, "hostID": 0, "size": 6}])"
                                       << "linux.uidMappings[1]: overlaps with linux.uidMappings[0]";
        QTest::newRow("side by side") << R"([{"containerID": 0, "hostID": 0, "size": 10}, {"containerID": 10, "hostID": 10, "size": 6}])" << "";
        QTest::newRow("all") << R"([{"containerID": 0, "hostID": 0, "size": 4294967295}])" << "";
    }
    void mappingsMustFit()
    {
        QFETCH(QString, mappings);
        QFETCH(QString, what);
        json::Value document = json::Value::parse(spec::toJson(spec::rootlessExample(0, 0)));
        document["linux"]["uidMappings"] = json::Value::parse(mappings.toStdString());
        const auto checked = check(document.dump());
        QCOMPARE(bool(checked), what.isEmpty());
        if (!checked)
            QVERIFY2(QString::fromStdString(checked.error().what).startsWith(what), checked.error().what.c_str());
    }

    void theTextOfAMemberIsFoundInItsDocument()
    {
        using namespace std::literals;
        const std::string_view document = 
            " { \"a\" : [ { \"linux\" : 1 } , \"}\" ] , \"l\\u0069nux\" : { \"seccomp\":{\"x\":\"\\\"}\"} , \"n\" : -1.5e3} }"sv;
        QCOMPARE(json::slice(document, {"linux", "seccomp"}), "{\"x\":\"\\\"}\"}"sv);
        QCOMPARE(json::slice(document, {"linux", "n"}), "-1.5e3"sv);
        QCOMPARE(json::slice(document, {"a"}), "[ { \"linux\" : 1 } , \"}\" ]"sv);
        QCOMPARE(json::slice(document, {"linux", "none"}), ""sv);
        QCOMPARE(json::slice(document, {"a", "linux"}), ""sv);
        // The last of two, as the parser has it.
        QCOMPARE(json::slice(R"({"a":1,"a":2})", {"a"}), "2"sv);
        QCOMPARE(json::parse(R"({"a":1,"a":2})")->at("a"), 2);
    }

private:
    static void compare(const QString& name, const std::string& text)
    {
        QFile file(QString(ROCKER_SOURCE_DIR) + "/tests/golden/" + name);
        if (qEnvironmentVariableIsSet("UPDATE_GOLDEN")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.data(), qint64(text.size()));
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(QString::fromStdString(text), QString::fromUtf8(file.readAll()));
    }
};

QTEST_GUILESS_MAIN(TestSpecValidate)
#include "tst_spec_validate.moc"
