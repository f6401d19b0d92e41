"""data.py [COURSE.mat]: is data/ what it should be, and does convert_mat.py make it so?

MNIST files and .mat files are made here, byte by byte, from data/. From the sound ones
convert_mat.py has to make data/ again; of the others it has to say what they are or what
is wrong with them. A line is printed for each case; where one fails, it is followed by
what was expected and what was found. COURSE.mat, the practical's own file, is one case
more, of which nothing is printed unless it fails.

The cases stand below, each as one entry. To add one, write an entry, and add its line to
data.txt.
"""
import gzip
import hashlib
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import typing
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAIN_TXT = (ROOT / "data" / "train.txt").read_bytes()
TEST_TXT = (ROOT / "data" / "test.txt").read_bytes()
TRAIN = TRAIN_TXT.splitlines()
TEST = TEST_TXT.splitlines()

PRACTICAL = {"train.txt": TRAIN_TXT, "test.txt": TEST_TXT}
# What lies in data/ before convert_mat.py is called.
OLD = {"train.txt": b"old training set\n", "test.txt": b"old test set\n"}

# In what is expected, this stands for the words of Python or of the operating system.
ANY = "<any words>"


class Case(typing.NamedTuple):
    """One call of convert_mat.py, and all that has to come of it."""
    what: str
    files: dict        # {name: content} of what lies beside data/
    command: str       # the arguments of convert_mat.py
    prints: str        # all that it prints
    status: int
    folder: str        # the folder that is looked into afterwards
    holds: dict        # {name: content} of all that has to be in that folder
    before: str = ""   # Python statements that are run before convert_mat.py


def refused(what, files, command, words, before=""):
    """convert_mat.py has to say these words, and to leave data/ as it was."""
    prints = "convert_mat.py: " + words
    return Case(what, files, command, prints, 1, "data", OLD, before)


def converted(what, files, command, classes=("target -1", "target 1")):
    """convert_mat.py has to make the practical's data."""
    prints = counts("data", classes)
    return Case(what, files, command, prints, 0, "data", PRACTICAL)


def wrong_call(what, command, words):
    """convert_mat.py has to show its usage, and to leave data/ as it was."""
    prints = "usage: " + ANY + "convert_mat.py: error: " + words
    return Case(what, {}, command, prints, 2, "data", OLD)


def counts(folder, classes):
    """Returns the two lines that convert_mat.py prints of the files that it wrote."""
    lines = []
    for name, number in (("train.txt", 900), ("test.txt", 100)):
        lines.append("%s/%s: %d of %s, %d of %s"
                     % (folder, name, number, classes[0], number, classes[1]))
    return "\n".join(lines)


# How MNIST files are made

def idx(content, *sizes):
    """Returns an IDX file of bytes."""
    return struct.pack(">%dI" % (1 + len(sizes)), 0x0800 + len(sizes), *sizes) + content


def mnist_lines():
    """Returns lines of data/ as they follow one another in the MNIST that is made here: a
    nine that gets the label 0, 1000 times a seven and a nine, and one nine too many."""
    sevens = TRAIN[:900] + TEST[:100]
    nines = TRAIN[900:] + TEST[100:]
    lines = [TEST[199]]
    for seven, nine in zip(sevens, nines):
        lines += [seven, nine]
    lines.append(TEST[199])
    return lines


def mnist_images(lines):
    """Returns the images of these lines, along the rows."""
    pixels = bytearray()
    for line in lines:
        down_columns = [int(word) for word in line.split()[1:]]
        for row in range(28):
            for column in range(28):
                pixels.append(down_columns[28 * column + row])
    return idx(bytes(pixels), len(lines), 28, 28)


def mnist_labels(seven, nine):
    """Returns the labels of mnist_lines(), with these digits for sevens and nines."""
    labels = bytes([0] + 1000 * [seven, nine] + [nine])
    return idx(labels, len(labels))


# How .mat files are made

