# Question 2(e): the error surface of a chain with two weights, in relief and from above.
# From the project's root, `gnuplot expected/figures/surface.gp` draws out/surface.png.
# Tables of linear_chain_e.txt: index 0 is the surface, 1 the minima, 2 the saddle.
set terminal pngcairo size 1200,560 font 'sans,14'
set output 'out/surface.png'
e = 'out/linear_chain_e.txt'

# Lightness falls with E, so that the colours can be told apart in grey.
set palette defined (0 '#fde725', 1 '#a5db36', 2 '#4ac16d', 3 '#1fa187', 4 '#277f8e', \
                     6 '#365c8d', 8 '#46327e', 10 '#440154')
set cbrange [0:20]
set cbtics 5
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
unset key
set style line 1 linecolor rgb '#d00000' linewidth 3
set style line 2 linecolor rgb '#d00000' pointtype 9 pointsize 2

set multiplot

set origin 0,0
set size 0.53,1
set title 'E(w_1, w_2), cut off at 20' font ',16'
set xlabel 'w_1'
set ylabel 'w_2'
set zlabel 'E' rotate by 0
set zrange [0:20]
set ztics 5
set xyplane at 0
# A frame of our own: gnuplot's would have a line up its front edge.
unset border
set arrow 1 from -2.5,-2.5,0 to 2.5,-2.5,0 nohead back
set arrow 2 from 2.5,-2.5,0 to 2.5,2.5,0 nohead back
set arrow 3 from 2.5,2.5,0 to -2.5,2.5,0 nohead back
set arrow 4 from -2.5,2.5,0 to -2.5,-2.5,0 nohead back
set arrow 5 from -2.5,2.5,0 to -2.5,2.5,20 nohead back
set view 42,328
unset colorbox
set pm3d clip z scansautomatic
splot e index 0 every 2:2 with pm3d, \
      e index 1 every :::0::0 using 1:2:($3 + 0.1) with lines linestyle 1, \
      e index 1 every :::1::1 using 1:2:($3 + 0.1) with lines linestyle 1, \
      e index 2 using 1:2:($3 + 0.1) with points linestyle 2

set origin 0.53,0
set size 0.47,1
set title 'from above: minima E = 0.5, saddle E = 4.5' font ',16'
set colorbox
set border 31
unset arrow
set cblabel 'E' rotate by 0
set size ratio 1
set label 1 'minima' at 1.4,1.75 textcolor rgb '#d00000' front
set label 2 'saddle' at 0.14,-0.2 textcolor rgb '#d00000' front
set label 3 'minima' at -2.3,-0.55 textcolor rgb '#d00000' front
plot e index 0 using 1:2:($3 > 20 ? 20 : $3) with image, \
     e index 1 using 1:2 with lines linestyle 1, \
     e index 2 using 1:2 with points linestyle 2
unset multiplot
