"""The pid file, the state directory and the container's name lead elsewhere by links and by "..".

A pid file that is a link is replaced, not followed; a name is a name; a container's directory that is a link is neither used
nor emptied; state.json cannot be a link to a file of the host."""
import os

from attempt import Broken

NAMES = ["../climbed", "..", ".", "", "a/b", "/climbed", "a\nb", "x" * 5000, "a/../../climbed", "./a", "a b", "*", "$(id)", "a\t"]


def attack(t):
    secret = t.secret()
    os.makedirs(f"{t.host}/directory")
    t.secret("directory/kept")
    t.secret("directory/state.json", "{}")
    t.secret("directory/status", "{}")
    t.guard()
    for name in ("link", "absent"):
        os.symlink(secret if name == "link" else f"{t.host}/absent", f"{t.dir}/{name}.pid")
    bundle = t.bundle().args("/bin/sleep", "100")
    for link in ("link", "absent"):
        name = t.must_start(bundle, "--pid-file", f"{t.dir}/{link}.pid")
        t.intact(f"run with a pid file that is a link ({link})")
        t.exec(name, "--pid-file", f"{t.dir}/{link}.pid", ["/bin/true"])
        t.intact(f"exec with a pid file that is a link ({link})")
        t.call("delete", "--force", name)
    bundle.args("/bin/true")
    accepted = []
    os.makedirs(t.root, exist_ok=True)
    for name in NAMES:
        before = set(os.listdir(t.dir)) | set(os.listdir(t.root))
        result = t.call("run", "--bundle", bundle.write(), name)
        t.no_crash(result, f"the name {name[:20]!r}")
        after = set(os.listdir(t.dir)) | set(os.listdir(t.root))
        if after - before:
            raise Broken(f"the name {name[:20]!r} made {(after - before).pop()!r}")
        if result.code == 0:
            accepted.append(name)
        for command in (["delete", "--force"], ["kill"], ["state"]):
            t.call(*command, name)
        if not os.path.isdir(t.root):
            raise Broken(f"delete {name!r} removed the root of all states")
        t.intact(f"the name {name[:20]!r}")
    if accepted:
        raise Broken(f"accepted names: {accepted}")
    # A directory of a container that is a link to one of the host.
    os.symlink(f"{t.host}/directory", f"{t.root}/linked")
    for command in (["run", "--bundle", bundle.path], ["create", "--bundle", bundle.path], ["start"], ["kill"], ["state"],
                    ["delete"], ["delete", "--force"]):
        result = t.call(*command, "linked")
        t.no_crash(result, f"{command[0]} of a directory that is a link")
        t.intact(f"{' '.join(command[:2] if command[0] == 'delete' else command[:1])} of a container whose directory is a link")
    if os.path.lexists(f"{t.root}/linked"):
        os.unlink(f"{t.root}/linked")
    # The root of all states is a link, as /run may be: that is the administrator's, and works.
    return f"{len(NAMES)} names refused, links replaced and not followed"
