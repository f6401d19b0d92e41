/*
 * Learning dynamics of a chain of linear neurons
 * ----------------------------------------------
 * Question 2 of Andrew Saxe's "Practical 4: Deep Networks", part by part. Each section
 * derives what its part asks for and then computes it; a table confirms the derivation.
 *
 *     cc -std=c99 -O3 -o linear_chain linear_chain.c -lm
 *     ./linear_chain                all parts, as tables on standard output
 *     ./linear_chain e f            only these parts
 *
 * The chain has D neurons, one behind the other, and D - 1 weights between them:
 *
 *     x --w1--> o --w2--> o ... o --w(D-1)--> y_hat        y_hat = w(D-1) ... w2 w1 x
 *
 * Weights are kept in an array in which w[i] is the handout's w_i, i = 1 ... D-1, so w[0]
 * is not used. Π is a product over such i.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 6 }; /* the largest D of a chain whose weights may differ */

/* The second order statistics of a data set; <> is the mean over its P examples. */
struct statistics {
    double sigma_y;  /* <y²> */
    double sigma_yx; /* <y x>, not 0 */
    double sigma_x;  /* <x²>, more than 0 */
};

/* Those of parts (e), (f) and (g), and the time constant of the dynamics (3). */
static const struct statistics S = {4.5, 2, 1};
static const double TAU = 1;

/* Others, to compare formulas at: a σ^x or τ of 1 would hide that it was forgotten. */
static const struct statistics OTHER = {3, -0.75, 0.5};
static const double OTHER_TAU = 0.25;

/* The first line of a table. Two blank lines part it from the one before (gnuplot's
 * `index` counts them); more comments follow, and the names of its columns. */
static void title(const char *part, const char *table)
{
    static bool first = true;
    printf("%s", first ? "" : "\n\n");
    first = false;
    printf("# Practical 4: Deep Networks, question 2%s: %s\n", part, table);
}

/* The same, and the statistics, in a line that the caller ends. */
static void title_with(const char *part, const char *table, struct statistics s)
{
    title(part, table);
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g", s.sigma_y, s.sigma_yx,
           s.sigma_x);
}

/* 0 for the -0, the 1e-16 or the 1e-8 that rounding leaves where 0 is meant. */
static double plain(double value)
{
    return fabs(value) < 1e-6 ? 0 : value;
}

/* The weights of a chain of depth D, and `-` in the columns of the deepest chain's. */
static void print_weights(int D, const double *w)
{
    for (int i = 1; i < DEEPEST; i++)
        if (i < D)
            printf(" %7.6g", w[i]);
        else
            printf(" %7s", "-");
}

/*
 * (a) A linear network of any depth is a shallow one
 *
 * The one-liner: y_hat = w(D-1) ... w2 w1 x = w_s x with w_s = Π_i w_i, as products are
 * associative. The other way round, w_s is any depth's chain (w_s, 1, ..., 1). So what a
 * chain can express is y_hat = w_s x for real w_s, whatever D. What depth does change is
 * how the weights move when they learn; that is the rest of the question. The table has
 * two chains of each depth: one with weights that differ, and (w_s, 1, ..., 1).
 */

/* w_tot = w(D-1) ... w2 w1 */
static double total_weight(int D, const double *w)
{
    double w_tot = 1;
    for (int i = 1; i < D; i++)
        w_tot *= w[i];
    return w_tot;
}

/* y_hat as the chain computes it, neuron after neuron. */
static double chain_output(int D, const double *w, double x)
{
    double activity = x;
    for (int i = 1; i < D; i++)
        activity = w[i] * activity;
    return activity;
}

static void part_a(void)
{
    const double w[DEEPEST] = {0, 1.5, -0.5, 3, 0.25, -2};
    const double x = 1.25;
    title("(a)", "the equivalent shallow network");
    printf("# x = %g; of each depth a chain, and its w_s taken apart as (w_s, 1, ...)\n"
           "# D w1 w2 w3 w4 w5 w_s output_deep output_shallow\n",
           x);
    for (int D = 2; D <= DEEPEST; D++) {
        double w_s = total_weight(D, w);
        const double same[DEEPEST] = {0, w_s, 1, 1, 1, 1};
        const double *chains[] = {w, same};
        for (int k = 0; k < 2; k++) {
            printf("%2d", D);
            print_weights(D, chains[k]);
            printf(" %8.6g %10.6g %13.6g\n", w_s, chain_output(D, chains[k], x), w_s * x);
        }
    }
}

