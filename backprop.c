/*
 * Backpropagation, written out: sevens against nines
 *
 * This program answers Question 1 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     $ cc -std=c99 -O3 -o backprop backprop.c -lm
 *     $ ./backprop
 *     $ ./backprop --help
 *
 * The second line prints all of Question 1 as tables, the third what else there is.
 *
 * Part I is the handout, in the handout's order: read the two side by side. The names
 * are the handout's symbols (W1, h1, delta2, y_hat, alpha; mu counts the examples), and
 * each equation stands in a comment above the code that computes it. Part II is what
 * the handout takes for granted: memory, files, random numbers, the command line.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * PART I: THE HANDOUT
 *
 * 1. The network
 *
 * Three matrices of synapses lead from an image x through two hidden layers, h1 and h2,
 * to a single output y_hat, which should be -1 for a seven and 1 for a nine:
 *
 *     x (784) --W1--> h1 (100) --W2--> h2 (80) --W3--> y_hat (1)
 *
 * The synapses start as unit Gaussian random variables times `weight_scale` (section
 * 12). The sizes of the hidden layers are those of the handout's starter code.
 */
enum { N_x = 784, N_h1 = 100, N_h2 = 80 }; /* names for three constants */

/*
 * A matrix is stored column after column, as in MATLAB; but in C indices count from 0.
 *
 * C for MATLAB readers: a struct is a variable with named members. `M.rows` is the
 * member `rows` of M. The member `at` is an address in memory, that of element (0, 0),
 * and `M.at[k]` is the number k places further on. So a function to which a matrix is
 * handed over gets a copy of `rows`, `columns` and the address, but no copy of the
 * numbers: when it changes them, they are changed for everybody.
 */
struct matrix {
    int rows, columns;
    double *at; /* element (i, j) is at[j * rows + i] */
};

/* The synapses, and what gradient descent needs for them. */
struct network {
    struct matrix W1, minus_dW1; /* N_h1 x 784; minus_dW1 is -∂L/∂W1 */
    struct matrix W2, minus_dW2; /* N_h2 x N_h1 */
    struct matrix W3, minus_dW3; /* 1 x N_h2 */
    struct matrix W2T;           /* N_h1 x N_h2: W2ᵀ */
    struct matrix W3T;           /* N_h2 x 1: W3ᵀ */
};

/*
 * P examples {x^mu, y^mu}, and what the network computes for them, forward and
 * backward.
 *
 * All examples go through the network together: column mu of each matrix belongs to
 * example mu. The picture shows some of the images.
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
 * MATLAB writes `A * B` for a product of matrices; in C it takes three loops, one inside
 * another. They may be nested in any order, for all terms of a sum are added sooner or
 * later. Here the loop over i is innermost. It runs down a column of A and a column of
 * C, whose numbers lie side by side in memory, and that is where a computer is fast.
 *
 * In this order the factor B(j, mu) is the same throughout the innermost loop. Where it
 * is 0, the loop would add nothing but zeros, and is left out. This saves much of the
 * time: 82 % of X is 0, and so is about half of h1 and h2, as a ReLU is often silent.
 */
static void set_to_zero(struct matrix C)
{
    for (int k = 0; k < C.rows * C.columns; k++)
        C.at[k] = 0;
}

/* C = A B:  C(i, mu) = Σ_j A(i, j) B(j, mu) */
static void multiply(struct matrix A, struct matrix B, struct matrix C)
{
    set_to_zero(C);
    for (int mu = 0; mu < B.columns; mu++)
        for (int j = 0; j < B.rows; j++) {
            double b = B.at[mu * B.rows + j];
            if (b == 0)
                continue; /* with the next j */
            for (int i = 0; i < A.rows; i++)
                C.at[mu * C.rows + i] += A.at[j * A.rows + i] * b;
        }
}

