# Question 2(g): the balanced chain, its error and its gradient at the start of training.
# From the project's root, `gnuplot expected/figures/balanced.gp` draws out/balanced.png.
# linear_chain_g.txt, index 0: w, E_2 ... E_6; index 1: D, and dE/dw_i for each w(0).
g = 'out/linear_chain_g.txt'

# Two comments tell more: the statistics, as in `# sigma_y = 4.5, ...`, and the names of
# index 1's columns, `# D ...`. A name ends in its w(0): `dE/dw_i(0.5)`.
set datafile commentschars ''
stats g every ::1::1 using (sigma_y = $4, sigma_yx = $7, sigma_x = $10, 0) nooutput
set datafile separator "\n"
stats g index 1 using (strcol(1)[1:4] eq '# D ' ? names = strcol(1) : '', 0) nooutput
set datafile commentschars '#' separator whitespace
starts = (words(names) - 2)/2
in_brackets(name) = name[strstrt(name, '(') + 1:strlen(name) - 1]
colour(k) = word('#000000 #0072B2 #d55e00 #009E73 #aa4499', (k - 1)%5 + 1)

# Each curve has its number where E is height(D): above E at w = 0, on the way up; or
# below it, on the way down, if the ways up are close together, as all curves meet at
# w_tot = 1. A curve that ends before has it at its end.
E(w_tot) = sigma_y - 2*w_tot*sigma_yx + w_tot**2*sigma_x
best = sigma_yx/sigma_x
larger(a, b) = a > b ? a : b
depth = larger(sigma_y - E(best), sigma_y/1000)
down = best > 0.25 && best < 0.8
part(D) = best < 0 ? 0.585 - 0.09*D : down ? 0.09*D - 0.8 : 0.09*D - 0.135
height(D) = sigma_y + depth*part(D)
w_tot(D) = best + (down ? -1 : 1)*sqrt((height(D) - E(best))/sigma_x)
at(D) = w_tot(D) < 2.5**(D - 1) ? w_tot(D)**(1.0/(D - 1)) : 2.5

# The logarithmic axis has no place for a gradient of 0, as of w(0) = 1 where sigma_yx =
# sigma_x. It is drawn at the foot, below the smallest other one.
stats g index 1 using (end = $0, $1) nooutput
shallowest = STATS_min
deepest = STATS_max
smallest = 1e300
zeros = 0
do for [k = 1:starts] {
    stats g index 1 using (v = abs(column(k + 1)), zeros = zeros + (v == 0), \
        smallest = v > 0 && v < smallest ? v : smallest) nooutput
}
foot = 10**(floor(log10(smallest)) - 0.5)
size(v) = v == 0 ? foot : abs(v)

set terminal pngcairo size 1000,520 rounded font 'sans,14'
set output 'out/balanced.png'
set tics nomirror
set border 3
unset key
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set multiplot layout 1,2 margins 0.09,0.985,0.14,0.86 spacing 0.10,0.1

set title "error E(w) of a balanced chain of depth D\n(the numbers on the curves)"
set xlabel 'w'
set format y '%.5g'
set xrange [0:2.5]
set yrange [E(larger(best, 0)) - depth/8:sigma_y + 0.45*depth]
set samples 2000
set style textbox opaque noborder margins 0.5,0.5
do for [D = 2:6] {
    set label D sprintf('%d', D) at at(D),E(at(D)**(D - 1)) center front boxed \
        textcolor rgb colour(D - 1)
}
plot for [D = 2:6] g index 0 using 1:D smooth csplines with lines linewidth 3 \
    linecolor rgb colour(D - 1)
unset label

set title "gradient at the start of training\n(filled: descent raises w; open: lowers w)"
set xlabel 'depth D'
set ylabel '|∂E/∂w_i|'
set xrange [shallowest - 0.5:deepest + 0.5]
set xtics 2
set logscale y
set yrange [*:*]
set format y '10^{%L}'
if (zeros > 0) {
    set yrange [foot:*]
    set ytics add ('0' foot)
}
set rmargin at screen 0.875    # room for the labels at the ends
set pointintervalbox 1
plot for [k = 1:starts] g index 1 using 1:(size(column(k + 1))) with linespoints \
         pointtype 2*k + 2 pointsize 1.4 pointinterval -1 linewidth 2.5 \
         linecolor rgb colour(k), \
     for [k = 1:starts] g index 1 using 1:(column(k + 1) < 0 ? -column(k + 1) : NaN) \
         with points pointtype 2*k + 3 pointsize 1.5 linecolor rgb colour(k), \
     for [k = 1:starts] g index 1 every ::end::end using 1:(size(column(k + 1))) \
         :('w(0) = '.in_brackets(word(names, k + 2))) with labels left offset 1,0 \
         textcolor rgb colour(k)
unset multiplot
