/*
 * Learning dynamics of a chain of linear neurons
 *
 * Question 2 of Andrew Saxe's "Practical 4: Deep Networks". Each section derives what its
 * part asks for and then computes it; a table confirms the derivation.
 *
 *     cc -std=c99 -O3 -o linear_chain linear_chain.c -lm
 *     ./linear_chain            all parts, as tables; --help: single parts, other data
 *
 * The chain has D neurons (o), x and y_hat included, and D - 1 weights between them. Π is
 * a product over these, i = 1 ... D-1. In the code `w[i]` is w_i; `w[0]` is not used.
 *
 *     x --w_1--> o --w_2--> o ... o --w_(D-1)--> y_hat
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* σ^y, σ^yx and σ^x of the data, and τ: by default the handout's, of parts (e) and (f) */
static double sigma_y = 4.5, sigma_yx = 2, sigma_x = 1, tau = 1;

enum { DEEPEST = 6 }; /* the largest D of a chain whose weights may differ */

/* The head of a table. Two blank lines part it from the one before. */
static void title(char part, const char *table)
{
    static const char *before = "";
    printf("%s# Practical 4: Deep Networks, question 2(%c): %s\n", before, part, table);
    if (part >= 'c')
        printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, tau = %g\n", sigma_y,
               sigma_yx, sigma_x, tau);
    before = "\n\n";
}

/* The weights of a chain of depth D, and `-` in the columns that it does not fill. */
static void print_weights(int D, const double *w)
{
    for (int i = 1; i < DEEPEST; i++)
        if (i < D)
            printf(" %7.6g", w[i]);
        else
            printf(" %7s", "-");
}

/* 0 for a value that can only be rounding error, beside numbers of the size of σ^y. */
static double zero_if_tiny(double value)
{
    return fabs(value) < 1e-7 * sigma_y ? 0 : value;
}

/*
 * (a) A linear network of any depth is a shallow one
 *
 * The one-liner: y_hat = w_(D-1) ... w_2 w_1 x = w_s x with w_s = Π_i w_i = w_tot, as
 * multiplication is associative. Depth does change how the weights move in training.
 */

/* Π_{j≠i} w_j: all weights but w_i, or, with i = 0, all */
static double product_without(int i, int D, const double *w)
{
    double product = 1;
    for (int j = 1; j < D; j++)
        if (j != i)
            product *= w[j];
    return product;
}

/* w_tot = w_(D-1) ... w_2 w_1 */
static double total_weight(int D, const double *w) { return product_without(0, D, w); }

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
    const double w[DEEPEST] = {0, 1.5, -0.5, 3, 0.25, -2}, x = 1.25;
    title('a', "shallow_network");
    printf("# x = %g\n# D w1 w2 w3 w4 w5 w_s output_deep output_shallow\n", x);
    for (int D = 2; D <= DEEPEST; D++) {
        double w_s = total_weight(D, w);
        printf("%2d", D);
        print_weights(D, w);
        printf(" %8.6g %10.6g %13.6g\n", w_s, chain_output(D, w, x), w_s * x);
    }
}

/*
 * (b) The error depends on the data only through their second order statistics
 *
 * Put y_hat = w_tot x into equation (1); with <> for the mean over the examples it is
 *
 *     E = <(y - w_tot x)²> = <y²> - 2 w_tot <y x> + w_tot² <x²>
 *       = σ^y - 2 w_tot σ^yx + w_tot² σ^x
 *
 * The table computes E both ways, for data whose means are not 0: σ^x is not a variance.
 */

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

/* E = <y²> - 2 w_tot <y x> + w_tot² <x²> */
static double error_from_means(double yy, double yx, double xx, double w_tot)
{
    return yy - 2 * w_tot * yx + w_tot * w_tot * xx;
}

static void part_b(void)
{
    enum { P = 4 };
    const double x[P] = {3, -1, 1, 1}, y[P] = {5, 0, 2, -1};
    double yy = 0, yx = 0, xx = 0;
    for (int mu = 0; mu < P; mu++) {
        yy += y[mu] * y[mu] / P;
        yx += y[mu] * x[mu] / P;
        xx += x[mu] * x[mu] / P;
    }
    title('b', "error");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, from P = %d examples\n"
           "# w_tot E_from_data E_from_statistics\n",
           yy, yx, xx, P);
    for (double w_tot = -2; w_tot <= 4; w_tot += 0.25)
        printf("%6.6g %11.6g %17.6g\n", w_tot, error_from_data(P, x, y, w_tot),
               error_from_means(yy, yx, xx, w_tot));
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
 * The trap: Π_{j≠i} w_j is not w_tot / w_i where a weight is 0 (in the table, for D = 5).
 * The central difference is exact, as E is quadratic in w_i.
 */

