"""Configurations, environments and arguments without measure: refused or carried out, never a crash, nothing left behind.

Nested JSON, a string of 64 MB, 50,000 variables, arguments beyond the kernel's limits, thousands of mounts, masks, devices,
hooks, rlimits, and names with zero bytes and without end."""
import json
import os

from attempt import Broken


def attack(t):
    def deep(bundle):
        bundle.config["annotations"] = {"deep": "@"}
        return lambda text: text.replace('"@"', "[" * 2000000 + "]" * 2000000)

    def objects(bundle):
        bundle.config["annotations"] = {"deep": "@"}
        return lambda text: text.replace('"@"', '{"a":' * 500000 + "1" + "}" * 500000)

    def cut(bundle):
        return lambda text: text[:-7]

    floods = {
        "arrays nested two million times": deep,
        "objects nested half a million times": objects,
        "a file that ends early": cut,
        "an empty file": lambda b: lambda text: "",
        "no object": lambda b: lambda text: "[1, 2]",
        "zero bytes behind the end": lambda b: lambda text: text + "\0" * 1000,
        "a string of 64 MB": lambda b: b.config.update(annotations={"long": "x" * (64 << 20)}),
        "50,000 variables": lambda b: b.process["env"].extend(f"V{i}=x" for i in range(50000)),
        "a variable of 1 MB": lambda b: b.process["env"].append("V=" + "x" * (1 << 20)),
        "variables without =": lambda b: b.process["env"].extend(["", "=", "=x", "x", "PATH"]),
        "a variable with a zero byte": lambda b: b.process["env"].append("A=b\0C=d"),
        "200,000 arguments": lambda b: b.process["args"].extend(["x"] * 200000),
        "an argument of 4 MB": lambda b: b.process["args"].append("x" * (4 << 20)),
        "no argument": lambda b: b.process.update(args=[]),
        "an empty program": lambda b: b.process.update(args=[""]),
        "a program with a zero byte": lambda b: b.process.update(args=["/bin/true\0/bin/sh"]),
        "a working directory of 100 kB": lambda b: b.process.update(cwd="/" + "x" * 100000),
        "20,000 masked paths": lambda b: b.linux["maskedPaths"].extend(f"/no/{i}" for i in range(20000)),
        "20,000 additional groups": lambda b: b.process["user"].update(additionalGids=list(range(20000))),
        "70,000 additional groups": lambda b: b.process["user"].update(additionalGids=list(range(70000))),
        "a host name of 70,000 bytes": lambda b: b.config.update(hostname="x" * 70000),
        "a host name with a zero byte": lambda b: b.config.update(hostname="a\0b"),
        "a mount's data of 100 kB": lambda b: b.mounts.append(
            {"destination": "/vol", "type": "tmpfs", "source": "t", "options": ["mode=755"] + ["size=1m"] * 12000}),
        "a destination of 100 kB": lambda b: b.mounts.append(
            {"destination": "/vol" + "/x" * 50000, "type": "tmpfs", "source": "t", "options": []}),
        "a destination with a zero byte": lambda b: b.mounts.append(
            {"destination": "/vol\0/x", "type": "tmpfs", "source": "t", "options": []}),
        "a cgroup path of 100 kB": lambda b: b.linux.update(cgroupsPath="/" + "y" * 100000),
        "a cgroup path that climbs": lambda b: b.linux.update(cgroupsPath="/../../../climbed"),
        "a sysctl that climbs": lambda b: b.linux.update(sysctl={"kernel/../../self/oom_score_adj": "5"}),
        "numbers without end": lambda b: lambda text: text.replace('"uid": 0', '"uid": ' + "9" * 100000),
        "limits without end": lambda b: b.linux["resources"].update(memory={"limit": 2**70}, pids={"limit": -2**63}),
        "a key ten thousand times": lambda b: lambda text: text.replace('"ociVersion"', '"hostname": "a", ' * 10000 + '"ociVersion"'),
        "bytes that are not UTF-8": lambda b: lambda text: text.replace("inside", "in\udcff\udcfeside"),
    }
    before = set(os.listdir("/sys/fs/cgroup/memory"))
    above = set(os.listdir("/sys/fs/cgroup"))
    refused = 0
    for what, change in floods.items():
        bundle = t.bundle()
        spoil = change(bundle)
        bundle.linux.setdefault("cgroupsPath", f"/{os.path.basename(t.dir)}")
        text = json.dumps(bundle.config)
        text = spoil(text) if callable(spoil) else text
        with open(f"{bundle.path}/config.json", "w", errors="surrogateescape") as file:
            file.write(text)
        name = t.new_id()
        result = t.call("run", "--bundle", bundle.path, name, timeout=30)
        t.no_crash(result, what)
        if result.code == 0 and what in ("a file that ends early", "an empty file", "no object", "no argument",
                                         "a program with a zero byte", "a destination with a zero byte",
                                         "a sysctl that climbs", "a host name of 70,000 bytes"):
            raise Broken(f"{what}: the container runs")
        refused += result.code != 0
        if set(os.listdir("/sys/fs/cgroup")) != above:
            raise Broken(f"{what}: a directory was made above the hierarchies")
        if os.path.isdir(f"{t.root}/{name}"):
            raise Broken(f"{what}: {name} is left in the state directory ({result.message})")
        left = {entry for entry in os.listdir("/sys/fs/cgroup/memory")} - before
        if left:
            raise Broken(f"{what}: the cgroup {left.pop()[:40]} is left behind")
    return f"{refused} of {len(floods)} refused, no crash, nothing left"
