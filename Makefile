# make demo      sets everything up and runs the monthly job on a made-up province
# make test      sets everything up and runs the tests
# make thorough  the same laws with further seeds, sizes and formats
# make check     format, lint and types
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test thorough check

demo: $(VENV)/ready
	$(BIN)/pipeline demo demo

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto

thorough: $(VENV)/ready
	$(BIN)/python -m pytest -n auto -m thorough

check: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make demo PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
