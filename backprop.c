/*
 * Backpropagation, written out: sevens against nines
 *
 * This program is Question 1 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     $ cc -std=c99 -O3 -o backprop backprop.c -lm
 *     $ ./backprop > tables.txt
 *     $ ./backprop --help
 *
 * The second line trains the networks of (a) and (c) and writes a table of each, which
 * takes some minutes. The third one lists what else the program can do.
 *
 * Part I is the handout, in the handout's order: read the two side by side. Where the
 * handout has a symbol, that is the name (`W1`, `h1`, `delta2`, `y_hat`, `alpha`; `mu`
 * counts the examples, and `X` holds the x of all of them), and each equation stands in
 * a comment above the code that computes it. Part II is what the handout takes for
 * granted: memory, files and random numbers, a test of the gradient, and the command
 * line.
 */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* PART I: THE HANDOUT */

/*
 * 1. The network
 *
 * Three matrices of synapses lead from an image x through two hidden layers, h1 and h2,
 * to a single output y_hat, which should be -1 for a seven and 1 for a nine:
 *
 *     x (784) --W1--> h1 (100) --W2--> h2 (80) --W3--> y_hat (1)
 *
 * The sizes of the hidden layers are those of the handout's starter code. The synapses
 * start as unit Gaussian random variables times `weight_scale`, as draw_weights() in
 * section 12 draws them.
 */
enum { N_x = 784, N_h1 = 100, N_h2 = 80 }; /* three constants and their names */

/*
 * A matrix is stored column after column, as in MATLAB; but in C indices count from 0.
 *
 * C for MATLAB readers: a struct puts several variables under one name, as in MATLAB.
 * `M.rows` is the member `rows` of `M`. The member `at` is an address in memory
 * (`double *` means the address of a number), that of element (0, 0), and `M.at[k]` is
 * the number k places further on. A function that is given a matrix gets a copy of its
 * sizes and of the address, but not of the numbers: if it changes them, they have
 * changed for its caller, too.
 */
struct matrix {
    int rows, columns;
    double *at;     /* element (i, j) is at[j * rows + i] */
    double *memory; /* the memory in which they lie; see zeros() in section 10 */
};

/*
 * The synapses; for each of them -∂L/∂W, that is, minus the gradient of the loss; and
 * room for the two transposes that the backward pass needs.
 */
struct network {
    struct matrix W1, minus_dW1; /* N_h1 x 784; minus_dW1 is -∂L/∂W1 */
    struct matrix W2, minus_dW2; /* N_h2 x N_h1 */
    struct matrix W3, minus_dW3; /* 1 x N_h2 */
    struct matrix W2T;           /* N_h1 x N_h2: W2ᵀ */
    struct matrix W3T;           /* N_h2 x 1: W3ᵀ */
};

/*
 * P examples {x^mu, y^mu}, and what the network computes for them: the inputs u1 = W1 X
 * and u2 = W2 h1 of the hidden neurons, their activities h, and the deltas of the
 * backward pass.
 *
 * All examples go through the network together: column mu of each matrix belongs to
 * example mu. These are some of the images:
 *
 * expected/figures/digits.png
 */
struct examples {
    struct matrix X;              /* 784 x P: the pixels, from 0 (paper) to 1 (ink) */
    struct matrix y;              /* 1 x P: the targets, -1 or 1 */
    struct matrix u1, h1, delta1; /* N_h1 x P */
    struct matrix u2, h2, delta2; /* N_h2 x P */
    struct matrix y_hat, delta3;  /* 1 x P */
};

/*
 * 2. Two matrix products and a transpose
 *
 * MATLAB writes `A * B` for a product of matrices. In the language C this takes three
 * loops, one inside another.
 *
 * C for MATLAB readers: `static void set_to_zero(struct matrix M)` begins a function
 * that returns nothing (`void`); `static` says that no other file uses it. Curly
 * brackets stand for what MATLAB closes with `end`, and are left out around a single
 * statement. `for (int k = 0; k < n; k++)` is a loop over whole numbers: it begins with
 * k = 0, goes on as long as k < n, and `k++` adds 1 to k after each turn. `x += y` adds
 * y to x, and `continue` goes on with the next turn of a loop. MATLAB stops if the
 * sizes of two matrices do not fit. C does not look at them, so `assert(...)` does: it
 * ends the program if what it says is not true. `==` compares, and `&&` is "and".
 */

/* Every sum starts at 0. */
static void set_to_zero(struct matrix M)
{
    for (int k = 0; k < M.rows * M.columns; k++)
        M.at[k] = 0;
}

/*
 * C = A B. Here A has a row for each i and a column for each j, and B has a row for
 * each j and a column for each example mu:
 *
 *     C(i, mu) = Σ_j A(i, j) B(j, mu)
 *
 * In the forward pass i counts the neurons of the upper layer and j those of the lower
 * one; in the backward pass it is the other way round.
 *
 * The loops may be nested in any order, as that does not change the sums (but for their
 * rounding). Here the loop over i is innermost: it runs down a column of A and one of
 * the result, whose numbers lie side by side in memory, and that is where a computer is
 * fast. In this order the factor B(j, mu) is the same throughout the innermost loop.
 * Where it is 0, the loop would add nothing but zeros, and it is left out, which never
 * changes a sum of finite numbers. This saves much of the time: 82 % of X is 0, and so
 * is about half of h1, h2 and delta2, as a ReLU is often silent.
 */
