"""Fills a workbook template: what stands in its cells is Jinja2, all else stays as drawn in Excel.

A cell that is one expression, `{{ line.done }}`, keeps its number; other text is rendered as text.
A row whose first cell begins with `{% row line in lines %}` is repeated for every line; rows that
follow each other over the same list are variants, and the first whose `if` holds is taken. What
stands below a list moves down, and what points at rows (charts, names, print areas, drop-downs,
conditional formats, formulas) is moved or stretched along, and formulas remember what they come to. A list longer than a sheet goes on
over copies of it. Parts of the package that nothing of this touches stay byte for byte.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.office.fill.calculated import calculated
from pipeline.office.fill.cell_values import CellValues
from pipeline.office.fill.charts import chart_parts
from pipeline.office.fill.citing import Cite
from pipeline.office.fill.expressions import View
from pipeline.office.fill.lines import Batches
from pipeline.office.fill.moves import Moves
from pipeline.office.fill.patterns import RowContext, row_xml
from pipeline.office.fill.plan import Bulk, Fixed, Segment, moves_of, planned, sheets_of
from pipeline.office.fill.properties import author_parts
from pipeline.office.fill.surroundings import Page, surroundings
from pipeline.office.fill.tails import move_around, xml_around
from pipeline.office.fill.template import DrawnSheet, Template, opened
from pipeline.office.places import LAST_ROW
from pipeline.office.xmlparts import parse_xml
from pipeline.office.zipped import ZipStream, packed
from pipeline.programme import ProgrammeFault


def fill_workbook(
    template: Path, view: View, out: BinaryIO, *, limit: int = LAST_ROW, cite: Cite | None = None
) -> None:
    """Writes the workbook with every expression filled in to a stream, row by row.

    view: what the expressions may speak of; lists may be `Lines` over tables. limit: rows of a
    sheet. cite: is told of every cell that says a cited figure. The same template and view give the same bytes. Raises ProgrammeFault, naming the cell;
    what was written by then is no workbook.
    """
    fill_drawn(opened(template), view, out, limit=limit, cite=cite)


def fill_drawn(
    drawn: Template, view: View, out: BinaryIO, *, limit: int = LAST_ROW, cite: Cite | None = None
) -> dict[str, Moves]:
    """The same from a template taken apart already; where the rows of each sheet went."""
    pages = [page for sheet in drawn.sheets for page in _pages(drawn, sheet, view, limit)]
    moves = {
        p.sheet.name: p.moves for p in reversed(pages)
    }  # elsewhere a name means the first page
    styling = drawn.styling()
    values = CellValues(pages, view)
    values.formulas = calculated(drawn, pages, moves, values)
    around = surroundings(drawn, pages, moves, view)
    around |= author_parts(drawn.package, str(view.get("office", "")))
    package = ZipStream(out)
    _write_parts(package, drawn, around, first=True)
    cursors: dict[str, dict[int, Batches]] = {}
    for page in pages:
        if page.sheet.filled or page.sheet.calculates or page.number > 1:
            context = RowContext(
                page.sheet.name,
                styling,
                {**moves, page.sheet.name: page.moves},
                page.sheet.widths,
                cite if page.number == 1 else None,
                values.formulas if page.number == 1 else {},
            )
            cursor = cursors.setdefault(page.sheet.name, {})
            package.stream(page.part, _sheet_xml(page, view, context, cursor))
        else:
            package.add(drawn.parts[page.part])
    filled_sheets = {page.sheet.name for page in pages if page.sheet.filled}
    around |= chart_parts(drawn, moves, filled_sheets, values, styling, view)
    if styling.changed:
        around[drawn.styles_part] = styling.content()
    _write_parts(package, drawn, around, first=False)
    package.close()
    return moves


def filled(template: Path, view: View) -> bytes:
    """The filled workbook in one piece, for small ones. Raises ProgrammeFault."""
    out = io.BytesIO()
    fill_workbook(template, view, out)
    return out.getvalue()


def _pages(drawn: Template, sheet: DrawnSheet, view: View, limit: int) -> Iterator[Page]:
    segments = planned(sheet.rows, view, sheet.merged)
    cut = sheets_of(segments, limit)
    if cut is None:
        raise ProgrammeFault(drawn.file, None, f"工作表“{sheet.name}”的内容超过 {limit} 行，放不下")
    for number, part in enumerate(cut, 1):
        yield Page(sheet, number, tuple(part), moves_of(part))


def _write_parts(
    package: ZipStream, drawn: Template, around: dict[str, bytes | None], *, first: bool
) -> None:
    """The parts besides the sheets: the list of contents before them, all others behind."""
    sheets = {s.part for s in drawn.sheets}
    head = "[Content_Types].xml"
    names = [head] if first else [n for n in dict.fromkeys([*drawn.parts, *around]) if n != head]
    for name in names:
        content = around.get(name)
        if content is not None:
            package.add(packed(name, content))
        elif name not in around and name not in sheets:
            package.add(drawn.parts[name])


def _sheet_xml(
    page: Page, view: View, context: RowContext, cursor: dict[int, Batches]
) -> Iterator[bytes]:
    root: Any = parse_xml(page.sheet.xml)
    move_around(root, page.sheet.name, context.moves, page.segments)
    if page.number > 1:
        page.strip(root)
    before, after = xml_around(root)
    yield before
    yield from _rows(page.segments, view, context, cursor)
    yield after


def _rows(
    segments: tuple[Segment, ...], view: View, context: RowContext, cursor: dict[int, Batches]
) -> Iterator[bytes]:
    at = 1
    for segment in segments:
        if isinstance(segment, Fixed):
            if segment.row.cells or segment.row.attributes or segment.row.height:
                yield row_xml(segment.row, at, view, None, context).encode("utf-8")
        elif isinstance(segment, Bulk):
            yield from _bulk(segment, at, view, context, cursor)
        else:
            for n, (row, line) in enumerate(segment.lines, at):
                yield row_xml(row, n, view, line, context).encode("utf-8")
        at += segment.rows


def _bulk(
    segment: Bulk, at: int, view: View, context: RowContext, cursor: dict[int, Batches]
) -> Iterator[bytes]:
    from pipeline.office.fill.bulk import needed, rows_xml

    row = segment.row
    if not segment.cut or row.number not in cursor:
        cursor[row.number] = segment.lines.batches(needed(row, segment.lines.names))
    yield from rows_xml(row, cursor[row.number], at, segment.rows, view, context)
