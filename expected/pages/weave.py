#!/usr/bin/env python3
"""Makes a page of a C program: its comments become text, the rest stays code.

    python3 expected/pages/weave.py backprop.c linear_chain.c

writes expected/pages/NAME.md in GitHub's Markdown, with formulas in LaTeX, and, if pandoc
is installed, out/NAME.html, one file with its figures inside. It runs in the project's
folder. Python 3.8 and its standard library are enough.

What the comments of the C files keep to:

- A comment that begins a line of the file is text. All other comments stay code.
- A line alone such as "PART I: THE HANDOUT", "1. The network" or "(a) A linear network"
  is a heading, and so is the first line of a comment if it stands alone.
- Lines that are indented by four more blanks are a display: a command if the first one
  begins with "$ "; drawn as it stands if a line has -->, () or ends with a semicolon; and
  otherwise equations, one a line. Three blanks or more part an equation from its label
  before it, and from a condition or a number such as (1) behind it.
- "- " begins an item of a list, and "|" a row of a table, as in Markdown.
- expected/figures/NAME.png, alone on its line, is that figure, and a line such as
  "expected/linear_chain_g.txt training_time" is that table of the file.
- Words in backticks are code. ATOM says what is a formula, and so is a letter in *a*.
"""
import base64
import itertools
import os
import re
import shutil
import subprocess
import sys
import textwrap

# A sign of the comments, and its name in LaTeX.
SIGNS = {
    "ε": r"\varepsilon", "η": r"\eta", "κ": r"\kappa", "λ": r"\lambda", "σ": r"\sigma",
    "τ": r"\tau", "Δ": r"\Delta", "Σ": r"\sum", "Π": r"\prod", "∂": r"\partial",
    "∫": r"\int", "√": r"\sqrt", "∘": r"\circ", "·": r"\cdot", "±": r"\pm",
    "*": r"\ast", "≈": r"\approx", "≠": r"\neq", "<=": r"\le", ">=": r"\ge",
    "<-": r"\leftarrow", "->": r"\to", "...": r"\dots", "⟨": r"\langle",
    "⟩": r"\rangle", "{": r"\{", "}": r"\}", "²": "2", "³": "3", "ᵀ": r"\top",
}
# A name of the code or of a function, and its name in LaTeX.
NAMES = {"alpha": r"\alpha", "delta": r"\delta", "mu": r"\mu", "y_hat": r"\hat{y}"}
FUNCTIONS = {"log": r"\log", "max": r"\max", "min": r"\min", "sign": r"\text{sign}",
             "step": r"\text{step}"}
RELATIONS = {"=", "<", ">"} | {SIGNS[sign] for sign in "≈ ≠ <= >= <- ->".split()}
OPENING, CLOSING = "([{⟨", ")]}⟩"
PREFIXES = "∂Δ"  # They belong to the letter that follows.
DIFFERENTIAL = r"d[aELTWhqtuvwxyz](?![A-Za-z])"


# From a formula in a comment to LaTeX. A formula is a list of tokens, and each function
# takes from its front what it sets.

MATRIX = r"\[[-\d.]+[; ][-\d.; ]+\]"  # as in MATLAB: [1 2; 2 1]
TOKEN = re.compile(MATRIX + r"| +|\d+(?:\.\d+)?|y_hat|[A-Za-z]+|<=|>=|<-|->|\.\.\.|.")


def latex(text, display=False):
    """The LaTeX of a formula. Only in a display a/b is set as a fraction."""
    return join(pieces(tokens_of(text), "", display))


def tokens_of(text):
    text = re.sub(r"<(?=[^ =-])([^<>]*[^ -])>", r"⟨\1⟩", text)  # a mean, such as <y²>
    return TOKEN.findall(re.sub(r"\s*/\s*", "/", text))


def join(parts):
    return re.sub(r"(?<=[(\[{]) | (?=[)\],.;}])", "", " ".join(parts))


