# One command each. Everything is set up in .venv on first use, and again where a lock changed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
# What stands in .venv: these files are younger than the locks that they were made from.
PINNED := $(VENV)/pinned
READY  := $(VENV)/ready
TOOLS  := $(VENV)/tools
QUARTO := $(VENV)/quarto-tried
GIT    := $(VENV)/git

# The environment is named, because uv would take another one that the shell has activated.
INSTALL = $(UV) pip install --quiet --python $(BIN)/python --no-deps
COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-emit-index-url --custom-compile-command 'make lock'

# Each file's tests stay in one process, as many processes as there are processors.
PYTEST = $(BIN)/python -m pytest --numprocesses auto --dist loadgroup

# In a container one is root, which Jupyter wants to be told.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
# A notebook that was only run is no change to git.
SAVED = --FileContentsManager.post_save_hook=critical_minerals.execution.git.after_save

.DEFAULT_GOAL := help
.PHONY: help report test test-all test-long check doctor watch lab bench lint setup tools lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

report: $(READY) $(QUARTO)  ## run the pipeline and make the report (HTML and PDF)
	$(BIN)/python pipeline.py run

test: $(READY) $(TOOLS) lint  ## lint, type-check and test, in some minutes
	$(PYTEST) -m "not (browser or cluster or slow or long)"

test-all: test  ## also what takes many whole runs, a browser or a cluster
	$(PYTEST) -m "(browser or cluster or slow) and not long"

test-long: $(READY) $(TOOLS)  ## properties with many examples, and runs that are killed
	$(BIN)/python -m pytest -m long

check: $(READY)  ## check the raw figures only
	$(BIN)/python pipeline.py check

doctor: $(READY)  ## say what is installed and which renderer is used
	$(BIN)/python pipeline.py doctor

watch: $(READY)  ## serve the report here, and make anew what an edit touches (ARGS="--port 8011")
	$(BIN)/python pipeline.py watch $(ARGS)

lab: $(READY)  ## open the notebooks in JupyterLab (ARGS="--no-browser --port 9000")
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab $(AS_ROOT) $(SAVED) notebooks $(ARGS)

bench: $(READY) $(TOOLS)  ## measure against the usual ways (an hour and a half; ONLY="cold noop" for some)
	$(BIN)/python benchmarks/run.py $(ONLY)

lint: $(READY) $(TOOLS)  ## notebooks, ruff, pyright, import contracts
	$(BIN)/python -m pytest --quiet tests/test_notebooks.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

setup: $(READY) $(QUARTO) $(GIT)  ## make .venv with the pinned versions; git leaves outputs out

tools: $(READY) $(TOOLS)  ## add what tests, linters and a cluster need, pinned too

lock: $(UV)  ## pin newest versions that fit pyproject.toml (needs the network)
	$(COMPILE) --group uv --output-file requirements-uv.lock
	$(COMPILE) pyproject.toml --group install --group git --output-file requirements.lock
	$(COMPILE) --constraints requirements.lock --group dev --output-file requirements-dev.lock
	$(COMPILE) --constraints requirements.lock --group quarto --no-deps \
	  --output-file requirements-quarto.lock

clean:  ## remove everything a run has made (figures and notebooks stay)
	rm -rf .pipeline reports/_drafts reports/_generated reports/_output data/processed/*.csv data/processed/*.parquet

# Making a pip of its own takes .venv longer than all the rest, so one that is here is borrowed.
$(UV): requirements-uv.lock
	if $(PYTHON) -c 'import pip' 2>/dev/null; \
	then $(PYTHON) -m venv --without-pip $(VENV) && pip="$(PYTHON) -m pip --python $(BIN)/python"; \
	else $(PYTHON) -m venv $(VENV) && pip="$(BIN)/python -m pip"; fi && \
	$$pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  --no-compile --requirement requirements-uv.lock
	@touch $@

# Nothing is compiled ahead: a run compiles the fraction that it imports, in a tenth of the time.
$(PINNED): requirements.lock $(UV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

$(READY): pyproject.toml $(PINNED)
	$(INSTALL) --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

# A setting of this repository alone; `python pipeline.py git --off` undoes it.
$(GIT): $(READY)
	@$(BIN)/python pipeline.py git
	@touch $@

$(TOOLS): requirements-dev.lock $(PINNED)
	$(INSTALL) --require-hashes --requirements requirements-dev.lock
	@touch $@

# Quarto downloads its own binaries. Where it cannot, the embedded renderer does the work. Its own
# first word of an Error says why, and what follows is what came of that; a download that failed
# before its build had begun is told by the last cause.
$(QUARTO): requirements-quarto.lock $(PINNED)
	@echo "Installing Quarto, which downloads its own binaries ..."
	@if $(INSTALL) --no-build-isolation --require-hashes \
	  --requirements requirements-quarto.lock >$(VENV)/quarto.log 2>&1; \
	then echo "Quarto is installed."; \
	else echo "Quarto could not be installed; the embedded renderer is used. What failed:"; \
	  grep -m 1 'Error' $(VENV)/quarto.log \
	    || grep -E '^ *(error|cause):' $(VENV)/quarto.log | tail -n 1; \
	  echo "  (all of it: $(VENV)/quarto.log)"; fi
	@touch $@
