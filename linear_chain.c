/*
 * Learning dynamics of a chain of linear neurons
 *
 * This program answers Question 2 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     $ cc -std=c99 -O3 -o linear_chain linear_chain.c -lm
 *     $ ./linear_chain
 *     $ ./linear_chain --help
 *
 * The second line prints all parts of the question as tables, the third tells what else
 * there is.
 *
 * Part I is the handout, part by part. Each section first derives what its part asks
 * for. Then it computes it, and prints tables in which the derivation can be seen to
 * hold. Part II is the command line.
 *
 * Two motions are told apart throughout. The flow is the continuous gradient descent of
 * equation (3): this is what the handout asks about. Euler's steps imitate the flow with
 * jumps of Δt = 0.01: this is what part (f) runs, and what a computer does when it
 * trains. Most of the time the two agree. Where they part, the text says so.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The chain and the data
 *
 * The chain has D neurons, x and y_hat included, and D - 1 weights between them.
 *
 *     x --w_1--> o --w_2--> o ... o --w_(D-1)--> y_hat
 *
 * In formulas Π_i is the product over all weights, and Π_{j≠i} the product over all but
 * w_i. The means over the examples are written <...>.
 *
 * C for MATLAB readers:
 *
 * - The elements of a list are counted from 0: `x[0]` to `x[P - 1]` are P numbers. So
 *   `for (int mu = 0; mu < P; mu++)` is a loop over all of them; `mu++` adds 1 to `mu`.
 * - A struct is a variable with named members: `c.w[i]` is the element i of the member
 *   `w` of `c`. Its values can be listed in braces, in the order of the members:
 *   `{3, {0, 1.5, 2}}` is a chain of D = 3. What is not listed is 0.
 * - A function gets a copy of a struct. It may change its copy, and the caller's chain
 *   stays as it is. A list such as `const double *x` is not copied: the function gets its
 *   address, and `const` promises that it changes nothing there. A function that returns
 *   nothing begins with `void`, and `static` says that a name belongs to this file.
 * - `s += a` adds `a` to `s`, and `s /= a` divides `s` by `a`. `!=` is MATLAB's `~=`, `!`
 *   is `~`, and `D % 2` is mod(D, 2). `a ? b : c` is `b` if `a` is true, and `c` if not.
 * - The quotient of the whole numbers 1 and 4 is a whole number, 0. So `1 / 4.0` is
 *   written for 1/4. An `enum` gives names to whole numbers.
 * - `NAN` is a number that is no number. It equals nothing, not even itself, and
 *   `isnan(x)` finds it.
 */
enum { DEEPEST = 6 }; /* the largest D of a chain whose weights may differ */

struct chain {
    int D;
    double w[DEEPEST]; /* w[i] is w_i; w[0] is not used */
};

/* Learning depends on three averages over the data, as (b) shows, and on τ. */
struct statistics {
    double sigma_y;  /* σ^y = <y²> */
    double sigma_yx; /* σ^yx = <y x> */
    double sigma_x;  /* σ^x = <x²> */
    double tau;      /* τ of equation (3) */
};

/*
 * The tables
 *
 * A table has a title, comment lines that begin with #, and rows of numbers. A dash
 * stands where there is no number.
 *
 * The tables should be the same on every computer. But computers round differently in the
 * last digits. Where two numbers should be equal, their difference is nothing but these
 * digits. So subtract() returns 0 where it is not above a few roundings of its two terms.
 *
 * C for MATLAB readers: printf() prints to the screen, as fprintf() does in MATLAB. The
 * star in `%*.6g` stands for a width that is handed over, too. `DBL_EPSILON` is MATLAB's
 * `eps`, fabs() is abs(), fmax() is max(), `pow(a, b)` is a^b, and `copysign(a, b)` is
 * |a| with the sign of b. The other functions have MATLAB's names.
 */
static double subtract(double a, double b)
{
    double rounding = 16 * DBL_EPSILON * fmax(fabs(a), fabs(b));
    if (fabs(a - b) < rounding)
        return 0;
    return a - b;
}

/*
 * Returns the value, but without its sign if it is 0 or NaN: this sign is not the same on
 * all processors.
 */
static double shown(double value)
{
    if (value == 0 || isnan(value))
        return fabs(value);
    return value;
}

/* Prints a column. A value of `NAN` says that there is no number. */
static void print_or_dash(int width, double value)
{
    if (isnan(value))
        printf(" %*s", width, "-");
    else
        printf(" %*.6g", width, shown(value));
}

static void print_title(char part, const char *table)
{
    printf("# Practical 4: Deep Networks, question 2(%c): %s\n", part, table);
}

static void print_statistics(struct statistics data)
{
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, tau = %g\n", data.sigma_y,
           data.sigma_yx, data.sigma_x, data.tau);
}

/* Two blank lines separate a table from the next one. */
static void separate_tables(void) { printf("\n\n"); }

static void print_weights(struct chain c)
{
    for (int i = 1; i < DEEPEST; i++)
        print_or_dash(7, i < c.D ? c.w[i] : NAN);
}

/*
 * PART I: THE HANDOUT
 *
 * (a) A linear network of any depth is a shallow one
 *
 * The one-liner: multiplication is associative, so
 *
 *     y_hat = w_(D-1) (... (w_2 (w_1 x))) = w_s x    with w_s = w_(D-1) ... w_2 w_1
 *
 * and the one weight w_s = w_tot does what the whole chain does. Depth adds nothing to
 * what a linear network can express. What it changes is how the network learns, and that
 * is the rest of the question.
 */
static double total_weight(struct chain c)
{
    /* w_tot = Π_i w_i */
    double w_tot = 1;
    for (int i = 1; i < c.D; i++)
        w_tot = w_tot * c.w[i];
    return w_tot;
}

/* Returns the output as the chain computes it, neuron after neuron. */
static double chain_output(struct chain c, double x)
{
    double activity = x;
    for (int i = 1; i < c.D; i++)
        activity = c.w[i] * activity;
    return activity;
}

static void print_a(void)
{
    struct chain c = {6, {0, 1.5, -0.5, 3, 0.25, -2}};
    double x = 1.25;
    double w_s = total_weight(c);
    print_title('a', "shallow_network");
    printf("# x = %g\n# D w1 w2 w3 w4 w5 w_s output_deep output_shallow\n", x);
    printf("%2d", c.D);
    print_weights(c);
    printf(" %8.6g %10.6g %13.6g\n", w_s, chain_output(c, x), w_s * x);
}

/*
 * (b) The error depends on the data only through their second order statistics
 *
 * Put y_hat = w_tot x into equation (1) and multiply out:
 *
 *     E = <(y - w_tot x)²>
 *       = <y²> - 2 w_tot <y x> + w_tot² <x²>
 *       = σ^y - 2 w_tot σ^yx + w_tot² σ^x
 *
 * Three averages are all that is left of the data. The table computes E both ways, for
 * four examples whose means are not 0: σ^x is the mean of x², and not a variance.
 */
static double error_from_data(int P, const double *x, const double *y, double w_tot)
{
    /* E = 1/P Σ_mu (y^mu - y_hat^mu)² */
    double sum = 0;
    for (int mu = 0; mu < P; mu++) {
        double y_hat = w_tot * x[mu];
        sum += (y[mu] - y_hat) * (y[mu] - y_hat);
    }
    return sum / P;
}

static double error_from_statistics(struct statistics data, double w_tot)
{
    /* E = σ^y + w_tot² σ^x - 2 w_tot σ^yx */
    return subtract(data.sigma_y + w_tot * w_tot * data.sigma_x,
                    2 * w_tot * data.sigma_yx);
}

/* Returns the three means of the data. */
static struct statistics statistics_of(int P, const double *x, const double *y)
{
    struct statistics data = {0, 0, 0, 1}; /* τ plays no part here */
    for (int mu = 0; mu < P; mu++) {
        data.sigma_y += y[mu] * y[mu] / P;
        data.sigma_yx += y[mu] * x[mu] / P;
        data.sigma_x += x[mu] * x[mu] / P;
    }
    return data;
}

