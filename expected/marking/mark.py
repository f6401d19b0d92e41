#!/usr/bin/env python3
"""Compares a table that somebody hands in with ours.

    python3 expected/marking/mark.py THEIRS OURS...

THEIRS is a text file with a line for each row, and OURS are files of expected/. The first
line printed is the verdict; its status is in brackets:

    the same                        all rows and columns agree, nothing was left out (0)
    the same as far as it goes      what is there agrees (1)
    different                       the mistake's name, or the first difference (1)
    plausible, from other starting weights       for a training (1)
    cannot be compared              no rows of ours can be found in it (2)

The lines below it say what was read and what was not. An error has status 2, too.

There is one reading. A row is a line with a number in it. Rows have as many numbers as
most such lines have. Their first column, if it counts, says which of our rows a row is.
The other columns are those of ours that their titles name, or else ours in our order.
Whatever does not fit into this is named, or the whole file is refused.
"""
import collections
import itertools
import json
import math
import pathlib
import re
import sys

# What can be added to

# What a column of Question 1 may be called. Only letters and digits count.
TITLES = {
    "iteration": "iteration iterations iter it i k t epoch epochs step",
    "train_loss": "train_loss training_loss loss_train loss train_cost cost L L_train "
                  "mse",
    "test_loss": "test_loss testing_loss loss_test val_loss validation_loss test_cost "
                 "L_test Ltest",
    "train_accuracy": "train_accuracy training_accuracy accuracy_train accuracy acc "
                      "train_acc acc_train",
    "test_accuracy": "test_accuracy testing_accuracy accuracy_test val_accuracy val_acc "
                     "validation_accuracy test_acc acc_test",
}
# A line that begins with one of these is a comment.
COMMENTS = ("#", "%", "//")
# Between two of these a cell may be empty. (A decimal comma needs ; or a tab.)
CELL_SEPARATORS = ",;|\t"
# These part words as a blank does.
SEPARATORS = "()[]{}\"'=:&/"
# Words with which a cell is left empty; `all` is one of ours.
EMPTY = {"-", "--", "---", "all"}
# Words that stand for a number that is none, in any case of letters.
NOT_NUMBERS = {"nan", "inf", "infinity", "na", "none", "null"}

HOW_TO_PRINT = """\
  Print a line for each iteration, in Python
    print("%d %.6g %.6g %.6g %.6g" % (i, L, L_test, accuracy, accuracy_test))
  or in MATLAB
    fprintf('%d %.6g %.6g %.6g %.6g\\n', i, L, L_test, accuracy, accuracy_test);
  and if there are other columns, one line of titles above the rows."""

HERE = pathlib.Path(__file__).resolve().parent


class CannotBeCompared(Exception):
    """Says why."""


def count(number, what):
    """Return "1 row", "2 rows"."""
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


# 1. From a file to rows

# A value that is no number has number None. A cell in which nothing is given is None.
Value = collections.namedtuple("Value", "text number decimals digits")
# line: where it stands; before: the words in front of each value, and those at the end
Row = collections.namedtuple("Row", "line text values before")


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
    if "\0" in text or "\x1b" in text:
        raise CannotBeCompared("this is no plain text")
    text = text.replace("\u2212", "-")  # the minus sign of typography
    return text.replace("\r\n", "\n").replace("\r", "\n")


def value_of(word):
    """Return the value that a word stands for, or None if it is an ordinary word."""
    bare = word.rstrip("%.")
    # a whole part, a fraction and an exponent; Fortran's exponent begins with D
    match = re.fullmatch(r"[+-]?([0-9]*)\.?([0-9]*)(?:[eEdD]([+-]?[0-9]{1,3}))?", bare)
    if match and (match[1] or match[2]):
        number = float(re.sub("[dD]", "e", bare))
        decimals = len(match[2]) - int(match[3] or 0)
        if math.isfinite(number):
            return Value(word, number, decimals, len((match[1] + match[2]).lstrip("0")))
    letters = word.strip("+-#!").lower()
    # nan, #NUM!, the stars of Fortran, and what begins as a number: 1.#INF, 12ms
    if (letters in NOT_NUMBERS or re.fullmatch(r"\*+|##+|#[A-Z0-9/]+[!?]", word)
            or re.match(r"[+-]?\.?[0-9]", word)):
        return Value(word, None, 0, 0)
    return None


