/*
 * Backpropagation, written out: sevens against nines
 *
 * Question 1 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     cc -std=c99 -O3 -o backprop backprop.c -lm
 *     ./backprop             all of Question 1, as tables on standard output
 *     ./backprop --help      the other things it does
 *
 * Part I is the handout: read the two side by side. The names are its symbols (W1, h1,
 * delta2, y_hat, alpha; mu counts the examples), and each equation stands in a comment
 * above the code that computes it. Part II is the rest.
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
 *     x (784) --W1--> h1 (100) --W2--> h2 (80) --W3--> y_hat (1)
 *
 * All P examples (expected/figures/digits.png has 32 of them) go through it together, as
 * the columns of matrices. (In C an enum can name constants; indices count from 0.)
 */
enum { N_x = 784, N_h1 = 100, N_h2 = 80 };

/*
 * A matrix is stored column after column, as in MATLAB. The struct holds the address of
 * its numbers, not the numbers: a function that gets one can change them.
 */
struct matrix {
    int rows, columns;
    double *at; /* element (i, j) is at[j * rows + i] */
};

/* The synapses, and minus the gradient of the loss with respect to them. */
struct network {
    struct matrix W1, minus_dW1; /* N_h1 x 784; minus_dW1 is -∂L/∂W1 */
    struct matrix W2, minus_dW2; /* N_h2 x N_h1 */
    struct matrix W3, minus_dW3; /* 1 x N_h2 */
};

/* P examples {x^mu, y^mu}. */
struct examples {
    int P;
    struct matrix y; /* 1 x P: -1 for a seven, 1 for a nine */
    struct entry *X; /* 784 x P: brightness / 255, as a list (section 3) */
};

/* The network's response to P examples. */
struct activity {
    struct matrix h1, delta1;    /* N_h1 x P */
    struct matrix h2, delta2;    /* N_h2 x P */
    struct matrix y_hat, delta3; /* 1 x P */
};

/* 2. The loss (the table shows L/P) and the accuracy */

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

/*
 * The fraction of examples with sign(y_hat) = sign(y), that is, with y y_hat > 0; y_hat =
 * 0 counts as wrong. (A comparison is 1 or 0; (double) keeps / from dropping fractions.)
 */
static double accuracy(struct matrix y, struct matrix y_hat)
{
    int correct = 0;
    for (int mu = 0; mu < y.columns; mu++)
        correct += y.at[mu] * y_hat.at[mu] > 0;
    return (double)correct / y.columns;
}

/*
 * 3. Two matrix products
 *
 * The textbook's C = A B starts from C = 0 and has three loops:
 *
 *     for each mu, for each i, for each j:  C(i, mu) <- C(i, mu) + A(i, j) B(j, mu)
 *
 * Here are the same three, with two changes for speed. The loop over i is innermost: it
 * runs along columns, whose numbers lie side by side in memory. And a B(j, mu) of 0, as
 * are 82 % of x and much of what a ReLU puts out, is skipped: B is a list of its nonzero
 * entries, example after example. Row -1 ends an example. (MATLAB and SciPy count them.
 * If gcc knows how often the loop over j runs, it reorders the loops: half the speed.)
 */
struct entry {
    int row; /* j, or -1 after the last entry of a column */
    double value;
};

/*
 * C = A B. W2 h1, for example, is
 *
 *     product(N_h2, net->W2, list_nonzeros(a->h1), a->h2);
 *
 * b is the next entry of B. n, the number of rows of A and C, is a constant in each call,
 * so that the loop over i has a fixed length. sum is column mu of C, in its own place.
 */
static inline void product(int n, struct matrix A, const struct entry *b, struct matrix C)
{
    for (int mu = 0; mu < C.columns; mu++) {
        double sum[N_h1 + N_h2] = {0}; /* n at least */
        for (; b->row >= 0; b++)       /* j = b->row */
            for (int i = 0; i < n; i++)
                sum[i] += A.at[b->row * n + i] * b->value;
        b++; /* over the end mark */
        for (int i = 0; i < n; i++)
            C.at[mu * n + i] = sum[i];
    }
}

/*
 * C = A Bᵀ, the sum over the examples: C(i, j) = Σ_mu A(i, mu) B(j, mu). The column of A
 * is copied: for all that the compiler knows, C could overlap with A.
 */