/*
 * (b) The error depends on the data only through their second order statistics
 *
 * Put y_hat = w_tot x into (1) and multiply out; <> is linear, so it can be taken term by
 * term:
 *
 *     E = <(y - w_tot x)²> = <y²> - 2 w_tot <y x> + w_tot² <x²>
 *       = σ^y - 2 w_tot σ^yx + w_tot² σ^x
 *
 * Nothing else of the data is left. The table computes E both ways for a data set of its
 * own. Its means are not 0: σ^x and the others are means of products, not (co)variances.
 */

/* <a b> */
static double mean_product(int P, const double *a, const double *b)
{
    double sum = 0;
    for (int mu = 0; mu < P; mu++)
        sum += a[mu] * b[mu];
    return sum / P;
}

/* (1): E = 1/P Σ_mu (y^mu - y_hat^mu)² */
static double error_from_data(int P, const double *x, const double *y, double w_tot)
{
    double E = 0;
    for (int mu = 0; mu < P; mu++) {
        double y_hat = w_tot * x[mu];
        E += (y[mu] - y_hat) * (y[mu] - y_hat);
    }
    return E / P;
}

/* E = σ^y - 2 w_tot σ^yx + w_tot² σ^x */
static double error(struct statistics s, double w_tot)
{
    return s.sigma_y - 2 * w_tot * s.sigma_yx + w_tot * w_tot * s.sigma_x;
}

static void part_b(void)
{
    enum { P = 4 };
    const double x[P] = {3, -1, 1, 1}, y[P] = {5, 0, 2, -1};
    struct statistics s = {mean_product(P, y, y), mean_product(P, y, x),
                           mean_product(P, x, x)};
    title_with("(b)", "the error from the data and from their statistics", s);
    printf(", from P = %d examples\n# w_tot E_from_data E_from_statistics\n", P);
    for (int k = -8; k <= 16; k++) {
        double w_tot = k / 4.0;
        printf("%6.6g %11.6g %17.6g\n", w_tot, error_from_data(P, x, y, w_tot),
               error(s, w_tot));
    }
}

/*
 * (c) The gradient descent equations
 *
 * w_tot is linear in each single weight: ∂w_tot/∂w_i = Π_{j≠i} w_j. With the chain rule,
 *
 *     ∂E/∂w_i = (dE/dw_tot) (∂w_tot/∂w_i) = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j
 *
 * and so (3) becomes
 *
 *     τ dw_i/dt = 2 (σ^yx - w_tot σ^x) Π_{j≠i} w_j,    i = 1 ... D-1.
 *
 * The trap is to write Π_{j≠i} w_j as w_tot / w_i: that is 0/0 where a weight is 0, and
 * it is there that deep chains have their saddles. E is quadratic in each single weight,
 * so a central difference is exact here, with any step; the table takes 1/8.
 */

/* Π_{j≠i, j≠k} w_j: all weights but w_i and w_k (the same one twice leaves out one). */
static double product_without(int D, const double *w, int i, int k)
{
    double product = 1;
    for (int j = 1; j < D; j++)
        if (j != i && j != k)
            product *= w[j];
    return product;
}

/* ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j */
static double dE_dw(struct statistics s, int D, const double *w, int i)
{
    double w_tot = total_weight(D, w);
    return 2 * (w_tot * s.sigma_x - s.sigma_yx) * product_without(D, w, i, i);
}

/* (3): dw_i/dt = -(1/τ) ∂E/∂w_i */
static double dw_dt(struct statistics s, double tau, int D, const double *w, int i)
{
    return -1 / tau * dE_dw(s, D, w, i);
}

/* E at w + step u, one step away in the direction u. */
static double error_along(struct statistics s, int D, const double *w, const double *u,
                          double step)
{
    double moved[DEEPEST];
    for (int i = 1; i < D; i++)
        moved[i] = w[i] + step * u[i];
    return error(s, total_weight(D, moved));
}

/* A chain of each depth D = 2 ... 6, at which derivatives are compared. */
static const double CHAINS[][DEEPEST] = {
    {0, 1.5}, {0, 0.5, -2}, {0, 1.5, 0, -0.5}, {0, -1.5, 0.5, -1, 2},
    {0, 0.5, -3, 2, -1, -1.5},
};