def with_points(line):
    """Return a line with decimal points, if semicolons or tabs part decimal commas."""
    if re.search("[;\t]", line) and re.search("[0-9],[0-9]", line):
        if re.search(r"[0-9]\.[0-9]", line):
            raise CannotBeCompared("there are points and commas within the numbers of %r"
                                   % line.strip()[:60])
        return re.sub("(?<=[0-9]),(?=[0-9])", ".", line)
    return line


def row_of(number, line):
    """Return the row that a line is. It has no values if there is no number in it."""
    text = re.sub(r"[\]})]\s*[,;]?\s*$", "", line)  # a bracket that closes the row
    if text.count(";") == 1:
        text = text.rstrip(" ;")  # the end of a row of a matrix in MATLAB
    text = with_points(text)
    text = re.sub(r"(?i)nan\([^)]*\)?", "nan", text)  # -nan(ind)
    text = re.sub("[%s]" % re.escape(SEPARATORS), " ", text)
    cells = re.split("[%s]" % re.escape(CELL_SEPARATORS), text)
    values = []
    before = [""]
    for cell in cells:
        words = cell.split()
        if not words and len(cells) > 1:
            words = ["-"]
        for word in words:
            value = value_of(word)
            if value is None and word not in EMPTY:
                before[-1] += word
            else:
                values.append(value)
                before.append("")
    if all(value is None for value in values):
        values = []
    return Row(number, line, values, before)


def is_comment(line):
    """Is a line a comment? A line of "#NUM!" is a row."""
    words = line.split()
    return line.lstrip().startswith(COMMENTS) and not all(map(value_of, words))


def normal(title):
    """Return the letters and digits of a title, in lower case."""
    return re.sub("[^a-z0-9]", "", title.lower())


def titles_in(line):
    """Return the titles in a line of words or a comment."""
    line = line.strip().lstrip("".join(COMMENTS))
    cells = re.split("[%s]" % re.escape(CELL_SEPARATORS), line)
    if len(cells) > 1:
        return [title.strip() for title in cells]
    return [title for title in line.split() if normal(title)]


class Table:
    """Rows of one width, what stands beside them, and their titles.

    Of the lines of words above them, the last one with as many titles as columns, at most
    one of them unknown, gives the titles; or else the words in front of the numbers do.
    """

    def __init__(self, rows, title_lines, known):
        widths = collections.Counter(len(row.values) for row in rows)
        width = max(widths, key=lambda width: (widths[width], width))
        self.rows = [row for row in rows if len(row.values) == width]
        self.not_read = [row for row in rows if len(row.values) != width]
        if len(self.not_read) > len(self.rows) / 3:
            raise CannotBeCompared("%s with %s, and %s with more or fewer"
                                   % (count(len(self.rows), "line"),
                                      count(width, "number"),
                                      count(len(self.not_read), "line")))
        cells = [value for row in self.rows for value in row.values]
        odd = [value for value in cells if value and value.number is None
               and re.match("[+-]?[0-9]+[^0-9.#]", value.text)]
        if len(odd) > len(cells) / 2:
            raise CannotBeCompared("%r and such are no numbers" % odd[0].text)
        self.columns = [c for c in range(width) if self.given(c)]
        words = [{row.before[c] for row in self.rows} for c in range(width)]
        self.titles = [min(column) if len(column) == 1 else "" for column in words]
        if all(normal(row.before[width]) in known for row in self.rows):
            raise CannotBeCompared("the titles stand behind the numbers")
        for titles in title_lines:
            if len(titles) == width - 1 and not self.given(width - 1):
                titles = titles + [""]  # Each row ends with a separator.
            elif len(titles) == width - 1:
                titles = [""] + titles  # an index, as pandas prints it, has no title
            unknown = [c for c, title in enumerate(titles[:width])
                       if normal(title) not in known and self.given(c)]
            if len(titles) == width and len(unknown) < min(2, len(self.columns)):
                self.titles = titles

    def given(self, c):
        """Return the values of a column, where they are given."""
        return [row.values[c] for row in self.rows if row.values[c] is not None]

    def is_constant(self, c):
        return len(self.rows) > 1 and len({value.text for value in self.given(c)}) == 1

    def counts(self, c):
        """Do whole numbers rise in most rows of a column?"""
        numbers = [value.number for value in self.given(c)]
        whole = [n for n in numbers if n is not None and n >= 0 and n == int(n)]
        rising = sum(a < b for a, b in zip(whole, whole[1:]))
        return 2 * rising >= len(numbers) - 1 and 2 * len(whole) > len(numbers)

    def named(self, c):
        """Return how a sentence calls a column."""
        title = " (%s)" % self.titles[c] if self.titles[c] else ""
        return "column %d%s, which begins with %s" % (c + 1, title, self.given(c)[0].text)


