# Everything is set up by make itself: a virtual environment in .venv, editors and test inputs in .cache.
# PYTHON chooses the interpreter, VENV where its environment goes.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
JOBS ?= auto

.PHONY: demo test test-py test-full lint format docs bench dist clean

demo: $(VENV)/demo.stamp
	@$(BIN)/pointsman demo

test: $(VENV)/dev.stamp
	@$(BIN)/python tests/editors/install.py
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup tests

# Another interpreter, beside the usual one: make test-py PYTHON=python3.13
test-py:
	@$(MAKE) --no-print-directory test PYTHON=$(PYTHON) VENV=.venv-$(notdir $(PYTHON))

test-full: test

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/dev.stamp
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

dist: $(VENV)/dev.stamp
	@$(PIP) install build
	@$(BIN)/python -m build --outdir dist .

clean:
	rm -rf .venv .venv-* .cache artefacts build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/base.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON) here; choose another: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than 3.11; choose another: make PYTHON=..."; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/demo.stamp: $(VENV)/base.stamp pyproject.toml
	@$(PIP) install --editable '.[demo]'
	@touch $@

$(VENV)/dev.stamp: $(VENV)/demo.stamp
	@$(PIP) install --group dev
	@touch $@
