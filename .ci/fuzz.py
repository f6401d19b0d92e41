"""fuzz.py [SECONDS [SEED]]: breaks .mat and IDX files in many ways and converts them.

Whatever is wrong with a file, convert_mat.py has to say so in one line (BadFile), quickly
and without filling the memory. What it does accept has to be examples of the right form.
"""
import pathlib
import random
import resource
import struct
import sys
import tempfile
import time
import zlib

import data
from data import ROOT, convert_mat


def seeds():
    """Sound small files of several forms."""
    for order in "<>":
        for pack in (False, True):
            yield data.mat(order, data.sound_variables(order, "h", "B"), pack)


def break_it(content, rng):
    """One to four small damages; sizes are a favourite target."""
    content = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(7)
        # Headers are where the structure is: half of all damages go to some tag.
        place = rng.randrange(len(content))
        if rng.random() < 0.5:
            place = min(len(content) - 1, rng.choice((0, 124, 128)) + rng.randrange(90))
        if kind == 0:
            content[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            content[place] = rng.randrange(256)
        elif kind == 2:
            del content[place:]
        elif kind == 3:
            del content[place:place + rng.randint(1, 16)]
        elif kind == 4:
            content[place:place] = rng.randbytes(rng.randint(1, 9))
        elif kind == 5:
            number = rng.choice((0, 1, 7, 2**31 - 1, 2**32 - 1, 784, 70000, 70001, 2**24))
            place &= ~3
            content[place:place + 4] = struct.pack(rng.choice("<>") + "I", number)
        else:
            other = rng.randrange(len(content))
            content[place:place + 8] = content[other:other + 8]
        if not content:
            content = bytearray(b"M")
    return bytes(content)


def recompress(content, rng):
    """Damages what is inside the compressed elements and packs it again."""
    output, position = content[:128], 128
    order = "<" if content[126:128] == b"IM" else ">"
    while position < len(content):
        kind, n = struct.unpack_from(order + "II", content, position)
        inside = content[position + 8:position + 8 + n]
        position += 8 + n
        if kind == 15:
            inside = zlib.compress(break_it(zlib.decompress(inside), rng))
            n = len(inside)
        output += struct.pack(order + "II", kind, n) + inside
    return output


def idx():
    """Sound IDX files: ten images and their labels."""
    images = struct.pack(">4I", 0x803, 10, 28, 28) + bytes(range(245)) * 32
    return images, struct.pack(">2I", 0x801, 10) + bytes([7, 9] * 5)


def convert(function, *paths):
    """Converts files; returns what went wrong beyond a BadFile, or None."""
    start = time.monotonic()
    try:
        examples = convert_mat.naming(paths[0], function, *paths[1:])
        for part in examples.values():
            for target, levels in part:
                if target not in (-1, 1) or len(levels) != 784:
                    return "accepted examples of a wrong form"
    except convert_mat.BadFile as problem:
        if "\n" in str(problem):
            return "more than one line: %r" % str(problem)
    except Exception as problem:  # this is what the fuzzer looks for
        return repr(problem)
    if time.monotonic() - start > 5:
        return "took %.0f s" % (time.monotonic() - start)
    return None


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    rng = random.Random(seed)
    sound = list(seeds())
    tried = failed = 0
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "broken.mat"
        labels = pathlib.Path(folder) / "labels"
        # Cut off everywhere; where the file is only numbers, at every 97th byte.
        cuts = [(k, n) for k in range(len(sound))
                for n in range(0, len(sound[k]), 1 if len(sound[k]) < 9000 else 97)]
        while time.monotonic() < end:
            k = rng.randrange(len(sound))
            if cuts:
                k, n = cuts.pop()
                content = sound[k][:n]
            elif k % 2 and rng.random() < 0.7:
                content = recompress(sound[k], rng)
            else:
                content = break_it(sound[k], rng)
            function, paths = convert_mat.examples_from_mat, [path]
            if rng.random() < 0.1:
                function, paths = convert_mat.examples_from_mnist, [path, labels]
                content, other = (break_it(one, rng) for one in idx())
                labels.write_bytes(other)
            path.write_bytes(content)
            wrong = convert(function, *paths)
            tried += 1
            if wrong:
                failed += 1
                kept = ROOT / "out" / "fuzz"
                kept.mkdir(parents=True, exist_ok=True)
                name = "%08x.mat" % zlib.crc32(content)
                (kept / name).write_bytes(content)
                print("convert_mat.py: %s (out/fuzz/%s)" % (wrong, name))
    print("convert_mat.py: %d files tried, %d failed (seed %d)" % (tried, failed, seed))
    sys.exit(failed > 0)


main()
