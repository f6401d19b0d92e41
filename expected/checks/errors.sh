#!/bin/sh
# What the two programs say of bad input and of wrong command lines: the command, the first
# line on standard error, the exit status, and how many bytes are on standard output, if any.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
home=$PWD

try() {
    echo "\$ $*"
    (cd "$work" && "$home/$@" 2>stderr >stdout </dev/null; echo "status $?" >status)
    sed -n 1p "$work/stderr"
    ! sed -n 2p "$work/stderr" | grep -q '^usage: ' || echo '(and the usage)'
    cat "$work/status"
    [ ! -s "$work/stdout" ] || echo "$(wc -c <"$work/stdout" | tr -d ' ') bytes of output"
    echo
}

# bad NAME EDIT: a folder NAME with two examples in test.txt and six in train.txt, but for
# what the sed command EDIT does to these. Then a training with it.
bad() {
    mkdir "$work/$1"
    sed -n '1p;101p' data/test.txt >"$work/$1/test.txt"
    sed -n '1,3p;1798,1800p' data/train.txt | sed "$2" >"$work/$1/train.txt"
    try backprop --data "$1" --weight-scale 0.1 --iterations 1
}

for options in --nonsense extra --weight-scale '--weight-scale x' '--weight-scale 0.1x' \
    '--weight-scale -1' '--weight-scale 1e101' '--weight-scale nan' '--weight-scale inf' \
    '--iterations 0' '--iterations 1.5' '--iterations 99999999999' '--seed -1' '--seed 4294967296' \
    --data '--weight-scale 0.1 --seed'; do
    try backprop $options
done
try backprop --weight-scale ''
try backprop --data nowhere
try backprop --check-gradient --data nowhere

bad good ''
bad one_too_few '2s/ [0-9]*$//'
bad one_too_many '3s/$/ 0/'
bad target_0 '4s/^1/0/'
bad target_2 '4s/^1/2/'
bad brightness_256 '4s/ 0 / 256 /'
bad brightness_negative '1s/ 0 / -1 /'
bad brightness_long '1s/ 0 / 99999999999999999999 /'
bad fraction '5s/ 0 / 0.5 /'
bad word '5s/ 0 / nine /'
bad no_blank '5s/ 0 0 / 0 0-0 0 /'
bad blank_line '3s/.*//'
bad empty '1,$d'
bad cut_off '6s/ [0-9]* [0-9]*$//'
bad long_line "2s/ /$(printf '%20000s' '')/"
try backprop --data good --weight-scale -0 --seed 4294967295 --iterations 1
cat "$work/stdout"
rm "$work/good/test.txt"
try backprop --data good
rm "$work/good/train.txt" && mkdir "$work/good/train.txt"
try backprop --data good
yes '' | head -n 1000001 >"$work/empty/train.txt"
try backprop --data empty
tr 1 '\000' <"$work/word/train.txt" >"$work/empty/train.txt"
try backprop --data empty

for options in h ab --nonsense 'e x' --tau '--tau x' '--tau 1x' '--sigma-y nan' \
    '--sigma-y inf' '--sigma-x 0' '--sigma-x -1 a' '--tau 0' '--sigma-yx 0' \
    '--sigma-yx 2.2' '--sigma-yx -2.2' '--sigma-y -1' '--sigma-y e'; do
    try linear_chain $options
done
try linear_chain ''
try linear_chain --tau ''
for program in backprop linear_chain; do
    try $program -h
    try $program --help
    cat "$work/stdout"
done

# Output that does not arrive; the system's own words for it are left out.
for command in 'backprop --iterations 1' 'backprop --print-weights' 'backprop --help' \
    'backprop --check-gradient' 'linear_chain a' linear_chain; do
    for device in closed full; do
        echo "\$ $command  (standard output is $device)"
        if [ $device = full ] && [ -w /dev/full ]; then
            ./$command 2>"$work/stderr" >/dev/full
        else
            ./$command 2>"$work/stderr" >&-
        fi
        echo "$(sed 's/\(standard output\): .*/\1: .../' "$work/stderr") (status $?)"
        echo
    done
done
