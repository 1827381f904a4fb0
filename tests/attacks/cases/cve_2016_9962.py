"""CVE-2016-9962: a process that enters by exec can be traced from inside before it has become the container's program.

Twenty entries by exec and a container that is created and waits, watched by a process of the container that has no CAP_SYS_PTRACE, and again in a user namespace by one
that has: neither may read /proc/PID/exe or fd of what enters, nor attach to it, nor open its memory."""
import time

from attempt import Broken, Failed


def watch(t, what, bundle):
    log = f"{bundle.root}/tmp/peeked"
    name = t.must_start(bundle.args("/bin/peeker", "/tmp/peeked"))
    if not t.wait_for(log):
        raise Failed("the watcher does not run")
    for _ in range(20):
        t.no_crash(t.exec(name, ["/bin/true"]), "exec")
    # One that is created and waits in the same pid namespace.
    second = t.bundle("second")
    second.join("pid", f"/proc/{t.pid(name)}/ns/pid")
    if any(space["type"] == "user" for space in bundle.linux["namespaces"]):
        second.user_namespace()
        second.join("user", f"/proc/{t.pid(name)}/ns/user")
        del second.linux["uidMappings"], second.linux["gidMappings"]
    created = t.create(second)
    time.sleep(0.2)
    t.call("start", created)
    with open(log) as file:
        seen = sorted({line.strip() for line in file} - {"ready"})
    t.call("delete", "--force", name)
    if seen:
        raise Broken(f"{what}: {'; '.join(seen[:6])}")


def attack(t):
    watch(t, "as root without CAP_SYS_PTRACE", t.bundle())
    bundle = t.bundle("mapped").user_namespace()
    for kind in ("bounding", "effective", "permitted"):
        bundle.process["capabilities"][kind] += ["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"]
    watch(t, "in a user namespace with CAP_SYS_PTRACE", bundle)
    return "40 entries and two that wait for their start, nothing to be seen of them"
