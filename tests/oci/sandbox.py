"""A place where a runtime under test can do no harm: namespaces of its own, below cgroups of its own in every hierarchy.

`enter` starts a program there and removes what it left; `arrange` is the first thing that program does. In between a cgroup
namespace makes the sandbox's cgroups look like the hierarchies' roots: no path leads to a cgroup of the machine.
"""
import os
import shutil
import signal
import subprocess
import time

TOP = "/sys/fs/cgroup"
V1 = ("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "memory", "net_cls", "net_prio", "perf_event", "pids")


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        pass


def hierarchies():
    """Mount point and options of every cgroup file system of this mount namespace; those of version 2 have none."""
    found = {}
    for line in read("/proc/self/mountinfo").splitlines():
        fields, kind = (part.split() for part in line.split(" - "))
        if kind[0] == "cgroup" and fields[4] not in found:
            found[fields[4]] = [word for word in kind[2].split(",") if word in V1 or word.startswith("name=")]
        elif kind[0] == "cgroup2":
            found[fields[4]] = []
    return found


def below(cgroup):
    return [folder for folder, _, _ in os.walk(cgroup, topdown=False)]


def remove(cgroups):
    """Thaws, kills and removes the cgroups and all below them; those that are still there after five seconds."""
    deadline = time.monotonic() + 5
    while True:
        folders = [folder for cgroup in cgroups if os.path.isdir(cgroup) for folder in below(cgroup)]
        for folder in sorted(folders):
            for name, thawed in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
                if os.path.exists(f"{folder}/{name}"):
                    write(f"{folder}/{name}", thawed)
        for folder in folders:
            for pid in read(folder + "/cgroup.procs").split():
                if pid != "0":
                    try:
                        os.kill(int(pid), signal.SIGKILL)
                    except OSError:
                        pass
            try:
                os.rmdir(folder)
            except OSError:
                pass
        left = [cgroup for cgroup in cgroups if os.path.isdir(cgroup)]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def enter(command):
    """Runs `command` in a sandbox; its exit code."""
    name = f"rocker-oci-{os.getpid()}"
    cgroups = {}
    for point, options in hierarchies().items():
        cgroups[f"{point}/{name}"] = options
        os.mkdir(f"{point}/{name}")
        for setting in ("cpuset.cpus", "cpuset.mems") if "cpuset" in options else ():
            write(f"{point}/{name}/{setting}", read(f"{point}/{setting}"))

    def join():
        for cgroup in cgroups:
            write(cgroup + "/cgroup.procs", "0")
    try:
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--ipc", "--uts", "--net", "--cgroup", *command],
            preexec_fn=join, stdin=subprocess.DEVNULL).returncode
    finally:
        for cgroup in remove(list(cgroups)):
            print(f"left behind: {cgroup}", flush=True)


def arrange():
    """Mounts what a runtime expects of a machine. Called once by the program that `enter` runs."""
    def mount(*words):
        subprocess.run(["mount", *words], check=True)
    points = hierarchies()
    unified = points.get(TOP) == []
    if unified:
        mount("-t", "cgroup2", "cgroup2", TOP)
        # Controllers are handed down only by a cgroup without processes.
        os.mkdir(TOP + "/driver")
        write(TOP + "/driver/cgroup.procs", "0")
        for controller in read(TOP + "/cgroup.controllers").split():
            write(TOP + "/cgroup.subtree_control", "+" + controller)
    else:
        mount("-t", "tmpfs", "-o", "mode=755", "cgroup", TOP)
        for point, options in points.items():
            if point.startswith(TOP + "/") and options:
                os.makedirs(point, exist_ok=True)
                named = [option for option in options if "=" in option]
                mount("-t", "cgroup", "-o", ",".join(["none"] + named if named else options), "cgroup", point)
    mount("-t", "tmpfs", "-o", "mode=755", "run", "/run")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False)


def empty(folder):
    """Removes what is in `folder`, and never what was mounted there."""
    for line in reversed(read("/proc/self/mountinfo").splitlines()):
        point = line.split()[4]
        if point.startswith(folder + "/"):
            subprocess.run(["umount", "--lazy", point], stderr=subprocess.DEVNULL)
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)


def litter():
    """Ends and removes what a test has left in the sandbox: its cgroups, its other processes, its files in /run."""
    unified = os.path.exists(TOP + "/cgroup.procs")
    roots = [TOP] if unified else [f"{TOP}/{name}" for name in os.listdir(TOP)]
    remove([entry.path for root in roots for entry in os.scandir(root) if entry.is_dir() and entry.name != "driver"])
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) not in (1, os.getpid()) and read(f"/proc/{pid}/cmdline"):
            try:
                os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                break
        except ChildProcessError:
            break
    empty("/run")
