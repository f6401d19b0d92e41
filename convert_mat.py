#!/usr/bin/env python3
"""Write data/train.txt and data/test.txt, the sevens and nines that backprop.c learns.

    python3 convert_mat.py mnist_sevens_nines.mat
    python3 convert_mat.py --mnist t10k-images-idx3-ubyte t10k-labels-idx1-ubyte

The first form reads the file that the practical hands out. The second form reads the
public MNIST test set, from which that file was made. Both write the same bytes. The files
that are read may be packed by gzip.

With `--digits 3 7` the second form takes other digits: the first one gets the target -1,
the second one gets 1. It needs 1000 images of each. The test set has as many of 1, 2, 3,
7 and 9 only, the training set (train-images-idx3-ubyte, train-labels-idx1-ubyte) has as
many of every digit.

With `--output FOLDER` the two files are written to another folder than data.
data/README.md says what stands in a line of them. This program needs Python 3.8 or newer
and nothing else.
"""
import sys

# This comes before all that an older Python does not know.
if sys.version_info < (3, 8):
    sys.exit("convert_mat.py: this is Python %d.%d, but 3.8 or newer is needed: "
             "call convert_mat.py with a newer one" % sys.version_info[:2])

import argparse
import contextlib
import gzip
import hashlib
import math
import pathlib
import struct
import tempfile
import zlib
from collections import namedtuple

SIDE = 28  # an image has 28 x 28 pixels
PIXELS = SIDE * SIDE

# Of each digit the first 900 images are for training, the next 100 for testing.
TRAINING, TESTING = 900, 100

# target: -1 or 1. levels: 784 brightnesses of 0 ... 255, as bytes, column by column.
Example = namedtuple("Example", "target levels")

# The SHA-256 of the practical's data.
PRACTICAL = {
    "train.txt": "a8dfa0aa86d00fd5b14cc63a4c49a99bc87c4bd21ca68f66ee2f8a85efca6e33",
    "test.txt": "d9f124e7473686084b7f94d5038fcf4f1e14ba40a1bc5e96e8425a808504e30e",
}


class BadFile(Exception):
    """One line that tells the reader what is wrong with a file, and where."""


@contextlib.contextmanager
def naming(what):
    """Puts the name of a file or a variable before whatever turns out to be wrong with it."""
    try:
        yield
    except BadFile as problem:
        raise BadFile("%s: %s" % (what, problem))
    except (EOFError, struct.error, zlib.error, gzip.BadGzipFile) as problem:
        raise BadFile("%s: cut off or damaged, download it again (%s)" % (what, problem))
    except OSError as problem:
        raise BadFile("%s: %s" % (what, problem.strerror))


# 1. What kind of file is it?
#
# Both forms of the command read the whole file, unpack it if need be, and look at its
# first bytes. If these are not what they should be, the reader learns what they are.
#
# To name another kind of file, add an `if` to kind_of(), above the tests that look at more
# than a fixed beginning, and a case to other_kinds_of_file() in expected/checks/data.py.

TEXT_MARK = b"\xef\xbb\xbf"  # some editors put it before a text
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
HDF5 = b"\x89HDF\r\n\x1a\n"
IDX_IMAGES = b"\0\0\x08\x03"
IDX_LABELS = b"\0\0\x08\x01"
LEVEL_5_LOW_BYTE_FIRST = b"\0\1IM"   # bytes 124 ... 127, see section 3
LEVEL_5_HIGH_BYTE_FIRST = b"\1\0MI"


def read_unpacked(path):
    """Returns the bytes of a file, unpacked if they are packed by gzip."""
    content = pathlib.Path(path).read_bytes()
    if content.startswith(GZIP):
        content = gzip.decompress(content)
    return content


def is_level_4(content):
    """Is it a .mat file of level 4? Its first five numbers tell its kind, the rows and
    columns of a variable, whether that is complex, and how long its name is."""
    if len(content) < 20:
        return False
    for order in "<>":
        kind, _, _, is_complex, length = struct.unpack_from(order + "5I", content)
        if kind < 5000 and is_complex <= 1 and 1 <= length <= 64:
            return True
    return False


def is_text(content):
    """Is it all ASCII?"""
    return all(32 <= byte < 127 or byte in b"\t\r\n" for byte in content)