static inline void sum_over_examples(int n, struct matrix A, const struct entry *b,
                                     struct matrix C)
{
    for (int k = 0; k < C.rows * C.columns; k++)
        C.at[k] = 0;
    for (int mu = 0; mu < A.columns; mu++) {
        double column[N_h1 + N_h2];
        for (int i = 0; i < n; i++)
            column[i] = A.at[mu * n + i];
        for (; b->row >= 0; b++)
            for (int i = 0; i < n; i++)
                C.at[b->row * n + i] += column[i] * b->value;
        b++;
    }
}

/* The list of B; the next call overwrites it. (next++ moves on to the next entry.) */
static struct entry *list;
static const struct entry *list_nonzeros(struct matrix B)
{
    struct entry *next = list;
    for (int mu = 0; mu < B.columns; mu++) {
        for (int j = 0; j < B.rows; j++) {
            *next = (struct entry){j, B.at[mu * B.rows + j]};
            next += next->value != 0; /* by 1 or 0: what follows overwrites a zero */
        }
        *next++ = (struct entry){.row = -1};
    }
    return list;
}

/*
 * 4. Backpropagation: forward from x to y_hat, backward from the error to delta1
 *
 * f(u) = max(u, 0), elementwise: u comes in, h = f(u) goes out. (Unlike MATLAB's max this
 * keeps a NaN, so that it shows. `c ? a : b` is `a` if `c`, else `b`.)
 */
static void relu(struct matrix h)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        h.at[k] = h.at[k] < 0 ? 0 : h.at[k];
}

static void forward(const struct network *net, const struct examples *data,
                    struct activity *a)
{
    /* h1 = f(W1 x) */
    product(N_h1, net->W1, data->X, a->h1);
    relu(a->h1);

    /* h2 = f(W2 h1) */
    product(N_h2, net->W2, list_nonzeros(a->h1), a->h2);
    relu(a->h2);

    /* y_hat = W3 h2 */
    product(1, net->W3, list_nonzeros(a->h2), a->y_hat);
}

/*
 * delta <- delta ∘ f'(u), elementwise, where h = f(u).
 *
 * The handout says of f' that it is "1 if the neuron's activity is greater than zero, and
 * zero otherwise". That is [h > 0], the derivative of the ReLU. It also says step(h) with
 * step(0) = 1. As h is never negative, that would be 1 everywhere: silent neurons, which
 * do not change y_hat, would be trained as well. The gradient check in section 9 passes
 * with [h > 0] and fails with the other.
 */
static void times_slope(struct matrix delta, struct matrix h)
{
    for (int k = 0; k < h.rows * h.columns; k++) {
        double slope = h.at[k] > 0 ? 1 : 0;
        delta.at[k] = delta.at[k] * slope;
    }
}

/* Aᵀ, for W2 or W3; the next call overwrites it. (static is MATLAB's persistent.) */
static struct matrix transpose(struct matrix A)
{
    static double room[N_h1 * N_h2];
    for (int j = 0; j < A.columns; j++)
        for (int i = 0; i < A.rows; i++)
            room[i * A.columns + j] = A.at[j * A.rows + i];
    return (struct matrix){A.columns, A.rows, room};
}

static void backward(const struct network *net, const struct examples *data,
                     struct activity *a)
{
    /* delta3 = e = y - y_hat */
    for (int mu = 0; mu < data->P; mu++)
        a->delta3.at[mu] = data->y.at[mu] - a->y_hat.at[mu];

    /* delta2 = [W3ᵀ delta3] ∘ f'(u2) */
    product(N_h2, transpose(net->W3), list_nonzeros(a->delta3), a->delta2);
    times_slope(a->delta2, a->h2);

    /* delta1 = [W2ᵀ delta2] ∘ f'(u1) */
    product(N_h1, transpose(net->W2), list_nonzeros(a->delta2), a->delta1);
    times_slope(a->delta1, a->h1);
}

static void gradient(struct network *net, const struct examples *data, struct activity *a)
{
    /* -∂L/∂W3 = delta3 h2ᵀ */
    sum_over_examples(1, a->delta3, list_nonzeros(a->h2), net->minus_dW3);

    /* -∂L/∂W2 = delta2 h1ᵀ */
    sum_over_examples(N_h2, a->delta2, list_nonzeros(a->h1), net->minus_dW2);

    /* -∂L/∂W1 = delta1 xᵀ */
    sum_over_examples(N_h1, a->delta1, data->X, net->minus_dW1);
}

/* W <- W + alpha delta_l h_{l-1}ᵀ, a small step down the gradient. */
static void update(double alpha, struct matrix minus_dW, struct matrix W)
{
    for (int k = 0; k < W.rows * W.columns; k++)
        W.at[k] = W.at[k] + alpha * minus_dW.at[k];
}

