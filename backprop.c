/*
 * Backpropagation, written out: sevens against nines
 * --------------------------------------------------
 * Question 1 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     cc -std=c99 -O3 -o backprop backprop.c -lm
 *     ./backprop             all of Question 1, as tables on standard output
 *     ./backprop --help      the other things it does
 *
 * Part I is the handout. Read the two side by side: the sections keep its order, the
 * names are its symbols (W1, h1, delta2, y_hat, alpha; mu counts the examples), and each
 * equation stands in a comment above the line that computes it. Part II is the rest: the
 * data, the starting weights, a check of the gradient, the command line.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The functions of Part II that Part I calls. */
struct settings;
static struct network new_network(const struct settings *s);
static struct activity new_activity(int P);
static void free_network(struct network *net);
static void free_activity(struct activity *a);
static void report_progress(const struct settings *s, int done);

/*
 * PART I: THE HANDOUT
 *
 * 1. The network
 *
 *     x (784) --W1--> h1 (100) --W2--> h2 (80) --W3--> y_hat (1)
 *
 * All P examples go through it together, as the columns of matrices. A matrix is stored
 * column after column, as in MATLAB, and indices count from 0.
 */
enum { N_x = 784, N_h1 = 100, N_h2 = 80 };

struct matrix {
    int rows, columns;
    double *at; /* element (i, j) is at[j * rows + i] */
};

/* The synapses, and the gradient of the loss with respect to them. */
struct network {
    struct matrix W1, minus_dW1; /* N_h1 x 784; minus_dW1 is -∂L/∂W1 */
    struct matrix W2, minus_dW2; /* N_h2 x N_h1 */
    struct matrix W3, minus_dW3; /* 1 x N_h2 */
};

/* The columns of a matrix without their zeros; section 3 says why. */
struct nonzeros {
    int columns;
    struct entry **column; /* column c is the entries column[c][0], column[c][1], ... */
};

struct entry {
    int row; /* -1 behind the last entry of a column */
    double value;
};

/* P examples {x^mu, y^mu}. */
struct examples {
    int P;
    struct matrix y;    /* 1 x P: -1 for a seven, 1 for a nine */
    struct nonzeros X;  /* 784 x P: brightness / 255 */
    struct nonzeros XT; /* P x 784: Xᵀ */
};

/* What the network makes of P examples. */
struct activity {
    struct matrix h1, delta1;    /* N_h1 x P */
    struct matrix h2, delta2;    /* N_h2 x P */
    struct matrix y_hat, delta3; /* 1 x P */

    struct matrix h1T, h2T, W2T, W3T; /* h1ᵀ, h2ᵀ, W2ᵀ, W3ᵀ */
    struct nonzeros list;             /* room for the right factor of a product */
};

/*
 * 2. The loss and the accuracy
 *
 * The loss is the handout's sum over all examples; the tables divide it by P.
 */

/* L = 1/2 Σ_mu (y^mu - y_hat^mu)² */
static double loss(struct matrix y, struct matrix y_hat)
{
    double L = 0;
    for (int mu = 0; mu < y.columns; mu++) {
        double e = y.at[mu] - y_hat.at[mu];
        L += 0.5 * e * e;
    }
    return L;
}

/* The fraction of examples with sign(y_hat) = sign(y). sign(0) counts as wrong. */
static double accuracy(struct matrix y, struct matrix y_hat)
{
    int correct = 0;
    for (int mu = 0; mu < y.columns; mu++)
        correct += y.at[mu] * y_hat.at[mu] > 0;
    return (double)correct / y.columns;
}

/*
 * 3. The matrix product
 *
 * Backpropagation is eight matrix products, and this is the one that serves them all: the
 * textbook's three loops, with two habits.
 *
 *   - The loop over i is the innermost. Column c of C is then a sum of columns of A, each
 *     times a number B(j, c), and the numbers of a column lie side by side in memory.
 *   - What is multiplied by 0 adds nothing. 82 % of x are 0, and a ReLU sends on about
 *     half; so the loop over j takes only the nonzero B(j, c), from a list.
 */
enum { WIDEST = N_h1 > N_h2 ? N_h1 : N_h2 }; /* rows, at the most, of a product */

