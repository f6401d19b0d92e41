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
 * is not used. Π is a product over such i. All decimal fractions of the settings are sums
 * of powers of two where that was possible: then the tables show no rounding of the
 * machine's.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32, LARGEST = 6 }; /* depths: of any chain, and of those written out */

/* The second order statistics of a data set; <> is the mean over its P examples. */
struct statistics {
    double sigma_y;  /* <y²> */
    double sigma_yx; /* <y x> */
    double sigma_x;  /* <x²> */
};

/* Those of parts (e), (f) and (g), and the time constant of the dynamics (3). */
static const struct statistics S = {4.5, 2, 1};
static const double TAU = 1;

/* Every table begins with these comment lines; then come the names of its columns. */
static void title(const char *part, const char *table)
{
    printf("# Practical 4: Deep Networks, question 2%s: %s\n", part, table);
}

/* 0 for the -0 and the 1e-16 that rounding leaves where 0 is meant. */
static double plain(double value)
{
    return fabs(value) < 1e-9 ? 0 : value;
}

/* Two blank lines part the tables of a stream (gnuplot's `index` counts them). */
static void next_table(void)
{
    printf("\n\n");
}

/* The weights of a chain of depth D, and `-` in the columns of the deepest chain's. */
static void print_weights(int D, const double *w)
{
    for (int i = 1; i < LARGEST; i++)
        if (i < D)
            printf(" %7.6g", w[i]);
        else
            printf(" %7s", "-");
}

/*
 * (a) A linear network of any depth is a shallow one
 *
 * The one-liner: y_hat = w(D-1) ... w2 w1 x = w_s x with w_s = Π_i w_i. Multiplication is
 * associative, so the product of the weights may be taken before x is known. The other
 * way round, the shallow weight w_s is any depth's chain (w_s, 1, ..., 1). So the
 * functions that a chain can express are y_hat = w_s x for real w_s, whatever D. What
 * depth does change is how the weights move when they learn; that is the rest of the
 * question.
 *
 * The table has two chains of each depth: one with weights that differ, and one that
 * takes the first one's w_s apart as (w_s, 1, ..., 1).
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

static void print_equivalent(int D, const double *w, double x)
{
    double w_s = total_weight(D, w);
    printf("%2d", D);
    print_weights(D, w);
    printf(" %8.6g %10.6g %13.6g\n", w_s, chain_output(D, w, x), w_s * x);
}

static void part_a(void)
{
    const double w[LARGEST] = {0, 1.5, -0.5, 3, 0.25, -2};
    const double x = 1.25;
    title("(a)", "the equivalent shallow network");
    printf("# x = %g; of each depth a chain, and its w_s taken apart as (w_s, 1, ...)\n"
           "# D w1 w2 w3 w4 w5 w_s output_deep output_shallow\n",
           x);
    for (int D = 2; D <= LARGEST; D++) {
        double same[LARGEST] = {0, total_weight(D, w), 1, 1, 1, 1};
        print_equivalent(D, w, x);
        print_equivalent(D, same, x);
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
 * Nothing else of the data is left. The table computes E both ways, with a data set whose
 * statistics are those of part (e): <x²> = 1, and y = 2x + r with <r x> = 0, <r²> = 1/2.
 */
enum { P = 8 };
static const double x[P] = {2, -1, 1, -1, 0.5, 0.5, -0.5, 0.5};
static const double y[P] = {4, -1, 3, -2, 2, 0, -1, 1};

/* <a b> */
static double mean_product(const double *a, const double *b)
{
    double sum = 0;
    for (int mu = 0; mu < P; mu++)
        sum += a[mu] * b[mu];
    return sum / P;
}

