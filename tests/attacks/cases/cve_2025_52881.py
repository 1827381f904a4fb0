"""CVE-2025-52881: what the runtime writes to procfs is led to another file by mounts and links of the container.

A sysctl whose file is covered by a volume, by a link on a volume or by another file of procfs. It is written where it
belongs, or refused; nothing else is written."""
import os

from attempt import Broken

READ = ("mount -t proc real /tmp && cat /tmp/sys/kernel/domainname /tmp/sys/kernel/shm_rmid_forced && "
        "cat /bait 2>/dev/null; true")


def attack(t):
    for name in ("ipv4/ip_forward", "kernel/shm_rmid_forced", "sys/kernel/shm_rmid_forced", "shm_rmid_forced"):
        t.secret(f"fake/{name}", "0\n")
    os.makedirs(f"{t.host}/links")
    for name, target in (("shm_rmid_forced", "/proc/sys/kernel/domainname"), ("bait", "/bait")):
        os.makedirs(f"{t.host}/links/{name}")
        os.symlink(target, f"{t.host}/links/{name}/shm_rmid_forced")
    t.guard()
    covers = [
        ("/proc/sys/kernel", f"{t.host}/fake/kernel"), ("/proc/sys", f"{t.host}/fake/sys"),
        ("/proc/sys/kernel", f"{t.host}/links/shm_rmid_forced"), ("/proc/sys/kernel", f"{t.host}/links/bait"),
        ("/proc/sys/kernel/shm_rmid_forced", f"{t.host}/fake/shm_rmid_forced"),
        ("/proc/sys/kernel/shm_rmid_forced", "/proc/sys/kernel/domainname"),
        ("/way/sys/kernel", f"{t.host}/fake/kernel"), ("/way/self", f"{t.host}/fake"),
    ]
    refused = 0
    for destination, source in covers:
        bundle = t.bundle()
        os.symlink("/proc", f"{bundle.root}/way")
        bundle.file("/bait", "0\n")
        bundle.bind(source, destination)
        bundle.linux["sysctl"] = {"kernel.shm_rmid_forced": "1"}
        bundle.linux["maskedPaths"] = []
        for kind in ("bounding", "effective", "permitted"):
            bundle.process["capabilities"][kind].append("CAP_SYS_ADMIN")
        result = t.run(bundle.shell(READ))
        what = f"{os.path.relpath(source, t.dir) if source.startswith(t.dir) else source} over {destination}"
        t.no_crash(result, what)
        t.intact(what)
        refused += result.code != 0
        with open(f"{bundle.root}/bait") as file:
            if file.read() != "0\n":
                raise Broken(f"{what}: the sysctl was written to a file of the image")
        lines = result.out.splitlines()
        if result.code == 0 and lines[:1] == ["1"]:
            raise Broken(f"{what}: the sysctl was written to the domain name")
        if result.code == 0 and lines[1:2] != ["1"]:
            raise Broken(f"{what}: the container runs without its sysctl: {lines}")
    return f"{refused} of {len(covers)} refused, the others have their sysctl"
