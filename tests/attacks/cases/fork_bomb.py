"""A container that forks without end while it is killed and deleted, with and without a pid namespace of its own.

After kill and delete no process of it lives and no cgroup of it is left."""
import os
import time

import sandbox
from attempt import Broken, Failed


def members(name):
    found = set()
    for hierarchy in sandbox.hierarchies():
        top = f"{sandbox.TOP}/{hierarchy}/{name}"
        for where, _, _ in os.walk(top):
            found |= set(sandbox.read(f"{where}/cgroup.procs").split())
    return found


def attack(t):
    times = []
    for what, shared in (("with its own pid namespace", False), ("in the host's pid namespace", True)):
        bundle = t.bundle(what.split()[1].replace("'", ""))
        if shared:
            bundle.without_namespace("pid")
        bundle.linux["cgroupsPath"] = "/bombed"
        bundle.linux["resources"]["pids"] = {"limit": 300}
        name = t.must_start(bundle.args("/bin/bomb", "/tmp/ready"))
        if not t.wait_for(f"{bundle.root}/tmp/ready"):
            raise Failed("the bomb does not run")
        time.sleep(0.3)
        if len(members("bombed")) < 100 and shared:
            raise Failed(f"the bomb has only {len(members('bombed'))} processes")
        started = time.monotonic()
        t.call("kill", name, "KILL", timeout=20)
        result = t.call("delete", "--force", name, timeout=40)
        t.no_crash(result, f"{what}: delete")
        deadline = time.monotonic() + 3
        while members("bombed") and time.monotonic() < deadline:
            time.sleep(0.05)
        left = members("bombed")
        if left:
            raise Broken(f"{what}: {len(left)} processes live on after delete ({result.message})")
        for hierarchy in sandbox.hierarchies():
            if os.path.isdir(f"{sandbox.TOP}/{hierarchy}/bombed"):
                raise Broken(f"{what}: its {hierarchy} cgroup is left behind ({result.message})")
        times.append(f"{time.monotonic() - started:.1f} s")
    return f"all dead and removed after {' and '.join(times)}"
