/*
 * Learning dynamics of a chain of linear neurons
 *
 * This program is Question 2 of Andrew Saxe's "Practical 4: Deep Networks".
 *
 *     $ cc -std=c99 -O3 -o linear_chain linear_chain.c -lm
 *     $ ./linear_chain
 *     $ ./linear_chain --help
 *
 * The second line prints all parts of the question as tables. The third one tells what
 * else there is.
 *
 * Part I is the handout, from (a) to (g). Each part opens with its answer. The
 * derivation follows, and then a table in which it can be seen to hold. Part II goes
 * beyond the handout: it solves the equations for D = 3, and asks how long training
 * takes. Part III prints.
 *
 * Two motions are told apart throughout. *The flow* is the continuous gradient descent
 * of equation (3), which the handout asks about. *Euler's steps* imitate it with jumps
 * of Δt = 0.01. They are what part (f) runs, and what a computer does when it trains.
 * Most of the time the two agree. Where they part, the text says so.
 *
 * What a reader of MATLAB needs to know of C stands at the beginning of `backprop.c`. A
 * struct is handed to a function as a copy. So a function may change its copy, and the
 * caller's struct stays as it is. A list of values in braces, such as `{3, {0, 1.5,
 * 2}}`, gives the members of a struct in their order.
 */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "linear_chain.c has to tell a NaN: compile it without -Ofast and -ffast-math"
#endif

/*
 * PART I: THE HANDOUT
 *
 * The chain has D neurons, x and y_hat included, and D - 1 weights between them:
 *
 *     x --w_1--> o --w_2--> o ... o --w_(D-1)--> y_hat
 *
 * It is trained on P examples {x^mu, y^mu} to make its mean squared error small:
 *
 *     E = (1/P) Σ_mu (y^mu - y_hat^mu)²        (1)
 *     min E(w_1, ..., w_(D-1))                 (2)
 *     τ dw_i/dt = -∂E/∂w_i                     (3)
 *
 * Below, w_tot = Π_i w_i is the product of all weights, and Π_{j≠i} w_j the product of
 * all but w_i. The means over the examples are written <...>.
 */
struct chain {
    int D;       /* 2 ... 6 */
    double w[6]; /* w[i] is w_i; w[0] is not used */
};

/* All that learning depends on: three averages over the data, as (b) shows, and τ. */
struct statistics {
    double sigma_y;  /* σ^y = <y²> */
    double sigma_yx; /* σ^yx = <y x> */
    double sigma_x;  /* σ^x = <x²> */
    double tau;      /* τ of equation (3) */
};

/* These functions stand in Parts II and III. Here C is told that there are such. */
static struct chain flow_at(struct statistics stats, double w1, double w2, double t);
static double flow_half_time(struct statistics stats, double w1, double w2);
static double euler_half_time(struct statistics stats, double w1, double w2);
static void print_title(char part, const char *table);
static void print_statistics(struct statistics stats);
static void print_number(int width, double value); /* width: of the column */
static void print_time(int width, double time);
static void print_weights(struct chain chain);
static void print_error(int width, struct statistics stats, double w_tot);
static void print_gradient(int width, struct statistics stats, double w_tot,
                           double others);
static double rounded(double difference, double size);
static void separate_tables(void);
static void print_escape(struct statistics stats);
static void print_training_time(struct statistics stats);
static void print_steps_and_depth(struct statistics stats);
static void print_unbalanced(struct statistics stats);

/*
 * (a) A linear network of any depth is a shallow one
 *
 * Take w_s = w_(D-1) ... w_2 w_1. Multiplication is associative, so
 *
 *     y_hat = w_(D-1) (... (w_2 (w_1 x))) = w_s x.
 *
 * The one weight w_s = w_tot does what the whole chain does. Depth adds nothing to what
 * a linear network can express. What it changes is how the network learns, and that is
 * the rest of the question.
 *
 * expected/linear_chain_a.txt
 */
static double total_weight(struct chain chain)
{
    /* w_tot = Π_i w_i */
    double w_tot = 1;
    for (int i = 1; i < chain.D; i++)
        w_tot = w_tot * chain.w[i];
    return w_tot;
}

/* The output as the chain computes it, neuron after neuron. */
static double chain_output(struct chain chain, double x)
{
    double activity = x;
    for (int i = 1; i < chain.D; i++)
        activity = chain.w[i] * activity;
    return activity;
}

static void print_a(void)
{
    struct chain chain = {6, {0, 1.5, -0.5, 3, 0.25, -2}};
    double x = 1.25, w_s = total_weight(chain);
    print_title('a', "shallow_network");
    printf("# x = %g\n# D w1 w2 w3 w4 w5 w_s output_deep output_shallow\n", x);
    printf("%2d", chain.D);
    print_weights(chain);
    print_number(8, w_s);
    print_number(10, chain_output(chain, x));
    print_number(13, w_s * x);
    printf("\n");
}

/*
 * (b) The error depends on the data only through their second order statistics
 *
 * The error is
 *
 *     E = σ^y - 2 w_tot σ^yx + w_tot² σ^x.
 *
 * Put y_hat = w_tot x into equation (1) and multiply out. The mean of a sum is the sum
 * of the means, and w_tot, which is the same for every example, comes out of <...>:
 *
 *     E = <(y - w_tot x)²>
 *       = <y²> - 2 w_tot <y x> + w_tot² <x²>
 *
 * Three averages are all that is left of the data, and w_tot is all that is left of the
 * weights. The table computes E both ways, for the four examples (x, y) = (3, 5), (-1,
 * 0), (1, 2) and (1, -1). The means of x and y are not 0: σ^x is the mean of x², and not
 * a variance.
 *
 * expected/linear_chain_b.txt
 */
static double error_from_data(int P, const double *x, const double *y, double w_tot)
{
    /* E = (1/P) Σ_mu (y^mu - y_hat^mu)² */
    double sum = 0;
    for (int mu = 0; mu < P; mu++) {
        double y_hat = w_tot * x[mu];
        sum += (y[mu] - y_hat) * (y[mu] - y_hat);
    }
    return sum / P;
}

static double error(struct statistics stats, double w_tot)
{
    /* E = σ^y - 2 w_tot σ^yx + w_tot² σ^x */
    return stats.sigma_y - 2 * w_tot * stats.sigma_yx + w_tot * w_tot * stats.sigma_x;
}

/* The three averages of the data. τ has no part in (b). */
static struct statistics statistics_of(int P, const double *x, const double *y)
{
    struct statistics stats = {0, 0, 0, 1};
    for (int mu = 0; mu < P; mu++) {
        stats.sigma_y += y[mu] * y[mu] / P;
        stats.sigma_yx += y[mu] * x[mu] / P;
        stats.sigma_x += x[mu] * x[mu] / P;
    }
    return stats;
}

static void print_b(void)
{
    const double x[] = {3, -1, 1, 1}, y[] = {5, 0, 2, -1};
    const int P = 4;
    struct statistics stats = statistics_of(P, x, y);
    print_title('b', "error");
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, from P = %d examples\n",
           stats.sigma_y, stats.sigma_yx, stats.sigma_x, P);
    printf("# w_tot E_from_data E_from_statistics\n");
    for (double w_tot = -2; w_tot <= 4; w_tot += 0.25) {
        printf("%6.6g", w_tot);
        print_number(11, error_from_data(P, x, y, w_tot));
        print_error(17, stats, w_tot);
        printf("\n");
    }
}

/*
 * (c) The gradient descent equations
 *
 * Equation (3) becomes
 *
 *     τ dw_i/dt = 2 (σ^yx - w_tot σ^x) Π_{j≠i} w_j,    i = 1, ..., D-1.
 *
 * As a function of w_i alone, w_tot is a straight line: ∂w_tot/∂w_i = Π_{j≠i} w_j. The
 * chain rule gives
 *
 *     ∂E/∂w_i = (dE/dw_tot) (∂w_tot/∂w_i)
 *             = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j.
 *
 * Two things can be read off before anything is solved. The first factor is what is
 * still to be learned, and all weights share it. The second one is the slope that the
 * other weights lend to w_i: where they are small, w_i hardly moves. For D = 2 there are
 * no others, the product is 1, and the equation is linear. Depth makes it nonlinear.
 *
 * A trap for programmers: Π_{j≠i} w_j is not w_tot / w_i where w_i is 0, as w_4 is in
 * the table for D = 5. The central difference beside the derivative takes steps of 1,
 * and is exact all the same, because E is quadratic in each w_i.
 *
 * expected/linear_chain_c.txt
 */