/*
 * C = A B, that is, C(i, c) = Σ_j A(i, j) B(j, c), with j = b->row. A and C have n rows;
 * n is a constant in each call, so the compiler knows how long the innermost loop is.
 */
static inline void product(int n, struct matrix A, const struct nonzeros *B,
                           struct matrix C)
{
    for (int c = 0; c < B->columns; c++) {
        double sum[WIDEST] = {0};
        for (const struct entry *b = B->column[c]; b->row >= 0; b++)
            for (int i = 0; i < n; i++)
                sum[i] += A.at[b->row * n + i] * b->value;
        for (int i = 0; i < n; i++)
            C.at[c * n + i] = sum[i];
    }
}

/* The columns of B without their zeros, written into a list with room for them. */
static const struct nonzeros *nonzeros(struct matrix B, struct nonzeros *list)
{
    struct entry *next = list->column[0];
    list->columns = B.columns;
    for (int c = 0; c < B.columns; c++) {
        list->column[c] = next;
        for (int j = 0; j < B.rows; j++) {
            next->row = j;
            next->value = B.at[c * B.rows + j];
            next += next->value != 0; /* by 1 or 0: what comes next overwrites a zero */
        }
        next->row = -1;
        next++;
    }
    return list;
}

/* AT = Aᵀ */
static void transpose(struct matrix A, struct matrix AT)
{
    for (int j = 0; j < A.columns; j++)
        for (int i = 0; i < A.rows; i++)
            AT.at[i * A.columns + j] = A.at[j * A.rows + i];
}

/*
 * 4. Backpropagation
 *
 * Forward from x to y_hat, backward from the error to delta1, and then the gradients, in
 * which the products sum over the examples.
 */

/* f(u) = max(u, 0), elementwise: u comes in, h = f(u) goes out. */
static void relu(struct matrix h)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        h.at[k] = h.at[k] < 0 ? 0 : h.at[k];
}

/*
 * delta <- delta ∘ f'(u), elementwise, where h = f(u).
 *
 * The handout says of f' that it is "1 if the neuron's activity is greater than zero, and
 * zero otherwise". That is [h > 0], the derivative of the ReLU. It also says step(h) with
 * step(0) = 1. As h is never negative, that would be 1 everywhere: silent neurons, which
 * no longer change y_hat, would be trained as well. The gradient check in section 8
 * passes with [h > 0] and fails with the other.
 */
static void times_slope(struct matrix delta, struct matrix h)
{
    for (int k = 0; k < h.rows * h.columns; k++) {
        double slope = h.at[k] > 0 ? 1 : 0;
        delta.at[k] = delta.at[k] * slope;
    }
}

static void forward(const struct network *net, const struct examples *data,
                    struct activity *a)
{
    /* h1 = f(W1 x) */
    product(N_h1, net->W1, &data->X, a->h1);
    relu(a->h1);

    /* h2 = f(W2 h1) */
    product(N_h2, net->W2, nonzeros(a->h1, &a->list), a->h2);
    relu(a->h2);

    /* y_hat = W3 h2 */
    product(1, net->W3, nonzeros(a->h2, &a->list), a->y_hat);
}

static void backward(const struct network *net, const struct examples *data,
                     struct activity *a)
{
    /* delta3 = e = y - y_hat */
    for (int mu = 0; mu < data->P; mu++)
        a->delta3.at[mu] = data->y.at[mu] - a->y_hat.at[mu];

    /* delta2 = [W3ᵀ delta3] ∘ f'(u2) */
    transpose(net->W3, a->W3T);
    product(N_h2, a->W3T, nonzeros(a->delta3, &a->list), a->delta2);
    times_slope(a->delta2, a->h2);

    /* delta1 = [W2ᵀ delta2] ∘ f'(u1) */
    transpose(net->W2, a->W2T);
    product(N_h1, a->W2T, nonzeros(a->delta2, &a->list), a->delta1);
    times_slope(a->delta1, a->h1);
}

static void gradients(struct network *net, const struct examples *data,
                      struct activity *a)
{
    /* ∂L/∂W3 = -delta3 h2ᵀ */
    transpose(a->h2, a->h2T);
    product(1, a->delta3, nonzeros(a->h2T, &a->list), net->minus_dW3);

