# Question 2(e): the error surface of a chain with two weights, in relief and from above.
# From the project's root, `gnuplot expected/figures/surface.gp` draws out/surface.png.
load 'expected/figures/levels.gp'
set terminal pngcairo size 1000,500 font 'sans,13'
set output 'out/surface.png'

# Lightness falls with E, so that the figure can be read in grey, too.
set palette defined (0 '#ffffe0', 1 '#c7e9b4', 2 '#7fcdbb', 3 '#41b6c4', 4 '#2c7fb8')
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

set label 2 sprintf('E(w_1, w_2), cut off at %.4g', top) font ',15' at screen 0.02,0.95
set origin 0.03,-0.05
set size 0.57,1
set label 1 'E' at -2.5,2.5,above(1.25) center
set ztics ()
do for [k in '0 2 3 4'] {set ztics add (sprintf('%.4g', level(k)) level(k))}
set zrange [above(-1.0/32):top]
set xyplane at above(-1.0/32)
set border 1+2+4+8+16
set view 38,325,1.17,0.75
unset colorbox
# The surface hides what is behind it; lines on it are lifted a little, lest it hide them.
# Each piece of a line is drawn for itself: gnuplot would join them to a net.
set pm3d depthorder clip z
set hidden3d front offset 0
lift = 0.02*(top - bottom)
splot e index surface with pm3d, \
      for [k = 0:8] for [j = 0:3] $contours index k every :::j::j \
          using 1:2:(E($3) + lift) with lines linestyle 3, \
      for [k = 0:1] for [c = 1:2] e index minima every :::k::k \
          using c:(column(3 - c)):($3 + lift) with lines linestyle 1, \
      e index saddle using 1:2:($3 + lift) with points linestyle 2
unset hidden3d

unset label 2
set lmargin at screen 0.62
set rmargin at screen 0.91
set tmargin at screen 0.76
set bmargin at screen 0.18
set key at graph 0.5,1.33 center top Left reverse samplen 2.5
set colorbox
set label 1 'E' at graph 1.08,1.06 center
plot e index surface using 1:2:($3 > top ? top : $3) with image notitle, \
     $contours using 1:2 with lines linestyle 3 title 'levels as on the bar', \
     e index minima using 1:2 with lines linestyle 1 \
         title sprintf('minima, E = %.4g', E_min).(inside ? '' : ': outside'), \
     e index minima using 2:1 with lines linestyle 1 notitle, \
     e index saddle using 1:2 with points linestyle 2 \
         title sprintf('saddle, E = %.4g', E_saddle)
unset multiplot
