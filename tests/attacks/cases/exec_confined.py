"""CVE-2019-10144, -10145, -10147 (rkt): what enters by exec is less confined than what was started.

Seccomp mode, no-new-privileges, bounding set, cgroups, limits and namespaces of exec are those of the container."""
from attempt import Broken, Failed

SHOW = ("/bin/grep -E '^(Seccomp|NoNewPrivs|CapBnd|CapPrm|CapEff|Groups|Umask)' /proc/self/status; cat /proc/self/cgroup; "
        "/bin/probe ns; /bin/grep 'open files' /proc/self/limits")


def attack(t):
    bundle = t.bundle()
    bundle.process["noNewPrivileges"] = True
    bundle.process["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 99}]
    bundle.linux["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
                               "syscalls": [{"names": ["mkdirat", "mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
    show = SHOW + "; mkdir /tmp/made && echo made"
    name = t.must_start(bundle.shell(f"({show}) > /tmp/run 2>&1; touch /tmp/ready; sleep 100"))
    if not t.wait_for(f"{bundle.root}/tmp/ready"):
        raise Failed("the container does not answer")
    with open(f"{bundle.root}/tmp/run") as file:
        first = file.read().splitlines()
    result = t.exec(name, ["/bin/sh", "-c", f"({show}) 2>&1"])
    second = result.out.splitlines()
    if len(second) < len(first) - 1:
        raise Failed(f"exec says only: {result.message}")
    for line in sorted(set(first) ^ set(second)):
        raise Broken(f"run and exec differ: {line} is only of {'run' if line in first else 'exec'}")
    if "made" in second:
        raise Broken("the filter lets mkdir pass")
    return f"{len(first)} properties agree"
