#!/bin/sh
# compare.sh TABLE ...: is each table of out/ byte for byte what expected/ holds? A line for
# each, and the count. quick/TABLE has the first rows of a training.
passed=0 failed=0 skipped=0
for table in "$@"; do
    if reason=$(grep '^skipped: ' "out/$table" 2>/dev/null); then
        echo "skipped: $table (${reason#skipped: })"
        skipped=$((skipped + 1))
        continue
    fi
    wanted=expected/$table
    case $table in
    quick/*)
        wanted=out/$table.wanted
        grep -v '^#' "expected/${table#quick/}" | head -n 200 >"$wanted"
        ;;
    esac
    if difference=$(diff "$wanted" "out/$table" 2>&1); then
        echo "passed: $table"
        passed=$((passed + 1))
    else
        echo "FAILED: $table (< expected, > found)"
        echo "$difference" | head -n 8 | cut -c 1-110
        failed=$((failed + 1))
    fi
done
[ $skipped = 0 ] || skipped=", $skipped skipped"
echo "$passed passed, $failed failed${skipped#0}"
[ $failed = 0 ]
