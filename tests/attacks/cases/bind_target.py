"""The destination of a mount leads out of the root by links of the image, for directories and for files.

Absolute and relative links, links in the middle and at the end, "..", missing parts behind a link: nothing is made on the
host, and what was mounted lies below the container's root, or the runtime refuses."""
import os

from attempt import Broken


def attack(t):
    secret = t.secret("there/file")
    os.makedirs(f"{t.host}/there/empty")
    t.guard()
    source = f"{t.dir}/source"
    os.makedirs(source)
    open(f"{source}/marker", "w").close()
    usual = len(t.run(t.bundle().shell("cat /proc/self/mountinfo")).out.splitlines())
    climb = "../" * 14
    links = {"absolute": f"{t.host}/there", "relative": climb + f"{t.host}/there".lstrip("/"), "file": secret,
             "absent": f"{t.host}/absent", "proc": "/proc/self/root", "cwd": "/proc/1/cwd", "fd": "/proc/self/fd/3",
             "loop": "loop", "second": "/vol/absolute"}
    destinations = [f"/vol/{name}" for name in links] + \
        [f"/vol/{name}/{rest}" for name in links for rest in ("empty", "new", "new/deeper", "../there/new")] + \
        [climb + f"{t.host}/there/new", f"/vol/../{climb}{t.host}/there/new", "/vol/proc" + f"{t.host}/there/new",
         "vol/absolute/new", "//vol//relative//new", "/vol/./absolute/./new/."]
    refused = 0
    for destination in destinations:
        for what, entry in (
                ("a directory", {"type": "bind", "source": source, "options": ["bind"]}),
                ("a file", {"type": "bind", "source": f"{source}/marker", "options": ["bind", "ro"]}),
                ("a tmpfs", {"type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]})):
            bundle = t.bundle()
            for name, target in links.items():
                os.symlink(target, f"{bundle.root}/vol/{name}")
            bundle.mounts.append({"destination": destination, **entry})
            result = t.run(bundle.shell("cat /proc/self/mountinfo"))
            shown = destination.replace(t.dir, "…").replace(climb, "../…/")
            t.no_crash(result, f"{what} on {shown}")
            t.intact(f"{what} on {shown}")
            refused += result.code != 0
            # One mount more than in an ordinary container is the one that was asked for.
            if result.code == 0 and len(result.out.splitlines()) <= usual:
                raise Broken(f"{what} on {shown}: the mount is nowhere in the container")
    return f"{refused} of {3 * len(destinations)} refused, the others lie in the container"