static void multiply(struct matrix A, struct matrix B, struct matrix C)
{
    assert(A.columns == B.rows && C.rows == A.rows && C.columns == B.columns);
    set_to_zero(C);
    for (int mu = 0; mu < B.columns; mu++)
        for (int j = 0; j < B.rows; j++) {
            double b = B.at[mu * B.rows + j];
            if (b == 0)
                continue;
            for (int i = 0; i < A.rows; i++)
                C.at[mu * C.rows + i] += A.at[j * A.rows + i] * b;
        }
}

/*
 * C = A Bᵀ, which MATLAB writes as `A * B'`. Here A has a row for each i, B has a row
 * for each j, and both have a column for each example mu:
 *
 *     C(i, j) = Σ_mu A(i, mu) B(j, mu)
 */
static void sum_over_examples(struct matrix A, struct matrix B, struct matrix C)
{
    assert(A.columns == B.columns && C.rows == A.rows && C.columns == B.rows);
    set_to_zero(C);
    for (int mu = 0; mu < B.columns; mu++)
        for (int j = 0; j < B.rows; j++) {
            double b = B.at[mu * B.rows + j];
            if (b == 0)
                continue;
            for (int i = 0; i < A.rows; i++)
                C.at[j * C.rows + i] += A.at[mu * A.rows + i] * b;
        }
}

/*
 * B = Aᵀ, that is, B(j, i) = A(i, j). With such a copy of W_l, the product W_lᵀ delta_l
 * of the backward pass is one for multiply().
 */
static void transpose(struct matrix A, struct matrix B)
{
    assert(B.rows == A.columns && B.columns == A.rows);
    for (int j = 0; j < A.columns; j++)
        for (int i = 0; i < A.rows; i++)
            B.at[i * B.rows + j] = A.at[j * A.rows + i];
}

/*
 * 3. The loss and the accuracy
 *
 * The loss compares the outputs y_hat = W3 f(W2 f(W1 x)) with the targets:
 *
 *     L(W3, W2, W1) = 1/2 Σ_mu (y^mu - y_hat^mu)²
 *
 * As there is one output neuron, the norm in the handout's formula is a plain square.
 * The tables show L divided by the number of examples, so that the training and the
 * test set can be compared.
 */
static double loss(struct matrix y, struct matrix y_hat)
{
    double L = 0;
    for (int mu = 0; mu < y.columns; mu++) {
        double e = y.at[mu] - y_hat.at[mu];
        L += 0.5 * e * e;
    }
    return L;
}

/*
 * Is sign(y_hat) = sign(y)? As y is -1 or 1, an output of 0 is wrong for both classes.
 *
 * C for MATLAB readers: a `bool` is true or false.
 */
static bool is_correct(double y, double y_hat) { return y * y_hat > 0; }

static int count_correct(struct matrix y, struct matrix y_hat)
{
    int correct = 0;
    for (int mu = 0; mu < y.columns; mu++)
        if (is_correct(y.at[mu], y_hat.at[mu]))
            correct++;
    return correct;
}

/*
 * The accuracy is the fraction of examples whose output has the right sign.
 *
 * C for MATLAB readers: a quotient of two whole numbers loses its fraction. With
 * `(double)` the first one becomes a real number, and so does the quotient.
 */
static double accuracy(struct matrix y, struct matrix y_hat)
{
    return (double)count_correct(y, y_hat) / y.columns;
}

/*
 * 4. The forward pass: from x to y_hat
 *
 * A neuron's input u is a weighted sum of the activities in the layer below. Its
 * activity is h = f(u), where the ReLU f clips negative inputs to zero.
 */

/* The ReLU of one input. A NaN stays a NaN, so that it shows. */
static double f(double u)
{
    /* f(u) = max(u, 0) */
    if (u < 0)
        return 0;
    return u;
}

/* h = f(u), elementwise */
static void apply_f(struct matrix u, struct matrix h)
{
    assert(h.rows == u.rows && h.columns == u.columns);
    for (int k = 0; k < u.rows * u.columns; k++)
        h.at[k] = f(u.at[k]);
}

/*
 * Computes u1, h1, u2, h2 and y_hat of all examples.
 *
 * C for MATLAB readers: a parameter `struct examples *data` is the address of a struct,
 * so that the function works on the caller's struct and not on a copy. `data->X` is the
 * member `X` of the struct at that address. By `const` the function promises to leave
 * the struct as it is. (The compiler makes sure of the sizes and addresses in it. That
 * the numbers of its matrices stay the same is the function's own word.)
 */
static void forward(const struct network *net, struct examples *data)
{
    /* h1 = f(W1 x) */
    multiply(net->W1, data->X, data->u1);
    apply_f(data->u1, data->h1);

    /* h2 = f(W2 h1) */
    multiply(net->W2, data->h1, data->u2);
    apply_f(data->u2, data->h2);

    /* y_hat = W3 h2 */
    multiply(net->W3, data->h2, data->y_hat);
}

/*
 * 5. The backward pass: from the error to delta1
 *
 * The error e = y - y_hat is the first delta. Each layer's delta gives that of the
 * layer below:
 *
 *     delta_{l-1} = [W_lᵀ delta_l] ∘ f'(u_{l-1})
 *
 * For f' the handout gives two rules, which differ where h = 0, that is, for every
 * input u that is not positive. By the first one f' is "1 if the neuron's activity is
 * greater than zero, and zero otherwise", which is the derivative of the ReLU. By the
 * second one it is step(h) with step(0) = 1. As no activity is negative, this would be
 * 1 everywhere: silent neurons, on which y_hat does not depend, would be trained as
 * well. So the first rule is used. The gradient check in section 13 passes with it, and
 * fails with the second one.
 */

/* The slope of the ReLU, as a function of the activity h = f(u) */
static double f_prime(double h)
{
    /* f'(u) = 1 if h > 0, else 0 */
    if (h > 0)
        return 1;
    return 0;
}