def kind_of(content):
    """Says what a file is, and what to do with it; None if its kind is not known."""
    start = content[:1000]
    text = start.replace(TEXT_MARK, b"").lstrip()
    if not content:
        return "is empty: download it again"
    if text.startswith(b"<"):
        return "is a web page (HTML) instead of a file of data: download the file itself"
    if start.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer, which stands for a file: get that by `git lfs pull`"
    if start.startswith(GZIP):
        return "is packed by gzip twice: unpack it with gunzip first"
    if start.startswith(ZIP) and b".npy" in start:
        return "is a NumPy archive (.npz): save its arrays with scipy.io.savemat"
    if start.startswith(ZIP):
        return "is a zip archive: unpack it, and give the file that is inside"
    if HDF5 in start:
        return "is HDF5, as MATLAB's -v7.3 writes it: load it in MATLAB, save it with -v7"
    if start.startswith((b"# Created by Octave", b"Octave-1-")):
        return "is in Octave's own format: load it in Octave, save it with -v7"
    if start[124:128] in (LEVEL_5_LOW_BYTE_FIRST, LEVEL_5_HIGH_BYTE_FIRST):
        return "is a .mat file: give it without --mnist"
    if start.startswith((IDX_IMAGES, IDX_LABELS)):
        return "is an IDX file of MNIST's: give two of them, --mnist IMAGES LABELS"
    if is_level_4(start):
        return "is a .mat file of level 4: load it in MATLAB or Octave, save it with -v7"
    if is_text(text) and b"," in text:
        return "is text, probably CSV: give the .mat file or MNIST's IDX files instead"
    if is_text(text):
        return "is text: give the .mat file or MNIST's IDX files instead"
    return None


def instead_of(expected, content):
    """Says what the file is instead of what was expected."""
    kind = kind_of(content)
    if kind is None:
        kind = "starts with the bytes %s, expected %s" % (content[:4].hex(" "), expected)
    return kind


# 2. MNIST
#
# An IDX file is a big-endian header and then bare bytes. The last digit of the header's
# first number tells how many sizes follow it: images, rows and columns, or just labels.

IdxFile = namedtuple("IdxFile", "sizes data")


def read_idx(path, first_bytes):
    """Reads a file that has to start with first_bytes, IDX_IMAGES or IDX_LABELS."""
    content = read_unpacked(path)
    if not content.startswith(first_bytes):
        if content.startswith(IDX_LABELS):
            raise BadFile("holds labels, expected images: give images first, then labels")
        if content.startswith(IDX_IMAGES):
            raise BadFile("holds images, expected labels: give images first, then labels")
        expected = "an IDX file, which starts with " + first_bytes.hex(" ")
        raise BadFile(instead_of(expected, content))
    number_of_sizes = first_bytes[3]
    sizes = struct.unpack_from(">%dI" % number_of_sizes, content, 4)
    data = content[4 + 4 * number_of_sizes:]
    if len(data) != math.prod(sizes):
        raise BadFile("its header promises %s = %d bytes, found %d: download it again"
                      % (" x ".join(map(str, sizes)), math.prod(sizes), len(data)))
    return IdxFile(sizes, data)


def read_mnist(images_path, labels_path, digits):
    """Returns {"train.txt": [Example, ...], "test.txt": ...} of the two digits."""
    with naming(images_path):
        images = read_idx(images_path, IDX_IMAGES)
        count, rows, columns = images.sizes
        if (rows, columns) != (SIDE, SIDE):
            raise BadFile("its images have %d x %d pixels, expected %d x %d"
                          % (rows, columns, SIDE, SIDE))
    with naming(labels_path):
        labels = read_idx(labels_path, IDX_LABELS)
        if len(labels.data) != count:
            raise BadFile("%d labels for %d images: give two files of one set"
                          % (len(labels.data), count))
        return practicals_choice(images.data, labels.data, digits)


def practicals_choice(images, labels, digits):
    """Takes the first images of each digit, in the order of the file, and puts those of
    the first digit before those of the second."""
    examples = {"train.txt": [], "test.txt": []}
    for digit, target in zip(digits, (-1, 1)):
        places = [k for k, label in enumerate(labels) if label == digit]
        if len(places) < TRAINING + TESTING:
            raise BadFile("%d images of digit %d, expected %d: train-images and "
                          "train-labels have more"
                          % (len(places), digit, TRAINING + TESTING))
        places = places[:TRAINING + TESTING]
        chosen = [Example(target, down_columns(images, k)) for k in places]
        examples["train.txt"] += chosen[:TRAINING]
        examples["test.txt"] += chosen[TRAINING:]
    return examples


def down_columns(images, k):
    """Returns image k column by column. MNIST goes along the rows, so that a column is
    every 28th byte."""
    image = images[k * PIXELS:(k + 1) * PIXELS]
    return b"".join(image[column::SIDE] for column in range(SIDE))


# 3. A .mat file of level 5, as described in "MAT-File Format" by The MathWorks
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
# their imaginary part. (MATLAB's newer objects have no dimensions.) The numbers may be
# stored as any numeric type that loses nothing: MATLAB keeps a double that happens to be
# whole in one byte. So class (what it is in MATLAB) and type (how it is stored) are two
# things.

