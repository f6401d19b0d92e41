/*
 * Backpropagation, written out: sevens against nines
 * --------------------------------------------------
 * Question 1 of Andrew Saxe's "Practical 4: Deep Networks". Read it with the handout
 * open: the sections follow the handout's order, the names are its symbols (W1, h1,
 * delta2, y_hat, alpha), and each of its equations stands beside the line that computes
 * it.
 *
 *     cc -std=c99 -O3 -o backprop backprop.c -lm
 *     ./backprop                    all of Question 1, as tables on standard output
 *     ./backprop --help             the other things it does
 *
 * Two habits to know before you start:
 *
 *   - A matrix is stored column by column, as in MATLAB, in one run of numbers: element
 *     (i, j) of an n x m matrix A is A[j*n + i]. So the handout's column vectors, x or h1
 *     of one example, are contiguous, and column j begins at A + j*n.
 *   - Rows, columns and examples count from 0. Greek letters are spelt out: mu, delta.
 */
#define _POSIX_C_SOURCE 200112L /* for isatty(), which C99 does not have */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    N_x = 784,   /* inputs: the pixels of a 28 x 28 image */
    N_h1 = 100,  /* hidden units of the first layer, */
    N_h2 = 80,   /* and of the second: the starter code's numbers */
    BATCH = 200, /* examples that go through the network together: section 2 says why */
    ITERATIONS = 5000
};

/* Whatever goes wrong ends here: one line that says what and where, and exit status 1. */
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

/* Room for `count` items of `size` bytes. Does not return without it. */
static void *allocate(int count, size_t size)
{
    void *memory = malloc((size_t)count * size + 1);
    if (memory == NULL)
        fail("not enough memory for %d items of %lu bytes", count, (unsigned long)size);
    return memory;
}

/*
 * 1. The data: examples {x^mu, y^mu}, mu = 1 ... P
 *
 * A line of data/train.txt is one example: the target y (-1 for a seven, 1 for a nine)
 * and then 784 brightnesses from 0 to 255, the image read column by column. The handout's
 * x has brightness / 255, so that its elements lie between 0 and 1.
 *
 * Most of an image is blank: 82 % of all x are exactly 0, and what is multiplied by 0
 * adds nothing to a sum. So we write down of each column of X only the pixels with ink:
 * which, and how bright. The gradient will want the rows of X in the same form (which
 * images have ink at this pixel?), that is, the columns of Xᵀ; both lists are made once,
 * here, for each batch of examples.
 */

/* A vector without its zeros: element index[k] is value[k], k = 0 ... count-1. */
struct nonzeros {
    int count;
    int *index;
    double *value;
};

/* A matrix without its zeros: column c is the entries start[c] ... start[c+1]-1. */
struct sparse {
    int columns;
    int *start;
    int *index;
    double *value;
};

/* A batch of P examples: y is 1 x P, X is 784 x P, XT is Xᵀ, P x 784. */
struct batch {
    int P;
    const double *y;
    struct sparse X, XT;
};

/* All P examples of one file, and the same examples batch by batch. */
struct examples {
    int P;
    double *y;
    int batches;
    struct batch *batch;
};

static struct nonzeros column(const struct sparse *A, int c)
{
    struct nonzeros list = {A->start[c + 1] - A->start[c], A->index + A->start[c],
                            A->value + A->start[c]};
    return list;
}

/*
 * The nonzero brightnesses / 255 of a rows x columns matrix of bytes. Its element (r, c)
 * is bytes[r*row_step + c*column_step]: with the steps exchanged it is the transpose.
 */
static struct sparse without_zeros(int rows, int columns, const unsigned char *bytes,
                                   int row_step, int column_step)
{
    int inked = 0;
    for (int k = 0; k < rows * columns; k++)
        inked += bytes[k] != 0;

    struct sparse A = {columns, allocate(columns + 1, sizeof(int)),
                       allocate(inked, sizeof(int)), allocate(inked, sizeof(double))};
    int n = 0;
    for (int c = 0; c < columns; c++) {
        A.start[c] = n;
        for (int r = 0; r < rows; r++) {
            int brightness = bytes[r * row_step + c * column_step];
            if (brightness != 0) {
                A.index[n] = r;
                A.value[n] = brightness / 255.0;
                n++;
            }
        }
    }
    A.start[columns] = n;
    return A;
}

/*
 * The whole numbers of the file's next line, into numbers[0 ... most-1]. Returns how many
 * there are, be it more than `most`, and -1 where the file ends. A number too long to be
 * one of ours comes out as 1000000. Anything that is no number ends the program.
 */
static int read_line(FILE *file, const char *path, int line, int most, int *numbers)
{
    int count = 0;
    int c = getc(file);
    if (c == EOF)
        return -1;
    for (;;) {
        while (c == ' ' || c == '\t' || c == '\r')
            c = getc(file);
        if (c == '\n' || c == EOF)
            return count;

        int sign = 1;
        int number = 0;
        if (c == '-') {
            sign = -1;
            c = getc(file);
        }
        bool has_digits = false;
        for (; c >= '0' && c <= '9'; c = getc(file)) {
            number = number < 100000 ? 10 * number + (c - '0') : 1000000;
            has_digits = true;
        }
        bool ends = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == EOF;
        if (!has_digits || !ends) {
            if (sign < 0 && !has_digits)
                fail("%s:%d: expected whole numbers, found a lone '-'", path, line);
            if (isprint(c))
                fail("%s:%d: expected whole numbers, found '%c'", path, line, c);
            fail("%s:%d: expected whole numbers, found the byte 0x%02x", path, line,
                 (unsigned)c);
        }
        if (count < most)
            numbers[count] = sign * number;
        if (count < INT_MAX)
            count++;
    }
}

