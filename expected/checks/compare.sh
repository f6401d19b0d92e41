#!/bin/sh
# compare.sh ROWS TABLE ...: is each TABLE of out/ the same as that of expected/?
#
# A line for each table says so, and the last line counts them. Where a table differs, the
# first line that does is shown. A table quick/NAME has only the first ROWS rows of NAME;
# its comments are not compared, as they tell of the number of rows.
LC_ALL=C
export LC_ALL
rows=$1
shift

rows_of() { # rows_of TABLE: its lines without the comments
    grep -v '^#' "$1"
}

passed=0
failed=0
skipped=0
for table in "$@"; do
    expected=expected/$table
    found=out/$table
    if [ ! -f "$found" ]; then
        echo "FAILED: $table: out/$table could not be made"
        failed=$((failed + 1))
        continue
    fi
    case $table in
    quick/*)
        rows_of "expected/${table#quick/}" | head -n "$rows" >"$found.expected"
        rows_of "$found" >"$found.found"
        expected=$found.expected
        found=$found.found
        ;;
    esac
    if [ ! -f "$expected" ]; then
        echo "FAILED: $table: there is no expected/$table: make accept stores it"
        failed=$((failed + 1))
    elif grep '^skipped: ' "$found" >/dev/null; then
        echo "skipped: $table: $(sed -n 's/^skipped: //p' "$found")"
        skipped=$((skipped + 1))
    elif difference=$(awk -f expected/checks/difference.awk "$expected" "$found"); then
        echo "passed: $table"
        passed=$((passed + 1))
    else
        echo "FAILED: $table"
        echo "$difference"
        echo "    to see all of it: diff $expected $found"
        failed=$((failed + 1))
    fi
done

if [ $skipped = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ $failed = 0 ] && [ $passed != 0 ]
