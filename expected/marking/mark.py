#!/usr/bin/env python3
"""Compares a table that somebody hands in with ours.

    python3 expected/marking/mark.py THEIRS OURS...

THEIRS is a text file with a line for each row. OURS are files of expected/, with one
table or several. The first line printed is the verdict:

    the same                           all rows and columns agree (status 0)
    the same as far as it goes         what is there agrees, something is missing (1)
    different                          the first difference, or the mistake's name (1)
    plausible, from other starting weights            said of a training (1)
    cannot be compared                 no rows can be read (2)

The lines below it say what was read, what was not, and why. An error has status 2, too.

This file has five parts: 1. words that can be added to, 2. reading, 3. columns and rows,
4. known mistakes and other starting weights, 5. the verdict.
"""
import collections
import itertools
import json
import math
import pathlib
import re
import sys

# Part 1: words that can be added to

# What the columns of Question 1 are called. Only letters and digits count: L_test is
# ltest.
TITLES = {
    "iteration": "iteration iterations iter it i k epoch epochs step",
    "train_loss": "train_loss loss_train training_loss loss train_cost cost L "
                  "L_train mse train_mse",
    "test_loss": "test_loss loss_test testing_loss val_loss validation_loss test_cost "
                 "L_test test_mse",
    "train_accuracy": "train_accuracy accuracy_train training_accuracy accuracy acc "
                      "train_acc acc_train",
    "test_accuracy": "test_accuracy accuracy_test testing_accuracy val_accuracy val_acc "
                     "validation_accuracy test_acc acc_test",
}
# A line that begins with one of these is a comment.
COMMENTS = ("#", "%", "//")
# Cells stand between these, and a cell can be empty.
CELL_SEPARATORS = ",;|\t"
# These part words as a blank does.
SEPARATORS = "()[]{}\"'=:&"
# Words that stand for a number that is none, whatever their case.
NOT_NUMBERS = "nan inf infinity na n/a none null undefined overflow"
# Forms of text that have no rows: what a search finds in them, and what they are.
FORMS = {
    r"\0": "this is no text",
    r"\x1b": "it has a terminal's colours",
    # "Columns 1 through 8" of MATLAB, "Columns 1 and 2:" of Octave, "Column 9"
    r"(?im)^ *columns? +[0-9]+ *(:|(through|and|to) +[0-9]+ *:?)? *$":
        "its matrix is wrapped: MATLAB shows some columns below the others",
    # a backslash at the end of a line, but not the two of LaTeX
    r"(?m)[^\\]\\ *$":
        "its table is wrapped: pandas shows some columns below the others",
    # "1.0e+03 *" alone on a line
    r"(?m)^ *[0-9.]+e[+-]?[0-9]+ *\* *$": "a factor stands above its matrix",
}
HOW_TO_PRINT = """\
  Print a line for each iteration, in Python
    print("%d %.6g %.6g %.6g %.6g" % (i, L, L_test, accuracy, accuracy_test))
  or in MATLAB
    fprintf('%d %.6g %.6g %.6g %.6g\\n', i, L, L_test, accuracy, accuracy_test);
  and if there are other columns, one line of titles above the rows."""

# From this row on the training losses of all seeds are much alike. A training from other
# weights must reach it, so that it can be called plausible.
ALIKE_FROM = 300

HERE = pathlib.Path(__file__).resolve().parent


def count(number, what):
    """Return "1 row", "2 rows"."""
    if number != 1:
        what = what.replace("line", "lines") if what.startswith("line") else what + "s"
    return "%d %s" % (number, what)


class CannotBeCompared(Exception):
    """Says why."""


# Part 2: reading
# A table consists of rows, and a row of values. A value is None if it is not given: an
# empty cell, or a dash.

Value = collections.namedtuple("Value", "text number decimals digits")
Row = collections.namedtuple("Row", "line text values words")

# a dash, or what our gradient check has in place of one neuron
NOT_GIVEN = re.compile("-{1,3}|all")
# whole part, fraction, exponent
NUMBER = re.compile(r"[+-]?([0-9]*)\.?([0-9]*)(?:[eEdD]([+-]?[0-9]{1,4}))?")
# a word of NOT_NUMBERS, stars as Fortran prints them, #NUM! and the like as Excel does,
# or any other word that begins with a digit: 1.#INF, 12ms, 0.5i
NO_NUMBER = re.compile(r"(?i:[+-]?(?:%s))|\*\*+|##+|#[A-Z][A-Z0-9/]*[!?]?|[+-]?\.?[0-9].*"
                       % NOT_NUMBERS.replace(" ", "|"))
