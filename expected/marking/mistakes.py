#!/usr/bin/env python3
"""Writes mistakes.txt: rows of what Question 1 prints if one of its equations is wrong.

The training stands below as equations, as in the handout. A mistake is a line of
MISTAKES: a name, a bar and the equations that replace some of those.

To add a mistake, write such a line into its group and run this program (make mistakes).
It needs NumPy and takes some minutes on two cores. With names of mistakes as arguments,

    python3 expected/marking/mistakes.py "alpha = 1/P" "only W1 updated"

it trains only these, and keeps the rows that mistakes.txt has of the others.

The name stands in mark.py's verdict, so it says what the student did. The program stops
if two mistakes print the same rows: give them one line, and a name with "or" in it. If
.ci/marking has the same equations in UNLISTED, take them out there.
"""
import multiprocessing
import os
import pathlib
import sys

# Each of the two processes uses one core. NumPy reads these when it is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
try:
    import numpy as np
except ImportError:
    print("mistakes.py: needs NumPy; install it (Debian: python3-numpy)", file=sys.stderr)
    sys.exit(2)

import train  # noqa: E402

MISTAKES_TXT = pathlib.Path(__file__).resolve().with_name("mistakes.txt")
EXPECTED = MISTAKES_TXT.parent.parent
DATA = EXPECTED.parent / "data"
TRAIN = np.loadtxt(DATA / "train.txt").T
TEST = np.loadtxt(DATA / "test.txt").T

# ---- Question 1 ------------------------------------------------------------------------
# An equation is a line of Python, or a part of one that ends with a semicolon. It can use
# the equations above it and all of NumPy. With a # in it, it stands for three, with 1, 2
# and 3 in its place.
#
# B, B_test      brightnesses from 0 to 255, 784 rows, a column for each example
# t, t_test      targets, -1 or 1, a row
# scale          weight_scale
# S1, S2, S3     the weights at the start
# u, h, s        the input of a layer, its activity and f'
# d, g           delta and the gradient, downhill
# i              the iteration, from 1 on
# b, m, q, o     0 at the start, for what a mistake keeps from one update to the next
# drawn, learn   the left sides of IN_ORDER in the order in which they are evaluated; a
#                left side that a mistake adds is evaluated if it is in one of these
# now, start     the weights of this iteration and those at the start, (W1, W2, W3)
# tested         the weights that the test set meets
# batches        the examples of each update in an iteration
# rows           the number of iterations, fewer where rounding decides what follows or
#                where an iteration takes long

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
adam = lambda m, q: m / (1 - 0.9 ** i) / (sqrt(q / (1 - 0.999 ** i)) + 1e-8)
rows = 5000
"""
FORWARD = """
u1 = W1 @ X; h1 = f(u1); s1 = h1 > 0
u2 = W2 @ h1; h2 = f(u2); s2 = h2 > 0
y_hat = W3 @ h2
"""
MEASURE = """
loss = sum((y - y_hat) ** 2) / 2 / y.size
accuracy = mean(sign(y_hat) == y)
tested = now
batches = every(P)
"""
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
# A line that begins with four spaces continues the line above it.

MISTAKES = """
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
W2 reshaped column by column, as MATLAB does, instead of transposed in delta_1 |
    d1 = (W2.reshape(N1, N2, order="F") @ d2) * s1
f' written into h (h[h > 0] = 1) before the gradients of W3 and W2 use h |
    g3 = d3 @ s2.T; g2 = d2 @ s1.T
f' written into delta_2 and delta_1 (one array under two names), so that they are f' |
    d# = 1.0 * s#; d3 = y - y_hat
f' of the iteration before in every update but the first |
    o# = s#; d2 = (W3.T @ d3) * (o2 if i > 1 else s2);
    d1 = (W2.T @ d2) * (o1 if i > 1 else s1);
    learn = "d3 d2 d1 g3 g2 g1 W3 W2 W1 o2 o1"
