#!/bin/sh
# Another seed's starting weights, row by row: how many, the first, the last, their sum.
./backprop --print-weights --weight-scale 1 --seed 7 | awk '
    /^#/ || NF == 0 { print; next }
    { s = 0; for (k = 1; k <= NF; k++) s += $k; printf "%d %.6g %.6g %.6g\n", NF, $1, $NF, s }'
