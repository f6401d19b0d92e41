#!/bin/sh
# accept.sh TABLE ...: stores each TABLE of out/ that differs in expected/, and names it.
# For use after a deliberate change, when make check has shown what it changes.
#
# A table that is missing, empty, cut off, or older than what it is made from is left out,
# and so is one in which something FAILED or was skipped, and a training of which the
# gradient has not passed its check. Then the status is 1. seeds.txt and
# evidence/evidence.txt are stored, too, if they have been made.
LC_ALL=C
export LC_ALL

sources_of() { # sources_of TABLE: what it is made from
    case $1 in
    linear_chain_*) echo linear_chain.c ;;
    backprop_*) echo backprop.c data/*.txt ;;
    seeds.txt) echo backprop.c data/*.txt expected/checks/seeds.awk ;;
    gradient_check.txt) echo backprop.c data/test.txt ;;
    checks/data.txt) echo convert_mat.py data/*.txt expected/checks/data.py ;;
    checks/pencil.txt) echo backprop.c expected/checks/pencil.c ;;
    checks/*) echo backprop.c linear_chain.c data/*.txt "expected/${1%.txt}.sh" ;;
    evidence/*) echo expected/evidence/*.py data/*.txt ;;
    esac
}

# Is a training without its last rows? Its title says how many iterations it has.
lacks_rows() { # lacks_rows FILE
    awk '/^# weight_scale/ {
            for (k = 2; k <= NF; k++)
                if ($k ~ /^iteration/)
                    iterations = $(k - 1)
        }
        !/^#/ && NF > 0 { rows++ }
        END { exit rows == iterations }' "$1"
}

reason_against() { # reason_against TABLE: why not to store it, if there is a reason
    table=out/$1
    if [ ! -f "$table" ] && [ -f "$table.new" ]; then
        echo "its command did not end well; see $table.new"
    elif [ ! -f "$table" ]; then
        echo "it is not there: make check makes it"
    elif [ ! -s "$table" ]; then
        echo "it is empty"
    elif grep 'FAILED' "$table" >/dev/null; then
        echo "it says FAILED"
    elif grep '^skipped: ' "$table" >/dev/null; then
        echo "it was skipped"
    elif [ "$(tail -c 1 "$table")" != "" ]; then
        echo "it ends in the middle of a line"
    else
        case $1 in
        backprop_*)
            if lacks_rows "$table"; then
                echo "it lacks rows"
            fi
            if [ "$(reason_against gradient_check.txt)" != "" ]; then
                echo "gradient_check.txt has to be right first"
            fi
            ;;
        esac
        # shellcheck disable=SC2046 # there are several sources
        newer=$(find $(sources_of "$1") -newer "$table" | head -n 1)
        if [ "$newer" != "" ]; then
            echo "it is older than $newer"
        fi
    fi
}

say_what_is_stale() {
    echo "These came from tables that have changed. Make them again, and read them again:"
    if [ "$trainings_changed" = yes ]; then
        echo "    expected/seeds.txt: make -j2 seeds, and then make accept"
        echo "    expected/evidence/: its programs and README.md have the sizes and" \
            "alpha, too; then make evidence, and make accept"
        echo "    expected/marking/mistakes.txt: make mistakes; N1, N2 and alpha stand in" \
            "mistakes.py, too"
        echo "    what section 10 of backprop.c says of the curves"
    fi
    echo "    expected/figures/*.png: make figures, and then copy them from out/"
    echo "    expected/pages/*.md: make pages"
    echo "    the answers in expected/README.md"
}

stored=0
left_out=0
trainings_changed=no
chain_changed=no
for table in "$@" seeds.txt evidence/evidence.txt; do
    case $table in
    seeds.txt | evidence/*) [ -f "out/$table" ] || continue ;;
    esac
    reason=$(reason_against "$table" | head -n 1)
    if [ "$reason" != "" ]; then
        echo "left out: $table: $reason" >&2
        # What needs Python is skipped without it, and the rest is stored all the same.
        [ "$reason" = "it was skipped" ] || left_out=$((left_out + 1))
    elif ! tr -d '\r' <"out/$table" | cmp -s - "expected/$table"; then
        tr -d '\r' <"out/$table" >"expected/$table.new" ||
            { rm -f "expected/$table.new" && exit 1; }
        mv "expected/$table.new" "expected/$table" || exit 1
        echo "accepted: $table"
        stored=$((stored + 1))
        case $table in
        backprop_*) trainings_changed=yes ;;
        linear_chain_*) chain_changed=yes ;;
        esac
    fi
done
if [ $trainings_changed = yes ] || [ $chain_changed = yes ]; then
    say_what_is_stale
fi
if [ $left_out != 0 ]; then
    echo "accept: left out: $left_out" >&2
    exit 1
elif [ $stored = 0 ]; then
    echo "No table in out/ differs from expected/."
fi