f' of the iteration before, 0 in the first update |
    o# = s#; d2 = (W3.T @ d3) * o2; d1 = (W2.T @ d2) * o1;
    learn = "d3 d2 d1 g3 g2 g1 W3 W2 W1 o2 o1"
the sign of the error, y_hat - y, or steps up the gradient | d3 = y_hat - y
the sign of delta_1 alone | g1 = -d1 @ X.T
the sign of the step of W3 alone | g3 = -d3 @ h2.T
the sign of the step of W2 alone | g2 = -d2 @ h1.T
the error y - sign(y_hat) in delta_3 | d3 = y - sign(y_hat)
delta_3 = y instead of e | d3 = y
delta_3 = sign(e), the sign of the error | d3 = sign(y - y_hat)
delta_3 = y where y y_hat < 1, else 0 (the hinge loss) | d3 = y * (y * y_hat < 1)
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
alpha = 0.1/784, as of len(X) or X.shape[0] | alpha = 0.1 / 784
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
Adam with step size 0.1/P, gradients summed over the examples |
    W# = W# + alpha * adam(m# := 0.9 * m# + 0.1 * g#, q# := 0.999 * q# + 0.001 * g# ** 2)
Adam with step size 0.1/P, gradients divided by P |
    g3 = d3 @ h2.T / P; g2 = d2 @ h1.T / P; g1 = d1 @ X.T / P;
    W# = W# + alpha * adam(m# := 0.9 * m# + 0.1 * g#, q# := 0.999 * q# + 0.001 * g# ** 2)
Adam with step size 0.001, gradients summed over the examples | alpha = 0.001;
    W# = W# + alpha * adam(m# := 0.9 * m# + 0.1 * g#, q# := 0.999 * q# + 0.001 * g# ** 2)
Adam with step size 0.001, gradients divided by P | alpha = 0.001; g3 = d3 @ h2.T / P;
    g2 = d2 @ h1.T / P; g1 = d1 @ X.T / P;
    W# = W# + alpha * adam(m# := 0.9 * m# + 0.1 * g#, q# := 0.999 * q# + 0.001 * g# ** 2)
weight decay 1e-4, each update from (1 - 1e-4) W | W# = (1 - 1e-4) * W# + alpha * g#
weight decay 1e-4 with learning rate 0.1, each update from (1 - 1e-5) W |
    W# = (1 - 1e-5) * W# + alpha * g#
a step after each example, alpha = 0.1/P | batches = every(1); rows = 50
a step after each example, alpha = 0.1 | batches = every(1); alpha = 0.1; rows = 5
a step after each example, alpha = 0.01 | batches = every(1); alpha = 0.01; rows = 5
one example an iteration, in turn, alpha = 0.1/P | batches = [every(1)[i - 1]]
one example an iteration, in turn, alpha = 0.1 | batches = [every(1)[i - 1]]; alpha = 0.1
a step after each batch of 100 examples, alpha = 0.1/P | batches = every(100)
a step after each batch of 100 examples, alpha = 0.1/100 |
    batches = every(100); alpha = 0.1 / 100; rows = 100
biases, 0 at the start and trained | u1 = W1 @ X + b1; u2 = W2 @ h1 + b2;
    y_hat = W3 @ h2 + b3; b# = b# + alpha * d#.sum(1)[:, None];
    learn = "d3 d2 d1 g3 g2 g1 b3 b2 b1 W3 W2 W1"
biases of the hidden layers only, 0 at the start and trained | u1 = W1 @ X + b1;
    u2 = W2 @ h1 + b2; b# = b# + alpha * d#.sum(1)[:, None];
    learn = "d3 d2 d1 g3 g2 g1 b2 b1 W3 W2 W1"
