#!/bin/sh
# What the two programs say of bad input and of wrong command lines. For each command: the
# first line on standard error, the exit status, and how much is on standard output.
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
home=$PWD

show_command() { # show_command WORD ...: '' stands for an empty word
    printf '$'
    for word in "$@"; do
        printf ' %s' "${word:-''}"
    done
    echo
}

try() { # try PROGRAM ARGUMENT ...: runs it in the folder $work
    show_command "$@"
    program=$home/$1
    shift
    (cd "$work" && exec "$program" "$@") </dev/null >"$work/stdout" 2>"$work/stderr"
    status=$?
    sed -n 1p "$work/stderr"
    if sed -n 2p "$work/stderr" | grep '^usage: ' >/dev/null; then
        echo '(and the usage)'
    fi
    echo "status $status"
    if [ -s "$work/stdout" ]; then
        echo "$(wc -l <"$work/stdout" | tr -d ' ') lines of output"
    fi
    echo
}

# What an operating system says of a file or of a full disk, in its own words, is replaced
# by three dots.
without_system_words() {
    sed -e 's/\.txt: [^(]* (seen/.txt: ... (seen/' \
        -e 's/train\.txt: [^(]*$/train.txt: .../' \
        -e 's/output: .*/output: .../'
}

# backprop: the command line

try backprop --nonsense
try backprop extra
try backprop --seed
try backprop --seed 1 --seed 2
try backprop --weight-scale ''
try backprop --weight-scale 0.1x
try backprop --weight-scale -1
try backprop --weight-scale 1e101
try backprop --weight-scale nan
try backprop --iterations 0
try backprop --iterations 1.5
try backprop --iterations 99999999999
try backprop --seed -1
try backprop --seed 4294967296
try backprop --check-gradient --print-weights
try backprop --check-gradient --iterations 10
try backprop --print-weights --data data
try backprop --help
cat "$work/stdout"
echo

# backprop: files that are not there, or no files

try backprop --data '' | without_system_words
try backprop --data nowhere | without_system_words
try backprop --check-gradient --data nowhere | without_system_words

mkdir "$work/folder_for_a_file" "$work/folder_for_a_file/train.txt"
try backprop --data folder_for_a_file | without_system_words | sed 's/ (seen.*//'

# backprop: examples that are wrong

# bad NAME EDIT: trains with the examples of a folder NAME. There train.txt has six lines,
# which the sed command EDIT changes, and test.txt has two.
bad() {
    mkdir "$work/$1"
    sed -n '1p;101p' data/test.txt >"$work/$1/test.txt"
    sed -n '1,3p;1798,1800p' data/train.txt | sed "$2" >"$work/$1/train.txt"
    try backprop --data "$1" --weight-scale 0.1 --iterations 1
}

bad good ''
bad one_too_few '2s/ [0-9]*$//'
bad one_too_many '3s/$/ 0/'
bad target_0 '4s/^1/0/'
bad brightness_256 '4s/ 0 / 256 /'
bad brightness_negative '1s/ 0 / -1 /'
bad fraction '5s/ 0 / 0.5 /'
bad word '5s/ 0 / nine /'
bad no_blank '5s/ 0 0 / 0 0-0 0 /'
bad blank_line '3s/.*//'
bad cut_off '6s/ [0-9]* [0-9]*$//'
bad long_line "2s/ /$(printf '%40000s' '')/"
bad no_line '1,6d'

mkdir "$work/too_many_lines" "$work/no_text"
awk 'BEGIN { for (k = 0; k < 1000001; k++) print "" }' >"$work/too_many_lines/train.txt"
try backprop --data too_many_lines

tr 1 '\000' <"$work/good/train.txt" >"$work/no_text/train.txt"
try backprop --data no_text

# linear_chain: the command line

try linear_chain z
try linear_chain ''
try linear_chain --nonsense
try linear_chain --tau
try linear_chain --tau 1x
try linear_chain --tau nan
try linear_chain --tau 0
try linear_chain --sigma-y 0
try linear_chain --sigma-x -1 a
try linear_chain --sigma-yx 0
try linear_chain --sigma-yx -2.2
try linear_chain --help
cat "$work/stdout"
echo

# Both: standard output is closed, so that nothing can be written, as on a full disk.

closed() { # closed PROGRAM ARGUMENT ...
    echo "\$ $* (standard output is closed)"
    program=./$1
    shift
    "$program" "$@" 2>"$work/stderr" >&-
    status=$?
    without_system_words <"$work/stderr"
    echo "status $status"
    echo
}
closed backprop --iterations 1
closed backprop --check-gradient
closed backprop --print-weights
closed backprop --help
closed linear_chain a
closed linear_chain
closed linear_chain --help
