#include "engine/cgroup/device_rules.h"

#include "engine/os/syscall.h"

#include <cstddef>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::cgroup {

namespace {

// What the program keeps where; R1 is its argument, R0 its answer.
enum Register : std::uint8_t { Answer = BPF_REG_0, Context = BPF_REG_1, Access = BPF_REG_2, Type = BPF_REG_3,
                               Major = BPF_REG_4, Minor = BPF_REG_5, Beyond = BPF_REG_0 };

constexpr std::uint32_t allAccess = BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;

std::uint32_t accessBits(const std::string& access)
{
    std::uint32_t bits = 0;
    for (const char letter : access)
        bits |= letter == 'r' ? BPF_DEVCG_ACC_READ : letter == 'w' ? BPF_DEVCG_ACC_WRITE : BPF_DEVCG_ACC_MKNOD;
    return bits;
}

bpf_insn load(Register target, std::size_t offset)
{
    return {.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = target, .src_reg = Context, .off = std::int16_t(offset), .imm = 0};
}

bpf_insn with(std::uint8_t operation, Register target, std::uint32_t value)
{
    return {.code = std::uint8_t(BPF_ALU | operation | BPF_K), .dst_reg = target, .src_reg = 0, .off = 0, .imm = std::int32_t(value)};
}

bpf_insn copy(Register target, Register source)
{
    return {.code = BPF_ALU | BPF_MOV | BPF_X, .dst_reg = target, .src_reg = source, .off = 0, .imm = 0};
}

bpf_insn unlessEqual(Register left, std::uint32_t value, std::size_t jump)
{
    return {.code = BPF_JMP32 | BPF_JNE | BPF_K, .dst_reg = left, .src_reg = 0, .off = std::int16_t(jump), .imm = std::int32_t(value)};
}

constexpr bpf_insn leave{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0};

// Allows when all of the rule holds, else goes on behind itself.
std::vector<bpf_insn> ruleProgram(const DeviceRule& rule)
{
    std::vector<bpf_insn> tests{unlessEqual(Type, rule.type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR, 0)};
    if (const std::uint32_t beyond = allAccess & ~accessBits(rule.access)) {
        tests.push_back(copy(Beyond, Access));
        tests.push_back(with(BPF_AND, Beyond, beyond));
        tests.push_back(unlessEqual(Beyond, 0, 0));
    }
    if (rule.major != DeviceRule::any)
        tests.push_back(unlessEqual(Major, std::uint32_t(rule.major), 0));
    if (rule.minor != DeviceRule::any)
        tests.push_back(unlessEqual(Minor, std::uint32_t(rule.minor), 0));
    tests.push_back(with(BPF_MOV, Answer, 1));
    tests.push_back(leave);
    for (std::size_t i = 0; i < tests.size(); ++i)
        if (BPF_CLASS(tests[i].code) == BPF_JMP32)
            tests[i].off = std::int16_t(tests.size() - i - 1);
    return tests;
}

} // namespace

std::span<const DeviceRule> containerDevices()
{
    static const DeviceRule rules[]{{'c', 1, 3}, {'c', 1, 5}, {'c', 1, 7}, {'c', 1, 8}, {'c', 1, 9},
                                    {'c', 5, 0}, {'c', 5, 1}, {'c', 5, 2}, {'c', 136, DeviceRule::any},
                                    {'c', DeviceRule::any, DeviceRule::any, "m"}, {'b', DeviceRule::any, DeviceRule::any, "m"}};
    return rules;
}

std::string ruleText(const DeviceRule& rule)
{
    const auto number = [](std::int32_t value) { return value == DeviceRule::any ? "*" : std::to_string(value); };
    return std::format("{} {}:{} {}", rule.type, number(rule.major), number(rule.minor), rule.access);
}

std::vector<bpf_insn> deviceProgram(std::span<const DeviceRule> rules)
{
    std::vector<bpf_insn> program{load(Access, offsetof(bpf_cgroup_dev_ctx, access_type)), copy(Type, Access),
                                  with(BPF_AND, Type, 0xffff), with(BPF_RSH, Access, 16),
                                  load(Major, offsetof(bpf_cgroup_dev_ctx, major)), load(Minor, offsetof(bpf_cgroup_dev_ctx, minor))};
    for (const DeviceRule& rule : rules) {
        const auto part = ruleProgram(rule);
        program.insert(program.end(), part.begin(), part.end());
    }
    program.push_back(with(BPF_MOV, Answer, 0));
    program.push_back(leave);
    return program;
}

Result<> attachDeviceProgram(BorrowedFd cgroup, std::span<const DeviceRule> rules)
{
    const auto program = deviceProgram(rules);
    bpf_attr load{};
    load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load.insns = reinterpret_cast<std::uintptr_t>(program.data());
    load.insn_cnt = std::uint32_t(program.size());
    load.license = reinterpret_cast<std::uintptr_t>("MIT");
    const UniqueFd loaded(int(TRY(os::check(::syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load)), "load the device program")));
    bpf_attr attach{};
    attach.target_fd = std::uint32_t(cgroup.value());
    attach.attach_bpf_fd = std::uint32_t(loaded.value());
    attach.attach_type = BPF_CGROUP_DEVICE;
    attach.attach_flags = BPF_F_ALLOW_MULTI;
    return TRY(os::check(::syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach)), "attach the device program"), Result<>{};
}

} // namespace rocker::cgroup
