"""Bundles: what an ordinary engine asks for, in a root of its own; each attack spoils what it is about."""
import copy
import json
import os
import shutil

CAPABILITIES = ["CAP_" + name for name in
                "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP "
                "SETUID SYS_CHROOT".split()]
MASKED = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
QUIET = ["nosuid", "noexec", "nodev"]
MOUNTS = [
    {"destination": "/proc", "type": "proc", "source": "proc", "options": QUIET},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755"]},
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
     "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": QUIET + ["mode=1777"]},
    {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": QUIET},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": QUIET + ["ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": QUIET + ["ro"]},
]
APPLETS = "sh cat ls grep sleep true echo mkdir rmdir mount umount ln mv rm id touch head readlink stat chmod".split()


def default_config():
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/bin/true"], "cwd": "/",
            "env": ["PATH=/bin", "TERM=xterm"],
            "capabilities": {kind: list(CAPABILITIES) for kind in ("bounding", "effective", "permitted")},
        },
        "root": {"path": "rootfs", "readonly": False},
        "hostname": "inside",
        "mounts": copy.deepcopy(MOUNTS),
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts", "network", "cgroup")],
            "maskedPaths": list(MASKED), "readonlyPaths": list(READ_ONLY),
            "resources": {"devices": [{"allow": False, "access": "rwm"}]},
        },
    }


class Bundle:
    """config is a dictionary to change; root the path of the root file system."""

    def __init__(self, directory, tools):
        self.path = directory
        self.root = f"{directory}/rootfs"
        self.config = default_config()
        for name in ("bin", "proc", "dev", "sys", "tmp", "etc", "vol"):
            os.makedirs(f"{self.root}/{name}")
        shutil.copy("/usr/bin/busybox" if os.path.exists("/usr/bin/busybox") else "/bin/busybox", f"{self.root}/bin/busybox")
        for name in APPLETS:
            os.symlink("busybox", f"{self.root}/bin/{name}")
        for name in os.listdir(tools):
            shutil.copy(f"{tools}/{name}", f"{self.root}/bin/{name}")
        self.file("/etc/passwd", "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n")
        self.file("/etc/group", "root:x:0:\nuser:x:1000:\n")

    @property
    def process(self):
        return self.config["process"]

    @property
    def linux(self):
        return self.config["linux"]

    @property
    def mounts(self):
        return self.config["mounts"]

    def args(self, *arguments):
        self.process["args"] = list(arguments)
        return self

    def shell(self, script):
        return self.args("/bin/sh", "-c", script)

    def file(self, path, text="", mode=0o644):
        with open(self.root + path, "w") as file:
            file.write(text)
        os.chmod(self.root + path, mode)

    def bind(self, source, destination, *options):
        self.mounts.append({"destination": destination, "type": "bind", "source": source,
                            "options": ["rbind"] + list(options)})

    def without_mount(self, *destinations):
        self.config["mounts"] = [m for m in self.mounts if m["destination"] not in destinations]

    def without_namespace(self, *kinds):
        self.linux["namespaces"] = [n for n in self.linux["namespaces"] if n["type"] not in kinds]

    def join(self, kind, path):
        self.without_namespace(kind)
        self.linux["namespaces"].append({"type": kind, "path": path})

    def user_namespace(self):
        """Root inside is 100000 outside, who owns the root file system then."""
        self.linux["namespaces"].append({"type": "user"})
        for kind in ("uidMappings", "gidMappings"):
            self.linux[kind] = [{"containerID": 0, "hostID": 100000, "size": 65536}]
        os.chown(self.root, 100000, 100000)
        for where, directories, files in os.walk(self.root):
            for name in directories + files:
                os.chown(f"{where}/{name}", 100000, 100000, follow_symlinks=False)
        return self

    def write(self):
        with open(f"{self.path}/config.json", "w") as file:
            json.dump(self.config, file)
        return self.path
