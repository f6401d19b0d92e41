#!/usr/bin/env python3
"""Weave C programs into pages: prose with typeset mathematics, and numbered code.

    python3 -B expected/pages/weave.py backprop.c linear_chain.c

writes backprop.html and linear_chain.html beside this file.

WHAT A COMMENT MAY CONTAIN

A comment on lines of its own is prose; behind code on the same line it stays code. It
stands beside the code below it, if it is not much longer. With a heading or a figure, or
before an empty line, it runs across the page. The first comment begins with the title.
An empty comment line separates two paragraphs. The kinds of paragraphs:

  heading     PART I: THE HANDOUT               one line, at the start of a comment
              2. Two matrix products
              (c) The gradient descent equations
              The chain and the data            (words without a full stop, if other
                                                paragraphs follow in the same comment)
  list        - The first item; its second line    after an empty line
                is indented by two.
  display     Indented by four more blanks; in an item, by four more than its second
              line. Its lines are of these kinds:
    equation    E = <(y - w_tot x)²>            a relation or an operator at the start of
                  = σ^y - 2 w_tot σ^yx          a line continues the line above, under
                    + w_tot² σ^x                its first relation; / continues its last
                                                fraction
    labelled    error    E(w) = σ^y + w²        words, three blanks or more, an equation;
                                                no relation stands among the words
    command     $ make run    every table       three blanks before the description
    code        `multiply(W1, x, h1);`
    diagram     x (784) --W1--> h1 (100)
  text        Everything else. A line of nothing but formulas is set as an equation.

WHAT A TEXT MAY CONTAIN

  code        `sum`  print_row()  weight_scale  *w  --help  data/test.txt
  figure      expected/figures/digits.png       "Figure 1", and the picture below;
                                                alone in a paragraph, only the picture
  formulas    Whatever reads as one:
    letters     x  σ  alpha  y_hat  W1  delta2  GREEK has the names of Greek letters
    vectors     vector p, directions p and u    bold from there to the next heading
    scripts     w_i  w_tot  w_(D-1)  x^mu       SUBSCRIPTS has the words below letters,
                h_{l-1}ᵀ  w_1²  f'  w*          LETTER_PAIRS the products of two letters
                σ^yx  2^26  2^-17
    operators   a + b  -w  ±s  h ∘ f  784 x P   blanks on both sides of + - or on none
    relations   = ≈ ≠ <= >= < > <- ->           blanks on both sides
    products    2 w_tot σ^yx                    a blank between the factors
    fractions   1/2  dw_i/dt  (a + b) / 2ε      one factor each; longer ones in brackets
    large       Σ_mu (y^mu)²   Π_{j≠i} w_j
    functions   log(16)  exp(2 t)  max(u, 0)    FUNCTIONS has their names
    brackets    (…)  […]  {…}  |p|  [0, 1)
    means       <y x>                           no blanks inside
    roots       √2  √(a/b)
    code        weight_scale = 0.1  `sum` = w1 + w2

The letters a, A, C and I between words are words; beside an operator they are letters of
a formula. References such as (c) and (3) are text. What cannot be read stops the weaver
with file and line.

WHERE TO ADD

  a picture               PICTURES: its caption, and what it shows, in words
  a part of the handout   PARTS
  a Greek letter, a sign  GREEK, SYMBOLS, RELATIONS, OPERATORS, LARGE
  a word below a letter   SUBSCRIPTS
  two letters as a script LETTER_PAIRS
  a function              FUNCTIONS
  a letter with a digit   NUMBERED: the letters that W1, h2 may begin with

NAMES_OF_SIGNS in .ci/pages needs a sign, too, if the page writes it differently.
"""
import os
import re
import struct
import sys
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = os.path.join(HERE, "..", "figures")

# The caption of a picture, and what it shows, for those who cannot see it.
Picture = namedtuple("Picture", "caption alternative")
PICTURES = {
    "digits": Picture(
        "Sevens (target -1) and nines (target 1) of the training set.",
        "Sixteen sevens and sixteen nines in different handwritings: some sevens have a "
        "bar, some nines a straight stem, some a curved one."),
    "training": Picture(
        "Loss and accuracy over 5000 iterations, for both values of `weight_scale`.",
        "Loss and accuracy over the iterations 1 to 5000, on a logarithmic scale, on the "
        "left for weight_scale 0.01, on the right for 0.1. Loss, in the first row: on "
        "the left it stays at 0.5 for a hundred iterations, on the right it has a spike "
        "at iteration 9. Then both fall, the training loss far below the test loss. "
        "Accuracy, in the second row: on the left it lies between 0.55 and 0.8 until the "
        "loss falls, and then leaps to 0.95. On the right it rises to more than 0.8, "
        "drops to 0.5 at the iterations 9 and 10, and is above 0.9 from iteration 20 on. "
        "The third row enlarges the accuracies from 0.94 to 1, with their means over "
        "many iterations: on the training examples they end at 1, on the test examples "
        "at 0.995 on the left and 0.99 on the right."),
    "surface": Picture(
        "The error E of D = 3, as height and as colour: its minima and its saddle.",
        "The error E over the plane of w1 and w2, as a surface and as a map with level "
        "lines. The minima are the two branches of a hyperbola, the floors of two "
        "valleys. The saddle at the origin lies between them."),
    "trajectories": Picture(
        "The three runs: over time, and on a map of E with the arrows of the flow.",
        "The three runs of gradient descent: their weights over time, their paths in the "
        "plane of w1 and w2, the error over time, and w1² - w2² over time. Runs 1 and 2 "
        "end on the minima, run 3 in the saddle."),
    "balanced": Picture(
        "The balanced chain: its error, and its gradient at the start of training.",
        "On the left the error E of a balanced chain over its weight w, for the depths 2 "
        "to 6: the deeper the chain, the flatter E is at 0, and the steeper beyond its "
        "minimum. On the right the gradient at the start over the depth, 2 to 20: from "
        "0.5 it vanishes, from 1 it stays the same, from 1.1 it shrinks until depth 8, "
        "then changes its sign and explodes."),
}


class Problem(Exception):
    """Something that cannot be read, and the line of the C file where it stands."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


# ---- Markup ----

VOID = {"img", "wbr"}


def escape(text):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def element(tag, content="", **attributes):
    """An element around content that is markup already. class_ stands for class."""
    start = tag
    for name, value in attributes.items():
        name = name.rstrip("_").replace("_", "-")
        start += ' {}="{}"'.format(name, escape(str(value)))
    if tag in VOID:
        return "<{}/>".format(start)
    return "<{}>{}</{}>".format(start, content, tag)


# ---- Splitting a C file into prose and code ----

Comment = namedtuple("Comment", "line indent lines")  # lines: without /*, * and */
Code = namedtuple("Code", "line text")                # one line; its text may be empty
Piece = namedtuple("Piece", "note code")  # a Comment or None, and the Codes it is about
Chunk = namedtuple("Chunk", "pieces")     # a function, a struct, or a few lines


def split_source(source):
    """The lines of a file as a list of Comments (on lines of their own) and Codes."""
    items = []
    lines = source.rstrip("\n").split("\n")
    number = 0
    while number < len(lines):
        line = lines[number].lstrip()
        indent = len(lines[number]) - len(line)
        if line.startswith("//"):
            raise Problem(number + 1, "write a comment on a line of its own as /* */")
        last = end_of_comment(lines, number) if line.startswith("/*") else number
        if line.startswith("/*") and lines[last].rstrip().endswith("*/"):
            text = comment_text(lines[number:last + 1], indent)
            items.append(Comment(number + 1, indent, text))
        else:
            for k in range(number, last + 1):
                items.append(Code(k + 1, lines[k].rstrip()))
        number = last + 1
    return items


def end_of_comment(lines, first):
    """The index of the line on which the comment ends that opens on line first."""
    for number in range(first, len(lines)):
        if "*/" in lines[number]:
            return number
    raise Problem(first + 1, "the comment that opens here is not closed")


def comment_text(lines, indent):
    """The text of a comment's lines, without the delimiters and the margin of stars."""
    texts = []
    for line in lines:
        line = line.rstrip()
        if line.endswith("*/"):
            line = line[:-len("*/")].rstrip()
        texts.append(line[indent + len("/* "):])
    return texts