    /* ∂L/∂W2 = -delta2 h1ᵀ */
    transpose(a->h1, a->h1T);
    product(N_h2, a->delta2, nonzeros(a->h1T, &a->list), net->minus_dW2);

    /* ∂L/∂W1 = -delta1 xᵀ */
    product(N_h1, a->delta1, &data->XT, net->minus_dW1);
}

/* W <- W + alpha delta_l h_{l-1}ᵀ, a small step down the gradient. */
static void update(double alpha, struct matrix minus_dW, struct matrix W)
{
    for (int k = 0; k < W.rows * W.columns; k++)
        W.at[k] = W.at[k] + alpha * minus_dW.at[k];
}

/*
 * 5. Gradient descent: parts (a), (b) and (c)
 */
enum { ITERATIONS = 5000 };

struct settings {
    double weight_scale; /* (a), (b): 0.01; (c): 0.1 */
    int iterations;
    uint32_t seed;
};

/* A row of the table of part (a); the losses are L/P. */
struct row {
    int iteration;
    double train_loss, test_loss, train_accuracy, test_accuracy;
};

/* fabs() takes the sign from a NaN, which some processors give it and others do not. */
static void print_row(const char *before, struct row r)
{
    printf("%s%6d %12.6g %12.6g %14.6g %13.6g\n", before, r.iteration,
           fabs(r.train_loss), fabs(r.test_loss), r.train_accuracy, r.test_accuracy);
}

/*
 * Parts (b) and (c) ask how accurate the classifier is, whether it overfits, and whether
 * stopping early would help. So below the table stand the last row and the two best ones
 * on the test set, and what stopping there would have changed.
 */
static void print_stop(const char *where, struct row stop, struct row last)
{
    printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n", where,
           stop.iteration, stop.test_loss - last.test_loss,
           stop.test_accuracy - last.test_accuracy);
}

static void print_answers(struct row last, struct row lowest, struct row highest)
{
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print_row("#", last);
    print_row("#", lowest);
    print_row("#", highest);
    printf("# stopping early would have changed, against the last row:\n");
    print_stop("lowest test loss", lowest, last);
    print_stop("highest test accuracy", highest, last);
}

/* Trains one network and prints its table. */
static void train(const struct settings *s, const struct examples *training,
                  const struct examples *testing)
{
    struct network net = new_network(s);
    struct activity a = new_activity(training->P);
    struct activity a_test = new_activity(testing->P);
    struct row r = {0}, lowest = {0}, highest = {0};
    double alpha = 0.1 / training->P; /* part (a): α = 0.1/P */

    printf("# Practical 4: Deep Networks, question 1(a): gradient descent\n"
           "# weight_scale = %g, alpha = 0.1/P, %d iterations, seed %lu\n"
           "# P = %d training examples, %d test examples; losses per example\n"
           "# iteration train_loss test_loss train_accuracy test_accuracy\n",
           s->weight_scale, s->iterations, (unsigned long)s->seed, training->P,
           testing->P);
    for (int i = 1; i <= s->iterations; i++) {
        forward(&net, training, &a);
        backward(&net, training, &a);
        gradients(&net, training, &a);

        /* Row i is measured before update i: the first one is the untrained network. */
        forward(&net, testing, &a_test);
        r.iteration = i;
        r.train_loss = loss(training->y, a.y_hat) / training->P;
        r.test_loss = loss(testing->y, a_test.y_hat) / testing->P;
        r.train_accuracy = accuracy(training->y, a.y_hat);
        r.test_accuracy = accuracy(testing->y, a_test.y_hat);
        print_row("", r);
        if (i == 1 || r.test_loss < lowest.test_loss)
            lowest = r;
        if (i == 1 || r.test_accuracy > highest.test_accuracy)
            highest = r;

        /* Only now, when all deltas and gradients are known, may the weights change. */
        update(alpha, net.minus_dW3, net.W3);
        update(alpha, net.minus_dW2, net.W2);
        update(alpha, net.minus_dW1, net.W1);
        report_progress(s, i);
    }
    print_answers(r, lowest, highest);
    free_activity(&a_test);
    free_activity(&a);
    free_network(&net);
}

/*
 * PART II: BEHIND THE SCENES
 *
 * Whatever is wrong, with the data or with the machine, fail() says it in one line.
 */
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