def tables_in(text, known):
    """Return the tables of a text, and how many lines are comments and words.

    Two blank lines, a line of known titles, or a count that begins again part two tables.
    """
    try:
        if isinstance(json.loads(text), (list, dict)):
            raise CannotBeCompared("it is JSON, as a notebook is")
    except (ValueError, RecursionError):
        pass
    parts = [([], [])]  # rows and lines of titles
    others = collections.Counter()
    blank_lines = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            blank_lines += 1
            continue
        if re.fullmatch(r" *[0-9.]+e[+-]?[0-9]+ *\* *", line):  # "1.0e+03 *" of MATLAB
            raise CannotBeCompared("a factor stands above its numbers: say format long g")
        row = Row(number, line, [], []) if is_comment(line) else row_of(number, line)
        titles = [] if row.values else titles_in(line)
        rows = parts[-1][0]
        if rows and (blank_lines >= 2 or begins_again(row, rows)
                     or titles and known.issuperset(map(normal, titles))):
            parts.append(([], []))
        blank_lines = 0
        if row.values:
            parts[-1][0].append(row)
        else:
            others["comment" if is_comment(line) else "line of words"] += 1
            if not parts[-1][0]:
                parts[-1][1].append(titles)
    tables = [Table(rows, titles, known) for rows, titles in parts if rows]
    if not tables:
        raise CannotBeCompared("it has no row of numbers")
    return tables, others


def begins_again(row, rows):
    """Does a row begin as the first one did, with 0 or 1, after larger numbers?"""
    if not row.values or not rows[0].values[0] or not row.values[0]:
        return False
    first, last, this = rows[0].values[0], rows[-1].values[0], row.values[0]
    return (len(rows) > 1 and last is not None and last.number is not None
            and this.number in (0, 1) and this.number == first.number
            and last.number > this.number + 1)


# 2. Which rows and columns of ours they are

KNOWN = {normal(word): c
         for c, words in enumerate(TITLES.values()) for word in words.split()}


class Ours:
    """A table of expected/: what its columns are called, and where a row is."""

    def __init__(self, table, label, is_training):
        self.rows = table.rows
        self.label = label
        self.is_training = is_training
        self.names = table.titles
        self.column_of = {normal(name): c for c, name in enumerate(self.names) if name}
        if is_training:
            self.names = list(TITLES)
            self.column_of = KNOWN
        self.names = [name or "column %d" % (c + 1) for c, name in enumerate(self.names)]
        self.places = collections.defaultdict(list)  # of a first value, in six digits
        for place, row in enumerate(self.rows):
            self.places["%.6g" % (row.values[0].number or 0)].append(place)


def tables_of(path):
    """Return the tables of a file of expected/. Their titles stand in comments."""
    text = text_of(path)
    titles = {normal(title) for line in text.split("\n") if re.match("# [A-Za-z]", line)
              for title in titles_in(line) if not re.search("[=:,]", line)}
    tables, _ = tables_in(text, titles)
    several = len(tables) > 1
    return [Ours(table, path.name + (", table %d" % number if several else ""),
                 table.titles == list(TITLES))
            for number, table in enumerate(tables, 1)]


def named_columns(table, ours):
    """Return the pairs (their column, our column) that their titles name."""
    pairs = [(c, ours.column_of[normal(table.titles[c])]) for c in table.columns
             if normal(table.titles[c]) in ours.column_of]
    if len({o for _, o in pairs}) < len(pairs):
        raise CannotBeCompared("two of its columns have titles that mean the same")
    if all(o == 0 for _, o in pairs):
        return []  # The iteration alone says nothing of the others.
    if 0 not in [o for _, o in pairs] and ours.is_training and table.counts(0):
        if pairs[0][0] == 0:
            raise CannotBeCompared("%s, counts rows, and its title says that it is %s"
                                   % (table.named(0), ours.names[pairs[0][1]]))
        pairs.insert(0, (0, 0))
    return pairs


