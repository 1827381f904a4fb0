"""A container that may make cgroups makes a tree that is hard to delete: 60 levels of 100 bytes, names with every character.

After delete nothing of it is left (6,000 bytes of path are longer than PATH_MAX: only descriptors reach the end)."""
import os

import sandbox
from attempt import Broken, Failed


def attack(t):
    bundle = t.bundle()
    bundle.linux["cgroupsPath"] = "/deep"
    for entry in bundle.mounts:
        if entry["type"] == "cgroup":
            entry["options"] = ["nosuid", "noexec", "nodev", "rw"]
    result = t.run(bundle.args("/bin/deep", "/sys/fs/cgroup", "60", "20"), timeout=40)
    made = int(result.out.split()[1]) if result.out.startswith("made") else 0
    if made < 100:
        raise Failed(f"only {made} cgroups could be made: {result.message}")
    t.no_crash(result, "run")
    t.call("delete", "--force", t.ids[-1])
    left = [hierarchy for hierarchy in sandbox.hierarchies() if os.path.isdir(f"{sandbox.TOP}/{hierarchy}/deep")]
    if left:
        raise Broken(f"left behind below {', '.join(left)}: {result.message}")
    return f"{made} cgroups removed"