/* Ends the program if something printed did not arrive, say on a full disk. */
static void check_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("standard output: %s", strerror(errno));
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("not enough memory for %.0f bytes", (double)count * (double)size);
    return memory;
}

static struct matrix new_matrix(int rows, int columns)
{
    size_t count = (size_t)rows * (size_t)columns;
    return (struct matrix){rows, columns, allocate(count, sizeof(double))};
}

/* A list with room for so many columns and entries, one more for each column's end. */
static struct nonzeros new_nonzeros(int columns, int entries)
{
    struct nonzeros list = {0, allocate((size_t)columns, sizeof(struct entry *))};
    list.column[0] = allocate((size_t)entries, sizeof(struct entry));
    return list;
}

static void free_nonzeros(struct nonzeros *list)
{
    free(list->column[0]);
    free(list->column);
}

static struct activity new_activity(int P)
{
    struct activity a = {
        new_matrix(N_h1, P),    new_matrix(N_h1, P), /* h1, delta1 */
        new_matrix(N_h2, P),    new_matrix(N_h2, P), /* h2, delta2 */
        new_matrix(1, P),       new_matrix(1, P),    /* y_hat, delta3 */
        new_matrix(P, N_h1),    new_matrix(P, N_h2), /* h1T, h2T */
        new_matrix(N_h1, N_h2), new_matrix(N_h2, 1), /* W2T, W3T */
        new_nonzeros(P > WIDEST ? P : WIDEST, (WIDEST + 1) * (P + 1))};
    return a;
}

static void free_activity(struct activity *a)
{
    double *const all[] = {
        a->h1.at,     a->h2.at,  a->y_hat.at, a->delta1.at, a->delta2.at,
        a->delta3.at, a->h1T.at, a->h2T.at,   a->W2T.at,    a->W3T.at};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    free_nonzeros(&a->list);
}

/*
 * 6. The examples
 *
 * A line of data/train.txt is one example: the target y and then 784 brightnesses from 0
 * to 255. The lists of X and Xᵀ are made here, once and for all.
 */
enum {
    LONGEST_LINE = 16384,   /* bytes; a line of ours has at most 4 x 785 */
    MOST_EXAMPLES = 1000000 /* an int has to count the elements of X */
};

/* A line of text: its target into *y, its brightnesses / 255 into x[0 ... N_x-1]. */
static void read_example(const char *text, const char *path, int line, double *y,
                         double x[N_x])
{
    const char blanks[] = " \t\r\n";
    long numbers[1 + N_x];
    int count = 0;
    for (text += strspn(text, blanks); *text != '\0'; text += strspn(text, blanks)) {
        char *end;
        long number = strtol(text, &end, 10);
        if (end == text || strchr(blanks, *end) == NULL) /* it does find the last \0 */
            fail(isprint((unsigned char)*end)
                     ? "%s:%d: expected whole numbers, found '%c'"
                     : "%s:%d: expected whole numbers, found the byte 0x%02x",
                 path, line, (unsigned char)*end);
        if (count <= N_x)
            numbers[count] = number;
        count++;
        text = end;
    }
    if (count != 1 + N_x)
        fail("%s:%d: expected %d numbers, found %d", path, line, 1 + N_x, count);
    if (numbers[0] != -1 && numbers[0] != 1)
        fail("%s:%d: expected the target -1 or 1, found %ld", path, line, numbers[0]);
    *y = (double)numbers[0];
    for (int j = 0; j < N_x; j++) {
        if (numbers[1 + j] < 0 || numbers[1 + j] > 255)
            fail("%s:%d: expected a brightness, 0 ... 255, as number %d, found %ld", path,
                 line, j + 2, numbers[1 + j]);
        x[j] = (double)numbers[1 + j] / 255;
    }
}

