"""CVE-2025-52881 as a race: a volume lands on /proc/sys by an exchanged link, before the sysctls are written there.

The sysctl is written to the real procfs, or the runtime refuses; the false file is never written."""
import os

from attempt import Broken, Failed

RACE = True


def attack(t):
    t.secret("fake/kernel/shm_rmid_forced", "0\n")
    os.makedirs(f"{t.host}/fake/self")
    t.guard()
    os.makedirs(f"{t.dir}/volume/place/sys")
    bundle = t.bundle()
    bundle.bind(t.race("place", "../proc"), "/vol")
    bundle.bind(f"{t.host}/fake", "/vol/place/sys")
    bundle.linux["sysctl"] = {"kernel.shm_rmid_forced": "1"}
    for kind in ("bounding", "effective", "permitted"):
        bundle.process["capabilities"][kind].append("CAP_SYS_ADMIN")
    bundle.shell("mount -t proc real /tmp && cat /tmp/sys/kernel/shm_rmid_forced")
    ran = 0
    for count in t.rounds():
        result = t.run(bundle)
        t.no_crash(result, f"round {count}")
        t.intact(f"round {count}")
        if result.code == 0 and result.out != "1\n":
            raise Broken(f"round {count}: the container runs without its sysctl")
        ran += result.code == 0
    if not ran:
        raise Failed(f"no round ran: {result.message}")
    return f"{count} rounds, {count - ran} refused, the others have their sysctl"
