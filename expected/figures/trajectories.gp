# Question 2(f): runs of gradient descent, over time and in the phase portrait. In the
# project's root, `gnuplot expected/figures/trajectories.gp` draws out/trajectories.png.
# Tables trajectory_1, trajectory_2, ... of linear_chain_f.txt: columns t, w1, w2, E.
load 'expected/figures/levels.gp'
f = 'out/linear_chain_f.txt'
run(k) = question.sprintf('(f): trajectory_%d', k)

# How many runs? Their titles are comments, so read these as data, and whole lines.
runs = 0
set datafile commentschars '' separator "\n"
stats f using (runs = runs + (strstrt(strcol(1), ': trajectory_') > 0)) nooutput
set datafile commentschars '#' separator whitespace
if (runs == 0) {print f.': nothing to draw, no table is a trajectory_'; exit status 1}

# The flow (3) keeps w1² + w2² below w1(0)² + w2(0)² + 2 |best|. A run that gets ten times
# as far out diverges, as its steps are too long; it is drawn no farther. Of each run its
# title; the last row drawn; the size of its weights, in one digit; and the row where its
# number stands, by its distance from the start. From t_end on no run's E is 1 % of the
# saddle's height from its last value.
array name[runs]
array last[runs]
array size[runs]
array row[runs]
height = E_saddle - E_min
E_end = E_saddle + 1.25*height
t_end = 0
larger(a, b) = a > b ? a : b
round_up(a) = ceil(a/10**floor(log10(a)))*10**floor(log10(a))
do for [k = 1:runs] {
    stats f index run(k) every ::0::0 using (w1 = $2, w2 = $3, 0) nooutput
    limit = 10*sqrt(w1**2 + w2**2 + 2*abs(best))
    distance(a, b) = sqrt((a - w1)**2 + (b - w2)**2)
    stats f index run(k) using (t_last = $1, rows = $0, \
        sqrt($2**2 + $3**2) < limit ? (E_last = $4, $0) : NaN) nooutput
    last[k] = STATS_max
    diverges = last[k] < rows
    name[k] = sprintf('%d: from (%.4g, %.4g)', k, w1, w2) \
        .(diverges ? ': it diverges' : sprintf(' to E = %.4g', E_last))
    E_end = diverges ? E_end : larger(E_end, E_last + height)
    stats f index run(k) every ::0::last[k] using (larger(abs($2), abs($3))) nooutput
    size[k] = round_up(larger(2, 0.8*STATS_max))
    stats f index run(k) every ::0::last[k] using (distance($2, $3)) nooutput
    far = STATS_max
    stats f index run(k) every ::0::last[k] \
        using (distance($2, $3) <= far*k/(runs + 1) ? $0 : 0) nooutput
    row[k] = STATS_max
    stats f index run(k) every ::0::last[k] \
        using (abs($4 - E_last) > height/100 ? $1 : 0) nooutput
    t_end = larger(t_end, STATS_max)
}
t_end = ceil(t_end) + 1 < t_last ? ceil(t_end) + 1 : t_last

set terminal pngcairo size 1000,700 font 'sans,13'
set output 'out/trajectories.png'
colour(k) = word('0065a0 c44e00 000000 007a5a 8a3a8a 7a6000', (k - 1)%6 + 1)
dark(k) = '#'.colour(k)
pale(k) = '#a0'.colour(k)    # transparent
set tics nomirror
set multiplot

# over time: w1 wide and pale below w2, so that both are seen where they are equal
set lmargin at screen 0.065
set rmargin at screen 0.365
set border 3
set grid linetype 1 linewidth 1 linecolor rgb '#dddddd'
set xrange [0:t_end]
set xtics 1
set format x ''
set key horizontal center at screen 0.215,0.985
do for [k = 1:runs] {
    set tmargin at screen 0.92 - 0.645*(k - 1)/runs
    set bmargin at screen 0.92 - 0.645*(k - 0.3)/runs
    set yrange [-1.25*size[k]:1.25*size[k]]
    set ytics size[k]
    set title name[k] offset 0,-0.8 textcolor rgb dark(k)
    plot f index run(k) every ::0::last[k] using 1:2 with lines linewidth 7 \
             linecolor rgb pale(k) title 'w_1', \
         f index run(k) every ::0::last[k] using 1:3 with lines linewidth 2 \
             linecolor rgb dark(k) title 'w_2'
    unset key
}
set tmargin at screen 0.25
set bmargin at screen 0.085
set format x '%g'
set xlabel 't' offset 0,0.4
set yrange [E_min - height/8:E_end]
set ytics (sprintf('%.5g', E_min) E_min, sprintf('%.5g', E_saddle) E_saddle)
unset title
set key horizontal center at screen 0.215,0.275 samplen 2.2 width 0
set label 1 'E' at graph -0.05,1.08 right
plot for [k = 1:runs] f index run(k) every ::0::last[k] using 1:4 with lines \
    linewidth 3 linecolor rgb dark(k) dashtype k title sprintf('%d', k)
unset grid
unset key

# phase portrait
set lmargin at screen 0.42
set rmargin at screen 0.90
set tmargin at screen 0.855
set bmargin at screen 0.17
set border 15
set title "flow on the error surface; runs from ○ to ●\n" \
    .(inside ? 'wide curves: minima' : 'minima outside').'; ◇: saddle'
set palette defined (0 '#fffff0', 1 '#e3f4da', 2 '#c3e8df', 3 '#a8dce6', 4 '#94c4e0')
set label 1 'E' at graph 1.06,1.04 center
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set ytics 1
set xlabel 'w_1'
set ylabel 'w_2' offset 1,0
set style textbox opaque noborder margins 0.5,0.5
part(a, b) = 0.2*a/sqrt(a**2 + b**2)    # all arrows are equally long
plot e index surface using 1:2:($3 > top ? top : $3) with image, \
     $contours using 1:2 with lines linecolor rgb '#777777', \
     e index flow using ($1 - part($3, $4)/2):($2 - part($4, $3)/2) \
                       :(part($3, $4)):(part($4, $3)) \
         with vectors size 0.06,25 filled linecolor rgb '#777777', \
     for [c = 1:2] e index minima using c:(column(3 - c)) with lines \
         linecolor 'black' linewidth 5, \
     e index saddle using 1:2 with points pointtype 13 pointsize 5 linecolor 'white', \
     e index saddle using 1:2 with points pointtype 12 pointsize 5 linecolor 'black', \
     for [k = 1:runs] f index run(k) every ::0::last[k] using 2:3 with lines \
         linewidth 4 linecolor rgb dark(k), \
     for [k = 1:runs] f index run(k) every ::0::0 using 2:3 with points pointtype 6 \
         pointsize 2.2 linewidth 3 linecolor rgb dark(k), \
     for [k = 1:runs] f index run(k) every ::last[k]::last[k] using 2:3 with points \
         pointtype 7 pointsize 1.2 linecolor rgb dark(k), \
     for [k = 1:runs] f index run(k) every ::row[k]::row[k] \
         using 2:3:(sprintf('%d', k)) with labels boxed font ',16' textcolor rgb dark(k)
unset multiplot