static void part_c(void)
{
    const double h = 0.125;
    title_with("(c)", "the gradient and central differences", OTHER);
    printf("; D = 4 has a weight of 0\n# D i w_i dE/dw_i central_difference\n");
    for (int D = 2; D <= DEEPEST; D++) {
        const double *w = CHAINS[D - 2];
        for (int i = 1; i < D; i++) {
            double e_i[DEEPEST] = {0};
            e_i[i] = 1;
            double difference = (error_along(OTHER, D, w, e_i, h)
                                 - error_along(OTHER, D, w, e_i, -h)) / (2 * h);
            printf("%2d %2d %6.6g %10.6g %18.6g\n", D, i, w[i],
                   plain(dE_dw(OTHER, D, w, i)), plain(difference));
        }
    }
}

/*
 * (d) The fixed points
 *
 * At a fixed point 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j = 0 for every i. The first factor is
 * the same for all i, so there are two ways. Let σ^x > 0 and σ^yx ≠ 0.
 *
 * First kind: the first factor vanishes, w_tot = σ^yx/σ^x. Completing the square in (b),
 *
 *     E = σ^y - (σ^yx)²/σ^x + σ^x (w_tot - σ^yx/σ^x)²,
 *
 * shows that E is then as low as it can be, σ^y - (σ^yx)²/σ^x: 0.5 with the numbers of
 * (e). For D = 2 it is the one point w_1 = σ^yx/σ^x. For D > 2, one equation for D - 1
 * weights leaves a surface of D - 2 dimensions; for D = 3 it is a hyperbola.
 *
 * Second kind: Π_{j≠i} w_j = 0 for every i. One weight of 0, say w_k, is not enough: the
 * product for i = k leaves it out. Two are enough, since every product contains at least
 * one of them. So
 *
 *     D = 2    has none, as the product over no weight at all is 1: only the minimum.
 *     D = 3    has one point: both weights are 0, the origin.
 *     D > 3    has all points with at least two of the D - 1 weights 0 and the others
 *              anything: a plane of D - 3 dimensions for each pair of weights.
 *
 * There w_tot = 0 and E = σ^y, as if the network had no output: 4.5.
 *
 * What kind of points are these? Differentiating (c) once more gives the Hessian,
 *
 *     H_ij = 2 σ^x p_i p_j + [i≠j] 2 (w_tot σ^x - σ^yx) Π_{k≠i,j} w_k
 *
 * with p_i = Π_{k≠i} w_k = ∂w_tot/∂w_i. E has the curvature uᵀ H u along a unit vector u.
 *
 * First kind: only the first term is left, 2 σ^x p pᵀ. Across the surface of minima,
 * along p, the curvature is 2 σ^x Σ_i p_i² > 0, since no weight is 0. Along the surface,
 * at right angles to p, as in (w_1, -w_2, 0, ...), it is 0. That the points are minima,
 * and global ones, is known from completing the square.
 *
 * Second kind, exactly two weights 0, say w_k and w_l: all p_i = 0, and of H only H_kl =
 * H_lk = -2 σ^yx Π_{j≠k,l} w_j is left. Where w_k and w_l move alike the curvature is
 * H_kl, where they move against each other -H_kl: up one way and down another, a saddle.
 *
 * Second kind, three weights 0 or more: each product in H leaves out at most two of them,
 * so H = 0 and says nothing. It is a saddle all the same. Move the m weights that are 0
 * by ±s: w_tot becomes ±s^m times the others, and the sign is ours to choose. As E - σ^y
 * = -2 σ^yx w_tot + σ^x w_tot², for small s one sign leads down and the other one up. But
 * the way down is as flat as s^m: the more weights are 0, the longer descent lingers.
 *
 * The table takes a point of the first kind for each D, and points of the second kind
 * with 2, 3, ... D - 1 weights of 0: the first ones, as E stays when weights change
 * places. From each it moves a step to both sides in two directions.
 */

/* The w_tot of the minima; below, their E. */
static double best_weight(struct statistics s)
{
    return s.sigma_yx / s.sigma_x;
}

static double lowest_error(struct statistics s)
{
    return s.sigma_y - s.sigma_yx * s.sigma_yx / s.sigma_x;
}

/* A fixed point: the first `zeros` weights are 0, and the others could be anything; or,
 * if zeros = 0, w_1 is such that w_tot = σ^yx/σ^x. */
static void fixed_point(struct statistics s, int D, int zeros, double *w)
{
    const double anything[DEEPEST] = {0, 0, 2, -0.5, -1, 4};
    for (int i = 1; i < D; i++)
        w[i] = i <= zeros ? 0 : anything[i];
    if (zeros == 0)
        w[1] = best_weight(s) / product_without(D, w, 1, 1);
}