/* (1): E = 1/P Σ_mu (y^mu - y_hat^mu)² */
static double error_from_data(double w_tot)
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
    struct statistics s = {mean_product(y, y), mean_product(y, x), mean_product(x, x)};
    title("(b)", "the error from the data and from their statistics");
    printf("# P = %d examples with sigma_y = %g, sigma_yx = %g, sigma_x = %g\n"
           "# w_tot E_from_data E_from_statistics\n",
           P, s.sigma_y, s.sigma_yx, s.sigma_x);
    for (int k = -8; k <= 16; k++) {
        double w_tot = k / 4.0;
        printf("%6.6g %11.6g %17.6g\n", w_tot, error_from_data(w_tot), error(s, w_tot));
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
 * The trap is to write Π_{j≠i} w_j as w_tot / w_i: where a weight is 0 that is 0/0,
 * though the derivative is perfectly finite, and it is there that deep chains have their
 * saddles.
 *
 * E is quadratic in each single weight, so a central difference is not an approximation
 * here but exact, with any step; the table takes 1/8.
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

/* [E(w_i + step) - E(w_i - step)] / (2 step) */
static double central_difference(struct statistics s, int D, const double *w, int i,
                                 double step)
{
    double above[LARGEST], below[LARGEST];
    memcpy(above, w, sizeof above);
    memcpy(below, w, sizeof below);
    above[i] += step;
    below[i] -= step;
    double E_above = error(s, total_weight(D, above));
    double E_below = error(s, total_weight(D, below));
    return (E_above - E_below) / (2 * step);
}

/* Other statistics than S, whose σ^x = 1 would hide a forgotten σ^x. */
static const struct statistics OTHER = {3, -0.75, 0.5};

/* A chain of each depth D = 2 ... 6, at which derivatives are compared. */
static const double CHAINS[][LARGEST] = {{0, 1.5},
                                         {0, 0.5, -2},
                                         {0, 1.5, 0, -0.5},
                                         {0, -1.5, 0.5, -1, 2},
                                         {0, 0.5, -3, 2, -1, -1.5}};

static void part_c(void)
{
    const double step = 0.125;
    title("(c)", "the gradient and central differences");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g; D = 4 has a weight of 0\n"
           "# D i w_i dE/dw_i central_difference\n",
           OTHER.sigma_y, OTHER.sigma_yx, OTHER.sigma_x);
    for (int D = 2; D <= LARGEST; D++) {
        const double *w = CHAINS[D - 2];
        for (int i = 1; i < D; i++)
            printf("%2d %2d %6.6g %10.6g %18.6g\n", D, i, w[i],
                   plain(dE_dw(OTHER, D, w, i)),
                   plain(central_difference(OTHER, D, w, i, step)));
    }
}

/*
 * (d) The fixed points
 *
 * At a fixed point all ∂E/∂w_i vanish: 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j = 0 for every i.
 * The first factor is the same for all i, so there are two ways.
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
 * product for i = k leaves it out, so ∂E/∂w_k is not 0. Two weights of 0 are enough,
 * since every product contains at least one of them. So
 *
 *     D = 2    has none: the product over no weight at all is 1. With σ^x > 0 there is
 *              exactly one fixed point, the minimum.
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
 * with p_i = Π_{k≠i} w_k.
 *
 * First kind: only the first term is left, 2 σ^x p pᵀ. It has the eigenvalue 2 σ^x Σ_i
 * p_i² > 0 across the surface of minima, and 0, D - 2 times, along it. That the points
 * are minima, and global ones, is known from completing the square.
 *
 * Second kind, exactly two weights 0, say w_k and w_l: all p_i = 0, and of H only H_kl =
 * H_lk = -2 σ^yx Π_{j≠k,l} w_j is left. Its eigenvalues are |H_kl|, -|H_kl| and 0: up in
 * one direction and down in another, a saddle.
 *
 * Second kind, three weights 0 or more: each product in H leaves out at most two of them,
 * so H = 0 and says nothing. For D > 3 the origin is such a point. It is a saddle all the
 * same. Move the m weights that are 0 by ±s: w_tot becomes ±s^m times the others, and the
 * sign is ours to choose. As E - σ^y = -2 σ^yx w_tot + σ^x w_tot², for small s one sign
 * leads down and the other one up. (If σ^yx were 0, E = σ^y would be the minimum.) But
 * the way down is as flat as s^m: the more weights are 0, the longer gradient descent
 * stays. The second table takes such steps, s = 1/4.
 */

/* H_ij, as above. */
static double second_derivative(struct statistics s, int D, const double *w, int i, int j)
{
    double H = 2 * s.sigma_x * product_without(D, w, i, i) * product_without(D, w, j, j);
    if (i != j)
        H += 2 * (total_weight(D, w) * s.sigma_x - s.sigma_yx)
             * product_without(D, w, i, j);
    return H;
}

