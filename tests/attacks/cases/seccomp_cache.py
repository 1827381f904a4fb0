"""A runtime that keeps compiled filters is given others in their place: the profile of the configuration holds all the same.

Every file that a run leaves in the state directory is cut, emptied, filled with the bytes of a profile that allows all, given
to another user or made a link; and its directory belongs to another user. (The other profile's bytes in a file of the right
owner are what a colliding name would give: only who compares the whole input sees them.)"""
import os

from attempt import Broken, Failed


def attack(t):
    def profiled(name, denied):
        bundle = t.bundle(name)
        bundle.linux["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
            {"names": denied, "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
        return bundle.shell("mkdir /tmp/made && echo made && rmdir /tmp/made; true")

    def kept():
        return {os.path.join(where, name) for where, _, names in os.walk(t.root) for name in names}

    def content(path):
        with open(path, "rb") as file:
            return file.read()

    strict, loose = profiled("strict", ["mkdir", "mkdirat"]), profiled("loose", ["acct"])
    if t.run(strict).out:
        raise Broken("the filter does not hold at all")
    good = {path: content(path) for path in kept()}
    if t.run(loose).out != "made\n":
        raise Failed("the other profile does not allow what it should")
    other = [content(path) for path in kept() - set(good)]
    trap = t.secret("trap", "not a filter\n")
    t.guard()

    def spoil(path, how):
        if os.path.lexists(path):
            os.unlink(path)
        if how == "a link":
            os.symlink(trap, path)
            return
        bytes_ = {"empty": b"", "cut": good[path][:-9], "changed at its end": good[path][:-8] + b"\6\0\0\0\0\0\377\177",
                  "another's": good[path]}.get(how, other[0] if other else b"x")
        with open(path, "wb") as file:
            file.write(bytes_)
        if how == "another's":
            os.chown(path, 1000, 1000)
        if how == "open to all":
            os.chmod(path, 0o666)

    tried = 0
    for how in ("empty", "cut", "changed at its end", "the other profile's", "another's", "open to all", "a link"):
        for path in good:
            spoil(path, how)
        for _ in range(2):
            result = t.run(strict)
            t.no_crash(result, f"a kept filter is {how}")
            t.intact(f"a kept filter is {how}")
            if result.out:
                raise Broken(f"a kept filter is {how}: the profile does not hold")
            tried += 1
    for path in good:
        os.chown(os.path.dirname(path), 1000, 1000)
        os.chmod(os.path.dirname(path), 0o777)
        if t.run(strict).out:
            raise Broken("the filters' directory is another user's: the profile does not hold")
    return f"{len(good)} kept files, {tried} runs, the profile holds"