/* E = σ^y - 2 w_tot σ^yx + w_tot² σ^x */
static double error(double w_tot)
{
    return error_from_means(sigma_y, sigma_yx, sigma_x, w_tot);
}

/* ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j */
static double dE_dw(int D, const double *w, int i)
{
    return 2 * (total_weight(D, w) * sigma_x - sigma_yx) * product_without(i, D, w);
}

/* (3): dw_i/dt = -(1/τ) ∂E/∂w_i */
static double dw_dt(int D, const double *w, int i) { return -1 / tau * dE_dw(D, w, i); }

/* E after a step of this length from w in the direction u. */
static double error_along(int D, const double *w, const double *u, double step)
{
    double moved[DEEPEST];
    for (int i = 1; i < D; i++)
        moved[i] = w[i] + step * u[i];
    return error(total_weight(D, moved));
}

static void part_c(void)
{
    title('c', "gradient");
    printf("# D i w_i dE/dw_i central_difference\n");
    for (int D = 2; D <= DEEPEST; D++)
        for (int i = 1; i < D; i++) {
            const double w[DEEPEST] = {0, 1.5, -0.5, 3, D == 5 ? 0 : 0.25, -2};
            double e_i[DEEPEST] = {0};
            e_i[i] = 1;
            double difference = error_along(D, w, e_i, 1) - error_along(D, w, e_i, -1);
            printf("%2d %2d %6.6g %10.6g %18.6g\n", D, i, w[i],
                   zero_if_tiny(dE_dw(D, w, i)), zero_if_tiny(difference / 2));
        }
}

/*
 * (d) The fixed points
 *
 * At a fixed point 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j = 0 for every i. The first factor is
 * the same for all i, so there are two ways. Let σ^x > 0 and σ^yx ≠ 0.
 *
 * First kind: w_tot = σ^yx/σ^x. Completing the square in (b),
 *
 *     E = σ^y - (σ^yx)²/σ^x + σ^x (w_tot - σ^yx/σ^x)²,
 *
 * shows that these are global minima, with E = σ^y - (σ^yx)²/σ^x. D = 2 has one point, D
 * = 3 a hyperbola, D > 3 a surface of D - 2 dimensions.
 *
 * Second kind: Π_{j≠i} w_j = 0 for every i. One weight of 0, say w_k, is not enough: the
 * product for i = k leaves it out. Two are, since every product contains at least one of
 * them. There w_tot = 0 and E = σ^y, as if the network had no output. D = 2 has none, as
 * the product over no weight is 1; D = 3 has the origin; D > 3 all points with two
 * weights 0 and the others anything. (Were σ^yx = 0, one weight of 0 would do, all would
 * be minima, and nothing could be learned.)
 *
 * These are saddles. Let just m weights be 0, and r be the product of the others. If the
 * m move by ±s each, w_tot = ±s^m r, with the sign that we choose. As E - σ^y = -2 σ^yx
 * w_tot + σ^x w_tot², one sign leads down for small s and the other one up. E is as flat
 * as s^m: the more weights are 0, the longer descent lingers.
 *
 * The table moves along unit vectors. Across the minima, along p with p_i = ∂w_tot/∂w_i,
 * the curvature of E is 2 σ^x |p|²; along (w_1, -w_2, 0, ...), at right angles to p, it
 * is 0. At a saddle with m = 2 it is -2 σ^yx r if the zeros move alike, by s/√2 each, and
 * 2 σ^yx r if they move against each other; with m > 2 it is 0.
 */

/* The w_tot of the minima. */
static double best_weight(void) { return sigma_yx / sigma_x; }

static double length(int D, const double *u)
{
    double squares = 0;
    for (int i = 1; i < D; i++)
        squares += u[i] * u[i];
    return sqrt(squares);
}

