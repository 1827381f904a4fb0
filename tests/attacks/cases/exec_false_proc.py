"""exec into a container that has covered its own /proc with a directory of its own.

What the runtime writes when it enters (labels, oom score, descriptors' links) is not written there, it believes nothing that
stands there, and a program that it starts is confined as it should be."""
import os

from attempt import Broken

FAKES = ["self/attr/exec", "self/attr/keycreate", "self/attr/apparmor/exec", "thread-self/attr/exec", "self/oom_score_adj",
         "self/setgroups", "self/loginuid", "self/timerslack_ns", "self/gid_map", "self/uid_map", "self/coredump_filter",
         "sys/kernel/cap_last_cap", "sys/kernel/overflowuid"]


def attack(t):
    os.makedirs(f"{t.host}/fd")
    bundle = t.bundle()
    for name in FAKES:
        path = t.secret(f"fake/{name}", "0\n")
        os.chmod(path, 0o666)
    os.makedirs(f"{t.host}/fake/self/fd")
    for number in range(3, 20):
        os.symlink("/bin/bomb", f"{t.host}/fake/self/fd/{number}")
    os.symlink("/bin/busybox", f"{t.host}/fake/self/exe")
    t.guard()
    bundle.bind(f"{t.host}/fake", "/fake")
    for kind in ("bounding", "effective", "permitted"):
        bundle.process["capabilities"][kind].append("CAP_SYS_ADMIN")
    bundle.process["oomScoreAdj"] = 100
    name = t.must_start(bundle.args("/bin/remap", "/fake"))
    if not t.wait_for(f"{bundle.root}/tmp/ready"):
        raise Broken("the container could not cover its /proc")
    codes = []
    for options in ([], ["--user", "1000:1000"], ["--cwd", "/tmp"], ["--tty", "--console-socket", t.console().path],
                    ["--cap", "CAP_NET_RAW"]):
        result = t.exec(name, *options, ["/bin/sh", "-c", "echo ran"])
        t.no_crash(result, f"exec {' '.join(options[:1])}")
        t.intact(f"exec {' '.join(options[:1])}")
        codes.append(result.code)
    return f"nothing written to the false /proc; {codes.count(0)} of {len(codes)} entered"
