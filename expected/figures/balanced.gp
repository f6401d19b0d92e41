# Question 2(g): the balanced chain, its error and its gradient at the start of training.
# From the project's root, `gnuplot expected/figures/balanced.gp` draws out/balanced.png.
# It draws three tables of out/linear_chain_g.txt: balanced_error, columns w, E for D = 2
# ... 6; balanced_fixed_points, columns D, w, E; and initial_gradient, columns D, dE/dw_i
# for w(0) = 0.5, 1 and 1.1.
g = 'out/linear_chain_g.txt'
error = 'Practical 4: Deep Networks, question 2(g): balanced_error'
fixed_points = 'Practical 4: Deep Networks, question 2(g): balanced_fixed_points'
gradient = 'Practical 4: Deep Networks, question 2(g): initial_gradient'

set terminal pngcairo size 1000,520 rounded font 'sans,14'
set output 'out/balanced.png'
set tics nomirror
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set tmargin at screen 0.81
set bmargin at screen 0.14
set multiplot

# Left: the error. Deeper chains are darker. The frame ends not far above E(0), so that
# the behaviour near w = 0 can be seen.
set lmargin at screen 0.085
set rmargin at screen 0.48
stats g index error every ::0::0 using 2 nooutput
E_top = 1.4*STATS_min
array colour[6] = ['', '#9ecae1', '#6baed6', '#3182bd', '#08519c', '#041f3d']

# Each curve has its D where it leaves the frame: above, or at the right, where the last
# row, 80, has w = 2.5.
do for [D = 2:6] {
    stats g index error using (column(D) < E_top ? $1 : NaN) nooutput
    w_last = STATS_max
    if (w_last < 2.5) {
        set label D sprintf('%d', D) at w_last,graph 1.04 center
    } else {
        stats g index error every ::80::80 using D nooutput
        set label D sprintf('%d', D) at graph 1.02,first STATS_min left
    }
}
set title "error E(w) of a balanced chain\n(numbers: its depth D)" offset 0,1.2
set xlabel 'w'
set ylabel 'E'
set xrange [0:2.5]
set yrange [0:E_top]
set key bottom left Left reverse samplen 1
plot for [D = 2:6] g index error using 1:D with lines linewidth 3 \
         linecolor rgb colour[D] notitle, \
     g index fixed_points using ($2 > 0 ? $2 : NaN):3 with points pointtype 7 \
         pointsize 1.5 linecolor 'black' title 'minimum'
do for [D = 2:6] {
    unset label D
}

# Right: the gradient. The points tell its sign, as a logarithmic axis cannot.
set lmargin at screen 0.60
set rmargin at screen 0.875
set title "gradient at the start of training\n(filled: ∂E/∂w_i < 0; open: ∂E/∂w_i > 0)"
set xlabel 'depth D'
set ylabel '|∂E/∂w_i|'
set xrange [1.5:20.5]
set xtics 4
set logscale y
set yrange [*:*]
set format y '10^{%L}'
unset key
# The last row, 18, is that of D = 20: there the curves have their names.
array start[4] = ['', 'w(0) = 0.5', 'w(0) = 1', 'w(0) = 1.1']    # of columns 2 to 4
array point[4] = [0, 5, 7, 9]    # a square, a circle, a triangle
# A line ends where the sign changes: in between the gradient passes through 0.
negative(x) = x < 0 ? -x : NaN
positive(x) = x > 0 ? x : NaN
plot for [c = 2:4] g index gradient using 1:(negative(column(c))) with linespoints \
         linewidth 2 pointtype point[c] pointsize 1.5 linecolor 'black', \
     for [c = 2:4] g index gradient using 1:(positive(column(c))) with linespoints \
         linewidth 2 pointtype point[c] pointsize 1.5 linecolor 'black', \
     for [c = 2:4] g index gradient using 1:(positive(column(c))) with points \
         pointtype point[c] pointsize 0.9 linecolor 'white', \
     for [c = 2:4] g index gradient every ::18::18 using 1:(abs(column(c))):(start[c]) \
         with labels left offset 1,0
unset multiplot
