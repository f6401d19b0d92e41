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

To make a new way of writing a table known, begin with spellings() in stage 1 or with
number_lines() in stage 2. Another place of the rows and columns goes to OTHERWISE in
stage 2, and a new factor in a column to ways() in stage 4. To make a new mistake known,
add it to mistakes.py.
"""
import sys

# An older Python, even Python 2, can read this file, so that it can say this.
if sys.version_info < (3, 8):
    sys.stderr.write("mark: needs Python 3.8 or newer\n")
    sys.exit(2)

import ast
import collections
import itertools
import json
import math
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
USAGE = "usage: make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt"
COLUMNS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
LOSSES = {0, 1}  # of COLUMNS
ACCURACIES = {2, 3}
EXAMPLES = {"train": 1800, "test": 200}
PIXELS = 784


class NotUnderstood(Exception):
    """The file cannot be compared. The text says why."""


# ---- 1. The text of the file -----------------------------------------------------------

# A line that begins with # or % or // is a comment.
COMMENT = re.compile(r"[ \t]*(#|%|//)")

# Numbers that tell of no result. A date, such as 2024-05-01 or 12.03.2024 or 3/12/2024:
DATE = re.compile(r"\b(\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4})\b")
# A time of day or a duration, such as 12:03 or 0:12:03.5:
CLOCK = re.compile(r"\b\d+:\d\d(:\d\d)?([.,]\d+)?(?!\d)")
# How many there are, as in "7/5000" or "7 of 5000". (In "0.99/1" the 1 is an accuracy.)
TOTAL = re.compile(r"(/ *|\bof +)(?!1\b)\d+(?![\d.])")
# Keras's bar of a finished epoch, which counts batches: "57/57 [=====]", "57/57 - 1s":
BAR = re.compile("^ *(\\d+)/\\1 *(\\[=*\\]|\u2501+|- \\d+m?s\\b)")
# What makes a terminal change its colour, such as ESC [32m:
COLOUR = re.compile("\x1b\\[[0-9;]*m")


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
        line = COLOUR.sub("", line)
        for pattern in (BAR, DATE, CLOCK, TOTAL):
            line = pattern.sub(" ", line)
        lines.append(line.lower())
    return lines


def spellings(text):
    """The lines of the text, and what they are if a comma is not what parts numbers."""
    lines = lines_of(text_of_json(text) or text)
    decimal_comma = re.compile(r"(?<=\d),(?=\d)")
    thousands = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")  # 5,000
    found = [lines]
    for comma, instead in ((decimal_comma, "."), (thousands, "")):
        spelt = [comma.sub(instead, line) for line in lines]
        if spelt not in found:
            found.append(spelt)
    return found


# ---- 2. The rows of numbers ------------------------------------------------------------

# A number that does not belong to a word: -0.5, .5, 1e-05, Fortran's 4.69D-01, nan, inf.
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[ed][-+]?\d+)?(?!\w|\.\d)"
    r"|(?<!\w)[-+]?(?:nan|inf(?:inity)?)(?!\w)")

# MATLAB's line above a matrix all of whose numbers it has divided: 1.0e+03 *
FACTOR = re.compile(r"\s*(1\.0+e[-+]\d+) +\*\s*$")


# The value of the last place that was printed is the unit. If 0.5 may be meant to be
# 0.500000, coarse is what the unit is if it is not; else it is 0.
Number = collections.namedtuple("Number", "value unit coarse", defaults=[0])

# words: the numbers as they are written
# shape: the line with # for each number
# apart: do two blank lines or more stand before it?
# factor: that of MATLAB's line, or 1
Line = collections.namedtuple("Line", "words shape apart factor")


def number_lines(lines):
    """The lines that have a number in them."""
    found = []
    blank = 0
    factor = 1.0
    for line in lines:
        found_factor = FACTOR.match(line)
        if found_factor:
            factor = float(found_factor.group(1))
        elif line.strip() == "":
            blank += 1
        else:
            words = NUMBER.findall(line)
            shape = re.sub(r"\d+", "0", NUMBER.sub("#", line))
            shape = re.sub(r"[][(){},;]", " ", shape)  # NumPy's first row begins with [[
            if words:
                found.append(Line(words, " ".join(shape.split()), blank >= 2, factor))
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


def last_place(value, digits):
    """The value of the last of so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return 10.0 ** -(digits + 3)
    return 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)