/* C = A Bᵀ, a sum over the examples:  C(i, j) = Σ_mu A(i, mu) B(j, mu) */
static void sum_over_examples(struct matrix A, struct matrix B, struct matrix C)
{
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

/* B = Aᵀ:  B(j, i) = A(i, j) */
static void transpose(struct matrix A, struct matrix B)
{
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
 * The tables show L/P, so that training and test set can be compared.
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

/* Is sign(y_hat) = sign(y)? As y is -1 or 1, an output of 0 is wrong for both classes. */
static bool is_correct(double y, double y_hat) { return y * y_hat > 0; }

/*
 * The accuracy is the fraction of examples whose sign is right.
 *
 * C for MATLAB readers: a quotient of two whole numbers loses its fraction. With
 * (double) the first one becomes a real number, and so does the quotient.
 */
static double accuracy(struct matrix y, struct matrix y_hat)
{
    int correct = 0;
    for (int mu = 0; mu < y.columns; mu++)
        if (is_correct(y.at[mu], y_hat.at[mu]))
            correct++;
    return (double)correct / y.columns;
}

/*
 * 4. The forward pass: from x to y_hat
 *
 * A neuron's input u is a weighted sum of the activities in the layer below. Its
 * activity is h = f(u), where the ReLU f clips negative inputs to zero.
 */

/* The ReLU of one input. A u that is not a number (NaN) stays one, so that it shows. */
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
    for (int k = 0; k < u.rows * u.columns; k++)
        h.at[k] = f(u.at[k]);
}

/*
 * Computes u1, h1, u2, h2 and y_hat of all examples.
 *
 * C for MATLAB readers: a parameter `struct examples *data` is the address of a struct,
 * so that the function works on the caller's struct and not on a copy. `data->X` is the
 * member X of the struct at that address. With `const` the struct is only read.
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
 * The error e = y - y_hat is the first delta. From each layer's delta that of the layer
 * below is computed:
 *
 *     delta_{l-1} = [W_lᵀ delta_l] ∘ f'(u_{l-1})
 *
 * At u = 0 the handout says two things of f'. It is "1 if the neuron's activity is
 * greater than zero, and zero otherwise": that is the derivative of the ReLU. It is
 * also step(h) with step(0) = 1: as no activity is negative, this would be 1
 * everywhere. Silent neurons would then be trained as well, though y_hat does not
 * depend on them. So f' is 1 where h > 0 and 0 where h = 0. The gradient check in
 * section 13 passes with this f' and fails with the other.
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
    for (int k = 0; k < h.rows * h.columns; k++)
        delta.at[k] = delta.at[k] * f_prime(h.at[k]);
}

/* Computes delta3, delta2 and delta1 of all examples. The forward pass comes before. */
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
 * The product with the transpose sums over the examples. Its minus sign and that of
 * descent cancel, so `minus_dW1` is kept, which is -∂L/∂W1.
 */

/* Computes minus the gradient from the activities and deltas of all examples. */
static void gradient(struct network *net, const struct examples *data)
{
    /* -∂L/∂W3 = delta3 h2ᵀ */
    sum_over_examples(data->delta3, data->h2, net->minus_dW3);

    /* -∂L/∂W2 = delta2 h1ᵀ */
    sum_over_examples(data->delta2, data->h1, net->minus_dW2);

    /* -∂L/∂W1 = delta1 xᵀ */
    sum_over_examples(data->delta1, data->X, net->minus_dW1);
}

/* Takes a small step, of learning rate alpha, down the gradient of one matrix. */
static void update(double alpha, struct matrix minus_dW, struct matrix W)
{
    /* W <- W + alpha delta_l h_{l-1}ᵀ */
    for (int k = 0; k < W.rows * W.columns; k++)
        W.at[k] = W.at[k] + alpha * minus_dW.at[k];
}

/*
 * 7. What is measured while the network learns
 *
 * (a) asks for the loss and the accuracy on the training and the testing examples over
 * the course of learning: a row of the table for each iteration. (b) and (c) ask
 * whether it would have helped to stop early: so the best rows are remembered.
 */
struct row {
    int iteration;
    double train_loss, test_loss; /* divided by the number of examples */
    double train_accuracy, test_accuracy;
};

struct best_rows {
    struct row last;
    struct row lowest_test_loss, highest_test_accuracy; /* the first of each */
};

/* A NaN without its sign, which is not the same on all processors. */
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

static void remember_row(struct best_rows *best, struct row r)
{
    best->last = r;
    if (r.iteration == 1 || r.test_loss < best->lowest_test_loss.test_loss)
        best->lowest_test_loss = r;
    if (r.iteration == 1 || r.test_accuracy > best->highest_test_accuracy.test_accuracy)
        best->highest_test_accuracy = r;
}

/* What the user can choose. */
struct options {
    double weight_scale;
    int iterations;
    uint32_t seed;
    const char *folder; /* of train.txt and test.txt */
};

/* Tells on standard error, ten times at most, how much of a long training is left. */
static void report_progress(const struct options *options, int i, double seconds)
{
    int tenth = (options->iterations + 9) / 10;
    if (i % tenth == 0 && i < options->iterations && seconds >= 2)
        fprintf(stderr, "backprop: weight_scale %g: iteration %d of %d, %.0f s left\n",
                options->weight_scale, i, options->iterations,
                seconds / i * (options->iterations - i));
}

/*
 * 8. Gradient descent
 *
 * (a) asks for 5000 iterations with a `weight_scale` of 0.01, (c) for the same with
 * 0.1. The figure shows the two tables.
 *
 * expected/figures/training.png
 */

/* Trains the network and prints a row an iteration. Returns what (b) and (c) ask for. */
static struct best_rows train(struct network *net, struct examples *training,
                              struct examples *testing, const struct options *options)
{
    int P = training->y.columns, P_test = testing->y.columns;
    double alpha = 0.1 / P;
    struct best_rows best = {0};
    time_t start = time(NULL);
    for (int i = 1; i <= options->iterations; i++) {
        forward(net, training);
        forward(net, testing);

        /* Row i is measured before update i, so row 1 is the untrained network. */
        struct row r;
        r.iteration = i;
        r.train_loss = loss(training->y, training->y_hat) / P;
        r.test_loss = loss(testing->y, testing->y_hat) / P_test;
        r.train_accuracy = accuracy(training->y, training->y_hat);
        r.test_accuracy = accuracy(testing->y, testing->y_hat);
        print_row("", r);
        remember_row(&best, r);
        report_progress(options, i, difftime(time(NULL), start));

        backward(net, training);
        gradient(net, training);

        /* Update only now: every delta has to be computed with the old weights. */
        update(alpha, net->minus_dW3, net->W3);
        update(alpha, net->minus_dW2, net->W2);
        update(alpha, net->minus_dW1, net->W1);
    }
    return best;
}

/*
 * PART II: BEHIND THE SCENES
 *
 * 9. The answers below the table
 */

/* One line for (b) and (c): what stopping at this row would have changed. */
static void print_gain(const char *name, struct row stop, struct row last)
{
    printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n", name,
           stop.iteration, shown(stop.test_loss - last.test_loss),
           stop.test_accuracy - last.test_accuracy);
}

