"""CVE-2026-41579, CVE-2026-47766, CVE-2026-88265: /dev of the image, or something in it, is a link to a directory of the host.

Nodes and links that the runtime makes, removes or opens before it has changed its root stay in the container: nothing is
made in the directory, no "ptmx" there disappears, and no node of the host changes its owner."""
import os


def attack(t):
    t.secret("dev/ptmx")
    t.secret("dev/stdin")
    for name, minor in (("null", 3), ("other", 3)):
        os.mknod(f"{t.host}/dev/{name}", 0o020600, os.makedev(1, minor))
    os.mkdir(f"{t.host}/empty")
    t.guard()
    ran = tried = 0
    for directory in ("dev", "empty"):
        for base in (f"{t.host}/{directory}", "../" * 12 + f"{t.host}/{directory}".lstrip("/")):
            for there in (False, True):
                for terminal in (False, True):
                    for mapped in (False, True):
                        bundle = t.bundle()
                        bundle.without_mount("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue")
                        os.rmdir(f"{bundle.root}/dev")
                        os.symlink(base, f"{bundle.root}/dev")
                        if there:
                            os.makedirs(bundle.root + f"{t.host}/{directory}/pts")
                        bundle.linux["devices"] = [{"path": "/dev/ours", "type": "c", "major": 1, "minor": 3, "fileMode": 0o666,
                                                    "uid": 0, "gid": 0}]
                        options = []
                        if terminal:
                            bundle.process["terminal"] = True
                            options = ["--console-socket", t.console().path]
                        if mapped:
                            bundle.user_namespace()
                        tried += 1
                        name = t.start(bundle, *options)
                        what = f"/dev is a link to {base.replace(t.dir, '…')}"
                        t.no_crash(t.started, what)
                        ran += t.started.code == 0
                        t.call("delete", "--force", name)
                        t.intact(what)
    # A single name in a /dev of the image's own.
    for name in ("null", "zero", "tty", "ptmx", "fd", "stdin", "stdout", "core", "pts", "shm", "ours"):
        for target in (f"{t.host}/dev/other", f"{t.host}/dev/absent", f"{t.host}/dev"):
            for user in (0, 1000):
                bundle = t.bundle()
                bundle.without_mount("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue")
                os.symlink(target, f"{bundle.root}/dev/{name}")
                bundle.linux["devices"] = [{"path": "/dev/ours", "type": "c", "major": 1, "minor": 3, "fileMode": 0o666,
                                            "uid": 5, "gid": 5}]
                bundle.process["user"] = {"uid": user, "gid": user}
                result = t.run(bundle, timeout=10)
                what = f"/dev/{name} is a link to {target.replace(t.dir, '…')}"
                t.no_crash(result, what)
                t.intact(what)
                tried += 1
                ran += result.code == 0
    return f"{tried - ran} of {tried} refused, nothing made or changed on the host"
