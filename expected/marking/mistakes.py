#!/usr/bin/env python3
"""Writes mistakes.txt: rows of what Question 1 prints if one of its equations is wrong.

    python3 expected/marking/mistakes.py        (or: make mistakes; it needs NumPy)

The training stands below as equations, as in the handout. A mistake is a line of
MISTAKES: its name, a bar, and the equations that replace those with the same left side.

To add a mistake, write such a line and run this program. The name stands in mark.py's
verdict, so it says what the student did. The program stops if two mistakes print the
same rows: give them one line, and a name with "or" in it.
"""
import gc
import multiprocessing
import os
import pathlib
import sys

# Each of the two processes uses one core. NumPy reads these when it is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

EXPECTED = pathlib.Path(__file__).resolve().parent.parent
MISTAKES_TXT = EXPECTED / "marking" / "mistakes.txt"
sys.path.insert(0, str(EXPECTED / "evidence"))
try:
    import numpy as np
    import train
except ImportError as problem:
    sys.exit("mistakes.py: %s; it needs NumPy (Debian: python3-numpy)" % problem)

# Question 1
# An equation is a line of Python, or a part of one that ends with a semicolon. It can use
# the equations above it and all of NumPy.
#
# B, B_test      brightnesses from 0 to 255, 784 rows, a column for each example
# t, t_test      targets, -1 or 1, a row
# scale          weight_scale
# u, h, s        the input of a layer, its activity and f'
# d, g           delta and the gradient, downhill
# sum1 to sum3   0 at the start, for what a mistake sums over the iterations
#
# DRAW and UPDATE are evaluated in the order that draw_order and update_order name.

START = """
by_rows = lambda B: B.reshape(28, 28, -1).swapaxes(0, 1).reshape(B.shape)
pixels = lambda B: B / 255
target = lambda t: t
X = pixels(B); X_test = pixels(B_test)
y = target(t); y_test = target(t_test)
P = y.size; P_test = y_test.size
alpha = 0.1 / P
N1 = 100; N2 = 80
f = lambda u: maximum(u, 0)
seeded = random.seed(1)
draw = random.randn
draw_order = "W3 W2 W1"
update_order = "d3 d2 d1 g3 g2 g1 W3 W2 W1"
sum3 = 0; sum2 = 0; sum1 = 0
"""
DRAW = """
W3 = scale * draw(1, N2)
W2 = scale * draw(N2, N1)
W1 = scale * draw(N1, 784)
"""
MEASURE = """
u1 = W1 @ X; h1 = f(u1); s1 = h1 > 0
u2 = W2 @ h1; h2 = f(u2); s2 = h2 > 0
y_hat = W3 @ h2
loss = sum((y - y_hat) ** 2) / 2 / y.size
accuracy = mean(sign(y_hat) == y)
"""
UPDATE = """
d3 = y - y_hat
d2 = (W3.T @ d3) * s2
d1 = (W2.T @ d2) * s1
g3 = d3 @ h2.T
g2 = d2 @ h1.T
g1 = d1 @ X.T
W3 = W3 + alpha * g3
W2 = W2 + alpha * g2
W1 = W1 + alpha * g1
"""

# The mistakes
# A line that begins with four spaces continues the line above it. W1, W2 and W3 are
# drawn by one equation and updated by another: "draw W1 = ..." replaces the first.

