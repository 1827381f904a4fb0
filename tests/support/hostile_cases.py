"""hostile_cases: archives that are no image, or one that lies; each is refused with a message that contains `refused`.

What a layer may do stands in layer_cases.py; these are about everything around it: the archive itself, its documents,
its names, and what it makes a reader spend.
"""
import bz2
import json
import lzma

from tarmaker import (ARCHITECTURE, CONFIG, END, INDEX, LAYER, MANIFEST, Image, base256, descriptor, digest, directory,
                      docker_archive, file, gnu_long, gzipped, hardlink, header, padded, pax, raw, symlink, zstandard)

LAYOUT = b'{"imageLayoutVersion":"1.0.0"}'
PLAIN = file("etc/hostname", "x") + END
CONFIGURATION = {"architecture": ARCHITECTURE, "os": "linux", "rootfs": {"type": "layers", "diff_ids": [digest(PLAIN)]}}


class Hostile:
    """Stands where a Case of layer_cases does; `archive` is bytes, or makes them when it is its turn."""

    check = tamper = aftermath = None

    def __init__(self, name, refused, archive):
        self.name, self.refused, self.bytes = name, refused, archive
        self.reference = "hostile:1"

    def image(self):
        return self

    def archive(self):
        return self.bytes() if callable(self.bytes) else self.bytes


def tampered(change):
    def make():
        image = Image([PLAIN], "hostile:1")
        return change(image) or image.archive()
    return make


def files(change):
    """Of a good image, as a dictionary of names; afterwards one archive again."""
    def make():
        content = Image([PLAIN], "hostile:1").files()
        parts = change(content)
        return b"".join(file(name, data) for name, data in content.items()) + (parts or b"") + END
    return make


def index_of(*manifests, **more):
    return raw(json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": list(manifests), **more}))


def layout(index, blobs=()):
    return b"".join([file("oci-layout", LAYOUT), file("index.json", index),
                     *(file("blobs/sha256/" + digest(blob)[7:], blob) for blob in blobs)]) + END


def document(text, media_type=MANIFEST):
    """A layout whose one manifest is this text."""
    data = raw(text)
    return layout(index_of(descriptor(media_type, data)), [data])


def manifest(**changes):
    config = raw(json.dumps(CONFIGURATION))
    content = {"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config),
               "layers": [descriptor(LAYER, PLAIN)]}
    text = raw(json.dumps({**content, **changes}))
    return layout(index_of(descriptor(MANIFEST, text)), [text, config, PLAIN])


def configuration(text):
    config = raw(text)
    content = raw(json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config),
                              "layers": [descriptor(LAYER, PLAIN)]}))
    return layout(index_of(descriptor(MANIFEST, content)), [content, config, PLAIN])


def with_config(**changes):
    return configuration(json.dumps({**CONFIGURATION, **changes}))


def docker(manifest_text, *more):
    return b"".join([file("manifest.json", manifest_text), *more]) + END


def docker_with(**changes):
    config = raw(json.dumps(CONFIGURATION))
    entry = {"Config": "config.json", "RepoTags": ["hostile:1"], "Layers": ["layer.tar"], **changes}
    return docker(json.dumps([entry]), file("config.json", config), file("layer.tar", PLAIN))


def docker_with_link(link):
    return docker(json.dumps([{"Config": "c.json", "RepoTags": [], "Layers": ["l"]}]), file("c.json", "{}"), link)


def named(name):
    def change(image):
        image.reference = name
    return tampered(change)


def nested(levels, width):
    """Indexes of indexes, each naming the next one many times: small to write, endless to follow."""
    leaf = index_of()
    blobs = [leaf]
    for _ in range(levels):
        leaf = index_of(*[descriptor(INDEX, leaf)] * width)
        blobs.append(leaf)
    return layout(leaf, blobs[:-1])


def same_image(times):
    image = Image([PLAIN], "hostile:1")
    content = image.files()
    top = json.loads(content["index.json"])["manifests"][0]
    content["index.json"] = index_of(*[top] * times)
    return b"".join(file(name, data) for name, data in content.items()) + END


def layer(stored, media_type=LAYER + "+gzip", diff_id=None):
    """An image of one layer that is stored as these bytes."""
    def make():
        image = Image([(stored() if callable(stored) else stored, diff_id or digest(PLAIN))], "hostile:1")
        image.manifest["layers"][0]["mediaType"] = media_type
        return image.archive()
    return make


