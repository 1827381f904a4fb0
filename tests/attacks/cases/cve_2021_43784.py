"""CVE-2021-43784: lengths wrap at 64 kB on the way to the runtime's own child: namespace paths, id mappings.

The path is as long as 16 bits wrap, and a little more; or there are thousands of mappings. All is refused without a crash;
if it runs, it runs in the namespaces that were asked for."""
from attempt import Broken


def attack(t):
    tried = 0
    for length in (4095, 4096, 65519, 65531, 65535, 65536, 65540, 70000, 131076):
        for kind in ("network", "pid", "user"):
            bundle = t.bundle()
            bundle.without_namespace(kind)
            path = "/proc/self/ns/" + {"network": "net"}.get(kind, kind)
            path = "/" * (length - len(path)) + path
            bundle.linux["namespaces"].append({"type": kind, "path": path})
            result = t.run(bundle.args("/bin/probe", "ns"), timeout=10)
            what = f"a {kind} namespace path of {length} bytes"
            t.no_crash(result, what)
            if result.code == 0 and length >= 4096:
                raise Broken(f"{what} is longer than PATH_MAX, and the container runs")
            tried += 1
    for count in (341, 3000, 20000):
        bundle = t.bundle()
        bundle.user_namespace()
        for kind in ("uidMappings", "gidMappings"):
            bundle.linux[kind] = [{"containerID": i, "hostID": 100000 + i, "size": 1} for i in range(count)]
        # What the kernel says when only the first part of the mappings arrived.
        result = t.run(bundle.shell("cat /proc/self/uid_map /proc/self/gid_map"))
        what = f"{count} id mappings"
        t.no_crash(result, what)
        lines = len(result.out.splitlines())
        if result.code == 0 and lines != 2 * count:
            raise Broken(f"{what}: the container runs with {lines} lines in its two maps")
        tried += 1
    return f"{tried} lengths and counts, none wrapped"
