# 16 sevens and 16 nines of the training set, as the starter code shows them.
# From the project's root, `gnuplot expected/figures/digits.gp` draws out/digits.png.
# A line of data/train.txt is the target and then 784 brightnesses, column by column.
set terminal pngcairo size 1000,560 font 'sans,14'
set output 'out/digits.png'

set palette gray negative
set cbrange [0:255]
set xrange [-0.5:27.5]
set yrange [-27.5:0.5]
unset colorbox
unset key
unset tics
unset border
set size ratio 1
set lmargin 0
set rmargin 0
set tmargin 0
set bmargin 0

set multiplot layout 4,8 margins 0.02,0.98,0.02,0.90 spacing 0.004,0.006
set label 1 'Sevens (target -1) and nines (target 1)' at screen 0.5,0.95 center font ',17'
do for [k = 0:31] {
    line = k < 16 ? k + 1 : 900 + k - 15
    example = sprintf("< sed -n %dp data/train.txt | tr ' ' '\n' | tail -n 784", line)
    plot example using (int($0)/28):(-(int($0)%28)):1 with image
    unset label 1
}
unset multiplot
