#!/bin/sh
# compare.sh ROWS TABLE ...: is each TABLE of out/ the same as that of expected/?
#
# A line for each table says so. Below one that differs stand the first lines of `diff`: <
# is expected, > was found. The last line counts the tables.
#
# A table quick/NAME is compared with the first ROWS rows of NAME, and without comments, as
# they tell of the number of rows. checks/pencil.txt is compared with the lines of numbers
# in section 8 of backprop.c.
LC_ALL=C
export LC_ALL
rows=$1
shift

rows_of() { # rows_of TABLE: its lines without the comments
    grep -v '^#' "$1"
}

# The lines of a C comment begin with " * ", and those of numbers with four blanks more.
section_8() {
    awk '/^ \* 8\. / { inside = 1 }
        /^ \*\/$/ { inside = 0 }
        inside && sub(/^ \*     /, "")' backprop.c
}

passed=0
failed=0
skipped=0
failed() { # failed WORD ...: what failed, and why
    echo "FAILED: $*"
    failed=$((failed + 1))
}

for table in "$@"; do
    expected=expected/$table
    found=out/$table
    if [ ! -f "$found" ] && [ -f "$found.new" ]; then
        failed "$table: its command did not end well; see $found.new"
        continue
    elif [ ! -f "$found" ]; then
        failed "$table: it could not be made"
        continue
    elif [ ! -s "$found" ]; then
        failed "$table: $found is empty"
        continue
    elif grep '^skipped: ' "$found" >/dev/null; then
        echo "skipped: $table: $(sed -n 's/^skipped: //p' "$found")"
        skipped=$((skipped + 1))
        continue
    fi
    case $table in
    quick/*)
        rows_of "expected/${table#quick/}" | head -n "$rows" >"$found.expected"
        rows_of "$found" >"$found.found"
        expected=$found.expected
        found=$found.found
        ;;
    checks/pencil.txt)
        section_8 >"$found.expected"
        expected=$found.expected
        ;;
    esac
    if [ ! -f "$expected" ]; then
        failed "$table: there is no $expected: make accept stores it"
    elif difference=$(tr -d '\r' <"$found" | diff "$expected" - 2>&1); then
        echo "passed: $table"
        passed=$((passed + 1))
    else
        failed "$table"
        printf '%s\n' "$difference" | head -n 8 | cut -c 1-100 | sed 's/^/    /'
        echo "    to see all of it: diff $expected $found"
    fi
done

if [ $skipped = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ $failed = 0 ] && [ $passed != 0 ]
