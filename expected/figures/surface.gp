# Question 2(e): the error E of a chain with two weights, in relief and from above.
# From the project's root, `gnuplot expected/figures/surface.gp` draws out/surface.png.
# It draws the tables error_surface, minima and saddle of out/linear_chain_e.txt.
load 'expected/figures/levels.gp'

# The level of the saddle is drawn a second time, in red: it consists of the lines w1 = 0
# and w2 = 0, which might be taken for axes, and of the two branches of a hyperbola.
set contour base
unset surface
set cntrparam levels discrete E_saddle
set table $saddle_level
splot e index surface using 1:2:3
unset table
set surface
unset contour
set cntrparam levels incremental E_saddle - step, step, E_cut

set terminal pngcairo size 1000,500 font 'sans,13'
set output 'out/surface.png'

# The colours darken as E rises, so that the figure can be read in grey, too.
set palette defined (0 '#ffffe0', 1 '#c7e9b4', 2 '#7fcdbb', 3 '#41b6c4', 4 '#2c7fb8')
set cbrange [E_min:E_cut]
set style line 1 linecolor 'black' linewidth 5                   # minima
set style line 2 linecolor 'black' pointtype 13 pointsize 3      # saddle
set style line 3 linecolor '#555555' linewidth 1                 # levels
set style line 4 linecolor '#a02000' linewidth 2.5               # level of the saddle
set xrange [-2.5:2.5]
set yrange [-2.5:2.5]
set xtics 1
set ytics 1
set xlabel 'w_1'
set ylabel 'w_2'
unset key

set multiplot

# In relief. It is turned so that the two corners without minima, which rise far beyond
# E_cut, are in front and behind: what is left of them does not hide the minima.
turn = minima_alike ? 55 : 145
set title sprintf('E as height, cut off at E = %.4g', E_cut)
set origin 0.01,-0.04
set size 0.6,1.08
set view 35,turn,1.15,0.6
set zrange [0:E_cut]
set ztics 0,3*step
set format z '%.4g'
set xyplane at 0
set zlabel 'E' offset 7,3.7
unset colorbox
set contour surface
set cntrlabel onecolor
set pm3d explicit clip z
# A curve of several branches, drawn at once, gnuplot would join to a net.
splot e index surface with pm3d nocontour, \
      e index surface with lines linestyle 3 nosurface, \
      for [branch = 0:1] e index minima every :::branch::branch using 1:2:3 \
          with lines linestyle 1 nocontour, \
      for [branch = 0:1] e index minima every :::branch::branch using 2:1:3 \
          with lines linestyle 1 nocontour, \
      for [branch = 0:3] $saddle_level every :::branch::branch using 1:2:3 \
          with lines linestyle 4 nocontour, \
      e index saddle with points linestyle 2 nocontour
unset contour

# From above.
set title sprintf('E as colour, up to E = %.4g', E_cut)
set lmargin at screen 0.64
set rmargin at screen 0.915
set tmargin at screen 0.72
set bmargin at screen 0.16
set colorbox
set label 1 'E' at graph 1.08,1.07 center
set key at screen 0.63,0.99 top left Left reverse samplen 2.5
plot e index surface using 1:2:3 with image notitle, \
     $levels using 1:2 with lines linestyle 3 title sprintf('levels, %.4g apart', step), \
     $saddle_level using 1:2 with lines linestyle 4 \
         title sprintf('level E = %.4g of the saddle', E_saddle), \
     e index minima using 1:2 with lines linestyle 1 \
         title sprintf('minima, E = %.4g', E_min), \
     e index minima using 2:1 with lines linestyle 1 notitle, \
     e index saddle using 1:2 with points linestyle 2 \
         title 'saddle'
unset multiplot