static void print_best_rows(const struct best_rows *best)
{
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print_row("#", best->last);
    print_row("#", best->lowest_test_loss);
    print_row("#", best->highest_test_accuracy);
    printf("# stopping early would have changed, against the last row:\n");
    print_gain("lowest test loss", best->lowest_test_loss, best->last);
    print_gain("highest test accuracy", best->highest_test_accuracy, best->last);
}

/*
 * Whether too large steps have silenced every neuron. Then each y_hat is 0, no sign is
 * right and L/P is 1/2; and this was not so from the start, as with weights of 0.
 */
static bool has_died(const struct best_rows *best)
{
    return best->last.train_accuracy == 0 && best->last.train_loss == 0.5
           && best->highest_test_accuracy.test_accuracy > 0;
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

/* One line for (c): small starting weights have to travel far, large ones have not. */
static void print_changes(const struct network *net, const struct network *start)
{
    printf("# after the last update, |W - W_start| / |W_start|: "
           "W1 %.3g, W2 %.3g, W3 %.3g\n",
           shown(relative_change(net->W1, start->W1)),
           shown(relative_change(net->W2, start->W2)),
           shown(relative_change(net->W3, start->W3)));
}

/* Lists the test examples whose sign is wrong in the last row. */
static void print_wrong_examples(const struct examples *testing)
{
    const int most = 10;
    int P = testing->y.columns, wrong = 0;
    for (int mu = 0; mu < P; mu++)
        if (!is_correct(testing->y.at[mu], testing->y_hat.at[mu]))
            wrong++;
    if (wrong == 0) {
        printf("# wrong in the last row: none of %d test examples\n", P);
        return;
    }
    printf("# wrong in the last row, %d of %d test examples: line of test.txt, target, "
           "y_hat\n",
           wrong, P);
    int listed = 0;
    for (int mu = 0; mu < P && listed < most; mu++)
        if (!is_correct(testing->y.at[mu], testing->y_hat.at[mu])) {
            printf("#%6d %6g %13.6g\n", mu + 1, testing->y.at[mu],
                   shown(testing->y_hat.at[mu]));
            listed++;
        }
    if (wrong > listed)
        printf("#   and %d more\n", wrong - listed);
}

/* 10. Errors and memory */

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

/* A new matrix, filled with zeros as by MATLAB's zeros(rows, columns). */
static struct matrix zeros(int rows, int columns)
{
    double *at = calloc((size_t)columns, (size_t)rows * sizeof(double));
    if (at == NULL)
        fail("not enough memory for a matrix of %d x %d numbers", rows, columns);
    struct matrix M = {rows, columns, at};
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
    free(net->W1.at);
    free(net->W2.at);
    free(net->W3.at);
    free(net->minus_dW1.at);
    free(net->minus_dW2.at);
    free(net->minus_dW3.at);
    free(net->W2T.at);
    free(net->W3T.at);
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
    free(data->X.at);
    free(data->y.at);
    free(data->u1.at);
    free(data->h1.at);
    free(data->delta1.at);
    free(data->u2.at);
    free(data->h2.at);
    free(data->delta2.at);
    free(data->y_hat.at);
    free(data->delta3.at);
}

/*
 * 11. The examples in train.txt and test.txt
 *
 * Each line is an example: its target y, and then 784 brightnesses from 0 to 255. They
 * may also be written as NumPy's savetxt() writes them, 2.550000000000000000e+02.
 */

/* Reads the number that `text` is. Returns false if it is not a finite number. */
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

/* Reads one line of a file into *y and into the 784 numbers of x. */
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
 * pages 260-264). A point (v1, v2) is drawn uniformly from the unit disc. Then r2 = v1²
 * + v2² is uniform in [0, 1), and √(-2 log r2) is distributed as the length of a vector
 * of two independent Gaussians.
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
        /* With volatile no compiler fuses the two operations, which would round once
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
 * in w, and for a quadratic function the central difference is exact. Where a neuron
 * does, ε is made smaller. What remains is the rounding of L. If `weight_scale` is far
 * below 0.01, the derivatives are no larger than that, and the check fails.
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

/* Are the same neurons of a layer active in both? */
static bool same_active(struct matrix h, struct matrix other)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        if ((h.at[k] > 0) != (other.at[k] > 0))
            return false;
    return true;
}

