#!/usr/bin/env python3
"""Writes mistakes.txt: a row of what Question 1 prints if one of its equations is wrong.

The training stands below as equations, from the handout, and a mistake is a line that
replaces some of them. To make one more known to mark.py, add a line to MISTAKES and run
this program (or make mistakes): two minutes on two cores. It needs NumPy.
"""
import multiprocessing
import os
import pathlib
import re
import sys

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
try:
    import numpy as np
except ImportError:
    system = "/usr/bin/python3"  # where Debian puts its NumPy
    if __name__ == "__main__" and sys.executable != system and os.path.exists(system):
        os.execv(system, [system] + sys.argv)
    print("mistakes: needs NumPy (Debian: python3-numpy)", file=sys.stderr)
    sys.exit(2)

EXPECTED = pathlib.Path(__file__).resolve().parent.parent
TRAIN, TEST = (np.loadtxt(EXPECTED.parent / "data" / name).T
               for name in ("train.txt", "test.txt"))

# ---- Question 1 ------------------------------------------------------------------------
# An equation can use those above it and all of NumPy. B: brightnesses, t: targets, an
# example a column; S: the weights at the start; s: f'; g: the gradient, downhill.

START = """
by_rows = lambda B: B.reshape(28, 28, -1).swapaxes(0, 1).reshape(B.shape)
pixels = lambda B: B / 255
target = lambda t: t
X = pixels(B); X_test = pixels(B_test)
y = target(t); y_test = target(t_test)
P = y.size
alpha = 0.1 / P
N1 = 100; N2 = 80
f = lambda u: maximum(u, 0)
seeded = seed(1)
draw = randn
drawn = "S3 S2 S1"
learn = "d3 d2 d1 g3 g2 g1 W3 W2 W1"
every = lambda n: [slice(k, k + n) for k in range(0, P, n)]
rows = 5000
"""
FORWARD = """
u1 = W1 @ X; h1 = f(u1); s1 = h1 > 0
u2 = W2 @ h1; h2 = f(u2); s2 = h2 > 0
y_hat = W3 @ h2
"""
# tested: the weights that the test set meets; batches: the examples of each update.
MEASURE = """
loss = sum((y - y_hat) ** 2) / 2 / y.size
accuracy = mean(sign(y_hat) == y)
tested = now
batches = every(P)
"""
# These are evaluated in the order that `drawn` and `learn` say.
IN_ORDER = """
S3 = scale * draw(1, N2)
S2 = scale * draw(N2, N1)
S1 = scale * draw(N1, 784)
d3 = y - y_hat
d2 = (W3.T @ d3) * s2
d1 = (W2.T @ d2) * s1
g3 = d3 @ h2.T
g2 = d2 @ h1.T
g1 = d1 @ X.T
W# = W# + alpha * g#
"""

# ---- The mistakes ----------------------------------------------------------------------
# name | equations. With a # an equation stands for three, with 1, 2 and 3 in its place.

