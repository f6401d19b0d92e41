"""data.py [COURSE.mat]: what .ci/data runs. Prints a line for each check.

First the digests of data/. Then sound files, invented here byte by byte from the formats'
descriptions, and whether convert_mat.py makes of them what the README of data/ says. Last
broken files, one for each thing that convert_mat.py has to refuse, and what it says.
"""
import contextlib
import gzip
import hashlib
import io
import itertools
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib
try:
    import resource
except ImportError:  # Windows has no limits
    resource = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))
import convert_mat

TYPES = {"b": 1, "B": 2, "h": 3, "H": 4, "i": 5, "I": 6, "f": 7, "d": 9, "q": 12, "Q": 13}
SPARSE, DOUBLE, SINGLE, INT16, UINT64, FUNCTION, OPAQUE = 5, 6, 7, 10, 15, 16, 17


def convert(arguments, folder):
    """What convert_mat.py says on standard error; "" if it succeeds."""
    sys.argv = ["convert_mat.py", *map(str, arguments), "--output", str(folder)]
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            convert_mat.main()
        return ""
    except SystemExit as end:
        # The wording of a usage error is argparse's and changes from version to version.
        usage = end.code == 2 and "usage: " in said.getvalue()
        return "usage" if usage else str(end.code)
    except Exception as problem:
        return "CRASHED: %r" % problem


def result(arguments, expected):
    """Converts what is sound, into a folder that is not there yet.

    expected: {"train.txt": its text, "test.txt": ...}
    """
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder, "new", "data")
        said = convert(arguments, folder)
        if said:
            return "REFUSED: " + said
        if sorted(path.name for path in folder.glob("*")) != sorted(expected):
            return "OTHER FILES"
        for name, text in expected.items():
            found = (folder / name).read_bytes().decode("latin-1")
            if found != text:
                same = os.path.commonprefix([found, text])
                return "%s is DIFFERENT from line %d on, number %d" % (
                    name, same.count("\n") + 1, same.split("\n")[-1].count(" ") + 1)
    return "as expected"


def text_of(targets, images):
    return "".join("%d %s\n" % (y, " ".join(map(str, image)))
                   for y, image in zip(targets, images))


# MNIST
#
# The pixels are bytes without any pattern: no two images, rows or columns are alike, so
# that each has its one place. Sevens and nines alternate, with other digits between; of
# the sevens there are just as many as are needed, of the nines three more.

LABELS = bytes([9, 9, 9, *itertools.chain(*((7, 9, k % 7) for k in range(1000)))])
PIXELS = hashlib.shake_128(b"pixels").digest(784 * len(LABELS))


def idx(content, *sizes):
    return struct.pack(">%dI" % (1 + len(sizes)), 0x0800 + len(sizes), *sizes) + content


def packed(content):
    return gzip.compress(content, 1)


def mnist_as_expected():
    """What is to come of it: the first 900 of each digit, then the next 100 of each."""
    down = [28 * row + column for column in range(28) for row in range(28)]
    lines = {}
    for digit, target in ((7, -1), (9, 1)):
        at = [784 * k for k in range(len(LABELS)) if LABELS[k] == digit]
        lines[digit] = [text_of([target], [[PIXELS[start + j] for j in down]])
                        for start in at[:1000]]
    return {"train.txt": "".join(lines[7][:900] + lines[9][:900]),
            "test.txt": "".join(lines[7][900:] + lines[9][900:])}


def check_mnist():
    expected = mnist_as_expected()
    images, labels = idx(PIXELS, len(LABELS), 28, 28), idx(LABELS, len(LABELS))
    for form, pack in (("plain", bytes), ("packed", packed)):
        pathlib.Path("images").write_bytes(pack(images))
        pathlib.Path("labels").write_bytes(pack(labels))
        print("MNIST, %s: %s"
              % (form, result(["--mnist", "images", "labels"], expected)))


# A .mat file
#
# Three invented images, in which every brightness occurs, and their targets.

