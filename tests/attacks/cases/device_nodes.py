"""Device nodes that the container makes itself, or that stand in its root, open nothing; in run, in exec, for root with
CAP_MKNOD.

The machine's memory, its disks and kernel messages: what the rules do not allow cannot be opened (runtimes let nodes be made)."""
import os

from attempt import Broken, Failed

NODES = {"mem": ("c", 1, 1), "port": ("c", 1, 4), "kmsg": ("c", 1, 11), "disk": ("b", 254, 0), "loop": ("b", 7, 0), "fuse": ("c", 10, 229)}


def attack(t):
    bundle = t.bundle()
    bundle.without_mount("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue")
    script = ""
    for name, (kind, major, minor) in NODES.items():
        mode = 0o020666 if kind == "c" else 0o060666
        os.mknod(f"{bundle.root}/tmp/{name}", mode, os.makedev(major, minor))
        # Opened and closed, nothing is read. busybox has no way to open alone, so the shell does.
        script += f"(: < /tmp/{name}) 2>/tmp/why && echo opened {name}; grep -qE 'not permitted|Permission' /tmp/why || echo other {name} $(cat /tmp/why);"
        script += f"/bin/busybox mknod /tmp/new-{name} {kind} {major} {minor} 2>/dev/null && (: < /tmp/new-{name}) 2>/dev/null && " \
                  f"echo opened new-{name}; rm -f /tmp/new-{name};"
    script += "echo end"

    def judge(what, result):
        if "end" not in result.out:
            raise Failed(f"{what}: {result.message}")
        for line in result.out.splitlines():
            if line.startswith("opened"):
                raise Broken(f"{what}: {line}")

    judge("run", t.run(bundle.shell(script)))
    name = t.must_start(bundle.args("/bin/sleep", "100"))
    judge("exec", t.exec(name, ["/bin/sh", "-c", script]))
    return f"{len(NODES)} nodes, given and made, cannot be opened"