MISTAKES = """
# the backward pass
f' left out at layer 1 (in delta_1) | s1 = 1
f' left out at layer 2 (in delta_2) | s2 = 1
f' left out at both layers, or step(0) = 1, which on h >= 0 is the same | s1 = 1; s2 = 1
f' left out at layer 2 in delta_1 only | d1 = (W2.T @ (W3.T @ d3)) * s1
f' inverted at both layers, [h <= 0] | s1 = h1 <= 0; s2 = h2 <= 0
f' inverted at layer 1, [h <= 0] | s1 = h1 <= 0
f' inverted at layer 2, [h <= 0] | s2 = h2 <= 0
f' taken of the backpropagated delta instead of h | d2 = f(W3.T @ d3); d1 = f(W2.T @ d2)
h itself where f' belongs, at both layers | s1 = h1; s2 = h2
f' applied to delta_3 as well, [y_hat > 0] | d3 = (y - y_hat) * (y_hat > 0)
f' written into h (h[h > 0] = 1) before the gradients of W3 and W2 use h |
    g3 = d3 @ s2.T; g2 = d2 @ s1.T
u in place of h in the gradients of W3 and W2 | g3 = d3 @ u2.T; g2 = d2 @ u1.T
u in place of h in the gradient of W3 | g3 = d3 @ u2.T
u in place of h in the gradient of W2 | g2 = d2 @ u1.T
W2 reshaped instead of transposed in delta_1 | d1 = (W2.reshape(N1, N2) @ d2) * s1
W2 reshaped column by column, as MATLAB does, instead of transposed in delta_1 |
    d1 = (W2.reshape(N1, N2, order="F") @ d2) * s1
the sign of the error, y_hat - y, or steps up the gradient | d3 = y_hat - y
the sign of the step of W3 alone | g3 = -d3 @ h2.T
the sign of the step of W2 alone | g2 = -d2 @ h1.T
the sign of the step of W1 alone | g1 = -d1 @ X.T
delta_3 = y instead of e | d3 = y
delta_3 = y - sign(y_hat) instead of e | d3 = y - sign(y_hat)
delta_3 = e^2 instead of e | d3 = (y - y_hat) ** 2
# the update
W3 changed before delta_2 is computed | update_order = "d3 g3 W3 d2 d1 g2 g1 W2 W1"
W3 and then W2 changed before the next delta is computed |
    update_order = "d3 g3 W3 d2 g2 W2 d1 g1 W1"
W2 changed before delta_1 is computed | update_order = "d3 d2 g3 g2 W2 d1 g1 W3 W1"
W1 never updated | W1 = W1
W2 never updated | W2 = W2
W3 never updated | W3 = W3
only W3 updated | W1 = W1; W2 = W2
only W1 updated | W2 = W2; W3 = W3
no weight ever updated | W1 = W1; W2 = W2; W3 = W3
the gradients not set to 0 in each iteration |
    W3 = W3 + alpha * (sum3 := sum3 + g3); W2 = W2 + alpha * (sum2 := sum2 + g2);
    W1 = W1 + alpha * (sum1 := sum1 + g1)
alpha = 0.1, without 1/P | alpha = 0.1
alpha = 0.1/P_test | alpha = 0.1 / P_test
alpha = 0.1/(P + P_test) | alpha = 0.1 / (P + P_test)
alpha = 0.1/784, as of len(X) or X.shape[0] | alpha = 0.1 / 784
alpha = 0.01/P | alpha = 0.01 / P
alpha = 0.001/P | alpha = 0.001 / P
alpha = 1/P | alpha = 1 / P
alpha = 0.01, without 1/P | alpha = 0.01
alpha = 0.2/P, or a factor 2 in the gradient, as of a loss without 1/2 | alpha = 0.2 / P
alpha = 0.05/P, or a factor 1/2 in the gradient | alpha = 0.05 / P
the gradient divided by P and alpha, too | alpha = 0.1 / P / P
the mean's factor 2/P in the gradient and alpha = 0.1/P as well | alpha = 0.2 / P / P
# the forward pass
a ReLU at the output | y_hat = f(W3 @ h2)
a ReLU at the output and in delta_3 | y_hat = f(W3 @ h2); d3 = (y - y_hat) * (y_hat > 0)
no ReLU at layer 1, f' = [h > 0] kept | h1 = u1
no ReLU at layer 2, f' = [h > 0] kept | h2 = u2
no ReLU at either layer, f' = [h > 0] kept | f = lambda u: u
no ReLU and no f' at layer 1 | h1 = u1; s1 = 1
no ReLU and no f' at layer 2 | h2 = u2; s2 = 1
no ReLU and no f' at either layer: a linear network | f = lambda u: u; s1 = 1; s2 = 1
a leaky ReLU, slope 0.01 | f = lambda u: maximum(u, 0.01 * u);
    s1 = where(h1 > 0, 1, 0.01); s2 = where(h2 > 0, 1, 0.01)
a leaky ReLU, slope 0.01, with f' of the ReLU | f = lambda u: maximum(u, 0.01 * u)
# the data and the labels
pixels not divided by 255 | pixels = lambda B: B
pixels divided by 256 | pixels = lambda B: B / 256
pixels divided by 255 twice | pixels = lambda B: B / 255 / 255
pixels 0 or 1 (brightness above 127, as of uint8(B) / 255) |
    pixels = lambda B: 1.0 * (B > 127)
pixels 0 or 1 (whole-number division by 255) | pixels = lambda B: B // 255
images read row by row instead of column by column | pixels = lambda B: by_rows(B) / 255
the label taken for the first pixel and the last pixel left out, T[:, :-1] |
    X = vstack([t, B[:-1]]) / 255; X_test = vstack([t_test, B_test[:-1]]) / 255
the label taken for a pixel, all 785 columns of the file |
    X = vstack([t, B]) / 255; X_test = vstack([t_test, B_test]) / 255;
    draw W1 = scale * draw(N1, 785)
the label taken for a pixel, all 785 columns of the file, and the label not divided |
    X = vstack([t, B / 255]); X_test = vstack([t_test, B_test / 255]);
    draw W1 = scale * draw(N1, 785)
targets 0 and 1 (1 where y_hat > 0.5) |
    target = lambda t: (t + 1) / 2; accuracy = mean((y_hat > 0.5) == y)
targets 0 and 1, accuracy by sign(y_hat) = y | target = lambda t: (t + 1) / 2
targets exchanged: sevens 1, nines -1 | target = lambda t: -t
training and test set exchanged |
    X = pixels(B_test); X_test = pixels(B); y = t_test; y_test = t
training and test set exchanged, alpha = 0.1/1800 |
    X = pixels(B_test); X_test = pixels(B); y = t_test; y_test = t; alpha = 0.1 / 1800
the test images not divided by 255 | X_test = B_test
the test images read row by row instead of column by column |
    X_test = by_rows(B_test) / 255
the test targets all -1, the first of the training set | y_test = t[:, :200]
the training set measured for the test set, too | X_test = X; y_test = y
the first 200 training examples for the test set |
    X_test = X[:, :200]; y_test = y[:, :200]
# the starting weights
weights drawn in the order W1, W2, W3 | draw_order = "W1 W2 W3"
weights drawn column by column, or as transposed matrices |
    draw = lambda m, n: random.randn(n, m).T
weights drawn in the order W1, W2, W3, as transposed matrices |
    draw_order = "W1 W2 W3"; draw = lambda m, n: random.randn(n, m).T
the generator seeded anew before each matrix |
    draw = lambda m, n: random.seed(1) or random.randn(m, n)
seed 0 instead of 1 | seeded = random.seed(0)
seed 42 instead of 1 | seeded = random.seed(42)
np.random.default_rng(1) instead of np.random.seed(1) |
    draw = lambda m, n, rng=random.default_rng(1): rng.standard_normal((m, n))
80 and 100 hidden units instead of 100 and 80 | N1 = 80; N2 = 100
100 and 100 hidden units instead of 100 and 80 | N2 = 100
the other weight_scale, 0.01 for 0.1 or 0.1 for 0.01, or squared, or its square root |
    draw = lambda m, n: random.randn(m, n) * 0.001 / scale ** 2
weight_scale left out, weights of unit variance |
    draw = lambda m, n: random.randn(m, n) / scale
weights uniform in [0, 1) instead of Gaussian | draw = random.rand
weights uniform in [-0.5, 0.5) instead of Gaussian |
    draw = lambda m, n: random.rand(m, n) - 0.5
# the loss and the accuracy
the losses without 1/2 | loss = sum((y - y_hat) ** 2) / y.size
the losses not divided by the number of examples | loss = sum((y - y_hat) ** 2) / 2
the losses without 1/2, and not divided by the number of examples |
    loss = sum((y - y_hat) ** 2)
the losses divided by 784 instead of the number of examples |
    loss = sum((y - y_hat) ** 2) / 2 / 784
the test loss divided by the 1800 training examples |
    loss = sum((y - y_hat) ** 2) / 2 / 1800
the root of the mean squared error for the loss | loss = sqrt(mean((y - y_hat) ** 2))
the mean absolute error for the loss | loss = mean(abs(y - y_hat))
half the mean absolute error for the loss | loss = mean(abs(y - y_hat)) / 2
accuracy by rounding, round(y_hat) = y, or by |y - y_hat| < 0.5 |
    accuracy = mean(round(y_hat) == y)
accuracy by y_hat > 0.5 for nines | accuracy = mean(where(y_hat > 0.5, 1, -1) == y)
the fraction of wrong examples for the accuracy | accuracy = mean(sign(y_hat) != y)
the number of right examples for the accuracy | accuracy = sum(sign(y_hat) == y)
# shapes (P,) and (P, 1): y - y_hat has a row for each target and a column for each output
y - y_hat of shape (P, P) throughout, its mean for the loss |
    loss = mean((y.T - y_hat) ** 2) / 2; accuracy = mean(sign(y_hat) == y.T);
    d3 = mean(y.T - y_hat, 0)[None]
y - y_hat of shape (P, P) throughout, its sum divided by P for the loss |
    loss = sum((y.T - y_hat) ** 2) / 2 / y.size; accuracy = mean(sign(y_hat) == y.T);
    d3 = sum(y.T - y_hat, 0)[None]
y - y_hat of shape (P, P) in the loss only, its mean |
    loss = mean((y.T - y_hat) ** 2) / 2
y - y_hat of shape (P, P) in the loss only, its sum divided by P |
    loss = sum((y.T - y_hat) ** 2) / 2 / y.size
sign(y_hat) == y of shape (P, P) in the accuracy only |
    accuracy = mean(sign(y_hat) == y.T)
shapes (P, P) in the loss, its mean, and in the accuracy |
    loss = mean((y.T - y_hat) ** 2) / 2; accuracy = mean(sign(y_hat) == y.T)
shapes (P, P) in the loss, its sum divided by P, and in the accuracy |
    loss = sum((y.T - y_hat) ** 2) / 2 / y.size; accuracy = mean(sign(y_hat) == y.T)
"""


