"""What .ci/data runs: the digests of data/, small .mat files, and bad ones.

The small files are written here, byte by byte from the format's description, in the forms
in which MATLAB and Octave may write them. data.py [COURSE.mat]
"""
import hashlib
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = {"b": 1, "B": 2, "h": 3, "H": 4, "i": 5, "I": 6, "f": 7, "d": 9, "q": 12, "Q": 13}
CLASSES = {"double": 6, "single": 7, "int16": 10}


def convert(arguments, folder, **options):
    """convert_mat.py's exit status and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, "-B", str(ROOT / "convert_mat.py"), *map(str, arguments),
         "--output", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
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


def mat(order, variables, compressed, level=9):
    header = b"MATLAB 5.0 MAT-file, written by a check".ljust(116) + bytes(8)
    content = header + struct.pack(order + "HH", 0x0100, 0x4d49)
    for one in variables:
        if compressed:
            one = zlib.compress(one, level)
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


def bad_files(where):
    """Writes broken input files; yields the arguments with which to convert each."""
    levels, y = small_examples(3, 1)
    X = [k / 255 for k in levels]
    one_off = X[:785] + [0.5] + X[786:]
    good = {"X_train": variable("<", "X_train", "double", "d", 784, X),
            "y_train": variable("<", "y_train", "int16", "h", 1, y),
            "X_test": variable("<", "X_test", "double", "d", 784, X),
            "y_test": variable("<", "y_test", "int16", "h", 1, y)}

    def changed(name, *instead):
        return [*(good[other] for other in good if other != name), *instead]

    sound = mat("<", good.values(), False)
    packed = mat("<", good.values(), True, 0)  # the same bytes from every zlib
    complex_flag = struct.pack("<I", 6 | 0x0800)
    for name, content in {
            "empty.mat": b"",
            "header_only.mat": sound[:128],
            "text.mat": b"# Created by Octave 7.3.0\n# name: X_train\n" * 10,
            "v4.mat": struct.pack("<5i", 0, 784, 3, 0, 8) + b"X_train\0" + bytes(8 * 784),
            "v7_3.mat": b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM",
            "hdf5.mat": b"\x89HDF\r\n\x1a\n" + bytes(600),
            "no_y_test.mat": mat("<", changed("y_test"), False),
            "twice.mat": mat("<", [*good.values(), good["y_test"]], True),
            "other_rows.mat": mat("<", changed(
                "X_test", variable("<", "X_test", "double", "d", 196, X)), True),
            "column_y.mat": mat("<", changed(
                "y_test", variable("<", "y_test", "int16", "h", 3, y)), True),
            "fewer_y.mat": mat("<", changed(
                "y_test", variable("<", "y_test", "int16", "h", 1, y[:2])), True),
            "not_k_255.mat": mat("<", changed(
                "X_train", variable("<", "X_train", "double", "d", 784, one_off)), True),
            "nan.mat": mat("<", changed("X_train", variable(
                "<", "X_train", "double", "d", 784, [float("nan")] + X[1:])), True),
            "target_0.mat": mat("<", changed(
                "y_train", variable("<", "y_train", "double", "d", 1, [-1, 0, 1])), True),
            "complex.mat": mat("<", changed("X_train", good["X_train"][:16] + complex_flag
                                            + good["X_train"][20:]), False),
            "cell.mat": mat("<", changed("X_train", good["X_train"][:16]
                                         + struct.pack("<I", 1)
                                         + good["X_train"][20:]), True),
            "cut_off.mat": sound[:len(sound) // 2],
            "cut_off_packed.mat": packed[:len(packed) - 40],
            "bit_flipped.mat": packed[:300] + bytes([packed[300] ^ 4]) + packed[301:],
            "billions.mat": sound[:128] + good["X_train"][:32]
                + struct.pack("<ii", 784, 2**31 - 1) + good["X_train"][40:]}.items():
        (where / name).write_bytes(content)
        yield [name]
    images = struct.pack(">4I", 0x803, 10, 28, 28) + bytes(7840)
    (where / "labels").write_bytes(struct.pack(">2I", 0x801, 10) + bytes([7, 9] * 5))
    for name, content in {
            "images": images,
            "images_cut_off": images[:-1],
            "images_20x20": struct.pack(">4I", 0x803, 10, 20, 20) + bytes(4000),
            "images.gz": b"\x1f\x8b" + bytes(40)}.items():
        (where / name).write_bytes(content)
        yield ["--mnist", name, "labels"]
    yield ["--mnist", "labels", "images"]
    yield ["nowhere.mat"]
    yield ["--mnist", "images"]
    yield ["empty.mat", "--mnist", "images", "labels"]
    yield ["--nonsense"]
    yield []


def print_refusals(where):
    """What convert_mat.py says of each bad input, and whether it spared the old data."""
    before = {"train.txt": b"old\n", "test.txt": b"old, too\n"}
    (where / "data").mkdir()
    for name, content in before.items():
        (where / "data" / name).write_bytes(content)

    def print_one(what, status, said):
        # What zlib says of damaged data is its own affair, and so is the usage.
        said = (said.splitlines() or [""])[-1].split(" damaged (")
        said[1:] = [""] * (len(said) > 1)
        print("%s: status %d: %s" % (what, status, " damaged".join(said)))
        after = {path.name: path.read_bytes() for path in (where / "data").iterdir()}
        if after != before:
            print("    but the data that were there are gone: %s" % sorted(after))

    for arguments in bad_files(where):
        print_one(" ".join(arguments), *convert(arguments, "data", cwd=where))
    limit = (1000, 1000)  # bytes: what is left of a nearly full disk
    print_one("disk full", *convert(
        [where / "sound.mat"], "data", cwd=where,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)))


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
        (where / "small.mat").rename(where / "sound.mat")
        shutil.rmtree(where / "data")
        print_refusals(where)
        if len(sys.argv) > 1:
            status, said = convert([sys.argv[1]], where / "course")
            for name in ("train.txt", "test.txt"):
                if status or ((where / "course" / name).read_bytes()
                              != (ROOT / "data" / name).read_bytes()):
                    print("the course's .mat does not give data/%s %s" % (name, said))


if __name__ == "__main__":
    main()
