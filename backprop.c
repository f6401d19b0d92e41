/*
 * Backpropagation, written out: sevens against nines
 *
 * This program is Question 1 of Andrew Saxe's "Practical 4: Deep Networks". It trains a
 * network to tell handwritten sevens from nines, and derives on the way why the
 * equations of backpropagation are what they are.
 *
 *     $ cc -std=c99 -O3 -o backprop backprop.c -lm
 *     $ ./backprop > tables.txt
 *     $ ./backprop --help
 *
 * Type these lines into a terminal, in this folder and without the $. The first one
 * translates this file into a program: `-O3` asks for a fast one, `-lm` for the
 * mathematical functions. The second one runs it, and `>` sends what it prints into a
 * file: a table for each of the trainings of (a) and (c), which takes some minutes. The
 * third one lists what else the program can do.
 *
 * What comes out: with a `weight_scale` of 0.01, 199 of the 200 test images are right,
 * and with 0.1, 198. Stopping early helps neither. Section 10 has the answers.
 *
 * The same training in thirty lines of MATLAB is `expected/evidence/train.m`.
 *
 * Part I is the handout, in the handout's order: read the two side by side. Its symbols
 * are the names here (`W1`, `h1`, `delta2`, `y_hat`, `alpha`; `mu` counts the examples),
 * and each equation stands in a comment above the lines that compute it. Part II is what
 * the handout takes for granted: memory, files, random numbers, and the command line.
 *
 * C reads a file from top to bottom, and a function has to be known before it is used.
 * So the last ones come first. This is how they call each other:
 *
 *     main                          section 15
 *      --> question_1               section 15, for (a) and (c)
 *           --> print_training      section 15
 *                --> draw_weights   section 14
 *                --> train          section 7, and there 5000 times
 *                     --> forward   section 3
 *                     --> record    section 11
 *                     --> backward  section 5
 *                     --> gradient  section 6
 *                     --> update    section 7
 *
 * This is what a reader of MATLAB needs to know of C:
 *
 * | MATLAB | C |
 * | --- | --- |
 * | `% a comment` | everything between a slash with a star and a star with a slash |
 * | `M(i, j)`, from `M(1, 1)` on | `M.column[j][i]`, from `M.column[0][0]` on |
 * | `x = 0.5;` | `double x = 0.5;` |
 * | `x = x + y`, `k = k + 1` | `x += y`, `k++` |
 * | `for k = 0:n-1` ... `end` | `for (int k = 0; k < n; k++) { ... }` |
 * | `while a` ... `end` | `while (a) { ... }` |
 * | `function s = area(a, b)` ... `end` | `double area(double a, double b) { ... }` |
 * | `s = a * b;` at the end of it | `return a * b;` |
 * | `~a`, `a ~= b`, `a && b` | `!a`, `a != b`, `a && b` |
 * | `mod(a, b)`, `a^2` | `a % b`, `a * a` |
 * | `1 / 2` is 0.5 | `1 / 2.0` is 0.5, but `1 / 2` is 0: a whole number |
 * | `if a, x = b; else, x = c; end` | `x = a ? b : c;` |
 * | `fprintf('%g\n', x)` | `printf("%g\n", x)` |
 * | `fprintf(2, 'Oh\n')` | `fprintf(stderr, "Oh\n")` |
 * | a toolbox | `#include <math.h>` |
 *
 * - A variable has a type: `double` is a real number, `int` a whole one, `bool` is true
 *   or false, and `const char *` is a text. A function names the type of what it returns
 *   first, and `void` if it returns nothing. `static` says that a name belongs to this
 *   file, `const` that something is not changed, and `enum` gives names to whole
 *   numbers.
 * - In the brackets behind `for` stand the start, the condition to go on, and what is
 *   done after each round. Braces around a single statement are left out.
 * - `struct matrix { ... };` defines a new type, with its members, and makes no variable
 *   yet. `struct matrix A;` makes one, and `A.rows` is its member `rows`. Values in
 *   braces fill the members in their order.
 * - `double *p` is the address of a real number. If more follow in memory, `p[i]` is
 *   number i from there: this is how C has arrays. `double **column` is the address of a
 *   list of addresses: `column[j]` is where column j begins, and `column[j][i]` is its
 *   number i.
 * - `&x` is the address of `x`, `*p` is what stands at the address `p`, and `p->y` is
 *   the member `y` of a struct there. `NULL` is the address of nothing.
 * - A function gets copies of its arguments. But a copy of an address leads to the same
 *   place: what the function writes there has changed for its caller, too.
 * - Two texts in a row, `"a" "b"`, are one text.
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

/* With some options a compiler takes it that there is no NaN. They are refused. */
#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "backprop.c has to tell a NaN: compile it without -Ofast and -ffast-math"
#endif

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
 * The sizes of the hidden layers are those of the handout's starter code. W_l(i, j) is
 * the synapse from neuron j of the layer below to neuron i of layer l. So W_l has a row
 * for each neuron of its layer, and a column for each neuron that it listens to.
 */
enum { N_x = 784, N_h1 = 100, N_h2 = 80 }; /* three constants and their names */

/*
 * A matrix is stored column after column, as in MATLAB. Element (i, j) is number i of
 * column j, `M.column[j][i]`. A function that is given a matrix gets the addresses of
 * its columns and no copy of the numbers. So it can write its result into a matrix of
 * its caller's.
 */
struct matrix {
    int rows, columns;
    double **column; /* the addresses of the columns */
};

/*
 * P examples {x^mu, y^mu}. All of them go through the network together, as the handout
 * suggests: column mu of each matrix belongs to example mu. These are some of the
 * images:
 *
 * expected/figures/digits.png
 */
struct examples {
    struct matrix X; /* 784 x P: the pixels, from 0 (paper) to 1 (ink) */
    struct matrix y; /* 1 x P: the targets, -1 or 1 */
};

/* The synapses; or a number for each of them, such as the gradient of the loss. */
struct weights {
    struct matrix W1; /* N_h1 x 784 */
    struct matrix W2; /* N_h2 x N_h1 */
    struct matrix W3; /* 1 x N_h2 */
};

/*
 * What the forward pass computes: the input u and the activity h = f(u) of each neuron.
 */
struct activities {
    struct matrix u1, h1; /* N_h1 x P */
    struct matrix u2, h2; /* N_h2 x P */
    struct matrix y_hat;  /* 1 x P */
};

/* What the backward pass computes, and the two transposes that it needs for it. */
struct deltas {
    struct matrix delta3; /* 1 x P */
    struct matrix delta2; /* N_h2 x P */
    struct matrix delta1; /* N_h1 x P */
    struct matrix W3T;    /* N_h2 x 1: W3ᵀ */
    struct matrix W2T;    /* N_h1 x N_h2: W2ᵀ */
};

/* What the user can choose. */
struct options {
    double weight_scale;
    int iterations;
    uint32_t seed;      /* a whole number from 0 to 2^32 - 1 */
    const char *folder; /* where train.txt and test.txt are */
};

/*
 * These stand in Part II. Here C is told that there are such functions, and a type
 * `struct curves`. The points in the first one stand for any number of further values.
 */
struct curves;
static void fail(const char *format, ...);
static struct matrix new_matrix(int rows, int columns);
static struct weights new_weights(void);
static struct activities new_activities(int P);
static struct deltas new_deltas(int P);
static void record(struct curves *curves, int iteration, struct matrix y,
                   struct matrix y_hat, struct matrix y_test, struct matrix y_hat_test);
static double shown(double value);
static struct examples read_examples(const char *folder, const char *name);
static struct weights draw_weights(const struct options *options, uint32_t seed);

