# Everything a newcomer needs: `make demo`, `make test`, `make check`, `make docs`. Each does its own set-up, once.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EVAL := .venv-eval
EVAL_READY := $(EVAL)/.ready
JUDGES := .venv-judges
JUDGES_READY := $(JUDGES)/.ready
CRAWLERS := .venv-crawlers
CRAWLERS_READY := $(CRAWLERS)/.ready
PACKAGES := .venv-packages
PACKAGES_READY := $(PACKAGES)/.ready
READERS := .venv-readers
READERS_READY := $(READERS)/.ready
VIEWER := $(PACKAGES)/viewer
VIEWER_VERSION := 2.4.6
RELEASE := .venv-release
RELEASE_READY := $(RELEASE)/.ready
BROWSER := .venv-browser
BROWSER_READY := $(BROWSER)/.ready
NOTEBOOK := .venv-notebook
NOTEBOOK_READY := $(NOTEBOOK)/.ready
# The first Python that is new enough; override with `make PYTHON=/path/to/python3`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help setup demo test test-browser browser-tools page check docs bench-extract bench-archive bench-crawl bench-frontier bench-status bench-search crash-test crash-scrapy eval eval-check judge-packages judge-replay fuzz hostile judges lock release-check clean bench-export judge-exports notebook

help:
	@echo "make demo    set up, then crawl the embedded demo site into data/demo (again: finds nothing new)"
	@echo "make test    set up, then run the tests"
	@echo "make test-browser   drive 'susta serve' in Chromium (in an environment of its own)"
	@echo "make page FILE=saved.html URL=https://...   add a saved page to tests/pages, with the record as extracted"
	@echo "make check   lint, types, documentation"
	@echo "make docs    write the generated parts of README.md, docs/reference.md and config.toml, and run the notebook"
	@echo "make notebook   run docs/corpus.ipynb on a made-up archive (in an environment of its own, 620 MB)"
	@echo "make bench-extract   time extraction against a bare parse and trafilatura"
	@echo "make bench-archive   what an archive weighs, and how fast it is rebuilt on one core and two"
	@echo "make bench-crawl   time whole crawls of a portal site, beside Scrapy (in an environment of its own) and wget"
	@echo "make bench-frontier   time and memory of a frontier of up to a million addresses"
	@echo "make bench-status   time status, history, search and others on an archive of 100,000 articles"
	@echo "make bench-search   time search in up to 100,000 articles, beside LIKE and sqlite-utils' default full text"
	@echo "make bench-export   time and memory of exports of up to 100,000 articles"
	@echo "make crash-test   kill crawls a hundred times; exit 1 if anything was lost or doubled"
	@echo "make crash-scrapy   the same kills on Scrapy"
	@echo "make eval    score extraction by field and by markup, beside other extractors (in an environment of their own)"
	@echo "make eval-check   score extraction alone, against the floors in benchmarks/floors.json"
	@echo "make judge-exports   have pyarrow, DuckDB, pandas and frictionless (in an environment of their own) read every export and a release"
	@echo "make judge-packages   have wacz and bagit (in an environment of their own) judge packages, and import what wget captures"
	@echo "make judge-replay   show a package in Chromium with replayweb.page's viewer (both passed over where they are not there)"
	@echo "make fuzz    extract from 100,000 damaged pages"
	@echo "make hostile   time extraction on pages made to be slow"
	@echo "make judges   let fastwarc, gzip, warcio, cdxj-indexer, surt and pywb judge a crawled archive"
	@echo "make release-check   build sdist and wheel, and try the wheel in an empty environment on every Python from 3.11 at hand"
	@echo "make lock    resolve requirements*.lock anew (needs uv)"
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
	$(BIN)/python -m pytest -n auto

# Debian's Chromium, npm for axe-core; installed when they are missing and this is root on Debian.
browser-tools:
	@missing=""; command -v chromium >/dev/null || missing="$$missing chromium"; command -v npm >/dev/null || missing="$$missing npm"; \
	test -z "$$missing" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $$missing fonts-noto-core >/dev/null; } \
	|| { echo "make test-browser needs$$missing; on Debian: apt-get install$$missing fonts-noto-core"; exit 1; }

$(BROWSER_READY): requirements-browser.lock tests/browser/package-lock.json
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(BROWSER)
	$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	cp tests/browser/package.json tests/browser/package-lock.json $(BROWSER)/
	npm ci --prefix $(BROWSER) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $(BROWSER_READY)

test-browser: $(READY) browser-tools
	@$(MAKE) --no-print-directory $(BROWSER_READY)
	SUSTA=$(BIN)/susta $(BROWSER)/bin/python -m pytest -q tests/browser

page: $(READY)
	@$(BIN)/python tests/pages/make_page.py --file "$(FILE)" --url "$(URL)" --name "$(NAME)" --content-type "$(or $(TYPE),text/html)"

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check

