"""CVE-2019-19921, CVE-2023-27561, CVE-2023-28642: /proc of the image is a link, or a volume lies where it leads.

What ran must have a real procfs at /proc with its masks and read-only paths, and no other procfs without them; nothing of
what the links name on the host is written."""
import os

from attempt import Broken

LOOK = r"""
cat /proc/self/status | grep NoNewPrivs || echo false
grep ' - proc ' /proc/self/mountinfo
/bin/probe type /proc/kcore /proc/keys /proc/timer_list
for place in /proc /evil /tmp/evil /vol/proc; do [ -e $place/sysrq-trigger ] && : 2>/dev/null >> $place/sysrq-trigger && echo open $place; done
for place in /proc /evil /tmp/evil /vol/proc; do [ -s $place/kcore ] && [ ! -c $place/kcore ] && echo unmasked $place; done
true
"""


def judge(t, what, result):
    t.no_crash(result, what)
    t.intact(what)
    if result.code != 0:
        return False
    for line in result.out.splitlines():
        if line == "false":
            raise Broken(f"{what}: the container runs with a false /proc")
        if line.startswith("open ") or line.startswith("unmasked "):
            raise Broken(f"{what}: a procfs without protection: {line}")
    return True


def attack(t):
    for name in ("self/attr/exec", "sys/kernel/domainname", "kcore", "self/status", "sysrq-trigger"):
        t.secret(f"proc/{name}", "0\n")
    t.guard()
    ran = []
    for target in ("/evil", "evil", "/tmp/evil", f"{t.host}/proc", "../../../../../../../.." + f"{t.host}/proc", "/proc", "/vol/proc"):
        for volume in (None, "/evil", "/vol"):
            bundle = t.bundle()
            os.rmdir(f"{bundle.root}/proc")
            os.symlink(target, f"{bundle.root}/proc")
            for place in ("/evil", "/tmp/evil"):
                os.makedirs(bundle.root + place)
            os.makedirs(f"{t.dir}/volume/proc", exist_ok=True)
            if volume:
                bundle.bind(f"{t.host}/proc" if volume == "/evil" else f"{t.dir}/volume", volume)
            bundle.linux["sysctl"] = {"net.ipv4.ip_forward": "1"}
            what = f"/proc is a link to {target}" + (f" and {volume} is a volume" if volume else "")
            if judge(t, what, t.run(bundle.shell(LOOK))):
                ran.append(target)
    return f"{21 - len(ran)} of 21 refused, the others have a protected /proc"