def possible_columns(table, ours):
    """Return lists of pairs (their column, our column): the first one is the likeliest.

    Without titles their columns are ours in our order; some of ours may be missing, and
    constant ones of theirs may be something else.
    """
    named = named_columns(table, ours)
    if named:
        return [named]
    key = []
    rest = table.columns
    if not ours.is_training or table.counts(rest[0]):
        key = [(rest[0], 0)]
        rest = rest[1:]
    if ours.is_training and not key and len(rest) == len(ours.names):
        raise CannotBeCompared("its first column does not rise from row to row")
    right = range(1, len(ours.names))
    choices = [rest]
    if len(rest) != len(right):
        choices.append([c for c in rest if not table.is_constant(c)])
    found = [key + list(zip(columns, some)) for columns in choices
             if 0 < len(columns) <= len(right)
             for some in itertools.combinations(right, len(columns))]
    if not found:
        raise CannotBeCompared(
            "line %d has %s, and our rows have %d: %s. There are no titles, and %s is "
            "too much" % (table.rows[0].line, count(len(table.columns), "number"),
                      len(ours.names), " ".join(ours.names),
                      table.named(table.columns[-1])))
    return found


def possible_places(table, ours, key):
    """Return lists with the place of each row among ours, and a remark on each list.

    key is the column that is our first one, or None. A place is None if a row is none of
    ours.
    """
    if key is None:
        if len(table.rows) == 1:
            raise CannotBeCompared("it is one row, and nothing says which of ours it is")
        return places_without_key(len(table.rows), len(ours.rows))
    numbers = [value.number for value in table.given(key) if value.number is not None]
    from_1 = places_of(table, ours, key, 0), ""
    from_0 = places_of(table, ours, key, 1), "counted from 0"
    if not ours.is_training or not numbers:
        return [from_1]
    if numbers[0] == 0:
        return [from_0]
    # 99, 199, ... is every hundredth, counted from 0.
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    return [from_1, from_0] if step > 1 and (numbers[0] + 1) % step == 0 else [from_1]


def places_without_key(rows, our_rows):
    """Return the same for rows that nothing numbers: all of ours, or every k-th."""
    found = [([place if place < our_rows else None for place in range(rows)],
              "taken as row 1, 2, 3, ..., as nothing numbers them")]
    step = our_rows // rows
    if step > 1 and our_rows % rows == 0:
        for first in (0, step - 1):
            found.append(([first + step * row for row in range(rows)],
                          "taken as every %dth row, as nothing numbers them" % step))
    return found


def places_of(table, ours, key, add):
    """Return the place of each row: the next one of ours that begins with its key."""
    places = []
    after = -1
    for row in table.rows:
        value = row.values[key]
        found = []
        if value is not None and value.number is not None:
            found = ours.places.get("%.6g" % (value.number + add), [])
        place = next((place for place in found if place > after), None)
        if place is None and len(found) == 1:
            place = found[0]  # It stands a second time, and has to agree a second time.
        places.append(place)
        after = max(after, -1 if place is None else place)
    return places


# One of their columns and ours. Theirs is factor times ours; its numbers have so many
# decimals and digits at most.
Pair = collections.namedtuple("Pair", "theirs ours name factor decimals digits")


