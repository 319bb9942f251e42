# What people type. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
TASK_VENV := .venv-task
BENCH_VENV := .venv-bench
PY := $(VENV)/bin/python
FAULTS := PYTHONPATH=include:plugins:tests $(PY)
export PYTHONPATH := include:plugins
# The containers of the sandbox run in an environment that holds what their image holds, and nothing else.
export FILINGS_TASK_PYTHON := $(CURDIR)/$(TASK_VENV)/bin/python

DAG ?= end_of_week_pipeline
CONF ?= {}

.PHONY: help run ui more new-product docs test lint check faults faults-part bench lock clean venv system

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'

run: venv system ## start the cloud on this machine, run DAG=end_of_week_pipeline to its end, show what exists, stop
	@$(PY) -m sandbox run --dag '$(DAG)' --conf '$(CONF)'

ui: venv system ## the same cloud, left up with Airflow's UI until Ctrl-C
	@$(PY) -m sandbox up

more: venv ## let FILINGS=10 further generated filings appear on the sandbox's EDGAR
	@$(PY) -m sandbox more --filings $(or $(FILINGS),10)

new-product: venv ## begin a data product: NAME=form_144 [FORMS="144 144/A"] [FROM="example.xml more.xml"]
	@$(PY) -m filings new_product '$(NAME)' $(if $(FORMS),--forms $(FORMS)) $(if $(FROM),--examples $(FROM))
	@$(VENV)/bin/ruff format -q include/filings/products/$(NAME)

docs: venv ## write docs/products from the products' definitions and samples
	@$(PY) -m filings docs

test: venv system ## run all tests
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: venv ## formatting, lint, types, import contracts
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

check: lint test faults-part ## what CI runs

faults: venv system ## kill, starve and mislead the pipeline, feed it damaged filings (a quarter of an hour)
	@$(FAULTS) -m pytest -n 2 tests/faults $(ARGS)
	@$(FAULTS) -m faults --seconds 90
	@$(FAULTS) -m faults.fuzz_submissions --files 100000
	@$(FAULTS) -m faults.fuzz_xbrl --files 5000

faults-part: venv system ## some minutes of it
	@$(FAULTS) -m pytest -q -n 2 -m ci tests/faults
	@$(FAULTS) -m faults.fuzz_submissions --files 5000
	@$(FAULTS) -m faults.fuzz_xbrl --files 500

bench: venv $(BENCH_VENV)/.ready system ## measure ours against the peers: a table, build/bench.json, docs/cost.md
	@PYTHONPATH=include:tests $(BENCH_VENV)/bin/python -m bench --cost docs/cost.md $(ARGS)

lock: venv ## resolve requirements/*.in anew, within MWAA's pins
	@cd requirements && for runtime in task instant airflow dev; do \
	  $(CURDIR)/$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --constraints mwaa-3.2.1.txt $$runtime.in --output-file $$runtime.txt; done
	@cd tests/bench && $(CURDIR)/$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --constraints ../../requirements/mwaa-3.2.1.txt requirements.in --output-file requirements.txt

clean: ## forget what runs have left (build/run) and the environments
	@rm -rf build $(VENV) $(TASK_VENV) $(BENCH_VENV)

venv: $(VENV)/.ready $(TASK_VENV)/.ready

$(VENV)/.ready: requirements/dev.txt
	@bin/environment $(VENV) requirements/dev.txt

$(TASK_VENV)/.ready: requirements/task.txt $(VENV)/.ready
	@bin/environment $(TASK_VENV) requirements/task.txt

$(BENCH_VENV)/.ready: tests/bench/requirements.txt $(VENV)/.ready
	@bin/environment $(BENCH_VENV) tests/bench/requirements.txt

system:
	@bin/system