static double product_without(struct chain chain, int i)
{
    /* Π_{j≠i} w_j */
    double product = 1;
    for (int j = 1; j < chain.D; j++)
        if (j != i)
            product = product * chain.w[j];
    return product;
}

/* The derivative of E by one weight, if `others` is the product of the others. */
static double dE_dw(struct statistics stats, double w_tot, double others)
{
    /* ∂E/∂w_i = 2 (w_tot σ^x - σ^yx) Π_{j≠i} w_j */
    return 2 * (w_tot * stats.sigma_x - stats.sigma_yx) * others;
}

static double dw_dt(struct statistics stats, double w_tot, double others)
{
    /* dw_i/dt = -(1/τ) ∂E/∂w_i */
    return -1 / stats.tau * dE_dw(stats, w_tot, others);
}

/* Prints [E(w_i + 1) - E(w_i - 1)] / 2. */
static void print_central_difference(int width, struct statistics stats,
                                     struct chain chain, int i)
{
    struct chain above = chain, below = chain;
    above.w[i] = chain.w[i] + 1;
    below.w[i] = chain.w[i] - 1;
    double E_above = error(stats, total_weight(above));
    double E_below = error(stats, total_weight(below));
    print_number(width, rounded(E_above - E_below, E_above + E_below) / 2);
}

static void print_c(struct statistics stats)
{
    print_title('c', "gradient");
    print_statistics(stats);
    printf("# D i w_i dE/dw_i central_difference\n");
    for (int D = 2; D <= 6; D++) {
        struct chain chain = {D, {0, 1.5, -0.5, 3, 0.25, -2}};
        if (D == 5)
            chain.w[4] = 0;
        for (int i = 1; i < D; i++) {
            printf("%2d %2d %6.6g", D, i, chain.w[i]);
            print_gradient(10, stats, total_weight(chain), product_without(chain, i));
            print_central_difference(18, stats, chain, i);
            printf("\n");
        }
    }
}

/*
 * (d) The fixed points
 *
 * Let σ^x > 0 and σ^yx ≠ 0, and let s = σ^yx/σ^x. These are all the fixed points there
 * are, of the flow and of Euler's steps:
 *
 * | network | where | kind | error |
 * | --- | --- | --- | --- |
 * | D = 2 | w_1 = s, one point | global minimum | σ^y - (σ^yx)²/σ^x |
 * | D > 2, first kind | w_tot = s | global minima | σ^y - (σ^yx)²/σ^x |
 * | D > 2, second kind | two weights or more are 0 | saddles | σ^y |
 *
 * A fixed point is where all right-hand sides of (c) are 0:
 *
 *     (σ^yx - w_tot σ^x) Π_{j≠i} w_j = 0,    i = 1, ..., D-1.
 *
 * In a shallow network the product is 1. That leaves w_1 = s: one fixed point, whatever
 * σ^yx is. In a deep network the first factor is the same for every i. So either it is
 * 0, or all the products are.
 *
 * *First kind: w_tot = s.* This is the minimum of the shallow network again. Completing
 * the square in (b),
 *
 *     E = σ^y - (σ^yx)²/σ^x + σ^x (w_tot - s)²,
 *
 * shows that E is nowhere smaller. No weight is 0 here. Choose D - 2 of them, and the
 * last one follows: the minima are a smooth set of D - 2 dimensions. It is the floor of
 * a valley, along which E does not change. Multiply one weight by any λ ≠ 0 and divide
 * another one by λ: w_tot stays the same, and so does E. D - 2 of these symmetries are
 * independent. No weight can change its sign without passing 0. So the set has a piece
 * for each pattern of signs that gives w_tot its sign, and these are 2^(D-2). (Each is
 * one piece: in the coordinates log |w_i| it is a plane.) For D = 3 they are the two
 * branches of a hyperbola.
 *
 * *Second kind: Π_{j≠i} w_j = 0 for every i.* One weight of 0, say w_k, is not enough,
 * as the product for i = k leaves it out. Two are enough, since every product contains
 * at least one of them. So these are all points with two or more weights of 0, the
 * others being anything: for D = 3 the origin alone. There w_tot = 0 and E = σ^y, as if
 * the network were not there.
 *
 * They are saddles. Let just m of the weights be 0, and r be the product of the others.
 * Move the m away from 0 by ±ε each. Then w_tot = ±ε^m r, with a sign that we choose,
 * and
 *
 *     E - σ^y = -2 σ^yx w_tot + σ^x w_tot²
 *
 * has the sign of -σ^yx w_tot if ε is small. One move leads down, another one up.
 *
 * (If σ^yx = 0, all points with w_tot = 0 are minima, and there is nothing to learn. The
 * flow still brings w_tot to 0: exponentially if one |w_i| is smaller than all others,
 * and like a power of t if the smallest ones are equal, as in a balanced chain with D >
 * 2.)
 *
 * The table takes points of each kind and shows E a step to either side, less E at the
 * point. From a minimum, `across` changes w_1 alone, and E rises on both sides; `along`
 * multiplies w_1 by 1/2 or 2 and divides w_2 by it, and E stays the same. From a saddle,
 * `alike` moves all zeros the same way, and `against` moves the first one the other way.
 * If the number of zeros is even, one of these moves leads down to both sides, and the
 * other one up. If it is odd, each leads down to one side and up to the other.
 *
 * expected/linear_chain_d.txt
 */
static double best_weight(struct statistics stats)
{
    /* s = σ^yx/σ^x, which w_tot is at the minima */
    return stats.sigma_yx / stats.sigma_x;
}

/* Prints |∂E/∂w|, the length of the gradient; it is 0 at a fixed point. */
static void print_gradient_norm(int width, struct statistics stats, struct chain chain)
{
    double w_tot = total_weight(chain), squares = 0;
    for (int i = 1; i < chain.D; i++) {
        double derivative = dE_dw(stats, w_tot, product_without(chain, i));
        squares += derivative * derivative;
    }
    print_number(width, rounded(sqrt(squares), fabs(stats.sigma_yx)));
}

/*
 * Prints E at one chain less E at another one. As a product the difference keeps its
 * digits, however small it is.
 */
static void print_error_change(int width, struct statistics stats, struct chain from,
                               struct chain to)
{
    /* E(to) - E(from) = (to_tot - from_tot) [σ^x (to_tot + from_tot) - 2 σ^yx] */
    double to_tot = total_weight(to), from_tot = total_weight(from);
    double change = to_tot - from_tot;
    double slope = stats.sigma_x * (to_tot + from_tot) - 2 * stats.sigma_yx;
    print_number(width, change * slope);
}

/* Prints a row of the table: a point, a move, and E after the move to either side. */
static void print_move(struct statistics stats, const char *kind, struct chain point,
                       const char *move, struct chain backward, struct chain forward)
{
    printf("%2d %7s", point.D, kind);
    print_weights(point);
    print_error(6, stats, total_weight(point));
    print_gradient_norm(5, stats, point);
    printf(" %8s", move);
    print_error_change(12, stats, point, backward);
    print_error_change(12, stats, point, forward);
    printf("\n");
}

/* The weights but w_1 are powers of two, so that w_tot = s is exact. */
static void print_first_kind(struct statistics stats, int D)
{
    struct chain point = {D, {0, 1, 2, -0.5, -1, 4}};
    point.w[1] = best_weight(stats) / total_weight(point);
    struct chain backward = point, forward = point;
    backward.w[1] = point.w[1] * 0.75;
    forward.w[1] = point.w[1] * 1.25;
    print_move(stats, "first", point, "across", backward, forward);
    if (D > 2) {
        backward.w[1] = point.w[1] / 2;
        backward.w[2] = point.w[2] * 2;
        forward.w[1] = point.w[1] * 2;
        forward.w[2] = point.w[2] / 2;
        print_move(stats, "first", point, "along", backward, forward);
    }
}

