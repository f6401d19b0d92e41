#!/bin/sh
# Is the starter the program without the student's part, and with it the solution? Prints
# what is to be filled in (>) and what stands there instead (<), which is all in which the
# two may differ; then what the starter says as it is.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
awk -f expected/checks/starter.awk backprop.c >"$work/starter.c"
diff "$work/starter.c" backprop.c | grep '^[<>]'
${CC:-cc} -std=c99 -O2 -Wall -Wextra -o "$work/starter" "$work/starter.c" -lm 2>&1
"$work/starter" --iterations 2 --weight-scale 0.1 2>/dev/null | grep -v '^#'
"$work/starter" --check-gradient >"$work/table"
echo "status $?"
grep '^# [Wg]' "$work/table"
