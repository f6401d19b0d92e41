# For GNU make, 3.81 or newer. Without it, one command compiles each program: see the
# README. bmake stops at the next line and shows it. GNU make takes it for an idle rule.
.error : this Makefile is written for GNU make (often called gmake), which you can install

# make                   builds both programs
# make -j2 run           writes every table into out/
# make -j2 check         does the same, and compares each table with expected/
# make check-quick       does the same with the first 200 iterations of each training
# make accept            stores the tables of out/ that differ in expected/; names them
# make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt
#                        marks a table (needs Python 3.8)
# make starter           writes out/starter.c: backprop.c for the student to fill in
# make figures           draws the figures into out/ (needs gnuplot)
# make pages             makes the pages of expected/pages/ (needs Python 3.8), and pages
#                        for a browser in out/ (needs pandoc, too)
# make -j2 seeds         trains ten seeds, and compares them with expected/ (a quarter of
#                        an hour)
# make mistakes          trains the mistakes that make mark knows (needs NumPy; minutes)
# make evidence MNIST=folder
#                        makes the tables behind the answers to Question 1 (needs NumPy;
#                        half an hour)
# make clean             removes the programs and out/, but for C files in it

# The options that make training fast. Those that the compiler does not know are left out.
FAST = -O3 -march=native -funroll-loops

# CFLAGS from the environment or from the command line take their place. The compiler is
# asked for each option only when it is about to compile.
CFLAGS ?= $(foreach option,$(FAST),$(call if_known,$(option)))
if_known = $(shell $(CC) $1 -E -x c - </dev/null >/dev/null 2>&1 && echo $1)

# Another Python: make mistakes PYTHON=/usr/bin/python3
PYTHON ?= python3

# A new part of linear_chain.c, say (h), is added to this list. Then `make check` asks for
# its table, and `make accept` stores it.
PARTS = a b c d e f g

TRAININGS = backprop_0.01.txt backprop_0.1.txt
OTHERS = gradient_check.txt $(PARTS:%=linear_chain_%.txt)
TABLES = $(TRAININGS) $(OTHERS)
CHECKS = checks/pencil.txt checks/trainings.txt checks/statistics.txt checks/errors.txt \
    checks/data.txt
QUICK = 200
SEEDS = 1 2 3 4 5 6 7 8 9 10
DATA = data/train.txt data/test.txt

all: backprop linear_chain

backprop linear_chain: %: %.c
	$(CC) -std=c99 $(CFLAGS) -o $@ $< -lm

# $(call table,COMMAND) writes a table, which is what COMMAND prints. It has another name
# until COMMAND has ended well. So one that is torn never counts as made.
define table
@rm -f $@ $@.new
$1 > $@.new
@mv $@.new $@
endef

# $(call quoted,NAME) is the value of the variable NAME as it was typed, between '. So the
# name of a file may contain blanks, quotes and even a dollar.
quoted = '$(subst ','\'',$(value $1))'

has_python = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null
need_python = @$(has_python) || { \
    echo "make $@ needs Python 3.8 or newer; PYTHON=... says where it is" >&2; \
    exit 2; \
}

# The tables. They depend on the source and not on the program, so that a program that was
# compiled by hand does not make them anew. (What stands behind a | is made first, but
# its age does not count.)

run: $(TABLES:%=out/%)
	@echo "The tables are in out/."

out/backprop_%.txt: backprop.c $(DATA) | backprop out
	$(call table,./backprop --weight-scale $*)

out/gradient_check.txt: backprop.c data/test.txt | backprop out
	$(call table,./backprop --check-gradient)

out/linear_chain_%.txt: linear_chain.c | linear_chain out
	$(call table,./linear_chain $*)

out out/checks out/evidence out/quick out/seeds:
	@mkdir -p $@

# The checks. Make is called once more, to go on (-k) where a table cannot be made. SET
# may be some of the tables, as in `make check-quick SET=checks/errors.txt`. The old
# results of expected/checks/ are removed first, so that none is taken for a new one.

# After another CC or CFLAGS say make clean first: what is in out/ is not made anew.
check: SET = $(TABLES) $(CHECKS)
check-quick: SET = $(TRAININGS:%=quick/%) $(OTHERS) $(CHECKS)
check check-quick: all
	@rm -f $(CHECKS:%=out/%)
	-@$(MAKE) -ks --no-print-directory $(SET:%=out/%)
	@sh expected/checks/compare.sh $(QUICK) $(SET)

out/quick/backprop_%.txt: backprop.c $(DATA) | backprop out/quick
	$(call table,./backprop --weight-scale $* --iterations $(QUICK))

out/checks/%.txt: expected/checks/%.sh FORCE | backprop linear_chain out/checks
	$(call table,CC="$(CC)" sh $<)

out/checks/pencil.txt: expected/checks/pencil.c FORCE | out/checks
	$(CC) -std=c99 $(CFLAGS) -o out/checks/pencil $< -lm
	$(call table,out/checks/pencil)

