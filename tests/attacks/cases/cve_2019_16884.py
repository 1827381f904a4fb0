"""CVE-2019-16884: a volume is mounted over /proc, so that what the runtime writes about labels goes to a file.

The volume is a false /proc whose files the runtime would write. It refuses, or it writes nothing there and starts nothing
that believes to be confined: what it was asked to set by sysctl is really set."""
from attempt import Broken

FAKES = ["self/attr/exec", "self/attr/apparmor/exec", "thread-self/attr/exec", "self/oom_score_adj", "self/setgroups",
         "self/uid_map", "self/gid_map", "self/status", "self/mountinfo", "self/cgroup", "self/loginuid",
         "sys/kernel/domainname", "sys/kernel/hostname", "sys/net/ipv4/ip_forward", "sys/kernel/shm_rmid_forced",
         "sysrq-trigger", "kcore", "keys"]


def false_proc(t, top):
    for name in FAKES:
        t.secret(f"{top}/{name}", "0\n")


def attack(t):
    false_proc(t, "proc")
    t.guard()
    said = []
    for over in ("/proc", "/proc/self/attr", "/proc/../proc", "/proc/sys", "/proc/self", "/proc/thread-self/attr"):
        bundle = t.bundle()
        inner = over.replace("/proc/../proc", "/proc").removeprefix("/proc").replace("thread-self", "self")
        bundle.bind(f"{t.host}/proc{inner}", over)
        bundle.linux["sysctl"] = {"net.ipv4.ip_forward": "1"}
        for kind in ("bounding", "effective", "permitted"):
            bundle.process["capabilities"][kind].append("CAP_SYS_ADMIN")
        result = t.run(bundle.shell("mount -t proc real /tmp && cat /tmp/sys/net/ipv4/ip_forward"))
        t.no_crash(result, f"a volume over {over}")
        t.intact(f"a volume over {over}")
        if result.code == 0 and result.out != "1\n":
            raise Broken(f"a volume over {over}: the container runs without its sysctl")
        said.append(f"{over} {'harmless' if result.code == 0 else 'refused'}")
    return ", ".join(said)
