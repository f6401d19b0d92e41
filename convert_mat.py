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
import os
import struct
import sys
import zlib

SIDE = 28  # an image is 28 x 28 pixels
PIXELS = SIDE * SIDE
MOST_IMAGES = 70000  # all of MNIST; a file that claims more is broken, not large


class BadFile(Exception):
    """What is wrong with an input file, and where: one line for the reader."""


def read_file(path):
    """All bytes of a file, unpacked if it is a .gz (told by its first two bytes)."""
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    most = 16 + MOST_IMAGES * PIXELS
    with (gzip.open if packed else open)(path, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadFile("larger than all of MNIST")
    return content


# MNIST
#
# An IDX file is a big-endian header and then bare bytes. The header's first number says
# what follows (0x0800 is "bytes", the last digit how many dimensions), then comes one
# size for each dimension: images x rows x columns, or just labels.

def read_idx(path, sizes_after_count):
    """The bytes behind an IDX header, and how many items they are.

    sizes_after_count: the other dimensions, (28, 28) for images and () for labels.
    """
    content = read_file(path)
    dimensions = 1 + len(sizes_after_count)
    header = struct.Struct(">%dI" % (1 + dimensions))
    if len(content) < header.size:
        raise BadFile("cut off inside its header of %d bytes" % header.size)
    magic, count, *sizes = header.unpack_from(content)
    if magic != 0x0800 + dimensions:
        raise BadFile("starts with 0x%08x, expected 0x%08x"
                      % (magic, 0x0800 + dimensions))
    if tuple(sizes) != sizes_after_count:
        raise BadFile("its images are %d x %d, expected %d x %d"
                      % (*sizes, *sizes_after_count))
    promised = count
    for size in sizes:
        promised *= size
    found = len(content) - header.size
    if found != promised:
        raise BadFile("its header promises %d bytes of data, found %d"
                      % (promised, found))
    return content[header.size:], count


def examples_from_mnist(images_path, labels_path):
    """The practical's selection: {"train": [(target, brightnesses), ...], "test": [...]}.

    In the order of the test set, the first 900 sevens and then the first 900 nines are
    for training, the next 100 of each for testing.
    """
    images, n_images = naming(images_path, read_idx, images_path, (SIDE, SIDE))
    labels, n_labels = naming(labels_path, read_idx, labels_path, ())
    if n_images != n_labels:
        raise BadFile("%s: %d labels for %d images" % (labels_path, n_labels, n_images))
    examples = {"train": [], "test": []}
    for digit, target in ((7, -1), (9, 1)):
        found = [k for k in range(n_labels) if labels[k] == digit][:1000]
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
# 128 bytes of header: 116 of text for people, 8 that do not matter here, a version, and
# the two letters "MI" written as one 16-bit number. A reader that finds them the wrong
# way round, "IM", knows that every number of the file has its low byte first.
#
# After the header comes one data element after another. Each starts with a tag of 8
# bytes, its type and its number of bytes, and is filled up to a multiple of 8. Two
# exceptions:
#   - A small element, of at most 4 bytes, packs all into 8: two 16-bit halves hold number
#     of bytes and type, the data follow at once. Other tags have zeros in the upper half.
#   - A compressed element is a zlib stream with another element inside, not filled up.
#
# A variable is an element of type MATRIX and holds elements itself: array flags (which
# class, and whether complex), dimensions, name, and the numbers, column by column. The
# numbers may be stored as any numeric type that loses nothing: MATLAB keeps a double that
# happens to be whole in one byte. So class (what it is in MATLAB) and type (how it is
# stored) are two things.
#
# The format is described in "MAT-File Format" by The MathWorks.

INT8, INT32, UINT32, MATRIX, COMPRESSED = 1, 5, 6, 14, 15
# type of storage -> (its letter in Python's struct and array modules, its bytes)
STORAGE = {1: ("b", 1), 2: ("B", 1), 3: ("h", 2), 4: ("H", 2), 5: ("i", 4), 6: ("I", 4),
           7: ("f", 4), 9: ("d", 8), 12: ("q", 8), 13: ("Q", 8)}
NUMERIC_CLASSES = range(6, 16)  # double, single, int8 ... uint64
OTHER_CLASSES = {1: "a cell array", 2: "a struct", 3: "an object", 4: "text",
                 5: "sparse (save full(...) of it)"}
OPAQUE = 17  # the class of MATLAB's newer objects, which have no dimensions
COMPLEX = 0x0800  # a bit of the array flags


class Elements:
    """Data elements that stand one after another in `content`, and how far we have read.

    order: "<" or ">", the file's byte order. place: where this is, for messages.
    """

    def __init__(self, content, order, place):
        self.content, self.order, self.place = content, order, place
        self.position = 0

    def left(self):
        return len(self.content) - self.position

    def take(self, n):
        """The next n bytes."""
        if n > self.left():
            raise BadFile("%s: cut off: %d bytes are promised, %d are left"
                          % (self.place, n, self.left()))
        self.position += n
        return self.content[self.position - n:self.position]

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

    def element(self, what, kinds):
        """(type, data) of the next element; its type has to be one of `kinds`."""
        kind, n, data = self.tag()
        if kind not in kinds:
            raise BadFile("%s: an element of type %d where its %s should be"
                          % (self.place, kind, what))
        if data is None:
            data = self.take(n)
            self.take(min(-n % 8, self.left()))
        return kind, data

    def integers(self, what, kind):
        """The next element as 32-bit integers."""
        data = self.element(what, (kind,))[1]
        if len(data) % 4:
            raise BadFile("%s: %d bytes of %s" % (self.place, len(data), what))
        letter = STORAGE[kind][0]
        return struct.unpack("%s%d%s" % (self.order, len(data) // 4, letter), data)

    def introduction(self):
        """(array flags, dimensions, name); the last two are None if opaque."""
        flags = self.integers("array flags", UINT32)
        if not flags:
            raise BadFile("%s: array flags without a number" % self.place)
        if flags[0] & 0xff == OPAQUE:
            return flags[0], None, None
        dimensions = self.integers("dimensions", INT32)
        return flags[0], dimensions, self.element("name", (INT8,))[1].decode("latin-1")


def unzip(stream, most, place):
    """(the first `most` bytes of what a zlib stream unpacks to, was that all of it?)

    All of it includes the checksum at the stream's end, which zlib compares by itself.
    """
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(stream, most), unpacker.eof
    except zlib.error as error:
        raise BadFile("%s: the compressed data are damaged (%s)" % (place, error))


def check_shape(name, flags, dimensions):
    """Raises BadFile if this is not what the practical's variable of that name is."""
    of_class = flags & 0xff
    if of_class not in NUMERIC_CLASSES:
        raise BadFile("%s: is %s, not a matrix of numbers"
                      % (name, OTHER_CLASSES.get(of_class, "of class %d" % of_class)))
    if flags & COMPLEX:
        raise BadFile("%s: is complex" % name)
    rows = PIXELS if name.startswith("X") else 1
    if len(dimensions) != 2 or dimensions[0] != rows or dimensions[1] < 1:
        raise BadFile("%s: is %s, expected %d x P"
                      % (name, " x ".join(map(str, dimensions)), rows))
    if dimensions[1] > MOST_IMAGES:
        raise BadFile("%s: claims %d examples, all of MNIST has %d"
                      % (name, dimensions[1], MOST_IMAGES))


def read_variable(tagged, compressed, wanted, order, place):
    """(name, numbers column by column) of one variable, or None if it is not in `wanted`.

    tagged: the MATRIX element with its tag, or the zlib stream of the same. A stream is
    first unpacked just far enough to learn the name and the size, so that what we do not
    want costs nothing and what claims to be enormous is turned down before it fills the
    memory.
    """
    beginning = unzip(tagged, 1024, place)[0] if compressed else tagged
    body = Elements(beginning, order, place)
    kind, n, small = body.tag()
    if kind != MATRIX or small is not None:
        raise BadFile("%s: an element of type %d, not a variable" % (place, kind))
    if n == 0:
        return None
    flags, dimensions, name = body.introduction()
    if name not in wanted:
        return None
    check_shape(name, flags, dimensions)
    introduction_ends = body.position
    count = dimensions[0] * dimensions[1]
    if n > introduction_ends + 8 * count + 8:
        raise BadFile("%s: %d bytes for %d numbers" % (name, n, count))

    whole = tagged
    if compressed:
        whole, complete = unzip(tagged, 8 + n + 1, name)
        if len(whole) < 8 + n or not complete:
            raise BadFile("%s: the compressed data are cut off, or not as long as they "
                          "promise" % name)
    body = Elements(whole[:8 + n], order, name)
    body.take(introduction_ends)
    kind, data = body.element("numbers", STORAGE)
    letter, size = STORAGE[kind]
    if len(data) != count * size:
        raise BadFile("%s: %d bytes hold its numbers, expected %d x %d of %d bytes each"
                      % (name, len(data), dimensions[0], dimensions[1], size))
    if body.left():
        raise BadFile("%s: %d bytes too many behind its numbers" % (name, body.left()))
    numbers = array.array(letter, data)
    if order != {"little": "<", "big": ">"}[sys.byteorder]:
        numbers.byteswap()
    return name, numbers


def byte_order(header):
    """"<" or ">", from the first 128 bytes of a level-5 file; BadFile for any other."""
    if header.startswith((b"\x89HDF", b"MATLAB 7.3")):
        raise BadFile("a v7.3 (HDF5) file; save it again with -v7")
    order = {b"IM": "<", b"MI": ">"}.get(header[126:])
    if order is not None and struct.unpack(order + "H", header[124:126])[0] == 0x0100:
        return order
    # Version 4 has no header; its first number says how the first matrix is stored.
    if len(header) >= 20 and 0 in header[:4]:
        raise BadFile("not a level-5 .mat file, perhaps v4; save it again with -v7")
    raise BadFile("not a level-5 .mat file: no header of 128 bytes that ends in "
                  "0x0100 and MI")


def read_mat(path, wanted):
    """{name: its numbers, column by column} for the variables `wanted`, all of them."""
    with open(path, "rb") as file:
        header = file.read(128)
        order = byte_order(header)
        content = header + file.read()
    elements = Elements(content, order, "")
    elements.take(len(header))
    variables = {}
    while elements.left():
        start = elements.position
        elements.place = "byte %d" % start
        kind, n, small = elements.tag()
        if kind not in (MATRIX, COMPRESSED) or small is not None:
            raise BadFile("%s: an element of type %d, not a variable"
                          % (elements.place, kind))
        stream = elements.take(n)
        if kind == MATRIX:
            elements.take(min(-n % 8, elements.left()))
        tagged = stream if kind == COMPRESSED else content[start:start + 8 + n]
        variable = read_variable(tagged, kind == COMPRESSED, wanted, order,
                                 elements.place)
        if variable is None:
            continue
        name, numbers = variable
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
    names = ("X_train", "y_train", "X_test", "y_test")
    variables = naming(path, read_mat, path, names)
    examples = {}
    for part in ("train", "test"):
        X, y = variables["X_" + part], variables["y_" + part]
        P = len(y)
        if len(X) != P * PIXELS:
            raise BadFile("%s: X_%s has %d columns, y_%s has %d"
                          % (path, part, len(X) // PIXELS, part, P))
        examples[part] = []
        for mu in range(P):
            x = X[mu * PIXELS:(mu + 1) * PIXELS]
            levels = [LEVELS.get(value) for value in x]
            if None in levels:
                pixel = levels.index(None)
                raise BadFile("%s: X_%s(%d, %d) is %.17g, not a k/255 with k = 0 ... 255"
                              % (path, part, pixel + 1, mu + 1, x[pixel]))
            if y[mu] not in (-1, 1):
                raise BadFile("%s: y_%s(%d) is %.17g, expected -1 or 1"
                              % (path, part, mu + 1, y[mu]))
            examples[part].append((int(y[mu]), levels))
    return examples


# Writing, and the command line

def naming(path, function, *arguments):
    """function(*arguments), with the file's name put before whatever is wrong with it."""
    try:
        return function(*arguments)
    except BadFile as problem:
        raise BadFile("%s: %s" % (path, problem))
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise BadFile("%s: the compressed data are damaged (%s)" % (path, problem))


def write(examples, folder):
    """Writes folder/train.txt and folder/test.txt.

    Both are written in full under other names first and then put in place, so that a
    full disk or an interruption leaves what was there before.
    """
    os.makedirs(folder, exist_ok=True)
    paths = {part: os.path.join(folder, part + ".txt") for part in examples}
    for path in paths.values():
        if os.path.isdir(path):
            raise BadFile("%s: is a folder" % path)
    try:
        for part, path in paths.items():
            with open(path + ".new", "w", encoding="ascii", newline="\n") as file:
                for target, levels in examples[part]:
                    file.write("%d %s\n" % (target, " ".join(map(str, levels))))
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
            examples = examples_from_mat(options.mat)
        write(examples, options.output)
    except BadFile as problem:
        sys.exit("convert_mat.py: %s" % problem)
    except OSError as problem:
        sys.exit("convert_mat.py: %s: %s" % (problem.filename or options.output,
                                             problem.strerror or problem))
    except MemoryError:
        sys.exit("convert_mat.py: not enough memory")


if __name__ == "__main__":
    main()