MISTAKES = """
nothing wrong | rows = 5000
# the backward pass
f' left out at layer 1 (in delta_1) | s1 = 1
f' left out at layer 2 (in delta_2) | s2 = 1
f' left out at both layers, or step(0) = 1, which on h >= 0 is the same | s# = 1
f' left out at layer 2 in delta_1 only | d1 = (W2.T @ (W3.T @ d3)) * s1
f' inverted at both layers, [h <= 0] | s# = h# <= 0
f' inverted at layer 1, [h <= 0] | s1 = h1 <= 0
f' inverted at layer 2, [h <= 0] | s2 = h2 <= 0
f' taken of the backpropagated delta instead of h | d2 = f(W3.T @ d3); d1 = f(W2.T @ d2)
h itself where f' belongs, at both layers | s# = h#
the sigmoid's derivative h (1 - h) where f' belongs | s# = h# * (1 - h#)
sign(u), 1 or -1, where f' belongs | s# = sign(u#)
f' applied to delta_3 as well, [y_hat > 0] | d3 = (y - y_hat) * (y_hat > 0)
W2 reshaped instead of transposed in delta_1 | d1 = (W2.reshape(N1, N2) @ d2) * s1
the sign of the error, y_hat - y, or steps up the gradient | d3 = y_hat - y
the sign of delta_1 alone | g1 = -d1 @ X.T
the sign of the step of W3 alone | g3 = -d3 @ h2.T
the sign of the step of W2 alone | g2 = -d2 @ h1.T
the error y - sign(y_hat) in delta_3 | d3 = y - sign(y_hat)
delta_3 = y instead of e | d3 = y
delta_3 = -y_hat instead of e | d3 = -y_hat
the last example left out of the gradient | batches = [slice(0, P - 1)]
the first example left out of the gradient | batches = [slice(1, P)]
only the sevens trained (the first half of the examples) | batches = [slice(0, P // 2)]
# the update
W3 changed before delta_2 is computed | learn = "d3 g3 W3 d2 d1 g2 g1 W2 W1"
W3 and then W2 changed before the next delta is computed |
    learn = "d3 g3 W3 d2 g2 W2 d1 g1 W1"
W2 changed before delta_1 is computed | learn = "d3 d2 g3 g2 W2 d1 g1 W3 W1"
a new forward pass after each layer's update, W3, W2, W1 | learn = "d3 g3 W3 u1 h1 u2 h2
    y_hat d3 s2 d2 g2 W2 u1 h1 u2 h2 y_hat d3 s2 d2 s1 d1 g1 W1"
W1 never updated | W1 = W1
W2 never updated | W2 = W2
W3 never updated | W3 = W3
only W3 updated | W1 = W1; W2 = W2
only W2 updated | W1 = W1; W3 = W3
only W1 updated | W2 = W2; W3 = W3
no weight ever updated | W# = W#
the gradients not cleared between iterations | W# = W# + alpha * (m# := m# + g#)
alpha = 0.1, without 1/P | alpha = 0.1
alpha = 0.1/P_test | alpha = 0.1 / 200
alpha = 0.1/(P + P_test) | alpha = 0.1 / 2000
alpha = 0.01/P | alpha = 0.01 / P
alpha = 0.001/P | alpha = 0.001 / P
alpha = 1/P | alpha = 1 / P
alpha = 0.01, without 1/P | alpha = 0.01
alpha = 0.2/P, or a factor 2 in the gradient, as of a loss without 1/2 | alpha = 0.2 / P
alpha = 0.05/P, or a factor 1/2 in the gradient | alpha = 0.05 / P
the gradient divided by P and alpha, too | alpha = 0.1 / P / P
the mean's factor 2/P in the gradient and alpha = 0.1/P as well | alpha = 0.2 / P / P
momentum 0.9 | W# = W# + alpha * (m# := 0.9 * m# + g#)
momentum 0.9, as 0.9 m + 0.1 g | W# = W# + alpha * (m# := 0.9 * m# + 0.1 * g#)
momentum 0.5 | W# = W# + alpha * (m# := 0.5 * m# + g#)
a step after each example, alpha = 0.1/P | batches = every(1); rows = 50
a step after each example, alpha = 0.1 | batches = every(1); alpha = 0.1; rows = 5
a step after each example, alpha = 0.01 | batches = every(1); alpha = 0.01; rows = 5
one example an iteration, in turn, alpha = 0.1/P | batches = [every(1)[i - 1]]
one example an iteration, in turn, alpha = 0.1 | batches = [every(1)[i - 1]]; alpha = 0.1
a step after each batch of 100 examples, alpha = 0.1/P | batches = every(100)
a step after each batch of 100 examples, alpha = 0.1/100 |
    batches = every(100); alpha = 0.1 / 100
biases, 0 at the start and trained | u1 = W1 @ X + b1; u2 = W2 @ h1 + b2;
    y_hat = W3 @ h2 + b3; b# = b# + alpha * d#.sum(1)[:, None];
    learn = "d3 d2 d1 g3 g2 g1 b3 b2 b1 W3 W2 W1"
# the forward pass
a ReLU at the output | y_hat = f(W3 @ h2)
a ReLU at the output and in delta_3 | y_hat = f(W3 @ h2); d3 = (y - y_hat) * (y_hat > 0)
tanh at the output | y_hat = tanh(W3 @ h2)
tanh at the output and in delta_3 |
    y_hat = tanh(W3 @ h2); d3 = (y - y_hat) * (1 - y_hat ** 2)
a sigmoid at the output | y_hat = 1 / (1 + exp(-W3 @ h2))
no ReLU at layer 1, f' = [h > 0] kept | h1 = u1
no ReLU at layer 2, f' = [h > 0] kept | h2 = u2
no ReLU at either layer, f' = [h > 0] kept | f = lambda u: u
no ReLU and no f' at layer 1 | h1 = u1; s1 = 1
no ReLU and no f' at layer 2 | h2 = u2; s2 = 1
no ReLU and no f' at either layer: a linear network | f = lambda u: u; s# = 1
a leaky ReLU, slope 0.01 | f = lambda u: maximum(u, 0.01 * u); s# = where(h# > 0, 1, 0.01)
a leaky ReLU, slope 0.01, with f' of the ReLU | f = lambda u: maximum(u, 0.01 * u)
sigmoid instead of ReLU | f = lambda u: 1 / (1 + exp(-u)); s# = h# * (1 - h#)
tanh instead of ReLU | f = tanh; s# = 1 - h# ** 2
the absolute value instead of ReLU | f = abs; s# = sign(u#)
# the data
pixels not divided by 255 | pixels = lambda B: B
pixels divided by 256 | pixels = lambda B: B / 256
pixels divided by 255 twice | pixels = lambda B: B / 255 / 255
pixels divided by 128 and lowered by 1 | pixels = lambda B: B / 127.5 - 1
pixels 0 or 1 (whole-number division by 255) | pixels = lambda B: B // 255
pixels 0 or 1 (brightness above 127) | pixels = lambda B: (B > 127) * 1.0
pixels inverted, 1 - x | pixels = lambda B: 1 - B / 255
images read row by row instead of column by column | pixels = lambda B: by_rows(B) / 255
each pixel standardised |
    pixels = lambda A: (A - mean(B, 1)[:, None]) / where(B.any(1), std(B, 1), 1)[:, None]
each pixel's mean subtracted | pixels = lambda A: (A - mean(B, 1)[:, None]) / 255
each image scaled to length 1 | pixels = lambda B: B / sqrt(sum(B ** 2, 0))
targets 0 and 1 (1 where y_hat > 0.5) |
    target = lambda t: (t + 1) / 2; accuracy = mean((y_hat > 0.5) == y)
targets 0 and 1, accuracy by sign(y_hat) = y | target = lambda t: (t + 1) / 2
targets exchanged: sevens 1, nines -1 | target = lambda t: -t
training and test set exchanged |
    X = pixels(B_test); X_test = pixels(B); y = t_test; y_test = t
# the starting weights
weights drawn in the order W1, W2, W3 | drawn = "S1 S2 S3"
weights drawn column by column, or as transposed matrices |
    draw = lambda m, n: randn(n, m).T
weights drawn in the order W1, W2, W3, as transposed matrices |
    drawn = "S1 S2 S3"; draw = lambda m, n: randn(n, m).T
the generator seeded anew before each matrix | draw = lambda m, n: seed(1) or randn(m, n)
seed 0 instead of 1 | seeded = seed(0)
seed 2 instead of 1 | seeded = seed(2)
seed 42 instead of 1 | seeded = seed(42)
seed 123 instead of 1 | seeded = seed(123)
np.random.default_rng(1) instead of np.random.seed(1) |
    draw = lambda m, n, rng=random.default_rng(1): rng.standard_normal((m, n))
80 and 100 hidden units instead of 100 and 80 | N1 = 80; N2 = 100
100 and 100 hidden units instead of 100 and 80 | N2 = 100
row 1 is that of the other weight_scale: compare with its table |
    draw = lambda m, n: randn(m, n) * 0.001 / scale ** 2; rows = 1
weight_scale squared | draw = lambda m, n: scale * randn(m, n)
weight_scale taken as a variance (its square root) |
    draw = lambda m, n: scale ** -0.5 * randn(m, n)
weight_scale left out, weights of unit variance | draw = lambda m, n: randn(m, n) / scale
weight_scale left out at W3 | S3 = draw(1, N2)
weights uniform in [0, 1) instead of Gaussian | draw = rand
weights uniform in [-1, 1) instead of Gaussian | draw = lambda m, n: 2 * rand(m, n) - 1
weights uniform in [-0.5, 0.5) instead of Gaussian | draw = lambda m, n: rand(m, n) - 0.5
weights divided by the square root of the inputs (Xavier), not scaled |
    draw = lambda m, n: randn(m, n) / sqrt(n) / scale
weights times the square root of 2/inputs (He), not scaled |
    draw = lambda m, n: randn(m, n) * sqrt(2 / n) / scale
weights 0 at the start, or an output of 0 from row 1 on | draw = lambda *size: zeros(size)
# the test set and the accuracy
the test set evaluated with the starting weights | tested = start
the test images not divided by 255 | X_test = B_test
the test images read row by row instead of column by column |
    X_test = by_rows(B_test) / 255
the test targets exchanged | y_test = -t_test
the test targets all -1, the first of the training set | y_test = t[:, :200]
the first 200 training examples for the test set |
    X_test = X[:, :200]; y_test = y[:, :200]
the last 200 training examples for the test set |
    X_test = X[:, -200:]; y_test = y[:, -200:]
accuracy by rounding, round(y_hat) = y, or by |y - y_hat| < 0.5 |
    accuracy = mean(round(y_hat) == y)
accuracy by y_hat > 0.5 for nines | accuracy = mean(where(y_hat > 0.5, 1, -1) == y)
absolute instead of squared errors in the loss | loss = sum(abs(y - y_hat)) / 2 / y.size
the root of the mean squared error for the loss | loss = sqrt(mean((y - y_hat) ** 2))
"""


