"""three_layers.py DIRECTORY: an image of three layers whose files are known by heart, in DIRECTORY/oci.tar (gzip, plain and
zstd layers) and DIRECTORY/docker.tar (plain, without a manifest), both "three:1"; DIRECTORY/changed.tar is "changed:1", the
same with another last layer.

lowest: big (100000 bytes), kept, keptlink = kept, old/{a,b}, gone/{x,y}, script (0644), link -> kept, up -> ../../kept
middle: big again (60000 bytes), .wh.gone, old opaque with new, script 0755
last:   .wh.big, late (5000 bytes), late2 (the same)
"""
import json
import sys

from tarmaker import ARCHITECTURE, END, Image, directory, digest, docker_archive, file, gzipped, hardlink, symlink, zstandard

STEPS = [{"created": "2024-05-01T10:00:00Z", "created_by": "ADD lowest /", "comment": "by hand"},
         {"created": "2024-05-02T10:00:00Z", "created_by": "ENV NOTHING=1", "empty_layer": True},
         {"created": "2024-05-03T10:00:00Z", "created_by": "RUN change"},
         {"created": "2024-05-04T10:00:00Z", "created_by": "RUN clean"}]


def layers(last):
    lowest = [file("big", b"b" * 100_000), file("kept", "kept\n", mtime=1_700_000_000), hardlink("keptlink", "kept"),
              directory("old/"), file("old/a", "old a"), file("old/b", "old b"), directory("gone/"), file("gone/x", "x" * 1000),
              file("gone/y", "y" * 500), file("script", "#!/bin/sh\n", mode=0o644), symlink("link", "kept"),
              symlink("up", "../../kept"), symlink("loop", "loop")]
    middle = [file("big", b"B" * 60_000), file(".wh.gone"), directory("old/"), file("old/.wh..wh..opq"), file("old/new", "new"),
              file("script", "#!/bin/sh\n", mode=0o755)]
    top = [file(".wh.big"), file("late", last * 5000), file("late2", last * 5000)]
    return [b"".join(parts) + END for parts in (lowest, middle, top)]


def configuration(plain):
    return {"architecture": ARCHITECTURE, "os": "linux", "created": "2024-05-04T10:00:00Z",
            "config": {"Cmd": ["/nothing"], "ExposedPorts": {"80/tcp": {}}, "Volumes": {"/data": {}},
                       "Labels": {"maintainer": "nobody"}, "StopSignal": "SIGINT"},
            "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in plain]}, "history": STEPS}


def oci(plain, reference):
    image = Image([(gzipped(plain[0]), digest(plain[0])), plain[1], (zstandard(plain[2]), digest(plain[2]))], reference)
    image.config = configuration(plain)
    return image.archive()


def main(target):
    plain = layers(b"l")
    archives = {"oci": oci(plain, "three:1"), "docker": docker_archive(plain, ["three:1"], configuration(plain)),
                "changed": oci(layers(b"m"), "changed:1")}
    for name, archive in archives.items():
        with open(f"{target}/{name}.tar", "wb") as out:
            out.write(archive)


main(sys.argv[1])