def zstd_window():
    """A frame that asks for a window of 2 GB."""
    return b"\x28\xb5\x2f\xfd" + bytes([0x00, 0xA8]) + b"\x01\x00\x00"


def archive_cases():
    good = Image([PLAIN], "hostile:1").archive()
    return [
        Hostile("a01-nothing", "no image", b""),
        Hostile("a02-zeros", "no image", bytes(10240)),
        Hostile("a03-text", "no readable image archive", b"hello, this is not an archive\n" * 100),
        Hostile("a04-a-program", "no readable image archive", b"\x7fELF" + bytes(range(256)) * 40),
        Hostile("a05-root-file-system-that-climbs", "climbs out", file("etc/passwd", "root") + file("../../etc/passwd", "root") + END),
        Hostile("a06-cut-in-a-header", "truncated", good[:700]),
        Hostile("a07-cut-in-a-blob", "truncated", good[: len(good) // 2 // 512 * 512 + 100]),
        Hostile("a08-check-sum", "check sum", good[:148] + b"000000\0 " + good[156:]),
        Hostile("a09-gzip-of-half", "truncated", lambda: gzipped(good)[:-20]),
        Hostile("a10-gzip-check-sum", "damaged", lambda: gzipped(good)[:-8] + b"\0\0\0\0" + gzipped(good)[-4:]),
        Hostile("a11-gzip-in-gzip", "no readable image archive", lambda: gzipped(gzipped(good))),
        Hostile("a12-xz-cut", "compressed stream is damaged", lambda: lzma.compress(good)[:-30]),
        Hostile("a13-bzip2-damaged", "compressed stream is damaged",
                lambda: bz2.compress(good)[:60] + b"\0\0\0\0" + bz2.compress(good)[64:]),
        Hostile("a14-zstd-damaged", "compressed stream is damaged", lambda: zstandard(good)[:-4] + b"abcd"),
        Hostile("a15-zstd-window", "compressed stream is damaged", zstd_window()),
        Hostile("a16-skippable-frame-only", "no image", b"\x50\x2a\x4d\x18\x04\0\0\0abcd"),
        Hostile("a17-too-many-files", "more than 100000 files",
                lambda: b"".join(header(f"f{i}", "0") for i in range(100_100)) + END),
        Hostile("a18-negative-size", "size is negative", files(lambda content: header("x", "0", size=b"\xff" * 12))),
        Hostile("a19-size-beyond-the-end", "truncated",
                files(lambda content: header("x", "0", size=base256(1 << 40, 12)))),
        Hostile("a20-pax-of-a-gigabyte", "extended header claims",
                files(lambda content: header("PaxHeaders/x", "x", size=1 << 30))),
        Hostile("a21-long-name-of-a-gigabyte", "extended header claims",
                files(lambda content: gnu_long("L", "x", size=1 << 30))),
        Hostile("a22-volume-of-a-set", "type 'M'", header("hostile", "M", size=100) + padded(b"x" * 100) + END),
    ]


def document_cases():
    deep = "[" * 100_000 + "]" * 100_000
    return [
        Hostile("d01-index-is-no-json", "index", layout("hello")),
        Hostile("d02-index-is-a-list", "index", layout("[]")),
        Hostile("d03-index-is-empty", "no image", layout(index_of())),
        Hostile("d04-index-nested-deeply-in-brackets", "nested deeper", layout(deep)),
        Hostile("d05-index-of-5-mb", "larger than", lambda: layout(" " * (5 << 20))),
        Hostile("d06-index-with-a-nul", "NUL", layout(index_of() + b"\0")),
        Hostile("d07-index-that-is-not-utf-8", "not JSON",
                layout(b'{"schemaVersion":2,"manifests":[],"x":"\xff\xfe"}')),
        Hostile("d08-two-documents", "not JSON", layout(index_of() + index_of())),
        Hostile("d09-index-is-a-link", "no image",
                b"".join([file("oci-layout", LAYOUT), symlink("index.json", "/etc/passwd")]) + END),
        Hostile("d10-index-is-a-directory", "no image",
                b"".join([file("oci-layout", LAYOUT), directory("index.json")]) + END),
        Hostile("d11-index-names-itself", "has no",
                files(lambda content: content.update({"index.json": index_of(descriptor(
            INDEX, content["index.json"]))}))),
        Hostile("d12-indexes-in-indexes", "nested", lambda: nested(5, 1)),
        Hostile("d13-indexes-without-end", "documents", lambda: nested(2, 5000)),
        Hostile("d14-the-same-image-5000-times", "documents", lambda: same_image(5000)),
        Hostile("d15-size-is-a-text", "size", document(json.dumps({"schemaVersion": 2, "config": {
            "mediaType": CONFIG, "digest": digest(b""), "size": "1"}, "layers": []}))),
        Hostile("d16-size-is-negative", "instead of -1", manifest(layers=[{**descriptor(LAYER, PLAIN), "size": -1}])),
        Hostile("d17-size-beyond-64-bits", "expected an integer",
                manifest(layers=[{**descriptor(LAYER, PLAIN), "size": 1 << 70}])),
        Hostile("d18-size-is-a-fraction", "expected an integer",
                manifest(layers=[{**descriptor(LAYER, PLAIN), "size": 1.5}])),
        Hostile("d19-digest-in-capitals", "digest",
                manifest(layers=[{**descriptor(LAYER, PLAIN), "digest": digest(PLAIN).upper()}])),
        Hostile("d20-digest-of-another-kind", "digest",
                manifest(layers=[{**descriptor(LAYER, PLAIN), "digest": "sha512:" + "a" * 128}])),
        Hostile("d21-digest-that-climbs", "digest",
                manifest(layers=[{**descriptor(LAYER, PLAIN), "digest": "sha256:../../../../etc/passwd"}])),
        Hostile("d22-no-layer-blob", "no layer", lambda: manifest(layers=[descriptor(LAYER, b"another one")])),
        Hostile("d23-no-configuration", "has no", manifest(config=descriptor(CONFIG, b"another one"))),
        Hostile("d24-layers-are-an-object", "layers", manifest(layers={})),
        Hostile("d25-configuration-is-no-json", "configuration", configuration("hello")),
        Hostile("d26-configuration-without-root", "rootfs",
                configuration(json.dumps({"architecture": ARCHITECTURE, "os": "linux"}))),
        Hostile("d27-fewer-diff-ids", "names 0 layers", with_config(rootfs={"type": "layers", "diff_ids": []})),
        Hostile("d28-a-diff-id-that-climbs", "digest",
                with_config(rootfs={"type": "layers", "diff_ids": ["sha256:../x"]})),
        Hostile("d29-environment-is-a-text", "Env", with_config(config={"Env": "A=B"})),
        Hostile("d30-environment-with-a-nul", "NUL", with_config(config={"Env": ["A=\0B"]})),
        Hostile("d31-a-word-of-a-megabyte", "too long", lambda: with_config(config={"Cmd": ["x" * (1 << 20)]})),
        Hostile("d32-a-hundred-thousand-words", "elements", lambda: with_config(config={"Cmd": ["x"] * 100_000})),
        Hostile("d33-600-layers", "more than 512", lambda: many_layers(600)),
        Hostile("d34-a-manifest-of-schema-1", "config: is missing", document(json.dumps({
            "schemaVersion": 1, "name": "x", "tag": "y", "fsLayers": [], "history": []}))),
        Hostile("d35-for-another-machine", "no image for linux", lambda: layout(index_of({
            **descriptor(MANIFEST, b"{}"), "platform": {"architecture": "z80", "os": "linux"}}))),
        Hostile("d36-for-another-system", "no image for linux", lambda: layout(index_of({
            **descriptor(MANIFEST, b"{}"), "platform": {"architecture": ARCHITECTURE, "os": "windows"}}))),
    ]


def many_layers(count):
    config = raw(json.dumps({"architecture": ARCHITECTURE, "os": "linux", "rootfs": {
        "type": "layers", "diff_ids": [digest(PLAIN)] * count}}))
    content = raw(json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config),
                              "layers": [descriptor(LAYER, PLAIN)] * count}))
    return layout(index_of(descriptor(MANIFEST, content)), [content, config, PLAIN])


