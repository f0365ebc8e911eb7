# Everything is set up by make itself: a virtual environment in .venv, editors and test inputs in .cache.
# PYTHON chooses another interpreter: `make test PYTHON=python3.13` works beside the usual one, in .venv-3.13.

ifdef PYTHON
VENV ?= .venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
else
VENV ?= .venv
endif
BIN := $(VENV)/bin
# Tests of editors wait as much as they compute.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2)
TESTS ?= tests
BENCHES ?= $(filter-out bench/large.py,$(sort $(wildcard bench/[!_]*.py)))

MADE_PAGES := $(BIN)/python -m pytest -q -k made_from_the_code tests/unit/config/test_schema.py tests/unit/checks/test_page.py tests/editors/test_vscode_package.py

PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
NONE := make: no Python 3.11 or newer, with its venv module, is here (tried: $(PYTHONS)). \
	Name one with make PYTHON=/path/to/python3.11; on Debian the module is the package python3-venv

# pip with its log kept, and shown when it fails: $(call install,what for,arguments)
install = @echo "installing $(1)"; \
	$(BIN)/python -m pip --disable-pip-version-check install $(2) >$(VENV)/install.log 2>&1 \
	|| { cat $(VENV)/install.log; exit 1; }

.PHONY: help demo test test-full terminal-editors vscode bytecode test-llama lint format docs bench bench-index bench-keys bench-large bench-map bench-router bench-checks bench-patch dist clean
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile

demo: $(VENV)/demo.stamp ## the whole loop on a sample project, without a key and without a network model
	@$(BIN)/pointsman demo

test: FEWER := -m 'not slow'
test: $(VENV)/dev.stamp ## all tests but the slow ones, real editors included; TESTS=tests/unit for some of them
test-full: $(VENV)/dev.stamp ## as test, and those that are marked slow
test test-full:
	@$(MAKE) --no-print-directory --jobs=2 terminal-editors vscode bytecode
	@$(if $(FEWER),,$(BIN)/python tests/llama/setup.py)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(FEWER) $(TESTS)

terminal-editors:
	@$(BIN)/python tests/editors/install.py

vscode:
	@$(BIN)/python tests/editors/vscode_setup.py

# Where Python may not write what it compiled, each of a thousand processes would compile the server again.
bytecode:
	@$(BIN)/python -m compileall -q server

test-llama: $(VENV)/dev.stamp ## our wires against a real llama.cpp, which is built once, with a tiny model of random numbers
	@$(BIN)/python tests/llama/setup.py
	@$(BIN)/python -m pytest -n 0 tests/llama

lint: $(VENV)/dev.stamp ## style, types, the one-way rule, and pages that are made from the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tests/editors/vscode_setup.py check
	@$(MADE_PAGES)

format: $(VENV)/dev.stamp ## what can be put right without thinking
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python tests/editors/vscode_setup.py format

docs: $(VENV)/dev.stamp ## make the pages and the schema that are made from the code
	@UPDATE=1 $(MADE_PAGES)

bench-index: $(VENV)/dev.stamp ## what indexing and a keystroke cost; REPOSITORIES="a b" for others than this one
	@$(BIN)/python bench/index.py $(REPOSITORIES)

bench-keys: $(VENV)/dev.stamp ## for how long typing holds the server up; FILES="a b" for others than this repository's largest
	@$(BIN)/python bench/keys.py $(FILES)

bench-large: $(VENV)/dev.stamp ## what bench-index does, for 50,000 files and for 100,000 tiny ones, with the server's memory
	@$(BIN)/python bench/large.py

bench-map: $(VENV)/dev.stamp ## what a map is worth on past commits, against the nearest folders; REPOSITORIES as above
	@$(BIN)/python bench/map.py $(REPOSITORIES)

bench-router: $(VENV)/dev.stamp ## what lies between a command and its model, against a bare HTTP client
	@$(BIN)/python bench/router.py; one=$$?; $(BIN)/python bench/router_lsp.py && exit $$one

bench: $(VENV)/dev.stamp ## the promised figures, measured here; bench-large, which takes long, is apart
	@set -e; for bench in $(BENCHES); do echo "== $$bench"; $(BIN)/python $$bench; done

bench-checks: $(VENV)/dev.stamp ## those of the shadow alone
	@$(BIN)/python bench/checks.py

bench-patch: $(VENV)/dev.stamp ## the patch engine beside other tools; REPOSITORIES="path ..." for commits of others than this one
	@$(BIN)/python bench/patch.py $(REPOSITORIES)

dist: $(VENV)/dev.stamp ## a source distribution, a wheel and the extension for VS Code, in dist/
	$(call install,the build front end,build)
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist .
	@$(BIN)/python tests/editors/vscode_setup.py package dist

clean: ## remove all that make made
	rm -rf .venv .venv-* .cache artefacts build dist editors/vscode/node_modules editors/vscode/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# An interpreter that has gone leaves a link that leads nowhere: then the environment is made anew.
$(BIN)/python:
	@python=$$(for each in $(PYTHONS); do \
		if "$$each" -c '$(USABLE)' 2>/dev/null; then echo "$$each"; break; fi; done); \
	[ -n "$$python" ] || { echo "$(NONE)" >&2; exit 1; }; \
	echo "setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(VENV)

$(VENV)/base.stamp: | $(BIN)/python
	$(call install,pip,--upgrade 'pip>=25.1')
	@touch $@

$(VENV)/demo.stamp: $(VENV)/base.stamp pyproject.toml
	$(call install,what the demo needs,--editable '.[demo]')
	@touch $@

$(VENV)/dev.stamp: $(VENV)/demo.stamp
	$(call install,what the tests need,--group dev)
	@touch $@
