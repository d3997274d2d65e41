"""Web pages saved as .xls: what Excel shows of them on one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.read.converted import bounded, cell_of, packed
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import refuse_crowd

_MOST_COLUMNS = 2_000
_MOST_SPAN = 1_000  # rows or columns one cell may reach over
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "br",
        "hr",
        "center",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "caption",
        "body",
        "form",
    ]
)
_UNSEEN = frozenset({"script", "style", "head", "title", "xml"})
_TYPED = frozenset({"text", "number", "date", "tel", ""})  # fields of a form that show their value
_STRIKING = frozenset({"s", "strike", "del"})
_LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def read_html(text: str, limits: Limits) -> tuple[Grid, ...]:
    """The page as one sheet: its tables one below the other, text between them a row each.

    Spans become merges. Raises Unreadable where the page holds no table.
    """
    from lxml import html

    text = text.lstrip("\ufeff \t\r\n")
    refuse_crowd(2 * text.count("<"))  # twice as dear as XML
    if "<table" not in text.lower():  # rows alone, as some exports write them
        text = f"<table>{text}</table>"
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except Exception as fault:
        raise Unreadable("F01", "网页已损坏，读不出表格") from fault
    if any("depth" in entry.message.lower() for entry in parser.error_log.filter_from_fatals()):
        raise Unreadable("F01", "网页嵌套得太深，不是正常的表格")  # the rest would be lost unseen
    sheet = _Sheet(limits)
    for part in _parts(root):
        if isinstance(part, str):
            sheet.add_line(part)
        else:
            sheet.add_table(part)
    grid = sheet.grid()
    if not sheet.tables or not grid.cells:
        raise Unreadable("F01", "是网页，里面没有表格。请用 Excel 打开后另存为 .xlsx")
    return (grid,)


def _parts(element: Any) -> Iterator[Any]:
    """Tables that hold no other table, and the lines of text around them, in the page's order."""
    line: list[str] = []
    for part in _pieces(element):
        if isinstance(part, str):
            line.append(part)
            continue
        if words := " ".join("".join(line).split()):
            yield words
        line = []
        if part is not None:
            yield part
    if words := " ".join("".join(line).split()):
        yield words


def _pieces(element: Any) -> Iterator[Any]:
    """Bits of text, None where a line ends, and innermost tables."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    if element.tag == "table" and not _lays_out(element):
        for caption in element.iterchildren("caption"):
            yield None
            yield _text(caption)
            yield None
        yield element
        return
    ends = element.tag in _BLOCKS
    if ends:
        yield None
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if ends:
        yield None


def _lays_out(table: Any) -> bool:
    """Whether a table only arranges other tables on the page, and is not one of rows with small ones in
    their cells."""
    inner = list(table.iterdescendants("table"))
    if not inner:
        return False
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    several = sum(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in rows)
    return several < 2 or max(sum(1 for _ in t.iter("tr")) for t in inner) >= several


class _Sheet:
    """A sheet that grows downwards."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden: set[int] = set()
        self._struck: set[tuple[int, int]] = set()
        self._row = 0
        self.tables = 0

    def add_line(self, text: str) -> None:
        """A line of text, in the first column."""
        self._row += 1
        self._cells[self._row, 1] = cell_of(text)

    def add_table(self, table: Any) -> None:
        """A table, its spans as merges."""
        self.tables += 1
        covered: dict[int, int] = {}  # column -> the last row a cell above reaches down to
        for line in table.iter("tr"):
            if next(line.iterancestors("table")) is not table:
                continue  # of a small table within a cell
            self._row += 1
            if _HIDDEN.search(line.get("style", "")):
                self._hidden.add(self._row)
            self._add_row(line, covered)
            bounded(self._cells, "网页", self._limits)

    def _add_row(self, line: Any, covered: dict[int, int]) -> None:
        row, column = self._row, 1
        for element in line:
            if element.tag not in ("td", "th"):
                continue
            while covered.get(column, 0) >= row:
                column += 1
            if column > _MOST_COLUMNS:
                raise Unreadable("F05", f"网页里的表格超过 {_MOST_COLUMNS} 列")
            wide, tall = _span(element, "colspan"), _span(element, "rowspan")
            if wide > 1 or tall > 1:
                self._merges.append((row, column, row + tall - 1, column + wide - 1))
            if tall > 1:
                reached = range(column, min(column + wide, _MOST_COLUMNS + 1))
                covered.update(dict.fromkeys(reached, row + tall - 1))
            found = cell_of(_text(element))
            if found.type:
                self._cells[row, column] = found
                if _is_struck(element):
                    self._struck.add((row, column))
            column += wide

    def grid(self) -> Grid:
        """What has been laid down."""
        return Grid(
            "网页", packed(self._cells), tuple(self._merges), frozenset(self._hidden),
            struck=frozenset(self._struck),
        )  # fmt: skip


def _is_struck(cell: Any) -> bool:
    """Whether letters in a cell are struck out."""
    return any(
        e.tag in _STRIKING or _LINE_THROUGH.search(e.get("style", ""))
        for e in cell.iter()
        if isinstance(e.tag, str)
    )


def _text(cell: Any) -> str:
    """A cell's text; a line break is a space, since browsers show runs of them as one."""
    return " ".join("".join(_shown(cell)).split())


def _shown(element: Any) -> Iterator[str]:
    """What an element shows of itself and of what stands in it."""
    yield _own(element)
    for child in element:
        if not _HIDDEN.search(child.get("style", "") if isinstance(child.tag, str) else ""):
            yield from _shown(child)
        if child.tag in _BLOCKS:
            yield " "
        yield child.tail or ""


def _own(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return ""
    if element.tag == "input" and element.get("type", "text").lower() in _TYPED:
        return str(element.get("value", ""))
    if element.tag == "option" and element.get("selected") is None:
        return ""
    return "\n" if element.tag == "br" else element.text or ""


def _span(element: Any, name: str) -> int:
    text = element.get(name, "1").strip()
    return max(1, min(int(text), _MOST_SPAN)) if text.isdigit() and text.isascii() else 1
