"""corpus.py DIRECTORY: what the fuzz targets begin with, a folder for each, made of what the tests write anyway."""
import json
import os
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

from hostile_cases import document_cases, docker_cases, name_cases  # noqa: E402
from layer_cases import layer_cases  # noqa: E402
from packages_image import (COPYRIGHT, GONE, HEADERS, LIBC, apk, deb, hostile_database, ndb_database)  # noqa: E402
from tarmaker import Image, docker_archive, gzipped, pax, zstandard  # noqa: E402

LIMIT = 64 << 10
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Corpus:
    def __init__(self, place):
        self.place = place

    def add(self, target, *seeds):
        folder = os.path.join(self.place, target)
        os.makedirs(folder, exist_ok=True)
        for seed in seeds:
            data = seed.encode() if isinstance(seed, str) else seed
            if len(data) <= LIMIT:
                with open(os.path.join(folder, f"{zlib.crc32(data):08x}"), "wb") as out:
                    out.write(data)


def tar_members(data):
    """The contents of a plain tar's files, as far as they can be found."""
    at = 0
    while at + 512 <= len(data) and data[at:at + 1] != b"\0":
        try:
            size = int(data[at + 124:at + 135].split(b"\0")[0] or b"0", 8)
        except ValueError:
            return
        yield data[at:at + 100].split(b"\0")[0].decode("latin-1"), data[at + 512:at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def archives(corpus):
    for case in layer_cases("/victim"):
        for layer in case.layers:
            stored = layer[0] if isinstance(layer, tuple) else layer
            compressed = stored.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))
            corpus.add("decompress" if compressed else "tar", stored)
            if not compressed:
                corpus.add("layer-model", stored)
            for name, _ in tar_members(stored):
                corpus.add("layer-path", name)
    corpus.add("decompress", gzipped(b"plain" * 100), zstandard(b"plain" * 100), gzipped(b"a") + gzipped(b"b"), b"none",
               bytes.fromhex("fd377a585a000000"), b"BZh91AY&SY")
    for records in ([("path", "x")], [("size", "6"), ("mtime", "1.5")], [("SCHILY.xattr.user.a", b"\0\1")], [("GNU.sparse.map", "0,1,2,3")]):
        block = pax(records)
        corpus.add("pax", block[512:].rstrip(b"\0"))


def documents(corpus):
    for cases in (document_cases(), docker_cases(), name_cases()):
        for case in cases:
            for value in (case if isinstance(case, tuple) else vars(case).values()):
                if isinstance(value, bytes):
                    corpus.add("archive", value)
                    for _, content in tar_members(value):
                        if content.startswith((b"{", b"[")):
                            corpus.add("documents", content)
                            corpus.add("registry", b"application/vnd.oci.image.manifest.v1+json\n" + content)
    corpus.add("archive", Image(deb(), "seed:1").archive(), docker_archive(apk(), ["seed:1"]))
    layout = Image(deb(), "seed:1").files()
    for name, content in layout.items():
        if content.startswith(b"{"):
            corpus.add("documents", content)
            corpus.add("registry", b"application/vnd.oci.image.index.v1+json\n" + content, b"application/vnd.oci.image.manifest.v1+json\n" + content)
    corpus.add("registry", 'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull"', 'Basic realm="x", Bearer realm=y')
    layer = {"diffId": "sha256:" + "0" * 64, "createdBy": "x", "offset": 0, "size": 5, "digest": "sha256:" + "1" * 64, "mediaType": ""}
    image = {"references": ["a:1"], "configuration": "{}", "manifest": "", "manifestType": "", "layers": [layer],
             "record": {"created": "", "architecture": "amd64", "os": "linux", "entrypoint": [], "command": ["sh"], "environment": ["A=b"],
                        "workingDirectory": "/", "user": "", "stopSignal": ""}}
    corpus.add("workers", json.dumps({"spooled": False, "images": [image]}), json.dumps({"size": 1, "files": 2, "opaqueRoot": False}),
               json.dumps({"repository": "docker.io/library/a", "tags": ["1", "latest"]}), json.dumps({"fullName": "a", "digest": "sha256:" + "2" * 64}))
    corpus.add("reference", "debian:12", "docker.io/library/a", "localhost:5000/a/b:tag@sha256:" + "3" * 64, "2024-05-01T10:00:00.5+02:00", "!a", "a!=b",
               "My Image.tar.gz", "a__b--c.d/e")
    corpus.add("wire", b'{"method":"org.rockerworkstation.Images.Prune","parameters":{"all":true,"labels":["a"]},"more":true}\0',
               b'{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"x"}}\0', b"\1\5\0\0\0hello\6\0\0\0\0", b"\3\4\0\0\0\x50\0\x18\0")
    for name in ("config.json", "config-rootless.json"):
        with open(os.path.join(SOURCE, "tests/golden/spec", name), "rb") as spec:
            corpus.add("runtime", spec.read())


