"""layer_cases: what a layer may do to us, one small image per case, and what must come of it.

A case is refused with a message that contains `refused`, or imported and then `check(view)` says what is wrong (or
nothing). LOWER stands below in every case that hides something. The victim is a directory of the host.
"""
import hashlib
import json
import socket
import struct

from tarmaker import (END, INDEX, LAYER, Image, base256, capability, digest, directory, file, gnu_long, gzipped, hardlink,
                      header, pax, padded, raw, sparse, symlink, zstandard)


class Case:
    """`tamper(image)` is done to the finished image; `aftermath()` says what went wrong beside the store."""

    def __init__(self, name, *layers, refused=None, check=None, tamper=None, aftermath=None):
        self.name, self.layers, self.refused, self.check = name, layers, refused, check
        self.reference = name.lower() + ":1"
        self.tamper, self.aftermath = tamper, aftermath

    def image(self):
        image = Image(self.layers, self.reference)
        if self.tamper:
            self.tamper(image)
        return image

    def untampered(self):
        return Image(self.layers, "clean-" + self.reference)


def tar(*parts):
    return b"".join(parts) + END


LOWER = tar(directory("low/"), file("low/a", "old a"), file("low/b", "old b"), directory("low/sub/"), file("low/sub/deep", "x"))


def has(view, path, **wanted):
    item = view.get(raw(path))
    if item is None:
        return f"{path} is missing"
    for name, value in wanted.items():
        if getattr(item, name) != value:
            return f"{path}: {name} is {getattr(item, name)!r}, not {value!r}"
    return None


def lacks(view, *paths):
    for path in paths:
        if raw(path) in view:
            return f"{path} is there"
    return None


def only(view, directory_path, *names):
    """Exactly these names in a directory of the view ("" for the root)."""
    prefix = raw(directory_path) + b"/" if directory_path else b""
    found = sorted(path[len(prefix):] for path in view if path.startswith(prefix) and path and b"/" not in path[len(prefix):])
    wanted = sorted(raw(name) for name in names)
    return None if found == wanted else f"{directory_path or '/'} lists {found}, not {wanted}"


def both(*findings):
    return next((finding for finding in findings if finding), None)


def path_cases(victim):
    climb = "../" * 24 + victim.lstrip("/")
    inside = victim.lstrip("/")
    return [
        Case("p01-dotdot-name", tar(file(climb[-99:] if len(climb) > 99 else climb, extended=[("path", climb + "/pwn")])),
             refused="climbs out"),
        Case("p02-absolute-name", tar(file(victim + "/pwn", "x")), check=lambda v: has(v, inside + "/pwn", data=b"x")),
        Case("p03-inner-dotdot", tar(directory("a/"), file("a/x", extended=[("path", "a/" + climb + "/pwn")])), refused="climbs out"),
        Case("p04-abs-symlink-parent", tar(symlink("link", victim), file("link/pwn", "x")),
             check=lambda v: has(v, "link", kind="directory") or has(v, "link/pwn", data=b"x")),
        Case("p05-rel-symlink-parent", tar(symlink("link", "s", [("linkpath", climb)]), file("link/pwn", "x")),
             check=lambda v: has(v, "link", kind="directory") or has(v, "link/pwn", data=b"x")),
        Case("p06-lower-symlink-parent", tar(symlink("victimlink", victim)), tar(file("victimlink/pwn", "x")),
             check=lambda v: has(v, "victimlink", kind="directory") or has(v, "victimlink/pwn", data=b"x")),
        Case("p07-lower-dirlink-parent", tar(directory("low/"), symlink("lowlink", "low")), tar(file("lowlink/new", "x")),
             check=lambda v: has(v, "lowlink", kind="directory") or has(v, "lowlink/new", data=b"x")),
        Case("p08-dot-symlink", tar(symlink(".", victim), file("pwn", "x")), refused="root is not a directory"),
        Case("p09-slash-symlink", tar(symlink("/", victim), file("pwn", "x")), refused="root is not a directory"),
        Case("p10-root-dir-entry", tar(directory("./", 0o700, uid=5, gid=6), file("f")),
             check=lambda v: has(v, "", mode=0o700, uid=5, gid=6)),
        Case("p11-root-as-file", tar(file("./", "x")), refused="'./'"),
        Case("p12-symlink-then-dir-chmod", tar(symlink("v", victim), directory("v", 0o777)),
             check=lambda v: has(v, "v", kind="directory", mode=0o777)),
        Case("p13-file-over-symlink", tar(symlink("f", victim + "/hello"), file("f", "mine")),
             check=lambda v: has(v, "f", kind="file", data=b"mine")),
        Case("p14-dir-over-file", tar(file("lowfile", "x")), tar(directory("lowfile/"), file("lowfile/in", "y")),
             check=lambda v: has(v, "lowfile", kind="directory") or has(v, "lowfile/in", data=b"y")),
        Case("p15-child-of-file", tar(file("n", "x"), file("n/child", "y")),
             check=lambda v: has(v, "n", kind="directory") or has(v, "n/child", data=b"y")),
    ]


