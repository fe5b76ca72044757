# Every target makes .venv itself and needs nothing but Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-dev

.PHONY: help demo test chaos check format bench clean

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(READY) ## Crawl the bundled news site for real: fetch, clean, translate, find copies
	$(BIN)/newsmill demo

test: $(DEV_READY) ## Run the tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

chaos: $(DEV_READY) ## Kill everything 100 times over, on SQLite and on PostgreSQL (half an hour; `make test` does it 5 times)
	NEWSMILL_CHAOS_KILLS=100 $(BIN)/python -m pytest tests/chaos

check: $(DEV_READY) ## Lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV_READY) ## Measure: prints one table a benchmark
	$(BIN)/python benchmarks/throughput.py

clean: ## Remove what was made here (not your data)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "newsmill needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(DEV_READY): $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres]'
	@touch $@