def is_empty(item):
    return isinstance(item, Code) and item.text == ""


def is_at_margin(item):
    """Whether a comment or a line of code stands outside of all functions."""
    if isinstance(item, Comment):
        return item.indent == 0
    return item.text != "" and not item.text.startswith(" ")


def arrange(items):
    """The file as a list of Comments that run across the page, and Chunks."""
    arranged = []
    k = 0
    while k < len(items):
        if is_empty(items[k]):
            k += 1
            continue
        note = None
        if isinstance(items[k], Comment):
            note = items[k]
            k += 1
        is_title = not arranged
        if note is not None and (is_title or runs_across(note)):
            arranged.append(note)
            note = None
        end = end_of_chunk(items, k)
        if end > k:
            arranged.append(make_chunk(note, items[k:end]))
        elif note is not None:
            arranged.append(note)
        k = end
    return arranged


def runs_across(note):
    """Whether a comment above code opens a section or shows a figure."""
    has_heading = any(paragraph.kind == "heading" for paragraph in paragraphs(note))
    return has_heading or any(FIGURE.search(line) for line in note.lines)


def end_of_chunk(items, first):
    """The index behind the code that begins at items[first] and belongs together.

    It ends before a comment at the margin, and before an empty line that is followed by
    something at the margin.
    """
    for k in range(first, len(items)):
        if isinstance(items[k], Comment) and is_at_margin(items[k]):
            return k
        if is_empty(items[k]) and (k + 1 == len(items) or is_at_margin(items[k + 1])):
            return k
    return len(items)


def make_chunk(note, items):
    """The items of a chunk as Pieces: each comment begins one."""
    pieces = [Piece(note, [])]
    for item in items:
        if isinstance(item, Comment):
            pieces.append(Piece(item, []))
        else:
            pieces[-1].code.append(item)
    return Chunk(pieces)


# ---- Paragraphs ----

# kind: heading, text, item, display, or item display, which belongs to the item above it
Paragraph = namedtuple("Paragraph", "kind line lines")
IN_LIST = ("item", "item display")
DISPLAYS = ("display", "item display")

# "expected/figures/digits.png"
FIGURE = re.compile(r"expected/figures/(\w+)\.png")
# "PART I: ", "2. " or "(c) The"
HEADING = re.compile(r"PART [IVX]+: |\d+\. |\([a-z]\) [A-Z]")
# "The chain and the data"
WORDS = re.compile(r"[A-Z][a-z]*( [\w,'-]+)*$")


def paragraphs(comment):
    """The paragraphs of a comment."""
    found = []
    open_kind = None
    for k, line in enumerate(comment.lines):
        if line == "":
            open_kind = None
            continue
        is_below_item = bool(found) and found[-1].kind in IN_LIST
        kind, text, is_first = kind_of_line(line, open_kind, is_below_item)
        if kind is None:
            raise Problem(comment.line + k, "expected an indentation of 0 or 4 blanks, "
                          "or of 2 in an item of a list")
        if is_first or kind != open_kind:
            found.append(Paragraph(kind, comment.line + k, []))
        found[-1].lines.append(text)
        open_kind = kind
    if comment.indent == 0:
        mark_headings(found)
    return found


def kind_of_line(line, open_kind, is_below_item):
    """The kind of a line, its text, and whether it begins a paragraph for certain."""
    indent = len(line) - len(line.lstrip())
    if indent >= 6 and is_below_item:
        return "item display", line[6:], False
    if indent >= 4:
        return "display", line[4:], False
    if line.startswith("- ") and open_kind != "text":
        return "item", line[2:], True
    if indent == 2 and open_kind == "item":
        return "item", line[2:], False
    if indent == 0:
        return "text", line, False
    return None, line, False


def mark_headings(found):
    """Headings are the first paragraphs of a comment, as long as they look like some."""
    for k, paragraph in enumerate(found):
        line = paragraph.lines[0]
        is_above_others = k == 0 and len(found) > 1 and WORDS.match(line)
        if len(paragraph.lines) > 1 or not (HEADING.match(line) or is_above_others):
            return
        found[k] = paragraph._replace(kind="heading")


# ---- Mathematics: tokens ----

PARTS = "a-g"  # of the handout: (a) is a reference
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
         "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π",
         "sigma": "σ", "tau": "τ"}
FUNCTIONS = ["exp", "log", "ln", "sqrt", "max", "min", "sign", "step", "sin", "cos",
             "tanh"]
SYMBOLS = "∂∇∞"  # besides the letters
SUBSCRIPTS = ["tot", "start", "end", "max", "min", "test", "train"]
LETTER_PAIRS = ["yx"]  # products as scripts: σ^yx
NUMBERED = "WNEhqtuvwxyδ"  # the letters that are followed by a digit: W1
RELATIONS = {"=": "=", "≈": "≈", "≠": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">",
             "<-": "←", "->": "→", "∈": "∈"}
OPERATORS = {"+": "+", "-": "−", "±": "±", "∘": "∘", "·": "·"}
LEADING_SIGNS = {"-": "−", "+": "+", "±": "±"}
LARGE = {"Σ": "∑", "Π": "∏", "∫": "∫"}
POWERS = {"²": "2", "³": "3"}
BRACKETS = {"(": ")]", "[": ")]", "{": "}"}  # each with those that may close it

# Alone between words these are words: the article, the pronoun, the language.
WORD_LETTERS = "aAIC"
# No article stands before these: "as a grows" is about a letter.
NOT_AFTER_ARTICLE = {"is", "are", "and", "or", "to", "of", "in", "for", "with", "by",
                     "as", "at", "on", "from", "if", "than", "has", "does", "grows",
                     "shrinks", "tends", ".", ",", ";", ":", ")"}

