# The words that people and CI share.
#
#   make run       set up, then start the app and print its address (PORT, ADDRESS; OPEN=1 beyond this machine)
#   make demo      set up, then the whole journey on sample data, without a browser
#   make test      set up, then the tests in four processes (ARGS for pytest, such as ARGS='--forks 0 tests/data';
#                  BROWSER=none leaves the browser journey out)
#   make test-all  the same, and more: what other tests hold already, once more for real or for every case
#   make check     set up, then formatting, lint, types, names, import directions and circles
#   make docs      set up, then build the guides and the API reference into build/site
#   make wheel     set up, then build the wheel into build/dist, and try it in a fresh environment and on ARM64
#                  (QEMU emulates it, where qemu-user is installed)
#   make native    set up, then build the machine code of rows.c with GCC and hold its hash
#   make format    fix formatting and what ruff can fix by itself
#   make clean     remove .venv and all that was built
#
# LIGHT=1 leaves torch out, and later makes too, until LIGHT=0. PYTHON names the Python to use.

.PHONY: help run demo test test-all check docs wheel native format clean
.NOTPARALLEL:

SET_UP = @LIGHT='$(LIGHT)' PYTHON='$(PYTHON)' BROWSER='$(BROWSER)' sh scripts/set_up.sh
BIN = .venv/bin
# Many tests wait for processes of their own: four at once keep two processors busy (scripts/forks.py).
AT_ONCE = -p scripts.forks --forks 4
NO_BROWSER = $(if $(filter none,$(BROWSER)),and not browser)

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

run:
	$(SET_UP) run
	@exec $(BIN)/litmus app $(if $(PORT),--port $(PORT)) --host $(or $(ADDRESS),127.0.0.1) $(if $(OPEN),--open-to-network)

demo:
	$(SET_UP) demo
	@$(BIN)/litmus demo

# Tests start some thousand processes: each would compile all of Litmus for itself where bytecode is not kept.
test test-all: export PYTHONDONTWRITEBYTECODE =
# Four processes share two processors: threads of linear algebra would keep them busy by waiting for each other.
test: export OPENBLAS_NUM_THREADS = 1
test:
	$(SET_UP) test
	@$(BIN)/python -m pytest $(AT_ONCE) -m 'not exhaustive $(NO_BROWSER)' $(ARGS)

test-all:
	$(SET_UP) test
	@$(BIN)/python -m pytest $(AT_ONCE) $(if $(NO_BROWSER),-m 'not browser') $(ARGS)

check:
	$(SET_UP) check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_names.py
	$(BIN)/python scripts/check_circles.py
	$(BIN)/python scripts/check_task_types.py
	$(BIN)/python scripts/check_parameters.py
	$(BIN)/python scripts/check_sizes.py
	$(BIN)/python scripts/check_kinds.py
	$(BIN)/python -m scripts.native --check

docs:
	$(SET_UP) docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "The guides and the API reference: build/site/index.html"

wheel:
	$(SET_UP) check
	$(BIN)/python -m scripts.try_wheel

native:
	$(SET_UP) check
	$(BIN)/python -m scripts.native

format:
	$(SET_UP) check
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
