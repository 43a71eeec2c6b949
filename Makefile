# Two commands: `make demo` shows the main job on a real library, `make test` checks everything that CI checks.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
LIBRARIES := build/libraries
RAY := build/ray
export LC_ALL := C.UTF-8

.PHONY: help setup elixir sandbox libraries demo test test-worker test-ray fuzz lint types layers proto format clean

help:
	@echo "make demo   set up, describe jinja2, generate and compile Elixir modules, call it through the worker"
	@echo "make test   set up and run all checks and tests"
	@echo "make test-worker  the worker alone: conformance, value vectors, security and faults, and real libraries through it"
	@echo "make test-ray  the worker's tests once more, with its processes on a Ray cluster (an environment of 1 GB in build/ray)"
	@echo "make fuzz   the worker's readers of bytes with atheris, for FUZZ_SECONDS (300)"
	@echo "make setup  the virtual environment alone; make elixir: the Elixir toolchain alone"
	@echo "make proto  generate the worker's message classes anew; make format: format the sources"

setup: $(STAMP)

$(STAMP): pyproject.toml analyzer/pybridge_worker/pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt \
		-e '.[dev]' -e analyzer/pybridge_worker
	touch $(STAMP)

elixir:
	@bash tools/ensure.sh elixir elixir,dialyzer elixir erlang-dialyzer

sandbox:
	@bash tools/ensure.sh bubblewrap bwrap bubblewrap

libraries: $(LIBRARIES)/.installed

$(LIBRARIES)/.installed: tests/e2e/libraries.txt analyzer/pybridge_worker/pyproject.toml constraints.txt
	test -x $(LIBRARIES)/bin/python || $(PYTHON) -m venv $(LIBRARIES)
	$(LIBRARIES)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables
	$(LIBRARIES)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		-r tests/e2e/libraries.txt -e analyzer/pybridge_worker
	touch $@

demo: setup elixir
	$(BIN)/python examples/jinja2_demo.py

test: setup elixir sandbox libraries lint types layers
	$(BIN)/python -m pytest -n 2 --dist loadscope

test-worker: setup libraries
	$(BIN)/python -m pytest -n 2 --dist loadscope tests/worker tests/e2e/test_real_libraries.py

test-ray: $(RAY)/.installed
	PYBRIDGE_WORKER_HOST=ray $(RAY)/bin/python -m pytest tests/worker

$(RAY)/.installed: pyproject.toml analyzer/pybridge_worker/pyproject.toml constraints.txt
	test -x $(RAY)/bin/python || $(PYTHON) -m venv $(RAY)
	$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables
	$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt \
		-e '.[dev]' -e 'analyzer/pybridge_worker[ray]'
	touch $@

FUZZ_SECONDS ?= 300

fuzz: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt atheris
	$(BIN)/python tests/worker/fuzz/run.py $(FUZZ_SECONDS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-logo

proto: setup
	bash proto/generate.sh

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
