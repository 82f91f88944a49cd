# Every target works on a bare clone with Python 3.11+, pip and make. `make help` lists them.
# Stamp files in .venv remember what is installed, so a second run installs nothing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-all bench coverage-table pictures lint format notebooks lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "PYTHON=... names the interpreter (3.11 or newer) that .venv is made with."

demo: $(VENV)/.demo ## train on the digits; curves, mistakes, graphs and weights go to out/
	$(BIN)/python -m nn train digits --out out/

test: lint ## lint, strict types, the suite with coverage, README and docstrings
	$(BIN)/python -m mypy --strict autograd_core nn
	$(BIN)/python -m pytest --numprocesses=auto --cov --cov-report=term

test-all: notebooks $(VENV)/.test ## what `make test` leaves out: notebooks, slow and browser tests
	$(BIN)/python -m pytest -m "slow or browser"

bench: $(VENV)/.bench ## measure against the peers; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

coverage-table: $(VENV)/.test ## what NumPy's functions do with a Tensor; writes docs/coverage.md
	$(BIN)/python -m tests.coverage_table

pictures: $(VENV)/.test ## the pictures in docs/; the stills of pages need Chromium
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/stills.py

lint: $(VENV)/.test ## ruff's rules and its format, without changing a file
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

format: $(VENV)/.test ## let ruff mend and format what it can
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

# Jupyter is large: it is installed only once there is a notebook to run.
notebooks: $(if $(NOTEBOOKS),$(VENV)/.notebooks) ## execute every notebook, top to bottom
	$(if $(NOTEBOOKS),$(BIN)/jupyter execute $(NOTEBOOKS),@echo "no notebooks to execute")

clean: ## remove what make made: .venv, out/, caches
	rm -rf $(VENV) out build dist *.egg-info .coverage
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what is installed ----------------------------------------------------------------------

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "error: '$(PYTHON)' is missing or older than Python 3.11." >&2; \
		echo "       Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "error: '$(PYTHON)' lacks the venv module." >&2; \
		echo "       On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The project itself, editable. Its build backend is pinned too; pip fetches nothing else for it.
$(VENV)/.project: pyproject.toml requirements/build.txt | $(VENV)/.created
	@echo "installing autograd-core, editable"
	@$(PIP) --requirement requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# One stamp a requirements file: newer than the file means installed.
STAMPS := $(addprefix $(VENV)/.,demo test bench notebooks)
$(STAMPS): $(VENV)/.%: requirements/%.txt | $(VENV)/.project
	@echo "installing $<"
	@$(PIP) --requirement $<
	@touch $@

# --- what is pinned -------------------------------------------------------------------------

# One resolution for Python 3.11 to 3.14 on Linux and macOS. Each file keeps to the versions of
# the files before it, so that all of them fit into one environment.
UV := uv==0.13.8
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --no-annotate --no-emit-index-url --custom-compile-command "make lock"

lock: $(VENV)/.created ## pin the newest versions that fit pyproject.toml into requirements/
	$(PIP) $(UV)
	$(COMPILE) requirements/build.in --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --extra plot --extra data --extra scipy --extra dask --extra onnx \
		--extra test --extra dev \
		--constraint requirements/build.txt --output-file requirements/test.txt
	$(COMPILE) pyproject.toml --extra plot --extra data \
		--constraint requirements/test.txt --output-file requirements/demo.txt
	$(COMPILE) pyproject.toml --extra plot --extra data --extra notebooks \
		--constraint requirements/test.txt --output-file requirements/notebooks.txt
	$(COMPILE) pyproject.toml --extra bench \
		--constraint requirements/test.txt --output-file requirements/bench.txt
	@# PyTorch's default Linux build itself asks for exactly its CUDA packages, its CPU build for none.
	sed -i.old '/^cuda-/d; /^nvidia-/d; /^triton==/d' requirements/bench.txt
	rm requirements/bench.txt.old