def pieces(tokens, closing, display):
    """Takes the tokens up to a closing bracket; returns the LaTeX of each factor."""
    out = []
    while tokens and tokens[0] not in closing:
        if is_word(tokens[0]) or tokens[0] == " " and is_word("".join(tokens[1:2])):
            out.append(words(tokens))
        elif tokens[0].isspace():
            if len(tokens.pop(0)) > 2 and out:
                out.append(r"\qquad")
        else:
            out.append(quotient(tokens, display))
    return out


def is_word(token):
    """In a formula, letters that are no name are words: "where", "for"."""
    return (token.isalpha() and token.isascii() and len(token) > 1
            and not re.fullmatch(DIFFERENTIAL, token)
            and token not in NAMES and token not in FUNCTIONS)


def words(tokens):
    text = ""
    while tokens and (is_word(tokens[0]) or tokens[0] == " "):
        text += tokens.pop(0)
    return r"\text{%s}" % text


def quotient(tokens, display):
    """Takes a factor, or two with a / between them. In a fraction they lose brackets."""
    upper, upper_inside = factor(tokens, display)
    numbers = upper.isdigit() and "".join(tokens[1:2]).isdigit()
    if tokens[:1] != ["/"] or not (display or numbers):
        return upper
    tokens.pop(0)
    lower_inside = factor(tokens, False)[1]
    upper_inside = upper_inside.replace(r"\dfrac", r"\tfrac")
    return r"\%sfrac{%s}{%s}" % ("t" if numbers else "d", upper_inside, lower_inside)


def factor(tokens, display):
    """Takes a factor with its scripts; returns its LaTeX, with and without brackets."""
    if not tokens:
        return "", ""
    token = tokens.pop(0)
    inside = ""
    if re.fullmatch(MATRIX, token):
        text = r"[\texttt{%s}]" % token[1:-1]
    elif token in OPENING:
        text, inside = brackets(token, tokens, CLOSING, display)
    elif token == "|":
        text = brackets(token, tokens, "|", display)[0]
    elif token == "√":
        text = r"\sqrt{%s}" % factor(tokens, display)[1]
    elif token in PREFIXES:
        text = SIGNS[token]
    else:
        text = NAMES.get(token) or FUNCTIONS.get(token) or SIGNS.get(token, token)
    bare = text
    while tokens:
        following = tokens[0]
        if following in ("_", "^"):
            text += tokens.pop(0) + "{%s}" % script(tokens)
        elif following == "'":
            text += tokens.pop(0)
        elif following in "²³ᵀ" or following == "*" and token.isalpha():
            text += "^{%s}" % SIGNS[tokens.pop(0)]
        elif following.isdecimal() and token.isalpha():
            text += "_{%s}" % tokens.pop(0)
        elif following in "([" and token.isalpha():  # w(0), w[t+1]
            text += brackets(tokens.pop(0), tokens, CLOSING, display)[0]
        elif token in PREFIXES and following.isalpha():
            text += " " + factor(tokens, display)[0]
        else:
            break
    return text, inside if inside and text == bare else text


def brackets(opening, tokens, closing, display):
    """Takes the rest of a bracket; returns its LaTeX with and without the brackets."""
    parts = pieces(tokens, closing, display)
    inside = join(parts)
    close = tokens.pop(0) if tokens else ""
    if len(parts) == 1 and parts[0].startswith(r"\dfrac") and not tokens[:1] == ["^"]:
        return inside, inside
    left, right = SIGNS.get(opening, opening), SIGNS.get(close, close)
    if opening == "|":
        left, right = r"\lvert", r"\rvert"
    if right and ("frac" in inside or r"\sum" in inside):
        left, right = r"\left" + left, r"\right" + right
    return join([left, inside, right]), inside


