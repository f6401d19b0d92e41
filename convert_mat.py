#!/usr/bin/env python3
"""Write data/train.txt and data/test.txt, the sevens and nines that backprop.c learns.

    python3 convert_mat.py mnist_sevens_nines.mat [--output data]
    python3 convert_mat.py --mnist t10k-images-idx3-ubyte t10k-labels-idx1-ubyte

The first form reads the file that the practical hands out, the second the public MNIST
test set (plain or .gz), from which that file was once made; both write the same bytes.

With `--digits 3 7` the second form takes other digits: the first has the target -1, the
second 1. It needs 1000 images of each. The test set has so many only of 1, 2, 3, 7 and
9, the training set (train-images-idx3-ubyte, train-labels-idx1-ubyte) of every digit.

data/README.md says what stands in a line of the two text files. This program needs
Python 3.8 or newer and nothing else.
"""
import argparse
import contextlib
import gzip
import math
import pathlib
import struct
import sys
import tempfile
import zlib

SIDE = 28  # an image is 28 x 28 pixels
PIXELS = SIDE * SIDE


class BadFile(Exception):
    """What is wrong with a file, and where: one line for the reader."""


@contextlib.contextmanager
def naming(path):
    """Puts the path before whatever turns out to be wrong with it."""
    try:
        yield
    except (EOFError, struct.error, zlib.error, gzip.BadGzipFile) as problem:
        raise BadFile("%s: cut off or damaged (%s)" % (path, problem))
    except (BadFile, OSError) as problem:
        raise BadFile("%s: %s" % (path, getattr(problem, "strerror", None) or problem))


# MNIST
#
# An IDX file is a big-endian header and then bare bytes. The header's first number says
# what follows (0x0800 is "bytes", the last digit how many dimensions), then comes one
# size for each dimension: images x rows x columns, or just labels.

def read_idx(path, dimensions):
    """The bytes behind the header of an IDX file, which may be packed as .gz."""
    content = pathlib.Path(path).read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    magic, *sizes = struct.unpack_from(">%dI" % (1 + dimensions), content)
    if magic != 0x0800 + dimensions:
        raise BadFile("starts with 0x%08x, expected 0x%08x (images first, then labels)"
                      % (magic, 0x0800 + dimensions))
    data = content[4 + 4 * dimensions:]
    if len(data) != math.prod(sizes):
        raise BadFile("its header promises %d bytes of data, found %d"
                      % (math.prod(sizes), len(data)))
    return data


def examples_from_mnist(images_path, labels_path, digits):
    """The practical's selection: {"train.txt": [(target, brightnesses), ...], ...}.

    In the order of the files, the first 900 of each digit are for training, the next 100
    for testing; the first digit comes before the second.
    """
    with naming(images_path):
        images = read_idx(images_path, 3)
    with naming(labels_path):
        labels = read_idx(labels_path, 1)
        if len(images) != len(labels) * PIXELS:
            raise BadFile("%d labels for %d images" % (len(labels), len(images) / PIXELS))
        examples = {"train.txt": [], "test.txt": []}
        for digit, target in zip(digits, (-1, 1)):
            found = [k for k, label in enumerate(labels) if label == digit]
            if len(found) < 1000:
                raise BadFile("%d images of digit %d, expected 1000; train-images and "
                              "train-labels have more" % (len(found), digit))
            chosen = [(target, down_columns(images, k)) for k in found[:1000]]
            examples["train.txt"] += chosen[:900]
            examples["test.txt"] += chosen[900:]
    return examples


def down_columns(images, k):
    """Image k column by column. MNIST goes along the rows: a column is each 28th byte."""
    image = images[k * PIXELS:(k + 1) * PIXELS]
    return b"".join(image[column::SIDE] for column in range(SIDE))


# A .mat file, level 5, as described in "MAT-File Format" by The MathWorks
#
# 128 bytes of header: 116 of text for people, 8 that do not matter here, the version
# 0x0100, and the two letters "MI" written as one 16-bit number. A reader that finds them
# the wrong way round, "IM", knows that every number of the file has its low byte first.
#
# After the header comes one data element after another. Each starts with a tag of 8
# bytes, its type and its number of bytes, and is filled up to a multiple of 8. Two
# exceptions:
#   - A small element, of at most 4 bytes, packs all into 8: two 16-bit halves hold number
#     of bytes and type, the data follow at once. Other tags have zeros in the upper half.
#   - A compressed element is a zlib stream with another element inside, not filled up.
#
# A variable is an element of type MATRIX and holds elements itself: array flags (which
# class, and more), dimensions, name, and the numbers, column by column; a fifth would be
# their imaginary part. The numbers may be stored as any numeric type that loses nothing:
# MATLAB keeps a double that happens to be whole in one byte. So class (what it is in
# MATLAB) and type (how it is stored) are two things.

UINT32, MATRIX, COMPRESSED = 6, 14, 15
# The types of storage, and what Python's module struct calls them.
STORAGE = dict(zip((1, 2, 3, 4, 5, 6, 7, 9, 12, 13), "bBhHiIfdqQ"))
NUMERIC_CLASSES = range(6, 16)  # double, single, int8 ... uint64


def elements(content, order):
    """(type, data) of each element; order: "<" for low byte first or ">"."""
    at = 0
    while at < len(content):
        kind, n = struct.unpack_from(order + "II", content, at)
        start, end = at + 8, len(content)
        if kind >> 16:
            kind, n = kind & 0xffff, kind >> 16
            start, end = at + 4, at + 8
        if start + n > end:
            raise BadFile("cut off: %d bytes promised, %d are left" % (n, end - start))
        yield kind, content[start:start + n]
        filling = 0 if kind == COMPRESSED else -(start + n - at) % 8
        at = start + n + filling