/*
 * 2. The products of matrices
 *
 * MATLAB writes `C = A * B` for a product of matrices. In C it takes three loops, one
 * inside another. Here A has a row for each i and a column for each j, and B has a row
 * for each j and a column for each example mu:
 *
 *     C(i, mu) = Σ_j A(i, j) B(j, mu)
 *
 * The loops may be nested in any order, as that does not change the sums (but for their
 * rounding). Here the loop over i is innermost: it runs down a column of A and one of
 * *C*, whose numbers lie side by side in memory, and that is where a computer is fast.
 * In this order B(j, mu) is the same number throughout the innermost loop. Where it is
 * 0, the loop would add nothing but zeros, and it is left out. This saves much of the
 * time: 82 % of X is 0, and so is about half of h1, h2 and delta2, as a ReLU is often
 * silent.
 *
 * If the sizes do not fit, the program ends with a line that says so, as MATLAB does.
 * The result *C* is a matrix that is there already, and comes last in each call.
 */
static void set_to_zero(struct matrix C)
{
    for (int j = 0; j < C.columns; j++)
        for (int i = 0; i < C.rows; i++)
            C.column[j][i] = 0;
}

/* C = A B, MATLAB's `A * B` */
static void multiply(struct matrix A, struct matrix B, struct matrix C)
{
    if (A.columns != B.rows || C.rows != A.rows || C.columns != B.columns)
        fail("multiply: %d x %d times %d x %d does not fit into %d x %d", A.rows,
             A.columns, B.rows, B.columns, C.rows, C.columns);
    set_to_zero(C);
    /* C(i, mu) = Σ_j A(i, j) B(j, mu) */
    for (int mu = 0; mu < B.columns; mu++)
        for (int j = 0; j < B.rows; j++) {
            double b = B.column[mu][j];
            if (b == 0)
                continue;
            for (int i = 0; i < A.rows; i++)
                C.column[mu][i] += A.column[j][i] * b;
        }
}

/*
 * C = A Bᵀ, MATLAB's `A * B'`. Here A has a row for each i, B has a row for each j, and
 * both have a column for each example mu. So the sum runs over the examples:
 *
 *     C(i, j) = Σ_mu A(i, mu) B(j, mu)
 */
static void multiply_transposed(struct matrix A, struct matrix B, struct matrix C)
{
    if (A.columns != B.columns || C.rows != A.rows || C.columns != B.rows)
        fail("multiply_transposed: %d x %d times the transpose of %d x %d does not fit "
             "into %d x %d",
             A.rows, A.columns, B.rows, B.columns, C.rows, C.columns);
    set_to_zero(C);
    /* C(i, j) = Σ_mu A(i, mu) B(j, mu) */
    for (int mu = 0; mu < B.columns; mu++)
        for (int j = 0; j < B.rows; j++) {
            double b = B.column[mu][j];
            if (b == 0)
                continue;
            for (int i = 0; i < A.rows; i++)
                C.column[j][i] += A.column[mu][i] * b;
        }
}

/* B = Aᵀ, that is, B(j, i) = A(i, j) */
static void transpose(struct matrix A, struct matrix B)
{
    if (B.rows != A.columns || B.columns != A.rows)
        fail("transpose: that of %d x %d does not fit into %d x %d", A.rows, A.columns,
             B.rows, B.columns);
    for (int j = 0; j < A.columns; j++)
        for (int i = 0; i < A.rows; i++)
            B.column[i][j] = A.column[j][i];
}

/* C = -C */
static void negate(struct matrix C)
{
    for (int j = 0; j < C.columns; j++)
        for (int i = 0; i < C.rows; i++)
            C.column[j][i] = -C.column[j][i];
}

/* Ends the program if A and B, the matrices of the named function, differ in size. */
static void demand_equal_sizes(const char *function, struct matrix A, struct matrix B)
{
    if (A.rows != B.rows || A.columns != B.columns)
        fail("%s: %d x %d and %d x %d are not of one size", function, A.rows, A.columns,
             B.rows, B.columns);
}

/*
 * 3. The forward pass: from x to y_hat
 *
 * The input u of a neuron is the sum of the activities below, each times its synapse.
 * The activity is h = f(u): the ReLU f passes a positive input on, and is silent
 * otherwise. Layer by layer,
 *
 *     u_1 = W_1 x,      h_1 = f(u_1)
 *     u_2 = W_2 h_1,    h_2 = f(u_2)
 *     u_3 = W_3 h_2,    y_hat = u_3.
 *
 * The output neuron is linear: its activity is its input, and no f stands between.
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
    demand_equal_sizes("apply_f", u, h);
    for (int j = 0; j < u.columns; j++)
        for (int i = 0; i < u.rows; i++)
            h.column[j][i] = f(u.column[j][i]);
}

/* Computes the activities `a` of all neurons with the weights `w` for the images X. */
static void forward(struct weights w, struct matrix X, struct activities a)
{
    /* h1 = f(W1 x) */
    multiply(w.W1, X, a.u1);
    apply_f(a.u1, a.h1);

    /* h2 = f(W2 h1) */
    multiply(w.W2, a.h1, a.u2);
    apply_f(a.u2, a.h2);

    /* y_hat = W3 h2 */
    multiply(w.W3, a.h2, a.y_hat);
}

/*
 * 4. The loss and the accuracy
 *
 * The loss compares the outputs y_hat = W3 f(W2 f(W1 x)) with the targets:
 *
 *     L(W_3, W_2, W_1) = 1/2 Σ_mu (y^mu - y_hat^mu)²
 *
 * There is one output neuron, so the norm in the handout's formula is a plain square.
 * (The handout calls L the mean squared error. Its formula, which counts here, is half
 * the sum.) The tables show L/P, so that the training and the test set can be compared.
 */
static double loss(struct matrix y, struct matrix y_hat)
{
    double L = 0;
    for (int mu = 0; mu < y.columns; mu++) {
        double e = y.column[mu][0] - y_hat.column[mu][0];
        L += 0.5 * e * e;
    }
    return L;
}

/*
 * An example is right if sign(y_hat) = sign(y). As y is -1 or 1, an output of 0 is wrong
 * for both classes.
 */
static bool is_correct(double y, double y_hat) { return y * y_hat > 0; }

static int count_correct(struct matrix y, struct matrix y_hat)
{
    int correct = 0;
    for (int mu = 0; mu < y.columns; mu++)
        if (is_correct(y.column[mu][0], y_hat.column[mu][0]))
            correct++;
    return correct;
}

/*
 * The fraction of examples that are right. `(double)` makes a real number of a whole
 * one.
 */
static double accuracy(struct matrix y, struct matrix y_hat)
{
    return (double)count_correct(y, y_hat) / y.columns;
}

