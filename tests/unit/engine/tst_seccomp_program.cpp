#include "engine/seccomp/assembler.h"
#include "engine/seccomp/program.h"
#include "engine/seccomp/reading.h"
#include "seccomp_support.h"

#include <map>
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

// What the specification has a profile answer, read from it rule by rule; none where rules of different actions match,
// which it leaves open.
class Oracle
{
public:
    Oracle(const spec::Seccomp& profile, std::uint32_t token)
        : m_profile(profile)
    {
        for (std::size_t i = 0; i < profile.syscalls.size(); ++i)
            for (const std::string& name : profile.syscalls[i].names)
                if (const int number = seccomp_syscall_resolve_name_arch(token, name.c_str()); number >= 0) {
                    m_rules[number].push_back(i);
                    newest = std::max(newest, number);
                }
    }

    std::optional<std::uint32_t> answer(const seccomp_data& data) const
    {
        const std::uint32_t fallback = value(m_profile.defaultAction, m_profile.defaultErrnoRet);
        std::set<std::uint32_t> actions;
        if (const auto rules = m_rules.find(data.nr); rules != m_rules.end())
            for (const std::size_t i : rules->second)
                if (const spec::SyscallRule& rule = m_profile.syscalls[i]; matches(rule, data))
                    if (const std::uint32_t action = value(rule.action, rule.errnoRet); action != fallback)
                        actions.insert(action);
        if (actions.size() > 1)
            return std::nullopt;
        return actions.empty() ? fallback : *actions.begin();
    }

    int newest = -1;

private:
    static std::uint32_t value(const std::string& action, std::optional<std::uint32_t> errnum)
    {
        return action == "SCMP_ACT_ALLOW" ? SECCOMP_RET_ALLOW
            : action == "SCMP_ACT_LOG"    ? SECCOMP_RET_LOG
            : action == "SCMP_ACT_KILL"   ? SECCOMP_RET_KILL_THREAD
                                          : SECCOMP_RET_ERRNO | errnum.value_or(EPERM);
    }

    static bool matches(const spec::SyscallRule& rule, const seccomp_data& data)
    {
        std::set<std::uint32_t> indices;
        std::size_t met = 0;
        for (const spec::SyscallArgument& argument : rule.args) {
            const std::uint64_t given = data.args[argument.index];
            met += argument.op == "SCMP_CMP_EQ" ? given == argument.value
                : argument.op == "SCMP_CMP_NE"  ? given != argument.value
                : argument.op == "SCMP_CMP_GE"  ? given >= argument.value
                                                : (given & argument.value) == (argument.valueTwo & argument.value);
            indices.insert(argument.index);
        }
        return indices.size() == rule.args.size() ? met == rule.args.size() : met > 0;
    }

    const spec::Seccomp& m_profile;
    std::map<int, std::vector<std::size_t>> m_rules;
};

// socketcall(2), ipc(2) and what they carry on x86, for which libseccomp has rules of its own.
bool multiplexed(std::uint32_t number)
{
    return number == 102 || number == 117 || number == 337 || number == 345 || (number >= 359 && number <= 373)
        || (number >= 393 && number <= 402) || number == 417 || number == 420;
}