/* [∂E/∂w_i(w_j + step) - ∂E/∂w_i(w_j - step)] / (2 step) */
static double central_difference_of_gradient(struct statistics s, int D, const double *w,
                                             int i, int j, double step)
{
    double above[LARGEST], below[LARGEST];
    memcpy(above, w, sizeof above);
    memcpy(below, w, sizeof below);
    above[j] += step;
    below[j] -= step;
    return (dE_dw(s, D, above, i) - dE_dw(s, D, below, i)) / (2 * step);
}

/*
 * The least and the largest eigenvalue of the Hessian, by Jacobi's method: turn the
 * coordinates in one plane (p, q) after another, each time by the angle that makes H_pq
 * vanish. The matrix becomes diagonal, and the diagonal holds the eigenvalues. Thirty
 * rounds are ample for 5 x 5. (Golub and Van Loan, Matrix Computations, section 8.5.)
 */
static void eigenvalues(struct statistics s, int D, const double *w, double *least,
                        double *largest)
{
    double H[LARGEST][LARGEST] = {{0}};
    for (int i = 1; i < D; i++)
        for (int j = 1; j < D; j++)
            H[i][j] = second_derivative(s, D, w, i, j);

    for (int round = 0; round < 30; round++)
        for (int p = 1; p < D; p++)
            for (int q = p + 1; q < D; q++) {
                double angle = 0.5 * atan2(2 * H[p][q], H[q][q] - H[p][p]);
                double c = cos(angle);
                double d = sin(angle);
                for (int k = 1; k < D; k++) { /* columns p and q: H <- H R */
                    double Hp = H[k][p];
                    double Hq = H[k][q];
                    H[k][p] = c * Hp - d * Hq;
                    H[k][q] = d * Hp + c * Hq;
                }
                for (int k = 1; k < D; k++) { /* rows p and q: H <- Rᵀ H */
                    double Hp = H[p][k];
                    double Hq = H[q][k];
                    H[p][k] = c * Hp - d * Hq;
                    H[q][k] = d * Hp + c * Hq;
                }
            }
    *least = H[1][1];
    *largest = H[1][1];
    for (int i = 2; i < D; i++) {
        *least = fmin(*least, H[i][i]);
        *largest = fmax(*largest, H[i][i]);
    }
}

struct fixed_point {
    int D;
    double w[LARGEST];
};

/* Points of both kinds; of the second kind with all numbers of zeros that D allows. */
static const struct fixed_point FIXED_POINTS[] = {
    {2, {0, 2}},
    {3, {0, 1, 2}},
    {3, {0, -0.5, -4}},
    {3, {0, 0, 0}},
    {4, {0, 1, 2, 1}},
    {4, {0, -0.5, 4, -1}},
    {4, {0, 0, 0, 1.5}},
    {4, {0, 0, -0.5, 0}},
    {4, {0, 0, 0, 0}},
    {5, {0, 1, 2, 1, 1}},
    {5, {0, 0, 1.5, 0, -2}},
    {5, {0, 0, 0, 3, 0}},
    {5, {0, 0, 0, 0, 0}},
    {6, {0, 1, 2, 1, 1, 1}},
    {6, {0, 1, 0, 0, -2, 0.5}},
    {6, {0, 0, 0, 0, 1, 1}},
    {6, {0, 0, 0, 0, 0, 0}},
};
enum { POINTS = sizeof FIXED_POINTS / sizeof FIXED_POINTS[0] };

static int zero_weights(const struct fixed_point *point)
{
    int zeros = 0;
    for (int i = 1; i < point->D; i++)
        zeros += point->w[i] == 0;
    return zeros;
}

/* What the eigenvalues and the least possible E together say. */
static const char *verdict(double least, double largest, double E)
{
    if (least < 0 && largest > 0)
        return "saddle";
    if (E == S.sigma_y - S.sigma_yx * S.sigma_yx / S.sigma_x)
        return "global_minimum";
    return "undecided";
}

/* A row of the first table. */
static void print_fixed_point(const struct fixed_point *point)
{
    int D = point->D;
    const double *w = point->w;
    double E = error(S, total_weight(D, w));
    double squares = 0;
    for (int i = 1; i < D; i++)
        squares += dE_dw(S, D, w, i) * dE_dw(S, D, w, i);
    double least, largest;
    eigenvalues(S, D, w, &least, &largest);
    least = plain(least);
    largest = plain(largest);
    printf("%2d %7s", D, zero_weights(point) == 0 ? "first" : "second");
    print_weights(D, w);
    printf(" %6.6g %8.6g %8.6g %9.6g %s\n", E, sqrt(squares), least, largest,
           verdict(least, largest, E));
}