/*
 * 5. The backward pass: from the error to delta1
 *
 * The answer first. Each neuron is given a number, its delta. The output neuron's is the
 * error, and each layer's deltas give those of the layer below:
 *
 *     delta_3 = e = y - y_hat
 *     delta_{l-1} = [W_lᵀ delta_l] ∘ f'(u_{l-1}),    l = 3, 2
 *
 * Where do these equations come from? All of this section is about a single example.
 *
 * *What delta is.* Raise the input u_l(i) of one neuron by a small t, and leave
 * everything below it alone. Then the loss falls by t times delta_l(i), to first order
 * in t. This is the definition of delta:
 *
 *     delta_l(i) = -∂L/∂u_l(i)
 *
 * So delta is positive if the input should be larger, negative if it should be smaller,
 * and 0 if it does not matter: it is the correction that the neuron asks for. "Blame"
 * below is meant so, with its sign.
 *
 * *The output neuron.* The loss of one example is L = 1/2 (y - y_hat)². Its derivative
 * is ∂L/∂y_hat = -(y - y_hat): the 2 that comes down from the square meets the 1/2,
 * which stands in L for just this. The output neuron is linear, y_hat = u_3, so that
 *
 *     delta_3 = -∂L/∂u_3 = y - y_hat = e,
 *
 * and no f' appears.
 *
 * *From one layer to the layer below.* How can neuron j of layer l-1 change the loss?
 * Only by way of the neurons that it feeds, those of layer l. The path to neuron i among
 * them has two stages:
 *
 *     h_{l-1}(j) = f(u_{l-1}(j))
 *     u_l(i) = Σ_k W_l(i, k) h_{l-1}(k),    k = j is one of the terms
 *
 * The chain rule multiplies the derivatives along a path and adds up all paths:
 *
 *     ∂L/∂u_{l-1}(j) = Σ_i ∂L/∂u_l(i) · ∂u_l(i)/∂h_{l-1}(j) · ∂h_{l-1}(j)/∂u_{l-1}(j)
 *
 * By definition the first factor is -delta_l(i), and so is the left-hand side
 * -delta_{l-1}(j). The second factor is the synapse W_l(i, j). The third is
 * f'(u_{l-1}(j)), which does not depend on i. So
 *
 *     delta_{l-1}(j) = [Σ_i W_l(i, j) delta_l(i)] f'(u_{l-1}(j)).
 *
 * This is the equation of the handout, number by number. Two things in it are worth
 * saying in words:
 *
 * - *Why Wᵀ?* In the forward pass neuron i adds up its row of W_l, over all j that it
 *   listens to. In the backward pass neuron j adds up its column, over all i that it
 *   feeds: it is blamed by each of them, as much as the synapse between them is strong.
 *   A sum down the columns of W_l is a product with W_lᵀ.
 * - *Why ∘ f'?* What a neuron is blamed for is its activity, but delta is about its
 *   input. If the neuron is silent, then a slightly different input leaves it silent,
 *   and the loss stays the same: f' = 0, and no blame is passed on. If it is active, f'
 *   = 1. There is one f' for each neuron, so the product is elementwise.
 *
 * If there is one linear neuron in each layer, then f' = 1 and every matrix is a number.
 * The recursion gives delta_i = e Π_{j>i} w_j: the error times all weights above. The
 * forward pass gives h_{i-1} = x Π_{j<i} w_j: the input times all weights below. So the
 * gradient of section 6 is ∂L/∂w_i = -e x Π_{j≠i} w_j, as in part (c) of Question 2.
 * (There the mean over the examples is taken, and E has no 1/2, so that a factor 2 is
 * left.)
 */

/*
 * The slope of the ReLU. It is a function of u, but h = f(u) is positive just where u
 * is, and so h, which is at hand, tells it, too.
 *
 * At u = 0 the ReLU has a kink and no derivative, so that f'(0) is a convention. The
 * handout gives two rules. By the first one f' is 1 if the activity is greater than
 * zero, and zero otherwise. By the second one it is a step that is 1 at 0. For step(u)
 * the two differ only in that convention. But the handout writes step(h), and as h is
 * never negative, this would be 1 everywhere: silent neurons, on which the loss does not
 * depend, would be trained as well. So the first rule is used. The gradient check in
 * section 9 passes with it, and fails with step(h).
 */
static double f_prime(double h)
{
    /* f'(u), where h = f(u) */
    if (h > 0)
        return 1;
    return 0;
}

/* delta <- delta ∘ f'(u), elementwise, where h = f(u) */
static void times_f_prime(struct matrix delta, struct matrix h)
{
    demand_equal_sizes("times_f_prime", delta, h);
    for (int j = 0; j < h.columns; j++)
        for (int i = 0; i < h.rows; i++)
            delta.column[j][i] = delta.column[j][i] * f_prime(h.column[j][i]);
}

/*
 * Computes the deltas `d` of all neurons from the targets y and the activities `a`.
 * Column mu of every u and h comes from column mu of X alone, and L is a sum of one term
 * for each example. So the deltas of an example depend on no other example, and the
 * equations hold column by column. (The transposes are written into matrices of their
 * own first, as multiply() is fastest down a column.)
 */
static void backward(struct weights w, struct matrix y, struct activities a,
                     struct deltas d)
{
    /* delta3 = e = y - y_hat */
    for (int mu = 0; mu < y.columns; mu++)
        d.delta3.column[mu][0] = y.column[mu][0] - a.y_hat.column[mu][0];

    /* delta2 = [W3ᵀ delta3] ∘ f'(u2) */
    transpose(w.W3, d.W3T);
    multiply(d.W3T, d.delta3, d.delta2);
    times_f_prime(d.delta2, a.h2);

    /* delta1 = [W2ᵀ delta2] ∘ f'(u1) */
    transpose(w.W2, d.W2T);
    multiply(d.W2T, d.delta2, d.delta1);
    times_f_prime(d.delta1, a.h1);
}

/*
 * 6. The gradient
 *
 * The answer: with h_0 = x,
 *
 *     ∂L/∂W_l = -delta_l h_{l-1}ᵀ.
 *
 * A synapse W_l(i, j) acts on the loss only through the input of the neuron that it
 * leads to, u_l(i) = Σ_k W_l(i, k) h_{l-1}(k). This sum has W_l(i, j) in the term k = j
 * only, so that ∂u_l(i)/∂W_l(i, j) = h_{l-1}(j). By the chain rule, for one example,
 *
 *     ∂L/∂W_l(i, j) = ∂L/∂u_l(i) · ∂u_l(i)/∂W_l(i, j)
 *                   = -delta_l(i) h_{l-1}(j).
 *
 * In words: the blame of the neuron above times the activity of the neuron below. A
 * synapse from a silent neuron, or to a neuron without blame, gets no change.
 *
 * The loss is a sum over the examples, and so is its derivative:
 *
 *     ∂L/∂W_l(i, j) = -Σ_mu delta_l(i, mu) h_{l-1}(j, mu)
 *
 * Both factors have mu as their column. A sum over the columns of both is a product with
 * a transpose: MATLAB writes `-delta2 * h1'`. That is why the one matrix product sums
 * the gradient over all examples.
 */

/* Computes the gradient of the loss, a ∂L/∂W for each of the three matrices. */
static void gradient(struct matrix X, struct activities a, struct deltas d,
                     struct weights dL_dW)
{
    /* ∂L/∂W3 = -delta3 h2ᵀ */
    multiply_transposed(d.delta3, a.h2, dL_dW.W3);
    negate(dL_dW.W3);

    /* ∂L/∂W2 = -delta2 h1ᵀ */
    multiply_transposed(d.delta2, a.h1, dL_dW.W2);
    negate(dL_dW.W2);

    /* ∂L/∂W1 = -delta1 xᵀ */
    multiply_transposed(d.delta1, X, dL_dW.W1);
    negate(dL_dW.W1);
}

/*
 * 7. Gradient descent
 *
 * The gradient points up the loss, so each weight takes a small step the other way:
 *
 *     W_l <- W_l - alpha ∂L/∂W_l = W_l + alpha delta_l h_{l-1}ᵀ
 *
 * Why is the learning rate alpha = 0.1/P? L is a sum over P examples, and so its
 * gradient grows with P. Divided by P, it is the gradient of the mean loss L/P, which is
 * what the curves show. So the step is 0.1 times that gradient, however many examples
 * there are.
 */
static const double LEARNING_RATE = 0.1; /* alpha times P */
enum { ITERATIONS = 5000 };
static const double WEIGHT_SCALE_OF_A = 0.01, WEIGHT_SCALE_OF_C = 0.1;

/* Moves the weights W of one layer a step down the gradient `dL_dW` of the same layer. */
static void update(double alpha, struct matrix dL_dW, struct matrix W)
{
    demand_equal_sizes("update", dL_dW, W);
    /* W <- W - alpha ∂L/∂W */
    for (int j = 0; j < W.columns; j++)
        for (int i = 0; i < W.rows; i++)
            W.column[j][i] = W.column[j][i] - alpha * dL_dW.column[j][i];
}

