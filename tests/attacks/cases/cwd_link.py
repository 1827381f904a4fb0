"""The working directory does not exist yet and its path leads out by a link of the image: it is not made on the host."""
import os

from attempt import Broken


def attack(t):
    secret = t.secret("there/secret")
    t.guard()
    refused = tried = 0
    climb = "../" * 14
    for target in (f"{t.host}/there", climb + f"{t.host}/there".lstrip("/"), "/proc/self/root" + f"{t.host}/there"):
        for directory in ("/link", "/link/new", "/link/new/deeper", "/link/../there/new", climb + f"{t.host}/there/new"):
            for user in (0, 1000):
                bundle = t.bundle()
                os.symlink(target, f"{bundle.root}/link")
                bundle.process["cwd"] = directory if directory.startswith("/") else "/" + directory
                bundle.process["user"] = {"uid": user, "gid": user}
                result = t.run(bundle.args("/bin/probe", "cwd", secret.lstrip("/")))
                what = f"the directory {directory.replace(climb, '…/')} over a link to {target.replace(climb, '…/')}"
                t.no_crash(result, what)
                t.intact(what)
                if "climbed" in result.out:
                    raise Broken(f"{what}: the host's file can be read")
                tried += 1
                refused += result.code != 0
    return f"{refused} of {tried} refused, nothing made on the host"
