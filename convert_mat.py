#!/usr/bin/env python3
"""Write data/train.txt and data/test.txt, the sevens and nines that backprop.c learns.

    python3 convert_mat.py mnist_sevens_nines.mat [--output data]
    python3 convert_mat.py --mnist t10k-images-idx3-ubyte t10k-labels-idx1-ubyte

The first form reads the file that the practical hands out, the second the public MNIST
test set (plain or .gz), from which that file was once made; both write the same bytes.

A line of the two text files is one example: its target, -1 for a seven and 1 for a nine,
and then its 784 brightnesses, 0 ... 255, read down the image's columns as MATLAB does
(pixel 28*column + row). Single spaces between, '\\n' at the end, no header.

The file reads from top to bottom: first MNIST, whose format takes a few lines; then how a
.mat file is laid out; then what is asked of the numbers; last the writing and the command
line. Only Python's standard library is used (3.8 or newer).
"""
import argparse
import array
import gzip
import math
import os
import struct
import sys
import zlib

SIDE = 28  # an image is 28 x 28 pixels
PIXELS = SIDE * SIDE
MOST_IMAGES = 70000  # all of MNIST; a file that claims more is broken, not large


class BadFile(Exception):
    """What is wrong with a file, and where: one line for the reader."""


# MNIST
#
# An IDX file is a big-endian header and then bare bytes. The header's first number says
# what follows (0x0800 is "bytes", the last digit how many dimensions), then comes one
# size for each dimension: images x rows x columns, or just labels.

def read_idx(path, sizes):
    """The bytes behind the header of an IDX file, which may be packed as .gz.

    sizes: what the header has to say after the count, (28, 28) of images, () of labels.
    """
    header = struct.Struct(">%dI" % (2 + len(sizes)))
    with open(path, "rb") as file:
        packed = file.peek(2).startswith(b"\x1f\x8b")
        source = gzip.open(file) if packed else file
        beginning = source.read(header.size)
        if len(beginning) < header.size:
            raise BadFile("cut off inside its header of %d bytes" % header.size)
        magic, count, *found = header.unpack(beginning)
        if magic != 0x0801 + len(sizes):
            raise BadFile("starts with 0x%08x, expected 0x%08x"
                          % (magic, 0x0801 + len(sizes)))
        if tuple(found) != sizes:
            raise BadFile("its images are %d x %d, expected %d x %d" % (*found, *sizes))
        if count > MOST_IMAGES:
            raise BadFile("claims to have %d images, all of MNIST has %d"
                          % (count, MOST_IMAGES))
        promised = math.prod((count, *sizes))
        data = source.read(promised + 1)
    if len(data) != promised:
        raise BadFile("its header promises %d bytes of data, found %s"
                      % (promised, len(data) if len(data) < promised else "more"))
    return data