def known():
    """The mistakes, {name: equations}."""
    text = re.sub(r"(?m)^#.*\n", "", MISTAKES.strip()).replace("\n    ", " ")
    return dict(re.split(r" \| +(?=[\w#]+ = )", line) for line in text.splitlines())


# ---- The training ----------------------------------------------------------------------

def equations(text):
    """{left side: equation}"""
    each = [line.replace("#", k) for k in "123" for line in re.split(r"\n|; *", text)]
    return {line.partition(" = ")[0]: line for line in each if line}


@np.errstate(all="ignore")
def train(scale, mistake="", most=5000):
    """The table: rows of losses and accuracies."""
    lines = dict(equations(START + FORWARD + MEASURE + IN_ORDER), **equations(mistake))
    code = {left: compile(line, line, "exec") for left, line in lines.items()}

    def evaluate(v, *lefts):
        for left in lefts:
            exec(code[left], v)

    v = dict(vars(np), randn=np.random.randn, rand=np.random.rand, seed=np.random.seed,
             scale=float(scale), B=TRAIN[1:], t=TRAIN[:1], B_test=TEST[1:],
             t_test=TEST[:1], b1=0, b2=0, b3=0, m1=0, m2=0, m3=0)
    evaluate(v, *equations(START))
    evaluate(v, *v["drawn"].split())
    v["W1"], v["W2"], v["W3"] = v["start"] = v["S1"], v["S2"], v["S3"]
    X, y, table = v["X"], v["y"], []
    for i in range(1, min(most, v["rows"]) + 1):
        v.update(i=i, now=(v["W1"], v["W2"], v["W3"]))
        evaluate(v, *equations(FORWARD + MEASURE))
        test = dict(v, X=v["X_test"], y=v["y_test"])
        test["W1"], test["W2"], test["W3"] = v["tested"]
        evaluate(test, *equations(FORWARD + MEASURE))
        table.append([v["loss"], test["loss"], v["accuracy"], test["accuracy"]])
        for batch in v["batches"]:
            if batch != slice(0, y.size):  # else the forward pass is there
                v.update(X=X[:, batch], y=y[:, batch])
                evaluate(v, *equations(FORWARD))
            evaluate(v, *v["learn"].split())
        v.update(X=X, y=y)
    return table