OUR_DIGITS = 6  # of %.6g
SHORT_DIGITS = 2
FEW_DIFFERENT = 9


def read_column(words, factors):
    """The column's numbers, with how finely they are written.

    With %.4f all numbers have the same number of decimals. With %.6g trailing zeros are
    left out, so that 0.5 may be 0.500000: there the longest number counts. A column of
    few different and short numbers does not tell which it is. It is taken to have the six
    digits of %.6g.
    """
    finite = [word for word in words if "n" not in word]  # nan and inf have an n
    digits = max((digits_and_decimals(word)[0] for word in finite), default=OUR_DIGITS)
    decimals = {digits_and_decimals(word)[1] for word in finite}
    has_exponent = any("e" in word or "d" in word for word in finite)
    zero_at_end = any(re.search(r"\.\d*0$", word) for word in finite)
    telling = digits > SHORT_DIGITS or len(set(words)) > FEW_DIFFERENT or zero_at_end
    if not telling:
        digits = OUR_DIGITS
    fixed = telling and len(decimals) == 1 and not has_exponent
    numbers = []
    for word, factor in zip(words, factors):
        value = float(word.replace("d", "e"))
        unit = last_place(value, digits)
        if fixed:
            unit = max(unit, 10.0 ** -max(decimals))
        coarse = 0
        if not telling and not has_exponent and max(decimals, default=0) > 0:
            coarse = 10.0 ** -max(decimals)
        scaled = float("%.12g" % (value * factor))  # the iteration 0.003 * 1000 is 3
        numbers.append(Number(scaled, unit * factor, coarse * factor))
    return numbers


def rises(values):
    """Are these whole numbers, each larger than the one before?"""
    if any(value != math.floor(value) or value < 0 for value in values):
        return False
    return all(a < b for a, b in zip(values, values[1:]))


def counts_up(values):
    """Are these iterations: whole numbers that rise in equal steps, or from 0 or 1 on?

    Two or three of them begin with 0, 1 or the step. Four or more need not, as no losses
    and no accuracies rise like this.
    """
    if not rises(values):
        return False
    if len(values) == 1:
        return True
    if len(values) >= 4 and values[0] in (0, 1):
        return True  # 1, 50, 100, ...
    step = values[1] - values[0]
    if len(values) < 4 and values[0] not in (0, 1, step):
        return False
    return all(b - a == step for a, b in zip(values, values[1:]))


# How the numbers stand in the file.
# turned: each line is a curve, even a short one
# curves: so many curves stand below one another in each column
# unchanging_left_out: a column of one whole number, such as 1800 examples, is left out
Arrangement = collections.namedtuple("Arrangement", "turned curves unchanging_left_out")
AS_WRITTEN = Arrangement(False, 1, False)
OTHERWISE = [
    Arrangement(False, 1, True),
    Arrangement(True, 1, False),
    Arrangement(False, 2, False),
    Arrangement(False, 3, False),
    Arrangement(False, 4, False),
    Arrangement(False, 5, False),
]

# Lines are curves that lie on their side if there are few of them (a pandas index, the
# iterations, and four curves) and they are long.
MOST_CURVES = 6
LONG = 12


def rows_of_one_line_or_column(words, factors):
    """The rows of a file that is one row or one column.

    They have five numbers if every fifth number is an iteration. Otherwise it is a curve
    if it is long, and a single row if it is not.
    """
    in_one_column = len(words[0]) == 1
    words = list(itertools.chain.from_iterable(words))
    factors = list(itertools.chain.from_iterable(factors))
    firsts = [float(word.replace("d", "e")) for word in words[::5]]
    if len(words) % 5 == 0 and len(words) > 5 and counts_up(firsts):
        starts = range(0, len(words), 5)
        return [words[k:k + 5] for k in starts], [factors[k:k + 5] for k in starts]
    if len(words) > LONG or (in_one_column and len(words) > 5):
        return [[word] for word in words], [[factor] for factor in factors]
    return [words], [factors]