/* The same question for both hidden layers. */
static bool same_neurons(const struct examples *data, const struct examples *nudged)
{
    return same_active(data->h1, nudged->h1) && same_active(data->h2, nudged->h2);
}

/* For the weight *w of net; `data` holds the activities with *w as it is. */
static double central_difference(struct network *net, const struct examples *data,
                                 struct examples *nudged, double *w)
{
    double difference = 0;
    bool same = false;
    for (double epsilon = 1.0 / 131072; !same && epsilon > 1e-9; epsilon /= 8) {
        double above = loss_with(net, nudged, w, *w + epsilon);
        bool same_above = same_neurons(data, nudged);
        double below = loss_with(net, nudged, w, *w - epsilon);
        bool same_below = same_neurons(data, nudged);
        difference = (above - below) / (2 * epsilon);
        same = same_above && same_below;
    }
    return difference;
}

static double largest_size(struct matrix M)
{
    double largest = 0;
    for (int k = 0; k < M.rows * M.columns; k++)
        largest = fmax(largest, fabs(M.at[k]));
    return largest;
}

/*
 * Prints both derivatives for eight weights of a layer, and returns whether all agree.
 * They belong to neurons spread over the layer, and to inputs just right of the middle,
 * where the images have ink.
 */
static bool check_layer(int layer, struct matrix W, struct matrix minus_dW,
                        struct network *net, const struct examples *data,
                        struct examples *nudged)
{
    bool passed = true;
    double largest = largest_size(minus_dW);
    for (int k = 0; k < 8; k++) {
        int i = k * W.rows / 8, j = (W.columns / 2 + 4 + 3 * k) % W.columns;
        double dW = 0 - minus_dW.at[j * W.rows + i]; /* "0 -" makes no -0 */
        double difference = central_difference(net, data, nudged, &W.at[j * W.rows + i]);
        double apart = fabs(dW - difference) / largest;
        bool agrees = apart <= TOLERANCE; /* 0/0 is NaN, and a NaN does not agree */
        printf("%3d %4d %4d %13.6g %12.4f %9.2g\n", layer, i, j, dW, difference,
               agrees ? 0 : fabs(apart));
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
    struct examples nudged = read_examples(options->folder, "test.txt");
    struct network net = new_network();
    draw_weights(&net, options);
    forward(&net, &testing);
    backward(&net, &testing);
    gradient(&net, &testing);
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

/* 14. The starting weights in print, for a program in another language */

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

/* The training from the starting weights that the options name: table and answers. */
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
    struct best_rows best = train(net, training, testing, options);
    print_best_rows(&best);
    if (has_died(&best))
        printf("# diverged: the steps were too large, and left every y_hat at 0\n");
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
        options.weight_scale = 0.1;
        printf("\n\n");
        print_training(&net, &training, &testing, &options);
    }
    free_network(&net);
    free_examples(&training);
    free_examples(&testing);
}