def packages(corpus):
    corpus.add("packages", LIBC + GONE, COPYRIGHT, "/.\n/usr\n/usr/bin/x\n", 'a/b.py,sha256=x,1\n"a,b",,\n../../x,,\n', "ID=debian\nVERSION_ID=\"12\"\n",
               "d41d8cd98f00b204e9800998ecf8427e  etc/x\n", "Metadata-Version: 2.1\nName: X\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\n\n",
               '{"name":"a","version":"1","license":{"type":"MIT"},"author":{"name":"J"}}', "See /usr/share/common-licenses/GPL-2.\n")
    for layer in apk() + deb():
        for _, content in tar_members(layer):
            corpus.add("packages", content)
    corpus.add("license", "MIT", "(MIT OR Apache-2.0) AND BSD-3-Clause", "GPLv2+ and odd words", "GPL-2.0-only WITH Classpath-exception-2.0", "((", "AND")
    corpus.add("rpm-header", *HEADERS)
    corpus.add("rpm-ndb", ndb_database(HEADERS))
    table = "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"
    row = f"INSERT INTO Packages (blob) VALUES (x'{HEADERS[0].hex()}')"
    corpus.add("rpm-sqlite", hostile_database(table, row), hostile_database(table, *[row] * 40),
               hostile_database("CREATE TABLE x (blob)", "CREATE VIEW Packages AS SELECT * FROM x"))
    for path in ("/bin/true", "/usr/lib/x86_64-linux-gnu/libdl.so.2", "/usr/lib/aarch64-linux-gnu/libdl.so.2"):
        if os.path.exists(path):
            with open(path, "rb") as program:
                data = program.read()
            corpus.add("elf", data[:LIMIT], data[:4096])


def terminal(corpus):
    for text in ("\x1b[31mred\x1b[0m\r\n", "\x1b[?1049h\x1b[2J\x1b[5;5Hx\x1b[?1049l", "\x1b]0;title\x07\x1b]8;;http://h\x07link\x1b]8;;\x07", "漢字 😀 🇩🇪 e\u0301\u200d\n",
                 "\x1b[2;4r\x1b[3T\x1b[4S\x1b[r", "\x1b[?6h\x1b[38;2;1;2;3m\x1b[4:3m\x1b[58:5:9m.", "\x1bP+q544e\x1b\\\x1b[c\x1b[>c\x1b[6n", "\t\t\x1b[3g\x1bH\b\b\x1b[5X\x1b[3@\x1b[2P\x1b[2L\x1b[3M"):
        corpus.add("terminal", b"\x10\x08" + text.encode(), b"\x10\x08" + text.encode() * 5 + b"\xff\x03\x02" + text.encode())


def main(place):
    corpus = Corpus(place)
    for part in (archives, documents, packages, terminal):
        part(corpus)


main(sys.argv[1])