/*
 * Moves the weights w_1 ... w_m by a step, the first one by `first` times the step.
 * Where w_tot lies between 0 and 2s, E is below σ^y. So the step is 1/4, or the first of
 * 1/8, 1/16, ... with which w_tot is no farther from 0 than s.
 */
static struct chain moved(struct statistics stats, struct chain point, int m,
                          double first, double direction)
{
    struct chain beside = point;
    double step = 1 / 4.0;
    do {
        for (int i = 1; i <= m; i++)
            beside.w[i] = direction * step;
        beside.w[1] = first * direction * step;
        step = step / 2;
    } while (fabs(total_weight(beside)) > fabs(best_weight(stats)));
    return beside;
}

/* Prints both moves from the saddle at which w_1, w_2, ..., w_m are 0. */
static void print_second_kind(struct statistics stats, int D, int m)
{
    struct chain point = {D, {0, 1, 2, -0.5, -1, 4}};
    for (int i = 1; i <= m; i++)
        point.w[i] = 0;
    print_move(stats, "second", point, "alike", moved(stats, point, m, 1, -1),
               moved(stats, point, m, 1, 1));
    print_move(stats, "second", point, "against", moved(stats, point, m, -1, -1),
               moved(stats, point, m, -1, 1));
}

static void print_d(struct statistics stats)
{
    double s = best_weight(stats);
    print_title('d', "fixed_points");
    print_statistics(stats);
    printf("# first kind: w_tot = %g, E =", s);
    print_error(1, stats, s);
    printf("\n# second kind: two zeros or more, and E is higher by %g\n",
           stats.sigma_yx * s);
    printf("# E(-), E(+): after a move to either side\n"
           "# D kind w1 w2 w3 w4 w5 E |gradient| move E(-)-E E(+)-E\n");
    for (int D = 2; D <= 6; D++) {
        print_first_kind(stats, D);
        for (int m = 2; m < D; m++)
            print_second_kind(stats, D, m);
    }
}

/*
 * (e) The phase portrait of D = 3
 *
 * The curve w_1 w_2 = 2 consists of global minima: it is the floor of two curved
 * valleys, at E = 0.5. The origin is a saddle, the pass between the valleys, at E = 4.5:
 * along w_1 = w_2 it leads down, along w_1 = -w_2 up. There is no other fixed point, and
 * so there is neither a maximum nor another minimum.
 *
 * All of this follows from (d) with σ^yx = 2 and σ^x = 1. In the picture it can also be
 * read from the *nullclines*, the curves on which one of the weights stands still.
 * dw_1/dt is 0 where w_2 = 0 or w_1 w_2 = 2, and dw_2/dt where w_1 = 0 or w_1 w_2 = 2.
 * So the nullclines of both have the hyperbola in common, and besides it they cross only
 * at the origin.
 *
 * The second derivatives tell how E is curved. They are
 *
 *     ∂²E/∂w_1² = 2 σ^x w_2²
 *     ∂²E/∂w_2² = 2 σ^x w_1²
 *     ∂²E/(∂w_1 ∂w_2) = 4 σ^x w_1 w_2 - 2 σ^yx.
 *
 * At the origin the matrix of these is [0 -4; -4 0]. Its eigenvalues are -4 in the
 * direction (1, 1) and 4 in the direction (1, -1): a saddle. Where w_1 w_2 = s the mixed
 * one is 2 σ^x w_1 w_2. So the eigenvalues are 0 along the curve, in the direction (w_1,
 * -w_2), and 2 σ^x (w_1² + w_2²) across it, in the direction (w_2, w_1): the floor of a
 * valley.
 *
 * expected/figures/surface.png
 *
 * The tables are `error_surface`, `minima`, `saddle`, and `flow`, which has the arrows
 * of the phase portrait, (dw_1/dt, dw_2/dt) on a grid. The grids go in steps of powers
 * of two, as their sums are exact.
 */
static const double EDGE = 2.5; /* w_1 and w_2 lie in [-2.5, 2.5] */

static void print_point(struct statistics stats, double w1, double w2)
{
    printf("%8.6g %8.6g", w1, w2);
    print_error(10, stats, w1 * w2);
    printf("\n");
}

static void print_surface(struct statistics stats)
{
    print_title('e', "error_surface");
    print_statistics(stats);
    printf("# w1 w2 E\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 16.0)
            print_point(stats, w1, w2);
        if (w1 < EDGE)
            printf("\n");
    }
}

/* The minima w_2 = s/w_1 pass through the square only if |s| <= 2.5². */
static void print_minima(struct statistics stats)
{
    double s = best_weight(stats);
    print_title('e', "minima");
    print_statistics(stats);
    printf("# w1 * w2 = %g in the square\n# w1 w2 E\n", s);
    if (fabs(s) > EDGE * EDGE)
        printf("%8s %8s %10s\n", "-", "-", "-");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 16.0)
        if (w1 == 0)
            printf("\n"); /* between the branches */
        else if (fabs(s / w1) <= EDGE)
            print_point(stats, w1, s / w1);
}

static void print_saddle(struct statistics stats)
{
    print_title('e', "saddle");
    print_statistics(stats);
    printf("# w1 w2 E\n");
    print_point(stats, 0, 0);
}

static void print_arrows(struct statistics stats)
{
    print_title('e', "flow");
    print_statistics(stats);
    printf("# w1 w2 dw1/dt dw2/dt\n");
    for (double w1 = -EDGE; w1 <= EDGE; w1 += 1 / 4.0) {
        for (double w2 = -EDGE; w2 <= EDGE; w2 += 1 / 4.0) {
            /* dw_i/dt is ∂E/∂w_i times -1/τ. For w_1 the product of the others is w_2. */
            printf("%8.6g %8.6g", w1, w2);
            print_gradient(10, stats, w1 * w2, -w2 / stats.tau);
            print_gradient(10, stats, w1 * w2, -w1 / stats.tau);
            printf("\n");
        }
        if (w1 < EDGE)
            printf("\n");
    }
}

static void print_e(struct statistics stats)
{
    print_surface(stats);
    separate_tables();
    print_minima(stats);
    separate_tables();
    print_saddle(stats);
    separate_tables();
    print_arrows(stats);
}