/* delta <- delta ∘ f'(u), elementwise, where h = f(u) */
static void times_f_prime(struct matrix delta, struct matrix h)
{
    assert(delta.rows == h.rows && delta.columns == h.columns);
    for (int k = 0; k < h.rows * h.columns; k++)
        delta.at[k] = delta.at[k] * f_prime(h.at[k]);
}

/* Computes delta3, delta2 and delta1 of all examples. Call forward() first. */
static void backward(struct network *net, struct examples *data)
{
    /* delta3 = e = y - y_hat */
    for (int mu = 0; mu < data->y.columns; mu++)
        data->delta3.at[mu] = data->y.at[mu] - data->y_hat.at[mu];

    /* delta2 = [W3ᵀ delta3] ∘ f'(u2) */
    transpose(net->W3, net->W3T);
    multiply(net->W3T, data->delta3, data->delta2);
    times_f_prime(data->delta2, data->h2);

    /* delta1 = [W2ᵀ delta2] ∘ f'(u1) */
    transpose(net->W2, net->W2T);
    multiply(net->W2T, data->delta2, data->delta1);
    times_f_prime(data->delta1, data->h1);
}

/*
 * 6. The gradient and the update
 *
 * For each layer, and with h0 = x,
 *
 *     ∂L/∂W_l = -delta_l h_{l-1}ᵀ
 *
 * The product with the transpose sums over the examples. Descent subtracts the
 * gradient, and the two minus signs cancel. So the program computes minus the gradient:
 * `minus_dW1` is -∂L/∂W1.
 */

/* Computes minus the gradient from the activities and deltas of all examples. */
static void minus_gradient(struct network *net, const struct examples *data)
{
    /* -∂L/∂W3 = delta3 h2ᵀ */
    sum_over_examples(data->delta3, data->h2, net->minus_dW3);

    /* -∂L/∂W2 = delta2 h1ᵀ */
    sum_over_examples(data->delta2, data->h1, net->minus_dW2);

    /* -∂L/∂W1 = delta1 xᵀ */
    sum_over_examples(data->delta1, data->X, net->minus_dW1);
}

/*
 * Moves the weights W_l a small step down the loss. Here minus_dW is delta_l h_{l-1}ᵀ,
 * and alpha is the learning rate.
 */
static void update(double alpha, struct matrix minus_dW, struct matrix W)
{
    assert(minus_dW.rows == W.rows && minus_dW.columns == W.columns);
    /* W <- W + alpha delta_l h_{l-1}ᵀ */
    for (int k = 0; k < W.rows * W.columns; k++)
        W.at[k] = W.at[k] + alpha * minus_dW.at[k];
}

/*
 * 7. What is measured while the network learns: the curves of (a)
 *
 * (a) asks for the loss and the accuracy on the training and the testing examples over
 * the course of learning. They make a table with a row for each iteration. (b) and (c)
 * ask whether it would have helped to stop early, so three rows are remembered.
 *
 * C for MATLAB readers: `const char *` is the type of a text, and printf() prints it,
 * as fprintf() does in MATLAB. fprintf(stderr, ...) prints to the screen even if the
 * tables go into a file. `a % b` is the remainder mod(a, b), and `uint32_t` is a whole
 * number from 0 to 2^32 - 1.
 */
struct row {
    int iteration;
    double train_loss, test_loss; /* divided by the number of examples */
    double train_accuracy, test_accuracy;
};

struct remembered_rows {
    struct row last;
    struct row lowest_test_loss;      /* the first such row, if there are several */
    struct row highest_test_accuracy; /* the same */
};

/* The value, but a NaN without its sign, which differs between processors. */
static double shown(double value)
{
    if (isnan(value))
        return fabs(value);
    return value;
}

static void print_row(const char *before, struct row r)
{
    printf("%s%6d %12.6g %12.6g %14.6g %13.6g\n", before, r.iteration,
           shown(r.train_loss), shown(r.test_loss), r.train_accuracy, r.test_accuracy);
}

static void remember_row(struct remembered_rows *remembered, struct row r)
{
    remembered->last = r;
    if (r.iteration == 1 || r.test_loss < remembered->lowest_test_loss.test_loss)
        remembered->lowest_test_loss = r;
    if (r.iteration == 1
        || r.test_accuracy > remembered->highest_test_accuracy.test_accuracy)
        remembered->highest_test_accuracy = r;
}

/* What the user can choose. */
struct options {
    double weight_scale;
    int iterations;
    uint32_t seed;
    const char *folder; /* where train.txt and test.txt are */
};

/* Tells on standard error, a few times, how much of a long training is left. */
static void report_progress(const struct options *options, int iteration, double seconds)
{
    int tenth = (options->iterations + 9) / 10;
    int left = options->iterations - iteration;
    if (iteration % tenth == 0 && left > 0 && seconds >= 2)
        fprintf(stderr, "backprop: weight_scale %g: iteration %d of %d, %.0f s left\n",
                options->weight_scale, iteration, options->iterations,
                seconds / iteration * left);
}

/*
 * 8. Gradient descent: the trainings of (a) and (c)
 *
 * (a) asks for 5000 iterations with a `weight_scale` of 0.01, (c) for the same with
 * 0.1. For each of them, print_training() in section 15 draws the weights and calls
 * train(). These are the curves that come of it:
 *
 * expected/figures/training.png
 *
 * C for MATLAB readers: `&remembered` is the address of the struct `remembered`, which
 * a function needs in order to change it, and `= {0}` sets all its members to 0.
 */
enum { ITERATIONS = 5000 };
static const double WEIGHT_SCALE_OF_A = 0.01, WEIGHT_SCALE_OF_C = 0.1;