/*
 * Trains the weights w from where they are. This loop is the practical: forward,
 * backward, gradient, update. record() prints a row of the table before each update, so
 * that row 1 is the untrained network.
 */
static void train(struct weights w, struct examples training, struct examples testing,
                  int iterations, struct curves *curves)
{
    int P = training.y.columns;
    double alpha = LEARNING_RATE / P;
    struct activities a = new_activities(P);
    struct activities a_test = new_activities(testing.y.columns);
    struct deltas d = new_deltas(P);
    struct weights dL_dW = new_weights();
    for (int iteration = 1; iteration <= iterations; iteration++) {
        forward(w, training.X, a);
        forward(w, testing.X, a_test);
        record(curves, iteration, training.y, a.y_hat, testing.y, a_test.y_hat);

        backward(w, training.y, a, d);
        gradient(training.X, a, d, dL_dW);

        /* Update only now: every delta has to be computed with the old weights. */
        update(alpha, dL_dW.W3, w.W3);
        update(alpha, dL_dW.W2, w.W2);
        update(alpha, dL_dW.W1, w.W1);
    }
}

/*
 * 8. The same with a pencil
 *
 * One example, two inputs, two neurons in each hidden layer, and all numbers small.
 * Cover the right-hand sides and compute them yourself. (Matrices are written as in
 * MATLAB: a semicolon ends a row.)
 *
 *     x = [1; 2]
 *     y = -1
 *     W1 = [1 1; 1 -1]
 *     W2 = [1 3; 2 1]
 *     W3 = [1 -1]
 *
 * The forward pass. The second neuron of layer 1 is silent.
 *
 *     u1 = W1 x = [3; -1]
 *     h1 = f(u1) = [3; 0]
 *     u2 = W2 h1 = [3; 6]
 *     h2 = f(u2) = [3; 6]
 *     y_hat = W3 h2 = -3
 *     L = 2
 *
 * The backward pass. The output should be larger by 2. Neuron 1 of layer 2 raises it,
 * with a weight of 1, so its delta is 2. Neuron 2 lowers it, with a weight of -1, so its
 * delta is -2. Each neuron of layer 1 adds up both deltas, times its weights to them.
 * For the silent one the sum is 4, but f' = 0 makes it 0.
 *
 *     delta3 = y - y_hat = 2
 *     delta2 = [W3ᵀ delta3] ∘ f'(u2) = [2; -2]
 *     W2ᵀ delta2 = [-2; 4]
 *     delta1 = [W2ᵀ delta2] ∘ f'(u1) = [-2; 0]
 *
 * Does delta1 keep what its definition promises? Raise u1(1) from 3 to 3 + t. Then u2 =
 * [3 + t; 6 + 2t], so that y_hat = -3 - t and L = 1/2 (2 + t)² = 2 + 2t + t²/2. The loss
 * falls by -2t to first order, and -2 is delta1(1). Raise u1(2) from -1 by a small t:
 * nothing changes, and delta1(2) is 0.
 *
 * The gradient. The silent neuron has zeros for all its synapses: those to it, the
 * second row of ∂L/∂W1, and those from it, the second column of ∂L/∂W2.
 *
 *     ∂L/∂W3 = -delta3 h2ᵀ = [-6 -12]
 *     ∂L/∂W2 = -delta2 h1ᵀ = [-6 0; 6 0]
 *     ∂L/∂W1 = -delta1 xᵀ = [2 4; 0 0]
 *
 * One update with alpha = 0.01, and the loss is about an eighth of what it was:
 *
 *     W3 <- W3 - alpha ∂L/∂W3 = [1.06 -0.88]
 *     W2 <- W2 - alpha ∂L/∂W2 = [1.06 3; 1.94 1]
 *     W1 <- W1 - alpha ∂L/∂W1 = [0.98 0.96; 1 -1]
 *     y_hat = -1.69244
 *     L = 0.239737
 *
 * (`make check` computes these numbers with the functions above.)
 */

/*
 * 9. Is the gradient right?
 *
 * Ask the loss itself. How it changes along a direction D in the space of the weights
 * can be measured with forward passes alone, by the central difference
 *
 *     [L(W + ε D) - L(W - ε D)] / (2ε).
 *
 * If the gradient is right, this is Σ_ij ∂L/∂W(i, j) D(i, j). With D = 1 for one weight
 * and 0 for all others it is the derivative for that weight. The check does so for eight
 * weights of each layer. Then it takes a D in which all weights of the layer move at
 * random. That sees an error in any weight, and not only in the eight.
 *
 * The two sides should not only be close. Suppose that the same neurons stay active.
 * Then f only multiplies by 0 or 1, y_hat is linear in the weights of one layer, and
 * along D the loss is a parabola, L(W + ε D) = p + q ε + r ε². Its central difference is
 *
 *     [(p + q ε + r ε²) - (p - q ε + r ε²)] / (2ε) = q,
 *
 * the exact slope, for any ε. So ε is made smaller until the same neurons are active at
 * both ends as at W. (Then they are so in between, too: u_1 is linear along D, then so
 * is h_1, and so is u_2; and a linear function that has one sign at both ends keeps it
 * in between.) What remains is the rounding of L. Below a `weight_scale` of about 0.003
 * the derivatives are so small that it shows, and the check fails.
 *
 *     $ ./backprop --check-gradient
 *
 * expected/gradient_check.txt
 *
 * A wrong delta makes all layers below it wrong. So begin with the highest layer that
 * fails. The check cannot tell whether the forward pass is that of the handout, nor
 * whether update() goes down the gradient. For these, compare the first two rows of a
 * training with those in expected/.
 */
static const double TOLERANCE = 1e-5; /* in units of the layer's largest derivative */

/* The place at which the gradient is checked. */
struct place {
    struct weights w;
    struct examples data;
    struct activities here;   /* with the weights w */
    struct activities beside; /* with one matrix of w moved along a line */
};

/* A line W_0 + ε D in the space of one layer's weights. */
struct line {
    struct matrix W;   /* that of the place; W is moved along the line, and back again */
    struct matrix W_0; /* a copy of it, which stays */
    struct matrix D;
};

/* Moves W to W_0 + ε D and returns the loss there. The activities are in `p.beside`. */
static double loss_at(double epsilon, struct line l, struct place p)
{
    for (int j = 0; j < l.W.columns; j++)
        for (int i = 0; i < l.W.rows; i++)
            l.W.column[j][i] = l.W_0.column[j][i] + epsilon * l.D.column[j][i];
    forward(p.w, p.data.X, p.beside);
    return loss(p.data.y, p.beside.y_hat);
}

/* Are the same neurons of a layer active in both of these activities? */
static bool same_active(struct matrix h, struct matrix other)
{
    for (int j = 0; j < h.columns; j++)
        for (int i = 0; i < h.rows; i++)
            if ((h.column[j][i] > 0) != (other.column[j][i] > 0))
                return false;
    return true;
}

/* Are the same neurons active beside the place as at the place? */
static bool same_active_beside(struct place p)
{
    return same_active(p.here.h1, p.beside.h1) && same_active(p.here.h2, p.beside.h2);
}

/*
 * The slope of the loss along a line, measured. There are five tries, each with an
 * eighth of the ε before: 2^(-17), 2^(-20), ... The last one counts even if other
 * neurons are active.
 */
static double central_difference(struct line l, struct place p)
{
    double epsilon = 1.0 / 131072, slope = 0;
    bool same = false;
    for (int attempt = 1; attempt <= 5 && !same; attempt++) {
        /* [L(W + ε D) - L(W - ε D)] / (2ε) */
        double above = loss_at(epsilon, l, p);
        same = same_active_beside(p);
        double below = loss_at(-epsilon, l, p);
        same = same && same_active_beside(p);
        slope = (above - below) / (2 * epsilon);
        epsilon /= 8;
    }
    loss_at(0, l, p); /* back to W_0 */
    return slope;
}