/* The batches of examples whose bytes are 784 x P; the last one may be smaller. */
static void make_batches(struct examples *data, const unsigned char *bytes)
{
    data->batches = (data->P + BATCH - 1) / BATCH;
    data->batch = allocate(data->batches, sizeof(struct batch));
    for (int b = 0; b < data->batches; b++) {
        int first = b * BATCH;
        int P = data->P - first < BATCH ? data->P - first : BATCH;
        const unsigned char *image = bytes + first * N_x;
        struct batch batch = {P, data->y + first, without_zeros(N_x, P, image, 1, N_x),
                              without_zeros(P, N_x, image, N_x, 1)};
        data->batch[b] = batch;
    }
}

/* All examples of folder/name. */
static struct examples read_examples(const char *folder, const char *name)
{
    char *path = allocate((int)(strlen(folder) + strlen(name) + 2), 1);
    sprintf(path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s", path, strerror(errno));

    struct examples data = {0};
    int room = 0;
    unsigned char *bytes = NULL; /* X as it stands in the file, 784 x P */
    int numbers[1 + N_x];
    int found;
    while ((found = read_line(file, path, data.P + 1, 1 + N_x, numbers)) >= 0) {
        int line = data.P + 1;
        if (found != 1 + N_x)
            fail("%s:%d: expected %d numbers, found %d", path, line, 1 + N_x, found);
        if (numbers[0] != -1 && numbers[0] != 1)
            fail("%s:%d: the first number is the target, expected -1 or 1", path, line);
        if (data.P == room) {
            room = room == 0 ? 1024 : 2 * room;
            if (room > INT_MAX / 2 / N_x)
                fail("%s:%d: too many examples", path, line);
            bytes = realloc(bytes, (size_t)room * N_x);
            data.y = realloc(data.y, (size_t)room * sizeof(double));
            if (bytes == NULL || data.y == NULL)
                fail("%s:%d: not enough memory for so many examples", path, line);
        }
        data.y[data.P] = numbers[0];
        for (int j = 0; j < N_x; j++) {
            int brightness = numbers[1 + j];
            if (brightness < 0 || brightness > 255)
                fail("%s:%d: number %d is a brightness, expected 0 ... 255", path, line,
                     j + 2);
            bytes[data.P * N_x + j] = (unsigned char)brightness;
        }
        data.P++;
    }
    if (ferror(file))
        fail("%s: %s", path, strerror(errno));
    if (data.P == 0)
        fail("%s: no examples", path);
    fclose(file);
    make_batches(&data, bytes);
    free(bytes);
    free(path);
    return data;
}

static void free_sparse(struct sparse *A)
{
    free(A->start);
    free(A->index);
    free(A->value);
}

static void free_examples(struct examples *data)
{
    for (int b = 0; b < data->batches; b++) {
        free_sparse(&data->batch[b].X);
        free_sparse(&data->batch[b].XT);
    }
    free(data->batch);
    free(data->y);
}

/*
 * 2. The network: three matrices of synapses, and what P examples make of them
 *
 *     x (784) --W1--> h1 (100) --W2--> h2 (80) --W3--> y_hat (1)
 *
 * The handout offers two ways to a sum over the examples: a loop that takes one after the
 * other, or matrices with one column for each. We do a little of both. A batch of 200
 * examples goes through as matrices, which then fit into the processor's fast memory (all
 * 1800 would not), and a loop over the batches adds up their gradients. No weight changes
 * before the last batch has been through: this is the handout's gradient descent, not the
 * stochastic kind, which takes a step after each batch.
 */
struct network {
    double *W1; /* N_h1 x 784 */
    double *W2; /* N_h2 x N_h1 */
    double *W3; /* 1 x N_h2 */

    /* What section 6 adds up for each of them, -∂L/∂W, of the same shapes. */
    double *minus_dW1, *minus_dW2, *minus_dW3;

    /* W2ᵀ, N_h1 x N_h2, and W3ᵀ, N_h2 x 1, for the backward pass. */
    double *W2T, *W3T;

