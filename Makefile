# One command each. Everything is set up in .venv on first use, and again where a lock changed.

PYTHON ?= python3
BIN    := .venv/bin
# What stands in .venv, and from what, is told in one place.
SET_UP := @$(PYTHON) -SE src/critical_minerals/cli/setting_up.py

COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
  --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock'

# As many processes as processors; each takes whole files, whose tests share fixtures, in the order of
# tests/conftest.py. (pytest-xdist 3.8 heeds no groups under pytest 9.2: its issue 1386.)
# Without compiled code each of the many processes would compile pandas anew.
COMPILED = env -u PYTHONDONTWRITEBYTECODE
PYTEST = $(COMPILED) $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
TESTS  = not (browser or cluster or slow or long)

# In a container one is root, which Jupyter wants to be told.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
# A notebook that was only run is no change to git.
SAVED = --FileContentsManager.post_save_hook=critical_minerals.execution.git.after_save

.DEFAULT_GOAL := help
.PHONY: help report test test-all test-long check doctor watch lab bench lint audit docs setup tools lock clean ready quarto installer

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

report: ready quarto  ## run the pipeline and make the report (HTML and PDF)
	$(BIN)/python pipeline.py run

test: ready tools lint  ## lint, type-check and test, in some minutes
	$(PYTEST) -m "$(TESTS)"

test-all: TESTS = not long
test-all: test  ## also what takes many whole runs, a browser or a cluster

test-long: ready tools  ## properties with many examples, and runs that are killed
	$(COMPILED) $(BIN)/python -m pytest -m long
	FUZZ_SECONDS=100 $(COMPILED) $(BIN)/python -m pytest tests/fuzz

check: ready  ## check the raw figures only
	$(BIN)/python pipeline.py check

doctor: ready  ## say what is installed and which renderer is used
	$(BIN)/python pipeline.py doctor

watch: ready  ## serve the report here, and make anew what an edit touches (ARGS="--port 8011")
	$(BIN)/python pipeline.py watch $(ARGS)

lab: ready  ## open the notebooks in JupyterLab (ARGS="--no-browser --port 9000")
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab $(AS_ROOT) $(SAVED) notebooks $(ARGS)

bench: ready tools  ## measure against the usual ways (an hour and a half; ONLY="cold noop" for some)
	$(COMPILED) $(BIN)/python benchmarks/run.py $(ONLY)

lint: ready tools  ## notebooks, ruff, pyright, import contracts
	$(BIN)/python -m pytest --quiet tests/test_notebooks.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

audit: ready tools  ## known vulnerabilities and licences of what the locks pin
	$(BIN)/python .ci/audit.py

docs: ready  ## write the pages of docs/reference anew
	$(BIN)/python docs/reference.py

setup:  ## make .venv with the pinned versions; git leaves outputs out
	$(SET_UP) report quarto git

tools: ready  ## add what tests, linters and a cluster need, pinned too
	$(SET_UP) tools

lock: installer  ## pin newest versions that fit pyproject.toml (needs the network)
	$(COMPILE) --group uv --output-file requirements-uv.lock
	$(COMPILE) pyproject.toml --group install --group git --output-file requirements.lock
	$(COMPILE) --constraints requirements.lock --group dev --output-file requirements-dev.lock
	$(COMPILE) --constraints requirements.lock --group quarto --no-deps \
	  --output-file requirements-quarto.lock

clean:  ## remove everything a run has made (figures and notebooks stay)
	rm -rf .pipeline reports/_drafts reports/_generated reports/_output data/processed/*.csv data/processed/*.parquet

ready:
	$(SET_UP) report

quarto: ready
	$(SET_UP) quarto

installer:
	$(SET_UP) uv
