# Everything a developer types. `make serve` and `make test` set up what they need by themselves.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8787
WORKERS ?= 2
EXAMPLES ?= 250
SOURCES := mock_server contracts tests scripts

.DEFAULT_GOAL := help
.PHONY: help serve test check lint types tools conform calibrate edge bench format clean

help:  ## show this list
	@sed -nE 's/^([a-z]+):[^#]*## */\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/.serve: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/.serve

serve: $(VENV)/.serve  ## set up and serve on port 8787 (PORT=9000 for another)
	@exec $(BIN)/lipflap serve --port $(PORT)

test: $(VENV)/.dev tools lint types  ## set up and run every check: format, lint, types, tests
	$(BIN)/pytest -n $(WORKERS)

lint: $(VENV)/.dev  ## format check and lint
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/hadolint Dockerfile

types: $(VENV)/.dev  ## mypy, strict
	$(BIN)/mypy

tools:  ## what tests need from the system: ffprobe to judge videos, chromium to play them, curl, libfaketime
	@missing=""; \
	command -v ffprobe >/dev/null || missing="$$missing ffmpeg"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	command -v faketime >/dev/null || missing="$$missing faketime"; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	else \
		echo "the tests need$$missing; on Debian: sudo apt-get install$$missing" >&2; exit 1; \
	fi

conform: $(VENV)/.dev  ## schemathesis against each contract, with a large budget (EXAMPLES=250)
	LIPFLAP_CONFORM_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/conformance tests/contracts/conform -n 2

calibrate: $(VENV)/.dev  ## judge the judge: good and known-bad clients in every scenario, and fuzzed (a quarter of an hour)
	LIPFLAP_CALIBRATE=full $(BIN)/pytest tests/calibration tests/contracts/test_fuzz_flaws.py -n $(WORKERS)

edge: $(VENV)/.dev  ## attack the HTTP edge: 100 000 broken requests, slow clients, huge messages
	LIPFLAP_EDGE=full $(BIN)/pytest tests/edge_gates -s

bench: $(VENV)/.dev  ## compare speed with a bare application on the same server, and count fuzzed stories
	$(BIN)/python tests/bench/run.py
	$(BIN)/python tests/bench/fuzz.py

format: $(VENV)/.dev  ## format and fix what can be fixed
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean:  ## remove everything that can be made again
	rm -rf $(VENV) build dist lipflap-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
