"""CVE-2025-52565, CVE-2026-88264: /dev/console of the image leads elsewhere when the terminal is bound to it.

/dev is the image's own, /dev/console a link to a file of procfs, of the host, or to one that does not exist there; also
with a read-only root. The terminal lies nowhere but on /dev/console, and nothing is made or changed on the host."""
import os

from attempt import Broken


def attack(t):
    secret = t.secret()
    t.guard()
    ran = 0
    targets = ["/proc/sys/kernel/domainname", "/proc/sysrq-trigger", secret, f"{t.host}/absent", "../../../../../../../.." + secret,
               "/etc/passwd", "/proc/self/fd/0", "/bin/busybox", "pts/0"]
    for target in targets:
        for readonly in (False, True):
            for mapped in (False, True):
                bundle = t.bundle()
                bundle.without_mount("/dev", "/dev/shm", "/dev/mqueue")
                os.mkdir(f"{bundle.root}/dev/pts")
                os.symlink(target, f"{bundle.root}/dev/console")
                bundle.config["root"]["readonly"] = readonly
                bundle.process["terminal"] = True
                if mapped:
                    bundle.user_namespace()
                console = t.console()
                bundle.shell("cat /proc/self/mountinfo; echo end; sleep 0.2")
                name = t.start(bundle, "--console-socket", console.path)
                what = f"/dev/console is a link to {target}"
                t.no_crash(t.started, what)
                if t.started.code == 0:
                    console.thread.join(3)
                    ran += 1
                    for line in console.text.decode(errors="replace").splitlines():
                        words = line.split()
                        if " - devpts " in line and words[4] not in ("/dev/pts", "/dev/console"):
                            raise Broken(f"{what}: the terminal lies on {words[4]}")
                t.call("delete", "--force", name)
                t.intact(what)
    return f"{4 * len(targets) - ran} of {4 * len(targets)} refused, the others have the terminal on /dev/console alone"
