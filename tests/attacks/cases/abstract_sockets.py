"""CVE-2020-15257 (containerd): a socket in the abstract name space, which whoever shares the host's network can connect to.

Created and running containers with the host's network see no abstract socket that was not there before."""
from attempt import Broken


def sockets():
    with open("/proc/net/unix") as file:
        return {line.split()[-1] for line in file if line.split()[-1].startswith("@")}


def attack(t):
    before = sockets()
    bundle = t.bundle()
    bundle.without_namespace("network")
    bundle.linux["cgroupsPath"] = "/abstract"
    created = t.create(bundle.args("/bin/sleep", "9"))
    found = sockets() - before
    if found:
        raise Broken(f"a created container has {found.pop()}")
    t.call("start", created)
    found = sockets() - before
    if found:
        raise Broken(f"a running container has {found.pop()}")
    return "none"
