"""Word documents whose tables are the return: paragraphs and table rows one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.package import Package
from pipeline.office.read.converted import bounded, cell_of, packed
from pipeline.office.read.looks import is_of_signs
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_filed
from pipeline.values import symbol

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same words in another dialect
_USUAL = "word/document.xml"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# what holds paragraphs, tables, rows or cells without being one
_HOLDING = frozenset({f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}smartTag", f"{_W}ins"})
# not what a cell says: what is drawn over it, phonetic guides, what was taken out
_UNSEEN = frozenset(
    [f"{_W}{n}" for n in ("pict", "drawing", "object", "rt", "del", "moveFrom", "tbl")]
    + [f"{_MC}Choice"]  # for programs that know an extension; the fallback is for all
)
_SHOWING = frozenset({f"{_W}t", f"{_W}sym", f"{_W}checkBox"})
_WIDEST = 200  # columns of a table
_NO_TABLE = "这是 Word 文档，里面没有表格。请报送电子表格"


def word_part(package: Package) -> str:
    """The part that is the text of a Word document; nothing in other packages."""
    if _USUAL in package:
        return _USUAL
    part = package.related("", "officeDocument")
    return part if part.startswith("word/") else ""


def read_word(package: Package, document: str, limits: Limits) -> tuple[Grid, ...]:
    """The document as one sheet; a row of the sheet is a paragraph or a row of a table.

    Raises Unreadable where the document says nothing at all.
    """
    content = package.part(document).replace(_STRICT, _W.strip("{}").encode())
    body = parse_filed(content).find(f"{_W}body")
    if body is None:
        raise Unreadable("F01", _NO_TABLE)
    prose = _NO_TABLE if body.find(f".//{_W}tbl") is None else ""
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
            for table in _arranged(block):
                row = _table(table, row, cells, merges, struck)
        bounded(cells, "文档", limits)
    if not cells:
        raise Unreadable("F01", _NO_TABLE)
    return (Grid("文档", packed(cells), tuple(merges), struck=frozenset(struck), prose=prose),)


def _arranged(table: Any) -> Iterator[Any]:
    """The table, or those within its one cell: some arrange a page by a table of one cell."""
    cells = [c for row in _unwrapped(table) if row.tag == f"{_W}tr" for c in _unwrapped(row)]
    inner = [c for c in cells if c.tag == f"{_W}tc"]
    tables = [t for t in _unwrapped(inner[0]) if t.tag == f"{_W}tbl"] if len(inner) == 1 else []
    if not tables:
        yield table
    for one in tables:
        yield from _arranged(one)


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
        text = "\n".join(filter(None, map(_text, _paragraphs(cell))))
        yield column, wide, merged, text, _is_struck(cell)
        column += wide


def _unwrapped(parent: Any) -> Iterator[Any]:
    """The children, those inside content controls and the like included."""
    for child in parent:
        if child.tag in _HOLDING:
            yield from _unwrapped(child)
        else:
            yield child


def _paragraphs(cell: Any) -> Iterator[Any]:
    """The paragraphs of a cell, those of small tables in it too, but of nothing drawn over it."""
    for child in _unwrapped(cell):
        if child.tag == f"{_W}p":
            yield child
        elif child.tag in (f"{_W}tbl", f"{_W}tr", f"{_W}tc"):
            yield from _paragraphs(child)


def _whole(element: Any, otherwise: int) -> int:
    text = "" if element is None else element.get(f"{_W}val", "")
    return min(int(text), _WIDEST) if text.isdigit() and text.isascii() else otherwise


def _text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph)).strip()


def _pieces(element: Any) -> Iterator[str]:
    """What the runs of a paragraph show, in order."""
    for child in element:
        if child.tag in _SHOWING:
            yield _shown(child)
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in _UNSEEN and not _is_hidden(child):
            yield from _pieces(child)


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false")


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
    return "".join(symbol(name, c) for c in text) if is_of_signs(name) else text


def _is_struck(cell: Any) -> bool:
    """Whether any letters of a cell are struck out."""
    return any(
        strike.get(f"{_W}val", "1") not in ("0", "false")
        and next(strike.getparent().getparent().iter(f"{_W}t"), None) is not None
        for strike in cell.iter(f"{_W}strike", f"{_W}dstrike")
    )
