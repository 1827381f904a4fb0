"""run_layer_cases.py PROGRAMS ROOT: imports every case of layer_cases.py and hostile_cases.py into the helper behind ROCKER_SOCKET.

ROOT/state is that helper's. One line for what fails; the last line is "passed failed", for the shell.
"""
import os
import subprocess
import sys
import time

from hostile_cases import hostile_cases
from layer_cases import layer_cases
from overlay_view import view, walk

PROGRAMS, ROOT = sys.argv[1:3]
STATE = ROOT + "/state"
VICTIM = ROOT + "/victim"


def rocker(*arguments):
    return subprocess.run([PROGRAMS + "/rocker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def done(*arguments):
    outcome = rocker(*arguments)
    if outcome.returncode != 0:
        raise RuntimeError(f"rocker {' '.join(arguments)}: {outcome.stderr.strip()}")
    return outcome.stdout.strip()


def stored():
    """The names of everything in the store: layers, workspaces, documents, what is being unpacked or thrown away."""
    folders = ("overlay2", "image/blobs/sha256", "image/indexes", "image/staging", "image/trash", "containers")
    return rocker("images").stdout, {folder: sorted(os.listdir(f"{STATE}/{folder}")) for folder in folders}


def settled(before):
    """What the store holds that it should not: its trash is emptied behind the answer, so it may take a moment."""
    before[1]["image/trash"] = []
    for _ in range(100):
        after = stored()
        if after == before:
            return None
        time.sleep(0.05)
    return f"the store is not as before: {after}, not {before}"


def victim():
    fields = ("kind", "mode", "uid", "gid", "size", "mtime", "data", "target", "xattrs")
    return {path: [getattr(item, field) for field in fields] for path, item in walk(os.fsencode(VICTIM)).items()}


def seen_in_container(reference):
    """A container's workspace says which layers it is mounted from; its own, still empty, lies on top."""
    workspace = f"{STATE}/overlay2/{done('create', reference)}"
    with open(workspace + "/lower") as lower:
        layers = lower.read().splitlines()
    try:
        return view([*layers, workspace + "/diff"], ROOT + "/view")
    finally:
        done("remove", os.path.basename(workspace))


def import_image(image):
    path = ROOT + "/case.tar"
    with open(path, "wb") as archive:
        archive.write(image.archive())
    return rocker("import", path)


def refusal(case):
    before = stored()
    outcome = import_image(case.image())
    if outcome.returncode == 0:
        done("image", "remove", case.reference)
        return "was imported"
    if case.refused not in outcome.stderr:
        return f"the message does not say '{case.refused}': {outcome.stderr.strip()}"
    if len(outcome.stderr) > 1500 or not outcome.stderr.rstrip("\n").isprintable():
        return f"the message is not for people: {outcome.stderr[:2000]!r}"
    return settled(before)


def acceptance(case):
    before = stored()
    outcome = import_image(case.image())
    if outcome.returncode != 0:
        return f"was refused: {outcome.stderr.strip()}"
    finding = case.check(seen_in_container(case.reference))
    done("image", "remove", case.reference)
    return finding or settled(before)


def refusal_again(case):
    """The same while the store has the layers of an image that nobody tampered with."""
    clean = case.untampered()
    if import_image(clean).returncode != 0:
        return "the image was refused before it was tampered with"
    finding = refusal(case)
    done("image", "remove", clean.reference)
    return finding


def main():
    os.makedirs(VICTIM)
    os.makedirs(ROOT + "/view")
    with open(VICTIM + "/hello", "w") as hello:
        hello.write("hello\n")
    intact = victim()
    passed = failed = 0
    for case in [*layer_cases(VICTIM), *hostile_cases()]:
        runs = [("", refusal if case.check is None else acceptance)]
        if case.tamper and case.refused is not None:
            runs.append((", its layers in the store", refusal_again))
        for how, run in runs:
            try:
                finding = run(case)
            except Exception as error:
                finding = f"{type(error).__name__}: {error}"
            finding = finding or (case.aftermath and case.aftermath()) or (victim() != intact and "the host was touched") or None
            passed, failed = passed + (finding is None), failed + (finding is not None)
            if finding is not None:
                print(f"FAIL! : {case.name}{how}: {finding}")
    print(passed, failed)


main()
