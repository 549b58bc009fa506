# Everything a developer or a newcomer does. Only python 3.11 or newer, make and a package index are needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/installed ## talk to the bot in the terminal, without any credentials
	@$(BIN)/python -m bot demo

run: $(VENV)/installed ## run the bot with the settings in .env
	@$(BIN)/python -m bot

test: $(VENV)/installed ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/installed ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed ## print how fast and how large the bot is
	@$(BIN)/python -m tests.bench

lock: $(VENV)/installed ## renew requirements.lock from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock

clean: ## remove what the other targets made
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