def equations(text, prefix=""):
    """Return the equations of a text, {left side: equation}."""
    found = {}
    for equation in text.replace(";", "\n").splitlines():
        left_side = prefix + equation.partition(" = ")[0].strip()
        if left_side:
            found[left_side] = equation.strip()
    return found


def known():
    """Return the mistakes, {name: {left side: equation}}."""
    mistakes = {}
    for line in MISTAKES.replace("\n    ", " ").splitlines():
        if line and not line.startswith("#"):
            name, _, text = line.partition(" | ")
            mistakes[name] = equations(text)
    return mistakes


# The training

def read(name):
    """Return the brightnesses and the targets of a file of data/."""
    X, y = train.read(name)
    return np.rint(255 * X), y


B, t = read("train.txt")
B_test, t_test = read("test.txt")


def code_with(mistake):
    """Return the code of each equation, with those of a mistake in place."""
    used = {**equations(START), **equations(DRAW, "draw "), **equations(MEASURE),
            **equations(UPDATE)}
    for left_side in mistake:
        if left_side not in used:
            raise ValueError("no equation has the left side %r" % left_side)
    used.update(mistake)
    return {left: compile(equation.replace("draw W", "W"), equation, "exec")
            for left, equation in used.items()}


def evaluate(code, left_sides, values):
    """Evaluate equations one after another. They read and change the values."""
    for left_side in left_sides:
        exec(code[left_side], values)


