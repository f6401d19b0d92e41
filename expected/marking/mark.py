#!/usr/bin/env python3
"""Mark a table: are its numbers those of a table of ours?

    python3 mark.py THEIRS.txt expected/backprop_0.1.txt

The first line that is printed is the verdict. The exit status is 0 if all is the same, 1
if something is different or the table is shorter, and 2 if it cannot be compared.

A training starts from weights that are the same in every language, so each mistake makes
a table of its own. The work is done in stages, and each is a section below:

    1. the text of the file         UTF-16, line ends, JSON, comments
    2. the rows of numbers          which lines are rows, and which are titles
    3. the trainings                which column counts the iterations
    4. two columns side by side     are the numbers the same, or twice as large?
    5. known mistakes               mistakes.txt, which mistakes.py trains
    6. the verdict on a training    Question 1
    7. the verdict on other tables  Question 2

To make a new way of writing a table known, begin with stage 1 or 2. To make a new mistake
known, add it to mistakes.py. A new factor in a column goes to `ways()` in stage 4.
"""
from __future__ import print_function

import sys

if sys.version_info < (3, 8):
    print("mark: needs Python 3.8 or newer", file=sys.stderr)
    sys.exit(2)

import ast
import collections
import itertools
import json
import math
import os
import re
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
USAGE = "usage: make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt"
COLUMNS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
EXAMPLES = {"train": 1800, "test": 200}


class NotUnderstood(Exception):
    """The file cannot be compared. The text says why."""


# ---- 1. The text of the file -----------------------------------------------------------

# A line that begins with # or % or // is a comment.
COMMENT = re.compile(r"[ \t]*(#|%|//)")

# Numbers that tell of no result. A date, such as 2024-05-01 or 12.03.2024 or 3/12/2024:
DATE = re.compile(r"\b(\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4})\b")
# A time of day or a duration, such as 12:03 or 0:12:03.5:
CLOCK = re.compile(r"\b\d+:\d\d(:\d\d)?([.,]\d+)?(?!\d)")
# How many there are, as in "7/5000" or "7 of 5000":
TOTAL = re.compile(r"(/ *|\bof +)\d+(?![\d.])")


def read_text(path):
    """The file's text, with newlines at the ends of its lines."""
    with open(os.path.expanduser(path), "rb") as file:
        data = file.read()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")  # as PowerShell's > writes it
    else:
        text = data.decode("utf-8-sig", "replace")
    if "\0" in text:
        raise NotUnderstood("%s is no text file" % path)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(text):
    """What a text of JSON holds, or Python's list or dict in print; None if neither."""
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    return None


def has_list(content):
    return any(isinstance(value, list) for value in content.values())


def dict_with_curves(content):
    """The dict itself if it holds lists, or the one within it that does; else None."""
    if has_list(content):
        return content
    for value in content.values():  # {"history": {"loss": [...]}}
        if isinstance(value, dict):
            found = dict_with_curves(value)
            if found is not None:
                return found
    return None


def text_of_json(text):
    """Rows of numbers instead of JSON; None if the text is no JSON of rows or columns."""
    content = parsed(text)
    if isinstance(content, dict):
        content = dict_with_curves(content)
    if isinstance(content, dict):  # {"loss": [...], "accuracy": [...]}
        columns = [value for value in content.values() if isinstance(value, list)]
        content = [list(row) for row in zip(*columns)]
    if not isinstance(content, list):
        return None
    rows = []
    for row in content:
        if isinstance(row, dict):  # {"loss": 0.5, "accuracy": 0.6}
            row = list(row.values())
        if not isinstance(row, list):
            row = [row]
        rows.append(" ".join(str(value) for value in row))
    return "\n".join(rows)


def lines_of(text):
    """The lines, without comments and without numbers that tell of no result."""
    lines = []
    for line in text.split("\n"):
        if COMMENT.match(line):
            continue
        for pattern in (DATE, CLOCK, TOTAL):
            line = pattern.sub(" ", line)
        lines.append(line.lower())
    return lines


# ---- 2. The rows of numbers ------------------------------------------------------------

# A number that does not belong to a word: -0.5, .5, 1e-05, Fortran's 4.69D-01, nan, inf.
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[ed][-+]?\d+)?(?!\w|\.\d)"
    r"|(?<!\w)[-+]?(?:nan|inf(?:inity)?)(?!\w)")