# the forward pass
a ReLU at the output | y_hat = f(W3 @ h2)
a ReLU at the output and in delta_3 | y_hat = f(W3 @ h2); d3 = (y - y_hat) * (y_hat > 0)
outputs clipped to [0, 1] | y_hat = clip(W3 @ h2, 0, 1)
outputs clipped to [-1, 1] | y_hat = clip(W3 @ h2, -1, 1)
outputs clipped to [-1, 1], and 0 in delta_3 where they are |
    y_hat = clip(W3 @ h2, -1, 1); d3 = (y - y_hat) * (abs(y_hat) < 1)
tanh at the output | y_hat = tanh(W3 @ h2)
tanh at the output and in delta_3 |
    y_hat = tanh(W3 @ h2); d3 = (y - y_hat) * (1 - y_hat ** 2)
a sigmoid at the output | y_hat = 1 / (1 + exp(-W3 @ h2))
a sigmoid at the output and in delta_3 |
    y_hat = 1 / (1 + exp(-W3 @ h2)); d3 = (y - y_hat) * y_hat * (1 - y_hat)
a sigmoid at the output, targets 0 and 1 (1 where y_hat > 0.5) |
    y_hat = 1 / (1 + exp(-W3 @ h2)); target = lambda t: (t + 1) / 2;
    accuracy = mean((y_hat > 0.5) == y)
a sigmoid at the output and in delta_3, targets 0 and 1 (1 where y_hat > 0.5) |
    y_hat = 1 / (1 + exp(-W3 @ h2)); d3 = (y - y_hat) * y_hat * (1 - y_hat);
    target = lambda t: (t + 1) / 2; accuracy = mean((y_hat > 0.5) == y)
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
the label taken for the first pixel and the last pixel left out, T[:, :-1] |
    X = vstack([t, B[:-1]]) / 255; X_test = vstack([t_test, B_test[:-1]]) / 255
the images shifted by one pixel | pixels = lambda B: roll(B, 1, 0) / 255
the label taken for a pixel, all 785 columns of the file |
    X = vstack([t, B]) / 255; X_test = vstack([t_test, B_test]) / 255;
    S1 = scale * draw(N1, 785)
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
the other weight_scale: compare with its table |
    draw = lambda m, n: randn(m, n) * 0.001 / scale ** 2
weight_scale squared | draw = lambda m, n: scale * randn(m, n)
weight_scale taken as a variance (its square root) |
    draw = lambda m, n: scale ** -0.5 * randn(m, n)
weight_scale left out, weights of unit variance | draw = lambda m, n: randn(m, n) / scale
weight_scale left out at W3 | S3 = draw(1, N2)
weight_scale left out at W2 | S2 = draw(N2, N1)
weight_scale left out at W1 | S1 = draw(N1, 784)
weights uniform in [0, 1) instead of Gaussian | draw = rand
weights uniform in [-1, 1) instead of Gaussian | draw = lambda m, n: 2 * rand(m, n) - 1
weights uniform in [-0.5, 0.5) instead of Gaussian | draw = lambda m, n: rand(m, n) - 0.5
weights divided by the square root of the inputs (Xavier), not scaled |
    draw = lambda m, n: randn(m, n) / sqrt(n) / scale
weights times the square root of 2/inputs (He), not scaled |
    draw = lambda m, n: randn(m, n) * sqrt(2 / n) / scale
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
the mean absolute error for the loss, without 1/2 | loss = mean(abs(y - y_hat))
the hinge loss for the loss, without 1/2 | loss = mean(maximum(0, 1 - y * y_hat))
the root of the mean squared error for the loss | loss = sqrt(mean((y - y_hat) ** 2))
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


def known():
    """Return the mistakes, {name: equations}."""
    mistakes = {}
    for line in MISTAKES.replace("\n    ", " ").splitlines():
        if line and not line.startswith("#"):
            name, _, text = line.partition(" | ")
            mistakes[name] = text.strip()
    return mistakes


# ---- The training ----------------------------------------------------------------------

