"""CVE-2020-15257 (containerd): a socket in the abstract name space, which whoever shares the host's network can connect to.

Created and running containers with the host's network see no abstract socket that was not there before."""
from attempt import Broken, Failed


def sockets():
    with open("/proc/net/unix") as file:
        return {line.split()[-1] for line in file if line.split()[-1].startswith("@")}


def attack(t):
    before = sockets()
    bundle = t.bundle()
    bundle.without_namespace("network")
    bundle.linux["cgroupsPath"] = "/abstract"
    created = t.new_id()
    import subprocess
    with open(f"{t.dir}/create.err", "w") as errors:
        code = subprocess.run(t.runtime.command + ["--root", t.root, "create", "--bundle", bundle.args("/bin/sleep", "9").write(),
                                                   created], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                              timeout=20).returncode
    if code != 0:
        raise Failed("create does not work")
    found = sockets() - before
    if found:
        raise Broken(f"a created container has {found.pop()}")
    t.call("start", created)
    found = sockets() - before
    if found:
        raise Broken(f"a running container has {found.pop()}")
    return "none"