static double length(int D, const double *u)
{
    double squares = 0;
    for (int i = 1; i < D; i++)
        squares += u[i] * u[i];
    return sqrt(squares);
}

/* A row: a point, E and its gradient there, and how E changes along u, which is made a
 * unit vector; uᵀ H u as a second difference, with steps of h, and in closed form. */
static void print_moving(struct statistics s, int D, const double *w, const char *kind,
                         const char *direction, const double *u, double closed_form)
{
    const double step = 1 / 4.0, h = 1 / 4096.0;
    double E = error(s, total_weight(D, w));
    double gradient[DEEPEST], unit[DEEPEST];
    for (int i = 1; i < D; i++) {
        gradient[i] = dE_dw(s, D, w, i);
        unit[i] = u[i] / length(D, u);
    }
    double curvature = (error_along(s, D, w, unit, h) - 2 * E
                        + error_along(s, D, w, unit, -h)) / (h * h);
    printf("%2d %7s", D, kind);
    print_weights(D, w);
    printf(" %6.6g %5.6g %8s %12.6g %12.6g %9.6g %9.6g\n", E, plain(length(D, gradient)),
           direction, error_along(s, D, w, unit, -step) - E,
           error_along(s, D, w, unit, step) - E, plain(curvature), plain(closed_form));
}

static void print_fixed_points(struct statistics s)
{
    title_with("(d)", "fixed points", s);
    printf("\n# first kind: w_tot = %g, E = %g; second, two zeros or more: E = %g\n"
           "# moving by s = 0.25: across and along the minima; all zeros alike, and w1\n"
           "# against the others. curvature: a second difference, and in closed form\n"
           "# D kind w1 w2 w3 w4 w5 E |gradient| direction E(-s)-E E(+s)-E curvature"
           " closed_form\n",
           best_weight(s), lowest_error(s), s.sigma_y);
    for (int D = 2; D <= DEEPEST; D++) {
        double w[DEEPEST], p[DEEPEST];
        fixed_point(s, D, 0, w);
        for (int i = 1; i < D; i++)
            p[i] = product_without(D, w, i, i);
        double along[DEEPEST] = {0, w[1], D > 2 ? -w[2] : 0};
        print_moving(s, D, w, "first", "across", p,
                     2 * s.sigma_x * length(D, p) * length(D, p));
        if (D > 2)
            print_moving(s, D, w, "first", "along", along, 0);

        double alike[DEEPEST] = {0, 1}, against[DEEPEST] = {0, -1};
        for (int zeros = 2; zeros < D; zeros++) {
            fixed_point(s, D, zeros, w);
            alike[zeros] = against[zeros] = 1;
            double H_12 = -2 * s.sigma_yx * product_without(D, w, 1, 2);
            print_moving(s, D, w, "second", "alike", alike, H_12);
            print_moving(s, D, w, "second", "against", against, -H_12);
        }
    }
}

static void part_d(void)
{
    print_fixed_points(S);
    print_fixed_points(OTHER);
}

/*
 * (e) The phase portrait of D = 3: E(w1, w2) and its fixed points
 *
 * With σ^y = 4.5, σ^yx = 2, σ^x = 1 the fixed points of (d) are the hyperbola w1 w2 = 2,
 * in two branches, and the origin. On the hyperbola E = 0.5, its lowest value: global
 * minima, flat along the curve. At the origin E = 4.5 and H = ((0, -4), (-4, 0)): the
 * curvature is -4 along (1, 1), where E falls towards the minima on both sides, and +4
 * along (1, -1), where it rises: a saddle. There is no other fixed point, so no local
 * minimum that is not global, and no maximum. The last table is the flow (3): the arrows
 * of a phase portrait.
 */
static const double EDGE = 2.5; /* w1 and w2 lie in [-2.5, 2.5] */
enum { FINE = 16, COARSE = 4 }; /* grid steps in a unit of w, for E and for the flow */

/* A row: w1, w2, E. */
static void print_error(double w1, double w2)
{
    const double w[] = {0, w1, w2};
    printf("%8.6g %8.6g %10.6g\n", w1, w2, error(S, total_weight(3, w)));
}

/* A row: w1, w2, dw1/dt, dw2/dt. */
static void print_velocity(double w1, double w2)
{
    const double w[] = {0, w1, w2};
    printf("%8.6g %8.6g %10.6g %10.6g\n", w1, w2, plain(dw_dt(S, TAU, 3, w, 1)),
           plain(dw_dt(S, TAU, 3, w, 2)));
}

