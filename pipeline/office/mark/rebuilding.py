"""A plain workbook with the same cells at the same places, for files that are no editable xlsx."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from pipeline.model import Cell, Grid
from pipeline.office.characters import printable, shown_width
from pipeline.office.fill.content import serial, text_tail
from pipeline.office.mark.edited import OFFICE
from pipeline.office.mark.old_looks import Dress, Looks, dresses
from pipeline.office.places import LAST_COLUMN, LAST_ROW
from pipeline.office.xmlparts import MAIN
from pipeline.office.zipped import in_one, packed
from pipeline.values import column_letters

_WIDEST_COLUMN, _LONGEST_NAME = 42, 31
_MOST_DIGITS = 15  # more than a number in Excel can hold
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HIDDEN = ' hidden="1"'
_CENTRED = 'horizontal="center" vertical="center" wrapText="1"'


def rebuilt(grids: Sequence[Grid], content: bytes) -> tuple[bytes, Mapping[str, str], bool]:
    """An xlsx of the grids read from a file; for each grid's name the name its sheet has there; and
    whether the looks of the file, an old .xls, came along."""
    looks = Looks()
    plain = _Plain.of(looks)
    dressed = dresses(content, len(grids), looks)
    titles = _names(grid.name for grid in grids)
    found = dressed or [Dress()] * len(grids)
    sheets = [_sheet(g, d, plain) for g, d in zip(grids, found, strict=True)]
    if not sheets:
        sheets, titles = [_sheet(Grid("", {}), Dress(), plain)], ["Sheet1"]
    hidden = [g.hidden for g in grids] or [False]
    if all(hidden):  # a workbook shows one sheet at least
        hidden[0] = False
    parts = _parts(titles, hidden, sheets, looks)
    made = in_one(packed(name, text.encode("utf-8")) for name, text in parts.items())
    names = dict(reversed(list(zip((g.name for g in grids), titles, strict=False))))
    return made, names, bool(dressed)  # of two sheets of one name the first has it


@dataclass(frozen=True)
class _Plain:
    """The looks of cells whose own are not known."""

    text: int
    day: int
    moment: int
    centred: int

    @classmethod
    def of(cls, looks: Looks) -> _Plain:
        return cls(
            looks.made(number="@"),
            looks.made(number="yyyy-mm-dd"),
            looks.made(number="yyyy-mm-dd hh:mm:ss"),
            looks.made(number="@", alignment=_CENTRED),
        )


def _names(wanted: Iterable[str]) -> list[str]:
    """For each sheet a name that Excel takes."""
    names: list[str] = []
    taken: set[str] = set()
    for name in wanted:
        base = _NOT_IN_NAMES.sub("_", printable(name)).strip("' \n\t")[:_LONGEST_NAME] or "Sheet"
        made, number = base, 1
        while made.casefold() in taken:
            number += 1
            made = f"{base[: _LONGEST_NAME - len(str(number))]}{number}"
        taken.add(made.casefold())
        names.append(made)
    return names


def _sheet(grid: Grid, dress: Dress, plain: _Plain) -> str:
    merges = [m for m in grid.merges if m[2] <= LAST_ROW and m[3] <= LAST_COLUMN]
    centred = {(top, left) for top, left, _, _ in merges}
    rows: dict[int, list[tuple[int, str]]] = {}
    widths: dict[int, int] = {}
    for (row, column), cell in grid.cells.items():
        if row > LAST_ROW or column > LAST_COLUMN:
            continue
        look = dress.cells.get((row, column))
        tail = _tail(cell, look, plain, centred=(row, column) in centred)
        rows.setdefault(row, []).append((column, tail))
        if widths.get(column, 6) < _WIDEST_COLUMN:
            widths[column] = max(widths.get(column, 6), min(shown_width(cell.text), _WIDEST_COLUMN))
    for (row, column), look in dress.cells.items():
        if (row, column) not in grid.cells:
            rows.setdefault(row, []).append((column, f' s="{look[0]}"/>'))
    wide = 0
    for _, left, _, right in merges:
        wide |= _bits(left, right) if right > left else 0
    shown = {c: float(w + 2) for c, w in widths.items() if not wide >> c & 1}
    shown |= dress.widths
    columns = _columns(shown, grid.hidden_columns)
    data = "".join(
        _row(n, rows.get(n, []), dress.heights.get(n), n in grid.hidden_rows)
        for n in sorted({*rows, *(r for r in grid.hidden_rows if r <= LAST_ROW)})
    )
    merged = "".join(
        f'<mergeCell ref="{column_letters(left)}{top}:{column_letters(right)}{bottom}"/>'
        for top, left, bottom, right in _apart(merges)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{MAIN}">'
        + (f"<cols>{columns}</cols>" if columns else "")
        + f"<sheetData>{data}</sheetData>"
        + (f"<mergeCells>{merged}</mergeCells>" if merged else "")
        + "</worksheet>"
    )


def _tail(cell: Cell, look: tuple[int, int] | None, plain: _Plain, *, centred: bool) -> str:
    """The value under its type; what Excel would spoil stays the text that was read."""
    text, number = look or (plain.centred if centred else plain.text, plain.centred * centred)
    if cell.type == "n" and (value := _number(cell.text)) is not None:
        return f' s="{number}"><v>{value}</v></c>'
    if cell.type == "d" and (day := _day(cell.text)) is not None:
        style = plain.moment if isinstance(day, datetime) else plain.day
        return f' s="{number if look else style}"><v>{serial(day)}</v></c>'
    return text_tail(cell.text, text)


def _number(text: str) -> str | None:
    plain = _NUMBER.fullmatch(text)
    digits = sum(c.isdigit() for c in text)
    return text if plain and digits <= _MOST_DIGITS else None


def _day(text: str) -> date | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < 1900:
        return None
    return moment.date() if len(text) == 10 else moment


def _row(number: int, cells: list[tuple[int, str]], height: float | None, hidden: bool) -> str:
    content = "".join(f'<c r="{column_letters(c)}{number}"{tail}' for c, tail in sorted(cells))
    tall = f' ht="{height:g}" customHeight="1"' if height else ""
    gone = _HIDDEN if hidden else ""
    return f'<row r="{number}"{tall}{gone}>{content}</row>'


def _columns(widths: Mapping[int, float], hidden: Iterable[int]) -> str:
    gone = frozenset(hidden)
    return "".join(
        f'<col min="{c}" max="{c}" width="{min(widths.get(c, 9.0), 255):g}" customWidth="1"'
        f"{_HIDDEN if c in gone else ''}/>"
        for c in sorted(c for c in {*widths, *gone} if c <= LAST_COLUMN)
    )


def _apart(merges: Iterable[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Merges that do not lie over each other: Excel calls others damage."""
    kept: list[tuple[int, int, int, int]] = []
    taken: dict[int, int] = {}
    for top, left, bottom, right in sorted(merges):
        own, rows = _bits(left, right), range(top, bottom + 1)
        if (top, left) == (bottom, right) or any(taken.get(row, 0) & own for row in rows):
            continue
        kept.append((top, left, bottom, right))
        taken |= {row: taken.get(row, 0) | own for row in rows}
    return kept