/*
 * (f) Three trajectories: does training ever fail?
 *
 * Yes: run 3 fails. It starts on the diagonal w_1 = -w_2, which leads straight into the
 * saddle. Under the flow this is the only way to fail. The diagonal has measure zero, so
 * a start that is drawn from any density succeeds with probability 1. Run 1 waits beside
 * the saddle and then learns. Run 2 is deflected by the saddle, at a distance of 0.64,
 * and learns.
 *
 * expected/figures/trajectories.png
 *
 * *What the flow conserves.* Multiply the equation for w_i in (c) by w_i. The right-hand
 * side becomes 2 (σ^yx - w_tot σ^x) w_tot, which is the same for every i. So for any two
 * weights, at any depth,
 *
 *     d(w_i² - w_j²)/dt = 0.
 *
 * This belongs to the symmetry of (d), to multiply w_i by λ and divide w_j by it. Let D
 * = 3, and c = w_1² - w_2². Each trajectory stays on one branch of a hyperbola, or for c
 * = 0 on a diagonal, and all that is left to find is which way it moves.
 *
 * *Where the flow goes, for D = 3.* Let σ^yx > 0 and look along the diagonals, at u =
 * w_1 + w_2 and v = w_1 - w_2. Then w_tot = (u² - v²)/4 and c = u v. Adding and
 * subtracting the two equations (c) gives
 *
 *     τ du/dt = 2 (σ^yx - w_tot σ^x) u
 *     τ dv/dt = -2 (σ^yx - w_tot σ^x) v.
 *
 * Suppose u ≠ 0. With v = c/u, w_tot = (u² - c²/u²)/4 increases with |u|. As long as
 * w_tot is below s, |u| grows; if w_tot is above s, |u| shrinks. So w_tot goes to s, and
 * the error to its minimum. Suppose u = 0. Then it stays 0, w_tot = -v²/4 is never
 * positive, v shrinks to 0, and the flow ends in the saddle. This diagonal is the
 * saddle's *stable manifold*. (If σ^yx < 0, exchange the diagonals.)
 *
 * *At any depth.* Here is the same for every D, with σ^x > 0 and σ^yx ≠ 0: from almost
 * every start the flow ends in a global minimum.
 *
 * - E never increases, as dE/dt = Σ_i (∂E/∂w_i) dw_i/dt = -τ Σ_i (dw_i/dt)². So w_tot
 *   stays bounded.
 * - The weights stay bounded, too. The differences of their squares are constant. So if
 *   one of them were unbounded, then all would be, and w_tot as well. Hence the flow
 *   goes on for all t.
 * - E is a polynomial. A bounded gradient flow of such a function converges to a single
 *   point (Łojasiewicz 1984), and that is a fixed point.
 * - At a fixed point of the second kind two weights are 0, and there w_i² - w_j² = 0 for
 *   these two. It is conserved, so it was 0 at the start: w_i(0) = ±w_j(0). Such starts
 *   have measure zero. From all others the flow ends at a fixed point of the first kind.
 *
 * Just which starts fail? By (c), τ dw_tot/dt = 2 (σ^yx - σ^x w_tot) Σ_i (Π_{j≠i} w_j)²,
 * so w_tot never moves away from s. If w_tot has to pass through 0 on the way to s, a
 * weight that is smallest in size has to. If only one weight has the smallest size, it
 * passes through 0 alone: w_tot = 0 with one zero is no fixed point, and nothing stops
 * it. But if two weights or more share the smallest size, they stay equal in size, and
 * could reach 0 only together. That would be a fixed point, and the flow reaches no
 * fixed point in finite time. So these weights only tend to 0, and the flow ends in a
 * saddle. So for D > 2 the flow fails if w_tot σ^yx <= 0 at the start and the smallest
 * |w_i| is not that of one weight alone, and only then. Equal weights, as in (g), all
 * share the smallest size: from them the flow fails if w_tot σ^yx <= 0, and learns
 * otherwise.
 *
 * *Euler's steps.* They are
 *
 *     w_i[t+1] <- w_i[t] - (1/τ) (∂E/∂w_i) Δt.
 *
 * With g = 2 (σ^yx - w_tot σ^x) Δt/τ, for D = 3 a step takes w_1 to w_1 + g w_2 and w_2
 * to w_2 + g w_1. Add and subtract: it multiplies u by 1 + g and v by 1 - g, and c = u v
 * by 1 - g². What the flow conserves, Euler's steps let shrink a little. In run 2 that
 * is enough to end in another one of the minima, as the table shows beside the flow.
 *
 * Can Euler's steps fail where the flow does not? Not from the handout's square. A step
 * multiplies w_tot - s by
 *
 *     1 - 2 (σ^x Δt/τ) (w_1² + w_2²) + 4 (σ^x Δt/τ)² w_tot (w_tot - s).
 *
 * In the square |w_tot| and |c| are at most 6.25, so that w_1² + w_2² = √(c² + 4 w_tot²)
 * is below 14, and this factor is between 0.7 and 1. So w_tot moves towards s and not
 * beyond it, |c| shrinks, and the same holds for the next step. And |g| <= 0.165, so no
 * step takes u to 0. (Near the origin the factor is near 1. But while w_tot is below s,
 * g is positive and |u| grows, so the steps do not end there.) From far outside of the
 * square steps can fail.
 *
 * - A step with g = -1 takes u to 0, and so lands on the diagonal that leads to the
 *   saddle. Such starts are curves in the plane: (8, 6.5) is one of them, as g = 2 (2 -
 *   52) Δt.
 * - Steps may land ever farther away and overflow. Such starts are an open set: (12, 12)
 *   is one of them.
 * - Steps may hop for ever: from (√102, √102), where g = -2, to its negative and back.
 *   Such an orbit is unstable.
 *
 * And a minimum may be too sharp for Δt. Across the valley E has the curvature 2 σ^x
 * (w_1² + w_2²), as (e) shows, and a step near the minimum multiplies the distance by 1
 * - 2 σ^x (w_1² + w_2²) Δt/τ. If w_1² + w_2² > τ/(σ^x Δt), which is 100 here, the
 * distance grows and the steps leave: this is *linear stability*. But as w_tot swings
 * farther, |g| grows, and c is multiplied by 1 - g² with each step, so that they can
 * wander to a flatter minimum and stay there.
 *
 * expected/linear_chain_f.txt trajectory_2
 */
static const double DT = 0.01; /* Δt */

/*
 * All derivatives are taken at w[t], before any weight changes. Both weights are changed
 * by the same line of code. So their rounding errors are the same but for the sign, and
 * w_1 = -w_2 stays exact in run 3. An error of one bit at the start would grow by a
 * factor of 1 + 2 σ^yx Δt/τ = 1.04 or more with each step, and save the run.
 */
static struct chain euler_step(struct statistics stats, struct chain chain)
{
    /* w_i[t+1] <- w_i[t] + (dw_i/dt) Δt, where dw_i/dt = -(1/τ) ∂E/∂w_i */
    struct chain next = chain;
    double w_tot = total_weight(chain);
    for (int i = 1; i < chain.D; i++)
        next.w[i] = chain.w[i] + dw_dt(stats, w_tot, product_without(chain, i)) * DT;
    return next;
}

/* `inf` and `nan` in a row say that the steps have overflowed. */
static void print_trajectory(struct statistics stats, const char *name, double w1,
                             double w2)
{
    print_title('f', name);
    print_statistics(stats);
    printf("# D = 3, w1(0) = %g, w2(0) = %g, dt = %g; flow: the solution of (3)\n", w1,
           w2, DT);
    printf("# half-way, where w_tot = %g, at t =", best_weight(stats) / 2);
    print_time(1, euler_half_time(stats, w1, w2));
    printf("; flow:");
    print_time(1, flow_half_time(stats, w1, w2));
    printf("\n# t w1 w2 E w1^2-w2^2 w1_flow w2_flow\n");
    struct chain chain = {3, {0, w1, w2}};
    for (int t = 0; t <= 1000; t++) {
        struct chain solution = flow_at(stats, w1, w2, t * DT);
        printf("%5.6g", t * DT);
        print_number(12, chain.w[1]);
        print_number(12, chain.w[2]);
        print_error(10, stats, total_weight(chain));
        print_number(12, (chain.w[1] + chain.w[2]) * (chain.w[1] - chain.w[2]));
        print_number(12, solution.w[1]);
        print_number(12, solution.w[2]);
        printf("\n");
        chain = euler_step(stats, chain);
    }
}

static void print_f(struct statistics stats)
{
    print_trajectory(stats, "trajectory_1", 0.001, 0.001);
    separate_tables();
    print_trajectory(stats, "trajectory_2", 2.1, -2);
    separate_tables();
    print_trajectory(stats, "trajectory_3", 2, -2);
    separate_tables();
    print_escape(stats);
}

