"""CVE-2024-45310: missing parts of a mount's destination are made while a part is exchanged with a link to the host.

Directories for a tmpfs, a directory and an empty file for binds: nothing is ever made on the host."""
import os

from attempt import Failed

RACE = True


def attack(t):
    os.makedirs(f"{t.host}/trap")
    t.guard()
    source = f"{t.dir}/source"
    os.makedirs(source)
    open(f"{source}/file", "w").close()
    bundle = t.bundle()
    os.makedirs(f"{bundle.root}{t.host}/trap")
    volume = t.race("place", f"{t.host}/trap")
    ran = 0
    for count in t.rounds():
        bundle.config["mounts"] = [entry for entry in bundle.mounts if not entry["destination"].startswith("/vol")]
        bundle.bind(volume, "/vol")
        bundle.mounts.append({"destination": f"/vol/place/tmpfs{count}/a/b", "type": "tmpfs", "source": "tmpfs", "options": []})
        bundle.bind(source, f"/vol/place/directory{count}/a/b")
        bundle.bind(f"{source}/file", f"/vol/place/file{count}/a/b")
        bundle.bind(f"{source}/file", f"/vol/place/plain{count}")
        result = t.run(bundle)
        t.no_crash(result, f"round {count}")
        t.intact(f"round {count}")
        ran += result.code == 0
    if not ran:
        raise Failed(f"no round ran: {result.message}")
    return f"{count} rounds, {count - ran} refused, nothing made on the host"