# one of the separators
CELL_END = "[%s]" % re.escape(CELL_SEPARATORS)
# the place between two of them, or between one and an end of the line
EMPTY_CELL = re.compile("(?<={0})(?= *(?:{0}|$))|^(?={0})".format(CELL_END))
# a bracket that closes a row, and the separator behind it
END_OF_ROW = re.compile(r"[\]})]\s*[,;]?\s*$")


def text_of(path):
    """Return the text of a file in UTF-8, UTF-16 or Latin-1, with \\n as line ends."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif data[1:2] == b"\0":
        text = data.decode("utf-16-le", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    text = text.replace("\u2212", "-")  # the minus sign of typography
    return text.replace("\r\n", "\n").replace("\r", "\n")


def value_of(word):
    """Return the value that a word stands for, or None if it is an ordinary word."""
    bare = word.rstrip("%.")
    match = NUMBER.fullmatch(bare)
    if match and (match[1] or match[2]):
        number = float(re.sub("[dD]", "e", bare))
        decimals = len(match[2]) - int(match[3] or 0)
        if math.isfinite(number):
            return Value(word, number, decimals, len((match[1] + match[2]).lstrip("0")))
    if bare and NO_NUMBER.fullmatch(bare):
        return Value(word, None, 0, 0)
    return None


def with_points(line):
    """Return a line with decimal points, if it has decimal commas."""
    if re.search("[;\t]", line) and re.search("[0-9],[0-9]", line):
        if re.search(r"[0-9]\.[0-9]", line):
            raise CannotBeCompared("%r has points and commas within its numbers" % line)
        return re.sub("(?<=[0-9]),(?=[0-9])", ".", line)
    return line


def values_in(line):
    """Return the values of a line, and for each the words in front of it.

    Without values the list of words has one entry, all words.
    """
    line = with_points(line)
    line = re.sub(r"(?i)nan\([^)]*\)", "nan", line)  # nan(ind) is one value
    line = END_OF_ROW.sub("", line)
    line = EMPTY_CELL.sub(" - ", line)
    line = re.sub("[%s]" % re.escape(CELL_SEPARATORS + SEPARATORS), " ", line)
    line = re.sub(r"(?<=[0-9])/(?=[0-9])", " ", line)  # 3/5000
    values = []
    words = [""]
    for word in line.split():
        if NOT_GIVEN.fullmatch(word):
            values.append(None)
            words.append("")
        else:
            value = value_of(word)
            if value is None:
                words[-1] += word
            else:
                values.append(value)
                words.append("")
    return values, words[:len(values)] or words


def is_plain_comment(line):
    """Is this line a comment? "#NUM! #NUM!" is none."""
    words = line.split()
    all_values = len(words) > 1 and all(value_of(word) for word in words)
    return line.lstrip().startswith(COMMENTS) and not all_values


def normal(title):
    """Return the letters and digits of a title, in lower case."""
    return re.sub("[^a-z0-9]", "", title.lower())


def titles_in(line):
    """Return the titles of a line that has no numbers."""
    line = line.strip().lstrip("#%/")
    if re.search(CELL_END, line):
        return [title.strip() for title in re.split(CELL_END, line)]
    return [title for title in line.split() if normal(title)]


class Table:
    """Rows, and what stands between them.

    Two blank lines, or a line of known titles, part one table from the next.
    """

    def __init__(self):
        self.rows = []       # at first every line that has a value
        self.not_read = []   # those of them that turn out to be no row
        self.title_lines = []

    def finish(self, names):
        """Keep as rows the lines that have as many values as most; find the titles."""
        widths = collections.Counter(len(row.values) for row in self.rows)
        width = max(widths, key=lambda width: (widths[width], width))
        is_row = [len(row.values) == width for row in self.rows]
        first = is_row.index(True)
        last = len(is_row) - 1 - is_row[::-1].index(True)
        between = is_row[first:last].count(False)
        self.not_read = [row for row in self.rows if len(row.values) != width]
        self.rows = [row for row in self.rows if len(row.values) == width]
        others = len(self.not_read) if len(self.not_read) > 3 else between
        if 3 * others > len(self.rows):
            raise CannotBeCompared(
                "%s of %d numbers, and %d of more or fewer; are the numbers of one row "
                "on several lines?" % (count(len(self.rows), "line"), width, others))
        check_commas(self.rows)
        self.keep_columns([c for c in range(width)
                           if any(row.values[c] is not None for row in self.rows)])
        self.titles = self.find_titles(width, names)

    def keep_columns(self, columns):
        """Drop the other columns, in which no row gives anything."""
        self.columns = list(range(len(columns)))
        self.numbers = [c + 1 for c in columns]
        self.rows = [row._replace(values=[row.values[c] for c in columns],
                                  words=[row.words[c] for c in columns])
                     for row in self.rows]

    def find_titles(self, width, names):
        """Return a title for each column, "" where there is none."""
        for titles in reversed(self.title_lines):
            if names.isdisjoint(map(normal, titles)):
                continue
            if len(titles) == width:
                return [titles[number - 1] for number in self.numbers]
            if len(titles) == len(self.columns):
                return titles
            if len(titles) == len(self.columns) - 1:  # pandas' index has no title
                return [""] + titles
        words = [{row.words[c] for row in self.rows} for c in self.columns]
        if words and len(words[0]) > 1:
            raise CannotBeCompared("the words in front of the numbers differ: %r, %r"
                                   % tuple(sorted(words[0])[:2]))
        return [min(column) if len(column) == 1 else "" for column in words]

    def column(self, c):
        """Return the values of a column that are given."""
        return [row.values[c] for row in self.rows if row.values[c] is not None]

    def is_constant(self, c):
        """Does a column say the same in all rows? 0.5, 0 and 1 may be an accuracy."""
        values = {value.text: value.number for value in self.column(c)}
        number = min(values.values(), key=str)
        return len(self.rows) > 1 and len(values) == 1 \
            and (number is None or number > 1 and number == int(number))

    def counts(self, c):
        """Does a column count? Most of its numbers are whole, and most rise."""
        numbers = [value.number for value in self.column(c) if value.number is not None]
        whole = sum(number >= 0 and number == int(number) for number in numbers)
        rising = sum(a < b for a, b in zip(numbers, numbers[1:]))
        return 2 * whole > len(numbers) and 2 * rising >= len(numbers) - 1

    def called(self, c):
        """Return what a column is called in a sentence."""
        title = " (%s)" % self.titles[c] if self.titles[c] else ""
        return "column %d%s, first %s" % (self.numbers[c], title, self.column(c)[0].text)


def check_commas(rows):
    """Refuse rows in which a comma may be a decimal comma or part thousands."""
    for row in rows:
        words = with_points(row.text).split()
        words = [word for word in words if re.search("[0-9]", word)]
        for word in words:
            # 1,800 among blanks, or "1,800" among commas
            if len(words) > 1 and re.fullmatch("[+-]?[0-9]+,[0-9]+", word) \
                    or re.search('"[+-]?[0-9]+,[0-9]+"', word):
                raise CannotBeCompared("%r in line %d may be one number or two"
                                       % (word, row.line))


def tables_in(text, names):
    """Return the tables of a text, and how many of its lines are comments or words."""
    for form, what in FORMS.items():
        if re.search(form, text):
            raise CannotBeCompared(what)
    try:
        if isinstance(json.loads(text), (list, dict)):
            raise CannotBeCompared("it is JSON")
    except (ValueError, RecursionError):
        pass
    tables = [Table()]
    no_values = collections.Counter()
    blank_lines = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            blank_lines += 1
            continue
        table = tables[-1]
        values, words = values_in(line) if not is_plain_comment(line) else ([], [line])
        has_values = any(value is not None for value in values)
        titles = [] if has_values else titles_in(line)
        if table.rows and (blank_lines >= 2
                           or titles and all(normal(title) in names for title in titles)):
            table = Table()
            tables.append(table)
        blank_lines = 0
        if has_values:
            table.rows.append(Row(number, line, values, words))
            continue
        no_values["comment" if is_plain_comment(line) else "line of words"] += 1
        if not table.rows:
            table.title_lines += [titles, re.split("  +", line.strip())]
    return [table for table in tables if table.rows], no_values


# Part 3: columns and rows

class Ours(Table):
    """A table of expected/, with names for its columns and an index of its rows."""

    def __init__(self, table, label):
        super().__init__()
        self.label = label
        self.rows = table.rows
        names = [titles for titles in table.title_lines
                 if len(titles) == len(table.rows[0].values)]
        self.names = names[-1] if names else ["column %d" % (c + 1) for c in range(
            len(table.rows[0].values))]
        self.is_training = self.names[0] == "iteration"
        self.column_of = {normal(name): c for c, name in enumerate(self.names)}
        if self.is_training:
            self.column_of = {normal(word): self.names.index(name)
                              for name, words in TITLES.items() for word in words.split()}
        self.places = collections.defaultdict(list)
        for place, row in enumerate(self.rows):
            self.places[key_of(row.values[0])].append(place)


def key_of(value, add=0):
    """Return what finds a row by its first value: six digits; None if it is no number."""
    if value is None or value.number is None:
        return None
    return "%.6g" % (value.number + add + 0.0)


def tables_of(paths):
    """Return the tables of some files of expected/."""
    ours = []
    for path in paths:
        tables, _ = tables_in(text_of(path), set())
        for number, table in enumerate(tables, 1):
            label = path.name
            if len(tables) > 1:
                label += ", table %d" % number
            ours.append(Ours(table, label))
        if not tables:
            raise CannotBeCompared("%s has no table" % path)
    return ours


def pairings(table, ours):
    """Yield lists of (their column, our column), the likeliest first.

    Each comes with whether it is certain. One that is not certain counts only if the
    numbers of the first row agree.
    """
    named = [(c, ours.column_of[normal(title)]) for c, title in enumerate(table.titles)
             if normal(title) in ours.column_of]
    ours_named = [o for c, o in named]
    if len(set(ours_named)) < len(named):
        named = []  # two columns with one name
    if any(o > 0 for o in ours_named) and named:
        if len(table.columns) == len(ours.names) and all(c == o for c, o in named):
            yield [(c, c) for c in table.columns], False
        without = [c for c in table.columns if c not in dict(named)]
        if ours.is_training and 0 not in ours_named and without and without[0] == 0 \
                and table.counts(0):
            named.append((0, 0))
        yield named, True
        return
    varying = [c for c in table.columns if not table.is_constant(c)]
    for columns in (table.columns, varying):
        pairs = list(pairings_in_order(table, ours, columns))
        for pairing in pairs:
            yield pairing, len(pairs) == 1


def pairings_in_order(table, ours, columns):
    """Yield the ways to find as many columns as possible in our order."""
    keys = []
    right = list(range(len(ours.names)))
    if ours.is_training:
        # Only a column that counts is the iteration.
        right = right[1:]
        if columns and table.counts(columns[0]):
            keys = [(columns[0], 0)]
            columns = columns[1:]
    most = min(len(columns), len(right))
    if most == 0 or len(columns) > len(right) + 3:
        return
    for some in itertools.combinations(columns, most):
        for same in itertools.combinations(right, most):
            yield keys + list(zip(some, same))


def placements(table, ours, key):
    """Yield lists that say for each row which of ours it is, the likeliest first.

    Each comes with a remark, and with whether it counts only if all numbers agree. key is
    the column that is our first one; None if they have none.
    """
    rows = range(len(table.rows))
    if key is None:
        remark = "nothing numbers its rows: they are taken as row 1, 2, 3, ..."
        yield [row if row < len(ours.rows) else None for row in rows], remark, False
        if len(rows) > 1:
            for step in (2, 5, 10, 20, 50, 100, 200, 250, 500, 1000):
                for first in (1, step):
                    places = [first - 1 + step * row for row in rows]
                    if places[-1] < len(ours.rows):
                        yield places, "its rows are every %dth" % step, True
        return
    if not ours.is_training:
        yield places_of(table, ours, key, 0), "", False
        return
    numbers = [value.number for value in table.column(key) if value.number is not None]
    steps = collections.Counter(b - a for a, b in zip(numbers, numbers[1:]) if b > a)
    step = max(steps, key=steps.get) if steps else 1
    from_0 = places_of(table, ours, key, 1), "its iterations are counted from 0", False
    if min(numbers) == 0:
        yield from_0
        return
    yield places_of(table, ours, key, 0), "", False
    if step > 1 and (min(numbers) + 1) % step == 0:
        yield from_0


def places_of(table, ours, key, add):
    """Return the place of each row among ours, None if its key is none of ours."""
    places = []
    before = -1
    for row in table.rows:
        found = ours.places.get(key_of(row.values[key], add), [])
        later = [place for place in found if place > before]
        if len(found) > 1 and not later:
            raise CannotBeCompared("line %d: its rows stand in another order than ours"
                                   % row.line)
        place = (later or found or [None])[0]
        places.append(place)
        if place is not None:
            before = place
    return places


# One of their columns and ours. Theirs is factor times ours; its numbers have so many
# decimals and digits at most.
Pair = collections.namedtuple("Pair", "theirs ours name factor decimals digits")


def pair_of(table, ours, c, o):
    """Return the pair of their column c and our column o.

    An accuracy is in percent if the middle one of its numbers is no fraction.
    """
    values = [value for value in table.column(c) if value.number is not None]
    middle = sorted(value.number for value in values)[len(values) // 2] if values else 0
    percent = "accuracy" in ours.names[o] and 1.5 < middle <= 100
    return Pair(c, o, ours.names[o], 100 if percent else 1,
                max([value.decimals for value in values], default=0),
                max([value.digits for value in values], default=0))


def unit(number, decimals, digits):
    """Return the unit of the last place of a number in a column with these digits.

    round(x, 4) drops zeros at the end, and %.5g has more decimals for smaller numbers. So
    the coarser one of the two counts.
    """
    if number == 0 or digits == 0:
        return 10.0 ** -decimals
    first_digit = math.floor(math.log10(abs(number)))
    return max(10.0 ** -decimals, 10.0 ** (first_digit + 1 - digits))


def slack_of(value, right, pair):
    """Return how far rounding puts two equal numbers apart: half a unit of each."""
    theirs = unit(value.number, pair.decimals, pair.digits) / pair.factor
    ours = unit(right.number, 99, 6) if right.number else 0
    return (theirs + ours) / 2


def agrees(value, right, pair):
    """Do a value of theirs and one of ours agree at the precision that is printed?"""
    if value is None:
        return True
    if right is None:
        return False
    if value.number is None or right.number is None:
        return value.text.strip("+-").lower() == right.text.strip("+-").lower()
    apart = abs(value.number / pair.factor - right.number)
    return apart <= slack_of(value, right, pair) * (1 - 1e-9)


class Reading:
    """A table, read in one way: which column and row of ours each of its own is."""

    def __init__(self, table, ours, pairing, places, remark):
        self.table = table
        self.ours = ours
        self.places = places
        self.remark = remark
        self.pairs = [pair_of(table, ours, c, o) for c, o in pairing]
        self.key = next((pair.theirs for pair in self.pairs if pair.ours == 0), None)
        self.compared = [pair for pair in self.pairs if pair.theirs != self.key]
        self.rows = [(row, place) for row, place in zip(table.rows, places)
                     if place is not None]

    def differences(self, rows=None, later=0, columns=None):
        """Return what differs, (row, place, pair), in all rows or in some.

        With later = 1 a row is compared with the one after ours, and with columns, a
        column of theirs with another one of ours.
        """
        found = []
        for row, place in self.rows if rows is None else rows:
            if place + later < len(self.ours.rows):
                right = self.ours.rows[place + later].values
                for pair in self.compared:
                    o = columns[pair.ours] if columns else pair.ours
                    if not agrees(row.values[pair.theirs], right[o], pair):
                        found.append((row, place, pair))
        return found

    def values_given(self):
        """Return how many of the cells that are compared are given, for each pair."""
        return {pair: sum(row.values[pair.theirs] is not None for row, _ in self.rows)
                for pair in self.compared}


def best_reading(table, ours):
    """Return the reading in which all agrees, or else one that the first row confirms."""
    confirmed = []
    certain = []
    placements_by = {}
    for pairing, is_certain in pairings(table, ours):
        key = next((c for c, o in pairing if o == 0), None)
        if key not in placements_by:
            placements_by[key] = list(placements(table, ours, key))
        for places, remark, all_or_nothing in placements_by[key]:
            reading = Reading(table, ours, pairing, places, remark)
            if not reading.rows or not reading.compared:
                continue
            if reading.key is None and len(table.rows) == 1:
                raise CannotBeCompared("line %d is one row, and no number says which of "
                                       "ours it is" % table.rows[0].line)
            if is_certain and not all_or_nothing:
                certain.append(reading)
            if not reading.differences(reading.rows[:1]):
                if not reading.differences():
                    return reading
                if not all_or_nothing:
                    confirmed.append(reading)
    if confirmed:
        return min(confirmed, key=lambda reading: len(reading.differences()))
    if not certain:
        raise CannotBeCompared(
            "line %d has %d numbers, which are none of our columns in our order (%s), "
            "and there are no titles that say which they are"
            % (table.rows[0].line, len(table.columns), " ".join(ours.names)))
    return certain[0]


def quoted(row):
    """Return the line of a row, as a sentence shows it."""
    return "line %d: %s" % (row.line, row.text.strip()[:60])


def left_out(reading):
    """Return a sentence for each thing that is missing or that was not compared."""
    table, ours = reading.table, reading.ours
    said = []
    places = [place for _, place in reading.rows]
    if len(set(places)) < len(ours.rows):
        said.append("%d of our %d rows are there" % (len(set(places)), len(ours.rows)))
    names = {pair.name for pair in reading.compared}
    missing = [name for name in ours.names[1:] if name not in names]
    if missing:
        said.append("not there: " + ", ".join(missing))
    for pair, given in reading.values_given().items():
        of_ours = sum(ours.rows[place].values[pair.ours] is not None for place in places)
        if given < of_ours:
            said.append("%s is given in %d of %d rows" % (pair.name, given, of_ours))
    used = {pair.theirs for pair in reading.pairs}
    for c in table.columns:
        if c not in used:
            said.append("%s is left out%s" % (
                table.called(c), ": it is constant" if table.is_constant(c) else ""))
    for row in table.not_read[:1]:
        said.append("not read: %s with numbers; the first is %s"
                    % (count(len(table.not_read), "line"), quoted(row)))
    alone = [row for row, place in zip(table.rows, reading.places) if place is None]
    for row in alone[:1]:
        said.append("none of our rows: %s; the first is %s"
                    % (count(len(alone), "row"), quoted(row)))
    fallen = [b[0] for a, b in zip(reading.rows, reading.rows[1:]) if b[1] <= a[1]]
    for row in fallen[:1]:
        said.append("%s repeats or falls in %s; the first is line %d"
                    % (ours.names[0], count(len(fallen), "line"), row.line))
    few = ["%s (%d digits, %d decimals)" % (pair.name, pair.digits, pair.decimals)
           for pair in reading.compared if is_coarse(reading, pair)]
    if few:
        said.append("few digits, and only these are compared; print %%.6g: %s"
                    % ", ".join(few))
    return said


def is_coarse(reading, pair):
    """Are there fewer digits than in our table?"""
    rights = [reading.ours.rows[place].values[pair.ours] for _, place in reading.rows]
    rights = [right for right in rights if right is not None and right.number is not None]
    decimals = max([right.decimals for right in rights], default=0)
    digits = max([right.digits for right in rights], default=0)
    if pair.digits == 0:
        return False
    return any(unit(right.number, pair.decimals, pair.digits) / pair.factor
               > 1.5 * unit(right.number, decimals, digits) for right in rights)


# Part 4: known mistakes and other starting weights

def lines_of_numbers(path, numbers):
    """Yield the words of each line of a file: so many numbers, and what follows."""
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split(None, numbers)
        if not line.startswith("#") and len(words) >= numbers:
            yield words


def stored_mistakes(ours):
    """Return the rows of mistakes.txt, {name: {place: values}}.

    The rows named "right" must be ours: that tells the weight scale. None if there are no
    such rows, because the mistakes are those of other tables.
    """
    stored = collections.defaultdict(dict)
    for scale, iteration, *numbers, name in lines_of_numbers(HERE / "mistakes.txt", 6):
        values = [value_of(word) for word in [iteration] + numbers]
        stored[scale, name][int(iteration) - 1] = values
    for scale in {scale for scale, _ in stored}:
        right = stored[scale, "right"]
        if all(place < len(ours.rows) and
               [v.number for v in values] == [v.number for v in ours.rows[place].values]
               for place, values in right.items()):
            return {name: rows for (s, name), rows in stored.items() if s == scale}
    return None


def fits(reading, stored):
    """Do their rows agree with the stored ones, as far as both have them?"""
    return all(agrees(row.values[pair.theirs], stored[place][pair.ours], pair)
               for row, place in reading.rows if place in stored
               for pair in reading.compared)


def is_proof(reading, stored):
    """Do the stored rows that they have tell this mistake from right rows and others?

    Four numbers must, in three rows, or in all but the first where fewer are stored. Such
    a number is ten times as far from ours as rounding puts equal ones apart, and from our
    first row a hundred times: while little is learned, many mistakes print the same.
    """
    untrained = reading.ours.rows[0].values
    telling = []
    for row, place in reading.rows:
        for pair in reading.compared if place in stored else []:
            value = row.values[pair.theirs]
            if value is not None and value.number is not None:
                right = reading.ours.rows[place].values[pair.ours]
                number = stored[place][pair.ours].number
                slack = slack_of(value, right, pair)
                if abs(number - right.number) >= 10 * slack \
                        and abs(number - untrained[pair.ours].number) >= 100 * slack:
                    telling.append(place)
    return len(telling) >= 4 and len(set(telling)) >= min(3, len(stored) - 1)


def order_of_columns(reading):
    """Return the names of their columns if these agree with ours in another order."""
    ours = reading.ours
    for order in itertools.permutations(range(1, len(ours.names))):
        columns = (0,) + order
        if not reading.differences(reading.rows[:1], columns=columns) \
                and not reading.differences(columns=columns):
            return [ours.names[columns[pair.ours]] for pair in reading.compared]
    return None


def mistake_in(reading):
    """Return the name of the mistake, if it is proved, and what else is to be said."""
    if not reading.ours.is_training:
        return None, []
    if len(reading.rows) > 2 and max(pair.digits for pair in reading.compared) > 3:
        if not reading.differences(later=1):
            return "measured after the update: each row is the one after ours", []
        names = order_of_columns(reading)
        if names:
            return "the columns stand in another order: " + ", ".join(names), []
    mistakes = stored_mistakes(reading.ours)
    if mistakes is None:
        return None, ["mistakes.txt belongs to other tables than %s, so no mistake can "
                      "be named; run make mistakes" % reading.ours.label]
    fitting = [name for name, rows in mistakes.items() if fits(reading, rows)]
    if len(fitting) == 1 and is_proof(reading, mistakes[fitting[0]]):
        return fitting[0], []
    return None, []


def seeds_of(ours):
    """Return what seeds.txt has of trainings like ours, {place: a row for each seed}.

    One of the seeds must have our numbers; None if none has.
    """
    rows = collections.defaultdict(dict)
    path = HERE.parent / "seeds.txt"
    for scale, seed, iteration, *numbers in lines_of_numbers(path, 7):
        if seed.isdigit() and len(numbers) == 4:
            rows[scale, seed][int(iteration) - 1] = [float(number) for number in numbers]
    for scale, seed in rows:
        if all(place < len(ours.rows) and
               numbers == [value.number for value in ours.rows[place].values[1:]]
               for place, numbers in rows[scale, seed].items()):
            alike = [rows[other] for other in rows if other[0] == scale]
            return {place: [seed[place] for seed in alike] for place in alike[0]}
    return None


def is_usual(value, pair, seeds, width):
    """Is a value in the range of the seeds, widened on both sides by so many widths?"""
    if value.number is None:
        return False
    number = value.number / pair.factor
    column = [seed[pair.ours - 1] for seed in seeds]
    if "loss" in pair.name:  # What matters of a loss is its ratio.
        number = math.log(max(number, 1e-9))
        column = [math.log(max(other, 1e-9)) for other in column]
    low, high = min(column), max(column)
    return low - width * (high - low) <= number <= high + width * (high - low)


def plausible(reading):
    """Return what says that this may be a right training from other weights, or None.

    Its first row must be usual, but not ours. Of all numbers, five of six must be usual,
    and of the training losses from row ALIKE_FROM on, three of four in half the width.
    """
    seeds = seeds_of(reading.ours) if reading.ours.is_training else None
    first, place = reading.rows[0]
    loss = reading.compared[0]
    if seeds is None or place != 0 or not reading.differences(reading.rows[:1]) \
            or loss.name != "train_loss":
        return None
    cells = [(place, row.values[pair.theirs], pair) for row, place in reading.rows
             if place in seeds for pair in reading.compared
             if row.values[pair.theirs] is not None]
    usual = [is_usual(value, pair, seeds[place], 1) for place, value, pair in cells]
    late = [is_usual(value, pair, seeds[place], 0.5) for place, value, pair in cells
            if pair is loss and place >= ALIKE_FROM - 1]
    in_first_row = [is_usual(first.values[pair.theirs], pair, seeds[0], 1)
                    for pair in reading.compared if first.values[pair.theirs] is not None]
    if not all(in_first_row) or 6 * sum(usual) < 5 * len(usual) \
            or not late or 4 * sum(late) < 3 * len(late):
        return None
    return ["%d of %d numbers in the rows of seeds.txt are what ten other seeds give, "
            "more or less" % (sum(usual), len(usual)),
            "not checked: the numbers themselves; a mistake that changes the curves "
            "little, as f' left out at one layer, gets this verdict, too",
            "to be marked, start from our weights: README.md, \"To start from the same "
            "weights\""]


# Part 5: the verdict

THE_SAME = "the same"
SO_FAR = "the same as far as it goes"
PLAUSIBLE = "plausible, from other starting weights"
DIFFERENT = "different"
KINDS = [THE_SAME, SO_FAR, PLAUSIBLE, DIFFERENT]  # the best first

# kind: one of KINDS; head: the line that begins with it; details: the lines below it
Verdict = collections.namedtuple("Verdict", "kind head details wrong_part")


def not_read_of(table):
    """Return what the verdict's line says of lines that are not read."""
    if not table.not_read:
        return ""
    return "; not read: %s with numbers" % count(len(table.not_read), "line")


