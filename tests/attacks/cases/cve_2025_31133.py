"""CVE-2025-31133: masks are made of the container's /dev/null, which the image can make a link to a file of procfs.

/dev is the image's own. Each masked path is covered by the null device or by something empty, never by what the image
chose; and nothing of the host is put anywhere."""
import os

from attempt import Broken

TARGET = "/proc/sys/kernel/domainname"


def fifo(path):
    os.mkfifo(path)


def judge(t, what, result):
    t.no_crash(result, what)
    t.intact(what)
    if result.code != 0:
        return 0
    for line in result.out.splitlines():
        path, kind, *rest = line.split()
        if kind == "error":
            continue
        empty = kind == "dir" and int(rest[2]) <= 2
        if not (kind == "char" and rest[0] == "1:3") and not empty:
            raise Broken(f"{what}: a masked path shows: {line}")
    return 1


def attack(t):
    secret = t.secret()
    t.guard()
    # What a mask looks like without any attack: a path that the kernel does not have is no mask.
    masked = [path for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/acpi", "/tmp/masked", "/vol")
              if path.startswith(("/tmp", "/vol")) or os.path.exists(path)]
    spoils = {
        "a link to a file of procfs": lambda path: os.symlink(TARGET, path),
        "a link to a file of the host": lambda path: os.symlink(secret, path),
        "a link to another masked path": lambda path: os.symlink("/proc/kcore", path),
        "a link to nothing": lambda path: os.symlink("/nothing", path),
        "a file": lambda path: open(path, "w").write("not null\n"),
        "a fifo": fifo,
        "another device": lambda path: os.mknod(path, 0o020666, os.makedev(1, 5)),
        "a directory": os.mkdir,
    }
    ran = 0
    for what, spoil in spoils.items():
        for mapped in (False, True):
            bundle = t.bundle()
            bundle.without_mount("/dev", "/dev/pts", "/dev/shm", "/dev/mqueue")
            spoil(f"{bundle.root}/dev/null")
            bundle.file("/tmp/masked", "to be hidden\n")
            bundle.file("/vol/hidden", "to be hidden\n")
            bundle.linux["maskedPaths"] = masked
            if mapped:
                bundle.user_namespace()
            result = t.run(bundle.args("/bin/probe", "type", *masked), timeout=10)
            ran += judge(t, f"/dev/null is {what}{' in a user namespace' if mapped else ''}", result)
    return f"{2 * len(spoils) - ran} of {2 * len(spoils)} refused, else all is masked"
