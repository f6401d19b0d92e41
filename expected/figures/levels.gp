# What surface.gp and trajectories.gp share: the tables of out/linear_chain_e.txt, by
# title, the levels of E at which they draw lines, and these lines.
# error_surface, minima and saddle have the columns w1, w2, E; flow has w1, w2, dw1/dt,
# dw2/dt. w1 and w2 run from -2.5 to 2.5. The minima go in even steps of w1, which may end
# short of the edge, so they are drawn a second time with w1 and w2 exchanged.
e = 'out/linear_chain_e.txt'
surface = 'Practical 4: Deep Networks, question 2(e): error_surface'
minima = 'Practical 4: Deep Networks, question 2(e): minima'
saddle = 'Practical 4: Deep Networks, question 2(e): saddle'
flow = 'Practical 4: Deep Networks, question 2(e): flow'

stats e index saddle using 3 nooutput
E_saddle = STATS_min

# E at the minima; or the lowest E of the square, if no minimum lies in it.
stats e index surface using 3 nooutput
E_min = STATS_min
stats e index minima using 3 name 'minima' nooutput
if (exists('minima_min')) {
    E_min = minima_min
}

# Do the minima lie where w1 and w2 have the same sign? Then the flow leads along w1 = -w2
# to the saddle, and along w1 = w2 away from it; else the other way round.
stats e index surface using ($1*$2 > 0 ? $3 : NaN) name 'alike' nooutput
stats e index surface using ($1*$2 < 0 ? $3 : NaN) name 'unlike' nooutput
minima_alike = alike_mean < unlike_mean

# The levels go up from that of the saddle, and one lies half-way between the saddle and
# the minima, unless E is nearly the same at both.
step = (E_saddle - E_min)/2
if (step < E_saddle/10) {
    step = E_saddle/10
}
E_cut = E_saddle + 7*step    # What is higher is cut off, or has the last colour.
set cntrparam levels incremental E_saddle - step, step, E_cut

# `plot` draws no contour lines, so they are put aside here for it.
set contour base
unset surface
set table $levels
splot e index surface using 1:2:3
unset table
set surface
unset contour
