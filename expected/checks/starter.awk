# awk -f starter.awk backprop.c: the program without what the student is to fill in.
#
# In the functions listed below every comment gives an equation, and the lines of code
# below it compute it. The comments stay. In place of the lines stands a call of
# to_fill_in(), which ends the program and tells which equation is missing.

BEGIN {
    split("f f_prime forward backward minus_gradient update", names)
    for (k in names) filled_by_student[names[k]] = 1
}

# The program's name, in the commands of its first comment and in its messages
{
    gsub(/-o backprop backprop\.c/, "-o starter out/starter.c")
    gsub(/\.\/backprop/, "./starter")
    gsub(/"backprop: /, "\"starter: ")
    gsub(/"usage: backprop/, "\"usage: starter")
}

# The last #include: the function that all gaps call stands below it.
/^#include <time.h>/ {
    print
    print ""
    print "/*"
    print " * This is the starter: the program without the lines that compute the handout's"
    print " * equations. Wherever it says TO FILL IN, write the code and delete that line. Until"
    print " * then the program ends there and tells what is missing."
    print " *"
    print " * 1. Fill in f and forward(). Then row 1 is that of expected/backprop_0.01.txt."
    print " * 2. Fill in f_prime, backward() and minus_gradient(). Then the gradient check,"
    print " *    ./starter --check-gradient, passes."
    print " * 3. Fill in update(). Then all rows are the same."
    print " *"
    print " * Compile it in the folder above out/, as the first comment says. With -Wall the"
    print " * compiler also tells of a return that was forgotten."
    print " */"
    print "static double to_fill_in(const char *equation)"
    print "{"
    print "    fflush(stdout);"
    print "    fprintf(stderr, \"starter: to fill in, and then to delete this line: %s\\n\","
    print "            equation);"
    print "    exit(EXIT_FAILURE);"
    print "}"
    next
}

# The first line of a function's definition, such as "static double f(double u)": the name
# is the word before the bracket.
/^static / {
    name = $0
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    inside = (name in filled_by_student)
    returns_number = /^static double /
}
/^}/ { inside = 0 }

# A comment of one line inside one of them: the equation, and its gap.
inside && /^    \/\*.*\*\/$/ {
    equation = $0
    sub(/^ *\/\* /, "", equation)
    sub(/ \*\/$/, "", equation)
    print
    in_gap = 1
    gap = "    "
    if (returns_number) gap = gap "return "
    print gap "to_fill_in(\"" equation "\"); /* TO FILL IN */"
    next
}

# The code that computes the equation ends at an empty line or with the function.
in_gap && (/^$/ || /^}/) { in_gap = 0 }
in_gap { next }
{ print }
