"""packages_image.py DIRECTORY [RPMDB]: images whose packages are known, as archives in DIRECTORY:

deb.tar     "deb:1", three layers: two packages of dpkg, one of them replaced in the second layer, Python and npm in the third
apk.tar     "apk:1": Alpine's data base
static.tar  "static:1": status.d, as distroless images have it, and a Berkeley DB of an old rpm
ndb.tar     "ndb:1": rpm's data base of the ndb kind
rpm.tar     "rpm:1": RPMDB, a data base that rpm itself has written, where a link leads to it
host.tar    "host:1": what this machine's dpkg knows
hostile.tar "hostile:1": data bases that are none
"""
import io
import os
import sqlite3
import struct
import sys
import tarfile
import tempfile

from tarmaker import END, Image, directory, file, hardlink, symlink


def paragraph(name, version, **fields):
    fields = {"Status": "install ok installed", "Architecture": "amd64", "Maintainer": "Some One <one@example.org>", **fields}
    return f"Package: {name}\n" + "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in fields.items()) + f"Version: {version}\n\n"


LIBC = paragraph("libc6", "2.36-9", Source="glibc", Installed_Size="12", Description="C library\n several lines\n of it")
GONE = paragraph("gone", "1.0", Status="deinstall ok config-files")
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: LGPL-2.1+

Files: x
License: Expat

License: LGPL-2.1+
 words
"""


def deb():
    lowest = [file("etc/os-release", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n'),
              symlink("lib", "usr/lib"), file("usr/lib/libc.so.6", b"libc"),
              file("var/lib/dpkg/status", LIBC + paragraph("tool", "1.0") + GONE),
              file("var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n/usr/share/doc/libc6/copyright\n"),
              file("usr/share/doc/libc6/copyright", COPYRIGHT)]
    middle = [file("var/lib/dpkg/status", LIBC + paragraph("tool", "2.0", Source="tools (2.0-src)") + GONE),
              file("var/lib/dpkg/info/tool.list", "/.\n/usr\n/usr/bin\n/usr/bin/tool\n"), file("usr/bin/tool", "tool")]
    site = "usr/lib/python3/site-packages/"
    last = [file(site + "Some_Thing-3.1.dist-info/METADATA",
                 "Metadata-Version: 2.1\nName: Some_Thing\nVersion: 3.1\nLicense: MIT License\nAuthor: A\n\nName: not a field\n"),
            file(site + "Some_Thing-3.1.dist-info/RECORD", 'some_thing/__init__.py,sha256=x,3\n"some_thing/a,b.py",,\n../../../bin/thing,,\n'),
            file(site + "some_thing/__init__.py", "x=1"), file(site + "some_thing/a,b.py", "y"), file("usr/bin/thing", "z"),
            file("app/node_modules/@scope/part/package.json", '{"name": "@scope/part", "version": "0.1.2", "license": "Apache-2.0"}'),
            file("app/node_modules/@scope/part/index.js", "1"), file("app/node_modules/plain/package.json", '{"name": "plain"}'),
            file("app/package.json", '{"name": "app", "version": "9"}'), file("app/nobody", "1")]
    return [b"".join(parts) + END for parts in (lowest, middle, last)]


def apk():
    text = ("C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nS:383459\nI:622592\nT:the musl c library\nU:https://musl.libc.org/\nL:MIT\no:musl\n"
            "m:Timo <timo@example.org>\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1x=\nR:libc.musl-x86_64.so.1\n\n"
            "P:ssl_client\nV:1.36.1-r5\nA:x86_64\nI:28672\nL:GPL-2.0-only\no:busybox\nF:usr\nF:usr/bin\nR:ssl_client\n")
    return [file("etc/os-release", "ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME='Alpine Linux v3.18'\n") + file("lib/apk/db/installed", text)
            + file("lib/ld-musl-x86_64.so.1", b"x") + file("usr/bin/ssl_client", b"x") + END]


def static():
    base = paragraph("base-files", "12", Architecture="all").replace("Status: install ok installed\n", "")
    return [directory("var/lib/dpkg/status.d/") + file("var/lib/dpkg/status.d/base", base)
            + file("var/lib/dpkg/status.d/base.md5sums", "d41d8cd98f00b204e9800998ecf8427e  etc/host.conf\n") + file("etc/host.conf", "x")
            + file("var/lib/rpm/Packages", b"\0" * 12 + b"\x61\x15\x06\x00" + bytes(100)) + END]


def rpm_header(texts, numbers=(), arrays=()):
    """A package's header as it stands in rpm's data bases."""
    entries, store = [], b""
    for tag, value in texts:
        entries.append((tag, 6, len(store), 1))
        store += value.encode() + b"\0"
    for tag, values in arrays:
        entries.append((tag, 8, len(store), len(values)))
        store += b"".join(value.encode() + b"\0" for value in values)
    for tag, values in numbers:
        store += bytes(-len(store) % 4)
        entries.append((tag, 4, len(store), len(values)))
        store += struct.pack(f">{len(values)}I", *values)
    return struct.pack(">II", len(entries), len(store)) + b"".join(struct.pack(">IIII", *entry) for entry in entries) + store


HEADERS = [rpm_header([(1000, "bash"), (1001, "5.2"), (1002, "1.2"), (1014, "GPL-3.0-or-later"), (1022, "x86_64"), (1044, "bash-5.2-1.2.src.rpm"),
                       (1011, "openSUSE")], [(1003, [1]), (1009, [4711]), (1116, [0, 1])], [(1117, ["bash", "bashrc"]), (1118, ["/usr/bin/", "/etc/"])]),
           rpm_header([(1000, "gpg-pubkey"), (1001, "1234"), (1002, "5678")])]


def ndb_database(headers):
    slots = b"RpmP" + struct.pack("<IIII", 0, 1, 1, len(headers) + 1) + bytes(12)
    blobs, block = b"", 256
    for number, header in enumerate(headers, 1):
        blob = b"BlbS" + struct.pack("<III", number, 1, len(header)) + header
        blob += bytes(-(len(blob) + 12) % 16) + struct.pack("<II", 0, len(header)) + b"BlbE"
        slots += b"Slot" + struct.pack("<III", number, block, len(blob) // 16)
        blobs, block = blobs + blob, block + len(blob) // 16
    while len(slots) < 4096:
        slots += b"Slot" + bytes(12)
    return slots + blobs


def ndb():
    return [file("usr/lib/sysimage/rpm/Packages.db", ndb_database(HEADERS)) + file("usr/bin/bash", b"x")
            + file("etc/os-release", "ID=opensuse-leap\nVERSION_ID=15.6\n") + END]


def rpm(database):
    with open(database, "rb") as source:
        data = source.read()
    return [file("usr/lib/sysimage/rpm/rpmdb.sqlite", data) + symlink("var/lib/rpm", "../../usr/lib/sysimage/rpm")
            + file("etc/os-release", "ID=fedora\nVERSION_ID=40\n") + file("usr/bin/demo", "hi\n") + END]


def host():
    """Status, lists and licences of this machine's packages, and its Python packages."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for top in ("/var/lib/dpkg/status", "/usr/lib/os-release", "/etc/os-release"):
            archive.add(top)
        for name in sorted(os.listdir("/var/lib/dpkg/info")):
            if name.endswith(".list"):
                archive.add("/var/lib/dpkg/info/" + name)
        for name in sorted(os.listdir("/usr/share/doc")):
            place = "/usr/share/doc/" + name
            if os.path.islink(place):
                archive.add(place)
            elif os.path.lexists(place + "/copyright"):
                archive.add(place + "/copyright")
        archive.add("/usr/bin/dpkg")
        archive.add("/bin", recursive=False)
    return [buffer.getvalue()]