    void *memory; /* the block in which all of these lie */
};

struct activity {         /* P is the batch's; there is room for P = BATCH */
    double *h1;           /* N_h1 x P */
    double *h2;           /* N_h2 x P */
    double *y_hat;        /* 1 x P */
    double *delta3;       /* 1 x P */
    double *delta2;       /* N_h2 x P */
    double *delta1;       /* N_h1 x P */
    struct nonzeros list; /* room for one row or column, used while a product is taken */
    void *memory;
};

/* Bytes of a cache line: what the processor fetches at once. */
enum { LINE = 64 };

/*
 * One block with room for `matrices` of together `count` numbers, all 0. A matrix that
 * begins on a cache line spares the processor fetching two lines for one handful of
 * numbers, and malloc() does not see to that; hence the room to move up, and
 * next_matrix().
 */
static void *block_for(int matrices, int count, char **next)
{
    size_t size = (size_t)count * sizeof(double) + (size_t)(matrices + 1) * LINE;
    void *memory = calloc(size, 1);
    if (memory == NULL)
        fail("not enough memory for %d numbers", count);
    *next = memory;
    return memory;
}

/* The next `count` numbers of a block, from a cache line's beginning on. */
static double *next_matrix(char **next, int count)
{
    size_t beyond = (uintptr_t)*next % LINE;
    char *matrix = *next + (beyond == 0 ? 0 : LINE - beyond);
    *next = matrix + (size_t)count * sizeof(double);
    return (double *)(void *)matrix;
}

static struct network new_network(void)
{
    struct network net;
    char *next;
    net.memory = block_for(8, 2 * N_h1 * N_x + 3 * N_h2 * N_h1 + 3 * N_h2, &next);
    net.W1 = next_matrix(&next, N_h1 * N_x);
    net.W2 = next_matrix(&next, N_h2 * N_h1);
    net.W3 = next_matrix(&next, N_h2);
    net.minus_dW1 = next_matrix(&next, N_h1 * N_x);
    net.minus_dW2 = next_matrix(&next, N_h2 * N_h1);
    net.minus_dW3 = next_matrix(&next, N_h2);
    net.W2T = next_matrix(&next, N_h1 * N_h2);
    net.W3T = next_matrix(&next, N_h2);
    return net;
}

static struct activity new_activity(void)
{
    struct activity a;
    char *next;
    a.memory = block_for(6, 2 * (N_h1 + N_h2 + 1) * BATCH, &next);
    a.h1 = next_matrix(&next, N_h1 * BATCH);
    a.h2 = next_matrix(&next, N_h2 * BATCH);
    a.y_hat = next_matrix(&next, BATCH);
    a.delta3 = next_matrix(&next, BATCH);
    a.delta2 = next_matrix(&next, N_h2 * BATCH);
    a.delta1 = next_matrix(&next, N_h1 * BATCH);
    int longest = N_h1 + N_h2 + BATCH; /* longer than each of them */
    a.list.count = 0;
    a.list.index = allocate(longest, sizeof(int));
    a.list.value = allocate(longest, sizeof(double));
    return a;
}

static void free_network(struct network *net)
{
    free(net->memory);
}

static void free_activity(struct activity *a)
{
    free(a->list.index);
    free(a->list.value);
    free(a->memory);
}

/*
 * 3. The starting weights: unit Gaussian random variables, times weight_scale
 *
 * C's rand() is another generator on each system, and then no two people could compare
 * their tables. So here is one that is the same everywhere and that other languages have
 * built in: the Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM Transactions on
 * Modeling and Computer Simulation 8, 1998, pages 3-30). Its numbers become Gaussians by
 * the polar method of Marsaglia and Bray (SIAM Review 6, 1964, pages 260-264), taken in
 * the order of NumPy's np.random.randn(). README.md has the lines that give these very
 * weights in NumPy; the option --print-weights is for everyone else.
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

/* Fills the n x m matrix W row by row: all synapses of a neuron, then the next one's. */
static void draw_matrix(struct twister *mt, double weight_scale, int n, int m, double *W)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            W[j * n + i] = weight_scale * gaussian(mt);
}

/* The starting weights, drawn in the starter code's order. */
static void draw_weights(struct network *net, double weight_scale, uint32_t seed)
{
    struct twister mt;
    seed_twister(&mt, seed);
    draw_matrix(&mt, weight_scale, 1, N_h2, net->W3);
    draw_matrix(&mt, weight_scale, N_h2, N_h1, net->W2);
    draw_matrix(&mt, weight_scale, N_h1, N_x, net->W1);
}

/*
 * 4. The loss, and the accuracy
 */

/* L = 1/2 Σ_mu (y^mu - y_hat^mu)²; y and y_hat are 1 x P. */
static double loss(int P, const double *y, const double *y_hat)
{
    double L = 0;
    for (int mu = 0; mu < P; mu++) {
        double e = y[mu] - y_hat[mu];
        L += 0.5 * e * e;
    }
    return L;
}

/*
 * The number of examples with sign(y_hat) = sign(y); the accuracy is their fraction. An
 * output of exactly 0 has the sign 0, which is neither class's: it counts as wrong.
 */
static int correct(int P, const double *y, const double *y_hat)
{
    int right = 0;
    for (int mu = 0; mu < P; mu++)
        right += (y[mu] > 0 && y_hat[mu] > 0) || (y[mu] < 0 && y_hat[mu] < 0);
    return right;
}

/* Both for a whole set, as its batches add up to it. */
struct outcome {
    double loss;
    int correct;
};

static void add_outcome(struct outcome *sum, const struct batch *batch,
                        const struct activity *a)
{
    sum->loss += loss(batch->P, batch->y, a->y_hat);
    sum->correct += correct(batch->P, batch->y, a->y_hat);
}

/*
 * 5. Matrix products
 *
 * Backpropagation is eight matrix products, and all but one of them (y_hat = W3 h2) are
 * one and the same loop. Written for column c,
 *
 *     C = A B      C(:,c) = Σ_j A(:,j) B(j,c)        like W2 h1, over the neurons j
 *     G = D Hᵀ     G(:,c) = Σ_mu D(:,mu) H(c,mu)     like delta2 h1ᵀ, over the examples
 *
 * each column of a product is a weighted sum of the left factor's columns; the weights
 * are a column of B in the first case and a row of H in the second. That is the order of
 * the loops below: c outside, then j or mu, and innermost i down the column, where the
 * numbers lie side by side in memory and a processor takes several at once. The
 * textbook's order, with the sum innermost, would jump from column to column.
 *
 * It also lets us leave out the weights that are exactly 0, as are four pixels in five
 * and about half of what a ReLU passes on: each saves a whole turn of the middle loop.
 */

static void clear(int n, double *C)
{
    for (int k = 0; k < n; k++)
        C[k] = 0;
}

/*
 * sum <- sum + Σ_k value[k] A(:,index[k]), over the entries k of a list. A has n rows;
 * sum is n long. Four columns are added in one go: sum is then fetched and put back once
 * instead of four times. Those left over at the list's end follow one by one.
 *
 * restrict promises that no element of A changes on the way. (It would be true of sum as
 * well; but then gcc 12 rearranges the loops and takes twice as long.)
 */
