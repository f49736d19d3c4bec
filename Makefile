# The commands of this repository. `make demo` and `make test` set everything up by themselves, and are quick the second time.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
CODE := cli fixtures flows launch products rehearsal reports synthetics verdicts tests benchmarks conftest.py
export PYTHONPATH := $(CURDIR)
# What a hundred processes import is compiled once, also where an image switches that off.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test check format cloudsuite jupyterhub list bench chaos explore hub mutants hunt lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/ready ## the virtual environment from the lock file, the command `synthetics`, and a Chromium
	@$(BIN)/python -m fixtures.chromium

$(VENV)/ready: requirements.lock deploy/venv.sh
	@sh deploy/venv.sh "$(PYTHON)" $(VENV)

demo: setup ## sweep the embedded product with every scenario on both surfaces, show the report; then break it once, and show the alert and its end
	@$(BIN)/synthetics run --target embedded
	@$(BIN)/synthetics demo

test: setup check ## format, lint, types and contracts, all tests of the suite, and a hermetic sweep
	@$(BIN)/python -m pytest tests --ignore tests/mutants -n 2 -q
	@$(BIN)/python -m pytest tests/mutants -n 2 -q
	@$(BIN)/synthetics run --target embedded

check: $(VENV)/ready ## format, lint, types, contracts
	@$(BIN)/ruff format --check -q $(CODE)
	@$(BIN)/ruff check -q --no-cache $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/ready ## put the code into its form
	@$(BIN)/ruff format -q $(CODE)
	@$(BIN)/ruff check -q --fix $(CODE)

cloudsuite: setup ## serve the embedded product, with its mail, for people to click through
	@$(BIN)/python -m products.cloudsuite.serve

jupyterhub: setup ## install and start a JupyterHub on loopback; then: synthetics run --target jupyterhub
	@exec $(BIN)/python -m products.jupyterhub.serve

list: $(VENV)/ready ## the scenarios by journey, with owner, surfaces and products
	@$(BIN)/synthetics list

mutants: setup ## break the embedded product in every way we know, and see the right scenario go red
	@$(BIN)/python -m pytest tests/mutants -n 2 -q -m mutants

explore: setup ## try the properties on data that no run has seen; `make test` takes the same data every time
	@$(BIN)/python -m pytest $$(git grep -l 'from hypothesis import' -- 'tests/*test_*.py') -q -n 2 --hypothesis-profile default

hub: setup ## install a JupyterHub, and see the suite find what is wrong with an untouched one
	@$(BIN)/python -m pytest tests/products/jupyterhub -q -m hub

chaos: setup ## kill whole runs and the processes between a run and its alerts, N in all, and print what an auditor finds lost or told twice: make chaos N=1000
	@$(BIN)/python -m tests.chaos --kills $(or $(N),1000)

bench: setup ## measure a journey of this suite against @playwright/test and a bare script; prints ratios
	@$(BIN)/python -m benchmarks

hunt: setup ## break the embedded product in ways that nobody wrote down, and list what no scenario notices: make hunt ONLY=domain/quotas
	@$(BIN)/python -m tests.mutants.hunt --only "$(ONLY)"

lock: $(VENV)/ready ## resolve the dependencies of pyproject.toml anew
	@$(BIN)/uv pip compile -q pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements.lock

clean: ## remove what the commands above made
	@rm -rf $(VENV) .venvs .run artifacts
