# Question 2(f): three runs of gradient descent, over time and in the phase portrait.
# `gnuplot expected/figures/trajectories.gp`, in the project's root, draws
# out/trajectories.png.
# linear_chain_f.txt, index 0, 1, 2: the runs, columns t, w1, w2, E.
# linear_chain_e.txt, index 0, 1, 2: surface, minima, saddle, columns w1, w2, E; index 3:
# the flow, columns w1, w2, dw1/dt, dw2/dt.
set encoding utf8
e = 'out/linear_chain_e.txt'
f = 'out/linear_chain_f.txt'

# The levels of E and their contour lines, as in surface.gp; the saddle's is level(2).
stats e index 1 using 3 nooutput
E_min = STATS_min
stats e index 2 using 3 nooutput
E_saddle = STATS_min
level(k) = E_min + (E_saddle - E_min)*k**2/4.0
top = level(4)
if (E_min >= E_saddle) exit error 'linear_chain_e.txt: no minima below the saddle'
set terminal pngcairo size 1000,700 font 'sans,13'
set output 'out/trajectories.png'
set contour base
unset surface
set cntrparam levels discrete level(1), level(2), level(3), top
set table $contours
splot e index 0
unset table

# Of each run its title; its last row; and the row where it is half way out, by its
# distance from the start. From t_end on no run's E is 1 % of the saddle's height from its
# last value.
array name[3]
array last[3]
array half[3]
t_end = 0
do for [k = 1:3] {
    stats f index k - 1 every ::0::0 using (w1 = $2, w2 = $3, 0) nooutput
    distance(a, b) = sqrt((a - w1)**2 + (b - w2)**2)
    stats f index k - 1 using (E_last = $4, distance($2, $3)) nooutput
    last[k] = STATS_records - 1
    far = STATS_max
    name[k] = sprintf('%d: from (%.4g, %.4g) to E = %.3g', k, w1, w2, E_last)
    stats f index k - 1 using (distance($2, $3) < far/2 ? $0 : 0) nooutput
    half[k] = STATS_max
    stats f index k - 1 using \
        (abs($4 - E_last) > (E_saddle - E_min)/100 ? $1 : 0) nooutput
    t_end = STATS_max > t_end ? STATS_max : t_end
}
t_end = ceil(t_end) + 1

array dark[3] = ['#0065a0', '#c44e00', '#000000']
array pale[3] = ['#8ec7ea', '#f5b98c', '#b4b4b4']
set tics nomirror
set multiplot

# over time: w1 wide and pale below w2, so that both are seen where they are equal
set lmargin at screen 0.06
set rmargin at screen 0.36
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set xrange [0:t_end]
set xtics 1
set format x ''
set yrange [* < -2.5:2.5 < *] noextend
set ytics 2
set key horizontal center at screen 0.21,0.985
do for [k = 1:3] {
    set tmargin at screen 1.135 - 0.215*k
    set bmargin at screen 0.985 - 0.215*k
    set title name[k] offset 0,-0.8 textcolor rgb dark[k]
    plot f index k - 1 using 1:2 with lines linewidth 7 linecolor rgb pale[k] \
             title 'w_1', \
         f index k - 1 using 1:3 with lines linewidth 2 linecolor rgb dark[k] \
             title 'w_2'
    unset key
}
set tmargin at screen 0.25
set bmargin at screen 0.085
set format x '%g'
set xlabel 't' offset 0,0.4
set yrange [0:level(3)]
set ytics (sprintf('%.3g', E_min) E_min, sprintf('%.3g', E_saddle) E_saddle)
unset title
set key horizontal center at screen 0.21,0.275 samplen 2.2 width 0
set label 1 'E' at graph -0.05,1.08 right
plot for [k = 1:3] f index k - 1 using 1:4 with lines linewidth 3 \
    linecolor rgb dark[k] dashtype k title sprintf('%d', k)
unset grid
unset key

# phase portrait
set lmargin at screen 0.43
set rmargin at screen 0.91
set tmargin at screen 0.855
set bmargin at screen 0.17
set border 15
set title "flow on the error surface; runs from ○ to ●\nwide curves: minima; ◇: saddle"
set palette defined (0 '#fffff0', 1 '#e3f4da', 2 '#c3e8df', 3 '#a8dce6', 4 '#94c4e0')
set cbrange [E_min:top]
set cbtics (sprintf('%.3g', E_min) E_min)
do for [k = 1:4] {
    set cbtics add (sprintf('%.3g', level(k)) level(k))
}
set label 1 'E' at graph 1.06,1.04 center
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
set xlabel 'w_1'
set ylabel 'w_2' offset 1,0
set style textbox opaque noborder margins 0.5,0.5
part(a, b) = 0.2*a/sqrt(a**2 + b**2)    # all arrows are equally long
plot e index 0 using 1:2:($3 > top ? top : $3) with image, \
     $contours using 1:2 with lines linecolor rgb '#777777', \
     e index 3 using ($1 - part($3, $4)/2):($2 - part($4, $3)/2) \
                    :(part($3, $4)):(part($4, $3)) \
         with vectors size 0.06,25 filled linecolor rgb '#777777', \
     e index 1 using 1:2 with lines linecolor 'black' linewidth 5, \
     e index 2 using 1:2 with points pointtype 13 pointsize 5 linecolor 'white', \
     e index 2 using 1:2 with points pointtype 12 pointsize 5 linecolor 'black', \
     for [k = 1:3] f index k - 1 using 2:3 with lines linewidth 4 linecolor rgb dark[k], \
     for [k = 1:3] f index k - 1 every ::0::0 using 2:3 with points pointtype 6 \
         pointsize 2.2 linewidth 3 linecolor rgb dark[k], \
     for [k = 1:3] f index k - 1 every ::last[k]::last[k] using 2:3 with points \
         pointtype 7 pointsize 1.2 linecolor rgb dark[k], \
     for [k = 1:3] f index k - 1 every ::half[k]::half[k] using 2:3:(sprintf('%d', k)) \
         with labels boxed font ',16' textcolor rgb dark[k]
unset multiplot