/* E after all weights that are 0 have moved by s, the first one by first_sign * s. */
static double error_beside(const struct fixed_point *point, double s, double first_sign)
{
    double w[LARGEST];
    memcpy(w, point->w, sizeof w);
    double sign = first_sign;
    for (int i = 1; i < point->D; i++)
        if (w[i] == 0) {
            w[i] = sign * s;
            sign = 1;
        }
    return error(S, total_weight(point->D, w));
}

/*
 * H_ij away from the fixed points, where both of its terms count. ∂E/∂w_i is quadratic in
 * each weight, so once more the central difference is exact.
 */
static void print_hessian(void)
{
    const double step = 0.125;
    title("(d)", "the Hessian and central differences");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, at the weights of part (c)\n"
           "# D i j H_ij central_difference\n",
           OTHER.sigma_y, OTHER.sigma_yx, OTHER.sigma_x);
    for (int D = 2; D <= LARGEST; D++)
        for (int i = 1; i < D; i++)
            for (int j = i; j < D; j++) {
                const double *w = CHAINS[D - 2];
                printf("%2d %2d %2d %10.6g %18.6g\n", D, i, j,
                       plain(second_derivative(OTHER, D, w, i, j)),
                       plain(central_difference_of_gradient(OTHER, D, w, i, j, step)));
            }
}

/* E one step beside the points of the second kind. */
static void print_saddles(void)
{
    const double s = 0.25;
    title("(d)", "the second kind are saddles, also where the Hessian is 0");
    printf("# all weights that are 0 move by s = %g: the sign of one of them decides\n"
           "# D w1 w2 w3 w4 w5 zero_weights E(+s)-E E(-s)-E\n",
           s);
    for (int k = 0; k < POINTS; k++) {
        const struct fixed_point *point = &FIXED_POINTS[k];
        if (zero_weights(point) == 0)
            continue;
        double E = error(S, total_weight(point->D, point->w));
        printf("%2d", point->D);
        print_weights(point->D, point->w);
        printf(" %6d %13.6g %11.6g\n", zero_weights(point), error_beside(point, s, 1) - E,
               error_beside(point, s, -1) - E);
    }
}

static void part_d(void)
{
    title("(d)", "fixed points");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g; lowest possible E = %g\n"
           "# first kind: w_tot = sigma_yx / sigma_x; second: two weights or more are 0\n"
           "# D kind w1 w2 w3 w4 w5 E |gradient| least_eigenvalue largest verdict\n",
           S.sigma_y, S.sigma_yx, S.sigma_x,
           S.sigma_y - S.sigma_yx * S.sigma_yx / S.sigma_x);
    for (int k = 0; k < POINTS; k++)
        print_fixed_point(&FIXED_POINTS[k]);

    next_table();
    print_saddles();
    next_table();
    print_hessian();
}

/*
 * (e) The phase portrait of D = 3: E(w1, w2) and its fixed points
 *
 * With σ^y = 4.5, σ^yx = 2, σ^x = 1 the fixed points of (d) are the hyperbola w1 w2 = 2,
 * in two branches, and the origin. On the hyperbola E = 0.5, its lowest value: global
 * minima, flat along the curve. At the origin E = 4.5 and H = ((0, -4), (-4, 0)), with
 * the eigenvalue -4 along (1, 1), where E falls towards the minima on both sides, and +4
 * along (1, -1), where it rises: a saddle. There is no other fixed point, so no local
 * minimum that is not global, and no maximum.
 */
enum { FINE = 16, EDGE = 5 * FINE / 2 }; /* grid points in a unit of w, and in 2.5 */

/* A row of the tables: w1, w2, E. */
static void print_point(double w1, double w2)
{
    const double w[] = {0, w1, w2};
    printf("%8.6g %8.6g %10.6g\n", w1, w2, error(S, total_weight(3, w)));
}

static void print_surface(void)
{
    title("(e)", "error_surface");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, D = 3\n# w1 w2 E\n", S.sigma_y,
           S.sigma_yx, S.sigma_x);
    for (int k1 = -EDGE; k1 <= EDGE; k1++) {
        for (int k2 = -EDGE; k2 <= EDGE; k2++)
            print_point((double)k1 / FINE, (double)k2 / FINE);
        if (k1 < EDGE)
            printf("\n");
    }
}