static inline void add_columns(int n, const double *restrict A, struct nonzeros list,
                               double *sum)
{
    int k = 0;
    for (; k + 4 <= list.count; k += 4) {
        const double *a = A + list.index[k] * n;
        const double *b = A + list.index[k + 1] * n;
        const double *c = A + list.index[k + 2] * n;
        const double *d = A + list.index[k + 3] * n;
        const double *weight = list.value + k;
        for (int i = 0; i < n; i++)
            sum[i] += weight[0] * a[i] + weight[1] * b[i] + weight[2] * c[i]
                      + weight[3] * d[i];
    }
    for (; k < list.count; k++) {
        const double *a = A + list.index[k] * n;
        double weight = list.value[k];
        for (int i = 0; i < n; i++)
            sum[i] += weight * a[i];
    }
}

/*
 * The nonzero ones of v[0], v[step], v[2 step] ... (n numbers), written into the list's
 * room. Every number is written down; the next one overwrites it if it was 0. That is
 * quicker than an `if`, whose outcome the processor could not foresee.
 */
static inline struct nonzeros nonzeros_of(int n, const double *v, int step,
                                          struct nonzeros room)
{
    room.count = 0;
    for (int k = 0; k < n; k++) {
        room.index[room.count] = k;
        room.value[room.count] = v[k * step];
        room.count += v[k * step] != 0;
    }
    return room;
}

/* C = A B, with A: n x m, B: m x P, C: n x P. */
static void product(int n, int m, int P, const double *A, const double *B, double *C,
                    struct nonzeros room)
{
    for (int mu = 0; mu < P; mu++) {
        clear(n, C + mu * n);
        add_columns(n, A, nonzeros_of(m, B + mu * m, 1, room), C + mu * n);
    }
}

/* U = W X, with W: n x 784, X: 784 x P, U: n x P. */
static void product_with_X(int n, const double *W, const struct sparse *X, double *U)
{
    for (int mu = 0; mu < X->columns; mu++) {
        clear(n, U + mu * n);
        add_columns(n, W, column(X, mu), U + mu * n);
    }
}

/*
 * The gradients of the batches are summed, so these two add to what is there.
 *
 * G <- G + D Hᵀ, with D: n x P, H: m x P, G: n x m. Row j of H is H[j], H[j + m], ...
 */
static void add_product_transposed(int n, int m, int P, const double *D, const double *H,
                                   double *G, struct nonzeros room)
{
    for (int j = 0; j < m; j++)
        add_columns(n, D, nonzeros_of(P, H + j, m, room), G + j * n);
}

/* G <- G + D Xᵀ, with D: n x P, Xᵀ: P x 784, G: n x 784. */
static void add_product_with_XT(int n, const double *D, const struct sparse *XT,
                                double *G)
{
    for (int j = 0; j < XT->columns; j++)
        add_columns(n, D, column(XT, j), G + j * n);
}

/* AT = Aᵀ, with A: n x m. */
static void transpose(int n, int m, const double *A, double *AT)
{
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++)
            AT[i * m + j] = A[j * n + i];
}

/*
 * 6. The forward pass, the backward pass, the gradients
 */

/* f(u) = max(u, 0), in place: u comes in, h = f(u) goes out. */
static void relu(int n, double *u)
{
    for (int k = 0; k < n; k++)
        u[k] = u[k] < 0 ? 0 : u[k];
}

/* From a batch's inputs to h1, h2 and y_hat. */
static void forward(const struct network *net, const struct batch *batch,
                    struct activity *a)
{
    int P = batch->P;

    /* h1 = f(W1 x) */
    product_with_X(N_h1, net->W1, &batch->X, a->h1);
    relu(N_h1 * P, a->h1);

    /* h2 = f(W2 h1) */
    product(N_h2, N_h1, P, net->W2, a->h1, a->h2, a->list);
    relu(N_h2 * P, a->h2);

    /* y_hat = W3 h2. W3 has one row, so there are no columns to add, only numbers. */
    for (int mu = 0; mu < P; mu++) {
        double sum = 0;
        for (int j = 0; j < N_h2; j++)
            sum += net->W3[j] * a->h2[mu * N_h2 + j];
        a->y_hat[mu] = sum;
    }
}

/*
 * delta <- delta ∘ f'(u), where h = f(u) is known; both have n elements.
 *
 * The handout gives two readings of f' that differ where a neuron is silent, h = 0. The
 * words "1 if the neuron's activity is greater than zero, and zero otherwise" are the
 * derivative of a ReLU: at_zero = 0. The formula step(h), with step(0) = 1, would be 1
 * everywhere, since h is never negative: at_zero = 1. Training uses 0; the gradient check
 * tries both and shows why.
 */
static void through_relu(int n, const double *h, double at_zero, double *delta)
{
    for (int k = 0; k < n; k++) {
        double slope = h[k] > 0 ? 1 : at_zero;
        delta[k] = slope * delta[k];
    }
}

/* From a batch's y and what forward() left to delta3, delta2 and delta1. */
static void backward(const struct network *net, const struct batch *batch, double at_zero,
                     struct activity *a)
{
    int P = batch->P;

    /* delta3 = e = y - y_hat */
    for (int mu = 0; mu < P; mu++)
        a->delta3[mu] = batch->y[mu] - a->y_hat[mu];

    /* delta2 = [W3ᵀ delta3] ∘ f'(u2) */
    product(N_h2, 1, P, net->W3T, a->delta3, a->delta2, a->list);
    through_relu(N_h2 * P, a->h2, at_zero, a->delta2);

