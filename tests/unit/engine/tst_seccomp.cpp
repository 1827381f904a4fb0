#include "engine/seccomp/names.h"
#include "engine/seccomp/program.h"
#include "seccomp_support.h"

#include <seccomp.h>

using namespace rocker;
using namespace seccomptest;

namespace {

const std::uint32_t native = seccomp_arch_native();
constexpr std::uint32_t eperm = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t enosys = SECCOMP_RET_ERRNO | ENOSYS;

int numberOf(const char* name)
{
    return seccomp_syscall_resolve_name(name);
}

seccomp::Filter compiled(const std::string& json)
{
    auto filter = seccomp::compile(profileOf(json));
    if (!filter)
        qFatal("%s", filter.error().what.c_str());
    return *filter;
}

std::uint32_t answer(
    const seccomp::Filter& filter, const char* name, std::initializer_list<std::uint64_t> arguments = {})
{
    return run(filter.program, call(native, std::uint32_t(numberOf(name)), arguments));
}

std::string ruleFor(const std::string& action, const std::string& more = "")
{
    return R"({"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/agent", "syscalls": [{"names": ["mkdir"], "action": ")"
        + action + "\"" + more + "}]}";
}

} // namespace

class TestSeccomp : public QObject
{
    Q_OBJECT

private slots:
    void everyActionHasItsReturnValue_data()
    {
        QTest::addColumn<std::string>("action");
        QTest::addColumn<std::string>("more");
        QTest::addColumn<std::uint32_t>("value");
        const auto row = [](const char* action, std::uint32_t value, const char* more = "") {
            QTest::addRow("%s%s", action, more) << std::string(action) << std::string(more) << value;
        };
        row("SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD);
        row("SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD);
        row("SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS);
        row("SCMP_ACT_TRAP", SECCOMP_RET_TRAP);
        row("SCMP_ACT_ERRNO", eperm);
        row("SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO | 100, R"(,"errnoRet":100)");
        row("SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO, R"(,"errnoRet":0)");
        row("SCMP_ACT_TRACE", SECCOMP_RET_TRACE | EPERM);
        row("SCMP_ACT_TRACE", SECCOMP_RET_TRACE | 65535, R"(,"errnoRet":65535)");
        row("SCMP_ACT_LOG", SECCOMP_RET_LOG);
        row("SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF);
        row("SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW);
    }
    void everyActionHasItsReturnValue()
    {
        QFETCH(std::string, action);
        QFETCH(std::string, more);
        QFETCH(std::uint32_t, value);
        const seccomp::Filter filter = compiled(ruleFor(action, more));
        QCOMPARE(answer(filter, "mkdir"), value);
        QCOMPARE(answer(filter, "rmdir"), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(filter.notifies(), action == "SCMP_ACT_NOTIFY");
        QVERIFY(seccomp::wellFormed(filter.program));
        if (action != "SCMP_ACT_NOTIFY") {
            const seccomp::Filter byDefault = compiled(R"({"defaultAction": ")" + action + R"(", "syscalls": []})");
            QCOMPARE(answer(byDefault, "mkdir"),
                action == "SCMP_ACT_ERRNO" || action == "SCMP_ACT_TRACE" ? (value & SECCOMP_RET_ACTION_FULL) | EPERM
                                                                         : value);
        }
    }

    void everyOperatorComparesAllSixtyFourBits_data()
    {
        QTest::addColumn<std::string>("condition");
        QTest::addColumn<std::uint64_t>("argument");
        QTest::addColumn<bool>("met");
        const std::uint64_t big = 0x500000003;
        const auto row = [](const char* op, std::uint64_t value, std::uint64_t two, std::uint64_t argument, bool met) {
            QTest::addRow("%s %llx %llx of %llx", op, (unsigned long long)value, (unsigned long long)two,
                (unsigned long long)argument)
                << std::format(R"({{"index":3,"op":"SCMP_CMP_{}","value":{},"valueTwo":{}}})", op, value, two)
                << argument << met;
        };
        for (const auto& [argument, order] : {std::pair{big - 1, -1}, std::pair{big, 0}, std::pair{big + 1, 1},
                 std::pair{big - (std::uint64_t(1) << 32), -1}, std::pair{big + (std::uint64_t(1) << 32), 1}}) {
            row("EQ", big, 0, argument, order == 0);
            row("NE", big, 0, argument, order != 0);
            row("LT", big, 0, argument, order < 0);
            row("LE", big, 0, argument, order <= 0);
            row("GT", big, 0, argument, order > 0);
            row("GE", big, 0, argument, order >= 0);
        }
        row("MASKED_EQ", 0xf0000000f0, 0x1000000020, 0xab1c0f0f02f, false);
        row("MASKED_EQ", 0xf0000000f0, 0x1000000020, 0x1f0f0f0f2f, true);
        row("MASKED_EQ", 0xf0000000f0, 0x1000000020, 0x2f0f0f0f2f, false);
        row("MASKED_EQ", 0xf0000000f0, 0x1000000020, 0x1f0f0f0f3f, false);
    }
    void everyOperatorComparesAllSixtyFourBits()
    {
        QFETCH(std::string, condition);
        QFETCH(std::uint64_t, argument);
        QFETCH(bool, met);
        const seccomp::Filter filter = compiled(ruleFor("SCMP_ACT_ERRNO", R"(,"args":[)" + condition + "]"));
        QCOMPARE(answer(filter, "mkdir", {0, 0, 0, argument}), met ? eperm : std::uint32_t(SECCOMP_RET_ALLOW));
    }

    void conditionsOnSeveralArgumentsMustAllHold()
    {
        const seccomp::Filter filter = compiled(ruleFor("SCMP_ACT_ERRNO",
            R"(,"args":[{"index":0,"op":"SCMP_CMP_EQ","value":1},{"index":5,"op":"SCMP_CMP_GT","value":7}])"));
        QCOMPARE(answer(filter, "mkdir", {1, 0, 0, 0, 0, 8}), eperm);
        QCOMPARE(answer(filter, "mkdir", {1, 0, 0, 0, 0, 7}), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(answer(filter, "mkdir", {2, 0, 0, 0, 0, 8}), std::uint32_t(SECCOMP_RET_ALLOW));
    }

    void conditionsOnOneArgumentAreAlternatives()
    {
        const seccomp::Filter filter = compiled(ruleFor("SCMP_ACT_ERRNO",
            R"(,"args":[{"index":1,"op":"SCMP_CMP_EQ","value":1},{"index":1,"op":"SCMP_CMP_EQ","value":2},
                {"index":1,"op":"SCMP_CMP_EQ","value":3},{"index":1,"op":"SCMP_CMP_EQ","value":4},
                {"index":1,"op":"SCMP_CMP_EQ","value":5},{"index":1,"op":"SCMP_CMP_EQ","value":6},
                {"index":1,"op":"SCMP_CMP_EQ","value":7},{"index":2,"op":"SCMP_CMP_EQ","value":9}])"));
        for (std::uint64_t value = 1; value <= 7; ++value)
            QCOMPARE(answer(filter, "mkdir", {0, value}), eperm);
        QCOMPARE(answer(filter, "mkdir", {0, 8}), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(answer(filter, "mkdir", {0, 8, 9}), eperm);
    }

    void aCallNewerThanTheProfileDoesNotExist_data()
    {
        QTest::addColumn<std::string>("action");
        QTest::addColumn<bool>("replaced");
        for (const auto& [action, replaced] : {std::pair{"ERRNO", true}, {"KILL", true}, {"KILL_PROCESS", true},
                 {"TRAP", true}, {"ALLOW", false}, {"LOG", false}, {"TRACE", false}})
            QTest::addRow("%s", action) << "SCMP_ACT_" + std::string(action) << replaced;
    }
    void aCallNewerThanTheProfileDoesNotExist()
    {
        QFETCH(std::string, action);
        QFETCH(bool, replaced);
        const seccomp::Filter filter = compiled(R"({"defaultAction": ")" + action
            + R"(", "syscalls": [{"names": ["openat2", "read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 7}]})");
        const auto newest = std::uint32_t(numberOf("openat2"));
        const std::uint32_t byDefault = answer(filter, "unshare");
        QCOMPARE(run(filter.program, call(native, newest)), SECCOMP_RET_ERRNO | 7U);
        for (const std::uint32_t number : {newest + 1, newest + 100, 0x3fffffffU})
            QCOMPARE(run(filter.program, call(native, number)), replaced ? enosys : byDefault);
        QVERIFY(byDefault != enosys);
    }

    void otherArchitecturesAreKilledUnlessNamed()
    {
        if (native != SCMP_ARCH_X86_64)
            QSKIP("written for x86_64");
        const std::string rest
            = R"("defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ALLOW"}]})";
        const seccomp::Filter alone = compiled("{" + rest);
        QCOMPARE(run(alone.program, call(AUDIT_ARCH_X86_64, 83)), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(run(alone.program, call(AUDIT_ARCH_I386, 39)), std::uint32_t(SECCOMP_RET_KILL_THREAD));
        QCOMPARE(run(alone.program, call(AUDIT_ARCH_X86_64, 0x40000000 | 83)), std::uint32_t(SECCOMP_RET_KILL_THREAD));
        const seccomp::Filter three = compiled(R"({"architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],)" + rest);
        QCOMPARE(run(three.program, call(AUDIT_ARCH_X86_64, 83)), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(run(three.program, call(AUDIT_ARCH_X86_64, 82)), eperm);
        QCOMPARE(run(three.program, call(AUDIT_ARCH_I386, 39)), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(run(three.program, call(AUDIT_ARCH_I386, 38)), eperm);
        QCOMPARE(run(three.program, call(AUDIT_ARCH_I386, 40)), enosys);
        QCOMPARE(run(three.program, call(AUDIT_ARCH_X86_64, 0x40000000 | 83)), std::uint32_t(SECCOMP_RET_ALLOW));
        QCOMPARE(run(three.program, call(AUDIT_ARCH_X86_64, 0x40000000 | 84)), enosys);
        QCOMPARE(run(three.program, call(AUDIT_ARCH_AARCH64, 34)), std::uint32_t(SECCOMP_RET_KILL_THREAD));
    }

    void everyArchitectureOfTheSameByteOrderCompiles()
    {
        int compiledOnes = 0;
        for (const std::string_view name : seccomp::architectures()) {
            const auto filter = seccomp::compile(profileOf(std::format(
                R"({{"defaultAction":"SCMP_ACT_ERRNO","architectures":["{}"],"syscalls":[{{"names":["read","socket"],"action":"SCMP_ACT_ALLOW"}}]}})",
                name)));
            if (filter)
                ++compiledOnes;
            else
                QVERIFY2(filter.error().what.starts_with("linux.seccomp.architectures[0]: " + std::string(name)),
                    filter.error().what.c_str());
        }
        QVERIFY(compiledOnes >= 8);
    }

    void unknownCallsArePassedOverUnlessRefused()
    {
        const spec::Seccomp profile = profileOf(
            R"({"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","call_of_2099"],"action":"SCMP_ACT_ALLOW"}]})");
        const auto filter = seccomp::compile(profile);
        QVERIFY(filter);
        QCOMPARE(answer(*filter, "read"), std::uint32_t(SECCOMP_RET_ALLOW));
        const auto refused = seccomp::compile(profile, seccomp::UnknownSyscalls::Refuse);
        QVERIFY(!refused);
        QVERIFY(refused.error().what.starts_with("linux.seccomp.syscalls[0].names[1]: 'call_of_2099'"));
    }

    void flagsAreThoseOfTheProfile_data()
    {
        QTest::addColumn<std::string>("flags");
        QTest::addColumn<std::string>("action");
        QTest::addColumn<unsigned>("value");
        const std::string all
            = R"("flags":["SECCOMP_FILTER_FLAG_TSYNC","SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW","SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],)";
        QTest::addRow("absent") << std::string() << std::string("SCMP_ACT_KILL") << 4U;
        QTest::addRow("null") << std::string(R"("flags":null,)") << std::string("SCMP_ACT_KILL") << 4U;
        QTest::addRow("empty") << std::string(R"("flags":[],)") << std::string("SCMP_ACT_KILL") << 0U;
        QTest::addRow("log") << std::string(R"("flags":["SECCOMP_FILTER_FLAG_LOG"],)") << std::string("SCMP_ACT_KILL")
                             << 2U;
        QTest::addRow("all") << all << std::string("SCMP_ACT_KILL") << 6U;
        QTest::addRow("absent, notify") << std::string() << std::string("SCMP_ACT_NOTIFY") << 12U;
        QTest::addRow("all, notify") << all << std::string("SCMP_ACT_NOTIFY") << 46U;
    }
    void flagsAreThoseOfTheProfile()
    {
        QFETCH(std::string, flags);
        QFETCH(std::string, action);
        QFETCH(unsigned, value);
        const seccomp::Filter filter = compiled("{" + flags + ruleFor(action).substr(1));
        QCOMPARE(filter.flags, value);
        QCOMPARE(filter.flagsAreImplied, flags.empty() || flags.contains("null"));
    }

    void whatIsWrongIsNamedByItsPath_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("error");
        const auto row = [](const char* error, const std::string& json) {
            QTest::addRow("%s", error) << json << std::string(error);
        };
        const auto rule = [](const std::string& text) {
            return R"({"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/a","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG"},)"
                + text + "]}";
        };
        row("linux.seccomp.defaultAction: '' is no action", R"({"defaultAction":""})");
        row("linux.seccomp.defaultAction: 'SCMP_ACT_allow' is no action", R"({"defaultAction":"SCMP_ACT_allow"})");
        row("linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be used as default action",
            R"({"defaultAction":"SCMP_ACT_NOTIFY","listenerPath":"/a"})");
        row("linux.seccomp.defaultErrnoRet: errno value specified for action SCMP_ACT_KILL",
            R"({"defaultAction":"SCMP_ACT_KILL","defaultErrnoRet":1})");
        row("linux.seccomp.defaultErrnoRet: 4096 is more than the 4095",
            R"({"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096})");
        row("linux.seccomp.architectures[1]: 'SCMP_ARCH_VAX' is no architecture",
            R"({"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_VAX"]})");
        row("linux.seccomp.architectures[0]: 'x86_64' is no architecture",
            R"({"defaultAction":"SCMP_ACT_ALLOW","architectures":["x86_64"]})");
        row("linux.seccomp.flags[0]: seccomp flag 'SECCOMP_FILTER_FLAG_NEW_LISTENER' is not known",
            R"({"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_NEW_LISTENER"]})");
        row("linux.seccomp.listenerMetadata: must not be set without listenerPath",
            R"({"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"})");
        row("linux.seccomp.listenerPath: is not set, but syscalls[0].action is SCMP_ACT_NOTIFY",
            R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]})");
        row("linux.seccomp.listenerPath: 'agent' is neither",
            R"({"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"agent","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]})");
        row("linux.seccomp.syscalls[1].names: is empty", rule(R"({"names":[],"action":"SCMP_ACT_LOG"})"));
        row("linux.seccomp.syscalls[1].names[1]: is empty", rule(R"({"names":["read",""],"action":"SCMP_ACT_LOG"})"));
        row("linux.seccomp.syscalls[1].names[0]: contains a NUL",
            rule(R"({"names":["re\u0000ad"],"action":"SCMP_ACT_LOG"})"));
        row("linux.seccomp.syscalls[1].action: 'ALLOW' is no action", rule(R"({"names":["read"],"action":"ALLOW"})"));
        row("linux.seccomp.syscalls[1].errnoRet: errno value specified for action SCMP_ACT_NOTIFY",
            rule(R"({"names":["read"],"action":"SCMP_ACT_NOTIFY","errnoRet":1})"));
        row("linux.seccomp.syscalls[1].errnoRet: 65536 is more than the 65535",
            rule(R"({"names":["read"],"action":"SCMP_ACT_TRACE","errnoRet":65536})"));
        row("linux.seccomp.syscalls[1].names[1]: SCMP_ACT_NOTIFY cannot be used for the write syscall",
            rule(R"({"names":["read","write"],"action":"SCMP_ACT_NOTIFY"})"));
        row("linux.seccomp.syscalls[1].args[0].index: 6, but",
            rule(R"({"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]})"));
        row("linux.seccomp.syscalls[1].args[0].op: 'EQ' is no operator",
            rule(R"({"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":5,"value":1,"op":"EQ"}]})"));
    }
    void whatIsWrongIsNamedByItsPath()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, error);
        const auto filter = seccomp::compile(profileOf(json));
        QVERIFY(!filter);
        QVERIFY2(filter.error().what.starts_with(error), filter.error().what.c_str());
        QCOMPARE(filter.error().code, ErrorCode::InvalidArgument);
    }

    void aListenerPathWithoutNotifyIsIgnored()
    {
        QVERIFY(!compiled(R"({"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"not absolute","listenerMetadata":"x"})")
                     .notifies());
    }

    void theListsForFeaturesAreSortedAndUsable()
    {
        const auto check
            = [](const std::vector<std::string_view>& names, std::string_view contained, std::size_t count) {
                  QVERIFY(std::ranges::is_sorted(names));
                  QVERIFY(std::ranges::contains(names, contained));
                  QVERIFY(names.size() >= count);
              };
        check(seccomp::actions(), "SCMP_ACT_NOTIFY", 9);
        check(seccomp::operators(), "SCMP_CMP_MASKED_EQ", 7);
        check(seccomp::architectures(), "SCMP_ARCH_X86_64", 18);
        check(seccomp::flags(), "SECCOMP_FILTER_FLAG_TSYNC", 4);
        check(seccomp::supportedFlags(), "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 3);
        QVERIFY(seccomp::libraryVersion().starts_with("2."));
    }
};

QTEST_GUILESS_MAIN(TestSeccomp)
#include "tst_seccomp.moc"
