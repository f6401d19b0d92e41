# Question 1: loss and accuracy over 5000 iterations, for both weight scales.
# From the project's root, `gnuplot expected/figures/training.gp` draws out/training.png.
# Columns: iteration, train loss, test loss, train accuracy, test accuracy.
set terminal pngcairo size 1100,1050 font 'sans,14'
set output 'out/training.png'

set style line 1 linecolor rgb '#00407a' linewidth 2    # train: dark, also in grey
set style line 2 linecolor rgb '#e69f00' linewidth 1.5  # test
set style line 9 linecolor rgb '#dddddd' linewidth 1
set grid linestyle 9
set tics nomirror
set border 3
unset key

# A logarithmic axis gives the first ten iterations as much room as the last thousands, so
# that the plateau at the beginning can be read.
set logscale x
set xrange [1:5000]
set format x ''
set xtics (1, 10, 100, 1000, 5000)

array table[2] = ['out/backprop_0.01.txt', 'out/backprop_0.1.txt']
array name[2] = ['weight\_scale = 0.01', 'weight\_scale = 0.1']

set multiplot layout 3,2 margins 0.10,0.97,0.06,0.95 spacing 0.05,0.035

set logscale y
set yrange [0.0003:5]
do for [k = 1:2] {
    set title name[k] font ',16'
    set ylabel k == 1 ? 'loss per example' : ''
    set format y k == 1 ? '%g' : ''
    set label 1 'train' at 1300,0.0022 right textcolor linestyle 1
    set label 2 'test' at 2000,0.085 textcolor linestyle 2
    plot table[k] using 1:3 with lines linestyle 2, '' using 1:2 with lines linestyle 1
}
unset title
unset logscale y
unset label

set yrange [0.45:1.01]
set ytics 0.1
do for [k = 1:2] {
    set ylabel k == 1 ? 'accuracy' : ''
    set format y k == 1 ? '%g' : ''
    plot table[k] using 1:5 with lines linestyle 2, '' using 1:4 with lines linestyle 1
}

set yrange [0.94:1.002]
set ytics 0.01
set format x '%g'
set xlabel 'iteration'
do for [k = 1:2] {
    set ylabel k == 1 ? 'accuracy, enlarged' : ''
    set format y k == 1 ? '%g' : ''
    set label 1 'train' at 130,0.985 right textcolor linestyle 1
    set label 2 'test' at 2000,0.984 textcolor linestyle 2
    plot table[k] using 1:5 with lines linestyle 2, '' using 1:4 with lines linestyle 1
}
unset multiplot
