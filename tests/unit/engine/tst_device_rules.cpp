#include "engine/cgroup/device_program.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>

using namespace rocker;
using namespace rocker::cgroup;

static spec::DeviceRule rule(bool allow, const char* type, std::int64_t major, std::int64_t minor,
                             const char* access = "rwm")
{
    return {.allow = allow, .type = type, .major = major, .minor = minor, .access = access};
}

// The instructions that deviceProgram() uses, as the kernel runs them (Documentation/bpf/standardization); -1 for any
// other, or a program that ends without an exit.
static int run(const std::vector<bpf_insn>& program, const bpf_cgroup_dev_ctx& context)
{
    std::uint32_t registers[11]{};
    for (std::size_t at = 0; at < program.size(); ++at) {
        const bpf_insn& step = program[at];
        std::uint32_t& target = registers[step.dst_reg];
        const auto value = std::uint32_t(step.imm);
        switch (step.code) {
        case BPF_LDX | BPF_MEM | BPF_W:
            if (step.off < 0 || std::size_t(step.off) + sizeof target > sizeof context)
                return -1;
            std::memcpy(&target, reinterpret_cast<const char*>(&context) + step.off, sizeof target);
            break;
        case BPF_ALU | BPF_MOV | BPF_K:
            target = value;
            break;
        case BPF_ALU | BPF_MOV | BPF_X:
            target = registers[step.src_reg];
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            target &= value;
            break;
        case BPF_ALU | BPF_RSH | BPF_K:
            target >>= value;
            break;
        case BPF_JMP32 | BPF_JNE | BPF_K:
            at += target != value ? std::size_t(step.off) : 0;
            break;
        case BPF_JMP32 | BPF_JEQ | BPF_K:
            at += target == value ? std::size_t(step.off) : 0;
            break;
        case BPF_JMP | BPF_EXIT:
            return int(registers[0]);
        default:
            return -1;
        }
    }
    return -1;
}

static int ask(const DeviceRules& rules, char type, unsigned major, unsigned minor, unsigned access)
{
    const unsigned kind = type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
    return run(deviceProgram(rules), {access << 16 | kind, major, minor});
}

class TestDeviceRules : public QObject
{
    Q_OBJECT

private slots:
    void theProgramAllowsWhatAContainerMayDo_data()
    {
        constexpr unsigned read = BPF_DEVCG_ACC_READ;
        constexpr unsigned write = BPF_DEVCG_ACC_WRITE;
        constexpr unsigned make = BPF_DEVCG_ACC_MKNOD;
        QTest::addColumn<char>("type");
        QTest::addColumn<unsigned>("major");
        QTest::addColumn<unsigned>("minor");
        QTest::addColumn<unsigned>("access");
        QTest::addColumn<int>("allowed");
        QTest::newRow("null") << 'c' << 1U << 3U << (read | write) << 1;
        QTest::newRow("the last of a rule list's majors") << 'c' << 136U << 77U << (read | write) << 1;
        QTest::newRow("kernel memory") << 'c' << 1U << 1U << read << 0;
        QTest::newRow("kernel messages") << 'c' << 1U << 11U << read << 0;
        QTest::newRow("a disk") << 'b' << 8U << 0U << read << 0;
        QTest::newRow("a disk with null's numbers") << 'b' << 1U << 3U << read << 0;
        QTest::newRow("making any node") << 'c' << 10U << 200U << make << 1;
        QTest::newRow("making a disk's node") << 'b' << 8U << 0U << make << 1;
        QTest::newRow("making and reading") << 'b' << 8U << 0U << (make | read) << 0;
    }
    void theProgramAllowsWhatAContainerMayDo()
    {
        QFETCH(char, type);
        QFETCH(unsigned, major);
        QFETCH(unsigned, minor);
        QFETCH(unsigned, access);
        QTEST(ask(containerDevices(), type, major, minor, access), "allowed");
    }

    void withoutRulesNothingIsAllowed()
    {
        QCOMPARE(ask({}, 'c', 1, 3, BPF_DEVCG_ACC_READ), 0);
    }

    void partOfTheAccessIsPartOfTheRule()
    {
        const DeviceRules readOnly{rule(true, "c", 10, 200, "r")};
        QCOMPARE(ask(readOnly, 'c', 10, 200, BPF_DEVCG_ACC_READ), 1);
        QCOMPARE(ask(readOnly, 'c', 10, 200, BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE), 0);
        QCOMPARE(ask(readOnly, 'c', 10, 201, BPF_DEVCG_ACC_READ), 0);
    }