/*
 * A row is measured before the update: row 1 is the untrained network, and the network
 * after the last update is not measured.
 */
static struct row measure(int iteration, const struct examples *training,
                          const struct examples *testing)
{
    struct row r;
    r.iteration = iteration;
    r.train_loss = loss(training->y, training->y_hat) / training->y.columns;
    r.test_loss = loss(testing->y, testing->y_hat) / testing->y.columns;
    r.train_accuracy = accuracy(training->y, training->y_hat);
    r.test_accuracy = accuracy(testing->y, testing->y_hat);
    return r;
}

/*
 * Trains the network, from the weights that it has, and prints one row an iteration.
 * Returns the rows that (b) and (c) ask about.
 */
static struct remembered_rows train(struct network *net, struct examples *training,
                                    struct examples *testing,
                                    const struct options *options)
{
    int P = training->y.columns;
    double alpha = 0.1 / P;
    struct remembered_rows remembered = {0};
    time_t start = time(NULL);
    for (int iteration = 1; iteration <= options->iterations; iteration++) {
        forward(net, training);
        forward(net, testing);
        struct row r = measure(iteration, training, testing);
        print_row("", r);
        remember_row(&remembered, r);
        report_progress(options, iteration, difftime(time(NULL), start));

        backward(net, training);
        minus_gradient(net, training);

        /* Update only now: every delta has to be computed with the old weights. */
        update(alpha, net->minus_dW3, net->W3);
        update(alpha, net->minus_dW2, net->W2);
        update(alpha, net->minus_dW1, net->W1);
    }
    return remembered;
}

/*
 * 9. What (b) and (c) ask
 *
 * The answers stand below the table, as comment lines.
 */

/* Prints what would have been otherwise if training had stopped at an earlier row. */
static void print_change_by_stopping(const char *name, struct row stop, struct row last)
{
    printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n", name,
           stop.iteration, shown(stop.test_loss - last.test_loss),
           stop.test_accuracy - last.test_accuracy);
}

static void print_remembered_rows(const struct remembered_rows *remembered)
{
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print_row("#", remembered->last);
    print_row("#", remembered->lowest_test_loss);
    print_row("#", remembered->highest_test_accuracy);
    printf("# stopping early would have changed, against the last row:\n");
    print_change_by_stopping("lowest test loss", remembered->lowest_test_loss,
                             remembered->last);
    print_change_by_stopping("highest test accuracy", remembered->highest_test_accuracy,
                             remembered->last);
}

/*
 * Prints a line if training has diverged, as its steps were too large. Then the loss is
 * no longer finite, or a hidden layer is silent for every image: each y_hat is 0, no
 * sign is right, and the loss of an example is 1/2. (If all weights start at 0, this is
 * so from row 1 on, and the steps are not to blame.)
 */
static void print_divergence(const struct remembered_rows *remembered)
{
    bool silent =
        remembered->last.train_accuracy == 0 && remembered->last.train_loss == 0.5;
    if (!isfinite(remembered->last.train_loss))
        printf("# diverged: the steps were too large, and the loss is not finite\n");
    else if (silent && remembered->highest_test_accuracy.test_accuracy > 0)
        printf("# diverged: the steps were too large, and left every y_hat at 0\n");
}

/* |W - W_start| / |W_start|, where |W| is the root of the sum of all squares. */
static double relative_change(struct matrix W, struct matrix W_start)
{
    double change = 0, size = 0;
    for (int k = 0; k < W.rows * W.columns; k++) {
        double difference = W.at[k] - W_start.at[k];
        change += difference * difference;
        size += W_start.at[k] * W_start.at[k];
    }
    return sqrt(change / size);
}

/*
 * For (c): measured by their starting size, small weights have to move far to be of
 * use, and large ones need not.
 */
static void print_changes(const struct network *net, const struct network *start)
{
    printf("# after the last update, |W - W_start| / |W_start|: "
           "W1 %.3g, W2 %.3g, W3 %.3g\n",
           shown(relative_change(net->W1, start->W1)),
           shown(relative_change(net->W2, start->W2)),
           shown(relative_change(net->W3, start->W3)));
}

/* Lists the test examples that are wrong in the last row, ten at most. */
static void print_wrong_examples(const struct examples *testing)
{
    const int most = 10;
    int P_test = testing->y.columns;
    int wrong = P_test - count_correct(testing->y, testing->y_hat);
    if (wrong == 0) {
        printf("# wrong in the last row: none of %d test examples\n", P_test);
        return;
    }
    printf("# wrong in the last row, %d of %d test examples: line of test.txt, target, "
           "y_hat\n",
           wrong, P_test);
    int listed = 0;
    for (int mu = 0; mu < P_test && listed < most; mu++)
        if (!is_correct(testing->y.at[mu], testing->y_hat.at[mu])) {
            printf("#%6d %6g %13.6g\n", mu + 1, testing->y.at[mu],
                   shown(testing->y_hat.at[mu]));
            listed++;
        }
    if (wrong > listed)
        printf("#   and %d more\n", wrong - listed);
}

/* PART II: BEHIND THE SCENES */

/*
 * 10. Errors and memory
 *
 * C for MATLAB readers: calloc() takes memory from the system, and free() gives it
 * back. `NULL` is the address of nothing. `(uintptr_t)at` is an address as a whole
 * number, and `at++` goes on to the next number in memory. The three points at the end
 * of a parameter list stand for any number of further parameters, which `va_list` hands
 * on to vfprintf().
 */