static void print_b(void)
{
    const double x[] = {3, -1, 1, 1}, y[] = {5, 0, 2, -1};
    const int P = 4;
    struct statistics data = statistics_of(P, x, y);
    print_title('b', "error");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, from P = %d examples\n",
           data.sigma_y, data.sigma_yx, data.sigma_x, P);
    printf("# w_tot E_from_data E_from_statistics\n");
    for (double w_tot = -2; w_tot <= 4; w_tot += 0.25)
        printf("%6.6g %11.6g %17.6g\n", w_tot, error_from_data(P, x, y, w_tot),
               error_from_statistics(data, w_tot));
}

/*
 * (c) The gradient descent equations
 *
 * As a function of a single weight, w_tot is a straight line: ∂w_tot/∂w_i = Π_{j≠i} w_j.
 * The chain rule gives
 *
 *     ∂E/∂w_i = (dE/dw_tot) (∂w_tot/∂w_i)
 *             = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j
 *
 * and (3) becomes
 *
 *     τ dw_i/dt = 2 (σ^yx - w_tot σ^x) Π_{j≠i} w_j,    i = 1, ..., D-1.
 *
 * Two things can be read off before anything is solved. The first factor is what is
 * still to be learned, and all weights share it. The second one is the slope that the
 * other weights lend to w_i: where they are small, w_i hardly moves. For D = 2 it is 1,
 * and the equation is linear; depth makes it nonlinear.
 *
 * A trap for programmers: Π_{j≠i} w_j is not w_tot / w_i where w_i is 0, as w_4 is in
 * the table for D = 5. The central difference beside the derivative takes steps of 1. It
 * is exact all the same, because E is quadratic in each w_i.
 */
static double product_without(struct chain c, int i)
{
    /* Π_{j≠i} w_j */
    double product = 1;
    for (int j = 1; j < c.D; j++)
        if (j != i)
            product = product * c.w[j];
    return product;
}

static double dE_dw(struct statistics data, struct chain c, int i)
{
    /* ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j */
    return 2 * subtract(total_weight(c) * data.sigma_x, data.sigma_yx)
           * product_without(c, i);
}

static double dw_dt(struct statistics data, struct chain c, int i)
{
    /* dw_i/dt = -(1/τ) ∂E/∂w_i */
    return -1 / data.tau * dE_dw(data, c, i);
}

static double error_of(struct statistics data, struct chain c)
{
    return error_from_statistics(data, total_weight(c));
}

static double central_difference(struct statistics data, struct chain c, int i)
{
    /* ∂E/∂w_i = [E(w_i + 1) - E(w_i - 1)] / 2 */
    struct chain above = c, below = c;
    above.w[i] = c.w[i] + 1;
    below.w[i] = c.w[i] - 1;
    return subtract(error_of(data, above), error_of(data, below)) / 2;
}

static void print_c(struct statistics data)
{
    print_title('c', "gradient");
    print_statistics(data);
    printf("# D i w_i dE/dw_i central_difference\n");
    for (int D = 2; D <= DEEPEST; D++) {
        struct chain c = {D, {0, 1.5, -0.5, 3, 0.25, -2}};
        if (D == 5)
            c.w[4] = 0;
        for (int i = 1; i < D; i++)
            printf("%2d %2d %6.6g %10.6g %18.6g\n", D, i, c.w[i],
                   shown(dE_dw(data, c, i)), shown(central_difference(data, c, i)));
    }
}

/*
 * (d) The fixed points
 *
 * The flow rests where all right-hand sides of (c) are 0, and so do Euler's steps:
 *
 *     (σ^yx - w_tot σ^x) Π_{j≠i} w_j = 0,    i = 1, ..., D-1.
 *
 * Let σ^x > 0. In a shallow network, D = 2, the product is over no weight, and is 1. That
 * leaves w_1 = σ^yx/σ^x: one fixed point, whatever σ^yx is.
 *
 * In a deep network the first factor is the same for every i. So either it is 0, or all
 * the products are: there are two kinds of fixed points.
 *
 * First kind: w_tot = σ^yx/σ^x, the minimum of the shallow network again. Completing the
 * square in (b),
 *
 *     E = σ^y - (σ^yx)²/σ^x + σ^x (w_tot - σ^yx/σ^x)²,
 *
 * shows that these are global minima, with E = σ^y - (σ^yx)²/σ^x. Let σ^yx ≠ 0 from here
 * on. Choose D - 2 of the weights, none of them 0, and w_tot = σ^yx/σ^x fixes the last
 * one: the minima are a smooth set of D - 2 dimensions. No weight can change its sign
 * without passing 0. So the set has a piece of its own for each pattern of signs that
 * gives w_tot its sign, 2^(D-2) pieces: the point of D = 2, for D = 3 the two branches of
 * a hyperbola, for D = 4 four surfaces.
 *
 * Second kind: Π_{j≠i} w_j = 0 for every i. One weight of 0, say w_k, is not enough, as
 * the product for i = k leaves it out. Two are enough, since every product contains at
 * least one of them. So these are all points with two or more weights of 0, the others
 * being anything: for D = 3 the origin alone. There w_tot = 0 and E = σ^y, as if the
 * network were not there. (Were σ^yx = 0, these points would be minima like all others
 * with w_tot = 0, and there would be nothing to learn.)
 *
 * They are saddles. Let just m of the weights be 0, and r be the product of the others.
 * Move the m away from 0 by ±s each: then w_tot = ±s^m r, with the sign that we choose,
 * and
 *
 *     E - σ^y = -2 σ^yx w_tot + σ^x w_tot²
 *
 * is negative for one sign and small s, and positive for the other. One move leads down,
 * another one up.
 *
 * How curved is E there? Differentiate (c) once more. With p_i = Π_{j≠i} w_j,
 *
 *     ∂²E/∂w_i² = 2 σ^x p_i²
 *     ∂²E/(∂w_i ∂w_j) = 2 σ^x p_i p_j + 2 (w_tot σ^x - σ^yx) Π_{k≠i,j} w_k,    j ≠ i.
 *
 * The curvature of E in the direction of a vector u is Σ_i Σ_j u_i u_j ∂²E/(∂w_i ∂w_j),
 * divided by |u|².
 *
 * - At a minimum the second term is 0. In the direction of the vector p the curvature is
 *   2 σ^x |p|², and in all directions at right angles to p it is 0: E is a trough.
 * - At a saddle with m = 2 all p_i are 0, and only the product that leaves out both zeros
 *   is left, r. If the two move alike, by s/√2 each, the curvature is -2 σ^yx r; if they
 *   move against each other, it is 2 σ^yx r.
 * - At a saddle with m > 2 each of the products still has a zero: all second derivatives
 *   are 0, and E - σ^y is only of the order of s^m.
 *
 * How long does the flow stay near a saddle? Let it start with the m weights all equal to
 * a small a > 0. As long as w_tot can be neglected, and the other weights hardly move,
 * (c) gives τ da/dt ≈ 2 σ^yx r a^(m-1). If the right-hand side is negative, the flow runs
 * into the saddle. If it is positive, the flow leads away. The time is about the integral
 * of 1/a^(m-1), from a up to a size that does not depend on a: of the order of log(1/a)
 * for m = 2, but of a^(2-m) for m > 2. So from the same a, and with the same r, the flow
 * lingers the longer, the more weights are 0. In (f) the table `escape` shows the law for
 * m = 2; there a is w_1 + w_2 at the start, which grows by the same equation near the
 * saddle. In (g) `training_time` shows it for m = D - 1 and a = 1/2; no other weight is
 * left, so r = 1.
 *
 * Along the bottom of the trough E does not change at all. Multiply w_1 by any λ and
 * divide w_2 by λ: w_tot stays the same, and so does E. This symmetry returns in (f).
 *
 * The table starts from points of each kind. It tells how E changes a step s to each
 * side, and the curvature in this direction: first from all second derivatives, and then
 * in the closed form above. "Across" is the direction p, and "along" is the symmetry with
 * λ = 1/2 and λ = 2; "alike" moves all the zeros at once, and so does "against", but with
 * the first one the other way.
 */
