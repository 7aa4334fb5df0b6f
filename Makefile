# Needs Python 3.11+ with venv. Everything else is installed below, uv included.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .uv/bin/uv
RUN := $(UV) run --frozen --no-sync

export DAGSTER_DISABLE_TELEMETRY = yes
export DBT_SEND_ANONYMOUS_USAGE_STATS = 0
export GX_ANALYTICS_ENABLED = false
export UV_PROJECT_ENVIRONMENT = .venv
# Without bytecode every start compiles all libraries anew: ten seconds of a night.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup nightly test test-full lint bench score-extraction up

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.synced ## install uv and the locked environment

$(UV):
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --compile-bytecode
	@touch $@

nightly: setup ## set up, read the shipped samples, publish the warehouse
	$(RUN) provstat nightly

test: setup ## the tests, under 10 minutes
	$(RUN) pytest -m "not full" -n 2 --dist loadscope --no-loadscope-reorder

test-full: setup ## the long tests, under 30 minutes: nights that die, full disks, broken code, restores
	$(RUN) pytest -m full -n 2 --dist loadscope --no-loadscope-reorder

lint: setup ## style, formatting, strict types
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

bench: setup ## the night, the plan reader, enterprise returns, the ledger, the rules: time, memory, ratios
	$(UV) sync --frozen --quiet --group bench
	$(RUN) python -m tests.bench
	$(RUN) python -m tests.bench_rules

score-extraction: setup ## precision and recall of the plan reader on the labelled documents
	$(RUN) python -m tests.extraction.score

up: setup ## dagster's page and scheduler
	$(RUN) provstat up