/*
 * 5. Gradient descent: 5000 iterations, (a) with weight_scale 0.01, (c) with 0.1
 *
 * expected/figures/training.png shows what becomes of loss and accuracy.
 */
static void print_row(int iteration, double train_loss, double test_loss,
                      double train_accuracy, double test_accuracy);

static void train(struct network *net, const struct examples *training,
                  const struct examples *testing, struct activity *a,
                  struct activity *a_test, int iterations)
{
    double alpha = 0.1 / training->P;
    for (int i = 1; i <= iterations; i++) {
        forward(net, training, a);
        backward(net, training, a);
        gradient(net, training, a);

        /* Row i is measured before update i: row 1 is the untrained network, and the
           network after the last update is not measured. */
        forward(net, testing, a_test);
        print_row(i, loss(training->y, a->y_hat) / training->P,
                  loss(testing->y, a_test->y_hat) / testing->P,
                  accuracy(training->y, a->y_hat), accuracy(testing->y, a_test->y_hat));

        /* Not earlier: the deltas are made with the weights as they were. */
        update(alpha, net->minus_dW3, net->W3);
        update(alpha, net->minus_dW2, net->W2);
        update(alpha, net->minus_dW1, net->W1);
    }
}

/* PART II: BEHIND THE SCENES */
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

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("not enough memory for %.0f bytes", (double)count * (double)size);
    return memory;
}

static struct matrix new_matrix(int rows, int columns)
{
    return (struct matrix){rows, columns,
                           allocate((size_t)columns, (size_t)rows * sizeof(double))};
}

/* What the program owns. It is needed until the end, so no memory is freed. */
static struct network net;
static struct examples training, testing;
static struct activity a, a_test, nudged;

static void make_network(void)
{
    net.W1 = new_matrix(N_h1, N_x);
    net.W2 = new_matrix(N_h2, N_h1);
    net.W3 = new_matrix(1, N_h2);
    net.minus_dW1 = new_matrix(N_h1, N_x);
    net.minus_dW2 = new_matrix(N_h2, N_h1);
    net.minus_dW3 = new_matrix(1, N_h2);
}

static struct activity new_activity(int P)
{
    return (struct activity){.h1 = new_matrix(N_h1, P),
                             .h2 = new_matrix(N_h2, P),
                             .y_hat = new_matrix(1, P),
                             .delta1 = new_matrix(N_h1, P),
                             .delta2 = new_matrix(N_h2, P),
                             .delta3 = new_matrix(1, P)};
}

/* What the command line can change. */
static double weight_scale = 0.01;
static int iterations = 5000;
static uint32_t seed = 1;
static const char *folder = "data"; /* of train.txt and test.txt */

/* 6. The table of (a) and (c), and below it what (b) and (c) ask about stopping early */
static struct row {
    int iteration;
    double train_loss, test_loss, train_accuracy, test_accuracy;
} last, lowest_loss, highest_accuracy;

/* A NaN without its sign, which differs between processors. */
static double shown(double value) { return isnan(value) ? fabs(value) : value; }

static void print(const char *before, struct row r)
{
    printf("%s%6d %12.6g %12.6g %14.6g %13.6g\n", before, r.iteration,
           shown(r.train_loss), shown(r.test_loss), r.train_accuracy, r.test_accuracy);
}

/* A line on standard error for every tenth of a training, none in its first second. */
static void report_progress(int i)
{
    static time_t start;
    if (i == 1)
        start = time(NULL);
    double seconds = difftime(time(NULL), start); /* a whole number */
    if (i % ((iterations + 9) / 10) == 0 && i < iterations && seconds >= 2)
        fprintf(stderr, "backprop: weight_scale %g: iteration %d of %d, %.0f s left\n",
                weight_scale, i, iterations, seconds / i * (iterations - i));
}

static void print_row(int iteration, double train_loss, double test_loss,
                      double train_accuracy, double test_accuracy)
{
    last = (struct row){iteration, train_loss, test_loss, train_accuracy, test_accuracy};
    if (iteration == 1 || test_loss < lowest_loss.test_loss)
        lowest_loss = last;
    if (iteration == 1 || test_accuracy > highest_accuracy.test_accuracy)
        highest_accuracy = last;
    print("", last);
    report_progress(iteration);
}

