"""CVE-2023-25809: in a user namespace the container can write the host's cgroups although they are mounted read-only.

The cgroups belong to the container's root (as a delegation would make it), so that only the mount protects them; with and
without a cgroup namespace, and with the host's hierarchies bound read-only, recursively."""
import os

import sandbox
from attempt import Broken, Failed


def attack(t):
    def delegate(owner):
        for name in sandbox.hierarchies():
            top = f"{sandbox.TOP}/{name}"
            for path in [top] + [f"{top}/{file}" for file in os.listdir(top)]:
                os.chown(path, owner, owner)

    delegate(100000)
    ran = 0
    try:
        for what, change in (
                ("with a cgroup namespace", lambda b: None),
                ("without a cgroup namespace", lambda b: b.without_namespace("cgroup")),
                ("the host's hierarchies bound", lambda b: (b.without_mount("/sys/fs/cgroup"),
                                                            b.bind(sandbox.TOP, "/sys/fs/cgroup", "rro")))):
            bundle = t.bundle(what.split()[0]).user_namespace()
            change(bundle)
            result = t.run(bundle.args("/bin/climb", "write", "/sys/fs/cgroup"))
            for line in result.out.splitlines():
                raise Broken(f"{what}: {line}")
            ran += result.code == 0
            if result.code:
                last = result.message
    finally:
        delegate(0)
    if not ran:
        raise Failed(last)
    return "nothing below /sys/fs/cgroup is writable"
