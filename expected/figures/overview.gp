# Question 1 in one picture: some sevens and nines, and how a network learns to tell them
# apart.
# From the project's root, `gnuplot expected/figures/overview.gp` draws out/overview.png.
# A line of data/train.txt is the target and then 784 brightnesses, column by column; the
# sevens (target -1) come first, then the nines (target 1). out/backprop_0.01.txt has the
# columns iteration, train loss, test loss, train accuracy, test accuracy.
train = 'data/train.txt'
training = 'out/backprop_0.01.txt'

set terminal pngcairo noenhanced size 1000,400 rounded font 'sans,13'
set output 'out/overview.png'

# The first line that is a nine; lines are counted from 0.
stats train using ($1 == 1 ? $0 : NaN) nooutput
nine = int(STATS_min)

# The brightnesses of six sevens and six nines are copied out of the file first: `matrix`
# gives them one by one, without the target in column 0.
set table $images
plot train matrix every 1:1:1:0:784:5 using 3 with table, \
     train matrix every 1:1:1:nine:784:nine + 5 using 3 with table
unset table

set multiplot

# Left: the images, three in a row.
set lmargin at screen 0.01
set rmargin at screen 0.31
set tmargin at screen 0.98
set bmargin at screen 0.02
set palette gray negative
set cbrange [0:255]
set xrange [-1:89]
set yrange [-118:1]
unset colorbox
unset key
unset tics
unset border
plot for [k = 0:11] $images every ::784*k::784*k + 783 \
    using (30*(k%3) + int($0)/28):(-30*(k/3) - int($0)%28):1 with image

# The iterations are on a logarithmic axis, as much happens in the first hundreds. The
# test set is wide and pale, the training set thin and dark over it: both are seen.
set style line 1 linecolor rgb '#00407a' linewidth 1.5    # training set
set style line 2 linecolor rgb '#f0a830' linewidth 3      # test set
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set logscale x
set xrange [1:*]
set autoscale xfix
set xtics nomirror (1, 10, 100, 1000)
set xlabel 'iteration, weight_scale = 0.01'
set bmargin at screen 0.16
set tmargin at screen 0.89
set key bottom left Left reverse

# Middle: the loss.
set lmargin at screen 0.39
set rmargin at screen 0.66
set title 'loss per example'
set logscale y
set yrange [*:1<*<100]    # up to 1, or 100 if it diverges
set ytics nomirror
plot training using 1:3 with lines linestyle 2 title 'test', \
     training using 1:2 with lines linestyle 1 title 'training'
unset logscale y

# Right: the accuracy.
set lmargin at screen 0.72
set rmargin at screen 0.97
set title 'accuracy'
set key bottom right
set yrange [*<0.5:1]    # at least down to 0.5, the accuracy of a guess
plot training using 1:5 with lines linestyle 2 title 'test', \
     training using 1:4 with lines linestyle 1 title 'training'
unset multiplot