TYPES = {"b": 1, "h": 3, "i": 5, "I": 6, "f": 7, "d": 9, "q": 12}
DOUBLE, INT16, OBJECT = 6, 10, 17  # classes


def element(order, letter, numbers):
    """Returns an element inside a variable. A small one is packed if the low byte is
    first."""
    data = struct.pack("%s%d%s" % (order, len(numbers), letter), *numbers)
    if order == "<" and len(data) <= 4:
        return struct.pack("<HH", TYPES[letter], len(data)) + data.ljust(4, b"\0")
    tag = struct.pack(order + "II", TYPES[letter], len(data))
    return tag + data + bytes(-len(data) % 8)


def variable(order, pack, *inside):
    """Returns a variable with these elements inside."""
    content = b"".join(inside)
    whole = struct.pack(order + "II", 14, len(content)) + content
    if not pack:
        return whole
    packed = zlib.compress(whole)
    return struct.pack(order + "II", 15, len(packed)) + packed


def matrix(order, pack, class_, rows, name, letter, numbers):
    """Returns a variable that is a matrix."""
    return variable(order, pack,
                    element(order, "I", [class_, 0]),
                    element(order, "i", [rows, len(numbers) // rows]),
                    element(order, "b", name),
                    element(order, letter, numbers))


def divided(level):
    return level / 255


def multiplied(level):
    return level * (1 / 255)


def mat(train, test, x_letter="d", y_letter="h", order="<", pack=False,
        brightness=divided):
    """Returns a .mat file of lines of data/. The letters tell how X and y are stored."""
    content = bytes(124) + struct.pack(order + "HH", 0x0100, 0x4d49)
    content += variable(order, pack, element(order, "I", [OBJECT, 0]),
                        element(order, "b", b"thing"), element(order, "b", b"MCOS"))
    for part, lines in ((b"train", train), (b"test", test)):
        X = []
        y = []
        for line in lines:
            target, *levels = [int(word) for word in line.split()]
            y.append(target)
            X += [brightness(level) for level in levels]
        content += matrix(order, pack, DOUBLE, 784, b"X_" + part, x_letter, X)
        content += matrix(order, pack, INT16, 1, b"y_" + part, y_letter, y)
    return content


# The cases

def sound_mat_files():
    return [
        converted("a .mat file as MATLAB writes it",
                  {"a.mat": mat(TRAIN, TEST, pack=True)}, "a.mat"),
        converted("a .mat file as Octave writes it",
                  {"a.mat": mat(TRAIN, TEST, "d", "b")}, "a.mat"),
        converted("a .mat file as SciPy writes singles",
                  {"a.mat": mat(TRAIN, TEST, "f", "q")}, "a.mat"),
        converted("a .mat file with the high byte first",
                  {"a.mat": mat(TRAIN, TEST, "d", "i", order=">")}, "a.mat"),
        converted("a .mat file, packed by gzip",
                  {"a.mat.gz": gzip.compress(mat(TRAIN, TEST))}, "a.mat.gz"),
        converted("brightnesses of k * (1/255)",
                  {"a.mat": mat(TRAIN, TEST, brightness=multiplied)}, "a.mat"),
        converted("singles of k * (1/255)",
                  {"a.mat": mat(TRAIN, TEST, "f", brightness=multiplied)}, "a.mat"),
    ]


def broken_mat_files():
    small = mat(TEST[98:101], TEST[98:101])
    smaller = mat(TEST[99:101], TEST[99:101])
    packed = mat(TEST, TEST, pack=True)

    def other_size(rows, columns, new_rows, new_columns):
        old = struct.pack("<ii", rows, columns)
        new = struct.pack("<ii", new_rows, new_columns)
        return small.replace(old, new, 1)

    def other_X(level, brightness):
        return small.replace(struct.pack("<d", level / 255),
                             struct.pack("<d", brightness), 1)

    return [
        refused("a .mat file that is cut off", {"a.mat": small[:-8]}, "a.mat",
                "a.mat: cut off, download it again: 64 bytes promised, 56 are left"),
        refused("a packed variable that is damaged",
                {"a.mat": packed[:-1] + b"\0"}, "a.mat",
                "a.mat: cut off or damaged, download it again (" + ANY + ")"),
        refused("no y_test", {"a.mat": small.replace(b"y_test", b"y_TEST")}, "a.mat",
                "a.mat: has no variable y_test; it has thing, X_train, y_train, X_test, "
                "y_TEST"),
        refused("no variable", {"a.mat": small[:128]}, "a.mat",
                "a.mat: has no variable X_train; it has none"),
        refused("a sparse matrix",
                {"a.mat": small.replace(struct.pack("<II", DOUBLE, 0),
                                        struct.pack("<II", 5, 0), 1)}, "a.mat",
                "a.mat: X_train: is not a full matrix of real numbers"),
        refused("X transposed", {"a.mat": other_size(784, 3, 3, 784)}, "a.mat",
                "a.mat: X_train: is 3 x 784, expected 784 x P: transpose it"),
        refused("y transposed", {"a.mat": other_size(1, 3, 3, 1)}, "a.mat",
                "a.mat: y_train: is 3 x 1, expected 1 x P: transpose it"),
        refused("images of 42 x 56", {"a.mat": other_size(784, 3, 42, 56)}, "a.mat",
                "a.mat: X_train: is 42 x 56, expected 784 x P"),
        refused("a size with a column more",
                {"a.mat": other_size(784, 3, 784, 4)}, "a.mat",
                "a.mat: X_train: is 784 x 4 and has 2352 numbers: damaged, download it "
                "again"),
        refused("two targets for three images",
                {"a.mat": small + smaller[128:].replace(b"X_", b"x_")}, "a.mat",
                # The second y_train takes the first one's place.
                "a.mat: X_train has 3 columns, y_train has 2: give a target for each "
                "image"),
        refused("a brightness between two levels", {"a.mat": other_X(51, 0.5)}, "a.mat",
                "a.mat: X_train(296, 1) is 0.5, expected one of 0 ... 255 divided by "
                "255"),
        refused("a brightness of 255", {"a.mat": other_X(51, 255)}, "a.mat",
                "a.mat: X_train(296, 1) is 255.0, expected one of 0 ... 255 divided by "
                "255"),
        refused("a brightness that is too large to compute with",
                {"a.mat": other_X(51, 1e308)}, "a.mat",
                "a.mat: X_train(296, 1) is 1e+308, expected one of 0 ... 255 divided by "
                "255"),
        refused("a brightness that is no number", {"a.mat": other_X(51, float("nan"))},
                "a.mat",
                "a.mat: X_train(296, 1) is nan, expected one of 0 ... 255 divided by "
                "255"),
        refused("a target of 0",
                {"a.mat": small.replace(struct.pack("<hh", -1, 1),
                                        struct.pack("<hh", 0, 1), 1)}, "a.mat",
                "a.mat: y_train(2) is 0, expected -1 or 1"),
    ]


def other_kinds_of_file():
    small = mat(TEST[98:101], TEST[98:101])
    labels = mnist_labels(7, 9)
    web_page = b"\n<!DOCTYPE html>\n<html><title>Sign in</title></html>\n"
    git_lfs = (b"version https://git-lfs.github.com/spec/v1\n"
               b"oid sha256:" + 64 * b"0" + b"\nsize 834737\n")
    numpy_archive = b"PK\3\4" + bytes(26) + b"x_train.npy"
    zip_archive = b"PK\3\4" + bytes(26) + b"mnist_sevens_nines.mat"
    hdf5 = (b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM" + bytes(384)
            + b"\x89HDF\r\n\x1a\n")
    level_4 = struct.pack("<5I", 0, 1, 1, 0, 8) + b"X_train\0" + bytes(8)
    level_4_swapped = struct.pack(">5I", 1000, 1, 1, 0, 8) + b"X_train\0" + bytes(8)
    octave = b"# Created by Octave 7.3.0\n# name: X_train\n# type: matrix\n"
    octave_binary = b"Octave-1-L\0\7\0\0\0X_train"
    csv = b"label,1x1,1x2\n7,0,0\n9,0,0\n"

    return [
        refused("an empty file", {"a.mat": b""}, "a.mat",
                "a.mat: is empty: download it again"),
        refused("a web page", {"a.mat": web_page}, "a.mat",
                "a.mat: is a web page (HTML) instead of a file of data: download the "
                "file itself"),
        refused("a web page for MNIST", {"i": web_page, "l": labels}, "--mnist i l",
                "i: is a web page (HTML) instead of a file of data: download the file "
                "itself"),
        refused("a Git LFS pointer", {"a.mat": git_lfs}, "a.mat",
                "a.mat: is a Git LFS pointer, which stands for a file: get that by "
                "`git lfs pull`"),
        refused("gzip within gzip",
                {"a.mat": gzip.compress(gzip.compress(small))}, "a.mat",
                "a.mat: is packed by gzip twice: unpack it with gunzip first"),
        refused("a NumPy archive", {"a.npz": numpy_archive}, "a.npz",
                "a.npz: is a NumPy archive (.npz): save its arrays with "
                "scipy.io.savemat"),
        refused("a zip archive", {"a.zip": zip_archive}, "a.zip",
                "a.zip: is a zip archive: unpack it, and give the file that is inside"),
        refused("MATLAB's -v7.3", {"a.mat": hdf5}, "a.mat",
                "a.mat: is HDF5, as MATLAB's -v7.3 writes it: load it in MATLAB, save it "
                "with -v7"),
        refused("MATLAB's -v4", {"a.mat": level_4}, "a.mat",
                "a.mat: is a .mat file of level 4: load it in MATLAB or Octave, save it "
                "with -v7"),
        refused("-v4 with the high byte first",
                {"a.mat": level_4_swapped}, "a.mat",
                "a.mat: is a .mat file of level 4: load it in MATLAB or Octave, save it "
                "with -v7"),
        refused("Octave's text", {"a.mat": octave}, "a.mat",
                "a.mat: is in Octave's own format: load it in Octave, save it with -v7"),
        refused("Octave's -binary", {"a.mat": octave_binary}, "a.mat",
                "a.mat: is in Octave's own format: load it in Octave, save it with -v7"),
        refused("CSV", {"a.csv": csv}, "a.csv",
                "a.csv: is text, probably CSV: give the .mat file or MNIST's IDX files "
                "instead"),
        refused("CSV with a byte order mark", {"a.csv": b"\xef\xbb\xbf" + csv}, "a.csv",
                "a.csv: is text, probably CSV: give the .mat file or MNIST's IDX files "
                "instead"),
        refused("a text", {"a.txt": TEST_TXT}, "a.txt",
                "a.txt: is text: give the .mat file or MNIST's IDX files instead"),
        refused("MNIST without --mnist", {"l": labels}, "l",
                "l: is an IDX file of MNIST's: give two of them, --mnist IMAGES LABELS"),
        refused("a .mat file with --mnist", {"a.mat": small, "l": labels},
                "--mnist a.mat l", "a.mat: is a .mat file: give it without --mnist"),
        refused("an unknown kind of file", {"a.png": b"\x89PNG\r\n\x1a\n"}, "a.png",
                "a.png: starts with the bytes 89 50 4e 47, expected a .mat file of level "
                "5, as MATLAB's save -v7 writes it"),
        refused("an IDX file of floats", {"i": b"\0\0\x0d\3" + bytes(12), "l": labels},
                "--mnist i l",
                "i: starts with the bytes 00 00 0d 03, expected an IDX file, which "
                "starts with 00 00 08 03"),
    ]


def mnist_files():
    images = mnist_images(mnist_lines())
    labels = mnist_labels(7, 9)
    digits = ("digit 7", "digit 9")
    return [
        converted("MNIST", {"i": images, "l": labels}, "--mnist i l", digits),
        converted("MNIST, packed by gzip",
                  {"i.gz": gzip.compress(images, 1), "l.gz": gzip.compress(labels)},
                  "--mnist i.gz l.gz", digits),
        refused("labels before images", {"i": images, "l": labels}, "--mnist l i",
                "l: holds labels, expected images: give images first, then labels"),
        refused("images twice", {"i": images}, "--mnist i i",
                "i: holds images, expected labels: give images first, then labels"),
        refused("images that are cut off", {"i": images[:-1], "l": labels}, "--mnist i l",
                "i: its header promises 2002 x 28 x 28 = 1569568 bytes, found 1569567: "
                "download it again"),
        refused("a header that is cut off", {"i": images[:6], "l": labels}, "--mnist i l",
                "i: cut off or damaged, download it again (" + ANY + ")"),
        refused("gzip that is cut off",
                {"i": images, "l.gz": gzip.compress(labels)[:-1]}, "--mnist i l.gz",
                "l.gz: cut off or damaged, download it again (" + ANY + ")"),
        refused("images of 32 x 32",
                {"i": idx(bytes(2 * 32 * 32), 2, 32, 32), "l": labels}, "--mnist i l",
                "i: its images have 32 x 32 pixels, expected 28 x 28"),
        refused("labels of another set", {"i": images, "l": idx(bytes(28), 28)},
                "--mnist i l",
                "l: 28 labels for 2002 images: give two files of one set"),
        refused("999 sevens", {"i": images, "l": labels.replace(b"\7\x09", b"\0\x09", 1)},
                "--mnist i l",
                "l: 999 images of digit 7, expected 1000: train-images and train-labels "
                "have more"),
        Case("eights and threes into another folder",
             {"i": images, "l": mnist_labels(8, 3)},
             "--mnist i l --digits 8 3 --output new/folder",
             counts("new/folder", ("digit 8", "digit 3")), 0,
             "new/folder", PRACTICAL),
    ]


# A .mat file of these test images makes data that are not the practical's.
OTHER_DATA = {name: b"\n".join(TEST[98:101]) + b"\n" for name in PRACTICAL}
OTHER_COUNTS = ("%s/train.txt: 2 of target -1, 1 of target 1\n"
                "%s/test.txt: 2 of target -1, 1 of target 1")

# With these statements a case needs no old Python, and no full disk.
AN_OLD_PYTHON = """
import sys
sys.version_info = (3, 7, 16)
"""
A_FULL_DISK = """
import errno, os, pathlib
write_all = pathlib.Path.write_bytes
def write_half_of_test_txt(path, content):
    if path.name == "test.txt":
        write_all(path, content[:len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    write_all(path, content)
pathlib.Path.write_bytes = write_half_of_test_txt
"""


def where_it_writes_and_runs():
    files = {"a.mat": mat(TEST[98:101], TEST[98:101])}
    return [
        Case("other data into data/", files, "a.mat",
             OTHER_COUNTS % ("data", "data")
             + "\ndata/ holds other data than the practical's. To get those back: git "
             "checkout data, or python3 convert_mat.py mnist_sevens_nines.mat", 0,
             "data", OTHER_DATA),
        Case("other data into another folder", files, "a.mat --output mine",
             OTHER_COUNTS % ("mine", "mine"), 0, "mine", OTHER_DATA),
        refused("a file where the folder should be", files, "a.mat --output a.mat",
                "a.mat: " + ANY),
        refused("a full disk", files, "a.mat", "data: " + ANY, before=A_FULL_DISK),
        refused("no such file", {}, "nowhere.mat", "nowhere.mat: " + ANY),
        refused("Python 3.7", files, "a.mat",
                "this is Python 3.7, but 3.8 or newer is needed: call convert_mat.py "
                "with a newer one", before=AN_OLD_PYTHON),
    ]


def command_lines():
    return [
        Case("help", {}, "-h", "usage: " + ANY, 0, "data", OLD),
        wrong_call("no arguments", "",
                   "expected either FILE.mat or --mnist IMAGES LABELS"),
        wrong_call("a .mat file and --mnist", "a.mat --mnist i l",
                   "expected either FILE.mat or --mnist IMAGES LABELS"),
        wrong_call("a .mat file and --digits", "a.mat --digits 3 8",
                   "--digits: expected --mnist IMAGES LABELS with it"),
        wrong_call("the same digit twice", "--mnist i l --digits 7 7",
                   "--digits: expected two different ones"),
        wrong_call("no digit", "--mnist i l --digits 7 10", "argument --digits: " + ANY),
        wrong_call("an unknown option", "a.mat --no", ANY + "--no"),
    ]


# How a case is tried

def files_in(folder):
    """Returns {name: content}, with None for a folder inside; None without a folder."""
    if not folder.is_dir():
        return None
    return {path.name: path.read_bytes() if path.is_file() else None
            for path in folder.iterdir()}


def call(case, folder):
    """Runs convert_mat.py in the folder. Returns its status and what it prints."""
    program = str(ROOT / "convert_mat.py")
    if case.before:
        run = "import runpy\nrunpy.run_path(%r, run_name='__main__')\n" % program
        start = ["-c", case.before + run]
    else:
        start = [program]
    done = subprocess.run([sys.executable, "-B", *start, *case.command.split()],
                          cwd=str(folder), universal_newlines=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    # Windows shows data/train.txt as data\train.txt.
    return done.returncode, done.stdout.strip().replace("\\", "/")


def is_as_expected(printed, expected):
    """Are they the same but for ANY?"""
    pattern = ".+".join(re.escape(words) for words in expected.split(ANY))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def faults_of(case):
    """Returns lines that say what was expected and what was found, where they differ."""
    with tempfile.TemporaryDirectory() as path:
        folder = pathlib.Path(path)
        (folder / "data").mkdir()
        for name, content in OLD.items():
            (folder / "data" / name).write_bytes(content)
        for name, content in case.files.items():
            (folder / name).write_bytes(content)
        status, printed = call(case, folder)
        files = files_in(folder / case.folder)
    faults = []
    if status != case.status:
        faults.append("expected status %d, found %d" % (case.status, status))
    if not is_as_expected(printed, case.prints):
        faults.append("expected: " + case.prints)
        faults.append("found:    " + printed)
    if files != case.holds:
        faults.append("%s/ does not hold what it should" % case.folder)
    return faults


def report(what, faults):
    """Prints that a case passed, or how it failed."""
    print("%s: %s" % ("FAILED" if faults else "passed", what))
    for fault in faults:
        print("    " + fault.replace("\n", "\n    "))


def check_digests():
    """Do data/README.md and convert_mat.py have the digests of data/?"""
    for text in ("data/README.md", "convert_mat.py"):
        content = (ROOT / text).read_text(encoding="utf-8")
        faults = []
        for name in PRACTICAL:
            digest = hashlib.sha256(PRACTICAL[name]).hexdigest()
            if digest not in content:
                faults.append("data/%s has the digest %s" % (name, digest))
        report("the digests in " + text, faults)


def main():
    if sys.version_info < (3, 8):
        print("skipped: needs Python 3.8 or newer, found %d.%d" % sys.version_info[:2])
        return
    check_digests()
    for cases in (sound_mat_files, broken_mat_files, other_kinds_of_file, mnist_files,
                  where_it_writes_and_runs, command_lines):
        for case in cases():
            report(case.what, faults_of(case))
    for path in sys.argv[1:]:
        files = {"course.mat": pathlib.Path(path).read_bytes()}
        case = converted("the practical's own file", files, "course.mat")
        faults = faults_of(case)
        if faults:
            report(case.what, faults)


if __name__ == "__main__":
    main()
