#!/usr/bin/python3
"""large_image.py DIRECTORY [SIZE]: an image as large ones are, for measuring imports.

Seven layers, about 1 GB of tar, 350 MB of gzip and 77,000 entries (SIZE times that): a base system, compilers, libraries of
a language, 52,000 small files, a few large ones, odd entries, whiteouts. Files of this machine's /usr are the raw material,
so that they compress as programs and texts do; the same /usr gives the same bytes. In DIRECTORY afterwards:

    image.tar          an OCI layout, as skopeo and podman write it
    layers/1.tar …     the plain layers
"""
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import stat
import sys
import zlib

from tarmaker import (ARCHITECTURE, CONFIG, END, INDEX, LAYER, MANIFEST, capability, descriptor, directory, file, hardlink, header,
                      pax, symlink)

EPOCH = 1704067200
REFERENCE = "bench/large:1"
MEGABYTE = 1 << 20
LONG = 100  # bytes of a name that a plain header has room for


def named(make, name, *arguments, **fields):
    """An entry whose name may be longer than a plain header holds."""
    if len(name.encode()) <= LONG:
        return make(name, *arguments, mtime=EPOCH, **fields)
    return make(name, *arguments, extended=[("path", name)], mtime=EPOCH, **fields)


def source(*roots):
    """(name, status, path) of what is below directories of this machine, parents first, in the order of their names."""
    for root in roots:
        if not os.path.isdir(root):
            continue
        for place, directories, names in os.walk(root):
            directories.sort()
            yield place.lstrip("/"), os.lstat(place), place
            for name in sorted(names):
                path = os.path.join(place, name)
                yield path.lstrip("/"), os.lstat(path), path


def taken(size, entries, *roots):
    """Entries of this machine's files, until there are `size` bytes or `entries` of them."""
    yield named(directory, "usr")
    for name, status, path in source(*roots):
        if stat.S_ISDIR(status.st_mode):
            entry = named(directory, name)
        elif stat.S_ISLNK(status.st_mode):
            target = os.readlink(path)
            entry = named(symlink, name, target) if len(target) <= LONG else b""
        elif stat.S_ISREG(status.st_mode) and status.st_size < 32 * MEGABYTE:
            with open(path, "rb") as opened:
                entry = named(file, name, opened.read(), mode=status.st_mode & 0o755)
        else:
            continue
        yield entry
        size -= len(entry)
        entries -= 1
        if size <= 0 or entries <= 0:
            return


def material(size, *roots):
    pool = bytearray()
    for _, status, path in source(*roots):
        if stat.S_ISREG(status.st_mode) and 4096 < status.st_size < 4 * MEGABYTE:
            with open(path, "rb") as opened:
                pool += opened.read()
        if len(pool) > size:
            break
    return bytes(pool)


def base(scale):
    yield named(directory, "bin")
    with open("/bin/busybox", "rb") as program:
        yield named(file, "bin/busybox", program.read(), mode=0o755)
    yield named(symlink, "bin/sh", "busybox")
    yield named(directory, "tmp", mode=0o1777)
    yield from taken(200 * MEGABYTE * scale, 7000 * scale, "/usr/sbin", "/usr/bin", "/usr/share/doc")


def compilers(scale):
    yield from taken(230 * MEGABYTE * scale, 8000 * scale, "/usr/lib/gcc", "/usr/include")


def languages(scale):
    yield from taken(110 * MEGABYTE * scale, 10000 * scale, "/usr/lib/python3.11", "/usr/lib/python3", "/usr/lib/python3.13",
                     "/usr/share/perl", "/usr/share/cmake-3.25", "/usr/share")


def small(scale):
    """52,000 files of some kilobytes in 4,000 directories, a few of which are large."""
    generator = random.Random(1)
    pool = material(40 * MEGABYTE, "/usr/include", "/usr/lib/python3.11", "/usr/lib/python3")
    yield named(directory, "srv")
    count = int(52_000 * scale)
    packages = [f"srv/modules/package-{i:04}" for i in range(max(1, int(1300 * scale)))]
    yield named(directory, "srv/modules")
    for package in packages:
        for inner in ("", "/lib", "/lib/internal"):
            yield named(directory, package + inner)
    for i in range(count):
        package = packages[min(int(generator.paretovariate(1.1) * 20), len(packages) - 1) if i % 3 == 0 else i % len(packages)]
        size = min(int(generator.lognormvariate(7.4, 1.1)), 200_000)
        start = generator.randrange(len(pool) - size)
        inner = ("", "/lib", "/lib/internal")[i % 3]
        yield named(file, f"{package}{inner}/file-{i:05}.js", pool[start:start + size], mode=0o755 if i % 50 == 0 else 0o644,
                    uid=1000 if i % 4 == 0 else 0, gid=1000 if i % 4 == 0 else 0)


