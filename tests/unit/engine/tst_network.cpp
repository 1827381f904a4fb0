#include "engine/network/network.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "forked.h"

#include <QTest>

#include <sched.h>

using namespace rocker;

namespace {

// Runs in two new network namespaces, in a user namespace of its own: `commands` of ip(8) prepare the outer one, then
// the devices move into the inner one, where `look` is run. What all of it prints.
std::string moved(const std::string& commands, const std::map<std::string, spec::NetDevice>& devices, const std::string& look,
                  const std::string& inside = "true")
{
    return forked([&]() -> std::string {
        if (::unshare(CLONE_NEWUSER) != 0 || !os::writeControlFile(os::currentDirectory, "/proc/self/setgroups", "deny")
            || !os::writeControlFile(os::currentDirectory, "/proc/self/uid_map", "0 0 1")
            || !os::writeControlFile(os::currentDirectory, "/proc/self/gid_map", "0 0 1") || ::unshare(CLONE_NEWNET) != 0)
            return "no namespaces";
        const UniqueFd outer = os::open("/proc/self/ns/net", O_RDONLY).value();
        if (::unshare(CLONE_NEWNET) != 0)
            return "no namespaces";
        const UniqueFd inner = os::open("/proc/self/ns/net", O_RDONLY).value();
        if (::system(inside.c_str()) != 0 || !os::enterNamespaces(outer, CLONE_NEWNET) || ::system(commands.c_str()) != 0)
            return "no devices";
        if (auto done = network::moveDevices(devices, inner); !done)
            return done.error().what;
        const struct stat before = os::status(outer).value();
        const UniqueFd now = os::open("/proc/self/ns/net", O_RDONLY).value();
        if (os::status(now)->st_ino != before.st_ino || !os::enterNamespaces(inner, CLONE_NEWNET))
            return "not where it began";
        (void)!::system(look.c_str());
        return "";
    });
}

constexpr const char* pair = "ip link add test0 type veth peer name test1";

bool ready(const std::string& said)
{
    return said != "no namespaces" && said != "no devices";
}

} // namespace

#define NEEDS_DEVICES(said)                                                                                                                \
    if (!ready(said))                                                                                                                      \
        QSKIP(qPrintable("cannot make network devices here: " + QString::fromStdString(said)))

class TestNetwork : public QObject
{
    Q_OBJECT

private slots:
    void theLoopbackComesUp()
    {
        const std::string said = forked([]() -> std::string {
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
                return "no namespaces";
            if (auto up = network::bringUpLoopback(); !up)
                return up.error().what;
            (void)!::system("ip -br addr show dev lo");
            return "";
        });
        NEEDS_DEVICES(said);
        QVERIFY2(said.contains("127.0.0.1/8"), said.c_str());
    }

    void aDeviceMovesAndComesUp()
    {
        const std::string said = moved(pair, {{"test0", {}}}, "ip link show dev test0");
        NEEDS_DEVICES(said);
        QVERIFY2(said.contains("test0@") && said.contains(",UP"), said.c_str());
    }

    void addressesNameAndAttributesAreKept()
    {
        const std::string commands = std::string(pair)
            + " && ip link set mtu 1489 address 00:11:22:33:44:55 dev test0"
              " && ip addr add 169.254.169.77/32 dev test0 && ip addr add 192.0.2.1 peer 192.0.2.2/32 dev test0"
              " && ip link set up dev test0 && ip addr add 2001:db8::7/64 dev test0 nodad"
              " && ip addr add 127.0.0.33/8 scope host dev test0 && ip addr add 198.51.100.1/24 valid_lft 900 preferred_lft 900 dev test0";
        const std::string said = moved(commands, {{"test0", {.name = "ctr_test0"}}}, "ip addr show dev ctr_test0");
        NEEDS_DEVICES(said);
        for (const char* kept : {"ctr_test0", "mtu 1489", "ether 00:11:22:33:44:55", "inet 169.254.169.77/32 ", "inet 192.0.2.1 peer 192.0.2.2/32 ",
                                 "inet6 2001:db8::7/64 scope global"})
            QVERIFY2(said.contains(kept), said.c_str());
        for (const char* left : {"127.0.0.33", "198.51.100.1"})
            QVERIFY2(!said.contains(left), said.c_str());
    }

    void aTemplateHasTheKernelFindAName()
    {
        const std::string said = moved(pair, {{"test0", {.name = "eth%d"}}}, "ip -br link", "ip link add eth0 type veth peer name eth9");
        NEEDS_DEVICES(said);
        QVERIFY2(said.contains("eth1@") && said.contains("eth0@"), said.c_str());
    }

    void aNameThatIsTakenIsAnErrorAndNothingMoves()
    {
        const std::string said = moved(pair, {{"test0", {.name = "eth0"}}}, "true", "ip link add eth0 type veth peer name eth9");
        NEEDS_DEVICES(said);
        QCOMPARE(said, "network device 'test0': the container has a device 'eth0' already");
    }

    void aDeviceThatIsNotThereIsAnError()
    {
        const std::string said = moved("true", {{"nosuch", {}}}, "true");
        NEEDS_DEVICES(said);
        QVERIFY2(said.starts_with("network device 'nosuch': find it: No such device"), said.c_str());
    }

    void namesThatTheKernelWouldNotTakeAreRefused()
    {
        for (const char* good : {"eth0", "a", "eth%d", "fifteen-letters"})
            QVERIFY2(network::isDeviceName(good), good);
        for (const char* bad : {"", ".", "..", "a/b", "a b", "a:b", "sixteen--letters", "a\tb"})
            QVERIFY2(!network::isDeviceName(bad), bad);
        const std::string said = moved("true", {{"eth0", {.name = "a/b"}}}, "true");
        NEEDS_DEVICES(said);
        QCOMPARE(said, "invalid network device name 'a/b'");
    }
};

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