# The kinds of tokens and what they look like. The first pattern that fits counts.
PATTERNS = [
    ("figure", [r"expected/figures/\w+\.png"]),
    ("code", [
        r"`[^`]+`",
        r"--[a-z][a-z-]*",                  # --help
        r"(?<![^\s(])\*[A-Za-z]\w*",        # *w, at the start or behind a blank or (
        r"[A-Za-z_][\w.]*\(\)",             # print_row()
        r"(?:[\w.-]+/)*[\w-]+\.(?:c|gp|html|mat|md|png|py|sh|txt)(?![A-Za-z])",
        r"(?:[a-z]{3,}/)+(?=[\s.,;)]|$)",   # data/; three letters, as dt/ is no folder
    ]),
    ("reference", [
        # (c) and (3): at the start or behind a blank, ( or ", unlike the (0) of w(0)
        r"(?<![^\s(\"])\((?:[" + PARTS + r"]|\d+)\)",
    ]),
    ("range", [r"(?<![\w.])\d+-\d+(?![\w^]|\.\d)"]),  # 3-30
    ("abbreviation", [r"[ie]\.[eg]\."]),
    ("number", [
        r"\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\d|(?:st|nd|rd|th)\b)",  # 0.1, 1e-5, not 10th
    ]),
    ("differential", [
        # the d of dw_i/dt and d(w²)/dt; not before e, i, o: de, di and do are words
        r"d(?=[a-df-hj-np-zA-Z](?![A-Za-z])|\()",
    ]),
    ("symbol", [
        r"y_hat",
        r"(?:[" + NUMBERED + r"]|delta)\d(?![A-Za-z0-9_])",
        r"(?:" + "|".join(GREEK) + r")(?![A-Za-z])",
        r"[α-ωΓ-ΟΡΤ-Ω" + SYMBOLS + r"]",  # without Π and Σ
        r"[A-Za-z](?![A-Za-z0-9])",
    ]),
    ("script", [
        r"[_^](?:[A-Za-zα-ω]+\d*|-?\d+)",   # _i, ^yx, _h1, ^-17
        r"[_^](?=[({])",                    # before brackets
    ]),
    ("function", [
        r"(?:" + "|".join(FUNCTIONS) + r")(?=\()",
        r"(?:exp|log|ln)(?= (?:[\dα-ω`|]|\w\d?\b))",  # log 16, log w, log r2
    ]),
    ("name", [
        r"[A-Za-z]\w*_\w+",                 # weight_scale
        r"[A-Za-z]\d(?![A-Za-z0-9])",       # r2, if it is not numbered as W1 is
    ]),
    ("word", [
        r"[A-Za-zÀ-ɏ]+\d[A-Za-z0-9]*",      # MT19937
        r"\d+[a-z]+",                       # 10th
        r"[A-Za-zÀ-ɏ]{2,}(?:['’-][A-Za-z]+)*",  # isn't, two-layer
        r"['’]s\b",
    ]),
    ("large", [r"[ΣΠ∫]"]),
    ("power", [r"[²³ᵀ]"]),
    ("prime", [r"'(?![A-Za-z])"]),
    ("star", [r"(?<=[A-Za-zα-ω])\*(?![A-Za-z0-9])"]),  # the star of w*
    ("dots", [r"\.\.\."]),
    ("mean", [r"<>"]),
    ("arrow", [r"<-(?=\s)", r"->", r"<=", r">="]),
    ("sign", [r"\S"]),
]
TOKENS = re.compile("|".join("(?P<{}>{})".format(kind, "|".join(patterns))
                             for kind, patterns in PATTERNS))

Token = namedtuple("Token", "kind text start blanks")  # blanks: how many stand before it
END = Token("end", "", 0, 1)


def tokens_of(text):
    tokens = []
    behind = 0
    for match in TOKENS.finditer(text):
        blanks = match.start() - behind
        tokens.append(Token(match.lastgroup, match.group(), match.start(), blanks))
        behind = match.end()
    return tokens


# ---- Mathematics: trees ----

Leaf = namedtuple("Leaf", "kind text")     # kind: mi, mn, mo, upright, sign, dots or code
Hat = namedtuple("Hat", "letter")
Script = namedtuple("Script", "base below above")
Primed = namedtuple("Primed", "base")
Product = namedtuple("Product", "factors") # with blanks between them
Unit = namedtuple("Unit", "parts")         # without: 2ε, E(w)
Sum = namedtuple("Sum", "parts")           # terms, and operators between them
Chain = namedtuple("Chain", "parts")       # sums, and relations between them
Fraction = namedtuple("Fraction", "top bottom")
Root = namedtuple("Root", "inside")
Large = namedtuple("Large", "sign below")
Apply = namedtuple("Apply", "function argument")
Bracket = namedtuple("Bracket", "opening items closing")

DOTS = Leaf("dots", "…")
# What stands between the letters of a pair, for a screen reader.
SEPARATOR = Leaf("mo", "\u2063")
# These are no factors of what follows.
PREFIXES = [Leaf("upright", "d"), Leaf("mi", "∂"), Leaf("mi", "Δ")]


def symbol(text):
    """The tree of a letter, of y_hat, and of a letter with a digit, W1 or delta2."""
    if text.endswith("_hat"):
        return Hat(text[0])
    if text[-1].isdigit():
        return Script(symbol(text[:-1]), Leaf("mn", text[-1]), None)
    return Leaf("mi", GREEK.get(text, text))


def script_word(text):
    """The tree of a script without brackets, or None if it is part of a name in C."""
    if text in SUBSCRIPTS:
        return Leaf("upright", text)
    if text.isdigit():
        return Leaf("mn", text)
    if text.startswith("-"):
        return Sum([Leaf("sign", LEADING_SIGNS["-"]), Leaf("mn", text[1:])])
    if text in LETTER_PAIRS:
        return Sum([symbol(text[0]), SEPARATOR, symbol(text[1])])
    is_letter_and_digit = len(text) == 2 and text[1].isdigit()
    if text in GREEK or len(text) == 1 or is_letter_and_digit:
        return symbol(text)
    return None


def with_script(base, script, is_below):
    """The base with one more script; a second one stands over or under the first."""
    if is_below and isinstance(base, Script) and base.below is None:
        return base._replace(below=script)
    if is_below:
        return Script(base, script, None)
    if isinstance(base, Script) and base.above is None:
        return base._replace(above=script)
    return Script(base, None, script)


def separated(items):
    """One tree of several with commas between them."""
    parts = [items[0]]
    for item in items[1:]:
        parts += [Leaf("mo", ","), item]
    return Sum(parts) if len(parts) > 1 else parts[0]


def without_brackets(node):
    """What stands in the brackets that a root or the bar of a fraction replaces."""
    if isinstance(node, Bracket) and node.opening in "([" and len(node.items) == 1:
        return node.items[0]
    return node


# ---- Mathematics: parsing ----