MATRIX, COMPRESSED = 14, 15  # types
STORED_AS = {  # the numeric types, and what Python's module struct calls them
    1: "b",
    2: "B",
    3: "h",
    4: "H",
    5: "i",
    6: "I",
    7: "f",
    9: "d",
    12: "q",
    13: "Q",
}
NUMERIC_CLASSES = range(6, 16)  # double, single, int8 ... uint64
OBJECT_CLASS = 17

# Each `order` is that of the bytes, "<" (low byte first) or ">", as in the module struct.
Element = namedtuple("Element", "type data order")


def elements_in(content, order):
    """Returns the elements that follow one another in content."""
    found = []
    at = 0
    while at < len(content):
        type_, size = struct.unpack_from(order + "II", content, at)
        start = at + 8
        end = len(content)
        if type_ >> 16 != 0:  # a small element
            size = type_ >> 16
            type_ = type_ & 0xffff
            start = at + 4
            end = at + 8
        if start + size > end:
            raise BadFile("cut off, download it again: %d bytes promised, %d are left"
                          % (size, end - start))
        found.append(Element(type_, content[start:start + size], order))
        length = start + size - at
        if type_ != COMPRESSED:
            length = multiple_of_8(length)
        at += length
    return found


def multiple_of_8(length):
    """Returns the first multiple of 8 that is not less than length."""
    return (length + 7) // 8 * 8


def numbers_in(element):
    """Returns the numbers that an element holds."""
    if element.type not in STORED_AS:
        raise BadFile("an element of type %d, expected one of numbers: download it again"
                      % element.type)
    letter = STORED_AS[element.type]
    count = len(element.data) // struct.calcsize(element.order + letter)
    return struct.unpack("%s%d%s" % (element.order, count, letter), element.data)


class Variable:
    """A variable of a .mat file is made of the elements inside it, which are three at
    least. Its numbers are looked at only when they are asked for."""

    def __init__(self, elements):
        (flags,) = struct.unpack_from(elements[0].order + "I", elements[0].data)
        self.class_ = flags & 0xff
        self.elements = elements
        if self.class_ == OBJECT_CLASS:
            self.name = elements[1].data.decode("latin-1")
        else:
            self.name = elements[2].data.decode("latin-1")

    def numbers(self, rows):
        """Returns the numbers, column by column. There have to be rows x P of them."""
        if self.class_ not in NUMERIC_CLASSES or len(self.elements) != 4:
            raise BadFile("is not a full matrix of real numbers")
        dimensions = numbers_in(self.elements[1])
        size = " x ".join(map(str, dimensions))
        numbers = numbers_in(self.elements[3])
        if math.prod(dimensions) != len(numbers):
            raise BadFile("is %s and has %d numbers: damaged, download it again"
                          % (size, len(numbers)))
        is_matrix = len(dimensions) == 2 and len(numbers) > 0
        if is_matrix and dimensions[0] == rows:
            return numbers
        if is_matrix and dimensions[1] == rows:
            raise BadFile("is %s, expected %d x P: transpose it" % (size, rows))
        raise BadFile("is %s, expected %d x P" % (size, rows))


def variables_in(content, order):
    """Returns the variables, of which some may be compressed."""
    elements = []
    for element in elements_in(content, order):
        if element.type == COMPRESSED:
            elements += elements_in(zlib.decompress(element.data), order)
        else:
            elements.append(element)
    variables = []
    for element in elements:
        if element.type == MATRIX:
            inside = elements_in(element.data, order)
            if len(inside) >= 3:
                variables.append(Variable(inside))
    return variables


# The variables that a .mat file has to have, and their numbers of rows.
ROWS = {"X_train": PIXELS, "y_train": 1, "X_test": PIXELS, "y_test": 1}


def read_mat(path):
    """Returns {"train.txt": [Example, ...], "test.txt": ...} of a .mat file."""
    with naming(path):
        content = read_unpacked(path)
        if content[124:128] == LEVEL_5_LOW_BYTE_FIRST:
            order = "<"
        elif content[124:128] == LEVEL_5_HIGH_BYTE_FIRST:
            order = ">"
        else:
            expected = "a .mat file of level 5, as MATLAB's save -v7 writes it"
            raise BadFile(instead_of(expected, content))
        numbers = practicals_numbers(variables_in(content[128:], order))
        return {part + ".txt": examples_of(part, numbers)
                for part in ("train", "test")}