# MATLAB's line above a matrix all of whose numbers it has divided: 1.0e+03 *
SCALE = re.compile(r"\s*(1\.0+e[-+]\d+) \*\s*$")


class Number(NamedTuple):
    value: float
    unit: float  # the value of the last place that was printed
    coarse: float = 0  # the same, if 0.5 is not meant to be 0.500000; 0 if not known


class Line(NamedTuple):
    words: list  # the numbers, as they are written
    shape: str  # the line with # for each number
    apart: bool  # two blank lines or more stand before it
    scale: float  # by MATLAB's line, or 1


def number_lines(lines):
    """The lines that have a number in them."""
    found = []
    blank = 0
    scale = 1.0
    for line in lines:
        scaled = SCALE.match(line)
        if scaled:
            scale = float(scaled.group(1))
        elif line.strip() == "":
            blank += 1
        else:
            words = NUMBER.findall(line)
            shape = re.sub(r"\d+", "0", NUMBER.sub("#", line))
            shape = re.sub(r"[][(){},;]", " ", shape)  # NumPy's first row begins with [[
            if words:
                found.append(Line(words, " ".join(shape.split()), blank >= 2, scale))
                blank = 0
    return found


def records(lines):
    """The rows: lists of lines, as a row may stand on several lines.

    The lines of a table are alike but for their numbers, and there are many of them. So
    the commonest shapes are those of its rows. If they follow one another in turn, a row
    has a line of each.
    """
    count = collections.Counter(line.shape for line in lines)
    most = max(count.values())
    shapes = []
    for shape in count:
        if count[shape] >= most - 1 and 2 * count[shape] > most:
            shapes.append(shape)  # the last row may be cut off
    chosen = [line for line in lines if line.shape in shapes]
    in_turn = all(line.shape == shapes[k % len(shapes)] for k, line in enumerate(chosen))
    numbers_in_chosen = sum(len(line.words) for line in chosen)
    numbers = sum(len(line.words) for line in lines)
    if most > 1 and in_turn and 2 * numbers_in_chosen > numbers:
        rows = [chosen[k:k + len(shapes)] for k in range(0, len(chosen), len(shapes))]
    else:
        rows = [[line] for line in lines]
    return rows_of_one_width(rows)


def width(row):
    return sum(len(line.words) for line in row)


def rows_of_one_width(rows):
    """The rows of the width that has the most numbers, in several rows if it can be."""
    count = collections.Counter(width(row) for row in rows)
    repeated = [n for n in count if count[n] > 1]
    usual = max(repeated or count, key=lambda n: (n * count[n], n))
    return [row for row in rows if width(row) == usual]


def digits_and_decimals(word):
    """With how many significant digits and how many decimals is a number written?"""
    mantissa = re.split("[ed]", word)[0].lstrip("+-")
    decimals = len(mantissa.partition(".")[2])
    digits = len(mantissa.replace(".", "").lstrip("0"))
    return digits, decimals