static double best_weight(struct statistics data)
{
    /* w_tot = σ^yx/σ^x, at the minima */
    return data.sigma_yx / data.sigma_x;
}

/* Returns the length of a vector u, which has a component for each weight, as a chain. */
static double norm(struct chain u)
{
    double squares = 0;
    for (int i = 1; i < u.D; i++)
        squares += u.w[i] * u.w[i];
    return sqrt(squares);
}

static double gradient_norm(struct statistics data, struct chain c)
{
    struct chain gradient = {c.D, {0}};
    for (int i = 1; i < c.D; i++)
        gradient.w[i] = dE_dw(data, c, i);
    return norm(gradient);
}

static struct chain direction_p(struct chain c)
{
    /* p_i = Π_{j≠i} w_j */
    struct chain p = {c.D, {0}};
    for (int i = 1; i < c.D; i++)
        p.w[i] = product_without(c, i);
    return p;
}

static double product_without_two(struct chain c, int i, int j)
{
    /* Π_{k≠i,j} w_k, as `c` is a copy in which w_i may be set to 1 */
    c.w[i] = 1;
    return product_without(c, j);
}

/* Returns the curvature of E at the chain c in the direction of a vector u. */
static double curvature(struct statistics data, struct chain c, struct chain u)
{
    double to_learn = subtract(total_weight(c) * data.sigma_x, data.sigma_yx);
    double slope = 0, bend = 0; /* of w_tot, in the direction u */
    for (int i = 1; i < c.D; i++) {
        slope += u.w[i] * product_without(c, i);
        for (int j = 1; j < c.D; j++)
            if (j != i)
                bend += u.w[i] * u.w[j] * product_without_two(c, i, j);
    }
    /* 2 σ^x (Σ_i u_i p_i)² + 2 (w_tot σ^x - σ^yx) Σ_i Σ_{j≠i} u_i u_j Π_{k≠i,j} w_k */
    return (2 * data.sigma_x * slope * slope + 2 * to_learn * bend) / (norm(u) * norm(u));
}

/*
 * The vectors v and w are the weights of two chains. Written as a product, the difference
 * of their errors keeps its digits, however small it is.
 */
static double error_change(struct statistics data, struct chain v, struct chain w)
{
    /* E(w) - E(v) = (w_tot - v_tot) [σ^x (w_tot + v_tot) - 2 σ^yx] */
    double w_tot = total_weight(w), v_tot = total_weight(v);
    double slope = subtract(data.sigma_x * (w_tot + v_tot), 2 * data.sigma_yx);
    return subtract(w_tot, v_tot) * slope;
}

/* Returns the chain after a step of length s in the direction u. */
static struct chain stepped(struct chain c, struct chain u, double s)
{
    double length_of_u = norm(u);
    for (int i = 1; i < c.D; i++)
        c.w[i] = c.w[i] + s * u.w[i] / length_of_u;
    return c;
}

/* A move leads from a fixed point to a point on each side of it. */
struct move {
    struct chain from, backward, forward;
    double length;    /* s; NAN for a move that has none */
    double curvature; /* of E in the direction of the move */
};

/* Returns the move by s along u to each side. */
static struct move straight_move(struct statistics data, struct chain c, struct chain u,
                                 double s)
{
    struct move m = {c, stepped(c, u, -s), stepped(c, u, s), s, curvature(data, c, u)};
    return m;
}

/*
 * The step at a saddle is 1/4, or the first of 1/8, 1/16, ... that is short enough.
 * Between w_tot = 0 and that of the minima E only falls; beyond, it rises again, and a
 * step that goes far beyond would hide that it fell. So no step leads to more than 9/10
 * of the minima's w_tot.
 */
static double step_at_saddle(struct statistics data, struct chain c, struct chain u)
{
    double s = 1 / 4.0;
    while (fabs(total_weight(stepped(c, u, s))) > 0.9 * fabs(best_weight(data)))
        s = s / 2;
    return s;
}

/* The symmetry leads to (λ w_1, w_2/λ), backward with λ = 1/2 and forward with λ = 2. */
static struct move move_along_minima(struct statistics data, struct chain c)
{
    struct chain tangent = {c.D, {0, c.w[1], -c.w[2]}};
    struct move m = {c, c, c, NAN, curvature(data, c, tangent)};
    m.backward.w[1] = c.w[1] / 2;
    m.backward.w[2] = c.w[2] * 2;
    m.forward.w[1] = c.w[1] * 2;
    m.forward.w[2] = c.w[2] / 2;
    return m;
}

static void print_move(struct statistics data, const char *kind, const char *direction,
                       struct move m, double closed_form)
{
    printf("%2d %7s", m.from.D, kind);
    print_weights(m.from);
    printf(" %6.6g %5.6g %8s", error_of(data, m.from), gradient_norm(data, m.from),
           direction);
    printf(" %12.6g %12.6g", shown(error_change(data, m.from, m.backward)),
           shown(error_change(data, m.from, m.forward)));
    printf(" %9.6g %9.6g", shown(m.curvature), shown(closed_form));
    print_or_dash(6, m.length);
    printf("\n");
}

/* The weights but w_1 are powers of two, so that w_tot is exact. */
static void print_first_kind(struct statistics data, int D)
{
    struct chain c = {D, {0, 1, 2, -0.5, -1, 4}};
    c.w[1] = best_weight(data) / total_weight(c);
    struct chain p = direction_p(c);
    print_move(data, "first", "across", straight_move(data, c, p, 1 / 4.0),
               2 * data.sigma_x * norm(p) * norm(p));
    if (D > 2)
        print_move(data, "first", "along", move_along_minima(data, c), 0);
}

/* Returns the saddle at which the m weights w_1, w_2, ..., w_m are 0. */
static struct chain saddle_with_zeros(int D, int m)
{
    struct chain c = {D, {0, 1, 2, -0.5, -1, 4}};
    for (int i = 1; i <= m; i++)
        c.w[i] = 0;
    return c;
}

/* Returns r, the product of the weights that are not 0. */
static double product_of_nonzero(struct chain c)
{
    double r = 1;
    for (int i = 1; i < c.D; i++)
        if (c.w[i] != 0)
            r = r * c.w[i];
    return r;
}

static void print_second_kind(struct statistics data, int D, int m)
{
    struct chain c = saddle_with_zeros(D, m);
    struct chain alike = {D, {0}};
    for (int i = 1; i <= m; i++)
        alike.w[i] = 1;
    struct chain against = alike;
    against.w[1] = -1;

    /* The curvatures are -2 σ^yx r and 2 σ^yx r for two zeros, and 0 for more. */
    double if_alike = 0, if_against = 0;
    if (m == 2) {
        double r = product_of_nonzero(c);
        if_alike = -2 * data.sigma_yx * r;
        if_against = 2 * data.sigma_yx * r;
    }
    double s = step_at_saddle(data, c, alike);
    print_move(data, "second", "alike", straight_move(data, c, alike, s), if_alike);
    print_move(data, "second", "against", straight_move(data, c, against, s), if_against);
}

static void print_d(struct statistics data)
{
    print_title('d', "fixed_points");
    print_statistics(data);
    printf("# first kind: w_tot = %g, E = %g\n", best_weight(data),
           error_from_statistics(data, best_weight(data)));
    printf("# second kind: two zeros or more, and E is higher by %g\n",
           data.sigma_yx * data.sigma_yx / data.sigma_x);
    printf("# E(-s), E(+s): after a step s; along: at (w1/2, 2 w2) and (2 w1, w2/2)\n"
           "# D kind w1 w2 w3 w4 w5 E |gradient| direction E(-s)-E E(+s)-E curvature"
           " closed_form s\n");
    for (int D = 2; D <= DEEPEST; D++) {
        print_first_kind(data, D);
        for (int m = 2; m < D; m++)
            print_second_kind(data, D, m);
    }
}