def script(tokens):
    """Takes what follows _ or ^: a letter, a number, a word or a bracket."""
    if not tokens:
        return ""
    token = tokens.pop(0)
    if token in OPENING:
        inside = brackets(token, tokens, CLOSING, False)[1]
        return re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"\1/\2", inside)
    if is_word(token) and len(token) > 2:
        return r"\text{%s}" % token
    if token == "-":
        return "-" + script(tokens)
    base = NAMES.get(token) or SIGNS.get(token, token)
    if token.isalpha() and tokens and tokens[0].isdecimal():
        return "%s_{%s}" % (base, tokens.pop(0))
    return base


# From the text of a comment to Markdown.

# What a formula may consist of. In English a, A, I and C are words, too, or a language.
ATOM = r"""(?:
    (?:y_hat|alpha|delta|mu)(?![A-Za-z])            # a name of the code
    | (?:%s)(?=\() | log(?=[ ](?:[b-zB-Z](?![a-z])|[|]))
    | %s                                            # dw, of dw/dt
    | [b-zBD-HJ-Z](?![A-Za-z]|\d\d)                 # a letter
    | [aAIC](?=[_^(/²ᵀ]|[ ][-+=<>≈])              # the same, before an operator
    | (?<=[-+/^_|])[aAIC](?![A-Za-z]) | (?<=[-+=<>≈][ ])[aAIC](?![A-Za-z])
    | a(?=[.,;:)]) | (?<=[a-z,][ ])A(?=[ ,])        # not an article
    | [_^]\w+ | [_^](?=[({-])                       # a subscript or an exponent
    | \d+(?:\.\d+)? | \.\.\. | [][(){}|+=<>/*-] | '(?![A-Za-z])
    | [%s]                                          # a sign
)""" % ("|".join(FUNCTIONS), DIFFERENTIAL, "".join(sign for sign in SIGNS if sign > "~"))
BRACKET = r"[({[⟨](?:%s|[,;]?[ ])+[])}⟩]" % ATOM  # with commas in it: (w_1, w_2)
FORMULA = re.compile(r"(?<![\w.'])(?:{0}|{1})+(?:[ ](?:{0}|{1})+)*(?![A-Za-z]|\.[a-z])"
                     .replace("{0}", BRACKET).replace("{1}", ATOM), re.X)
REFERENCE = re.compile(  # `code`, an address, f(), section 2, Part II, (a), (1), *a*
    r"(`[^`]+`|https?://[^\s)]+|\b[\w.]+\(\)|\b[Ss]ection \d+|\bPart [IV]+\b"
    r"|(?<![A-Za-z_)])\([a-g]\)(?![\w(])|(?<![\w)])\([1-9]\)(?![\w(])"
    r"|(?<!\w)\*[A-Za-z]\*(?!\w))")


def inline(text, link=True):
    """The Markdown of a text: references and code, and formulas between words."""
    parts = REFERENCE.split(text)  # every second one is a reference
    for k in range(0, len(parts), 2):
        plain = parts[k].replace("$", r"\$")
        plain = re.sub("<(?=[A-Za-z/!])", "&lt;", FORMULA.sub(formula, plain))
        parts[k] = re.sub(r"(?<=\d) (?=%)", "\u00a0", plain)
    if link:
        parts[1::2] = map(reference, parts[1::2])
    return "".join(parts)


def reference(text):
    """Links to what the text names. without_dead_links() removes a link to nothing."""
    path = text.strip("`")
    if text[0] == "`" and "/" in path and os.path.exists(path):
        return "[%s](../../%s)" % (text, path)
    if text[0] == "`":
        return "[%s](#table-%s)" % (text, path) if path.isidentifier() else text
    if text.startswith("http"):
        return text
    if text[0] == "*":  # a letter that could be taken for an English word
        return "$`%s`$" % text[1]
    if text.endswith("()"):
        return "[`%s`](#function-%s)" % (text, text[:-2])
    return "[%s](#%s)" % (text, text.strip("()").lower().replace(" ", "-"))


