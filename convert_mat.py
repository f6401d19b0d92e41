#!/usr/bin/env python3
"""Write data/train.txt and data/test.txt, the sevens and nines that backprop.c learns.

    python3 convert_mat.py mnist_sevens_nines.mat
    python3 convert_mat.py --mnist t10k-images-idx3-ubyte t10k-labels-idx1-ubyte

The first command reads the file that the practical hands out. The second command reads
MNIST's test set, from which that file was made. Both write the same bytes.

The second command takes other digits, too: with `--digits 3 8 --output threes_eights`
the threes get the target -1, the eights get 1, and the two files are written to the
folder threes_eights. Examples that are there already are never replaced by others.

data/README.md says what stands in a line of the two files, and where MNIST is found.
This program needs Python 3.8 or newer and nothing else.
"""
import argparse
import gzip
import math
import pathlib
import struct
import sys
import tempfile
import zlib

SIDE = 28  # an image has 28 x 28 pixels
PIXELS = SIDE * SIDE


def refuse(path, problem):
    """Ends the program with one line that says what is wrong with a file."""
    sys.exit("convert_mat.py: %s: %s" % (path, problem))


def read(path):
    """Returns the bytes of a file. If gzip packed them, they are unpacked."""
    try:
        content = pathlib.Path(path).read_bytes()
        if content.startswith(b"\x1f\x8b"):  # gzip's first bytes
            content = gzip.decompress(content)
        return content
    except (EOFError, zlib.error):
        refuse(path, "is packed by gzip, and cut off or damaged: get it again")
    except OSError as problem:
        refuse(path, problem.strerror or problem)


def found(content):
    """Shows what a file is instead of what was expected: most kinds begin with a name."""
    if not content:
        return "an empty file"
    return "%d bytes that begin with %a" % (len(content), content[:20].decode("latin-1"))


def line_of(target, levels):
    """Returns a line of train.txt or test.txt: the target and 784 brightnesses."""
    return "%d %s\n" % (target, " ".join(map(str, levels)))


# 1. The practical's file
#
# A .mat file of MATLAB 5 begins with a header of 128 bytes. Its last four are the
# version, 0x0100, and the letters MI, each pair as one 16-bit number. They read 00 01 I M
# if the low byte of a number comes first, as on every PC.
#
# One element after another follows. An element is
#
#     type       32 bits
#     size       32 bits: the number of bytes of its data
#     data
#     padding    zeros, up to a multiple of 8 bytes
#
# A small element has at most 4 bytes of data and packs all into 8 bytes: type and size
# have 16 bits each, and 4 bytes for the data follow. Read as 32 bits, type and size are
# more than 0xffff, which no type of a large element is.
#
# A compressed element has no padding. Its data are a zlib stream, in which there is
# another element.
#
# A variable is an element of type MATRIX. Its data are elements again: flags, dimensions,
# name, and the numbers, column by column. (A complex or a sparse matrix has more.) The
# type of the last one is that of the numbers.

HEADER = 128
MATLAB_5 = b"\0\1IM"
MATRIX, COMPRESSED = 14, 15  # types of elements
# The types of numbers, from int8 (1) to single (7) and double (9), and their letters in
# Python's module struct.
LETTER = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "f", 9: "d"}

LEVEL = {k / 255: k for k in range(256)}  # {brightness in X: brightness in MNIST}


def elements_in(content):
    """Returns the (type, data) of all elements that follow one another in content."""
    elements = []
    at = 0
    while at < len(content):
        type_, size = struct.unpack_from("<II", content, at)
        start = at + 8
        if type_ > 0xffff:  # a small element
            size = type_ >> 16
            type_ = type_ & 0xffff
            start = at + 4
        # struct has an error of its own for data that are cut off.
        (data,) = struct.unpack_from("%ds" % size, content, start)
        elements.append((type_, data))
        length = start + size - at
        if type_ != COMPRESSED:
            length = (length + 7) // 8 * 8
        at += length
    return elements