/* All examples of FOLDER/NAME. */
static struct examples read_examples(const char *folder, const char *name)
{
    static char text[LONGEST_LINE];
    char *path = allocate(strlen(folder) + strlen(name) + 2, 1);
    sprintf(path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s", path, strerror(errno));

    int P = 0;
    int room = 0;
    double *x = NULL;
    double *y = NULL;
    while (fgets(text, sizeof text, file) != NULL) {
        int line = P + 1;
        if (strchr(text, '\n') == NULL && !feof(file))
            fail("%s:%d: expected %d numbers, found a byte 0 or more than %d bytes", path,
                 line, 1 + N_x, LONGEST_LINE);
        if (P == room) {
            room = room == 0 ? 2048 : 2 * room;
            x = realloc(x, (size_t)room * N_x * sizeof(double));
            y = realloc(y, (size_t)room * sizeof(double));
            if (P == MOST_EXAMPLES || x == NULL || y == NULL)
                fail("%s:%d: too many examples", path, line);
        }
        read_example(text, path, line, y + P, x + (size_t)P * N_x);
        P++;
    }
    if (ferror(file))
        fail("%s: %s", path, strerror(errno));
    if (P == 0)
        fail("%s: expected examples, found an empty file", path);
    fclose(file);
    free(path);

    struct matrix X = {N_x, P, x};
    struct matrix XT = new_matrix(P, N_x);
    struct examples data = {P, {1, P, y}, new_nonzeros(P, (N_x + 1) * P),
                            new_nonzeros(N_x, (P + 1) * N_x)};
    nonzeros(X, &data.X);
    transpose(X, XT);
    nonzeros(XT, &data.XT);
    free(X.at);
    free(XT.at);
    return data;
}

static void free_examples(struct examples *data)
{
    free_nonzeros(&data->X);
    free_nonzeros(&data->XT);
    free(data->y.at);
}

/*
 * 7. The starting weights: unit Gaussian random variables, times weight_scale
 *
 * C's rand() is another generator on each system, and then no two people could compare
 * their tables. So here is one that is the same everywhere and that other languages have
 * built in: the Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM Transactions on
 * Modeling and Computer Simulation 8, 1998, pages 3-30). Its numbers become Gaussians by
 * the polar method of Marsaglia and Bray (SIAM Review 6, 1964, pages 260-264), taken in
 * the order of NumPy's np.random.randn().
 */
struct twister {
    uint32_t state[624];
    int used; /* how many of the 624 have been drawn since they were last renewed */
    bool has_spare;
    double spare; /* the second Gaussian of the last pair */
};

/* The state that belongs to a seed: init_genrand() of Matsumoto and Nishimura. */
static void seed_twister(struct twister *mt, uint32_t seed)
{
    mt->state[0] = seed;
    for (uint32_t k = 1; k < 624; k++) {
        uint32_t before = mt->state[k - 1];
        mt->state[k] = 1812433253u * (before ^ (before >> 30)) + k;
    }
    mt->used = 624;
    mt->has_spare = false;
}

/* 32 random bits. */
static uint32_t random_bits(struct twister *mt)
{
    if (mt->used == 624) {
        for (int k = 0; k < 624; k++) {
            uint32_t joined = (mt->state[k] & 0x80000000u)
                              | (mt->state[(k + 1) % 624] & 0x7fffffffu);
            mt->state[k] = mt->state[(k + 397) % 624] ^ (joined >> 1)
                           ^ (joined % 2 == 0 ? 0 : 0x9908b0dfu);
        }
        mt->used = 0;
    }
    uint32_t bits = mt->state[mt->used++];
    bits ^= bits >> 11;
    bits ^= bits << 7 & 0x9d2c5680u;
    bits ^= bits << 15 & 0xefc60000u;
    return bits ^ bits >> 18;
}

/* A number in [0, 1) with 53 random bits, as many as a double holds. */
static double uniform(struct twister *mt)
{
    double upper = random_bits(mt) >> 5; /* 27 bits */
    double lower = random_bits(mt) >> 6; /* 26 bits */
    return (upper * 67108864.0 + lower) / 9007199254740992.0; /* 2^26, 2^53 */
}

/*
 * A unit Gaussian. A point (v1, v2) drawn evenly from the unit disc has an even angle,
 * and an r2 = v1² + v2² that is even between 0 and 1; so sqrt(-2 ln r2) is distributed as
 * the radius of a pair of independent Gaussians, and v1/r, v2/r are the cosine and sine
 * of its angle.
 */
static double gaussian(struct twister *mt)
{
    if (mt->has_spare) {
        mt->has_spare = false;
        return mt->spare;
    }
    double v1, v2, r2;
    do {
        v1 = 2.0 * uniform(mt) - 1.0;
        v2 = 2.0 * uniform(mt) - 1.0;
        /* volatile keeps a compiler from fusing multiplication and addition, which rounds
           once instead of twice and would make the weights differ in their last bit. */
        volatile double v1_squared = v1 * v1;
        volatile double v2_squared = v2 * v2;
        r2 = v1_squared + v2_squared;
    } while (r2 >= 1.0 || r2 == 0.0);
    double factor = sqrt(-2.0 * log(r2) / r2);
    mt->spare = factor * v1;
    mt->has_spare = true;
    return factor * v2;
}

/* Fills W row by row: all synapses of a neuron, then the next one's. */
static void draw_matrix(struct twister *mt, double weight_scale, struct matrix W)
{
    for (int i = 0; i < W.rows; i++)
        for (int j = 0; j < W.columns; j++)
            W.at[j * W.rows + i] = weight_scale * gaussian(mt);
}

/* A network with its starting weights, drawn in the starter code's order. */
static struct network new_network(const struct settings *s)
{
    struct network net = {new_matrix(N_h1, N_x),  new_matrix(N_h1, N_x),
                          new_matrix(N_h2, N_h1), new_matrix(N_h2, N_h1),
                          new_matrix(1, N_h2),    new_matrix(1, N_h2)};
    struct twister mt;
    seed_twister(&mt, s->seed);
    draw_matrix(&mt, s->weight_scale, net.W3);
    draw_matrix(&mt, s->weight_scale, net.W2);
    draw_matrix(&mt, s->weight_scale, net.W1);
    return net;
}

static void free_network(struct network *net)
{
    double *const all[] = {net->W1.at,        net->W2.at,        net->W3.at,
                           net->minus_dW1.at, net->minus_dW2.at, net->minus_dW3.at};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
}

/*
 * 8. Is the gradient right?
 *
 * A derivative says by how much the loss changes when one weight changes a little. That
 * can be tried out, with no equation of the handout's but the loss and the forward pass:
 *
 *     ∂L/∂w ≈ [L(w + ε) - L(w - ε)] / 2ε
 *
 * As long as no neuron falls silent or wakes up between w - ε and w + ε, y_hat is linear
 * in each single weight and L quadratic, and for a quadratic the central difference is
 * exact. So where one does, ε is made smaller. What remains is the rounding of L. With a
 * weight_scale far below 0.01 the derivatives are no larger than that; the check then
 * fails, since it cannot see them.
 */
enum { CHECKED = 8 }; /* weights of each matrix */
static const double TOLERANCE = 1e-4;

/* Are the same neurons active, h > 0, in both? */
static bool same_active(struct matrix h, struct matrix other)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        if ((h.at[k] > 0) != (other.at[k] > 0))
            return false;
    return true;
}

