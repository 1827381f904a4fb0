"""CVE-2025-24965: a file that the runtime writes into the root file system goes through a link to a file of the host.

/.krun_config.json and the krun handler, and the other names that engines write: each is a link to a file of the host, or to
one that does not exist there yet."""
import os

NAMES = ["/.krun_config.json", "/.dockerenv", "/run/.containerenv", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf",
         "/etc/mtab", "/sys/firmware", "/etc/passwd", "/etc/group", "/dev/console", "/.wasm", "/proc/self/exe"]


def attack(t):
    for number, name in enumerate(NAMES):
        t.secret(f"file{number}", "{}\n")
    t.guard()
    for target in ("file", "absent"):
        for annotations in ({}, {"run.oci.handler": "krun"}, {"run.oci.handler": "wasm"}, {"run.oci.mount_context_type": "rootcontext"},
                            {"run.oci.hooks.stdout": f"{t.host}/absent-stdout", "run.oci.hooks.stderr": f"{t.host}/file0"}):
            bundle = t.bundle()
            os.makedirs(f"{bundle.root}/run", exist_ok=True)
            for number, name in enumerate(NAMES):
                path = bundle.root + name
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if os.path.lexists(path):
                    os.unlink(path)
                os.symlink(f"{t.host}/{target}{number}", path)
            bundle.config["annotations"] = annotations
            result = t.run(bundle)
            t.no_crash(result, f"links in the root with {annotations or 'no annotation'}")
            t.intact(f"links to {target} files with {annotations or 'no annotation'}")
    return f"{len(NAMES)} links with five sets of annotations, nothing written"