/* A row for each point of a grid on the square; a blank line after each w1. */
static void print_grid(int steps_in_a_unit, void (*print_row)(double w1, double w2))
{
    int last = (int)(EDGE * steps_in_a_unit);
    for (int k1 = -last; k1 <= last; k1++) {
        for (int k2 = -last; k2 <= last; k2++)
            print_row((double)k1 / steps_in_a_unit, (double)k2 / steps_in_a_unit);
        if (k1 < last)
            printf("\n");
    }
}

/* The hyperbola inside the square; a blank line parts its two branches. */
static void print_minima(void)
{
    const int last = (int)(EDGE * FINE);
    title("(e)", "minima");
    printf("# global minima: the curve w1 w2 = sigma_yx / sigma_x = %g, in two branches\n"
           "# w1 w2 E\n",
           best_weight(S));
    for (int k1 = -last; k1 <= last; k1++) {
        double w1 = (double)k1 / FINE;
        double w2 = best_weight(S) / w1;
        if (k1 == 0)
            printf("\n");
        else if (fabs(w2) <= EDGE)
            print_error(w1, w2);
    }
}

static void part_e(void)
{
    title_with("(e)", "error_surface", S);
    printf(", D = 3\n# w1 w2 E\n");
    print_grid(FINE, print_error);
    print_minima();
    title("(e)", "saddle");
    printf("# curvature: %g along (1, 1) and %g along (1, -1)\n# w1 w2 E\n",
           -2 * S.sigma_yx, 2 * S.sigma_yx);
    print_error(0, 0);
    title_with("(e)", "flow", S);
    printf(", D = 3, tau = %g\n# w1 w2 dw1/dt dw2/dt\n", TAU);
    print_grid(COARSE, print_velocity);
}

/*
 * (f) Gradient descent, step by step
 *
 * By Euler's method. All derivatives are taken at w[t], before any weight moves.
 *
 * Does training ever fail? The first run starts beside the saddle, on the diagonal w1 =
 * w2 that leads away from it. E hardly moves for a long time; then it falls, and the run
 * ends in a minimum. The second comes near the saddle and is deflected into a minimum.
 * The third starts at w1 = -w2, where both weights shrink at the same rate, so that w1 =
 * -w2 remains: it runs into the saddle, E = 4.5, and stays. This diagonal is the saddle's
 * stable manifold. Both weights have to be updated by the same expression: a program that
 * rounds them differently loses w1 = -w2 in the last bit, and leaves the saddle.
 */
static const double DT = 0.01;
enum { STEPS = 1000 };

/* w_i[t+1] <- w_i[t] - (1/τ) (∂E/∂w_i) Δt, which by (3) is w_i[t] + (dw_i/dt) Δt */
static void euler_step(struct statistics s, double tau, int D, double *w)
{
    double velocity[DEEPEST];
    for (int i = 1; i < D; i++)
        velocity[i] = dw_dt(s, tau, D, w, i);
    for (int i = 1; i < D; i++)
        w[i] = w[i] + velocity[i] * DT;
}

/* The starts (w1, w2) of the trajectories. */
static const double STARTS[][3] = {{0, 0.001, 0.001}, {0, 2.1, -2}, {0, 2, -2}};
enum { TRAJECTORIES = sizeof STARTS / sizeof STARTS[0] };

static void print_trajectory(int number)
{
    double w[] = {0, STARTS[number - 1][1], STARTS[number - 1][2]};
    char name[32];
    snprintf(name, sizeof name, "trajectory_%d", number);
    title("(f)", name);
    printf("# D = 3, w1(0) = %g, w2(0) = %g, tau = %g, dt = %g, %d steps\n# t w1 w2 E\n",
           w[1], w[2], TAU, DT, STEPS);
    for (int t = 0; t <= STEPS; t++) {
        printf("%5.6g %12.6g %12.6g %10.6g\n", t * DT, w[1], w[2],
               error(S, total_weight(3, w)));
        euler_step(S, TAU, 3, w);
    }
}