def is_rounding(value, right, untrained, pair):
    """Is their number ours but for 1/10000, though ours is far from the untrained one?"""
    if value.number is None or right.number == 0 or untrained.number == 0:
        return False
    return abs(value.number / pair.factor / right.number - 1) < 1e-4 \
        and abs(right.number / untrained.number - 1) > 0.1


def verdict_on(table, ours):
    """Return the verdict on a table, compared with one of ours."""
    reading = best_reading(table, ours)
    names = ", ".join(pair.name for pair in reading.compared)
    rows = count(len(reading.rows), "row")
    details = ["compared with %s: %s, %s" % (ours.label, rows, names)]
    if reading.remark:
        details.append(reading.remark)
    details += ["%s is in percent" % pair.name for pair in reading.compared
                if pair.factor == 100]
    missing = left_out(reading)
    wrong = reading.differences()
    if not wrong:
        if max(pair.digits for pair in reading.compared) < 2:
            raise CannotBeCompared("its numbers have one digit, which tells nothing")
        kind = SO_FAR if missing else THE_SAME
        head = "%s: %s%s" % (kind, rows, not_read_of(table))
        return Verdict(kind, head, details + missing, 0)
    row, place, pair = wrong[0]
    value, right = row.values[pair.theirs], ours.rows[place].values[pair.ours]
    first = "from row %d on (line %d): %s is %s, ours %s" % (
        place + 1, row.line, pair.name, value.text, right.text if right else "-")
    untrained = ours.rows[0].values[pair.ours]
    if ours.is_training and is_rounding(value, right, untrained, pair):
        details.append("at first they are hardly apart: single precision begins so")
    kind = DIFFERENT
    wrong_rows = len({id(row) for row, _, _ in wrong})
    details.append("%d of these rows differ" % wrong_rows)
    wrong_columns = {pair.name for _, _, pair in wrong}
    right_columns = [pair.name for pair in reading.compared
                     if pair.name not in wrong_columns]
    if right_columns:
        details.append("right in all rows: " + ", ".join(right_columns))
    name, remarks = mistake_in(reading)
    head = "different " + first + not_read_of(table)
    if name:
        head = "different: " + name
        details.append("different " + first)
    else:
        other_weights = plausible(reading)
        if other_weights:
            kind, head = PLAUSIBLE, PLAUSIBLE
            details += ["different " + first] + other_weights
    wrong_part = len(wrong) / (len(reading.rows) * len(reading.compared))
    return Verdict(kind, head, details + remarks + missing, wrong_part)


