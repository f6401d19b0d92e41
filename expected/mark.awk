# Compares two tables, for expected/mark, and leads to the mistake.
#
# Every line comes with a letter in front: M of mistakes.txt, E of the expected file, T of
# theirs. First all are read, in whatever form theirs is; then the numbers are compared.
#
# How a mistake is found. Everybody starts from the same weights, so each mistake has a
# table of its own. The candidates are the right table and, in some telling rows, that of
# each classic mistake. For each candidate, each of their columns is looked for among the
# candidate's columns: as it stands; one row earlier or later; times a factor that has a
# usual cause. The candidate that explains all their columns in the simplest way is named.
# Where none does, the distances from the right table are all that there is to judge by.

# ---- Numbers ---------------------------------------------------------------------------

function is_number(word) {
    return word ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/
}

function size(x) { return x < 0 ? -x : x }

# 1 at the place of x's first digit: 0.1 for 0.47. (Some awks have neither log nor ^.)
function decade(x) {
    x = sprintf("%.14e", x)
    sub(/^.*e/, "1e", x)
    return x + 0
}

function decimals(word) {
    sub(/[eE].*/, "", word)
    return word ~ /\./ ? length(word) - index(word, ".") : 0
}

function digits(word) {
    sub(/[eE].*/, "", word)
    gsub(/[-+.]/, "", word)
    sub(/^0+/, "", word)
    return length(word)
}

# Is theirs, printed in steps of `step`, our number, of 6 digits, times the factor
# (complement: 1 - ours, times the factor)? Within half a unit of the last digit that is
# known of each.
function alike(theirs, step, ours, factor, complement,    unit) {
    if (theirs == "" || ours == "") return 0
    if (!is_number(theirs) || !is_number(ours)) return theirs == ours
    unit = ours == 0 ? 1e-12 : decade(ours) * 1e-5
    if (complement) ours = 1 - ours
    ours *= factor
    if (loose) return size(theirs - ours) <= loose * size(ours)
    unit *= size(factor)
    if (factor == 1 && !complement && step <= 1.5 * unit)
        return size(theirs - ours) <= 0.5 * unit * (1 + 1e-6)
    return size(theirs - ours) <= 0.5 * (step + unit) * (1 + 1e-6)
}

# ---- Reading ---------------------------------------------------------------------------

function note(sentence) {
    if (!(sentence in noted)) {
        noted[sentence] = 1
        notes[++note_count] = sentence
    }
}

function refuse(sentence) {
    print "mark: " sentence | "cat >&2"
    close("cat >&2")
    refused = 1
    exit 2
}