/*
 * (e) The phase portrait of D = 3: E(w_1, w_2) and the fixed points
 *
 * With σ^yx = 2 and σ^x = 1 the minima are, by (d), the two branches of the hyperbola
 * w_1 w_2 = 2, the floor of two curved valleys at E = 0.5. All of them are global minima;
 * there are no others. The origin, with E = σ^y = 4.5, is the pass between the valleys, a
 * saddle: along w_1 = w_2 the curvature of E is -2 σ^yx = -4, and E falls towards both
 * valleys; along w_1 = -w_2 it is 4, and E rises. There is no other fixed point, so there
 * is no maximum.
 *
 * expected/figures/surface.png
 *
 * The table of the flow has the arrows of the phase portrait: (dw_1/dt, dw_2/dt) on a
 * grid. Steps of powers of two are taken, as their sums are exact.
 */
static const double EDGE = 2.5; /* w_1 and w_2 lie in [-2.5, 2.5] */

static void print_error(struct statistics data, double w1, double w2)
{
    struct chain c = {3, {0, w1, w2}};
    printf("%8.6g %8.6g %10.6g\n", w1, w2, error_of(data, c));
}

static void print_surface(struct statistics data)
{
    print_title('e', "error_surface");
    print_statistics(data);
    printf("# w1 w2 E\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 16.0)
            print_error(data, w1, w2);
        if (w1 < EDGE)
            printf("\n");
    }
}

/* The minima w_2 = (σ^yx/σ^x)/w_1 pass through the square only if |σ^yx/σ^x| <= 2.5². */
static void print_minima(struct statistics data)
{
    double best = best_weight(data);
    print_title('e', "minima");
    print_statistics(data);
    printf("# w1 * w2 = %g in the square\n# w1 w2 E\n", best);
    if (fabs(best) > EDGE * EDGE)
        printf("%8s %8s %10s\n", "-", "-", "-");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0)
        if (w1 == 0)
            printf("\n"); /* between the branches */
        else if (fabs(best / w1) <= EDGE)
            print_error(data, w1, best / w1);
}

static void print_saddle(struct statistics data)
{
    print_title('e', "saddle");
    print_statistics(data);
    printf("# w1 w2 E\n");
    print_error(data, 0, 0);
}

static void print_arrows(struct statistics data)
{
    print_title('e', "flow");
    print_statistics(data);
    printf("# w1 w2 dw1/dt dw2/dt\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 4.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 4.0) {
            struct chain c = {3, {0, w1, w2}};
            printf("%8.6g %8.6g %10.6g %10.6g\n", w1, w2, shown(dw_dt(data, c, 1)),
                   shown(dw_dt(data, c, 2)));
        }
        if (w1 < EDGE)
            printf("\n");
    }
}

static void print_e(struct statistics data)
{
    print_surface(data);
    separate_tables();
    print_minima(data);
    separate_tables();
    print_saddle(data);
    separate_tables();
    print_arrows(data);
}

/*
 * (f) Three trajectories: does training ever fail?
 *
 * Before any computer is asked, let us see where the flow of D = 3 goes. By (d) E does
 * not change as w_1 is multiplied by λ and w_2 divided by it. The derivative with respect
 * to λ, at λ = 1, is therefore 0: w_1 ∂E/∂w_1 - w_2 ∂E/∂w_2 = 0. With (3),
 *
 *     d(w_1² - w_2²)/dt = -(2/τ) (w_1 ∂E/∂w_1 - w_2 ∂E/∂w_2) = 0.
 *
 * The flow conserves c = w_1² - w_2² (in the code, `f.c`). Each trajectory stays on one
 * branch of a hyperbola, or for c = 0 on a diagonal. All that is left to find is which
 * way it moves along it. Let σ^yx > 0, and look along the diagonals, at u = w_1 + w_2 and
 * v = w_1 - w_2, so that w_tot = (u² - v²)/4 and u v = c. Adding and subtracting the
 * equations (c) gives
 *
 *     τ du/dt = 2 (σ^yx - w_tot σ^x) u
 *     τ dv/dt = -2 (σ^yx - w_tot σ^x) v,
 *
 * and with v = c/u the square q = u² has an equation to itself. As dq/dt = 2 u du/dt, and
 * with s = σ^yx/σ^x (which is no step here),
 *
 *     τ dq/dt = 4 (σ^yx - σ^x (q - c²/q)/4) q
 *             = 4 σ^yx q - σ^x q² + σ^x c²
 *             = σ^x (q_end - q) (q + r_end).
 *
 * The last line is the one above it in factors. It is 0 where q² - 4s q - c² = 0, and of
 * this the positive root is q_end = 2s + √(4s² + c²). The product of both roots is -c².
 * So the other one is -r_end, with r_end = c²/q_end.
 *
 * From any q > 0, however small, the flow takes q to q_end: up from below, down from
 * above. There w_tot = s, and E is at its minimum.
 *
 * It fails only if q = u² = 0, that is, on the diagonal w_1 = -w_2. There c = 0, q stays
 * 0, and what is left, τ dv/dt = -2 (σ^yx + σ^x v²/4) v, takes v to 0: into the saddle.
 * This one line, the saddle's stable manifold, has measure zero in the plane. So under
 * the flow a random start does not fail: with probability 1 it is not on that line. On
 * the other diagonal, w_1 = w_2 ≠ 0, the flow ends at ±√s: the starts within leave the
 * saddle, those beyond move inwards. (If σ^yx < 0, read -w_2 for w_2 and |σ^yx| for σ^yx:
 * then E is the same, and so are all formulas. In the code `sign` and fabs() do this.)
 *
 * The equation for q can be solved. The brackets are z_end - z and z, if z = q + r_end
 * and z_end = q_end + r_end. So with κ = σ^x z_end/τ it is dz/dt = κ z (1 - z/z_end), the
 * logistic equation. By separating variables, z(t) = z_end/(1 + (z_end/z(0) - 1)
 * e^(-κt)). Then q = z - r_end. To let a small q keep its digits, the program brings both
 * terms over one denominator, and uses q_end r_end = c²:
 *
 *     q(t) = (q(0) (q_end + r_end e^(-κt)) + c² (1 - e^(-κt)))
 *            / (q(0) (1 - e^(-κt)) + q_end e^(-κt) + r_end).
 *
 * For equal weights, c = 0 and w_tot = q/4, this is Saxe's sigmoid,
 *
 *     w_tot(t) = (s exp(4 σ^yx t/τ)) / (exp(4 σ^yx t/τ) - 1 + s/w_tot(0)),
 *
 * which is half-way at t = (τ/(4σ^yx)) log(s/w_tot(0) - 1), if it starts below that.
 */
struct flow {
    double sign;         /* of σ^yx: u = w_1 + sign w_2, v = w_1 - sign w_2 */
    double c;            /* w_1² - w_2² */
    double q_end, r_end; /* where u² and v² end; r_end = c²/q_end */
    double kappa;        /* κ */
};

static double sign_of(double number)
{
    if (number > 0)
        return 1;
    return -1;
}

/* Returns the constants of the flow that starts at (w1, w2). */
static struct flow flow_from(struct statistics data, double w1, double w2)
{
    struct flow f;
    f.sign = sign_of(data.sigma_yx);
    double s = fabs(best_weight(data));

    /* c = w_1² - w_2², in factors, so that it is exactly 0 on the diagonals */
    f.c = (w1 + w2) * (w1 - w2);

    /* q_end = 2s + √(4s² + c²), and r_end = c²/q_end */
    f.q_end = 2 * s + sqrt(4 * s * s + f.c * f.c);
    f.r_end = f.c * f.c / f.q_end;

    /* κ = σ^x (q_end + r_end)/τ */
    f.kappa = data.sigma_x * (f.q_end + f.r_end) / data.tau;
    return f;
}

/* Returns q(t). Here `q0` is q(0), and `decay` is e^(-κt). */
static double logistic(double q0, double q_end, double r_end, double decay)
{
    if (q0 == 0)
        return 0;
    return (q0 * (q_end + r_end * decay) + q_end * r_end * (1 - decay))
           / (q0 * (1 - decay) + q_end * decay + r_end);
}

/*
 * When is the flow half-way, at w_tot = s/2? There q - c²/q = 2s, so q is q_1 = s +
 * √(s² + c²), and the solution gives
 *
 *     e^(κt) = [(q_1 + r_end) (q_end - q(0))] / [(q_end - q_1) (q(0) + r_end)].
 *
 * The function returns 0 if the flow starts beyond, and `NAN` if the flow never comes
 * there.
 */