def side_by_side(rows, curves):
    """The rows of so many curves that stand below one another in one column."""
    length = len(rows) // curves
    if len(rows[0]) > 1 or len(rows) != curves * length or length < 3:
        raise NotUnderstood("it is not one column of %d curves" % curves)
    parts = [rows[k * length:(k + 1) * length] for k in range(curves)]
    return [[part[k][0] for part in parts] for k in range(length)]


def matrix_of(rows, arrangement):
    """The rows as Numbers, turned round if they are curves that lie on their side."""
    words = [[word for line in row for word in line.words] for row in rows]
    factors = [[line.factor for line in row for word in line.words] for row in rows]
    lying = len(words) <= MOST_CURVES and len(words[0]) > LONG
    if lying or arrangement.turned:
        words = list(zip(*words))
        factors = list(zip(*factors))
    if arrangement.curves > 1:
        words = side_by_side(words, arrangement.curves)
        factors = side_by_side(factors, arrangement.curves)
    elif len(words) == 1 or len(words[0]) == 1:
        words, factors = rows_of_one_line_or_column(words, factors)
    columns = [read_column(*pair) for pair in zip(zip(*words), zip(*factors))]
    return [list(row) for row in zip(*columns)]


# ---- 3. The trainings ------------------------------------------------------------------

# A training. The rows are {iteration: numbers}, with one to four numbers each. It is
# counted if the file tells the iterations.
Table = collections.namedtuple("Table", "rows counted")


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
    if len(rows) == 1 and len(rows[0]) < 5:  # perhaps the final values, 0.00 1.00 0.99
        first = rows[0][0].value
        return len(rows[0]) > 2 and first > 0 and counts_up([first])
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
        for run in runs_of(rows):
            shift = 1 if run[0][0].value == 0 else 0  # Python's range() begins with 0
            by_iteration = {}
            for row in run:
                by_iteration[int(row[0].value) + shift] = row[1:]
            tables.append(Table(by_iteration, True))
        return tables
    return [Table(dict(enumerate(rows, 1)), False)]


def without_index(rows):
    """The rows without the numbers that pandas writes in front of the iterations."""
    while len(rows[0]) > 5 and has_iterations(rows):
        behind = [row[1:] for row in rows]
        if not has_iterations(behind):
            break
        rows = behind
    return rows


def is_unchanging(column):
    """Is it one large whole number throughout, such as 1800 examples?"""
    values = {number.value for number in column}
    value = max(values)
    if len(column) == 1 or len(values) > 1 or value % 1 != 0:
        return False
    return value >= 10 and value != 100  # a loss may stay at 2, and accuracies at 100


def is_too_wide(rows):
    """Are there more numbers than two losses and two accuracies?"""
    return len(rows[0]) > (5 if has_iterations(rows) else 4)


def without_unchanging(rows, arrangement):
    """The rows without columns of one whole number; as few as need be, or all of them."""
    while is_too_wide(rows) or arrangement.unchanging_left_out:
        columns = list(zip(*rows))
        unchanging = [k for k, column in enumerate(columns) if is_unchanging(column)]
        if not unchanging:
            break
        del columns[unchanging[0]]
        rows = [list(row) for row in zip(*columns)]
    return rows


def trainings_in_lines(lines, arrangement):
    """The trainings that these lines of text hold, if they can be read so."""
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
        rows = without_index(matrix_of(records(part), arrangement))
        rows = without_unchanging(rows, arrangement)
        if rows:
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


# A list of trainings. It is usual if the file is meant to be read so whatever its numbers
# are. If not, it is to be read so only if the numbers are ours.
Reading = collections.namedtuple("Reading", "tables usual")


def readings(path):
    """The ways to read a file, the likeliest first."""
    found = []
    problems = []
    for arrangement in [AS_WRITTEN] + OTHERWISE:
        for lines in spellings(read_text(path)):
            try:
                tables = trainings_in_lines(lines, arrangement)
                found.append(Reading(tables, arrangement == AS_WRITTEN))
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
    almost_half = 0.499999  # with a half, 0.12 and 0.13 would be alike
    return abs(theirs.value - ours.value) < almost_half * (theirs.unit + ours.unit)


