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

# Two levels lie between the minima and the saddle, unless E is nearly the same at both.
# No level is that of the saddle: its lines w1 = 0 and w2 = 0 would be taken for axes.
step = (E_saddle - E_min)/2
if (step < E_saddle/10) {
    step = E_saddle/10
}
first_level = E_saddle - 1.5*step
while (first_level <= E_min) {
    first_level = first_level + step
}
E_cut = E_saddle + 7*step    # What is higher is cut off, or has the last colour.
set cntrparam levels incremental first_level, step, E_cut

# `plot` draws no contour lines, so they are put aside here for it.
set contour base
unset surface
set table $levels
splot e index surface using 1:2:3
unset table
set surface
unset contour
