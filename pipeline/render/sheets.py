"""Fills a workbook template: what stands in its cells is Jinja2, its looks stay as drawn in Excel.

A cell that is one expression, `{{ line.done }}`, keeps its number; other text is rendered as text.
A row whose first cell begins with `{% row line in lines %}` is repeated for every line; rows that
follow each other over the same list are variants, and the first whose `if` holds is taken.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from jinja2 import StrictUndefined, TemplateError, Undefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.programme import ProgrammeFault
from pipeline.render.package import settled, shown_width

_ROW = re.compile(r"^\{%\s*row\s+(\w+)\s+in\s+([\w.]+?)(?:\s+if\s+(.+?))?\s*%\}", re.DOTALL)
_LINE_SPACING, _TALLEST_ROW = 1.3, 409.0  # Excel's own limit, in points
_LONE = re.compile(r"^\{\{((?:(?!\}\}).)+)\}\}$", re.DOTALL)


def fill_workbook(template: Path, view: Mapping[str, Any]) -> bytes:
    """The workbook with every expression filled in. Raises ProgrammeFault, naming the cell."""
    try:
        book = openpyxl.load_workbook(template)
    except FileNotFoundError:
        raise ProgrammeFault(template, None, "找不到这个模板") from None
    except Exception as fault:
        raise ProgrammeFault(template, None, "这个模板打不开，请用 Excel 另存为 .xlsx") from fault
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    for sheet in book.worksheets:
        _Filler(sheet, environment, view, template).fill()
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue())


@dataclass(frozen=True)
class _Drawn:
    """One row as drawn: its cells, its height, and what it repeats over."""

    number: int
    cells: tuple[tuple[int, Any, Any], ...]  # column, value, style
    height: float | None
    over: tuple[str, str, str] | None  # variable, list, condition


class _Filler:
    """Writes one sheet anew, row by row, so that what stands below a list moves down with it."""

    def __init__(
        self,
        sheet: Worksheet,
        environment: SandboxedEnvironment,
        view: Mapping[str, Any],
        file: Path,
    ) -> None:
        self.sheet, self.environment, self.view, self.file = sheet, environment, view, file
        self.compiled: dict[str, Any] = {}
        self.merges: dict[int, list[tuple[int, int, int]]] = {}  # top row -> columns, height
        for area in sheet.merged_cells.ranges:
            tall = area.max_row - area.min_row
            self.merges.setdefault(area.min_row, []).append((area.min_col, area.max_col, tall))

    def fill(self) -> None:
        rows = [self._drawn(number) for number in range(1, self.sheet.max_row + 1)]
        for area in list(self.sheet.merged_cells.ranges):
            self.sheet.unmerge_cells(str(area))
        self.sheet._cells.clear()  # openpyxl has no public way to empty a sheet but keep its looks
        self.sheet.row_dimensions.clear()
        written: dict[int, list[int]] = {}
        at = 1
        for row, view in self._laid_out(rows):
            self._write(row, at, view)
            written.setdefault(row.number, []).append(at)
            at += 1
        self._stretch_lists(written)

    def _drawn(self, number: int) -> _Drawn:
        cells: list[tuple[int, Any, Any]] = []
        over = None
        drawn: Iterable[Any] = self.sheet[number]
        for cell in drawn:
            if isinstance(cell, MergedCell):
                cells.append((int(cell.column or 0), None, None))
                continue
            value = cell.value
            if isinstance(value, str) and (match := _ROW.match(value)):
                over = (match[1], match[2], match[3] or "")
                value = value[match.end() :]
            cells.append((int(cell.column), value, copy(cell._style)))
        return _Drawn(number, tuple(cells), self.sheet.row_dimensions[number].height, over)

    def _laid_out(self, rows: list[_Drawn]) -> Iterator[tuple[_Drawn, Mapping[str, Any]]]:
        at = 0
        while at < len(rows):
            row = rows[at]
            if row.over is None:
                yield row, self.view
                at += 1
                continue
            variants = [row]
            while (
                (at := at + 1) < len(rows) and (over := rows[at].over) and over[:2] == row.over[:2]
            ):
                variants.append(rows[at])
            for item in self._value(row.over[1], self.view, row.number):
                view = {**self.view, row.over[0]: item}
                for variant in variants:
                    condition = variant.over[2] if variant.over else ""
                    if not condition or self._value(condition, view, variant.number):
                        yield variant, view
                        break

    def _write(self, row: _Drawn, at: int, view: Mapping[str, Any]) -> None:
        for column, value, style in row.cells:
            cell: Any = self.sheet.cell(at, column)
            if style is not None:
                cell._style = copy(style)
            self._put(cell, self._filled(value, view, row.number, column))
        if height := row.height or self._height(at, row):
            self.sheet.row_dimensions[at].height = height
        for left, right, tall in self.merges.get(row.number, ()):
            self.sheet.merge_cells(
                start_row=at, end_row=at + tall, start_column=left, end_column=right
            )

    def _height(self, at: int, row: _Drawn) -> float | None:
        """The height that wrapped text needs where the row was drawn without one: not every
        program works it out when it opens the file."""
        tallest = 0.0
        for column, _, _ in row.cells:
            cell = self.sheet.cell(at, column)
            if not (cell.alignment.wrap_text and isinstance(cell.value, str)):
                continue
            width = self.sheet.column_dimensions[get_column_letter(column)].width * 0.92 - 1
            lines = sum(max(1, math.ceil(shown_width(t) / width)) for t in cell.value.split("\n"))
            tallest = max(tallest, lines * (cell.font.sz or 11) * _LINE_SPACING)
        return min(tallest + 4, _TALLEST_ROW) if tallest else None

    def _filled(self, value: Any, view: Mapping[str, Any], row: int, column: int) -> Any:
        if not isinstance(value, str) or "{" not in value:
            return value
        if lone := _LONE.match(value.strip()):
            return self._value(lone[1], view, row, column)
        try:
            return self.environment.from_string(value).render(view)
        except TemplateError as fault:
            raise self._fault(fault, row, column) from None

    def _value(self, text: str, view: Mapping[str, Any], row: int, column: int = 1) -> Any:
        try:
            if text not in self.compiled:
                expression = self.environment.compile_expression(text, undefined_to_none=False)
                self.compiled[text] = expression
            found = self.compiled[text](**view)
        except TemplateError as fault:
            raise self._fault(fault, row, column) from None
        if isinstance(found, Undefined):
            raise self._fault(UndefinedError(f"{text.strip()} 没有定义"), row, column)
        return found

    def _fault(self, fault: TemplateError, row: int, column: int) -> ProgrammeFault:
        cell = f"{get_column_letter(column)}{row}"
        place = f"工作表“{self.sheet.title}”单元格 {cell}"
        return ProgrammeFault(self.file, None, f"{place}的写法有误（{fault.message}）")

    def _put(self, cell: Any, value: Any) -> None:
        """A text stays a text: what begins with = in a county's file must not run here."""
        if value is None or value == "":
            return
        if not isinstance(value, (str, int, float, date, CellRichText)):
            value = str(value)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
            cell.data_type = "s"
        else:
            cell.value = value

    def _stretch_lists(self, written: Mapping[int, list[int]]) -> None:
        """Drop-downs drawn on a repeated row reach over all its copies."""
        for rule in self.sheet.data_validations.dataValidation:
            areas = [a for area in rule.sqref.ranges for a in _moved(area, written)]
            rule.sqref = MultiCellRange(areas)


def _moved(area: Any, written: Mapping[int, list[int]]) -> Iterator[Any]:
    rows = [at for row in range(area.min_row, area.max_row + 1) for at in written.get(row, ())]
    if rows:
        yield CellRange(
            min_col=area.min_col, max_col=area.max_col, min_row=min(rows), max_row=max(rows)
        )
