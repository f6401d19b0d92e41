# Question 2(g): the balanced chain. Its error, its gradient at the start of training, and
# the time that training takes.
# From the project's root, `gnuplot expected/figures/balanced.gp` draws out/balanced.png.
# It draws four tables of out/linear_chain_g.txt:
#   balanced_error         w, then E for D = 2 ... 6
#   balanced_fixed_points  D, w, E
#   initial_gradient       D, then dE/dw_i for w(0) = 0.5, 1 and 1.1
#   training_time          D, then Euler's time for the three w(0), then the flow's
g = 'out/linear_chain_g.txt'
table(name) = 'Practical 4: Deep Networks, question 2(g): '.name

set terminal pngcairo size 1000,480 rounded font 'sans,12'
set output 'out/balanced.png'
set datafile missing '-'
set tics nomirror
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set tmargin at screen 0.83
set bmargin at screen 0.13
set multiplot

# Left: the error. Deeper chains are darker. The frame ends not far above E(0), so that
# the behaviour near w = 0 can be seen.
stats g index table('balanced_error') every ::0::0 using 2 nooutput
E_top = 1.45*STATS_min
array colour[6] = ['', '#9ecae1', '#6baed6', '#3182bd', '#08519c', '#041f3d']

# The depth stands beside the curve: for D = 2 behind its last row, 80, and else below the
# top of the frame. That of D = 6 is on the other side, where there is room.
stats g index table('balanced_error') every ::80::80 using 2 nooutput
set label 2 'D = 2' at 2.5,STATS_min right offset 0,1
E_label = 0.94*E_top
do for [D = 3:6] {
    stats g index table('balanced_error') using (column(D) < E_label ? $1 : NaN) nooutput
    if (D < 6) {
        set label D sprintf('%d', D) at STATS_max,E_label left offset 0.9,0
    } else {
        set label D sprintf('D = %d', D) at STATS_max,E_label right offset -0.3,0
    }
}
set lmargin at screen 0.065
set rmargin at screen 0.345
set title "error E of the balanced chain"
set xlabel 'w'
set ylabel 'E'
set xrange [0:2.5]
set yrange [0:E_top]
set key at graph 0,0.89 top left Left reverse samplen 0.5
plot for [D = 2:6] g index table('balanced_error') using 1:D with lines linewidth 3 \
         linecolor rgb colour[D] notitle, \
     g index table('balanced_fixed_points') using ($2 > 0 ? $2 : NaN):3 with points \
         pointtype 7 pointsize 1.4 linecolor 'black' title 'minimum', \
     g index table('balanced_fixed_points') using ($2 == 0 ? $2 : NaN):3 with points \
         pointtype 6 pointsize 1.8 linewidth 2 linecolor 'black' \
         title 'w = 0 (D > 2)'
do for [D = 2:6] {
    unset label D
}

# The other two have a curve for each of the three starts, in columns 2 to 4.
array start[4] = ['', 'w(0) = 0.5', 'w(0) = 1', 'w(0) = 1.1']
set key default bottom left Left reverse samplen 1
array dark[4] = ['', '#c44e00', '#000000', '#2878b8']
array full[4] = [0, 5, 7, 9]    # a square, a circle, a triangle
array empty[4] = [0, 4, 6, 8]
set xlabel 'depth D'
set xrange [1.5:20.5]
set xtics (2, 5, 10, 15, 20)
set logscale y
set format y '10^{%L}'

# Middle: the gradient. The points tell its sign, as a logarithmic axis cannot. A line
# ends where the sign changes: in between the gradient passes through 0.
set lmargin at screen 0.435
set rmargin at screen 0.665
set title "gradient at the start of training\n(filled: below 0; open: above 0)"
set ylabel '|∂E/∂w_i|'
set yrange [*:*]
negative(x) = x < 0 ? -x : NaN
positive(x) = x > 0 ? x : NaN
plot for [c = 2:4] g index table('initial_gradient') using 1:(negative(column(c))) \
         with linespoints linewidth 2 pointtype full[c] pointsize 1.1 \
         linecolor rgb dark[c] title start[c], \
     for [c = 2:4] g index table('initial_gradient') using 1:(positive(column(c))) \
         with linespoints linewidth 2 pointtype empty[c] pointsize 1.1 \
         linecolor rgb dark[c] notitle

# Right: the time of training. Times of 0, where w_tot is near its end at the start, have
# no place on a logarithmic axis.
set lmargin at screen 0.75
set rmargin at screen 0.98
set title "time until trained\n(lines: flow; points: Euler)"
set ylabel 't' offset 1,0
unset key
plot for [c = 2:4] g index table('training_time') using 1:(positive(column(c + 3))) \
         with lines linewidth 2 linecolor rgb dark[c], \
     for [c = 2:4] g index table('training_time') using 1:(positive(column(c))) \
         with points pointtype full[c] pointsize 1.1 linecolor rgb dark[c]
unset multiplot