# mistakes.txt: a comment names the mistake, its rows follow: key, row, values.
/^M/ {
    sub(/^M/, "")
    if (/^#/) {
        sub(/^# */, "")
        mistake = $0
    } else if (NF > 2) {
        if (!((mistake, $1) in number_of)) {
            number_of[mistake, $1] = ++candidates
            name_of[candidates] = mistake
            key_of[candidates] = $1
        }
        c = number_of[mistake, $1]
        row_of[c, ++rows_of[c]] = $2
        for (k = 3; k <= NF; k++) known[c, $2, k - 2] = $k
    }
    next
}

# The expected file: two blank lines or a title begin another table.
/^E/ {
    sub(/^E/, "")
    sub(/\r$/, "")
    if (/^# Practical/) title = $0
    if (/^#/) {
        if (/weight_scale = /) setting = $0
        sub(/^# */, "")
        names = $0
        comment = 1
    } else if (NF == 0) {
        blank++
    } else {
        if (parts == 0 || blank > 1 || (comment && title != title_of[parts])) {
            title_of[++parts] = title
            names_of[parts] = names
            columns[parts] = NF
        }
        comment = blank = 0
        ours_rows[parts]++
        for (k = 1; k <= NF; k++) {
            word = tolower($k)
            if (!is_number(word) && word !~ /^-?(nan|inf)$/) wordy = 1
            if (word ~ /^-?(nan|inf)$/) word = "nan"
            ours[parts, ours_rows[parts], k] = word
        }
    }
    next
}

/^T/ {
    line[++lines] = substr($0, 2)
    next
}

# A line of theirs, without all that is only form; every form has its own sentence.
function plain(text) {
    if (sub(/\r$/, "", text)) note("Windows line ends (CR LF)")
    if (gsub(/\342\210\222/, "-", text)) note("the typographic minus sign")
    gsub(/\302\240/, " ", text)
    if (text ~ /^[ \t]*([#%]|\/\/)/) return ""
    if (decimal_commas)
        while (match(text, /[0-9],[0-9]/))
            text = substr(text, 1, RSTART) "." substr(text, RSTART + 2)
    if (text ~ /[0-9]%/) percent_signs = 1
    if (gsub(/[][(){}]/, " ", text)) note("brackets, as NumPy prints them")
    if (text ~ /[0-9] *,/) note("commas between the columns")
    if (text ~ /[0-9] *;/) note("semicolons between the columns")
    gsub(/[,;:|=&"%]/, " ", text)
    gsub(/\t/, " ", text)
    gsub(/\\\\/, " ", text)
    return text
}

# Do commas mark the decimals? No point anywhere, and something else parts the columns.
function look_for_commas(    k, point, comma, other) {
    for (k = 1; k <= lines; k++) {
        if (line[k] ~ /^[ \t]*([#%]|\/\/)/) continue
        if (line[k] ~ /[0-9]\.[0-9]/) point = 1
        if (line[k] ~ /[0-9],[0-9]/) comma = 1
        if (line[k] ~ /[0-9],?[ \t;]+[-+0-9]/) other = 1
    }
    if (!comma || point) return
    if (!other) refuse(file ": commas part the columns and mark the decimals as well;" \
                       " write numbers with a point")
    decimal_commas = 1
    note("decimal commas")
}

# Words of one line to row r of theirs; how many there are.
function take_row(text, r,    word, k, n, count, other) {
    n = split(text, word, " ")
    for (k = 1; k <= n; k++) {
        if (word[k] ~ /^[-+0-9.]+[dD][-+0-9]+$/) sub(/[dD]/, "e", word[k])
        if (!is_number(word[k])) {
            word[k] = tolower(word[k])
            if (word[k] ~ /^[-+]?(nan|inf|infinity|1\.#.*|-nan.ind.)$/)
                word[k] = "nan"
            else if (!wordy) {
                other = 1
                continue
            }
        }
        read[r, ++count] = word[k]
    }
    if (other && count > 0) words_between = 1
    return count + 0
}

# All of theirs: read[r, k] with width[r] columns, from line from[r].
function read_theirs(    k, text, r, n, held) {
    if (ENVIRON["CODING"] != "") note("the file is in UTF-16, not plain text")
    if (sub(/^\357\273\277/, "", line[1])) note("a byte order mark at the start")
    look_for_commas()
    for (k = 1; k <= lines; k++) {
        text = line[k]
        if (text ~ /^[ \t.]*\.\.\.[ \t.,]*$/) {
            note("rows are left out (\"...\"), as NumPy prints long arrays: np.savetxt" \
                 " writes them all")
            gap = 1
            continue
        }
        if (text ~ /^ *[0-9.]+[eE]\+[0-9]+ *\*/)
            refuse(file ": line " k ": MATLAB took out a common factor, which leaves" \
                   " too few digits; print with fprintf('%d %.6g %.6g %.6g %.6g\\n', ...)")
        # NumPy breaks a long row: it ends where its bracket closes.
        if (held != "") text = held " " text
        held = ""
        if (text ~ /\[/ && text !~ /\]/ && text ~ /[0-9]/ && k < lines) {
            held = text
            continue
        }
        text = plain(text)
        n = take_row(text, rows + 1)
        if (n > 0) {
            width[++rows] = n
            from[rows] = k
        } else if (text ~ /[A-Za-z]/) {
            note("line " k " is a title, not numbers")
        }
    }
    if (words_between) note("words between the numbers")
    if (rows == 0) refuse(file ": no rows of numbers in it")
}

# A table that lies on its side, a line a curve, is turned.
function turn_theirs(    r, k) {
    if (rows > 5 || rows < 2 || width[1] < 12) return
    for (r = 2; r <= rows; r++) if (width[r] != width[1]) return
    note("each curve is a row instead of a column")
    for (r = 1; r <= rows; r++)
        for (k = 1; k <= width[r]; k++) turned[k, r] = read[r, k]
    n = width[1]
    for (k = 1; k <= n; k++) {
        for (r = 1; r <= rows; r++) read[k, r] = turned[k, r]
        width[k] = rows
        from[k] = 1
    }
    rows = n
}

# Keep the rows of the usual width: others are titles with a number, or broken rows.
function drop_odd_rows(    r, k, n, count, best) {
    for (r = 1; r <= rows; r++) count[width[r]]++
    for (n in count) if (!best || count[n] > count[best]) best = n
    n = 0
    for (r = 1; r <= rows; r++) {
        if (width[r] != best) {
            note("line " from[r] " has " numbers(width[r]) " where the others have " \
                 best "; it is left out")
            continue
        }
        n++
        from[n] = from[r]
        for (k = 1; k <= best; k++) read[n, k] = read[r, k]
    }
    rows = n
    theirs_columns = best + 0
}

function numbers(n) { return n == 1 ? "1 number" : n " numbers" }

# ---- Which of our tables? --------------------------------------------------------------

function part_name(p,    name) {
    name = title_of[p]
    if (sub(/^.*question [^:]*: /, "", name)) return name
    return "table_" p
}

# The share of their numbers that are ours, in table p.
function agreement(p,    r, k, n, most, without) {
    without = columns[p] - theirs_columns # one in front may be missing
    if (without != 0 && without != 1) return 0
    for (r = 1; r <= rows && r <= ours_rows[p]; r++)
        for (k = 1; k <= theirs_columns; k++)
            n += alike(read[r, k], 0, ours[p, r, k + without], 1)
    most = rows > ours_rows[p] ? rows : ours_rows[p]
    return n / most / columns[p]
}

function all_names(    p, said) {
    for (p = 1; p <= parts; p++) said = said (p > 1 ? ", " : "") part_name(p)
    return said
}

# All tables of a stream one after the other, as the program prints them?
function whole_stream(    p, r, k, at, said) {
    if (parts == 1 || ENVIRON["PART"] != "") return 0
    for (p = 1; p <= parts; p++) at += ours_rows[p]
    if (rows != at) return 0
    at = 0
    for (p = 1; p <= parts; p++)
        for (r = 1; r <= ours_rows[p]; r++) {
            at++
            for (k = 1; k <= columns[p] || k <= width[at]; k++) {
                count++
                if (alike(read[at, k], 0, ours[p, r, k], 1)) continue
                print "different: " part_name(p) ", row " r " (line " from[at] "), " \
                    "column " k ": expected " ours[p, r, k] ", found " read[at, k]
                print "  compare it alone, with PART=" part_name(p) ", to hear more"
                return 2
            }
        }
    print "the same: " at " rows, " count " numbers"
    return 1
}

# Is their first row that of table p? A trajectory is known by its start.
function same_start(p,    k, without) {
    without = columns[p] - theirs_columns
    if (without != 0 && without != 1) return 0
    for (k = 1; k <= theirs_columns; k++)
        if (!alike(read[1, k], 0, ours[p, 1, k + without], 1)) return 0
    return 1
}

function choose_part(    p, best, share, most, second, fitting, last) {
    if (parts == 1) return 1
    if (ENVIRON["PART"] != "") {
        for (p = 1; p <= parts; p++) if (part_name(p) == ENVIRON["PART"]) return p
        refuse(against ": no table is called " ENVIRON["PART"] "; it has " all_names())
    }
    for (p = 1; p <= parts; p++) if (same_start(p)) fitting++
    for (p = 1; p <= parts; p++) {
        if (fitting == 1 && same_start(p)) {
            note("compared with the table " part_name(p) " of " against)
            return p
        }
    }
    fitting = 0
    for (p = 1; p <= parts; p++) {
        if (columns[p] == theirs_columns) {
            fitting++
            last = p
        }
        share = agreement(p)
        if (share > most) {
            second = most
            most = share
            best = p
        } else if (share > second) second = share
    }
    if (most > 0.15 && most > 1.001 * second) {
        note("compared with the table " part_name(best) " of " against)
        return best
    }
    if (fitting == 1) {
        note("compared with the table " part_name(last) ", the only one of " \
             columns[last] " columns in " against)
        return last
    }
    refuse(file ": cannot tell which table of " against " it is; name one with PART=: " \
           all_names())
}

# ---- Their columns ---------------------------------------------------------------------

# Does their column 1 count the rows? From 0 or 1, in steps, or with few digits.
function counts(    r, from_0, grows) {
    if (theirs_columns < 2) return 0
    grows = 1
    for (r = 1; r <= rows; r++) {
        if (read[r, 1] !~ /^[0-9.]+([eE][-+]?[0-9]+)?$/ || read[r, 1] != int(read[r, 1]))
            return 0
        if (r > 1 && read[r, 1] + 0 <= read[r - 1, 1] + 0) grows = 0
    }
    return grows
}

# theirs[i, k], k = 1 ... wide, of iteration or row i; has[i] where there is one.
function label_rows(    r, k, i, first) {
    first = 0
    if (training) {
        if (counts()) {
            first = 1
            if (read[1, 1] == 0) {
                note("iterations are counted from 0: row 1 is the untrained network")
                zero = 1
            }
            for (r = 2; r <= rows; r++)
                if (read[r, 1] - read[r - 1, 1] != 1) {
                    sparse = 1
                    note("not every iteration is there; they are compared by number")
                    break
                }
        } else {
            note("there is no column of iterations; rows are counted from 1")
            if (gap) refuse(file ": rows are left out and not numbered; write all rows")
        }
    }
    wide = theirs_columns - first
    numbered = first
    for (r = 1; r <= rows; r++) {
        i = first ? read[r, 1] + zero : r
        has[i] = r
        label[r] = i
        if (i > last_row) last_row = i
        for (k = 1; k <= wide; k++) theirs[i, k] = read[r, k + first]
    }
}

# How fine column k is printed: step[i, k], a unit of the last digit. %.4f shows in
# trailing zeros or in as many decimals everywhere; %g drops zeros, so its digits are
# the most that the column, or for a few rows the file, has anywhere.
function find_steps(    k, r, i, word, d, same, trailing, most, file_most) {
    for (k = 1; k <= wide; k++)
        for (r = 1; r <= rows; r++) {
            d = digits(theirs[label[r], k])
            if (is_number(theirs[label[r], k]) && d > file_most) file_most = d
        }
    for (k = 1; k <= wide; k++) {
        same = decimals(theirs[label[1], k])
        trailing = most = 0
        for (r = 1; r <= rows; r++) {
            word = theirs[label[r], k]
            if (!is_number(word)) continue
            if (word ~ /[eE]/ || decimals(word) != same) same = -1
            if (word ~ /\..*0$/) trailing = 1
            if (digits(word) > most) most = digits(word)
        }
        if (same < 2 && !trailing || same < 1 || rows < 3) same = -1
        if (rows < 5 || most < 3) most = file_most < 3 ? 6 : file_most
        for (r = 1; r <= rows; r++) {
            i = label[r]
            if (!is_number(theirs[i, k])) step[i, k] = 0
            else if (same > 0) step[i, k] = ("1e-" same) + 0
            else step[i, k] = decade(theirs[i, k]) * ("1e-" (most - 1))
        }
    }
}

# ---- Explaining their columns by a candidate -------------------------------------------

# Candidate 0 is the right table, in all its rows; the others have a few telling rows.
function value(c, i, j) { return c == 0 ? right[i, j] : known[c, i, j] }

# Is their column k, in all rows of candidate c, its column j, `shift` rows later, times
# the factor (complement: 1 - value, times the factor)? The number of rows that say so.
function column_fits(c, k, j, shift, factor, complement,    r, i, n, v) {
    for (r = 1; r <= (c == 0 ? right_rows : rows_of[c]); r++) {
        i = c == 0 ? r : row_of[c, r]
        if (!((i - shift) in has)) continue
        v = value(c, i, j)
        if (!alike(theirs[i - shift, k], step[i - shift, k], v, factor, complement))
            return 0
        n++
    }
    # one row behind: then row 1 has to be there twice
    if (shift < 0 && !alike(theirs[1, k], step[1, k], value(c, 1, j), factor, complement))
        return 0
    return n + 0
}

function add_factor(j, factor, complement, why) {
    factors[j]++
    factor_of[j, factors[j]] = factor
    complement_of[j, factors[j]] = complement
    why_of[j, factors[j]] = why
}

# The factors that have a usual cause, for each of our columns.
function list_factors(    j, P, other) {
    if (!training) {
        for (j = 1; j <= our_columns; j++) {
            add_factor(j, 0.5, 0, "half as large: a factor 2 is missing")
            add_factor(j, 2, 0, "twice as large: a factor 2 too many")
            add_factor(j, -1, 0, "of the other sign")
        }
        return
    }
    P = 1800
    other = 200
    for (j = 1; j <= 2; j++) {
        add_factor(j, 2, 0, "twice as large: the loss's factor 1/2 is missing")
        add_factor(j, 0.5, 0, "half as large: the loss's factor 1/2 is there twice")
        add_factor(j, P, 0, "not divided by the " P " examples")
        add_factor(j, 2 * P, 0, "without the factor 1/2 and not divided by the " P \
                   " examples")
        add_factor(j, P / other, 0, "divided by " other " instead of the " P " examples")
        add_factor(j, 2 * P / other, 0, "without the factor 1/2 and divided by " other \
                   " instead of the " P " examples")
        add_factor(j, 1 / P, 0, "divided by the " P " examples twice")
        add_factor(j + 2, 100, 0, "in percent")
        add_factor(j + 2, P, 0, "the number of right answers, not divided by " P)
        add_factor(j + 2, 1, 1, "the share of wrong answers instead of right ones")
        add_factor(j + 2, 100, 1, "the percentage of wrong answers instead of right ones")
        P = 200
        other = 1800
    }
}

# The simplest explanation of their column k by column j of candidate c, as it stands, by
# a factor, by a shift, or by both: adds to cost, sets why and moved.
function explain_as(c, k, j,    f, o) {
    why = ""
    moved = 0
    if (column_fits(c, k, j, 0, 1, 0)) return 1
    cost++
    for (f = 1; f <= factors[j]; f++) {
        why = why_of[j, f]
        if (column_fits(c, k, j, 0, factor_of[j, f], complement_of[j, f])) return 1
    }
    for (o = 1; o >= -1; o -= 2) {
        why = o > 0 ? AFTER : BEFORE
        moved = o
        if (column_fits(c, k, j, o, 1, 0) > 1) return 1
    }
    cost++
    for (f = 1; f <= factors[j]; f++)
        for (o = 1; o >= -1; o -= 2) {
            why = why_of[j, f] "; " (o > 0 ? AFTER : BEFORE)
            moved = o
            if (column_fits(c, k, j, o, factor_of[j, f], complement_of[j, f]) > 1) return 1
        }
    return 0
}

# Their column k by any column of candidate c, first by the one in the same place.
function explain_column(c, k,    j, m, before) {
    before = cost
    for (m = 0; m <= our_columns; m++) {
        j = m == 0 ? k + offset : m
        if (j < 1 || j > our_columns || (m > 0 && j == k + offset)) continue
        cost = before + (m > 0 ? 2 : 0)
        if (explain_as(c, k, j)) {
            place[c, k] = j
            reason[c, k] = why
            shift_of[c, k] = moved
            return 1
        }
    }
    cost = before
    place[c, k] = 0
    return 0
}

# In how many numbers of the columns that it explains does candidate c say something else
# than the right table?
function telling(c,    r, k, i, n) {
    for (r = 1; r <= rows_of[c]; r++) {
        i = row_of[c, r]
        for (k = 1; k <= wide; k++)
            if (place[c, k] && (i - shift_of[c, k]) in has)
                n += unlike(known[c, i, place[c, k]], right[i, place[c, k]])
    }
    return n + 0
}

# 0; 1 for a last digit; 2 for more. A network of which nothing is left prints 0.5 and 0,
# whatever its mistake.
function unlike(a, b) {
    if (a == b || (training && digits(a) < 3)) return 0
    return is_number(a) && is_number(b) && size(a - b) < 1e-5 * size(b) ? 1 : 2
}

# Are two of their columns the same one of ours, and one of these a loss for an accuracy?
function muddled(c,    k, m, doubled, crossed) {
    for (k = 1; k <= wide; k++) {
        if (place[c, k] && (place[c, k] > 2) != (k > 2)) crossed = 1
        for (m = 1; m < k; m++) if (place[c, k] && place[c, k] == place[c, m]) doubled = 1
    }
    return crossed && doubled
}

# How many of their columns candidate c explains. A loss has to be among them, and what a
# mistake explains has to tell it from the right table: a few last digits on the plateau
# agree by chance.
function explain(c,    k, n, loss) {
    cost = 0
    for (k = 1; k <= (loose ? 2 : wide); k++)
        if (explain_column(c, k)) {
            n++
            if (!training || place[c, k] <= 2) loss++
        }
    cost_of[c] = cost
    if (training && muddled(c)) return 0
    if (c > 0 && telling(c) < TELLING) return 0
    if (c == 0 && n < wide && barely()) return 0
    if (c == 0 && n < wide && own == "0.01" && last_row < 150 && row_1_right()) return 0
    if (c > 0 && n < wide && (loss < 2 || own != "0.1" || telling(c) < 3 * TELLING))
        return 0
    return loss ? n : 0
}

# The candidates that explain most, in the simplest way: best[1 ... bests].
function find_best(    c, n) {
    most_explained = explain(0)
    best[bests = 1] = 0
    if (most_explained == wide && cost_of[0] == 0) return
    # On the plateau too many mistakes look alike.
    if (own == "0.01" && row_1_right() && !(100 in has) && !(101 in has)) return
    for (c = 1; c <= candidates; c++) {
        if (key_of[c] != own || name_of[c] == NOTHING) continue
        n = explain(c)
        if (n < most_explained || n == 0) continue
        if (n > most_explained || cost_of[c] < cost_of[best[1]]) {
            most_explained = n
            bests = 0
        } else if (cost_of[c] > cost_of[best[1]] || best[1] == 0) continue
        best[++bests] = c
    }
}

# ---- Saying it -------------------------------------------------------------------------

function column_name(j) { return j in our_name ? our_name[j] : "column " j }

# What is to be said of the columns by candidate c: those with the same reason together.
function reasons(c,    k, m, said, list, done, mixed, doubled, taken) {
    for (k = 1; k <= wide; k++) {
        if (!place[c, k]) continue
        if (place[c, k] != k + offset) mixed = 1
        if (place[c, k] in taken) doubled = 1
        taken[place[c, k]] = 1
    }
    if (mixed && !doubled) {
        for (k = 1; k <= wide; k++)
            list = list (k > 1 ? ", " : "") column_name(place[c, k])
        said = "their columns are in another order: " list
    }
    for (k = 1; k <= wide; k++) {
        if (!place[c, k] || done[k]) continue
        if (doubled && place[c, k] != k + offset) {
            said = said (said == "" ? "" : "; ") column_name(k + offset) " is our " \
                column_name(place[c, k]) (reason[c, k] == "" ? "" : ", " reason[c, k])
            continue
        }
        if (reason[c, k] == "") continue
        list = ""
        for (m = k; m <= wide; m++)
            if (place[c, m] && reason[c, m] == reason[c, k]) {
                list = list (list == "" ? "" : " and ") column_name(place[c, m])
                done[m] = 1
                same_reason++
            }
        if (same_reason == wide && wide > 2) list = "all columns"
        same_reason = 0
        said = said (said == "" ? "" : "; ") list \
            (list ~ / and |all/ ? " are " : " is ") reason[c, k]
    }
    return said
}

function mistakes(    k, said) {
    for (k = 1; k <= bests; k++) said = said (k > 1 ? "; or: " : "") name_of[best[k]]
    return said
}

# The losses of a known mistake to three digits, as in single precision, which soon moves
# the last digits? Not where the right table is as near.
function find_loosely(    c, n) {
    bests = 0
    if (own != "0.1" || wide < 2) return
    loose = 5e-4
    if (!(explain(0) >= 2 && !reason[0, 1] && !reason[0, 2]))
        for (c = 1; c <= candidates; c++)
            if (key_of[c] == own && name_of[c] != NOTHING && learns(c) \
                && explain(c) == 2 && cost_of[c] < 2) best[++bests] = c
    loose = 0
}

# Does its loss move in the rows that theirs has? Three digits of a plateau tell nothing.
function learns(c,    r, n, least, most, L) {
    for (r = 1; r <= rows_of[c]; r++) {
        if (!(row_of[c, r] in has)) continue
        L = known[c, row_of[c, r], 1]
        if (n++ == 0 || L < least) least = L
        if (n == 1 || L > most) most = L
    }
    return n > 2 && most > 1.1 * least
}

# Do the losses differ from the right ones in the last digits only?
function barely(    i, d, most) {
    for (i in has) if ((d = distance(i)) > most) most = d
    return most > 0 && most <= 1e-5
}

function row_1_right(    k) {
    for (k = 1; k <= wide; k++)
        if (!alike(theirs[1, k], step[1, k], right[1, k], 1)) return 0
    return 1
}

# Is their row 1, the untrained network, that of another weight_scale? Of which one.
function other_scale(    c, k, wrong) {
    for (c = 1; c <= candidates && training && own != ""; c++) {
        if (name_of[c] != NOTHING || key_of[c] == own || key_of[c] !~ /^[0-9]/) continue
        if (!(1 in has)) continue
        wrong = 0
        for (k = 1; k <= wide; k++)
            wrong += !alike(theirs[1, k], step[1, k], known[c, 1, k], 1)
        if (!wrong) return key_of[c]
    }
}

function shared_rows(c,    r, n, list) {
    for (r = 1; r <= rows_of[c]; r++)
        if (row_of[c, r] in has) list = list (n++ ? ", " : "") row_of[c, r]
    return (n > 1 ? "rows " : "row ") list
}

function unexplained(c,    k, list) {
    for (k = 1; k <= wide; k++)
        if (!place[c, k]) list = list (list == "" ? "" : " and ") column_name(k + offset)
    return list
}

function explained(c,    k, list) {
    for (k = 1; k <= wide; k++)
        if (place[c, k]) list = list (list == "" ? "" : " and ") column_name(place[c, k])
    return list
}

function verdict(sentence) { print sentence }
function more(sentence) { print "  " sentence }

# Where theirs first differs from the right table, and how far it is from it later.
function first_difference(    i, k, v) {
    for (i = 1; i <= right_rows; i++)
        for (k = 1; k <= wide && i in has; k++) {
            v = right[i, k + offset]
            if (alike(theirs[i, k], step[i, k], v, 1)) continue
            more("first difference: row " i " (line " from[has[i]] "), " \
                 column_name(k + offset) ": expected " v ", found " theirs[i, k])
            return
        }
}

# The distance of the losses in row i, as a share; 9 where one is no number.
function distance(i,    k, d, most) {
    for (k = 1; k <= 2 && k <= wide; k++) {
        if (!is_number(theirs[i, k]) || !is_number(right[i, k])) {
            if (theirs[i, k] != right[i, k]) return 9
            continue
        }
        if (alike(theirs[i, k], step[i, k], right[i, k], 1)) continue
        d = size(theirs[i, k] - right[i, k]) / (size(right[i, k]) + 1e-12)
        if (d > most) most = d
    }
    return most + 0
}

# What is known of a training table that no candidate explains.
function judge_training(    i, d, first, far, until_10, until_100, often, k, last, off,
                        plain_start, here, alive, list) {
    for (i = 1; i <= right_rows; i++) {
        if (!(i in has)) continue
        last = i
        d = distance(i)
        if (d == 0) continue
        if (!first) first = i
        if (d > far) far = d
        if (i <= 10 && d > until_10) until_10 = d
        if (i <= 100) {
            often++
            if (d > until_100) until_100 = d
        }
    }
    here = last < 100 ? last : 100
    for (k = 1; k <= wide; k++)
        if (!alike(theirs[1, k], step[1, k], right[1, k], 1)) off++

    if (off > 0) first = 1
    for (i in has) alive += digits(theirs[i, 1]) > 2
    if (!alive) {
        verdict("different: the output is 0 from the first row to the last, as with" \
                " weights of 0; cannot tell more")
    } else if (!(1 in has)) {
        verdict("different, and cannot tell why: row 1, the untrained network, is missing")
    } else if (first == 1 && off == wide && own != "") {
        plain_start = own == "0.1" ? 0.3 : 0.002
        d = size(theirs[1, 1] - 0.5)
        if (d < plain_start && size(theirs[1, 2] - 0.5) < plain_start) {
            verdict("different from row 1 on, by as much as other starting weights" \
                    " make it; cannot tell the mistake, if it is one")
            more("Other random numbers are no mistake. To compare, start from ours:" \
                 " np.random.seed(1), then W3, W2,")
            more("W1 with np.random.randn; or read what ./backprop --print-weights" \
                 " prints (README.md has both).")
            more("If they do: the images (order of the pixels, division by 255), the" \
                 " layer sizes, or the ReLU.")
        } else {
            verdict("different from row 1 on, by more than other random numbers make" \
                    " it; cannot tell the mistake")
            more("Nothing has been learnt there: look at weight_scale, the division by" \
                 " 255, the ReLU, the targets, the loss.")
        }
    } else if (first == 1) {
        for (k = 1; k <= wide; k++)
            if (!alike(theirs[1, k], step[1, k], right[1, k], 1))
                list = list (list == "" ? "" : " and ") column_name(k)
        verdict("different in row 1, in " list " only; cannot tell the mistake")
        more("Nothing has been learnt there: look at how that is computed, and from" \
             " which examples.")
    } else if (!first && (own != "0.01" || last >= 150)) {
        verdict("different: the losses are right, so learning is; accuracy is counted" \
                " otherwise")
        more("It is the share of examples with sign(y_hat) = y; sign(0) = 0 is wrong.")
    } else if (own == "0.1" && until_10 <= 5e-6 && far <= 1 \
               && last >= 10 && distance(first) <= 1e-5) {
        verdict("different by rounding, or something as small: single precision, a constant" \
                " of too few digits")
        more("The losses are apart by " share(until_10) " of themselves up to row 10," \
             " by " share(far) " at most later;")
        more("a wrong gradient would show at row 2. Compute in double precision.")
    } else if (own == "0.01" && until_100 <= 4.5e-6 && often <= 10 && last >= 100 \
               && distance(first) <= 1e-5) {
        verdict("different by rounding, it seems, as in single precision; compare the" \
                " table of 0.1 to be sure")
        more("Up to row 100 the losses differ in " often + 0 " rows, by " \
             share(until_100) " of themselves at most.")
    } else if (own == "0.01") {
        verdict("different, and cannot tell the mistake from weight_scale 0.01:" \
                " compare the table of 0.1 first")
        more("The first hundred rows are a plateau, where most mistakes begin as a last" \
             " digit. With 0.1 a wrong")
        more("gradient shows at row 2. Row 1 is right here: data, starting weights and" \
             " loss are.")
        more("The losses are apart by " share(until_100) " of themselves up to row " here \
             ", by " share(far) " at most in all.")
    } else if (first == 2) {
        verdict("different from row 2 on: the first update is another one; cannot" \
                " tell the mistake")
        more("Row 1 is right: data, starting weights and loss are. Look at the" \
             " gradients, at alpha, at weights")
        more("that change too early, at examples left out or taken in batches. No" \
             " mistake in mistakes.txt fits.")
        more("The losses are apart by " share(distance(2)) " of themselves in row 2, by " \
             share(far) " at most in all.")
    } else {
        verdict("different from row " first " on, the first updates are right; cannot" \
                " tell the mistake")
        more("Something changes on the way: alpha, the examples, what is kept between" \
             " iterations; or rounding.")
        more("The losses are apart by " share(distance(first)) " of themselves in row " \
             first ", by " share(far) " at most in all.")
    }
    first_difference()
}

function share(d) { return d >= 9 ? "all" : sprintf("%.1g", d) }

# What usually is wrong in a table of question 2 that no candidate explains.
function judge_chain(    title) {
    title = title_of[part]
    sub(/^# Practical 4: Deep Networks, /, "", title)
    verdict("different" (title == "" ? "" : ": " title) "; cannot tell the mistake")
    first_difference()
    if (title ~ /trajectory/)
        more("Look at: the start; E = 4.5 - 2 w 2 + w^2 with w = w1 w2; dt = 0.01; both" \
             " updates from the old weights.")
    if (title ~ /trajectory_3/)
        more("w1 = -w2 has to hold to the last bit: both updates must be the same" \
             " expression.")
    if (title ~ /\(e\)/)
        more("Look at: E = sigma_y - 2 sigma_yx w1 w2 + sigma_x (w1 w2)^2, w1 in the" \
             " outer loop.")
    if (title ~ /balanced_error|initial_gradient/)
        more("Look at: a chain of depth D has D - 1 weights, w_tot = w^(D-1).")
}

function say_notes(    k) {
    for (k = 1; k <= note_count && k <= 6; k++) print "  form: " notes[k]
    if (note_count > 6) print "  form: and " note_count - 6 " notes more"
}

# Was a number of theirs taken for the right one only because it has few digits?
function few_digits(    i, k) {
    for (i = 1; i <= right_rows; i++)
        for (k = 1; k <= wide && i in has; k++)
            if (reason[0, k] == "" && !alike(theirs[i, k], 0, right[i, place[0, k]], 1))
                return 1
    return 0
}

# What is missing at the end of theirs, or of its columns and digits.
function missing(    said, k, j, list, there) {
    if (rows < right_rows)
        said = "their " rows (rows == 1 ? " row" : " rows") " of " right_rows
    for (k = 1; k <= wide; k++) there[place[0, k]] = 1
    for (j = 1; j <= our_columns; j++)
        if (!(j in there) && wide < our_columns)
            list = list (list == "" ? "" : " and ") column_name(j)
    if (list != "") said = said (said == "" ? "" : "; ") "without " list
    if (few_digits())
        said = said (said == "" ? "" : "; ") "to the few digits printed; print with %.6g"
    return said
}

function compare(    c, k, said, n, extra) {
    find_best()
    c = best[1]
    said = reasons(c)
    if (most_explained == wide && c == 0) {
        extra = missing()
        n = rows * (wide + numbered)
        if (said == "" && extra == "" && rows == right_rows) {
            verdict("the same: " rows " rows, " n " numbers")
            return 0
        }
        if (said == "" && rows > right_rows)
            verdict("the same in our " right_rows " rows; theirs has " rows)
        else if (said == "") verdict("the same as far as it goes: " extra)
        else {
            verdict("different: " said)
            more("With that, the numbers are right" (extra == "" ? "" : ": " extra))
        }
        return 1
    }
    if (most_explained == wide && bests <= 3) {
        verdict("different: " mistakes() (said == "" ? "" : "; and " said))
        more("The numbers are, digit for digit, those of that solution in " \
             shared_rows(c) (bests > 1 ? "; those of the others are the same" : ""))
        first_difference()
        return 1
    }
    if (most_explained == wide) {
        verdict("different, and cannot tell which of " bests " mistakes it is: " \
                (own == "0.01" ? "compare the table of 0.1 first" : "show more rows"))
        first_difference()
        return 1
    }
    if (most_explained > 0 && training && bests <= 2 && (c > 0 || place[0, 1])) {
        if (c > 0) said = mistakes() (said == "" ? "" : "; and " said) "; besides, "
        else if (said != "") said = said "; "
        verdict("different: " said unexplained(c) part_wrong(c))
        more((c > 0 ? "As with that mistake are: " : "Right are: ") explained(c))
        first_difference()
        return 1
    }
    said = other_scale()
    if (said == "") find_loosely()
    if (said == "" && bests == 1) {
        verdict("different: by its losses, to three digits: " mistakes() "; and" \
                " rounding, as in single precision")
        first_difference()
        return 1
    }
    if (said != "") {
        verdict("different: row 1 is that of weight_scale " said)
        more("Compare it with expected/backprop_" said ".txt.")
    } else if (training) judge_training()
    else judge_chain()
    return 1
}

function part_wrong(c,    list) {
    list = unexplained(c)
    return (list ~ / and / ? " are" : " is") (list ~ /loss/ && list !~ /train/ \
        ? " wrong: the test set is evaluated wrongly, while learning is right" \
        : list !~ /loss/ ? " not the share of sign(y_hat) = y, sign(0) = 0 being wrong" \
        : " computed wrongly")
}

# ---- All of it -------------------------------------------------------------------------

function set_up(    r, k, n, name, c, i, wrong, first) {
    AFTER = "one row ahead, row k being our row k+1: measured after the update" \
        " instead of before"
    BEFORE = "one row behind, row k being our row k-1, and the first row there twice"
    NOTHING = "nothing wrong"
    TELLING = 4
    n = split(names_of[part], name, " ")
    training = name[1] == "iteration" || (names_of[part] == "" && columns[part] == 5 \
        && ours[part, 1, 1] == 1 && ours[part, 2, 1] == 2 && ours[part, 1, 4] <= 1)
    first = training ? 1 : 0
    our_columns = columns[part] - first
    right_rows = ours_rows[part]
    if (training && n != 5)
        n = split("iteration train_loss test_loss train_accuracy test_accuracy", name)
    for (k = 1; k <= our_columns; k++) {
        if (n == columns[part]) our_name[k] = name[k + first]
        for (r = 1; r <= right_rows; r++) right[r, k] = ours[part, r, k + first]
    }
    # Of which weight_scale, or which table, are the mistakes? Of the one whose right rows
    # are the expected ones.
    for (c = 1; c <= candidates; c++) {
        if (name_of[c] != NOTHING) continue
        wrong = 0
        for (r = 1; r <= rows_of[c] && row_of[c, r] <= right_rows; r++)
            for (k = 1; k <= our_columns; k++)
                wrong += known[c, row_of[c, r], k] != right[row_of[c, r], k]
        if (!wrong) own = key_of[c]
    }
}

END {
    if (refused) exit 2
    file = ENVIRON["THEIRS"]
    against = ENVIRON["EXPECTED"]
    if (parts == 0) refuse(against ": no rows of numbers in it")
    read_theirs()
    status = whole_stream()
    if (status) {
        say_notes()
        exit status - 1
    }
    turn_theirs()
    drop_odd_rows()
    part = choose_part()
    set_up()
    label_rows()
    if (wide > our_columns) {
        note("theirs has " theirs_columns " columns, ours " columns[part] \
             "; the first ones are compared")
        wide = our_columns
    }
    offset = !training ? our_columns - wide : 0
    find_steps()
    list_factors()
    status = compare()
    say_notes()
    exit status
}
