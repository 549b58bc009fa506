# Everything a developer or a newcomer does. Only python 3.11 or newer, make and a package index are needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# What the bot runs on is locked apart from what only its developers need.
LOCKED := --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header \
	--quiet --upgrade

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench screenshots lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/installed ## try the bot in a browser, without any credentials
	@$(BIN)/python -m bot demo

run: $(VENV)/installed ## run the bot with the settings in .env
	@$(BIN)/python -m bot

test: $(VENV)/installed ## run all tests, but those in a browser or on PostgreSQL only where these are installed
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/installed ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed ## print how fast and how large the bot is
	@$(BIN)/python -m tests.bench

screenshots: $(VENV)/installed ## renew the pictures in README from the demo in Chromium
	REQUIRE_CHROMIUM=1 SCREENSHOTS_FOLDER=tests/demo/screenshots $(BIN)/python -m pytest -q tests/demo/test_screenshots.py

lock: $(VENV)/installed ## renew the lock files from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml $(LOCKED) -o requirements.lock
	$(BIN)/uv pip compile --group dev --constraints requirements.lock $(LOCKED) -o tests/requirements.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/installed: pyproject.toml requirements.lock tests/requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.lock -r tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
