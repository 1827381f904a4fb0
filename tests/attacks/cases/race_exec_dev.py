"""exec, with and without a terminal, while the container's first process exchanges its /dev with a link to the host.

What the runtime opens, makes or changes in /dev when it enters stays inside; the host's nodes keep their owner."""
import os

from attempt import Failed

RACE = True


def attack(t):
    os.makedirs(f"{t.host}/dev")
    t.secret("dev/ptmx")
    t.secret("dev/console")
    os.mknod(f"{t.host}/dev/null", 0o020600, os.makedev(1, 3))
    t.guard()
    bundle = t.bundle()
    bundle.without_mount("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue")
    bundle.file("/dev/console")
    os.mkdir(f"{bundle.root}/dev/pts")
    os.symlink(f"{t.host}/dev", f"{bundle.root}/false")
    bundle.mounts.append({"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance"]})
    name = t.must_start(bundle.args("/bin/swap", "/dev", "/false"))
    entered = tried = 0
    for count in t.rounds():
        for options in ([], ["--user", "1000:1000"], ["--tty"]):
            options = list(options)
            console = None
            if options == ["--tty"]:
                console = t.console()
                options += ["--console-socket", console.path]
            result = t.exec(name, *options, ["/bin/true"], timeout=10)
            if console:
                t.consoles.pop().close()
            t.no_crash(result, f"exec in round {count}")
            t.intact(f"exec in round {count}")
            t.nodes_intact(f"exec in round {count}")
            tried += 1
            entered += result.code == 0
    if not entered:
        raise Failed(f"nothing could enter: {result.message}")
    return f"{tried} entries, {tried - entered} refused, nothing of the host touched"