def written(text):
    """Return the equations of a text as they are written, a list."""
    parts = [part.strip() for part in text.replace(";", "\n").splitlines()]
    return [part for part in parts if part]


def equations(text):
    """Return the equations of a text with 1, 2 and 3 for #, {left side: equation}."""
    found = {}
    for equation in written(text):
        for layer in "123":
            of_layer = equation.replace("#", layer)
            left_side = of_layer.partition(" = ")[0]
            found[left_side] = of_layer
    return found


AT_START = list(equations(START))
IN_EACH_ROW = list(equations(FORWARD + MEASURE))
IN_EACH_BATCH = list(equations(FORWARD))


def compiled(mistake):
    """Return the code of each left side, with the equations of a mistake in place."""
    used = equations(START + FORWARD + MEASURE + IN_ORDER)
    used.update(equations(mistake))
    return {left: compile(equation, equation, "exec") for left, equation in used.items()}


def evaluate(code, left_sides, values):
    """Evaluate equations one after another. They read and change the values."""
    for left_side in left_sides:
        exec(code[left_side], values)


def values_at_start(code, scale):
    """Return the values of all names that an equation can use before the first row."""
    values = dict(vars(np))
    values.update(randn=np.random.randn, rand=np.random.rand, seed=np.random.seed)
    values.update(scale=float(scale), B=TRAIN[1:], t=TRAIN[:1], B_test=TEST[1:],
                  t_test=TEST[:1])
    for layer in "123":
        for letter in "bmqo":
            values[letter + layer] = 0
    evaluate(code, AT_START, values)
    evaluate(code, values["drawn"].split(), values)
    values["start"] = (values["S1"], values["S2"], values["S3"])
    values["W1"], values["W2"], values["W3"] = values["start"]
    return values


def measure(code, values):
    """Return a row: the losses and accuracies of the training set and the test set."""
    values["now"] = (values["W1"], values["W2"], values["W3"])
    evaluate(code, IN_EACH_ROW, values)
    test = dict(values, X=values["X_test"], y=values["y_test"])
    test["W1"], test["W2"], test["W3"] = values["tested"]
    evaluate(code, IN_EACH_ROW, test)
    return [values["loss"], test["loss"], values["accuracy"], test["accuracy"]]


def update(code, values):
    """Change the weights once for each batch."""
    X = values["X"]
    y = values["y"]
    all_examples = slice(0, y.size)
    for batch in values["batches"]:
        if batch != all_examples:  # Of all examples, measure has made the forward pass.
            values.update(X=X[:, batch], y=y[:, batch])
            evaluate(code, IN_EACH_BATCH, values)
        evaluate(code, values["learn"].split(), values)
    values.update(X=X, y=y)


def check_left_sides(mistake, values):
    """Raise ValueError if a mistake has an equation that is never evaluated."""
    evaluated = set(equations(START + FORWARD + MEASURE + IN_ORDER))
    evaluated.update(values["drawn"].split(), values["learn"].split())
    for equation in written(mistake):
        if evaluated.isdisjoint(equations(equation)):
            raise ValueError("nothing evaluates %r: its left side is none of ours, and "
                             "stands neither in drawn nor in learn" % equation)


def train_with(mistake, scale, most):
    """Return the table of a mistake (its equations), at most so many rows of it."""
    code = compiled(mistake)
    table = []
    with np.errstate(all="ignore"):
        values = values_at_start(code, scale)
        check_left_sides(mistake, values)
        for iteration in range(1, min(most, values["rows"]) + 1):
            values["i"] = iteration
            table.append(measure(code, values))
            update(code, values)
    return table


# ---- mistakes.txt ----------------------------------------------------------------------

HEAD = """\
# Practical 4: Deep Networks, question 1: what known mistakes print, for mark.py
# made by mistakes.py, which trains each of them and keeps these rows
# weight_scale iteration train_loss test_loss train_accuracy test_accuracy mistake
"""
# With 0.01 training leaves the plateau near row 111: there are rows before and after it.
STORED = {"0.1": [1, 2, 3, 10, 30], "0.01": [1, 2, 3, 10, 30, 100, 130, 160]}