def place(value, digits):
    """The value of the last of so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return 10.0 ** -(digits + 3)
    return 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)


def read_column(words, scales):
    """The column's numbers, with how finely they are written.

    With %.4f all numbers have the same number of decimals. With %.6g trailing zeros are
    left out, so that 0.5 may be 0.500000: there the longest number counts, and a column
    of few and short numbers is taken to be exact.
    """
    finite = [word for word in words if "n" not in word]
    digits = max((digits_and_decimals(word)[0] for word in finite), default=6)
    decimals = {digits_and_decimals(word)[1] for word in finite}
    has_exponent = any("e" in word or "d" in word for word in finite)
    zero_at_end = any(re.search(r"\.\d*0$", word) for word in finite)
    telling = digits > 2 or len(set(words)) > 9 or zero_at_end
    if not telling:
        digits = 6
    fixed = telling and len(decimals) == 1 and not has_exponent
    numbers = []
    for word, scale in zip(words, scales):
        value = float(word.replace("d", "e"))
        unit = place(value, digits)
        if fixed:
            unit = max(unit, 10.0 ** -max(decimals))
        coarse = 0
        if not telling and not has_exponent and max(decimals, default=0) > 0:
            coarse = 10.0 ** -max(decimals)
        scaled = float("%.12g" % (value * scale))  # the iteration 0.003 * 1000 is 3
        numbers.append(Number(scaled, unit * scale, coarse * scale))
    return numbers


def counts_up(values):
    """Are these iterations: whole numbers from 0, 1 or the step on, in equal steps?

    Four or more in equal steps may begin anywhere: no loss and no accuracy does that.
    """
    if any(value != math.floor(value) or value < 0 for value in values):
        return False
    if len(values) == 1:
        return True
    step = values[1] - values[0]
    if step <= 0 or (values[0] not in (0, 1, step) and len(values) < 4):
        return False
    return all(b - a == step for a, b in zip(values, values[1:]))


def rises(values):
    """Are these whole numbers, each larger than the one before?"""
    if any(value != math.floor(value) or value < 0 for value in values):
        return False
    return all(a < b for a, b in zip(values, values[1:]))


def rows_of_five(words, scales):
    """If all rows were written into one, every fifth number is an iteration."""
    words = list(itertools.chain.from_iterable(words))
    scales = list(itertools.chain.from_iterable(scales))
    firsts = [float(word.replace("d", "e")) for word in words[::5]]
    if len(words) % 5 == 0 and len(words) > 5 and counts_up(firsts):
        starts = range(0, len(words), 5)
        return [words[k:k + 5] for k in starts], [scales[k:k + 5] for k in starts]
    if len(words) > 12:  # a curve
        return [[word] for word in words], [[scale] for scale in scales]
    return [words], [scales]


def matrix_of(rows, turned):
    """The rows as Numbers, turned round if they are curves that lie on their side."""
    words = [[word for line in row for word in line.words] for row in rows]
    scales = [[line.scale for line in row for word in line.words] for row in rows]
    lying = len(words) <= 6 and len(words[0]) > 2 * len(words) and len(words[0]) > 12
    if lying or turned:
        words = list(zip(*words))
        scales = list(zip(*scales))
    if len(words) == 1 or len(words[0]) == 1:
        words, scales = rows_of_five(words, scales)
    columns = [read_column(*pair) for pair in zip(zip(*words), zip(*scales))]
    return [list(row) for row in zip(*columns)]


# ---- 3. The trainings ------------------------------------------------------------------

class Table(NamedTuple):
    """A training: for each iteration the numbers, a list of one to four."""

    rows: dict
    counted: bool  # whether the file tells the iterations


def runs_of(rows):
    """The rows, split where the first column falls: there another training begins."""
    runs = [[rows[0]]]
    for before, row in zip(rows, rows[1:]):
        if row[0].value <= before[0].value:
            runs.append([])
        runs[-1].append(row)
    return runs


def has_iterations(rows):
    """Does the first column count the iterations?"""
    if len(rows[0]) == 1:
        return False
    values = [row[0].value for row in rows]
    if not all(math.isfinite(value) for value in values):
        return False
    runs = runs_of(rows)
    if 3 * len(runs) > 2 * len(rows) and len(rows) > 2:
        return False  # the column goes up and down: it counts nothing
    if len(rows[0]) == 5:  # two losses, two accuracies, and what else could it be?
        return all(rises([row[0].value for row in run]) for run in runs)
    return all(counts_up([row[0].value for row in run]) for run in runs)


def trainings_of(rows):
    """The trainings in rows that follow one another: a list of Tables."""
    if has_iterations(rows):
        tables = []
        while len(rows[0]) > 5 and has_iterations([row[1:] for row in rows]):
            rows = [row[1:] for row in rows]  # pandas counts the rows, too
        for run in runs_of(rows):
            shift = 1 if run[0][0].value == 0 else 0  # Python's range() begins with 0
            by_iteration = {}
            for row in run:
                by_iteration[int(row[0].value) + shift] = row[1:]
            tables.append(Table(by_iteration, True))
        return tables
    return [Table(dict(enumerate(rows, 1)), False)]


def without_constants(rows):
    """The rows without columns such as 1800, which say how many examples there are."""
    if len(rows) < 2:
        return rows
    kept = []
    for column in zip(*rows):
        values = {number.value for number in column}
        constant = len(values) == 1 and max(values) > 1 and max(values) % 1 == 0
        if not constant or max(values) == 100:  # 100 percent may stay
            kept.append(column)
    return [list(row) for row in zip(*kept)]


def layout_of(lines, turned):
    """The trainings that these lines of text hold, if they can be read so.

    Turned round means that each line is a curve, of a few numbers perhaps.
    """
    found = number_lines(lines)
    if not found:
        raise NotUnderstood("there are no numbers in it")
    parts = [[]]
    for line in found:
        if line.apart and parts[-1]:
            parts.append([])
        parts[-1].append(line)
    if len(parts) > 1 and max(len(part) for part in parts) < 3:
        parts = [found]  # blank lines between single rows part nothing
    tables = []
    for part in parts:
        rows = without_constants(matrix_of(records(part), turned))
        if rows and rows[0]:
            tables += trainings_of(rows)
    for table in tables:
        check_layout(table)
    return tables


def check_layout(table):
    """Stops at what is no table of losses and accuracies."""
    first = next(iter(table.rows.values()))
    shown = " ".join("%g" % number.value for number in first[:10])
    if len(first) > 10:
        shown += " ..."
    numbers = [number.value for row in table.rows.values() for number in row]
    if len(first) > 4:
        raise NotUnderstood("a row has more numbers than two losses and two accuracies; "
                            "the first was read as: " + shown)
    if all(value == math.floor(value) for value in numbers if math.isfinite(value)):
        raise NotUnderstood("there is no loss in it, only whole numbers; the first row "
                            "was read as: " + shown)
    if any(value < 0 for value in numbers):
        raise NotUnderstood("a loss or an accuracy is negative: this is no table of a "
                            "training; the first row was read as: " + shown)


def readings(path):
    """The ways to read a file, the likeliest first: a list of trainings for each."""
    text = read_text(path)
    lines = lines_of(text_of_json(text) or text)
    with_points = [re.sub(r"(?<=\d),(?=\d)", ".", line) for line in lines]
    ways_to_read = [(lines, False), (lines, True)]
    if with_points != lines:  # decimal commas
        ways_to_read.insert(1, (with_points, False))
    found = []
    problems = []
    for lines_to_read, turned in ways_to_read:
        try:
            found.append(layout_of(lines_to_read, turned))
        except NotUnderstood as problem:
            problems.append(problem)
    if not found:
        raise NotUnderstood("%s is not understood: %s" % (path, problems[0]))
    return found


# ---- 4. Two columns side by side -------------------------------------------------------

def alike(theirs, ours):
    """Are two Numbers as near as their last places allow?"""
    if not math.isfinite(theirs.value) or not math.isfinite(ours.value):
        return not math.isfinite(theirs.value) and not math.isfinite(ours.value)
    return abs(theirs.value - ours.value) < 0.499999 * (theirs.unit + ours.unit)


class Way(NamedTuple):
    """How a column of theirs comes from one of ours: theirs = plus + times * ours."""

    column: int  # the number of our column
    ahead: int  # 1 if their row i is our row i + 1
    plus: float
    times: float
    words: str  # what is odd about it; "" if nothing


def ways():
    """All the ways that are known, the ordinary ones first."""
    found = []
    for ahead in (0, 1):
        for column in range(4):
            found.append(Way(column, ahead, 0, 1, ""))
    for ahead in (0, 1):
        for column in range(4):
            own, other = EXAMPLES["train"], EXAMPLES["test"]
            if column % 2 == 1:
                own, other = other, own
            if column < 2:
                odd = [
                    (0, 2, "twice as large: the loss's factor 1/2 is missing"),
                    (0, own, "not divided by the number of examples"),
                    (0, 2 * own, "without 1/2 and not divided by the number of examples"),
                    (0, own / other,
                     "divided by %d instead of %d examples" % (other, own)),
                    (0, own / 784, "divided by the 784 pixels, not by the examples"),
                    (0, 2 * own / 784, "without 1/2, and divided by the 784 pixels"),
                ]
            else:
                odd = [
                    (0, 100, "in percent"),
                    (1, -1, "the share of wrong answers"),
                    (100, -100, "the share of wrong answers in percent"),
                    (0, own, "the number of right answers"),
                ]
            for plus, times, words in odd:
                found.append(Way(column, ahead, plus, times, words))
    return found


WAYS = ways()


def number_by(way, table, iteration):
    """What their number should be in this iteration; None if we have no such row."""
    row = table.get(iteration + way.ahead)
    if row is None:
        return None
    number = row[way.column]
    return Number(way.plus + way.times * number.value, abs(way.times) * number.unit)


def agrees(theirs, k, way, table):
    """Do all their numbers in column k come this way, in the rows that both have?"""
    compared = False
    for iteration, row in theirs.items():
        number = number_by(way, table, iteration)
        if number is None:
            continue
        if not alike(row[k], number):
            return False
        compared = True
    return compared


def is_telling(theirs, k):
    """Do the numbers of column k tell enough to look for them in another place?"""
    numbers = [row[k] for row in theirs.values()]
    many_digits = any(0 < number.unit < 2e-5 * abs(number.value) for number in numbers)
    return many_digits or len({number.value for number in numbers}) > 2


def explain(theirs, table, aheads=(0, 1)):
    """For each column of theirs the way that it comes from the table, or None.

    A column in its own place comes before one from another place, and an ordinary one
    before an odd one.
    """
    known = [way for way in WAYS if way.ahead in aheads]
    found = []
    for k in range(len(next(iter(theirs.values())))):
        in_place = [way for way in known if way.column == k]
        elsewhere = [way for way in known if way.column != k]
        if not is_telling(theirs, k):
            in_place = [way for way in in_place if way.plus == 0]
            elsewhere = []
        explained = None
        for way in in_place + elsewhere:
            if agrees(theirs, k, way, table):
                explained = way
                break
        found.append(explained)
    return found


def oddities(found):
    """What is odd about columns that were all explained; "" if nothing is."""
    odd = collections.OrderedDict()
    for way in found:
        remarks = []
        if way.words:
            remarks.append(way.words)
        if way.ahead == 1:
            remarks.append("one row ahead: measured after the update")
        if remarks:
            odd.setdefault("; ".join(remarks), []).append(COLUMNS[way.column])
    return "; ".join("%s: %s" % (", ".join(names), words) for words, names in odd.items())


# ---- 5. Known mistakes -----------------------------------------------------------------

class Mistake(NamedTuple):
    name: str
    rows: dict  # some rows of what it prints: {iteration: [Number, ...]}


def exact(values):
    """Our own numbers, which are printed with six digits."""
    return [Number(value, place(value, 6)) for value in values]


def read_mistakes(scale):
    """The mistakes of mistakes.txt for this weight_scale, as mistakes.py wrote them."""
    rows = collections.OrderedDict()
    with open(os.path.join(HERE, "mistakes.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            found_scale, iteration, *values, name = line.rstrip("\n").split(None, 6)
            if found_scale == scale:
                row = exact([float(value) for value in values])
                rows.setdefault(name, {})[int(iteration)] = row
    return [Mistake(name, rows[name]) for name in rows]


def loosened(table, tolerance):
    """The same table, with numbers that need to agree only to this relative tolerance."""
    loose = {}
    for iteration, row in table.items():
        loose[iteration] = [
            Number(number.value, max(number.unit, 2 * tolerance * abs(number.value)))
            for number in row]
    return loose


def evidence(theirs, found, mistake, right):
    """How much do the rows of theirs and of the mistake tell that the right rows do not?

    A number counts if the mistake prints one that is not the right one, and is two last
    places or more away from it. It needs three digits at least. A loss counts twice.
    """
    points = 0
    for k, way in enumerate(found):
        worth = 2 if way.column < 2 else 1
        for iteration, row in theirs.items():
            wrong = number_by(way, mistake, iteration)
            ours = number_by(way, right, iteration)
            if wrong is None or ours is None:
                continue
            unit = row[k].unit
            if len(theirs) < 3:  # a few short numbers tell little
                unit = max(unit, row[k].coarse)
            if unit > 0.002 * abs(row[k].value):
                continue
            if not alike(Number(wrong.value, 2 * max(wrong.unit, unit)), ours):
                points += worth
    return points


def fit(theirs, mistake, right, tolerance):
    """What is odd besides, if their table is this mistake's; None if it is not."""
    first = min(theirs)
    starts_right = None not in explain({first: theirs[first]}, right, (0,))
    aheads = (0,) if starts_right else (0, 1)
    for ahead in aheads:
        loose = loosened(mistake.rows, tolerance)
        found = explain(theirs, loose, (ahead,))
        if None in found or len({way.column for way in found}) < len(found):
            continue
        common = {i: theirs[i] for i in theirs if i + ahead in mistake.rows}
        if tolerance and len(common) < 3:
            continue
        if evidence(common, found, loose, right) >= 4:
            return oddities(found)
    return None


