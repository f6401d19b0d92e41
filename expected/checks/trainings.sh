#!/bin/sh
# Short trainings, whole with their comments: both scales, weights of 0, steps that are too
# large, and data in unusual but right forms. Then the gradient check for seeds with which
# neurons change sides between w + ε and w - ε, where there is nothing to compare, and for
# gradients that are wrong.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

run() {
    echo "\$ backprop $*"
    ./backprop "$@" 2>/dev/null
    echo "status $?"
    echo
}
run --iterations 3
run --iterations 1 --seed 3
run --weight-scale 0 --iterations 2
run --weight-scale 1e100 --iterations 3
run --weight-scale 0.3 --iterations 6 --seed 5

cp data/test.txt "$work"
with() {
    echo "$1:"
    ./backprop --data "$work" --weight-scale 0.1 --iterations 2 2>/dev/null | grep -v '^#'
    echo
}
sed -n '1,3p;1798,1800p' data/train.txt >"$work/six"
sed 's/ /	/g' "$work/six" >"$work/train.txt"
with tabs
sed "s/\$/$(printf '\r')/" "$work/six" >"$work/train.txt"
with 'DOS line ends'
{ printf '\357\273\277' && cat "$work/six"; } >"$work/train.txt"
with 'a byte order mark'
printf '%s' "$(cat "$work/six")" >"$work/train.txt"
with 'no newline at the end'
sed 1q data/train.txt >"$work/train.txt"
with 'one example'
sed 's/$/ /' data/train.txt data/test.txt >"$work/train.txt"
with '2000 examples'

# A training that is made to last: it is stopped for two seconds.
./backprop --iterations 1000 --weight-scale 0 >/dev/null 2>"$work/said" &
sleep 0.3
kill -STOP $!
sleep 2.2
kill -CONT $!
wait $!
short=$(./backprop --iterations 20 2>&1 >/dev/null | wc -l)
echo "progress in a short training: $((short)) lines"
echo "in a long one: $(sed -n '$s/[0-9]* s left/... s left/p' "$work/said")"
echo

gradient() {
    echo "\$ $*"
    "$@" --check-gradient 2>/dev/null >"$work/table"
    echo "status $?"
    grep '^# [Wg]' "$work/table"
    echo
}
for options in '--seed 2' '--seed 10 --weight-scale 0.01' '--seed 8 --weight-scale 0.01' \
    '--weight-scale 0' '--weight-scale 1e-5'; do
    gradient ./backprop $options
done
wrong() { # wrong WHAT EDIT: the check of a program with a mistake
    sed "$2" backprop.c >"$work/wrong.c"
    ${CC:-cc} -std=c99 -O2 -o "$work/wrong" "$work/wrong.c" -lm
    echo "with $1:"
    gradient "$work/wrong" | sed 1d
}
wrong "f' left out" 's/h.at\[k\] > 0 ? 1 : 0;/1;/'
wrong 'W2 for its transpose' 's/product(N_h1, transpose(net->W2)/product(N_h1, net->W2/'
wrong 'y_hat for delta3' 's/sum_over_examples(1, a->delta3/sum_over_examples(1, a->y_hat/'