/* Ends the program with status 1 and one line that says what is wrong and where. */
static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("backprop: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

/*
 * A new matrix, filled with zeros as by MATLAB's `zeros(rows, columns)`.
 *
 * A processor fetches memory in lines of 64 bytes, and the numbers that it adds at once
 * are slower to fetch where they lie across two lines. The memory of calloc() may begin
 * in the middle of a line. So eight columns more are taken, which are 64 bytes at
 * least, and the matrix begins with the first whole line. As make compiles it, the
 * program trains faster by a sixth for this.
 */
static struct matrix zeros(int rows, int columns)
{
    double *memory = calloc((size_t)columns + 8, (size_t)rows * sizeof(double));
    if (memory == NULL)
        fail("not enough memory for a matrix of %d x %d numbers", rows, columns);
    double *at = memory;
    while ((uintptr_t)at % 64 != 0)
        at++;
    struct matrix M = {rows, columns, at, memory};
    return M;
}

static struct network new_network(void)
{
    struct network net;
    net.W1 = zeros(N_h1, N_x);
    net.W2 = zeros(N_h2, N_h1);
    net.W3 = zeros(1, N_h2);
    net.minus_dW1 = zeros(N_h1, N_x);
    net.minus_dW2 = zeros(N_h2, N_h1);
    net.minus_dW3 = zeros(1, N_h2);
    net.W2T = zeros(N_h1, N_h2);
    net.W3T = zeros(N_h2, 1);
    return net;
}

static void free_network(struct network *net)
{
    free(net->W1.memory);
    free(net->W2.memory);
    free(net->W3.memory);
    free(net->minus_dW1.memory);
    free(net->minus_dW2.memory);
    free(net->minus_dW3.memory);
    free(net->W2T.memory);
    free(net->W3T.memory);
}

static struct examples new_examples(int P)
{
    struct examples data;
    data.X = zeros(N_x, P);
    data.y = zeros(1, P);
    data.u1 = zeros(N_h1, P);
    data.h1 = zeros(N_h1, P);
    data.delta1 = zeros(N_h1, P);
    data.u2 = zeros(N_h2, P);
    data.h2 = zeros(N_h2, P);
    data.delta2 = zeros(N_h2, P);
    data.y_hat = zeros(1, P);
    data.delta3 = zeros(1, P);
    return data;
}

static void free_examples(struct examples *data)
{
    free(data->X.memory);
    free(data->y.memory);
    free(data->u1.memory);
    free(data->h1.memory);
    free(data->delta1.memory);
    free(data->u2.memory);
    free(data->h2.memory);
    free(data->delta2.memory);
    free(data->y_hat.memory);
    free(data->delta3.memory);
}

/*
 * 11. The examples in train.txt and test.txt
 *
 * Each line is an example: its target y, and then 784 brightnesses from 0 (paper) to
 * 255 (ink), column after column of the image. NumPy's savetxt() writes such numbers as
 * `2.550000000000000000e+02`, which is read, too.
 *
 * C for MATLAB readers: a text is an array of characters that ends with the character
 * `'\0'`. strtod() reads a number at its beginning, as str2double() does, and stores in
 * `end` where the number ends. strtok() finds the next word of a text, and puts a
 * `'\0'` behind it.
 */

/* Reads a number from a text. Returns false if the text is not one finite number. */
static bool read_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

static bool is_whole(double number, double least, double most)
{
    return number >= least && number <= most && number == floor(number);
}

/* Reads one line of a file into `*y` and into the 784 numbers of `x`. */
static void read_example(char *text, const char *path, int line, double *y, double *x)
{
    const char blanks[] = " \t\r\n";
    char *word = strtok(text, blanks);
    for (int k = 0; k < 1 + N_x; k++) {
        if (word == NULL)
            fail("%s:%d: expected %d numbers, found %d", path, line, 1 + N_x, k);
        double number;
        bool is_number = read_number(word, &number);
        if (k == 0) {
            if (!is_number || (number != -1 && number != 1))
                fail("%s:%d: expected -1 or 1 as number 1, found '%.20s'", path, line,
                     word);
            *y = number;
        } else {
            if (!is_number || !is_whole(number, 0, 255))
                fail("%s:%d: expected 0 ... 255 as number %d, found '%.20s'", path, line,
                     k + 1, word);
            x[k - 1] = number / 255;
        }
        word = strtok(NULL, blanks);
    }
    if (word != NULL)
        fail("%s:%d: expected %d numbers, found more", path, line, 1 + N_x);
}

enum {
    MOST_EXAMPLES = 1000000, /* so that an int can count the numbers of X */
    LONGEST_LINE = 32768     /* in bytes; savetxt() needs 25 for each of 785 numbers */
};

/* Returns the number of lines of a file, P. */
static int count_lines(FILE *file, const char *path)
{
    char text[LONGEST_LINE];
    int P = 0;
    while (P <= MOST_EXAMPLES && fgets(text, sizeof text, file) != NULL)
        P++;
    if (ferror(file))
        fail("%s: %s", path, strerror(errno));
    if (P == 0)
        fail("%s: expected 1-%d lines, found none", path, MOST_EXAMPLES);
    if (P > MOST_EXAMPLES)
        fail("%s: expected 1-%d lines, found more", path, MOST_EXAMPLES);
    return P;
}

/* Reads a file of the folder twice: to count the lines, and to read the examples. */
static struct examples read_examples(const char *folder, const char *name)
{
    char path[FILENAME_MAX], text[LONGEST_LINE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || length >= (int)sizeof path)
        fail("%.40s...: the name of the folder is too long", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s (seen from where backprop was started; --data names another folder)",
             path, strerror(errno));
    int P = count_lines(file, path);
    rewind(file);
    struct examples data = new_examples(P);
    for (int mu = 0; mu < P; mu++) {
        if (fgets(text, sizeof text, file) == NULL)
            fail("%s: cannot be read twice", path);
        if (strlen(text) == sizeof text - 1 && text[sizeof text - 2] != '\n')
            fail("%s:%d: expected at most %d bytes, found more", path, mu + 1,
                 LONGEST_LINE - 1);
        char *start = text;
        if (mu == 0 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
            start += 3; /* a byte order mark, which some editors put before a text */
        read_example(start, path, mu + 1, &data.y.at[mu], &data.X.at[mu * N_x]);
    }
    fclose(file);
    return data;
}

/*
 * 12. The starting weights: unit Gaussian random variables, times weight_scale
 *
 * The function rand() of C differs between systems. These functions do what NumPy's
 * np.random.randn() does, so that a program in another language can start from the same
 * weights. The generator is the Mersenne Twister MT19937 of Matsumoto and Nishimura
 * (ACM TOMACS 8, 1998, pages 3-30).
 *
 * C for MATLAB readers: `^`, `&` and `|` combine the bits of two whole numbers, as
 * bitxor(), bitand() and bitor() do, and `>>` and `<<` shift them, as bitshift() does.
 * A `0x` begins a number in the hexadecimal system, and a `u` ends one without a sign.
 */
struct generator {
    uint32_t state[624];
    int next;       /* the element of the state that is renewed next */
    bool has_spare; /* Gaussians are made in pairs; is there one left? */
    double spare;
};

/* The generator as init_genrand() of Matsumoto and Nishimura starts it. */
static struct generator seeded_generator(uint32_t seed)
{
    struct generator g;
    g.state[0] = seed;
    for (uint32_t k = 1; k < 624; k++)
        g.state[k] = 1812433253u * (g.state[k - 1] ^ (g.state[k - 1] >> 30)) + k;
    g.next = 0;
    g.has_spare = false;
    g.spare = 0;
    return g;
}

/* 32 random bits. */
static uint32_t random_bits(struct generator *g)
{
    int k = g->next;
    g->next = (k + 1) % 624;
    uint32_t joined = (g->state[k] & 0x80000000u) | (g->state[g->next] & 0x7fffffffu);
    uint32_t twisted = joined >> 1;
    if (joined % 2 == 1)
        twisted ^= 0x9908b0dfu;
    g->state[k] = g->state[(k + 397) % 624] ^ twisted;
    uint32_t bits = g->state[k];
    bits ^= bits >> 11;
    bits ^= (bits << 7) & 0x9d2c5680u;
    bits ^= (bits << 15) & 0xefc60000u;
    bits ^= bits >> 18;
    return bits;
}

/* A number in [0, 1) with 53 random bits, as many as a double holds. */
static double uniform(struct generator *g)
{
    uint32_t upper = random_bits(g) >> 5;                     /* 27 bits */
    uint32_t lower = random_bits(g) >> 6;                     /* 26 bits */
    return (upper * 67108864.0 + lower) / 9007199254740992.0; /* 2^26, 2^53 */
}

/*
 * A unit Gaussian, by the polar method of Marsaglia and Bray (SIAM Review 6, 1964,
 * pages 260-264). A point (v1, v2) is drawn uniformly from the unit disc. Then r² = v1²
 * + v2² is uniform in [0, 1), and √(-2 log(r²)) is distributed as the length of a
 * vector of two independent Gaussians. So the point is moved to that length, from its
 * own, r. (In the code, `r2` is r².)
 */
static double gaussian(struct generator *g)
{
    if (g->has_spare) {
        g->has_spare = false;
        return g->spare;
    }
    double v1, v2, r2;
    do {
        v1 = 2.0 * uniform(g) - 1.0;
        v2 = 2.0 * uniform(g) - 1.0;
        /* With `volatile` no compiler fuses a square and the sum, which would round once
           where NumPy rounds twice. */
        volatile double v1_squared = v1 * v1, v2_squared = v2 * v2;
        r2 = v1_squared + v2_squared;
    } while (r2 >= 1.0 || r2 == 0.0);
    double factor = sqrt(-2.0 * log(r2) / r2);
    g->spare = factor * v1;
    g->has_spare = true;
    return factor * v2;
}

/* Fills W row by row: all synapses of one neuron, then those of the next. */
static void draw_matrix(struct matrix W, double weight_scale, struct generator *g)
{
    for (int i = 0; i < W.rows; i++)
        for (int j = 0; j < W.columns; j++)
            W.at[j * W.rows + i] = weight_scale * gaussian(g);
}

/* The order is that of the handout's starter code. */
static void draw_weights(struct network *net, const struct options *options)
{
    struct generator g = seeded_generator(options->seed);
    draw_matrix(net->W3, options->weight_scale, &g);
    draw_matrix(net->W2, options->weight_scale, &g);
    draw_matrix(net->W1, options->weight_scale, &g);
}

/*
 * 13. Is the gradient right?
 *
 * How the loss changes with a single weight w can be measured with forward passes
 * alone, by the central difference
 *
 *     ∂L/∂w ≈ [L(w + ε) - L(w - ε)] / (2ε)
 *
 * As long as no neuron falls silent or wakes up between w - ε and w + ε, L is quadratic
 * in w, and for a quadratic function the central difference is exact. Where one does, ε
 * is made smaller. What remains is the rounding of L. Below a `weight_scale` of about
 * 0.003 the derivatives are so small that this rounding shows, and the check fails.
 *
 * The check tells whether the gradient is that of the loss. It does not tell whether
 * the forward pass is that of the handout, nor whether update() goes down the gradient:
 * for these, compare the first two rows of a training with those in expected/.
 */
static const double TOLERANCE = 1e-5; /* in units of the layer's largest derivative */

/* The loss if the weight *w had this value. The activities are left in `nudged`. */
static double loss_with(struct network *net, struct examples *nudged, double *w,
                        double value)
{
    double before = *w;
    *w = value;
    forward(net, nudged);
    *w = before;
    return loss(nudged->y, nudged->y_hat);
}

/* Are the same neurons of a layer active in both of these activities? */
static bool same_active(struct matrix h, struct matrix other)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        if ((h.at[k] > 0) != (other.at[k] > 0))
            return false;
    return true;
}

/* The same question for both hidden layers. */
static bool same_active_neurons(const struct examples *data,
                                const struct examples *nudged)
{
    return same_active(data->h1, nudged->h1) && same_active(data->h2, nudged->h2);
}

/*
 * For the weight *w of `net`; `data` holds the activities with *w as it is. There are
 * five tries, each with an eighth of the ε before. The last one counts even if a neuron
 * falls silent or wakes up.
 */
static double central_difference(struct network *net, const struct examples *data,
                                 struct examples *nudged, double *w)
{
    double slope = 0;
    bool same = false;
    for (double epsilon = 1.0 / 131072; !same && epsilon > 1e-9; epsilon /= 8) {
        double above = loss_with(net, nudged, w, *w + epsilon);
        bool same_above = same_active_neurons(data, nudged);
        double below = loss_with(net, nudged, w, *w - epsilon);
        bool same_below = same_active_neurons(data, nudged);
        slope = (above - below) / (2 * epsilon);
        same = same_above && same_below;
    }
    return slope;
}

static void copy_numbers(struct matrix from, struct matrix to)
{
    for (int k = 0; k < from.rows * from.columns; k++)
        to.at[k] = from.at[k];
}

static double largest_magnitude(struct matrix M)
{
    double largest = 0;
    for (int k = 0; k < M.rows * M.columns; k++)
        largest = fmax(largest, fabs(M.at[k]));
    return largest;
}

/*
 * Prints both derivatives for eight weights, and returns whether all agree. The
 * matrices `W` and `minus_dW` are those of the layer in `net`. The weights belong to
 * neurons spread over the layer, and in W1 to pixels down a column in the middle of the
 * image. Where a derivative is 0, the neuron is silent or the pixel has no ink in any
 * image.
 *
 * C for MATLAB readers: `a ? b : c` is b if a is true, and c if not.
 */
static bool check_layer(int layer, struct matrix W, struct matrix minus_dW,
                        struct network *net, const struct examples *data,
                        struct examples *nudged)
{
    bool passed = true;
    double largest = largest_magnitude(minus_dW);
    for (int k = 0; k < 8; k++) {
        int i = k * W.rows / 8, j = (W.columns / 2 + 4 + 3 * k) % W.columns;
        double dW = 0 - minus_dW.at[j * W.rows + i]; /* "0 -" makes no -0 */
        double difference = central_difference(net, data, nudged, &W.at[j * W.rows + i]);
        double apart = fabs(dW - difference) / largest;
        bool agrees = apart <= TOLERANCE; /* 0/0 is NaN, and a NaN does not agree */
        printf("%3d %4d %4d %13.6g %12.4f %9.2g\n", layer, i, j, dW, difference,
               agrees ? 0 : shown(apart));
        passed = passed && agrees;
    }
    printf("# W%d: %s%s\n", layer, passed ? "passed" : "FAILED",
           largest == 0 ? ", nothing to compare" : "");
    return passed;
}

/* Checks the gradient of the test examples' loss. Returns whether it is right. */
static bool check_gradient(const struct options *options)
{
    struct examples testing = read_examples(options->folder, "test.txt");
    struct examples nudged = new_examples(testing.y.columns);
    copy_numbers(testing.X, nudged.X);
    copy_numbers(testing.y, nudged.y);
    struct network net = new_network();
    draw_weights(&net, options);
    forward(&net, &testing);
    backward(&net, &testing);
    minus_gradient(&net, &testing);
    printf("# Practical 4: Deep Networks, question 1: gradient and central differences\n"
           "# P = %d test examples, weight_scale = %g, seed %lu\n"
           "# apart: in units of the layer's largest derivative, 0 where below %g\n"
           "# layer i j dL/dW central_difference apart\n",
           testing.y.columns, options->weight_scale, (unsigned long)options->seed,
           TOLERANCE);
    bool passed_1 = check_layer(1, net.W1, net.minus_dW1, &net, &testing, &nudged);
    bool passed_2 = check_layer(2, net.W2, net.minus_dW2, &net, &testing, &nudged);
    bool passed_3 = check_layer(3, net.W3, net.minus_dW3, &net, &testing, &nudged);
    bool passed = passed_1 && passed_2 && passed_3;
    printf("# gradient check: %s\n", passed ? "passed" : "FAILED");
    free_network(&net);
    free_examples(&testing);
    free_examples(&nudged);
    return passed;
}

/*
 * 14. The starting weights in print
 *
 * A program in another language can read them from here.
 */

/* A line for each row of W. With 17 digits a number can be read back exactly. */
static void print_matrix(const char *name, struct matrix W)
{
    printf("# %s, %d x %d: a row for each neuron, a column for each input\n", name,
           W.rows, W.columns);
    for (int i = 0; i < W.rows; i++) {
        for (int j = 0; j < W.columns; j++)
            printf("%s%.17g", j == 0 ? "" : " ", W.at[j * W.rows + i]);
        printf("\n");
    }
}

static void print_weights(const struct options *options)
{
    struct network net = new_network();
    draw_weights(&net, options);
    printf("# Practical 4: Deep Networks, question 1: the starting weights\n"
           "# weight_scale = %g, seed %lu\n",
           options->weight_scale, (unsigned long)options->seed);
    print_matrix("W3", net.W3);
    printf("\n\n");
    print_matrix("W2", net.W2);
    printf("\n\n");
    print_matrix("W1", net.W1);
    free_network(&net);
}

/* 15. The trainings of Question 1, and the command line */

/* Trains from new starting weights, and prints the table and the answers below it. */
static void print_training(struct network *net, struct examples *training,
                           struct examples *testing, const struct options *options)
{
    printf("# Practical 4: Deep Networks, question 1(a): gradient descent\n"
           "# weight_scale = %g, alpha = 0.1/P, %d iterations, seed %lu\n"
           "# P = %d training examples, %d test examples; losses per example\n"
           "# iteration train_loss test_loss train_accuracy test_accuracy\n",
           options->weight_scale, options->iterations, (unsigned long)options->seed,
           training->y.columns, testing->y.columns);
    draw_weights(net, options);
    struct remembered_rows remembered = train(net, training, testing, options);
    print_remembered_rows(&remembered);
    print_divergence(&remembered);

    /* The same seed gives the weights of the start again. */
    struct network start = new_network();
    draw_weights(&start, options);
    print_changes(net, &start);
    free_network(&start);
    print_wrong_examples(testing);
}

/* Trains with the one weight_scale that is given, or else with those of (a) and (c). */
static void question_1(struct options options, bool weight_scale_given)
{
    struct examples training = read_examples(options.folder, "train.txt");
    struct examples testing = read_examples(options.folder, "test.txt");
    struct network net = new_network();
    print_training(&net, &training, &testing, &options);
    if (!weight_scale_given) {
        options.weight_scale = WEIGHT_SCALE_OF_C;
        printf("\n\n");
        print_training(&net, &training, &testing, &options);
    }
    free_network(&net);
    free_examples(&training);
    free_examples(&testing);
}

static const char USAGE[] =
    "usage: backprop [OPTION ...]          (in brackets: the value if none is given)\n"
    "  --weight-scale S   of the starting weights, at least 0 (0.01 and then 0.1;\n"
    "                     0.1 for --check-gradient, 0.01 for --print-weights)\n"
    "  --iterations N     updates, 1 ... 1000000000 (5000)\n"
    "  --seed K           of the starting weights, 0 ... 4294967295 (1)\n"
    "  --data FOLDER      where train.txt and test.txt are (data)\n"
    "  --check-gradient   the gradient beside central differences; status 1 if wrong\n"
    "  --print-weights    the starting weights W3, W2, W1, to 17 digits\n";

enum mode { TRAIN, CHECK_GRADIENT, PRINT_WEIGHTS, HELP };

static bool is(const char *option, const char *name) { return strcmp(option, name) == 0; }

/* Takes an option that chooses the mode. Returns false if it is none. */
static bool take_mode(const char *option, enum mode *mode)
{
    if (is(option, "--check-gradient"))
        *mode = CHECK_GRADIENT;
    else if (is(option, "--print-weights"))
        *mode = PRINT_WEIGHTS;
    else if (is(option, "--help") || is(option, "-h"))
        *mode = HELP;
    else
        return false;
    return true;
}

static bool has_value(const char *option)
{
    return is(option, "--weight-scale") || is(option, "--iterations")
           || is(option, "--seed") || is(option, "--data");
}

/* Takes an option and its value. Returns `NULL`, or what value was expected instead. */
static const char *take_option(const char *option, const char *value,
                               struct options *options)
{
    double number = 0;
    bool is_number = read_number(value, &number);
    if (is(option, "--data")) {
        if (value[0] == '\0')
            return "a folder";
        options->folder = value;
    } else if (is(option, "--weight-scale")) {
        if (!is_number || number < 0 || number > 1e100)
            return "a number from 0 to 1e100";
        options->weight_scale = number + 0; /* -0 + 0 is 0 */
    } else if (is(option, "--iterations")) {
        if (!is_number || !is_whole(number, 1, 1e9))
            return "a whole number from 1 to 1000000000";
        options->iterations = (int)number;
    } else {
        if (!is_number || !is_whole(number, 0, UINT32_MAX))
            return "a whole number from 0 to 4294967295";
        options->seed = (uint32_t)number;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct options options = {.weight_scale = WEIGHT_SCALE_OF_A,
                              .iterations = ITERATIONS,
                              .seed = 1,
                              .folder = "data"};
    enum mode mode = TRAIN;
    bool weight_scale_given = false, passed = true;
    for (int k = 1; k < argc; k++) {
        const char *option = argv[k];
        if (take_mode(option, &mode))
            continue;
        if (!has_value(option)) {
            fprintf(stderr, "backprop: unknown option '%s'\n%s", option, USAGE);
            return 2;
        }
        const char *value = k + 1 < argc ? argv[k + 1] : "";
        const char *expected = take_option(option, value, &options);
        if (expected != NULL) {
            fprintf(stderr, "backprop: %s: expected %s, found '%s'\n%s", option, expected,
                    value, USAGE);
            return 2;
        }
        if (is(option, "--weight-scale"))
            weight_scale_given = true;
        k++; /* over the value */
    }
    if (mode == CHECK_GRADIENT && !weight_scale_given) {
        /* With that of (a) the derivatives are small. */
        options.weight_scale = WEIGHT_SCALE_OF_C;
    }
    switch (mode) {
    case TRAIN:
        question_1(options, weight_scale_given);
        break;
    case CHECK_GRADIENT:
        passed = check_gradient(&options);
        break;
    case PRINT_WEIGHTS:
        print_weights(&options);
        break;
    case HELP:
        fputs(USAGE, stdout);
        break;
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("standard output: %s", strerror(errno));
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