LEVELS = [(77 * k + k // 256) % 256 if k % 5 else 0 for k in range(3 * 784)]
X = [level / 255 for level in LEVELS]
Y = [1, -1, 1]


def element(order, kind, data, small=True):
    if small and len(data) <= 4:
        return struct.pack(order + "I", len(data) << 16 | kind) + data.ljust(4, b"\0")
    return struct.pack(order + "II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(order, letter, numbers, small=True):
    return element(order, TYPES[letter],
                   struct.pack("%s%d%s" % (order, len(numbers), letter), *numbers), small)


def variable(order, name, of_class, letter, rows, numbers, small=True, **instead):
    """A MATRIX element, the numbers stored as `letter`; `instead`: a part's bytes."""
    parts = {"flags": array(order, "I", [of_class, 0]),
             "dimensions": array(order, "i", [rows, len(numbers) // rows]),
             "named": element(order, 1, name.encode(), small),
             "data": array(order, letter, numbers, small),
             "behind": b"", **instead}
    return element(order, 14, b"".join(parts.values()))


def compressed(order, one):
    one = zlib.compress(one)
    return struct.pack(order + "II", 15, len(one)) + one


def header(order):
    return (b"MATLAB 5.0 MAT-file, written by a check".ljust(124)
            + struct.pack(order + "HH", 0x0100, 0x4d49))


def mat(order, variables, pack=False):
    return header(order) + b"".join(compressed(order, one) if pack else one
                                    for one in variables)


def sound_variables(order, y_type, ones_type, small=True):
    """Three images for training; two, black and white, for testing; and something else.

    y_type, ones_type: how targets and black and white are stored, whatever their class.
    """
    return [
        variable(order, "y_test", INT16, y_type, 1, Y[:2], small),
        variable(order, "cube", DOUBLE, "d", 1, [1.5],
                 dimensions=array(order, "i", [1, 1, 1])),
        variable(order, "X_test", UINT64, ones_type, 784, [0, 1] * 784, small),
        variable(order, "y_train", DOUBLE, y_type, 1, Y, small),
        variable(order, "table", OPAQUE, "I", 1, [0], dimensions=b""),
        variable(order, "X_train", DOUBLE, "d", 784, X, small)]


def check_mat():
    expected = {
        "train.txt": text_of(Y, [LEVELS[:784], LEVELS[784:1568], LEVELS[1568:]]),
        "test.txt": text_of(Y, [[0, 255] * 392] * 2)}
    singles = variable("<", "X_train", SINGLE, "f", 784, X)
    for form, content in (
            ("low byte first", mat("<", sound_variables("<", "h", "B"))),
            ("high byte first", mat(">", sound_variables(">", "i", "H"))),
            ("packed, low byte first", mat("<", sound_variables("<", "b", "I"), True)),
            ("packed, high byte first", mat(">", sound_variables(">", "q", "Q"), True)),
            ("no small elements", mat("<", sound_variables("<", "d", "d", False))),
            ("singles", mat("<", sound_variables("<", "f", "f")[:-1] + [singles]))):
        pathlib.Path("sound.mat").write_bytes(content)
        print(".mat, %s: %s" % (form, result(["sound.mat"], expected)))


def check_program():
    """Two runs as a program of its own; all others call main(), which is quicker."""
    for name in ("sound.mat", "nowhere.mat"):
        done = subprocess.run([sys.executable, "-B", str(ROOT / "convert_mat.py"), name],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        print("python3 convert_mat.py %s: status %d" % (name, done.returncode))
        print((done.stdout + done.stderr).decode(), end="")


# What is refused

def bad_mats():
    """(what, content) of .mat files with one fault each."""
    others = [variable("<", "y_train", INT16, "h", 1, Y),
              variable("<", "X_test", DOUBLE, "d", 784, X),
              variable("<", "y_test", INT16, "h", 1, Y)]

    def X_train(of_class=DOUBLE, **instead):
        return variable("<", "X_train", of_class, "d", 784, X, **instead)

    def with_X(*of_class, **instead):
        return mat("<", [X_train(*of_class, **instead), *others])

    def with_stream(stream):
        return header("<") + element("<", 15, stream)

    def with_y(letter, rows, numbers):
        return mat("<", [variable("<", "y_train", INT16, letter, rows, numbers),
                         X_train(), *others[1:]])

    sound, stream = with_X(), zlib.compress(X_train())
    yield "empty", b""
    yield "text", b"# Created by Octave 7.3.0\n# name: X_train\n" * 10
    yield "v4", struct.pack("<5i", 0, 784, 3, 0, 8) + b"X_train\0" + bytes(8 * 784)
    yield "v7.3", b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM" + bytes(384)
    yield "header only", header("<")
    yield "no y_test", sound[:-len(others[-1])]
    yield "y_test twice", mat("<", [X_train(), *others, others[-1]])
    yield "no variable", header("<") + array("<", "d", [1, 2])
    yield "no variable in it", with_stream(zlib.compress(array("<", "d", [1, 2])))
    yield "cut off in a tag", sound[:132]
    yield "cut off", sound[:-1]
    yield "numbers cut off", with_X(data=array("<", "d", X)[:-8])
    yield "ends early", with_stream(zlib.compress(X_train()[:-8]))
    yield "goes on", with_stream(zlib.compress(X_train() + bytes(8)))
    yield "no checksum", with_stream(stream[:-4])
    yield "wrong checksum", with_stream(stream[:-1] + bytes([stream[-1] ^ 1]))
    yield "small of 5 bytes", with_X(named=struct.pack("<I", 5 << 16 | 1) + b"X_tr")
    yield "name of numbers", with_X(named=element("<", 2, b"X_train"))
    yield "long name", with_X(named=element("<", 1, bytes(1025)))
    yield "no flags", with_X(flags=element("<", 6, b""))
    yield "odd dimensions", with_X(dimensions=element("<", 5, bytes(9)))
    yield "sparse", with_X(SPARSE)
    yield "function", with_X(FUNCTION)
    yield "28 rows", with_X(dimensions=array("<", "i", [28, 84]))
    yield "3 dimensions", with_X(dimensions=array("<", "i", [784, 3, 1]))
    yield "no columns", with_X(dimensions=array("<", "i", [784, 0]),
                               data=element("<", 9, b""))
    yield "billions", with_X(dimensions=array("<", "i", [784, 2**31 - 1]))
    yield "70001 targets", with_y("b", 1, [1] * 70001)
    yield "70000 targets", with_y("b", 1, [1] * 70000)
    yield "column y", with_y("h", 3, Y)
    yield "2 targets for 3", with_y("h", 1, Y[:2])
    yield "text as numbers", with_X(data=element("<", 16, bytes(8)))
    yield "too few numbers", with_X(data=array("<", "d", X[1:]))
    yield "too many numbers", with_X(data=array("<", "d", [*X, 0]))
    yield "too many singles", with_X(data=array("<", "f", [*X, 0]))
    yield "complex", with_X(behind=array("<", "d", X))
    yield "not k/255", with_X(data=array("<", "d", [*X[:785], 0.5, *X[786:]]))
    yield "256/255", with_X(data=array("<", "d", [*X[:-1], 256 / 255]))
    yield "NaN", with_X(data=array("<", "d", [float("nan"), *X[1:]]))
    yield "target 0", with_y("h", 1, [-1, 0, 1])


def bad_idx():
    """(what, images, labels), two IDX files with one fault."""
    images, labels = idx(bytes(7840), 10, 28, 28), idx(bytes([7, 9] * 5), 10)
    pack = packed(images)
    n = len(LABELS) - 3
    yield ("999 sevens", idx(PIXELS[:784 * n], n, 28, 28), idx(LABELS[:n], n))
    yield "exchanged", labels, images
    yield "cut off", images[:-1], labels
    yield "goes on", images + b"\0", labels
    yield "header cut off", images, labels[:7]
    yield "20 x 20", idx(bytes(4000), 10, 20, 20), labels
    yield "9 labels", images, idx(bytes(9), 9)
    yield "70000 labels", images, idx(bytes(70000), 70000)
    yield "70001 labels", images, idx(bytes(70001), 70001)
    yield "damaged", pack[:10] + bytes(40), labels
    yield "packed, cut off", pack[:-4], labels
    yield "wrong checksum", pack[:-8] + bytes([pack[-8] ^ 1]) + pack[-7:], labels


def contents(folder):
    return {path.name: path.is_file() and path.read_bytes()
            for path in pathlib.Path(folder).glob("*")}


def convert_on_full_disk(arguments, folder):
    """The same where a file has room for 2000 bytes."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, unlimited[1]))
    try:
        return convert(arguments, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)


def refuse(what, arguments, folder="data", convert=convert):
    """Prints what convert_mat.py says, and whether it spared what was in the folder."""
    before = contents(folder)
    said = convert(arguments, folder)
    # What zlib says of damaged data is its own affair.
    said, damaged, _ = said.partition("damaged")
    print("%s: %s" % (what, said + damaged or "ACCEPTED"))
    if contents(folder) != before:
        print("    but what was in the folder has CHANGED")


def refuse_mnist(what, images, labels, size=0):
    pathlib.Path("images").write_bytes(images)
    pathlib.Path("labels").write_bytes(labels)
    if size:
        os.truncate("labels", size)
    refuse(what, ["--mnist", "images", "labels"])


def check_huge():
    """Files that claim more than fits into the memory; main() has made that small.

    Those with os.truncate() end in zeros that take no room on the disk.
    """
    bad, most = pathlib.Path("bad.mat"), 2**32 - 8
    tag = struct.pack("<II", 14, most)
    introduction = array("<", "I", [DOUBLE, 0]) + array("<", "i", [784, 3])
    for what, beginning in (
            ("numbers", introduction + element("<", 1, b"X_train")
             + struct.pack("<II", 9, most - 64)),
            ("name", introduction + struct.pack("<II", 1, most - 40))):
        bad.write_bytes(header("<") + tag + beginning)
        os.truncate(bad, 2**33)
        refuse("4 GB of %s" % what, [bad])
        # The same packed. A megabyte of zeros packs into a piece that can be repeated.
        packer = zlib.compressobj()
        start, zeros = (packer.compress(some) + packer.flush(zlib.Z_FULL_FLUSH)
                        for some in (tag + beginning, bytes(2**20)))
        bad.write_bytes(header("<") + element("<", 15, start + 4096 * zeros))
        refuse("4 GB of %s, packed" % what, [bad])
    bad.write_bytes(header("<") + tag + introduction + element("<", 1, b"other"))
    os.truncate(bad, 128 + 8 + most)
    refuse("4 GB of something else", [bad])
    refuse_mnist("4 GB of labels", idx(bytes(7840), 10, 28, 28), idx(b"", most), 2**33)
    refuse_mnist("4 GB of images, packed",
                 packed(idx(bytes(7840), 10, 28, 28)) + packed(bytes(2**22)) * 1024,
                 idx(bytes(10), 10))


def check_command_line():
    refuse("no such file", ["nowhere.mat"])
    refuse("one file of MNIST", ["--mnist", "images"])
    refuse("both", ["sound.mat", "--mnist", "images", "labels"])
    refuse("neither", [])
    refuse("unknown option", ["--nonsense"])


def check_writing():
    pathlib.Path("half/test.txt").mkdir(parents=True)
    pathlib.Path("half/train.txt").write_bytes(b"old\n")
    refuse("a folder in the way", ["sound.mat"], "half")
    refuse("a file in the way", ["sound.mat"], "sound.mat")
    if resource is None:
        print("disk full: skipped, this Python cannot limit the size of a file")
        return
    # The first file, 1570 bytes, finds room, the second does not.
    pathlib.Path("short.mat").write_bytes(mat("<", [
        variable("<", "X_train", DOUBLE, "B", 784, [0] * 784),
        variable("<", "y_train", INT16, "b", 1, [1]),
        *sound_variables("<", "h", "B")[:3]]))
    refuse("disk full", ["short.mat"], convert=convert_on_full_disk)


def check_data():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name in ("train.txt", "test.txt"):
        digest = hashlib.sha256((ROOT / "data" / name).read_bytes()).hexdigest()
        told = "as in" if digest in readme else "NOT IN"
        print("%s %s, %s data/README.md" % (name, digest, told))


def main():
    course = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):  # not every system can
            most = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (2**29, most))
    check_data()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        check_mnist()
        check_mat()
        check_program()
        for what, content in bad_mats():
            pathlib.Path("bad.mat").write_bytes(content)
            refuse(what, ["bad.mat"])
        for what, images, labels in bad_idx():
            refuse_mnist(what, images, labels)
        check_huge()
        check_command_line()
        check_writing()
        expected = {name: (ROOT / "data" / name).read_text(encoding="ascii")
                    for name in ("train.txt", "test.txt")}
        for path in course:
            outcome = result([path], expected)
            if outcome != "as expected":
                print("%s: %s" % (path.name, outcome))
        os.chdir(ROOT)  # Windows does not remove a folder that one stands in


if __name__ == "__main__":
    main()
