# awk -f starter.awk backprop.c: the program without what the student is to fill in.
#
# In the functions that are named below, each comment of one line is an equation, and the
# code below it computes it. The comment stays. A call of to_fill_in() takes the place of
# the code. With -v filled=3 the code of the first three gaps stays, too.
#
# The comments that give the answers away have others in their place. If backprop.c has
# changed, so that something to replace is not found, this ends with status 1.

BEGIN {
    functions = split("f f_prime forward backward gradient update", name)
    for (k = 1; k <= functions; k++)
        not_found[name[k]] = 1
    not_found["the opening comment"] = 1
    not_found["the comment above f_prime"] = 1
    not_found["the answer to why f' is there"] = 1
    not_found["section 10"] = 1
    not_found["#include <time.h>"] = 1
    pattern_to_imitate = "h1 = f(W1 x)"
}

# Text that is replaced: nothing is printed until a line that has the text `last_line`.
function replace_until(last_line, what) {
    skip_until = last_line
    delete not_found[what]
}
skip_until != "" {
    if (index($0, skip_until) == 0)
        next
    skip_until = ""
}

/^ \* Backpropagation, written out/ {
    print " * Backpropagation, for you to write: sevens against nines"
    print " *"
    print " * This is `backprop.c` without the lines that compute the handout's"
    print " * equations. In their place stand calls of to_fill_in(). Write the code"
    print " * there and delete the call. The comment above it has the equation. One"
    print " * equation is filled in, as a pattern: `h1 = f(W1 x)` in forward()."
    print " *"
    print " * C has no A - B and no A * B for matrices. f and f_prime need an if. delta3"
    print " * and update() need loops: imitate loss() in section 4 and set_to_zero() in"
    print " * section 2. All else is made of the functions of section 2, and of those"
    print " * that stand right above the gap. The matrices are written `a.h1`,"
    print " * `d.delta2`, `w.W2` and `dL_dW.W3`."
    print " *"
    print " * The program ends at the first gap that it meets, and says where it is:"
    print " *"
    print " *     out/starter.c:123: to fill in: y_hat = W3 h2"
    print " *"
    print " * A new matrix is full of NaN, which means \"not a number\". A sum or a product"
    print " * with a NaN is a NaN, too, but `u > 0 ? u : 0` makes 0 of it. So a row with"
    print " * nan, or with `0.5 0.5 0 0`, comes from a matrix that you have not computed,"
    print " * or not yet: `./out/starter --check-gradient` names the first one."
    print " *"
    print " * \"Segmentation fault\" means that an index has left its matrix. They run from"
    print " * 0 to rows - 1 and from 0 to columns - 1. Compile with `-g -fsanitize=address`"
    print " * and run again: the first line with out/starter.c names the place."
    print " *"
    print " * Type the commands into a terminal, in the folder that has the Makefile,"
    print " * and without the $."
    print " *"
    print " * 1. Section 3, f and forward(). Compile, and train for one iteration:"
    print " *"
    print " *        $ cc -std=c99 -Wall -O3 -o out/starter out/starter.c -lm"
    print " *        $ ./out/starter --weight-scale 0.1 --iterations 1"
    print " *"
    print " *    Before it ends at the next gap, it should print this row:"
    print " *"
    print " *        1     0.469794     0.483029       0.619444          0.55"
    print " *"
    print " *    If it differs, the mistake is in f or forward(). Do not go on."
    print " * 2. Sections 5 and 6, f_prime, backward() and gradient(). Compile again,"
    print " *    and compare your derivatives with measured slopes (see section 9):"
    print " *"
    print " *        $ ./out/starter --check-gradient"
    print " *"
    print " *    To check layer by layer from the top, delete the calls below without"
    print " *    code: their matrices stay NaN, and the layers above pass already."
    print " * 3. Section 7, update(). Compile again, train for 30 iterations, and"
    print " *    compare:"
    print " *"
    print " *        $ ./out/starter --weight-scale 0.1 --iterations 30 > mine.txt"
    print " *        $ make mark TABLE=mine.txt AGAINST=expected/backprop_0.1.txt"
    print " *"
    print " *    A right table gets `the same as far as it goes: 30 rows`. If row 1 is"
    print " *    right and the gradient check passes, but row 2 differs, look at"
    print " *    update(): the sign, alpha, the ends of the loops, and"
    print " *    `W.column[j][i]`, the column first."
    print " * 4. The handout's questions. This trains both networks, in some minutes:"
    print " *"
    print " *        $ ./out/starter > tables.txt"
    print " *"
    replace_until(" * Part I is the handout", "the opening comment")
    next
}

