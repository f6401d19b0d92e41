#!/bin/sh
# The starting weights of another seed. For each row of a matrix: how many numbers it has,
# the first one, the last one and their sum.
LC_ALL=C
export LC_ALL
./backprop --print-weights --weight-scale 1 --seed 7 | awk '
    { sub(/\r$/, "") } # Windows ends a line with a carriage return, too
    /^#/ || NF == 0 {
        print
        next
    }
    {
        sum = 0
        for (k = 1; k <= NF; k++)
            sum += $k
        printf "%d %.6g %.6g %.6g\n", NF, $1, $NF, sum
    }'