static void print_answers(void)
{
    const struct row *stops[] = {&lowest_loss, &highest_accuracy};
    const char *names[] = {"lowest test loss", "highest test accuracy"};
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print("#", last);
    print("#", lowest_loss);
    print("#", highest_accuracy);
    printf("# stopping early would have changed, against the last row:\n");
    for (int k = 0; k < 2; k++)
        printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n",
               names[k], stops[k]->iteration, shown(stops[k]->test_loss - last.test_loss),
               stops[k]->test_accuracy - last.test_accuracy);
    /* No sign is right, so each |e| >= 1; as the loss is 1/2, each is 1: y_hat = 0. */
    if (last.train_accuracy == 0 && last.train_loss == 0.5
        && highest_accuracy.test_accuracy > 0)
        printf("# diverged: the steps were too large, and left every y_hat at 0\n");
}

/*
 * 7. The examples: a line for each, the target y and then 784 brightnesses, 0 ... 255
 *
 * Reads a line into *y and, from x on, into the list of X. Returns the next free place.
 */
static struct entry *read_example(char *text, const char *path, int line, double *y,
                                  struct entry *x)
{
    const char blanks[] = " \t\r\n\xef\xbb\xbf"; /* the last three: a byte order mark */
    char *word = strtok(text, blanks), *end;
    for (int k = 0; k < 1 + N_x; k++, word = strtok(NULL, blanks)) {
        if (word == NULL)
            fail("%s:%d: expected %d numbers, found %d", path, line, 1 + N_x, k);
        long number = strtol(word, &end, 10);
        bool fits = k == 0 ? number == -1 || number == 1 : number >= 0 && number <= 255;
        if (*end != '\0' || !fits)
            fail("%s:%d: expected %s as number %d, found '%.20s'", path, line,
                 k == 0 ? "-1 or 1" : "0 ... 255", k + 1, word);
        if (k == 0)
            *y = (double)number;
        else if (number != 0)
            *x++ = (struct entry){k - 1, (double)number / 255};
    }
    if (word != NULL)
        fail("%s:%d: expected %d numbers, found more", path, line, 1 + N_x);
    *x = (struct entry){.row = -1};
    return x + 1;
}

static struct examples read_examples(const char *name)
{
    const int most = 1000000;             /* an int has to count the numbers in h1 */
    char path[FILENAME_MAX], text[16384]; /* a line of ours has at most 4 x 785 bytes */
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s (seen from where backprop was started; --data names another folder)",
             path, strerror(errno));
    int P = 0, mu = 0;
    while (P <= most && fgets(text, sizeof text, file) != NULL)
        P++;
    if (ferror(file))
        fail("%s: %s", path, strerror(errno));
    if (P == 0 || P > most)
        fail("%s: expected 1-%d lines, found %s", path, most, P == 0 ? "none" : "more");
    rewind(file);
    struct entry *x = allocate((size_t)P, sizeof(struct entry[N_x + 1]));
    struct examples data = {P, new_matrix(1, P), x};
    for (; mu < P && fgets(text, sizeof text, file) != NULL; mu++)
        x = read_example(text, path, mu + 1, &data.y.at[mu], x);
    if (mu < P)
        fail("%s: cannot be read twice", path);
    fclose(file);
    return data;
}

/*
 * 8. The starting weights: unit Gaussian random variables, times weight_scale
 *
 * C's rand() differs between systems. So here is what NumPy's np.random.randn() does: the
 * Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM TOMACS 8, 1998, pages 3-30),
 * the polar method of Marsaglia and Bray (SIAM Review 6, 1964, pages 260-264).
 */
static uint32_t state[624];
static int next; /* the element of the state that is renewed next */
static bool has_spare;
static double spare; /* the second Gaussian of the last pair */

/* init_genrand() of Matsumoto and Nishimura. */
static void seed_generator(void)
{
    state[0] = seed;
    for (uint32_t k = 1; k < 624; k++)
        state[k] = 1812433253u * (state[k - 1] ^ (state[k - 1] >> 30)) + k;
    next = 0;
    has_spare = false;
}

/* 32 random bits. */
static uint32_t random_bits(void)
{
    int k = next;
    next = (k + 1) % 624;
    uint32_t joined = (state[k] & 0x80000000u) | (state[next] & 0x7fffffffu);
    state[k] = state[(k + 397) % 624] ^ (joined >> 1) ^ (joined % 2 * 0x9908b0dfu);
    uint32_t bits = state[k] ^ (state[k] >> 11);
    bits ^= (bits << 7) & 0x9d2c5680u;
    bits ^= (bits << 15) & 0xefc60000u;
    return bits ^ (bits >> 18);
}

