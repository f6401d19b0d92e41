# Question 2(f): three runs of gradient descent, over time and in the phase portrait.
# `gnuplot expected/figures/trajectories.gp`, in the project's root, draws
# out/trajectories.png.
# linear_chain_f.txt, index 0, 1, 2: the trajectories, columns t, w1, w2, E.
# linear_chain_e.txt, index 1 and 2: minima and saddle.
set terminal pngcairo size 1200,680 font 'sans,14'
set output 'out/trajectories.png'
f = 'out/linear_chain_f.txt'
e = 'out/linear_chain_e.txt'

array colour[3] = ['#0072B2', '#D55E00', '#000000']
array start[3] = ['(0.001, 0.001)', '(2.1, -2)', '(2, -2)']
array ends[3] = ['a minimum', 'a minimum', 'the saddle']
set tics nomirror
set border 3
unset key

set multiplot

# over time
set lmargin at screen 0.07
set rmargin at screen 0.42
set xrange [0:4]
set yrange [-2.4:2.4]
set xtics 1
set ytics 2
set grid linecolor rgb '#dddddd'
do for [k = 1:3] {
    set tmargin at screen 0.955 - 0.3*(k - 1)
    set bmargin at screen 0.955 - 0.3*(k - 1) - 0.235
    set format x k == 3 ? '%g' : ''
    set xlabel k == 3 ? 't (in units of {/Symbol t})' : ''
    set title sprintf('%d: from %s to %s', k, start[k], ends[k]) offset 0,-0.6 \
        textcolor rgb colour[k]
    set label 1 'w_1' at 3.75,(k < 3 ? 1.95 : 0.5)
    set label 2 'w_2' at 3.75,(k < 3 ? 0.85 : -0.5)
    plot f index k - 1 using 1:2 with lines linecolor rgb colour[k] linewidth 2.5, \
         f index k - 1 using 1:3 with lines linecolor rgb colour[k] linewidth 2.5 \
             dashtype 2
}
unset label
unset grid

# phase portrait
set lmargin at screen 0.49
set rmargin at screen 0.975
set tmargin at screen 0.955
set bmargin at screen 0.10
set border 15
set title 'phase portrait: direction of the flow, runs from ○ to ●'
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
set format x '%g'
set xlabel 'w_1'
set ylabel 'w_2' offset 1,0

# the flow: dw_1/dt = 2 (2 - w_1 w_2) w_2, and likewise for w_2
flow1(a, b) = 2*(2 - a*b)*b
flow2(a, b) = 2*(2 - a*b)*a
speed(a, b) = sqrt(flow1(a, b)**2 + flow2(a, b)**2) + 1e-9
long = 0.2
set samples 17
set isosamples 17
set urange [-2.4:2.4]
set vrange [-2.4:2.4]
set label 1 'minima' at 1.62,1.5 textcolor rgb '#555555' font ',13'
set label 2 'minima' at -2.3,-1.35 textcolor rgb '#555555' font ',13'
set label 3 'saddle' at -0.72,0.1 textcolor rgb '#555555' font ',13'
set label 11 '1' at 0.12,0.42 textcolor rgb colour[1] font ',17'
set label 12 '2' at 2.2,-1.9 textcolor rgb colour[2] font ',17'
set label 13 '3' at 1.72,-2.05 textcolor rgb colour[3] font ',17'
plot '++' using ($1 - long/2*flow1($1, $2)/speed($1, $2)) \
               :($2 - long/2*flow2($1, $2)/speed($1, $2)) \
               :(long*flow1($1, $2)/speed($1, $2)):(long*flow2($1, $2)/speed($1, $2)) \
          with vectors size 0.05,25 filled linecolor rgb '#bbbbbb', \
     e index 1 using 1:2 with lines linecolor rgb '#888888' linewidth 4, \
     e index 2 using 1:2 with points pointtype 9 pointsize 2 linecolor rgb '#888888', \
     for [k = 1:3] f index k - 1 using 2:3 with lines linewidth 3 \
          linecolor rgb colour[k], \
     for [k = 1:3] f index k - 1 every ::0::0 using 2:3 with points pointtype 6 \
          pointsize 1.6 linewidth 2 linecolor rgb colour[k], \
     for [k = 1:3] f index k - 1 every ::1000::1000 using 2:3 with points pointtype 7 \
          pointsize 1.6 linecolor rgb colour[k]
unset multiplot
