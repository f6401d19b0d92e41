"""data.py [COURSE.mat]: is data/ what it should be, and does convert_mat.py make it so?

From data/ MNIST files and .mat files are made here, byte by byte: of the sound ones
convert_mat.py has to make data/ again, of broken ones to say what is wrong.
"""
import gzip
import hashlib
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = {name: (ROOT / "data" / name).read_bytes() for name in ("train.txt", "test.txt")}
TRAIN, TEST = (DATA[name].splitlines() for name in DATA)


def check(what, *arguments, under=(), new=None, **files):
    """Writes the files and converts: `new`, or else the old data/, has to hold DATA."""
    for name, content in files.items():
        pathlib.Path(name).write_bytes(content)
    if new:
        shutil.rmtree(new, ignore_errors=True)
    program = [*under, sys.executable, "-B", str(ROOT / "convert_mat.py"), *arguments]
    done = subprocess.run(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    # Python's own words differ from version to version.
    said = re.sub(r"damaged \(.*\)", "damaged", done.stdout.decode().strip())
    said = "usage" if said.startswith("usage: ") else said
    if what:
        print("\n%s: status %d\n%s" % (what, done.returncode, said))
    if DATA != {path.name: path.is_file() and path.read_bytes()
                for path in pathlib.Path(new or "data").glob("*")}:
        print("WRONG: what is then in the folder", *arguments)


def idx(content, *sizes):
    return struct.pack(">%dI" % (1 + len(sizes)), 0x0800 + len(sizes), *sizes) + content


def mnist():
    """Images and labels: a zero, 1000 times a seven and a nine, one more nine."""
    pairs = zip(TRAIN[:900] + TEST[:100], TRAIN[900:] + TEST[100:])
    lines = [TEST[0], *(line for pair in pairs for line in pair), TEST[199]]
    images = [list(map(int, line.split()[1:])) for line in lines]
    along_rows = [28 * column + row for row in range(28) for column in range(28)]
    pixels = bytes(image[place] for image in images for place in along_rows)
    labels = b"\0" + 1000 * b"\7\x09" + b"\x09"
    return idx(pixels, len(images), 28, 28), idx(labels, len(images))


def check_mnist():
    images, labels = mnist()
    both = ("--mnist", "images", "labels")
    check("MNIST", *both, new="data", images=images, labels=labels)
    check("exchanged", "--mnist", "labels", "images")
    check("images cut off", *both, images=images[:-1])
    check("MNIST, .gz", *both, new="data", images=gzip.compress(images, 1),
          labels=gzip.compress(labels))
    check(".gz cut off", *both, labels=gzip.compress(labels)[:-1])
    check("28 labels", *both, labels=idx(bytes(28), 28))
    check("999 sevens", *both, labels=labels.replace(b"\7\x09", b"\0\x09", 1))
    check("eights and threes", *both, "--digits", "8", "3", "--output", "new/folder",
          new="new/folder", labels=labels.replace(b"\7\x09", b"\x08\3"))


def element(order, letter, numbers):
    """Part of a variable of a .mat; small ones only in files with the low byte first."""
    kind = {"b": 1, "h": 3, "i": 5, "I": 6, "f": 7, "d": 9, "q": 12}[letter]
    data = struct.pack("%s%d%s" % (order, len(numbers), letter), *numbers)
    if order == "<" and len(data) <= 4:
        return struct.pack("<HH", kind, len(data)) + data.ljust(4, b"\0")
    return struct.pack(order + "II", kind, len(data)) + data + bytes(-len(data) % 8)


def mat(train, test, letters="dh", order="<", pack=False):
    """A .mat file of lines of data/; letters: how X and y are stored."""
    variables = [[("I", [17, 0]), ("b", b"ob")]]  # an object, which has no dimensions
    for part, lines in ((b"train", train), (b"test", test)):
        rows = [list(map(int, line.split())) for line in lines]
        X, y = [k / 255 for row in rows for k in row[1:]], [row[0] for row in rows]
        variables += [[("I", [6, 0]), ("i", [784, len(y)]), ("b", b"X_" + part),
                       (letters[0], X)],
                      [("I", [10, 0]), ("i", [1, len(y)]), ("b", b"y_" + part),
                       (letters[1], y)]]
    content = bytes(124) + struct.pack(order + "HH", 0x0100, 0x4d49)
    for parts in variables:
        inside = b"".join(element(order, *part) for part in parts)
        whole = struct.pack(order + "II", 14, len(inside)) + inside
        packed = zlib.compress(whole)
        content += struct.pack(order + "II", 15, len(packed)) + packed if pack else whole
    return content


def check_mat():
    for what, content in (("as MATLAB writes it", mat(TRAIN, TEST, pack=True)),
                          ("as Octave writes it", mat(TRAIN, TEST, "db")),
                          ("as SciPy writes singles", mat(TRAIN, TEST, "fq")),
                          ("high byte first", mat(TRAIN, TEST, "di", ">"))):
        check(what, "mat", new="data", mat=content)
    two, sound = (mat(TEST[k:101], TEST[k:101]) for k in (99, 98))

    def instead(letters, old, new):
        return sound.replace(struct.pack(letters, *old), struct.pack(letters, *new), 1)

    for what, content in (("text", b"# Created by Octave\n" * 10),
                          ("v7.3", sound.replace(b"\0\1IM", b"\0\2IM")),
                          ("cut off", sound[:-8]),
                          ("damaged", mat(TEST, TEST, pack=True)[:-1] + b"\0"),
                          ("no y_test", sound.replace(b"y_test", b"y_TEST")),
                          ("sparse", instead("<II", [6, 0], [5, 0])),
                          ("X transposed", instead("<ii", [784, 3], [3, 784])),
                          ("y transposed", instead("<ii", [1, 3], [3, 1])),
                          ("2 for 3", sound + two[128:].replace(b"X_", b"x_")),
                          ("a column more", instead("<ii", [784, 3], [784, 4])),
                          ("no k/255", instead("<d", [51 / 255], [0.5])),
                          ("target 0", instead("<hh", [-1, 1], [0, 1]))):
        check(what, "mat", mat=content)
    if shutil.which("sh"):  # train.txt finds room, test.txt does not
        limit = ("sh", "-c", 'ulimit -f 4; exec "$0" "$@"')
        check("full disk", "mat", under=limit, mat=mat(TEST[:1], TEST[:9]))
    else:
        print("full disk: skipped, there is no sh")


def main():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for name, content in DATA.items():
        print("data/%s has a digest that data/README.md tells:" % name,
              hashlib.sha256(content).hexdigest() in readme)
    course = [os.path.abspath(path) for path in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        check_mat()
        check_mnist()
        for line in ("", "-h", "nowhere.mat", "mat --no", "mat --mnist images labels",
                     "mat --digits 3 8", "--mnist images labels --digits 7 7",
                     "--mnist images labels --digits 7 10", "mat --output mat"):
            check("convert_mat.py " + line, *line.split())
        for path in course:
            check(None, path, new="data")
        os.chdir(ROOT)  # Windows does not remove a folder that one stands in


if __name__ == "__main__":
    main()
