/*
 * Computes the numbers of section 8 of backprop.c, "The same with a pencil", with the
 * program's own functions. It prints the lines that stand there, and `make check` compares
 * the two.
 */
#define main main_of_backprop
#include "../../backprop.c"
#undef main

/* A matrix with these numbers, row after row. */
static struct matrix matrix_of(int rows, int columns, const double *numbers)
{
    struct matrix M = new_matrix(rows, columns);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            M.column[j][i] = numbers[i * columns + j];
    return M;
}

/* Prints a matrix as MATLAB writes it, and a single number without brackets. */
static void show(const char *left_side, struct matrix M)
{
    bool is_number = M.rows == 1 && M.columns == 1;
    printf("%s = %s", left_side, is_number ? "" : "[");
    for (int i = 0; i < M.rows; i++) {
        if (i > 0)
            printf("; ");
        for (int j = 0; j < M.columns; j++)
            printf("%s%g", j == 0 ? "" : " ", M.column[j][i] + 0.0); /* -0 + 0 is 0 */
    }
    printf("%s\n", is_number ? "" : "]");
}

int main(void)
{
    struct matrix x = matrix_of(2, 1, (double[]){1, 2});
    struct matrix y = matrix_of(1, 1, (double[]){-1});
    struct weights w = {
        .W1 = matrix_of(2, 2, (double[]){1, 1, 1, -1}),
        .W2 = matrix_of(2, 2, (double[]){1, 3, 2, 1}),
        .W3 = matrix_of(1, 2, (double[]){1, -1}),
    };
    show("x", x);
    show("y", y);
    show("W1", w.W1);
    show("W2", w.W2);
    show("W3", w.W3);

    struct activities a = {
        new_matrix(2, 1), new_matrix(2, 1), /* u1, h1 */
        new_matrix(2, 1), new_matrix(2, 1), /* u2, h2 */
        new_matrix(1, 1),                   /* y_hat */
    };
    forward(w, x, a);
    show("u1 = W1 x", a.u1);
    show("h1 = f(u1)", a.h1);
    show("u2 = W2 h1", a.u2);
    show("h2 = f(u2)", a.h2);
    show("y_hat = W3 h2", a.y_hat);
    printf("L = %g\n", loss(y, a.y_hat));

    struct deltas d = {
        new_matrix(1, 1), new_matrix(2, 1), new_matrix(2, 1), /* delta3, delta2, delta1 */
        new_matrix(2, 1), new_matrix(2, 2),                   /* W3T, W2T */
    };
    backward(w, y, a, d);
    struct matrix blame = new_matrix(2, 1);
    multiply(d.W2T, d.delta2, blame);
    show("delta3 = y - y_hat", d.delta3);
    show("delta2 = [W3ᵀ delta3] ∘ f'(u2)", d.delta2);
    show("W2ᵀ delta2", blame);
    show("delta1 = [W2ᵀ delta2] ∘ f'(u1)", d.delta1);

    struct weights dL_dW = {new_matrix(2, 2), new_matrix(2, 2), new_matrix(1, 2)};
    gradient(x, a, d, dL_dW);
    show("∂L/∂W3 = -delta3 h2ᵀ", dL_dW.W3);
    show("∂L/∂W2 = -delta2 h1ᵀ", dL_dW.W2);
    show("∂L/∂W1 = -delta1 xᵀ", dL_dW.W1);

    const double alpha = 0.01;
    update(alpha, dL_dW.W3, w.W3);
    update(alpha, dL_dW.W2, w.W2);
    update(alpha, dL_dW.W1, w.W1);
    show("W3 <- W3 - alpha ∂L/∂W3", w.W3);
    show("W2 <- W2 - alpha ∂L/∂W2", w.W2);
    show("W1 <- W1 - alpha ∂L/∂W1", w.W1);
    forward(w, x, a);
    show("y_hat", a.y_hat);
    printf("L = %g\n", loss(y, a.y_hat));
    return 0;
}
