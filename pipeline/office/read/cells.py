"""A value as a library gives it -> text and type as filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from pipeline.limits import Limits
from pipeline.model import Cell
from pipeline.office.faults import Unreadable

ERROR = "#错误"
NO_RESULT = "#公式没有结果"


def cell_of(value: object) -> Cell:
    """The cell of one value; an empty Cell for nothing."""
    if value is None or value == "":
        return Cell("", "")
    if isinstance(value, bool):
        return Cell("是" if value else "否", "b")
    if isinstance(value, int | float):
        return Cell(_number(value), "n")
    if isinstance(value, datetime):
        return Cell(value.date().isoformat(), "d")
    if isinstance(value, date):
        return Cell(value.isoformat(), "d")
    if isinstance(value, time | timedelta):
        return Cell(str(value), "s")
    text = str(value)
    return Cell(text, "s") if text.strip() else Cell("", "")


def _number(value: int | float) -> str:
    """3.0 -> 3; what Excel holds of an 18-digit number is written out, so that its length shows."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(value)


def bounded(cells: Mapping[tuple[int, int], Cell], name: str, limits: Limits) -> None:
    """Raises Unreadable where a sheet holds more cells than may be read."""
    if len(cells) > limits.cells:
        raise Unreadable("F05", f"工作表“{name}”超过 {limits.cells} 个单元格")
