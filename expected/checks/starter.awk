# awk -f starter.awk backprop.c: the program without what the student is to fill in.
#
# In forward(), backward(), gradient() and update() the comments with the equations stay
# and the code goes. A line in its place names the parameters and the functions that the
# code used, so that no compiler warns of them.

/^static void (forward|backward|gradient|update)\(/ { inside = 1; names = used = "" }
inside && !body {
    signature = $0
    while (match(signature, /[A-Za-z_0-9]+[,)]/)) {
        names = names "(void)" substr(signature, RSTART, RLENGTH - 1) "; "
        signature = substr(signature, RSTART + RLENGTH)
    }
    body = /^{/
    print
    next
}
body && /^}/ {
    print "    /* TO FILL IN. Then these names are used and need not be listed: */"
    sub(/ $/, "", names)
    sub(/ $/, "", used)
    print "    " names
    if (used != "") print "    " used
    inside = body = 0
}
body && (/^ *\/\*/ || /^$/) { print; next }
body {
    while (match($0, /[a-z_]+\(/)) {
        name = "(void)" substr($0, RSTART, RLENGTH - 1) "; "
        $0 = substr($0, RSTART + RLENGTH)
        if (name != "(void)for; " && !index(used, name)) used = used name
    }
    next
}
{ print }
