# For GNU make. Without it, one command compiles each program: see README.md.
#
# make                builds both programs
# make -j2 run        writes every table into out/
# make -j2 check      does the same, and compares each table with expected/
# make check-quick    does the same with the first 200 iterations of each training
# make accept         copies the tables of out/ that differ over expected/, and names them
# make figures        draws the figures into out/ (needs gnuplot)
# make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt
#                     marks a table (needs Python 3)
# make mistakes       trains the mistakes that make mark knows (needs NumPy)
# make starter        writes out/starter.c: backprop.c for the student to fill in
# make seeds          trains ten seeds (ten minutes), and compares them with expected/
# make pages          weaves each program into a page of expected/pages/ (needs Python 3)
# make clean          removes the programs and out/

# The options that make training fast. Those that the compiler does not know are left out.
FAST = -O3 -march=native -funroll-loops

# CFLAGS from the environment or from the command line take their place. The compiler is
# asked for each option only when it is about to compile.
CFLAGS ?= $(foreach option,$(FAST),$(call if_known,$(option)))
if_known = $(shell $(CC) $1 -E -x c - </dev/null >/dev/null 2>&1 && echo $1)

# Another Python: make mistakes PYTHON=/usr/bin/python3
PYTHON ?= python3

# A new part of linear_chain.c, say (h), also needs its letter in is_part() and
# print_part() there, in PARTS of expected/pages/weave.py, and in .ci/portability and
# .ci/mutations. Then `make check` and `make accept` store its table.
TRAININGS = backprop_0.01.txt backprop_0.1.txt
OTHERS = gradient_check.txt linear_chain_a.txt linear_chain_b.txt linear_chain_c.txt \
    linear_chain_d.txt linear_chain_e.txt linear_chain_f.txt linear_chain_g.txt
CHECKS = checks/weights.txt checks/trainings.txt checks/statistics.txt \
    checks/errors.txt checks/data.txt
SEEDS = 1 2 3 4 5 6 7 8 9 10

TABLES = $(TRAININGS) $(OTHERS)
DATA = data/train.txt data/test.txt
QUICK = 200

all: backprop linear_chain

backprop linear_chain: %: %.c
	$(CC) -std=c99 $(CFLAGS) -o $@ $< -lm

# The tables. They depend on the source and not on the program, so that a program that was
# compiled by hand does not make them anew. (What stands behind a | is made first, but
# its age does not count.)

run: $(TABLES:%=out/%)
	@echo "The tables are in out/."

out/backprop_%.txt: backprop.c $(DATA) | backprop out
	./backprop --weight-scale $* > $@

# Status 1 says that the check found a wrong gradient. The table tells which.
out/gradient_check.txt: backprop.c data/test.txt | backprop out
	./backprop --check-gradient > $@ || test $$? -eq 1

out/linear_chain_%.txt: linear_chain.c | linear_chain out
	./linear_chain $* > $@

out out/checks out/quick out/seeds:
	@mkdir -p $@

# The checks. Make is called once more, to go on (-k) where a table cannot be made. SET may
# be some of the tables, as in `make check-quick SET=checks/errors.txt`. Old results of the
# scripts in expected/checks/ are removed first, so that none is taken for a new one.

check: SET = $(TABLES) $(CHECKS)
check-quick: SET = $(TRAININGS:%=quick/%) $(OTHERS) $(CHECKS)
check check-quick: all | out/checks out/quick
	@rm -f $(CHECKS:%=out/%)
	-@$(MAKE) -ks --no-print-directory $(SET:%=out/%)
	@sh expected/checks/compare.sh $(QUICK) $(SET)

out/quick/backprop_%.txt: backprop.c $(DATA) | backprop out/quick
	./backprop --weight-scale $* --iterations $(QUICK) > $@

# MAT=FILE is the course's own file, for whoever has it.
out/checks/data.txt: FORCE | out/checks
	if $(PYTHON) --version > /dev/null 2>&1; then \
	    $(PYTHON) -B expected/checks/data.py $(if $(MAT),"$(MAT)") > $@; \
	else \
	    echo "skipped: needs python3" > $@; \
	fi

out/checks/%.txt: expected/checks/%.sh FORCE | backprop linear_chain out/checks
	CC="$(CC)" sh $< > $@

accept:
	@sh expected/checks/accept.sh $(TABLES) $(CHECKS) seeds.txt

seeds: out/seeds.txt
	@sh expected/checks/compare.sh $(QUICK) seeds.txt

RUNS = $(SEEDS:%=out/seeds/0.01_%.txt) $(SEEDS:%=out/seeds/0.1_%.txt)
out/seeds.txt: $(RUNS) expected/checks/seeds.awk
	awk -f expected/checks/seeds.awk $(RUNS) > $@

out/seeds/0.01_%.txt: backprop.c $(DATA) | backprop out/seeds
	./backprop --weight-scale 0.01 --seed $* > $@

out/seeds/0.1_%.txt: backprop.c $(DATA) | backprop out/seeds
	./backprop --weight-scale 0.1 --seed $* > $@

# The figures: each script draws one, but for levels.gp, which others load. Make is called
# once more, to ask for gnuplot before it makes any table.

SCRIPTS = $(filter-out %/levels.gp,$(sort $(wildcard expected/figures/*.gp)))
FIGURES = $(SCRIPTS:expected/figures/%.gp=out/%.png)
figures:
	@command -v gnuplot > /dev/null || { \
	    echo "make figures needs gnuplot: install the package gnuplot or gnuplot-nox" >&2; \
	    exit 1; \
	}
	@$(MAKE) -k --no-print-directory $(FIGURES)
	@echo "The figures are $(FIGURES)."

out/%.png: expected/figures/%.gp expected/figures/levels.gp $(TABLES:%=out/%)
	rm -f $@
	gnuplot $<

# Marking, the starter and the pages

# Status 1 says that the tables differ, which is no error of make's.
mark:
	@if [ -z "$(TABLE)" ] || [ -z "$(AGAINST)" ]; then \
	    echo "usage: make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt" >&2; \
	    exit 2; \
	fi
	@$(PYTHON) -B expected/marking/mark.py "$(TABLE)" "$(AGAINST)" || test $$? -eq 1

mistakes:
	$(PYTHON) -B expected/marking/mistakes.py

starter: | out
	@awk -f expected/checks/starter.awk backprop.c > out/starter.new
	@if [ ! -e out/starter.c ] || cmp -s out/starter.new out/starter.c; then \
	    cp out/starter.new out/starter.c; \
	    echo "The starter is out/starter.c."; \
	else \
	    echo "out/starter.c is there already, differs from a new one, and is left as it is."; \
	    echo "Move it away for a new one."; \
	fi
	@rm out/starter.new

pages:
	$(PYTHON) -B expected/pages/weave.py backprop.c linear_chain.c

clean:
	rm -rf out backprop linear_chain backprop.exe linear_chain.exe

FORCE:
.DELETE_ON_ERROR:
.PHONY: all run check check-quick accept seeds figures mark mistakes starter pages clean
.PHONY: FORCE
