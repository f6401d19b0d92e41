# Question 2(g): the balanced chain, its error and its gradient at the start of training.
# From the project's root, `gnuplot expected/figures/balanced.gp` draws out/balanced.png.
# linear_chain_g.txt, index 0: w, E_2 ... E_6; index 1: D, dE/dw_i for w(0) = 0.5, 1, 1.1.
set terminal pngcairo size 1200,560 font 'sans,14'
set output 'out/balanced.png'
g = 'out/linear_chain_g.txt'

array colour[5] = ['#000000', '#0072B2', '#009E73', '#D55E00', '#CC79A7']
array line[3] = [2, 1, 4]
set tics nomirror
set border 3
unset key
set grid linecolor rgb '#dddddd'

set multiplot layout 1,2 margins 0.06,0.98,0.12,0.90 spacing 0.10,0.1

set title 'error of the balanced chain'
set xlabel 'w'
set ylabel 'E(w)'
set xrange [0:2.5]
set yrange [0:6.3]
# A label beside each curve where it leaves at the top; that of D = 2 does not.
set label 2 'D = 2' at 0.08,2.9 textcolor rgb colour[1]
set label 3 'D = 3' at 2.11,6.0 textcolor rgb colour[2]
set label 4 '4' at 1.65,6.0 textcolor rgb colour[3]
set label 5 '5' at 1.46,6.0 textcolor rgb colour[4]
set label 6 '6' at 1.365,6.0 textcolor rgb colour[5]
plot for [D = 2:6] g index 0 using 1:D with lines linewidth 2.5 \
         linecolor rgb colour[D - 1]
unset label

set title 'gradient at the start of training'
set xlabel 'depth D'
set ylabel '|{/Symbol \266}E/{/Symbol \266}w_i|'
set xrange [1.5:20.5]
set xtics 2, 2, 20
set logscale y
set yrange [1e-5:100]
set format y '10^{%L}'
set label 1 'w(0) = 1.1' at 14.2,28 right textcolor rgb colour[4]
set label 2 'w(0) = 1' at 20,1.2 right textcolor rgb colour[1]
set label 3 'w(0) = 0.5' at 12.5,0.008 textcolor rgb colour[2]
set label 4 'filled: descent raises w; open: it lowers w' at 2,2.2e-5
plot for [k = 1:3] g index 1 using 1:(abs(column(k + 1))) with lines linewidth 2 \
         linecolor rgb colour[line[k]], \
     for [k = 1:3] g index 1 using 1:(column(k + 1) < 0 ? -column(k + 1) : NaN) \
         with points pointtype 7 pointsize 1.2 linecolor rgb colour[line[k]], \
     for [k = 1:3] g index 1 using 1:(column(k + 1) > 0 ? column(k + 1) : NaN) \
         with points pointtype 6 pointsize 1.2 linewidth 2 linecolor rgb colour[line[k]]
unset multiplot
