# `make demo` and `make test` are all the set-up there is: each makes .venv if need be.
.DEFAULT_GOAL := help
.PHONY: help demo serve test test-fast check bench clean

PYTHON ?= python3
# Where to take torch from, if not from the Python package index. On Linux the index's build brings
# 5 GB of CUDA that Dateline does not use; this one does not:
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
DEMO_HOME ?= .demo
RUN = .venv/bin
UV := $(shell command -v uv 2>/dev/null)

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

.venv/.ready: pyproject.toml constraints.txt
	@echo "Making .venv (once)..." >&2
ifneq ($(UV),)
	@test -x $(RUN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(if $(TORCH_INDEX),$(UV) pip install --quiet --python $(RUN)/python -c constraints.txt --index-url $(TORCH_INDEX) torch)
	$(UV) pip install --quiet --python $(RUN)/python -c constraints.txt -e '.[dev]'
else
	@test -x $(RUN)/python || $(PYTHON) -m venv .venv
	$(if $(TORCH_INDEX),$(RUN)/python -m pip install --quiet -c constraints.txt --index-url $(TORCH_INDEX) torch)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
endif
	@touch $@

demo: .venv/.ready  ## ingest the sample reports and ask them questions
	$(RUN)/dateline ingest --home $(DEMO_HOME) seeds
	$(RUN)/dateline ask --home $(DEMO_HOME) "why did protests start?"
	$(RUN)/dateline ask --home $(DEMO_HOME) "why did the dyke give way?"
	$(RUN)/dateline ask --home $(DEMO_HOME) "who won the football cup final?"

serve: .venv/.ready  ## serve the sample reports over HTTP on http://127.0.0.1:8000
	$(RUN)/dateline ingest --home $(DEMO_HOME) seeds
	$(RUN)/dateline serve --home $(DEMO_HOME)

check: .venv/.ready  ## format, lint and types
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy

test-fast: .venv/.ready  ## the tests that need no real model and no browser
	$(RUN)/python -m pytest -m "not real and not browser"

test: check  ## everything that CI runs
	$(RUN)/python -m pytest

bench: .venv/.ready  ## print how fast it ingests and answers (needs ../shared/data)
	$(RUN)/python -m tests.bench
	$(RUN)/python -m tests.bench_http --home $(DEMO_HOME)

clean:  ## remove what make made
	rm -rf .venv .demo build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