def link_cases(victim):
    climb = "../" * 24 + victim.lstrip("/")
    return [
        Case("h01-hl-dotdot", tar(pax([("linkpath", climb + "/hello")]), hardlink("h", "x")), refused="climbs out"),
        Case("h02-hl-abs", tar(hardlink("h", victim + "/hello")), refused="'h'"),
        Case("h03-hl-via-symlink", tar(symlink("s", victim), hardlink("h", "s/hello")), refused="'h'"),
        Case("h04-hl-via-rel-symlink", tar(pax([("linkpath", climb)]), symlink("s", "x"), hardlink("h", "s/hello"),
                                           file("h", "overwritten")), refused="'h'"),
        Case("h05-hl-to-symlink", tar(symlink("s", victim + "/hello"), hardlink("h", "s")),
             check=lambda v: has(v, "h", kind="symlink", inode=v[b"s"].inode)),
        Case("h06-hl-forward", tar(hardlink("h", "later"), file("later", "x")), refused="'h'"),
        Case("h07-hl-to-lower-file", LOWER, tar(hardlink("h", "low/a")), refused="'h'"),
        Case("h08-hl-self", tar(file("h", "kept"), hardlink("h", "h")), check=lambda v: has(v, "h", data=b"kept")),
        Case("h09-hl-abs-ok", tar(file("t", "x"), hardlink("h", "/t")), check=lambda v: has(v, "h", inode=v[b"t"].inode)),
        Case("h10-hl-with-size", tar(file("t", "x"), header("h", "1", link="t", size=512), padded(b"data"), file("after", "y")),
             refused="'h'"),
    ]


def whiteout_cases(victim):
    low = directory("low/")
    intact = lambda v: only(v, "", "low") or only(v, "low", "a", "b", "sub")
    new_only = lambda v: only(v, "low", "new") or has(v, "low/new", data=b"n")
    return [
        Case("w01-basic", LOWER, tar(file("low/.wh.a")), check=lambda v: only(v, "low", "b", "sub")),
        Case("w02-dir", LOWER, tar(file(".wh.low")), check=lambda v: only(v, "")),
        Case("w03-opaque", LOWER, tar(low, file("low/.wh..wh..opq"), file("low/new", "n")), check=new_only),
        Case("w04-opaque-after", LOWER, tar(low, file("low/new", "n"), file("low/.wh..wh..opq")), check=new_only),
        Case("w05-dot", LOWER, tar(file(".wh..")), refused="whiteout"),
        Case("w06-dotdot", LOWER, tar(file("low/.wh...")), refused="whiteout"),
        Case("w07-empty", LOWER, tar(file("low/.wh.")), refused="whiteout"),
        Case("w08-nested-prefix", LOWER, tar(low, file("low/.wh..wh.foo")), check=intact),
        Case("w09-aufs-plnk", LOWER, tar(directory(".wh..wh.plnk/"), file(".wh..wh.plnk/1.2", "x"), file(".wh..wh.aufs"),
                                         directory(".wh..wh.orph/")), check=intact),
        Case("w10-wh-then-file", LOWER, tar(file("low/.wh.a"), file("low/a", "new")), check=lambda v: has(v, "low/a", data=b"new")),
        Case("w11-file-then-wh", LOWER, tar(file("low/a", "new"), file("low/.wh.a")), check=lambda v: has(v, "low/a", data=b"new")),
        Case("w12-wh-via-symlink", LOWER, tar(symlink("link", victim), file("link/.wh.hello"), file("after", "x")),
             check=lambda v: has(v, "after", data=b"x") or has(v, "link", kind="directory") or only(v, "link")),
        Case("w13-wh-as-dir", LOWER, tar(low, directory("low/.wh.a/"), file("low/.wh.a/child", "x")),
             check=lambda v: only(v, "low", "b", "sub")),
        Case("w14-wh-missing", LOWER, tar(file("low/.wh.never"), directory("fresh/"), file("fresh/.wh.never"), file("fresh/f")),
             check=lambda v: only(v, "low", "a", "b", "sub") or only(v, "fresh", "f")),
        Case("w15-chardev00", LOWER, tar(low, header("low/a", "3")), refused="0:0"),
        Case("w16-opaque-root", LOWER, tar(file("only", "x"), file(".wh..wh..opq")), check=lambda v: only(v, "", "only")),
        Case("w17-opaque-plus-plain", LOWER,
             tar(low, file("low/.wh.a"), file("low/.wh..wh..opq"), file("low/.wh.b"), file("low/new", "n")), check=new_only),
        Case("w17b-opaque-then-below", LOWER,
             tar(low, directory("low/sub/"), file("low/sub/.wh.deep"), file("low/.wh..wh..opq"), file("low/new", "n"),
                 directory("low/other/"), file("low/other/.wh.a")),
             check=lambda v: only(v, "low", "new", "sub", "other") or only(v, "low/sub") or only(v, "low/other")),
        Case("w18-whdir-then-children", LOWER, tar(file(".wh.low"), low, file("low/new", "n")), check=new_only),
        Case("w19-children-then-whdir", LOWER, tar(low, file("low/new", "n"), file(".wh.low")), check=new_only),
        Case("w18b-whiteout-file-directory", LOWER, tar(file(".wh.low"), file("low", "x"), low, file("low/new", "n")), check=new_only),
        Case("w18c-file-directory", LOWER, tar(file("low", "x"), low, file("low/new", "n")), check=new_only),
        Case("w20-whdir-implicit-parent", LOWER, tar(file(".wh.low"), file("low/sub/new", "n")),
             check=lambda v: only(v, "low", "sub") or only(v, "low/sub", "new")),
    ]