def _bits(first: int, last: int) -> int:
    """A number whose bits first to last are set."""
    return (1 << last + 1) - (1 << first)


def _parts(
    names: Sequence[str], hidden: Sequence[bool], sheets: Sequence[str], looks: Looks
) -> dict[str, str]:
    listed, relations, types = [], [], []
    for n, (name, gone) in enumerate(zip(names, hidden, strict=True), 1):
        state = ' state="hidden"' if gone else ""
        listed.append(f'<sheet name="{escape(name)}" sheetId="{n}"{state} r:id="rId{n}"/>')
        relations.append(_relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml"))
        types.append(_override(f"/xl/worksheets/sheet{n}.xml", "worksheet"))
    relations.append(_relation("rIdStyles", "styles", "styles.xml"))
    book = (
        f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{''.join(listed)}</sheets></workbook>"
    )
    contents = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{_override('/xl/workbook.xml', 'sheet.main')}{_override('/xl/styles.xml', 'styles')}"
        f"{''.join(types)}</Types>"
    )
    return {
        "[Content_Types].xml": contents,
        "_rels/.rels": _relations([_relation("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/styles.xml": looks.xml(),
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 1)},
    }


def _relations(relations: Iterable[str]) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{"".join(relations)}</Relationships>'


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_TYPE}{kind}+xml"/>'