def names_of_mistakes(theirs, right, scale, tolerance):
    """The names of all the mistakes that print their numbers, with what is odd besides.

    If some explain the numbers with nothing odd besides, only these are named.
    """
    plain = []
    odd = []
    for mistake in read_mistakes(scale):
        oddity = fit(theirs, mistake, right, tolerance)
        if oddity == "":
            plain.append(mistake.name)
        elif oddity is not None:
            odd.append("%s; and %s" % (mistake.name, oddity))
    return plain or odd


# ---- 6. The verdict on a training ------------------------------------------------------

def is_training(text):
    return "question 1(a)" in text.partition("\n")[0]


def weight_scale_of(text):
    """The weight_scale that a table of ours tells in its head, as text."""
    return re.search(r"weight_scale = (\S+),", text).group(1)


def same(rows, all_rows, remarks):
    """The verdict where all numbers are the same."""
    if rows == all_rows and not remarks:
        return "the same: %d rows" % rows
    verdict = "the same as far as it goes: %d rows of %d" % (rows, all_rows)
    return "; ".join([verdict] + remarks)


def has_few_digits(theirs, found, right):
    """Do their numbers agree only because they are printed with few digits?"""
    for k, way in enumerate(found):
        for iteration, row in theirs.items():
            ours = number_by(way, right, iteration)
            if ours is not None and not alike(Number(row[k].value, 0), ours):
                return True
    return False