class Parser:
    """Reads the longest formula that begins at a token.

    Each method reads what it is named after and returns its tree. If that does not stand
    here, the method returns None and leaves the position where it was.
    """

    def __init__(self, tokens, at):
        self.tokens = tokens
        self.at = at
        self.depth = 0        # how many brackets are open
        self.in_bars = False  # whether | is open

    def token(self, ahead=0):
        k = self.at + ahead
        return self.tokens[k] if 0 <= k < len(self.tokens) else END

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def formula(self):
        """Sums with relations between them."""
        first = self.sum()
        if first is None:
            return None
        parts = [first]
        while True:
            before = self.at
            relation = self.between(RELATIONS)
            operand = self.sum() if relation else None
            if operand is None:
                self.at = before
                break
            parts += [relation, operand]
        return Chain(parts) if len(parts) > 1 else first

    def between(self, signs):
        """One of the signs, with blanks on both sides of it or on none."""
        token = self.token()
        is_spaced = token.blanks > 0
        if token.text not in signs or is_spaced != (self.token(1).blanks > 0):
            return None
        if token.text in ("<", ">", "<-", "->") and not is_spaced:
            return None
        return Leaf("mo", signs[self.take().text])

    def sum(self):
        """Products with operators between them, and perhaps a sign in front."""
        before = self.at
        parts = []
        if self.token().text in LEADING_SIGNS and self.token(1).blanks == 0:
            parts.append(Leaf("sign", LEADING_SIGNS[self.take().text]))
        product = self.product()
        if product is None:
            self.at = before
            return None
        parts.append(product)
        while True:
            before = self.at
            operator = self.times() or self.between(OPERATORS)
            operand = self.product() if operator else None
            if operand is None:
                self.at = before
                break
            parts += [operator, operand]
        return Sum(parts) if len(parts) > 1 else product

    def times(self):
        """The x of 784 x P and N_h2 x P: it stands between numbers, capitals and letters
        with a script."""
        before, token, behind = self.token(-1), self.token(), self.token(1)
        if token.text != "x" or token.blanks == 0 or behind.blanks == 0:
            return None
        is_size_before = before.kind in ("number", "script") or before.text.isupper()
        is_size_behind = behind.kind == "number" or behind.text.isupper()
        if not is_size_before or not is_size_behind:
            return None
        self.take()
        return Leaf("mo", "×")

    def product(self):
        """Factors with blanks between them."""
        first = self.factor()
        if first is None:
            return None
        factors = [first]
        while self.token().blanks > 0 and self.may_follow(factors[-1]):
            factor = self.factor()
            if factor is None:
                break
            factors.append(factor)
        if factors[-1] == DOTS and len(factors) > 1 and self.depth == 0:
            factors.pop()  # these dots end a sentence
            self.at -= 1
        return Product(factors) if len(factors) > 1 else factors[0]

    def may_follow(self, factor):
        """Whether the next token, behind a blank, can begin one more factor."""
        token = self.token()
        if token.kind == "number":
            return factor == DOTS
        if token.kind in ("code", "name"):
            return self.depth > 0
        if token.text == "|" and self.in_bars:
            return False
        if factor in (Leaf("mn", "0"), Leaf("mn", "1")) and token.kind != "dots":
            return False  # "At w = 0 E is flat": nobody writes 0 or 1 as a factor
        before = self.at
        is_times = self.times() is not None
        self.at = before
        return not is_times

    def factor(self):
        """A unit, or a fraction of two."""
        top = self.unit()
        if top is None:
            return None
        before = self.at
        bottom = self.unit() if self.between({"/": "/"}) else None
        if bottom is None:
            self.at = before
            return top
        return Fraction(top, bottom)

    def unit(self):
        """What stands together without blanks: 2ε, w(0)², 4σ^yx."""
        first = self.scripted()
        if first is None:
            return None
        parts = [first]
        while self.token().blanks == 0 and self.may_be_glued():
            part = self.scripted()
            if part is None:
                break
            parts.append(part)
        return Unit(parts) if len(parts) > 1 else first

    def may_be_glued(self):
        token = self.token()
        if token.text == "|":
            return not self.in_bars
        return (token.kind in ("symbol", "differential", "large", "function")
                or token.text in BRACKETS or token.text == "√")

    def scripted(self):
        """An atom with its sub- and superscripts."""
        before = self.at
        base = self.atom()
        while base is not None and self.token().blanks == 0:
            token = self.token()
            if token.kind == "script":
                is_below = token.text[0] == "_"
                script = self.script()
                if script is None:
                    self.at = before
                    return None
                base = with_script(base, script, is_below)
            elif token.kind == "prime":
                self.take()
                base = Primed(base)
            elif token.kind == "star":
                self.take()
                base = with_script(base, Leaf("mo", "∗"), False)
            elif token.text == "ᵀ":
                self.take()
                base = with_script(base, Leaf("upright", "T"), False)
            elif token.kind == "power":
                base = with_script(base, Leaf("mn", POWERS[self.take().text]), False)
            else:
                break
        return base

    def script(self):
        """What stands behind _ or ^: a word, or formulas in brackets."""
        text = self.take().text[1:]
        if text != "":
            return script_word(text)
        bracket = self.bracket()
        return None if bracket is None else separated(bracket.items)

    def atom(self):
        """The smallest part of a formula: a letter, a number, something in brackets."""
        token = self.token()
        if token.kind == "symbol" and self.is_letter():
            return symbol(self.take().text)
        if token.kind == "number":
            return Leaf("mn", self.take().text)
        if token.kind == "differential":
            return Leaf("upright", self.take().text)
        if token.kind in ("code", "name"):
            return Leaf("code", self.take().text.strip("`"))
        if token.kind == "dots":
            self.take()
            return DOTS
        if token.kind == "mean":
            self.take()
            return Bracket("⟨", [], "⟩")
        if token.kind == "function":
            return self.function()
        if token.kind == "large":
            return self.large()
        if token.text == "√":
            return self.root()
        if token.text == "|" and not self.in_bars:
            return self.bars()
        if token.text == "<" or token.text in BRACKETS:
            return self.bracket()
        return None

    def is_letter(self):
        """Whether this letter is one of a formula, and not the article, I, or C."""
        letter, before, behind = self.token(), self.token(-1), self.token(1)
        if letter.text not in WORD_LETTERS or self.depth > 0:
            return True
        if letter.text == "I":
            return False
        if behind.blanks == 0 and behind.kind in ("script", "power"):
            return True
        if behind.blanks == 0 and behind.text in ("(", "/"):
            return True
        if behind.text in RELATIONS or behind.text in OPERATORS:
            return behind.blanks > 0
        if before.text in RELATIONS or before.text in OPERATORS:
            return behind.kind != "word"
        return letter.text != "C" and behind.text in NOT_AFTER_ARTICLE

    def bracket(self):
        """Formulas with commas between them, in brackets. <...> is a mean."""
        before = self.at
        opening = self.take().text
        closings = BRACKETS.get(opening, ">")
        if opening == "<" and self.token().blanks > 0:
            self.at = before
            return None
        self.depth += 1
        items = [self.formula() or self.word_in_brackets()]
        while items[-1] is not None and self.token().text == ",":
            self.take()
            items.append(self.formula())
        self.depth -= 1
        is_closed = self.token() != END and self.token().text in closings
        if items[-1] is None or not is_closed:
            self.at = before
            return None
        closing = self.take().text
        if opening == "<":
            return Bracket("⟨", items, "⟩")
        return Bracket(opening, items, closing)

    def word_in_brackets(self):
        """The word in E(from)."""
        bracket, word = self.token(-1), self.token()
        if bracket.blanks > 0 or word.kind != "word" or self.token(1).text != ")":
            return None
        return Leaf("upright", self.take().text)

    def bars(self):
        """|p|"""
        before = self.at
        self.take()
        self.in_bars = True
        self.depth += 1
        inside = self.formula()
        self.depth -= 1
        self.in_bars = False
        if inside is None or self.token().text != "|":
            self.at = before
            return None
        self.take()
        return Bracket("|", [inside], "|")

    def root(self):
        before = self.at
        self.take()
        inside = self.scripted()
        if inside is None:
            self.at = before
            return None
        return Root(without_brackets(inside))

    def function(self):
        """A function and its argument: a bracket, or the next unit."""
        before = self.at
        name = self.take().text
        argument = self.scripted() if self.token().text == "(" else self.unit()
        if argument is None:
            self.at = before
            return None
        if name == "sqrt":
            return Root(without_brackets(argument))
        return Apply(name, argument)

    def large(self):
        """Σ, Π or ∫, with what stands below it."""
        sign = LARGE[self.take().text]
        below = None
        if self.token().kind == "script" and self.token().blanks == 0:
            below = self.script()
        return Large(sign, below)


# ---- Mathematics: MathML ----

# built_up: fractions stand over one another; tight: operators without space around them,
# as in scripts; vectors: the letters that are bold
Style = namedtuple("Style", "built_up tight vectors")

# Invisible operators, which a screen reader reads out as "of" and "times".
APPLIES = element("mo", "\u2061")
TIMES = element("mo", "\u2062")
THIN_SPACE = element("mspace", width="0.167em")


def in_line(style):
    return style._replace(built_up=False)


def in_script(style):
    return style._replace(built_up=False, tight=True)


def mathml(node, style):
    """The MathML of a tree."""
    makers = {Leaf: leaf, Hat: hat, Script: scripts, Primed: primed, Product: product,
              Unit: unit, Sum: row, Chain: row, Fraction: fraction, Root: root,
              Large: large, Apply: application, Bracket: bracket}
    return makers[type(node)](node, style)


