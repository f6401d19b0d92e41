# Question 2(f): three runs of gradient descent, over time and on the error surface.
# `gnuplot expected/figures/trajectories.gp`, from the project's root, draws
# out/trajectories.png. It draws the tables trajectory_1, trajectory_2 and trajectory_3 of
# out/linear_chain_f.txt, columns t, w1, w2, E, w1² - w2² of Euler's steps and then w1, w2
# of the flow, and the tables of levels.gp.
load 'expected/figures/levels.gp'
f = 'out/linear_chain_f.txt'
run(k) = sprintf('Practical 4: Deep Networks, question 2(f): trajectory_%d', k)

# The next run is darker and thinner, so that all are seen where they coincide.
array colour[3] = ['#56aee6', '#c44e00', '#000000']
array width[3] = [7, 4, 1.5]

set terminal pngcairo size 1000,1000 rounded font 'sans,13'
set output 'out/trajectories.png'
set tics nomirror

# The weights in the first row of each run, for the titles.
array start[3]
do for [k = 1:3] {
    stats f index run(k) every ::0::0 using 2 name 'w1' nooutput
    stats f index run(k) every ::0::0 using 3 name 'w2' nooutput
    start[k] = sprintf('(%g, %g)', w1_min, w2_min)
}

set multiplot

# Top left: the weights over time.
set lmargin at screen 0.075
set rmargin at screen 0.395
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set xrange [0:10]
set xtics 2
set xlabel 't' offset 0,0.8
set ylabel 'w_1, w_2' offset 1,0
# The range is -2.5 to 2.5; a run that leaves it widens it to at most -5 to 5.
set yrange [-5<*<-2.5:2.5<*<5]
set autoscale yfix
set ytics 2
set key bottom right Left reverse horizontal
do for [k = 1:3] {
    set tmargin at screen 0.965 - 0.205*(k - 1)
    set bmargin at screen 0.965 - 0.205*(k - 1) - 0.13
    set title 'run '.k.', from '.start[k] offset 0,-0.6
    plot f index run(k) using 1:2 with lines linewidth 7 linecolor rgb '#bbbbbb' \
             title 'w_1', \
         f index run(k) using 1:3 with lines linewidth 2 linecolor 'black' title 'w_2'
    unset key
}

# Below, left: the error over time.
set tmargin at screen 0.335
set bmargin at screen 0.065
set xlabel 't' offset 0,0.4
set ylabel 'E' offset 2.5,0
set title 'error E'
set logscale y
set yrange [E_saddle/20:*<100*E_saddle]    # At the minima E may be 0.
set ytics (0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100)
set key top right vertical
plot for [k = 1:3] f index run(k) using 1:4 with lines linewidth width[k] \
    linecolor rgb colour[k] title 'run '.k
unset logscale y

# Below, right: what the flow conserves.
set lmargin at screen 0.50
set rmargin at screen 0.975
set title 'what the flow conserves'
set ylabel 'w_1^2 - w_2^2' offset 0,0
set yrange [-10<*:*<10]
set ytics auto
set offsets 0,0,0.02,0.02
set key center right
plot for [k = 1:3] f index run(k) using 1:5 with lines linewidth width[k] \
         linecolor rgb colour[k] title 'run '.k, \
     for [k = 1:3] f index run(k) using 1:($6**2 - $7**2) with lines linewidth 1.5 \
         linecolor rgb '#777777' dashtype 2 title k == 1 ? 'the flow' : ''
unset grid
unset key
unset offsets

# Top right: the runs on the error surface.
set lmargin at screen 0.46
set rmargin at screen 0.92
set tmargin at screen 0.9
set bmargin at screen 0.44
set border 15
set title "Euler's steps from ○ to ●; violet: the flow of run 2\n" \
    ."arrows: where the flow leads; ◇ saddle\n" \
    .'wide curves: minima; thin curves: levels of E'
set palette defined (0 '#fffff0', 1 '#e3f4da', 2 '#c3e8df', 3 '#a8dce6', 4 '#94c4e0')
set cbrange [E_min:E_cut]
set label 1 'E' at graph 1.05,1.04 center
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
set xlabel 'w_1'
set ylabel 'w_2' offset 1,0
# The number of a run stands beside the given row, moved aside by so many characters. The
# last row is row 1000.
array row[3] = [150, 33, 12]
array aside[3] = [-1.5, 1.5, -1.5]
part(a, b) = 0.3*a/sqrt(a**2 + b**2)    # All arrows are equally long.
# The diagonals have their names beside them, where no arrow is drawn.
set label 2 'w_1 = -w_2: '.(minima_alike ? 'stable' : 'unstable') at -1.31,1.09 \
    center rotate by -45 front
set label 3 'manifold of the saddle' at -1.49,0.91 center rotate by -45 front
set label 4 'w_1 = w_2' at -1.12,-0.88 center rotate by 45 front
is_name(w1, w2) = w1 < 0 && w2 > 0 && w1 + w2 == -0.5 || w1 == -1.25 && w2 == -0.75
plot e index surface using 1:2:3 with image, \
     $levels using 1:2 with lines linecolor rgb '#999999', \
     x with lines linecolor rgb '#777777', \
     -x with lines linecolor rgb '#777777', \
     e index flow every 2:2:1:1 \
         using (is_name($1, $2) ? NaN : $1 - part($3, $4)/2):($2 - part($4, $3)/2) \
         :(part($3, $4)):(part($4, $3)) \
         with vectors size 0.08,25 filled linecolor rgb '#777777', \
     e index minima using 1:2 with lines linewidth 5 linecolor 'black', \
     e index minima using 2:1 with lines linewidth 5 linecolor 'black', \
     e index saddle using 1:2 with points pointtype 12 pointsize 5 linecolor 'black', \
     for [k = 1:3] f index run(k) using 2:3 with lines linewidth 2 \
         linecolor rgb colour[k], \
     f index run(2) using 6:7 with lines linewidth 1.5 \
         linecolor rgb '#5020a0', \
     for [k = 1:3] f index run(k) every ::0::0 using 2:3 with points pointtype 6 \
         pointsize 2 linewidth 3 linecolor rgb colour[k], \
     for [k = 1:3] f index run(k) every ::1000::1000 using 2:3 with points pointtype 7 \
         pointsize 1.5 linecolor rgb colour[k], \
     for [k = 1:3] f index run(k) every ::row[k]::row[k] using 2:3:(sprintf('%d', k)) \
         with labels offset aside[k],0 font ',15'
unset multiplot