static double flow_half_time(struct statistics data, double w1, double w2)
{
    struct flow f = flow_from(data, w1, w2);
    double s = fabs(best_weight(data)), u = w1 + f.sign * w2, q0 = u * u;

    /* q_1 = s + √(s² + c²) */
    double q1 = s + sqrt(s * s + f.c * f.c);
    if (q0 == 0)
        return NAN;
    if (q0 >= q1)
        return 0;

    /* e^(κt) = [(q_1 + r_end) (q_end - q(0))] / [(q_end - q_1) (q(0) + r_end)] */
    double growth = (q1 + f.r_end) / (f.q_end - q1) * (f.q_end - q0) / (q0 + f.r_end);
    return log(growth) / f.kappa;
}

/* Returns the point to which the flow takes (w1, w2) in the time t. */
static struct chain flow_at(struct statistics data, double w1, double w2, double t)
{
    struct flow f = flow_from(data, w1, w2);
    double u = w1 + f.sign * w2, v = w1 - f.sign * w2;
    double decay = exp(-f.kappa * t);

    /* By its own equation, v² obeys the same formula, with q_end and r_end exchanged. */
    double u_t = copysign(sqrt(logistic(u * u, f.q_end, f.r_end, decay)), u);
    double v_t = copysign(sqrt(logistic(v * v, f.r_end, f.q_end, decay)), v);

    /* w_1 = (u + v)/2 and w_2 = (u - v)/2, times the sign */
    struct chain point = {3, {0, (u_t + v_t) / 2, f.sign * (u_t - v_t) / 2}};
    return point;
}

/*
 * What the handout lets us run is not the flow, but Euler's steps:
 *
 *     w_i[t+1] <- w_i[t] - (1/τ) (∂E/∂w_i) Δt.
 *
 * Let g = 2 (σ^yx - w_tot σ^x) Δt/τ. A step multiplies u by 1 + g and v by 1 - g, and
 * therefore
 *
 *     w_1² - w_2² = u v <- (1 - g²) (w_1² - w_2²).
 *
 * What the flow conserves, Euler's steps let shrink as long as |g| < 1; with |g| > 1 they
 * change its sign, and with |g| > √2 they make it grow. But 0 stays 0: on the diagonal
 * from which the flow runs into the saddle, Euler's steps fail, too. They run into the
 * saddle as well, unless they start so far out that 1 - g is below -1. Then they leap
 * across it, ever farther, and overflow.
 *
 * - Run 1 starts beside the saddle, where E is so flat that nothing seems to happen for a
 *   long time. Then u has grown enough, and E falls within about one unit of time. The
 *   flow is half-way at t = 1.8136; Euler's steps are there a little later, at
 *   1.85, as each step multiplies u by 1 + g, and the flow in the same time by about e^g.
 * - Run 2 comes down beside the diagonal w_1 = -w_2 and is deflected by the saddle. As
 *   (w_1² + w_2²)² = c² + 4 w_tot², the flow is nearest to the saddle where w_tot = 0, at
 *   the distance √0.41 = 0.640. It ends at (1.4884, 1.3437). Euler's steps lose some of c
 *   on the way: it is 0.41 at first and 0.349 in the end. They pass at 0.604 and end at
 *   (1.4772, 1.3539), which is another one of the minima.
 * - Run 3 starts on the diagonal, and fails: both the flow and Euler's steps run into the
 *   saddle, and E falls to 4.5 and no farther.
 *
 * expected/figures/trajectories.png
 *
 * So does training ever fail? The flow fails only on that one line. Euler's steps fail
 * there, too, since u = 0 stays 0. Near the saddle they fail from no other start: there
 * g > 0, and any u ≠ 0 grows. But far away they are too long, and can fail from other
 * starts. If g = -1, a single step takes u to 0, and so lands on the diagonal: (8, 6.5)
 * is such a start, as g = 2 (2 - 52) 0.01. And steps may land ever farther away, and
 * overflow: from (12, 12) they do, although the flow from there ends at (√2, √2). With
 *
 *     $ ./linear_chain --tau 0.05 f
 *
 * the flow is just twenty times as fast, but Euler's steps overflow in the runs 2 and 3,
 * and the tables show inf and nan.
 */
static const double DT = 0.01; /* Δt */

/*
 * All derivatives are taken at w[t], before any weight changes. Both weights are changed
 * by the same line of code. So their rounding errors are the same but for the sign, and
 * w_1 = -w_2 stays exact in run 3. An error of one bit would grow by a factor of 1 + 2
 * σ^yx Δt/τ = 1.04 with each step, and save the run.
 */
static struct chain euler_step(struct statistics data, struct chain c)
{
    /* w_i[t+1] <- w_i[t] + (dw_i/dt) Δt, where dw_i/dt = -(1/τ) ∂E/∂w_i */
    struct chain next = c;
    for (int i = 1; i < c.D; i++)
        next.w[i] = c.w[i] + dw_dt(data, c, i) * DT;
    return next;
}

enum { PATIENCE = 200000 }; /* Euler steps that we wait */

/* Returns the time of the first step that reaches w_tot = s/2, or `NAN` if none does. */
static double euler_half_time(struct statistics data, double w1, double w2)
{
    struct chain c = {3, {0, w1, w2}};
    for (int t = 0; t <= PATIENCE; t++) {
        if (total_weight(c) / best_weight(data) >= 0.5)
            return t * DT;
        c = euler_step(data, c);
    }
    return NAN;
}

static void print_trajectory(struct statistics data, const char *name, double w1,
                             double w2)
{
    print_title('f', name);
    print_statistics(data);
    printf("# D = 3, w1(0) = %g, w2(0) = %g, dt = %g; flow: the solution of (3)\n", w1,
           w2, DT);
    printf("# half-way, where w_tot = %g, at t =", best_weight(data) / 2);
    print_or_dash(1, euler_half_time(data, w1, w2));
    printf("; flow:");
    print_or_dash(1, flow_half_time(data, w1, w2));
    printf("\n# t w1 w2 E w1^2-w2^2 w1_flow w2_flow\n");
    struct chain c = {3, {0, w1, w2}};
    for (int t = 0; t <= 1000; t++) {
        struct chain solution = flow_at(data, w1, w2, t * DT);
        printf("%5.6g %12.6g %12.6g", t * DT, shown(c.w[1]), shown(c.w[2]));
        printf(" %10.6g %12.6g", shown(error_of(data, c)),
               shown((c.w[1] + c.w[2]) * (c.w[1] - c.w[2])));
        printf(" %12.6g %12.6g\n", shown(solution.w[1]), shown(solution.w[2]));
        c = euler_step(data, c);
    }
}

/*
 * How close to that diagonal is too close? Start at w_1 = 2 and w_2 = a - 2, so that
 * u(0) = a (for σ^yx < 0 at w_2 = 2 - a; then read |σ^yx| for σ^yx). At first w_tot is
 * about -4, and u grows faster than beside the saddle, but this takes the same time for
 * every small a. Then w_tot can be neglected. The flow has τ du/dt ≈ 2 σ^yx u, so that u
 * grows like exp(2 σ^yx t/τ); a step of Euler's multiplies u by 1 + 2 σ^yx Δt/τ. Whenever
 * a is smaller by a factor of 16, the escape takes longer by
 *
 *     flow     log(16) τ/(2 σ^yx)
 *     Euler    log(16) Δt/log(1 + 2 σ^yx Δt/τ)
 *
 * which is 0.693 and 0.707. The law is one for a small a: c = a (4 - a) has to be small
 * beside σ^yx/σ^x, so that the flow passes close to the saddle. In the table the flow
 * takes longer by 0.691 at first, and by 0.693 from then on. Euler's times are multiples
 * of 0.01, and their differences 0.70 and 0.71.
 *
 * So the time to escape grows only like log(1/a). In the last row a = 2^(-32), and the
 * flow needs t = 5.67. To be held up for 10 units of time, that is, for another 4.33, a
 * would have to be below 7·10^(-18) for the flow, and below 1.6·10^(-17) for Euler's
 * steps. No `double` is so close to 2 without being 2.
 */