def practicals_numbers(variables):
    """Returns {name: its numbers, column by column} for the four names in ROWS."""
    numbers = {}
    for variable in variables:
        if variable.name in ROWS:
            with naming(variable.name):
                numbers[variable.name] = variable.numbers(ROWS[variable.name])
    for name in ROWS:
        if name not in numbers:
            # In a damaged file a name may be anything, even several lines.
            others = [variable.name for variable in variables
                      if variable.name.isidentifier()]
            raise BadFile("has no variable %s; it has %s"
                          % (name, ", ".join(others) or "none"))
    return numbers


def examples_of(part, numbers):
    """Returns the examples of one part, "train" or "test"."""
    X = numbers["X_" + part]
    y = numbers["y_" + part]
    P = len(y)
    if len(X) != P * PIXELS:
        raise BadFile("X_%s has %d columns, y_%s has %d: give a target for each image"
                      % (part, len(X) // PIXELS, part, P))
    level_of = {brightness: level_or_none(brightness) for brightness in set(X)}
    examples = []
    for mu in range(P):
        x = X[mu * PIXELS:(mu + 1) * PIXELS]
        levels = [level_of[brightness] for brightness in x]
        if None in levels:
            pixel = levels.index(None)
            raise BadFile("X_%s(%d, %d) is %s, expected one of 0 ... 255 divided by 255"
                          % (part, pixel + 1, mu + 1, x[pixel]))
        if y[mu] not in (-1, 1):
            raise BadFile("y_%s(%d) is %s, expected -1 or 1" % (part, mu + 1, y[mu]))
        examples.append(Example(int(y[mu]), bytes(levels)))
    return examples


def level_or_none(brightness):
    """Returns k if the brightness is k/255, but for rounding: somebody may have saved
    singles, or computed k * (1/255), which differs from k/255 in the last digit."""
    if not -1 < brightness < 2:  # much too small or large, or not a number
        return None
    level = round(255 * brightness)
    if 0 <= level <= 255 and abs(255 * brightness - level) < 1e-4:
        return level
    return None


# 4. Writing, and the command line

def text_of(examples):
    """Returns what stands in a file of these examples, which is a line for each."""
    lines = []
    for example in examples:
        levels = " ".join(map(str, example.levels))
        lines.append("%d %s\n" % (example.target, levels))
    return "".join(lines).encode()


def write(folder, texts):
    """Writes {name: text} into the folder. No text is put in place before all are
    complete."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        for name in texts:
            pathlib.Path(unfinished, name).write_bytes(texts[name])
        for name in texts:
            pathlib.Path(unfinished, name).replace(folder / name)


def is_practical(texts):
    """Are they the practical's data?"""
    digests = {name: hashlib.sha256(texts[name]).hexdigest() for name in texts}
    return digests == PRACTICAL


def command_line(arguments):
    parser = argparse.ArgumentParser(
        prog="convert_mat.py", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mat", nargs="?", metavar="FILE.mat")
    parser.add_argument("--mnist", nargs=2, metavar=("IMAGES", "LABELS"))
    parser.add_argument("--digits", nargs=2, metavar="D", type=int, choices=range(10))
    parser.add_argument("--output", metavar="FOLDER")
    options = parser.parse_args(arguments)
    if (options.mat is None) == (options.mnist is None):
        parser.error("expected either FILE.mat or --mnist IMAGES LABELS")
    if options.digits and options.mnist is None:
        parser.error("--digits: expected --mnist IMAGES LABELS with it")
    if options.digits and options.digits[0] == options.digits[1]:
        parser.error("--digits: expected two different ones")
    return options


def convert(options, folder):
    """Reads the examples, writes them, and reports how many there are."""
    if options.mnist:
        digits = options.digits or (7, 9)
        examples = read_mnist(*options.mnist, digits=digits)
        classes = ["digit %d" % digit for digit in digits]
    else:
        examples = read_mat(options.mat)
        classes = ["target -1", "target 1"]
    texts = {name: text_of(examples[name]) for name in examples}
    with naming(folder):
        write(folder, texts)

    for name in examples:
        targets = [example.target for example in examples[name]]
        print("%s: %d of %s, %d of %s" % (pathlib.Path(folder, name), targets.count(-1),
                                          classes[0], targets.count(1), classes[1]))
    if options.output is None and not is_practical(texts):
        print("data/ holds other data than the practical's. To get those back: git "
              "checkout data, or python3 convert_mat.py mnist_sevens_nines.mat")


def main(arguments):
    options = command_line(arguments)
    folder = "data" if options.output is None else options.output
    try:
        convert(options, folder)
    except BadFile as problem:
        sys.exit("convert_mat.py: %s" % problem)


if __name__ == "__main__":
    main(sys.argv[1:])
