# awk -f difference.awk EXPECTED FOUND: how do two tables differ?
#
# If they are the same, it ends with status 0. If not, it prints the first line that
# differs, as each table has it, between | and |, and how many more differ, or how long the
# two are if they are not equally long. Then it ends with status 1. The carriage return
# with which Windows ends a line does not count.

BEGIN {
    end_of_file = "" # no line is empty here, as each is read with | at both ends
    line = 0
    differing = 0
    length_expected = 0
    length_found = 0
    do {
        line++
        expected = next_line(ARGV[1])
        found = next_line(ARGV[2])
        if (expected != end_of_file)
            length_expected = line
        if (found != end_of_file)
            length_found = line
        if (expected != found) {
            differing++
            if (differing == 1)
                show(line, expected, found)
        }
    } while (expected != end_of_file || found != end_of_file)
    if (length_expected != length_found)
        print "    expected " length_expected " lines, found " length_found
    else if (differing > 1)
        print "    and " differing - 1 " more"
    if (differing > 0)
        exit 1
}

function next_line(file,    text) {
    if ((getline text < file) <= 0)
        return end_of_file
    sub(/\r$/, "", text)
    return "|" text "|"
}

function show(line, expected, found,    start) {
    start = first_column_shown(expected, found)
    print "    line " line ":"
    print "    expected " part(expected, start)
    print "    found    " part(found, start)
}

# A long line is shown from shortly before the first difference on.
function first_column_shown(expected, found,    k) {
    k = 1
    while (substr(expected, k, 1) == substr(found, k, 1))
        k++
    if (k > 80)
        return k - 40
    return 1
}

function part(text, start) {
    if (text == end_of_file)
        return "no such line"
    text = substr(text, start, 100)
    gsub(/\t/, "\\t", text)
    gsub(/\r/, "\\r", text)
    return text
}
