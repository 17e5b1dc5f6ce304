# make serve   set up once, then start the workbook and open the browser (PORT=8866)
# make test    run every check and every test
# make quick   checks, and the tests that need neither a browser nor PostgreSQL nor seconds; a quarter of the examples
# make setup   set up .venv only          make check   style, types, architecture, data
# make front   build the page's JavaScript and CSS, after an edit of advisor/server/front or advisor/view/widgets/static
# make bench   how long a reading takes; `advisor score` beside pandas and polars; two windows on one visit; our pages beside those of NiceGUI and Dash (ten minutes)
# make bench-peers  our pages beside those of all peers          make scale  many clients, many answers, the lab, saving
# make faults  two hundred killed kernels and power cuts, fifty killed servers, two thousand openings, a hundred faults of all kinds, an hour of idling (FAULTS=10: a tenth)
# make golden  run the golden notebooks again and keep what they print (look at the difference before you commit it)
# make lock    write both locks anew after a change of pyproject.toml or advisor/server/front/package.json

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP := $(VENV)/.set-up
PEERS := benchmarks/peers
BENCH := .venv-bench
BENCH_BIN := $(BENCH)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)

# The first interpreter that is recent enough and can make environments. A name that a version manager only
# pretends to have fails this test like an old one.
RECENT := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c '$(RECENT)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
# Two files at a time, in the order of tests/conftest.py (three take two minutes less on two cores, and now and then a test
# lacks time); a file stays on one worker, so that a notebook's cells share their kernel. tests/__init__.py comes first.
SPREAD := -p tests -n 2 --dist loadfile --no-loadscope-reorder
PYTEST ?= $(SPREAD) --nbval-lax --nbval-current-env
# Python shall keep what it has compiled, also where it is told not to (as in many containers): without that, every
# process of the tests compiles all its libraries anew, which takes longer than what most of them do.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test quick quick-tests setup front check style types bench bench-peers scale faults golden lock
.DEFAULT_GOAL := serve

setup: $(STAMP)

# uv takes seconds where pip takes a minute. Both check every file against the hashes of the lock; pip steps in where uv
# cannot find its way to the packages (it does not read pip's settings).
$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 with venv is needed and was not found. Install it \
	(Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12"; \
	echo "Python 3.11〜3.14（venv つき）が見つかりません。インストールするか、make PYTHON=… で場所を示してください。"; exit 1; }
	@echo "準備しています（はじめての時は1〜2分）… / Setting up (a minute or two, the first time) …"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# Takes a tenth of a second where nothing has changed.
front: $(STAMP)
	@$(BIN)/python hatch_build.py

serve: front
	@$(BIN)/python -m advisor serve $(if $(PORT),--port $(PORT)) $(ARGS)

check: style types

style: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m advisor check --schema .schemas

types: $(STAMP)
	$(BIN)/mypy

bench: front $(BENCH)/.set-up
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.scoring
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m benchmarks.windows
	$(BIN)/python -m benchmarks.pages --apps ours "ours, first visit" NiceGUI Dash --rounds 4 $(ARGS)

bench-peers: front $(BENCH)/.set-up
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m benchmarks.pages $(ARGS)

scale: front
	$(BIN)/python -m benchmarks.keeping
	$(BIN)/python -m benchmarks.lab
	$(BIN)/python -m benchmarks.cohort
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m benchmarks.desk

$(BENCH)/.set-up: $(PEERS)/requirements.lock | $(STAMP)
	@test -x $(BENCH_BIN)/python || "$(PYTHON)" -m venv --clear $(BENCH)
	@$(BIN)/uv pip sync --quiet --python $(BENCH_BIN)/python --require-hashes $(PEERS)/requirements.lock || \
	$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PEERS)/requirements.lock
	@touch $@

faults: front
	$(BIN)/python -m tests.chromium
	ADVISOR_FAULTS=200 $(BIN)/python -m pytest -q tests/store/test_power_cuts.py tests/store/test_store.py \
	tests/store/test_ownership.py tests/report/test_true_for_whom.py tests/view/test_messages.py $(ARGS)
	ADVISOR_FAULTS=$(or $(FAULTS),100) $(BIN)/python -m pytest -q -s tests/server/test_soak.py tests/server/test_killed_sheets.py \
	tests/browser/test_faults.py $(ARGS)

# The types are checked beside the tests: mypy keeps one processor busy, half a minute where it has not run before.
quick: style
	@$(MAKE) --no-print-directory -j 2 types quick-tests

quick-tests: $(STAMP)
	$(BIN)/python -m pytest -q $(SPREAD) -p no:nbval $(addprefix --ignore=tests/,browser deploy server) -m "(core or store) and not slow" -k "not postgres" --hypothesis-profile quick tests $(ARGS)

test: check front
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.tools
	@$(BIN)/python -m pytest $(PYTEST) $(ARGS) || { \
	echo "Once more, one at a time, what failed beside others. What fails again is broken; what passes now is a test to mend."; \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none --nbval-lax --nbval-current-env $(ARGS); }

golden: $(STAMP)
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False tests/golden/*.ipynb

lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --group dev --all-extras --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile $(PEERS)/requirements.txt --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file $(PEERS)/requirements.lock
	$(BIN)/uv pip compile tests/tools/requirements.in --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file tests/tools/requirements.lock
	@! grep -n '://' requirements.lock $(PEERS)/requirements.lock tests/tools/requirements.lock || { echo "a lock holds an address"; exit 1; }
