# Everything a newcomer needs: `make demo`, `make test`, `make check`, `make docs`. Each does its own set-up, once.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The first Python that is new enough; override with `make PYTHON=/path/to/python3`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help setup demo test check docs bench-extract lock clean

help:
	@echo "make demo    set up, then crawl the embedded demo site into data/demo (again: finds nothing new)"
	@echo "make test    set up, then run the tests"
	@echo "make check   lint, types, documentation"
	@echo "make docs    write the generated parts of README.md, docs/reference.md and config.toml"
	@echo "make bench-extract   time extraction against a bare parse and trafilatura"
	@echo "make lock    resolve requirements.lock anew (needs uv)"
	@echo "make clean   remove the environment and caches; archives stay"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)
	$(BIN)/susta demo --archive data/demo

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

docs: $(READY)
	$(BIN)/python docs/generate.py

bench-extract: $(READY)
	$(BIN)/python benchmarks/extract.py

lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-header \
		--output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
