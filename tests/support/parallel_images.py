#!/usr/bin/python3
"""parallel_images.py DIRECTORY: images whose layers take a while, for what happens while several are at work.

    good.tar     five layers
    bad.tar      the same, but the third is not what the configuration says
    broken.tar   the same, but the third's stream ends early
    twice.tar    three layers, of which the highest is the lowest again
    one.tar, two.tar   share their lowest two layers
"""
import random
import sys

from tarmaker import END, Image, digest, directory, file, gzipped

EPOCH = 1704067200


def layer(number, files=800):
    """Many small files and a large one; the root of the first has an owner and a mode of its own."""
    generator = random.Random(number)
    parts = [directory("./", mode=0o711, uid=5, gid=6, mtime=EPOCH)] if number == 0 else []
    parts += [directory(f"layer-{number}", mtime=EPOCH)]
    parts += [file(f"layer-{number}/{i:04}", f"{number} {i}\n" * 40, mtime=EPOCH) for i in range(files)]
    parts += [file(f"layer-{number}/large", generator.randbytes(6 << 20), mtime=EPOCH), file("last", f"{number}\n", mtime=EPOCH)]
    plain = b"".join(parts) + END
    return gzipped(plain, 1), digest(plain)


def write(place, name, layers, reference, tamper=None):
    image = Image(layers, reference)
    if tamper:
        tamper(image)
    with open(f"{place}/{name}.tar", "wb") as out:
        out.write(image.archive())


def another_diff(image):
    image.config["rootfs"]["diff_ids"][2] = "sha256:" + "5" * 64


def main(place):
    layers = [layer(number) for number in range(5)]
    stored, diff = layers[2]
    short = stored[:len(stored) * 3 // 4]
    write(place, "good", layers, "good:1")
    write(place, "bad", layers, "bad:1", another_diff)
    write(place, "broken", [*layers[:2], (short, diff), *layers[3:]], "broken:1")
    write(place, "twice", [layers[0], layers[1], layers[0]], "twice:1")
    write(place, "one", [layers[0], layers[1], layers[3]], "one:1")
    write(place, "two", [layers[0], layers[1], layers[4]], "two:1")


if __name__ == "__main__":
    main(sys.argv[1])