/* L with the weight *w at `value`; b becomes the activity. */
static double loss_at(const struct network *net, const struct examples *data, double *w,
                      double value, struct activity *b)
{
    double w_before = *w;
    *w = value;
    forward(net, data, b);
    *w = w_before;
    return loss(data->y, b->y_hat);
}

/* The central difference for the weight *w of a network whose activity is a. */
static double central_difference(const struct network *net, const struct examples *data,
                                 double *w, const struct activity *a, struct activity *b)
{
    double difference = 0;
    bool same = false;
    for (double epsilon = 1.0 / 131072; !same && epsilon > 1e-9; epsilon /= 8) {
        double L_above = loss_at(net, data, w, *w + epsilon, b);
        same = same_active(a->h1, b->h1) && same_active(a->h2, b->h2);
        double L_below = loss_at(net, data, w, *w - epsilon, b);
        same = same && same_active(a->h1, b->h1) && same_active(a->h2, b->h2);
        difference = (L_above - L_below) / (2 * epsilon);
    }
    return difference;
}

/*
 * Checks a few weights of one matrix, in rows spread over all neurons and columns behind
 * the middle one, and prints a row for each: layer, i, j, dL/dW(i, j), the difference,
 * and how far they are apart in units of the layer's largest difference. Returns whether
 * all agree; a layer in which every derivative is 0 tells nothing and does not pass.
 */