/*
 * Beyond the handout: how well Euler's steps follow the flow (3)
 *
 * The flow conserves w1² - w2²: from (c), τ d(w1²)/dt = 2 w1 · 2 (σ^yx - w_tot σ^x) w2,
 * and the same comes out for w2². Euler's steps do not quite: they are w1 <- w1 - g w2,
 * w2 <- w2 - g w1 with g = 2 (w_tot σ^x - σ^yx) Δt/τ. Squared and subtracted, the terms
 * with g w1 w2 cancel, and w1² - w2² <- (1 - g²) (w1² - w2²).
 *
 * On the diagonal w1 = w2 = w, w_tot = w² grows logistically towards m = σ^yx/σ^x:
 *
 *     τ dw_tot/dt = 2 w · 2 (σ^yx - w_tot σ^x) w = 4 w_tot (σ^yx - w_tot σ^x)
 *     w_tot(t)    = m / (1 + (m/w_tot(0) - 1) exp(-4 σ^yx t/τ))
 *
 * Half of m is reached when the term behind the 1 is 1, at τ/(4 σ^yx) ln(m/w_tot(0) - 1):
 * τ/(2 σ^yx) ln 2 later for half as large weights.
 *
 * Next to the origin w_tot can be neglected, and Euler's steps are w1 <- w1 + r w2, w2 <-
 * w2 + r w1 with r = 2 σ^yx Δt/τ. So w1 + w2 grows by the factor 1 + r, and if it starts
 * half as large it takes ln 2 / ln(1 + r) steps longer. An asymmetry w1 + w2 in run 3 is
 * found out likewise: one in the last bit, 2^-52, would be at about t = 9.3, within the
 * 1000 steps. (For σ^yx < 0 put -w2 for w2.)
 */

/* w1² - w2² at the beginning and the end of each trajectory, and by that law. */
static void print_conserved(struct statistics s, double tau)
{
    title_with("(f)", "conserved", s);
    printf(", tau = %g, dt = %g\n# w1^2 - w2^2: a step multiplies it by 1 - g^2\n"
           "# trajectory at_start at_end by_the_law\n",
           tau, DT);
    for (int number = 1; number <= TRAJECTORIES; number++) {
        double w[] = {0, STARTS[number - 1][1], STARTS[number - 1][2]};
        double at_start = (w[1] - w[2]) * (w[1] + w[2]);
        double law = at_start;
        for (int t = 0; t < STEPS; t++) {
            double g = 2 * (total_weight(3, w) * s.sigma_x - s.sigma_yx) * DT / tau;
            law *= 1 - g * g;
            euler_step(s, tau, 3, w);
        }
        printf("%2d %9.6g %9.6g %9.6g\n", number, at_start,
               (w[1] - w[2]) * (w[1] + w[2]), law);
    }
}

enum { PATIENCE = 200000 }; /* steps that we wait for something */

/* A column: the time that t steps take; `-` if that was all our patience. */
static void print_time(int t)
{
    if (t < PATIENCE)
        printf(" %8.6g", t * DT);
    else
        printf(" %8s", "-");
}

/* A column: the time from (w1, w2) until w_tot has come half of the way from 0 to m. */
static void print_time_to_half(struct statistics s, double tau, double w1, double w2)
{
    double w[] = {0, w1, w2};
    int t = 0;
    for (; t < PATIENCE && !(total_weight(3, w) / best_weight(s) >= 0.5); t++)
        euler_step(s, tau, 3, w);
    print_time(t);
}

static void print_escape(struct statistics s, double tau)
{
    double sign = s.sigma_yx > 0 ? 1 : -1;
    double rate = 2 * fabs(s.sigma_yx) / tau;
    title_with("(f)", "escape", s);
    printf(", tau = %g, dt = %g\n# time until w_tot is half of %g, with a = 2^-k\n"
           "# start 1: w1 = a, w2 = %g a; start 2: w1 = 2, w2 = %g (2 - a)\n"
           "# half of a costs the flow ln 2 / %g = %.6g, Euler ln 2/ln %g = %.6g steps\n"
           "# k flow_from_1 euler_from_1 euler_from_2\n",
           tau, DT, best_weight(s), sign, -sign, rate, log(2) / rate, 1 + rate * DT,
           log(2) / log(1 + rate * DT));
    for (int k = 4; k <= 32; k += 4) {
        double a = ldexp(1, -k);
        printf("%2d %8.6g", k, log(fabs(best_weight(s)) / (a * a) - 1) / (2 * rate));
        print_time_to_half(s, tau, a, sign * a);
        print_time_to_half(s, tau, 2, -sign * (2 - a));
        printf("\n");
    }
}

static void part_f(void)
{
    for (int number = 1; number <= TRAJECTORIES; number++)
        print_trajectory(number);
    print_conserved(S, TAU);
    print_conserved(OTHER, OTHER_TAU);
    print_escape(S, TAU);
    print_escape(OTHER, OTHER_TAU);
}