def xattr_cases(victim):
    def attribute(name, value):
        return [("SCHILY.xattr." + name, value)]

    plain_lower = lambda v: has(v, "low/a", data=b"old a") or (
        "an overlay attribute got through" if any("overlay" in name for item in v.values() for name in item.xattrs) else None)
    net_raw = capability(1 << 13)
    binary = bytes(range(256))
    return [
        Case("x01-overlay-opaque", LOWER, tar(directory("low/", extended=attribute("trusted.overlay.opaque", "y"))), check=plain_lower),
        Case("x02-overlay-redirect", LOWER, tar(directory("else/"), directory("low/", extended=attribute("trusted.overlay.redirect", "/else"))),
             check=plain_lower),
        Case("x03-overlay-metacopy", LOWER, tar(file("m", "own", attribute("trusted.overlay.metacopy", b""))),
             check=lambda v: has(v, "m", data=b"own") or plain_lower(v)),
        Case("x04-user-overlay", LOWER, tar(directory("low/", extended=attribute("user.overlay.opaque", "y")
                                                      + attribute("user.overlay.redirect", "/else"))), check=plain_lower),
        Case("x05-selinux", tar(file("f", "x", attribute("security.selinux", b"system_u:object_r:etc_t:s0\0"))),
             check=lambda v: has(v, "f", xattrs={})),
        Case("x06-capability", tar(file("f", "x", attribute("security.capability", net_raw), uid=7, mode=0o755)),
             check=lambda v: has(v, "f", xattrs={"security.capability": net_raw}, uid=7, mode=0o755)),
        Case("x07-user-binary", tar(file("f", "x", attribute("user.bin", binary))), check=lambda v: has(v, "f", xattrs={"user.bin": binary})),
        Case("x08-acl", tar(file("f", "x", attribute("system.posix_acl_access", struct.pack("<I", 2)) + [("SCHILY.acl.access", "user::rw-")])),
             check=lambda v: has(v, "f", data=b"x", mode=0o644)),
        Case("x09-xattr-on-symlink", tar(symlink("s", victim + "/hello", attribute("user.evil", "1")), file("f", "x")),
             check=lambda v: has(v, "s", kind="symlink") or has(v, "f", data=b"x")),
        Case("x10-nsname", tar(file("f", "x", attribute("nonsense.name", "1") + attribute("bare", "2"))),
             check=lambda v: has(v, "f", data=b"x", xattrs={})),
        Case("x11-libarchive-xattr", tar(file("f", "x", [("LIBARCHIVE.xattr.user.k", "b3RoZXI")] + attribute("user.k", "schily"))),
             check=lambda v: has(v, "f", xattrs={"user.k": b"schily"})),
    ]


