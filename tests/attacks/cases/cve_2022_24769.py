"""CVE-2022-24769, CVE-2022-27650, CVE-2022-29162: inheritable capabilities that nobody asked for.

run and exec, exec with --cap, by a caller that has inheritable capabilities itself: CapInh and CapAmb inside are empty,
and a program with inheritable file capabilities gains nothing."""
import os
import shutil
import struct

import sandbox
from attempt import Broken, Failed


def inherit():
    """Before the runtime's exec: everything that is permitted becomes inheritable, and ambient."""
    class Data(sandbox.ctypes.Structure):
        _fields_ = [(name, sandbox.ctypes.c_uint32) for name in "e0 p0 i0 e1 p1 i1".split()]
    header, data = struct.pack("Ii", 0x20080522, 0), Data()
    sandbox.libc.capget(header, sandbox.ctypes.byref(data))
    data.i0, data.i1 = data.p0, data.p1
    sandbox.libc.capset(header, sandbox.ctypes.byref(data))
    for number in range(41):
        sandbox.libc.prctl(47, 2, number, 0, 0)


def attack(t):
    def judge(what, result):
        if result.code != 0 or "CapInh" not in result.out:
            raise Failed(f"{what}: {result.message}")
        for line in result.out.splitlines():
            key, _, value = line.partition(":")
            if key in ("CapInh", "CapAmb") and int(value, 16):
                raise Broken(f"{what}: {key} is {value.strip()}")
            if key == "CapEff" and "as a user" in what and int(value, 16):
                raise Broken(f"{what}: CapEff is {value.strip()}")

    show = ["/bin/busybox", "grep", "^Cap", "/proc/self/status"]
    bundle = t.bundle()
    os.mkdir(f"{bundle.root}/blessed")
    blessed = shutil.copy(f"{bundle.root}/bin/busybox", f"{bundle.root}/blessed/busybox")
    # Version 2, effective bit, nothing permitted, everything inheritable (capabilities(7)).
    os.setxattr(blessed, "security.capability", struct.pack("<5I", 0x02000001, 0, 0xffffffff, 0, 0x1ff))
    for before in (None, inherit):
        by = " by a caller with inheritable capabilities" if before else ""
        bundle.process["user"] = {"uid": 0, "gid": 0}
        judge("run" + by, t.run(bundle.args(*show), preexec_fn=before))
        bundle.process["user"] = {"uid": 1000, "gid": 1000}
        judge("run as a user" + by, t.run(bundle.args("/blessed/busybox", *show[1:]), preexec_fn=before))
        bundle.process["user"] = {"uid": 0, "gid": 0}
        name = t.must_start(bundle.args("/bin/sleep", "100"), preexec_fn=before)
        judge("exec" + by, t.exec(name, show, preexec_fn=before))
        judge("exec --cap" + by, t.exec(name, "--cap", "CAP_NET_RAW", show, preexec_fn=before))
        judge("exec --cap of a new one" + by, t.exec(name, "--cap", "CAP_SYS_PTRACE", show, preexec_fn=before))
        judge("exec as a user" + by, t.exec(name, "--user", "1000:1000", ["/blessed/busybox", *show[1:]], preexec_fn=before))
        t.call("delete", "--force", name)
    return "CapInh and CapAmb are empty"