    void theLastRuleThatFitsDecides_data()
    {
        constexpr unsigned read = BPF_DEVCG_ACC_READ;
        constexpr unsigned write = BPF_DEVCG_ACC_WRITE;
        constexpr unsigned make = BPF_DEVCG_ACC_MKNOD;
        QTest::addColumn<DeviceRules>("rules");
        QTest::addColumn<unsigned>("access"); // to c 10:200
        QTest::addColumn<int>("allowed");
        const spec::DeviceRule all{.allow = true, .type = "a"};
        const spec::DeviceRule none{.allow = false};
        QTest::newRow("denied after all was allowed") << DeviceRules{all, rule(false, "c", 10, 200)} << read << 0;
        QTest::newRow("allowed after all was denied") << DeviceRules{none, rule(true, "c", 10, 200)} << read << 1;
        QTest::newRow("all was denied afterwards") << DeviceRules{rule(true, "c", 10, 200), none} << read << 0;
        QTest::newRow("all was allowed afterwards")
            << DeviceRules{rule(false, "c", 10, 200), all} << (read | write | make) << 1;
        QTest::newRow("a type of all whatever its numbers")
            << DeviceRules{rule(true, "a", 1, 3, "r")} << (read | write) << 1;
        QTest::newRow("a hole in a wildcard")
            << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 200)} << read << 0;
        QTest::newRow("beside the hole") << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 201)} << read
                                         << 1;
        QTest::newRow("a hole for writing, read")
            << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 200, "w")} << read << 1;
        QTest::newRow("a hole for writing, written")
            << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 200, "w")} << write << 0;
        QTest::newRow("a hole for writing, both")
            << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 200, "w")} << (read | write) << 0;
        QTest::newRow("two rules together")
            << DeviceRules{rule(true, "c", 10, 200, "r"), rule(true, "c", 10, -1, "w")} << (read | write) << 1;
        QTest::newRow("and nothing more")
            << DeviceRules{rule(true, "c", 10, 200, "r"), rule(true, "c", 10, -1, "w")} << (read | make) << 0;
        QTest::newRow("another type's rule") << DeviceRules{rule(true, "b", 10, 200)} << read << 0;
        QTest::newRow("an a beside others says nothing") << DeviceRules{rule(true, "c", 10, 200, "ra")} << make << 0;
        QTest::newRow("an a beside others takes nothing away") << DeviceRules{rule(true, "c", 10, 200, "ra")} << read << 1;
        QTest::newRow("no access is all") << DeviceRules{rule(true, "c", 10, 200, "")} << (read | write | make) << 1;
    }
    void theLastRuleThatFitsDecides()
    {
        QFETCH(DeviceRules, rules);
        QFETCH(unsigned, access);
        QTEST(ask(rules, 'c', 10, 200, access), "allowed");
    }

    void aConfigurationWithoutRulesStillHasWhatEveryContainerNeeds()
    {
        const DeviceRules rules = withDefaults({});
        constexpr unsigned use = BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;
        for (const auto& [major, minor] :
             {std::pair(1U, 3U), std::pair(1U, 5U), std::pair(1U, 7U), std::pair(1U, 8U), std::pair(1U, 9U),
              std::pair(5U, 0U), std::pair(5U, 1U), std::pair(5U, 2U), std::pair(136U, 0U), std::pair(10U, 200U)})
            QCOMPARE(ask(rules, 'c', major, minor, use), 1);
        QCOMPARE(ask(rules, 'c', 1, 11, BPF_DEVCG_ACC_READ), 0);
        QCOMPARE(ask(rules, 'b', 8, 0, BPF_DEVCG_ACC_MKNOD), 1);
        // And a rule against one of them does not take it away.
        QCOMPARE(ask(withDefaults({rule(false, "c", 1, 3)}), 'c', 1, 3, use), 1);
    }

    void theTextIsThatOfTheFirstVersion()
    {
        QCOMPARE(ruleText(rule(true, "c", 1, 3)), "c 1:3 rwm");
        QCOMPARE(ruleText(rule(true, "c", 136, -1)), "c 136:* rwm");
        QCOMPARE(ruleText({.allow = true, .type = "b", .access = "m"}), "b *:* m");
        QCOMPARE(ruleText({.allow = true, .type = "b", .access = "mar"}), "b *:* mr");
    }

    void theFirstVersionIsToldTheSame_data()
    {
        QTest::addColumn<DeviceRules>("rules");
        QTest::addColumn<QByteArray>("allowFile"); // what has been written, one after the other
        QTest::addColumn<QByteArray>("denyFile");
        const spec::DeviceRule all{.allow = true, .type = "a"};
        QTest::newRow("none") << DeviceRules{} << QByteArray() << QByteArray("a");
        QTest::newRow("some") << DeviceRules{rule(true, "c", 1, 3), rule(true, "b", -1, -1, "m")}
                              << QByteArray("c 1:3 rwmb *:* m") << QByteArray("a");
        QTest::newRow("all but one") << DeviceRules{all, rule(false, "b", 8, 0)} << QByteArray("a")
                                     << QByteArray("b 8:0 rwm");
        QTest::newRow("one twice") << DeviceRules{rule(true, "c", 1, 3, "r"), rule(true, "c", 1, 3, "rw")}
                                   << QByteArray("c 1:3 rw") << QByteArray("a");
        QTest::newRow("taken back") << DeviceRules{rule(true, "c", 1, 3), rule(true, "c", 1, 5),
                                                   rule(false, "c", 1, 3, "wm")}
                                    << QByteArray("c 1:3 rc 1:5 rwm") << QByteArray("a");
        QTest::newRow("taken back with a wildcard")
            << DeviceRules{rule(true, "c", 1, 3), rule(true, "c", 4, 5), rule(false, "c", 1, -1)}
            << QByteArray("c 4:5 rwm") << QByteArray("a");
    }
    void theFirstVersionIsToldTheSame()
    {
        QFETCH(DeviceRules, rules);
        QTemporaryDir group;
        const std::string path = group.path().toStdString();
        std::ofstream(path + "/devices.allow");
        std::ofstream(path + "/devices.deny");
        const UniqueFd directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        QVERIFY(writeDevices(directory, rules));
        const auto contents = [&](const char* file) {
            std::stringstream text;
            text << std::ifstream(path + "/" + file).rdbuf();
            return QByteArray::fromStdString(text.str());
        };
        QTEST(contents("devices.allow"), "allowFile");
        QTEST(contents("devices.deny"), "denyFile");
    }

    void aRunningContainerKeepsWhatItMayAllTheTime()
    {
        QTemporaryDir group;
        const std::string path = group.path().toStdString();
        std::ofstream(path + "/devices.allow");
        std::ofstream(path + "/devices.deny");
        std::ofstream(path + "/devices.list") << "c 1:3 rwm\nc 136:* rwm\nb *:* m\nc 10:200 rw\n";
        const UniqueFd directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        QVERIFY(
            changeDevices(directory, {rule(true, "c", 1, 3), rule(true, "c", 136, -1, "r"), rule(true, "c", 5, 0)}));
        const auto contents = [&](const char* file) {
            std::stringstream text;
            text << std::ifstream(path + "/" + file).rdbuf();
            return text.str();
        };
        QCOMPARE(contents("devices.allow"), "c 1:3 rwmc 136:* rc 5:0 rwm");
        QCOMPARE(contents("devices.deny"), "c 136:* wmb *:* mc 10:200 rw");
    }

    void whatCannotBeDoneIsRefusedWithItsPlace_data()
    {
        QTest::addColumn<DeviceRules>("rules");
        QTest::addColumn<int>("versions"); // 1, 2 or 3 for both
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("a fifo") << DeviceRules{rule(true, "p", 1, 3)} << 3
                                << QByteArray("linux.resources.devices[0]: invalid cgroup device type \"p\"");
        QTest::newRow("execution") << DeviceRules{rule(true, "c", 1, 3), rule(true, "c", 1, 3, "rx")} << 3
                                   << QByteArray("linux.resources.devices[1]: invalid mode specified `rx`");
        QTest::newRow("a number below any")
            << DeviceRules{rule(true, "c", -2, 3)} << 3
            << QByteArray("linux.resources.devices[0]: -2 is neither a device's number nor -1 for any");
        QTest::newRow("a hole") << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", 10, 200)} << 1
                                << QByteArray("linux.resources.devices[1]: 'c 10:200 rwm' is a part of 'c 10:* rwm', "
                                              "which devices of cgroup v1 cannot deny");
        QTest::newRow("a crossing") << DeviceRules{rule(true, "c", 10, -1), rule(false, "c", -1, 200)} << 1
                                    << QByteArray("linux.resources.devices[1]: 'c *:200 rwm' is a part of 'c 10:* "
                                                  "rwm', which devices of cgroup v1 cannot deny");
    }
    void whatCannotBeDoneIsRefusedWithItsPlace()
    {
        QFETCH(DeviceRules, rules);
        QFETCH(int, versions);
        for (const auto& [bit, version] : {std::pair(1, Version::V1), std::pair(2, Version::V2)}) {
            const auto valid = validate(rules, version);
            QCOMPARE(valid.has_value(), (versions & bit) == 0);
            if (!valid)
                QTEST(QByteArray::fromStdString(valid.error().what), "message");
        }
    }

    void aHoleForOtherAccessIsNone()
    {
        QVERIFY(validate({rule(true, "c", -1, -1, "m"), rule(false, "c", 10, 200, "rw")}, Version::V1));
    }
};

QTEST_GUILESS_MAIN(TestDeviceRules)
#include "tst_device_rules.moc"
