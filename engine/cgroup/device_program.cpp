#include "engine/cgroup/device_program.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <array>
#include <cstddef>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::cgroup {

namespace {

// What the program keeps where; R1 is its argument, R0 its answer.
enum Register : std::uint8_t { Answer = BPF_REG_0, Context = BPF_REG_1, Access = BPF_REG_2, Type = BPF_REG_3,
                               Major = BPF_REG_4, Minor = BPF_REG_5, Common = BPF_REG_0 };

constexpr std::uint32_t allAccess = BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;
// As many programs as a cgroup can have (BPF_CGROUP_MAX_PROGS).
constexpr std::uint32_t mostPrograms = 64;

std::uint32_t accessBits(const std::string& access)
{
    std::uint32_t bits = access.empty() ? allAccess : 0;
    for (const char letter : access)
        bits |= letter == 'r' ? BPF_DEVCG_ACC_READ : letter == 'w' ? BPF_DEVCG_ACC_WRITE : letter == 'm' ? BPF_DEVCG_ACC_MKNOD : 0;
    return bits;
}

bpf_insn load(Register target, std::size_t offset)
{
    return {.code = BPF_LDX | BPF_MEM | BPF_W,
            .dst_reg = target,
            .src_reg = Context,
            .off = std::int16_t(offset),
            .imm = 0};
}

bpf_insn with(std::uint8_t operation, Register target, std::uint32_t value)
{
    return {.code = std::uint8_t(BPF_ALU | operation | BPF_K),
            .dst_reg = target,
            .src_reg = 0,
            .off = 0,
            .imm = std::int32_t(value)};
}

bpf_insn copy(Register target, Register source)
{
    return {.code = BPF_ALU | BPF_MOV | BPF_X, .dst_reg = target, .src_reg = source, .off = 0, .imm = 0};
}

// Leaves the rule; where to is filled in when its length is known.
bpf_insn leaveIf(std::uint8_t condition, Register left, std::uint32_t value)
{
    return {.code = std::uint8_t(BPF_JMP32 | condition | BPF_K),
            .dst_reg = left,
            .src_reg = 0,
            .off = 0,
            .imm = std::int32_t(value)};
}

constexpr bpf_insn exitNow{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0};

// Decides about the kinds of access that the rule names and that are still open, else goes on behind itself: the
// program asks the last rule first.
std::vector<bpf_insn> ruleProgram(const spec::DeviceRule& rule)
{
    const std::uint32_t bits = accessBits(rule.access);
    std::vector<bpf_insn> steps{leaveIf(BPF_JNE, Type, rule.type == "b" ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR)};
    if (rule.major.value_or(-1) >= 0)
        steps.push_back(leaveIf(BPF_JNE, Major, std::uint32_t(*rule.major)));
    if (rule.minor.value_or(-1) >= 0)
        steps.push_back(leaveIf(BPF_JNE, Minor, std::uint32_t(*rule.minor)));
    if (bits != allAccess && rule.allow) {
        steps.push_back(with(BPF_AND, Access, allAccess & ~bits));
        steps.push_back(leaveIf(BPF_JNE, Access, 0));
    } else if (bits != allAccess) {
        steps.push_back(copy(Common, Access));
        steps.push_back(with(BPF_AND, Common, bits));
        steps.push_back(leaveIf(BPF_JEQ, Common, 0));
    }
    steps.push_back(with(BPF_MOV, Answer, rule.allow ? 1 : 0));
    steps.push_back(exitNow);
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (BPF_CLASS(steps[i].code) == BPF_JMP32)
            steps[i].off = std::int16_t(steps.size() - i - 1);
    return steps;
}

bool isForAll(const spec::DeviceRule& rule)
{
    return rule.type.empty() || rule.type == "a";
}

Result<long> bpf(int command, bpf_attr& attributes)
{
    return os::check(::syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

// The programs on the cgroup itself that may be handled: those of others may be hidden by a security module, and can
// but refuse more.
Result<std::vector<UniqueFd>> attachedPrograms(BorrowedFd cgroup)
{
    std::array<std::uint32_t, mostPrograms> ids{};
    bpf_attr query{};
    query.query.target_fd = std::uint32_t(cgroup.value());
    query.query.attach_type = BPF_CGROUP_DEVICE;
    query.query.prog_ids = reinterpret_cast<std::uintptr_t>(ids.data());
    query.query.prog_cnt = mostPrograms;
    TRY(bpf(BPF_PROG_QUERY, query), "ask for the device programs");
    std::vector<UniqueFd> programs;
    for (std::uint32_t i = 0; i < query.query.prog_cnt; ++i) {
        bpf_attr named{};
        named.prog_id = ids[i];
        auto program = bpf(BPF_PROG_GET_FD_BY_ID, named);
        if (program)
            programs.emplace_back(int(*program));
        else if (program.error().errnum != EACCES && program.error().errnum != EPERM &&
                 program.error().errnum != ENOENT)
            return fail(std::move(program).error().in("open a device program"));
    }
    return programs;
}

} // namespace

std::vector<bpf_insn> deviceProgram(const DeviceRules& rules)
{
    std::vector<bpf_insn> program{load(Access, offsetof(bpf_cgroup_dev_ctx, access_type)),
                                  copy(Type, Access),
                                  with(BPF_AND, Type, 0xffff),
                                  with(BPF_RSH, Access, 16),
                                  load(Major, offsetof(bpf_cgroup_dev_ctx, major)),
                                  load(Minor, offsetof(bpf_cgroup_dev_ctx, minor))};
    bool otherwise = false;
    for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
        if (isForAll(*rule)) { // what stands before it never counts
            otherwise = rule->allow;
            break;
        }
        const auto part = ruleProgram(*rule);
        program.insert(program.end(), part.begin(), part.end());
    }
    program.push_back(with(BPF_MOV, Answer, otherwise ? 1 : 0));
    program.push_back(exitNow);
    return program;
}

Result<> attachDeviceProgram(BorrowedFd cgroup, const DeviceRules& rules)
{
    const auto program = deviceProgram(rules);
    bpf_attr load{};
    load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    load.insns = reinterpret_cast<std::uintptr_t>(program.data());
    load.insn_cnt = std::uint32_t(program.size());
    load.license = reinterpret_cast<std::uintptr_t>("MIT");
    const UniqueFd loaded(int(TRY(bpf(BPF_PROG_LOAD, load), "load the device program")));
    const std::vector<UniqueFd> earlier = TRY(attachedPrograms(cgroup));
    bpf_attr attach{};
    attach.target_fd = std::uint32_t(cgroup.value());
    attach.attach_bpf_fd = std::uint32_t(loaded.value());
    attach.attach_type = BPF_CGROUP_DEVICE;
    attach.attach_flags = BPF_F_ALLOW_MULTI;
    if (earlier.size() == 1) {
        attach.attach_flags |= BPF_F_REPLACE;
        attach.replace_bpf_fd = std::uint32_t(earlier[0].value());
        if (auto replaced = bpf(BPF_PROG_ATTACH, attach); replaced || replaced.error().errnum != EINVAL)
            return TRY(std::move(replaced), "replace the device program"), Result<>{};
        attach.attach_flags = BPF_F_ALLOW_MULTI; // before Linux 5.6 nothing can be replaced in one step
        attach.replace_bpf_fd = 0;
    }
    TRY(bpf(BPF_PROG_ATTACH, attach), "attach the device program");
    for (const UniqueFd& old : earlier) {
        bpf_attr detach{};
        detach.target_fd = std::uint32_t(cgroup.value());
        detach.attach_bpf_fd = std::uint32_t(old.value());
        detach.attach_type = BPF_CGROUP_DEVICE;
        TRY(bpf(BPF_PROG_DETACH, detach), "detach the earlier device program");
    }
    return {};
}

bool mayRunWithoutRules()
{
    // The first user namespace maps every id (user_namespaces(7)).
    const auto map = os::readFile("/proc/self/uid_map");
    return map && map->find("4294967295") == std::string::npos;
}

} // namespace rocker::cgroup