/* A row: the point w, and how E changes along u, with the curvature in two ways. */
static void print_moving(int D, const double *w, const char *kind, const char *direction,
                         const double *u, double closed_form)
{
    const double s = 1 / 4.0, h = 1 / 4096.0;
    double E = error(total_weight(D, w)), gradient[DEEPEST], unit[DEEPEST];
    for (int i = 1; i < D; i++) {
        gradient[i] = dE_dw(D, w, i);
        unit[i] = u[i] / length(D, u);
    }
    double second = error_along(D, w, unit, h) - 2 * E + error_along(D, w, unit, -h);
    printf("%2d %7s", D, kind);
    print_weights(D, w);
    printf(" %6.6g %5.6g %8s %12.6g %12.6g %9.6g %9.6g\n", E,
           zero_if_tiny(length(D, gradient)), direction, error_along(D, w, unit, -s) - E,
           error_along(D, w, unit, s) - E, zero_if_tiny(second / (h * h)), closed_form);
}

static void part_d(void)
{
    title('d', "fixed_points");
    printf("# first kind: w_tot = %g, E = %g; second, two zeros or more: E = %g\n"
           "# moving by s = 0.25; curvature: a second difference\n"
           "# D kind w1 w2 w3 w4 w5 E |gradient| direction E(-s)-E E(+s)-E curvature"
           " closed_form\n",
           best_weight(), error(best_weight()), error(0));
    for (int D = 2; D <= DEEPEST; D++) {
        double w[DEEPEST] = {0, 0, 2, -0.5, -1, 4}, p[DEEPEST];
        w[1] = best_weight() / product_without(1, D, w);
        for (int i = 1; i < D; i++)
            p[i] = product_without(i, D, w);
        const double along[DEEPEST] = {0, w[1], -w[2]};
        print_moving(D, w, "first", "across", p,
                     2 * sigma_x * length(D, p) * length(D, p));
        if (D > 2)
            print_moving(D, w, "first", "along", along, 0);

        double alike[DEEPEST] = {0, 1}, against[DEEPEST] = {0, -1};
        w[1] = w[2] = 1;
        double r = total_weight(D, w), curvature = 2 * sigma_yx * r;
        w[1] = 0;
        for (int m = 2; m < D; m++) {
            w[m] = 0;
            alike[m] = against[m] = 1;
            print_moving(D, w, "second", "alike", alike, m == 2 ? -curvature : 0);
            print_moving(D, w, "second", "against", against, m == 2 ? curvature : 0);
        }
    }
}

/*
 * (e) The phase portrait of D = 3: E(w_1, w_2) and the fixed points
 *
 * By (d) the minima are the two branches of the hyperbola w_1 w_2 = σ^yx/σ^x = 2. They
 * are global ones, E = 0.5. The origin, E = σ^y = 4.5, is a saddle: E has the curvature
 * -2 σ^yx = -4 along w_1 = w_2, where it falls towards both branches, and 4 along w_1 =
 * -w_2, where it rises. There is no other fixed point, so no other minimum, no maximum.
 * expected/figures/surface.png shows it. (Steps of powers of two have exact sums.)
 */
static const double EDGE = 2.5; /* w_1 and w_2 lie in [-2.5, 2.5] */

static void print_error(double w1, double w2)
{
    printf("%8.6g %8.6g %10.6g\n", w1, w2, error(w1 * w2));
}

static void part_e(void)
{
    title('e', "error_surface");
    printf("# w1 w2 E\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 16.0)
            print_error(w1, w2);
        printf("%s", w1 < EDGE ? "\n" : "");
    }

    title('e', "minima");
    printf("# w1 * w2 = %g in the square\n# w1 w2 E\n", best_weight());
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0)
        if (w1 == 0)
            printf("\n"); /* between the branches */
        else if (fabs(best_weight() / w1) <= EDGE)
            print_error(w1, best_weight() / w1);

    title('e', "saddle");
    printf("# w1 w2 E\n");
    print_error(0, 0);

    title('e', "flow");
    printf("# w1 w2 dw1/dt dw2/dt\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 4.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 4.0) {
            const double w[] = {0, w1, w2};
            printf("%8.6g %8.6g %10.6g %10.6g\n", w1, w2, zero_if_tiny(dw_dt(3, w, 1)),
                   zero_if_tiny(dw_dt(3, w, 2)));
        }
        printf("%s", w1 < EDGE ? "\n" : "");
    }
}

