"""CVE-2022-0492: release_agent of a v1 hierarchy can be written from inside, also from a new user namespace.

And what the configuration says to be read-only is: no cgroup of the container's mount can be made, entered or set."""
from attempt import Broken, Failed


def attack(t):
    import subprocess
    # That the helper finds a release_agent when there is one: the sandbox's hierarchies begin below their roots, so the
    # same is shown on a plain file.
    import os
    os.makedirs(f"{t.dir}/proof")
    open(f"{t.dir}/proof/release_agent", "w").close()
    if "release_agent" not in subprocess.run([f"{t.tools}/climb", "release", f"{t.dir}/proof"], capture_output=True,
                                             text=True).stdout:
        raise Failed("the helper does not see a release_agent that can be written")
    for what, change in (("default", lambda b: None), ("without cgroup namespace", lambda b: b.without_namespace("cgroup"))):
        for mode in ("release", "write"):
            bundle = t.bundle().args("/bin/climb", mode, "/sys/fs/cgroup")
            change(bundle)
            result = t.run(bundle)
            if result.code != 0:
                raise Failed(f"{what}: {result.message}")
            for line in result.out.splitlines():
                if line.split()[0] in ("release_agent", "made", "opened", "remounted"):
                    raise Broken(f"{what}: {line}")
    return "no release_agent and no cgroup is writable"