/*
 * (g) The balanced chain: all weights equal
 *
 * Equal weights stay equal, and leave one weight w to follow, with w_tot = w^(D-1):
 *
 *     error           E(w) = σ^y - 2 σ^yx w^(D-1) + σ^x w^(2D-2)
 *     dynamics        τ dw/dt = 2 (σ^yx - σ^x w^(D-1)) w^(D-2)
 *     fixed points    w^(D-1) = s, and for D > 2 also w = 0.
 *
 * As the depth grows, the three starts fare like this:
 *
 * - w(0) = 1/2: the gradient vanishes, nearly halved by each further layer. A deep chain
 *   waits on a plateau, for a time that nearly doubles with each layer (section 3, table
 *   `training_time`).
 * - w(0) = 1: the gradient is the same at any depth, as all powers of 1 are 1. With
 *   steps that are short enough a deep chain learns in no more of them than a shallow
 *   one.
 * - w(0) = 1.1: the gradient shrinks up to D = 8, changes its sign at D = 9, where the
 *   minimum 2^(1/8) = 1.09 is below 1.1, and then explodes. The flow slides down this
 *   wall, but steps of a given length leap over the minimum, and in a deep chain they
 *   land far from it.
 *
 * So 1 is the safe start, if the steps shrink as 1/(D-1). At D = 20 the three gradients
 * are -0.000015, -2 and 46.
 *
 * *Equal weights stay equal.* If all w_j are the same number w, then by (c) all dw_i/dt
 * are the same, too. So let w(t) solve the one equation above: then w_i(t) = w(t) for
 * all i solves the D - 1 equations (3). Their solution from a given start is unique, so
 * this is it. Euler's steps keep the weights equal as well, since each is changed by the
 * same amount.
 *
 * For even D there is one point with w^(D-1) = s, with the sign of σ^yx. For odd D there
 * are two if σ^yx > 0, and none if σ^yx < 0, as w_tot is then a square. (In that case w
 * = 0 is the minimum of E(w), with E = σ^y. For the chain it is still a saddle.) A
 * minimum w > 0 is called w* below.
 *
 * A trap: τ dw/dt is not -dE(w)/dw. To change w is to change all D - 1 weights, so that
 * dE(w)/dw = (D-1) ∂E/∂w_i, and to descend E(w) would be D - 1 times too fast.
 *
 * *Negative w.* The handout leaves them out, as they can flip the sign of the output.
 * (It says so of odd depths. As it counts D, it is for even D.) Let σ^yx > 0. If D > 2
 * is even, then dw/dt > 0 for all w < 0, and the flow from every negative start ends at
 * w = 0. This fixed point is *half-stable*. If D is odd, E has a maximum along w there.
 * But this is so for equal weights only. The point w = 0 is a saddle for the chain, and
 * if one weight is the smallest in size, the flow leads past it, and trains. Section 4
 * says how long that takes for D = 4, with the table `unbalanced`.
 */

/*
 * w to the power of a whole exponent, multiplied out: pow() is not rounded alike in
 * every C library. Roots cannot do without it, and are printed with six digits only.
 */
static double raised(double w, int exponent)
{
    double product = 1;
    for (int k = 0; k < exponent; k++)
        product = product * w;
    return product;
}

static double balanced_euler_step(struct statistics stats, int D, double w, double dt)
{
    /* w[t+1] <- w[t] + (dw/dt) Δt, where dw/dt = (2/τ) (σ^yx - σ^x w^(D-1)) w^(D-2) */
    return w + dw_dt(stats, raised(w, D - 1), raised(w, D - 2)) * dt;
}

static void print_balanced_error(struct statistics stats)
{
    print_title('g', "balanced_error");
    print_statistics(stats);
    printf("# w E_2 E_3 E_4 E_5 E_6\n");
    for (double w = 0; w <= 2.5; w += 1 / 32.0) {
        printf("%7.6g", w);
        for (int D = 2; D <= 6; D++)
            print_error(10, stats, raised(w, D - 1));
        printf("\n");
    }
}

/*
 * *How learning starts.* This is the gradient ∂E/∂w_i = 2 (σ^x w^(D-1) - σ^yx) w^(D-2)
 * at w(0), as a function of the depth. From 1/2 the last factor halves it with each
 * layer. From 1 it is 2 (σ^x - σ^yx). From 1.1 the first factor falls to 0 as w* =
 * s^(1/(D-1)) comes near 1.1. Beyond, the term with w^(2D-3) wins: in the end each layer
 * multiplies it by 1.1² = 1.21.
 *
 * expected/figures/balanced.png
 *
 * expected/linear_chain_g.txt initial_gradient
 */
static const double STARTS[] = {0.5, 1, 1.1}; /* w(0) */
enum { NUMBER_OF_STARTS = 3, DEEPEST = 20 };

static void print_initial_gradient(struct statistics stats)
{
    print_title('g', "initial_gradient");
    print_statistics(stats);
    printf("# D dE/dw_i(%g) dE/dw_i(%g) dE/dw_i(%g)\n", STARTS[0], STARTS[1], STARTS[2]);
    for (int D = 2; D <= DEEPEST; D++) {
        printf("%2d", D);
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            print_gradient(12, stats, raised(STARTS[k], D - 1), raised(STARTS[k], D - 2));
        printf("\n");
    }
}

static void print_fixed_point(struct statistics stats, int D, double w)
{
    printf("%2d %8.6g", D, w);
    print_error(6, stats, raised(w, D - 1));
    printf("\n");
}

static void print_balanced_fixed_points(struct statistics stats)
{
    double s = best_weight(stats);
    print_title('g', "balanced_fixed_points");
    print_statistics(stats);
    printf("# D w E\n");
    for (int D = 2; D <= 6; D++) {
        /* |w| = |s|^(1/(D-1)) */
        double root = pow(fabs(s), 1.0 / (D - 1));
        if (D % 2 == 0)
            print_fixed_point(stats, D, copysign(root, s));
        else if (s > 0) {
            print_fixed_point(stats, D, root);
            print_fixed_point(stats, D, -root);
        }
        if (D > 2)
            print_fixed_point(stats, D, 0);
    }
}

/* Euler's steps lead up to t = 1, once with the one equation and once with all of (3). */
static void print_balance(struct statistics stats)
{
    print_title('g', "balance");
    print_statistics(stats);
    printf("# Euler's steps from 0.5 up to t = 1, dt = %g\n", DT);
    printf("# D w first_weight last_weight\n");
    for (int D = 2; D <= 6; D++) {
        double w = 0.5;
        struct chain chain = {D, {0, w, w, w, w, w}};
        for (int t = 0; t < 100; t++) {
            w = balanced_euler_step(stats, D, w, DT);
            chain = euler_step(stats, chain);
        }
        printf("%2d", D);
        print_number(11, w);
        print_number(11, chain.w[1]);
        print_number(11, chain.w[D - 1]);
        printf("\n");
    }
}

/*
 * *Steps and depth.* Depth does not slow learning down, if the start is 1 and the steps
 * are short enough. How short is that? Let F(w) be the right-hand side dw/dt. Near w* a
 * step multiplies the distance w - w*, to first order, by
 *
 *     1 + Δt F'(w*) = 1 - (2/τ) σ^x (D-1) (w*)^(2D-4) Δt.
 *
 * The fixed point is stable for the steps if this is above -1, that is, if
 *
 *     Δt < τ / (σ^x (D-1) (w*)^(2D-4)).
 *
 * Now (w*)^(2D-4) = s²/(w*)², and w* tends to 1 as the chain gets deeper. So the longest
 * stable step tends to τ/(σ^x s² (D-1)): depth asks for steps in proportion to 1/(D-1).
 * With longer ones w cannot stay at w*. If they are only a little longer and D > 2, it
 * ends up hopping between two points, in a *period-2 orbit*, as with Δt = 0.01 at D =
 * 28. In networks this limit, learning rate times curvature = 2, is known as the *edge
 * of stability* (Cohen et al. 2021).
 *
 * And how many such steps does it take? With w_tot = w^(D-1),
 *
 *     τ dw_tot/dt = 2 (D-1) (σ^yx - σ^x w_tot) w_tot^(2(D-2)/(D-1)).
 *
 * In a deep chain the exponent tends to 2, and D is left only in the factor D - 1 (Saxe,
 * McClelland and Ganguli 2014). It cancels against the shorter steps. With Δt = η
 * τ/(D-1) a step multiplies w = w_tot^(1/(D-1)) by 1 + 2η (σ^yx - σ^x w_tot)
 * w_tot^((D-3)/(D-1))/(D-1), and so, in the limit of a deep chain, it multiplies w_tot
 * by
 *
 *     e^(2η (σ^yx - σ^x w_tot) w_tot),
 *
 * and no D is left: it takes the same number of steps at any depth. The table takes
 * steps of 4/5 of what the longest one tends to, 0.8 τ/(σ^x s² (D-1)), which is
 * 0.2/(D-1) with the handout's numbers. (For s well below 1 these steps are too long in
 * a shallow chain: for D = 2 if s² < 0.8, as the longest stable step is τ/σ^x there.)
 *
 * expected/linear_chain_g.txt steps_and_depth
 */