static bool check_layer(int layer, const struct network *net, const struct examples *data,
                        struct matrix W, struct matrix minus_dW, const struct activity *a,
                        struct activity *b)
{
    int i[CHECKED], j[CHECKED];
    double difference[CHECKED];
    double largest = 0;
    bool passed = true;
    for (int k = 0; k < CHECKED; k++) {
        i[k] = k * W.rows / CHECKED;
        j[k] = (W.columns / 2 + 4 + 3 * k) % W.columns;
        double *w = &W.at[j[k] * W.rows + i[k]];
        difference[k] = central_difference(net, data, w, a, b);
        largest = fmax(largest, fabs(difference[k]));
    }
    for (int k = 0; k < CHECKED; k++) {
        double dW = 0 - minus_dW.at[j[k] * W.rows + i[k]]; /* never -0, which prints */
        double apart = fabs(dW - difference[k]) / largest;
        bool agrees = apart <= TOLERANCE; /* NaN does not */
        printf("%3d %4d %4d %13.6g %12.4f %9.2g\n", layer, i[k], j[k], dW, difference[k],
               agrees ? 0 : fabs(apart));
        passed = passed && agrees;
    }
    printf("# W%d: %s\n", layer,
           passed ? "passed" : largest == 0 ? "FAILED, nothing to compare" : "FAILED");
    return passed;
}

/* Prints the table for the test examples and returns whether the gradient passes. */
static bool check_gradient(const struct settings *s, const char *folder)
{
    struct examples data = read_examples(folder, "test.txt");
    struct network net = new_network(s);
    struct activity a = new_activity(data.P);
    struct activity b = new_activity(data.P);
    forward(&net, &data, &a);
    backward(&net, &data, &a);
    gradients(&net, &data, &a);

    printf("# Practical 4: Deep Networks, question 1: gradient and central differences\n"
           "# P = %d test examples, weight_scale = %g, seed %lu\n"
           "# apart: in units of the layer's largest difference, 0 where below %g\n"
           "# layer i j dL/dW central_difference apart\n",
           data.P, s->weight_scale, (unsigned long)s->seed, TOLERANCE);
    bool passed = check_layer(1, &net, &data, net.W1, net.minus_dW1, &a, &b);
    passed = check_layer(2, &net, &data, net.W2, net.minus_dW2, &a, &b) && passed;
    passed = check_layer(3, &net, &data, net.W3, net.minus_dW3, &a, &b) && passed;
    printf("# gradient check: %s\n", passed ? "passed" : "FAILED");
    free_activity(&b);
    free_activity(&a);
    free_network(&net);
    free_examples(&data);
    return passed;
}

/* 9. The starting weights in print, for a program in another language */
static void print_matrix(int layer, struct matrix W)
{
    printf("# W%d, %d x %d: a row for each neuron, a column for each of its inputs\n",
           layer, W.rows, W.columns);
    for (int i = 0; i < W.rows; i++)
        for (int j = 0; j < W.columns; j++)
            printf("%.17g%c", W.at[j * W.rows + i], j == W.columns - 1 ? '\n' : ' ');
}

static void print_weights(const struct settings *s)
{
    struct network net = new_network(s);
    printf("# Practical 4: Deep Networks, question 1: the starting weights\n"
           "# weight_scale = %g, seed %lu\n",
           s->weight_scale, (unsigned long)s->seed);
    print_matrix(3, net.W3);
    printf("\n\n");
    print_matrix(2, net.W2);
    printf("\n\n");
    print_matrix(1, net.W1);
    free_network(&net);
}

/*
 * 10. The command line
 */
static const char USAGE[] =
    "usage: backprop [--weight-scale S] [--iterations N] [--seed K] [--data FOLDER]\n"
    "       backprop --check-gradient [--weight-scale S] [--seed K] [--data FOLDER]\n"
    "       backprop --print-weights [--weight-scale S] [--seed K]\n"
    "\n"
    "Trains a network to tell sevens from nines and prints a table of how loss and\n"
    "accuracy develop: without --weight-scale for 0.01 and then for 0.1.\n"
    "\n"
    "  --weight-scale S   scale of the starting weights, a number of at least 0\n"
    "                     (0.1 for --check-gradient, 0.01 for --print-weights)\n"
    "  --iterations N     updates, at least 1 (5000)\n"
    "  --seed K           of the starting weights, 0 ... 4294967295 (1)\n"
    "  --data FOLDER      where train.txt and test.txt are (data)\n"
    "  --check-gradient   the gradient beside central differences; status 1 if wrong\n"
    "  --print-weights    the starting weights W3, W2, W1, to 17 digits\n";

