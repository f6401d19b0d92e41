#!/usr/bin/env python3
"""Question 1 in plain NumPy: python3 train.py WEIGHT_SCALE [ITERATIONS [SEED]]

This program shares nothing with backprop.c but the data and the seed. It prints the rows
of expected/backprop_WEIGHT_SCALE.txt: iteration, train_loss, test_loss, train_accuracy,
test_accuracy. train.m beside it is the same in MATLAB.
"""
import pathlib
import sys

try:
    import numpy as np
except ImportError:
    print("train.py: needs NumPy; install it (Debian: python3-numpy)", file=sys.stderr)
    sys.exit(2)

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "data"


def read(name):
    """Return the images, 784 x P with pixels from 0 to 1, and the targets, 1 x P."""
    table = np.loadtxt(DATA / name).T
    return table[1:] / 255, table[:1]


def starting_weights(weight_scale, seed):
    """Return W1, W2 and W3. W3 is drawn first, as in the handout's starter code."""
    np.random.seed(seed)
    W3 = weight_scale * np.random.randn(1, 80)
    W2 = weight_scale * np.random.randn(80, 100)
    W1 = weight_scale * np.random.randn(100, 784)
    return W1, W2, W3


def forward(W1, W2, W3, X):
    """Return the activities of both hidden layers and the outputs, a column each."""
    h1 = np.maximum(W1 @ X, 0)
    h2 = np.maximum(W2 @ h1, 0)
    return h1, h2, W3 @ h2


def loss(y, y_hat):
    """Return the loss divided by the number of examples."""
    return np.sum((y - y_hat) ** 2) / 2 / y.size


def accuracy(y, y_hat):
    """Return the fraction of the outputs that have the sign of their target."""
    return np.mean(np.sign(y_hat) == y)


def step(W1, W2, W3, X, y, alpha):
    """Return the outputs, and the weights after one update."""
    h1, h2, y_hat = forward(W1, W2, W3, X)
    delta3 = y - y_hat
    delta2 = (W3.T @ delta3) * (h2 > 0)
    delta1 = (W2.T @ delta2) * (h1 > 0)
    return y_hat, (W1 + alpha * delta1 @ X.T,
                   W2 + alpha * delta2 @ h1.T,
                   W3 + alpha * delta3 @ h2.T)


def train(weight_scale, iterations, seed=1):
    """Return the losses and accuracies before each update, a row for each iteration."""
    X, y = read("train.txt")
    X_test, y_test = read("test.txt")
    weights = starting_weights(weight_scale, seed)
    rows = []
    for _ in range(iterations):
        y_hat_test = forward(*weights, X_test)[2]
        y_hat, weights = step(*weights, X, y, 0.1 / y.size)
        rows.append([loss(y, y_hat), loss(y_test, y_hat_test),
                     accuracy(y, y_hat), accuracy(y_test, y_hat_test)])
    return rows


def main():
    """Print the table that the command line asks for."""
    try:
        weight_scale = float(sys.argv[1])
        iterations = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
        seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    except (IndexError, ValueError):
        print("usage: train.py WEIGHT_SCALE [ITERATIONS [SEED]]", file=sys.stderr)
        sys.exit(2)
    for iteration, row in enumerate(train(weight_scale, iterations, seed), 1):
        print("%d %.6g %.6g %.6g %.6g" % (iteration, *row))


if __name__ == "__main__":
    main()
