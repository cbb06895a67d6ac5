# Everything a person or a machine does with this checkout. `make help` lists it.
# What each step makes is a file, so a step whose inputs have not changed costs nothing.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STATIC := gateway/static/manifest.json
ENVIRONMENT := $(VENV)/.made
FOR_RUNNING := $(VENV)/.run-installed
FOR_DEVELOPING := $(VENV)/.dev-installed
LOCK := uv pip compile --no-config --universal --generate-hashes --no-annotate --quiet --python-version 3.11

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | while IFS=$$'\t' read -r name words; do printf '  make %-14s %s\n' "$$name" "$$words"; done

# --- setting up -------------------------------------------------------------------------------------------------------

.PHONY: setup
setup: $(FOR_DEVELOPING) ## Make .venv with everything to run, test and change the product

$(ENVIRONMENT):
	@uv=$$(deploy/machine/uv.sh)
	python=$$(deploy/machine/python.sh)
	echo "Making $(VENV)"
	"$$uv" venv --quiet --no-config --allow-existing --python "$$python" $(VENV)
	touch $@

$(FOR_RUNNING): $(ENVIRONMENT) requirements/run.txt pyproject.toml
	@uv=$$(deploy/machine/uv.sh)
	echo "Installing what the product runs on"
	"$$uv" pip install --quiet --no-config --python $(BIN)/python --require-hashes -r requirements/run.txt
	"$$uv" pip install --quiet --no-config --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(FOR_DEVELOPING): $(FOR_RUNNING) requirements/dev.txt
	@uv=$$(deploy/machine/uv.sh)
	echo "Installing what it is tested and checked with"
	"$$uv" pip install --quiet --no-config --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

.PHONY: lock
lock: ## Write requirements/*.txt and package-lock.json anew from what pyproject.toml, requirements/*.in and package.json ask for
	@PATH="$$(dirname "$$(deploy/machine/uv.sh)"):$$PATH"
	export UV_CUSTOM_COMPILE_COMMAND="make lock"
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/run.txt -o requirements/dev.txt
	for name in uv node; do $(LOCK) requirements/$$name.in -o requirements/$$name.txt; done
	PATH="$$(deploy/machine/node.sh):$$PATH" npm install --package-lock-only --ignore-scripts --loglevel=error

# --- pages ------------------------------------------------------------------------------------------------------------

.PHONY: assets
assets: $(STATIC) ## Build the pages' styles, scripts and typeface into gateway/static/

node_modules/.installed: package.json package-lock.json .npmrc
	@node=$$(deploy/machine/node.sh)
	echo "Installing what the pages are made of"
	PATH="$$node:$$PATH" npm ci --ignore-scripts --loglevel=error
	touch $@

$(STATIC): node_modules/.installed $(shell find gateway/assets -type f)
	@node=$$(deploy/machine/node.sh)
	echo "Building the pages' styles, scripts and typeface"
	PATH="$$node:$$PATH" deploy/build-assets.sh

# --- proving ----------------------------------------------------------------------------------------------------------

.PHONY: test
test: $(FOR_DEVELOPING) $(STATIC) ## Set up and run every test but those of the targets below (installs RabbitMQ and Chromium where they are missing)
	@$(BIN)/python -m tests.support.suite test

.PHONY: test-isolation
test-isolation: $(FOR_DEVELOPING) $(STATIC) ## Try every operation, page and event of one borough with everything of another, as everybody
	@$(BIN)/python -m tests.support.suite isolation

.PHONY: test-inprocess
test-inprocess: $(FOR_DEVELOPING) $(STATIC) ## Run the tests of the services once more, on the in-process broker of the all-in-one
	@$(BIN)/python -m tests.support.suite inprocess

.PHONY: test-deep
test-deep: $(FOR_DEVELOPING) $(STATIC) ## Send sixty made-up requests of every operation with every role's session, others each time (`make test-isolation` sends two, as five of them)
	@$(BIN)/python -m pytest -q --hypothesis-profile=deep tests/isolation/test_alone.py tests/isolation/test_identifiers.py tests/isolation/test_pages.py tests/isolation/test_with_every_role.py

.PHONY: check
check: $(FOR_DEVELOPING) $(STATIC) ## Style, types, the arrows of the house, migrations against models, docs/access.md, catalogues of translations
	@echo "Style"
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check . || { $(BIN)/ruff format --check . | tail -n 20; exit 1; }
	echo "Types"
	$(BIN)/mypy --no-error-summary
	echo "Arrows"
	mkdir -p build
	$(BIN)/lint-imports --no-logo > build/arrows.log 2>&1 || { cat build/arrows.log; exit 1; }
	echo "Migrations"
	$(BIN)/stayplay check-migrations
	echo "Who may do what"
	$(BIN)/stayplay access --check
	echo "Translations"
	$(BIN)/stayplay translations --check

.PHONY: format
format: $(FOR_DEVELOPING) ## Put the code into the house's format
	@$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix --exit-zero .

.PHONY: test-faults
test-faults: $(FOR_DEVELOPING) $(STATIC) ## Kill each process at several moments, and onboarding, export, erasure and import half-way: nothing is lost, nothing is done twice
	@$(BIN)/python -m tests.support.suite faults

.PHONY: test-compose
test-compose: $(FOR_RUNNING) ## Build the image, start docker-compose.yml from clean, run the smoke test against it (COMPOSE_ENGINE prepares a machine without an engine)
	@COMPOSE_ENGINE="$${COMPOSE_ENGINE-$(wildcard ../shared/tools/compose-engine)}" deploy/test-compose.sh

.PHONY: bench
bench: $(FOR_DEVELOPING) $(STATIC) ## Measure the platform against its floor; prints a table and writes build/bench.json
	@$(BIN)/python -m tests.load

.PHONY: bench-registry
bench-registry: $(FOR_DEVELOPING) $(STATIC) ## Measure search, duplicate check, triage board and reads with a million families in 153 boroughs (about half an hour)
	@$(BIN)/python -m tests.load.registry

# --- running ----------------------------------------------------------------------------------------------------------

.PHONY: run
run: $(FOR_RUNNING) $(STATIC) ## Start the whole platform here with a demo borough (PORT, STAYPLAY_HOME); Ctrl-C stops it
	@exec $(BIN)/stayplay run --demo

.PHONY: clean
clean: ## Remove what was built and installed here, but not the platform's data
	@rm -rf $(VENV) .tools build node_modules gateway/static *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
