"""overlay_view: what a container would see of layers, read through a real overlay mount in a mount namespace of its own."""
import ctypes
import os
import pickle
import stat

CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
libc = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


class Item:
    """One file of the view. `data` is what is in it (files up to 16 MiB), `target` where a link leads."""

    def __init__(self, path):
        status = os.lstat(path)
        self.kind = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink", stat.S_IFCHR: "char",
                     stat.S_IFBLK: "block", stat.S_IFIFO: "fifo"}.get(stat.S_IFMT(status.st_mode), "?")
        self.mode, self.uid, self.gid = stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid
        self.size, self.mtime, self.inode, self.blocks = status.st_size, status.st_mtime_ns, status.st_ino, status.st_blocks
        self.device = (os.major(status.st_rdev), os.minor(status.st_rdev))
        self.target = os.readlink(path) if self.kind == "symlink" else None
        self.data = None
        if self.kind == "file" and status.st_size <= 1 << 24:
            with open(path, "rb") as opened:
                self.data = opened.read()
        self.xattrs = {}
        try:
            for name in os.listxattr(path, follow_symlinks=False):
                self.xattrs[name] = os.getxattr(path, name, follow_symlinks=False)
        except OSError:
            pass


def walk(root):
    """path (bytes, relative; b"" is the root) -> Item. A listed name that does not exist becomes None: a phantom."""
    items = {b"": Item(root)}
    pending = [b""]
    while pending:
        parent = pending.pop()
        for name in os.listdir(os.path.join(root, parent) if parent else root):
            path = os.path.join(parent, name) if parent else name
            full = os.path.join(root, path)
            try:
                items[path] = Item(full)
            except FileNotFoundError:
                items[path] = None
                continue
            if items[path].kind == "directory":
                pending.append(path)
    return items


def view(lower, base):
    """What is seen of `lower`, layer directories, lowest first. `base`: an empty directory to work in."""
    base = os.fsencode(base)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            checked(libc.unshare(CLONE_NEWNS), "unshare")
            checked(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "make the mounts private")
            checked(libc.mount(b"overlay", base, b"overlay", 0, b"userxattr,lowerdir=" + b":".join(map(os.fsencode, reversed(lower)))),
                    "mount the overlay")
            outcome = walk(base)
        except BaseException as error:
            outcome = error
        with os.fdopen(writing, "wb") as out:
            pickle.dump(outcome, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        outcome = pickle.load(source)
    os.waitpid(child, 0)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