def verdict_if_explained(theirs, found, right):
    """All columns come from ours: are they the same, or is something odd about them?"""
    places = [way.column for way in found]
    names = ", ".join(COLUMNS[column] for column in places)
    if len(set(places)) < len(places):
        return "different: a column stands there twice: they are our " + names
    odd = oddities(found)
    if odd:
        return "different: " + odd
    if places != sorted(places):
        return "different: the columns stand in another order: " + names
    remarks = []
    if len(places) < 4:
        remarks.append("columns " + names)
    if has_few_digits(theirs, found, right):
        remarks.append("few digits: print %.6g")
    shared = [iteration for iteration in theirs if iteration in right]
    return same(len(shared), max(len(right), len(theirs)), remarks)


# The losses of a mistake in single precision differ from its own by this part of theirs.
SINGLE = {"0.1": 2e-5, "0.01": 4e-6}

# With 0.1, the losses in single precision differ by less than this part of theirs up to
# row 40. With 0.01, they do so up to row 100, and all else does so up to row 60.
ROUNDING = 1e-5
ROUNDING_ROWS = {"0.1": (10, 40), "0.01": (100, 100)}  # at least, at most


def differs_by_rounding(theirs, right, scale, first_wrong):
    """Do the first losses differ, but by no more than single precision explains?"""
    if scale not in ROUNDING_ROWS:
        return False
    least, most = ROUNDING_ROWS[scale]
    if max(theirs) < least or first_wrong > most:
        return False
    for iteration, row in theirs.items():
        if iteration > most or iteration not in right:
            continue
        for number, ours in list(zip(row, right[iteration]))[:2]:
            if not abs(number.value - ours.value) < ROUNDING * ours.value:  # nan, too
                return False
    return True