def variables(content, order):
    """The list of elements inside of each variable, compressed or not."""
    for kind, data in elements(content, order):
        if kind == COMPRESSED:
            yield from variables(zlib.decompress(data), order)
        if kind == MATRIX:
            yield list(elements(data, order))


def numbers(kind, data, order):
    """The numbers that an element holds."""
    if kind not in STORAGE:
        raise BadFile("an element of type %d where numbers should be" % kind)
    count = len(data) // struct.calcsize(order + STORAGE[kind])
    return struct.unpack("%s%d%s" % (order, count, STORAGE[kind]), data)


def matrix(variable, order, rows):
    """The numbers of a variable that has to be rows x P, column by column."""
    flags = numbers(UINT32, variable[0][1], order)
    if len(variable) != 4 or not flags or flags[0] & 0xff not in NUMERIC_CLASSES:
        raise BadFile("not a full matrix of real numbers")
    dimensions = numbers(*variable[1], order)
    found = numbers(*variable[3], order)
    if not found or dimensions != (rows, len(found) / rows):
        raise BadFile("is %s with %d numbers, expected %d x P"
                      % (" x ".join(map(str, dimensions)), len(found), rows))
    return found


ROWS = {"X_train": PIXELS, "y_train": 1, "X_test": PIXELS, "y_test": 1}


def read_mat(path):
    """{name: its numbers, column by column} for the four names in ROWS."""
    content = pathlib.Path(path).read_bytes()
    order = {b"\x00\x01IM": "<", b"\x01\x00MI": ">"}.get(content[124:128])
    if order is None:
        raise BadFile("not a level-5 .mat file (perhaps v4 or v7.3): save it with -v7")
    found = {}
    for variable in variables(content[128:], order):
        # MATLAB's newer objects have no dimensions; what is third there is no such name.
        name = variable[2][1].decode("latin-1") if len(variable) > 2 else ""
        if name in ROWS:
            with naming(name):
                found[name] = matrix(variable, order, ROWS[name])
    for name in ROWS:
        if name not in found:
            raise BadFile("has no variable %s" % name)
    return found


# What is asked of the numbers
#
# A brightness was a byte divided by 255, in double precision or, if somebody saved
# singles, rounded once more. It is found again by looking it up, and what is not in the
# table never was a brightness.

LEVELS = {k / 255: k for k in range(256)}
LEVELS.update((struct.unpack("f", struct.pack("f", k / 255))[0], k) for k in range(256))


def examples_from_mat(path):
    """The same from the practical's .mat file."""
    with naming(path):
        found = read_mat(path)
        return {part + ".txt": examples_of(part, found["X_" + part], found["y_" + part])
                for part in ("train", "test")}


def examples_of(part, X, y):
    """[(target, brightnesses), ...] of one part, "train" or "test"."""
    if len(X) != len(y) * PIXELS:
        raise BadFile("X_%s has %d columns, y_%s has %d"
                      % (part, len(X) // PIXELS, part, len(y)))
    examples = []
    for mu, target in enumerate(y):
        x = X[mu * PIXELS:(mu + 1) * PIXELS]
        levels = [LEVELS.get(value) for value in x]
        if None in levels:
            pixel = levels.index(None)
            raise BadFile("X_%s(%d, %d) is %s, not a k/255 with k = 0 ... 255"
                          % (part, pixel + 1, mu + 1, x[pixel]))
        if target not in (-1, 1):
            raise BadFile("y_%s(%d) is %s, expected -1 or 1" % (part, mu + 1, target))
        examples.append((int(target), bytes(levels)))
    return examples


# Writing, and the command line

def write(folder, examples):
    """Writes folder/train.txt and test.txt: put in place when both are complete."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        for name in examples:
            lines = ["%d %s\n" % (target, " ".join(map(str, levels)))
                     for target, levels in examples[name]]
            pathlib.Path(unfinished, name).write_bytes("".join(lines).encode())
        for name in examples:
            pathlib.Path(unfinished, name).replace(folder / name)


def command_line():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mat", nargs="?", metavar="FILE.mat")
    parser.add_argument("--mnist", nargs=2, metavar=("IMAGES", "LABELS"))
    parser.add_argument("--digits", nargs=2, metavar="D", type=int, choices=range(10))
    parser.add_argument("--output", metavar="FOLDER", default="data")
    options = parser.parse_args()
    if (options.mat is None) == (options.mnist is None):
        parser.error("expected either FILE.mat or --mnist IMAGES LABELS")
    if options.digits and (options.mat or options.digits[0] == options.digits[1]):
        parser.error("--digits: expected two different ones, and --mnist")
    return options


def main():
    options = command_line()
    try:
        if options.mnist:
            digits = options.digits or (7, 9)
            examples = examples_from_mnist(*options.mnist, digits)
            names = ["digit %d" % digit for digit in digits]
        else:
            examples = examples_from_mat(options.mat)
            names = ["target -1", "target 1"]
        with naming(options.output):
            write(options.output, examples)
    except BadFile as problem:
        sys.exit("convert_mat.py: %s" % problem)
    for name in examples:
        targets = [target for target, levels in examples[name]]
        print("%s: %d of %s, %d of %s"
              % (pathlib.Path(options.output, name),
                 targets.count(-1), names[0], targets.count(1), names[1]))


if __name__ == "__main__":
    main()