static void print_escape(struct statistics data)
{
    double sign = sign_of(data.sigma_yx), speed = 2 * fabs(data.sigma_yx) / data.tau;
    print_title('f', "escape");
    print_statistics(data);
    printf("# from w1 = 2, w2 = %s until w_tot is half of %g, dt = %g\n",
           sign > 0 ? "a - 2" : "2 - a", best_weight(data), DT);
    printf("# longer: than in the row above; law: how much longer for a small a\n"
           "# a t longer law flow_t flow_longer flow_law\n");
    double euler_before = NAN, flow_before = NAN;
    for (double a = 1 / 16.0; a > 1e-10; a /= 16) {
        double w2 = sign * (a - 2);
        double euler_time = euler_half_time(data, 2, w2);
        double flow_time = flow_half_time(data, 2, w2);
        printf("%11.6g", a);
        print_or_dash(8, euler_time);
        print_or_dash(8, euler_time - euler_before);
        print_or_dash(9, log(16) * DT / log(1 + speed * DT));
        print_or_dash(9, flow_time);
        print_or_dash(9, flow_time - flow_before);
        print_or_dash(9, log(16) / speed);
        printf("\n");
        euler_before = euler_time;
        flow_before = flow_time;
    }
}

static void print_f(struct statistics data)
{
    print_trajectory(data, "trajectory_1", 0.001, 0.001);
    separate_tables();
    print_trajectory(data, "trajectory_2", 2.1, -2);
    separate_tables();
    print_trajectory(data, "trajectory_3", 2, -2);
    separate_tables();
    print_escape(data);
}

/*
 * (g) The balanced chain: all weights equal
 *
 * If all w_j are the same number w, then by (c) all dw_i/dt are the same, too. So let
 * w(t) solve the one equation below: then w_i(t) = w(t) for all i solves the D - 1
 * equations (3). Their solution from a given start is unique, so this is it: under the
 * flow, equal weights stay equal. Euler's steps keep them equal as well, since each
 * weight is changed by the same amount. With w_tot = w^(D-1),
 *
 *     error           E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2D-2)
 *     dynamics        τ dw/dt = 2 (σ^yx - σ^x w^(D-1)) w^(D-2)
 *     fixed points    w^(D-1) = σ^yx/σ^x, and for D > 2 also w = 0
 *
 * Where there is a minimum w > 0, we call it w*.
 *
 * A trap: τ dw/dt is not -dE(w)/dw. To change w is to change all D - 1 weights, so that
 * dE(w)/dw = (D-1) ∂E/∂w_i, and to descend E(w) would be D - 1 times too fast.
 *
 * If D is even, w^(D-1) = σ^yx/σ^x has one real root, with the sign of σ^yx. If D is odd
 * it has two, ±(σ^yx/σ^x)^(1/(D-1)), if σ^yx > 0, and none if σ^yx < 0: a balanced chain
 * of odd D has w_tot >= 0.
 *
 * Why does the handout leave out w < 0? A negative w flips the sign of the output if D -
 * 1 is odd. (The handout says "for odd depths"; counted as it counts D, it is for even
 * D.) What matters more: let σ^yx > 0 and D > 2 be even. Then dw/dt > 0 for all w < 0,
 * and the flow from every negative start ends at w = 0, which is stable from that side.
 *
 * What kind of point is w = 0? Near it E(w) ≈ σ^y - 2 σ^yx w^(D-1). Let σ^yx > 0: along
 * the diagonal on which all weights are equal, E has a maximum there if D is odd, and an
 * inflection if D > 2 is even. That does not contradict (d). The diagonal is one line
 * through the saddle of D - 1 zeros. Give w_1 alone the other sign: on this line
 * w_tot = -w^(D-1), and near the saddle E rises wherever it falls on the diagonal. Now
 * let σ^yx < 0 and D > 2: from all starts w > 0 the flow ends at w = 0, and nothing is
 * learned. (Euler's steps may jump over 0, and then train if D is even.)
 */

/*
 * Returns w to the power of a whole exponent, multiplied out: pow() is not rounded alike
 * in every C library. Roots cannot do without it, and are printed with six digits only.
 */
static double raised(double w, int exponent)
{
    double product = 1;
    for (int k = 0; k < exponent; k++)
        product = product * w;
    return product;
}

static double balanced_error(struct statistics data, int D, double w)
{
    /* E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2D-2) */
    return error_from_statistics(data, raised(w, D - 1));
}

static double balanced_gradient(struct statistics data, int D, double w)
{
    /* ∂E/∂w_i = 2 (σ^x w^(D-1) - σ^yx) w^(D-2) */
    return 2 * subtract(data.sigma_x * raised(w, D - 1), data.sigma_yx)
           * raised(w, D - 2);
}

static double balanced_dw_dt(struct statistics data, int D, double w)
{
    /* dw/dt = (2/τ) (σ^yx - σ^x w^(D-1)) w^(D-2) */
    return -1 / data.tau * balanced_gradient(data, D, w);
}

static double balanced_euler_step(struct statistics data, int D, double w)
{
    /* w[t+1] <- w[t] + (dw/dt) Δt */
    return w + balanced_dw_dt(data, D, w) * DT;
}

static void print_balanced_error(struct statistics data)
{
    print_title('g', "balanced_error");
    print_statistics(data);
    printf("# w E_2 E_3 E_4 E_5 E_6\n");
    for (double w = 0; w <= 2.5; w += 1 / 32.0) {
        printf("%7.6g", w);
        for (int D = 2; D <= DEEPEST; D++)
            printf(" %10.6g", balanced_error(data, D, w));
        printf("\n");
    }
}

/*
 * How does learning start? Look at the gradient at w(0), as a function of the depth. With
 * the handout's numbers:
 *
 * - w(0) = 1/2: it vanishes, nearly halved by each layer. In a deep chain learning hardly
 *   begins.
 * - w(0) = 1: it is 2 (σ^x - σ^yx) = -2 at any depth, as all powers of 1 are 1.
 * - w(0) = 1.1: it shrinks to -0.18 at D = 8, since the minimum at 2^(1/(D-1)) comes
 *   nearer as D grows. From D = 9 on the start lies beyond the minimum: the gradient has
 *   changed its sign, and it explodes: each layer multiplies it by a factor that falls
 *   to 1.1² = 1.21 as the chain gets deeper, and is still 1.27 at D = 20.
 *
 * expected/figures/balanced.png
 */
static const double STARTS[] = {0.5, 1, 1.1}; /* w(0) */
enum { NUMBER_OF_STARTS = 3, DEEPEST_BALANCED = 20 };

static void print_initial_gradient(struct statistics data)
{
    print_title('g', "initial_gradient");
    print_statistics(data);
    printf("# D dE/dw_i(%g) dE/dw_i(%g) dE/dw_i(%g)\n", STARTS[0], STARTS[1], STARTS[2]);
    for (int D = 2; D <= DEEPEST_BALANCED; D++) {
        printf("%2d", D);
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            printf(" %12.6g", shown(balanced_gradient(data, D, STARTS[k])));
        printf("\n");
    }
}

static void print_point(struct statistics data, int D, double w)
{
    printf("%2d %8.6g %6.6g\n", D, w, balanced_error(data, D, w));
}

static void print_balanced_fixed_points(struct statistics data)
{
    print_title('g', "balanced_fixed_points");
    print_statistics(data);
    printf("# D w E\n");
    for (int D = 2; D <= DEEPEST; D++) {
        /* |w| = |σ^yx/σ^x|^(1/(D-1)) */
        double root = pow(fabs(best_weight(data)), 1.0 / (D - 1));
        if (D % 2 == 0)
            print_point(data, D, copysign(root, best_weight(data)));
        else if (data.sigma_yx > 0) {
            print_point(data, D, root);
            print_point(data, D, -root);
        }
        if (D > 2)
            print_point(data, D, 0);
    }
}