def learning_is_right(theirs, found, scale):
    """Do the columns that are right prove that the weights are?"""
    last = max(theirs)
    enough = last >= 3 if scale == "0.1" else last > 110  # before, 0.01 is on its plateau
    if not enough:
        return False
    if any(found[:2]):
        return True
    return len(found) == 4 and all(found[2:]) and len(theirs) >= 10


def meaning_of(theirs, right, found, first_wrong, scale):
    """What a first difference in this row usually means."""
    losses_differ = None in found[:2]
    if losses_differ and differs_by_rounding(theirs, right, scale, first_wrong):
        return "by rounding at first: single precision?"
    if learning_is_right(theirs, found, scale):
        wrong = [name for name, way in zip(COLUMNS, found) if way is None]
        return "learning is right, but not " + " and ".join(wrong)
    if first_wrong == 1:
        return ("look at the starting weights, the targets, the pixels, which examples "
                "these are, forward pass and loss")
    if first_wrong == 2:
        return ("row 1 is right, look at the gradients (in C, --check-gradient checks "
                "them), alpha, the update" + first_step(theirs, right))
    if scale == "0.01":
        return "the first updates are right as far as 0.01 tells; 0.1 tells more"
    return "the first updates are right"


def first_step(theirs, right):
    """How much the first update lowers the loss, beside ours."""
    if 1 not in theirs or 2 not in theirs:
        return ""
    theirs_lowers = theirs[1][0].value - theirs[2][0].value
    ours_lowers = right[1][0].value - right[2][0].value
    if not math.isfinite(theirs_lowers) or theirs_lowers <= 0:
        return "; the first update does not lower the loss"
    return "; the first update lowers the loss %.2g times as much as ours" % (
        theirs_lowers / ours_lowers)