def variables_in(content):
    """Returns {name: (dimensions, type of the numbers, their bytes)}."""
    variables = {}
    for type_, data in elements_in(content):
        if type_ == COMPRESSED:
            variables.update(variables_in(zlib.decompress(data)))
        elif type_ == MATRIX:
            inside = elements_in(data)
            if len(inside) == 4:
                _, (_, sizes), (_, name), (stored_as, numbers) = inside
                dimensions = struct.unpack("<%di" % (len(sizes) // 4), sizes)
                variables[name.decode("latin-1")] = (dimensions, stored_as, numbers)
    return variables


def numbers_of(path, variables, name, rows):
    """Returns the numbers of a variable, column by column."""
    if name not in variables:
        refuse(path, "expected the variable %s, found %a" % (name, sorted(variables)))
    dimensions, type_, numbers = variables[name]
    if len(dimensions) != 2 or dimensions[0] != rows or type_ not in LETTER:
        refuse(path, "expected %s to be %d x P numbers, found %s of type %d"
               % (name, rows, " x ".join(map(str, dimensions)), type_))
    return struct.unpack("<%d%s" % (rows * dimensions[1], LETTER[type_]), numbers)


def lines_of_part(path, variables, part):
    """Returns the lines of one part, "train" or "test"."""
    X = numbers_of(path, variables, "X_" + part, PIXELS)
    y = numbers_of(path, variables, "y_" + part, 1)
    P = len(y)
    if P == 0 or len(X) != P * PIXELS:
        refuse(path, "expected an image for each target, found %d images in X_%s and %d "
               "targets in y_%s" % (len(X) // PIXELS, part, P, part))
    strange = (set(X) - set(LEVEL)) | (set(y) - {-1, 1})
    if strange:
        refuse(path, "expected 0/255, 1/255 ... 255/255 in X_%s and -1 or 1 in y_%s, "
               "found %s" % (part, part, max(strange)))
    levels = [LEVEL[brightness] for brightness in X]
    return [line_of(y[mu], levels[mu * PIXELS:(mu + 1) * PIXELS]) for mu in range(P)]


def read_mat(path):
    """Returns the lines of both parts, {"train": [...], "test": [...]}."""
    content = read(path)
    if content[HEADER - 4:HEADER] != MATLAB_5:
        refuse(path, "expected a MATLAB 5 file, or --mnist and two IDX files, found "
               + found(content))
    try:
        variables = variables_in(content[HEADER:])
        return {part: lines_of_part(path, variables, part) for part in ("train", "test")}
    except (struct.error, zlib.error):
        refuse(path, "is a MATLAB 5 file, but cut off or damaged: get it again")


# 2. MNIST
#
# An IDX file begins with the bytes 0, 0, 8 (which says that each of its numbers is one
# byte) and n, the number of dimensions. The n sizes follow, 32 bits each with the high
# byte first, and then the numbers. Images have three dimensions, their count x 28 x 28,
# and are stored row by row. Labels have one.

TRAINING, TESTING = 900, 100  # how many images of each digit are for training and testing


def read_idx(path, what, dimensions):
    """Returns the sizes and the numbers of an IDX file."""
    content = read(path)
    start = 4 + 4 * dimensions
    if content[:4] != bytes([0, 0, 8, dimensions]) or len(content) < start:
        refuse(path, "expected %s, an IDX file that begins with 00 00 08 %02d, found %s"
               % (what, dimensions, found(content)))
    sizes = struct.unpack(">%dI" % dimensions, content[4:start])
    numbers = content[start:]
    if len(numbers) != math.prod(sizes):
        refuse(path, "expected %s = %d bytes behind the header, found %d: get it again"
               % (" x ".join(map(str, sizes)), math.prod(sizes), len(numbers)))
    return sizes, numbers


def read_mnist(images_path, labels_path, digits):
    """Returns the lines of both parts, in each those of the first digit first."""
    (count, *size), images = read_idx(images_path, "images", 3)
    if size != [SIDE, SIDE]:
        refuse(images_path, "expected images of 28 x 28 pixels, found %d x %d"
               % tuple(size))
    _, labels = read_idx(labels_path, "labels", 1)
    if len(labels) != count:
        refuse(labels_path, "expected %d labels, one for each image, found %d"
               % (count, len(labels)))
    lines = {"train": [], "test": []}
    for digit, target in zip(digits, (-1, 1)):
        places = [place for place, label in enumerate(labels) if label == digit]
        if len(places) < TRAINING + TESTING:
            refuse(labels_path, "expected %d images of the digit %d, found %d"
                   % (TRAINING + TESTING, digit, len(places)))
        chosen = []
        for place in places[:TRAINING + TESTING]:
            image = images[place * PIXELS:(place + 1) * PIXELS]
            # The practical goes column by column. A column is every 28th byte.
            columns = [image[column::SIDE] for column in range(SIDE)]
            chosen.append(line_of(target, b"".join(columns)))
        lines["train"] += chosen[:TRAINING]
        lines["test"] += chosen[TRAINING:]
    return lines


# 3. Writing, and the command line

def write(folder, texts):
    """Writes {name: text} into the folder: all of them or, if one cannot be, none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = folder / name
            if path.exists() and path.read_bytes() != text:
                refuse(path, "holds other examples already: remove both files, or give "
                       "another folder with --output")
        with tempfile.TemporaryDirectory(dir=str(folder)) as unfinished:
            for name, text in texts.items():
                pathlib.Path(unfinished, name).write_bytes(text)
            for name in texts:
                pathlib.Path(unfinished, name).replace(folder / name)
    except OSError as problem:
        refuse(folder, problem.strerror)


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="convert_mat.py", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mat", nargs="?", metavar="FILE.mat")
    parser.add_argument("--mnist", nargs=2, metavar=("IMAGES", "LABELS"))
    parser.add_argument("--digits", nargs=2, metavar="D", type=int)
    parser.add_argument("--output", metavar="FOLDER")
    options = parser.parse_args(arguments)
    if (options.mat is None) == (options.mnist is None):
        parser.error("expected either FILE.mat or --mnist IMAGES LABELS")
    if options.digits and not (options.mnist and options.output):
        parser.error("--digits: expected --mnist IMAGES LABELS and --output FOLDER with "
                     "it, since data/ is for the practical's sevens and nines")

    if options.mnist:
        parts = read_mnist(*options.mnist, options.digits or (7, 9))
    else:
        parts = read_mat(options.mat)
    folder = pathlib.Path(options.output or "data")
    write(folder, {part + ".txt": "".join(lines).encode()
                   for part, lines in parts.items()})
    for part, lines in parts.items():
        first = sum(line.startswith("-") for line in lines)
        print("%s/%s.txt: %d examples with the target -1, %d with the target 1"
              % (folder, part, first, len(lines) - first))


if __name__ == "__main__":
    main(sys.argv[1:])