docs: $(READY)
	$(BIN)/python docs/generate.py
	@$(MAKE) --no-print-directory notebook

$(NOTEBOOK_READY): requirements-notebook.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(NOTEBOOK)
	$(NOTEBOOK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-notebook.lock
	@touch $(NOTEBOOK_READY)

notebook: $(NOTEBOOK_READY)
	$(NOTEBOOK)/bin/python docs/notebook.py

bench-extract: $(READY)
	$(BIN)/python benchmarks/extract.py

bench-archive: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/archives.py

$(CRAWLERS_READY): requirements-crawlers.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(CRAWLERS)
	$(CRAWLERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-crawlers.lock && touch $(CRAWLERS_READY)

# Other crawlers that are not installed are passed over, and said to be missing.
bench-crawl: $(READY)
	@$(MAKE) --no-print-directory $(CRAWLERS_READY) || echo "Scrapy could not be installed"
	PYTHONPATH=. $(BIN)/python benchmarks/crawl.py

$(JUDGES_READY): requirements-judges.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(JUDGES)
	$(JUDGES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-judges.lock && touch $(JUDGES_READY)

judges: $(READY)
	@$(MAKE) --no-print-directory $(JUDGES_READY) || echo "the judges could not all be installed"
	PYTHONPATH=. $(BIN)/python benchmarks/judges.py

bench-search: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/search.py

bench-export: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/exports.py

bench-frontier: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/frontier.py

bench-status: $(READY)
	$(BIN)/python benchmarks/status.py

crash-test: $(READY)
	PYTHONPATH=. $(BIN)/python benchmarks/crash.py

crash-scrapy: $(READY) $(CRAWLERS_READY)
	PYTHONPATH=. $(BIN)/python benchmarks/crash_scrapy.py

# Every package is in the lock, so nothing is left to resolve. Without the others the run scores what there is.
$(EVAL_READY): requirements-eval.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(EVAL)
	$(EVAL)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-eval.lock && touch $(EVAL_READY)

eval: $(READY)
	@$(MAKE) --no-print-directory $(EVAL_READY) || echo "the other extractors could not all be installed"
	@if test -f $(EVAL_READY); then python=$(EVAL)/bin/python; else python=$(BIN)/python; fi; \
		PYTHONPATH=. $$python benchmarks/evaluate.py

eval-check: $(READY)
	$(BIN)/python benchmarks/evaluate.py --check

$(PACKAGES_READY): requirements-packages.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(PACKAGES)
	$(PACKAGES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-packages.lock && touch $(PACKAGES_READY)

judge-packages: $(PACKAGES_READY)
	PYTHONPATH=. $(PACKAGES)/bin/python benchmarks/judge_packages.py

$(READERS_READY): requirements-exports.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(READERS)
	$(READERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-exports.lock && touch $(READERS_READY)

judge-exports: $(READERS_READY)
	PYTHONPATH=. $(READERS)/bin/python benchmarks/judge_exports.py

# The viewer is an npm package; where npm is not there, the judge says so.
$(VIEWER)/ui.js: $(PACKAGES_READY)
	@cd $(PACKAGES) && npm pack --silent replaywebpage@$(VIEWER_VERSION) >/dev/null \
		&& tar -xzf replaywebpage-$(VIEWER_VERSION).tgz && rm -rf viewer && mv package viewer && touch viewer/ui.js

judge-replay: $(PACKAGES_READY)
	@$(MAKE) --no-print-directory $(VIEWER)/ui.js || echo "the viewer could not be fetched"
	PYTHONPATH=. $(PACKAGES)/bin/python benchmarks/judge_replay.py $(VIEWER)

fuzz: $(READY)
	$(BIN)/python benchmarks/fuzz.py

hostile: $(READY)
	$(BIN)/python benchmarks/hostile.py

$(RELEASE_READY): requirements-release.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-release.lock
	@touch $(RELEASE_READY)

release-check: $(RELEASE_READY)
	$(RELEASE)/bin/python benchmarks/release_check.py

lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-header \
		--output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra eval --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-eval.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra crawlers --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-crawlers.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra judges --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-judges.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra packages --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-packages.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra notebook --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-notebook.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra exports --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-exports.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --group browser --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-browser.lock
	uv pip compile --quiet --universal --python-version 3.11 --group release --generate-hashes --no-header \
		--constraint requirements.lock --output-file requirements-release.lock
	uv pip compile --quiet --universal --python-version 3.11 --extra parquet --no-annotate --no-header \
		--constraint requirements.lock --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) $(EVAL) $(CRAWLERS) $(JUDGES) $(PACKAGES) $(READERS) $(BROWSER) $(NOTEBOOK) $(RELEASE) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
