# A C file as a page: awk -f expected/pages/page.awk backprop.c > expected/pages/backprop.html
# A comment on lines of its own is prose, on the left of the code below it. The first paragraph is
# the title; heading tells what opens a section. Four spaces set off equations, commands, columns;
# "- " is an item of a list. A figure follows the paragraph that names it. A letter is a symbol, and
# W1, w_tot, w^(D-1) have scripts; a longer name with _ or (), and what stands in ``, is code.
BEGIN {
    heading = "^(PART [IV]+:|[0-9]+[.] |[(][a-g][)] [A-Z]|Beyond the handout|The command line$)"
    token = "[_^]([A-Za-z0-9]+|[{][^}]*[}]|[(]([^()]|[(][^()]*[)])*[)])" \
        "|[A-Za-z]|[A-Za-z][A-Za-z]+(_[A-Za-z][A-Za-z0-9]+)*([.][a-z]+)*([(][)])?" \
        "|[A-Za-z]_[a-z][a-z][a-z][a-z]+|`[^`]*`|[*][a-z]+|--[a-z][a-z-]*|-"
    word = "’@|@a [^:=]|(^|[.:)] |[(])@A [A-Za-z][a-zA-Z]|(^| )[(]@[a-g][)]|@C(’s| an | librar)"
    signs = split("-->|→| --W| —W| --w_| —w_|<- |← |<=|≤|>=|≥|->|\1|<|⟨| ⟨ | < |>|⟩| ⟩ | > |\1|->" \
        "|²|^{2}|ᵀ|^{T}|dw_tot|dw_{tot}|y_hat|ŷ|f'|f\342\200\212′|'|’| \"| “|\"|”|[.][.][.]|…|/|/" \
        "\342\201\240|\t  =|\t\342\200\202\342\200\204=| = |\302\240= ", sign, "|") # fixed spaces
    split("alpha α delta δ epsilon ε mu μ", w); for (i = 1; i < 8; i += 2) greek[w[i]] = w[i + 1]
}
function html(s) {gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s}
function math(s,    out, w, n, tag) { # w is one word or sign, out what comes before it, s after it
    while (match(s, token)) {
        out = out substr(s, 1, RSTART - 1); w = substr(s, RSTART, RLENGTH)
        s = substr(s, RSTART + RLENGTH); if (w ~ /^(delta|[Whu])$/ && s ~ /^[0-9]/) s = "_" s
        tag = w ~ /^_/ ? "sub>" : w ~ /^\^/ ? "sup>" : ""; n = w ~ /[)}]$/
        if (tag != "") w = "<" tag math(substr(w, 2 + n, length(w) - 1 - 2 * n)) "</" tag
        else if (w == "-" && out ~ /(^|[ \t(\[]|<\/i>)$/) w = "−"
        else if (w in greek) w = greek[w]
        else if (w ~ /^d[ELtw]$/) w = "d<i>" substr(w, 2) "</i>"
        else if (w ~ /[_.)`]|^[*]|^--/) { gsub(/`/, "", w); w = "<code>" w "</code>" }
        else if (w ~ /^([A-HJ-Za-ce-np-z]|yx)$/ && (out "@" w s) !~ word) w = "<i>" w "</i>"
        out = out w
    }
    return out s
}
function typeset(s,    i) {
    for (i = 1; i < signs; i += 2) gsub(sign[i], sign[i + 1], s)
    s = math(html(s)); gsub(/ŷ|α|δ|ε|μ|σ|τ/, "<i>&</i>", s); return s
}
function lines(s,    code) { # a tab ends a line
    code = s ~ /^(cc |make |[.]\/)|;$/ ? " commands" : ""; gsub(/\t          +/, " ", s)
    s = code ? html(s) : typeset(s); gsub(/    +/, "</span><span>", s)
    gsub(/\t/, "</span></p>\n<p><span>", s)
    return "<div class='lines" code "'><p><span>" s "</span></p></div>"
}
function flush(    file, figures) { # the paragraph para
    while (match(para, /expected\/figures\/[a-z]+[.]png/)) {
        file = substr(para, RSTART, RLENGTH)
        figures = figures "<img src='../../" file "' alt='" substr(file, 18) "'/>\n"
        if (!sub("^" file "[.]?$", "", para)) sub(file, "the figure", para)
    }
    sub(/^the figure/, "The figure", para); sub(/[.] the figure/, ". The figure", para)
    if (title == "") title = para
    else if (para ~ heading && prose ~ /(^|<\/h2>)$/) {
        toc = toc (para ~ /^PART/ ? "<li class='part'>" : "<li>"); para = typeset(para); h++
        toc = toc "<a href='#" h "'>" para "</a></li>"; prose = prose "<h2 id='" h "'>" para "</h2>"
    } else if (para != "") prose = prose (apart ? lines(para) : para ~ /^- / ? \
        "<ul><li>" typeset(substr(para, 3)) "</li></ul>" : "<p>" typeset(para) "</p>") "\n"
    prose = prose figures; gsub(/<\/ul>\n<ul>/, "\n", prose); para = ""
}
function row(next_on) { # what has been collected: prose, pieces of code, and the last piece
    if (prose pieces code != "") body = body "<div class='row" on "'><div class='prose'>" \
        prose "</div><div class='code'>" pieces "<pre>" code "</pre></div></div>\n"
    prose = pieces = code = ""; on = next_on
}
!comment && /^ *\/\*/ && (!/\*\// || /\*\/ *$/) {
    if (inside && pieces != "") { s = code; code = ""; row(""); code = s } # a function of many rows
    if (pieces code != "" || prose !~ /(^|<\/h2>)$/) row(inside ? " on" : "")
    comment = 1; match($0, /^ */); indent = RLENGTH + 4
}
comment {
    comment = !sub(/ *\*\/ *$/, ""); s = substr($0, indent); n = s ~ /^    /
    if (s == "" || n != apart || s ~ /^- / && para ~ /^- /) { flush(); apart = n }
    para = para (para == "" ? "" : apart ? "\t" : " ") substr(s, apart ? 5 : 1)
    if (!comment) flush(); next
}
$0 == "" && !inside { if (code != "") pieces = pieces "<pre>" code "\n</pre>"; code = ""; next }
{
    if (/^[{]|^[^ ].*[{]$/) inside = 1; else if (/^}/) inside = 0
    $0 = html($0); gsub(/\/\*/, "<i>&"); gsub(/\*\//, "&</i>"); code = code $0 "\n"
}
END {
    row(""); print "<!DOCTYPE html>\n<html lang='en' xmlns='http://www.w3.org/1999/xhtml'><head>"
    print "<meta charset='utf-8'/><meta name='viewport' content='width=device-width'/>", \
    "<title>" html(title) "</title><style>h1, .toc, .prose {padding: 0 2rem} a {color: #247}", \
    "body {font: 17px/1.5 Palatino, 'Palatino Linotype', 'TeX Gyre Pagella', Georgia, serif;", \
    "margin: auto; max-width: 1500px} h2 {font-size: 1.2em; line-height: 1.2; margin: 0 0 .4em}", \
    ".toc {columns: 2; list-style: none; margin: 0 0 2rem} .part {break-before: column}", \
    "p {margin: 0 0 .5em} sub, sup {font-size: .75em; line-height: 0} img {width: 100%}", \
    ".row {display: grid; grid-template-columns: minmax(0, 1fr) auto}", \
    ".row:has(h2) > div {padding-top: 1.5em} .row:not(:has(+ .on)) > div {padding-bottom: .5em}", \
    "code, .code, .commands span:first-child {font: .8em/1.4 'DejaVu Sans Mono', Menlo,", \
    "Consolas, monospace} .code {font-size: clamp(11px, .93vw, 14px); background: #f7f6f2;", \
    "width: 90ch; padding: 0 1rem} pre {font: inherit; margin: 0} pre i {color: #69593a}", \
    ".lines {margin: .7em 1.5em} .lines p {display: flex; margin: 0; white-space: pre-wrap}", \
    "span:first-child:not(:only-child) {flex: none; min-width: 8rem; padding-right: 1rem}", \
    "@media screen and (max-width: 1100px) {.row {display: block} .toc {columns: auto}", \
    ".code {width: auto; overflow-x: auto} .prose > :first-child {padding-top: .6em}", \
    ".code:has(:empty:only-child) {display: none}} @page {size: A4 landscape; margin: 12mm}", \
    "@media print {body {font-size: 10pt} .code {font-size: 6.6pt} h2 {break-after: avoid}", \
    "pre, p, div, img {break-inside: avoid} .on {break-before: avoid}} </style></head>"
    print "<body><h1>" typeset(title) "</h1><ul class='toc'>" toc "</ul>" body "</body></html>"
}