/* The same slope from the gradient: Σ_ij ∂L/∂W(i, j) D(i, j) */
static double slope_along(struct matrix D, struct matrix dL_dW)
{
    double slope = 0;
    for (int j = 0; j < D.columns; j++)
        for (int i = 0; i < D.rows; i++)
            slope += dL_dW.column[j][i] * D.column[j][i];
    return slope;
}

static double largest_magnitude(struct matrix M)
{
    double largest = 0;
    for (int j = 0; j < M.columns; j++)
        for (int i = 0; i < M.rows; i++)
            largest = fmax(largest, fabs(M.column[j][i]));
    return largest;
}

static struct matrix copy(struct matrix M)
{
    struct matrix C = new_matrix(M.rows, M.columns);
    for (int j = 0; j < M.columns; j++)
        for (int i = 0; i < M.rows; i++)
            C.column[j][i] = M.column[j][i];
    return C;
}

/* Prints the end of a row, both slopes, and returns whether they agree. */
static bool print_slopes(struct line l, struct matrix dL_dW, struct place p)
{
    double slope = slope_along(l.D, dL_dW);
    double difference = central_difference(l, p);
    double apart = fabs(slope - difference) / largest_magnitude(dL_dW);
    bool agrees = apart <= TOLERANCE; /* a NaN does not agree, and 0/0 is a NaN */
    printf(" %13.6g %12.4f %9.2g\n", shown(slope), shown(difference),
           agrees ? 0 : shown(apart));
    return agrees;
}

static bool has_nan(struct matrix M)
{
    for (int j = 0; j < M.columns; j++)
        for (int i = 0; i < M.rows; i++)
            if (isnan(M.column[j][i]))
                return true;
    return false;
}

/*
 * Prints the rows of a layer, and returns whether all agree. W and `dL_dW` are its
 * weights and its gradient. The eight weights belong to neurons spread over the layer,
 * and in W1 to pixels in the middle of the image. Where a derivative is 0, the neuron is
 * silent or the pixel has no ink in any image. `everywhere` is the direction in which
 * all move.
 */
static bool check_layer(int layer, struct matrix W, struct matrix dL_dW,
                        struct matrix everywhere, struct place p)
{
    bool passed = true;
    struct line one_weight = {W, copy(W), new_matrix(W.rows, W.columns)};
    set_to_zero(one_weight.D);
    for (int k = 0; k < 8; k++) {
        int i = k * W.rows / 8, j = (W.columns / 2 + 4 + 3 * k) % W.columns;
        one_weight.D.column[j][i] = 1;
        printf("%3d %4d %4d", layer, i, j);
        passed = print_slopes(one_weight, dL_dW, p) && passed;
        one_weight.D.column[j][i] = 0;
    }
    struct line all_weights = {W, one_weight.W_0, everywhere};
    printf("%3d %4s %4s", layer, "all", "all");
    passed = print_slopes(all_weights, dL_dW, p) && passed;

    printf("# W%d: %s", layer, passed ? "passed" : "FAILED");
    if (has_nan(dL_dW))
        printf(", not computed");
    else if (largest_magnitude(dL_dW) == 0)
        printf(", nothing to compare: all derivatives are 0; look at delta%d and at the "
               "layer below",
               layer);
    printf("\n");
    return passed;
}

/*
 * Names the first matrix, in the order in which they are computed, in which something is
 * not a number, and returns whether there is one. A new matrix is full of NaN, so it is
 * one that was not computed, or not all of it. Only the first `number` of them are
 * looked at; five are those of the forward pass.
 */
static bool print_first_nan(int number, struct activities a, struct deltas d,
                            struct weights dL_dW)
{
    const struct {
        const char *name;
        struct matrix M;
    } computed[13] = {
        {"u1", a.u1},         {"h1", a.h1},         {"u2", a.u2},
        {"h2", a.h2},         {"y_hat", a.y_hat},   {"delta3", d.delta3},
        {"W3T", d.W3T},       {"delta2", d.delta2}, {"W2T", d.W2T},
        {"delta1", d.delta1}, {"dL/dW3", dL_dW.W3}, {"dL/dW2", dL_dW.W2},
        {"dL/dW1", dL_dW.W1},
    };
    for (int k = 0; k < number; k++)
        if (has_nan(computed[k].M)) {
            printf("# %s holds NaN: the first matrix that is not, or not all, computed\n",
                   computed[k].name);
            return true;
        }
    return false;
}

/* Checks the gradient of the test examples' loss. Returns whether it is right. */
static bool check_gradient(const struct options *options)
{
    struct place p;
    p.data = read_examples(options->folder, "test.txt");
    int P = p.data.y.columns;
    p.w = draw_weights(options, options->seed);
    p.here = new_activities(P);
    p.beside = new_activities(P);
    struct deltas d = new_deltas(P);
    struct weights dL_dW = new_weights();
    struct weights everywhere = draw_weights(options, options->seed + 1);
    printf("# Practical 4: Deep Networks, question 1: gradient and central differences\n"
           "# P = %d test examples, weight_scale = %g, seed %lu\n"
           "# all: in a random direction in which all weights of the layer move\n"
           "# apart: in units of the layer's largest derivative, 0 where below %g\n"
           "# layer i j dL/dW central_difference apart\n",
           P, options->weight_scale, (unsigned long)options->seed, TOLERANCE);
    forward(p.w, p.data.X, p.here);
    bool has_output = largest_magnitude(p.here.y_hat) > 0;
    if (print_first_nan(5, p.here, d, dL_dW) || !has_output) {
        if (!has_output)
            printf("# y_hat is 0 for every example\n");
        printf("# gradient check: FAILED; begin with the forward pass\n");
        return false;
    }
    backward(p.w, p.data.y, p.here, d);
    gradient(p.data.X, p.here, d, dL_dW);
    bool passed_1 = check_layer(1, p.w.W1, dL_dW.W1, everywhere.W1, p);
    bool passed_2 = check_layer(2, p.w.W2, dL_dW.W2, everywhere.W2, p);
    bool passed_3 = check_layer(3, p.w.W3, dL_dW.W3, everywhere.W3, p);
    if (passed_1 && passed_2 && passed_3) {
        printf("# gradient check: passed\n");
        return true;
    }
    if (print_first_nan(13, p.here, d, dL_dW)) {
        printf("# gradient check: FAILED; begin with that matrix\n");
        return false;
    }
    const char *highest = "W1: dL/dW1 = -delta1 x', delta1 = [W2' delta2] o f'(u1)";
    if (!passed_2)
        highest = "W2: dL/dW2 = -delta2 h1', delta2 = [W3' delta3] o f'(u2)";
    if (!passed_3)
        highest = "W3: dL/dW3 = -delta3 h2', delta3 = y - y_hat";
    printf("# gradient check: FAILED; begin with the highest layer that fails,\n# %s\n"
           "# (or with the forward pass, if row 1 of a training is wrong)\n",
           highest);
    return false;
}

