# make                builds both programs
# make -j2 run        every table into out/
# make -j2 check      runs everything and diffs it against expected/
# make check-quick    the same with the first 200 iterations of each training
# make figures        draws the figures from out/ (needs gnuplot)
# make seeds          ten seeds of Question 1 (ten minutes)
# make mark TABLE=theirs.txt AGAINST=expected/backprop_0.01.txt

# Optimisations beyond -O3 that help and change no table, each only if the compiler knows
# it: this machine's own instructions; a*b + c in one step; and short loops, since clang
# would write out the one over 100 hidden units.
knows = $(shell echo 'int x;' | $(CC) -Werror $(1) -x c -S -o /dev/null - 2>/dev/null && \
	echo '$(1)')
FAST := $(call knows,-march=native) $(call knows,-ffp-contract=fast) \
	$(call knows,-fno-unroll-loops)
CFLAGS = -std=c99 -O3 $(FAST)

PROGRAMS = backprop linear_chain
PARTS = a b c d e f g
SCALES = 0.01 0.1
DATA = data/train.txt data/test.txt
CHAIN = $(PARTS:%=linear_chain_%.txt)
TABLES = $(SCALES:%=backprop_%.txt) gradient_check.txt $(CHAIN)
SILENT = quick/backprop_0.txt
CHECKED = $(TABLES) $(SILENT) data.txt errors.txt
QUICK = $(SCALES:%=quick/backprop_%.txt) $(SILENT) gradient_check.txt $(CHAIN) \
	data.txt errors.txt

all: $(PROGRAMS)

$(PROGRAMS): %: %.c
	$(CC) $(CFLAGS) -o $@ $< -lm

run: $(TABLES:%=out/%)
	@echo "The tables are in out/."

# A table is put in place only when it is complete, and the old one does not outlive a run
# that fails.
out/backprop_%.txt: backprop $(DATA)
	@mkdir -p out && rm -f $@
	./backprop --weight-scale $* > $@.part && mv $@.part $@

out/quick/backprop_%.txt: backprop $(DATA)
	@mkdir -p out/quick && rm -f $@
	./backprop --weight-scale $* --iterations 200 > $@.part && mv $@.part $@

# This one is shown also where the check itself says that it failed, with status 1.
out/gradient_check.txt: backprop $(DATA)
	@mkdir -p out && rm -f $@
	./backprop --check-gradient > $@.part; status=$$?; mv $@.part $@; exit $$status

out/linear_chain_%.txt: linear_chain
	@mkdir -p out && rm -f $@
	./linear_chain $* > $@.part && mv $@.part $@

# MAT=... adds the course's own .mat to the data checks. Both are tried anew each time.
out/data.txt: FORCE
	@mkdir -p out && rm -f $@
	.ci/data $(MAT) > $@.part && mv $@.part $@

out/errors.txt: $(PROGRAMS) FORCE
	@mkdir -p out && rm -f $@
	.ci/errors > $@.part && mv $@.part $@

check: $(PROGRAMS)
	-@$(MAKE) -k $(CHECKED:%=out/%)
	@.ci/compare $(CHECKED)

check-quick: $(PROGRAMS)
	-@$(MAKE) -k $(QUICK:%=out/%)
	@.ci/compare $(QUICK)

mark:
	@test -r "$(TABLE)" -a -r "$(AGAINST)" || { \
	    echo "usage: make mark TABLE=theirs.txt AGAINST=expected/backprop_0.01.txt"; \
	    exit 2; }
	@awk -f .ci/mark.awk "$(AGAINST)" "$(TABLE)"

# The figures are drawn from out/ into out/; expected/figures/ has scripts and results.
FIGURES = digits training surface trajectories balanced

figures: need-gnuplot $(FIGURES:%=out/%.png)
	@echo "The figures are in out/: $(FIGURES:%=%.png)"

need-gnuplot:
	@command -v gnuplot >/dev/null || { \
	    echo "make figures needs gnuplot: install the package gnuplot (or gnuplot-nox)"; \
	    exit 1; }

out/%.png: expected/figures/%.gp $(TABLES:%=out/%) | need-gnuplot
	gnuplot $<

SEEDS = 1 2 3 4 5 6 7 8 9 10

seeds: $(foreach s,$(SCALES),$(foreach k,$(SEEDS),out/seeds/$(s)_$(k).txt))
	.ci/seeds $^ > out/seeds.txt
	@echo "The table is out/seeds.txt; expected/seeds.txt is what it should be."

out/seeds/%.txt: backprop $(DATA)
	@mkdir -p out/seeds && rm -f $@
	./backprop --weight-scale $(word 1,$(subst _, ,$*)) --seed $(word 2,$(subst _, ,$*)) \
	    > $@.part && mv $@.part $@

clean:
	rm -rf out $(PROGRAMS)

FORCE:
.PHONY: all run check check-quick mark figures need-gnuplot seeds clean FORCE
