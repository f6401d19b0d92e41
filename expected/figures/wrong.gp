# Question 1(b), (c): the test images that the network gets wrong in the last row, for
# both weight scales.
# From the project's root, `gnuplot expected/figures/wrong.gp` draws out/wrong.png.
# out/backprop_0.01.txt and out/backprop_0.1.txt list them, ten at most, in their last
# comments: line of test.txt, target, y_hat. A line of data/test.txt is the target and
# then 784 brightnesses, column by column.
test = 'data/test.txt'
array table[2] = ['out/backprop_0.01.txt', 'out/backprop_0.1.txt']
array name[2] = ['weight_scale = 0.01', 'weight_scale = 0.1']

# gnuplot cannot read comments, awk can. count() is how many are wrong, as in "1 of 200
# test examples". list() has three words for each that is listed: line, target, y_hat.
count(table) = system("awk -F'[,:] ' '/^# wrong in the last row/ {print $2}' ".table)
list(table) = system("awk '/^# wrong in the last row/ {below = 1; next} " \
    ."below && $2 + 0 > 0 {print $2, $3, $4}' ".table)

array wrong[2]
columns = 4
do for [k = 1:2] {
    wrong[k] = list(table[k])
    listed = words(wrong[k])/3
    if (listed > columns) {
        columns = listed
    }
}

set terminal pngcairo noenhanced size 160*columns,480 font 'sans,13'
set output 'out/wrong.png'
set palette gray negative
set cbrange [0:255]
unset colorbox
unset key
unset tics
unset border
set lmargin at screen 0
set rmargin at screen 1
set xrange [0:40*columns]
set yrange [-42:0]

set multiplot title 'test images that the network gets wrong in the last row' font ',15'
do for [k = 1:2] {
    set tmargin at screen 1.30 - 0.46*k
    set bmargin at screen 0.95 - 0.46*k
    set label 11 name[k].': '.count(table[k]) at 3,4 left
    listed = words(wrong[k])/3
    if (listed == 0) {
        plot NaN    # only the label
    } else {
        # The brightnesses are copied out of the rows of the file first: `matrix` gives
        # them one by one, without the target in column 0.
        set table $images
        plot for [i = 1:listed] row = word(wrong[k], 3*i - 2) - 1, \
            test matrix every 1:1:1:row:784:row using 3 with table
        unset table
        do for [i = 1:listed] {
            line = word(wrong[k], 3*i - 2)
            digit = word(wrong[k], 3*i - 1) > 0 ? 'a nine' : 'a seven'
            y_hat = real(word(wrong[k], 3*i))
            set label i sprintf("line %s: %s\ny_hat = %.2g", line, digit, y_hat) \
                at 40*i - 37,-32 left
        }
        plot for [i = 1:listed] $images every ::784*(i - 1)::784*i - 1 \
            using (40*i - 37 + int($0)/28):(-1 - int($0)%28):1 with image
    }
    unset label
}
unset multiplot
