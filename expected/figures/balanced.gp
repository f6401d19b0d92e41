# Question 2(g): the balanced chain, its error and its gradient at the start of training.
# From the project's root, `gnuplot expected/figures/balanced.gp` draws out/balanced.png.
# linear_chain_g.txt, index 0: w, E_2 ... E_6; index 1: D, and dE/dw_i for each w(0),
# which the line with the columns' names gives.
set encoding utf8
set terminal pngcairo size 1000,520 rounded font 'sans,14'
set output 'out/balanced.png'
g = 'out/linear_chain_g.txt'

# That line is a comment, so read it as data, and whole. A name ends in its w(0): `(0.5)`.
set datafile commentschars '' separator "\n"
stats g index 1 every ::2::2 using (names = strcol(1), 0) nooutput
set datafile commentschars '#' separator whitespace
starts = (words(names) - 2)/2
in_brackets(name) = name[strstrt(name, '(') + 1:strlen(name) - 1]
array colour[5] = ['#000000', '#0072B2', '#d55e00', '#009E73', '#aa4499']

# A number stands on each curve: on its way up at the right, the deeper the higher, or at
# its end if it does not get there.
stats g index 0 every ::0::0 using 2 nooutput
top = 1.4*STATS_max
height(D) = top*(0.72 + 0.04*D)
array row[6]
do for [D = 2:6] {
    stats g index 0 using (column(D) > height(D) ? $0 : 1e9) nooutput
    row[D] = STATS_min < 1e9 ? STATS_min - 1 : STATS_records - 1
}

stats g index 1 using 1 nooutput
shallowest = STATS_min
deepest = STATS_max
end = STATS_records - 1

set tics nomirror
set border 3
unset key
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set multiplot layout 1,2 margins 0.065,0.985,0.14,0.86 spacing 0.10,0.1

set title "error of a balanced chain of depth D\n(the numbers on the curves)"
set xlabel 'w'
set ylabel 'E(w)'
set xrange [0:2.5]
set yrange [0:top]
set samples 2000
set style textbox opaque noborder margins 0.5,0.5
plot for [D = 2:6] g index 0 using 1:D smooth csplines with lines linewidth 3 \
         linecolor rgb colour[D - 1], \
     for [D = 2:6] g index 0 every ::row[D]::row[D] using 1:D:(sprintf('%d', D)) \
         with labels boxed textcolor rgb colour[D - 1]

set title "gradient at the start of training\n(filled: descent raises w; open: lowers w)"
set xlabel 'depth D'
set ylabel '|∂E/∂w_i|'
set xrange [shallowest - 0.5:deepest + 0.5]
set xtics 2
set logscale y
set yrange [*:*]
set format y '10^{%L}'
set rmargin at screen 0.875    # room for the labels at the ends
set pointintervalbox 1
plot for [k = 1:starts] g index 1 using 1:(abs(column(k + 1))) with linespoints \
         pointtype 2*k + 2 pointsize 1.4 pointinterval -1 linewidth 2.5 \
         linecolor rgb colour[k], \
     for [k = 1:starts] g index 1 using 1:(column(k + 1) < 0 ? -column(k + 1) : NaN) \
         with points pointtype 2*k + 3 pointsize 1.5 linecolor rgb colour[k], \
     for [k = 1:starts] g index 1 every ::end::end using 1:(abs(column(k + 1))) \
         :('w(0) = '.in_brackets(word(names, k + 2))) with labels left offset 1,0 \
         textcolor rgb colour[k]
unset multiplot
