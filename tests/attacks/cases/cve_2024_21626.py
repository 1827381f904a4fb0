"""CVE-2024-21626: a descriptor of the host leaks into the container, and the working directory is /proc/self/fd/N.

run and exec, with the directory named outright and through a link of the image; a caller that leaks descriptors itself;
and every descriptor that is visible inside is listed: there must be none above 2."""
import os

from attempt import Broken

SPREAD = range(3, 24)


def look(result, what, name):
    for line in result.out.splitlines():
        if line.startswith("climbed"):
            raise Broken(f"{what}: host/{name} read through {line.split(' ', 1)[1][:60]}")
        if line.startswith("cwd (unreachable)"):
            raise Broken(f"{what}: the working directory is outside: {line[4:]}")
        if line.startswith("fd "):
            raise Broken(f"{what}: descriptor {line[3:]} is open inside")


def attack(t):
    secret = t.secret()
    relative = secret.lstrip("/")
    leaked = os.open(t.host, os.O_RDONLY | os.O_DIRECTORY)
    refused, inside = 0, []
    try:
        bundle = t.bundle().shell(f"/bin/probe fds; /bin/probe cwd {relative}")
        plain = t.run(bundle)
        look(plain, "run", "secret")
        look(t.run(bundle, pass_fds=[leaked]), "run by a caller that leaks a descriptor", "secret")
        for number in SPREAD:
            bundle.process["cwd"] = f"/proc/self/fd/{number}"
            result = t.run(bundle)
            refused += result.code != 0
            inside += [f"run {number}: {result.out.strip()}"] if result.code == 0 else []
            look(result, f"run in /proc/self/fd/{number}", "secret")
        bundle.process["cwd"] = f"/proc/self/fd/{leaked}"
        look(t.run(bundle, pass_fds=[leaked]), "run in the descriptor that the caller leaks", "secret")
        bundle.process["cwd"] = "/"

        bundle = t.bundle("second").args("/bin/sleep", "100")
        for number in SPREAD:
            os.symlink(f"/proc/self/fd/{number}", f"{bundle.root}/link{number}")
        name = t.must_start(bundle, pass_fds=[leaked])
        command = ["/bin/sh", "-c", f"/bin/probe fds; /bin/probe cwd {relative}"]
        plain = t.exec(name, command)
        if plain.code != 0 or "cwd" not in plain.out:
            raise Broken(f"exec does not work: {plain.message}")
        look(plain, "exec", "secret")
        look(t.exec(name, command, pass_fds=[leaked]), "exec by a caller that leaks a descriptor", "secret")
        look(t.exec(name, "--cwd", f"/proc/self/fd/{leaked}", command, pass_fds=[leaked]),
             "exec in the descriptor that the caller leaks", "secret")
        for number in SPREAD:
            for directory in (f"/proc/self/fd/{number}", f"/link{number}"):
                result = t.exec(name, "--cwd", directory, command)
                refused += result.code != 0
                inside += [f"exec {directory}: {result.out.strip()}"] if result.code == 0 else []
                look(result, f"exec in {directory}", "secret")
            inner = f"/proc/self/fd/{number}/../../../bin/probe"
            look(t.exec(name, [inner, "cwd", relative]), f"exec of {inner}", "secret")
    finally:
        os.close(leaked)
    return f"{refused} of {3 * len(SPREAD)} refused, no descriptor above 2 inside{'; inside: ' if inside else ''}{', '.join(inside)}"
