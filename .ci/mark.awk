# awk -f mark.awk EXPECTED THEIRS: are the numbers of two tables the same, to six digits?
#
# Comments (# or %), blank lines, spacing, commas, line ends and the way in which a number
# is written (1e-05, 0.00001) do not count. Says where the first difference is and what
# usually causes one there. Exit status: 0 the same, 1 different, 2 no table to compare.

function is_number(word) {
    return word ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eEdD][-+]?[0-9]+)?$/
}

# A number as the tables print it; other words (nan, saddle) in small letters.
function plain(word, digits) {
    if (!is_number(word))
        return tolower(word)
    gsub(/[dD]/, "e", word)
    word = sprintf("%." digits "g", word + 0)
    return word == "-0" ? "0" : word
}

function digits_of(word) {
    sub(/[eEdD].*/, "", word)
    gsub(/[-+.]/, "", word)
    sub(/^0+/, "", word)
    return length(word)
}

function hint(row, column, name, theirs, ours) {
    if (is_number(theirs) && digits_of(theirs) < 6 && digits_of(theirs) > 0 \
        && plain(ours, digits_of(theirs)) == plain(theirs, digits_of(theirs)))
        return "it is the same number with fewer digits: print with %.6g."
    if (is_number(theirs) && is_number(ours)) {
        apart = theirs - ours
        if (apart < 0) apart = -apart
        size = ours < 0 ? -ours : ours
        if (size > 0 && apart < 3e-6 * size)
            return "it is the last digit: single precision somewhere, or a number" \
                " written in the program with too few digits."
        if (size > 0 && theirs + ours == 0)
            return "a sign."
    }
    if (title ~ /question 1\(a\)/) {
        if (column == 1)
            return "the iterations are counted from 1, row 1 is the untrained network."
        if (row == 1 && name ~ /loss/)
            return "nothing has been learnt yet, so it is the data (transposed? divided" \
                " by 255?), the starting weights (seed, order W3, W2, W1," \
                " weight_scale), the ReLU, or the loss (1/2, divided by the number of" \
                " examples)."
        if (row == 1)
            return "the losses agree, so it is how accuracy counts: sign(y_hat) =" \
                " sign(y), and an output of 0 is wrong."
        if (row == 2)
            return "the first update was another one: a gradient (f' at the wrong layer" \
                " or left out, step(0) = 1, a transposed matrix, a sign), alpha =" \
                " 0.1/P, or weights that changed before all gradients were known."
        if (name ~ /accuracy/)
            return "the losses agree so far: an output near 0, or the other set."
        if (name ~ /test/)
            return "the training loss agrees: the test set is not evaluated with the" \
                " same weights as the training set."
        return "the first updates were right: single precision, a learning rate that" \
            " changes, or examples that are shuffled or left out."
    }
    if (title ~ /trajectory/) {
        if (row == 1)
            return "the start: w1(0), w2(0), or E = 4.5 - 2 w 2 + w^2 with w = w1 w2."
        if (row == 2)
            return "the first step: the factor 2 in dE/dw, dt = 0.01, the sign, or w2's" \
                " update sees the new w1 instead of the old one."
        if (title ~ /trajectory_3/)
            return "w1 = -w2 has to hold to the last bit: both updates must be the same" \
                " expression."
        return "the first step was right: a smaller or growing dt, or an adaptive method."
    }
    if (title ~ /\(e\)/)
        return "E = sigma_y - 2 sigma_yx w1 w2 + sigma_x (w1 w2)^2, w1 in the outer loop."
    if (title ~ /initial_gradient/ && column > 4)
        return "dE/dw of E(w) is D - 1 times dE/dw_i."
    if (title ~ /balanced_error/)
        return "a chain of depth D has D - 1 weights: w_tot = w^(D-1)."
    if (title ~ /question 2/)
        return "compare with the derivation in linear_chain.c, in the part of that name."
    return "no usual cause is known for this table."
}

{ gsub(/\r/, "") }

# The first file: what is expected, and what its tables and columns are called.
FNR == NR {
    if (/^# Practical/) { current = $0 }
    if (/^#/) { names = $0; sub(/^# */, "", names) }
    if (/^[ \t]*[#%]/ || NF == 0) next
    if (current != last_title) { in_table = 0; last_title = current }
    expected[++rows] = $0
    title_of[rows] = current
    names_of[rows] = names
    row_of[rows] = ++in_table
    next
}

/^[ \t]*[#%]/ { next }
{ gsub(/[,;\t]/, " ") }
NF == 0 { next }
{
    found++
    if (found > rows) next
    n = split(expected[found], ours)
    title = title_of[found]
    split(names_of[found], name)
    place = "row " row_of[found]
    sub(/^# Practical 4: Deep Networks, /, "", title)
    for (k = 1; k <= n || k <= NF; k++) {
        if (k > n || k > NF) {
            print "different: " title ", " place " (line " FNR "): expected " n \
                " columns, found " NF "."
            failed = 1
            exit
        }
        if (plain(ours[k], 6) != plain($k, 6)) {
            print "different: " title ", " place " (line " FNR "), column " k \
                " (" name[k] "): expected " ours[k] ", found " $k "."
            print "usual cause: " hint(row_of[found], k, name[k], $k, ours[k])
            failed = 1
            exit
        }
        numbers++
    }
}

END {
    if (failed) exit 1
    if (rows == 0 || found == 0) {
        print "nothing to compare: " (rows == 0 ? "the expected table" : "their table") \
            " has no rows"
        exit 2
    }
    if (found != rows) {
        print "different: expected " rows " rows, found " found "; the first " \
            (found < rows ? found : rows) " agree."
        exit 1
    }
    print "the same: " rows " rows, " numbers " numbers"
}
