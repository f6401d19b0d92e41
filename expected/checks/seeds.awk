# awk -f seeds.awk TABLE ...: what the training tables of several seeds have in common.
#
# The first table that it prints has some rows of each training, with the numbers as the
# training printed them. The second one has their mean over the seeds, and the lowest and
# the highest of them.

BEGIN {
    n_iterations = split("1 2 3 5 7 10 15 20 30 50 70 100 120 150 200 300 500 700" \
        " 1000 2000 3000 4000 4999 5000", iterations)
    for (k in iterations)
        is_printed[iterations[k]] = 1
    print "# Practical 4: Deep Networks, question 1(b), (c): rows of ten trainings for" \
        " each weight scale"
    print "# weight_scale seed iteration train_loss test_loss train_accuracy" \
        " test_accuracy"
}

{ sub(/\r$/, "") } # Windows ends a line with a carriage return, too

# The second line of a training, such as
# "# weight_scale = 0.01, alpha = 0.1/P, 5000 iterations, seed 1"
/^# weight_scale = / {
    scale = $4
    sub(/,$/, "", scale)
    seed = $NF
    if (!(scale in trainings))
        scales[++n_scales] = scale
    trainings[scale]++
}

!/^#/ && ($1 in is_printed) {
    printf "%5s %4s %9s %12s %12s %14s %13s\n", scale, seed, $1, $2, $3, $4, $5
    rows[scale, $1]++
    for (column = 2; column <= 5; column++)
        remember(scale SUBSEP $1 SUBSEP column, $column)
}

END {
    print "\n\n# Practical 4: Deep Networks, question 1(b), (c): mean, lowest and" \
        " highest of the ten"
    print "# weight_scale iteration train_loss lowest highest test_loss lowest highest" \
        " train_accuracy lowest highest test_accuracy lowest highest"
    for (s = 1; s <= n_scales; s++)
        for (k = 1; k <= n_iterations; k++)
            print_row(scales[s], iterations[k])
}

function remember(place, value) {
    if (value !~ /^[0-9]/) # such as nan, of which awk would make 0
        not_finite = 1
    value = value + 0
    if (!(place in sum) || value < lowest[place])
        lowest[place] = value
    if (!(place in sum) || value > highest[place])
        highest[place] = value
    sum[place] += value
}

function print_row(scale, iteration,    column, place) {
    if (rows[scale, iteration] != trainings[scale] || not_finite) {
        print "seeds.awk: a training lacks row " iteration ", or diverged" >"/dev/stderr"
        exit 1
    }
    printf "%5s %9s", scale, iteration
    for (column = 2; column <= 5; column++) {
        place = scale SUBSEP iteration SUBSEP column
        printf " %12.6g %12.6g %12.6g", sum[place] / trainings[scale], lowest[place],
            highest[place]
    }
    printf "\n"
}
