#!/bin/sh
# Short trainings, whole with their comments; data in unusual but right forms; the
# gradient check of unusual starting weights and of wrong programs; and when a training
# reports how long it still takes.
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Trainings: both scales, another seed, weights of 0, numbers that overflow, and steps
# that are so large that the network dies.

train() { # train OPTION ...
    echo "\$ backprop $*"
    ./backprop "$@" 2>"$work/stderr"
    echo "status $?"
    echo
}
train --iterations 3
train --iterations 1 --seed 3
train --weight-scale 0 --iterations 2
train --weight-scale 1e100 --iterations 3
train --weight-scale 0.3 --iterations 6 --seed 5

# Forms of the data: each is written to train.txt, and two rows of a training show whether
# it was read.

cp data/test.txt "$work"
sed -n '1,3p;1798,1800p' data/train.txt >"$work/six"
train_with() { # train_with NAME: the rows of a training, NAME tells the form
    echo "train.txt: $1"
    ./backprop --data "$work" --weight-scale 0.1 --iterations 2 2>"$work/stderr" |
        grep -v '^#'
    grep -v ' s left$' "$work/stderr" # without the progress
    echo
}
cp "$work/six" "$work/train.txt"
train_with 'six examples'

tr ' ' '\t' <"$work/six" >"$work/train.txt"
train_with 'the six with tabs'

awk '{ printf "%s\r\n", $0 }' "$work/six" >"$work/train.txt"
train_with 'the six with the line ends of Windows'

printf '\357\273\277' >"$work/train.txt"
cat "$work/six" >>"$work/train.txt"
train_with 'the six with a byte order mark'

printf '%s' "$(cat "$work/six")" >"$work/train.txt"
train_with 'the six without a newline at the end'

awk '{
    for (k = 1; k < NF; k++)
        printf "%.18e ", $k
    printf "%.18e\n", $NF
}' "$work/six" >"$work/train.txt"
train_with 'the six as np.savetxt writes them'

sed 1q "$work/six" >"$work/train.txt"
train_with 'one example'

cat data/train.txt data/test.txt >"$work/train.txt"
train_with '2000 examples'

# The gradient check: for seeds with which neurons fall silent or wake up between w - ε
# and w + ε; and for weights with which there is nothing to compare, or only rounding.

verdicts() { # verdicts PROGRAM OPTION ...: those of its gradient check
    "$@" --check-gradient >"$work/table" 2>"$work/stderr"
    echo "status $?"
    grep '^# [Wg]' "$work/table"
    cat "$work/stderr"
    echo
}
check_gradient() { # check_gradient OPTION ...
    echo "\$ backprop --check-gradient $*"
    verdicts ./backprop "$@"
}
check_gradient --seed 2
check_gradient --seed 8 --weight-scale 0.01
check_gradient --seed 10 --weight-scale 0.01
check_gradient --weight-scale 0
check_gradient --weight-scale 1e-5

# The gradient check of wrong programs

compile() { # compile SOURCE PROGRAM
    # shellcheck disable=SC2086 # CC may be a compiler and its options
    ${CC:-cc} -std=c99 -O2 -I . -o "$2" "$1" -lm
}
check_wrong() { # check_wrong NAME EDIT: the mistake NAME is made by the sed command EDIT
    echo "with a mistake: $1"
    sed "$2" backprop.c >"$work/wrong.c"
    if cmp -s backprop.c "$work/wrong.c"; then
        echo "trainings.sh: backprop.c has nothing to edit for $2"
    fi
    compile "$work/wrong.c" "$work/wrong" && verdicts "$work/wrong"
}
check_wrong "f' left out" 's/if (h > 0)/if (true)/'
check_wrong 'the transpose of W2 not made' '/transpose(net->W2,/d'
check_wrong 'y_hat for delta3' 's/examples(data->delta3,/examples(data->y_hat,/'

# The report of a training with 1000 iterations, without a clock: if each takes a second,
# and if all of them take less than two.

cat >"$work/progress.c" <<'END'
#define main main_of_backprop
#include "backprop.c"
#undef main
int main(void)
{
    struct options options = {.weight_scale = 0.1, .iterations = 1000};
    printf("a long training:\n");
    fflush(stdout);
    for (int i = 1; i <= 1000; i++)
        report_progress(&options, i, i);
    printf("a short one:\n");
    fflush(stdout);
    for (int i = 1; i <= 1000; i++)
        report_progress(&options, i, 0.0019 * i);
    return 0;
}
END
compile "$work/progress.c" "$work/progress" && "$work/progress" 2>&1
