# Question 2(e): the error surface of a chain with two weights, in relief and from above.
# From the project's root, `gnuplot expected/figures/surface.gp` draws out/surface.png.
# Tables of linear_chain_e.txt, each with the columns w1, w2, E: index 0 is the surface,
# 1 the minima (two branches, parted by a blank line), 2 the saddle.
e = 'out/linear_chain_e.txt'

# E = E_min + σ^x (w_tot - σ^yx/σ^x)², and w_tot = 0 at the saddle. So these levels are at
# even steps of w_tot, and the saddle's is level(2).
stats e index 1 using 3 nooutput
E_min = STATS_min
stats e index 2 using 3 nooutput
E_saddle = STATS_min
level(k) = E_min + (E_saddle - E_min)*k**2/4.0
top = level(4)
if (E_min >= E_saddle) exit error 'linear_chain_e.txt: no minima below the saddle'
set terminal pngcairo size 1000,500 font 'sans,13'
set output 'out/surface.png'

# The contour lines, as a table with the columns w1, w2, E.
set contour base
unset surface
set cntrparam levels discrete level(1), level(2), level(3), top
set table $contours
splot e index 0
unset table
unset contour
set surface

# Lightness falls with E, so that the figure can be read in grey, too.
set palette defined (0 '#ffffe0', 1 '#c7e9b4', 2 '#7fcdbb', 3 '#41b6c4', 4 '#2c7fb8')
set cbrange [E_min:top]
set cbtics (sprintf('%.3g', E_min) E_min)
set ztics (sprintf('%.3g', E_min) E_min)
do for [k = 1:4] {
    set cbtics add (sprintf('%.3g', level(k)) level(k))
    if (k > 1) {set ztics add (sprintf('%.3g', level(k)) level(k))}
}
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
set xlabel 'w_1'
set ylabel 'w_2'
unset key
set style line 1 linecolor 'black' linewidth 5                      # minima
set style line 2 linecolor 'black' pointtype 13 pointsize 3         # saddle
set style line 3 linecolor 'black' linewidth 1                      # contours

set multiplot

set label 2 sprintf('E(w_1, w_2), cut off at %.3g', top) font ',15' at screen 0.02,0.95
set origin 0.02,-0.05
set size 0.57,1
set label 1 'E' at -2.5,2.5,1.25*top center
set zrange [0:top]
set xyplane at 0
set border 1+2+4+8+16
set view 38,325,1.17,0.75
unset colorbox
# The surface hides what is behind it; lines on it are lifted a little, lest it hide them.
set pm3d depthorder clip z
set hidden3d front offset 0
lift = 0.02*top
splot e index 0 with pm3d, \
      for [k = 0:3] $contours index k using 1:2:($3 + lift) with lines linestyle 3, \
      for [k = 0:1] e index 1 every :::k::k using 1:2:($3 + lift) \
          with lines linestyle 1, \
      e index 2 using 1:2:($3 + lift) with points linestyle 2
unset hidden3d

unset label 2
set lmargin at screen 0.63
set rmargin at screen 0.92
set tmargin at screen 0.76
set bmargin at screen 0.18
set key at graph 0.5,1.33 center top Left reverse samplen 2.5
set colorbox
set label 1 'E' at graph 1.08,1.06 center
plot e index 0 using 1:2:($3 > top ? top : $3) with image notitle, \
     $contours using 1:2 with lines linestyle 3 title 'levels as on the bar', \
     e index 1 using 1:2 with lines linestyle 1 \
         title sprintf('minima, E = %.3g', E_min), \
     e index 2 using 1:2 with points linestyle 2 \
         title sprintf('saddle, E = %.3g', E_saddle)
unset multiplot
