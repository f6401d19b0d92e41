# awk -f seeds.awk TABLE ...: what the training tables of several seeds come to.
#
# The tables of one weight scale stand side by side, a seed each. The first table that is
# printed has a row for each training, and for each weight scale the mean and the standard
# deviation (over n - 1) of its rows. The second one stops all trainings of a scale at the
# same iteration, which was not chosen by looking at a test set.

BEGIN {
    n_stops = split("50 100 200 500 1000 2000 3000 4000 5000", stops)
    for (k = 1; k <= n_stops; k++)
        is_stop[stops[k]] = 1
    n_scales = 0
    in_training = 0
    print "# Practical 4: Deep Networks, question 1(b), (c): how much depends on the seed"
    print "# the last row; the first row with the lowest test loss; the first row with" \
        " the"
    print "# highest test accuracy"
    print "# weight_scale seed train_loss test_loss train_accuracy test_accuracy" \
        " at lowest_test_loss at highest_test_accuracy"
}

# Windows ends a line with a carriage return, too.
{ sub(/\r$/, "") }

# The second line of a training table, such as
# "# weight_scale = 0.01, alpha = 0.1/P, 5000 iterations, seed 1".
/^# weight_scale = / {
    if (in_training)
        finish_training()
    new_scale = $4
    sub(/,$/, "", new_scale)
    if (n_scales == 0 || new_scale != scale) {
        if (n_scales > 0)
            finish_scale()
        start_scale(new_scale)
    }
    seed = $NF
    in_training = 1
    lowest_loss = 1e300
    highest_accuracy = -1
}

/^#/ { next }

# A row: iteration, train loss, test loss, train accuracy, test accuracy.
NF == 5 {
    for (k = 2; k <= 5; k++)
        last[k] = $k
    if ($3 < lowest_loss) {
        lowest_loss = $3
        at_lowest_loss = $1
    }
    if ($5 > highest_accuracy) {
        highest_accuracy = $5
        at_highest_accuracy = $1
    }
    if ($1 in is_stop) {
        stopped[scale, $1]++
        for (k = 2; k <= 5; k++) {
            stop_sum[scale, $1, k] += $k
            stop_squares[scale, $1, k] += $k * $k
        }
    }
}

END {
    finish_training()
    finish_scale()
    print "\n\n# Practical 4: Deep Networks, question 1(b), (c): all seeds stopped at" \
        " the same iteration"
    print "# mean and standard deviation over the seeds"
    print "# weight_scale iteration train_loss sd test_loss sd train_accuracy sd" \
        " test_accuracy sd"
    for (s = 1; s <= n_scales; s++)
        for (j = 1; j <= n_stops; j++)
            if ((scales[s], stops[j]) in stopped)
                print_stop(scales[s], stops[j])
}

function start_scale(new_scale) {
    scale = new_scale
    n_scales++
    scales[n_scales] = scale
    n = 0
    for (k = 1; k <= 8; k++) {
        sum[k] = 0
        squares[k] = 0
    }
}

function finish_training() {
    for (k = 1; k <= 4; k++)
        result[k] = last[k + 1]
    result[5] = at_lowest_loss
    result[6] = lowest_loss
    result[7] = at_highest_accuracy
    result[8] = highest_accuracy
    print_row(seed, result)
    n++
    for (k = 1; k <= 8; k++) {
        sum[k] += result[k]
        squares[k] += result[k] * result[k]
    }
}

function finish_scale() {
    for (k = 1; k <= 8; k++) {
        means[k] = sum[k] / n
        deviations[k] = deviation(sum[k], squares[k], n)
    }
    print_row("mean", means)
    print_row("sd", deviations)
}

# The standard deviation of n numbers, from their sum and that of their squares. A
# variance as small as 1e-15 is nothing but rounding.
function deviation(sum, squares, n,    variance) {
    if (n < 2)
        return 0
    variance = (squares - sum * sum / n) / (n - 1)
    if (variance < 1e-15)
        return 0
    return sqrt(variance)
}

function print_row(name, numbers,    k) {
    printf "%-5s %4s", scale, name
    for (k = 1; k <= 8; k++)
        printf " %11.6g", numbers[k]
    printf "\n"
}

function print_stop(scale, iteration,    k, total) {
    printf "%-5s %4d", scale, iteration
    for (k = 2; k <= 5; k++) {
        total = stop_sum[scale, iteration, k]
        printf " %11.6g %11.6g", total / stopped[scale, iteration], \
            deviation(total, stop_squares[scale, iteration, k], stopped[scale, iteration])
    }
    printf "\n"
}
