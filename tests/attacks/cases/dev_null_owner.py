"""The host's /dev/null keeps its owner and its mode, whoever the container runs as and whatever its streams are.

Streams that are /dev/null, a user namespace, --user, terminals, read-only roots, masks made of it; run and exec."""


def attack(t):
    look = t.nodes_intact
    runs = 0
    with open("/dev/null", "r+b", buffering=0) as null:
        streams = {"stdin": null}
        for mapped in (False, True):
            for user in (0, 1000):
                for bound in (False, True):
                    bundle = t.bundle()
                    bundle.process["user"] = {"uid": user, "gid": user}
                    if bound:
                        bundle.linux["devices"] = [{"path": "/dev/null", "type": "c", "major": 1, "minor": 3, "fileMode": 0o600,
                                                    "uid": 77, "gid": 77}]
                        bundle.bind("/dev/null", "/dev/zero")
                        bundle.bind("/dev/zero", "/etc/group")
                    if mapped:
                        bundle.user_namespace()
                    what = f"user {user}{', in a user namespace' if mapped else ''}{', nodes bound' if bound else ''}"
                    t.run(bundle, **streams)
                    look(f"run, {what}")
                    bundle.process["terminal"] = True
                    name = t.start(bundle.args("/bin/sleep", "100"), "--console-socket", t.console().path)
                    look(f"run with a terminal, {what}")
                    t.call("delete", "--force", name)
                    bundle.process["terminal"] = False
                    name = t.start(bundle)
                    for options in ([], ["--user", "1000:1000"], ["--user", "7:7"],
                                    ["--tty", "--console-socket", t.console().path]):
                        t.exec(name, *options, ["/bin/true"], **streams)
                        look(f"exec {' '.join(options[:2])}, {what}")
                    t.call("delete", "--force", name)
                    look(f"delete, {what}")
                    runs += 7
    return f"after {runs} runs as before"
