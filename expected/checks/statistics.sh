#!/bin/sh
# Question 2 for other data and other time constants: what the handout's numbers would hide
# shows here. Of long tables every 50th row is kept.
{
    # σ^yx < 0: the diagonals change places, and odd D have no balanced minimum.
    ./linear_chain --sigma-y 3 --sigma-yx -0.75 --sigma-x 0.5 --tau 0.25 c d e f g

    # σ^x and τ are not 1; options may stand between and behind the parts.
    ./linear_chain --sigma-y 6 f --sigma-yx 1.25 g --sigma-x 2.5 --tau 2

    # Euler's steps jump over w = 0, where the flow ends: 1.1 is trained at D = 14 and 16.
    ./linear_chain --sigma-y 2 --sigma-yx -1.5 --sigma-x 3 --tau 0.5 g

    # Small curvatures are no rounding errors, and steps are short enough.
    ./linear_chain --sigma-yx 1e-8 d

    # E is large beside its derivatives.
    ./linear_chain --sigma-y 1e6 --sigma-yx 1e3 c

    # Euler's run 2 diverges, the flow does not.
    ./linear_chain --tau 0.05 f

    # All tables, in the handout's order.
    ./linear_chain | grep '^# Practical'
} | awk '
    { sub(/\r$/, "") } # Windows ends a line with a carriage return, too
    /^# Practical/ {
        print ""
        row = 0
        long = /error_surface|minima|flow|trajectory|balanced_error/
    }
    /^#/ {
        print
        next
    }
    NF > 0 {
        row++
        if (!long || row % 50 == 1)
            print
    }'