    /* delta1 = [W2ᵀ delta2] ∘ f'(u1) */
    product(N_h1, N_h2, P, net->W2T, a->delta2, a->delta1, a->list);
    through_relu(N_h1 * P, a->h1, at_zero, a->delta1);
}

/* -∂L/∂W_l = delta_l h_{l-1}ᵀ, with h_0 = x. The product sums over a batch's examples. */
static void add_gradients(struct network *net, const struct batch *batch,
                          const struct activity *a)
{
    int P = batch->P;

    /* ∂L/∂W3 = -delta3 h2ᵀ. This row lies in memory just as the column h2 delta3ᵀ. */
    add_product_transposed(N_h2, 1, P, a->h2, a->delta3, net->minus_dW3, a->list);

    /* ∂L/∂W2 = -delta2 h1ᵀ */
    add_product_transposed(N_h2, N_h1, P, a->delta2, a->h1, net->minus_dW2, a->list);

    /* ∂L/∂W1 = -delta1 xᵀ */
    add_product_with_XT(N_h1, a->delta1, &batch->XT, net->minus_dW1);
}

/* The forward pass of all examples. */
static struct outcome forward_all(const struct network *net, const struct examples *data,
                                  struct activity *a)
{
    struct outcome sum = {0, 0};
    for (int b = 0; b < data->batches; b++) {
        forward(net, &data->batch[b], a);
        add_outcome(&sum, &data->batch[b], a);
    }
    return sum;
}

/*
 * The forward pass, the backward pass and the gradients of all examples: afterwards
 * minus_dW1, minus_dW2 and minus_dW3 are those of L, and no weight has changed.
 */
static struct outcome gradients(struct network *net, const struct examples *data,
                                double at_zero, struct activity *a)
{
    struct outcome sum = {0, 0};

    /* The sums over the batches begin at 0. */
    clear(N_h1 * N_x, net->minus_dW1);
    clear(N_h2 * N_h1, net->minus_dW2);
    clear(N_h2, net->minus_dW3);

    /* One pair of transposes serves all batches, since no weight changes. */
    transpose(N_h2, N_h1, net->W2, net->W2T);
    transpose(1, N_h2, net->W3, net->W3T);

    for (int b = 0; b < data->batches; b++) {
        forward(net, &data->batch[b], a);
        add_outcome(&sum, &data->batch[b], a);
        backward(net, &data->batch[b], at_zero, a);
        add_gradients(net, &data->batch[b], a);
    }
    return sum;
}

/* W <- W + alpha delta_l h_{l-1}ᵀ, a small step down the gradient. */
static void update(int count, double alpha, const double *minus_dW, double *W)
{
    for (int k = 0; k < count; k++)
        W[k] += alpha * minus_dW[k];
}

/*
 * 7. Part (a): gradient descent
 *
 * Row i of the table is measured before update i, so the first row is the untrained
 * network. The losses are divided by the number of examples, to be comparable between the
 * 1800 training and the 200 test examples.
 */
struct settings {
    double weight_scale;
    int iterations;
    uint32_t seed;
};

struct row {
    int iteration;
    double train_loss, test_loss, train_accuracy, test_accuracy;
};

/*
 * The progress of a training on standard error, at most once in `pause` seconds. Not
 * wanted where the table itself runs over the screen.
 */
struct progress {
    time_t start, last;
    int pause;
    bool wanted;
    bool on_terminal; /* there one line is drawn anew, elsewhere line follows line */
};

static struct progress start_progress(void)
{
    bool on_terminal = isatty(STDERR_FILENO) == 1;
    time_t now = time(NULL);
    struct progress p = {now, now, on_terminal ? 1 : 10, isatty(STDOUT_FILENO) != 1,
                         on_terminal};
    return p;
}

static void show_progress(struct progress *p, const struct settings *s, int done)
{
    time_t now = time(NULL);
    if (!p->wanted || difftime(now, p->last) < p->pause)
        return;
    p->last = now;
    double left = difftime(now, p->start) / done * (s->iterations - done);
    fprintf(stderr, "%sbackprop: weight_scale %g: iteration %d of %d, %.0f s left%s",
            p->on_terminal ? "\r" : "", s->weight_scale, done, s->iterations, left,
            p->on_terminal ? "   " : "\n");
}

static void end_progress(const struct progress *p)
{
    if (p->on_terminal && difftime(p->last, p->start) > 0)
        fprintf(stderr, "\r%79s\r", "");
}

/* Ends the program if something printed did not arrive, say on a full disk. */
static void check_output(void)
{
    if (ferror(stdout))
        fail("standard output: %s", strerror(errno));
}

/* A NaN prints with or without a minus sign, as the processor likes; this one without. */
static double plain(double value)
{
    return isnan(value) ? fabs(value) : value;
}

/* The row that the outcomes for both sets make. */
static struct row measured(int iteration, const struct examples *train,
                           struct outcome on_train, const struct examples *test,
                           struct outcome on_test)
{
    struct row r = {iteration, plain(on_train.loss / train->P),
                    plain(on_test.loss / test->P),
                    (double)on_train.correct / train->P,
                    (double)on_test.correct / test->P};
    return r;
}

static void print_row(const char *before, const struct row *r)
{
    printf("%s%6d %12.6g %12.6g %14.6g %13.6g\n", before, r->iteration, r->train_loss,
           r->test_loss, r->train_accuracy, r->test_accuracy);
}

/*
 * Parts (b) and (c) ask how accurate a classifier this yields, whether it overfits, and
 * whether stopping early would help. So the training keeps the last row and the two rows
 * at which one would have liked to stop; here is what stopping there would have gained.
 */