index($0, " * - *Why ∘ f'?*") == 1 {
    print " * - *Why ∘ f'?* Find a sentence for it, before you write f_prime."
    print " *"
    replace_until(" * If there is one linear neuron", "the answer to why f' is there")
    next
}

/^ \* The slope of the ReLU/ {
    print " * The slope of the ReLU. It is a function of u, but here h = f(u) is at hand."
    print " *"
    print " * The handout gives two rules. By the first one it is 1 if the neuron's"
    print " * activity is greater than zero, and zero otherwise. By the second one it"
    print " * is step(h), which is zero if h is less than zero, and 1 otherwise."
    print " * Where do they differ, and does that happen? Decide on one. The gradient"
    print " * check tells whether it is right."
    replace_until(" */", "the comment above f_prime")
    next
}

# In the starter nothing checks the numbers of section 8.
/^ \* \(`make check` computes these numbers/ { next }

/^ \* 10\. What came out/ {
    print
    print " *"
    print " * This section is yours: plot the columns of your tables, and answer (a)"
    print " * to (c)."
    replace_until(" */", "section 10")
    next
}

/^#include <time.h>/ {
    print
    print ""
    print "/* While there are gaps, some functions are not used. Do not warn of them. */"
    print "#pragma GCC diagnostic ignored \"-Wunused-function\""
    print ""
    print "/* Ends the program at a gap. __FILE__ and __LINE__ are where it is. */"
    print "static double to_fill_in(const char *file, int line, const char *equation)"
    print "{"
    print "    fflush(stdout);"
    print "    fprintf(stderr, \"%s:%d: to fill in: %s\\n\", file, line, equation);"
    print "    exit(EXIT_FAILURE);"
    print "}"
    delete not_found[$0]
    next
}

# What the program calls itself, and how section 9 calls it.
{
    sub(/\.\/backprop --/, "./out/starter --")
    sub(/"backprop: /, "\"starter: ")
    sub(/"usage: backprop/, "\"usage: starter")
}

# The first line of a function, such as `static double f(double u)`, but not of its
# declaration, which ends with a semicolon. The name is the word before the bracket.
/^static .*\(.*[^;]$/ {
    inside = $0
    sub(/\(.*/, "", inside)
    sub(/.*[ *]/, "", inside)
    returns_number = /^static double /
}
/^}/ { inside = "" }

# A comment of one line in such a function: `    /* h2 = f(W2 h1) */`
/^    \/\* .* \*\/$/ {
    for (k = 1; k <= functions; k++)
        if (inside == name[k])
            in_gap = 1
}
in_gap == 1 {
    print
    in_gap = 0
    equation = $0
    sub(/^ *\/\* /, "", equation)
    sub(/ \*\/$/, "", equation)
    if (equation == pattern_to_imitate)
        next
    delete not_found[inside]
    gaps++
    if (gaps <= filled)
        next
    call = "to_fill_in(__FILE__, __LINE__, \"" equation "\");"
    print "    " (returns_number ? "return " : "") call
    in_gap = 2
    next
}

# The code below the equation ends with an empty line, or with the function.
in_gap == 2 && (/^$/ || /^}/) { in_gap = 0 }
in_gap == 2 { next }
{ print }

END {
    for (what in not_found) {
        print "starter.awk: backprop.c has no " what " to replace" | "cat 1>&2"
        status = 1
    }
    exit status
}