/*
 * (f) Gradient descent, step by step
 *
 * expected/figures/trajectories.png shows the three runs, over time and in phase space.
 *
 * Does training ever fail? Let σ^yx > 0. Run 1 starts beside the saddle, where E hardly
 * moves for a long time; then it falls. Run 2 is deflected by the saddle. Both end in a
 * minimum. Run 3 starts at w_1 = -w_2, where both weights shrink at the same rate: it
 * fails, running into the saddle. But the flow (3) conserves w_1² - w_2², as by (c)
 *
 *     τ d(w_1²)/dt = 2 w_1 τ dw_1/dt = 4 (σ^yx - w_tot σ^x) w_1 w_2 = τ d(w_2²)/dt.
 *
 * At the saddle w_1² = w_2². So only starts with w_1 = w_2 or w_1 = -w_2 can lead there,
 * and the former lead away (the latter if σ^yx < 0). One diagonal is all of the saddle's
 * stable manifold: in the plane it has measure zero, and a random start misses it.
 */
static const double DT = 0.01;

/* w_i[t+1] <- w_i[t] - (1/τ) (∂E/∂w_i) Δt, which by (3) is w_i[t] + (dw_i/dt) Δt. All
   derivatives at w[t], and by one expression: else rounding loses w_1 = -w_2 in run 3. */
static void euler_step(int D, double *w)
{
    double velocity[DEEPEST];
    for (int i = 1; i < D; i++)
        velocity[i] = dw_dt(D, w, i);
    for (int i = 1; i < D; i++)
        w[i] = w[i] + velocity[i] * DT;
}

/* A NaN, of weights that diverge, without its sign, which differs between processors. */
static double shown(double value) { return isnan(value) ? fabs(value) : value; }

static void print_trajectory(const char *name, double w1, double w2)
{
    double w[] = {0, w1, w2};
    title('f', name);
    printf("# D = 3, w1(0) = %g, w2(0) = %g, dt = %g\n# t w1 w2 E\n", w1, w2, DT);
    for (int t = 0; t <= 1000; t++) {
        double E = error(total_weight(3, w));
        printf("%5.6g %12.6g %12.6g %10.6g\n", t * DT, shown(w[1]), shown(w[2]),
               shown(E));
        euler_step(3, w);
    }
}

static void print_escape(void); /* beyond the handout, at the end */
static void part_f(void)
{
    print_trajectory("trajectory_1", 0.001, 0.001);
    print_trajectory("trajectory_2", 2.1, -2);
    print_trajectory("trajectory_3", 2, -2);
    print_escape();
}

/*
 * (g) The balanced chain: all weights equal
 *
 * If all w_j are the same number w, then ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) w^(D-2) for every
 * i. So if w(t) solves that one equation, w_i(t) = w(t) solves all D - 1 equations (3),
 * and the solution from a given start is unique: equal weights stay equal.
 *
 *     error           E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1))
 *     dynamics        τ dw/dt = -∂E/∂w_i = 2 (σ^yx - σ^x w^(D-1)) w^(D-2)
 *     fixed points    w^(D-1) = σ^yx/σ^x, and for D > 2 also w = 0
 *
 * The trap: τ dw/dt is not -dE(w)/dw. To move w is to move all D - 1 weights, so that
 * dE(w)/dw = (D-1) ∂E/∂w_i, and descending E(w) would be D - 1 times too fast.
 *
 * If D is even, w^(D-1) = σ^yx/σ^x has one real root, with the sign of σ^yx. If D is odd
 * it has two, ± (σ^yx/σ^x)^(1/(D-1)), if σ^yx > 0, and none if σ^yx < 0, as w_tot >= 0.
 * (So negative w flip the output for even D, not for odd D, as the handout has it.) Near
 * w = 0 E(w) ≈ σ^y - 2 σ^yx w^(D-1): for σ^yx > 0, w = 0 is a maximum if D is odd, an
 * inflection if D > 2 is even; for σ^yx < 0 and D > 2 all starts w > 0 end there.
 *
 * As D grows, the gradient at the start does this (expected/figures/balanced.png):
 *
 *     w(0) = 1/2    It vanishes, nearly halved by each layer: deep chains hardly learn.
 *     w(0) = 1      It is 2 (σ^x - σ^yx) = -2 at any depth: learning stays fast.
 *     w(0) = 1.1    It shrinks to -0.18 at D = 8, as the minimum, 2^(1/(D-1)), comes
 *                   nearer. From D = 9 on the start lies beyond that: the gradient has
 *                   changed sign, and explodes: in the end steps leap too far.
 */