def train_with(mistake, scale, rows):
    """Return the first rows that a training with these equations prints."""
    code = code_with(mistake)
    values = dict(vars(np), scale=float(scale), B=B, t=t, B_test=B_test, t_test=t_test)
    table = []
    with np.errstate(all="ignore"):
        evaluate(code, equations(START), values)
        evaluate(code, ["draw " + W for W in values["draw_order"].split()], values)
        for _ in range(rows):
            evaluate(code, equations(MEASURE), values)
            test = dict(values, X=values["X_test"], y=values["y_test"])
            evaluate(code, equations(MEASURE), test)
            table.append([values["loss"], test["loss"],
                          values["accuracy"], test["accuracy"]])
            evaluate(code, values["update_order"].split(), values)
    return table


# mistakes.txt

HEAD = """\
# Practical 4: Deep Networks, question 1: what known mistakes print, for mark.py
# made by mistakes.py; the rows named "right" are those of the expected tables
# weight_scale iteration train_loss test_loss train_accuracy test_accuracy mistake
"""
# With 0.01 training leaves the plateau near row 111: there are rows before and after it.
STORED = {"0.1": [1, 2, 3, 10, 30], "0.01": [1, 2, 3, 10, 30, 100, 130, 160]}


def rows_to_store(name, scale):
    """Return the rows of a mistake that mistakes.txt holds, as texts.

    A row with nan or inf is left out: what a program prints after it is its own affair.
    """
    try:
        table = train_with(known().get(name, {}), scale, STORED[scale][-1])
    except Exception as problem:
        raise ValueError("the mistake %r cannot be trained: %s" % (name, problem))
    rows = []
    gc.collect()  # The lambdas of START hold each training's matrices.
    for iteration in STORED[scale]:
        row = table[iteration - 1]
        if np.all(np.isfinite(row)):
            rows.append("%d %.6g %.6g %.6g %.6g" % (iteration, *row))
    return rows


