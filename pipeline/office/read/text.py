"""Text tables: csv, tsv and their kin, as Excel and WPS save them and people mend them by hand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.limits import Limits
from pipeline.model import Grid
from pipeline.office.read.converted import cell_of, columns_of, packed, too_many

_SEPARATOR = re.compile(r"\ufeff?(\"?)sep=(.)\1\r?\n", re.IGNORECASE)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")
_DELIMITERS = "\t;,|"
_WIDE_DELIMITERS = (
    "，；"  # what an input method types for them: they part cells only where every line agrees
)
_SHORT = 40  # characters of a cell in a table parted by what also parts sentences
_SAMPLE = 20_000  # characters from which the delimiter is judged
_MOST_LINES = 50  # of one cell in quotes; a quote that takes in more was never closed
_BOX_FACTOR = 4
_LONGEST_FIELD = 2**31 - 1  # cells have a bound of their own, which is said


def read_text_table(text: str, limits: Limits) -> Grid:
    """One sheet without a name; of running text, a row a line."""
    delimiter, text = _delimiter(text)
    if not delimiter:
        lines = [[line.strip()] for line in text.splitlines()]
        return Grid("", columns_of(lines), prose="是一段文字，不是表格。请报送电子表格")
    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[list[str]] = []
    fields, as_text = 0, '="' in text
    for row in _rows(text, delimiter):
        fields += len(row)
        if fields > _BOX_FACTOR * limits.cells:
            raise too_many("", limits)
        rows.append([_AS_TEXT.sub(r"\1", f) for f in row] if as_text else row)
    if len(rows) * max(map(len, rows), default=0) <= _BOX_FACTOR * max(fields, 10_000):
        grid = Grid("", columns_of(rows))
    else:  # a line of thousands of cells among short ones
        cells = ((r, c, cell_of(t)) for r, row in enumerate(rows, 1) for c, t in enumerate(row, 1))
        grid = Grid("", packed({(r, c): cell for r, c, cell in cells if cell.type}))
    if len(grid.cells) > limits.cells:
        raise too_many("", limits)
    return grid


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, '' in running text; and the text without the line `sep=;`, which Excel does not show.

    It is the one by which most lines have equally many cells, not the one that occurs most:
    addresses hold commas.
    """
    if declared := _SEPARATOR.match(text):
        return declared[2], text[declared.end() :]
    sample = text[:_SAMPLE]
    ranked = [(*_evenness(sample, d), d) for d in _DELIMITERS if d in sample]
    if not ranked or max(ranked, key=lambda r: r[:2])[0] == 0:
        return next((d for d in _WIDE_DELIMITERS if _is_even(text, d)), ""), text
    return max(ranked, key=lambda r: r[:2])[2], text


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """How many lines have the width most lines have, if it is more than one cell; and that width."""
    widths = Counter(
        len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    )
    several = [(count, width) for width, count in widths.items() if width > 1]
    return max(several, default=(0, 0))


def _is_even(text: str, delimiter: str) -> bool:
    """Whether a delimiter parts all lines, several of them, into equally many cells of few characters."""
    lines = [line.split(delimiter) for line in text[:_SAMPLE].splitlines() if line.strip()]
    widths = set(map(len, lines))
    short = all(len(cell) <= _SHORT and "。" not in cell for line in lines for cell in line)
    return len(lines) > 1 and len(widths) == 1 and widths != {1} and short


def _rows(text: str, delimiter: str) -> Iterable[list[str]]:
    """The lines as lists of cells; a quote that is never closed takes in its own line alone."""
    if '"' not in text:
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    swallowing = any("\n" in f and delimiter in f for row in rows for f in row if len(f) > 2)
    return _mended(text, delimiter, _width(rows)) if swallowing else rows


def _width(rows: Iterable[list[str]]) -> int:
    return max(Counter(map(len, rows)).items(), key=lambda i: (i[0] > 1, i[1]), default=(0, 0))[0]


def _mended(text: str, delimiter: str, width: int) -> Iterator[list[str]]:
    """Line by line: a cell in quotes may go on below only if what it takes in are no rows."""
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    at = 0
    while at < len(lines):
        count, row = _record(lines, at, delimiter)
        inside = lines[at + 1 : at + count]
        odd = count > 1 and len(row) != width
        if count == 0 or (odd and any(_is_row(line, delimiter, width) for line in inside)):
            row, count = lines[at].split(delimiter), 1
        yield row
        at += count


def _record(lines: list[str], at: int, delimiter: str) -> tuple[int, list[str]]:
    """How many lines the record that begins here takes, and its cells; 0 where no quote ends it."""
    if '"' not in lines[at]:
        return 1, lines[at].split(delimiter)
    reader = csv.reader(
        (line + "\n" for line in lines[at : at + _MOST_LINES]), delimiter=delimiter, strict=True
    )
    try:
        row = next(reader)
    except csv.Error:  # an open quote, or characters behind a closed one
        lenient = csv.reader([lines[at]], delimiter=delimiter)
        balanced = lines[at].count('"') % 2 == 0
        return (1, next(lenient)) if balanced else (0, [])
    return reader.line_num, row


def _is_row(line: str, delimiter: str, width: int) -> bool:
    return width > 1 and line.count(delimiter) >= max(width - 1, 2)