/*
 * 10. What came out
 *
 * These are the curves of (a) and (c), and the first rows and the last of (c):
 *
 * expected/figures/training.png
 *
 * expected/backprop_0.1.txt
 *
 * Three things in the figure are worth a second look.
 *
 * - *The plateau, with 0.01.* For a hundred iterations the loss hardly falls. The
 *   gradient of each layer contains the weights of the two other layers, and they are
 *   all small: it is the saddle of Question 2(d), in a network. The accuracy rises and
 *   then falls meanwhile. It asks only for the signs of the outputs, which are tiny, and
 *   their mean drifts to one side.
 * - *The jump at iteration 9, with 0.1.* In one direction the loss is curved too much
 *   for this learning rate. Where the curvature is λ, a step multiplies the distance
 *   from the bottom of the valley by 1 - alpha λ. If alpha λ > 2, then each step lands
 *   on the other side and farther away. Here the mean of all outputs swings from side to
 *   side, until the network has been thrown to where the valley is wider. With 0.01 the
 *   same happens on a smaller scale at iteration 164.
 * - *The jagged test loss.* Later on the steps are at the edge of what is stable. The
 *   weights hop to and fro across a valley, and the test loss with them, from each
 *   iteration to the next.
 *
 * (b) *How accurate?* With 0.01 the classifier gets 199 of the 200 test images right,
 * 0.995, and all training images. *Substantial overfitting?* The word has two meanings.
 * The network is worse on new images: the test loss ends at 0.021, 42 times the training
 * loss. But this does not get worse with training: the lowest test loss ever is 0.019.
 * *Stopping early?* It would not help. At the lowest test loss the accuracy is the same.
 * There are rows with all 200 right from iteration 766 on. That is one image more, it
 * comes and goes from row to row, and nobody could choose such a row without the test
 * set.
 *
 * (c) *Training accuracy?* With 0.1 it is 1 again. *Testing accuracy?* It is lower, 198
 * of 200 or 0.99, and the test loss is 0.037, nearly twice as large. *Stopping early?*
 * It would not help: no row has more than 198 right, and the test loss is never lower
 * than the last by more than 0.0001. *Smaller or larger?* A smaller initial variance
 * seems better. One seed and 200 images prove little, though: `expected/README.md` has
 * ten seeds, thousands of new images, and the reason.
 */

/*
 * PART II: BEHIND THE SCENES
 *
 * 11. The rows of the table
 *
 * (a) asks for the loss and the accuracy on the training and the testing examples over
 * the course of learning. They make a table with a row for each iteration. (b) and (c)
 * ask whether it would have helped to stop early, so some rows are remembered.
 */
struct row {
    int iteration;
    double train_loss, test_loss; /* divided by the number of examples */
    double train_accuracy, test_accuracy;
};

struct curves {
    const struct options *options;
    time_t start;  /* of the training */
    bool reported; /* that it is going on */
    struct row first, last;
    struct row lowest_test_loss;      /* the first such row, if there are several */
    struct row highest_test_accuracy; /* the same */
    struct matrix y_hat_test;         /* the outputs for the test set in the last row */
};

/* The value, but a NaN without its sign: this sign is not the same on all processors. */
static double shown(double value)
{
    if (isnan(value))
        return fabs(value);
    return value;
}

/* Ends the program if something that was printed could not be written. */
static void demand_written(void)
{
    if (ferror(stdout))
        fail("standard output: %s", strerror(errno));
}

static void print_row(const char *before, struct row r)
{
    printf("%s%6d %12.6g %12.6g %14.6g %13.6g\n", before, r.iteration,
           shown(r.train_loss), shown(r.test_loss), r.train_accuracy, r.test_accuracy);
    demand_written();
}

static void remember_row(struct curves *curves, struct row r)
{
    curves->last = r;
    if (r.iteration == 1) {
        curves->first = r;
        curves->lowest_test_loss = r;
        curves->highest_test_accuracy = r;
    }
    if (r.test_loss < curves->lowest_test_loss.test_loss)
        curves->lowest_test_loss = r;
    if (r.test_accuracy > curves->highest_test_accuracy.test_accuracy)
        curves->highest_test_accuracy = r;
}

/*
 * Tells on standard error how much of a long training is left: once after three seconds,
 * and then after every tenth of it.
 */
static void report_progress(struct curves *curves, int iteration, double seconds)
{
    int iterations = curves->options->iterations, left = iterations - iteration;
    bool is_tenth = iteration % ((iterations + 9) / 10) == 0;
    if (seconds < 3 || left == 0 || (curves->reported && !is_tenth))
        return;
    curves->reported = true;
    fprintf(stderr, "backprop: weight_scale %g: iteration %d of %d, %.0f s left\n",
            curves->options->weight_scale, iteration, iterations,
            seconds / iteration * left);
}

/*
 * Prints the row of an iteration, before its update, and remembers what (b) and (c) ask.
 */
static void record(struct curves *curves, int iteration, struct matrix y,
                   struct matrix y_hat, struct matrix y_test, struct matrix y_hat_test)
{
    struct row r;
    r.iteration = iteration;
    r.train_loss = loss(y, y_hat) / y.columns;
    r.test_loss = loss(y_test, y_hat_test) / y_test.columns;
    r.train_accuracy = accuracy(y, y_hat);
    r.test_accuracy = accuracy(y_test, y_hat_test);
    print_row("", r);
    remember_row(curves, r);
    curves->y_hat_test = y_hat_test;
    report_progress(curves, iteration, difftime(time(NULL), curves->start));
}

/*
 * 12. What stands below the rows
 *
 * The numbers that (b) and (c) ask for, as comment lines.
 */

/* Prints what would have been otherwise if training had stopped at an earlier row. */
static void print_change_by_stopping(const char *name, struct row stop, struct row last)
{
    printf("#   at the %s, iteration %d: test loss %+.6f, test accuracy %+.6f\n", name,
           stop.iteration, shown(stop.test_loss - last.test_loss),
           stop.test_accuracy - last.test_accuracy);
}

static void print_remembered_rows(const struct curves *curves)
{
    printf("# (b), (c): the last row, the first row with the lowest test loss, and the\n"
           "# first with the highest test accuracy:\n");
    print_row("#", curves->last);
    print_row("#", curves->lowest_test_loss);
    print_row("#", curves->highest_test_accuracy);
    printf("# stopping early would have changed, against the last row:\n");
    print_change_by_stopping("lowest test loss", curves->lowest_test_loss, curves->last);
    print_change_by_stopping("highest test accuracy", curves->highest_test_accuracy,
                             curves->last);
}

/*
 * Prints a line if training has diverged. Then the loss is no longer a finite number, or
 * a hidden layer is silent for every image: each y_hat is 0, no sign is right, and the
 * loss of an example is 1/2.
 */
static void print_divergence(const struct curves *curves)
{
    bool silent = curves->last.train_accuracy == 0 && curves->last.train_loss == 0.5;
    if (!isfinite(curves->first.train_loss))
        printf("# the loss is not finite from row 1 on: weight_scale is too large\n");
    else if (!isfinite(curves->last.train_loss))
        printf("# diverged: the loss is not finite; the steps are too large, or the\n"
               "# gradient is wrong, which --check-gradient tells\n");
    else if (silent && curves->first.train_accuracy > 0)
        printf("# diverged: the steps were too large, and left every y_hat at 0\n");
}

/* |W - W_start| / |W_start|, where |W| is the root of the sum of all squares. */
static double relative_change(struct matrix W, struct matrix W_start)
{
    double change = 0, size = 0;
    for (int j = 0; j < W.columns; j++)
        for (int i = 0; i < W.rows; i++) {
            double difference = W.column[j][i] - W_start.column[j][i];
            change += difference * difference;
            size += W_start.column[j][i] * W_start.column[j][i];
        }
    return sqrt(change / size);
}

static void print_changes(struct weights w, struct weights start)
{
    printf("# after the last update, |W - W_start| / |W_start|: "
           "W1 %.3g, W2 %.3g, W3 %.3g\n",
           shown(relative_change(w.W1, start.W1)), shown(relative_change(w.W2, start.W2)),
           shown(relative_change(w.W3, start.W3)));
}

