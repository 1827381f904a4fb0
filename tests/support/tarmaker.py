"""tarmaker: tar archives byte by byte, also such as no tar program writes, and images around them."""
import ctypes
import gzip
import hashlib
import io
import json
import os
import struct

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
LAYER = "application/vnd.oci.image.layer.v1.tar"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
END = bytes(1024)


def raw(value):
    return value if isinstance(value, bytes) else value.encode()


def octal(value, width):
    return value if isinstance(value, bytes) else b"%0*o\0" % (width - 1, value)


def base256(value, width):
    """GNU's form of numbers that octal digits do not hold, negative ones too."""
    return bytes([0x80 if value >= 0 else 0xFF]) + (value & ((1 << 8 * (width - 1)) - 1)).to_bytes(width - 1, "big")


def header(name, kind="0", mode=0o644, uid=0, gid=0, size=0, mtime=0, link="", major=0, minor=0, prefix="",
           magic=b"ustar\00000", checksum=None):
    block = b"".join([
        raw(name)[:100].ljust(100, b"\0"), octal(mode, 8), octal(uid, 8), octal(gid, 8), octal(size, 12),
        octal(mtime, 12), b" " * 8, raw(kind), raw(link)[:100].ljust(100, b"\0"), magic, bytes(64), octal(major, 8),
        octal(minor, 8), raw(prefix)[:155].ljust(155, b"\0")]).ljust(512, b"\0")
    total = sum(block) if checksum is None else checksum
    return block[:148] + b"%06o\0 " % total + block[156:]


def padded(data):
    return data + bytes(-len(data) % 512)


def pax(records, kind="x", size=None):
    """An extended header; `records` are (keyword, value) pairs or ready bytes."""
    if not isinstance(records, bytes):
        lines = b""
        for keyword, value in records:
            body = b" " + raw(keyword) + b"=" + raw(value) + b"\n"
            length = len(body) + 1
            while length != len(body) + len(str(length)):
                length = len(body) + len(str(length))
            lines += str(length).encode() + body
        records = lines
    return header("PaxHeaders/x", kind, size=len(records) if size is None else size) + padded(records)


def file(name, data=b"", extended=(), **fields):
    data = raw(data)
    return (pax(extended) if extended else b"") + header(name, "0", **{"size": len(data), **fields}) + padded(data)


def directory(name, mode=0o755, extended=(), **fields):
    return (pax(extended) if extended else b"") + header(name, "5", mode=mode, **fields)


def symlink(name, target, extended=(), **fields):
    return (pax(extended) if extended else b"") + header(name, "2", mode=0o777, link=target, **fields)


def hardlink(name, target, **fields):
    return header(name, "1", link=target, **fields)


def gnu_long(kind, text, size=None):
    data = raw(text) + b"\0"
    return header("././@LongLink", kind, size=len(data) if size is None else size, magic=b"ustar  \0") + padded(data)


def sparse(name, realsize, extents, data, stored_map=None):
    """A GNU sparse file of the PAX form 1.0."""
    lines = b"%d\n" % len(extents) + b"".join(b"%d\n%d\n" % extent for extent in extents)
    body = padded(lines if stored_map is None else stored_map) + data
    return pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", name),
                ("GNU.sparse.realsize", str(realsize))]) + header("GNUSparseFile.0/x", "0", size=len(body)) + padded(body)


def capability(bits):
    """security.capability as the kernel keeps it, revision 2 (linux/capability.h)."""
    return struct.pack("<IIIII", 0x02000001, bits & 0xFFFFFFFF, 0, bits >> 32, 0)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(media_type, data, **more):
    return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}


def label(stored):
    return "+gzip" if stored.startswith(b"\x1f\x8b") else "+zstd" if stored.startswith(b"\x28\xb5\x2f\xfd") else ""


class Image:
    """An OCI layout with one image. Every step may be tampered with before archive() is called."""

    def __init__(self, layers, reference):
        """`layers`: plain tars, or (stored, diff ID) pairs, lowest first."""
        pairs = [layer if isinstance(layer, tuple) else (layer, digest(layer)) for layer in layers]
        self.blobs = {digest(stored): stored for stored, _ in pairs}
        self.config = {"architecture": ARCHITECTURE, "os": "linux", "config": {"Cmd": ["/nothing"]},
                       "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in pairs]}}
        self.manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                         "layers": [descriptor(LAYER + label(stored), stored) for stored, _ in pairs]}
        self.reference = reference
        self.manifest_text = None
        self.descriptor_changes = {}

    def add(self, text):
        data = raw(text)
        self.blobs[digest(data)] = data
        return data

    def files(self):
        if self.manifest_text is None:
            self.manifest["config"] = descriptor(CONFIG, self.add(json.dumps(self.config)))
        manifest = self.add(self.manifest_text or json.dumps(self.manifest))
        top = descriptor(MANIFEST, manifest, annotations={"org.opencontainers.image.ref.name": self.reference})
        top.update(self.descriptor_changes)
        return {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
                "index.json": raw(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [top]})),
                **{"blobs/sha256/" + name[7:]: data for name, data in self.blobs.items()}}

    def archive(self):
        return b"".join(file(name, data) for name, data in self.files().items()) + END


def docker_archive(layers, references, config=None):
    """What docker save writes: manifest.json, the configuration and plain layers, <digest>/layer.tar each."""
    config = json.dumps(config or {"architecture": ARCHITECTURE, "os": "linux", "config": {"Cmd": ["/nothing"]},
                                   "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]}}).encode()
    names = [digest(layer)[7:] + "/layer.tar" for layer in layers]
    manifest = [{"Config": digest(config)[7:] + ".json", "RepoTags": references, "Layers": names}]
    return b"".join([*(file(name, layer) for name, layer in zip(names, layers)), file(digest(config)[7:] + ".json", config),
                     file("manifest.json", json.dumps(manifest))]) + END


def gzipped(data, level=9):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=level, mtime=0) as stream:
        stream.write(data)
    return buffer.getvalue()


def zstandard(data):
    """One zstd frame with a check sum, by the library that every package manager of today brings along."""
    library = ctypes.CDLL("libzstd.so.1")
    for function in (library.ZSTD_createCCtx, library.ZSTD_compressBound, library.ZSTD_compress2):
        function.restype = ctypes.c_size_t
    context = ctypes.c_void_p(library.ZSTD_createCCtx())
    checksum_flag = 201
    library.ZSTD_CCtx_setParameter(context, checksum_flag, 1)
    room = ctypes.create_string_buffer(library.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = library.ZSTD_compress2(context, room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)))
    library.ZSTD_freeCCtx(context)
    return room.raw[:size]