# MAT=FILE is the course's own file, for whoever has it.
out/checks/data.txt: FORCE | out/checks
	$(call table,if $(has_python); then \
	    $(PYTHON) -B expected/checks/data.py $(if $(MAT),$(call quoted,MAT)); \
	else \
	    echo "skipped: needs Python 3.8"; \
	fi)

# pencil.txt is not stored: section 8 of backprop.c has its numbers.
accept:
	@sh expected/tools/accept.sh $(TABLES) $(filter-out %/pencil.txt,$(CHECKS))

seeds: out/seeds.txt
	@sh expected/checks/compare.sh $(QUICK) seeds.txt

RUNS = $(SEEDS:%=out/seeds/0.01_%.txt) $(SEEDS:%=out/seeds/0.1_%.txt)
out/seeds.txt: $(RUNS) expected/checks/seeds.awk
	$(call table,LC_ALL=C awk -f expected/checks/seeds.awk $(RUNS))

out/seeds/0.01_%.txt: backprop.c $(DATA) | backprop out/seeds
	$(call table,./backprop --weight-scale 0.01 --seed $*)

out/seeds/0.1_%.txt: backprop.c $(DATA) | backprop out/seeds
	$(call table,./backprop --weight-scale 0.1 --seed $*)

# MNIST is the folder of MNIST's own files: see data/README.md.
EVIDENCE = expected/evidence/evidence.py
evidence: out/evidence/evidence.txt
	@sh expected/checks/compare.sh $(QUICK) evidence/evidence.txt

out/evidence/evidence.txt: $(EVIDENCE) expected/evidence/train.py $(DATA) | out/evidence
	$(need_python)
	@test -n $(call quoted,MNIST) || { \
	    echo "usage: make evidence MNIST=folder; data/README.md says where to get it" >&2; \
	    exit 2; \
	}
	$(call table,$(PYTHON) -B $(EVIDENCE) $(call quoted,MNIST))

# The figures: each script of expected/figures/ draws one, but for levels.gp, which others
# load. Make is called once more, to ask for gnuplot before it makes any table.

FIGURES = $(filter-out levels,$(basename $(notdir $(wildcard expected/figures/*.gp))))
figures:
	@command -v gnuplot > /dev/null || { \
	    echo "make figures needs gnuplot: install the package gnuplot or gnuplot-nox" >&2; \
	    exit 2; \
	}
	@$(MAKE) -k --no-print-directory $(FIGURES:%=out/%.png)
	@echo "The figures are $(FIGURES:%=out/%.png)."

out/%.png: expected/figures/%.gp | out
	rm -f $@
	gnuplot $<

# What each figure draws
out/digits.png: data/train.txt
out/overview.png: out/backprop_0.01.txt data/train.txt
out/training.png out/wrong.png: out/backprop_0.01.txt out/backprop_0.1.txt
out/training.png: expected/seeds.txt
out/wrong.png: data/test.txt
out/surface.png: out/linear_chain_e.txt expected/figures/levels.gp
out/trajectories.png: out/linear_chain_e.txt out/linear_chain_f.txt
out/trajectories.png: expected/figures/levels.gp
out/balanced.png: out/linear_chain_g.txt

# Marking, the starter and the pages

# mark.py ends with 0 if the tables are the same and with 1 if they are not, which is no
# error of make's.
mark:
	@test -n $(call quoted,TABLE) && test -n $(call quoted,AGAINST) || { \
	    echo "usage: make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt" >&2; \
	    exit 2; \
	}
	$(need_python)
	@$(PYTHON) -B expected/marking/mark.py $(call quoted,TABLE) $(call quoted,AGAINST) \
	    || test $$? -eq 1

mistakes:
	$(need_python)
	$(PYTHON) -B expected/marking/mistakes.py

starter: | out
	@LC_ALL=C awk -f expected/tools/starter.awk backprop.c > out/starter.new
	@if [ ! -e out/starter.c ] || cmp -s out/starter.new out/starter.c; then \
	    mv out/starter.new out/starter.c; \
	    echo "The starter is out/starter.c."; \
	else \
	    rm out/starter.new; \
	    echo "out/starter.c is there already, and it differs from a new one."; \
	    echo "It is left as it is. Move it away for a new one."; \
	fi

pages: | out
	$(need_python)
	$(PYTHON) -B expected/pages/weave.py backprop.c linear_chain.c

# A starter that somebody works on is not removed, whatever its name.
clean:
	rm -f backprop linear_chain backprop.exe linear_chain.exe
	if [ -d out ]; then \
	    find out ! -name out ! -name '*.c' -prune -exec rm -rf {} +; \
	    rmdir out 2> /dev/null || echo "left as they are:" out/*.c; \
	fi

# With clean among the targets, they are made one after another, as they were named.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

FORCE:
.DELETE_ON_ERROR:
.PHONY: all run check check-quick accept mark starter figures pages seeds mistakes
.PHONY: evidence clean FORCE
