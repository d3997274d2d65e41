"""Values as a library gives them -> texts and types as filed, one by one or a column at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

from pipeline.limits import Limits
from pipeline.model import Cell, Columns, Grid
from pipeline.office.unreadable import Unreadable

ERROR = "#错误"
NO_RESULT = "#公式没有结果"
LOST_DIGITS = 1e15  # from here on a number in binary no longer holds every digit
_LONGEST = 32_767  # characters a cell can hold in Excel
_HUGE = 1e21
_BEFORE_ALL = ("1899-12-30", "1899-12-31")  # the day of a time that is written as a moment
_BOX_FACTOR = 4  # a sheet is kept as columns where they hold no more than this many places a cell


def day_or_time(day: str | None, clock: str | None) -> Cell:
    """The cell of a moment as written: its day, or its time of day where the day is none or before all days."""
    if not day or day in _BEFORE_ALL:
        return Cell(clock or "00:00:00", "s")
    return Cell(day, "d")


def cell_of(value: object) -> Cell:
    """The cell of one value; an empty Cell for nothing."""
    if value is None or value == "":
        return Cell("", "")
    if isinstance(value, bool):
        return Cell("是" if value else "否", "b")
    if isinstance(value, (float, int)):
        return Cell(_number(value), "n")
    if isinstance(value, datetime):
        if value.year < 1900:  # a time of day under a format that shows a day
            return Cell(value.time().isoformat("seconds"), "s")
        return Cell(value.date().isoformat(), "d")
    if isinstance(value, date):
        return Cell(value.isoformat(), "d")
    if isinstance(value, time):
        return Cell(value.isoformat("seconds"), "s")
    if isinstance(value, timedelta):
        return Cell(_elapsed(value), "s")
    text = str(value)
    return Cell(_bounded(text), "s") if text.strip() else Cell("", "")


def column_of(values: Sequence[object]) -> tuple[list[str], list[str]]:
    """Texts and types of a column of values; each distinct value is looked at once."""
    kinds = set(map(type, values))
    if kinds == {str}:
        texts: Sequence[str] = values  # type: ignore[assignment]
        if max(map(len, texts)) <= _LONGEST and not any(map(str.isspace, texts)):
            blank = "" in texts
            return list(texts), ["s" if t else "" for t in texts] if blank else ["s"] * len(texts)
    if bool in kinds and kinds & {int, float}:  # True and 1 are one to a dictionary
        cells = [cell_of(v) for v in values]
        return [c.text for c in cells], [c.type for c in cells]
    known = {v: cell_of(v) for v in set(values)}
    found = [known[v] for v in values]
    return [text for text, _ in found], [kind for _, kind in found]


def packed(cells: Mapping[tuple[int, int], Cell]) -> Mapping[tuple[int, int], Cell]:
    """The cells kept column by column; as they are where they lie too far apart for that."""
    if not cells or isinstance(cells, Columns):
        return cells
    rows, columns = {r for r, _ in cells}, {c for _, c in cells}
    top, left = min(rows), min(columns)
    height, width = max(rows) - top + 1, max(columns) - left + 1
    if height * width > _BOX_FACTOR * len(cells) + 10_000:
        return cells
    texts = [[""] * height for _ in range(width)]
    types = [[""] * height for _ in range(width)]
    for (row, column), (text, kind) in cells.items():
        texts[column - left][row - top] = text
        types[column - left][row - top] = kind
    return Columns(top, left, texts, types)


def with_cells(
    cells: Mapping[tuple[int, int], Cell], more: Mapping[tuple[int, int], Cell]
) -> Mapping[tuple[int, int], Cell]:
    """The cells with others in their places."""
    if not isinstance(cells, Columns) or any(
        not (0 <= row - cells.row < cells.height and 0 <= column - cells.column < len(cells.texts))
        for row, column in more
    ):
        return packed({**cells, **more})
    texts, types = list(map(list, cells.texts)), list(map(list, cells.types))
    for (row, column), (text, kind) in more.items():
        texts[column - cells.column][row - cells.row] = text
        types[column - cells.column][row - cells.row] = kind
    return Columns(cells.row, cells.column, texts, types)


def columns_of(lines: Iterable[Sequence[str]]) -> Columns:
    """Lines of text, from the first row and column on, as columns."""
    columns = [column_of(texts) for texts in zip_longest(*lines, fillvalue="")]
    return Columns(1, 1, [texts for texts, _ in columns], [types for _, types in columns])


def exact_number(digits: str) -> str:
    """A number as its text writes it, every digit kept: 1.5E+17 -> 150000000000000000.

    >>> exact_number("110101199003078513"), exact_number("1.1010119900307E+17"), exact_number("1e-7")
    ('110101199003078513', '110101199003070000', '1e-07')
    """
    try:
        number = Decimal(digits.strip())
        if not number.is_finite():
            return ""
        if LOST_DIGITS <= abs(number) < _HUGE and number == number.to_integral_value():
            return str(int(number))
        return _number(float(number))
    except (InvalidOperation, ValueError, OverflowError):
        return digits


def _number(value: int | float) -> str:
    """3.0 -> 3; a long number is written out, with zeros for the digits that are lost in binary.

    >>> _number(2.2012219780305104e+17), _number(12.5), _number(float("nan"))
    ('220122197803051040', '12.5', '')
    """
    if -LOST_DIGITS < value < LOST_DIGITS:
        whole = int(value)
        return str(whole) if whole == value else repr(float(value))
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return ""
        if LOST_DIGITS <= abs(value) < _HUGE:
            return str(int(Decimal(repr(value))))
    if abs(value) < _HUGE and float(value).is_integer():
        return str(int(value))
    return repr(float(value))


def _elapsed(time_passed: timedelta) -> str:
    """Hours beyond a day go on counting, as Excel shows them: 36:00:00."""
    minutes, seconds = divmod(round(time_passed.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _bounded(text: str) -> str:
    """A text no longer than a cell can be, and saying so where it was; half characters mended."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…（原文 {len(text)} 字，以下略）"
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def bounded(cells: Collection[object], name: str, limits: Limits) -> None:
    """Raises Unreadable where a sheet holds more cells than may be read."""
    if len(cells) > limits.cells:
        raise too_many(name, limits)


def bounded_together(grids: Iterable[Grid], limits: Limits) -> None:
    """Raises Unreadable where the sheets read so far hold more cells than one file may."""
    if sum(len(grid.cells) for grid in grids) > limits.cells:
        raise Unreadable("F05", f"各工作表合计超过 {limits.cells} 个单元格")


def too_many(name: str, limits: Limits) -> Unreadable:
    """What is said of a sheet that holds more cells than may be read."""
    return Unreadable("F05", f"工作表“{name}”超过 {limits.cells} 个单元格")