static const char USAGE[] =
    "usage: backprop [OPTION ...]\n"
    "  --weight-scale S   of the starting weights, at least 0 (0.01 and then 0.1;\n"
    "                     0.1 for --check-gradient, 0.01 for --print-weights)\n"
    "  --iterations N     updates, 1 ... 1000000000 (5000)\n"
    "  --seed K           of the starting weights, 0 ... 4294967295 (1)\n"
    "  --data FOLDER      where train.txt and test.txt are (data)\n"
    "  --check-gradient   the gradient beside central differences; status 1 if wrong\n"
    "  --print-weights    the starting weights W3, W2, W1, to 17 digits\n";

static bool is(const char *option, const char *name) { return strcmp(option, name) == 0; }

/* Takes an option that has a value. Returns false if the two are not understood. */
static bool take_option(const char *option, const char *value, struct options *options)
{
    double number;
    if (is(option, "--data")) {
        options->folder = value;
        return value[0] != '\0';
    }
    if (!read_number(value, &number))
        return false;
    if (is(option, "--weight-scale") && number >= 0 && number <= 1e100)
        options->weight_scale = number + 0; /* -0 + 0 is 0 */
    else if (is(option, "--iterations") && is_whole(number, 1, 1e9))
        options->iterations = (int)number;
    else if (is(option, "--seed") && is_whole(number, 0, UINT32_MAX))
        options->seed = (uint32_t)number;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {0.01, 5000, 1, "data"};
    const char *mode = "train";
    bool weight_scale_given = false, passed = true;
    for (int k = 1; k < argc; k++) {
        const char *option = argv[k];
        if (is(option, "--help") || is(option, "-h") || is(option, "--check-gradient")
            || is(option, "--print-weights")) {
            mode = option;
            continue;
        }
        const char *value = k + 1 < argc ? argv[k + 1] : "";
        if (!take_option(option, value, &options)) {
            fprintf(stderr, "backprop: not understood: %s %s\n%s", option, value, USAGE);
            return 2;
        }
        if (is(option, "--weight-scale"))
            weight_scale_given = true;
        k++; /* over the value */
    }
    if (is(mode, "--check-gradient") && !weight_scale_given)
        options.weight_scale = 0.1;
    if (is(mode, "--help") || is(mode, "-h"))
        fputs(USAGE, stdout);
    else if (is(mode, "--print-weights"))
        print_weights(&options);
    else if (is(mode, "--check-gradient"))
        passed = check_gradient(&options);
    else
        question_1(options, weight_scale_given);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("standard output: %s", strerror(errno));
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
