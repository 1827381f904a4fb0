#include "engine/seccomp/assembler.h"
#include "engine/seccomp/program.h"
#include "seccomp_support.h"

#include <random>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace rocker;
using namespace seccomptest;

namespace {

const std::uint32_t native = seccomp_arch_native();
constexpr std::uint32_t enosys = SECCOMP_RET_ERRNO | ENOSYS;

// What libseccomp itself makes of a profile's rules: every rule given to it, nothing done to its program.
std::vector<sock_filter> libraryProgram(const spec::Seccomp& profile)
{
    const auto action = [](const std::string& name, std::uint32_t errnum) -> std::uint32_t {
        return name == "SCMP_ACT_ALLOW" ? SCMP_ACT_ALLOW
            : name == "SCMP_ACT_LOG"    ? SCMP_ACT_LOG
            : name == "SCMP_ACT_KILL"   ? SCMP_ACT_KILL
                                        : SCMP_ACT_ERRNO(errnum);
    };
    const auto comparison = [](const std::string& name) {
        return name == "SCMP_CMP_EQ" ? SCMP_CMP_EQ
            : name == "SCMP_CMP_NE"  ? SCMP_CMP_NE
            : name == "SCMP_CMP_GE"  ? SCMP_CMP_GE
                                     : SCMP_CMP_MASKED_EQ;
    };
    const std::uint32_t fallback = action(profile.defaultAction, profile.defaultErrnoRet.value_or(EPERM));
    scmp_filter_ctx context = seccomp_init(fallback);
    for (const std::string& name : profile.architectures)
        (void)seccomp_arch_add(context,
            name == "SCMP_ARCH_X86"           ? SCMP_ARCH_X86
                : name == "SCMP_ARCH_X32"     ? SCMP_ARCH_X32
                : name == "SCMP_ARCH_AARCH64" ? SCMP_ARCH_AARCH64
                                              : SCMP_ARCH_X86_64);
    for (const spec::SyscallRule& rule : profile.syscalls) {
        const std::uint32_t wanted = action(rule.action, rule.errnoRet.value_or(EPERM));
        std::vector<scmp_arg_cmp> conditions;
        for (const spec::SyscallArgument& argument : rule.args)
            conditions.push_back({argument.index, comparison(argument.op), argument.value, argument.valueTwo});
        for (const std::string& name : rule.names)
            if (wanted != fallback)
                if (const int outcome = seccomp_rule_add_array(context, wanted,
                        seccomp_syscall_resolve_name(name.c_str()), unsigned(conditions.size()), conditions.data()))
                    qFatal("%s: %d", name.c_str(), outcome);
    }
    const int file = memfd_create("reference", 0);
    if (seccomp_export_bpf(context, file) != 0)
        qFatal("no export");
    std::vector<sock_filter> program(std::size_t(lseek(file, 0, SEEK_END)) / sizeof(sock_filter));
    (void)!pread(file, program.data(), program.size() * sizeof(sock_filter), 0);
    close(file);
    seccomp_release(context);
    return program;
}

// Compares a profile's filter with libraryProgram() over all numbers that can matter, but for those above the newest
// call that the profile names.
void compareWithLibrary(const spec::Seccomp& profile, std::mt19937& random)
{
    const auto filter = seccomp::compile(profile);
    QVERIFY2(filter, filter ? "" : filter.error().what.c_str());
    const std::vector<sock_filter> reference = libraryProgram(profile);
    const std::uint64_t interesting[]
        = {0, 1, 2, 8, 39, 40, 41, 131072, 0x7e020000, 0x20000, 0xffffffff, 0x100000000, ~0ULL};
    struct Way {
        std::uint32_t token, audit, base;
    };
    for (const Way way : {Way{SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, 0}, Way{SCMP_ARCH_X86, AUDIT_ARCH_I386, 0},
             Way{SCMP_ARCH_X32, AUDIT_ARCH_X86_64, 0x40000000}, Way{SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 0},
             Way{SCMP_ARCH_ARM, AUDIT_ARCH_ARM, 0}}) {
        int newest = -1;
        for (const spec::SyscallRule& rule : profile.syscalls)
            for (const std::string& name : rule.names)
                newest = std::max(newest, seccomp_syscall_resolve_name_arch(way.token, name.c_str()));
        for (std::uint32_t number = way.base; number <= way.base + 1024 && int(number) <= newest; ++number)
            for (int i = 0; i < 12; ++i) {
                seccomp_data data = call(way.audit, number);
                for (auto& argument : data.args)
                    argument = interesting[random() % std::size(interesting)];
                if (run(filter->program, data) != run(reference, data))
                    QFAIL(qPrintable(QString("architecture %1, call %2").arg(way.token, 0, 16).arg(number)));
            }
    }
    for (const std::uint32_t number : {0xffffffffU, 0x80000000U})
        QCOMPARE(run(filter->program, call(native, number)), run(reference, call(native, number)));
}

} // namespace

