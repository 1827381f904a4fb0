#include "engine/cgroup/device_rules.h"

#include <QTest>

#include <cstring>

using namespace rocker::cgroup;

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
        case BPF_JMP | BPF_EXIT:
            return int(registers[0]);
        default:
            return -1;
        }
    }
    return -1;
}

static int ask(std::span<const DeviceRule> rules, char type, unsigned major, unsigned minor, unsigned access)
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
        const DeviceRule readOnly[]{{'c', 10, 200, "r"}};
        QCOMPARE(ask(readOnly, 'c', 10, 200, BPF_DEVCG_ACC_READ), 1);
        QCOMPARE(ask(readOnly, 'c', 10, 200, BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE), 0);
        QCOMPARE(ask(readOnly, 'c', 10, 201, BPF_DEVCG_ACC_READ), 0);
    }

    void theTextIsThatOfTheFirstVersion()
    {
        QCOMPARE(ruleText({'c', 1, 3}), "c 1:3 rwm");
        QCOMPARE(ruleText({'c', 136, DeviceRule::any}), "c 136:* rwm");
        QCOMPARE(ruleText({'b', DeviceRule::any, DeviceRule::any, "m"}), "b *:* m");
    }
};

QTEST_GUILESS_MAIN(TestDeviceRules)
#include "tst_device_rules.moc"
