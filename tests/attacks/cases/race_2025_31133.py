"""CVE-2025-31133 as a race: /dev/null on a shared volume is exchanged with a link to procfs while the masks are made of it.

Every masked path is covered by the null device or something empty, or the runtime refuses."""
import os

from attempt import Broken, Failed

RACE = True


def attack(t):
    volume = f"{t.dir}/volume"
    os.makedirs(volume)
    os.mknod(f"{volume}/null", 0o020666, os.makedev(1, 3))
    for name in ("pts", "shm", "mqueue"):
        os.mkdir(f"{volume}/{name}")
    t.race("null", "../proc/sys/kernel/domainname")
    bundle = t.bundle()
    bundle.without_mount("/dev")
    bundle.mounts.insert(1, {"destination": "/dev", "type": "bind", "source": volume, "options": ["rbind"]})
    masked = [path for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/kallsyms", "/proc/cpuinfo", "/proc/version",
                                "/proc/loadavg", "/proc/uptime", "/proc/stat", "/proc/swaps") if os.path.exists(path)]
    bundle.linux["maskedPaths"] = masked
    bundle.args("/bin/probe", "type", *masked)
    ran = 0
    for count in t.rounds():
        result = t.run(bundle, timeout=10)
        t.no_crash(result, f"round {count}")
        if result.code:
            continue
        ran += 1
        for line in result.out.splitlines():
            if " char 1:3 " not in line and " dir " not in line:
                raise Broken(f"round {count}: a masked path shows: {line}")
    if not ran:
        raise Failed(f"no round ran: {result.message}")
    return f"{count} rounds, {count - ran} refused, all masked"