def formula(match):
    """The Markdown of a formula. What belongs to the sentence around it stays outside."""
    text, after = match.group(), ""
    if not re.search(r"[A-Za-z^|]|[^\x00-\x7f]|(?<![\w)])-\d|<[^ =-]", text):
        return text  # nothing but numbers and operators
    operators = re.match(r"(?:[-+=<>/*]+ )*", text).group()
    before, text = operators, text[len(operators):]
    while text[0] in ") " or text[0] == "(" and text.count("(") > text.count(")"):
        before, text = before + text[0], text[1:]
    while text.endswith(")") and text.count(")") > text.count("("):
        after, text = ")" + after, text[:-1]
    operators = re.search(r"(?: [-+=<>/]+)*$", text).group()
    text = text[:len(text) - len(operators)]
    return before + "$`" + latex(text) + "`$" + operators + after


# The blocks of a comment: headings, displays, lists, tables and paragraphs.

FIGURE = re.compile(r"expected/figures/(\w+)\.png")
STORED_TABLE = re.compile(r"(expected/\w+(?:\.\d+)?\.txt)(?: (\w+))?")
PART = re.compile(r"(?:PART|Part) [IV]+\b")
NUMBERED = re.compile(r"(\d+)\. [A-Z]|\(([a-g])\) [A-Z]")
COLUMN = re.compile(r" {3,}")


def blocks(comment):
    """The Markdown of a comment. Blank lines part its blocks."""
    out, in_list = [], False
    for k, block in enumerate(re.split(r"\n\n+", comment)):
        lines = block.split("\n")
        in_list = lines[0].startswith("- ") or in_list and lines[0].startswith("  ")
        margin = "  " if in_list and not lines[0].startswith("- ") else ""
        is_first = k == 0 and block != comment
        out += [margin + line for line in markdown_of(lines, is_first)]
        out.append("")
    return out


def markdown_of(lines, is_first):
    """The Markdown of a block."""
    line = lines[0]
    alone = len(lines) == 1
    if line.startswith("    "):
        return display(textwrap.dedent("\n".join(lines)).split("\n"))
    if alone and FIGURE.fullmatch(line):
        return ["![The figure %s](../../%s)" % (FIGURE.fullmatch(line).group(1), line)]
    if alone and STORED_TABLE.fullmatch(line):
        return stored_table(*STORED_TABLE.fullmatch(line).groups())
    if alone and is_heading(line, is_first):
        return heading(line)
    if line.startswith("| "):
        return ["|".join(map(inline, re.split(r"(?<!\\)\|", row))) for row in lines]
    if line.startswith("- "):
        items = re.split(r"^- ", "\n".join(lines), flags=re.M)[1:]
        return "\n\n".join("- " + paragraph(item) for item in items).split("\n")
    return [paragraph("\n".join(lines))]


def paragraph(text):
    return inline(" ".join(text.split()))


def is_heading(line, is_first):
    """Is a line that stands alone a heading? is_first: text follows in its comment."""
    return bool(PART.match(line) or NUMBERED.match(line)
                or is_first and re.match("[A-Z]", line)) and line[-1] not in ".,:;"


def heading(line):
    """Parts are ##, sections are ###. An anchor stands before, for the links."""
    part, number = PART.match(line), NUMBERED.match(line)
    if part:
        return anchor(part.group().lower().replace(" ", "-")) + ["## " + line]
    name = number and (number.group(2) or "section-" + number.group(1))
    return (anchor(name) if name else []) + ["### " + inline(line, link=False)]


def anchor(*names):
    """GitHub has no other names for places that are no headings."""
    return ["".join('<div id="%s"></div>' % name for name in names), ""] if names else []