// Compares a profile's filter with the oracle over all numbers that can matter, but for those above the newest call
// that the profile names.
void compareWithOracle(const spec::Seccomp& profile, std::mt19937& random)
{
    const auto filter = seccomp::compile(profile);
    if (!filter && filter.error().errnum == EEXIST)
        return; // rules that contradict each other; which do, versions of libseccomp see differently
    QVERIFY2(filter, filter ? "" : filter.error().what.c_str());
    const std::uint64_t interesting[]
        = {0, 1, 2, 8, 10, 39, 40, 41, 131072, 0x7e020000, 0x20000, 0xffffffff, 0x100000000, 0x100000001, ~0ULL};
    struct Way {
        const char* name;
        std::uint32_t token, audit, base;
    };
    for (const Way way : {Way{"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, 0},
             Way{"SCMP_ARCH_X86", SCMP_ARCH_X86, AUDIT_ARCH_I386, 0},
             Way{"SCMP_ARCH_X32", SCMP_ARCH_X32, AUDIT_ARCH_X86_64, 0x40000000},
             Way{"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, 0}}) {
        const bool named = way.token == native || std::ranges::contains(profile.architectures, std::string(way.name));
        const Oracle oracle(profile, way.token);
        for (std::uint32_t number = way.base; number <= way.base + 512 && int(number) <= oracle.newest; ++number) {
            if (way.token == SCMP_ARCH_X86 && multiplexed(number))
                continue;
            for (int i = 0; i < 16; ++i) {
                seccomp_data data = call(way.audit, number);
                for (auto& argument : data.args) {
                    argument = interesting[random() % std::size(interesting)];
                    if (way.token == SCMP_ARCH_X86 || way.token == SCMP_ARCH_X32)
                        argument = std::uint32_t(argument); // all that libseccomp looks at there
                }
                const auto expected
                    = named ? oracle.answer(data) : std::optional<std::uint32_t>(SECCOMP_RET_KILL_THREAD);
                const std::uint32_t given = run(filter->program, data);
                if (expected && given != *expected)
                    QFAIL(std::format("{}, call {}, arguments {:x} {:x} {:x}: {:x} instead of {:x}", way.name, number,
                        data.args[0], data.args[1], data.args[2], given, *expected)
                              .c_str());
            }
        }
    }
}

// Against libseccomp's own program for all architectures at once, for a profile on which it is right.
void compareWithLibrary(const spec::Seccomp& profile)
{
    const auto filter = seccomp::compile(profile);
    QVERIFY2(filter, filter ? "" : filter.error().what.c_str());
    const std::vector<sock_filter> reference = libraryProgram(profile);
    for (const std::uint32_t architecture :
        {std::uint32_t(AUDIT_ARCH_X86_64), std::uint32_t(AUDIT_ARCH_I386), std::uint32_t(AUDIT_ARCH_ARM)})
        for (const std::uint32_t base : {0U, 0x40000000U, 0x7fffff00U, 0x80000000U, 0xffffff00U})
            for (std::uint32_t number = base; number - base < 512 && number >= base; ++number)
                for (std::uint64_t argument : {0ULL, 1ULL, 8ULL, 40ULL, 0x20000ULL, 0xffffffffULL, ~0ULL}) {
                    const seccomp_data data = call(architecture, number, {argument, argument, argument});
                    const std::uint32_t given = run(filter->program, data);
                    const std::uint32_t expected = run(reference, data);
                    if (given != expected && !(given == enosys && expected == (SECCOMP_RET_ERRNO | EPERM)))
                        QFAIL(std::format("architecture {:x}, call {}, argument {:x}: {:x} instead of {:x}",
                            architecture, number, argument, given, expected)
                                  .c_str());
                }
}

} // namespace

// That programs mean what their profiles say, and that rewriting changes nothing.
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
        compareWithOracle(profile, random);
        compareWithLibrary(profile);
        const auto filter = seccomp::compile(profile);
        QVERIFY(filter->program.size() * 3 < libraryProgram(profile).size());
        qInfo("%zu calls: %zu instructions, libseccomp's own program has %zu", profile.syscalls[0].names.size(),
            filter->program.size(), libraryProgram(profile).size());
        QCOMPARE(run(filter->program, call(native, 470)), enosys);
    }

    void randomProfilesAreAnsweredAsTheySay()
    {
        if (native != SCMP_ARCH_X86_64)
            QSKIP("written for x86_64");
        std::mt19937 random(20251126);
        const auto pick
            = [&](std::initializer_list<const char*> choices) { return choices.begin()[random() % choices.size()]; };
        for (int round = 0; round < 150; ++round) {
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
            compareWithOracle(profileOf(text), random);
            if (QTest::currentTestFailed()) {
                qInfo("round %d: %s", round, text.c_str());
                return;
            }
        }
    }

    // setgid32 is no call of aarch64: libseccomp's own program then compares the architecture where the number
    // should be, and the other rules are lost.
    void rulesForCallsThatAnArchitectureLacksTakeNoOthersWithThem()
    {
        if (native != SCMP_ARCH_X86_64)
            QSKIP("written for x86_64");
        const std::string condition = R"("args":[{"index":1,"value":10,"op":"SCMP_CMP_NE"}])";
        const auto filter = seccomp::compile(profileOf(R"({"defaultAction":"SCMP_ACT_ALLOW",
            "architectures":["SCMP_ARCH_AARCH64"],"syscalls":[
            {"names":["setgid32"],"action":"SCMP_ACT_LOG"},
            {"names":["setgid32"],"action":"SCMP_ACT_ERRNO",)"
            + condition + R"(},
            {"names":["getcwd"],"action":"SCMP_ACT_ERRNO",)"
            + condition + "}]}"));
        QVERIFY2(filter, filter ? "" : filter.error().what.c_str());
        for (const seccomp::Call wanted : {seccomp::Call{native, 79}, {AUDIT_ARCH_AARCH64, 17}}) {
            const auto given = [&](std::uint64_t argument) {
                return run(filter->program, call(wanted.architecture, wanted.number, {0, argument}));
            };
            QCOMPARE(given(1), SECCOMP_RET_ERRNO | std::uint32_t(EPERM));
            QCOMPARE(given(10), std::uint32_t(SECCOMP_RET_ALLOW));
        }
    }

    void sourcesOfOneArchitectureDivideItsNumbers()
    {
        const auto always = [](std::uint32_t action) {
            return std::vector<sock_filter>{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 4},
                {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, native}, {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_THREAD},
                {BPF_RET | BPF_K, 0, 0, action}};
        };
        const auto low = always(SECCOMP_RET_ALLOW), high = always(SECCOMP_RET_LOG);
        const seccomp::Source sources[] = {{native, 0, low}, {native, 1000, high}};
        const auto made = seccomp::rewrite(sources, {});
        QVERIFY2(made, made ? "" : made.error().what.c_str());
        QCOMPARE(run(*made, call(native, 999)), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(run(*made, call(native, 1000)), std::uint32_t(SECCOMP_RET_LOG));
        QCOMPARE(run(*made, call(native, 0xffffffff)), std::uint32_t(SECCOMP_RET_LOG));
        QVERIFY(!seccomp::rewrite(std::span(sources).subspan(1), {}));
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
            const seccomp::Source sources[] = {{native, 0, program}};
            const auto made = seccomp::rewrite(sources, {});
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
        const seccomp::Source sources[] = {{native, 0, program}};
        const auto made = seccomp::rewrite(sources, {});
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
        const seccomp::Source sources[] = {{native, 0, program}};
        const seccomp::Override over[] = {{native, 100, 199, SECCOMP_RET_LOG}, {native, 150, 150, SECCOMP_RET_TRAP}};
        const auto made = seccomp::rewrite(sources, over);
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