// That rewriting changes nothing, against libseccomp as the judge.
class TestSeccompProgram : public QObject
{
    Q_OBJECT

private slots:
    void dockersProfileIsWhatLibseccompMakesOfItButShorter()
    {
        if (native != SCMP_ARCH_X86_64)
            QSKIP("written for x86_64");
        const spec::Seccomp profile = profileOf(dockerLikeProfile(seccomp_syscall_resolve_num_arch));
        std::mt19937 random(1);
        compareWithLibrary(profile, random);
        const auto filter = seccomp::compile(profile);
        QVERIFY(filter->program.size() * 3 < libraryProgram(profile).size());
        qInfo("%zu calls: %zu instructions, libseccomp's own program has %zu", profile.syscalls[0].names.size(),
            filter->program.size(), libraryProgram(profile).size());
        QCOMPARE(run(filter->program, call(native, 470)), enosys);
    }

    void randomProfilesAreWhatLibseccompMakesOfThem()
    {
        if (native != SCMP_ARCH_X86_64)
            QSKIP("written for x86_64");
        std::mt19937 random(20251126);
        const auto pick
            = [&](std::initializer_list<const char*> choices) { return choices.begin()[random() % choices.size()]; };
        for (int round = 0; round < 60; ++round) {
            std::string text = std::format(R"({{"defaultAction":"{}","architectures":["{}","{}"],"syscalls":[)",
                pick({"SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_KILL"}),
                pick({"SCMP_ARCH_X86", "SCMP_ARCH_X86_64"}),
                pick({"SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_X86_64"}));
            for (int number = 0, rules = 1 + int(random() % 60); number < rules; ++number) {
                char* name = seccomp_syscall_resolve_num_arch(
                    random() % 2 ? SCMP_ARCH_X86_64 : SCMP_ARCH_X86, int(random() % 440));
                const std::string conditions = random() % 4
                    ? ""
                    : std::format(R"(,"args":[{{"index":{},"op":"{}","value":{},"valueTwo":{}}}])", random() % 3,
                        pick({"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_GE", "SCMP_CMP_MASKED_EQ"}), random() % 50,
                        random() % 4);
                if (name)
                    text += std::format(R"({{"names":["{}"],"action":"{}"{}}},)", name,
                        pick({"SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_ERRNO"}), conditions);
                std::free(name);
            }
            text += R"({"names":["faccessat2"],"action":"SCMP_ACT_ALLOW"}]})";
            compareWithLibrary(profileOf(text), random);
            if (QTest::currentTestFailed()) {
                qInfo("round %d: %s", round, text.c_str());
                return;
            }
        }
    }

