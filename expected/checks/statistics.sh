#!/bin/sh
# Question 2 for other data and another time constant. Of each table the rows 1, 4, 16,
# 64, ... are kept.
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

some_rows() { # some_rows ARGUMENT ...: of what linear_chain prints
    echo "\$ linear_chain $*"
    ./linear_chain "$@" >"$work/tables" || exit 1
    awk '
        NF == 0 { next }
        /^# Practical/ { print ""; row = 0; kept = 1 }
        /^#/ { print; next }
        ++row == kept { print; kept = 4 * kept }' "$work/tables"
    echo
}

# σ^yx < 0: the minima lie in the two other quarters of the plane, and where D is odd the
# balanced chain has none.
some_rows --sigma-y 3 --sigma-yx -0.75 --sigma-x 0.5 --tau 0.25 c d e f g

# σ^x and τ are larger than 1. Options may stand between the parts and behind them.
some_rows --sigma-y 6 f --sigma-yx 1.25 g --sigma-x 2.5 --tau 2

# With long steps w_tot may pass through its aim without staying there, as for D = 5. (The
# table `balance` is left out: it ends on an orbit in which rounding grows.)
some_rows --tau 0.05 g | sed -n '/training_time/,/^$/p'

# A small σ^yx/σ^x asks for smaller steps away from the saddles.
some_rows --sigma-yx 0.001 d

# All tables, in the handout's order
./linear_chain >"$work/tables" || exit 1
echo '$ linear_chain'
grep '^# Practical' "$work/tables"
