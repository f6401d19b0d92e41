"""data.py [COURSE.mat]: convert_mat.py makes data/ from sound files, and refuses others.

A file like the practical's own and MNIST's files are made here from data/. convert_mat.py
reads them, sound and damaged, and a row tells what it was given, its status, what it said
last and what it wrote. data.txt has the rows as they should be. COURSE.mat is the file
that the practical hands out: then this file itself is read in the first row.
"""
import gzip
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRACTICAL = {name: (ROOT / "data" / name).read_bytes()
             for name in ("train.txt", "test.txt")}
TRAIN = PRACTICAL["train.txt"].splitlines()
TEST = PRACTICAL["test.txt"].splitlines()


# A file like the practical's own

def element(type_, data):
    """Returns an element of a .mat file, packed into 8 bytes if it is small."""
    if len(data) <= 4:
        return struct.pack("<HH", type_, len(data)) + data.ljust(4, b"\0")
    return struct.pack("<II", type_, len(data)) + data + bytes(-len(data) % 8)


def variable(name, rows, type_, letter, numbers):
    """Returns a compressed variable. letter is what struct calls this type of numbers."""
    dimensions = struct.pack("<ii", rows, len(numbers) // rows)
    numbers = struct.pack("<%d%s" % (len(numbers), letter), *numbers)
    # The first element inside has the flags, which convert_mat.py does not read.
    matrix = element(14, element(6, bytes(8)) + element(5, dimensions)
                     + element(1, name) + element(type_, numbers))
    packed = zlib.compress(matrix, 1)
    return struct.pack("<II", 15, len(packed)) + packed


HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"


def mat(train, test, y_type=3, y_letter="h"):
    """Returns a .mat file of these lines of data/. The practical's y is of type 3."""
    content = HEADER
    for part, lines in ((b"train", train), (b"test", test)):
        rows = [[int(word) for word in line.split()] for line in lines]
        X = [level / 255 for row in rows for level in row[1:]]
        content += variable(b"X_" + part, 784, 9, "d", X)
        content += variable(b"y_" + part, 1, y_type, y_letter, [row[0] for row in rows])
    return content


def mat_with(**variables):
    """Returns a .mat file of two examples, with these variables instead of its own."""
    zeros = 2 * 784 * [0]
    inside = dict(X_train=(784, 9, "d", zeros), y_train=(1, 3, "h", [-1, 1]),
                  X_test=(784, 9, "d", zeros), y_test=(1, 3, "h", [-1, 1]))
    inside.update(variables)
    return HEADER + b"".join(variable(name.encode(), *inside[name]) for name in inside)


# MNIST

def idx(content, *sizes):
    """Returns an IDX file of bytes."""
    return struct.pack(">%dI" % (1 + len(sizes)), 0x0800 + len(sizes), *sizes) + content


def mnist(first, second):
    """Returns images and labels: a 0, and then 1000 times one digit and the other."""
    pairs = zip(TRAIN[:900] + TEST[:100], TRAIN[900:] + TEST[100:])
    lines = [TEST[0]] + [line for pair in pairs for line in pair]
    images = b""
    for line in lines:
        levels = bytes(map(int, line.split()[1:]))
        images += b"".join(levels[row::28] for row in range(28))
    labels = bytes([0] + 1000 * [first, second])
    return idx(images, len(lines), 28, 28), idx(labels, len(labels))


# The rows

def row(what, command, **files):
    """Calls convert_mat.py beside these files, and prints what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file in files:
            (folder / file).write_bytes(files[file])
        done = subprocess.run([sys.executable, "-B", str(ROOT / "convert_mat.py")]
                              + command.split(), cwd=name, universal_newlines=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print("\n%s: status %d" % (what, done.returncode))
        print("    " + (done.stdout.splitlines() or ["nothing was said"])[-1])
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.read_bytes() != files.get(path.name):
                right = path.read_bytes() == PRACTICAL.get(path.name)
                print("    %s: %s" % (path.relative_to(folder).as_posix(),
                                      "as in data/" if right else "FAILED"))


def mat_files(course):
    sound = mat(TRAIN, TEST)
    damaged = bytearray(sound)
    damaged[len(sound) // 2] ^= 1
    row("the practical's file", "mat", mat=course or sound)
    an_object = element(14, element(6, bytes(8)))
    row("y as doubles, and an object", "mat", mat=mat(TRAIN, TEST, 9, "d") + an_object)
    row("cut off", "mat", mat=sound[:-1])
    row("damaged", "mat", mat=bytes(damaged))
    row("only the header's text", "mat", mat=HEADER[:100])
    row("no variables", "mat", mat=HEADER)
    row("other variables", "mat", mat=HEADER + variable(b"y", 1, 3, "h", [7, 9]))
    row("X turned", "mat", mat=mat_with(X_test=(2, 9, "d", 2 * 784 * [0])))
    row("X as a cell array", "mat", mat=mat_with(X_test=(784, 14, "d", 2 * 784 * [0])))
    row("a target too few", "mat", mat=mat_with(y_test=(1, 3, "h", [1])))
    row("no examples", "mat", mat=mat_with(X_test=(784, 9, "d", []),
                                           y_test=(1, 3, "h", [])))
    row("brightnesses up to 255", "mat",
        mat=mat_with(X_test=(784, 2, "B", 784 * [0, 255])))
    row("a brightness that is no number", "mat",
        mat=mat_with(X_test=(784, 9, "d", 784 * [0, float("nan")])))
    row("digits as targets", "mat", mat=mat_with(y_test=(1, 3, "h", [7, 9])))
    row("MATLAB's -v7.3", "mat", mat=b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM")
    row("a web page", "mat", mat=b"<!DOCTYPE html>\n<html>Sign in</html>\n")
    row("an empty file", "mat", mat=b"")
    row("no file", "mat")


def mnist_files():
    images, labels = mnist(7, 9)
    both = "--mnist images labels"
    row("MNIST", both, images=images, labels=labels)
    row("MNIST, packed by gzip", both, images=gzip.compress(images, 1),
        labels=gzip.compress(labels))
    row("gzip, cut off", both, images=images, labels=gzip.compress(labels)[:-9])
    row("labels first", "--mnist labels images", images=images, labels=labels)
    row("a .mat file", both, images=HEADER, labels=labels)
    row("images, cut off", both, images=images[:-1], labels=labels)
    row("a header, cut off", both, images=images[:9], labels=labels)
    row("images of 32 x 32", both, images=idx(bytes(32 * 32), 1, 32, 32), labels=labels)
    row("labels of another set", both, images=images, labels=idx(bytes(28), 28))
    row("sixes", both + " --digits 6 9 --output six", images=images, labels=labels)
    images, labels = mnist(8, 3)
    row("other digits", both + " --digits 8 3 --output new/folder",
        images=images, labels=labels)


def command_lines():
    sound = mat_with()
    row("nothing", "")
    row("both kinds of file", "mat --mnist images labels")
    row("digits without a folder", "--mnist images labels --digits 3 8")
    row("digits of a .mat file", "mat --digits 3 8 --output new", mat=sound)
    row("a folder with other examples", "mat --output .", mat=sound,
        **{"test.txt": b"mine\n"})
    row("a file as the folder", "mat --output mat", mat=sound)


def main():
    print("# what convert_mat.py is given, its status, what it says and what it writes")
    mat_files(pathlib.Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else None)
    mnist_files()
    command_lines()


if __name__ == "__main__":
    main()