def main(arguments):
    """Print the verdict and return the status."""
    if len(arguments) < 2:
        raise OSError("usage: mark.py THEIRS OURS...")
    ours = tables_of([pathlib.Path(name) for name in arguments[1:]])
    text = text_of(pathlib.Path(arguments[0]))
    try:
        lines, status = judge(text, ours)
    except CannotBeCompared as problem:
        first = next((line for line in text.split("\n") if line.strip()), "")
        lines = ["cannot be compared: %s" % problem,
                 "  its first line is %s" % what_is(first)] + HOW_TO_PRINT.split("\n")
        status = 2
    print("\n".join(lines).encode("ascii", "backslashreplace").decode())
    return status


def what_is(line):
    """Say what a line was read as."""
    if not line:
        return "blank"
    try:
        values = values_in(line)[0]
    except CannotBeCompared:
        values = []
    kind = "read as %d numbers" % len(values) if any(values) else "read as words"
    if is_plain_comment(line):
        kind = "read as a comment"
    return "%s: %s" % (kind, line.strip()[:60])


def judge(text, ours):
    """Return the lines to print and the status."""
    names = {name for table in ours for name in table.column_of}
    tables, no_values = tables_in(text, names)
    if not tables:
        raise CannotBeCompared("it has no row of numbers")
    verdicts = []
    refused = []
    free = list(ours)
    for table in tables:
        try:
            table.finish(names)
            verdict, mine = best_verdict(table, ours, free)
        except CannotBeCompared as problem:
            refused.append((table, problem))
            continue
        verdicts.append((table, verdict))
        free = [other for other in free if other is not mine]
    if not verdicts:
        raise refused[0][1]
    rows = sum(len(table.rows) for table, _ in verdicts)
    read = [count(rows, "row")]
    read += [count(number, what) for what, number in sorted(no_values.items())]
    missing = ["not there: " + table.label for table in free]
    missing += ["%s are not read: %s" % (lines_of(table), problem)
                for table, problem in refused]
    return report(verdicts, ["read: " + ", ".join(read)], missing)