/* The hyperbola inside the square; a blank line parts its two branches. */
static void print_minima(void)
{
    title("(e)", "minima");
    printf("# global minima: the two branches of the curve w1 w2 = sigma_yx / sigma_x\n"
           "# w1 w2 E\n");
    for (int k1 = -EDGE; k1 <= EDGE; k1++) {
        double w1 = (double)k1 / FINE;
        double w2 = S.sigma_yx / S.sigma_x / w1;
        if (k1 == 0)
            printf("\n");
        else if (fabs(w2) <= 2.5)
            print_point(w1, w2);
    }
}

static void print_saddle(void)
{
    const double origin[] = {0, 0, 0};
    double least, largest;
    eigenvalues(S, 3, origin, &least, &largest);
    title("(e)", "saddle");
    printf("# eigenvalues of the Hessian there: %.6g and %.6g\n# w1 w2 E\n", least,
           largest);
    print_point(origin[1], origin[2]);
}

static void part_e(void)
{
    print_surface();
    next_table();
    print_minima();
    next_table();
    print_saddle();
}

/*
 * (f) Gradient descent, step by step
 *
 * Euler's method with steps of Δt: w_i[t+1] <- w_i[t] - (1/τ) (∂E/∂w_i) Δt, for all i at
 * once: both derivatives are taken at w[t], before either weight moves.
 *
 * Three things are known about the flow (3) for D = 3, and show how well Euler follows
 * it.
 *
 * It conserves w1² - w2². From (c), τ d(w1²)/dt = 2 w1 · 2 (σ^yx - w_tot σ^x) w2; the
 * same comes out for w2², so the difference stays. The trajectories run along the
 * hyperbolas w1² - w2² = const, or along a diagonal where the constant is 0.
 *
 * On the diagonal w1 = w2 = w the product w_tot = w² obeys
 *
 *     τ dw_tot/dt = 2 w · 2 (σ^yx - w_tot σ^x) w = 4 w_tot (σ^yx - w_tot σ^x).
 *
 * That is logistic growth towards m = σ^yx/σ^x:
 *
 *     w_tot(t) = m / (1 + (m/w_tot(0) - 1) exp(-4 σ^yx t/τ)).
 *
 * Half of m is reached when the term behind the 1 has come down to 1, at
 *
 *     t_half = τ/(4 σ^yx) ln(m/w_tot(0) - 1).
 *
 * To start ten times nearer to the saddle, w_tot(0) a hundredth, costs
 * τ/(4 σ^yx) ln 100 = 0.58 more: the wait grows only as a logarithm, but without bound.
 *
 * On the other diagonal, w1 = -w2, the flow runs into the saddle and stays there: this is
 * the saddle's stable manifold.
 *
 * Which runs succeed? The first starts beside the saddle, on the diagonal that leads
 * away: it waits for 1.8 units of time, then falls into a minimum, all at once. The
 * second comes near the saddle and is deflected into a minimum. The third starts on the
 * stable manifold and fails: it ends in the saddle, with E = 4.5, and no further step
 * gets it out.
 *
 * That failure needs w1 = -w2 to the last bit. Near the origin (w1 + w2)/2 grows as
 * exp(4t) while (w1 - w2)/2 dies out as exp(-4t), so an asymmetry that is half as large
 * is found out ln(2)/4 = 0.17 later, 17 steps. By the last table, one bit in the last
 * place of a double, k = 52, would be found out between t = 8 and t = 8.5. That is why
 * both weights have to be updated by the same expression: a program that rounds them
 * differently leaves the saddle by mistake.
 */
static const double DT = 0.01;
enum { STEPS = 1000, PATIENCE = 200000 }; /* the latter where no end is known */

/* w <- w - (1/τ) (∂E/∂w) Δt, for all weights of a chain of depth D. */
static void euler_step(int D, double dt, double *w)
{
    double dE[DEEPEST];
    for (int i = 1; i < D; i++)
        dE[i] = dE_dw(S, D, w, i);
    for (int i = 1; i < D; i++)
        w[i] = w[i] - 1 / TAU * dE[i] * dt;
}

