# GNU make. Without it, one command compiles each program: see README.md.
#
# make                builds both programs
# make -j2 run        every table into out/
# make -j2 check      the same, and compares each with expected/
# make check-quick    the same with the first 200 iterations of each training
# make figures        draws the figures into out/ (needs gnuplot)
# make pages          weaves each program into a page, prose beside code, in out/pages/
# make mark TABLE=theirs.txt AGAINST=expected/backprop_0.1.txt
# make starter        out/starter.c: backprop.c for the student to fill in
# make seeds          ten seeds of Question 1 (ten minutes), compared with expected/
# make mistakes       trains the mistakes that make mark knows (needs NumPy)

# This machine's own and widest instructions make training faster and change no table.
known = $(if $(shell echo 'int x;' | $(CC) $1 -x c -S -o /dev/null - 2>&1),,$1)
CFLAGS := -std=c99 -O3 $(call known,-march=native) $(call known,-mprefer-vector-width=512)

SCALES = 0.01 0.1
DATA = data/train.txt data/test.txt
PAGES = pages/backprop.html pages/linear_chain.html
TRAININGS = $(SCALES:%=backprop_%.txt)
TABLES = $(TRAININGS) gradient_check.txt $(patsubst %,linear_chain_%.txt,a b c d e f g)
CHECKS = $(patsubst %,checks/%.txt,weights trainings statistics errors starter data)
OTHERS = $(filter-out $(TRAININGS),$(TABLES)) $(CHECKS) $(PAGES)

$(shell mkdir -p out/checks out/pages out/quick out/seeds)
all: backprop linear_chain
backprop linear_chain: %: %.c
	$(CC) $(CFLAGS) -o $@ $< -lm

run: $(TABLES:%=out/%)
	@echo "The tables are in out/."

# Tables depend on the source: to compile by hand, as README.md does, makes none anew.
out/backprop_%.txt: backprop.c $(DATA) | backprop
	./backprop --weight-scale $* > $@

out/quick/backprop_%.txt: backprop.c $(DATA) | backprop
	./backprop --weight-scale $* --iterations 200 | grep -v '^#' > $@

out/gradient_check.txt: backprop.c data/test.txt | backprop
	-./backprop --check-gradient > $@

out/linear_chain_%.txt: linear_chain.c | linear_chain
	./linear_chain $* > $@

# MAT=... is the course's own file.
out/checks/data.txt: FORCE
	@python3 --version > $@ 2>&1 || echo "skipped: needs python3" > $@
	@grep -q ^skipped $@ || python3 -B expected/checks/data.py $(MAT) > $@

out/checks/%.txt: expected/checks/%.sh FORCE | backprop linear_chain
	CC="$(CC)" sh $< > $@

out/pages/%.html: %.c expected/pages/page.awk
	awk -f expected/pages/page.awk $< > $@

pages: $(PAGES:%=out/%)
check: SET = $(TRAININGS) $(OTHERS)
check-quick: SET = $(TRAININGS:%=quick/%) $(OTHERS)
check check-quick: all
	-@$(MAKE) -ks --no-print-directory $(SET:%=out/%)
	@sh expected/checks/compare.sh $(SET)

# A difference is no error of make's; what cannot be compared is (status 2).
mark:
	@python3 -B expected/marking/mark.py "$(TABLE)" "$(AGAINST)" || test $$? -eq 1

mistakes:
	python3 -B expected/marking/mistakes.py

starter:
	@awk -f expected/checks/starter.awk backprop.c > out/starter.new
	@[ -e out/starter.c ] || cp out/starter.new out/starter.c
	@cmp -s out/starter.* && echo "The starter is out/starter.c." || \
	    echo "out/starter.c has been edited, and is left as it is."

ifeq ($(filter figures,$(MAKECMDGOALS))$(shell command -v gnuplot),figures)
$(error make figures needs gnuplot: install the package gnuplot, or gnuplot-nox)
endif
figures: $(patsubst %,out/%.png,digits training surface trajectories balanced)
	@echo "The figures are in out/:" $$(cd out && ls *.png)

out/%.png: expected/figures/%.gp expected/figures/levels.gp $(TABLES:%=out/%)
	-@rm -f $@ && gnuplot $< # where one cannot be drawn it says why; the others are drawn

RUNS = $(foreach s,$(SCALES),$(patsubst %,out/seeds/$(s)_%.txt,1 2 3 4 5 6 7 8 9 10))
seeds: $(RUNS)
	awk -f expected/checks/seeds.awk $(RUNS) > out/seeds.txt
	diff expected/seeds.txt out/seeds.txt

out/seeds/%.txt: backprop.c $(DATA) | backprop
	./backprop --weight-scale $(word 1,$(subst _, ,$*)) --seed $(word 2,$(subst _, ,$*)) >$@

clean:
	rm -rf out backprop linear_chain

FORCE:
.DELETE_ON_ERROR:
.PHONY: all run check check-quick pages mark mistakes starter figures seeds clean FORCE
