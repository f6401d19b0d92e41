#!/bin/sh
# Question 2 for other data and another time constant: what the handout's σ^x = τ = 1 would
# hide shows here. Of the tables of (e) and of trajectories every 50th row.
{
    ./linear_chain --sigma-y 3 --sigma-yx -0.75 --sigma-x 0.5 --tau 0.25 c d e f g
    ./linear_chain --tau 2 f --sigma-x 1.25
    ./linear_chain --sigma-y 1e6 --sigma-yx 1e3 c
    ./linear_chain --sigma-y 9e9 --sigma-x 9e9 f
    ./linear_chain | grep '^# Practical'
} | awk '
    /^# Practical/ { print ""; n = 0; long = /\(e\)|trajectory/ }
    /^#/ { print; next }
    NF && (!long || ++n % 50 == 1)'
