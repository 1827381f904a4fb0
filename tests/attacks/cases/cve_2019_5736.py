"""CVE-2019-5736: the runtime's own binary is overwritten through /proc/PID/exe.

The container's program is /proc/self/exe, or a script whose interpreter that is, for run and for exec, while a process of
the container holds every /proc/PID/exe that is not its own and writes to it as soon as that is possible; also with
CAP_SYS_PTRACE and with CAP_SYS_ADMIN; where a read-only mount protects it, that is made writable. The
binary keeps its bytes, and nothing that was held could be written."""
import os
import time

from attempt import Broken, Failed


def judge(t, what, log):
    with open(log) as file:
        lines = file.read().split("\n")
    written = sorted({line for line in lines if line.startswith("written ")})
    if t.runtime.hash() != t.runtime.digest:
        raise Broken(f"{what}: the binary on the host has other bytes: {', '.join(written)}")
    if written:
        raise Broken(f"{what}: {', '.join(written)}")
    return sum(line.startswith("held") for line in lines)


def entries(t, what, extra):
    bundle = t.bundle(what.replace(" ", "-"))
    for kind in ("bounding", "effective", "permitted"):
        bundle.process["capabilities"][kind] += extra
    bundle.file("/bin/script", "#!/proc/self/exe\n", 0o755)
    os.symlink("/proc/self/exe", f"{bundle.root}/bin/link")
    log = f"{bundle.root}/tmp/log"
    name = t.must_start(bundle.args("/bin/exewriter", "/tmp/log"))
    if not t.wait_for(log):
        raise Failed("the writer does not run")
    for _ in range(3):
        for program in ("/proc/self/exe", "/bin/script", "/bin/link", "/bin/true"):
            for arguments in ([program], [program, "--version"], [program, "spec"]):
                t.exec(name, arguments, timeout=10)
    held = judge(t, f"exec {what}", log)
    t.call("delete", "--force", name)
    return held


def beginnings(t):
    # The first container's root file system and pid namespace are the second's: what watches there sees it begin.
    bundle = t.bundle("watcher")
    log = f"{bundle.root}/tmp/log"
    name = t.must_start(bundle.args("/bin/exewriter", "/tmp/log"))
    if not t.wait_for(log):
        raise Failed("the writer does not run")
    second = t.bundle("second")
    second.join("pid", f"/proc/{t.pid(name)}/ns/pid")
    second.file("/bin/script", "#!/proc/self/exe\n", 0o755)
    for _ in range(4):
        for program in ("/proc/self/exe", "/bin/script", "/bin/true"):
            t.run(second.args(program), timeout=10)
    created = t.create(second.args("/bin/true"))
    time.sleep(0.2)
    t.call("start", created)
    return judge(t, "run and create", log)


def attack(t):
    held = entries(t, "without CAP_SYS_PTRACE", []) + entries(t, "with CAP_SYS_PTRACE", ["CAP_SYS_PTRACE"]) + \
        entries(t, "with CAP_SYS_ADMIN", ["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"]) + beginnings(t)
    return f"the binary is as it was; {held} foreign executables could be held, none written"