def metadata_cases(victim):
    long_name = "n" * 150
    return [
        Case("m01-setuid", tar(file("s", "x", mode=0o6755, uid=33, gid=44)), check=lambda v: has(v, "s", mode=0o6755, uid=33, gid=44)),
        Case("m02-uid-minus1", tar(file("f", "x", [("uid", "4294967295")])), refused="4294967295"),
        Case("m03-uid-big", tar(file("f", "x", [("uid", "4000000000"), ("gid", "4000000001")])),
             check=lambda v: has(v, "f", uid=4000000000, gid=4000000001)),
        Case("m04-uid-64bit", tar(file("f", "x", [("uid", "4294967296")])), refused="4294967296"),
        Case("m04b-uid-64bit-binary", tar(file("f", "x", uid=base256(1 << 32, 8))), refused="4294967296"),
        Case("m05-mtime", tar(file("f", "x", [("mtime", "1234567890.123456789")]), file("old", "x", [("mtime", "-1.5")]),
                              file("absurd", "x", [("mtime", "99999999999999999999")])),
             check=lambda v: has(v, "f", mtime=1234567890123456789) or has(v, "old", mtime=-1500000000) or has(v, "absurd")),
        Case("m06-dir-mode-000", tar(directory("d/", 0), file("d/f", "x"), directory("d/e/", 0), file("d/e/g", "y")),
             check=lambda v: has(v, "d", mode=0) or has(v, "d/e", mode=0) or has(v, "d/e/g", data=b"y")),
        Case("m07-dir-mtime", tar(directory("dm/", mtime=1000000000), file("dm/f", "x"), directory("dm/in/", mtime=5)),
             check=lambda v: has(v, "dm", mtime=10**18) or has(v, "dm/in", mtime=5 * 10**9)),
        Case("m08-devs", tar(header("c", "3", mode=0o620, major=5, minor=1, gid=5), header("b", "4", mode=0o660, major=8, minor=300),
                             header("p", "6", mode=0o600)),
             check=lambda v: has(v, "c", kind="char", device=(5, 1), mode=0o620, gid=5) or has(v, "b", kind="block", device=(8, 300))
             or has(v, "p", kind="fifo")),
        Case("m09-dev-huge", tar(header("c", "3", major=base256(1 << 20, 8))), refused="device"),
        Case("m10-unknown-type", tar(header("u", "Z", size=3) + padded(b"abc"), file("after", "x")), refused="'u'"),
        Case("m10b-name-with-escapes", tar(header("\x1b[2J\x9b2J", "Z")), refused="'?[2J?2J'"),
        Case("m11-contig", tar(header("c", "7", size=3) + padded(b"abc")), check=lambda v: has(v, "c", kind="file", data=b"abc")),
        Case("m12-trailing-slash-file", tar(header("d/", "\0"), file("d/f", "x")), check=lambda v: has(v, "d", kind="directory")),
        Case("m13-global-pax", tar(pax([("comment", "0123456789abcdef")], "g"), file("g1", "x")),
             check=lambda v: only(v, "", "g1") or has(v, "g1", data=b"x")),
        Case("m14-names", tar(file(b"\xff\xfe\x80", "1"), file(b"new\nline", "2"), file(b" \t\x01", "3"), file("-rf", "4")),
             check=lambda v: only(v, "", b"\xff\xfe\x80", b"new\nline", b" \t\x01", b"-rf")),
        Case("m15-longname", tar(gnu_long("L", "gnu/" + long_name), header("gnu", "0", magic=b"ustar  \0"),
                                 file("pax", "", [("path", "pax/" + long_name)])),
             check=lambda v: has(v, "gnu/" + long_name) or has(v, "pax/" + long_name)),
        Case("m16-name-too-long", tar(file("x", "", [("path", "a" * 256)])), refused="too long"),
        Case("m17-path-4096", tar(file("x", "", [("path", "/".join(["d" * 100] * 50))])), refused="too long"),
        Case("m18-implicit-parents", tar(file("deep/er/f", "x", uid=5, mode=0o600)),
             check=lambda v: has(v, "deep", mode=0o755, uid=0, gid=0) or has(v, "deep/er", mode=0o755, uid=0)),
        Case("m19-dup-file", tar(file("d", "1"), file("d", "22"), file("d", "3")), check=lambda v: has(v, "d", data=b"3")),
        Case("m19b-dup-directory", tar(directory("d/", 0o700, mtime=1), file("d/f"), directory("d/", 0o751, mtime=2, uid=3)),
             check=lambda v: has(v, "d", mode=0o751, mtime=2 * 10**9, uid=3)),
        Case("m20b-directory-becomes-link", tar(directory("o/"), directory("o/e/", 0o751, mtime=2), directory("d/"),
                                                directory("d/e/", 0o700, mtime=1), symlink("d", "o")),
             check=lambda v: has(v, "d", kind="symlink") or has(v, "o/e", mode=0o751, mtime=2 * 10**9)),
        Case("m20-dup-types", tar(directory("d/"), file("d/in", "x"), file("d", "file")), check=lambda v: has(v, "d", kind="file", data=b"file")),
        Case("m21-socket-like", tar(header("s", "s"), file("after", "x")), refused="'s'"),
    ]