def display(lines):
    text = "\n".join(lines)
    if text.startswith("$ "):
        return ["```sh", re.sub(r"^\$ ", "", text, flags=re.M), "```"]
    if re.search(r"-->|\(\)|;$", text, flags=re.M):
        return ["```text"] + lines + ["```"]
    numbers = re.findall(r"   \((\d)\)$", text, flags=re.M)
    labelled = all(re.match(r"[A-Za-z][a-z ]+?   ", line) for line in lines)
    lines = re.sub(r"\n */", "/", text).split("\n")  # the denominator of a long fraction
    rows = " \\\\\n".join(equation(line, labelled) for line in lines).split("\n")
    return (anchor(*numbers) + ["```math", r"\begin{aligned}"] + rows
            + [r"\end{aligned}", "```"])


def equation(line, labelled):
    """A row of a display, with & before its first relation. A label stands before it."""
    label = ""
    if labelled:
        label, line = COLUMN.split(line, 1)
        label = r"& \text{%s} \qquad &" % label
    row = pieces(tokens_of(line.strip()), "", True)
    for k, piece in enumerate(row):
        if piece in RELATIONS:
            return label + " ".join(row[:k] + ["&"] + row[k:])
    return label + "& " + " ".join(row)


def stored_table(path, title):
    """Up to ten rows of a table that a program printed, from the first to the last.

    In a long table most happens at the top: each row is some times farther down.
    """
    with open(path, encoding="utf-8") as file:
        tables = [table.splitlines() for table in file.read().split("\n\n\n")]
    if title:
        tables = [lines for lines in tables if lines[0].endswith(": " + title)]
    if not tables:
        sys.exit("weave.py: %s: expected a table '%s', found none" % (path, title))
    lines = [line for line in tables[0] if line]
    rows = [line.split() for line in lines if line[0] != "#"]
    some = min(10, len(rows))
    parts = [k / max(1, some - 1) for k in range(some)]
    if len(rows) > 100:
        shown = [rows[round(len(rows) ** part) - 1] for part in parts]
    else:
        shown = [rows[round((len(rows) - 1) * part)] for part in parts]
    begin = next(k for k, line in enumerate(lines) if line[0] != "#")
    columns = ["`%s`" % name.replace("|", r"\|") for name in lines[begin - 1][1:].split()]
    shown = [[re.sub(r"^-(?=\d)", "−", cell) for cell in row] for row in shown]
    source = "From [`%s`](../../%s)" % (path, path)
    said = lines[1:begin - 1] + [line for line in lines[begin:] if line[0] == "#"]
    out = []
    if title:
        out = anchor("table-" + title)
        source += ", the table `%s`" % title
    if some < len(rows):
        source += ", %d of %d rows" % (some, len(rows))
    for row in [columns, ["---:"] * len(columns)] + shown:
        out.append("| " + " | ".join(row) + " |")
    out += ["", source + ":", "", "```text"]
    return out + [re.sub("^# ?", "", line) for line in said] + ["```"]


# The pages.

FUNCTION = re.compile(r"^[a-z][\w *]*\b(\w+)\([^;{}]*\)\s*\{", re.M)
OTHER = {"backprop": "linear_chain", "linear_chain": "backprop"}
SOLUTION = {
    "backprop": "To write the program yourself, begin with `make starter` instead.",
    "linear_chain": "Try each part before you read its section.",
}


def markdown(name, source):
    """The page of the program NAME.c."""
    out = []
    for k, part in enumerate(re.split(r"^/\*(.*?)\*/", source, flags=re.M | re.S)):
        if k % 2 == 0:
            out += code_block(part.strip("\n"))
            continue
        comment = re.sub(r"^ \* ?|^   ", "", part, flags=re.M).strip()
        if not out:
            title, _, comment = comment.partition("\n")
            head = HEAD.format(name=name, other=OTHER[name], solution=SOLUTION[name])
            out += ["# " + title, "", head]
        out += blocks(comment.strip("\n"))
    return without_dead_links("\n".join(out))


HEAD = """**This is a solution.** {solution}

This page is the program [`{name}.c`](../../{name}.c), its comments as text, to be read \
beside the handout, Andrew Saxe's *Practical 4: Deep Networks*. The other question: \
[{other}.c]({other}.md). The results and [the answers](../README.md). \
[Licence: MIT](../../LICENSE).
"""


