"""Where the attacks happen: private mount, pid, ipc, uts, network and cgroup namespaces, below cgroups of their own. The
machine's files are read-only there; /tmp, /run and /dev are tmpfs, and the v1 hierarchies are mounted on one as well
(crun refuses hybrid hosts otherwise). An attack that succeeds reaches files made for it, never the machine's."""
import ctypes
import os
import signal
import sys
import time

V1 = ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd"]
TOP = "/sys/fs/cgroup"
HERE = "/mnt"  # this folder, inside
NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
NODES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
libc = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def unshare(flags):
    checked(libc.unshare(flags), "unshare")


def mount(source, target, kind=None, flags=0, data=None):
    def text(value):
        return None if value is None else os.fsencode(value)
    checked(libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(data)), f"mount {target}")


def write(path, text):
    try:
        with open(path, "w") as file:
            file.write(text)
        return True
    except OSError:
        return False


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def cgroups_below(top):
    """Deepest first, by directory descriptors: paths may be longer than PATH_MAX. Yields (parent descriptor, name)."""
    for name in [entry.name for entry in os.scandir(top) if entry.is_dir(follow_symlinks=False)]:
        child = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
        try:
            yield from cgroups_below(child)
        finally:
            os.close(child)
        yield top, name


def clean_cgroup(path):
    """Thaws, kills and removes everything below the cgroup at path; how many cgroups there were."""
    found = 0
    sys.setrecursionlimit(20000)

    def put(directory, name, file, text):
        try:
            descriptor = os.open(f"{name}/{file}", os.O_WRONLY, dir_fd=directory)
        except OSError:
            return
        try:
            os.write(descriptor, text)
        except OSError:
            pass
        os.close(descriptor)

    for _ in range(100):
        left = 0
        top = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for directory, name in cgroups_below(top):
                left += 1
                put(directory, name, "freezer.state", b"THAWED")
                put(directory, name, "cgroup.freeze", b"0")
                try:
                    with open(os.open(f"{name}/cgroup.procs", os.O_RDONLY, dir_fd=directory)) as procs:
                        for pid in procs.read().split():
                            if int(pid) not in (0, 1, os.getpid()):
                                os.kill(int(pid), signal.SIGKILL)
                except OSError:
                    pass
                try:
                    os.rmdir(name, dir_fd=directory)
                except OSError:
                    pass
        finally:
            os.close(top)
        found = max(found, left)
        if not left:
            break
        time.sleep(0.02)
    return found


def hierarchies():
    return [name for name in V1 + ["unified"] if os.path.isdir(f"{TOP}/{name}")]


def furnish():
    """The inside of the mount namespace."""
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    attributes = (ctypes.c_uint64 * 4)(MS_RDONLY, 0, 0, 0)
    checked(libc.syscall(442, -100, b"/", 0x8000, ctypes.byref(attributes), ctypes.sizeof(attributes)),
            "mount_setattr /")
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    controllers = [line.split()[0] for line in read("/proc/cgroups").splitlines()[1:]]
    mount("cgroup", TOP, "tmpfs", data="mode=755")
    for name in V1:
        if name == "systemd" or name in controllers:
            os.mkdir(f"{TOP}/{name}")
            mount("cgroup", f"{TOP}/{name}", "cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                  "none,name=systemd" if name == "systemd" else name)
    # Wherever this is, also below what is covered now.
    mount(os.path.dirname(os.path.abspath(__file__)), HERE, None, MS_BIND)
    mount("run", "/run", "tmpfs", data="mode=755")
    mount("tmp", "/tmp", "tmpfs", data="mode=755,size=2g")
    mount("dev", "/dev", "tmpfs", data="mode=755")
    for name, number in NODES.items():
        os.mknod(f"/dev/{name}", 0o020666, os.makedev(*number))
        os.chmod(f"/dev/{name}", 0o666)
    for name in ("pts", "shm", "mqueue"):
        os.mkdir(f"/dev/{name}")
    mount("devpts", "/dev/pts", "devpts", data="newinstance,ptmxmode=0666,mode=0620")
    mount("shm", "/dev/shm", "tmpfs", data="mode=1777")
    os.symlink("pts/ptmx", "/dev/ptmx")
    os.symlink("/proc/self/fd", "/dev/fd")


def enter(work):
    """Runs work() inside; its exit code, with nothing left behind."""
    name = f"rocker-attacks-{os.getpid()}"
    own = [f"{TOP}/{hierarchy}/{name}" for hierarchy in hierarchies()]
    for path in own:
        os.mkdir(path)
        if path.startswith(f"{TOP}/cpuset/"):
            write(f"{path}/cpuset.cpus", read(f"{TOP}/cpuset/cpuset.cpus"))
            write(f"{path}/cpuset.mems", read(f"{TOP}/cpuset/cpuset.mems"))
        if path.startswith(f"{TOP}/pids/"):
            write(f"{path}/pids.max", "1000")
    sys.stdout.flush()
    outer = os.fork()
    if outer == 0:
        try:
            libc.prctl(1, signal.SIGKILL)
            for path in own:
                write(f"{path}/cgroup.procs", "0")
            unshare(NEWNS | NEWPID | NEWIPC | NEWUTS | NEWNET | NEWCGROUP)
            os._exit(first(work))
        except BaseException as error:
            print(f"the sandbox cannot be made: {error}", file=sys.stderr, flush=True)
            os._exit(2)

    def stop(*_):
        os.kill(outer, signal.SIGKILL)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    _, status = os.waitpid(outer, 0)
    for path in own:
        clean_cgroup(path)
        for _ in range(200):
            try:
                os.rmdir(path)
                break
            except OSError:
                time.sleep(0.02)
        else:
            print(f"{path} is left behind", file=sys.stderr)
    return os.waitstatus_to_exitcode(status) & 255


def first(work):
    """Process 1 of the pid namespace: furnishes, starts work(), reaps."""
    inner = os.fork()
    if inner:
        return os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 255
    libc.prctl(1, signal.SIGKILL)
    furnish()
    worker = os.fork()
    if worker == 0:
        os.setpgid(0, 0)
        code = 2
        try:
            code = work()
        except BaseException:
            import traceback
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)
    while True:
        pid, status = os.wait()
        if pid == worker:
            os._exit(os.waitstatus_to_exitcode(status) & 255)