def hostile_database(*statements):
    with tempfile.TemporaryDirectory() as place:
        connection = sqlite3.connect(place + "/x")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        with open(place + "/x", "rb") as source:
            return source.read()


def hostile():
    view = hostile_database("CREATE TABLE other (hnum INTEGER, blob BLOB)", "INSERT INTO other VALUES (1, x'00')",
                            "CREATE VIEW Packages AS SELECT hnum, zeroblob(1000000000) AS blob FROM other")
    return [file("usr/lib/sysimage/rpm/rpmdb.sqlite", view) + file("usr/lib/sysimage/rpm/Packages.db", b"RpmP" + bytes(5000))
            + file("var/lib/dpkg/status", b"\xff\xfe\0Package\0: x\n\n:::\nPackage: \x1b[31mred\nVersion: 1\xff\nStatus: install ok installed\n\n")
            + file("lib/apk/db/installed", b"P:\nV:\n\nF:../../../etc\nR:passwd\nP:climber\nV:1\n\n" + b"P:" + b"x" * 100_000 + b"\nV:1\n\n")
            + file("node_modules/deep/package.json", b'{"a":' + b"[" * 100_000) + file("node_modules/twice/package.json", b'{"name":1,"version":[]}')
            + hardlink("node_modules/linked/package.json", "node_modules/twice/package.json") + END]


def main(target, database=None):
    images = {"deb": deb(), "apk": apk(), "static": static(), "ndb": ndb(), "hostile": hostile(), "host": host()}
    if database:
        images["rpm"] = rpm(database)
    for name, layers in images.items():
        image = Image(layers, f"{name}:1")
        image.config["created"] = "2024-05-04T10:00:00Z"
        with open(f"{target}/{name}.tar", "wb") as out:
            out.write(image.archive())


if __name__ == "__main__":
    main(*sys.argv[1:])
