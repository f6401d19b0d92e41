#!/bin/sh
# accept.sh TABLE ...: copies each TABLE of out/ that differs over that of expected/, and
# names it. For use after a deliberate change, when make check has shown what it changes.
# A table that is older than the program it comes from is left out, and so is one in which
# a check says FAILED.
LC_ALL=C
export LC_ALL

sources_of() { # sources_of TABLE: the programs that print it
    case $1 in
    linear_chain_*) echo linear_chain.c ;;
    backprop_* | gradient_check.txt | seeds.txt) echo backprop.c ;;
    *) echo backprop.c linear_chain.c convert_mat.py ;;
    esac
}

found=0
changed=0
left_out=0
for table in "$@"; do
    if [ ! -f "out/$table" ] || grep '^skipped: ' "out/$table" >/dev/null; then
        continue
    fi
    found=$((found + 1))
    if awk -f expected/checks/difference.awk "expected/$table" "out/$table" \
        >/dev/null; then
        continue
    fi
    # shellcheck disable=SC2046 # there may be several sources
    newer=$(find $(sources_of "$table") -newer "out/$table")
    if [ "$newer" != "" ]; then
        echo "left out: $table, as it is older than $newer" >&2
        left_out=$((left_out + 1))
    elif grep '^FAILED: ' "out/$table" >/dev/null; then
        echo "left out: $table, as it says FAILED" >&2
        left_out=$((left_out + 1))
    else
        tr -d '\r' <"out/$table" >"expected/$table" || exit 1
        echo "accepted: $table"
        changed=$((changed + 1))
    fi
done
if [ $found = 0 ]; then
    echo "accept: there is no table in out/: make check makes them" >&2
    exit 1
elif [ $left_out != 0 ]; then
    echo "accept: $left_out of the tables were left out" >&2
    exit 1
elif [ $changed = 0 ]; then
    echo "None of the $found tables in out/ differs from expected/."
fi