/* The starts (w1, w2) of the three trajectories. */
static const double STARTS[][3] = {{0, 0.001, 0.001}, {0, 2.1, -2}, {0, 2, -2}};
enum { TRAJECTORIES = sizeof STARTS / sizeof STARTS[0] };

static void print_trajectory(int number)
{
    const double *start = STARTS[number - 1];
    double w[] = {0, start[1], start[2]};
    char name[] = "trajectory_N";
    name[strlen(name) - 1] = (char)('0' + number);
    title("(f)", name);
    printf("# D = 3, w1(0) = %g, w2(0) = %g, tau = %g, dt = %g, %d steps\n# t w1 w2 E\n",
           start[1], start[2], TAU, DT, STEPS);
    for (int t = 0; t <= STEPS; t++) {
        printf("%5.6g %12.6g %12.6g %10.6g\n", t * DT, w[1], w[2],
               error(S, total_weight(3, w)));
        euler_step(3, DT, w);
    }
}

/* w1² - w2² at the beginning and the end of each trajectory. */
static void print_conserved(void)
{
    title("(f)", "conserved");
    printf("# the flow conserves w1^2 - w2^2; Euler's steps nearly do\n"
           "# trajectory at_start at_end dt=%g at_end dt=%g\n",
           DT, DT / 2);
    for (int number = 1; number <= TRAJECTORIES; number++) {
        const double *start = STARTS[number - 1];
        printf("%2d %10.6g", number, (start[1] - start[2]) * (start[1] + start[2]));
        for (int finer = 1; finer <= 2; finer++) {
            double w[] = {0, start[1], start[2]};
            for (int t = 0; t < finer * STEPS; t++)
                euler_step(3, DT / finer, w);
            printf(" %15.6g", (w[1] - w[2]) * (w[1] + w[2]));
        }
        printf("\n");
    }
}

/* w_tot(t) of the flow that starts at w_tot(0) = w_0² on the diagonal. */
static double logistic(double w_0, double t)
{
    double m = S.sigma_yx / S.sigma_x;
    return m / (1 + (m / (w_0 * w_0) - 1) * exp(-4 * S.sigma_yx * t / TAU));
}

static void print_closed_form(void)
{
    double w_0 = STARTS[0][1];
    double w[] = {0, w_0, w_0};
    double w_fine[] = {0, w_0, w_0};
    title("(f)", "closed_form");
    printf("# w_tot of trajectory 1: the flow's solution, and Euler with two step sizes\n"
           "# t w_tot_flow w_tot_euler_dt=%g w_tot_euler_dt=%g\n",
           DT, DT / 2);
    for (int t = 0; t <= 300; t++) {
        if (t % 10 == 0)
            printf("%4.6g %12.6g %19.6g %20.6g\n", t * DT, logistic(w_0, t * DT),
                   total_weight(3, w), total_weight(3, w_fine));
        euler_step(3, DT, w);
        euler_step(3, DT / 2, w_fine);
        euler_step(3, DT / 2, w_fine);
    }
}

/* How long the saddle holds back a start at w1 = w2 = w_0. */
static void print_delay(void)
{
    title("(f)", "delay");
    printf("# starts w1 = w2 = w_0 beside the saddle: the time until w_tot is half of\n"
           "# sigma_yx / sigma_x, for the flow and for Euler with dt = %g\n"
           "# w_0 t_half_flow t_half_euler\n",
           DT);
    double w_0 = 1;
    for (int power = 1; power <= 6; power++) {
        w_0 /= 10;
        double m = S.sigma_yx / S.sigma_x;
        double t_half = TAU / (4 * S.sigma_yx) * log(m / (w_0 * w_0) - 1);
        double w[] = {0, w_0, w_0};
        int t = 0;
        for (; t < PATIENCE && total_weight(3, w) < m / 2; t++)
            euler_step(3, DT, w);
        printf("%6.6g %11.6g %12.6g\n", w_0, t_half, t * DT);
    }
}

/* What a small asymmetry does to trajectory 3. */
static void print_asymmetry(void)
{
    title("(f)", "asymmetry");
    printf("# starts at w1 = 2, w2 = -2 + 2^-k: the time until E is below 4.49\n"
           "# k t\n");
    for (int k = 4; k <= 32; k += 4) {
        double w[] = {0, 2, -2 + pow(2, -k)};
        int t = 0;
        for (; t < PATIENCE && error(S, total_weight(3, w)) >= 4.49; t++)
            euler_step(3, DT, w);
        printf("%2d %8.6g\n", k, t * DT);
    }
}