/* A line on standard error for every tenth of a training, with the time left. */
static void report_progress(const struct settings *s, int done)
{
    static time_t start;
    if (done == 1)
        start = time(NULL);
    int tenth = (s->iterations + 9) / 10;
    if (done % tenth != 0 || done == s->iterations)
        return;
    check_output();
    double left = difftime(time(NULL), start) / done * (s->iterations - done);
    fprintf(stderr, "backprop: weight_scale %g: iteration %d of %d, %.0f s left\n",
            s->weight_scale, done, s->iterations, left);
}

/* A wrong command line: says what is wrong, shows the usage, exit status 2. */
static void misused(const char *option, const char *problem)
{
    fprintf(stderr, "backprop: %s %s\n%s", option, problem, USAGE);
    exit(2);
}

/* The number that `text` is, if it has only these characters and is in these bounds. */
static double number(const char *option, const char *text, const char *characters,
                     double least, double most, const char *problem)
{
    char *end;
    double value = strtod(text, &end);
    if (text[0] == '\0' || text[strspn(text, characters)] != '\0' || *end != '\0'
        || !(value >= least && value <= most))
        misused(option, problem);
    return value;
}

/* All of Question 1, or its table for the one weight scale that was given. */
static void train_all(struct settings s, bool scale_given, const char *folder)
{
    struct examples training = read_examples(folder, "train.txt");
    struct examples testing = read_examples(folder, "test.txt");
    train(&s, &training, &testing);
    if (!scale_given) { /* that was 0.01 */
        printf("\n\n");
        s.weight_scale = 0.1;
        train(&s, &training, &testing);
    }
    free_examples(&testing);
    free_examples(&training);
}

int main(int argc, char **argv)
{
    struct settings s = {-1, 0, 1}; /* -1 and 0: not given */
    const char *folder = NULL;
    const char *mode = NULL;
    for (int k = 1; k < argc; k++) {
        const char *option = argv[k];
        const char *value = k + 1 < argc ? argv[k + 1] : "";
        if (strcmp(option, "--help") == 0) {
            fputs(USAGE, stdout);
            check_output();
            return 0;
        }
        if (strcmp(option, "--check-gradient") == 0
            || strcmp(option, "--print-weights") == 0) {
            if (mode != NULL)
                misused(option, "is one mode too many");
            mode = option;
            continue;
        }
        k++;
        if (strcmp(option, "--weight-scale") == 0)
            s.weight_scale = number(option, value, "0123456789.eE+-", 0, 1e100,
                                    "expects a number of at least 0");
        else if (strcmp(option, "--iterations") == 0)
            s.iterations = (int)number(option, value, "0123456789", 1, 1e9,
                                       "expects a whole number, 1 ... 1000000000");
        else if (strcmp(option, "--seed") == 0)
            s.seed = (uint32_t)number(option, value, "0123456789", 0, 4294967295.0,
                                      "expects a whole number, 0 ... 4294967295");
        else if (strcmp(option, "--data") == 0 && value[0] != '\0')
            folder = value;
        else
            misused(option, strcmp(option, "--data") == 0 ? "expects a folder"
                                                          : "is not an option");
    }
    bool checks = mode != NULL && strcmp(mode, "--check-gradient") == 0;
    if (mode != NULL && s.iterations != 0)
        misused("--iterations", "is for training only");
    if (mode != NULL && !checks && folder != NULL)
        misused("--data", "does not go with --print-weights");

    bool scale_given = s.weight_scale >= 0;
    if (!scale_given)
        s.weight_scale = checks ? 0.1 : 0.01;
    if (s.iterations == 0)
        s.iterations = ITERATIONS;
    if (folder == NULL)
        folder = "data";

    bool passed = true;
    if (mode == NULL)
        train_all(s, scale_given, folder);
    else if (checks)
        passed = check_gradient(&s, folder);
    else
        print_weights(&s);
    check_output();
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