struct answers {
    struct row last, lowest_loss, highest_accuracy;
};

static void keep_answers(struct answers *found, const struct row *r)
{
    if (r->iteration == 1 || r->test_loss < found->lowest_loss.test_loss)
        found->lowest_loss = *r;
    if (r->iteration == 1 || r->test_accuracy > found->highest_accuracy.test_accuracy)
        found->highest_accuracy = *r;
    found->last = *r;
}

static void print_gain(const char *where, const struct row *stop, const struct row *last)
{
    printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n", where,
           stop->iteration, plain(stop->test_loss - last->test_loss),
           stop->test_accuracy - last->test_accuracy);
}

static void print_answers(const struct answers *found)
{
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print_row("#", &found->last);
    print_row("#", &found->lowest_loss);
    print_row("#", &found->highest_accuracy);
    printf("# stopping early would have changed, against the last row:\n");
    print_gain("lowest test loss", &found->lowest_loss, &found->last);
    print_gain("highest test accuracy", &found->highest_accuracy, &found->last);
}

/* Trains one network and prints its table. */
static void train(const struct settings *s, const struct examples *training,
                  const struct examples *testing)
{
    struct network net = new_network();
    struct activity a = new_activity();
    struct answers found = {{0}, {0}, {0}};
    struct progress p = start_progress();
    double alpha = 0.1 / training->P;

    printf("# Practical 4: Deep Networks, question 1(a): gradient descent\n"
           "# weight_scale = %g, alpha = 0.1/P, %d iterations, seed %lu\n"
           "# P = %d training examples, %d test examples; losses per example\n"
           "# iteration train_loss test_loss train_accuracy test_accuracy\n",
           s->weight_scale, s->iterations, (unsigned long)s->seed, training->P,
           testing->P);
    draw_weights(&net, s->weight_scale, s->seed);
    for (int i = 1; i <= s->iterations; i++) {
        struct outcome on_train = gradients(&net, training, 0, &a);
        struct outcome on_test = forward_all(&net, testing, &a);
        struct row r = measured(i, training, on_train, testing, on_test);
        print_row("", &r);
        check_output();
        keep_answers(&found, &r);

        /* All gradients are known before any weight changes. */
        update(N_h2, alpha, net.minus_dW3, net.W3);
        update(N_h2 * N_h1, alpha, net.minus_dW2, net.W2);
        update(N_h1 * N_x, alpha, net.minus_dW1, net.W1);
        show_progress(&p, s, i);
    }
    end_progress(&p);
    print_answers(&found);
    check_output();
    free_activity(&a);
    free_network(&net);
}

/*
 * 8. Is the gradient right?
 *
 * A derivative says by how much the loss changes when one weight changes a little. That
 * can be tried out, without any of the handout's equations but the loss:
 *
 *     ∂L/∂w ≈ [L(w + ε) - L(w - ε)] / 2ε
 *
 * As long as no neuron starts or stops firing between w - ε and w + ε, y_hat is linear in
 * each single weight and the loss quadratic, and for a quadratic this central difference
 * is exact. What remains is rounding: L is a sum near 100, known to about 1e-15 of
 * itself, so with ε = 2^-17 the quotient is good to some eight decimals. Four are
 * printed, lest a compiler that rounds otherwise should print another last digit; and a
 * distance below LIMIT is printed as 0.
 */
enum { CHECKED = 8, LAYERS = 3 }; /* weights that are checked in each layer */
static const double EPSILON = 1.0 / 131072;
static const double LIMIT = 1e-6;

struct checked_weight {
    int layer, i, j; /* W_layer(i, j) */
    int place;       /* of that element in the matrix */
    double derivative;
    double derivative_step; /* with the other reading of f', step(0) = 1 */
    double difference;
    double rounding; /* by how much the difference may be off */
};

/* Eight weights that spread over all rows, and over columns from the middle one on. */
static void choose_weights(int layer, int n, int m, struct checked_weight *chosen)
{
    for (int k = 0; k < CHECKED; k++) {
        int i = k * n / CHECKED;
        int j = (m / 2 + 4 + 3 * k) % m;
        struct checked_weight c = {layer, i, j, j * n + i, 0, 0, 0, 0};
        chosen[k] = c;
    }
}

/* One matrix of the network, and minus the derivative with respect to it. */
struct layer {
    double *W;
    const double *minus_dW;
};

/* The loss with *w set to another value; *firing becomes the number of active neurons. */
static double loss_at(const struct network *net, const struct examples *data,
                      struct activity *a, double *w, double value, int *firing)
{
    struct outcome sum = {0, 0};
    *w = value;
    *firing = 0;
    for (int b = 0; b < data->batches; b++) {
        const struct batch *batch = &data->batch[b];
        forward(net, batch, a);
        add_outcome(&sum, batch, a);
        for (int k = 0; k < N_h1 * batch->P; k++)
            *firing += a->h1[k] > 0;
        for (int k = 0; k < N_h2 * batch->P; k++)
            *firing += a->h2[k] > 0;
    }
    return sum.loss;
}

/*
 * [L(w + ε) - L(w - ε)] / 2ε for the weight *w, which afterwards is as it was before, and
 * in *rounding by how much that may be off. Where a neuron starts or stops firing between
 * the two, ε is made smaller.
 */