def lines_of(table):
    """Return "lines 5 to 30"."""
    return "lines %d to %d" % (table.rows[0].line, table.rows[-1].line)


def best_verdict(table, ours, free):
    """Return the best verdict that a table gets with one of ours, and which that is."""
    found = []
    problems = []
    for mine in ours:
        try:
            found.append((verdict_on(table, mine), mine))
        except CannotBeCompared as problem:
            problems.append(problem)
    if not found:
        raise problems[0]

    def rank(pair):
        verdict, mine = pair
        return (KINDS.index(verdict.kind), verdict.wrong_part, mine not in free)
    return min(found, key=rank)


def report(verdicts, said, missing):
    """Return the lines to print and the status."""
    worst = max((verdict for _, verdict in verdicts),
                key=lambda verdict: KINDS.index(verdict.kind))
    kind = SO_FAR if missing and worst.kind == THE_SAME else worst.kind
    if len(verdicts) == 1:
        lines = [worst.head.replace(worst.kind, kind, 1)]
        details = worst.details
    else:
        of_kind = sum(verdict.kind == worst.kind for _, verdict in verdicts)
        lines = ["%s: %d of %d tables" % (kind, of_kind, len(verdicts))]
        details = []
        for table, verdict in verdicts:
            details.append("%s: %s" % (lines_of(table), verdict.head))
            details += ["  " + detail for detail in verdict.details]
    lines += ["  " + line for line in said + details + missing]
    return lines, 0 if kind == THE_SAME else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, CannotBeCompared) as problem:
        print("mark.py: %s" % problem, file=sys.stderr)
    except Exception as problem:  # No fault of this program may look like a verdict.
        print("mark.py: it failed, and says nothing of the table: %s: %s"
              % (type(problem).__name__, problem), file=sys.stderr)
    sys.exit(2)
