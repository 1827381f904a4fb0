"""CVE-2021-30465: the destination of a mount is exchanged with a link while it is mounted, by a container on the same volume.

Whatever the moment, the mount lies below the container's root, or the runtime refuses."""
import os

from attempt import Broken, Failed

RACE = True


def attack(t):
    bundle = t.bundle()
    for top in (f"{bundle.root}{t.host}/trap", f"{t.dir}/volume/place"):
        for name in ("deep", "second"):
            os.makedirs(f"{top}/{name}")
    os.makedirs(f"{t.host}/trap/second")
    t.guard()
    bundle.bind(t.race("place", f"{t.host}/trap"), "/vol")
    os.mkdir(f"{t.dir}/source")
    bundle.mounts.append({"destination": "/vol/place/deep", "type": "tmpfs", "source": "marker", "options": ["mode=755"]})
    bundle.mounts.append({"destination": "/vol/place/second", "type": "tmpfs", "source": "second", "options": ["mode=755"]})
    bundle.shell("cat /proc/self/mountinfo")
    ran = there = 0
    for count in t.rounds():
        result = t.run(bundle)
        t.no_crash(result, f"round {count}")
        t.intact(f"round {count}")
        if result.code:
            continue
        ran += 1
        for marker in ("marker", "second"):
            found = [line.split()[4] for line in result.out.splitlines() if f" - tmpfs {marker} " in line]
            if not found:
                raise Broken(f"round {count}: a mount of the container lies outside of its root")
            there += found[0].startswith(t.host)
    if not ran:
        raise Failed(f"no round ran: {result.message}")
    return f"{count} rounds, {count - ran} refused, {there} mounts followed the link inside the root"
