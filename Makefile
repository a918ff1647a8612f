# make demo         fit two models to text that is always installed, compare them, draw the spectrum
# make test         run tests, doctests and examples in parallel, in one process per core and at most JOBS processes
# make test-oldest  run the tests that depend most on other packages, with the oldest versions that pyproject.toml allows
# make lint         check style and types
# make docs         build the documentation and its gallery into docs/_build/html; no network is needed, and warnings are errors
# make check-docs   run the code of its pages, and look at every page in Chromium, at two widths
# make test-gpu     run the tests of the CUDA backend on an NVIDIA GPU and write gpu-tests.json; CUDA=13 uses CUDA 13
# make bench-gpu    time the CUDA backend on an NVIDIA GPU and write gpu.json
# make wheel        build the distribution into dist/ and check its metadata
# Each target installs what it needs, and no more, into the environment VENV. PYTHON is the interpreter (3.11 or newer).
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
JOBS ?= 4
IN_PROCESSES = --numprocesses=auto --maxprocesses=$(JOBS) --dist=worksteal
OLDEST_PYTHON ?= python3.11
OLDEST = $(VENV)-oldest
OLDEST_TESTS = tests/cooccurrence tests/io tests/plotting tests/test_array_api.py tests/test_floors.py tests/targets \
  $(patsubst %,tests/estimators/test_%.py,inputs pipelines search_memory sklearn_contract)

CUDA ?= 12

.PHONY: demo docs check-docs test test-oldest test-gpu bench-gpu lint wheel clean

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

lint: $(VENV)/lint.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# One thread a process: BLAS's threads only get into each other's way on small matrices.
docs: $(VENV)/docs.installed
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m sphinx -W --keep-going -j 2 docs docs/_build/html

check-docs: docs
	$(BIN)/python -m pytest docs/tests
	$(BIN)/python docs/tests/check_pages.py docs/_build/html

wheel: $(VENV)/lint.installed
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m twine check --strict dist/*

clean:
	rm -rf $(VENV) $(OLDEST) docs/_build docs/api docs/gallery .build dist .mypy_cache .pytest_cache .ruff_cache

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

$(VENV)/lint.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[lint]'
	touch $@

$(VENV)/docs.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

$(OLDEST)/test.installed: pyproject.toml .ci/oldest.py
	$(OLDEST_PYTHON) -m venv $(OLDEST)
	$(OLDEST_PYTHON) .ci/oldest.py > $(OLDEST)/constraints.txt
	$(OLDEST)/bin/python -m pip install --quiet --constraint $(OLDEST)/constraints.txt --editable '.[test]'
	touch $@

$(VENV)/cuda$(CUDA).installed: $(VENV)/test.installed
	$(BIN)/python -m pip install --quiet --editable '.[test,cuda$(CUDA)]'
	touch $@
