# Question 1: 16 sevens and 16 nines of the training set, as the starter code shows them.
# From the project's root, `gnuplot expected/figures/digits.gp` draws out/digits.png.
# A line of data/train.txt is the target and then 784 brightnesses, column by column; the
# sevens (target -1) come first, then the nines (target 1).
train = 'data/train.txt'

set terminal pngcairo size 1000,560 font 'sans,16'
set output 'out/digits.png'

# The first line that is a nine; lines are counted from 0.
stats train using ($1 == 1 ? $0 : NaN) nooutput
nine = int(STATS_min)

# The brightnesses of the 32 images are copied out of the file first: `matrix` gives them
# one by one, without the target in column 0.
set table $images
plot train matrix every 1:1:1:0:784:15 using 3 with table, \
     train matrix every 1:1:1:nine:784:nine + 15 using 3 with table
unset table

set title 'sevens (target -1) and nines (target 1)' font ',20' offset 0,-0.4
set palette gray negative
set cbrange [0:255]
set margins 1,1,0,2.5
set xrange [-1:239]
set yrange [-118:1]
unset colorbox
unset key
unset tics
unset border
plot for [k = 0:31] $images every ::784*k::784*k + 783 \
    using (30*(k%8) + int($0)/28):(-30*(k/8) - int($0)%28):1 with image