def first_difference(theirs, right, found):
    """The first iteration and column in which a column that is not explained differs."""
    for iteration in sorted(theirs):
        if iteration not in right:
            continue
        for k, way in enumerate(found):
            if way is None and not alike(theirs[iteration][k], right[iteration][k]):
                return iteration, k
    raise NotUnderstood("its columns fit no column of ours")


def as_words(row):
    return " ".join("%g" % number.value for number in row)


def verdict_of_difference(theirs, right, found, scale):
    iteration, k = first_difference(theirs, right, found)
    row = theirs[iteration]
    return "\n".join([
        "different from row %d on: %s"
        % (iteration, meaning_of(theirs, right, found, iteration, scale)),
        "  row %d, %s: expected %g, found %g"
        % (iteration, COLUMNS[k], right[iteration][k].value, row[k].value),
        "  the row was read as: " + as_words(row)])


def as_printed(theirs):
    """The same rows, where no number is taken for finer than it is printed."""
    rows = {}
    for iteration, row in theirs.items():
        rows[iteration] = [
            Number(number.value, max(number.unit, number.coarse)) for number in row]
    return rows


def mark_training(theirs, right, scale):
    found = explain(theirs, right)
    if None not in found:
        return verdict_if_explained(theirs, found, right)
    coarse = as_printed(theirs)
    found_coarse = explain(coarse, right, (0,))
    if all(way is not None and way.words == "" for way in found_coarse):
        return verdict_if_explained(coarse, found_coarse, right)
    names = names_of_mistakes(theirs, right, scale, 0)
    if names:
        return "different: " + "; or: ".join(names)
    names = names_of_mistakes(theirs, right, scale, SINGLE.get(scale, 0))
    if names:
        return "different: %s (in single precision, it seems)" % "; or: ".join(names)
    return verdict_of_difference(theirs, right, found, scale)


def rows_agree(rows, right):
    """Are these rows, {iteration: numbers}, the right ones, column by column?"""
    return all(iteration in right and all(map(alike, row, right[iteration]))
               for iteration, row in rows.items())


