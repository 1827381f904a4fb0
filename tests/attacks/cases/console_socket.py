"""The console socket: a path that is too long is not cut to another one, links are the caller's own, nothing else leaks.

A socket listens where a path cut at 107 or 108 bytes would lead: it gets no terminal. Inside there is neither the master nor
the socket, for run and exec."""
import os
import socket

from attempt import Broken, Console, Failed


def attack(t):
    base = f"{t.dir}/s"
    directory = f"{base}/{'x' * 100}"
    os.makedirs(directory)
    long = f"{directory}/socket"
    traps = [Console(long[:length]) for length in (64, 104, 106, 107)]
    t.consoles += traps
    here = os.open(directory, os.O_RDONLY)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"/proc/self/fd/{here}/socket")
    listener.listen()
    bundle = t.bundle()
    bundle.process["terminal"] = True
    name = t.start(bundle.args("/bin/true"), "--console-socket", long)
    t.no_crash(t.started, f"a console socket's path of {len(long)} bytes")
    for trap in traps:
        trap.thread.join(0.3)
        if trap.master is not None:
            raise Broken(f"the terminal went to the path cut at {len(trap.path)} bytes")
    said = "taken whole" if t.started.code == 0 else "refused"
    t.call("delete", "--force", name)
    listener.close()
    os.close(here)
    console = t.console()
    os.symlink(console.path, f"{t.dir}/link")
    name = t.start(bundle.shell("/bin/probe fds; readlink /proc/self/fd/0; echo end; sleep 100"), "--console-socket", f"{t.dir}/link")
    if t.started.code == 0:
        for _ in range(30):
            if b"end" in console.text:
                break
            console.thread.join(0.1)
        text = console.text.decode(errors="replace")
        if "end" not in text:
            raise Failed(f"the terminal says nothing: {text!r}")
        if "fd " in text:
            raise Broken(f"open inside: {text.split('fd ', 1)[1].split()[:2]}")
        second = t.console()
        t.exec(name, "--tty", "--console-socket", second.path, ["/bin/probe", "fds"])
        second.thread.join(1)
        if b"fd " in second.text:
            raise Broken(f"open inside after exec: {second.text.decode(errors='replace').split('fd ', 1)[1].split()[:2]}")
    return f"a path of {len(long)} bytes is {said}; neither master nor socket inside"