def leaf(node, style):
    if node.kind == "mi":
        return letter(node.text, style)
    if node.kind == "upright" and len(node.text) == 1:
        return element("mi", node.text, mathvariant="normal")
    if node.kind == "upright":
        return element("mi", node.text)
    if node.kind == "sign":
        return element("mo", node.text, form="prefix")
    if node.kind == "dots":
        return element("mo", node.text, lspace="0.167em", rspace="0.167em")
    if node.kind == "code":
        return element("mtext", escape(node.text), class_="name")
    if node.text == "," and style.tight:
        return element("mo", ",", lspace="0", rspace="0")
    if node.text in RELATIONS.values() or node.text in OPERATORS.values():
        space = {"lspace": "0", "rspace": "0"} if style.tight else {}
        return element("mo", escape(node.text), form="infix", **space)
    return element(node.kind, escape(node.text))


# Letters that reach over their box, and the classes with which page.css makes up for it.
OVERHANGING = {"σ": "sigma", "f": "f", "j": "j"}


def letter(text, style):
    """Vectors are bold, capital Greek letters upright, and o is a neuron of a chain."""
    if text in style.vectors:
        return element("mi", chr(ord("𝐚") + ord(text) - ord("a")))
    if text == "o":
        return element("mi", "○")
    if "Α" <= text <= "Ω":
        return element("mi", text, mathvariant="normal")
    if text in OVERHANGING:
        return element("mi", text, class_=OVERHANGING[text])
    return element("mi", text)


def hat(node, style):
    accent = element("mo", "ˆ", stretchy="false")
    return element("mover", letter(node.letter, style) + accent, accent="true")


def scripts(node, style):
    """A base with scripts. A component of a vector is a number, and not bold."""
    base_style = style if node.below is None else style._replace(vectors=())
    parts = mathml(node.base, base_style)
    for script in (node.below, node.above):
        if script is not None:
            parts += mathml(script, in_script(style))
    if node.below is None:
        return element("msup", parts)
    if node.above is None:
        return element("msub", parts)
    return element("msubsup", parts)


def primed(node, style):
    """A letter and its prime, which would touch the top of an f without the space."""
    prime = element("mo", "′", form="postfix", lspace="0.12em", rspace="0")
    return element("mrow", mathml(node.base, style) + prime)


def row(node, style):
    return element("mrow", "".join(mathml(part, style) for part in node.parts))


def product(node, style):
    factors = [opened(factor, style) for factor in node.factors]
    parts = []
    for k, factor in enumerate(factors):
        if k > 0:
            parts.append(between_factors(factors[k - 1], factor, style))
        if factor == DOTS and k > 0 and not is_leaf(factors[k - 1], "mn"):
            factor = Leaf("dots", "⋯")
        parts.append(mathml(factor, style))
    return element("mrow", "".join(parts))


def is_leaf(node, kind):
    return isinstance(node, Leaf) and node.kind == kind


def opened(factor, style):
    """A factor without the brackets that a built-up fraction needs no more: (1/P) x."""
    if not style.built_up or not isinstance(factor, Bracket) or factor.opening != "(":
        return factor
    inside = without_brackets(factor)
    return inside if isinstance(inside, Fraction) else factor


def between_factors(left, right, style):
    """The invisible operator between two factors, and the space that LaTeX has there."""
    if DOTS in (left, right):
        return ""
    if isinstance(left, Large):
        return ""  # a browser has its own space behind these signs
    if is_set_off(left, right, style):
        return TIMES + THIN_SPACE
    return TIMES


def is_set_off(left, right, style):
    """Whether a thin space stands between two factors."""
    if isinstance(left, Fraction) or isinstance(right, (Apply, Large)):
        return True
    if isinstance(right, Fraction):
        return style.built_up or is_difference(right.top)
    return is_application(left) or is_application(right) or is_difference(right)


def is_difference(node):
    """Whether a factor is one like Δt, dw or ∂E."""
    return isinstance(node, Unit) and without_script(node.parts[0]) in PREFIXES


def is_application(node):
    """Whether a factor is one like f(u), A(i, j) or w(0)²."""
    return isinstance(node, Unit) and isinstance(without_script(node.parts[-1]), Bracket)


def without_script(node):
    return node.base if isinstance(node, Script) else node


def unit(node, style):
    parts = [mathml(node.parts[0], style)]
    for left, right in zip(node.parts, node.parts[1:]):
        is_name = is_leaf(left, "mi") or isinstance(left, (Script, Primed))
        if without_script(left) in PREFIXES:
            operator = ""
        elif is_name and isinstance(without_script(right), Bracket):
            operator = APPLIES
        else:
            operator = TIMES
        parts.append(operator + mathml(right, style))
    return element("mrow", "".join(parts))


def fraction(node, style):
    if style.built_up:
        top = mathml(without_brackets(node.top), in_line(style))
        bottom = mathml(without_brackets(node.bottom), in_line(style))
        return element("mfrac", element("mrow", top) + element("mrow", bottom))
    slash = element("mo", "/", lspace="0", rspace="0", stretchy="false")
    return element("mrow", mathml(node.top, style) + slash + mathml(node.bottom, style))


def root(node, style):
    return element("msqrt", mathml(node.inside, in_line(style)))


def large(node, style):
    stretchy = {"stretchy": "true"} if node.sign == "∫" and style.built_up else {}
    sign = element("mo", node.sign, lspace="0", **stretchy)
    if node.below is None:
        return sign
    return element("munder", sign + mathml(node.below, in_script(style)))


def application(node, style):
    space = "" if isinstance(node.argument, Bracket) else THIN_SPACE
    name = element("mi", node.function)
    return element("mrow", name + APPLIES + space + mathml(node.argument, style))


def bracket(node, style):
    """Brackets grow only around a built-up fraction or a large sign."""
    if style.built_up and any(is_tall(item) for item in node.items):
        # Chromium puts a bracket that has grown too close to what follows it.
        shape = {"stretchy": "true", "lspace": "0", "rspace": "0.1em"}
    else:
        shape = {"stretchy": "false"}
    opening = element("mo", node.opening, form="prefix", **shape)
    closing = element("mo", node.closing, form="postfix", **shape)
    inside = element("mo", ",").join(mathml(item, style) for item in node.items)
    return element("mrow", opening + inside + closing)


def is_tall(node):
    """Whether a fraction or a large sign stands somewhere on the line of a tree."""
    if isinstance(node, (Fraction, Large)):
        return True
    if isinstance(node, Script):
        return is_tall(node.base)
    if isinstance(node, Product):
        return any(is_tall(factor) for factor in node.factors)
    if isinstance(node, (Unit, Sum, Chain)):
        return any(is_tall(part) for part in node.parts)
    return isinstance(node, Bracket) and any(is_tall(item) for item in node.items)


# About how many characters fit on a line of a narrow screen. A wider formula may break
# before its relations, and one that is wider than WIDE before + and -, too.
NARROW, WIDE = 32, 40


def width_of(node, built_up):
    """About how many characters wide a tree will be, or a list of trees, or a text."""
    if node is None:
        return 0
    if isinstance(node, str):
        return len(node)
    if isinstance(node, Leaf):
        has_space = node.text in RELATIONS.values() or node.text in OPERATORS.values()
        return len(node.text) + (2 if has_space else 0)
    if isinstance(node, Fraction):
        top, bottom = width_of(node.top, False), width_of(node.bottom, False)
        return max(top, bottom) if built_up else top + 1 + bottom
    if isinstance(node, Script):
        below, above = width_of(node.below, False), width_of(node.above, False)
        return width_of(node.base, built_up) + 0.7 * max(below, above)
    return sum(width_of(part, built_up) for part in node)


