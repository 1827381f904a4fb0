"""tmpcopyup from a directory of a shared volume that is exchanged with a link to the host while it is copied.

Nothing of the host can be read inside."""
import os

from attempt import Broken, Failed

RACE = True


def attack(t):
    t.secret("trap/secret")
    t.guard()
    os.makedirs(f"{t.dir}/volume/place")
    for number in range(50):
        open(f"{t.dir}/volume/place/{number}", "w").close()
    bundle = t.bundle()
    os.makedirs(f"{bundle.root}{t.host}/trap")
    bundle.bind(t.race("place", f"{t.host}/trap"), "/vol")
    bundle.mounts.append({"destination": "/vol/place", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]})
    bundle.shell(f"cat /vol/place/secret /vol/exchanged/secret {t.host}/trap/secret 2>/dev/null; true")
    ran = 0
    for count in t.rounds():
        result = t.run(bundle)
        t.no_crash(result, f"round {count}")
        t.intact(f"round {count}")
        if "a secret of the host" in result.out:
            raise Broken(f"round {count}: the host's file was copied into the container")
        ran += result.code == 0
    if not ran:
        raise Failed(f"no round ran: {result.message}")
    return f"{count} rounds, {count - ran} refused"
