# What surface.gp and trajectories.gp share: E, its levels and its contour lines.
# Tables of linear_chain_e.txt, found by title, as an empty one has no number: surface,
# minima (two branches, parted by a blank line) and saddle, with columns w1, w2, E; flow,
# with w1, w2, dw1/dt, dw2/dt. w1 and w2 are in [-2.5, 2.5]. The minima go in even steps
# of w1, too wide near 0: so they are drawn again, with w1 and w2 exchanged.
e = 'out/linear_chain_e.txt'
question = 'Practical 4: Deep Networks, question 2'
surface = question.'(e): error_surface'
minima = question.'(e): minima'
saddle = question.'(e): saddle'
flow = question.'(e): flow'

# The statistics are in the second line, a comment, as in `# sigma_y = 4.5, ...`.
set datafile commentschars ''
stats e every ::1::1 using (sigma_y = $4, sigma_yx = $7, sigma_x = $10, 0) nooutput
set datafile commentschars '#'
E(w_tot) = sigma_y - 2*w_tot*sigma_yx + w_tot**2*sigma_x
best = sigma_yx/sigma_x    # the w_tot of the minima
E_min = E(best)
E_saddle = E(0)

# Levels at even steps of w_tot = w1 w2, from the lowest E in the square. To the saddle it
# is two steps, but they are not so short that all levels crowd around the axes.
inside = abs(best) <= 6.25
lowest = inside ? best : sgn(best)*6.25
step = sgn(best)*(abs(lowest) > 1 ? abs(lowest) : 1)/2.0
level(k) = E(lowest - k*step)
bottom = level(0)
top = level(4)
flat = !(top - bottom > 1e-4*abs(top))
if (flat) {print e.': nothing to draw, E is nearly the same everywhere'; exit status 1}
above(E) = bottom + E*(top - bottom)

# Along a contour line E has one value as w_tot has: columns w1, w2, w_tot.
set contour base
unset surface
set cntrparam levels incremental lowest - 4*abs(step), abs(step), lowest + 4*abs(step)
set table $contours
splot e index surface using 1:2:($1*$2)
unset table
unset contour
set surface

set cbrange [bottom:top]
set cbtics ()
do for [k = 0:4] {set cbtics add (sprintf('%.4g', level(k)) level(k))}