def structure_cases(victim):
    return [
        Case("t01-pax-size", tar(pax([("size", "6")]) + header("ps", "0", size=0) + padded(b"sixsix"), file("after", "x")),
             check=lambda v: has(v, "ps", data=b"sixsix") or has(v, "after", data=b"x")),
        Case("t02-pax-L-desync", tar(pax([("size", "1024")]), gnu_long("L", "named"), header("short", "0", size=0), b"D" * 1024, file("after", "x")),
             check=lambda v: has(v, "named", data=b"D" * 1024) or only(v, "", "named", "after")),
        Case("t03-neg-size", tar(header("n", "0", size=base256(-512, 12))), refused="negative"),
        Case("t04-huge-size", header("h", "0", size=b"77777777777\0"), refused=""),
        Case("t04b-huge-size-pax", tar(pax([("size", str(1 << 62))]), header("h", "0")), refused=""),
        Case("t05-truncated", file("f", "x" * 5000)[:2000], refused="truncated"),
        Case("t06-no-eof", file("f", "x"), check=lambda v: has(v, "f", data=b"x")),
        Case("t07-one-zero-block", file("f", "x") + bytes(512), check=lambda v: has(v, "f", data=b"x")),
        Case("t08-garbage-after-eof", tar(file("f", "x")) + b"garbage" * 999, check=lambda v: only(v, "", "f")),
        Case("t09-concatenated-tar", tar(file("c1", "x")) + tar(file("c2", "y")), check=lambda v: only(v, "", "c1")),
        Case("t10-bad-checksum", tar(header("f", "0", checksum=1)), refused="check sum"),
        Case("t11-empty-layer", END, check=lambda v: only(v, "")),
        Case("t12-zero-bytes", b"", check=lambda v: only(v, "")),
        Case("t13-pax-malformed", tar(pax(b"30 path=short\n"), header("f", "0")), refused="malformed"),
        Case("t13b-pax-no-newline", tar(pax(b"12 path=abcd"), header("f", "0")), refused="malformed"),
        Case("t14-pax-huge", tar(pax(b"", size=1 << 30), header("f", "0")), refused="extended header"),
        Case("t15-pax-nul", tar(pax([("path", b"safe\0evil")]), header("f", "0")), refused="malformed"),
        Case("t16-gnu-sparse-1.0", tar(sparse("sp", (1 << 20) + 4, [(1 << 20, 4)], b"tail"), file("after", "x")),
             check=lambda v: has(v, "sp", size=(1 << 20) + 4, data=bytes(1 << 20) + b"tail") or has(v, "after")
             or ("the hole was filled" if v[b"sp"].blocks > 64 else None)),
        Case("t16b-sparse-map-lies", tar(sparse("sp", 100, [(50, 100)], b"x" * 100)), refused="map of a sparse file"),
        Case("t16c-sparse-map-endless", tar(sparse("sp", 100, [], b"", b"9" * 4096)), refused="map of a sparse file"),
        Case("t17-sparse-huge", tar(sparse("sp", 1 << 60, [((1 << 60) - 1, 1)], b"x")), refused="too large"),
        Case("t18-base256-size", tar(header("f", "0", size=base256(3, 12)) + padded(b"abc")), check=lambda v: has(v, "f", data=b"abc")),
        Case("t19-old-gnu-S", tar(header("s", "S", magic=b"ustar  \0")), refused="sparse"),
        Case("t20-empty-name", tar(file("", "x")), refused="no name"),
    ]


