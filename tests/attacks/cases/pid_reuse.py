"""The container's process has ended and its number belongs to somebody else: kill, exec and delete leave that one alone."""
import os
import signal
import subprocess
import time

import sandbox
from attempt import Broken, Failed, Skip


def victim(number):
    """A process with this number; None when it cannot be had."""
    for _ in range(200):
        if not sandbox.write("/proc/sys/kernel/ns_last_pid", str(number - 1)):
            return None
        process = subprocess.Popen(["/bin/sleep", "100"])
        if process.pid == number:
            return process
        process.kill()
        process.wait()
    return None


def attack(t):
    said = []
    for commands in (["kill", "ID", "KILL"], ["kill", "--all", "ID", "KILL"], ["pause", "ID"], ["exec", "ID", "/bin/touch", "/tmp/entered"],
                     ["delete", "ID"], ["delete", "--force", "ID"]):
        bundle = t.bundle()
        name = t.must_start(bundle.args("/bin/sleep", "100"))
        number = t.pid(name)
        os.kill(number, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while os.path.exists(f"/proc/{number}") and time.monotonic() < deadline:
            time.sleep(0.01)
        other = victim(number)
        if not other:
            raise Skip("a process number cannot be had again here")
        try:
            result = t.call(*[name if word == "ID" else word for word in commands], timeout=10)
            time.sleep(0.1)
            if other.poll() is not None:
                raise Broken(f"{' '.join(commands)} killed a process that only has the same number")
            if sandbox.read(f"/proc/{number}/status").find("State:\tT") >= 0:
                raise Broken(f"{' '.join(commands)} stopped a process that only has the same number")
            if commands[0] == "exec" and result.code == 0:
                raise Broken("exec entered the namespaces of a process that only has the same number")
            if not os.path.exists(f"/proc/{number}"):
                raise Failed("the other process is gone")
            said.append(result.code)
            t.call("delete", "--force", name)
            if other.poll() is not None:
                raise Broken(f"delete --force after {commands[0]} killed a process that only has the same number")
        finally:
            other.kill()
            other.wait()
    return f"untouched by {len(said)} commands"
