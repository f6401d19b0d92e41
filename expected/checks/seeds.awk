# awk -f seeds.awk TABLE ...: what the training tables of several seeds come to.
#
# The first table has a row for each training, and for each weight scale the mean and the
# standard deviation (over n - 1) of its rows. The second one stops all trainings of a
# scale at the same iteration, one that was not chosen by looking at a test set.

function spread(sum, squares, n,    variance) {
    variance = (squares - sum * sum / n) / (n - 1)
    return variance > 1e-15 ? sqrt(variance) : 0
}
function print_row(scale, name, c,    k) {
    printf "%-5s %4s", scale, name
    for (k = 1; k <= 8; k++) printf " %11.6g", c[k]
    printf "\n"
}
function finish_training() {
    c[1] = last[2]; c[2] = last[3]; c[3] = last[4]; c[4] = last[5]
    c[5] = at_loss; c[6] = loss; c[7] = at_accuracy; c[8] = accuracy
    print_row(scale, seed, c)
    n++
    for (k = 1; k <= 8; k++) { sum[k] += c[k]; squares[k] += c[k] * c[k] }
}
function finish_scale() {
    if (n < 2) exit 1
    for (k = 1; k <= 8; k++) { c[k] = sum[k] / n; d[k] = spread(sum[k], squares[k], n) }
    print_row(scale, "mean", c)
    print_row(scale, "sd", d)
    split("", sum); split("", squares)
    n = 0
}
BEGIN {
    print "# Practical 4: Deep Networks, question 1(b), (c): how much depends on the seed"
    print "# the last row; the first row with the lowest test loss; the first row with the"
    print "# highest test accuracy"
    print "# weight_scale seed train_loss test_loss train_accuracy test_accuracy" \
        " at lowest_test_loss at highest_test_accuracy"
    stops = split("50 100 200 500 1000 2000 3000 4000 5000", stop)
    for (k = 1; k <= stops; k++) wanted[stop[k]] = 1
}
/weight_scale = / {
    if (seed != "") finish_training()
    split($0, part, /weight_scale = |,/)
    if (part[2] != scale) {
        if (scale != "") finish_scale()
        scale = part[2]
        scales[++n_scales] = scale
    }
    seed = $NF
    loss = 1e300; accuracy = -1
}
/^#/ { next }
NF == 5 {
    split($0, last)
    if ($3 < loss) { loss = $3; at_loss = $1 }
    if ($5 > accuracy) { accuracy = $5; at_accuracy = $1 }
    if ($1 in wanted) {
        count[scale, $1]++
        for (k = 2; k <= 5; k++) {
            total[scale, $1, k] += $k
            total2[scale, $1, k] += $k * $k
        }
    }
}
END {
    finish_training()
    finish_scale()
    print "\n\n# Practical 4: Deep Networks, question 1(b), (c): all seeds stopped at the" \
        " same iteration"
    print "# mean and standard deviation over the seeds"
    print "# weight_scale iteration train_loss sd test_loss sd train_accuracy sd" \
        " test_accuracy sd"
    for (s = 1; s <= n_scales; s++)
        for (j = 1; j <= stops; j++) {
            i = stop[j]
            if (!((scales[s], i) in count)) continue
            printf "%-5s %4d", scales[s], i
            for (k = 2; k <= 5; k++) {
                t = total[scales[s], i, k]
                printf " %11.6g %11.6g", t / count[scales[s], i], \
                    spread(t, total2[scales[s], i, k], count[scales[s], i])
            }
            printf "\n"
        }
}
