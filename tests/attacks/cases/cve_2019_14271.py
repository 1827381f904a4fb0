"""CVE-2019-14271: the runtime loads a library, a locale or a name service from the container's root file system.

Everything that a dynamic program could look for lies in the root, watched by inotify; run and exec as a user with a name
and a terminal, with LD_PRELOAD in the container's environment. The container's program is static: nothing may be opened."""
import ctypes
import os
import struct

from attempt import Broken

LIBRARIES = ("libnss_files.so.2 libnss_compat.so.2 libnss_dns.so.2 libnss_systemd.so.2 libc.so.6 libgcc_s.so.1 libseccomp.so.2 "
             "libcap.so.2 libpthread.so.0 libyajl.so.2 libsystemd.so.0 libselinux.so.1 libkrun.so.1 preload.so "
             "libpcre2-8.so.0 libm.so.6 libdl.so.2 libcriu.so.2").split()
FILES = ("/etc/nsswitch.conf /etc/ld.so.cache /etc/ld.so.preload /etc/locale.alias /etc/login.defs "
         "/usr/lib/locale/locale-archive /usr/share/locale/locale.alias /usr/lib/x86_64-linux-gnu/gconv/gconv-modules "
         "/usr/lib/locale/C.utf8/LC_CTYPE /usr/share/zoneinfo/UTC /etc/host.conf /etc/selinux/config /etc/ssl/openssl.cnf "
         "/lib64/ld-linux-x86-64.so.2 /usr/lib/python3.11/gettext.py").split()
IN_ACCESS, IN_MODIFY, IN_OPEN = 1, 2, 0x20


def attack(t):
    bundle = t.bundle()
    paths = [f"{place}/{name}" for place in ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/lib64")
             for name in LIBRARIES] + FILES
    libc = ctypes.CDLL(None)
    watcher = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    names = {}
    for path in paths:
        os.makedirs(os.path.dirname(bundle.root + path), exist_ok=True)
        bundle.file(path, "not what you look for\n", 0o755)
        names[libc.inotify_add_watch(watcher, (bundle.root + path).encode(), IN_ACCESS | IN_MODIFY | IN_OPEN)] = path
    bundle.process["env"] += ["LD_PRELOAD=/lib/preload.so", "LD_LIBRARY_PATH=/lib", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8",
                              "GCONV_PATH=/lib", "LOCPATH=/usr/lib/locale", "TZ=UTC"]

    def opened(what):
        try:
            events = os.read(watcher, 65536)
        except BlockingIOError:
            return
        number = struct.unpack_from("i", events)[0]
        raise Broken(f"{what}: {names[number]} of the container was opened")

    environment = dict(os.environ, LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8", TZ="UTC")
    t.run(bundle.args("/bin/true"), env=environment)
    opened("run")
    bundle.process["user"] = {"uid": 1000, "gid": 1000}
    t.run(bundle, env=environment)
    opened("run as a user")
    bundle.process["user"] = {"uid": 0, "gid": 0}
    name = t.must_start(bundle.args("/bin/sleep", "100"), env=environment)
    t.exec(name, ["/bin/true"], env=environment)
    opened("exec")
    t.exec(name, "--user", "1000:1000", ["/bin/true"], env=environment)
    opened("exec as a user")
    t.exec(name, ["no-such-program"], env=environment)
    opened("exec of a program that does not exist")
    console = t.console()
    t.exec(name, "--tty", "--console-socket", console.path, ["/bin/true"], env=environment)
    opened("exec with a terminal")
    t.call("delete", "--force", name)
    opened("delete")
    return f"none of {len(paths)} files was opened"