def pair_of(table, ours, c, o):
    """Return the pair of their column c and ours, o. An accuracy may be in percent."""
    values = [value for value in table.given(c) if value.number is not None]
    middle = sorted(value.number for value in values)[len(values) // 2] if values else 0
    percent = "accuracy" in ours.names[o] and 1.5 < middle <= 100
    return Pair(c, o, ours.names[o], 100 if percent else 1,
                max([value.decimals for value in values], default=0),
                max([value.digits for value in values], default=0))


class Reading:
    """A table, with the place of each row and the pairs of columns that are compared."""

    def __init__(self, table, ours, columns, places, remark):
        self.table = table
        self.ours = ours
        self.remark = remark
        self.columns = columns
        self.used = [c for c, _ in columns]
        self.pairs = [pair_of(table, ours, c, o) for c, o in columns if o != 0]
        self.rows = [(row, place) for row, place in zip(table.rows, places)
                     if place is not None]
        self.alone = [row for row, place in zip(table.rows, places) if place is None]

    def differences(self, rows=None):
        """Return (row, place, pair) for each number that differs, in all or some rows."""
        return [(row, place, pair)
                for row, place in (self.rows if rows is None else rows)
                for pair in self.pairs
                if not agrees(row.values[pair.theirs], self.right(place, pair), pair)]

    def right(self, place, pair):
        """Return our value at a place."""
        return self.ours.rows[place].values[pair.ours]

    def moved(self, rows, later):
        """Return this reading with each row so much later among ours."""
        other = Reading(self.table, self.ours, self.columns, [], "")
        other.rows = [(row, place + later) for row, place in rows
                      if place + later < len(self.ours.rows)]
        return other


def reading_of(table, ours):
    """Return the reading in which the first row agrees, or else the only one.

    If the first row agrees in several, the one with the fewest differences is returned.
    """
    columns_found = possible_columns(table, ours)
    readings = []
    agreeing = []
    for columns in columns_found:
        key = next((c for c, o in columns if o == 0), None)
        for places, remark in possible_places(table, ours, key):
            reading = Reading(table, ours, columns, places, remark)
            readings.append(reading)
            if reading.rows and not reading.differences(reading.rows[:1]):
                agreeing.append(reading)
    if agreeing:
        return min(agreeing, key=lambda reading: len(reading.differences()))
    if len(readings[0].pairs) == len(ours.names) - 1 or len(columns_found) == 1:
        if readings[0].rows:
            return readings[0]
    raise CannotBeCompared("its first row is none of ours (%s), and there are no titles"
                           % " ".join(ours.names))


# 3. Do two numbers agree?

def unit(number, decimals, digits):
    """Return the unit of the last place that is printed of a number.

    A column has as many decimals, or digits, as its longest number: round(x, 4) leaves
    zeros out at the end, and %.5g has more decimals for smaller numbers.
    """
    if number == 0 or digits == 0:
        return 10.0 ** -decimals
    first_digit = math.floor(math.log10(abs(number)))
    return max(10.0 ** -decimals, 10.0 ** (first_digit + 1 - digits))


def rounding(value, right, pair):
    """Return how far apart rounding may put two equal numbers: half a unit of each."""
    theirs = unit(value.number, pair.decimals, pair.digits) / pair.factor
    ours = unit(right.number, 99, 6) if right.number else 0
    return (theirs + ours) / 2


def agrees(value, right, pair):
    """Do a value of theirs and one of ours agree at the precision that is printed?"""
    if value is None:
        return True
    if right is None or value.number is None or right.number is None:
        return right is not None and value.text.lower() == right.text.lower()
    apart = abs(value.number / pair.factor - right.number)
    return apart <= rounding(value, right, pair) * (1 + 1e-9)


# 4. Known mistakes, and other starting weights

def stored_rows(name, words):
    """Return the rows of a file beside the tables, {(scale, name): {place: values}}.

    words are the places of the scale, the name, the iteration and the first number.
    """
    stored = collections.defaultdict(dict)
    text = (HERE.parent / name).read_text(encoding="utf-8")
    for line in text.split("\n\n\n")[0].split("\n"):
        if line and not line.startswith("#"):
            scale, who, iteration, first = words
            cells = line.split(None, 6)
            numbers = [value_of(word) for word in cells[first:first + 4]]
            stored[cells[scale], cells[who]][int(cells[iteration]) - 1] = [None] + numbers
    return stored


def with_our_scale(stored, ours, name=None):
    """Return those rows of the weight scale that has our numbers under some name."""
    for scale, who in stored:
        if name in (None, who) and all(
                place < len(ours.rows) and [v.number for v in values[1:]]
                == [v.number for v in ours.rows[place].values[1:]]
                for place, values in stored[scale, who].items()):
            return {other: rows for (s, other), rows in stored.items() if s == scale}
    return {}


def rows_or_columns_exchanged(reading):
    """Return the name of a mistake that leaves right numbers in wrong places, or None."""
    if len(reading.rows) < 3 or not any("loss" in pair.name and pair.digits > 3
                                        for pair in reading.pairs):
        return None
    if not reading.moved(reading.rows, 1).differences():
        return "measured after the update: each row is the one after ours"
    keys = [(c, o) for c, o in reading.columns if o == 0]
    theirs = [pair.theirs for pair in reading.pairs]
    for order in itertools.permutations(pair.ours for pair in reading.pairs):
        columns = keys + list(zip(theirs, order))
        other = Reading(reading.table, reading.ours, columns, [], "")
        if not other.differences(reading.rows):
            return "the columns stand in another order: " + ", ".join(
                pair.name for pair in other.pairs)
    return None


def name_of_mistake(reading):
    """Return the name of the stored mistake that their rows prove, and remarks.

    All of their rows of which the mistake has stored ones must agree with these.
    """
    exchanged = rows_or_columns_exchanged(reading)
    if exchanged:
        return exchanged, []
    mistakes = with_our_scale(stored_rows("marking/mistakes.txt", (0, 6, 1, 2)),
                              reading.ours, "right")
    if not mistakes:
        return None, [
            "mistakes.txt belongs to other tables than %s, and so may seeds.txt: no "
            "mistake is named, and no other start is known. Change N1, N2 and alpha in "
            "mistakes.py, and run make mistakes and make -j2 seeds" % reading.ours.label]
    fitting = []
    for name, stored in mistakes.items():
        cells = [(row.values[pair.theirs], stored[place][pair.ours], place, pair)
                 for row, place in reading.rows if place in stored
                 for pair in reading.pairs if row.values[pair.theirs] is not None]
        if all(value.number is not None and agrees(value, wrong, pair)
               for value, wrong, _, pair in cells):
            fitting.append((name, cells))
    if len(fitting) != 1:
        return None, []
    name, cells = fitting[0]
    if not is_proof(reading, cells, len(mistakes[name])):
        return None, []
    rows = sorted({place + 1 for _, _, place, _ in cells})
    return name, ["named by rows %s; of the others nothing is stored"
                  % ", ".join(map(str, rows))]


def is_proof(reading, cells, stored):
    """Do the cells that agree with a mistake tell it from right rows and from others?

    Four numbers must, in three rows, or in all but the first where fewer are stored. Such
    a number is ten times as far from ours as rounding puts equal ones apart, and from our
    first row a hundred times: while little is learned, many mistakes print the same.
    """
    telling = []
    for value, wrong, place, pair in cells:
        right = reading.right(place, pair)
        apart = rounding(value, right, pair)
        if abs(wrong.number - right.number) >= 10 * apart \
                and abs(wrong.number - reading.right(0, pair).number) >= 100 * apart:
            telling.append(place)
    return len(telling) >= 4 and len(set(telling)) >= min(3, stored - 1)


# From this row on the training losses of all seeds are much alike.
ALIKE_FROM = 300


def is_usual(value, pair, seeds, widening):
    """Is a value in the range of the seeds, widened on both sides by so many ranges?

    Of a loss it is the logarithm that counts.
    """
    if value.number is None:
        return False
    number = value.number / pair.factor
    others = [seed[pair.ours].number for seed in seeds]
    if "loss" in pair.name:
        number = math.log(max(number, 1e-9))
        others = [math.log(max(other, 1e-9)) for other in others]
    width = max(others) - min(others)
    return min(others) - widening * width <= number <= max(others) + widening * width


def other_weights(reading):
    """Could this be a right training from other weights, by what ten seeds do?

    Return that, and what is to be said. Row 1 has to be that of other weights: no loss in
    it is ours. All of its numbers must be usual, five of six of all, and of the training
    losses from row ALIKE_FROM on three of four in a narrower range.
    """
    seeds = with_our_scale(stored_rows("seeds.txt", (0, 1, 2, 3)), reading.ours).values()
    first_row = reading.rows[:1]
    losses = [pair for pair in reading.pairs if "loss" in pair.name]
    other = [pair for _, place, pair in reading.differences(first_row) if place == 0]
    if not seeds or not losses or not all(pair in other for pair in losses):
        return False, []
    first, all_cells, late = [], [], []
    for row, place in reading.rows:
        at = [seed[place] for seed in seeds if place in seed]
        for pair in reading.pairs if at else []:
            value = row.values[pair.theirs]
            if value is None:
                continue
            usual = is_usual(value, pair, at, 1)
            all_cells.append(usual)
            if place == 0:
                first.append(usual)
            if place >= ALIKE_FROM - 1 and pair.name == "train_loss":
                late.append(is_usual(value, pair, at, 0.5))
    if not all(first):
        return False, [ROW_1]
    if not late:
        return False, [ROW_1, TOO_SHORT]
    if 6 * sum(all_cells) >= 5 * len(all_cells) and 4 * sum(late) >= 3 * len(late):
        return True, NOT_CHECKED
    return False, [ROW_1, UNUSUAL]


# 5. The verdict

SAME = "the same"
SO_FAR = "the same as far as it goes"
PLAUSIBLE = "plausible, from other starting weights"
DIFFERENT = "different"
KINDS = [SAME, SO_FAR, PLAUSIBLE, DIFFERENT]

# What is said if row 1 is not ours.
START = 'start from our weights: README.md, "To start from the same weights"'
ROW_1 = ("row 1 is the untrained network: either the starting weights are not ours, or "
         "the forward pass or the loss is wrong")
TOO_SHORT = ("row 1 is usual for other starting weights: hand in %d rows or more, or %s"
             % (ALIKE_FROM, START))
UNUSUAL = ("row 1 is usual for other starting weights, but the curves leave what ten "
           "seeds do, so a mistake is likely: " + START)
NOT_CHECKED = [
    "its curves stay within what ten seeds do, more or less, and that is all that was "
    "checked: a mistake that changes the curves little gets this verdict, too",
    "to be sure, " + START,
]


def left_out(reading):
    """Return a sentence for each thing that is missing or was not compared."""
    table, ours = reading.table, reading.ours
    said = []
    places = {place for _, place in reading.rows}
    if len(places) < len(ours.rows):
        said.append("%d of our %d rows are there" % (len(places), len(ours.rows)))
    names = [pair.name for pair in reading.pairs]
    missing = [name for name in ours.names[1:] if name not in names]
    if missing:
        said.append("not there: " + ", ".join(missing))
    for pair in reading.pairs:
        given = {p for row, p in reading.rows if row.values[pair.theirs] is not None}
        ours_given = [p for p in places if reading.right(p, pair) is not None]
        if len(given) < len(ours_given):
            said.append("%s is given in %d of %s"
                        % (pair.name, len(given), count(len(places), "row")))
    for c in table.columns:
        if c not in reading.used:
            said.append("left out: %s%s" % (
                table.named(c), ", and is constant" if table.is_constant(c) else ""))
    words = [row for row, place in reading.rows
             if any(ours.rows[place].before) and row.before != ours.rows[place].before]
    for what, rows in (("other words than ours", words),
                       ("not read", table.not_read),
                       ("none of our rows", reading.alone)):
        if rows:
            said.append("%s: %s; the first is line %d: %s" % (
                what, count(len(rows), "line"), rows[0].line, rows[0].text.strip()[:60]))
    if ours.is_training and places == {0}:
        said.append("row 1 comes before the first update, and says nothing of the rest")
    coarse = [pair.name for pair in reading.pairs if is_coarse(reading, pair)]
    if coarse and not reading.differences():
        said.append("few digits, and only these are compared; print %%.6g: %s"
                    % ", ".join(coarse))
    return said


def is_coarse(reading, pair):
    """Is a column printed with fewer digits than ours?"""
    rights = [reading.right(place, pair) for _, place in reading.rows]
    rights = [right for right in rights if right is not None and right.number]
    decimals = max([right.decimals for right in rights], default=0)
    digits = max([right.digits for right in rights], default=0)
    return any(unit(right.number, pair.decimals, pair.digits) / pair.factor
               > 1.5 * unit(right.number, decimals, digits) for right in rights)


def verdict_on(table, ours):
    """Return the kind, the first line, the further lines, and whose table it is."""
    reading = reading_of(table, ours)
    rows = count(len(reading.rows), "row")
    details = ["compared with %s: %s%s, %s" % (
        ours.label, rows, " " + reading.remark if reading.remark else "",
        ", ".join(pair.name + (" in percent" if pair.factor == 100 else "")
                  for pair in reading.pairs))]
    missing = left_out(reading)
    wrong = reading.differences()
    if not wrong:
        if max(pair.digits for pair in reading.pairs) < 2:
            raise CannotBeCompared("its numbers have one digit, which tells nothing")
        kind = SO_FAR if missing else SAME
        more = len(table.not_read) + len(reading.alone)
        alone = "; %s not compared" % count(more, "line") if more else ""
        return kind, "%s: %s%s" % (kind, rows, alone), details + missing, ours.label
    row, place, pair = wrong[0]
    right = reading.right(place, pair)
    first = "different from row %d on (line %d): %s is %s, ours %s" % (
        place + 1, row.line, pair.name, row.values[pair.theirs].text,
        right.text if right else "-")
    right_columns = [pair.name for pair in reading.pairs
                     if pair.name not in {pair.name for _, _, pair in wrong}]
    details.append("%d of them differ" % len({place for _, place, _ in wrong}))
    if right_columns:
        details.append("right in all rows: " + ", ".join(right_columns))
    if ours.is_training:
        name, remarks = name_of_mistake(reading)
        if name:
            details += [first] + remarks
            return DIFFERENT, "different: " + name, details + missing, ours.label
        plausible, said = other_weights(reading)
        if place >= 5 and all(is_near(other.values[p.theirs], reading.right(k, p), p)
                               for other, k, p in wrong if k == place):
            said = ["they agree for %d rows and are hardly apart then: single precision "
                    "does so" % place]
        missing = said + remarks + missing
        if plausible:
            return PLAUSIBLE, PLAUSIBLE, details + [first] + missing, ours.label
    return DIFFERENT, first, details + missing, ours.label


def is_near(value, right, pair):
    """Are two numbers apart by less than 1/1000?"""
    if value.number is None or right is None or not right.number:
        return False
    return abs(value.number / pair.factor / right.number - 1) < 1e-3


def best_verdict(table, all_ours):
    """Return the best verdict that a table gets with one of ours."""
    verdicts = []
    problems = []
    for ours in all_ours:
        try:
            verdicts.append(verdict_on(table, ours))
        except CannotBeCompared as problem:
            problems.append(problem)
    if not verdicts:
        raise problems[0]
    return min(verdicts, key=lambda verdict: KINDS.index(verdict[0]))


def judge(text, all_ours):
    """Return the lines to print, and whether they say "the same"."""
    known = {name for ours in all_ours for name in ours.column_of}
    tables, others = tables_in(text, known)
    verdicts = [best_verdict(table, all_ours) for table in tables]
    worst = max(verdicts, key=lambda verdict: KINDS.index(verdict[0]))
    kind, lines = worst[0], [worst[1]]
    if len(tables) > 1:
        line = tables[verdicts.index(worst)].rows[0].line
        lines = ["%s (the table from line %d on; %s in all)"
                 % (worst[1], line, count(len(tables), "table"))]
    found = {verdict[3] for verdict in verdicts}
    if kind == SAME and len(found) < len(all_ours):
        kind = SO_FAR
        lines = ["%s: %s of our %d" % (kind, count(len(found), "table"), len(all_ours))]
    rows = sum(len(table.rows) for table in tables)
    read = [count(rows, "row")] + [
        "%d %s" % (number, what if number == 1 else what.replace("comment", "comments")
                   .replace("line", "lines")) for what, number in sorted(others.items())]
    lines.append("  read: " + ", ".join(read))
    for table, verdict in zip(tables, verdicts):
        if len(tables) > 1:
            lines.append("  from line %d on: %s" % (table.rows[0].line, verdict[1]))
        lines += ["  " + detail for detail in verdict[2]]
    return lines, kind == SAME


def what_was_found(text):
    """Say what the first line that is not blank was read as."""
    number, line = next(((number, line) for number, line in enumerate(text.split("\n"), 1)
                         if line.strip()), (1, ""))
    try:
        values = row_of(number, line).values
    except CannotBeCompared:
        values = []
    kind = count(len(values), "number") if values else "words"
    if is_comment(line):
        kind = "a comment"
    return "  line %d was read as %s: %s" % (number, kind, line.strip()[:60])


def main(arguments):
    """Print the verdict, and return the status."""
    if len(arguments) < 2:
        raise OSError("usage: mark.py THEIRS OURS...")
    theirs, *files = map(pathlib.Path, arguments)
    all_ours = []
    for file in files:
        try:
            all_ours += tables_of(file)
        except CannotBeCompared as problem:
            raise OSError("%s is no table of ours: %s" % (file, problem))
    text = ""
    try:
        text = text_of(theirs)
        lines, same = judge(text, all_ours)
        status = 0 if same else 1
    except CannotBeCompared as problem:
        lines = ["cannot be compared: %s" % problem]
        lines += [what_was_found(text)] if text else []
        lines += HOW_TO_PRINT.split("\n")
        status = 2
    print("\n".join(lines).encode("ascii", "backslashreplace").decode())
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as problem:
        print("mark.py: %s" % problem, file=sys.stderr)
    except Exception as problem:  # No fault of this program may look like a verdict.
        print("mark.py: it failed, and says nothing of the table: %r" % problem,
              file=sys.stderr)
    sys.exit(2)