# ---- mistakes.txt ----------------------------------------------------------------------

HEAD = """\
# Practical 4: Deep Networks, question 1: what known mistakes print, for mark.py
# made by mistakes.py, which trains each of them and keeps one row
# weight_scale iteration train_loss test_loss train_accuracy test_accuracy mistake
"""
LAST = {"0.1": 3, "0.01": 100}  # where mistakes are far enough apart


def row_to_keep(table, right, scale):
    """The last before the loss is halved (0.01), it blows up or the output dies."""
    low = 0.4 * table[0][0] if scale == "0.01" else 0
    i = 1
    while i < len(table) and low < table[i][0] < 1e4 and table[i][0] != 0.5:
        i += 1
    return min(i + (table[i - 1] == right[i - 1]), len(table))


def as_text(row):
    return " ".join("%.6g" % x for x in row)


def main():
    jobs = [(scale, name) for scale in LAST for name in known()]
    with multiprocessing.Pool(2) as pool:
        tables = dict(zip(jobs, pool.starmap(train, [
            (scale, known()[name], LAST[scale]) for scale, name in jobs], chunksize=1)))
    right = {scale: tables[scale, "nothing wrong"] for scale in LAST}
    for scale, table in right.items():
        lines = (EXPECTED / ("backprop_%s.txt" % scale)).read_text().splitlines()
        ours = [" ".join(line.split()[1:]) for line in lines if line[:1] != "#"]
        assert ours[:len(table)] == list(map(as_text, table)), "the right table is wrong"
    text = HEAD
    for scale, name in jobs:
        i = row_to_keep(tables[scale, name], right[scale], scale)
        row = as_text(tables[scale, name][i - 1])
        if row != as_text(right[scale][i - 1]):
            text += "%s %d %s %s\n" % (scale, i, row, name)
    pathlib.Path(__file__).with_name("mistakes.txt").write_text(text)


if __name__ == "__main__":
    main()