static double central_difference(const struct network *net, const struct examples *data,
                                 struct activity *a, double *w, double *rounding)
{
    double w_before = *w;
    double epsilon = EPSILON;
    for (;;) {
        int firing_above, firing_below;
        double L_above = loss_at(net, data, a, w, w_before + epsilon, &firing_above);
        double L_below = loss_at(net, data, a, w, w_before - epsilon, &firing_below);
        *w = w_before;
        if (firing_above == firing_below || epsilon < EPSILON / 1000) {
            *rounding = 1e-14 * L_above / epsilon;
            return (L_above - L_below) / (2 * epsilon);
        }
        epsilon /= 8;
    }
}

/* How far a derivative is from the difference, in units of the layer's largest. What is
   below LIMIT or may be rounding counts as 0. */
static double apart(double derivative, const struct checked_weight *c, double largest)
{
    double distance = fabs(derivative - c->difference);
    if (distance <= c->rounding || distance < LIMIT * largest)
        return 0;
    return plain(distance / largest);
}

/* The larger one; NaN, which is no distance that passes, if one of them is. */
static double larger(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

/* Prints the rows of one layer; the largest distance of both readings so far is kept. */
static void print_checked(const struct checked_weight *chosen, double *most,
                          double *most_step)
{
    double largest = 0;
    for (int k = 0; k < CHECKED; k++)
        largest = fmax(largest, fabs(chosen[k].difference));
    for (int k = 0; k < CHECKED; k++) {
        const struct checked_weight *c = &chosen[k];
        double distance = apart(c->derivative, c, largest);
        double distance_step = apart(c->derivative_step, c, largest);
        printf("%3d %4d %4d %13.6g %12.4f %9.2g %13.6g %9.2g\n", c->layer, c->i, c->j,
               c->derivative, c->difference, distance, c->derivative_step, distance_step);
        *most = larger(*most, distance);
        *most_step = larger(*most_step, distance_step);
    }
}

/* What gradients() finds for the chosen weights, with f'(0) = at_zero. */
static void keep_derivatives(struct network *net, const struct examples *data,
                             struct activity *a, int at_zero, const struct layer *layers,
                             struct checked_weight chosen[LAYERS][CHECKED])
{
    gradients(net, data, at_zero, a);
    for (int l = 0; l < LAYERS; l++)
        for (int k = 0; k < CHECKED; k++) {
            struct checked_weight *c = &chosen[l][k];
            double dW = -layers[l].minus_dW[c->place];
            if (fabs(dW) < 1e-12)
                dW = 0; /* and not -0 */
            if (at_zero == 0)
                c->derivative = dW;
            else
                c->derivative_step = dW;
        }
}

/* Prints the table and returns whether the gradient passes. */
static bool check_gradient(const struct settings *s, const struct examples *data)
{
    struct network net = new_network();
    struct activity a = new_activity();
    struct checked_weight chosen[LAYERS][CHECKED];
    const struct layer layers[LAYERS] = {
        {net.W1, net.minus_dW1}, {net.W2, net.minus_dW2}, {net.W3, net.minus_dW3}};

    draw_weights(&net, s->weight_scale, s->seed);
    choose_weights(1, N_h1, N_x, chosen[0]);
    choose_weights(2, N_h2, N_h1, chosen[1]);
    choose_weights(3, 1, N_h2, chosen[2]);
    for (int at_zero = 0; at_zero <= 1; at_zero++)
        keep_derivatives(&net, data, &a, at_zero, layers, chosen);
    for (int l = 0; l < LAYERS; l++)
        for (int k = 0; k < CHECKED; k++) {
            struct checked_weight *c = &chosen[l][k];
            c->difference = central_difference(&net, data, &a, layers[l].W + c->place,
                                               &c->rounding);
        }

    printf("# Practical 4: Deep Networks, question 1: gradient and central differences\n"
           "# P = %d test examples, weight_scale = %g, seed %lu, epsilon = 2^-17\n"
           "# apart: in units of the layer's largest difference, 0 where below %g\n"
           "# layer i j dL/dW central_difference apart dL/dW_if_step(0)=1 apart\n",
           data->P, s->weight_scale, (unsigned long)s->seed, LIMIT);
    double most = 0;
    double most_step = 0;
    for (int l = 0; l < LAYERS; l++)
        print_checked(chosen[l], &most, &most_step);
    printf("# with f'(u) = [h > 0], as it trains, at most %.2g apart\n"
           "# with f'(u) = step(h), step(0) = 1, at most %.2g apart\n"
           "# gradient check: %s\n",
           most, most_step, most == 0 ? "passed" : "FAILED");
    free_activity(&a);
    free_network(&net);
    return most == 0;
}

/*
 * 9. The starting weights, for a program in another language
 */
static void print_matrix(const char *name, int n, int m, const double *W)
{
    printf("# %s, %d x %d: a row for each neuron, a column for each of its inputs\n",
           name, n, m);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++)
            printf("%s%.17g", j == 0 ? "" : " ", W[j * n + i]);
        printf("\n");
        check_output();
    }
}

static void print_weights(const struct settings *s)
{
    struct network net = new_network();
    draw_weights(&net, s->weight_scale, s->seed);
    printf("# Practical 4: Deep Networks, question 1: the starting weights\n"
           "# weight_scale = %g, seed %lu\n",
           s->weight_scale, (unsigned long)s->seed);
    print_matrix("W3", 1, N_h2, net.W3);
    printf("\n\n");
    print_matrix("W2", N_h2, N_h1, net.W2);
    printf("\n\n");
    print_matrix("W1", N_h1, N_x, net.W1);
    free_network(&net);
}

/*
 * 10. The command line
 */
static const char USAGE[] =
    "usage: backprop [--weight-scale S] [--iterations N] [--seed K] [--data FOLDER]\n"
    "       backprop --check-gradient [--weight-scale S] [--seed K] [--data FOLDER]\n"
    "       backprop --print-weights [--weight-scale S] [--seed K]\n"
    "       backprop --help\n";