def zeros(compress, count=64, piece=1 << 24):
    """A layer of one file of a gibibyte of zeros, without holding one: (stored, diff ID)."""
    start, packed = header("zeros", "0", size=count * piece), compress(bytes(piece))
    plain = hashlib.sha256(start)
    for _ in range(count):
        plain.update(bytes(piece))
    plain.update(END)
    return compress(start) + packed * count + compress(END), "sha256:" + plain.hexdigest()


def compression_cases(victim):
    first, second = file("one", "1"), tar(file("two", "2"))
    # Bytes that do not compress, so that what is cut off is data.
    plain = tar(file("f", b"".join(hashlib.sha256(bytes([i])).digest() for i in range(200))))
    cases = [Case("z05-gz-labelled-but-plain", plain, check=lambda v: only(v, "", "f"),
                  tamper=lambda image: image.manifest["layers"][0].update(mediaType=LAYER + "+gzip"))]
    for kind, compress, check_sum in (("gzip", gzipped, slice(-8, -4)), ("zstd", zstandard, slice(-4, None))):
        packed = compress(plain)
        wrong = bytearray(packed)
        wrong[check_sum] = b"\0\0\0\0"
        cases += [
            Case(f"z01-multi-member-{kind}", (compress(first) + compress(second), digest(first + second)),
                 check=lambda v: only(v, "", "one", "two")),
            Case(f"z02-trailing-garbage-{kind}", (packed + b"garbage", digest(plain)), refused="damaged"),
            Case(f"z03-truncated-{kind}", (packed[:-20], digest(plain)), refused="runcated"),
            Case(f"z04-bad-crc-{kind}", (bytes(wrong), digest(plain)), refused="damaged"),
            Case(f"z06-bomb-1g-{kind}", zeros(compress),
                 check=lambda v: has(v, "zeros", size=1 << 30) or ("the zeros take space" if v[b"zeros"].blocks > 64 else None)),
        ]
    return cases


def manifest_cases(victim):
    plain, other = tar(file("f", "x")), tar(file("f", "y"))

    def layer(image):
        return image.manifest["layers"][0]

    def replace_blob(image):
        image.blobs[digest(plain)] = other

    def repeat_key(image):
        image.files()
        text = json.dumps(image.manifest)
        image.manifest_text = text[:-1] + ', "layers": []}'

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    def make_foreign(image):
        image.blobs.pop(digest(plain))
        layer(image).update(urls=["http://127.0.0.1:%d/layer" % listener.getsockname()[1]])

    def was_asked():
        try:
            listener.accept()
        except BlockingIOError:
            return None
        return "the foreign address was asked"

    def case(name, refused, tamper, **more):
        return Case(name, plain, refused=refused, tamper=tamper, **more)

    return [
        case("j01-wrong_diffid", "diff ID", lambda image: image.config["rootfs"].update(diff_ids=[digest(other)])),
        case("j02-blob_size_mismatch", "bytes instead of", lambda image: layer(image).update(size=layer(image)["size"] + 512)),
        case("j03-blob_digest_mismatch", "another digest", replace_blob),
        case("j04-layers_and_manifests", "index as well", lambda image: image.manifest.update(manifests=[])),
        case("j05-mediatype_mismatch", "calls itself", lambda image: image.manifest.update(mediaType=INDEX)),
        case("j05b-manifest-as-index", "manifests", lambda image: image.descriptor_changes.update(mediaType=INDEX)),
        case("j06-unknown_layer_type", "not known", lambda image: layer(image).update(mediaType="application/x-unknown")),
        case("j07-foreign_urls", "no layer", make_foreign, aftermath=was_asked),
        case("j07b-foreign-type", "not known", lambda image: layer(image).update(
            mediaType="application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), aftermath=was_asked),
        case("j08-extra_diffid", "2 layers", lambda image: image.config["rootfs"]["diff_ids"].append(digest(other))),
        case("j09-bad_digest_string", "digest", lambda image: layer(image).update(digest="sha256:../../x")),
        case("j09b-bad-digest-of-manifest", "digest", lambda image: image.descriptor_changes.update(digest="sha256:../../index.json")),
        case("j10-dup_json_keys", "'layers' twice", repeat_key),
    ]


def layer_cases(victim):
    return [case for group in (path_cases, link_cases, whiteout_cases, xattr_cases, metadata_cases, structure_cases,
                               compression_cases, manifest_cases) for case in group(victim)]