/* Euler's steps lead up to t = 1, once with the one equation and once with all of (3). */
static void print_balance(struct statistics data)
{
    print_title('g', "balance");
    print_statistics(data);
    printf("# Euler's steps from 0.5 up to t = 1, dt = %g\n", DT);
    printf("# D w first_weight last_weight\n");
    for (int D = 2; D <= DEEPEST; D++) {
        double w = 0.5;
        struct chain c = {D, {0, w, w, w, w, w}};
        for (int t = 0; t < 100; t++) {
            w = balanced_euler_step(data, D, w);
            c = euler_step(data, c);
        }
        printf("%2d %11.6g %11.6g %11.6g\n", D, shown(w), shown(c.w[1]),
               shown(c.w[D - 1]));
    }
}

/*
 * How do the three starts fare? The chain counts as trained when w_tot is within 1/20 of
 * σ^yx/σ^x. Since E exceeds its minimum by σ^x (w_tot - σ^yx/σ^x)², less than 1/400 of
 * the excess at w_tot = 0 is then left. The time that the flow needs is the integral
 *
 *     T = ∫ dw/(dw/dt)
 *
 * from w(0) to the w for which w_tot is 0.95 σ^yx/σ^x, or 1.05 of it if w comes from
 * above. For D = 2 the equation is linear, and T is a logarithm. For D > 2 and σ^yx < 0
 * the flow runs into w = 0, and never arrives. With the handout's numbers:
 *
 * - From w(0) = 1/2 the flow is fastest at D = 4. Then T grows, in the end by a factor
 *   near 2 a layer. A small start spends its time where w^(D-1) can be neglected, and τ
 *   dw/dt ≈ 2 σ^yx w^(D-2). In the integral of 1/w^(D-2) the lower end is what counts,
 *   and it gives
 *
 *       T ≈ (τ/(2 σ^yx (D-3))) w(0)^(3-D),    D > 3.
 *
 * - From w(0) = 1 the flow is the faster the deeper the chain: there is always the same
 *   w_tot to be gained, from 1 to 1.9, and D - 1 weights share the work.
 * - From w(0) = 1.1 the flow is the fastest of the three, at every depth. Up to D = 7
 *   this start is nearer to the minimum than the others; at D = 8 it counts as trained.
 *   From D = 9 on it lies beyond, on a wall that gets steeper with depth, and the flow
 *   soon slides down.
 *
 * The start at 1 has a law, too. As w_tot = w^(D-1),
 *
 *     τ dw_tot/dt = 2 (D-1) (σ^yx - σ^x w_tot) w_tot^(2(D-2)/(D-1)).
 *
 * In a deep chain the last exponent is nearly 2. Let s = σ^yx/σ^x, as in (f). By partial
 * fractions, s²/((s - w_tot) w_tot²) = 1/w_tot + 1/(s - w_tot) + s/w_tot², and so
 *
 *     T ≈ (τ/(2 σ^yx s (D-1))) (B(end) - B(start)),
 *     B = log |w_tot/(s - w_tot)| - s/w_tot.
 *
 * With the handout's numbers B grows by 3.89 from 1 to 1.9, so that T ≈ 0.486/(D-1).
 *
 * From w(0) = 1.1 Euler's steps follow the flow only in chains that are not too deep.
 * That the gradient explodes is no trouble for the flow, but it is for a step of a given
 * length. From D = 12 on the first step leaps over the minimum. At first it lands close
 * by, and little time is lost. But the deeper the chain, the farther away it lands. At
 * D = 20 it lands at w = 0.642, on the plateau around 0, from where it takes another 27
 * units of time.
 */
/* Tells whether w_tot is within 1/20 of σ^yx/σ^x. */
static bool is_trained(struct statistics data, double w_tot)
{
    return fabs(w_tot / best_weight(data) - 1) < 1 / 20.0;
}

/* Returns the time that Euler's steps need, or `NAN` if it is longer than we wait. */
static double euler_training_time(struct statistics data, int D, double w)
{
    for (int t = 0; t <= PATIENCE; t++) {
        if (is_trained(data, raised(w, D - 1)))
            return t * DT;
        w = balanced_euler_step(data, D, w);
    }
    return NAN;
}

/*
 * Returns T = ∫ dw/(dw/dt) = ∫ w/(dw/dt) d(log w), by Simpson's rule. The variable is log
 * w, so that neighbouring points differ by the same factor, however small w is. The ends
 * count once, the points between them four times and twice in turn.
 */
static double integrate(struct statistics data, int D, double from, double to)
{
    const int intervals = 10000;
    double width = log(to / from) / intervals, sum = 0;
    for (int k = 0; k <= intervals; k++) {
        double w = from * exp(k * width);
        double term = w / balanced_dw_dt(data, D, w);
        if (k == 0 || k == intervals)
            sum += term;
        else if (k % 2 == 1)
            sum += 4 * term;
        else
            sum += 2 * term;
    }
    return sum * width / 3;
}

/* Returns the w_tot at which the flow counts as trained, coming from a given w_tot. */
static double end_of_training(struct statistics data, double w_tot)
{
    double best = best_weight(data);
    if (w_tot < best)
        return 0.95 * best;
    return 1.05 * best;
}

/* Returns the time that the flow needs from w > 0, or `NAN` if it never arrives. */
static double flow_training_time(struct statistics data, int D, double w)
{
    double best = best_weight(data), w_tot = raised(w, D - 1);
    if (is_trained(data, w_tot))
        return 0;
    /* For D = 2, w - w* shrinks like e^(-2 σ^x t/τ). It has to shrink to 1/20 of w*. */
    if (D == 2)
        return data.tau / (2 * data.sigma_x) * log(20 * fabs(w_tot / best - 1));
    if (best < 0)
        return NAN;
    return integrate(data, D, w, pow(end_of_training(data, w_tot), 1.0 / (D - 1)));
}

/* Returns T as it is for a small start, or `NAN` where there is no such law. */
static double small_start_law(struct statistics data, int D, double w)
{
    if (D <= 3 || raised(w, D - 1) >= best_weight(data))
        return NAN;
    /* T ≈ (τ/(2 σ^yx (D-3))) w(0)^(3-D) */
    return data.tau / (2 * data.sigma_yx * (D - 3)) / raised(w, D - 3);
}

/* Returns B = log |w_tot/(s - w_tot)| - s/w_tot. */
static double B(double s, double w_tot)
{
    return log(fabs(w_tot / (s - w_tot))) - s / w_tot;
}

/* Returns T as it is from 1 for a large D, or `NAN` where there is no such law. */
static double deep_chain_law(struct statistics data, int D)
{
    double s = best_weight(data);
    if (D <= 3 || s < 0 || is_trained(data, 1))
        return NAN;
    /* T ≈ (τ/(2 σ^yx s (D-1))) (B(end) - B(start)) */
    return data.tau / (2 * data.sigma_yx * s * (D - 1))
           * (B(s, end_of_training(data, 1)) - B(s, 1));
}

static void print_training_time(struct statistics data)
{
    print_title('g', "training_time");
    print_statistics(data);
    printf("# until w_tot is within 1/20 of %g; - if it never is\n", best_weight(data));
    printf("# w(0): Euler's time, dt = %g, up to %g; flow: the flow's time\n", DT,
           PATIENCE * DT);
    printf("# law(%g): for w(0)^(D-1) far below %g; law(%g): for a deep chain\n",
           STARTS[0], best_weight(data), STARTS[1]);
    printf("# D w(0)=%g w(0)=%g w(0)=%g flow(%g) flow(%g) flow(%g) law(%g) law(%g)\n",
           STARTS[0], STARTS[1], STARTS[2], STARTS[0], STARTS[1], STARTS[2], STARTS[0],
           STARTS[1]);
    for (int D = 2; D <= DEEPEST_BALANCED; D++) {
        printf("%2d", D);
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            print_or_dash(8, euler_training_time(data, D, STARTS[k]));
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            print_or_dash(10, flow_training_time(data, D, STARTS[k]));
        print_or_dash(10, small_start_law(data, D, STARTS[0]));
        print_or_dash(10, deep_chain_law(data, D));
        printf("\n");
    }
}

