"""Word documents whose tables are the return: paragraphs and table rows one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.read.converted import bounded, cell_of, packed
from pipeline.office.unreadable import Unreadable
from pipeline.values import symbol

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WIDEST = 200  # columns of a table


def read_word(package: Package, limits: Limits) -> tuple[Grid, ...]:
    """The document as one sheet; a row of the sheet is a paragraph or a row of a table.

    Raises Unreadable where the document holds no table.
    """
    body = package.xml("word/document.xml").find(f"{_W}body")
    if body is None or body.find(f".//{_W}tbl") is None:
        raise Unreadable("F01", "这是 Word 文档，里面没有表格。请报送电子表格")
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    struck = set[tuple[int, int]]()
    row = 0
    for block in _unwrapped(body):
        if block.tag == f"{_W}p":
            found = cell_of(_text(block))
            if found.type:
                row += 1
                cells[row, 1] = found
        elif block.tag == f"{_W}tbl":
            row = _table(block, row, cells, merges, struck)
        bounded(cells, "文档", limits)
    return (Grid("文档", packed(cells), tuple(merges), struck=frozenset(struck)),)


def _table(
    table: Any,
    above: int,
    cells: dict[tuple[int, int], Cell],
    merges: list[tuple[int, int, int, int]],
    struck: set[tuple[int, int]],
) -> int:
    """Adds the table's rows below row `above`; gives the last row used."""
    open_merges: dict[int, int] = {}  # column -> the row in which a merge downwards began
    lines = [line for line in _unwrapped(table) if line.tag == f"{_W}tr"]
    for row, line in enumerate(lines, above + 1):
        for column, wide, down, text, is_struck in _line(line):
            if down == "continue":
                continue
            if column in open_merges:
                _close(open_merges, column, row - 1, merges)
            if down == "restart":
                open_merges[column] = row
            if wide > 1:
                merges.append((row, column, row, column + wide - 1))
            found = cell_of(text)
            if found.type:
                cells[row, column] = found
                if is_struck:
                    struck.add((row, column))
    last = above + len(lines)
    for column in list(open_merges):
        _close(open_merges, column, last, merges)
    return last


def _close(
    open_merges: dict[int, int], column: int, last: int, merges: list[tuple[int, int, int, int]]
) -> None:
    first = open_merges.pop(column)
    if last > first:
        merges.append((first, column, last, column))


def _line(line: Any) -> Iterator[tuple[int, int, str, str, bool]]:
    """Column, columns reached over, merge downwards (restart, continue or nothing), text, and whether
    any of it is struck out."""
    column = 1 + _whole(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
    for cell in _unwrapped(line):
        if cell.tag != f"{_W}tc":
            continue
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        down = cell.find(f"{_W}tcPr/{_W}vMerge")
        wide = _whole(span, 1) or 1
        merged = "" if down is None else down.get(f"{_W}val", "continue")
        text = "\n".join(filter(None, map(_text, cell.iter(f"{_W}p"))))
        yield column, wide, merged, text, _is_struck(cell)
        column += wide


def _unwrapped(parent: Any) -> Iterator[Any]:
    """The children, those inside content controls included."""
    for child in parent:
        if child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _unwrapped(content)
        else:
            yield child


def _whole(element: Any, otherwise: int) -> int:
    text = "" if element is None else element.get(f"{_W}val", "")
    return min(int(text), _WIDEST) if text.isdigit() and text.isascii() else otherwise


def _text(paragraph: Any) -> str:
    return "".join(map(_shown, paragraph.iter(f"{_W}t", f"{_W}sym", f"{_W}checkBox"))).strip()


def _shown(piece: Any) -> str:
    """What a piece of a run shows: its text, a sign of a font of signs, a box to tick."""
    if piece.tag == f"{_W}sym":
        code = piece.get(f"{_W}char", "")
        known = len(code) == 4 and all(c in "0123456789abcdefABCDEF" for c in code)
        return symbol(piece.get(f"{_W}font", ""), chr(int(code, 16))) if known else ""
    if piece.tag == f"{_W}checkBox":
        state = piece.find(f"{_W}checked")
        state = piece.find(f"{_W}default") if state is None else state
        is_on = state is not None and state.get(f"{_W}val", "1") not in ("0", "false")
        return "☑" if is_on else "□"
    font = piece.getparent().find(f"{_W}rPr/{_W}rFonts")
    name = "" if font is None else str(font.get(f"{_W}ascii", ""))
    text = piece.text or ""
    return "".join(symbol(name, c) for c in text) if name.startswith("Wingdings") else text


def _is_struck(cell: Any) -> bool:
    """Whether any letters of a cell are struck out."""
    return any(
        strike.get(f"{_W}val", "1") not in ("0", "false")
        and next(strike.getparent().getparent().iter(f"{_W}t"), None) is not None
        for strike in cell.iter(f"{_W}strike", f"{_W}dstrike")
    )