def math_element(parts, style):
    """One <math> of sums and the relations between them."""
    content = element("mrow", "".join(mathml(part, style) for part in parts))
    if style.built_up:
        return element("math", content, displaystyle="true")
    return element("math", content)


def pieces_of(node, style):
    """A formula as several <math>s, so that a line can break before each relation; in a
    wide formula also before each + and -."""
    parts = node.parts if isinstance(node, Chain) else [node]
    pieces = [parts[:1]]
    for k in range(1, len(parts), 2):
        pieces.append(parts[k:k + 2])
    if width_of(node, style.built_up) > WIDE:
        pieces = [term for piece in pieces for term in terms_of(piece)]
    return [math_element(piece, style) for piece in pieces]


def terms_of(piece):
    """A relation (or none) with the first term of its sum, and each further term."""
    *relation, last = piece
    if not isinstance(last, Sum):
        return [piece]
    terms = [relation]
    for part in last.parts:
        if is_leaf(part, "mo"):
            terms.append([])
        terms[-1].append(part)
    return terms


# ---- Text with formulas in it ----

# What a text consists of. blanks: how many stand before it; tree: of a formula, or None;
# is_tied: whether no line breaks before it
Part = namedtuple("Part", "blanks html tree is_tied", defaults=[False])

# What no text contains. A hyphen is no minus.
ONLY_IN_FORMULAS = {*"^_*|{}\\~$/√ᵀ⟨⟩", *RELATIONS, *OPERATORS, *LARGE, *POWERS} - {"-"}
# "vector p", "directions p and u"; a is the article, and i an index
VECTORS = re.compile(r"\b(?:[Vv]ector|[Dd]irection)s? (?:([b-hj-z]) and )?([b-hj-z])\b")


class Text:
    """The text of a paragraph, and its markup. The context is that of the page."""

    def __init__(self, context, line, text):
        self.context = context
        self.line = line
        self.text = text
        self.tokens = tokens_of(text)

    def token(self, k):
        return self.tokens[k] if 0 <= k < len(self.tokens) else END

    def problem(self, k, message):
        """A Problem in the line of a token, which is quoted."""
        lines_before = self.text.count("\n", 0, self.token(k).start)
        line = self.text.split("\n")[lines_before].strip()
        return Problem(self.line + lines_before, "{} in '{}'".format(message, line))

    def parts(self, built_up=False):
        """The text as Parts, formulas and words in turn."""
        style = Style(built_up, False, self.context.vectors)
        found = []
        k = 0
        while k < len(self.tokens):
            parser = Parser(self.tokens, k)
            tree = parser.formula() if self.may_begin_formula(k) else None
            if tree is not None and is_formula(self.tokens[k:parser.at]):
                html = self.formula(tree, style, parser.at)
                found.append(Part(self.token(k).blanks, html, tree))
                k = parser.at
            else:
                is_tied = self.is_tied(k)
                found.append(Part(self.token(k).blanks, self.word(k), None, is_tied))
                k += 1
        words = [part.html for part in found if part.tree is None]
        if words.count("(") != words.count(")"):
            raise self.problem(0, "a bracket is not closed, or not opened,")
        return found

    def may_begin_formula(self, k):
        token, behind = self.token(k), self.token(k + 1)
        if token.kind == "dots":
            return False
        if token.kind in ("code", "name"):
            if behind.text in RELATIONS:
                return True
            is_applied = behind.text == "(" and behind.blanks == 0
            return is_applied and token.text.startswith("`")
        if token.text in LEADING_SIGNS:  # a hyphen stands behind a word without a blank
            return k == 0 or token.blanks > 0 or self.token(k - 1).text in BRACKETS
        return True

    def formula(self, tree, style, end):
        """The markup of the formula that ends before the token end."""
        behind = self.token(end)
        is_possessive = behind.text in ("'s", "’s")
        is_glued = behind.blanks == 0 and behind.kind in ("word", "name", "code")
        if is_glued and not is_possessive:
            raise self.problem(end, "a blank or an operator is missing before '{}', or "
                               "all is code and wants backticks,".format(behind.text))
        if width_of(tree, style.built_up) > NARROW:
            return "<wbr/>".join(pieces_of(tree, style))
        return math_element([tree], style)

    def word(self, k):
        """The markup of a token that is not part of a formula."""
        token = self.token(k)
        text = token.text
        if token.kind == "figure":
            return self.context.refer_to_figure(FIGURE.match(text).group(1))
        if token.kind in ("code", "name"):
            return element("code", code_markup(text.strip("`")))
        if self.is_rest_of_formula(k):
            raise self.problem(k, self.reason(k))
        if token.kind == "dots":
            return "…"
        is_dash = text == "-" and token.blanks > 0
        if is_dash or token.kind == "range":
            return text.replace("-", "–")
        if text == '"':
            is_opening = k == 0 or token.blanks > 0 or self.token(k - 1).text == "("
            return "“" if is_opening else "”"
        return escape(text).replace("'", "’")

    def is_tied(self, k):
        """Whether no line breaks before this: "in (c)", "are 0"."""
        token = self.token(k)
        is_digit = token.kind == "number" and len(token.text) == 1
        is_behind_word = self.token(k - 1).kind == "word"
        return is_behind_word and (is_digit or token.kind == "reference")

    def reason(self, k):
        """Why no formula begins at a token, as far as can be told."""
        script = self.token(k + 1)
        word = script.text[1:]
        if script.kind == "script" and word != "" and script_word(word) is None:
            return ("neither SUBSCRIPTS nor LETTER_PAIRS has '{}', and code wants "
                    "backticks,".format(word))
        return "cannot read the formula at '{}'".format(self.token(k).text)

    def is_rest_of_formula(self, k):
        """Whether a token that no formula has taken cannot be part of a text, either."""
        token, before, behind = self.token(k), self.token(k - 1), self.token(k + 1)
        if token.text == "/" and token.blanks == 0 and behind.blanks == 0:
            return not {before.kind, behind.kind} <= {"word", "code"}
        if token.kind in ("symbol", "script", "large", "power", "star", "mean", "arrow"):
            return token.text not in WORD_LETTERS
        return token.kind == "sign" and token.text in ONLY_IN_FORMULAS


def is_formula(tokens):
    """Whether tokens that can be parsed are more than numbers, dots and brackets."""
    return any(token.kind not in ("number", "dots") and token.text not in ("(", ")", ",")
               for token in tokens)


NO_BREAK_SPACE = "\u00a0"


def joined(parts):
    """The markup of Parts."""
    return " ".join(group_html(group) for group in groups_of(parts))


def groups_of(parts):
    """Parts in lists between which a line may break. What stands beside a formula without
    a blank stays with it, and "with" behind three blanks stays with its equation."""
    groups = []
    for part in parts:
        is_behind_quad = bool(groups) and groups[-1][-1].blanks >= 3
        stays = part.blanks == 0 or part.is_tied or is_behind_quad
        if not groups or not stays:
            groups.append([])
        groups[-1].append(part)
    return groups


def group_html(group):
    html = group[0].html
    for part in group[1:]:
        if part.blanks > 0:
            html += NO_BREAK_SPACE
        html += part.html
    has_formula = any(part.tree is not None for part in group)
    if len(group) > 1 and has_formula:
        # A formula that may break within: only its last piece stays with what follows.
        before, wbr, last = html.rpartition("<wbr/>")
        html = before + wbr + element("span", last, class_="together")
    if group[0].blanks >= 3:
        html = element("span", "", class_="quad") + html
    return html