/* A number in [0, 1) with 53 random bits, as many as a double holds. */
static double uniform(void)
{
    uint32_t upper = random_bits() >> 5, lower = random_bits() >> 6; /* 27, 26 bits */
    return (upper * 67108864.0 + lower) / 9007199254740992.0;        /* 2^26, 2^53 */
}

/* A unit Gaussian: for a point drawn uniformly from the unit disc `r2` is uniform, and
   sqrt(-2 ln `r2`) is distributed as the length of two independent Gaussians. */
static double gaussian(void)
{
    has_spare = !has_spare;
    if (!has_spare)
        return spare;
    double v1, v2, r2;
    do {
        v1 = 2.0 * uniform() - 1.0;
        v2 = 2.0 * uniform() - 1.0;
        /* volatile, so that no compiler fuses the two and rounds once instead of twice */
        volatile double v1_squared = v1 * v1, v2_squared = v2 * v2;
        r2 = v1_squared + v2_squared;
    } while (r2 >= 1.0 || r2 == 0.0);
    double factor = sqrt(-2.0 * log(r2) / r2);
    spare = factor * v1;
    return factor * v2;
}

/* In the starter code's order; each matrix row by row, one neuron after another. */
static void draw_weights(void)
{
    const struct matrix *W[] = {&net.W3, &net.W2, &net.W1};
    seed_generator();
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < W[k]->rows; i++)
            for (int j = 0; j < W[k]->columns; j++)
                W[k]->at[j * W[k]->rows + i] = weight_scale * gaussian();
}

/*
 * 9. Is the gradient right?
 *
 * How the loss changes with one weight can be measured, with forward passes alone:
 *
 *     ∂L/∂w ≈ [L(w + ε) - L(w - ε)] / 2ε
 *
 * While no neuron falls silent or wakes up between w - ε and w + ε, L is quadratic in w,
 * and for a quadratic the central difference is exact; where one does, ε is made smaller.
 * The rounding of L remains: with a weight_scale far below 0.01 the derivatives are no
 * larger than that, and the check fails. The update is tested by the table's first rows.
 */
static const double TOLERANCE = 1e-5;

static bool same_active(struct matrix h, struct matrix other)
{
    for (int k = 0; k < h.rows * h.columns; k++)
        if ((h.at[k] > 0) != (other.at[k] > 0))
            return false;
    return true;
}

/* For the weight *w of net, whose activity for the test examples is a_test. */
static double central_difference(double *w)
{
    const double w_before = *w;
    double difference = 0;
    bool same = false;
    for (double epsilon = 1.0 / 131072; !same && epsilon > 1e-9; epsilon /= 8) {
        difference = 0;
        same = true;
        for (int sign = 1; sign >= -1; sign -= 2) {
            *w = w_before + sign * epsilon;
            forward(&net, &testing, &nudged);
            difference += sign * loss(testing.y, nudged.y_hat) / (2 * epsilon);
            same = same && same_active(a_test.h1, nudged.h1)
                   && same_active(a_test.h2, nudged.h2);
        }
    }
    *w = w_before;
    return difference;
}

/* Eight weights, of rows spread over all neurons and columns right of the middle one. */
static bool check_layer(int layer, struct matrix W, struct matrix minus_dW)
{
    bool passed = true;
    double largest = 0;
    for (int k = 0; k < W.rows * W.columns; k++)
        largest = fmax(largest, fabs(minus_dW.at[k]));
    for (int k = 0; k < 8; k++) {
        int i = k * W.rows / 8, j = (W.columns / 2 + 4 + 3 * k) % W.columns;
        double dW = 0 - minus_dW.at[j * W.rows + i]; /* never -0 */
        double difference = central_difference(&W.at[j * W.rows + i]);
        double apart = fabs(dW - difference) / largest;
        bool agrees = apart <= TOLERANCE; /* 0/0 is NaN, and does not */
        printf("%3d %4d %4d %13.6g %12.4f %9.2g\n", layer, i, j, dW, difference,
               agrees ? 0 : fabs(apart));
        passed = passed && agrees;
    }
    printf("# W%d: %s%s\n", layer, passed ? "passed" : "FAILED",
           largest == 0 ? ", nothing to compare" : "");
    return passed;
}

