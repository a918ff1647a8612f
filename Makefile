# make demo     fit both models on text that is always installed, compare them, draw the spectrum
# make test     the tests, the doctests and the examples, in as many processes as there are cores but at most JOBS
# make test-oldest   the tests that meet other packages most, on the oldest versions that pyproject.toml allows
# make lint     style and types
# make test-gpu   on a machine with an NVIDIA GPU: the CUDA backend's tests on it, into gpu-tests.json; CUDA=13 for CUDA 13
# make bench-gpu  there: what it takes beside what it could take, into gpu.json
# make wheel    build the distribution into dist/
# Each target makes the environment it needs; PYTHON names the interpreter (3.11 or newer).
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
JOBS ?= 4
IN_PROCESSES = --numprocesses=auto --maxprocesses=$(JOBS) --dist=worksteal
OLDEST_PYTHON ?= python3.11
OLDEST = $(VENV)-oldest
OLDEST_TESTS = tests/cooccurrence tests/io tests/plotting tests/test_array_api.py tests/test_floors.py tests/test_targets.py \
  $(patsubst %,tests/estimators/test_%.py,inputs pipelines search_memory sklearn_contract)

CUDA ?= 12

.PHONY: demo test test-oldest test-gpu bench-gpu lint wheel clean

demo: $(VENV)/demo.installed
	$(BIN)/python examples/demo.py

test: $(VENV)/test.installed
	$(BIN)/python -m pytest $(IN_PROCESSES)

test-oldest: $(OLDEST)/test.installed
	SK_W2V_OLDEST=1 $(OLDEST)/bin/python -m pytest $(IN_PROCESSES) $(OLDEST_TESTS)

test-gpu: $(VENV)/cuda$(CUDA).installed
	$(BIN)/python -m pytest tests/cuda -m gpu -rs --gpu-report gpu-tests.json

bench-gpu: $(VENV)/cuda$(CUDA).installed
	$(BIN)/python benchmarks/gpu.py --out gpu.json

lint: $(VENV)/test.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(VENV)/test.installed
	$(BIN)/python -m build --outdir dist .

clean:
	rm -rf $(VENV) $(OLDEST) .build dist .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sk-w2v needs Python 3.11 or newer, and $(PYTHON) is older; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[plot]'
	touch $@

$(VENV)/test.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(OLDEST)/test.installed: pyproject.toml .ci/oldest.py
	$(OLDEST_PYTHON) -m venv $(OLDEST)
	$(OLDEST_PYTHON) .ci/oldest.py > $(OLDEST)/constraints.txt
	$(OLDEST)/bin/python -m pip install --quiet --constraint $(OLDEST)/constraints.txt --editable '.[test]'
	touch $@

$(VENV)/cuda$(CUDA).installed: $(VENV)/test.installed
	$(BIN)/python -m pip install --quiet --editable '.[test,cuda$(CUDA)]'
	touch $@