    void whatTheKernelCouldNotTakeIsNotWellFormed()
    {
        constexpr sock_filter load{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}, end{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
        const auto fine = [](std::vector<sock_filter> program) { return seccomp::wellFormed(program); };
        QVERIFY(fine({load, end}));
        QVERIFY(fine({load, {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 7}, end, end}));
        QVERIFY(!fine({}));
        QVERIFY(!fine({load}));
        QVERIFY(!fine({{BPF_LD | BPF_W | BPF_ABS, 0, 0, sizeof(seccomp_data)}, end}));
        QVERIFY(!fine({{BPF_LD | BPF_W | BPF_ABS, 0, 0, 2}, end}));
        QVERIFY(!fine({{BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 7}, end}));
        QVERIFY(!fine({{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 7}, end}));
        QVERIFY(!fine({{BPF_JMP | BPF_JA, 0, 0, 1}, end}));
        QVERIFY(!fine({{BPF_JMP | BPF_JA, 0, 0, 0xffffffff}, end}));
        QVERIFY(!fine({{BPF_ST, 0, 0, 0}, end}));
        QVERIFY(!fine(std::vector<sock_filter>(BPF_MAXINSNS + 1, end)));
    }

    void aProgramOfAnotherFormIsRefused()
    {
        const auto refused = [](std::vector<sock_filter> program) {
            const std::uint32_t architectures[] = {native};
            const auto made = seccomp::rewrite(program, architectures, {});
            return !made && made.error().code == ErrorCode::Internal;
        };
        constexpr sock_filter load{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}, end{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
        QVERIFY(refused({load, {BPF_ALU | BPF_AND | BPF_K, 0, 0, 3}, {BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1}, end}));
        QVERIFY(refused({load, {BPF_JMP | BPF_JSET | BPF_K, 0, 0, 1}, end}));
        QVERIFY(refused({{BPF_LD | BPF_IMM, 0, 0, 1}, end}));
        QVERIFY(refused({load, {BPF_JMP | BPF_JA, 0, 0, 9}, end}));
        // Calls of architectures that the filter is not for must all end the same way.
        QVERIFY(refused({load, {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 1}, {BPF_RET | BPF_K, 0, 0, 0}, end}));
    }

    // All calls come to the same instruction, but what follows it is not the same for all.
    void theNumberMayBeAskedForAfterAnArgument()
    {
        const std::vector<sock_filter> program{
            {BPF_LD | BPF_W | BPF_ABS, 0, 0, 4},
            {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, native},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_THREAD},
            {BPF_LD | BPF_W | BPF_ABS, 0, 0, 16},
            {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 5},
            {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
            {BPF_JMP | BPF_JGE | BPF_K, 0, 1, 10},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_LOG},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        };
        const std::uint32_t architectures[] = {native};
        const auto made = seccomp::rewrite(program, architectures, {});
        QVERIFY2(made, made ? "" : made.error().what.c_str());
        for (const std::uint32_t number : {0U, 9U, 10U, 11U, 0xffffffffU})
            for (const std::uint64_t argument : {4, 5})
                QCOMPARE(run(*made, call(native, number, {argument})), run(program, call(native, number, {argument})));
    }

    void branchesReachEveryDistance()
    {
        for (std::size_t between = 240; between < 270; ++between) {
            seccomp::Assembler assembler;
            const auto far = assembler.appendReturn(SECCOMP_RET_LOG);
            const auto alsoFar = assembler.appendReturn(SECCOMP_RET_TRAP);
            for (std::size_t i = 0; i < between; ++i)
                assembler.append(BPF_LD | BPF_W | BPF_ABS, 0);
            assembler.appendBranch(BPF_JEQ, 7, far, alsoFar);
            assembler.append(BPF_LD | BPF_W | BPF_ABS, 0);
            const std::vector<sock_filter> program = std::move(assembler).finish();
            QVERIFY(seccomp::wellFormed(program));
            QCOMPARE(run(program, call(native, 7)), std::uint32_t(SECCOMP_RET_LOG));
            QCOMPARE(run(program, call(native, 8)), std::uint32_t(SECCOMP_RET_TRAP));
        }
    }

    // More outcomes, and further apart, than a branch reaches.
    void aLongProgramKeepsItsJumps()
    {
        std::vector<sock_filter> program{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 4}, {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, native},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_THREAD}, {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}};
        for (std::uint32_t number = 0; number < 500; ++number) {
            program.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 3, number});
            program.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, 16});
            program.push_back({BPF_JMP | BPF_JEQ | BPF_K, 1, 0, number});
            program.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | number % 300});
            // Both ways on are the next comparison, for which the number is loaded again.
            program.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, 0});
        }
        program.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
        const std::uint32_t architectures[] = {native};
        const seccomp::Override over[] = {{native, 100, 199, SECCOMP_RET_LOG}, {native, 150, 150, SECCOMP_RET_TRAP}};
        const auto made = seccomp::rewrite(program, architectures, over);
        QVERIFY2(made, made ? "" : made.error().what.c_str());
        QVERIFY(seccomp::wellFormed(*made));
        for (std::uint32_t number = 0; number < 510; ++number)
            for (const std::uint64_t argument : {std::uint64_t(number), std::uint64_t(number) + 1}) {
                const seccomp_data data = call(native, number, {argument});
                const std::uint32_t expected = number == 150 ? std::uint32_t(SECCOMP_RET_TRAP)
                    : number >= 100 && number < 200          ? std::uint32_t(SECCOMP_RET_LOG)
                                                             : run(program, data);
                QCOMPARE(run(*made, data), expected);
            }
        QCOMPARE(run(*made, call(1, 7)), std::uint32_t(SECCOMP_RET_KILL_THREAD));
    }
};

QTEST_GUILESS_MAIN(TestSeccompProgram)
#include "tst_seccomp_program.moc"