def docker_cases():
    return [
        Hostile("k01-manifest-is-no-json", "manifest.json", docker("hello")),
        Hostile("k02-manifest-is-empty", "no image", docker("[]")),
        Hostile("k03-a-layer-that-climbs", "no layer", docker_with(Layers=["../../../../etc/passwd"])),
        Hostile("k04-a-layer-of-the-host", "no layer", docker_with(Layers=["/etc/passwd"])),
        Hostile("k05-a-configuration-of-the-host", "no '/etc/hostname'", docker_with(Config="/etc/hostname")),
        Hostile("k06-a-layer-that-is-a-link-to-the-host", "no layer", docker_with_link(symlink("l", "/etc/passwd"))),
        Hostile("k07-a-link-to-itself", "no layer", docker_with_link(symlink("l", "l"))),
        Hostile("k08-a-hard-link-to-the-host", "no layer", docker_with_link(hardlink("l", "/etc/passwd"))),
        Hostile("k09-more-layers-than-diff-ids", "names 1 layers", docker_with(Layers=["layer.tar", "layer.tar"])),
        Hostile("k10-300-images", "images",
                lambda: docker(json.dumps([{"Config": "c", "RepoTags": [], "Layers": []}] * 300), file("c", json.dumps(
            {"architecture": ARCHITECTURE, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}})))),
        Hostile("k11-tags-are-no-list", "RepoTags", docker_with(RepoTags="hostile:1")),
        Hostile("k12-a-tag-of-control-characters", "reference", docker_with(RepoTags=["a\x1b[2Jb:1"])),
        Hostile("k13-a-tag-that-climbs", "reference", docker_with(RepoTags=["../../x:1"])),
        Hostile("k14-a-tag-of-a-kilobyte", "reference", docker_with(RepoTags=["x" * 1024 + ":1"])),
        Hostile("k15-an-empty-tag", "reference", docker_with(RepoTags=[""])),
        Hostile("k16-a-configuration-for-windows", "Linux", lambda: docker_archive([PLAIN], ["hostile:1"], {
            "architecture": ARCHITECTURE, "os": "windows", "rootfs": {"type": "layers", "diff_ids": [digest(PLAIN)]}})),
    ]