/* Lists the test examples that are wrong in the last row, ten at most. */
static void print_wrong_examples(struct matrix y, struct matrix y_hat)
{
    const int most = 10;
    int wrong = y.columns - count_correct(y, y_hat), listed = 0;
    if (wrong == 0) {
        printf("# wrong in the last row: none of %d test examples\n", y.columns);
        return;
    }
    printf("# wrong in the last row, %d of %d test examples: line of test.txt, target, "
           "y_hat\n",
           wrong, y.columns);
    for (int mu = 0; mu < y.columns && listed < most; mu++)
        if (!is_correct(y.column[mu][0], y_hat.column[mu][0])) {
            printf("#%6d %6g %13.6g\n", mu + 1, y.column[mu][0],
                   shown(y_hat.column[mu][0]));
            listed++;
        }
    if (wrong > listed)
        printf("#   and %d more\n", wrong - listed);
}

/*
 * 13. Errors, memory and files
 */

/* Prints `backprop: ` and one line on standard error; the values are as for printf(). */
static void complain(const char *format, va_list values)
{
    fputs("backprop: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
}

/*
 * Ends the program with status 1 and a line that says what is wrong and where. The
 * points stand for any number of values.
 */
static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    complain(format, values);
    va_end(values);
    exit(EXIT_FAILURE);
}

/*
 * All memory that the program has taken. It is in use until the program ends, and then
 * the system has it back. The list is for the tools that look for memory whose address
 * is lost (valgrind, -fsanitize=address).
 */
static struct {
    void *block[200];
    int count;
} memory;

/* Takes memory for so many things of a size in bytes. */
static void *take(size_t count, size_t size)
{
    void *block = calloc(count, size);
    if (block == NULL)
        fail("not enough memory for %lu times %lu bytes", (unsigned long)count,
             (unsigned long)size);
    if (memory.count == sizeof memory.block / sizeof memory.block[0])
        fail("memory.block is too short for another matrix");
    memory.block[memory.count] = block;
    memory.count++;
    return block;
}

/*
 * A new matrix, filled as by MATLAB's `nan(rows, columns)`. So what is used before it is
 * computed makes a NaN of all that comes of it, and shows.
 *
 * A processor fetches memory in lines of 64 bytes, which are eight numbers. Each column
 * begins at a whole line, as training is faster by a fifth for this. So the space
 * between two columns is the next multiple of eight, and the first column begins up to
 * seven numbers behind the beginning of the memory.
 */
static struct matrix new_matrix(int rows, int columns)
{
    struct matrix M = {rows, columns, take((size_t)columns, sizeof(double *))};
    size_t space = ((size_t)rows + 7) / 8 * 8;
    double *numbers = take((size_t)columns * space + 7, sizeof(double));
    for (int k = 0; k < 7 && (uintptr_t)numbers % 64 != 0; k++)
        numbers++;
    for (int j = 0; j < columns; j++) {
        M.column[j] = numbers + (size_t)j * space;
        for (int i = 0; i < rows; i++)
            M.column[j][i] = NAN;
    }
    return M;
}

static struct weights new_weights(void)
{
    struct weights w;
    w.W1 = new_matrix(N_h1, N_x);
    w.W2 = new_matrix(N_h2, N_h1);
    w.W3 = new_matrix(1, N_h2);
    return w;
}

static struct activities new_activities(int P)
{
    struct activities a;
    a.u1 = new_matrix(N_h1, P);
    a.h1 = new_matrix(N_h1, P);
    a.u2 = new_matrix(N_h2, P);
    a.h2 = new_matrix(N_h2, P);
    a.y_hat = new_matrix(1, P);
    return a;
}

static struct deltas new_deltas(int P)
{
    struct deltas d;
    d.delta3 = new_matrix(1, P);
    d.delta2 = new_matrix(N_h2, P);
    d.delta1 = new_matrix(N_h1, P);
    d.W3T = new_matrix(N_h2, 1);
    d.W2T = new_matrix(N_h1, N_h2);
    return d;
}

/*
 * The files train.txt and test.txt have an example in each line: its target y, and then
 * 784 brightnesses from 0 (paper) to 255 (ink), column after column of the image.
 * NumPy's savetxt() writes such a number as `2.550000000000000000e+02`, which is read,
 * too.
 *
 * In C a text is an array of characters that ends with the character `'\0'`. strtod()
 * reads a number at its beginning, as str2double() does, and stores in `end` where the
 * number ends. strtok() finds the next word of a text.
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
    MOST_EXAMPLES = 1000000, /* more are taken for a mistake */
    LONGEST_LINE = 32768     /* in bytes; savetxt() needs 25 for each of 785 numbers */
};

/*
 * Returns the number of lines of a file, P. The last one may have no `'\n'` at its end.
 */
static int count_lines(FILE *file, const char *path)
{
    int P = 0, before = '\n', character;
    while ((character = getc(file)) != EOF && P <= MOST_EXAMPLES) {
        if (before == '\n')
            P++;
        before = character;
    }
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
    static char text[LONGEST_LINE]; /* static: some systems have little room for locals */
    char path[FILENAME_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || length >= (int)sizeof path)
        fail("%.40s...: the name of the folder is too long", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("%s: %s (seen from where backprop was started; --data names another folder)",
             path, strerror(errno));
    int P = count_lines(file, path);
    rewind(file);
    struct examples data = {new_matrix(N_x, P), new_matrix(1, P)};
    for (int mu = 0; mu < P; mu++) {
        if (fgets(text, sizeof text, file) == NULL)
            fail("%s: cannot be read twice", path);
        size_t size = strlen(text); /* up to a '\0', which no text has inside */
        if ((size == 0 || text[size - 1] != '\n') && !feof(file))
            fail("%s:%d: expected text of at most %d bytes, found more or a '\\0'", path,
                 mu + 1, LONGEST_LINE - 1);
        read_example(text, path, mu + 1, &data.y.column[mu][0], data.X.column[mu]);
    }
    fclose(file);
    return data;
}

/*
 * 14. The starting weights: unit Gaussian random variables, times `weight_scale`
 *
 * The function rand() of C differs between systems. These functions do what NumPy's
 * np.random.randn() does, so that a program in another language can start from the same
 * weights. The generator is the Mersenne Twister MT19937 of Matsumoto and Nishimura (ACM
 * TOMACS 8, 1998, pages 3-30).
 *
 * `^`, `&` and `|` combine the bits of two whole numbers, as MATLAB's bitxor(), bitand()
 * and bitor() do, and `>>` and `<<` shift them, as bitshift() does. A `0x` begins a
 * number in the hexadecimal system, and a `u` ends one without a sign.
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
 * A unit Gaussian, by the polar method of Marsaglia and Bray (SIAM Review 6, 1964, pages
 * 260-264). A point (v1, v2) is drawn uniformly from the unit disc. Then r² = v1² + v2²
 * is uniform in [0, 1), and √(-2 log(r²)) is distributed as the length of a vector of
 * two independent Gaussians. So the point is moved to that length, from its own, r. (In
 * the code, `r2` is r².)
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
        /* Each square is rounded by itself, as NumPy does it. */
        double v1_squared = v1 * v1, v2_squared = v2 * v2;
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
            W.column[j][i] = weight_scale * gaussian(g);
}

/* The order is that of the handout's starter code. */
static struct weights draw_weights(const struct options *options, uint32_t seed)
{
    struct generator g = seeded_generator(seed);
    struct weights w = new_weights();
    draw_matrix(w.W3, options->weight_scale, &g);
    draw_matrix(w.W2, options->weight_scale, &g);
    draw_matrix(w.W1, options->weight_scale, &g);
    return w;
}

/* Prints a line for each row of W. With 17 digits a number can be read back exactly. */
static void print_matrix(const char *name, struct matrix W)
{
    printf("# %s, %d x %d: a row for each neuron, a column for each input\n", name,
           W.rows, W.columns);
    for (int i = 0; i < W.rows; i++) {
        for (int j = 0; j < W.columns; j++)
            printf("%s%.17g", j == 0 ? "" : " ", W.column[j][i]);
        printf("\n");
        demand_written();
    }
}