def with_iterations(table, right):
    """The table's rows by iteration. Where the file tells none, they are looked for.

    Without iterations the rows may be every one, every tenth, the last one alone: if they
    are the right ones for a step, it is that step.
    """
    if table.counted or rows_agree(table.rows, right):
        return table.rows
    rows = list(table.rows.values())
    if len(rows) == 1:
        steps = [(iteration, 1) for iteration in right]
    else:
        steps = []
        for step in range(2, len(right) // len(rows) + 1):
            steps += [(1, step), (step, step)]
    for start, step in steps:
        candidate = {start + k * step: row for k, row in enumerate(rows)}
        if rows_agree(candidate, right):
            return candidate
    return table.rows


def choose(tables, right, scale):
    """Of several trainings the one that begins as ours does, or the one in its place."""
    for rows in tables:
        first = min(rows)
        loss_alone = {first: rows[first][:1]}
        if first in right and explain(loss_alone, {first: right[first]}, (0,))[0]:
            return rows
    if scale == "0.1" and len(tables) > 1:
        return tables[1]  # as ./backprop prints them
    return tables[0]


def mark_question_1(path, our_text):
    scale = weight_scale_of(our_text)
    right = {}
    for line in lines_of(our_text):
        words = line.split()
        if words:
            right[int(words[0])] = exact([float(word) for word in words[1:]])
    candidates = []
    for trainings in readings(path):
        tables = [with_iterations(table, right) for table in trainings]
        tables = [rows for rows in tables if set(rows) & set(right)]
        if tables:
            candidates.append(choose(tables, right, scale))
    if not candidates:
        raise NotUnderstood("%s: none of its iterations is one of ours" % path)
    for theirs in candidates:
        if None not in explain(theirs, right):
            return mark_training(theirs, right, scale)
    return mark_training(candidates[0], right, scale)


# ---- 7. The verdict on other tables ----------------------------------------------------

# A number, or a dash alone, which stands where there is none.
ENTRY = re.compile(NUMBER.pattern + r"|(?<!\S)-(?!\S)")


class EntryLine(NamedTuple):
    words: list  # the numbers as they are written, "nan" for a dash
    has_letters: bool


def entries_of(lines):
    """The rows of numbers. If some lines have no words, those that have are titles."""
    found = []
    for line in lines:
        words = ["nan" if word == "-" else word for word in ENTRY.findall(line)]
        if len(words) >= 2:
            has_letters = re.search("[a-z]", NUMBER.sub("", line)) is not None
            found.append(EntryLine(words, has_letters))
    if not all(line.has_letters for line in found):
        found = [line for line in found if not line.has_letters]
    return [line.words for line in found]


def numbers_of(rows):
    """The same as Numbers. How finely they are written is seen in a whole column."""
    if len({len(row) for row in rows}) == 1:
        columns = [read_column(column, [1] * len(column)) for column in zip(*rows)]
        return [list(row) for row in zip(*columns)]
    return [exact([float(word.replace("d", "e")) for word in row]) for row in rows]


def our_tables(text):
    """The tables of a file of ours: two blank lines separate them."""
    tables = []
    for part in text.split("\n\n\n"):
        rows = entries_of(lines_of(part))
        if rows:
            tables.append([exact([float(word) for word in row]) for row in rows])
    return tables


def begins_with(ours, theirs):
    """Are their numbers the first numbers of our row?"""
    return len(theirs) <= len(ours) and all(map(alike, theirs, ours))


def rows_in_common(theirs, ours):
    """How many rows agree from the first one on."""
    count = 0
    for their_row, our_row in zip(theirs, ours):
        if not begins_with(our_row, their_row):
            break
        count += 1
    return count


def mark_question_2(path, our_text):
    """Where in our tables do most of their rows follow one another?"""
    rows = entries_of(lines_of(read_text(path)))
    if not rows:
        raise NotUnderstood("%s: there are no rows of numbers in it" % path)
    theirs = numbers_of(rows)
    tables = our_tables(our_text)
    tables.append(list(itertools.chain.from_iterable(tables)))  # the whole file
    most, best_table, best_start = -1, None, None
    for table in tables:
        for start in range(len(table)):
            count = rows_in_common(theirs, table[start:start + len(theirs)])
            if count > most:
                most, best_table, best_start = count, table, start
    ours = best_table[best_start:]
    if most < len(theirs):
        expected = as_words(ours[most]) if most < len(ours) else "no more rows"
        return "different in row %d: expected %s, found %s" % (
            most + 1, expected, as_words(theirs[most]))
    remarks = []
    narrowest = min(len(row) for row in theirs)
    if any(len(a) < len(b) for a, b in zip(theirs, ours)):
        remarks.append("only the first %d columns" % narrowest)
    if any(abs(a.value - b.value) > 0.5 * b.unit
           for row, our_row in zip(theirs, ours) for a, b in zip(row, our_row)):
        remarks.append("few digits: print %.6g")
    return same(most, len(best_table), remarks)


def main(arguments):
    if len(arguments) != 2 or "" in arguments:
        raise NotUnderstood(USAGE)
    path, against = arguments
    our_text = read_text(against)
    if is_training(our_text):
        return mark_question_1(path, our_text)
    return mark_question_2(path, our_text)


if __name__ == "__main__":
    try:
        verdict = main(sys.argv[1:])
    except OSError as problem:
        print("mark: %s: %s" % (problem.filename, problem.strerror), file=sys.stderr)
        sys.exit(2)
    except NotUnderstood as problem:
        print("mark: %s" % problem, file=sys.stderr)
        sys.exit(2)
    try:
        print(verdict, flush=True)
    except OSError as problem:
        print("mark: cannot write the verdict: %s" % problem.strerror, file=sys.stderr)
        os._exit(2)  # sys.exit would try to write it once more
    sys.exit(0 if verdict.startswith("the same: ") else 1)