def name_cases():
    return [
        Hostile("n01-capitals", "reference", named("Hostile:1")),
        Hostile("n02-a-space", "reference", named("hos tile:1")),
        Hostile("n03-a-new-line", "reference", named("hostile\nx:1")),
        Hostile("n04-nothing-before-the-tag", "reference", named("/:1")),
        Hostile("n05-two-slashes", "reference", named("a//b:1")),
        Hostile("n06-a-tag-with-a-dash-first", "reference", named("hostile:-x")),
        Hostile("n07-letters-that-look-like-others", "reference", named("hоstile:1")),
        Hostile("n08-right-to-left", "reference", named("host\u202eeli:1")),
    ]


def blob_cases():
    return [
        Hostile("b01-xz-that-is-cut", "compressed stream is damaged", layer(lambda: lzma.compress(PLAIN)[:-20])),
        Hostile("b02-zstd-window", "compressed stream is damaged", layer(zstd_window)),
        Hostile("b03-no-tar-in-the-gzip", "check sum",
                layer(lambda: gzipped(b"hello" * 1000), diff_id=digest(b"hello" * 1000))),
        Hostile("b04-a-zip", "check sum",
                layer(b"PK\x03\x04" + bytes(600), diff_id=digest(b"PK\x03\x04" + bytes(600)))),
        Hostile("b05-gzip-of-nothing-but-its-head", "truncated", layer(gzipped(PLAIN)[:10])),
        Hostile("b06-more-after-the-gzip", "after its end", layer(lambda: gzipped(PLAIN) + b"more")),
        Hostile("b07-a-second-member-that-is-damaged", "truncated",
                layer(lambda: gzipped(PLAIN) + gzipped(b"x" * 100)[:-4])),
        Hostile("b08-another-diff-id", "diff ID", layer(lambda: gzipped(PLAIN), diff_id=digest(b"x"))),
        Hostile("b09-entries-cut-off", "truncated",
                layer(lambda: gzipped(file("a", "x" * 600)[:900]), diff_id=digest(file("a", "x" * 600)[:900]))),
    ]


def hostile_cases():
    return [case for group in (archive_cases, document_cases, docker_cases, name_cases, blob_cases) for case in group()]
