"""What an old .xls looks like: widths, heights, fonts, boxes and number formats, for its copy as xlsx."""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import copy
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

_ACROSS = {1: "left", 2: "center", 3: "right", 5: "justify", 6: "centerContinuous"}
_DOWN = {0: "top", 1: "center", 2: "bottom", 3: "justify"}
_LINES = {1: "thin", 2: "medium", 3: "dashed", 4: "dotted", 5: "thick", 6: "double", 7: "hair"}
_SIDES = ("left", "right", "top", "bottom")


def dress(book: Workbook, content: bytes) -> bool:
    """Give a copy the looks of the .xls it was made from; False where the file is none.

    Sheets are matched by their order; what cannot be told (charts, pictures, rules) stays out.
    """
    import xlrd

    try:
        old = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except Exception:  # xlrd raises anything on what is no BIFF workbook
        return False
    if old.nsheets != len(book.worksheets):
        return False
    drawer = book.create_sheet()  # each look is made once; styles are dear to make, cheap to copy
    looks = [_sample(drawer.cell(n, 1), _look(old, xf)) for n, xf in enumerate(old.xf_list, 1)]
    numbers = [
        _sample(drawer.cell(n, 2), _look(old, xf), old.format_map[xf.format_key].format_str)
        for n, xf in enumerate(old.xf_list, 1)
    ]
    book.remove(drawer)
    for sheet, was in zip(book.worksheets, old.sheets(), strict=True):
        for column, info in was.colinfo_map.items():
            if column < was.ncols:
                sheet.column_dimensions[get_column_letter(column + 1)].width = info.width / 256
        for row, info in was.rowinfo_map.items():
            if row < was.nrows and info.height_mismatch:
                sheet.row_dimensions[row + 1].height = info.height / 20
        for row in range(was.nrows):
            for column in range(was.row_len(row)):
                cell: Any = sheet.cell(row + 1, column + 1)
                xf = was.cell_xf_index(row, column)
                number = cell.data_type in ("n", "d") and cell.value is not None
                cell._style = copy((numbers if number else looks)[xf])
    return True


def _sample(cell: Any, look: Mapping[str, Any], number_format: str = "@") -> Any:
    """The style of a cell with that look."""
    for name, value in look.items():
        setattr(cell, name, value)
    cell.number_format = number_format
    return cell._style


def _look(book: Any, xf: Any) -> dict[str, Any]:
    font, edge, fill = book.font_list[xf.font_index], xf.border, xf.background
    lines = {side: _LINES.get(getattr(edge, f"{side}_line_style")) for side in _SIDES}
    colour = book.colour_map.get(fill.pattern_colour_index) if fill.fill_pattern == 1 else None
    look: dict[str, Any] = {
        "font": Font(name=font.name, size=font.height / 20, bold=bool(font.bold), italic=bool(font.italic)),
        "alignment": Alignment(
            _ACROSS.get(xf.alignment.hor_align), _DOWN.get(xf.alignment.vert_align),
            wrap_text=bool(xf.alignment.text_wrapped),
        ),
        "border": _box(lines),
    }  # fmt: skip
    if colour:
        look["fill"] = PatternFill("solid", "{:02X}{:02X}{:02X}".format(*colour))
    return look


def _box(lines: Mapping[str, Any]) -> Border:
    sides = {side: Side(style) if style else Side() for side, style in lines.items()}
    return Border(sides["left"], sides["right"], sides["top"], sides["bottom"])