static void part_f(void)
{
    for (int number = 1; number <= TRAJECTORIES; number++) {
        print_trajectory(number);
        next_table();
    }
    print_conserved();
    next_table();
    print_closed_form();
    next_table();
    print_delay();
    next_table();
    print_asymmetry();
}

/*
 * (g) The balanced chain: all weights equal
 *
 * If all w_j are the same number w, then ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) w^(D-2) for every
 * i: the right-hand side of (3) does not depend on i. So if w(t) solves one of the D - 1
 * equations, w_i(t) = w(t) solves all of them; the solution from a given start is unique,
 * so this is the one that is taken. Equal weights stay equal. Euler's steps keep them
 * equal by the same argument.
 *
 *     error           E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1))
 *     dynamics        τ dw/dt = -∂E/∂w_i = 2 (σ^yx - σ^x w^(D-1)) w^(D-2)
 *     fixed points    w^(D-1) = σ^yx/σ^x, and for D > 2 also w = 0
 *
 * The trap: dw/dt is not -dE(w)/dw. To move w is to move all D - 1 weights, so
 * dE(w)/dw = (D-1) ∂E/∂w_i, and descending E(w) would be D - 1 times too fast.
 *
 * The fixed points: if D is even, D - 1 is odd, and w^(D-1) = σ^yx/σ^x has the one root
 * (σ^yx/σ^x)^(1/(D-1)). If D is odd, D - 1 is even: with σ^yx > 0 that root and its
 * negative, with σ^yx < 0 none, for equal weights cannot then make w_tot negative. And
 * w = 0 is the saddle of (d), the flatter the deeper the chain.
 *
 * What to expect of a start w(0) as D grows: the gradient contains w(0)^(D-2).
 *
 *     w(0) = 1/2    It halves with every layer: it vanishes, and learning takes
 *                   exponentially long.
 *     w(0) = 1      It is -2 at any depth: steady. Since in a deeper chain each weight
 *                   has less far to go, learning even becomes faster.
 *     w(0) = 1.1    It grows with every layer. Up to D = 8 that does not show: the start
 *                   lies below the minimum, and nearer to it the deeper the chain. There
 *                   1.1^(D-1) passes 2; from D = 9 on the start lies above, and the
 *                   gradient back explodes. The flow itself does not mind, but steps do.
 *                   One of 0.01 overshoots: from D = 18 on far into the plateau around 0,
 *                   where there is next to no gradient, and from D = 28 on so far to the
 *                   other side that the next step blows up.
 */
static double power(double w, int exponent)
{
    double result = 1;
    for (int k = 0; k < exponent; k++)
        result *= w;
    return result;
}

/* E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2(D-1)) */
static double balanced_error(int D, double w)
{
    return error(S, power(w, D - 1));
}

/* ∂E/∂w_i = 2 (σ^x w^(D-1) - σ^yx) w^(D-2) */
static double balanced_gradient(int D, double w)
{
    return 2 * (S.sigma_x * power(w, D - 1) - S.sigma_yx) * power(w, D - 2);
}

/* Euler's step for the one equation: w - (1/τ) (∂E/∂w_i) Δt. */
static double balanced_step(int D, double w)
{
    return w - 1 / TAU * balanced_gradient(D, w) * DT;
}

/* The three initialisations w(0). */
static const double INITIAL[] = {0.5, 1, 1.1};
enum { INITIALS = sizeof INITIAL / sizeof INITIAL[0] };

/* The first Euler steps of a chain whose weights start all equal: do they stay so? */
static void print_balance(void)
{
    title("(g)", "balance");
    printf("# all D - 1 weights trained from w_i(0) = 0.5, dt = %g: the smallest and\n"
           "# the largest of them, and w from the one equation\n"
           "# D t smallest largest w\n",
           DT);
    for (int D = 2; D <= LARGEST; D++) {
        double w_i[LARGEST] = {0, 0.5, 0.5, 0.5, 0.5, 0.5};
        double w = 0.5;
        for (int t = 0; t <= 100; t++) {
            if (t % 50 == 0) {
                double smallest = w_i[1];
                double largest = w_i[1];
                for (int i = 2; i < D; i++) {
                    smallest = fmin(smallest, w_i[i]);
                    largest = fmax(largest, w_i[i]);
                }
                printf("%2d %4.6g %9.6g %9.6g %9.6g\n", D, t * DT, smallest, largest, w);
            }
            euler_step(D, DT, w_i);
            w = balanced_step(D, w);
        }
    }
}