/*
 * (g) The balanced chain: all weights equal
 *
 * If all w_j are the same number w, then ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) w^(D-2) for every
 * i: the right-hand side of (3) does not depend on i. So if w(t) solves one of the D - 1
 * equations, w_i(t) = w(t) solves all of them, and the solution from a given start is
 * unique. Equal weights stay equal, in Euler's steps by the same argument.
 *
 *     error           E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1))
 *     dynamics        τ dw/dt = -∂E/∂w_i = 2 (σ^yx - σ^x w^(D-1)) w^(D-2)
 *     fixed points    w^(D-1) = σ^yx/σ^x, and for D > 2 also w = 0
 *
 * The trap: τ dw/dt is not -dE(w)/dw. To move w is to move all D - 1 weights, so
 * dE(w)/dw = (D-1) ∂E/∂w_i, and descending E(w) would be D - 1 times too fast.
 *
 * The fixed points: if D is even, D - 1 is odd, and w^(D-1) = σ^yx/σ^x has one real root,
 * with the sign of σ^yx. If D is odd, D - 1 is even: with σ^yx > 0 there are the root
 * (σ^yx/σ^x)^(1/(D-1)) and its negative, with σ^yx < 0 none, for equal weights cannot
 * then make w_tot negative. And w = 0 is the saddle of (d).
 *
 * What to expect of a start w(0) as D grows? The gradient contains w(0)^(D-2).
 *
 *     w(0) = 1/2    It halves with every layer: it vanishes, and learning takes
 *                   exponentially long.
 *     w(0) = 1      It is 2 (σ^x - σ^yx) = -2 at any depth: steady. Learning even becomes
 *                   faster, since each weight has less far to go in a deeper chain.
 *     w(0) = 1.1    It shrinks at first, to -0.18 at D = 8: the minimum, 2^(1/(D-1)),
 *                   comes nearer. From D = 9 on the start lies beyond it; the gradient
 *                   has changed sign, and explodes. The flow does not mind, but steps do:
 *                   at D = 20 the first, 0.01 times 46, leaps into the plateau around 0.
 *
 * Steps can be too large for the minimum, too: its curvature, 2 σ^x Σ_i p_i² in (d), is
 * 2 σ^x (D-1) w^(2(D-2)), here 8 (D-1) / w², and where Δt/τ times that is above 2 Euler's
 * method is unstable: for Δt = 0.01 from D = 28 on, beyond these tables.
 */
static double power(double w, int exponent)
{
    double result = 1;
    for (int k = 0; k < exponent; k++)
        result *= w;
    return result;
}

/* E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1)) */
static double balanced_error(struct statistics s, int D, double w)
{
    return error(s, power(w, D - 1));
}

/* ∂E/∂w_i = 2 (σ^x w^(D-1) - σ^yx) w^(D-2) */
static double balanced_gradient(struct statistics s, int D, double w)
{
    return 2 * (s.sigma_x * power(w, D - 1) - s.sigma_yx) * power(w, D - 2);
}

/* Euler's step for the one equation: w - (1/τ) (∂E/∂w_i) Δt. */
static double balanced_step(struct statistics s, double tau, int D, double w)
{
    return w - 1 / tau * balanced_gradient(s, D, w) * DT;
}

/* The initialisations w(0). */
static const double INITIAL[] = {0.5, 1, 1.1};
enum { INITIALS = sizeof INITIAL / sizeof INITIAL[0] };

static void print_balanced_points(struct statistics s)
{
    title_with("(g)", "fixed_points", s);
    printf("\n# D w E dE/dw_i\n");
    for (int D = 2; D <= DEEPEST; D++) {
        bool positive = s.sigma_yx > 0, odd = D % 2 == 1;
        double root = pow(fabs(best_weight(s)), 1.0 / (D - 1));
        const double w[] = {root, -root, 0};
        const bool fixed[] = {positive, positive == odd, D > 2};
        for (int k = 0; k < 3; k++)
            if (fixed[k])
                printf("%2d %8.6g %6.6g %5.6g\n", D, w[k], balanced_error(s, D, w[k]),
                       plain(balanced_gradient(s, D, w[k])));
    }
}

