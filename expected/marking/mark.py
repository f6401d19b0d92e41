#!/usr/bin/env python3
"""mark.py theirs.txt expected/backprop_0.1.txt: are their numbers ours, to six digits?

Status 0: the same; 1: different, or the same as far as it goes; 2: not comparable. From
the same weights each mistake makes its own table. So one question does: is each of their
columns one of a known table's, as it is, one row ahead, or multiplied?"""
import collections
import decimal
import itertools
import re
import sys
from math import floor, inf, isfinite, log10
from pathlib import Path

WORD = re.compile(r"(?<![\w.])[-+]?(?:(?=\.?\d)\d*\.?\d*(?:e[-+]?\d+)?|nan|inf)(?![\w.])")
COLUMNS = "train_loss", "test_loss", "train_accuracy", "test_accuracy"
Way = collections.namedtuple("Way", "j ahead why")  # from our column j to one of theirs


def read(path):
    """The tables of a file, two blank lines between: rows of (number, its last place)."""
    data = Path(path).read_bytes()  # in UTF-16 where PowerShell's > wrote it
    text = str(data, "utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig", "replace")
    text = re.sub(r"(?m)^[ \t]*([#%]|//).*\n?|/ *\d+(?![\d.])", "", text)  # also "/5000"
    if not re.search(r"\d\.\d", text):
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)  # decimal commas
    tables = [[words for words in map(WORD.findall, part.lower().split("\n")) if words]
              for part in re.split(r"\n(?:[ \t\r]*\n){2,}", text)]
    fine = list(map(fineness, itertools.zip_longest(*sum(tables, []))))
    if not fine or "\0" in text:
        raise OSError("%s: no rows of numbers in it" % path)
    return [[[(float(word), f(float(word))) for word, f in zip(words, fine)]
             for words in table] for table in tables if table]


def fineness(words):
    """The function that says which is the last place of a number in this column."""
    finite = [decimal.Decimal(w).as_tuple() for w in words if w and "n" not in w]
    digits = max((len(d.digits) for d in finite), default=0)
    places = {d.exponent for d in finite}
    many = digits > 2 or len(set(words)) > 9  # else 0.5 is 0.500000: %g drops zeros
    place = 10.0 ** max(places) if many and len(places) == 1 else 0  # as %.4f prints
    return lambda x: max(place, unit(x, digits if many else 6))


def unit(x, digits=6):
    """The last place of x if it has so many digits."""
    return 10.0 ** (floor(log10(abs(x) or 1e-4)) + 1 - digits) if isfinite(x) else 1


def trainings(tables):
    """For each training in the file {iteration: row}; without iterations, rows count."""
    width = collections.Counter(map(len, sum(tables, []))).most_common(1)[0][0]
    rows = [pair for table in tables  # without titles
            for pair in enumerate((row for row in table if len(row) == width), 1)]
    while len(rows[0][1]) > 1 and all(row[0][0] % 1 == 0 for _, row in rows) and (
            3 * len({row[0] for _, row in rows}) > len(rows)):  # iterations; or twice
        rows = [(int(row[0][0]), row[1:]) for _, row in rows]
    found = []
    for (last, _), (i, row) in zip([(inf, None)] + rows, rows):
        found += [{}] * (i <= last)
        found[-1][i + (rows[0][0] == 0)] = row[:4]  # Python's range() counts from 0
    return found


def alike(theirs, ours):
    """As near as the last places allow?"""
    (x, last), (y, other) = theirs, ours
    return abs(x - y) < 0.499999 * (last + other) or not (isfinite(x) or isfinite(y))


def columns(table):
    """What a column of theirs may be: the way to it, and the column."""
    for j in range(4):
        own, other = (200, 1800) if j % 2 else (1800, 200)
        factors = [("in percent", 0, 100), ("the share of wrong answers", 1, -1),
                   ("the number of right answers", 0, own)] if j > 1 else [
            ("twice as large: the loss's factor 1/2 is missing", 0, 2),
            ("not divided by the number of examples", 0, own),
            ("without 1/2 and not divided by the number of examples", 0, 2 * own),
            ("divided by %d instead of %d examples" % (other, own), 0, own / other)]
        for ahead, then in (0, ""), (1, "one row ahead: measured after the update"):
            for why, plus, times in [("", 0, 1)] + factors:
                yield Way(j, ahead, "; ".join(filter(None, [why, then]))), {
                    i - ahead: (plus + times * row[j][0], abs(times) * row[j][1])
                    for i, row in table.items()}


def explain(theirs, table, steps=(0, 1)):
    """For each of their columns the way from a column of `table`, or None."""
    known = [(way, column, [i for i in column if i in theirs])
             for way, column in columns(table) if way.ahead in steps]
    return [next((way for way, column, rows in sorted(known, key=lambda c: c[0].j != k)
                  if rows and all(alike(theirs[i][k], column[i]) for i in rows)), None)
            for k in range(len(next(iter(theirs.values()))))]