def check_expected(scale, rows):
    """Stop if these right rows are not those of the expected table."""
    expected = {}
    for line in (EXPECTED / ("backprop_%s.txt" % scale)).read_text().splitlines():
        if not line.startswith("#"):
            row = line.split()
            expected[row[0]] = " ".join(row)
    for row in rows:
        if row != expected.get(row.split()[0]):
            sys.exit("mistakes.py: backprop_%s.txt has not the row %s: the tables in "
                     "expected/ are of other sizes or another alpha: change N1, N2, "
                     "alpha in START" % (scale, row))


def main():
    """Train all mistakes and write mistakes.txt."""
    names = ["right"] + list(known())
    jobs = [(name, scale) for scale in STORED for name in names]
    with multiprocessing.Pool(2) as pool:
        for scale in STORED:
            check_expected(scale, pool.apply(rows_to_store, ("right", scale)))
        try:
            stored = dict(zip(jobs, pool.starmap(rows_to_store, jobs, chunksize=1)))
        except ValueError as problem:
            sys.exit("mistakes.py: %s" % problem)
    first_with = {}
    for name, scale in jobs:
        other = first_with.setdefault((scale, str(stored[name, scale])), name)
        if other != name:
            sys.exit("mistakes.py: %r and %r print the same rows with %s; make them one "
                     "mistake with a joined name" % (other, name, scale))
    lines = ["%s %s %s\n" % (scale, row, name)
             for name, scale in jobs for row in stored[name, scale]]
    MISTAKES_TXT.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