/*
 * Where do Euler's steps end, if a chain is deeper still? Let F(w) be the right-hand side
 * dw/dt. Near a minimum w* a step multiplies the distance w - w*, to first order, by
 * 1 + Δt F'(w*), which is
 *
 *     1 - (2/τ) σ^x (D-1) (w*)^(2D-4) Δt.
 *
 * The steps can settle at w* only if this is above -1, that is, if
 *
 *     Δt < τ / (σ^x (D-1) (w*)^(2D-4)).
 *
 * With the handout's numbers this is 0.01415 at D = 20, and below 0.01 from D = 28 on.
 * From there on a step that begins beside the minimum leaps over it, and lands farther
 * away on the other side. What happens next depends on where it lands.
 *
 * - From w(0) = 1, and for the D of the table, it lands between 0 and w*, on the slope
 *   towards w = 0. There the gradient is small, and so the steps come back, and hop to
 *   and fro for ever. At D = 28 they hop between 1.0221 and 1.02901, with E = 0.538311
 *   and 0.526987. The deeper the chain, the wider they hop. At D = 34 and 35 they are
 *   back only after the fourth step; this is the way to chaos.
 * - From w(0) = 1.1 the first leap lands the farther away the deeper the chain: on the
 *   plateau, from D = 24 on beyond 0, and from D = 28 on so far beyond -1, where E is
 *   steep again, that the steps overflow. The table shows nan. (At D = 27 they end in the
 *   other minimum, -w*.)
 *
 * No other minimum helps. At any minimum a step multiplies the distance across the trough
 * by 1 - 2 σ^x |p|² Δt/τ, with the vector p of (d). Here |p|² = w_tot² Σ_i 1/w_i², and a
 * sum of positive numbers with a given product is least when they are equal. So the
 * balanced minimum is the least curved of all. The flow has no such limit.
 */
enum { FROM_DEPTH = 20, TO_DEPTH = 35, STEPS_BEFORE = 10000 };

/* Returns the bound on Δt, or `NAN` if there is no balanced minimum. */
static double longest_stable_step(struct statistics data, int D)
{
    if (D % 2 == 1 && data.sigma_yx < 0)
        return NAN;
    /* τ / (σ^x (D-1) (w*)^(2D-4)) */
    double w_star = pow(fabs(best_weight(data)), 1.0 / (D - 1));
    return data.tau / (data.sigma_x * (D - 1) * raised(w_star, 2 * D - 4));
}

/* Returns where w is after STEPS_BEFORE of Euler's steps. */
static double after_steps(struct statistics data, int D, double w)
{
    for (int t = 0; t < STEPS_BEFORE; t++)
        w = balanced_euler_step(data, D, w);
    return w;
}

static void print_hopping(struct statistics data)
{
    print_title('g', "hopping");
    print_statistics(data);
    printf("# Euler's steps can settle only if stable_dt is above dt = %g\n", DT);
    printf("# w[t], E[t]: after t = %d of Euler's steps from w(0) = %g; last: from %g\n",
           STEPS_BEFORE, STARTS[1], STARTS[2]);
    printf("# D stable_dt w[t] w[t+1] w[t+2] w[t+3] w[t+4] E[t] E[t+1] w[t](%g)\n",
           STARTS[2]);
    for (int D = FROM_DEPTH; D <= TO_DEPTH; D++) {
        double w[5];
        w[0] = after_steps(data, D, STARTS[1]);
        for (int k = 1; k < 5; k++)
            w[k] = balanced_euler_step(data, D, w[k - 1]);

        printf("%2d", D);
        print_or_dash(10, longest_stable_step(data, D));
        for (int k = 0; k < 5; k++)
            printf(" %8.6g", shown(w[k]));
        for (int k = 0; k < 2; k++)
            printf(" %8.6g", shown(balanced_error(data, D, w[k])));
        printf(" %8.6g\n", shown(after_steps(data, D, STARTS[2])));
    }
}

static void print_g(struct statistics data)
{
    print_balanced_error(data);
    separate_tables();
    print_initial_gradient(data);
    separate_tables();
    print_balanced_fixed_points(data);
    separate_tables();
    print_balance(data);
    separate_tables();
    print_training_time(data);
    separate_tables();
    print_hopping(data);
}

/*
 * PART II: THE COMMAND LINE
 *
 * Parts are printed in the handout's order, whatever order they are named in.
 *
 * C for MATLAB readers: `&data` is the address of `data`, which a function needs in order
 * to change it, and `data->tau` is the member `tau` of the struct at that address.
 */
enum { PARTS = 7 }; /* a ... g */

static const char USAGE[] =
    "usage: linear_chain [OPTION VALUE ...] [PART ...]; PART is a ... g, default all\n"
    "options of c ... g, and defaults: --sigma-y 4.5 --sigma-yx 2 --sigma-x 1 --tau 1\n";

/* Ends the program with status 2, with the problem and the usage. */
static void refuse(const char *what, const char *problem)
{
    fprintf(stderr, "linear_chain: %s %s\n%s", what, problem, USAGE);
    exit(2);
}

/* C's strcmp() returns 0 if two texts are equal; MATLAB's returns 1. */
static bool is(const char *option, const char *name) { return strcmp(option, name) == 0; }

/* Returns the address of the number that an option sets, or `NULL` if it is none. */
static double *member(struct statistics *data, const char *option)
{
    if (is(option, "--sigma-y"))
        return &data->sigma_y;
    if (is(option, "--sigma-yx"))
        return &data->sigma_yx;
    if (is(option, "--sigma-x"))
        return &data->sigma_x;
    if (is(option, "--tau"))
        return &data->tau;
    return NULL;
}

/* Reads the number that `text` is. Returns false if it is not a finite number. */
static bool read_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

static bool is_part(const char *word)
{
    return word[0] >= 'a' && word[0] < 'a' + PARTS && word[1] == '\0';
}

/* Ends the program if no data have these statistics. */
static void demand_possible(struct statistics data)
{
    if (data.sigma_x <= 0 || data.tau <= 0)
        refuse("--sigma-x and --tau", "have to be above 0");
    if (data.sigma_yx == 0)
        refuse("--sigma-yx", "must not be 0: there is nothing to learn");
    /* Otherwise the lowest E in (d) were negative, but E is a mean of squares. */
    if (data.sigma_y < 0
        || subtract(data.sigma_y * data.sigma_x, data.sigma_yx * data.sigma_yx) < 0)
        refuse("--sigma-yx", "is too large: no data have sigma_yx^2 > sigma_y sigma_x");
}

static void print_part(char part, struct statistics data)
{
    switch (part) {
    case 'a':
        print_a();
        break;
    case 'b':
        print_b();
        break;
    case 'c':
        print_c(data);
        break;
    case 'd':
        print_d(data);
        break;
    case 'e':
        print_e(data);
        break;
    case 'f':
        print_f(data);
        break;
    case 'g':
        print_g(data);
        break;
    }
}

static void print_parts(const bool *wanted, struct statistics data)
{
    bool first = true;
    for (int k = 0; k < PARTS; k++)
        if (wanted[k]) {
            if (!first)
                separate_tables();
            print_part((char)('a' + k), data);
            first = false;
        }
}

int main(int argc, char **argv)
{
    struct statistics data = {4.5, 2, 1, 1}; /* the handout's, of (e) and (f) */
    bool wanted[PARTS] = {false};
    bool all = true, help = false;
    for (int k = 1; k < argc; k++) {
        double *number = member(&data, argv[k]);
        if (number != NULL) {
            if (k + 1 == argc || !read_number(argv[k + 1], number))
                refuse(argv[k], "expects a finite number");
            k++; /* over the number */
        } else if (is_part(argv[k])) {
            wanted[argv[k][0] - 'a'] = true;
            all = false;
        } else if (is(argv[k], "--help") || is(argv[k], "-h")) {
            help = true;
        } else {
            refuse(argv[k], "is neither an option nor a part, a ... g");
        }
    }
    demand_possible(data);
    if (all)
        for (int k = 0; k < PARTS; k++)
            wanted[k] = true;
    if (help)
        fputs(USAGE, stdout);
    else
        print_parts(wanted, data);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "linear_chain: standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