def in_words(found):
    """What is odd about columns that were all found; "" if nothing is."""
    twice = len({way.j for way in found}) < len(found)
    odd = {}
    for k, way in enumerate(found):
        why = "our %s %s" % (COLUMNS[way.j], way.why) if twice and way.j != k else way.why
        odd.setdefault(why.strip(), []).append(COLUMNS[k if twice else way.j])
    return "; ".join(", ".join(names) + ": " + why for why, names in odd.items() if why)


def mistakes(theirs, right, scale, slack):
    """The mistakes that explain all columns, those with the least odd besides."""
    steps = [0] + [1] * (None in explain(dict([min(theirs.items())]), right, [0]))
    fitting = []
    for line in Path(__file__).with_name("mistakes.txt").read_text().splitlines():
        key, i, *row, name = line.split(None, 6)
        for ahead in steps * (key == scale):
            table = {int(i): [(x, slack * unit(x)) for x in map(float, row)]}
            found = explain(theirs, table, [ahead])
            if None not in found and len({way.j for way in found}) == len(found):
                # What the right row explains as well tells nothing; a loss tells enough.
                ours = explain(theirs, {int(i): right[int(i)]})
                odd = in_words(found)
                if sum(2 - way.j // 2 for way, our in zip(found, ours) if not our) > 1:
                    fitting.append((bool(odd), name + "; and " * bool(odd) + odd))
    return [name for odd, name in fitting if odd == min(fitting)[0]]


def same(theirs, ours, all_rows, names=""):
    """The verdict where all rows are alike."""
    few = any(not alike((x, 0), y) for r in zip(theirs, ours) for (x, _), y in zip(*r))
    if few or names or len(theirs) < all_rows:
        return "the same as far as it goes: %d rows of %d%s%s" % (
            len(theirs), all_rows, names, "; few digits: print %.6g" * few)
    return "the same: %d rows" % all_rows


def mark_training(theirs, right, scale):
    found = explain(theirs, right)
    shared = sorted(set(theirs) & set(right))
    if None not in found:
        js = [way.j for way in found]
        names = "; columns " + ", ".join(COLUMNS[j] for j in js)
        return "different: " + in_words(found) if in_words(found) else same(
            [theirs[i] for i in shared], [[right[i][j] for j in js] for i in shared],
            max(len(right), len(theirs)), names * (js != [0, 1, 2, 3]))
    for slack, why in (1, ""), (3, " (in single precision, it seems)"):
        names = mistakes(theirs, right, scale, slack)
        if 0 < len(names) < max(2, len(found)):  # fewer columns, more mistakes that fit
            return "different: " + "; or: ".join(names) + why
    i, k = next((i, k) for i in shared for k, way in enumerate(found)
                if way is None and not alike(theirs[i][k], right[i][k]))
    number, ours = theirs[i][k][0], right[i][k][0]
    meaning = (
        "this is no table of a training" if number < 0 or number == k == 0 else
        "learning is right, but not " + " and ".join(
            name for name, way in zip(COLUMNS, found) if not way)
        if found[0] and (scale == "0.1" or max(shared) > 110) else
        "look at the starting weights, the pixels, forward pass and loss" if i == 1 else
        "compare all of 0.1, which tells more" if scale == "0.01" or 3 not in theirs else
        "by rounding at first: single precision?" if abs(number - ours) < 1e-5 * ours else
        "row 1 is right, look at the gradients, alpha, the update" if i == 2 else
        "the first updates are right")
    return "different from row %d on: %s\n  row %d, %s: expected %g, found %g" % (
        i, meaning, i, COLUMNS[k], ours, number)


def mark_rows(theirs, tables):
    """Question 2: where in our tables do most of their rows follow one another?"""
    theirs = sum(theirs, [])
    runs = [(list(itertools.takewhile(
        lambda rows: len(rows[0]) == len(rows[1]) and all(map(alike, *rows)),
        zip(theirs, table[i:]))), table, i)
        for table in tables + [sum(tables, [])] for i in range(len(table))]
    run, table, i = max(runs, key=lambda found: len(found[0]))
    if len(run) == len(theirs):
        return same(theirs, table[i:], len(table))
    return "different in row %d: expected %s, found %s" % (len(run) + 1, *(
        [number for number, _ in rows[len(run)]] for rows in (table[i:] + [[]], theirs)))


def main(path, against):
    theirs = read(path)
    ours = [[[(x, unit(x)) for x, _ in row] for row in table] for table in read(against)]
    scale = (re.findall(r"backprop_(0\.01|0\.1)\.txt$", against) or [""])[0]
    if not scale:
        return mark_rows(theirs, ours)
    right = trainings(ours)[0]
    found = [training for training in trainings(theirs) if set(training) & set(right)]
    if not found:
        raise OSError("%s: no iteration of it is one of ours" % path)
    # Of two trainings the one that starts as ours does, or else that in its place.
    starts = [t for t in found if explain(dict([min(t.items())]), right)[0]]
    return mark_training((starts or found[scale == "0.1":] or found)[0], right, scale)


if __name__ == "__main__":
    try:
        verdict = main(*sys.argv[1:])
    except (OSError, TypeError) as problem:  # no table, or not two files
        print("mark:", problem if sys.argv[2:] else "expected 2 files", file=sys.stderr)
        sys.exit(2)
    sys.exit(print(verdict) or not verdict.startswith("the same: "))
