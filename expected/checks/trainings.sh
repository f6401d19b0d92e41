#!/bin/sh
# Short trainings, whole with their comments; the starting weights; files as other programs
# write them; and what the gradient check says of wrong programs.
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# Trainings: both scales, and two that come to nothing.

train() { # train OPTION ...
    echo "\$ backprop $*"
    ./backprop "$@" 2>"$work/stderr"
    echo "status $?"
    grep -v ' s left$' "$work/stderr" # how long it takes is no part of the check
    echo
}
train --iterations 3
train --weight-scale 0.3 --iterations 6 --seed 5
train --weight-scale 1e100 --iterations 2

# The starting weights: of each matrix the size and the first numbers

echo '$ backprop --print-weights --weight-scale 1 --seed 7'
./backprop --print-weights --weight-scale 1 --seed 7 >"$work/weights" || exit 1
awk '
    /^# W/ { name = $2 }
    !/^#/ && NF > 0 && ++rows[name] == 1 {
        printf "%s a row of %d: %.6g %.6g %.6g ...\n", name, NF, $1, $2, $3
    }
    END { print rows["W3,"], rows["W2,"], rows["W1,"], "rows" }' "$work/weights"
echo

# Files as other programs write them. Six examples are enough to see the same two rows.

cp data/test.txt "$work"
sed -n '1,3p;1798,1800p' data/train.txt >"$work/six"
train_with() { # train_with NAME: the rows of a training; NAME tells what train.txt is
    echo "train.txt: $1"
    ./backprop --data "$work" --weight-scale 0.1 --iterations 2 2>&1 | grep -v '^#'
    echo
}
cp "$work/six" "$work/train.txt"
train_with 'six examples'

awk '{ printf "%s\r\n", $0 }' "$work/six" >"$work/train.txt"
train_with 'the six with the line ends of Windows'

awk '{ printf "%s%s", newline, $0; newline = "\n" }' "$work/six" >"$work/train.txt"
train_with 'the six without a newline at the end'

awk '{
    for (k = 1; k < NF; k++)
        printf "%.18e ", $k
    printf "%.18e\n", $NF
}' "$work/six" >"$work/train.txt"
train_with 'the six as np.savetxt writes them'

# The gradient check: neurons that fall silent or wake up between w - ε and w + ε; weights
# with which there is nothing to compare; and wrong programs. Where it has to fail, its
# FAILED is printed as "noticed", as FAILED in a table means that this check failed.

verdicts() { # verdicts PROGRAM OPTION ...: of its gradient check
    "$@" --check-gradient >"$work/table" 2>"$work/stderr"
    echo "status $?"
    grep ' all  all \|^# W\|^# gradient check' "$work/table" >"$work/verdicts"
    cat "$work/stderr"
}
must_pass() { # must_pass PROGRAM OPTION ...
    verdicts "$@"
    cat "$work/verdicts"
    echo
}
must_fail() { # must_fail PROGRAM OPTION ...
    verdicts "$@"
    if grep '^# gradient check: FAILED' "$work/verdicts" >/dev/null; then
        sed 's/FAILED/noticed/' "$work/verdicts"
    else
        echo "FAILED: the gradient check did not notice it"
    fi
    echo
}
must_fail_with() { # must_fail_with NAME EDIT: the sed command EDIT makes a mistake
    echo "backprop --check-gradient, $1"
    sed "$2" backprop.c >"$work/wrong.c"
    if cmp -s backprop.c "$work/wrong.c"; then
        echo "trainings.sh: backprop.c has nothing to edit for $2" >&2
        exit 1
    fi
    # shellcheck disable=SC2086 # CC may be a compiler and its options
    ${CC:-cc} -std=c99 -O2 -o "$work/wrong" "$work/wrong.c" -lm || exit 1
    must_fail "$work/wrong"
}
echo '$ backprop --check-gradient --seed 2'
must_pass ./backprop --seed 2
echo '$ backprop --check-gradient --weight-scale 0'
must_fail ./backprop --weight-scale 0
must_fail_with "f' left out" 's/if (h > 0)/if (true)/'
must_fail_with 'the transpose of W2 not made' '/transpose(w.W2, d.W2T)/d'
must_fail_with 'the first example left out of the gradient' \
    '/^static void multiply_transposed/,/^}/s/int mu = 0/int mu = 1/'
