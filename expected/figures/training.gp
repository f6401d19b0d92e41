# Question 1(a), (c): loss and accuracy over the iterations, for both weight scales.
# From the project's root, `gnuplot expected/figures/training.gp` draws out/training.png.
# out/backprop_0.01.txt and out/backprop_0.1.txt, of seed 1, have the columns iteration,
# train loss, test loss, train accuracy, test accuracy.
# The second table of seeds.txt has the range of ten seeds at 24 iterations; between these
# it is a guess. Column 1 is weight_scale, 2 is the iteration, 7 and 8 are the lowest and
# the highest test loss, 13 and 14 the lowest and the highest test accuracy. `make seeds`
# writes this file into out/; as long as it is not there, that of expected/ is read.
array table[2] = ['out/backprop_0.01.txt', 'out/backprop_0.1.txt']
array scale[2] = [0.01, 0.1]
seeds = system('test -e out/seeds.txt && echo out || echo expected').'/seeds.txt'
ranges = 'Practical 4: Deep Networks, question 1(b), (c): ' \
    .'mean, lowest and highest of the ten'

set terminal pngcairo noenhanced size 1000,1000 rounded font 'sans,14'
set output 'out/training.png'

# From the back to the front, so that all are seen where they agree.
set style line 1 linecolor rgb '#fbe8c8'                # test set, range of the seeds
set style line 2 linecolor rgb '#f3b95c' linewidth 2    # test set, each iteration
set style line 3 linecolor rgb '#c87400' linewidth 2.5  # test set, means
set style line 4 linecolor rgb '#00407a' linewidth 1.5  # training set
set style line 5 linecolor rgb '#00407a' linewidth 2.5  # training set, means
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

# First row: the loss. From some hundred iterations on, that of the test set hops up and
# down with each iteration. So the mean of a row and the row before is drawn, too, from
# row 100 on. (The comma means "and then"; the value is that of the last expression.)
mean(loss) = (sum_of_two = before + loss, before = loss, sum_of_two/2)
set format x ''
set logscale y
set yrange [0.0003:5]
set key bottom left Left reverse
do for [k = 1:2] {
    set title sprintf('weight_scale = %g', scale[k]) font ',17'
    set ylabel k == 1 ? 'loss per example' : ''
    set format y k == 1 ? '%g' : ''
    before = NaN
    plot seeds index ranges using ($1 == scale[k] ? $2 : NaN):7:8 \
             with filledcurves linestyle 1 title 'test, range of ten seeds', \
         table[k] using 1:3 with lines linestyle 2 title 'test, seed 1', \
         table[k] every ::99 using 1:(mean($3)) with lines linestyle 3 \
             title 'test, mean of two iterations', \
         table[k] using 1:2 with lines linestyle 4 title 'training, seed 1'
    unset key
}
unset title
unset logscale y

# Second row: the accuracy.
set yrange [0.42:1.01]
set ytics 0.1
do for [k = 1:2] {
    set ylabel k == 1 ? 'accuracy' : ''
    set format y k == 1 ? '%g' : ''
    plot seeds index ranges using ($1 == scale[k] ? $2 : NaN):13:14 \
             with filledcurves linestyle 1, \
         table[k] using 1:5 with lines linestyle 2, \
         table[k] using 1:4 with lines linestyle 4
}

# Third row: the accuracy near 1. Late in training single test images flip to and fro. So
# means over more iterations are drawn, too: `smooth unique` takes the mean of all
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
    plot seeds index ranges using ($1 == scale[k] ? $2 : NaN):13:14 \
             with filledcurves linestyle 1 notitle, \
         table[k] using 1:5 with lines linestyle 2 linewidth 1 notitle, \
         table[k] using (bin($1)):5 smooth unique with lines linestyle 3 \
             title 'test, means', \
         table[k] using (bin($1)):4 smooth unique with lines linestyle 5 \
             title 'training, means'
    unset key
}
unset multiplot