/* All weights by (f)'s steps, and w by the one equation: are they the same? */
static void print_balance(struct statistics s, double tau)
{
    double w_0 = INITIAL[0];
    title_with("(g)", "balance", s);
    printf(", tau = %g, dt = %g\n# w: the one equation, from %g; w1, last: the first and"
           " last of D - 1 weights that\n# start there; other: the same if w1 starts from"
           " half of it\n# D t w w1 last other_w1 other_last\n",
           tau, DT, w_0);
    for (int D = 2; D <= DEEPEST; D++) {
        double w = w_0;
        double equal[] = {0, w_0, w_0, w_0, w_0, w_0};
        double other[] = {0, w_0 / 2, w_0, w_0, w_0, w_0};
        for (int t = 0; t <= 100; t++) {
            if (t % 50 == 0)
                printf("%2d %4.6g %11.6g %11.6g %11.6g %11.6g %11.6g\n", D, t * DT, w,
                       equal[1], equal[D - 1], other[1], other[D - 1]);
            w = balanced_step(s, tau, D, w);
            euler_step(s, tau, D, equal);
            euler_step(s, tau, D, other);
        }
    }
}

/* Beyond the handout: how these starts fare. */
static void print_training_time(void)
{
    double enough = lowest_error(S) + 0.01;
    title_with("(g)", "training_time", S);
    printf(", tau = %g, dt = %g\n# until E is below %g; - if that takes over %g\n# D",
           TAU, DT, enough, PATIENCE * DT);
    for (int k = 0; k < INITIALS; k++)
        printf(" w(0)=%g", INITIAL[k]);
    printf("\n");
    for (int D = 2; D <= 20; D++) {
        printf("%2d", D);
        for (int k = 0; k < INITIALS; k++) {
            double w = INITIAL[k];
            int t = 0;
            for (; t < PATIENCE && !(balanced_error(S, D, w) < enough); t++)
                w = balanced_step(S, TAU, D, w);
            print_time(t);
        }
        printf("\n");
    }
}

static void part_g(void)
{
    title_with("(g)", "balanced_error", S);
    printf("\n# w E_2 E_3 E_4 E_5 E_6\n");
    for (int k = 0; k <= 80; k++) {
        double w = k / 32.0;
        printf("%7.6g", w);
        for (int D = 2; D <= 6; D++)
            printf(" %10.6g", balanced_error(S, D, w));
        printf("\n");
    }

    title("(g)", "initial_gradient");
    printf("# dE/dw_i moves each weight; dE/dw = (D-1) dE/dw_i is the slope of E(w)\n"
           "# D");
    for (int k = 0; k < INITIALS; k++)
        printf(" dE/dw_i(%g)", INITIAL[k]);
    for (int k = 0; k < INITIALS; k++)
        printf(" dE/dw(%g)", INITIAL[k]);
    printf("\n");
    for (int D = 2; D <= 20; D++) {
        printf("%2d", D);
        for (int k = 0; k < INITIALS; k++)
            printf(" %12.6g", balanced_gradient(S, D, INITIAL[k]));
        for (int k = 0; k < INITIALS; k++)
            printf(" %12.6g", (D - 1) * balanced_gradient(S, D, INITIAL[k]));
        printf("\n");
    }

    print_balanced_points(S);
    print_balanced_points(OTHER);
    print_balance(S, TAU);
    print_balance(OTHER, OTHER_TAU);
    print_training_time();
}

/* The command line */
static const char USAGE[] = "usage: linear_chain [PART ...]\n"
                            "       linear_chain --help\n";

static const char HELP[] =
    "\n"
    "Question 2 of Practical 4: prints the tables of the given parts, a b c d e f g, in\n"
    "the order given; without any, of all. Two blank lines part a table from the next.\n";

int main(int argc, char **argv)
{
    void (*const parts[])(void) = {part_a, part_b, part_c, part_d,
                                   part_e, part_f, part_g};
    bool help = false;
    for (int k = 1; k < argc; k++)
        if (strcmp(argv[k], "--help") == 0) {
            help = true;
        } else if (strlen(argv[k]) != 1 || argv[k][0] < 'a' || argv[k][0] > 'g') {
            fprintf(stderr, "linear_chain: '%s' is not a part, expected a ... g\n%s",
                    argv[k], USAGE);
            return 2;
        }
    if (help)
        printf("%s%s", USAGE, HELP);
    else
        for (int k = 0; k < (argc == 1 ? 7 : argc - 1); k++)
            parts[argc == 1 ? k : argv[k + 1][0] - 'a']();
    if (ferror(stdout) || fclose(stdout) != 0) {
        fprintf(stderr, "linear_chain: standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