/* Returns whether the gradient of the test examples' loss passes. */
static bool check_gradient(void)
{
    testing = read_examples("test.txt");
    list = allocate((size_t)testing.P, sizeof(struct entry[N_h1 + N_h2]));
    a_test = new_activity(testing.P);
    nudged = new_activity(testing.P);
    draw_weights();
    forward(&net, &testing, &a_test);
    backward(&net, &testing, &a_test);
    gradient(&net, &testing, &a_test);
    printf("# Practical 4: Deep Networks, question 1: gradient and central differences\n"
           "# P = %d test examples, weight_scale = %g, seed %lu\n"
           "# apart: in units of the layer's largest derivative, 0 where below %g\n"
           "# layer i j dL/dW central_difference apart\n",
           testing.P, weight_scale, (unsigned long)seed, TOLERANCE);
    bool passed = check_layer(1, net.W1, net.minus_dW1);
    passed = check_layer(2, net.W2, net.minus_dW2) && passed;
    passed = check_layer(3, net.W3, net.minus_dW3) && passed;
    printf("# gradient check: %s\n", passed ? "passed" : "FAILED");
    return passed;
}

/* 10. The starting weights in print, for a program in another language */
static void print_weights(void)
{
    const struct matrix *W[] = {&net.W3, &net.W2, &net.W1};
    draw_weights();
    printf("# Practical 4: Deep Networks, question 1: the starting weights\n"
           "# weight_scale = %g, seed %lu\n",
           weight_scale, (unsigned long)seed);
    for (int k = 0; k < 3; k++) {
        printf("%s# W%d, %d x %d: a row for each neuron, a column for each input\n",
               k == 0 ? "" : "\n\n", 3 - k, W[k]->rows, W[k]->columns);
        for (int i = 0; i < W[k]->rows; i++)
            for (int j = 0; j < W[k]->columns; j++)
                printf("%.17g%c", W[k]->at[j * W[k]->rows + i],
                       j == W[k]->columns - 1 ? '\n' : ' ');
    }
}

/* 11. All of Question 1, and the command line */
static void question_1(bool both_scales)
{
    training = read_examples("train.txt");
    testing = read_examples("test.txt");
    a = new_activity(training.P);
    a_test = new_activity(testing.P);
    list = allocate((size_t)(training.P + testing.P), sizeof(struct entry[N_h1 + N_h2]));
    for (int k = 0; k < (both_scales ? 2 : 1); k++) {
        if (k == 1)
            weight_scale = 0.1;
        printf("%s# Practical 4: Deep Networks, question 1(a): gradient descent\n"
               "# weight_scale = %g, alpha = 0.1/P, %d iterations, seed %lu\n"
               "# P = %d training examples, %d test examples; losses per example\n"
               "# iteration train_loss test_loss train_accuracy test_accuracy\n",
               k == 0 ? "" : "\n\n", weight_scale, iterations, (unsigned long)seed,
               training.P, testing.P);
        draw_weights();
        train(&net, &training, &testing, &a, &a_test, iterations);
        print_answers();
    }
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

static bool is_number(const char *text, double least, double most, bool whole, double *x)
{
    char more;
    return sscanf(text, "%lf%c", x, &more) == 1 && *x >= least && *x <= most
           && (!whole || *x == floor(*x));
}

int main(int argc, char **argv)
{
    const char *mode = "";
    bool scale_given = false, passed = true;
    double number;
    for (int k = 1; k < argc; k++) {
        const char *option = argv[k], *value = k + 1 < argc ? argv[k + 1] : "";
        if (is(option, "--help") || is(option, "-h") || is(option, "--check-gradient")
            || is(option, "--print-weights")) {
            mode = option;
            continue;
        }
        if (is(option, "--weight-scale") && is_number(value, 0, 1e100, false, &number)) {
            weight_scale = number + 0; /* not -0 */
            scale_given = true;
        } else if (is(option, "--iterations") && is_number(value, 1, 1e9, true, &number))
            iterations = (int)number;
        else if (is(option, "--seed") && is_number(value, 0, UINT32_MAX, true, &number))
            seed = (uint32_t)number;
        else if (is(option, "--data") && value[0] != '\0')
            folder = value;
        else {
            fprintf(stderr, "backprop: not understood: %s %s\n%s", option, value, USAGE);
            return 2;
        }
        k++;
    }
    if (is(mode, "--check-gradient") && !scale_given)
        weight_scale = 0.1;
    make_network();
    if (is(mode, "--help") || is(mode, "-h"))
        fputs(USAGE, stdout);
    else if (is(mode, "--print-weights"))
        print_weights();
    else if (is(mode, "--check-gradient"))
        passed = check_gradient();
    else
        question_1(!scale_given);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("standard output: %s", strerror(errno));
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