/*
 * The time that Euler's method takes, from w(0), until E is within 0.01 of its minimum;
 * -1 if that is longer than 2000.
 */
static double training_time(int D, double w)
{
    const double E_min = S.sigma_y - S.sigma_yx * S.sigma_yx / S.sigma_x;
    for (int t = 0; t <= PATIENCE; t++) {
        if (balanced_error(D, w) < E_min + 0.01)
            return t * DT;
        w = balanced_step(D, w);
    }
    return -1;
}

static void print_training_time(void)
{
    title("(g)", "training_time");
    printf("# until E is within 0.01 of its minimum, Euler with dt = %g; nan: over 2000\n"
           "# D w(0)=0.5 w(0)=1 w(0)=1.1\n",
           DT);
    for (int D = 2; D <= 24; D += D < 20 ? 1 : 2) {
        printf("%2d", D);
        for (int k = 0; k < INITIALS; k++) {
            double time = training_time(D, INITIAL[k]);
            if (time < 0)
                printf(" %8s", "nan");
            else
                printf(" %8.6g", time);
        }
        printf("\n");
    }
}

/* Where the first steps take a chain that starts at 1.1. */
static void print_overshoot(void)
{
    title("(g)", "overshoot");
    printf("# w(0) = 1.1, dt = %g: w after one and after two steps\n"
           "# D minimum w_after_1 w_after_2\n",
           DT);
    for (int D = 4; D <= DEEPEST; D += 2) {
        double w = 1.1;
        printf("%2d %8.6g", D, pow(S.sigma_yx / S.sigma_x, 1.0 / (D - 1)));
        for (int t = 1; t <= 2; t++) {
            w = balanced_step(D, w);
            printf(" %12.6g", w);
        }
        printf("\n");
    }
}

static void part_g(void)
{
    title("(g)", "balanced_error");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g\n# w E_2 E_3 E_4 E_5 E_6\n",
           S.sigma_y, S.sigma_yx, S.sigma_x);
    for (int k = 0; k <= 80; k++) {
        double w = k / 32.0;
        printf("%7.6g", w);
        for (int D = 2; D <= LARGEST; D++)
            printf(" %10.6g", balanced_error(D, w));
        printf("\n");
    }

    next_table();
    title("(g)", "initial_gradient");
    printf("# dE/dw_i moves each weight; dE/dw = (D-1) dE/dw_i is the slope of E(w)\n"
           "# D dE/dw_i(0.5) dE/dw_i(1) dE/dw_i(1.1) dE/dw(0.5) dE/dw(1) dE/dw(1.1)\n");
    for (int D = 2; D <= 20; D++) {
        printf("%2d", D);
        for (int k = 0; k < INITIALS; k++)
            printf(" %12.6g", balanced_gradient(D, INITIAL[k]));
        for (int k = 0; k < INITIALS; k++)
            printf(" %12.6g", (D - 1) * balanced_gradient(D, INITIAL[k]));
        printf("\n");
    }

    next_table();
    print_balance();
    next_table();
    print_training_time();
    next_table();
    print_overshoot();
}

/*
 * The command line
 */
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
    const int count = sizeof parts / sizeof parts[0];
    bool help = false;
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--help") == 0) {
            help = true;
        } else if (strlen(argv[k]) != 1 || argv[k][0] < 'a'
                   || argv[k][0] >= 'a' + count) {
            fprintf(stderr, "linear_chain: '%s' is not a part, expected a ... g\n%s",
                    argv[k], USAGE);
            return 2;
        }
    }
    bool all = argc == 1;
    if (help)
        printf("%s%s", USAGE, HELP);
    else
        for (int k = 0; k < (all ? count : argc - 1); k++) {
            if (k > 0)
                next_table();
            parts[all ? k : argv[k + 1][0] - 'a']();
        }
    if (ferror(stdout) || fclose(stdout) != 0) {
        fprintf(stderr, "linear_chain: standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
