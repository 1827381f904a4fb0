"""CVE-2026-30892, CVE-2016-3697: exec --user and the configuration's uid, read loosely, become root.

What is not a plain decimal number within 0 … 4294967294, or a name that the runtime knows, is refused; also when
/etc/passwd of the image has an entry with a number for its name, which is somebody else."""
from attempt import Broken, Failed

BAD = ["-1", "4294967295", "4294967296", "+0", "+1", "0x0", "0x1", " 0", "0 ", "1.0", "1e3", "1:-1", "1:4294967295", "1:4294967296",
       "1:+0", "1:0x0", "1:", ":1", ":", "1:1:1", "18446744073709551616", "18446744073709551617", "9223372036854775808",
       "-4294967296", "4294967297", "1\n", "1,1", "root ", "1 :1", "1:1 ", "\t1"]
GOOD = {"1": "1:0", "1:2": "1:2", "0": "0:0", "1000:1000": "1000:1000", "4294967294:4294967294": "4294967294:4294967294",
        "31337:5": "31337:5"}
CONFIG = [-1, 4294967295, 4294967296, 4294967297, 18446744073709551616, 18446744073709551615, 1.5, "0", None, True, 1e30, -0.5]


def identity(out):
    """uid:gid of the four lines Uid and Gid of /proc/self/status; every one of the four must agree."""
    found = []
    for key in ("Uid:", "Gid:"):
        numbers = {number for line in out.splitlines() if line.startswith(key) for number in line.split()[1:]}
        found.append("/".join(sorted(numbers)))
    return ":".join(found)


def attack(t):
    show = ["/bin/grep", "^[UG]id:", "/proc/self/status"]
    bundle = t.bundle()
    for number in ("31337", "-1", "1", "+1"):
        with open(f"{bundle.root}/etc/passwd", "a") as file:
            file.write(f"{number}:x:0:0::/:/bin/sh\n")
    name = t.must_start(bundle.args("/bin/sleep", "100"))
    for user in BAD:
        result = t.exec(name, "--user", user, show)
        t.no_crash(result, f"--user {user!r}")
        if result.code == 0:
            raise Broken(f"--user {user!r} runs as {identity(result.out)}")
    for user, wanted in GOOD.items():
        result = t.exec(name, "--user", user, show)
        if result.code != 0:
            raise Failed(f"--user {user} is refused: {result.message}")
        if identity(result.out) != wanted:
            raise Broken(f"--user {user} runs as {identity(result.out)}")
    for key in ("uid", "gid"):
        for value in CONFIG:
            bundle = t.bundle("second").args(*show)
            bundle.process["user"] = {"uid": 7, "gid": 7, key: value}
            result = t.run(bundle)
            t.no_crash(result, f"{key} {value!r} in config.json")
            # null is as good as nothing for a reader of JSON: root, as where nothing stands.
            if result.code == 0 and value is not None:
                raise Broken(f"{key} {value!r} in config.json runs as {identity(result.out)}")
    return f"{len(BAD)} users and {2 * len(CONFIG)} ids refused, {len(GOOD)} as they should be"
