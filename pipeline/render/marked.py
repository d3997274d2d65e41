"""The county's own file back, with only the faulty cells marked and explained."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Grid, Issue, Severity
from pipeline.render.package import settled, shown_width

_FILL = {
    Severity.ERROR: PatternFill("solid", fgColor="FFC7CE"),
    Severity.WARNING: PatternFill("solid", fgColor="FFEB9C"),
    Severity.INFO: PatternFill("solid", fgColor="DDEBF7"),
}
_WORD = {Severity.ERROR: "退回", Severity.WARNING: "核实", Severity.INFO: "告知"}
_RANK = list(_FILL)
_WIDEST_COLUMN = 42


def mark(content: bytes, grids: Sequence[Grid], issues: Iterable[Issue]) -> bytes:
    """The workbook as filed with marks; formats openpyxl cannot keep are rebuilt cell by cell."""
    book = _opened(content, grids) or _rebuilt(grids)
    cells: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        if issue.cell:
            cells.setdefault((issue.sheet, issue.cell), []).append(issue)
    for (name, place), found in cells.items():
        sheet = _sheet(book, name)
        if sheet is not None:
            _mark_cell(sheet, place, found)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


def _opened(content: bytes, grids: Sequence[Grid]) -> Workbook | None:
    if not content.startswith(b"PK"):
        return None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:  # ods, strict OOXML, a damaged part: the cells were read all the same
        return None
    whole = book.worksheets and {g.name for g in grids} <= set(book.sheetnames)
    return book if whole else None


def _rebuilt(grids: Sequence[Grid]) -> Workbook:
    """A plain workbook with the same cells at the same places."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(grid.name[:31] or "Sheet1")
        widths: dict[int, int] = {}
        for (row, column), told in sorted(grid.cells.items()):
            cell = sheet.cell(row, column)
            text = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", told.text)[:32_000]
            cell.value, cell.data_type, cell.number_format = text, "s", "@"
            widths[column] = max(widths.get(column, 6), min(shown_width(text), _WIDEST_COLUMN))
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
            sheet.cell(top, left).alignment = Alignment("center", "center", wrap_text=True)
            for column in range(left, right + 1) if right > left else ():
                widths.pop(column, None)
        for column, width in widths.items():
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = width + 2
    if not book.worksheets:
        book.create_sheet("Sheet1")
    return book


def _sheet(book: Workbook, name: str) -> Worksheet | None:
    for sheet in book.worksheets:
        if sheet.title == (name[:31] or "Sheet1"):
            return sheet
    return None


def _mark_cell(sheet: Worksheet, place: str, issues: Sequence[Issue]) -> None:
    """A fill for the gravest, a comment that says each; on a merged range, at its first cell."""
    cell = sheet[place]
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area:
            cell = sheet.cell(area.min_row, area.min_col)
    gravest = min((i.severity for i in issues), key=_RANK.index)
    cell.fill = _FILL[gravest]
    text = "\n".join(_said(i) for i in issues)
    before = f"{cell.comment.text}\n" if cell.comment else ""
    lines = sum(1 + shown_width(line) // 34 for line in (before + text).split("\n"))
    cell.comment = Comment(before + text, "核对", height=24 + 19 * lines, width=280)


def _said(issue: Issue) -> str:
    suggestion = f"（{issue.suggestion}）" if issue.suggestion else ""
    return f"【{_WORD[issue.severity]}】{issue.message}{suggestion}"


def place_of(issue: Issue) -> tuple[str, int, int]:
    """Where an issue stands, for sorting: sheet, row, column."""
    column = column_index_from_string(issue.column) if issue.column else 0
    return issue.sheet, issue.row or 0, column


def said_in_words(issue: Issue) -> Mapping[str, str]:
    """An issue as the notice lists it."""
    return {
        "sheet": issue.sheet,
        "cell": issue.cell,
        "word": _WORD[issue.severity],
        "message": issue.message,
        "suggestion": issue.suggestion,
    }
