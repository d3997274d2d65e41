# make demo      sets everything up and runs the monthly job on a made-up province
# make test      sets everything up and runs the tests
# make thorough  the same laws with further seeds, sizes and formats
# make check     format, lint and types
# make pictures  the pictures of the README, from the demo (needs Chromium, LibreOffice, poppler)
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test thorough check pictures

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

MONTH = demo/outbox/2018-11
TO_PDF = soffice --headless --convert-to pdf --outdir $(VENV)/pictures
TO_PNG = pdftoppm -png -singlefile -r 80
pictures: demo
	mkdir -p docs/pictures $(VENV)/pictures
	chromium --headless --no-sandbox --hide-scrollbars --window-size=1100,1330 \
		--screenshot=docs/pictures/index_page.png "file://$(CURDIR)/$(MONTH)/index.html"
	$(TO_PDF) $(MONTH)/全省汇总表.xlsx $(MONTH)/情况报告.docx
	$(TO_PNG) -f 2 $(VENV)/pictures/全省汇总表.pdf docs/pictures/summary_workbook
	$(TO_PNG) -f 1 $(VENV)/pictures/情况报告.pdf docs/pictures/narrative_report

$(VENV)/ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make demo PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