def as_text(row):
    """Return a row as backprop.c prints it."""
    return " ".join("%.6g" % number for number in row)


def stop(problem):
    """End the program with an error."""
    print("mistakes.py: " + problem, file=sys.stderr)
    sys.exit(1)


def right_rows(scale):
    """Return the rows of the expected table up to the last stored one, as texts."""
    table = np.loadtxt(EXPECTED / ("backprop_%s.txt" % scale))
    return [as_text(row[1:]) for row in table[:STORED[scale][-1]]]


def check_right_rows(scale):
    """Stop unless the equations and train.py have the rows of the expected table."""
    expected = right_rows(scale)
    most = len(expected)
    tables = {"the equations": train_with("", scale, most),
              "train.py": train.train(float(scale), most)}
    for source, table in tables.items():
        for iteration, (row, right) in enumerate(zip(table, expected), 1):
            if as_text(row) != right:
                stop("row %d of backprop_%s.txt is %s, but of %s %s; find which is wrong"
                     % (iteration, scale, right, source, as_text(row)))


def rows_to_store(name, scale):
    """Return the rows of a mistake that mistakes.txt holds, {iteration: text}.

    A row with nan or inf is left out: what a program prints after it is its own affair.
    If all rows are right, none is stored.
    """
    try:
        table = train_with(known()[name], scale, STORED[scale][-1])
    except Exception as problem:
        raise ValueError("the mistake %r cannot be trained: %s; correct its equations"
                         % (name, problem))
    rows = {}
    for iteration in STORED[scale]:
        if iteration <= len(table) and np.all(np.isfinite(table[iteration - 1])):
            rows[iteration] = as_text(table[iteration - 1])
    right = right_rows(scale)
    if all(text == right[iteration - 1] for iteration, text in rows.items()):
        return {}
    return rows


def train_all(names):
    """Return the rows to store of these mistakes, {(name, scale): {iteration: text}}."""
    jobs = [(name, scale) for scale in STORED for name in names]
    with multiprocessing.Pool(2) as pool:
        results = pool.starmap(rows_to_store, jobs, chunksize=1)
    return dict(zip(jobs, results))


def stored_rows():
    """Return the rows that mistakes.txt holds, {(name, scale): {iteration: text}}."""
    stored = {}
    for line in MISTAKES_TXT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            scale, iteration, *numbers, name = line.split(None, 6)
            stored.setdefault((name, scale), {})[int(iteration)] = " ".join(numbers)
    return stored


def check_distinct(stored):
    """Stop if the rows of a mistake are those of another one, or all right."""
    names = {}
    for name in known():
        rows = [stored.get((name, scale), {}) for scale in STORED]
        if not any(rows):
            stop("%r has no row that is not right; take it out, or train it if it is new"
                 % name)
        other = names.setdefault(str(rows), name)
        if other != name:
            stop("%r and %r print the same rows; make them one mistake with a joined name"
                 % (other, name))


def lines_of(stored):
    """Return the lines of mistakes.txt that follow its head."""
    lines = []
    for scale in STORED:
        for name in known():
            for iteration, text in stored.get((name, scale), {}).items():
                lines.append("%s %d %s %s\n" % (scale, iteration, text, name))
    return lines


def main(names):
    """Train these mistakes, or all if there are no names, and write mistakes.txt."""
    for name in names:
        if name not in known():
            stop("there is no mistake %r in the table MISTAKES" % name)
    for scale in STORED:
        check_right_rows(scale)
    stored = stored_rows() if names else {}
    try:
        stored.update(train_all(names or known()))
    except ValueError as problem:
        stop(str(problem))
    check_distinct(stored)
    MISTAKES_TXT.write_text(HEAD + "".join(lines_of(stored)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