/* Multiplied out, so that rounding is the same with every C library's pow(). */
static double power(double w, int exponent)
{
    double result = 1;
    for (int k = 0; k < exponent; k++)
        result *= w;
    return result;
}

/* E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1)) */
static double balanced_error(int D, double w) { return error(power(w, D - 1)); }

/* ∂E/∂w_i = 2 (σ^x w^(D-1) - σ^yx) w^(D-2) */
static double balanced_gradient(int D, double w)
{
    return 2 * (sigma_x * power(w, D - 1) - sigma_yx) * power(w, D - 2);
}

/* The weights by (f)'s steps up to t = 1, and w by the one equation: all should agree. */
static void print_balance(int D)
{
    double w = 0.5, all[DEEPEST] = {0, w, w, w, w, w};
    for (int t = 0; t < 100; t++) {
        w += -1 / tau * balanced_gradient(D, w) * DT; /* Euler's step */
        euler_step(D, all);
    }
    printf("%2d %11.6g %11.6g %11.6g\n", D, shown(w), shown(all[1]), shown(all[D - 1]));
}

/* Of 0 and the two roots, those at which the gradient is 0. */
static void print_balanced_points(int D)
{
    double root = pow(fabs(best_weight()), 1.0 / (D - 1));
    const double w[] = {root, -root, 0};
    for (int k = 0; k < 3; k++)
        if (fabs(balanced_gradient(D, w[k]))
            <= 1e-9 * fabs(sigma_yx * power(w[k], D - 2)))
            printf("%2d %8.6g %6.6g\n", D, w[k], balanced_error(D, w[k]));
}

enum { MOST_LAYERS = 20 };
static const double STARTS[] = {0.5, 1, 1.1}; /* w(0) */
static void print_training_time(void);        /* beyond the handout, at the end */

static void part_g(void)
{
    title('g', "balanced_error");
    printf("# w E_2 E_3 E_4 E_5 E_6\n");
    for (double w = 0; w <= 2.5; w += 1 / 32.0) {
        printf("%7.6g", w);
        for (int D = 2; D <= DEEPEST; D++)
            printf(" %10.6g", balanced_error(D, w));
        printf("\n");
    }

    title('g', "initial_gradient");
    printf("# dE/dw_i moves each weight; dE/dw = (D-1) dE/dw_i is the slope of E(w)\n"
           "# D dE/dw_i(%g) dE/dw_i(%g) dE/dw_i(%g) dE/dw(%g) dE/dw(%g) dE/dw(%g)\n",
           STARTS[0], STARTS[1], STARTS[2], STARTS[0], STARTS[1], STARTS[2]);
    for (int D = 2; D <= MOST_LAYERS; D++) {
        printf("%2d", D);
        for (int k = 0; k < 3; k++)
            printf(" %12.6g", balanced_gradient(D, STARTS[k]));
        for (int k = 0; k < 3; k++)
            printf(" %12.6g", (D - 1) * balanced_gradient(D, STARTS[k]));
        printf("\n");
    }

    title('g', "balanced_fixed_points");
    printf("# D w E\n");
    for (int D = 2; D <= DEEPEST; D++)
        print_balanced_points(D);

    title('g', "balance");
    printf("# from 0.5, t = 1, dt = %g\n# D w first_weight last_weight\n", DT);
    for (int D = 2; D <= DEEPEST; D++)
        print_balance(D);
    print_training_time();
}

/*
 * Beyond the handout: how long does it take?
 *
 * Table `escape` starts beside the diagonal that leads into the saddle, w_2 being off by
 * a. Near the saddle w_tot can be neglected in (3), so that w_1 ± w_2 (the sign of σ^yx)
 * grows as exp(2 |σ^yx| t/τ): the time to get away grows only with the logarithm of 1/a.
 *
 * Table `training_time` tells how the starts of (g) fare. With the handout's numbers 1/2
 * is fastest at D = 4; then the time grows, in the end by a factor near 2 a layer. 1 is
 * ever faster, as each weight has less far to go, and so is 1.1 up to D = 8. From D = 12
 * on its first step leaps over the minimum, at D = 20 into the plateau around 0.
 */
