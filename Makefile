# GNU make. Without it, see README.md: one command compiles each program.
#
# make                builds both programs
# make -j2 run        every table into out/
# make -j2 check      the same, and compares each with expected/
# make check-quick    the same with the first 200 iterations of each training
# make figures        draws the figures from out/ (needs gnuplot)
# make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt
# make starter        out/starter.c: backprop.c for the student to fill in
# make seeds          ten seeds of Question 1 (ten minutes)

# This machine's own instructions make gcc's training twice as fast and change no table.
NATIVE := $(shell echo 'int x;' | $(CC) -march=native -x c -S -o /dev/null - 2>/dev/null \
	&& echo -march=native)
CFLAGS = -std=c99 -O3 $(NATIVE)

SCALES = 0.01 0.1
TABLES = $(SCALES:%=backprop_%.txt) gradient_check.txt $(PARTS:%=linear_chain_%.txt)
PARTS = a b c d e f g
QUICK = $(patsubst backprop_%,quick/backprop_%,$(TABLES))
OTHERS = quick/backprop_0.txt weights.txt errors.txt starter.txt data.txt
DATA = data/train.txt data/test.txt

all: backprop linear_chain

backprop linear_chain: %: %.c
	$(CC) $(CFLAGS) -o $@ $< -lm

run: $(TABLES:%=out/%)
	@echo "The tables are in out/."

out/backprop_%.txt: backprop $(DATA) | out
	./backprop --weight-scale $* > $@

out/quick/backprop_%.txt: backprop $(DATA) | out
	./backprop --weight-scale $* --iterations 200 > $@

# The table is kept where the check fails: it tells why.
out/gradient_check.txt: backprop $(DATA) | out
	-./backprop --check-gradient > $@

out/linear_chain_%.txt: linear_chain | out
	./linear_chain $* > $@

# Another seed's starting weights, row by row: how many, the first, the last, their sum.
out/weights.txt: backprop | out
	./backprop --print-weights --weight-scale 1 --seed 7 | awk '/^#/ || NF == 0 { print; \
	    next } { s = 0; for (k = 1; k <= NF; k++) s += $$k; \
	    printf "%d %.6g %.6g %.6g\n", NF, $$1, $$NF, s }' > $@

# What the programs say of bad input; whether the starter, filled in, is the solution;
# whether data/ is what convert_mat.py makes (of MAT=... too, the course's own file).
out/errors.txt: backprop linear_chain FORCE | out
	.ci/errors > $@

out/starter.txt: out/starter.c | out
	.ci/starter > $@

out/data.txt: FORCE | out
	.ci/data $(MAT) > $@

out:
	mkdir -p out/quick out/seeds

# Each table must be, byte for byte, what expected/ holds.
check: SET = $(TABLES) $(OTHERS)
check-quick: SET = $(QUICK) $(OTHERS)
check check-quick: all
	-@$(MAKE) -ks --no-print-directory $(SET:%=out/%)
	@for t in $(SET); do \
	    if grep -s '^skipped' out/$$t > out/reason; then \
	        echo "skipped: $$t ($$(sed 's/^skipped: //' out/reason))"; \
	    elif diff expected/$$t out/$$t > out/reason 2>&1; then echo "passed: $$t"; \
	    else echo "FAILED: $$t (< expected, > found)"; head -n 8 out/reason; fi; \
	done > out/report; cut -c 1-110 out/report; \
	awk '/^passed: / { p++ } /^FAILED: / { f++ } /^skipped: / { s++ } END { \
	    printf "%d passed, %d failed", p, f; if (s) printf ", %d skipped", s; \
	    print ""; exit f > 0 }' out/report

# A difference is no error of make's; what cannot be compared is (status 2).
mark:
	@sh expected/mark "$(TABLE)" "$(AGAINST)" $(PART) || test $$? -eq 1

# backprop.c as the student gets it: in the four functions that are the practical, the
# comments with the equations stay and the code goes.
out/starter.c: backprop.c expected/starter.awk | out
	awk -f expected/starter.awk backprop.c > $@

starter: out/starter.c
	@echo "The starter is out/starter.c."

# The figures are drawn from out/; expected/figures/ has the scripts and what they draw.
FIGURES = digits training surface trajectories balanced

figures: $(FIGURES:%=out/%.png)
	@echo "The figures are in out/: $(FIGURES:%=%.png)"

out/%.png: expected/figures/%.gp $(TABLES:%=out/%)
	@command -v gnuplot > /dev/null || { \
	    echo "make figures needs gnuplot: install the package gnuplot (or gnuplot-nox)"; \
	    exit 1; }
	gnuplot $<

SEEDS = 1 2 3 4 5 6 7 8 9 10
RUNS = $(foreach s,$(SCALES),$(SEEDS:%=out/seeds/$(s)_%.txt))

seeds: $(RUNS)
	awk -f expected/seeds.awk $(RUNS) > out/seeds.txt
	@echo "The table is out/seeds.txt; expected/seeds.txt is what it should be."

out/seeds/%.txt: backprop $(DATA) | out
	./backprop --weight-scale $(word 1,$(subst _, ,$*)) --seed $(word 2,$(subst _, ,$*)) \
	    > $@

clean:
	rm -rf out backprop linear_chain

FORCE:
.DELETE_ON_ERROR:
.PHONY: all run check check-quick mark starter figures seeds clean FORCE