static void print_g(struct statistics stats)
{
    print_balanced_error(stats);
    separate_tables();
    print_initial_gradient(stats);
    separate_tables();
    print_balanced_fixed_points(stats);
    separate_tables();
    print_balance(stats);
    separate_tables();
    print_training_time(stats);
    separate_tables();
    print_steps_and_depth(stats);
    separate_tables();
    print_unbalanced(stats);
}

/*
 * *Where this leads.*
 *
 * - One chain is one *mode* of a deep linear network of matrices. If the inputs are
 *   white, <x xᵀ> = 1, and the weights start aligned with the singular vectors of the
 *   input-output correlations, each singular value s has a chain to itself. For D > 2
 *   and a small start the time on the plateau is in proportion to τ/s: large ones are
 *   learned first, in stages (Saxe, McClelland and Ganguli, "Exact solutions to the
 *   nonlinear dynamics of learning in deep linear neural networks", ICLR 2014).
 * - w(0) = 1 is a chain whose layers neither shrink nor enlarge what passes through. For
 *   matrices this is an orthogonal start, with which learning times do not depend on
 *   depth either (the same paper).
 * - For D = 3 the balanced equation is τ dw/dt = 2 σ^yx w - 2 σ^x w³. As σ^yx passes 0
 *   from below, the one stable point w = 0 gives way to two, ±w*: a *pitchfork
 *   bifurcation*.
 * - E is a *Lyapunov function* of the flow: it falls along every trajectory that is not
 *   at rest, and so there are no cycles.
 */

/*
 * PART II: BEYOND THE HANDOUT
 *
 * 1. The flow of D = 3, solved
 *
 * Part (f) shows that w_tot goes to s, but not how fast. The square q = u² has an
 * equation to itself. Let σ^yx > 0. As dq/dt = 2 u du/dt and w_tot = (q - c²/q)/4,
 *
 *     τ dq/dt = 4 (σ^yx - σ^x (q - c²/q)/4) q
 *             = 4 σ^yx q - σ^x q² + σ^x c²
 *             = σ^x (q_end - q) (q + r_end).
 *
 * The last line is the one above it in factors. It is 0 where q² - 4 s q - c² = 0, and
 * of this the positive root is q_end = 2 s + √(4 s² + c²). The product of both roots is
 * -c². So the other one is -r_end, with r_end = c²/q_end.
 *
 * The brackets are z_end - z and z, if z = q + r_end and z_end = q_end + r_end. So with
 * κ = σ^x z_end/τ it is dz/dt = κ z (1 - z/z_end), the logistic equation. By separating
 * variables,
 *
 *     z(t) = z_end / (1 + (z_end/z(0) - 1) e^(-κt)),
 *
 * and q = z - r_end. To let a small q keep its digits, the program brings both terms
 * over one denominator, and uses q_end r_end = c²:
 *
 *     q(t) = [q(0) (q_end + r_end e^(-κt)) + c² (1 - e^(-κt))]
 *            / [q(0) (1 - e^(-κt)) + q_end e^(-κt) + r_end].
 *
 * In the same way v² obeys this formula with q_end and r_end exchanged. For equal
 * weights c = 0 and w_tot = q/4, and this is the sigmoid of Saxe, McClelland and Ganguli
 * (2014),
 *
 *     w_tot(t) = s e^(4 σ^yx t/τ) / (e^(4 σ^yx t/τ) - 1 + s/w_tot(0)).
 *
 * If σ^yx < 0, read -w_2 for w_2 and |σ^yx| for σ^yx: then E is the same, and so are all
 * formulas. In the code `sign` and fabs() do this.
 */
struct flow {
    double sign;         /* of σ^yx: u = w_1 + sign w_2, v = w_1 - sign w_2 */
    double c;            /* w_1² - w_2² */
    double q_end, r_end; /* where u² and v² end; r_end = c²/q_end */
    double kappa;        /* κ */
};

/* The constants of the flow that starts at (w1, w2). */
static struct flow flow_from(struct statistics stats, double w1, double w2)
{
    struct flow f;
    f.sign = copysign(1, stats.sigma_yx);
    double s = fabs(best_weight(stats));

    /* c = w_1² - w_2², in factors, so that it is exactly 0 on the diagonals */
    f.c = (w1 + w2) * (w1 - w2);

    /* q_end = 2 s + √(4 s² + c²), and r_end = c²/q_end */
    f.q_end = 2 * s + sqrt(4 * s * s + f.c * f.c);
    f.r_end = f.c * f.c / f.q_end;

    /* κ = σ^x (q_end + r_end)/τ */
    f.kappa = stats.sigma_x * (f.q_end + f.r_end) / stats.tau;
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

/* Returns the point to which the flow takes (w1, w2) in the time t. */
static struct chain flow_at(struct statistics stats, double w1, double w2, double t)
{
    struct flow f = flow_from(stats, w1, w2);
    double u = w1 + f.sign * w2, v = w1 - f.sign * w2;
    double decay = exp(-f.kappa * t);
    double u_t = copysign(sqrt(logistic(u * u, f.q_end, f.r_end, decay)), u);
    double v_t = copysign(sqrt(logistic(v * v, f.r_end, f.q_end, decay)), v);

