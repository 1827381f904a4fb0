"""tmpcopyup: the directory whose content is copied is a link out of the root, or holds links and files that lead out.

What is on the host is not to be read inside, and not changed; links are copied as links."""
import os

from attempt import Broken


def attack(t):
    secret = t.secret("there/secret")
    t.guard()
    ran = 0
    for what, target in (("a link to the host", f"{t.host}/there"),
                         ("a relative link to the host", "../" * 14 + f"{t.host}/there".lstrip("/")),
                         ("a directory with links", None), ("a link to /proc/1/root", f"/proc/1/root{t.host}/there")):
        bundle = t.bundle()
        copied = f"{bundle.root}/copied"
        if target:
            os.symlink(target, copied)
        else:
            os.makedirs(f"{copied}/deep")
            os.symlink(secret, f"{copied}/secret")
            os.symlink(f"{t.host}/there", f"{copied}/deep/there")
            os.mkfifo(f"{copied}/fifo")
            os.mknod(f"{copied}/node", 0o020600, os.makedev(1, 1))
        bundle.mounts.append({"destination": "/copied", "type": "tmpfs", "source": "tmpfs",
                              "options": ["tmpcopyup", "mode=755", "rw"]})
        result = t.run(bundle.shell("cat /copied/secret /copied/deep/there/secret /proc/self/mountinfo 2>/dev/null; true"), timeout=10)
        t.no_crash(result, what)
        t.intact(what)
        if "a secret of the host" in result.out:
            raise Broken(f"{what}: the host's file was copied into the container")
        ran += result.code == 0
    return f"{4 - ran} of 4 refused, nothing of the host copied"