# ---- Displays ----

# kind: equation, continuation, diagram or code
Row = namedtuple("Row", "kind line label text")
# kind: command; about: what the command does, or ""
Command = namedtuple("Command", "kind line command about")

# " --W1--> "
DIAGRAM = re.compile(r" --(\S+)--> ")
# Words, three blanks or more, and what they label; behind a comma blanks are only space.
LABELLED = re.compile(r"(\S+(?: \S+)*)(?<!,) {3,}(\S.*)")


def display_rows(paragraph):
    """The lines of a display as Rows and Commands. A Row may be of several lines."""
    rows = []
    for k, line in enumerate(paragraph.lines):
        text = line.strip()
        if rows and goes_on(rows[-1], line):
            rows[-1] = rows[-1]._replace(text=rows[-1].text + "\n" + text)
        else:
            rows.append(display_row(paragraph.line + k, text, not rows))
    return rows


def goes_on(row, line):
    """Whether a line is a denominator, or stands under the text of a labelled row."""
    if row.kind == "command":
        return False
    text = line.strip()
    if text.startswith("/ "):
        return True
    is_under_text = row.label != "" and line.startswith("    ")
    return is_under_text and not continues(text)


def continues(text):
    """Whether a line begins with a relation or an operator, as "= w" and "+ w" do."""
    sign, blank, _ = text.partition(" ")
    return blank != "" and (sign in RELATIONS or sign in OPERATORS)


def display_row(line, text, is_first):
    if text.startswith("$ "):
        described = LABELLED.match(text[2:])
        command, about = described.groups() if described else (text[2:], "")
        return Command("command", line, command, about)
    if text.startswith("`") and text.endswith("`"):
        return Row("code", line, "", text.strip("`"))
    if DIAGRAM.search(text):
        return Row("diagram", line, "", text)
    if continues(text) and not is_first:
        return Row("continuation", line, "", text)
    label, text = label_and_text(text)
    return Row("equation", line, label, text)


def label_and_text(text):
    """A line as its label, or "", and the rest. What has a relation is no label."""
    labelled = LABELLED.match(text)
    if labelled is None:
        return "", text
    label, rest = labelled.groups()
    if any(word in RELATIONS for word in label.split()):
        return "", text
    return label, rest


def display(context, paragraph):
    """The markup of a display: neighbours of one kind share a box."""
    boxes = []
    for row in display_rows(paragraph):
        kind = "equation" if row.kind == "continuation" else row.kind
        if not boxes or boxes[-1][0] != kind:
            boxes.append((kind, []))
        boxes[-1][1].append(row)
    makers = {"equation": equations, "command": commands, "code": shown_code,
              "diagram": diagrams}
    return "\n".join(makers[kind](context, rows) for kind, rows in boxes)


def equations(context, rows):
    """Equations in a grid: label, left side, and the rest from the first relation on."""
    style = Style(True, False, context.vectors)
    has_labels = any(row.label for row in rows)
    cells = []
    widths = []
    for row in rows:
        if has_labels:
            label = joined(Text(context, row.line, row.label).parts())
            cells.append(element("div", label, class_="label"))
        sign, parts = sign_and_parts(context, row)
        cells += cells_of_row(sign, parts, style, len(rows) == 1)
        widths.append(width_of_parts(parts))
    kind = "equations"
    if has_labels:
        kind += " labelled"
    if max(widths) > NARROW:
        kind += " wide"
    return element("div", "\n".join(cells), class_=kind)


def sign_and_parts(context, row):
    """The relation or operator that a continuation begins with, or "", and the rest."""
    if row.kind != "continuation":
        return "", Text(context, row.line, row.text).parts(built_up=True)
    sign, rest = row.text.split(" ", 1)
    parts = Text(context, row.line, rest).parts(built_up=True)
    if parts[0].tree is None:
        raise Problem(row.line, "expected a formula behind '{}'".format(sign))
    return sign, parts


def width_of_parts(parts):
    """About how many characters wide an equation will be, and the words beside it."""
    width = 0
    for part in parts:
        width += min(part.blanks, 4)
        if part.tree is None:
            width += len(part.html)
        else:
            width += width_of(part.tree, True)
    return width


def cells_of_row(sign, parts, style, is_alone):
    """The cells of an equation. One that stands alone needs no grid, and can break before
    its first relation, too."""
    if sign:
        left, right = "", continuation(sign, parts, style)
    elif isinstance(parts[0].tree, Chain):
        left, right = sides(parts, style)
    else:
        return [element("div", joined(parts), class_="whole")]
    if is_alone:
        return [element("div", left + "<wbr/>" + right, class_="whole")]
    return [element("div", left, class_="left"), element("div", right, class_="right")]


def sides(parts, style):
    """The left side of an equation, and the rest."""
    tree = parts[0].tree
    left, *right = pieces_of(tree, style)
    return left, joined([Part(0, "<wbr/>".join(right), tree)] + parts[1:])


def continuation(sign, parts, style):
    """A row that begins with a relation or, further to the right, with an operator."""
    tree = parts[0].tree
    space = ""
    if sign in OPERATORS:
        space = element("span", "", class_="quad")
    sums = tree.parts if isinstance(tree, Chain) else [tree]
    first = Leaf("mo", {**RELATIONS, **OPERATORS}[sign])
    html = space + math_element([first] + sums, style)
    return joined([Part(0, html, tree)] + parts[1:])


def commands(context, rows):
    lines = []
    for row in rows:
        about = joined(Text(context, row.line, row.about).parts())
        command = element("code", code_markup(row.command))
        lines.append(element("div", command + " " + element("span", about)))
    return element("div", "\n".join(lines), class_="commands")


def shown_code(context, rows):
    return element("pre", "\n".join(escape(row.text) for row in rows), class_="shown")


def diagrams(context, rows):
    return "\n".join(diagram(context, row) for row in rows)


def diagram(context, row):
    """x (784) --W1--> h1 (100): what stands in an arrow is set above its shaft."""
    html = []
    for k, text in enumerate(DIAGRAM.split(row.text)):
        parts = Text(context, row.line, text.strip()).parts()
        is_arrow = k % 2 == 1
        if is_arrow:
            html.append(element("span", joined(parts), class_="arrow"))
        else:
            html.append(joined(parts))
    return element("div", " ".join(html), class_="diagram")


# ---- Page ----

class Context:
    """What has come up in the page so far."""

    def __init__(self):
        self.figures = []      # their names, in the order of their first mention
        self.new_figures = []  # those that have not been shown yet
        self.headings = []     # (identifier, markup, line, level)
        self.vectors = set()   # the letters that are vectors in this section
        self.has_parts = False

    def refer_to_figure(self, name):
        if name not in self.figures:
            self.figures.append(name)
            self.new_figures.append(name)
        number = self.figures.index(name) + 1
        return element("a", "Figure {}".format(number), href="#figure-" + name)


def prose(context, given):
    """The markup of paragraphs, and of the figures that they name."""
    html = []
    for block in blocks(given):
        if block[0].kind in IN_LIST:
            html.append(list_html(context, block))
        else:
            html.append(paragraph_html(context, block[0]))
        for name in context.new_figures:
            html.append(figure(context, name, block[-1].line))
        context.new_figures = []
    return "\n".join(html)


def blocks(given):
    """Lists of paragraphs: one that stands alone, or all of a list with items."""
    found = []
    for paragraph in given:
        is_in_list = paragraph.kind in IN_LIST
        if is_in_list and found and found[-1][-1].kind in IN_LIST:
            found[-1].append(paragraph)
        else:
            found.append([paragraph])
    return found


