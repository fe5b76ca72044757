# Every target makes .venv itself and needs nothing but Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.ready-dev
SEED ?= $(shell date +%s)
# The programs that `make bench` measures beside newsmill stay out of the environment that it runs in.
BENCH_VENV := build/bench-venv
BENCH_BIN := $(BENCH_VENV)/bin
BENCH_READY := $(BENCH_VENV)/.ready

# Where the wheel is installed and tried, with the tests beside it and not the source.
TRIAL := build/package

.PHONY: help demo test coverage fuzz chaos steady check format pages bench package clean

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(READY) ## Crawl the bundled news site for real: fetch, clean, translate, find copies
	$(BIN)/newsmill demo

# Four at once also on two cores: many wait for servers. In the order of their folders the longest come first.
test: $(DEV_READY) ## Run the tests
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

coverage: $(DEV_READY) ## Which branches of ingest and storage the tests in this process reach; fails below 95 %
	$(BIN)/python -m pytest -n 3 --dist loadfile --cov=ingest --cov=storage --cov-branch \
		--cov-report=term:skip-covered --cov-fail-under=95 tests/unit tests/integration tests/contract tests/security

fuzz: $(DEV_READY) ## Look for inputs that break something (long; `make test` tries an eightieth; SEED=n repeats a run)
	$(BIN)/python -m pytest tests/fuzz --hypothesis-profile=long --hypothesis-seed=$(SEED)

chaos: $(DEV_READY) ## Kill everything 100 times over: runs on SQLite, PostgreSQL and under Prefect, and every other command
	NEWSMILL_CHAOS_KILLS=100 $(BIN)/python -m pytest tests/chaos tests/e2e/test_kill.py tests/e2e/test_serve_killed.py

steady: $(DEV_READY) ## Run the e2e and chaos tests five times alone and five times beside busy loops (STEADY="--times 2 TEST")
	$(BIN)/python tests/support/steady.py $(STEADY)

check: $(DEV_READY) ## Lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pages: $(DEV_READY) ## Write anew what the pages say of the fields of a record
	PYTHONPATH=tests $(BIN)/python tests/support/record_pages.py

bench: $(BENCH_READY) ## Measure everything beside others, in one table (BENCH="--full --save" for more)
	$(BENCH_BIN)/python benchmarks/all.py $(BENCH)

package: $(DEV_READY) ## Build sdist and wheel into dist/, install the wheel into an empty environment, try it there
	rm -rf dist $(TRIAL)
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m venv $(TRIAL)
	$(TRIAL)/bin/python -m pip install --quiet dist/newsmill-*.whl pytest hypothesis 'jsonschema[format]'
	cp -r pyproject.toml docs tests $(TRIAL)
	cd $(TRIAL) && bin/python -m pytest tests/e2e/test_cli.py tests/e2e/test_demo.py

clean: ## Remove what was made here (not your data)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "newsmill needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml
	@echo 'Installing newsmill and what it needs into $(VENV) (a minute or two) ...'
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(DEV_READY): $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres]'
	@touch $@

# The pip that comes with Python 3.11 fails at news-please's lxml[html-clean,html_clean].
$(BENCH_READY): $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m venv --clear $(BENCH_VENV)
	$(BENCH_BIN)/python -m pip install --quiet --upgrade pip
	$(BENCH_BIN)/python -m pip install --quiet --editable '.[bench,parquet,postgres]'
	@touch $@