    /* w_1 = (u + v)/2 and w_2 = (u - v)/2, times the sign */
    struct chain point = {3, {0, (u_t + v_t) / 2, f.sign * (u_t - v_t) / 2}};
    return point;
}

static const double NEVER = -1; /* a time that does not come; the tables have a dash */

/*
 * When is the flow half-way, at w_tot = s/2? There q - c²/q = 2 s, so that q is q_half =
 * s + √(s² + c²), and the solution gives
 *
 *     e^(κt) = [(q_half + r_end) (q_end - q(0))] / [(q_end - q_half) (q(0) + r_end)].
 *
 * The function returns 0 if the flow starts beyond.
 */
static double flow_half_time(struct statistics stats, double w1, double w2)
{
    struct flow f = flow_from(stats, w1, w2);
    double s = fabs(best_weight(stats)), u = w1 + f.sign * w2, q0 = u * u;
    double q_half = s + sqrt(s * s + f.c * f.c);
    if (q0 == 0)
        return NEVER;
    if (q0 >= q_half)
        return 0;
    double growth =
        (q_half + f.r_end) / (f.q_end - q_half) * (f.q_end - q0) / (q0 + f.r_end);
    return log(growth) / f.kappa;
}

enum { PATIENCE = 200000 }; /* Euler's steps that we wait */

/* Returns the time of the first step that reaches w_tot = s/2. */
static double euler_half_time(struct statistics stats, double w1, double w2)
{
    struct chain chain = {3, {0, w1, w2}};
    for (int t = 0; t <= PATIENCE; t++) {
        if (total_weight(chain) / best_weight(stats) >= 0.5)
            return t * DT;
        chain = euler_step(stats, chain);
    }
    return NEVER;
}

/*
 * 2. Escape from the saddle
 *
 * How close to the diagonal of run 3 is too close? Hardly any start is. If it misses the
 * diagonal by a distance that is 16 times smaller, the escape takes longer only by
 *
 *     flow     log(16) τ/(2 σ^yx)
 *     Euler    log(16) Δt/log(1 + 2 σ^yx Δt/τ).
 *
 * Start at w_1 = 2 and w_2 = a - 2, so that u(0) = a. (For σ^yx < 0 it is w_2 = 2 - a;
 * then read |σ^yx| for σ^yx.) The way in takes about the same time for every small a.
 * Near the saddle w_tot can be neglected. There τ du/dt ≈ 2 σ^yx u, so that u grows like
 * e^(2 σ^yx t/τ), and a step of Euler's multiplies it by 1 + 2 σ^yx Δt/τ. So the time
 * until u has some given size grows like log(1/a). (The law is one for a small a: c = a
 * (4 - a) has to be small beside s, so that the flow passes close to the saddle.)
 *
 * expected/linear_chain_f.txt escape
 *
 * In run 1 the same law is at work. It waits because the gradient near the saddle is in
 * proportion to u, and u has to grow exponentially from 0.002.
 *
 * Saddles of deeper chains hold the flow for longer. Let m of the weights be 0 at the
 * saddle and let r be the product of the others. If the m weights all start at a small a
 * > 0 and the flow leads away, (c) gives τ da/dt ≈ 2 σ^yx r a^(m-1). For m = 2 the time
 * is of the order of log(1/a), as above. For m > 2 it is of the order of a^(2-m), which
 * is longer if *a* is small enough.
 */
static void print_escape(struct statistics stats)
{
    double speed = 2 * fabs(stats.sigma_yx) / stats.tau;
    print_title('f', "escape");
    print_statistics(stats);
    printf("# from w1 = 2, w2 = %s until w_tot is half of %g, dt = %g\n",
           stats.sigma_yx > 0 ? "a - 2" : "2 - a", best_weight(stats), DT);
    printf("# longer: than in the row above; law: how much longer for a small a\n"
           "# a t longer law flow_t flow_longer flow_law\n");
    double euler_before = NEVER, flow_before = NEVER;
    for (double a = 1 / 16.0; a > 1e-10; a /= 16) {
        double w2 = copysign(a - 2, -stats.sigma_yx);
        double euler = euler_half_time(stats, 2, w2), flow = flow_half_time(stats, 2, w2);
        bool first = flow_before == NEVER;
        bool euler_known = euler != NEVER && euler_before != NEVER;
        printf("%11.6g", a);
        print_time(8, euler);
        print_time(8, euler_known ? euler - euler_before : NEVER);
        print_time(9, log(16) * DT / log(1 + speed * DT));
        print_time(9, flow);
        print_time(9, first ? NEVER : flow - flow_before);
        print_time(9, log(16) / speed);
        printf("\n");
        euler_before = euler;
        flow_before = flow;
    }
}

/*
 * 3. Training times of balanced chains
 *
 * The chain counts as trained when w_tot is within 5 % of s. Since E exceeds its minimum
 * by σ^x (w_tot - s)², less than 1/400 of the excess at w_tot = 0 is then left. The time
 * that the flow needs is the integral
 *
 *     T = ∫ dw/(dw/dt)
 *
 * from w(0) to where w_tot has come within 5 %. For D = 2 the equation is linear, and T
 * is a logarithm. For D > 2 and σ^yx < 0 the flow runs into w = 0, and never arrives.
 *
 * - From w(0) = 1/2 a deep chain spends its time where w^(D-1) can be neglected, and τ
 *   dw/dt ≈ 2 σ^yx w^(D-2). In the integral of 1/w^(D-2) the lower end is what counts,
 *   so that T ≈ (τ/(2 σ^yx (D-3))) w(0)^(3-D): near a factor of 2 for each layer.
 * - From w(0) = 1 the time falls with depth if s > 1. The speed of w_tot, which part (g)
 *   gives, has a factor that grows with D and a power of w_tot that does not fall with D
 *   as long as w_tot >= 1.
 * - From w(0) = 1.1 the flow is the fastest of the three with the handout's data.
 *   Euler's steps of 0.01 follow it up to D = 11. From then on the first one leaps over
 *   the minimum, farther in each deeper chain, and in the end it lands on the plateau
 *   around 0.
 *
 * The last column has Euler's steps from w(0) = 1 in proportion to 1/(D-1), as part (g)
 * wants them.
 *
 * expected/linear_chain_g.txt training_time
 */
static const double NEAR = 0.05;

/* Tells whether w_tot is near s. */
static bool is_trained(struct statistics stats, double w_tot)
{
    return fabs(w_tot / best_weight(stats) - 1) < NEAR;
}

/*
 * Returns the number of Euler's steps after which w_tot is near s and stays there. A
 * hundred further steps show that it stays: an orbit may only pass by.
 */
static double steps_until_trained(struct statistics stats, int D, double w, double dt)
{
    int trained_since = 0;
    for (int t = 0; t <= PATIENCE; t++) {
        if (!is_trained(stats, raised(w, D - 1)))
            trained_since = t + 1;
        else if (t - trained_since == 100)
            return trained_since;
        w = balanced_euler_step(stats, D, w, dt);
    }
    return NEVER;
}

static double euler_training_time(struct statistics stats, int D, double w, double dt)
{
    double steps = steps_until_trained(stats, D, w, dt);
    return steps == NEVER ? NEVER : steps * dt;
}

/*
 * Returns T = ∫ dw/(dw/dt) = ∫ w/(dw/dt) d(log w), by Simpson's rule. The variable is
 * log w, so that neighbouring points differ by the same factor, however small w is. The
 * ends count once, the points between them four times and twice in turn.
 */
static double integrate(struct statistics stats, int D, double from, double to)
{
    const int intervals = 1000;
    double width = log(to / from) / intervals, sum = 0;
    for (int k = 0; k <= intervals; k++) {
        double w = from * exp(k * width);
        double term = w / dw_dt(stats, raised(w, D - 1), raised(w, D - 2));
        if (k == 0 || k == intervals)
            sum += term;
        else if (k % 2 == 1)
            sum += 4 * term;
        else
            sum += 2 * term;
    }
    return sum * width / 3;
}

/* Returns the time that the flow needs from w > 0. */
static double flow_training_time(struct statistics stats, int D, double w)
{
    double s = best_weight(stats), w_tot = raised(w, D - 1);
    if (is_trained(stats, w_tot))
        return 0;
    /* For D = 2, w - s shrinks like e^(-2 σ^x t/τ). */
    if (D == 2)
        return stats.tau / (2 * stats.sigma_x) * log(fabs(w_tot / s - 1) / NEAR);
    if (s < 0)
        return NEVER;
    double end = w_tot < s ? (1 - NEAR) * s : (1 + NEAR) * s;
    return integrate(stats, D, w, pow(end, 1.0 / (D - 1)));
}

/* Returns T ≈ (τ/(2 σ^yx (D-3))) w(0)^(3-D), where w_tot is small enough for it. */
static double small_start_law(struct statistics stats, int D, double w)
{
    if (D <= 3 || raised(w, D - 1) > 0.1 * best_weight(stats))
        return NEVER;
    return stats.tau / (2 * stats.sigma_yx * (D - 3)) / raised(w, D - 3);
}

/* Returns steps of 4/5 of the limit τ/(σ^x s² (D-1)) of part (g). */
static double step_in_proportion(struct statistics stats, int D)
{
    double s = best_weight(stats);
    return 0.8 * stats.tau / (stats.sigma_x * s * s * (D - 1));
}

static void print_training_time(struct statistics stats)
{
    print_title('g', "training_time");
    print_statistics(stats);
    printf("# until w_tot is within 5 %% of %g and stays there; - if it never is\n",
           best_weight(stats));
    printf("# w(0): Euler's time, dt = %g, up to %g; flow: the flow's time\n", DT,
           PATIENCE * DT);
    printf(
        "# law(%g): where w(0)^(D-1) is small; short(%g): Euler's time, dt = %g/(D-1)\n",
        STARTS[0], STARTS[1], step_in_proportion(stats, 2));
    printf("# D w(0)=%g w(0)=%g w(0)=%g flow(%g) flow(%g) flow(%g) law(%g) short(%g)\n",
           STARTS[0], STARTS[1], STARTS[2], STARTS[0], STARTS[1], STARTS[2], STARTS[0],
           STARTS[1]);
    for (int D = 2; D <= DEEPEST; D++) {
        printf("%2d", D);
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            print_time(8, euler_training_time(stats, D, STARTS[k], DT));
        for (int k = 0; k < NUMBER_OF_STARTS; k++)
            print_time(10, flow_training_time(stats, D, STARTS[k]));
        print_time(10, small_start_law(stats, D, STARTS[0]));
        print_time(10, euler_training_time(stats, D, 1, step_in_proportion(stats, D)));
        printf("\n");
    }
}

/* Euler's steps from w(0) = 1, in proportion to 1/(D-1): how many does it take? */
static void print_steps_and_depth(struct statistics stats)
{
    const int depths[] = {2, 3, 5, 10, 20, 50, 100, 200, 500, 1000};
    double s = best_weight(stats);
    print_title('g', "steps_and_depth");
    print_statistics(stats);
    printf("# longest: stable step at the minimum w* > 0, times D - 1; its limit is %g\n",
           stats.tau / (stats.sigma_x * s * s));
    printf("# steps: Euler's, dt = %g/(D-1), from w(0) = 1 until w_tot is near %g\n",
           step_in_proportion(stats, 2), s);
    printf("# D longest*(D-1) dt steps\n");
    for (int k = 0; k < 10; k++) {
        int D = depths[k];
        double dt = step_in_proportion(stats, D);
        printf("%4d", D);
        if (s > 0) {
            /* τ / (σ^x (D-1) (w*)^(2D-4)) */
            double w_star = pow(s, 1.0 / (D - 1));
            print_number(10, stats.tau / (stats.sigma_x * raised(w_star, 2 * D - 4)));
        } else {
            printf(" %10s", "-");
        }
        print_number(12, dt);
        print_time(6, steps_until_trained(stats, D, 1, dt));
        printf("\n");
    }
}

/*
 * 4. Nearly equal weights
 *
 * Let D = 4, σ^yx > 0, and let the weights be near -1/2. From equal ones the flow ends
 * at w = 0, and |w| falls like τ/(2 σ^yx t). If all three squares differ by amounts of
 * the order of c, this goes on until w² is of the order of c, after a time of the order
 * of τ/(2 σ^yx √c). Then the smallest weight passes through 0 and changes its sign. Now
 * w_tot is positive, and the chain escapes in a time of the same order. (At other even
 * depths the time is of the order of c^(-(D-3)/2). If only the two smallest are so
 * close, it is of the order of log(1/c), as at the saddles of section 2 with m = 2.) For
 * σ^yx < 0 the same happens near 1/2.
 *
 * expected/linear_chain_g.txt unbalanced
 */
static void print_unbalanced(struct statistics stats)
{
    double w = copysign(0.5, -stats.sigma_yx);
    print_title('g', "unbalanced");
    print_statistics(stats);
    printf("# D = 4, w1, w2, w3 = %g times 1 - 2a, 1, 1 + 2a; dt = %g\n", w, DT);
    printf("# t: until w_tot is within 5 %% of %g; c: w2^2 - w1^2\n# a t t*sqrt(c)\n",
           best_weight(stats));
    for (double a = 1 / 8.0; a > 1e-5; a /= 8) {
        struct chain chain = {4, {0, w * (1 - 2 * a), w, w * (1 + 2 * a)}};
        double c = (chain.w[2] + chain.w[1]) * (chain.w[2] - chain.w[1]);
        int t = 0;
        while (t < PATIENCE && !is_trained(stats, total_weight(chain))) {
            chain = euler_step(stats, chain);
            t++;
        }
        printf("%11.6g", a);
        print_time(8, t < PATIENCE ? t * DT : NEVER);
        print_time(10, t < PATIENCE ? t * DT * sqrt(c) : NEVER);
        printf("\n");
    }
}

/*
 * PART III: PRINTING
 *
 * 5. Tables
 *
 * A table has a title, comment lines that begin with #, and rows of numbers. A dash
 * stands where there is none. Two blank lines separate a table from the next.
 */
static void print_title(char part, const char *table)
{
    printf("# Practical 4: Deep Networks, question 2(%c): %s\n", part, table);
}

static void print_statistics(struct statistics stats)
{
    printf("# sigma_y = %g, sigma_yx = %g, sigma_x = %g, tau = %g\n", stats.sigma_y,
           stats.sigma_yx, stats.sigma_x, stats.tau);
}

static void separate_tables(void) { printf("\n\n"); }

/* Prints a column. The sign of 0 and of NaN is not the same on all processors. */
static void print_number(int width, double value)
{
    if (value == 0 || isnan(value))
        value = fabs(value);
    printf(" %*.6g", width, value);
}

static void print_time(int width, double time)
{
    if (time == NEVER)
        printf(" %*s", width, "-");
    else
        print_number(width, time);
}

static void print_weights(struct chain chain)
{
    for (int i = 1; i <= 5; i++)
        if (i < chain.D)
            print_number(7, chain.w[i]);
        else
            printf(" %7s", "-");
}

/*
 * Computers round differently in the last digits. Where two numbers should be equal,
 * their difference is nothing but these digits. So it is returned as 0 where it is not
 * above a few roundings of numbers of the given size.
 */
static double rounded(double difference, double size)
{
    if (fabs(difference) < 16 * DBL_EPSILON * size)
        return 0;
    return difference;
}

static void print_error(int width, struct statistics stats, double w_tot)
{
    double size = stats.sigma_y + w_tot * w_tot * stats.sigma_x;
    print_number(width, rounded(error(stats, w_tot), size));
}

/* Prints ∂E/∂w_i, or a multiple of it if `others` is multiplied by a number. */
static void print_gradient(int width, struct statistics stats, double w_tot,
                           double others)
{
    double size = 2 * (fabs(w_tot * stats.sigma_x) + fabs(stats.sigma_yx)) * fabs(others);
    print_number(width, rounded(dE_dw(stats, w_tot, others), size));
}

/*
 * 6. The command line
 *
 * Parts are printed in the handout's order, whatever order they are named in.
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
static double *member(struct statistics *stats, const char *option)
{
    if (is(option, "--sigma-y"))
        return &stats->sigma_y;
    if (is(option, "--sigma-yx"))
        return &stats->sigma_yx;
    if (is(option, "--sigma-x"))
        return &stats->sigma_x;
    if (is(option, "--tau"))
        return &stats->tau;
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

/* Ends the program if no data have these statistics, or if there is nothing to learn. */
static void demand_possible(struct statistics stats)
{
    if (stats.sigma_y <= 0)
        refuse("--sigma-y", "has to be above 0");
    if (stats.sigma_x <= 0)
        refuse("--sigma-x", "has to be above 0");
    if (stats.tau <= 0)
        refuse("--tau", "has to be above 0");
    if (stats.sigma_yx == 0)
        refuse("--sigma-yx", "must not be 0: there is nothing to learn");
    /* The lowest E, σ^y - (σ^yx)²/σ^x, is a mean of squares and cannot be negative. */
    double correlation = fabs(stats.sigma_yx) / sqrt(stats.sigma_y) / sqrt(stats.sigma_x);
    if (correlation > 1 + 16 * DBL_EPSILON)
        refuse("--sigma-yx", "is too large: no data have sigma_yx^2 > sigma_y sigma_x");
}

static void print_part(char part, struct statistics stats)
{
    switch (part) {
    case 'a':
        print_a();
        break;
    case 'b':
        print_b();
        break;
    case 'c':
        print_c(stats);
        break;
    case 'd':
        print_d(stats);
        break;
    case 'e':
        print_e(stats);
        break;
    case 'f':
        print_f(stats);
        break;
    case 'g':
        print_g(stats);
        break;
    }
}

static void print_parts(const bool *wanted, struct statistics stats)
{
    bool first = true;
    for (int k = 0; k < PARTS; k++)
        if (wanted[k]) {
            if (!first)
                separate_tables();
            print_part((char)('a' + k), stats);
            first = false;
        }
}

int main(int argc, char **argv)
{
    struct statistics stats = {4.5, 2, 1, 1}; /* the handout's, of (e) and (f) */
    bool wanted[PARTS] = {false};
    bool all = true, help = false;
    for (int k = 1; k < argc; k++) {
        double *number = member(&stats, argv[k]);
        if (number != NULL) {
            if (k + 1 == argc || !read_number(argv[k + 1], number))
                refuse(argv[k], "expects a finite number");
            k++; /* over the number */
        } else if (is_part(argv[k])) {
            wanted[argv[k][0] - 'a'] = true;
            all = false;
        } else if (is(argv[k], "--help")) {
            help = true;
        } else {
            refuse(argv[k], "is neither an option nor a part, a ... g");
        }
    }
    demand_possible(stats);
    if (all)
        for (int k = 0; k < PARTS; k++)
            wanted[k] = true;
    if (help)
        fputs(USAGE, stdout);
    else
        print_parts(wanted, stats);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "linear_chain: standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