def list_html(context, block):
    """A list; the displays of an item stand in it."""
    items = []
    for paragraph in block:
        html = paragraph_html(context, paragraph)
        if paragraph.kind == "item":
            items.append(html)
        else:
            items[-1] += "\n" + html
    return element("ul", "\n".join(element("li", item) for item in items))


def paragraph_html(context, paragraph):
    """The markup of a paragraph. That of an item is what stands in its <li>."""
    first_line = paragraph.lines[0]
    if paragraph.kind == "heading":
        context.vectors.clear()
    find_vectors(context, paragraph)
    if paragraph.kind == "heading":
        return heading(context, paragraph)
    if paragraph.kind in DISPLAYS:
        return display(context, paragraph)
    if FIGURE.fullmatch(first_line):
        context.refer_to_figure(FIGURE.match(first_line).group(1))
        return ""
    if paragraph.kind == "text" and is_equation(context, paragraph):
        return equations(context, [Row("equation", paragraph.line, "", first_line)])
    html = joined(Text(context, paragraph.line, "\n".join(paragraph.lines)).parts())
    return html if paragraph.kind == "item" else element("p", html)


def find_vectors(context, paragraph):
    """Notes the letters that a paragraph calls vectors or directions."""
    for match in VECTORS.finditer("\n".join(paragraph.lines)):
        context.vectors.update(name for name in match.groups() if name)


def is_equation(context, paragraph):
    """Whether a text is one line of nothing but formulas."""
    if len(paragraph.lines) > 1:
        return False
    text = Text(context, paragraph.line, paragraph.lines[0])
    if any(token.kind in ("word", "name", "figure") for token in text.tokens):
        return False
    return any(part.tree is not None for part in text.parts())


def heading(context, paragraph):
    """A heading; those below a PART are one level deeper."""
    text = paragraph.lines[0]
    is_part = text.startswith("PART")
    context.has_parts = context.has_parts or is_part
    level = 3 if context.has_parts and not is_part else 2
    html = joined(Text(context, paragraph.line, text).parts())
    identifier = "line-{}".format(paragraph.line)
    context.headings.append((identifier, html, paragraph.line, level))
    return element("h{}".format(level), html, id=identifier)


def figure(context, name, line):
    """A picture, which leads to its file, and below it number, caption and file."""
    if name not in PICTURES:
        raise Problem(line, "PICTURES, in weave.py, has no entry for " + name)
    picture = PICTURES[name]
    source = "../figures/{}.png".format(name)
    width, height = size_of_picture(name, line)
    image = element("img", src=source, alt=picture.alternative, width=width,
                    height=height)
    number = context.figures.index(name) + 1
    caption = joined(Text(context, line, picture.caption).parts())
    file = element("code", "expected/figures/{}.png".format(name))
    caption = "Figure {}: {} {}".format(number, caption, file)
    return element("figure", element("a", image, href=source)
                   + element("figcaption", caption), id="figure-" + name)


def size_of_picture(name, line):
    """Width and height of a PNG: they stand at the bytes 16 and 20 of its header."""
    try:
        with open(os.path.join(FIGURES, name + ".png"), "rb") as file:
            return struct.unpack(">II", file.read(24)[16:24])
    except OSError as error:
        raise Problem(line, "{}.png: {}".format(name, error.strerror))


# How high a comment and its code will be on a wide screen, in pixels.
LINE_OF_NOTE, LINE_OF_DISPLAY, LINE_OF_CODE, SPACE = 24, 36, 21, 10
CHARACTERS_OF_NOTE = 52


def height_of_note(note):
    height = 0
    for paragraph in paragraphs(note):
        if paragraph.kind in DISPLAYS:
            height += LINE_OF_DISPLAY * len(paragraph.lines) + SPACE
        else:
            length = sum(len(line) + 1 for line in paragraph.lines)
            height += LINE_OF_NOTE * (1 + length // CHARACTERS_OF_NOTE) + SPACE
    return height


def fits_beside(note, code):
    """Whether a comment is not much higher than the code that it is about."""
    return height_of_note(note) <= LINE_OF_CODE * len(code) + 50


# Hyphens and the character behind them, which may be escaped: -l, --h, -&gt;. It is none
# of those that begin and end a comment.
HYPHENS = re.compile(r"-+(?:&\w+;|[^\s*/-])")
# From /* to */, or to the end of the line.
COMMENT_IN_LINE = re.compile(r"/\*.*?(?:\*/|$)")


def code_markup(text):
    """Code in which no line breaks behind a hyphen: -lm, 1e-10, data->X."""
    return HYPHENS.sub(lambda match: element("span", match.group(), class_="together"),
                       escape(text))


def line_html(line):
    """A line of code. A narrow screen has other blanks at its start."""
    text = line.text.lstrip()
    indent = len(line.text) - len(text)
    html = COMMENT_IN_LINE.sub(lambda match: element("i", match.group()),
                               code_markup(text))
    if indent > 0:
        html = element("span", " " * indent, class_="indent") + html
    return element("span", html, class_="line", data_line=line.line,
                   style="--indent: {}".format(indent))


def code_html(code):
    """Lines of code with their numbers."""
    small = " includes" if code[0].text.startswith("#include") else ""
    lines = "\n".join(line_html(line) for line in code)
    return element("pre", lines, class_="code" + small)


def chunk_html(context, chunk):
    """A function: each comment beside the lines that it is about, or over them."""
    rows = []
    for note, code in chunk.pieces:
        if not code:
            continue
        content = ""
        if note is not None:
            place = "note" if fits_beside(note, code) else "over"
            content = element("div", prose(context, paragraphs(note)),
                              class_="prose " + place,
                              style="--indent: {}".format(note.indent))
        rows.append(element("div", content + code_html(code), class_="row"))
    return element("div", "\n".join(rows), class_="chunk")


def contents(context):
    """The table of contents, with the line of each heading in the C file."""
    items = []
    for identifier, html, line, level in context.headings:
        link = element("a", html, href="#" + identifier)
        number = element("span", "line {}".format(line), class_="at")
        items.append(element("li", link + " " + number, class_="level-{}".format(level)))
    return element("nav", element("ol", "\n".join(items)), aria_label="Contents")


PAGE = """<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{opening}
{contents}
{body}
</main>
</body>
</html>
"""


def across(context, given):
    return element("div", prose(context, given), class_="prose across")


def weave(source, style):
    """The page of a C file."""
    arranged = arrange(split_source(source))
    if not arranged or not isinstance(arranged[0], Comment):
        raise Problem(1, "expected a comment with the title")
    context = Context()
    title, *opening = paragraphs(arranged[0])
    opening = across(context, opening)
    body = []
    for item in arranged[1:]:
        if isinstance(item, Comment):
            body.append(across(context, paragraphs(item)))
        else:
            body.append(chunk_html(context, item))
    return PAGE.format(title=escape(" ".join(title.lines)), style=style, opening=opening,
                       contents=contents(context), body="\n".join(body))


def write_page(name):
    with open(os.path.join(HERE, "page.css"), encoding="utf-8") as file:
        style = file.read()
    with open(name, encoding="utf-8") as file:
        page = weave(file.read(), style)
    base = os.path.splitext(os.path.basename(name))[0]
    path = os.path.join(HERE, base + ".html")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(page)


def main(names):
    if not names:
        print("usage: weave.py FILE.c ...", file=sys.stderr)
        return 2
    for name in names:
        message = None
        try:
            write_page(name)
        except OSError as error:
            message = "{}: {}".format(error.filename, error.strerror)
        except Problem as problem:
            message = "{}:{}: {}".format(name, problem.line, problem)
        if message:
            print("weave.py: " + message, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
