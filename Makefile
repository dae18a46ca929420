# One command each. Everything is set up in .venv on first use.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
QUARTO := $(VENV)/quarto-tried

.DEFAULT_GOAL := help
.PHONY: help report test check doctor lab bench lint setup lock clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

report: $(READY) $(QUARTO)  ## run the pipeline and make the report (HTML and PDF)
	$(BIN)/python pipeline.py run

test: $(READY)  ## lint, type-check and test
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest

check: $(READY)  ## check the raw figures only
	$(BIN)/python pipeline.py check

doctor: $(READY)  ## say what is installed and which renderer is used
	$(BIN)/python pipeline.py doctor

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: $(READY)  ## measure against the usual ways (an hour and a half; ONLY="cold noop" for some)
	$(BIN)/python benchmarks/run.py $(ONLY)

lint: $(READY)  ## ruff, pyright, import contracts, notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

setup: $(READY) $(QUARTO)  ## make .venv with the pinned versions

lock: $(READY)  ## pin newest versions that fit pyproject.toml (needs the network)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --universal \
	  --python-version 3.11 --no-header --no-annotate --no-emit-index-url --quiet --upgrade \
	  --output-file requirements.lock
	{ echo '# Pinned versions of everything the project uses, with hashes. Made by make lock.'; \
	  cat requirements.lock; } > requirements.new
	mv requirements.new requirements.lock

clean:  ## remove everything a run has made (figures and notebooks stay)
	rm -rf .pipeline reports/_drafts reports/_generated reports/_output data/processed/*.csv data/processed/*.parquet

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

# Quarto downloads its own binaries. Where it cannot, the embedded renderer does the work.
$(QUARTO): $(READY)
	@$(BIN)/python -m pip install --quiet 'quarto-cli>=1.9' >/dev/null 2>&1 \
	  && echo "Quarto is installed." \
	  || echo "Quarto could not be installed here; the embedded renderer will be used."
	@touch $@
