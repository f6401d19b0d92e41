#!/bin/sh
# accept.sh TABLE ...: copies each TABLE of out/ that differs over that of expected/, and
# names it. For use after a deliberate change, when make check has shown what it changes.
LC_ALL=C
export LC_ALL
found=0
changed=0
for table in "$@"; do
    if [ ! -f "out/$table" ] || grep '^skipped: ' "out/$table" >/dev/null; then
        continue
    fi
    found=$((found + 1))
    if ! awk -f expected/checks/difference.awk "expected/$table" "out/$table" \
        >/dev/null; then
        tr -d '\r' <"out/$table" >"expected/$table" || exit 1
        echo "accepted: $table"
        changed=$((changed + 1))
    fi
done
if [ $found = 0 ]; then
    echo "accept: there is no table in out/: make check makes them" >&2
    exit 1
elif [ $changed = 0 ]; then
    echo "None of the $found tables in out/ differs from expected/."
fi