def examples_from_mnist(images_path, labels_path):
    """The practical's selection: {"train": [(target, brightnesses), ...], "test": [...]}.

    In the order of the test set, the first 900 sevens and then the first 900 nines are
    for training, the next 100 of each for testing.
    """
    images = naming(images_path, read_idx, (SIDE, SIDE))
    labels = naming(labels_path, read_idx, ())
    if len(images) != len(labels) * PIXELS:
        raise BadFile("%s: %d labels for %d images"
                      % (labels_path, len(labels), len(images) // PIXELS))
    examples = {"train": [], "test": []}
    for digit, target in ((7, -1), (9, 1)):
        found = [k for k, label in enumerate(labels) if label == digit][:1000]
        if len(found) < 1000:
            raise BadFile("%s: only %d images of a %d, 1000 are needed"
                          % (labels_path, len(found), digit))
        for place, k in enumerate(found):
            image = images[k * PIXELS:(k + 1) * PIXELS]
            # MNIST goes along the rows: every 28th byte from `column` on is a column.
            down_columns = b"".join(image[column::SIDE] for column in range(SIDE))
            examples["train" if place < 900 else "test"].append((target, down_columns))
    return examples


# A .mat file, level 5
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
# class, and more), dimensions, name, and the numbers, column by column. The numbers may
# be stored as any numeric type that loses nothing: MATLAB keeps a double that happens to
# be whole in one byte. So class (what it is in MATLAB) and type (how it is stored) are
# two things.
#
# The format is described in "MAT-File Format" by The MathWorks.
#
# Nothing is read before it is known to be as long as it may be: what we do not want costs
# nothing, and what claims to be enormous is turned down before it fills the memory.

INT8, INT32, UINT32, MATRIX, COMPRESSED = 1, 5, 6, 14, 15
# type of storage -> its letter in Python's modules struct and array
STORAGE = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "f", 9: "d", 12: "q",
           13: "Q"}
NUMERIC_CLASSES = range(6, 16)  # double, single, int8 ... uint64
OPAQUE = 17  # the class of MATLAB's newer objects, which have no dimensions


class Unzipped:
    """What a zlib stream, the next `left` bytes of a file, unpacks to."""

    def __init__(self, file, left):
        self.file, self.left = file, left
        self.unpacker = zlib.decompressobj()

    def read(self, n):
        """The next n bytes, or fewer at the end, where zlib compares its checksum."""
        data = bytearray()
        while len(data) < n and not self.unpacker.eof:
            packed = self.unpacker.unconsumed_tail
            if not packed:
                packed = self.file.read(min(self.left, 65536))
                self.left -= len(packed)
            piece = self.unpacker.decompress(packed, n - len(data))
            if not packed and not piece:
                raise EOFError("cut off")
            data += piece
        return data


class Elements:
    """The data elements that stand one after another in the next `left` bytes of source.

    source: a file or an Unzipped. order: "<" or ">", the file's byte order. place: where
    this is, for messages.
    """

    def __init__(self, source, left, order, place):
        self.source, self.left, self.order, self.place = source, left, order, place

    def take(self, n):
        """The next n bytes."""
        data = self.source.read(min(n, self.left))
        if len(data) < n:
            raise BadFile("%s: cut off: %d bytes are promised, %d are left"
                          % (self.place, n, len(data)))
        self.left -= n
        return data

    def tag(self):
        """(type, number of bytes, the data if the element is a small one, else None)"""
        tag = self.take(8)
        kind, n = struct.unpack(self.order + "II", tag)
        if kind >> 16 == 0:
            return kind, n, None
        kind, n = kind & 0xffff, kind >> 16
        if n > 4:
            raise BadFile("%s: a small element of %d bytes, 4 is the most"
                          % (self.place, n))
        return kind, n, tag[4:4 + n]

    def element(self, what, kinds, most):
        """(type, data) of the next element: one of `kinds`, of at most `most` bytes."""
        kind, n, data = self.tag()
        if kind not in kinds:
            raise BadFile("%s: an element of type %d where its %s should be"
                          % (self.place, kind, what))
        if n > most:
            raise BadFile("%s: %d bytes of %s" % (self.place, n, what))
        if data is None:
            data = self.take(n)
            self.take(-n % 8)
        return kind, data

    def integers(self, what, kind):
        """The next element as 32-bit integers, at least one."""
        data = self.element(what, (kind,), 1024)[1]
        if not data or len(data) % 4:
            raise BadFile("%s: %d bytes of %s" % (self.place, len(data), what))
        return struct.unpack("%s%d%s" % (self.order, len(data) // 4, STORAGE[kind]), data)


def read_variable(body, wanted):
    """(name, numbers column by column) of one variable, or None if it is not in `wanted`.

    body: the elements that stand inside its MATRIX element.
    """
    of_class = body.integers("array flags", UINT32)[0] & 0xff
    if of_class == OPAQUE:
        return None
    dimensions = body.integers("dimensions", INT32)
    name = body.element("name", (INT8,), 1024)[1].decode("latin-1")
    if name not in wanted:
        return None
    body.place = name
    if of_class not in NUMERIC_CLASSES:
        raise BadFile("%s: of class %d, expected a full matrix of numbers"
                      % (name, of_class))
    rows = PIXELS if name.startswith("X") else 1
    if len(dimensions) != 2 or dimensions[0] != rows or not (
            1 <= dimensions[1] <= MOST_IMAGES):
        raise BadFile("%s: is %s, expected %d x P with P = 1 ... %d"
                      % (name, " x ".join(map(str, dimensions)), rows, MOST_IMAGES))
    count = rows * dimensions[1]
    kind, data = body.element("numbers", STORAGE, 8 * count)
    numbers = array.array(STORAGE[kind])
    if len(data) != count * numbers.itemsize:
        raise BadFile("%s: %d bytes hold its numbers, expected %d x %d of %d bytes each"
                      % (name, len(data), rows, dimensions[1], numbers.itemsize))
    if body.left:
        raise BadFile("%s: %d bytes too many behind its numbers" % (name, body.left))
    numbers.frombytes(data)
    if body.order != {"little": "<", "big": ">"}[sys.byteorder]:
        numbers.byteswap()
    return name, numbers


def read_mat(path, wanted):
    """{name: its numbers, column by column} for the variables `wanted`, all of them."""
    variables = {}
    with open(path, "rb") as file:
        order = {b"\x00\x01IM": "<", b"\x01\x00MI": ">"}.get(file.read(128)[124:])
        if order is None:
            raise BadFile("not a .mat file of level 5 (perhaps v4 or v7.3); save it "
                          "again with -v7")
        start, size = 128, file.seek(0, os.SEEK_END)
        while start < size:
            file.seek(start)
            place = "byte %d" % start
            kind, n, _ = Elements(file, size - start, order, place).tag()
            left = size - start - 8
            if n > left:
                raise BadFile("%s: cut off: %d bytes are promised, %d are left"
                              % (place, n, left))
            start += 8 + n
            source = file
            if kind == COMPRESSED:
                source = Unzipped(file, n)
                kind, n, _ = Elements(source, 8, order, place).tag()
            if kind != MATRIX:
                raise BadFile("%s: an element of type %d, not a variable" % (place, kind))
            variable = read_variable(Elements(source, n, order, place), wanted)
            if variable is None:
                continue
            name, numbers = variable
            if source is not file and source.read(1):
                raise BadFile("%s: more compressed data than promised" % name)
            if name in variables:
                raise BadFile("%s: stands in the file twice" % name)
            variables[name] = numbers
    for name in wanted:
        if name not in variables:
            raise BadFile("has no variable %s" % name)
    return variables


# What is asked of the numbers
#
# A brightness was made by dividing a byte by 255, in double precision or, if somebody
# saved singles, rounded once more. So it is found again by looking it up, and whatever is
# not in the table never was a brightness.

LEVELS = {k / 255: k for k in range(256)}
LEVELS.update((struct.unpack("f", struct.pack("f", k / 255))[0], k) for k in range(256))


def examples_from_mat(path):
    """The same from the practical's .mat file."""
    variables = read_mat(path, ("X_train", "y_train", "X_test", "y_test"))
    examples = {}
    for part in ("train", "test"):
        X, y = variables["X_" + part], variables["y_" + part]
        P = len(y)
        if len(X) != P * PIXELS:
            raise BadFile("X_%s has %d columns, y_%s has %d"
                          % (part, len(X) // PIXELS, part, P))
        examples[part] = []
        for mu in range(P):
            x = X[mu * PIXELS:(mu + 1) * PIXELS]
            levels = [LEVELS.get(value) for value in x]
            if None in levels:
                pixel = levels.index(None)
                raise BadFile("X_%s(%d, %d) is %.17g, not a k/255 with k = 0 ... 255"
                              % (part, pixel + 1, mu + 1, x[pixel]))
            if y[mu] not in (-1, 1):
                raise BadFile("y_%s(%d) is %.17g, expected -1 or 1"
                              % (part, mu + 1, y[mu]))
            examples[part].append((int(y[mu]), bytes(levels)))
    return examples


# Writing, and the command line

def naming(path, function, *arguments):
    """function(path, *arguments), with the path put before whatever is wrong with it."""
    try:
        return function(path, *arguments)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadFile("%s: the compressed data are damaged (%s)" % (path, problem))
    except (BadFile, OSError) as problem:
        raise BadFile("%s: %s" % (path, getattr(problem, "strerror", None) or problem))


def write(folder, examples):
    """Writes folder/train.txt and folder/test.txt.

    Both are written in full under other names first and then put in place, so that a
    full disk or an interruption leaves what was there before.
    """
    os.makedirs(folder, exist_ok=True)
    paths = {part: os.path.join(folder, part + ".txt") for part in examples}
    for path in paths.values():
        if os.path.isdir(path):
            raise BadFile("%s is a folder" % path)
    try:
        for part, path in paths.items():
            with open(path + ".new", "wb") as file:
                for target, levels in examples[part]:
                    line = "%d %s\n" % (target, " ".join(map(str, levels)))
                    file.write(line.encode())
        for path in paths.values():
            os.replace(path + ".new", path)
    finally:
        for path in paths.values():
            if os.path.exists(path + ".new"):
                os.remove(path + ".new")
    for part, path in paths.items():
        sevens = sum(target == -1 for target, _ in examples[part])
        print("%s: %d sevens, %d nines" % (path, sevens, len(examples[part]) - sevens))


def main():
    parser = argparse.ArgumentParser(
        prog="convert_mat.py",
        usage="convert_mat.py (FILE.mat | --mnist IMAGES LABELS) [--output FOLDER]",
        description="Writes train.txt and test.txt, the data of Question 1.")
    parser.add_argument("mat", nargs="?", metavar="FILE.mat",
                        help="mnist_sevens_nines.mat (level 5: MATLAB's -v6 or -v7)")
    parser.add_argument("--mnist", nargs=2, metavar=("IMAGES", "LABELS"),
                        help="t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, "
                             "plain or .gz")
    parser.add_argument("--output", default="data", metavar="FOLDER",
                        help="where to write (default: data)")
    options = parser.parse_args()
    if (options.mat is None) == (options.mnist is None):
        parser.error("expected either FILE.mat or --mnist IMAGES LABELS")
    try:
        if options.mnist:
            examples = examples_from_mnist(*options.mnist)
        else:
            examples = naming(options.mat, examples_from_mat)
        naming(options.output, write, examples)
    except BadFile as problem:
        sys.exit("convert_mat.py: %s" % problem)


if __name__ == "__main__":
    main()