enum { PATIENCE = 200000 }; /* steps that we wait */

static void print_escape(void)
{
    double m = best_weight();
    title('f', "escape");
    printf("# from w1 = 2, w2 = %s until w_tot is half of %g, dt = %g\n# a t\n",
           m > 0 ? "a - 2" : "2 - a", m, DT);
    for (double a = 1 / 16.0; a > 1e-10; a /= 16) {
        double w[] = {0, 2, m > 0 ? a - 2 : 2 - a};
        int t = 0;
        for (; t < PATIENCE && !(total_weight(3, w) / m >= 0.5); t++)
            euler_step(3, w);
        printf("%11.6g %8.6g\n", a, t * DT);
    }
}

static void print_training_time(void)
{
    double lowest = error(best_weight()), enough = lowest + (sigma_y - lowest) / 400;
    title('g', "training_time");
    printf("# until E is below %g, dt = %g; %g if it takes longer than that\n"
           "# D w(0)=%g w(0)=%g w(0)=%g\n",
           enough, DT, PATIENCE * DT, STARTS[0], STARTS[1], STARTS[2]);
    for (int D = 2; D <= MOST_LAYERS; D++) {
        printf("%2d", D);
        for (int k = 0; k < 3; k++) {
            double w = STARTS[k];
            int t = 0;
            for (; t < PATIENCE && !(balanced_error(D, w) < enough); t++)
                w += -1 / tau * balanced_gradient(D, w) * DT;
            printf(" %8.6g", t * DT);
        }
        printf("\n");
    }
}

/* The command line */
static const char USAGE[] =
    "usage: linear_chain [OPTION VALUE ...] [PART ...]; PART is a ... g, default all\n"
    "options of c ... g, and defaults: --sigma-y 4.5 --sigma-yx 2 --sigma-x 1 --tau 1\n";

/* Unless it is right: the problem, the usage, and status 2. */
static void demand(bool right, const char *what, const char *problem)
{
    if (right)
        return;
    fprintf(stderr, "linear_chain: %s %s\n%s", what, problem, USAGE);
    exit(2);
}

int main(int argc, char **argv)
{
    void (*const parts[])(void) = {part_a, part_b, part_c, part_d,
                                   part_e, part_f, part_g};
    const char *names[] = {"--sigma-y", "--sigma-yx", "--sigma-x", "--tau"};
    double *const values[] = {&sigma_y, &sigma_yx, &sigma_x, &tau};
    int chosen = 0; /* parts; they are collected in argv[0], argv[1], ... */
    for (int k = 1; k < argc; k++) {
        int n = 0;
        while (n < 4 && strcmp(argv[k], names[n]) != 0)
            n++;
        if (n < 4) {
            char *end;
            *values[n] = strtod(++k < argc ? argv[k] : "", &end);
            demand(isfinite(*values[n]) && k < argc && end != argv[k] && *end == '\0',
                   names[n], "expects a finite number");
        } else if (strcmp(argv[k], "--help") == 0 || strcmp(argv[k], "-h") == 0) {
            return fputs(USAGE, stdout) == EOF || fflush(stdout) != 0;
        } else {
            demand(argv[k][0] >= 'a' && argv[k][0] <= 'g' && argv[k][1] == '\0', argv[k],
                   "is neither an option nor a part, a ... g");
            argv[chosen++] = argv[k];
        }
    }
    demand(sigma_x > 0 && tau > 0, "--sigma-x and --tau", "have to be above 0");
    demand(sigma_yx != 0, "--sigma-yx", "must not be 0: there is nothing to learn");
    /* Else the lowest E in (d) were negative, but E is a mean of squares. */
    demand(sigma_yx * sigma_yx <= sigma_y * sigma_x, "--sigma-yx",
           "is too large: no data have sigma_yx^2 > sigma_y sigma_x");
    for (int k = 0; k < (chosen == 0 ? 7 : chosen); k++)
        parts[chosen == 0 ? k : argv[k][0] - 'a']();
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written)
        fprintf(stderr, "linear_chain: standard output: %s\n", strerror(errno));
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