static const char HELP[] =
    "\n"
    "Question 1 of Practical 4: trains a network to tell sevens from nines and prints a\n"
    "table of how loss and accuracy develop. Without --weight-scale it does so for 0.01\n"
    "and then for 0.1, as the handout asks.\n"
    "\n"
    "  --weight-scale S   scale of the starting weights, a number of at least 0\n"
    "                     (0.1 for --check-gradient, 0.01 for --print-weights)\n"
    "  --iterations N     updates, at least 1 (5000)\n"
    "  --seed K           of the starting weights, 0 ... 4294967295 (1)\n"
    "  --data FOLDER      where train.txt and test.txt are (data)\n"
    "  --check-gradient   the gradient beside central differences; status 1 if wrong\n"
    "  --print-weights    the starting weights W3, W2, W1, to 17 digits\n"
    "  --help             this text\n";

/* A wrong command line: says what is wrong, shows the usage, exit status 2. */
static void misused(const char *option, const char *problem)
{
    fprintf(stderr, "backprop: %s %s\n%s", option, problem, USAGE);
    exit(2);
}

/* The last thing that happens: what was printed has to arrive. */
static void close_output(void)
{
    check_output();
    if (fclose(stdout) != 0)
        fail("standard output: %s", strerror(errno));
}

/* The whole number that `text` is, between least and most. */
static unsigned long whole_number(const char *option, const char *text,
                                  unsigned long least, unsigned long most)
{
    char problem[100];
    sprintf(problem, "expects a whole number, %lu ... %lu", least, most);
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || number < least
        || number > most)
        misused(option, problem);
    return number;
}

/* The weight scale that `text` is: finite, and not below 0. */
static double scale_number(const char *option, const char *text)
{
    char *end;
    double number = strtod(text, &end);
    bool begins_well = isdigit((unsigned char)text[0]) || text[0] == '.';
    if (!begins_well || *end != '\0' || number > 1e100)
        misused(option, "expects a number of at least 0");
    return number;
}

enum mode { TRAIN, CHECK_GRADIENT, PRINT_WEIGHTS, HELP_ONLY };

struct options {
    enum mode mode;
    struct settings settings;
    bool has_scale;
    const char *folder;
};

/* What the command line asks for; a wrong one ends the program. */
static struct options read_options(int argc, char **argv)
{
    struct options o = {TRAIN, {0, ITERATIONS, 1}, false, "data"};
    const char *mode_option = NULL;
    bool has_iterations = false;
    bool has_folder = false;
    for (int k = 1; k < argc; k++) {
        const char *option = argv[k];
        if (strcmp(option, "--help") == 0) {
            o.mode = HELP_ONLY;
            return o;
        }
        bool checks = strcmp(option, "--check-gradient") == 0;
        bool prints = strcmp(option, "--print-weights") == 0;
        if (checks || prints) {
            if (mode_option != NULL && strcmp(mode_option, option) != 0)
                misused(option, "does not go with the other mode");
            mode_option = option;
            o.mode = checks ? CHECK_GRADIENT : PRINT_WEIGHTS;
            continue;
        }
        bool is_scale = strcmp(option, "--weight-scale") == 0;
        bool is_iterations = strcmp(option, "--iterations") == 0;
        bool is_seed = strcmp(option, "--seed") == 0;
        bool is_data = strcmp(option, "--data") == 0;
        if (!is_scale && !is_iterations && !is_seed && !is_data)
            misused(option, "is not an option");
        k++;
        if (k == argc)
            misused(option, "expects a value");
        if (is_scale)
            o.settings.weight_scale = scale_number(option, argv[k]);
        if (is_iterations)
            o.settings.iterations = (int)whole_number(option, argv[k], 1, 1000000000);
        if (is_seed)
            o.settings.seed = (uint32_t)whole_number(option, argv[k], 0, 4294967295);
        if (is_data)
            o.folder = argv[k];
        o.has_scale = o.has_scale || is_scale;
        has_iterations = has_iterations || is_iterations;
        has_folder = has_folder || is_data;
    }
    if (o.mode != TRAIN && has_iterations)
        misused(mode_option, "does not train, so it takes no --iterations");
    if (o.mode == PRINT_WEIGHTS && has_folder)
        misused(mode_option, "needs no --data");
    return o;
}

/* All of Question 1, or its table for the one weight scale that was given. */
static void train_all(struct options o)
{
    struct examples training = read_examples(o.folder, "train.txt");
    struct examples testing = read_examples(o.folder, "test.txt");
    if (o.has_scale) {
        train(&o.settings, &training, &testing);
    } else {
        o.settings.weight_scale = 0.01;
        train(&o.settings, &training, &testing);
        printf("\n\n");
        o.settings.weight_scale = 0.1;
        train(&o.settings, &training, &testing);
    }
    free_examples(&testing);
    free_examples(&training);
}

int main(int argc, char **argv)
{
    struct options o = read_options(argc, argv);
    bool passed = true;
    if (o.mode == HELP_ONLY) {
        printf("%s%s", USAGE, HELP);
    } else if (o.mode == PRINT_WEIGHTS) {
        if (!o.has_scale)
            o.settings.weight_scale = 0.01;
        print_weights(&o.settings);
    } else if (o.mode == CHECK_GRADIENT) {
        if (!o.has_scale)
            o.settings.weight_scale = 0.1;
        struct examples testing = read_examples(o.folder, "test.txt");
        passed = check_gradient(&o.settings, &testing);
        free_examples(&testing);
    } else {
        train_all(o);
    }
    close_output();
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
