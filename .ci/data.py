"""What .ci/data runs: the digests of data/, and conversions of small .mat files.

The small files are written here, byte by byte from the format's description, in the forms
in which MATLAB and Octave may write them. data.py [COURSE.mat]
"""
import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = {"b": 1, "B": 2, "h": 3, "H": 4, "i": 5, "I": 6, "f": 7, "d": 9, "q": 12, "Q": 13}
CLASSES = {"double": 6, "single": 7, "int16": 10}


def convert(arguments, folder):
    """convert_mat.py's exit status and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, "-B", str(ROOT / "convert_mat.py"), *map(str, arguments),
         "--output", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stderr.decode()


def element(order, kind, data, small=True):
    if small and len(data) <= 4:
        return struct.pack(order + "I", len(data) << 16 | kind) + data.ljust(4, b"\0")
    return struct.pack(order + "II", kind, len(data)) + data + bytes(-len(data) % 8)


def variable(order, name, of_class, letter, rows, numbers, small=True):
    """A numeric MATRIX element; the numbers are stored as the type `letter`."""
    body = (element(order, 6, struct.pack(order + "II", CLASSES[of_class], 0))
            + element(order, 5, struct.pack(order + "ii", rows, len(numbers) // rows))
            + element(order, 1, name.encode(), small)
            + element(order, TYPES[letter],
                      struct.pack("%s%d%s" % (order, len(numbers), letter), *numbers),
                      small))
    return struct.pack(order + "II", 14, len(body)) + body


def mat(order, variables, compressed):
    header = b"MATLAB 5.0 MAT-file, written by a check".ljust(116) + bytes(8)
    content = header + struct.pack(order + "HH", 0x0100, 0x4d49)
    for one in variables:
        if compressed:
            one = zlib.compress(one)
            one = struct.pack(order + "II", 15, len(one)) + one
        content += one
    return content


def small_examples(count, shift):
    """(brightnesses, targets) of `count` invented images."""
    levels = [(7 * k * k + shift) % 256 if k % 5 else 0 for k in range(784 * count)]
    return levels, [-1 if mu % 2 else 1 for mu in range(count)]


def text(levels, targets):
    return "".join("%d %s\n" % (y, " ".join(map(str, levels[784 * mu:784 * (mu + 1)])))
                   for mu, y in enumerate(targets))


def check_small(where):
    """Converts one small data set in several forms; yields (form, what came of it)."""
    (levels, y), (levels_test, y_test) = small_examples(3, 1), small_examples(2, 50)
    expected = {"train.txt": text(levels, y), "test.txt": text(levels_test, y_test)}
    X, X_test = ([k / 255 for k in some] for some in (levels, levels_test))
    zeros_and_ones = [0.0, 1.0] * 392 * 2
    for form, order, compressed, y_type, small in (
            ("plain, little-endian", "<", False, "h", True),
            ("plain, big-endian", ">", False, "h", True),
            ("compressed, little-endian", "<", True, "b", True),
            ("compressed, big-endian", ">", True, "q", True),
            ("no small elements, targets as double", "<", False, "d", False)):
        other = variable(order, "other", "double", "d", 1, [1.5])
        content = mat(order, [
            variable(order, "y_test", "int16", y_type, 1, y_test, small), other,
            variable(order, "X_test", "double", "d", 784, X_test, small),
            variable(order, "y_train", "double", y_type, 1, y, small),
            variable(order, "X_train", "double", "d", 784, X, small)], compressed)
        yield form, written_as(where, content, expected)
    content = mat("<", [
        variable("<", "X_train", "single", "f", 784, X),
        variable("<", "y_train", "int16", "b", 1, y),
        variable("<", "X_test", "double", "B", 784, [int(v) for v in zeros_and_ones]),
        variable("<", "y_test", "int16", "b", 1, y_test)], True)
    expected["test.txt"] = text([int(255 * v) for v in zeros_and_ones], y_test)
    yield "singles, and doubles stored in a byte", written_as(where, content, expected)


def written_as(where, content, expected):
    path = where / "small.mat"
    path.write_bytes(content)
    status, said = convert([path], where / "data")
    if status != 0:
        return "failed: " + said.strip()
    same = all((where / "data" / name).read_bytes() == lines.encode()
               for name, lines in expected.items())
    return "as expected" if same else "DIFFERENT"


def main():
    os.chdir(ROOT)
    for name in ("train.txt", "test.txt"):
        print(name, hashlib.sha256((ROOT / "data" / name).read_bytes()).hexdigest())
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    told = all(hashlib.sha256((ROOT / "data" / name).read_bytes()).hexdigest() in readme
               for name in ("train.txt", "test.txt"))
    print("data/README.md names these digests:", "yes" if told else "NO")
    with tempfile.TemporaryDirectory() as folder:
        where = pathlib.Path(folder)
        for form, outcome in check_small(where):
            print("%s: %s" % (form, outcome))
        if len(sys.argv) > 1:
            status, said = convert([sys.argv[1]], where / "course")
            for name in ("train.txt", "test.txt"):
                if status or ((where / "course" / name).read_bytes()
                              != (ROOT / "data" / name).read_bytes()):
                    print("the course's .mat does not give data/%s %s" % (name, said))


main()