# How a column of theirs comes from one of ours, whose number is in column:
# theirs = plus + times * ours. If their row i is our row i + 1, ahead is 1, else 0. The
# words say what is odd about it; they are "" if nothing is.
Way = collections.namedtuple("Way", "column ahead plus times words")


def examples_of(column):
    """How many examples a column of ours is about."""
    return EXAMPLES[COLUMNS[column].partition("_")[0]]


def ways():
    """All the ways that are known, the ordinary ones first."""
    found = []
    for ahead in (0, 1):
        for column in range(4):
            found.append(Way(column, ahead, 0, 1, ""))
    for ahead in (0, 1):
        for column in range(4):
            own = examples_of(column)
            other = sum(EXAMPLES.values()) - own
            if column in LOSSES:
                odd = [
                    (0, 2, "twice as large: the loss's factor 1/2 is missing"),
                    (0, own, "not divided by the number of examples"),
                    (0, 2 * own, "without 1/2 and not divided by the number of examples"),
                    (0, own / other,
                     "divided by %d instead of %d examples" % (other, own)),
                    (0, own / PIXELS, "divided by the 784 pixels, not by the examples"),
                    (0, 2 * own / PIXELS, "without 1/2, and divided by the 784 pixels"),
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


# A number with a smaller unit than this part of it has five digits or more.
FINE = 2e-5


def is_telling(theirs, k):
    """Do the numbers of column k tell enough to look for them in another place?"""
    numbers = [row[k] for row in theirs.values()]
    different = {number.value for number in numbers}
    many_digits = any(0 < number.unit < FINE * abs(number.value) for number in numbers)
    return many_digits or len(different) > 2


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
            in_place = [way for way in in_place if way.plus == way.ahead == 0]
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
    odd = {}
    for way in found:
        remarks = []
        if way.words:
            remarks.append(way.words)
        if way.ahead == 1:
            remarks.append("one row ahead: measured after the update")
        if remarks:
            odd.setdefault("; ".join(remarks), []).append(COLUMNS[way.column])
    return "; ".join("%s: %s" % (", ".join(names), words) for words, names in odd.items())


def as_printed(theirs):
    """The same rows, where no number is taken for finer than it is printed."""
    rows = {}
    for iteration, row in theirs.items():
        rows[iteration] = [
            Number(number.value, max(number.unit, number.coarse)) for number in row]
    return rows


# ---- 5. Known mistakes -----------------------------------------------------------------

# The rows are some of those that the mistake prints: {iteration: [Number, ...]}.
Mistake = collections.namedtuple("Mistake", "name rows")


def exact(values):
    """Our own numbers, which are printed by %.6g."""
    return [Number(value, last_place(value, OUR_DIGITS)) for value in values]


def read_mistakes(scale):
    """The mistakes of mistakes.txt for this weight_scale, as mistakes.py wrote them."""
    rows = {}
    with open(os.path.join(HERE, "mistakes.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            words = line.rstrip("\n").split(None, 6)
            if words[0] == scale:
                row = exact([float(word) for word in words[2:6]])
                rows.setdefault(words[6], {})[int(words[1])] = row
    return [Mistake(name, rows[name]) for name in rows]


def loosened(table, tolerance):
    """The same table, with numbers that need to agree only to this relative tolerance."""
    loose = {}
    for iteration, row in table.items():
        loose[iteration] = [
            Number(number.value, max(number.unit, 2 * tolerance * abs(number.value)))
            for number in row]
    return loose


# A mistake is named if its rows agree with theirs, and if so many digits of theirs tell
# it from what is right. A number that is nearer than so many last places to what may be
# there anyway tells nothing: similar mistakes have similar numbers.
ENOUGH = 4
FEW_PLACES = 20

# If all outputs are near 0, losses and accuracies are near these by any mistake:
# a loss of 0.5, or 0.25 with targets 0 and 1, or 1 by another rule. With 0.01, the first
# hundred rows are such a plateau.
LOSSES_AT_0 = (0.5, 0.25, 1)
ACCURACIES_AT_0 = (0, 0.5, 1)
NEAR = 0.025


def is_on_plateau(row):
    """Are all outputs near 0?"""
    return any(abs(row[0].value - loss) < NEAR for loss in LOSSES_AT_0)


def starts_right(theirs, found, right):
    """Is their row 1 the right one?"""
    ours = [right[1][way.column] for way in found]
    return 1 in theirs and all(map(alike, theirs[1], ours))


def numbers_anyway(way, right_row, wrong_row):
    """The numbers that a column may have without this mistake."""
    numbers = [right_row[way.column].value]
    if way.column in LOSSES:
        numbers += LOSSES_AT_0
    elif is_on_plateau(wrong_row):
        numbers += ACCURACIES_AT_0
    return numbers + [way.plus + way.times * number for number in numbers]


def digits_that_tell(number, way, right_row, wrong_row):
    """How many digits of their number only the mistake explains."""
    unit = max(number.unit, abs(way.times) * wrong_row[way.column].unit)
    if way.column in LOSSES:
        unit = max(unit, number.coarse)
    else:  # an accuracy is no finer than one example
        unit = max(unit, abs(way.times) / examples_of(way.column))
    anyway = numbers_anyway(way, right_row, wrong_row)
    places = min(abs(number.value - value) for value in anyway) / unit
    if not places > FEW_PLACES:  # nan, too
        return 0
    return math.log10(places)


def rows_that_tell(theirs, found, mistake, right):
    """The iterations that tell one mistake from another.

    If training starts right and on the plateau, the rows on it do not: many mistakes of
    learning agree there.
    """
    if not is_on_plateau(right[1]) or not starts_right(theirs, found, right):
        return list(theirs)
    ahead = found[0].ahead
    return [i for i in theirs if not is_on_plateau(mistake[i + ahead])]


def evidence(theirs, found, mistake, right):
    """How many digits of theirs only the mistake explains."""
    total = 0
    for iteration in rows_that_tell(theirs, found, mistake, right):
        for number, way in zip(theirs[iteration], found):
            right_row = right[iteration + way.ahead]
            wrong_row = mistake[iteration + way.ahead]
            total += digits_that_tell(number, way, right_row, wrong_row)
    return total


def rows_apart(theirs, found, right):
    """The iterations whose rows are not the right ones."""
    apart = []
    for iteration, row in theirs.items():
        ours = [number_by(way, right, iteration) for way in found]
        if not all(map(alike, row, ours)):
            apart.append(iteration)
    return apart


# If something is odd besides, it takes so many rows that are not right.
FEWEST_IF_ODD = 3

# A mistake that explains their rows: which of these are not the right ones, and what is
# odd besides, "" if nothing is.
Fit = collections.namedtuple("Fit", "name apart odd")


def fit(theirs, mistake, right, tolerance, ahead):
    """The Fit of a mistake; None if it does not explain their rows, or if few tell."""
    loose = loosened(mistake.rows, tolerance)
    known = set(loose) & set(right)
    common = {i: theirs[i] for i in theirs if i + ahead in known}
    if not common:
        return None
    found = explain(common, loose, (ahead,))
    columns = {way.column for way in found if way is not None}
    if None in found or len(columns) < len(found):
        return None
    if evidence(common, found, loose, right) < ENOUGH:
        return None
    apart = rows_apart(common, found, right)
    odd = oddities(found)
    if odd and len(apart) < FEWEST_IF_ODD:
        return None
    return Fit(mistake.name, apart, odd)


def words_of(fitting):
    """The Fit as a part of the verdict. One row alone proves no more than that row."""
    words = fitting.name
    if len(fitting.apart) == 1:
        words = "row %d is that of %s" % (fitting.apart[0], words)
    if fitting.odd:
        words += "; and " + fitting.odd
    return words


def names_of_mistakes(theirs, right, scale, tolerance):
    """All the mistakes that explain their numbers.

    If some of them do so with nothing odd besides, only these.
    """
    explaining = []
    for mistake in read_mistakes(scale):
        for ahead in (0, 1):
            fitting = fit(theirs, mistake, right, tolerance, ahead)
            if fitting is not None:
                explaining.append(fitting)
                break
    plain = [fitting for fitting in explaining if fitting.odd == ""]
    return [words_of(fitting) for fitting in plain or explaining]


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


def is_ordinary(found):
    """Are all columns ours, in our order?"""
    if None in found or oddities(found):
        return False
    places = [way.column for way in found]
    return places == sorted(set(places))


def verdict_if_ordinary(theirs, found, right):
    """All columns are ours: is that all of our table?"""
    remarks = []
    if len(found) < 4:
        remarks.append("columns " + ", ".join(COLUMNS[way.column] for way in found))
    if has_few_digits(theirs, found, right):
        remarks.append("few digits: print %.6g")
    shared = [iteration for iteration in theirs if iteration in right]
    return same(len(shared), max(len(right), len(theirs)), remarks)


def what_is_odd(found):
    """What is odd about columns that all come from ours?"""
    places = [way.column for way in found]
    names = ", ".join(COLUMNS[column] for column in places)
    if len(set(places)) < len(places):
        return "a column stands there twice: they are our " + names
    return oddities(found) or "the columns stand in another order: " + names


def likeness(theirs, right, unexplained, places):
    """How much are these columns of theirs like those of ours in these places?

    What counts is how many numbers are the right ones, and then how near the others are.
    """
    right_ones = 0
    distance = 0
    for iteration in set(theirs) & set(right):
        for k, place in zip(unexplained, places):
            number = theirs[iteration][k]
            ours = right[iteration][place]
            if alike(number, ours):
                right_ones += 1
            elif math.isfinite(number.value):
                distance += min(1, abs(number.value - ours.value))
            else:
                distance += 1
    return right_ones, -distance


def places_of(theirs, right, found):
    """Which columns of ours are theirs? The way tells it of those that are explained.

    The others are those of ours that are left, in our order, that are most like them.
    """
    explained = {way.column for way in found if way is not None}
    left = [column for column in range(4) if column not in explained]
    unexplained = [k for k, way in enumerate(found) if way is None]
    choices = itertools.combinations(left, len(unexplained))
    best = max(choices, key=lambda places: likeness(theirs, right, unexplained, places))
    place_of = dict(zip(unexplained, best))
    for k, way in enumerate(found):
        if way is not None:
            place_of[k] = way.column
    return [place_of[k] for k in range(len(found))]


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
    for iteration in set(theirs) & set(right):
        for column in LOSSES & set(theirs[iteration]):
            ours = right[iteration][column].value
            difference = abs(theirs[iteration][column].value - ours)
            if iteration <= most and not difference < ROUNDING * ours:  # nan, too
                return False
    return True


# The first row in which an update shows. With 0.01, there is a plateau before.
LEARNING_SHOWS = {"0.1": 3, "0.01": 111}


def learning_is_right(theirs, ways_found, scale):
    """Do the columns that are right prove that the weights are?

    One loss does. Accuracies are coarser: it takes ten rows of all that are there.
    """
    if scale not in LEARNING_SHOWS or max(theirs) < LEARNING_SHOWS[scale]:
        return False
    right_ones = {column for column, way in ways_found.items() if way is not None}
    if right_ones & LOSSES:
        return True
    accuracies = ACCURACIES & set(ways_found)
    return bool(accuracies) and accuracies <= right_ones and len(theirs) >= 10


def are_alike(theirs):
    """Are there several rows, and are all of them the same?"""
    values = {tuple(sorted(row.items())) for row in theirs.values()}
    return len(theirs) > 1 and len(values) == 1


def meaning_of(theirs, right, ways_found, first_wrong, scale):
    """What a first difference in this row usually means."""
    wrong = {column for column, way in ways_found.items() if way is None}
    if wrong & LOSSES and differs_by_rounding(theirs, right, scale, first_wrong):
        return "by rounding at first: single precision?"
    if learning_is_right(theirs, ways_found, scale):
        names = [COLUMNS[column] for column in sorted(wrong)]
        return "learning is right, but not " + " and ".join(names)
    if first_wrong == 1 and are_alike(theirs):
        return "all rows are alike: are the weights 0 at the start, or never updated?"
    if first_wrong == 1:
        return ("look at the starting weights, the targets, the pixels, which examples "
                "these are, forward pass and loss")
    rows_before = [iteration for iteration in theirs if iteration < first_wrong]
    if not rows_before:
        return "the rows from 1 on tell what this means"
    if max(rows_before) == 1:
        return ("row 1 is right, look at the gradients (in C, --check-gradient checks "
                "them), alpha, the update" + first_step(theirs, right))
    if scale == "0.01":
        return "the first updates are right as far as 0.01 tells; 0.1 tells more"
    return "the first updates are right"


def first_step(theirs, right):
    """How much the first update lowers the training loss, beside ours."""
    if 2 not in theirs or 0 not in theirs[2]:
        return ""
    theirs_lowers = theirs[1][0].value - theirs[2][0].value
    ours_lowers = right[1][0].value - right[2][0].value
    if not math.isfinite(theirs_lowers) or theirs_lowers <= 0:
        return "; the first update does not lower the loss"
    return "; the first update lowers the loss %.2g times as much as ours" % (
        theirs_lowers / ours_lowers)


def first_difference(theirs, right, ways_found):
    """The first iteration and column in which a column that is not explained differs."""
    for iteration in sorted(set(theirs) & set(right)):
        for column, number in sorted(theirs[iteration].items()):
            if ways_found[column] is None and not alike(number, right[iteration][column]):
                return iteration, column
    raise NotUnderstood("it has too few digits to tell which columns these are: print "
                        "%.6g, and all four")


def as_words(row):
    return " ".join("%g" % number.value for number in row)


def verdict_of_difference(table, right, found, scale):
    rows = as_printed(table.rows)  # what rounding explains is no difference
    places = places_of(rows, right, found)
    ways_found = dict(zip(places, found))
    theirs = {}
    for iteration, row in rows.items():
        theirs[iteration] = dict(zip(places, row))
    iteration, column = first_difference(theirs, right, ways_found)
    meaning = meaning_of(theirs, right, ways_found, iteration, scale)
    lines = [
        "different from row %d on: %s" % (iteration, meaning),
        "  row %d, %s: expected %g, found %g" % (
            iteration, COLUMNS[column], right[iteration][column].value,
            theirs[iteration][column].value),
        "  the row was read as: " + as_words(rows[iteration])]
    if not table.counted:
        lines.append("  there are no iterations in it: its rows were taken for 1, 2, 3")
    return "\n".join(lines)


# The losses of a mistake in single precision differ from its own by this part of theirs.
# In fewer rows than these, another mistake may be as near.
SINGLE = {"0.1": 2e-5, "0.01": 4e-6}
SINGLE_ROWS = 10


def mark_training(table, right, scale):
    theirs = table.rows
    found = explain(theirs, right)
    if is_ordinary(found):
        return verdict_if_ordinary(theirs, found, right)
    coarse = as_printed(theirs)
    found_coarse = explain(coarse, right, (0,))  # few digits tell no row from the next
    if is_ordinary(found_coarse):
        return verdict_if_ordinary(coarse, found_coarse, right)
    if not table.counted and len(theirs) < 3:
        raise NotUnderstood("there are no iterations in it, and so few rows do not tell "
                            "which they are: put the iteration in front of each row")
    if None not in found:
        return "different: " + what_is_odd(found)
    names = names_of_mistakes(theirs, right, scale, 0)
    if names:
        return "different: " + "; or: ".join(names)
    if len(theirs) >= SINGLE_ROWS and scale in SINGLE:
        names = names_of_mistakes(theirs, right, scale, SINGLE[scale])
        if names:
            return "different: %s (in single precision, it seems)" % "; or: ".join(names)
    return verdict_of_difference(table, right, found, scale)


def rows_fit(rows, right, start, step):
    """Are these rows, one after another, every step-th of the right ones?"""
    for k, row in enumerate(rows):
        ours = right.get(start + k * step)
        if ours is None or not all(map(alike, row, ours)):
            return False
    return True


def places_in(rows, right):
    """The (start, step) from which these rows are the right ones: any row and those that
    follow it, every tenth row, the last one alone."""
    if rows_fit(rows, right, 1, 1):
        return [(1, 1)]
    places = [(start, 1) for start in range(2, len(right) - len(rows) + 2)]
    for step in range(2, len(right) // len(rows) + 1):
        places += [(1, step), (step, step)]
    return [place for place in places if rows_fit(rows, right, *place)]


# Numbers of few digits that are right in more places than these may be right by chance.
MANY_PLACES = 50


def with_iterations(table, right):
    """The table with its rows in their places. Where the file tells no iterations, the
    rows are looked for in ours."""
    if table.counted:
        return table
    for rows in (table.rows, as_printed(table.rows)):
        numbers = list(rows.values())
        places = places_in(numbers, right)
        if len(places) > MANY_PLACES:
            raise NotUnderstood("there are no iterations in it, and few digits fit many "
                                "rows of ours: put the iteration in front of each row")
        if places:
            start, step = places[0]
            in_place = {}
            for k, row in enumerate(table.rows.values()):
                in_place[start + k * step] = row
            return Table(in_place, False)
    return table


def training_to_mark(tables, right, scale):
    """Of several trainings the one that begins as ours does, or the one in its place."""
    for table in tables:
        first = min(table.rows)
        loss_alone = {first: table.rows[first][:1]}
        if first in right and explain(loss_alone, {first: right[first]}, (0,))[0]:
            return table
    if scale == "0.1" and len(tables) > 1:
        return tables[1]  # as ./backprop prints them
    return tables[0]


def how_much_is_ours(rows, right):
    """How well a reading explains the file. The largest of these tuples is the best."""
    found = explain(rows, right)
    explained = [way for way in found if way is not None]
    shared = set(rows) & set(right)
    return None not in found, len(explained), len(shared), len(found)


def training_in(reading, right, scale):
    """The training to mark if the file is read so; None if there is none."""
    tables = [with_iterations(table, right) for table in reading.tables]
    tables = [table for table in tables if set(table.rows) & set(right)]
    if not tables:
        return None
    table = training_to_mark(tables, right, scale)
    if not reading.usual and None in explain(table.rows, right):
        return None
    return table


def right_rows(our_text):
    """The rows of a table of ours, {iteration: numbers}."""
    right = {}
    for line in lines_of(our_text):
        words = line.split()
        if words:
            right[int(words[0])] = exact([float(word) for word in words[1:]])
    return right


def mark_question_1(path, our_text):
    scale = weight_scale_of(our_text)
    right = right_rows(our_text)
    candidates = []
    problems = ["none of its iterations is one of ours"]
    for reading in readings(path):
        try:
            table = training_in(reading, right, scale)
        except NotUnderstood as problem:
            problems.append(problem)
            continue
        if table is not None:
            candidates.append(table)
    if not candidates:
        raise NotUnderstood("%s: %s" % (path, problems[-1]))
    best = max(candidates, key=lambda table: how_much_is_ours(table.rows, right))
    try:
        return mark_training(best, right, scale)
    except NotUnderstood as problem:
        raise NotUnderstood("%s: %s" % (path, problem))


# ---- 7. The verdict on other tables ----------------------------------------------------

# A number, or a dash alone, which stands where there is none.
ENTRY = re.compile(NUMBER.pattern + r"|(?<!\S)-(?!\S)")


# The words are the numbers as they are written, with "nan" for a dash.
EntryLine = collections.namedtuple("EntryLine", "words has_letters")


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


def has_all_digits(theirs, ours):
    """Are their numbers those of our row to our last digit?"""
    return begins_with(ours, [Number(number.value, 0) for number in theirs])


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
    if not all(map(has_all_digits, theirs, ours)):
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


def stop(problem):
    sys.stderr.write("mark: %s\n" % problem)
    sys.exit(2)


if __name__ == "__main__":
    try:
        verdict = main(sys.argv[1:])
    except OSError as problem:
        stop("%s: %s" % (problem.filename, problem.strerror))
    except NotUnderstood as problem:
        stop(problem)
    try:
        sys.stdout.write(verdict + "\n")
        sys.stdout.flush()
    except OSError as problem:
        sys.stderr.write("mark: cannot write the verdict: %s\n" % problem.strerror)
        os._exit(2)  # sys.exit would try to write it once more
    sys.exit(0 if verdict.startswith("the same: ") else 1)
