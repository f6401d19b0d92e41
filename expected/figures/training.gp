# Question 1(a), (c): loss and accuracy over the iterations, for both weight scales.
# From the project's root, `gnuplot expected/figures/training.gp` draws out/training.png.
# out/backprop_0.01.txt and out/backprop_0.1.txt have the columns iteration, train loss,
# test loss, train accuracy, test accuracy.
array table[2] = ['out/backprop_0.01.txt', 'out/backprop_0.1.txt']
array name[2] = ['weight\_scale = 0.01', 'weight\_scale = 0.1']

set terminal pngcairo size 1000,1000 rounded font 'sans,14'
set output 'out/training.png'

# The test set is wide and pale, the training set thin and dark over it: both are seen
# where they agree.
set style line 1 linecolor rgb '#00407a' linewidth 1.5  # training set
set style line 2 linecolor rgb '#f0a830' linewidth 3    # test set
set style line 3 linecolor rgb '#00407a' linewidth 2.5  # training set, means
set style line 4 linecolor rgb '#d98c00' linewidth 4    # test set, means
set style line 5 linecolor rgb '#f6d08c' linewidth 1    # test set, each iteration
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set tics nomirror
set border 3

# A logarithmic axis gives the first ten iterations as much room as the last thousands, so
# that the plateau at the beginning can be read.
set logscale x
set xrange [1:*]
set autoscale xfix
set xtics (1, 10, 100, 1000, 5000)

set multiplot layout 3,2 margins 0.11,0.97,0.07,0.95 spacing 0.06,0.035

# First row: the loss.
set format x ''
set logscale y
set yrange [0.0003:5]
set key bottom left Left reverse
do for [k = 1:2] {
    set title name[k] font ',17'
    set ylabel k == 1 ? 'loss per example' : ''
    set format y k == 1 ? '%g' : ''
    plot table[k] using 1:3 with lines linestyle 2 title 'test', \
         table[k] using 1:2 with lines linestyle 1 title 'training'
}
unset title
unset logscale y

# Second row: the accuracy.
set yrange [0.45:1.01]
set ytics 0.1
set key bottom right Left reverse
do for [k = 1:2] {
    set ylabel k == 1 ? 'accuracy' : ''
    set format y k == 1 ? '%g' : ''
    plot table[k] using 1:5 with lines linestyle 2 title 'test', \
         table[k] using 1:4 with lines linestyle 1 title 'training'
}

# Third row: the accuracy near 1. Late in training single test images flip to and fro
# with each iteration. So means are drawn, too: `smooth unique` takes the mean of all
# iterations with the same bin(i); each power of ten has twenty bins.
bin(i) = 10**((floor(20*log10(i)) + 0.5)/20)
set format x '%g'
set xlabel 'iteration'
set yrange [0.94:1.002]
set ytics 0.01
set key top left Left reverse
do for [k = 1:2] {
    set ylabel k == 1 ? 'accuracy, enlarged' : ''
    set format y k == 1 ? '%g' : ''
    plot table[k] using 1:5 with lines linestyle 5 title 'test, each iteration', \
         table[k] using (bin($1)):5 smooth unique with lines linestyle 4 \
             title 'test, means', \
         table[k] using (bin($1)):4 smooth unique with lines linestyle 3 \
             title 'training, means'
}
unset multiplot
