"""Hooks inherit nothing: no descriptor above 2, for those of the host and for startContainer, which is the image's program.

Each hook lists its descriptors into a file; the caller leaks a directory of the host on purpose. startContainer's working
directory does not lead out of the container."""
import os

from attempt import Broken, Failed

HOST_SIDE = ("prestart", "createRuntime", "poststart", "poststop")


def attack(t):
    secret = t.secret()
    log = f"{t.dir}/log"
    os.mkdir(log)
    leaked = os.open(t.host, os.O_RDONLY | os.O_DIRECTORY)
    bundle = t.bundle()
    bundle.config["hooks"] = {
        kind: [{"path": "/bin/sh", "args": ["sh", "-c", f"{t.tools}/probe fds > {log}/{kind}"]}] for kind in HOST_SIDE}
    bundle.config["hooks"]["createContainer"] = [
        {"path": "/bin/sh", "args": ["sh", "-c", f"{t.tools}/probe fds > {log}/createContainer"]}]
    bundle.config["hooks"]["startContainer"] = [
        {"path": "/bin/sh", "args": ["sh", "-c", f"(/bin/probe fds; /bin/probe cwd {secret.lstrip('/')}) > /tmp/startContainer"]}]
    try:
        result = t.run(bundle, pass_fds=[leaked])
    finally:
        os.close(leaked)
    if result.code != 0:
        raise Failed(result.message)
    ran = []
    for kind in (*HOST_SIDE, "createContainer", "startContainer"):
        path = f"{bundle.root}/tmp/{kind}" if kind == "startContainer" else f"{log}/{kind}"
        if not os.path.exists(path):
            continue
        ran.append(kind)
        with open(path) as file:
            for line in file:
                if line.startswith("fd "):
                    raise Broken(f"{kind}: descriptor {line[3:].strip()} is open")
                if line.startswith(("climbed", "cwd (unreachable)")):
                    raise Broken(f"{kind}: {line.strip()}")
    if "startContainer" not in ran:
        raise Failed(f"only {', '.join(ran)} ran")
    return f"nothing open in {', '.join(ran)}"
