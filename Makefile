# Everything runs in .venv, from the lock files, with plain pip. `make demo` and `make test` need nothing prepared.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CITYDECK_DATA ?= data
export CITYDECK_DATA
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check lint types contracts bench screenshots lock vendor clean help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: $(VENV)/.installed  ## build the demo city once and serve it on port 8050
	@$(BIN)/citydeck demo

test: $(VENV)/.installed-test  ## install what the tests need and run all of them
	@sh scripts/system_packages.sh
	@sh scripts/validators.sh
	@$(BIN)/python -m pytest

check: lint types contracts  ## lint, types and import contracts

lint: $(VENV)/.installed-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	@$(BIN)/mypy

contracts: $(VENV)/.installed-test
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-test $(VENV)-peers/.installed  ## measure the figures of the README (two hours)
	@sh scripts/system_packages.sh bench
	@CITYDECK_PEERS=$(VENV)-peers/bin/python $(BIN)/python -m tests.benchmarks

screenshots: $(VENV)/.installed-test  ## take the README's pictures from the running program
	@sh scripts/system_packages.sh
	@$(BIN)/python scripts/screenshots.py

lock:  ## resolve the lock files anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --upgrade pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --upgrade --extra test pyproject.toml -o requirements-test.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --upgrade --group peers -o requirements-peers.lock

vendor:  ## fetch the vendored browser libraries anew (needs npm)
	$(PYTHON) scripts/vendor.py

$(VENV)/bin/python:
	@sh scripts/environment.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing citydeck into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	@echo "installing the test tools into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

# Peers are compared where they can be installed; without them the benchmarks say so.
$(VENV)-peers/.installed: requirements-peers.lock
	@echo "installing the benchmarks' peers into $(VENV)-peers …"
	@sh scripts/environment.sh "$(PYTHON)" "$(VENV)-peers"
	@$(VENV)-peers/bin/python -m pip install --quiet --require-hashes -r requirements-peers.lock
	@touch $@

clean:  ## remove the environment (the data directory stays)
	rm -rf $(VENV) $(VENV)-peers