def large(scale):
    pool = material(180 * MEGABYTE, "/usr/lib/x86_64-linux-gnu", "/usr/lib/gcc", "/usr/bin")
    yield named(directory, "opt")
    for i, size in enumerate((96, 60, 40, 24, 12, 12, 8, 8)):
        part = pool[i * 7 * MEGABYTE:i * 7 * MEGABYTE + int(size * MEGABYTE * scale)]
        yield named(file, f"opt/model-{i}.bin", part)


def odd(scale):
    """Links, owners, modes, attributes, names: one of each kind for every few, as distributions have them."""
    pool = material(4 * MEGABYTE, "/usr/include")
    yield named(directory, "odd")
    yield named(directory, "odd/sticky", mode=0o1777)
    for i in range(int(300 * scale)):
        place = f"odd/{i:03}"
        yield named(directory, place, mode=0o750, uid=i, gid=i)
        yield named(file, f"{place}/first", pool[i * 100:i * 100 + 3000])
        yield hardlink(f"{place}/second", f"{place}/first", mtime=EPOCH)
        yield named(symlink, f"{place}/link", "first")
        yield named(file, f"{place}/root", pool[:500], mode=0o4755)
        yield header(f"{place}/fifo", "6", mtime=EPOCH)
        yield named(file, f"{place}/" + "long" * 30, b"name", mode=0o600)
        yield file(f"{place}/attributes", b"x", extended=[("SCHILY.xattr.user.color", "red")], mtime=EPOCH)
        yield pax([("SCHILY.xattr.security.capability", capability(1 << 10))]) + header(f"{place}/capable", mode=0o755, mtime=EPOCH)


def whiteouts(scale):
    for i in range(int(200 * scale)):
        yield named(file, f"odd/{i:03}/.wh.first")
    for i in range(int(50 * scale)):
        yield named(file, f"srv/modules/.wh.package-{i:04}")
    yield named(directory, "usr/include")
    yield named(file, "usr/include/.wh..wh..opq")
    yield named(file, "usr/include/only.h", b"#pragma once\n")


LAYERS = [base, compilers, languages, small, large, odd, whiteouts]


def write(place, number, make, scale):
    """One layer, plain and compressed; its descriptor, diff ID and number of entries."""
    plain_hash, stored_hash = hashlib.sha256(), hashlib.sha256()
    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    entries = size = 0
    with open(f"{place}/layers/{number}.tar", "wb") as plain, open(f"{place}/{number}.gz", "wb") as stored:
        def keep(data):
            stored_hash.update(data)
            return stored.write(data)

        for entry in itertools.chain(make(scale), [END]):
            plain.write(entry)
            plain_hash.update(entry)
            size += keep(compressor.compress(entry))
            entries += entry is not END
        size += keep(compressor.flush())
    return {"mediaType": LAYER + "+gzip", "digest": "sha256:" + stored_hash.hexdigest(), "size": size}, \
        "sha256:" + plain_hash.hexdigest(), entries


def main(place, scale=1.0):
    os.makedirs(f"{place}/layers")
    with multiprocessing.Pool() as pool:
        work = [(place, number, make, scale) for number, make in enumerate(LAYERS, 1)]
        made = pool.starmap(write, work, 1)
    history = [{"created": "2024-01-01T00:00:00Z", "created_by": make.__name__} for make in LAYERS]
    config = json.dumps({"architecture": ARCHITECTURE, "os": "linux", "config": {"Cmd": ["/bin/sh"]}, "history": history,
                         "rootfs": {"type": "layers", "diff_ids": [diff for _, diff, _ in made]}}).encode()
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config),
                           "layers": [layer for layer, _, _ in made]}).encode()
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(
        MANIFEST, manifest, annotations={"org.opencontainers.image.ref.name": REFERENCE})]}).encode()
    with open(f"{place}/image.tar", "wb") as out:
        for name, data in (("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("index.json", index)):
            out.write(file(name, data))
        for data in (manifest, config):
            out.write(file("blobs/sha256/" + hashlib.sha256(data).hexdigest(), data))
        for number, (layer, _, _) in enumerate(made, 1):
            out.write(header("blobs/sha256/" + layer["digest"][7:], size=layer["size"]))
            with open(f"{place}/{number}.gz", "rb") as stored:
                while piece := stored.read(MEGABYTE):
                    out.write(piece)
            out.write(bytes(-layer["size"] % 512))
            os.unlink(f"{place}/{number}.gz")
        out.write(END)
    plain = sum(os.path.getsize(f"{place}/layers/{number}.tar") for number in range(1, len(made) + 1))
    print(f"{len(made)} layers, {plain / 1e6:.0f} MB of tar, {sum(layer['size'] for layer, _, _ in made) / 1e6:.0f} MB of gzip, "
          f"{sum(entries for _, _, entries in made):,} entries")


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