def code_block(code):
    """Blocks of code, with an anchor for each function. Those that print are folded."""
    out = []
    items = re.split(r"\n\n(?=\S)", code) if code else []
    for prints, group in itertools.groupby(items, key=is_printing):
        text = "\n\n".join(group)
        names = FUNCTION.findall(text)
        block = ["```c", text, "```", ""]
        if prints:
            summary = ", ".join("<code>%s()</code>" % name for name in names)
            block = ["<details><summary>%s</summary>" % summary, ""] + block
            block += ["</details>", ""]
        out += anchor(*("function-" + name for name in names)) + block
    return out


def is_printing(item):
    function = FUNCTION.match(item)
    return bool(function) and function.group(1).startswith("print_")


def without_dead_links(page):
    return re.sub(r"\[([^][]*)\]\(#([^)]*)\)",
                  lambda link: link[0] if 'id="%s"' % link[2] in page else link[1], page)


# What pandoc's own style leaves open: one width for all; what is wider scrolls by itself.
STYLE = """<style>
html { font-size: 18px; }
body { max-width: 43em; padding: 2em 1em; }
header { margin-bottom: 1em; text-align: left; }
h1 { font-size: 1.5em; }
h2 { font-size: 1.2em; }
a { color: #14508c; }
pre, pre.sourceCode { background-color: #f5f5f2; padding: 0.6em 0.8em; font-size: 75%; }
pre > code { font-size: 100%; line-height: 1.3; white-space: pre; }
table { font-size: 85%; }
p { overflow-x: auto; overflow-y: hidden; }
mtable { math-style: normal; }
li p { margin: 0.5em 0; }
p span { white-space: nowrap; } /* a formula and its comma */
math { font-family: "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
mtd:nth-child(odd) { text-align: -webkit-right; padding: 0.3em 0; }
mtd:nth-child(even) { text-align: -webkit-left; padding: 0.3em 0; }
@media print { details::details-content { content-visibility: visible; } }
@media print { html { font-size: 10.5pt; } body { max-width: none; font-size: 1em; } }
@media print { img { max-height: 11cm; } }
</style>"""


def html(page):
    """The page as one HTML file. Not every pandoc reads GitHub's signs for formulas."""
    page = re.sub(r"\$`[^`]*`\$[.,;:?!)]+", r"<span>\g<0></span>", page)
    page = page.replace("$`", "$").replace("`$", "$")
    page = re.sub(r"```math\n(.*?)```", r"$$\n\1$$", page, flags=re.S)
    page = re.sub(r"\((\w+)\.md\)", r"(\1.html)", page)
    page = re.sub(r"\(\.\./\.\./(expected/figures/\w+\.png)\)", picture, page)
    page = page.replace("](../README", "](../expected/README")
    page = page.replace("](../../", "](../")
    command = ["pandoc", "--from=gfm+tex_math_dollars", "--to=html", "--standalone",
               "--mathml", "--toc", "--shift-heading-level-by=-1", "--metadata=lang:en",
               "--variable=header-includes:" + STYLE]
    return subprocess.run(command, input=page, encoding="utf-8", check=True,
                          stdout=subprocess.PIPE).stdout


def picture(link):
    with open(link[1], "rb") as file:
        return "(data:image/png;base64," + base64.b64encode(file.read()).decode() + ")"


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def main(sources):
    for source in sources:
        name = source[:-len(".c")]
        with open(source, encoding="utf-8") as file:
            page = markdown(name, file.read())
        write("expected/pages/%s.md" % name, page)
        print("The page of %s is expected/pages/%s.md" % (source, name), end="")
        if shutil.which("pandoc"):
            os.makedirs("out", exist_ok=True)
            write("out/%s.html" % name, html(page))
            print(", and for printing out/%s.html." % name)
        else:
            print(". (For out/%s.html install pandoc.)" % name)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit("weave.py: %s" % error)
