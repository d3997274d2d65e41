"""What of a roster is hidden or struck out: it counts, and is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.model import Grid, Issue
from pipeline.programme import Programme
from pipeline.values import column_letters


def hidden(grid: Grid, rows: list[int], programme: Programme) -> list[Issue]:
    """A line for a hidden sheet, for hidden rows, for hidden columns, and for persons' rows with cells that
    their number format does not show."""
    blank = frozenset(row for row, _ in grid.blank) & set(rows)
    facts = [
        ("工作表", grid.hidden),
        (f"行（第 {_listed(grid.hidden_rows)} 行）", bool(grid.hidden_rows)),
        (
            f"列（{'、'.join(map(column_letters, sorted(grid.hidden_columns)[:8]))}）",
            bool(grid.hidden_columns),
        ),
        (f"内容（第 {_listed(blank)} 行，单元格的数字格式使它不显示）", bool(blank)),
    ]
    return [programme.issue("S04", what=what) for what, true in facts if true]


def struck_out(
    grid: Grid, rows: list[int], fields: Mapping[int, str], programme: Programme
) -> Iterator[Issue]:
    """A line for each person's row with text struck out: the whole row, or which cells of it."""
    by_row: dict[int, list[int]] = {}
    for row, column in sorted(grid.struck):
        by_row.setdefault(row, []).append(column)
    for row in sorted(by_row.keys() & set(rows)):
        filled = [c for _, c, _ in grid.lines(row, row) if c in fields]
        columns = [c for c in by_row[row] if c in fields]
        if columns:
            whole = len(columns) * 2 > len(filled)
            letters = list(map(column_letters, columns))
            what = f"第 {row} 行整行" if whole else f"第 {row} 行 {'、'.join(letters)} 列"
            yield programme.issue("S32", what=what).at(
                row=row, column=letters[0], field=fields[columns[0]]
            )


def _listed(rows: frozenset[int]) -> str:
    shown = "、".join(map(str, sorted(rows)[:8]))
    return f"{shown} 等 {len(rows)}" if len(rows) > 8 else shown
