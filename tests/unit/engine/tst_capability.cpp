#include "engine/capability/capability.h"
#include "engine/os/file.h"
#include "forked.h"

#include <QTest>

#include <sched.h>
#include <sys/capability.h>

using namespace rocker;
using namespace rocker::capability;

namespace {

// "CapInh:… CapPrm:… …" of the calling process.
std::string status()
{
    std::string lines;
    const QString text = QString::fromStdString(os::readFile("/proc/self/status").value_or(""));
    for (const QString& line : text.split('\n'))
        if (line.startsWith("Cap"))
            lines += line.simplified().remove(' ').toStdString() + " ";
    return lines;
}

std::string shown(const Sets& sets)
{
    const auto hex = [](Set set) { return std::format("{:016x}", set.bits()); };
    return "CapInh:" + hex(sets.inheritable) + " CapPrm:" + hex(sets.permitted) + " CapEff:" + hex(sets.effective)
        + " CapBnd:" + hex(sets.bounding) + " CapAmb:" + hex(sets.ambient) + " ";
}

// In a user namespace of its own, where every capability is there, also for a test that nobody runs as root.
std::string inUserNamespace(const std::function<Result<>()>& work)
{
    return forked([&]() -> std::string {
        if (::unshare(CLONE_NEWUSER) != 0)
            return "no user namespace";
        if (auto done = work(); !done)
            return "error: " + done.error().what;
        return status();
    });
}

} // namespace

class TestCapability : public QObject
{
    Q_OBJECT

private slots:
    // The seed's DefaultCapabilities.
    void theDefaultsAreTheSeedsDefaultCapabilities()
    {
        const std::vector<std::string> expected{
            "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT"};
        QCOMPARE(namesOf(defaultCapabilities()), expected);
    }

    void theDefaultsAreAddedToAndDroppedFrom()
    {
        const auto set = combine({"sys_time"}, {"CAP_CHOWN"});
        QVERIFY(set && set->contains(CAP_SYS_TIME) && !set->contains(CAP_CHOWN) && set->contains(CAP_KILL));
        QCOMPARE(combine({"KILL"}, {"all"})->bits(), Set{CAP_KILL}.bits());
        QCOMPARE(combine({"ALL"}, {"KILL"})->bits(), (everything() & ~Set{CAP_KILL}).bits());
        QVERIFY(!combine({"nosuch"}, {}));
    }

    void aDocumentsUnknownNamesAreIgnoredAndToldOnce()
    {
        std::vector<std::string> ignored;
        const Sets sets = fromSpec({.bounding = {"CAP_KILL", "CAP_UNKNOWN", "UNKNOWN_CAP"},
                                    .effective = {"CAP_KILL", "CAP_UNKNOWN"},
                                    .inheritable = {"cap_kill", "KILL"},
                                    .permitted = {"CAP_SYS_ADMIN"},
                                    .ambient = {"CAP_KILL"}},
                                   ignored);
        QCOMPARE(sets.bounding.bits(), Set{CAP_KILL}.bits());
        QCOMPARE(sets.permitted.bits(), Set{CAP_SYS_ADMIN}.bits());
        QVERIFY(sets.inheritable.empty());
        QCOMPARE(ignored, (std::vector<std::string>{"CAP_UNKNOWN", "UNKNOWN_CAP", "cap_kill", "KILL"}));
    }

    void allFiveSetsReachTheKernel()
    {
        const Sets sets{.bounding = {CAP_KILL, CAP_CHOWN, CAP_SYSLOG},
                        .effective = {CAP_KILL},
                        .inheritable = {CAP_CHOWN, CAP_SYSLOG},
                        .permitted = {CAP_KILL, CAP_CHOWN},
                        .ambient = {CAP_CHOWN}};
        QCOMPARE(inUserNamespace([&]() -> Result<> {
                     std::vector<std::string> warnings;
                     TRY(limitBoundingTo(sets.bounding));
                     TRY(apply(sets, warnings));
                     return warnings.empty() ? Result<>() : Result<>(fail(ErrorCode::Internal, "{}", warnings.front()));
                 }),
                 shown(sets));
    }

    void noneMeansNone()
    {
        QCOMPARE(inUserNamespace([]() -> Result<> {
                     std::vector<std::string> warnings;
                     TRY(limitBoundingTo({}));
                     return apply({}, warnings);
                 }),
                 shown({}));
    }

    // CVE-2022-24769, CVE-2022-27650, CVE-2022-29162.
    void whatIsNotAskedForIsNotInheritable()
    {
        const Sets sets{.bounding = {CAP_KILL}, .effective = {CAP_KILL}, .inheritable = {}, .permitted = {CAP_KILL}, .ambient = {}};
        QCOMPARE(inUserNamespace([&]() -> Result<> {
                     std::vector<std::string> warnings;
                     // Who started this had everything inheritable.
                     TRY(apply({.effective = everything(), .inheritable = everything(), .permitted = everything()}, warnings));
                     TRY(limitBoundingTo(sets.bounding));
                     return apply(sets, warnings);
                 }),
                 shown(sets));
    }

    void whatCannotBeAmbientIsAWarningAndTheOthersAre()
    {
        const std::string said = inUserNamespace([&]() -> Result<> {
            std::vector<std::string> warnings;
            TRY(apply({.inheritable = {CAP_KILL}, .permitted = {CAP_KILL}, .ambient = {CAP_CHOWN, CAP_KILL}}, warnings));
            for (const std::string& warning : warnings)
                (void)!::write(1, warning.data(), warning.size());
            return {};
        });
        QVERIFY2(said.contains("can't raise ambient capability CAP_CHOWN: "), said.c_str());
        QVERIFY2(said.contains("CapAmb:0000000000000020"), said.c_str());
    }

    void whatTheProcessHasNotIsAWarning()
    {
        const std::string said = inUserNamespace([&]() -> Result<> {
            std::vector<std::string> warnings;
            TRY(apply({.permitted = {CAP_KILL}}, warnings));
            TRY(apply({.effective = {CAP_KILL, CAP_CHOWN}, .permitted = {CAP_KILL, CAP_CHOWN}}, warnings));
            for (const std::string& warning : warnings)
                (void)!::write(1, warning.data(), warning.size());
            return {};
        });
        QVERIFY2(said.contains("capability CAP_CHOWN cannot be granted"), said.c_str());
        QVERIFY2(said.contains("CapEff:0000000000000020"), said.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCapability)
#include "tst_capability.moc"