/* Prints the starting weights, for a program in another language to read. */
static void print_weights(const struct options *options)
{
    struct weights w = draw_weights(options, options->seed);
    printf("# Practical 4: Deep Networks, question 1: the starting weights\n"
           "# weight_scale = %g, seed %lu\n",
           options->weight_scale, (unsigned long)options->seed);
    print_matrix("W3", w.W3);
    printf("\n\n");
    print_matrix("W2", w.W2);
    printf("\n\n");
    print_matrix("W1", w.W1);
}

/*
 * 15. The trainings of Question 1, and the command line
 */

/* Trains from new starting weights, and prints the table and what stands below it. */
static void print_training(struct examples training, struct examples testing,
                           const struct options *options)
{
    printf("# Practical 4: Deep Networks, question 1: gradient descent\n"
           "# weight_scale = %g, alpha = %g/P, %d iteration%s, seed %lu\n"
           "# P = %d training examples, %d test examples; losses per example\n"
           "# iteration train_loss test_loss train_accuracy test_accuracy\n",
           options->weight_scale, LEARNING_RATE, options->iterations,
           options->iterations == 1 ? "" : "s", (unsigned long)options->seed,
           training.y.columns, testing.y.columns);
    struct weights w = draw_weights(options, options->seed);
    struct weights start = {copy(w.W1), copy(w.W2), copy(w.W3)};
    struct curves curves = {.options = options, .start = time(NULL)};
    train(w, training, testing, options->iterations, &curves);
    print_remembered_rows(&curves);
    print_divergence(&curves);
    print_changes(w, start);
    print_wrong_examples(testing.y, curves.y_hat_test);
}

/* Trains with the one `weight_scale` that is given, or else with those of (a) and (c). */
static void question_1(struct options options, bool weight_scale_given)
{
    struct examples training = read_examples(options.folder, "train.txt");
    struct examples testing = read_examples(options.folder, "test.txt");
    print_training(training, testing, &options);
    if (!weight_scale_given) {
        options.weight_scale = WEIGHT_SCALE_OF_C;
        printf("\n\n");
        print_training(training, testing, &options);
    }
}

/* What the program can do. It trains unless another mode is chosen. */
enum mode { TRAIN = 1, CHECK_GRADIENT = 2, PRINT_WEIGHTS = 4 };

/* The places of the options in the list below. */
enum { O_SCALE, O_ITERATIONS, O_SEED, O_DATA, O_CHECK, O_PRINT, O_HELP, O_COUNT };

/*
 * All that is known of each option. `with` is the sum of the modes that it goes with;
 * for an option that chooses a mode it is that mode.
 */
static const struct {
    const char *name;
    const char *value;  /* what the usage calls its value; NULL if it has none */
    double least, most; /* of a value that is a number */
    int with;
    const char *meaning;
} OPTION[O_COUNT] = {
    {"--weight-scale", "S", 0, 1e100, TRAIN + CHECK_GRADIENT + PRINT_WEIGHTS,
     "of the starting weights, 0 ... 1e100 (0.01 and then 0.1;\n"
     "                         0.1 to check the gradient, 0.01 to print the weights)"},
    {"--iterations", "N", 1, 1e9, TRAIN, "updates, 1 ... 1000000000 (5000)"},
    {"--seed", "K", 0, UINT32_MAX, TRAIN + CHECK_GRADIENT + PRINT_WEIGHTS,
     "of the starting weights, 0 ... 4294967295 (1)"},
    {"--data", "FOLDER", 0, 0, TRAIN + CHECK_GRADIENT,
     "where train.txt and test.txt are (data)"},
    {"--check-gradient", NULL, 0, 0, CHECK_GRADIENT,
     "the gradient beside central differences; status 3 if wrong"},
    {"--print-weights", NULL, 0, 0, PRINT_WEIGHTS,
     "the starting weights W3, W2, W1, to 17 digits"},
    {"--help", NULL, 0, 0, TRAIN + CHECK_GRADIENT + PRINT_WEIGHTS, "this list"},
};

static void print_usage(FILE *file)
{
    fprintf(file, "usage: backprop [OPTION ...]    "
                  "(in brackets: the value if none is given)\n");
    for (int k = 0; k < O_COUNT; k++) {
        char words[24];
        snprintf(words, sizeof words, "%s %s", OPTION[k].name,
                 OPTION[k].value == NULL ? "" : OPTION[k].value);
        fprintf(file, "  %-21s  %s\n", words, OPTION[k].meaning);
    }
}

/* Ends the program with status 2: what is wrong with the command line, and the usage. */
static void refuse(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    complain(format, values);
    va_end(values);
    print_usage(stderr);
    exit(2);
}

/*
 * Sorts the words of the command line. `given[k]` becomes the value of option k, or its
 * name if it has no value. It stays NULL if the option is not there.
 */
static void read_command_line(int argc, char **argv, const char **given)
{
    for (int n = 1; n < argc; n++) {
        const char *option = argv[n];
        int k = 0;
        while (k < O_COUNT && strcmp(option, OPTION[k].name) != 0)
            k++;
        if (k == O_COUNT)
            refuse("unknown option '%s'", option);
        if (given[k] != NULL)
            refuse("%s is given twice", option);
        if (OPTION[k].value != NULL) {
            n++;
            if (n == argc || argv[n][0] == '\0')
                refuse("%s: expected %s behind it, found nothing", option,
                       OPTION[k].value);
        }
        given[k] = argv[n];
    }
}

/* Returns the one mode that is chosen. Every option that is given has to go with it. */
static enum mode chosen_mode(const char **given)
{
    enum mode mode = TRAIN;
    const char *name = "a training";
    if (given[O_CHECK] != NULL) {
        mode = CHECK_GRADIENT;
        name = OPTION[O_CHECK].name;
    } else if (given[O_PRINT] != NULL) {
        mode = PRINT_WEIGHTS;
        name = OPTION[O_PRINT].name;
    }
    for (int k = 0; k < O_COUNT; k++)
        if (given[k] != NULL && (OPTION[k].with & (int)mode) == 0)
            refuse("%s does not go with %s", OPTION[k].name, name);
    return mode;
}

/* Returns the number that is given for option k, or the other one if none is given. */
static double number_of(int k, bool whole, const char **given, double otherwise)
{
    if (given[k] == NULL)
        return otherwise;
    double number;
    if (!read_number(given[k], &number) || number < OPTION[k].least
        || number > OPTION[k].most || (whole && number != floor(number)))
        refuse("%s: expected a %s from %.10g to %.10g, found '%s'", OPTION[k].name,
               whole ? "whole number" : "number", OPTION[k].least, OPTION[k].most,
               given[k]);
    return number;
}

int main(int argc, char **argv)
{
    const char *given[O_COUNT] = {NULL};
    read_command_line(argc, argv, given);
    enum mode mode = chosen_mode(given);

    /* With the weight_scale of (a) the derivatives are small, so (c)'s is checked. */
    double scale = mode == CHECK_GRADIENT ? WEIGHT_SCALE_OF_C : WEIGHT_SCALE_OF_A;
    struct options options;
    options.weight_scale = number_of(O_SCALE, false, given, scale);
    options.iterations = (int)number_of(O_ITERATIONS, true, given, ITERATIONS);
    options.seed = (uint32_t)number_of(O_SEED, true, given, 1);
    options.folder = given[O_DATA] == NULL ? "data" : given[O_DATA];

    bool passed = true;
    if (given[O_HELP] != NULL)
        print_usage(stdout);
    else if (mode == CHECK_GRADIENT)
        passed = check_gradient(&options);
    else if (mode == PRINT_WEIGHTS)
        print_weights(&options);
    else
        question_1(options, given[O_SCALE] != NULL);
    fflush(stdout);
    demand_written();
    return passed ? EXIT_SUCCESS : 3;
}
